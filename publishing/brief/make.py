"""From a question to a PDF: the same bytes for the same question at the same moment."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import typst
from sqlmodel import Session

from access.identity import Identity
from access.language import _, ngettext
from access.permissions import Action, require
from analytics.lookup import country_of
from publishing.brief import drawing, map_drawing
from publishing.brief.contents import Contents, Question, contents
from publishing.brief.drawing import Picture

PAGE = Path(__file__).with_name("page.typ")
# Millimetres: a half of the page's width between its margins.
HALF, HIGH = 84.0, 60.0
# How many of a list may be left out on the page, each with its own words.
MOST_LEFT_OUT = 200
LONG_WORD = re.compile(r"\S{30,}")
ZERO_WIDTH_SPACE = "\u200b"


def make(session: Session, question: Question, at: datetime, who: Identity | None = None) -> bytes:
    """Return the brief as PDF. Raises CannotAnswer; NotAllowed when `who` may not see live figures of the place.

    Without `who` the operator asks, who may see everything.
    """
    if who is not None:
        require_figures(session, who, question)
    return as_pdf(contents(session, question, at))


def require_figures(session: Session, who: Identity, question: Question) -> None:
    """Raise NotAllowed unless this person may see the figures of the brief: what is released anybody may."""
    area = question.area or country_of(session, question.initiative)
    released = question.released or question.release is not None
    action = Action.READ_PUBLIC if released else Action.READ_LIVE
    require(session, who, action, initiative=question.initiative, area_code=area)


def as_pdf(said: Contents) -> bytes:
    """Return two pages that say this."""
    return _compiled(said, "pdf", None)[0]


def as_images(said: Contents, dots_per_inch: float = 144) -> list[bytes]:
    """Return the two pages as PNG."""
    return _compiled(said, "png", dots_per_inch)


def _compiled(said: Contents, form: Literal["pdf", "png"], dots_per_inch: float | None) -> list[bytes]:
    """Set the pages. What is said goes in as data and stays text: nothing in it is ever run."""
    made: Any = typst.compile(
        PAGE,
        root=PAGE.parent,
        format=form,
        ppi=dots_per_inch,
        # Readable aloud, in order, pictures told in words: typst refuses to make a file that is not.
        pdf_standards="ua-1" if form == "pdf" else None,
        # Only the letters that come with typst: every server sets the same page.
        ignore_system_fonts=True,
        sys_inputs={"brief": json.dumps(breakable(_on_page(said)), ensure_ascii=False, default=str)},
        timestamp=int(said.speaks_for.astimezone(UTC).timestamp()),
    )
    return made if isinstance(made, list) else [made]


def _on_page(said: Contents) -> dict[str, Any]:
    """Return what the page needs: what is said, the pictures, and the page's own words."""
    page = asdict(said) | {"citation": said.citation, "words": _words(said), "pictures": {}, "more": _more()}
    if said.figures is not None:
        page["pictures"] = {
            "course": _plain(drawing.course(said.figures.course, HALF, HIGH)),
            "map": _plain(map_drawing.draw(said.figures.map, HALF, HIGH)) if said.figures.map else None,
            "funnels": [_plain(drawing.funnel(one, HALF)) for one in said.figures.funnels],
        }
    return page


def breakable(said: Any) -> Any:
    """Return the same with words longer than any that people write made so that a line can break in them."""
    if isinstance(said, dict):
        return {key: breakable(part) for key, part in said.items()}
    if isinstance(said, list | tuple):
        return [breakable(part) for part in said]
    if isinstance(said, str) and not said.startswith(("http://", "https://")):
        return LONG_WORD.sub(lambda word: ZERO_WIDTH_SPACE.join(re.findall(".{1,20}", word[0])), said)
    return said


def _plain(picture: Picture) -> dict[str, Any]:
    return asdict(picture)


def _more() -> list[str]:
    """Return the words for so many more that the page has no room for; none for none."""
    return ["", *(
        ngettext("{count} more in Uptake", "{count} more in Uptake", count).format(count=count)
        for count in range(1, MOST_LEFT_OUT)
    )]  # fmt: skip


def _words(said: Contents) -> dict[str, str]:
    """Return the words of the page itself."""
    return {
        "brief": _("Brief"),
        "demonstration": _("DEMONSTRATION"),
        "invented": _("Demonstration figures: invented, not measured"),
        "in_brief": _("In brief"),
        "provisional": _("Provisional: {reason}"),
        "is_provisional": _("provisional"),
        "look_first": _("What to look at first"),
        "dotted": _("Dotted: {text}"),
        "announced": _("Announced and measured"),
        "what_announced": _("What was announced"),
        "what": _("What"),
        "said": _("Announced"),
        "measured": _("Measured"),
        "nothing_measured": _("nothing of this definition"),
        "milestones": _("Milestones"),
        "takes_part": _("Who takes part"),
        "about": _("What it is"),
        "sources": _("Sources"),
        "figures": _("Figures"),
        "definitions": _("Definitions"),
        "cite": _("How to cite"),
        "citation": _("Uptake: {title}").format(title=f"{said.initiative}. {said.place}"),
        "page": _("page {number} of {count}"),
        "reopens": _("This view"),
    }
