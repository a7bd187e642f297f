"""The settings of the instance on screen: each with what it does, who set it last, and what it said before."""

from datetime import datetime

import streamlit as st

from access import instance_settings
from access.identity import Identity
from access.instance_settings import SETTINGS, Kind, Setting
from access.language import _
from access.permissions import Action, refusal
from data_model.engine import Session
from ui import acting, answers, words
from ui.asking import asking
from ui.database import reading
from ui.text import plain

EARLIER = 20


def show() -> None:
    """Show every setting, each in a form of its own: what is wrong in one keeps no other back."""
    with reading() as session:
        refused = refusal(session, asking().who, Action.ADMINISTER)
        said = instance_settings.values(session)
    if refused is not None:
        st.info(refused.message, icon=":material/info:")
        return
    for setting in SETTINGS.values():
        _setting(setting, said[setting.key])


def _setting(setting: Setting, value: str) -> None:
    key = f"setting-{setting.key}"
    with st.form(f"form-{setting.key}", border=True):
        label, explained = _(setting.title), _(setting.explained)
        if setting.kind is Kind.SWITCH:
            st.toggle(label, value == "1", key=key)
        elif setting.kind is Kind.TEXT:
            st.text_area(label, value, key=key)
        else:
            st.text_input(label, value, key=key)
        st.caption(plain(explained))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                _("Save"), icon=":material/save:", key=f"save-{setting.key}", on_click=_save, args=(setting,)
            )
            _earlier(setting)


def _earlier(setting: Setting) -> None:
    with reading() as session:
        rows = instance_settings.history(session, asking().who, setting.key)[:EARLIER]
    if not rows:
        st.caption(_("Nobody has set it: this is the default."), width="content")
        return
    with st.popover(_("Earlier values"), icon=":material/history:", type="tertiary"):
        for row in rows:
            st.markdown(f"{words.moment(row.recorded_at)}: {plain(row.value) or '–'}")


def _save(setting: Setting) -> None:
    given = st.session_state[f"setting-{setting.key}"]
    written = str(int(given)) if setting.kind is Kind.SWITCH else str(given)

    def deed(session: Session, who: Identity, at: datetime) -> str:
        changed = instance_settings.change(session, who, setting.key, written, at)
        return _("Saved: {setting}.").format(setting=_(setting.title)) if changed else _("It has this value already.")

    if acting.act(deed):
        answers.forget()
