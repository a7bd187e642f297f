"""What was announced beside what is measured: next to each other, never added, never divided by each other."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from access.language import _
from analytics.announced import announced_and_measured
from analytics.registry import InitiativeDetail
from analytics.scope import Scope
from charts import claims
from charts.theme import Caption
from data_model.periods import Period
from data_model.releases import FigureState
from ui import codes, scope, sources, words
from ui.answers import ask, records
from ui.asking import asking
from ui.figures import Exhibit, about, exhibit, of_scope
from ui.scope import Asked
from ui.text import bold, plain
from ui.words import Measure


@dataclass(frozen=True)
class Told:
    """A claim in words: what was said, by whom, and what contradicts it; and what is measured of it (`nothing`: that
    nothing is).
    """

    said: str
    measured: str
    nothing: str


def beside_measured(asked: Asked) -> None:
    """Show each claim about the initiative, and the figure of the same definition where schools report one."""
    frame = _asked(asked.scope)
    if not frame.empty:
        _picture(frame, asked.scope, asked.measures, about(asked.scope))


def of_initiative(detail: InitiativeDetail) -> None:
    """Show what was announced of an initiative beside what is measured, claim by claim; what contradicts itself side
    by side.
    """
    if detail.claims.empty:
        st.subheader(_("Announced"), anchor=False)
        st.write(_("No figures were announced, or none was found."))
        return
    key, country = str(detail.initiative["initiative"]), str(detail.initiative["country"])
    released, moment = scope.whole_country(key, country)
    newest = scope.latest_period(key, released=released, as_of=moment)
    measures = scope.measures(key)
    first = next(iter(measures), "")
    # Where nobody reports there is no period: the claims stand alone.
    period = newest or Period.containing(asking().at.date())
    shown = Scope(key, first, country, period, as_of=moment, released=released)
    frame = _asked(shown)
    caption = Caption(_("the registry's sources")) if newest is None else about(shown)
    _picture(frame, shown, measures, caption)
    st.subheader(_("Claim by claim"), anchor=False)
    told = of_scope(("claims", shown), shown, lambda: _told(frame, measures))
    for figure, claims_of in told.items():
        # Claims with what is measured beside them stand in two columns, which are not Streamlit's: see uptake.css.
        with st.container(border=True, key=f"claims-{'beside' if measures else 'alone'}-{figure}", gap="small"):
            st.markdown(bold(codes.word(figure, codes.FIGURES)) + _warning(claims_of))
            for one in claims_of:
                _one(one)


def _warning(claims_of: list[Told]) -> str:
    if len(claims_of) < 2:
        return ""
    return "  \n" + _("Several figures were announced. Read who is counted before you compare them.")


def _one(told: Told) -> None:
    """Show one claim with its source, what contradicts it, and beside it what is measured."""
    st.markdown(told.said)
    if told.measured:
        st.markdown(told.measured)
    elif told.nothing:
        st.caption(told.nothing)


def _told(frame: pd.DataFrame, measures: dict[str, Measure]) -> dict[str, list[Told]]:
    """Return the claims in words, by what they are about."""
    told: dict[str, list[Told]] = {}
    for row in records(frame):
        against = [f":material/compare_arrows: {conflict}" for conflict in contradicted_by(row, frame)]
        nothing = _("Nothing of this definition is measured.") if measures else ""
        one = Told("\n\n".join([sources.claim(row), *against]), _beside(row, measures), nothing)
        told.setdefault(str(row.figure), []).append(one)
    return told


def _beside(row: Any, measures: dict[str, Measure]) -> str:
    """Return what is measured of a claim with its name and period; empty where nothing is."""
    if row.measure not in measures:
        return ""
    period = words.period(Period.parse(row.measured_period)) if row.measured_period else ""
    label = _("Measured, {period}").format(period=period) if period else _("Measured")
    return f"{label}: {bold(plain(_measured(row, measures)))}  \n{plain(measures[row.measure].name)}"


def contradicted_by(row: Any, frame: pd.DataFrame) -> list[str]:
    """Return what contradicts a claim, each in words with its publisher and grade; nothing is decided between them."""
    others = frame[frame["claim"].isin(str(row.conflicts_with).split())]
    return [
        _("Contradicted by: {claim} ({publisher}, grade {grade}).").format(
            claim=plain(claim(other)), publisher=plain(other.publisher), grade=plain(other.grade)
        )
        for other in records(others)
    ]


def _asked(shown: Scope) -> pd.DataFrame:
    arguments = (shown.initiative, shown.period, shown.as_of, shown.released)
    return ask(announced_and_measured, *arguments, initiative=shown.initiative, released=shown.released)


def _picture(frame: pd.DataFrame, shown: Scope, measures: dict[str, Measure], caption: Caption) -> None:
    key = shown.initiative
    exhibit(
        Exhibit(
            key="announced",
            title=_("Announced and measured"),
            frame=frame,
            draw=lambda: claims.announced(_labelled(frame), caption),
            tell=lambda: claims.alt_text(_labelled(frame)),
            rows=lambda: _table(frame, measures),
            caption=caption,
            chart="announced",
            file_name=f"{key}-announced-{shown.period.key}".replace("/", "-"),
            facts={_("Initiative"): key, _("Period"): shown.period.key},
            note=_(
                "What was announced, by whoever said it, and what schools report, for the whole country. The two are"
                " never added or divided: they may count different people. An open mark is a hedged figure."
            ),
            columns={
                _("Source"): st.column_config.LinkColumn(display_text=_("open")),
                _("Grade"): st.column_config.TextColumn(help="  \n".join(_(text) for text in codes.GRADES.values())),
            },
        ),
        shown,
    )


def _table(frame: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """Return claims as rows that people read: what, how exactly, about whom, when, and the source with its grade."""
    rows = records(frame)
    values = {row.claim: claim(row) for row in rows}
    return pd.DataFrame(
        {
            _("Claim"): [codes.word(row.figure, codes.FIGURES) for row in rows],
            _("Announced"): list(values.values()),
            _("Who is counted"): frame["population"],
            _("As of"): [words.rough_date(row.as_of) for row in rows],
            _("Measured"): [_measured(row, measures) for row in rows],
            _("Contradicted by"): ["; ".join(values[key] for key in row.conflicts_with.split()) for row in rows],
            _("Kind"): [codes.word(row.kind, codes.CLAIM_KINDS) for row in rows],
            _("Grade"): frame["grade"],
            _("Publisher"): frame["publisher"],
            _("Source"): frame["url"],
            _("Note"): [sources.with_publishers(row.note) for row in rows],
        }
    )


def claim(row: Any) -> str:
    """Return an announced figure in words, hedged as it was."""
    return codes.claimed(row.value, row.value_high, row.qualifier, row.unit, row.period)


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(label=[_label(row) for row in records(frame)])


def _label(row: Any) -> str:
    what = codes.word(row.figure, codes.FIGURES)
    parts = [
        what,
        codes.word(row.period, codes.CLAIM_PERIODS),
        words.rough_date(row.as_of) if row.as_of else _("undated"),
    ]
    return ", ".join(part for part in parts if part)


def _measured(row: Any, measures: dict[str, Measure]) -> str:
    if row.measure not in measures:
        return _("nothing of this definition")
    said = words.figure(measures[row.measure], row.measured, row.measured_state)
    if row.measured_state != FigureState.REPORTED:
        return said
    base = words.base(row.schools_in_base, row.schools_expected)
    parts = [base, _("demonstration")] if row.demonstration else [base]
    return f"{said} ({', '.join(parts)})"
