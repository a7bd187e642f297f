"""Countries on screen: adding one, and by which clock a country's periods begin and its due days end."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from access import permissions
from access.administration import countries
from access.administration.countries import ZoneChange
from access.administration.places import INSTANCE
from access.identity import Identity
from access.language import _, format_moment
from access.permissions import NotAllowed
from analytics import catalogue
from data_model.engine import Session
from ui import acting, answers, filters, words
from ui.answers import ask_registry, records
from ui.asking import asking
from ui.database import reading
from ui.text import bold, plain


def show() -> None:
    """Show a country that this person administers, with its time zone; and the way to add one."""
    with reading() as session:
        held = {one.code: one.time_zone for one in countries.administered(session, who=asking().who)}
    if not held:
        st.info(_("The time zone is its country's: it takes administering the country."))
        return
    names = {row.country: row.name for row in records(ask_registry(catalogue.countries))}
    options = {code: f"{names.get(code, code)} ({code})" for code in held}
    options = dict(sorted(options.items(), key=lambda one: one[1].casefold()))
    code = filters.choose("within", _("Country"), options, next(iter(options)))
    with reading() as session:
        changes = countries.zone_changes(session, code, who=asking().who)
    _time_zone(code, held[code])
    _history(code, changes)
    if _administers_everything():
        _new_one(held)
        _removing(code, options[code])


def _administers_everything() -> bool:
    with reading() as session:
        try:
            permissions.require_places(session, asking().who, [INSTANCE])
        except NotAllowed:
            return False
    return True


def _time_zone(code: str, zone: str) -> None:
    zones = list(countries.zones_of(code))
    with st.form(f"time-zone-{code}", border=True):
        st.markdown(bold(_("Time zone")))
        st.selectbox(
            _("By this clock periods begin and due days end"), zones, key=f"zone-{code}", placeholder=_("Choose"),
            index=zones.index(zone) if zone in zones else None,
        )  # fmt: skip
        st.caption(
            _(
                "Now there: {moment}. Another one holds from now on: who reported on time is counted anew by it. A"
                " question as of an earlier moment is answered with the one of that moment."
            ).format(moment=format_moment(asking().at, ZoneInfo(zone)))
        )
        st.form_submit_button(_("Save"), icon=":material/save:", key=f"save-zone-{code}", on_click=_save, args=(code,))


def _history(code: str, changes: list[ZoneChange]) -> None:
    """Show which time zones there were before, and the way to take the last change back."""
    if not changes:
        return
    st.markdown(bold(_("History")))
    for one in changes:
        said = _("{moment}: {before} → {after}, by {who}").format(
            moment=words.moment(one.at), before=one.before, after=one.after, who=plain(one.who or _("the files"))
        )
        st.write(said)
    st.button(_("Take the last change back"), key="undo-zone", icon=":material/undo:", on_click=_undo, args=(code,))


def _new_one(held: dict[str, str]) -> None:
    """Ask which country to add. Its names are those of the Unicode locale data, in every language."""
    with st.expander(_("Add a country"), icon=":material/add:"):
        st.write(
            _(
                "For a country that is not in the list above. It gets its root in the tree of areas; add its regions"
                " under Areas, then its schools."
            )
        )
        every = {code: name for code, name in countries.territories().items() if code not in held}
        code = st.selectbox(
            _("Country to add"), list(every), index=None, key="new-country", placeholder=_("Choose"),
            format_func=lambda one: f"{every.get(one, one)} ({one})",
        )  # fmt: skip
        st.selectbox(
            _("Its time zone"), countries.zones_of(code or ""), index=0 if code else None, key=f"new-zone-{code}",
            placeholder=_("Choose"), disabled=code is None,
        )  # fmt: skip
        st.button(_("Add this country"), icon=":material/add:", key="add-country", on_click=_add, args=(code or "",))


def _removing(code: str, name: str) -> None:
    with st.expander(_("Remove {name}").format(name=plain(name)), icon=":material/delete:"):
        st.write(_("Only a country of which nothing is kept yet can be removed: what stands in the way is said then."))
        st.button(
            _("Remove this country"), icon=":material/delete:", key="remove-country", on_click=_remove, args=(code,)
        )


def _save(code: str) -> None:
    zone = str(st.session_state[f"zone-{code}"] or "")

    def deed(session: Session, who: Identity, at: datetime) -> str:
        changed = countries.set_time_zone(session, code, zone, who=who, at=at)
        return _("Saved: {setting}.").format(setting=f"{code}, {zone}") if changed else _("It has this value already.")

    if acting.act(deed):
        answers.forget()


def _undo(code: str) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        zone = countries.undo_time_zone(session, code, who=who, at=at)
        return _("Taken back: {setting} again.").format(setting=f"{code}, {zone}")

    if acting.act(deed):
        st.session_state.pop(f"zone-{code}", None)
        answers.forget()


def _add(code: str) -> None:
    zone = str(st.session_state.get(f"new-zone-{code or None}") or "")

    def deed(session: Session, who: Identity, at: datetime) -> str:
        country = countries.add_country(session, code, zone, who=who, at=at)
        return _("{country} is added. Next: its regions, under Areas.").format(country=plain(country.name_en))

    if acting.act(deed):
        st.session_state.pop("new-country", None)
        filters.go(within=code)
        answers.forget()


def _remove(code: str) -> None:
    def deed(session: Session, who: Identity, at: datetime) -> str:
        countries.remove_country(session, code, who=who, at=at)
        return _("{country} is removed.").format(country=code)

    if acting.act(deed):
        filters.go(("within",))
        answers.forget()
