"""The names of the months below an embedded course never touch each other, in any language, in a frame of any width."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from itertools import pairwise

import pytest

from access.language import LANGUAGES, in_language
from charts.trend import short_period
from publishing.brief import drawing
from publishing.brief.standing import Course, Point
from publishing.web import html, svg

# How wide letters are in DejaVu Sans, of common fonts the widest, in parts of their size; others are counted as 'ш'.
WIDE = {
    **dict.fromkeys("0123456789", 0.636), **dict.fromkeys(" .,%", 0.318), **dict.fromkeys("ijl", 0.278),
    **dict.fromkeys("acemnrstuvy", 0.62), **dict.fromkeys("абвгдезиклнопрстуфьяәіқңөүұғ", 0.66),
}  # fmt: skip
WIDEST = 0.93
# Which drawing a frame of so many pixels shows (embed.css), and what is left of it beside the margins.
FRAMES = (280, 320, 390, 419, 420, 500, 619, 620, 800, 1200)
MARGINS, MOST_WIDE = 32, 832


def course_of(months: int) -> Course:
    """Return a course of so many months up to September 2026, in the current language."""
    days = [date(2026 - (8 - month < 0) * (1 + (month - 9) // 12), (8 - month) % 12 + 1, 1) for month in range(months)]
    points = tuple(Point(short_period(f"{day:%Y-%m}", day), day, 40.0 + day.month, "42", "") for day in reversed(days))
    return Course("t", True, 1, points, None, None, "", "")


def boxes(drawn: str) -> list[tuple[float, float, str]]:
    """Return where each text in the lowest line of a picture begins and ends, from left to right."""
    texts = [one for one in ElementTree.fromstring(drawn).iter() if one.tag == "text"]
    lowest = max(float(one.attrib["y"]) for one in texts)
    found = []
    for one in texts:
        if float(one.attrib["y"]) < lowest - 0.1:
            continue
        text = one.text or ""
        wide = sum(WIDE.get(letter.lower(), WIDEST) for letter in text) * float(one.attrib["font-size"])
        begins = float(one.attrib["x"]) - wide * {"start": 0, "middle": 0.5, "end": 1}[one.attrib["text-anchor"]]
        found.append((begins, begins + wide, text))
    return sorted(found)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("months", [1, 2, 3, 5, 8, 12, 13, 24, 36])
def test_names_of_months_stand_apart_in_every_frame(language, months):
    shown = {frame: "narrow" if frame < 420 else "wide" if frame >= 620 else "middle" for frame in FRAMES}
    with in_language(language):
        told = course_of(months)
        last = told.points[-1].period
        pictures = {
            name: svg.as_svg(drawing.course(told, width, html.HEIGHT, svg.LETTER), name)
            for name, width in html.WIDTHS.items()
        }
    for frame, name in shown.items():
        left, _top, across, _high = map(float, re.findall(r'viewBox="([^"]*)"', pictures[name])[0].split())
        pixels = min(frame - MARGINS, MOST_WIDE) / across
        found = boxes(pictures[name])
        assert found[-1][2] == last, "the newest month is always named"
        assert found[0][0] >= left and found[-1][1] <= left + across, "cut off at the edge"
        assert all((then[0] - one[1]) * pixels >= 2 for one, then in pairwise(found)), (frame, found)
        assert len(found) >= min(months, 2)


def test_a_broad_picture_names_as_many_months_as_before():
    with in_language("en"):
        drawn = svg.as_svg(drawing.course(course_of(12), html.WIDTHS["wide"], html.HEIGHT, svg.LETTER), "wide")
    assert len(boxes(drawn)) == 4
