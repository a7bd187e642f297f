"""The brief of what a page shows, as a PDF that is made when its button is pressed."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.identity import identity_of_account
from access.language import _, current, in_language
from analytics.demonstration import holds_demonstration
from analytics.scope import Scope
from publishing.brief.contents import Question
from publishing.brief.make import make
from ui import release_shown, scope
from ui.answers import ask_registry
from ui.asking import asking
from ui.database import reading


def offer(shown: Scope, corner: DeltaGenerator) -> None:
    """Show in a page's corner the button that hands out the brief of its scope, live or released as the page is."""
    question = Question(
        shown.initiative, shown.area, shown.period, shown.measure, shown.as_of, shown.released, _release()
    )  # fmt: skip
    with corner:
        _button(question, f"{shown.initiative}-{shown.area}-{shown.period.key}")


def offer_for(initiative: Any) -> None:
    """Show the button that hands out the brief of an initiative (a row of the registry) in its whole country."""
    key, country = initiative["initiative"], initiative["country"]
    _button(Question(key, released=not scope.reads_live(key, country), release=_release()), key)


def _release() -> int | None:
    """Return the number of the release that the address names: a brief of it opens no other one."""
    earlier = release_shown.chosen()
    return None if earlier is None else earlier.number


def _button(question: Question, name: str) -> None:
    who, at, spoken = asking().who, asking().at, current()
    invented = "demonstration-" if ask_registry(holds_demonstration) else ""

    def made() -> bytes:
        # The button's thread has no language of its own. What this person may see is found out anew: a page can stand
        # open for long before the button is pressed.
        with in_language(spoken), reading(public=not who.signed_in) as session:
            now = identity_of_account(session, who.account_id) if who.account_id is not None else who
            return make(session, question, at, now)

    st.download_button(
        _("Brief (PDF)"), made, f"{invented}{name}-{spoken}.pdf".replace("/", "-"), mime="application/pdf",
        key="brief", on_click="ignore", type="tertiary", icon=":material/description:",
        help=_("Two pages to put on the table: figures, map, trend, what to look at first, sources"),
    )  # fmt: skip
