import math
from typing import Any

import numpy as np
import pytest

from charts import map as maps
from charts import map_scale, outlines, palette
from charts.theme import Caption, Measure
from tests.charts.frames import Told, figures, notes

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)
# Four squares beside each other, and a city far too small to be seen.
SIZES = {"A": (0, 10), "B": (10, 10), "C": (20, 10), "D": (30, 10), "CITY": (45, 0.1)}


def square(west: float, size: float) -> dict[str, Any]:
    east, north = west + size, 40 + size
    ring = [[west, 40], [west, north], [east, north], [east, 40], [west, 40]]
    return {"type": "Polygon", "coordinates": [ring]}


GEOJSON = {
    "type": "FeatureCollection",
    "features": [{"type": "Feature", "id": code, "geometry": square(*where)} for code, where in SIZES.items()],
}


def areas(**told: Told) -> Any:
    return figures(list(told.values()), name=[f"Area {code}" for code in told], area_code=list(told))


def drawn(figure: Any, kind: str) -> list[Any]:
    return [trace for trace in figure.data if trace.type == kind]


def written(figure: Any) -> list[str]:
    return [text for trace in drawn(figure, "scattergeo") if trace.mode == "text" for text in trace.text]


def test_every_state_is_told_apart_and_unknown_is_hatched():
    figure = maps.areas(areas(A=40.0, B=0.0, C="not_reported", D="suppressed"), GEOJSON, RATE, CAPTION)
    by_area = {trace.locations[0]: trace for trace in drawn(figure, "choropleth")}
    grounds = {code: trace.colorscale[0][1] for code, trace in by_area.items()}
    assert grounds["A"] in palette.SEQUENTIAL
    assert grounds["B"] == palette.SECOND, "zero has a colour of its own"
    assert grounds["C"] == grounds["D"] == palette.FAINT
    hatched = [trace for trace in drawn(figure, "scattergeo") if trace.line.color == palette.HATCH]
    # One way for what was not reported, both for what is withheld.
    assert sorted(min(trace.lon) >= 29.9 for trace in hatched) == [False, True, True]


def test_hatching_stays_inside_its_area():
    longitudes, latitudes = outlines.hatching(square(20, 10), 0.5)
    points = np.array([pair for pair in zip(longitudes, latitudes, strict=True) if not math.isnan(pair[0])])
    assert len(points) > 20
    assert points.min(axis=0).round(6).tolist() >= [20, 40] and points.max(axis=0).round(6).tolist() <= [30, 50]


def test_an_area_opens_by_its_code_and_tells_its_base():
    trace = drawn(maps.areas(areas(A=40.0), GEOJSON, RATE, CAPTION), "choropleth")[0]
    assert list(trace.customdata[0]) == ["A"]
    assert trace.hovertext[0] == "<b>Area A</b><br>40.0%<br>8 of 10 schools"


def test_a_city_too_small_to_be_seen_is_a_disc_that_opens_it():
    figure = maps.areas(areas(A=10.0, CITY=50.0), GEOJSON, RATE, CAPTION)
    disc = next(trace for trace in drawn(figure, "scattergeo") if trace.mode == "markers")
    assert list(disc.customdata[0]) == ["CITY"] and disc.marker.size >= 24
    assert 45 < disc.lon[0] < 45.1


def test_values_stand_on_their_areas_and_missing_ones_have_none():
    assert sorted(written(maps.areas(areas(A=40.4, B=0.0, C="not_reported"), GEOJSON, RATE, CAPTION))) == ["0%", "40%"]
    assert written(maps.areas(areas(A=12_345.0), GEOJSON, Measure("Messages"), CAPTION)) == ["12.3K"]


def test_the_legend_has_the_classes_zero_and_the_states_that_occur():
    figure = maps.areas(areas(A=12.0, B=0.0, C="not_reported", D=88.0), GEOJSON, RATE, CAPTION)
    notes = [note.text for note in figure.layout.annotations]
    for text in ("<b>Teacher activation, %</b>", "0%", "20%", "100%", "not reported"):
        assert text in notes
    assert "withheld" not in notes


def test_a_legend_says_a_unit_only_where_the_name_does_not_say_what_is_counted():
    headings = {"licences": "<b>Licences allocated</b>", "points": "<b>Licences allocated, points</b>"}
    for unit, heading in headings.items():
        figure = maps.areas(areas(A=12.0), GEOJSON, Measure("Licences allocated", unit), CAPTION)
        assert heading in [note.text for note in figure.layout.annotations]


