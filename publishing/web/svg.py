"""The pictures of `publishing.brief.drawing` as SVG inside a page: no script, letters that can be read out and copied.

A colour is a class, so that one drawing serves light and dark: `embed.css` says what it is in each.
"""

from collections.abc import Sequence
from html import escape

from access.language import _
from charts.theme import Measure, ceiling
from publishing.brief import drawing
from publishing.brief.drawing import BLUE, FAINT, GREY, GROUND, INK, ORANGE, SMALL, Picture, Point2
from publishing.shown_figure import Shown

# Points of a letter's size in millimetres, and how far below the middle of a text its base line lies.
POINT, BASE_LINE = 0.3528, 0.35
CLASSES = {BLUE: "main", ORANGE: "second", INK: "ink", GREY: "quiet", FAINT: "faint", GROUND: "ground"}
DASHES = {"dotted": "0.3 0.9", "dashed": "1.6 1"}
ANCHORS = {0: "start", 0.5: "middle", 1: "end"}
# A row of bars: its height, that of its bar, and which part of the width its name takes.
ROW, BAR, NAMES = 5.0, 3.0, 0.38


def as_svg(picture: Picture, name: str) -> str:
    """Return the picture as an SVG element with the class `name`, as wide as its room."""
    marks = "".join(_mark(mark) for mark in picture.marks)
    return (
        f'<svg class="{name}" viewBox="0 0 {picture.width:g} {picture.height:g}" role="img"'
        f' aria-label="{escape(picture.alternative)}">{marks}</svg>'
    )


def bars(rows: Sequence[tuple[str, Shown]], measure: Measure, width: float, alternative: str) -> Picture:
    """Return a bar from zero for each area; what has no value is hatched and says why."""
    picture = Picture(width, ROW * len(rows), alternative)
    left, right = width * NAMES, width - 12.0
    end = 100.0 if measure.percent else ceiling(max([one.value or 0 for _name, one in rows], default=1))
    for number, (name, one) in enumerate(rows):
        middle = number * ROW + ROW / 2
        picture.write(name, left - 1.5, middle, across=1, colour=INK, most=left - 1.5)
        if one.value is None:
            drawing.hatched(picture, left, middle - BAR / 2, right - left, BAR)
            picture.write(one.text, (left + right) / 2, middle, across=0.5, halo=True)
            continue
        long = max((right - left) * min(one.value / end, 1), 0.3)
        picture.bar(left, middle - BAR / 2, long, BAR, fill=BLUE)
        picture.write(one.text, left + long + 1, middle, colour=INK, bold=True)
    picture.line((left, 0), (left, ROW * len(rows)), stroke=GREY, width=0.2)
    return picture


def told_bars(title: str, rows: Sequence[tuple[str, Shown]]) -> str:
    """Return in words what `bars` shows."""
    return " ".join([f"{title}:", "; ".join(_("{place}: {value}").format(place=name, value=one.text)
                                            for name, one in rows)])  # fmt: skip


def _mark(mark: dict[str, object]) -> str:
    if mark["kind"] == "text":
        return _text(mark)
    look = _look(mark)
    if mark["kind"] == "disc":
        return f'<circle cx="{mark["x"]:g}" cy="{mark["y"]:g}" r="{mark["radius"]:g}"{look}/>'
    rings: list[Sequence[Point2]] = mark["rings"]  # type: ignore[assignment]
    end = "Z" if mark["closed"] else ""
    lines = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring) + end for ring in rings)
    return f'<path d="{lines}"{look}/>'


def _look(mark: dict[str, object]) -> str:
    fill, stroke = str(mark.get("fill") or ""), str(mark.get("stroke") or "")
    names = [f"f-{CLASSES.get(fill, 'quiet')}" if fill else "f-none"]
    parts = []
    if stroke:
        names.append(f"s-{CLASSES.get(stroke, 'quiet')}")
        parts.append(f' stroke-width="{mark["width"]:g}"')
    if mark.get("dash"):
        parts.append(f' stroke-dasharray="{DASHES[str(mark["dash"])]}"')
    return f' class="{" ".join(names)}"{"".join(parts)}'


def _text(mark: dict[str, object]) -> str:
    text, points = str(mark["text"]), float(mark["size"])  # type: ignore[arg-type]
    most = float(mark["most"])  # type: ignore[arg-type]
    wide = len(text) * points * drawing.LETTER
    if most and wide > most:
        # A long name is set smaller, but never too small to be read: then it is set closer.
        points = max(points * most / wide, SMALL * 0.8)
    squeezed = f' textLength="{most:g}" lengthAdjust="spacingAndGlyphs"' if most and wide * points > most * float(
        mark["size"]  # type: ignore[arg-type]
    ) * 1.001 else ""  # fmt: skip
    size = points * POINT
    names = [f"f-{CLASSES.get(str(mark['colour']), 'quiet')}"]
    names += [name for name in ("bold", "halo") if mark[name]]
    anchor = ANCHORS[mark["across"]]  # type: ignore[index]
    return (
        f'<text x="{mark["x"]:g}" y="{float(mark["y"]) + size * BASE_LINE:.2f}" font-size="{size:.2f}"'  # type: ignore[arg-type]
        f' text-anchor="{anchor}" class="{" ".join(names)}"{squeezed}>{escape(text)}</text>'
    )
