"""The offline checker to take away: one page with which a file is checked on a computer without a network."""

from collections.abc import Callable

import streamlit as st

from access import permissions
from access.language import _, current, in_language
from intake.checker.page import checker
from ui.asking import asking
from ui.database import reading


def offer(key: str) -> None:
    """Offer the checker of an initiative, by its key, with what the person who asks may submit."""
    st.download_button(
        _("Offline checker"),
        _maker(key),
        f"offline-checker-{key}.html",
        mime="text/html",
        key="offline-checker",
        on_click="ignore",
        icon=":material/fact_check:",
        help=_(
            "One page that opens in any browser without a network. A school checks its file with it before it leaves"
            " the building: by the schools, rules and locks of today, without any value that is stored."
        ),
    )


def _maker(key: str) -> Callable[[], bytes]:
    now, language = asking(), current()  # the button's thread, in which it is made, does not know who asks

    def make() -> bytes:
        with reading() as session, in_language(language):
            initiative = next(one for one in permissions.visible_initiatives(session, now.who) if one.key == key)
            return checker(session, initiative, by=now.who, at=now.at, language=language)

    return make
