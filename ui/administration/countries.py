"""Countries on screen: by which clock a country's periods begin and its due days end."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from access.administration import countries
from access.identity import Identity
from access.language import _, format_moment
from analytics import catalogue
from data_model.engine import Session
from ui import acting, answers
from ui.answers import ask_registry, records
from ui.asking import asking
from ui.database import reading
from ui.text import plain


def show() -> None:
    """Show the time zone of each country that this person administers, in a form of its own."""
    with reading() as session:
        held = {one.code: one.time_zone for one in countries.administered(session, who=asking().who)}
    if not held:
        st.info(_("The time zone is its country's: it takes administering the country."))
        return
    names = {row.country: row.name for row in records(ask_registry(catalogue.countries))}
    for code, zone in held.items():
        _country(code, names.get(code, code), zone)


def _country(code: str, name: str, zone: str) -> None:
    zones = list(countries.time_zones())
    with st.form(f"time-zone-{code}", border=True):
        st.selectbox(
            plain(f"{name} ({code})"), zones, index=zones.index(zone) if zone in zones else None, key=f"zone-{code}",
            placeholder=_("Choose"),
        )  # fmt: skip
        st.caption(_("Now there: {moment}").format(moment=format_moment(asking().at, ZoneInfo(zone))))
        st.form_submit_button(_("Save"), icon=":material/save:", key=f"save-zone-{code}", on_click=_save, args=(code,))


def _save(code: str) -> None:
    zone = str(st.session_state[f"zone-{code}"] or "")

    def deed(session: Session, who: Identity, at: datetime) -> str:
        changed = countries.set_time_zone(session, code, zone, who=who, at=at)
        return _("Saved: {setting}.").format(setting=f"{code}, {zone}") if changed else _("It has this value already.")

    if acting.act(deed):
        answers.forget()
