"""What accepting a submission would do to the headline figures: tried out in a transaction that is never kept."""

from dataclasses import dataclass

import streamlit as st

from access.identity import Identity
from access.language import _
from access.refusal import Refusal
from analytics import figures
from analytics.figures import Headline
from analytics.scope import Scope
from data_model.engine import open_session
from intake import record
from ui import words
from ui.asking import asking
from ui.database import engine
from ui.text import bold
from ui.words import Measure

# A trial writes what it tries, under the one write lock: beyond so many values it would keep others waiting.
MOST_VALUES = 50_000


@dataclass(frozen=True)
class Effect:
    """A headline figure before and after."""

    measure: Measure
    before: Headline
    after: Headline


def of_accepting(
    submission: int, fingerprint: str, scope: Scope, measures: list[Measure], who: Identity
) -> list[Effect] | None:
    """Return the headline figures that accepting the submission would move, None when that was not tried."""
    keys = tuple(measure.key for measure in measures)
    with open_session(engine(), write=True) as session:
        before = figures.headlines(session, scope, keys)
        try:
            record.accept(session, submission, by=who, fingerprint=fingerprint, at=asking().at)
        except Refusal:
            return None  # who may not accept it is not shown what accepting it would do
        session.flush()
        after = figures.headlines(session, scope, keys)
        session.rollback()
    return [
        Effect(measure, before[measure.key], after[measure.key])
        for measure in measures
        if _said(measure, before[measure.key]) != _said(measure, after[measure.key])
    ]


def show(effects: list[Effect] | None) -> None:
    """Show the figures that would move, from what to what."""
    if effects is None:
        return
    st.markdown(bold(_("Effect on the headline figures of the country")))
    if not effects:
        st.write(_("None of them would move."))
    for effect in effects:
        st.markdown(
            f"{effect.measure.name}: {_said(effect.measure, effect.before)} → **{_said(effect.measure, effect.after)}**"
        )


def _said(measure: Measure, headline: Headline) -> str:
    figure = headline.figure
    base = words.base(figure.base, figure.schools_expected)
    return f"{words.figure(measure, figure.value, figure.state)} ({base})"
