"""Areas on a map, and schools as points. Unknown is hatched and never looks like a little; zero has its own colour.

The outlines come with the call: no tile, no outline and no letter is asked from another host.
"""

from html import escape
from math import cos, radians
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_number, ngettext
from charts import bars, outlines, palette, states
from charts.map_legend import Swatch, legend
from charts.map_scale import Scale, classes, edge, short
from charts.theme import SMALL, Caption, Measure, annotate, base_of, blank

# The map is as high as it is wide on a screen between a phone's and a desk's; within these limits.
WIDTH, LOWEST, HIGHEST = 560, 230, 460
# What is smaller than this share of the map is drawn as a disc in its place, large enough to be hit and read.
SMALL_SHARE, DISC, LETTERS_IN_A_DISC = 0.035, 27, 5
# The room of a value on a phone, as shares of the map's width and height.
LABEL_WIDE, LABEL_HIGH = 0.065, 0.07
HATCHES = 85  # lines across a map
ZERO_STRENGTH = 0.5
# How the states without a value are hatched: which ways the lines run.
HATCHED: dict[str, tuple[bool, ...]] = {
    "not_reported": (False,), "suppressed": (False, True), "not_applicable": (True,), "not_released": (True,),
    states.NOT_EXPECTED: (),
}  # fmt: skip
MOST_POINTS = 8_000


def areas(
    frame: pd.DataFrame,
    geojson: dict[str, Any],
    measure: Measure,
    caption: Caption,
    *,
    selected: str | None = None,
    names: str = "name",
    codes: str = "area_code",
) -> go.Figure:
    """Return the areas of a frame of figures, each in the colour of its value's class and with its value on it.

    `geojson` holds their outlines by code (`charts.boundaries`). `customdata` of an area is its code. An area that is
    too small to be seen is a disc. Areas without an outline are named under the map.
    """
    shapes = {feature["id"]: feature["geometry"] for feature in geojson["features"]}
    shown = states.as_drawn(frame[frame[codes].isin(list(shapes))].reset_index(drop=True))
    shown = shown.assign(told=_told(shown, measure, names), code=shown[codes])
    box = outlines.bounds(shapes.values())
    figure = _ground(box)
    scale = _scale(shown)
    small = SMALL_SHARE * (box[2] - box[0]) * cos(radians((box[1] + box[3]) / 2))
    is_small = pd.Series([outlines.extent(shapes[code]) < small for code in shown["code"]], dtype=bool)
    valued = (shown["state"] == states.REPORTED) & (shown["value"] != 0)
    zero = (shown["state"] == states.REPORTED) & (shown["value"] == 0)
    _outline_the_rest(figure, geojson, [code for code in shapes if code not in set(shown["code"])])
    _fill(figure, geojson, shown[valued], scale.steps, [scale.place(one) for one in shown["value"][valued]], scale)
    _fill(figure, geojson, shown[zero], [[0, palette.SECOND], [1, palette.SECOND]], [0.0] * int(zero.sum()), None)
    for state, rows in shown[~valued & ~zero].groupby("state", sort=True):
        _fill(figure, geojson, rows, [[0, palette.FAINT], [1, palette.FAINT]], [0.0] * len(rows), None)
        _hatch(figure, [shapes[code] for code in rows["code"]], str(state), (box[2] - box[0]) / HATCHES)
    if selected in shapes:
        _frame_of(figure, shapes[selected])
    _discs(figure, shown[is_small], shapes, scale)
    _values(figure, shown, shapes, scale, measure, is_small)
    below = legend(figure, _swatches(shown, scale, measure), measure)
    missing = sorted(str(name) for name in frame[names][~frame[codes].isin(list(shapes))])
    if missing:
        _say(figure, _("Not on this map: {areas}").format(areas=", ".join(missing)), below)
    return annotate(figure, caption, below=below + (16 if missing else 0))


