"""The register on screen: schools and enrolments as a table that is taken along, edited, brought back and looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from access.administration import enrolments, schools
from access.administration.people import offered
from access.administration.register_file import LARGEST_TEXT, Preview, RowProblem, Written
from access.administration.register_history import RegisterChange
from access.identity import Identity, identity_of_account
from access.language import N_, _, format_number, ngettext
from access.refusal import Refusal
from analytics import catalogue
from data_model.engine import Session
from intake.folding import fold
from intake.register_reading import RegisterRead, read_pasted
from ui import acting, answers, filters, words
from ui.answers import ask_registry
from ui.asking import asking
from ui.database import reading
from ui.text import bold, plain
from ui.upload_control import bring_register

SHOWN = 500  # problems and changes: for what is beyond go the counts


@dataclass(frozen=True)
class Register:
    """A table of the register: how it is read as it stands, looked at and changed, and what its columns are."""

    name: str
    columns: tuple[str, ...]
    held: Callable[..., str]
    preview: Callable[..., Preview]
    change: Callable[..., Preview]
    history: Callable[..., list[RegisterChange]]
    undo: Callable[..., int]


SCHOOLS = Register(
    "schools", schools.COLUMNS, schools.held, schools.preview, schools.change, schools.history, schools.undo
)
ENROLMENTS = Register(
    "enrolments", enrolments.COLUMNS, enrolments.held, enrolments.preview, enrolments.change, enrolments.history,
    enrolments.undo,
)  # fmt: skip
# The signs between cells, as people call them.
DELIMITERS = {"\t": N_("tab"), ";": "“;”", ",": "“,”", "|": "“|”"}


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
    """Show the ways to take the table along, to bring or paste it, what that would change, and what was changed."""
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
    st.write(
        _(
            "Change it in a spreadsheet, or take the ministry's own list, and bring the file (CSV or XLSX); or paste"
            " the lines, with the line of column names. What is not in it stays as it is, and so does a column that is"
            " left out. Everything is shown before anything is changed."
        )
    )
    st.caption(", ".join(register.columns))
    key = f"{register.name}-{place}-text"
    bring_register(
        register.name, place, lambda said: _brought(said, key), label=_("A file of the register"),
        key=f"{register.name}-{place}-file",
    )  # fmt: skip
    st.text_area(_("Lines to change"), key=key, height=220, max_chars=LARGEST_TEXT)
    text = str(st.session_state[key])
    if text.strip():
        _look(register, place, key, text)
    else:
        st.button(_("Look at what it would change"), key="register-look", icon=":material/preview:")
    _history(register, place)


def _look(register: Register, place: str, key: str, text: str) -> None:
    """Show how the text was read and what it would change."""
    file: RegisterRead | None = st.session_state.get(f"{key}-file-read")
    from_file = file if file is not None and file.text == text else None
    try:
        read = from_file or read_pasted(text, register.columns)
    except Refusal as refused:
        st.error(refused.message, icon=":material/error:")
        return
    _recognised(read, from_file is not None)
    with reading() as session:
        found = register.preview(session, place, read.text, who=asking().who)
    found.problems = sorted([*(RowProblem(*one) for one in read.problems), *found.problems], key=lambda one: one.line)
    if found.problems:
        _problems(found)
    elif not found.changes:
        st.info(_("Nothing would change: the register says all this already."), icon=":material/check:")
    else:
        _changes(found)
        st.button(
            _("Change the register"), type="primary", key="register-change", icon=":material/save:", on_click=_change,
            args=(register, place, key, read.text, found.fingerprint),
        )  # fmt: skip


def _recognised(read: RegisterRead, is_file: bool) -> None:
    """Say how the lines were read: nothing is guessed in silence."""
    parts = [_("column names in row {row}").format(row=format_number(read.header_row))]
    if is_file and read.encoding:
        parts.insert(0, _("encoding {name}").format(name=read.encoding))
    if is_file and read.delimiter:
        parts.insert(1, _("delimiter {sign}").format(sign=_(DELIMITERS.get(read.delimiter, read.delimiter))))
    if read.sheet:
        parts.insert(0, _("sheet “{name}”").format(name=plain(read.sheet)))
    renamed = [(name, column) for name, column in read.columns if column and fold(name) != fold(column)]
    left_out = [name for name, column in read.columns if not column]
    lines = [_("Recognised: {parts}.").format(parts=", ".join(parts))]
    if renamed:
        said = ", ".join(f"{_quoted(name)} → {plain(column)}" for name, column in renamed)
        lines.append(_("Columns by another name: {columns}.").format(columns=said))
    if left_out and len(left_out) < len(read.columns):
        said = ", ".join(_quoted(name) for name in left_out)
        lines.append(_("Not read, for the register has no such column: {columns}.").format(columns=said))
    lines += [plain(note) for note in read.notes]
    st.info("  \n".join(lines), icon=":material/info:")


def _history(register: Register, place: str) -> None:
    """Show the newest changes, each with the way to take it back."""
    with reading() as session:
        changes = register.history(session, place, who=asking().who)
    st.subheader(_("History"), anchor=False)
    if not changes:
        st.caption(_("Nothing was changed here on screen yet."))
        return
    st.caption(
        _(
            "A change is taken back as a whole: each school stands again as before it, and what was new then goes. It"
            " is refused when something hangs on it by now. Taking back can be taken back too."
        )
    )
    for one in changes:
        with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"lines-change-{one.event}"):
            st.markdown(_told(one), width="stretch")
            if not one.undone:
                st.button(
                    _("Take this back"), key=f"undo-change-{one.event}", icon=":material/undo:", on_click=_undo,
                    args=(register, place, one.event),
                )  # fmt: skip


def _told(one: RegisterChange) -> str:
    count = ngettext("{count} school", "{count} schools", one.changed).format(count=format_number(one.changed))
    what = _("A change of {schools} taken back") if one.is_undo else _("{schools} changed or added")
    said = _("{what} on {moment} by {who}").format(
        what=bold(what.format(schools=count)), moment=words.moment(one.at), who=plain(one.who or "–")
    )
    return said + (" · " + _("taken back since") if one.undone else "")


def _undo(register: Register, place: str, event: int) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        done = register.undo(session, place, event, who=who, at=at)
        said = ngettext(
            "Taken back: {count} school stands as before.", "Taken back: {count} schools stand as before.", done
        )
        return said.format(count=format_number(done))

    if acting.act(deed):
        answers.forget()


def _brought(said: str, key: str) -> None:
    """Let the text be what a file says, as if it had been pasted."""
    read = RegisterRead.of_json(said)
    st.session_state[key], st.session_state[f"{key}-file-read"] = read.text, read


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


def _change(register: Register, place: str, key: str, text: str, seen: str) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        done = len(register.change(session, place, text, seen=seen, who=who, at=at).changes)
        said = ngettext(
            "{count} school of the register is changed.", "{count} schools of the register are changed.", done
        )
        return said.format(count=format_number(done))

    if acting.act(deed):
        st.session_state[key] = ""
        answers.forget()


def _quoted(name: str) -> str:
    return _("“{text}”").format(text=plain(name))
