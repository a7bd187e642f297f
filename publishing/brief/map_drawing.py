"""The map of a brief as marks: areas in the colour of their class, or a region with its schools as dots."""

from collections.abc import Sequence
from math import hypot
from typing import Any

import numpy as np

from charts import map as maps
from charts import map_scale, outlines, palette, states
from charts.boundaries.reading import boundaries
from charts.map import Scale
from charts.outlines import Points
from charts.theme import Measure
from publishing.brief.drawing import COLOURS, FAINT, GREY, GROUND, INK, LETTER, ORANGE, SMALL, Picture
from publishing.brief.places import Mapped, Place

LEGEND = 11.0
HATCHES = 1.5  # millimetres between two lines
# An area of less than so many millimetres is drawn as a disc of this radius.
TOO_SMALL, DISC = 3.2, 2.7
WHITE = "#ffffff"

Shapes = dict[str, dict[str, Any]]


def draw(told: Mapped, width: float, height: float) -> Picture:
    """Return the map, with its legend below."""
    picture = Picture(width, height, told.alternative)
    found = boundaries(told.country)
    if found is None:
        return picture
    shapes = {feature["id"]: feature["geometry"] for feature in found.geojson["features"]}
    by_school = any(place.longitude is not None for place in told.places) or (told.chosen and not told.places)
    box = [shapes[told.chosen]] if by_school else list(shapes.values())
    frame = Frame(box, width, height - LEGEND)
    shapes = {code: frame.flat(shape) for code, shape in shapes.items()}
    scale = map_scale.classes([place.value for place in told.places if place.value])
    if by_school:
        _outline(picture, shapes[told.chosen], fill=WHITE, stroke=GREY, width=0.3)
        _schools(picture, told.places, frame, scale)
    else:
        _areas(picture, told, shapes, scale)
    _legend(picture, told, scale, height - LEGEND + 2, rings=bool(by_school))
    return picture


class Frame:
    """The way from longitudes and latitudes to millimetres: Albers' conic projection, which keeps sizes."""

    def __init__(self, shown: Sequence[dict[str, Any]], width: float, height: float) -> None:
        west, south, east, north = outlines.bounds(shown)
        third = (north - south) / 6
        self._middle = np.radians((west + east) / 2)
        first, second = np.radians(south + third), np.radians(north - third)
        self._n = (np.sin(first) + np.sin(second)) / 2 or 1e-9
        self._c = np.cos(first) ** 2 + 2 * self._n * np.sin(first)
        plane = np.concatenate([self._project(ring) for shape in shown for ring in outlines.rings(shape)])
        (left, low), (right, high) = plane.min(axis=0), plane.max(axis=0)
        margin = DISC
        self._size = min((width - 2 * margin) / (right - left), (height - 2 * margin) / (high - low))
        self._left = left - (width / self._size - (right - left)) / 2
        self._top = high + (height / self._size - (high - low)) / 2

    def place(self, points: Points) -> Points:
        """Return points in millimetres from the upper left corner."""
        plane = self._project(points)
        return np.column_stack([plane[:, 0] - self._left, self._top - plane[:, 1]]) * self._size

    def flat(self, shape: dict[str, Any]) -> dict[str, Any]:
        """Return an outline in millimetres, and the place for its name under `label`."""
        parts = [[self.place(ring) for ring in part] for part in outlines.polygons(shape)]
        label = self.place(np.array([outlines.label_point(shape)]))[0]
        return {"type": "MultiPolygon", "coordinates": parts, "label": (float(label[0]), float(label[1]))}

    def _project(self, points: Points) -> Points:
        turned = self._n * (np.radians(points[:, 0]) - self._middle)
        away = np.sqrt(np.maximum(self._c - 2 * self._n * np.sin(np.radians(points[:, 1])), 0)) / self._n
        return np.column_stack([away * np.sin(turned), -away * np.cos(turned)])


def _outline(picture: Picture, shape: dict[str, Any], **look: Any) -> None:
    picture.path([ring.tolist() for ring in outlines.rings(shape)], closed=True, **look)


def _areas(picture: Picture, told: Mapped, shapes: Shapes, scale: Scale) -> None:
    for shape in shapes.values():
        _outline(picture, shape, fill=GROUND, stroke=WHITE, width=0.25)
    shown = [place for place in told.places if place.code in shapes]
    small = [place for place in shown if _extent(shapes[place.code]) < TOO_SMALL]
    for place in shown:
        _fill(picture, place, shapes[place.code], scale)
    for code in [told.chosen] if told.chosen in shapes else []:
        _outline(picture, shapes[code], stroke=ORANGE, width=0.6)
    for place in small:
        x, y = shapes[place.code]["label"]
        picture.disc(x, y, DISC, fill=_colour(place, scale), stroke=WHITE, width=0.3)
        picture.disc(x, y, DISC, stroke=GREY, width=0.15)
    _labels(picture, [*small, *(place for place in shown if place not in small)], shapes, scale, told.numbers)