def schools(
    frame: pd.DataFrame,
    geojson: dict[str, Any],
    measure: Measure,
    caption: Caption,
    *,
    area: str | None = None,
    names: str = "name",
    codes: str = "school_code",
) -> go.Figure:
    """Return schools as points in the colour of their value's class, those without a value as open rings.

    `frame` has `latitude` and `longitude` beside the columns of figures. With `area` the map shows that area alone or,
    where it has no outline, as much as its schools cover.
    `customdata` of a point is its school's code. At most MOST_POINTS are drawn; the picture says how many are not.
    """
    shapes = {feature["id"]: feature["geometry"] for feature in geojson["features"]}
    placed = frame[frame["latitude"].notna() & frame["longitude"].notna()].head(MOST_POINTS).reset_index(drop=True)
    if area in shapes:
        box = outlines.bounds([shapes[area]])
    else:
        box = outlines.bounds(shapes.values()) if area is None or placed.empty else _around(placed)
    figure = _ground(box)
    _outline_the_rest(figure, geojson, [area] if area in shapes else list(shapes))
    placed = placed.assign(told=_told(placed, measure, names), code=placed[codes])
    scale = _scale(placed)
    size = 9 if len(placed) <= 1_000 else 6 if len(placed) <= 3_000 else 4
    valued = (placed["state"] == states.REPORTED) & (placed["value"] != 0)
    zero = (placed["state"] == states.REPORTED) & (placed["value"] == 0)
    _points(figure, placed[~valued & ~zero], {"symbol": "circle-open", "color": palette.MUTED, "size": size})
    colours = [scale.colours[scale.place(value)] for value in placed["value"][valued]]
    # A ring around each, so that the palest stand out from the ground too.
    ring = {"width": 0.6, "color": palette.MUTED}
    _points(figure, placed[valued], {"color": colours, "size": size, "line": ring})
    _points(figure, placed[zero], {"color": palette.SECOND, "symbol": "diamond", "size": size + 1})
    below = legend(figure, _swatches(placed, scale, measure, points=True), measure)
    left_out = len(frame) - len(placed)
    if left_out:
        text = ngettext("{count} school is not on the map", "{count} schools are not on the map", left_out)
        _say(figure, text.format(count=format_number(left_out)), below)
    return annotate(figure, caption, below=below + (16 if left_out else 0))


def alt_text(frame: pd.DataFrame, measure: Measure, *, names: str = "name") -> str:
    """Return what the map shows: how many places, the highest and lowest, how many are zero, which have no value."""
    zero = frame[(frame["state"] == states.REPORTED) & (frame["value"] == 0)]
    words = [_("A map."), bars.alt_text(frame, measure, names=names)]
    if not zero.empty:
        words.append(_("Zero: {places}.").format(places=", ".join(sorted(str(name) for name in zero[names]))))
    return " ".join(words)


def schools_alt_text(frame: pd.DataFrame, measure: Measure) -> str:
    """Return what the points show: how many schools, their middle value, how many at zero and without a value."""
    reported = frame["value"][frame["state"] == states.REPORTED]
    count = len(frame)
    text = ngettext("A map of {count} school.", "A map of {count} schools.", count)
    words = [text.format(count=format_number(count))]
    if len(reported):
        text = _("{measure}: half of those that reported are at {middle} or above; {zero} are at zero.")
        words.append(
            text.format(
                measure=measure.name, middle=measure.write(float(reported.median())), zero=int((reported == 0).sum())
            )
        )
    for state, rows in frame[frame["state"] != states.REPORTED].groupby("state", sort=True):
        words.append(f"{states.in_words(str(state)).capitalize()}: {format_number(len(rows))}.")
    return " ".join(words)


def _scale(shown: pd.DataFrame) -> Scale:
    valued = shown["value"][(shown["state"] == states.REPORTED) & (shown["value"] != 0)]
    return classes([float(value) for value in valued])


def _ground(box: tuple[float, float, float, float]) -> go.Figure:
    """Return an empty map of a box of longitudes and latitudes, in a projection that keeps sizes."""
    west, south, east, north = box
    room_x, room_y = (east - west) * 0.02, (north - south) * 0.03
    middle = (south + north) / 2
    high = WIDTH * (north - south) / max((east - west) * cos(radians(middle)), 1e-6)
    figure = blank(round(min(max(high, LOWEST), HIGHEST)))
    third = (north - south) / 6
    figure.update_geos(
        visible=False,
        projection={
            "type": "conic equal area", "rotation": {"lon": (west + east) / 2},
            "parallels": [middle - third, middle + third],
        },
        center={"lon": (west + east) / 2, "lat": middle},
        lonaxis_range=[west - room_x, east + room_x], lataxis_range=[south - room_y, north + room_y],
        bgcolor=palette.NOTHING,
    )  # fmt: skip
    figure.update_layout(margin={"l": 0, "r": 0, "t": 4}, hovermode="closest", dragmode=False)
    return figure


