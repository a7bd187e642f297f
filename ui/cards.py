"""Headline cards: a figure with its base, its change, its recent course, and the way to where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from access.language import _, format_number
from analytics import figures
from analytics.figures import Headline
from analytics.scope import Scope
from charts import spark
from charts.theme import CONFIG
from data_model.measures import heads_a_page
from ui import provisional, targets, words
from ui.answers import ask, derived
from ui.figures import Drawing, about, drawing, of_scope, where_from
from ui.text import as_html, bold, plain
from ui.words import Measure

CARD_WIDTH = 330
SPARK_WIDTH = 150  # Streamlit draws no chart narrower than this, and cuts off what does not fit
# A spark line answers no pointer: it is read at a glance, and its values stand in the trend below.
Colour = Literal["green", "red", "off"]
STILL = {**CONFIG, "staticPlot": True}


def headlines(known: dict[str, Measure]) -> list[Measure]:
    """Return the measures that head a page: every rate, and those counts that ask who really takes part."""
    heads = [
        one for one in known.values() if heads_a_page(indicator=one.indicator, kind=one.kind, required=one.required)
    ]
    return sorted(heads, key=lambda one: not one.indicator)


@dataclass(frozen=True)
class Face:
    """What a card shows, in words that are ready to be read, and its recent course where there is one."""

    value: str
    change: str | None
    arrow: words.Direction
    colour: Colour
    since: str | None
    base: str
    target: str
    course: Drawing | None


def row(scope: Scope, shown: Sequence[Measure]) -> None:
    """Show a card for each of the measures in the scope's place and period."""
    keys = tuple(measure.key for measure in shown)
    faces = derived(
        ("cards", scope, keys), lambda: _faces(scope, shown), initiative=scope.initiative, released=scope.released
    )
    with st.grid(min_column_width=CARD_WIDTH, row_height="content", key="cards"):
        for measure in shown:
            with st.container(border=True, key=f"card-{measure.key}", gap="xsmall", height="stretch"):
                card(measure, faces[measure.key])


def answer(scope: Scope, measure: Measure, place: str) -> None:
    """Say in short what the page's address asks for: the figure, where and when, and what it rests on."""

    def said() -> str:
        found = ask(figures.figure, scope, initiative=scope.initiative, released=scope.released)
        value = words.figure(measure, found.value, found.state)
        where = _("{measure}, {place}, {period}").format(
            measure=measure.name, place=place, period=words.period(scope.period)
        )
        return f"{plain(where)}: {bold(value)}  \n:small[{plain(' · '.join(about(scope).sentences()))}]"

    st.markdown(of_scope(("answer", scope, place), scope, said))


def card(measure: Measure, face: Face) -> None:
    """Show one card in the place where it is called. The course stands beside the figure: see uptake.css."""
    st.metric(
        measure.name,
        face.value,
        face.change,
        help=measure.definition,
        delta_arrow=face.arrow,
        delta_color=face.colour,
        delta_description=face.since,
    )
    if face.course is not None:
        key = f"spark-{measure.key}"
        st.plotly_chart(face.course.figure, key=key, config=STILL, alt=face.course.alternative, width=SPARK_WIDTH)
    said = "<br>".join(as_html(line) for line in (face.target, face.base) if line)
    st.html(f'<p class="uptake-small">{said}</p>{where_from(measure, measure.name)}')


def _faces(scope: Scope, shown: Sequence[Measure]) -> dict[str, Face]:
    keys = tuple(measure.key for measure in shown)
    found = ask(figures.headlines, scope, keys, initiative=scope.initiative, released=scope.released)
    return {measure.key: _face(scope, measure, found[measure.key]) for measure in shown}


def _face(scope: Scope, measure: Measure, headline: Headline) -> Face:
    shown, change = headline.figure, headline.change
    return Face(
        value=words.figure(measure, shown.value, shown.state),
        change=words.change(measure, change) if change is not None else None,
        # Streamlit takes only a hyphen for a minus, so the arrow is named. A change between different schools is
        # neither good nor bad news: it stays grey.
        arrow=words.direction(measure, change or 0),
        colour="off" if headline.bases_differ or not change else _colour(measure, change),
        since=None
        if change is None
        else _("since {period}").format(period=words.period(headline.period.shifted(-1), short=True)),
        base=_base_line(headline, provisional.reason(scope.of(measure=measure.key))),
        target=targets.line(scope, measure),
        course=None
        if shown.value is None
        else drawing(
            f"spark-{measure.key}",
            scope,
            lambda: spark.spark(headline.spark),
            lambda: spark.alt_text(headline.spark, measure.for_charts),
        ),
    )


def _colour(measure: Measure, change: float) -> Colour:
    """Return how a change is coloured: more of what is measured here is what a programme hopes for."""
    colours: dict[words.Direction, Colour] = {"up": "green", "down": "red", "off": "off"}
    return colours[words.direction(measure, change)]


def _base_line(headline: Headline, not_final: str) -> str:
    """Return what the figure rests on, and what keeps it from being final or measured."""
    shown = headline.figure
    base, before = words.base(shown.base, shown.schools_expected), headline.previous
    if headline.bases_differ and before is not None and before.base is not None:
        month = words.period(headline.period.shifted(-1), short=True)
        base = _("{base}; {count} in {period}").format(base=base, count=format_number(before.base), period=month)
    marks = [
        _("provisional: {reason}").format(reason=not_final) if not_final else "",
        _("demonstration") if shown.demonstration else "",
    ]
    return " · ".join([base, *filter(None, marks)])