def _fill(picture: Picture, place: Place, shape: dict[str, Any], scale: Scale) -> None:
    _outline(picture, shape, fill=_colour(place, scale), stroke=WHITE, width=0.25)
    for down in () if place.value is not None else maps.HATCHED.get(place.state, maps.HATCHED["not_reported"]):
        x, y = outlines.hatching(shape, HATCHES, down=down)
        lines = [[(x[i], y[i]), (x[i + 1], y[i + 1])] for i in range(0, len(x), 3)]
        picture.path(lines, stroke=palette.MUTED, width=0.15)


def _colour(place: Place, scale: Scale) -> str:
    if place.value is None:
        return GROUND
    return ORANGE if place.value == 0 else COLOURS[scale.colours[scale.place(place.value)]]


def _labels(picture: Picture, ordered: Sequence[Place], shapes: Shapes, scale: Scale, measure: Measure) -> None:
    """Write each value where its area is; one that would run into another is left out."""
    taken: list[tuple[float, float]] = []
    for place in ordered:
        x, y = shapes[place.code]["label"]
        if place.value is None or any(abs(x - u) < 6 and abs(y - v) < 3 for u, v in taken):
            continue
        taken.append((x, y))
        strong = place.value == 0 or scale.is_strong(place.value)
        text = map_scale.short(place.value, measure)
        picture.write(text, x, y, colour=WHITE if strong else INK, across=0.5, most=2 * DISC + 1)


def _schools(picture: Picture, schools: Sequence[Place], frame: Frame, scale: Scale) -> None:
    if not schools:
        return
    points = frame.place(np.array([(school.longitude, school.latitude) for school in schools], dtype=float))
    radius = 1.1 if len(schools) <= 100 else 0.8 if len(schools) <= 500 else 0.5
    for school, (x, y) in sorted(zip(schools, points.tolist(), strict=True), key=lambda pair: pair[0].value or -1):
        if school.value is None:
            picture.disc(x, y, radius, fill=WHITE, stroke=GREY, width=0.25)
        else:
            picture.disc(x, y, radius, fill=_colour(school, scale), stroke=WHITE, width=0.12)


def _legend(picture: Picture, told: Mapped, scale: Scale, top: float, *, rings: bool) -> None:
    """Draw the classes with their edges, then zero and the states without a value that occur."""
    wide, high, x = 10.0, 2.6, 0.0
    if len({place.value for place in told.places if place.value}) > 1:
        for colour in scale.colours:
            picture.bar(x, top, wide, high, fill=COLOURS[colour], stroke=GREY, width=0.1)
            x += wide
        for number, edge in enumerate(scale.edges):
            across = 0 if number == 0 else 0.5
            picture.write(map_scale.edge(edge, scale, told.numbers), number * wide, top + high + 2, across=across)
        x += 7
    if any(place.value == 0 for place in told.places):
        picture.bar(x, top, 4, high, fill=ORANGE)
        x = _named(picture, map_scale.short(0.0, told.numbers), x + 5, top + high / 2)
    for state in sorted({place.state for place in told.places if place.value is None}):
        if rings:
            picture.disc(x + 2, top + high / 2, 1.1, fill=WHITE, stroke=GREY, width=0.25)
        else:
            _swatch(picture, state, x, top, high)
        x = _named(picture, states.in_words(state), x + 5, top + high / 2)


def _named(picture: Picture, text: str, x: float, y: float) -> float:
    picture.write(text, x, y)
    return x + len(text) * SMALL * LETTER + 3


def _swatch(picture: Picture, state: str, left: float, top: float, high: float) -> None:
    picture.bar(left, top, 4, high, fill=GROUND, stroke=FAINT, width=0.15)
    corners = [[(left, top), (left + 4, top), (left + 4, top + high), (left, top + high), (left, top)]]
    box = {"type": "Polygon", "coordinates": [np.array(ring) for ring in corners]}
    for down in maps.HATCHED.get(state, maps.HATCHED["not_reported"]):
        x, y = outlines.hatching(box, 0.9, down=down)
        picture.path([[(x[i], y[i]), (x[i + 1], y[i + 1])] for i in range(0, len(x), 3)],
                     stroke=palette.MUTED, width=0.15)  # fmt: skip


def _extent(shape: dict[str, Any]) -> float:
    """Return the shorter side of the box around the largest part, in millimetres."""
    largest = max((part[0] for part in shape["coordinates"]), key=lambda ring: abs(outlines.signed_area(ring)))
    (left, top), (right, bottom) = largest.min(axis=0), largest.max(axis=0)
    return min(float(right - left), float(bottom - top), hypot(right - left, bottom - top))
