"""A source as people read it: who published what and when, with its grade. And what was claimed in it."""

from typing import Any

from access.language import _
from analytics import registry
from analytics.announced import SOURCE_KEY
from ui import codes, words
from ui.answers import ask_registry
from ui.text import link, plain


def source(row: Any) -> str:
    """Return a source as people read it: publisher, title as a link, date and grade."""
    if not isinstance(row.url, str) or not row.url:
        return _("No source is named.")
    date = f", {words.rough_date(row.published_on)}" if row.published_on else ""
    grade = _("grade {grade}").format(grade=row.grade)
    return f"{plain(row.publisher)}: {link(row.source_title, row.url)}{date} ({grade})"


def cite(row: Any) -> str:
    """Return a source as a short mark after a name."""
    return f" ({link(row.publisher, row.url)})" if isinstance(row.url, str) and row.url else ""


def note(text: Any) -> str:
    """Return a note as a line of its own, nothing where there is none."""
    return f"  \n*{plain(with_publishers(text))}*" if isinstance(text, str) and text else ""


def with_publishers(text: str) -> str:
    """Return a note of the registry in which a source's key, which nobody knows by heart, is its publisher's name."""
    if SOURCE_KEY.search(text) is None:
        return text
    publishers = ask_registry(registry.publishers)
    return SOURCE_KEY.sub(lambda found: publishers.get(found.group(), found.group()), text)


def claim(row: Any) -> str:
    """Return a claim with all that belongs to it: how it was hedged, who is counted, as of when, source and note."""
    said = codes.claimed(row.value, row.value_high, row.qualifier, row.unit, row.period)
    kind = codes.word(row.kind, codes.CLAIM_KINDS)
    date = _("as of {date}").format(date=words.rough_date(row.as_of)) if row.as_of else _("undated")
    return f"**{plain(said)}**: {plain(row.population)} ({kind}, {date})  \n{source(row)}{note(row.note)}"
