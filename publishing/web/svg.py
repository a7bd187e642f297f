"""The pictures of `publishing.brief.drawing` as SVG inside a page: no script, letters that can be read out and copied.

A colour is a class, so that one drawing serves light and dark: `embed.css` says what it is in each.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from access.language import _
from charts.theme import Measure, ceiling
from publishing.brief import drawing
from publishing.brief.drawing import BLUE, FAINT, GREY, GROUND, INK, ORANGE, SMALL, Picture
from publishing.shown_figure import Shown

# Points of a letter's size in millimetres, and how far below the middle of a text its base line lies.
POINT, BASE_LINE = 0.3528, 0.35
CLASSES = {BLUE: "main", ORANGE: "second", INK: "ink", GREY: "quiet", FAINT: "faint", GROUND: "ground"}
DASHES = {"dotted": "0.3 0.9", "dashed": "1.6 1"}
ANCHORS = {0: "start", 0.5: "middle", 1: "end"}
# Letters of whatever the reader's device has may be this much wider than those of the brief.
LETTER = drawing.LETTER * 1.3
# Left of a picture there is room for what its letters need more.
MARGIN = 2.0
# A row of bars: its height, that of its bar, which part of the width its name takes, and room for the number. Where
# there is little room a name stands above its bar.
ROW, TALL_ROW, BAR, NAMES, NUMBERS = 5.0, 7.4, 3.0, 0.38, 13.0
LITTLE_ROOM = 80.0


def as_svg(picture: Picture, name: str) -> str:
    """Return the picture as an SVG element with the class `name`, as wide as its room."""
    marks = "".join(_mark(mark) for mark in picture.marks)
    return (
        f'<svg class="{name}" viewBox="{-MARGIN:g} 0 {picture.width + MARGIN:g} {picture.height:g}" role="img"'
        f' aria-label="{escape(picture.alternative)}">{marks}</svg>'
    )


def bars(rows: Sequence[tuple[str, Shown]], measure: Measure, width: float, alternative: str) -> Picture:
    """Return a bar from zero for each area; what has no value is hatched and says why."""
    above = width < LITTLE_ROOM
    row = TALL_ROW if above else ROW
    picture = Picture(width, row * len(rows), alternative)
    left, right = (0.0 if above else width * NAMES), width - NUMBERS
    highest = max([one.value or 0 for _name, one in rows], default=1)
    end = 100.0 if measure.percent and highest > 60 else ceiling(highest)
    for number, (name, one) in enumerate(rows):
        middle = (number + 1) * row - ROW / 2
        if above:
            picture.write(name, left, middle - ROW / 2 - 0.9, colour=INK, most=width)
        else:
            picture.write(name, left - 1.5, middle, across=1, colour=INK, most=left - 1.5)
        if one.value is None:
            drawing.hatched(picture, left, middle - BAR / 2, right - left, BAR)
            picture.write(one.text, (left + right) / 2, middle, across=0.5, halo=True)
            continue
        long = max((right - left) * min(one.value / end, 1), 0.3)
        picture.bar(left, middle - BAR / 2, long, BAR, fill=BLUE)
        picture.write(one.text, left + long + 1, middle, colour=INK, bold=True)
    picture.line((left, 0), (left, row * len(rows)), stroke=GREY, width=0.2)
    return picture


def told_bars(title: str, rows: Sequence[tuple[str, Shown]]) -> str:
    """Return in words what `bars` shows."""
    said = [_("{place}: {value}").format(place=name, value=one.text) for name, one in rows]
    return f"{title}. {'; '.join(said)}."


def _mark(mark: dict[str, Any]) -> str:
    if mark["kind"] == "text":
        return _text(mark)
    look = _look(mark)
    if mark["kind"] == "disc":
        return f'<circle cx="{mark["x"]:g}" cy="{mark["y"]:g}" r="{mark["radius"]:g}"{look}/>'
    end = "Z" if mark["closed"] else ""
    lines = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + end for ring in mark["rings"])
    return f'<path d="{lines}"{look}/>'


def _look(mark: dict[str, Any]) -> str:
    names = [f"f-{CLASSES.get(mark['fill'], 'quiet')}" if mark["fill"] else "f-none"]
    more = ""
    if mark["stroke"]:
        names.append(f"s-{CLASSES.get(mark['stroke'], 'quiet')}")
        more = f' stroke-width="{mark["width"]:g}"'
    if mark.get("dash"):
        more += f' stroke-dasharray="{DASHES[mark["dash"]]}"'
    return f' class="{" ".join(names)}"{more}'


def _text(mark: dict[str, Any]) -> str:
    points, most = float(mark["size"]), float(mark["most"])
    letters = len(mark["text"]) * LETTER
    squeezed = ""
    if most and letters * points > most:
        # A long name is set smaller, and where it could then no longer be read closer.
        points = max(most / letters, SMALL * 0.8)
        squeezed = f' textLength="{most:g}" lengthAdjust="spacingAndGlyphs"' if letters * points > most * 1.001 else ""
    size = points * POINT
    names = [f"f-{CLASSES.get(mark['colour'], 'quiet')}", *(name for name in ("bold", "halo") if mark[name])]
    return (
        f'<text x="{mark["x"]:g}" y="{mark["y"] + size * BASE_LINE:.2f}" font-size="{size:.2f}"'
        f' text-anchor="{ANCHORS[mark["across"]]}" class="{" ".join(names)}"{squeezed}>{escape(mark["text"])}</text>'
    )
