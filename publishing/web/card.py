"""The picture that other sites show beside a link to a released figure: PNG, which is all that most of them take."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from access.instance_settings import Instance
from access.language import _, current, format_date
from charts.theme import shortened
from publishing.brief import drawing
from publishing.shown_figure import ShownFigure
from publishing.web.course import course_of

PAGE = Path(__file__).with_name("card.typ")
WIDTH, HEIGHT = 1200, 630
# Millimetres; letters twice the size of a brief's, for it is seen small.
PICTURE_WIDTH, PICTURE_HEIGHT = 58.0, 36.0
LARGER = 2.0
LETTERS_OF_A_MEASURE, LETTERS_OF_A_PLACE, LETTERS_OF_A_SITE = 60, 90, 60
# Points of the value: words of why there is none are longer than a number.
LARGE, SMALL, FEW_LETTERS = 46, 24, 9


def as_png(told: ShownFigure, instance: Instance) -> bytes:
    """Return the preview of a figure, the same bytes for the same release and language."""
    picture = drawing.course(course_of(told), PICTURE_WIDTH, PICTURE_HEIGHT)
    release = told.release
    card = {
        "language": current(),
        "site": shortened(instance.name, LETTERS_OF_A_SITE),
        "measure": shortened(told.measure.name, LETTERS_OF_A_MEASURE),
        "place": shortened(f"{told.area}, {told.figure.period_text}", LETTERS_OF_A_PLACE),
        "value": told.figure.text,
        "size": LARGE if len(told.figure.text) <= FEW_LETTERS else SMALL,
        "base": told.figure.base,
        "demonstration": _("Demonstration figures: invented, not measured") if told.demonstration else "",
        "source": _("Release {number}, {date}").format(
            number=release.number, date=format_date(release.released_at.date())
        ),
        "picture": _larger(asdict(picture)),
    }
    made: Any = typst.compile(
        PAGE,
        root=PAGE.parents[1],
        format="png",
        ppi=144,
        ignore_system_fonts=True,
        sys_inputs={"card": json.dumps(card, ensure_ascii=False, default=str)},
    )
    return bytes(made[0] if isinstance(made, list) else made)


def _larger(picture: dict[str, Any]) -> dict[str, Any]:
    """Return a picture with everything in it so much larger."""

    def grown(mark: dict[str, Any]) -> dict[str, Any]:
        numbers = ("x", "y", "radius", "width", "size", "most")
        more = {name: value * LARGER for name, value in mark.items() if name in numbers}
        if "rings" in mark:
            more["rings"] = [[(x * LARGER, y * LARGER) for x, y in ring] for ring in mark["rings"]]
        return mark | more

    size = {name: picture[name] * LARGER for name in ("width", "height")}
    return picture | size | {"marks": [grown(mark) for mark in picture["marks"]]}
