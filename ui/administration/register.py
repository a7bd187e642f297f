"""The register on screen: schools and enrolments as a table that is taken along, edited, brought back and looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from access.administration import enrolments, schools
from access.administration.people import offered
from access.administration.register_file import LARGEST_TEXT, Preview, Written
from access.identity import Identity, identity_of_account
from access.language import _, format_number, ngettext
from analytics import catalogue
from data_model.engine import Session
from intake.register_upload import brought
from ui import acting, answers, filters
from ui.answers import ask_registry
from ui.asking import asking, begin
from ui.database import reading
from ui.text import plain
from ui.upload_control import bring_register

SHOWN = 500  # problems and changes: for what is beyond go the counts


@dataclass(frozen=True)
class Register:
    """A table of the register: how it is read as it stands, looked at and changed, and what its columns are."""

    name: str
    columns: tuple[str, ...]
    held: Callable[..., str]
    before_last: Callable[..., str]
    preview: Callable[..., Preview]
    change: Callable[..., Preview]


SCHOOLS = Register("schools", schools.COLUMNS, schools.held, schools.before_last, schools.preview, schools.change)
ENROLMENTS = Register(
    "enrolments", enrolments.COLUMNS, enrolments.held, enrolments.before_last, enrolments.preview, enrolments.change
)


def of_schools() -> None:
    """Show the register of schools of a country that the person administers."""
    with reading() as session:
        offer = offered(session, asking().who)
    countries = {code: f"{name} ({code})" for code, name in offer.places.items() if len(code) == 2}
    if not countries or offer.likely_place is None:
        st.info(_("The register of schools is its country's: it takes administering the country."))
        return
    country = filters.choose("within", _("Country"), countries, offer.likely_place)
    _area_codes(country)
    _register(SCHOOLS, country)


def _area_codes(country: str) -> None:
    """Show by which code each area of the country is written: nobody knows them by heart."""
    areas = ask_registry(catalogue.areas, country)
    with st.expander(_("Codes of the areas ({count})").format(count=format_number(len(areas))), icon=":material/map:"):
        columns = {"area_code": _("Code"), "name": _("Area")}
        st.dataframe(
            areas[list(columns)].rename(columns=columns), hide_index=True,
            alt=_("The areas of the country and their codes"),
        )  # fmt: skip


def of_enrolments() -> None:
    """Show the enrolments of an initiative that the person administers."""
    with reading() as session:
        offer = offered(session, asking().who)
    if offer.likely_initiative is None:
        st.info(_("You administer no initiative."))
        return
    names = {key: f"{name} ({key})" for key, name in offer.initiatives.items()}
    _register(ENROLMENTS, filters.choose("within", _("Initiative"), names, offer.likely_initiative))


def _register(register: Register, place: str) -> None:
    """Show the ways to take the table along, to paste it, and what the pasted one would change."""
    account_id = asking().who.account_id

    def held() -> bytes:
        assert account_id is not None, "the page is for those who are signed in"
        with reading() as session:
            who = identity_of_account(session, account_id)  # as they stand when the button is pressed
            return ("\ufeff" + register.held(session, place, who=who)).encode()

    st.download_button(
        _("The table as it stands (CSV)"), held, f"{register.name}-{place}.csv", mime="text/csv",
        key=f"{register.name}-held", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    key = f"{register.name}-{place}-text"
    st.button(
        _("What stood before the last change"), key="register-back", icon=":material/undo:", type="tertiary",
        on_click=_bring_back, args=(register, place, key),
    )  # fmt: skip
    st.write(
        _(
            "Change it in a spreadsheet and bring the file, or paste the lines, with the line of column names first."
            " What is not in it stays as it is; a column that is left out, too. Everything is shown before anything is"
            " changed."
        )
    )
    st.caption(", ".join(register.columns))
    bring_register(
        register.name, place, lambda said: _brought(said, key), label=_("A file of the register"),
        key=f"{register.name}-{place}-file",
    )  # fmt: skip
    for note in st.session_state.pop(f"{key}-notes", ()):
        st.info(plain(note), icon=":material/info:")
    st.text_area(_("Lines to change"), key=key, height=220, max_chars=LARGEST_TEXT)
    text = str(st.session_state[key])
    if not text.strip():
        st.button(_("Look at what it would change"), key="register-look", icon=":material/preview:")
        return
    with reading() as session:
        found = register.preview(session, place, text, who=asking().who)
    if found.problems:
        _problems(found)
    elif not found.changes:
        st.info(_("Nothing would change: the register says all this already."), icon=":material/check:")
    else:
        _changes(found)
        st.button(
            _("Change the register"), type="primary", key="register-change", icon=":material/save:", on_click=_change,
            args=(register, place, key, found.fingerprint),
        )  # fmt: skip


def _brought(said: str, key: str) -> None:
    """Let the text be what a file says, as if it had been pasted."""
    st.session_state[key], st.session_state[f"{key}-notes"] = brought(said)


def _bring_back(register: Register, place: str, key: str) -> None:
    """Let the text be what stood before the last change, to be looked at and made to stand again."""
    who = begin().who  # a callback comes before the run has asked
    with reading() as session:
        text = register.before_last(session, place, who=who)
    if text:
        st.session_state[key] = text
    notes = () if text else (_("Nothing was changed yet that could be brought back."),)
    st.session_state[f"{key}-notes"] = notes


def _problems(found: Preview) -> None:
    count = len(found.problems)
    said = ngettext("{count} thing is to be mended. Nothing was changed.",
                    "{count} things are to be mended. Nothing was changed.", count)  # fmt: skip
    st.error(said.format(count=format_number(count)), icon=":material/error:")
    rows = [(str(one.line or ""), plain(one.column), plain(one.message)) for one in found.problems[:SHOWN]]
    with st.container(key="findings-table"):  # read in full on a phone too
        st.table(pd.DataFrame(rows, columns=[_("Line"), _("Column"), _("What to do")]), hide_index=True)


def _changes(found: Preview) -> None:
    new = sum(one.before is None for one in found.changes)
    said = _("{new} new, {changed} changed, {unchanged} as they are. Nothing is changed yet.")
    st.info(
        said.format(
            new=format_number(new), changed=format_number(len(found.changes) - new),
            unchanged=format_number(found.unchanged),
        ),
        icon=":material/preview:",
    )  # fmt: skip
    st.dataframe(
        pd.DataFrame(
            [(one.line, one.school, _said(one.before), _said(one.after)) for one in found.changes[:SHOWN]],
            columns=[_("Line"), _("School"), _("Before"), _("After")],
        ),
        hide_index=True,
        alt=_("What the pasted lines change"),
    )


def _said(said: Written | None) -> str:
    return "–" if said is None else ", ".join(f"{name}: {value or '–'}" for name, value in said.items())


def _change(register: Register, place: str, key: str, seen: str) -> None:
    text = str(st.session_state[key])

    def deed(session: Session, who: Identity, at: datetime) -> str:
        done = len(register.change(session, place, text, seen=seen, who=who, at=at).changes)
        said = ngettext(
            "{count} school of the register is changed.", "{count} schools of the register are changed.", done
        )
        return said.format(count=format_number(done))

    if acting.act(deed):
        st.session_state[key] = ""
        answers.forget()
