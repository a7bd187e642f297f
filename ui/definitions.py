"""What every measure means, searched by its words; each under an address of its own (`?measure=KEY`)."""

from datetime import datetime
from typing import Any

import streamlit as st

from access.codes import COUNTED, GRANULARITIES
from access.language import N_, _, format_date
from analytics.definitions import definitions
from ui import codes, filters, release_shown
from ui.answers import ask_registry, records
from ui.text import plain
from ui.words import PERCENT

KINDS = {
    "stock": N_("a level at the end of the period"),
    "flow": N_("a count within the period"),
    "distinct": N_("people or items, each counted once within the period"),
    "score": N_("a mean, weighted by the number of answers"),
}
SUBJECTS = {
    "teacher": N_("Teachers"),
    "student": N_("Students"),
    "licence": N_("Licences"),
    "message": N_("Messages"),
    "school": N_("Schools"),
}
# What came with the software is dated long before anybody reported.
THE_BEGINNING = 2000
SEARCH = "q"
LONGEST_SEARCH = 80


def show() -> None:
    """Show the measure that the address names, else all of them or those that are searched for."""
    moment = release_shown.moment()
    rows = {row.measure: row for row in records(ask_registry(definitions, moment))}
    wanted = filters.address("measure")
    if wanted is not None and wanted in rows:
        filters.show("measure", wanted)
        st.button(
            _("All definitions"), icon=":material/arrow_back:", type="tertiary", on_click=filters.go,
            kwargs={"measure": None},
        )  # fmt: skip
        _one(rows[wanted], rows, moment)
        return
    if wanted is not None:
        st.warning(_("There is no measure {key}.").format(key=plain(wanted[:80])))
    found = _searched(list(rows.values()))
    if not found:
        st.write(_("No definition holds these words."))
    for title, of in ((_("Indicators"), "indicator"), (_("What schools report"), "metric")):
        listed = [row for row in found if row.type == of]
        if listed:
            st.subheader(title, anchor=False)
        for row in listed:
            _one(row, rows, moment)


def _searched(rows: list[Any]) -> list[Any]:
    written = (filters.address(SEARCH) or "")[:LONGEST_SEARCH]
    st.session_state["choice_search"] = written
    st.text_input(
        _("Search"), key="choice_search", max_chars=LONGEST_SEARCH, icon=":material/search:", on_change=_search,
        placeholder=_("Words of a name or a definition"),
    )  # fmt: skip
    if written:
        filters.show(SEARCH, written)
    words = written.casefold().split()
    return [row for row in rows if all(word in _text(row) for word in words)]


def _search() -> None:
    filters.go((), **{SEARCH: st.session_state["choice_search"].strip() or None})


def _text(row: Any) -> str:
    return f"{row.measure} {row.name} {row.definition}".casefold()


def _one(row: Any, rows: dict[str, Any], moment: datetime | None) -> None:
    with st.container(border=True, key=f"definition-{row.measure}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"### {plain(row.name)}")
            st.button(
                _("Address"), key=f"open-{row.measure}", type="tertiary", icon=":material/link:", on_click=filters.go,
                kwargs={"measure": row.measure, SEARCH: None}, help=_("Opens this definition under its own address"),
            )  # fmt: skip
        st.write(plain(row.definition))
        facts = [
            (_("Key"), f"`{row.measure}`"),
            (_("Computed"), plain(row.formula)),
            (_("Unit"), "%" if row.type == "indicator" and row.factor == PERCENT else codes.word(row.unit, COUNTED)),
            (_("Kind"), codes.word(row.kind, KINDS) if row.type == "metric" else ""),
            (_("What it counts"), codes.word(row.subject, SUBJECTS)),
            (_("Consists of"), _made_of(row, rows)),
            (_("Used in"), ", ".join(plain(name) for name in row.part_of)),
            (_("Initiatives that ask for it"), _asked_by(row)),
            (_("Worded so since"), _since(row)),
        ]
        st.markdown("  \n".join(f"**{label}:** {text}" for label, text in facts if text))


def _made_of(row: Any, rows: dict[str, Any]) -> str:
    parts = [key for key in (row.numerator, row.denominator, row.count_metric) if key in rows]
    return ", ".join(f"{plain(rows[key].name)} (`{key}`)" for key in parts)


def _asked_by(row: Any) -> str:
    said = []
    for name, often, required in row.asked_by:
        parts = [codes.word(often, GRANULARITIES).lower(), "" if required else _("optional")]
        said.append(f"{plain(name)} ({', '.join(filter(None, parts))})")
    return "; ".join(said) or _("nobody at the moment")


def _since(row: Any) -> str:
    if row.wordings == 0 or (row.wordings == 1 and row.first_worded.year <= THE_BEGINNING):
        return _("the beginning")
    last = format_date(row.last_worded.date())
    if row.wordings == 1:
        return last
    return _("{date}; first worded on {first}, {count} wordings so far").format(
        date=last, first=format_date(row.first_worded.date()), count=row.wordings
    )
