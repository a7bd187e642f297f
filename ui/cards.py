"""Headline cards: a figure with its base, its change, its recent course, and the way to where it comes from."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from access.language import _, format_number
from analytics import figures
from analytics.figures import Headline
from analytics.scope import Scope
from charts import spark
from charts.theme import CONFIG
from ui import words
from ui.answers import ask
from ui.figures import drawing, where_from
from ui.words import Measure

CARD_WIDTH = 330
SPARK_WIDTH = 150  # Streamlit draws no chart narrower than this, and cuts off what does not fit
# A spark line answers no pointer: it is read at a glance, and its values stand in the trend below.
STILL = {**CONFIG, "staticPlot": True}


def headlines(known: dict[str, Measure]) -> list[Measure]:
    """Return the measures that head a page: every rate, and those counts that ask who really takes part."""
    rates = [measure for measure in known.values() if measure.indicator]
    return rates + [one for one in known.values() if one.kind == "distinct" and one.required and not one.indicator]


def row(scope: Scope, shown: Sequence[Measure]) -> None:
    """Show a card for each of the measures in the scope's place and period."""
    keys = tuple(measure.key for measure in shown)
    found = ask(figures.headlines, scope, keys, initiative=scope.initiative, released=scope.released)
    with st.grid(min_column_width=CARD_WIDTH, row_height="content", key="cards"):
        for measure in shown:
            with st.container(border=True, key=f"card-{measure.key}", gap="xsmall", height="stretch"):
                card(scope, measure, found[measure.key])


def card(scope: Scope, measure: Measure, headline: Headline) -> None:
    """Show one card in the place where it is called."""
    shown = headline.figure
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.metric(
            measure.name,
            words.figure(measure, shown.value, shown.state),
            words.change(measure, headline.change) if headline.change is not None else None,
            help=measure.definition,
            # Streamlit takes only a hyphen for a minus, so the arrow is named. A change between different schools is
            # neither good nor bad news: it stays grey.
            delta_arrow=words.direction(measure, headline.change or 0),
            delta_color="off" if headline.bases_differ or not headline.change else _colour(measure, headline.change),
            delta_description=_("since {period}").format(period=words.period(headline.period.shifted(-1), short=True)),
        )
        if shown.value is not None:
            made = drawing(
                f"spark-{measure.key}",
                scope,
                lambda: spark.spark(headline.spark),
                lambda: spark.alt_text(headline.spark, measure.for_charts),
            )
            st.plotly_chart(
                made.figure, key=f"spark-{measure.key}", config=STILL, alt=made.alternative, width=SPARK_WIDTH
            )
    st.caption(_base_line(headline))
    where_from(measure, f"card-where-{measure.key}")


def _colour(measure: Measure, change: float) -> Literal["green", "red", "off"]:
    """Return how a change is coloured: more of what is measured here is what a programme hopes for."""
    colours: dict[words.Direction, Literal["green", "red", "off"]] = {"up": "green", "down": "red", "off": "off"}
    return colours[words.direction(measure, change)]


def _base_line(headline: Headline) -> str:
    """Return what the figure rests on, and what keeps it from being final or measured."""
    shown = headline.figure
    base, before = words.base(shown.base, shown.schools_expected), headline.previous
    if headline.bases_differ and before is not None and before.base is not None:
        month = words.period(headline.period.shifted(-1), short=True)
        base = _("{base}; {count} in {period}").format(base=base, count=format_number(before.base), period=month)
    marks = [words.provisional(shown), _("demonstration") if shown.demonstration else ""]
    return " · ".join([base, *filter(None, marks)])
