"""The pictures of a brief as marks in millimetres: paths and letters, which `page.typ` puts on the page.

Drawn by hand and not by Plotly: that needs a browser on the server for an image, and its letters would not be those of
the page. Nothing here knows a database; every number comes ready from `contents`. What has no value is hatched or an
open ring, and every mark that matters is labelled, so that a grey copy says the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any

from access.language import format_number, format_percent
from charts import palette
from charts.theme import ceiling
from publishing.brief.standing import Course, Point
from publishing.brief.steps import Funnel

COLOURS = palette.colours("light")
BLUE, ORANGE = COLOURS[palette.MAIN], COLOURS[palette.SECOND]
INK, GREY, FAINT, GROUND = "#1c2733", "#5c6670", "#d5dae0", "#f1f3f5"
SMALL, TEXT = 6.5, 7.5
# Letters of the page are so wide on average, in millimetres for each point of their size.
LETTER = 0.17
# Into how many round parts an axis is divided, by the first digits of its end (`charts.theme.ceiling`).
PARTS = {1.0: 5, 1.2: 4, 1.5: 3, 2.0: 4, 2.5: 5, 3.0: 3, 4.0: 4, 5.0: 5, 6.0: 3, 8.0: 4}
# So many periods are named below a course at most, with so many millimetres between two names at least.
MOST_NAMED, BETWEEN_NAMES = 4, 1.5
Point2 = tuple[float, float]


@dataclass
class Picture:
    """Marks on a ground of so many millimetres; `alternative` tells it to who cannot see it."""

    width: float
    height: float
    alternative: str = ""
    marks: list[dict[str, Any]] = field(default_factory=list)

    def path(self, rings: Iterable[Sequence[Point2]], *, fill: str = "", stroke: str = "", width: float = 0.2,
             dash: str = "", closed: bool = False) -> None:  # fmt: skip
        """Add lines, or with `closed` an area of one or more rings: an odd number of them is around what is inside."""
        rounded = [[(round(x, 2), round(y, 2)) for x, y in ring] for ring in rings]
        if rounded:
            self.marks.append({
                "kind": "path", "rings": rounded, "fill": fill, "stroke": stroke, "width": width, "dash": dash,
                "closed": closed,
            })  # fmt: skip

    def line(self, start: Point2, end: Point2, **look: Any) -> None:
        """Add one line."""
        self.path([[start, end]], **look)

    def bar(self, left: float, top: float, wide: float, high: float, **look: Any) -> None:
        """Add a rectangle."""
        corners = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
        self.path([corners], closed=True, **look)

    def disc(self, x: float, y: float, radius: float, *, fill: str = "", stroke: str = "", width: float = 0.2) -> None:
        """Add a disc, or without `fill` a ring."""
        self.marks.append({
            "kind": "disc", "x": round(x, 2), "y": round(y, 2), "radius": radius, "fill": fill, "stroke": stroke,
            "width": width,
        })  # fmt: skip

    def write(self, text: str, x: float, y: float, *, size: float = SMALL, colour: str = GREY, bold: bool = False,
              across: float = 0, halo: bool = False, most: float = 0) -> None:  # fmt: skip
        """Add a text whose middle line is at `y`, beginning at `x`; `across` 0.5 centres it there, 1 ends it there.

        `halo` keeps what is behind it away; it is set smaller where it would be wider than `most`.
        """
        if text:
            self.marks.append({
                "kind": "text", "text": text, "x": round(x, 2), "y": round(y, 2), "size": size, "colour": colour,
                "bold": bold, "across": across, "halo": halo, "most": most,
            })  # fmt: skip


def hatched(picture: Picture, left: float, top: float, wide: float, high: float) -> None:
    """Hatch a rectangle: there is no value."""
    picture.bar(left, top, wide, high, fill=GROUND)
    lines, step = [], 1.4
    start = left - high
    while start < left + wide:
        ends = [(max(start, left), top + high - max(left - start, 0)),
                (min(start + high, left + wide), top + max(start + high - left - wide, 0))]  # fmt: skip
        lines.append(ends)
        start += step
    picture.path(lines, stroke=palette.MUTED, width=0.12)


def course(told: Course, width: float, height: float, letter: float = LETTER) -> Picture:
    """Return the measure over time: a line with its gaps open and hatched, its target and baseline, its last value.

    `letter` is how wide letters are where it is shown (see LETTER): no two texts of the axis may touch.
    """
    picture = Picture(width, height, told.alternative)
    top, bottom, right = 5.0, height - 8.0, width - 15.0
    levels = [level.value for level in (told.target, told.baseline) if level is not None]
    highest = max([*(point.value for point in told.points if point.value is not None), *levels], default=1.0)
    end = 100.0 if told.percent and highest > 60 else ceiling(highest)
    parts = PARTS.get(round(end / 10 ** floor(log10(end)), 1), 4)
    ticks = [end * part / parts for part in range(parts + 1)]
    written = [_tick(value, told, end) for value in ticks]
    left = 2.0 + max(len(text) for text in written) * SMALL * letter

    def down(value: float) -> float:
        return bottom - (bottom - top) * value / end

    def over(index: float) -> float:
        return left + 2 + (right - left - 4) * (index / max(len(told.points) - 1, 1))

    _gaps(picture, told.points, over, (top, bottom), letter)
    for value, text in zip(ticks, written, strict=True):
        picture.line((left, down(value)), (right, down(value)), stroke=FAINT, width=0.15 if value else 0.3)
        picture.write(text, left - 1, down(value), across=1)
    if told.baseline is not None:
        y = down(told.baseline.value)
        picture.line((left, y), (right, y), stroke=GREY, width=0.35, dash="dotted")
    if told.target is not None:
        y = down(told.target.value)
        picture.line((left, y), (right, y), stroke=ORANGE, width=0.35, dash="dashed")
        picture.write(told.target.text, left + 1, y - 1.9, colour=ORANGE, halo=True, most=right - left)
    _line(picture, told.points, over, down)
    _periods(picture, told.points, over, bottom, letter)
    return picture


def _tick(value: float, told: Course, end: float) -> str:
    if told.percent:
        return format_percent(value / 100, 0 if end >= 4 else 1)
    return format_number(value, 0 if end >= 4 else max(told.decimals, 1))


def _gaps(picture: Picture, points: Sequence[Point], over: Any, down: Point2, letter: float) -> None:
    """Hatch the periods without a value, from `down` to `down`, and say in the middle of each stretch why so."""
    top, bottom = down
    half = (over(1) - over(0)) / 2 if len(points) > 1 else 2.0
    index, free = 0, 0.0
    while index < len(points):
        stop = index
        while stop < len(points) and points[stop].value is None and points[stop].why == points[index].why:
            stop += 1
        if stop == index:
            index += 1
            continue
        # Not over the numbers of the axis, nor beyond where the line can end.
        left, end = max(over(index) - half, over(0) - 2), min(over(stop - 1) + half, over(len(points) - 1) + 2)
        wide = end - left
        hatched(picture, left, top, wide, bottom - top)
        room = len(points[index].text) * SMALL * letter / 2
        # Longer words than their stretch stand in the picture, not over the axis.
        middle = max(left + wide / 2, over(0) - 2 + room)
        if middle - room >= free:
            picture.write(points[index].text, middle, top + 2.5, across=0.5, halo=True)
            free = middle + room + 1
        index = stop


def _line(picture: Picture, points: Sequence[Point], over: Any, down: Any) -> None:
    """Draw the line, broken where there is no value, a dot a period, and write the last value beside its dot."""
    places = [(over(index), down(point.value)) if point.value is not None else None
              for index, point in enumerate(points)]  # fmt: skip
    stretch: list[Point2] = []
    for place in [*places, None]:
        if place is not None:
            stretch.append(place)
        elif stretch:
            if len(stretch) > 1:
                picture.path([stretch], stroke=BLUE, width=0.6)
            stretch = []
    for place in places:
        if place is not None:
            picture.disc(*place, 0.55, fill=BLUE)
    known = [index for index, place in enumerate(places) if place is not None]
    if known and (last := places[known[-1]]) is not None:
        picture.disc(*last, 0.95, fill=BLUE)
        picture.write(points[known[-1]].text, last[0] + 1.8, last[1], size=8, colour=BLUE, bold=True, halo=True)


def _periods(picture: Picture, points: Sequence[Point], over: Any, bottom: float, letter: float) -> None:
    """Name the last period and every so many before it: as many as stand apart, at most MOST_NAMED."""
    widest = max((len(point.period) for point in points), default=0) * SMALL * letter
    apart = over(1) - over(0) if len(points) > 1 else widest
    step = max(-(-len(points) // MOST_NAMED), ceil((widest + BETWEEN_NAMES) / max(apart, 0.01)), 1)
    for index in range(len(points) - 1, -1, -step):
        x, half = over(index), len(points[index].period) * SMALL * letter / 2
        picture.line((x, bottom), (x, bottom + 1), stroke=GREY, width=0.2)
        # Near the left edge there is no room for half of a name: it is moved in, where it does not reach the next.
        middle = max(x, half)
        if index + step >= len(points) or middle + half + BETWEEN_NAMES <= over(index + step) - widest / 2:
            picture.write(points[index].period, middle, bottom + 3, across=0.5)


def funnel(told: Funnel, width: float) -> Picture:
    """Return a bar from zero for each step, its name and number above it, and what lies between two of them."""
    step, bar = 13.5, 4.2
    picture = Picture(width, step * max(len(told.steps), 1) - 3.5, told.alternative)
    end = max([one.value for one in told.steps if one.value is not None], default=1.0) or 1.0
    for number, one in enumerate(told.steps):
        top = number * step
        picture.write(one.name, 0, top + 1.8, size=TEXT, colour=INK, most=width - 20)
        picture.write(one.text, width, top + 1.8, size=TEXT, colour=INK, bold=True, across=1)
        picture.bar(0, top + 4, width, bar, fill=GROUND)
        if one.value is None:
            hatched(picture, 0, top + 4, width, bar)
        else:
            picture.bar(0, top + 4, max(width * one.value / end, 0.3), bar, fill=BLUE)
        if one.way:
            picture.write(one.way, width, top - 1.7, across=1, colour=ORANGE if one.is_part else GREY, most=width)
    return picture