def _around(placed: pd.DataFrame) -> tuple[float, float, float, float]:
    """Return a box around schools, at least as large as a town."""
    across, up = placed["longitude"], placed["latitude"]
    x, y = (across.min() + across.max()) / 2, (up.min() + up.max()) / 2
    wide, high = (max((values.max() - values.min()) * 0.55, 0.15) for values in (across, up))
    return float(x - wide), float(y - high), float(x + wide), float(y + high)


def _fill(
    figure: go.Figure, geojson: dict[str, Any], rows: pd.DataFrame, steps: list[Any], z: list[float],
    scale: Scale | None,
) -> None:  # fmt: skip
    if rows.empty:
        return
    figure.add_choropleth(
        geojson=_only(geojson, rows["code"]), locations=list(rows["code"]), z=[value + 0.5 for value in z], zmin=0,
        zmax=len(scale.colours) if scale else 1, colorscale=steps, showscale=False,
        marker={
            "line": {"width": 0.8, "color": palette.MUTED},
            "opacity": ZERO_STRENGTH if scale is None and steps[0][1] == palette.SECOND else 1,
        },
        customdata=[[code] for code in rows["code"]], hovertext=list(rows["told"]), hoverinfo="text",
    )  # fmt: skip


def _only(geojson: dict[str, Any], codes: Any) -> dict[str, Any]:
    """Return the outlines of these areas, and nothing else that would travel to the browser."""
    wanted = set(codes)
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": feature["id"], "properties": {}, "geometry": feature["geometry"]}
            for feature in geojson["features"]
            if feature["id"] in wanted
        ],
    }


def _outline_the_rest(figure: go.Figure, geojson: dict[str, Any], codes: list[str | None]) -> None:
    """Draw the outlines of areas of which nothing is said, as ground."""
    longitudes: list[float] = []
    latitudes: list[float] = []
    for feature in geojson["features"]:
        if feature["id"] in codes:
            for ring in outlines.rings(feature["geometry"]):
                longitudes += [*ring[:, 0].tolist(), float("nan")]
                latitudes += [*ring[:, 1].tolist(), float("nan")]
    if longitudes:
        _lines(figure, longitudes, latitudes, {"width": 0.8, "color": palette.MUTED})


def _hatch(figure: go.Figure, geometries: list[dict[str, Any]], state: str, distance: float) -> None:
    for down in HATCHED.get(state, HATCHED["not_reported"]):
        longitudes: list[float] = []
        latitudes: list[float] = []
        for geometry in geometries:
            more = outlines.hatching(geometry, distance, down=down)
            longitudes += more[0]
            latitudes += more[1]
        _lines(figure, longitudes, latitudes, {"width": 1, "color": palette.HATCH})


def _lines(figure: go.Figure, longitudes: list[float], latitudes: list[float], line: dict[str, Any]) -> None:
    figure.add_scattergeo(
        lon=[round(one, 3) for one in longitudes], lat=[round(one, 3) for one in latitudes], mode="lines", line=line,
        hoverinfo="skip",
    )  # fmt: skip


def _frame_of(figure: go.Figure, geometry: dict[str, Any]) -> None:
    """Draw a strong outline around the area that is chosen."""
    for ring in outlines.rings(geometry):
        _lines(figure, ring[:, 0].tolist(), ring[:, 1].tolist(), {"width": 3, "color": palette.SECOND})


def _discs(figure: go.Figure, rows: pd.DataFrame, shapes: dict[str, Any], scale: Scale) -> None:
    """Draw areas that are too small to be seen as discs in the colour that they would have."""
    for state, group in rows.groupby("state", sort=True):
        colours = [_colour(value, str(state), scale) for value in group["value"]]
        symbol = {"suppressed": "circle-x", states.REPORTED: "circle", states.NOT_EXPECTED: "circle"}.get(
            str(state), "circle-cross"
        )
        _points(
            figure, group, {"color": colours, "size": DISC, "symbol": symbol,
                            "line": {"width": 1.2, "color": palette.MUTED}}, shapes,
        )  # fmt: skip


def _colour(value: float, state: str, scale: Scale) -> str:
    if state != states.REPORTED:
        return palette.FAINT
    return palette.SECOND if value == 0 else scale.colours[scale.place(value)]