def test_what_has_no_outline_is_named_under_the_map():
    figure = maps.areas(areas(A=1.0, NEW=2.0), GEOJSON, RATE, CAPTION)
    assert "Not on this map: Area NEW" in [note.text for note in figure.layout.annotations]


def test_names_from_outside_are_shown_and_not_run():
    frame = areas(A=1.0).assign(name="<script>")
    assert "<script>" not in maps.areas(frame, GEOJSON, RATE, CAPTION).to_json()


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([12.0, 88.0], (0, 20, 40, 60, 80, 100)),
        ([41.0, 44.9], (40, 42, 44, 46)),
        ([7.0], (7.0, 7.2)),
        ([0.3, 0.9], (0.2, 0.4, 0.6, 0.8, 1.0)),
        ([], (0, 1)),
    ],
)
def test_classes_have_round_edges_and_hold_every_value(values: list[float], edges: tuple[float, ...]):
    scale = map_scale.classes(values)
    assert scale.edges == pytest.approx(edges)
    assert len(scale.colours) == len(scale.edges) - 1 <= 5
    for value in values:
        place = scale.place(value)
        assert scale.edges[place] <= value <= scale.edges[place + 1]


def test_schools_are_points_that_open_them_and_unknown_ones_are_open_rings():
    frame = figures([50.0, 0.0, "not_reported", 20.0], name=list("abcd"), school_code=["001", "002", "003", "004"])
    frame["latitude"], frame["longitude"] = [45.0, 45, 45, float("nan")], [5.0, 6, 7, 8]
    figure = maps.schools(frame, GEOJSON, RATE, CAPTION)
    points = {trace.customdata[0][0]: trace for trace in drawn(figure, "scattergeo") if trace.mode == "markers"}
    assert set(points) == {"001", "002", "003"}
    assert points["003"].marker.symbol == "circle-open"
    assert points["002"].marker.color == palette.SECOND
    assert "1 school is not on the map" in [note.text for note in figure.layout.annotations]
    words = maps.schools_alt_text(frame, RATE)
    assert "A map of 4 schools." in words and "1 are at zero" in words and "Not reported: 1." in words


def test_eight_thousand_schools_stay_small_on_the_wire():
    count = 8_000
    frame = figures([1.5] * count, name=["School"] * count, school_code=[str(number) for number in range(count)])
    frame["latitude"] = np.linspace(40, 50, count)
    frame["longitude"] = np.linspace(0, 40, count)
    assert len(maps.schools(frame, GEOJSON, RATE, CAPTION).to_json()) < 1_500_000


def test_the_words_say_what_the_map_shows():
    words = maps.alt_text(areas(A=40.0, B=0.0, C="not_reported"), RATE)
    assert words.startswith("A map. Teacher activation in 3 places. Highest: Area A 40.0%.")
    assert "Zero: Area B." in words and "Not reported: Area C." in words


@pytest.mark.parametrize("told", [{}, {"A": "not_reported"}, {"CITY": "suppressed"}])
def test_nothing_reported_is_drawn_without_failing(told: dict[str, Told]):
    assert maps.areas(areas(**told), GEOJSON, RATE, CAPTION).layout.height
    assert maps.alt_text(areas(**told), RATE)


def test_a_name_keeps_clear_of_the_edge_and_of_what_stands_there():
    assert outlines.label_point(square(0, 10)) == pytest.approx((5, 45), abs=1.5)
    west = outlines.label_point(square(0, 10), [(8.0, 45.0)])[0]
    assert 1 < west < 5


def test_of_whom_nothing_is_expected_is_plain_ground_and_not_hatched_like_a_missing_report():
    frame = areas(A=10.0, B="not_reported")
    frame.loc[frame["area_code"] == "B", "schools_expected"] = 0
    figure = maps.areas(frame, GEOJSON, RATE, CAPTION)
    hatched = maps.areas(areas(A=10.0, B="not_reported"), GEOJSON, RATE, CAPTION)
    assert len(drawn(hatched, "scattergeo")) == len(drawn(figure, "scattergeo")) + 1
    assert "not expected to report" in notes(figure) and "not reported" not in notes(figure)