def _points(
    figure: go.Figure, rows: pd.DataFrame, marker: dict[str, Any], shapes: dict[str, Any] | None = None
) -> None:
    """Draw points at their coordinates or, given outlines, inside them."""
    if rows.empty:
        return
    if shapes is None:
        where = list(zip(rows["longitude"], rows["latitude"], strict=True))
    else:
        where = [outlines.label_point(shapes[code]) for code in rows["code"]]
    figure.add_scattergeo(
        lon=[round(float(longitude), 4) for longitude, _latitude in where],
        lat=[round(float(latitude), 4) for _longitude, latitude in where],
        mode="markers", marker=marker, customdata=[[code] for code in rows["code"]], hovertext=list(rows["told"]),
        hoverinfo="text",
    )  # fmt: skip


def _values(
    figure: go.Figure, shown: pd.DataFrame, shapes: dict[str, Any], scale: Scale, measure: Measure, is_small: pd.Series
) -> None:
    """Write every value where its area is, in the ground's colour where the area's is strong.

    A value that would run into another on a phone is left out: a touch tells it, and so does the table.
    """
    groups: dict[str, list[tuple[float, float, str]]] = {}
    west, south, east, north = outlines.bounds(shapes.values())
    discs = [outlines.label_point(shapes[code]) for code in shown["code"][is_small]]
    taken: list[tuple[float, float]] = []
    # Discs first: they stand where they stand, others can move.
    for row, in_disc in sorted(zip(shown.to_dict("records"), is_small, strict=True), key=lambda pair: not pair[1]):
        place = outlines.label_point(shapes[row["code"]], () if in_disc else discs)
        text = short(row["value"], measure) if row["state"] == states.REPORTED else ""
        near = any(
            abs(x - place[0]) < (east - west) * LABEL_WIDE and abs(y - place[1]) < (north - south) * LABEL_HIGH
            for x, y in taken
        )
        if in_disc or text:
            taken.append(place)
        if not text or near or (in_disc and len(text) > LETTERS_IN_A_DISC):
            continue
        strong = row["value"] != 0 and scale.is_strong(row["value"])
        colour = palette.SEQUENTIAL[0] if strong else palette.SEQUENTIAL[9]
        groups.setdefault(colour, []).append((*place, text))
    for colour, texts in groups.items():
        figure.add_scattergeo(
            lon=[round(longitude, 3) for longitude, _latitude, _text in texts],
            lat=[round(latitude, 3) for _longitude, latitude, _text in texts],
            text=[text for _longitude, _latitude, text in texts], mode="text", hoverinfo="skip",
            textfont={"size": SMALL, "color": colour},
        )  # fmt: skip


def _told(shown: pd.DataFrame, measure: Measure, names: str) -> list[str]:
    return [
        f"<b>{escape(str(row[names]))}</b><br>{escape(states.written(row['value'], row['state'], measure))}"
        f"<br>{escape(base)}"
        for row, base in zip(shown.to_dict("records"), base_of(shown), strict=True)
    ]


def _swatches(shown: pd.DataFrame, scale: Scale, measure: Measure, *, points: bool = False) -> list[Swatch]:
    """Return what the legend has: zero where there is one, the classes, and the states without a value that occur."""
    reported = shown["state"] == states.REPORTED
    found = []
    if (reported & (shown["value"] == 0)).any():
        strength = 1 if points else ZERO_STRENGTH
        found.append(Swatch(colour=palette.SECOND, strength=strength, text=short(0.0, measure)))
    if (reported & (shown["value"] != 0)).any():
        found += [
            Swatch(colour=colour, start=edge(start, scale, measure), end=edge(end, scale, measure))
            for colour, start, end in zip(scale.colours, scale.edges[:-1], scale.edges[1:], strict=True)
        ]
    for state in sorted(set(shown["state"][~reported])):
        ways = HATCHED.get(state, HATCHED["not_reported"])
        hatched = () if points else ways
        found.append(Swatch(colour=palette.FAINT, hatched=hatched, ring=points, text=states.in_words(state)))
    return found


def _say(figure: go.Figure, text: str, below: int) -> None:
    figure.add_annotation(
        text=escape(text), x=0, xref="paper", xanchor="left", y=0, yref="paper", yanchor="top", yshift=-below,
        showarrow=False, font={"size": SMALL, "color": palette.QUIET},
    )  # fmt: skip
