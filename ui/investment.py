"""The investment case on screen: a scenario whose assumptions can be moved, and the sources they start from."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
import streamlit as st

from access.language import _, format_compact, format_money, format_number, ngettext
from analytics import investment
from analytics.investment import Assumptions, Benchmarks, Case
from charts import scenario
from charts.theme import Caption
from ui import codes, figures, filters, sources
from ui.answers import ask_registry, records
from ui.figures import Exhibit
from ui.text import bold


@dataclass(frozen=True)
class Span:
    """The scenario three times: at the least, the middle and the most return that is assumed."""

    least: Case
    middle: Case
    most: Case

    @property
    def years(self) -> pd.DataFrame:
        """What is taken away: spending and the bounds of what comes back, by year."""
        frame = self.middle.years[["year", "spending", "spending_percent_of_gdp", "spending_total"]]
        return frame.assign(
            returned_least_total=self.least.years["returned_total"],
            returned_middle_total=self.middle.years["returned_total"],
            returned_most_total=self.most.years["returned_total"],
        )


def case(country: str) -> None:
    """Show the scenario of a country: its assumptions as sliders, the years, what they come to, and the sources."""
    found = ask_registry(investment.benchmarks, country)
    start = found.assumptions()
    if start is None:
        st.info(_("No scenario can be made: the registry has no GDP of this country, or no benchmark."))
        return
    st.warning(
        _(
            "A scenario with assumptions you can move. Nothing in it is measured, nothing is a forecast, and no number"
            " is the budget or the result of a fund."
        ),
        icon=":material/warning:",
    )
    span = assumed(start, found)
    st.markdown("\n".join(f"- {sentence}" for sentence in in_words(span)))
    _picture(country, span)
    cited(found)


def assumed(start: Assumptions, found: Benchmarks) -> Span:
    """Let move the assumptions; return the scenario at the least and at the most return."""
    with st.container(border=True, key="assumptions"):
        left, right = st.columns(2, gap="medium")
        with left:
            (spending,) = filters.slide(
                "spend", _("Spending in all, % of one year's GDP"), (0, 10, 0.5), (float(start.spending_percent),),
                help=_("Benchmark: {low} to {high}% among leading countries.").format(
                    low=format_number(found.spending_low or 0), high=format_number(found.spending_high or 0)
                ),
            )  # fmt: skip
            (years,) = filters.slide("years", _("Years of spending"), (1, 10, 1), (start.spending_years,))
            (first,) = filters.slide("first", _("First year with a return"), (1, 10, 1), (start.first_return_year,))
        with right:
            low, high = filters.slide(
                "growth", _("Return a year at full spending, % of GDP, least and most"), (0, 3, 0.1),
                (0, float(start.growth_percent)),
                help=_("Benchmark: up to {most}. “Up to” includes nothing at all.").format(
                    most=format_number(start.growth_percent, 1)
                ),
            )  # fmt: skip
            (multiplier,) = filters.slide(
                "times", _("The return ends at so many times the spending"), (0, 10, 0.5), (float(start.multiplier),),
                help=_("Benchmark: 5 to 1, taken as an upper bound: no source says by when."),
            )  # fmt: skip
            (discount,) = filters.slide("discount", _("What comes later weighs less, % a year"), (0, 10, 0.5), (0,))
        (horizon,) = filters.slide("horizon", _("Years shown"), (10, 30, 1), (start.horizon,))
    moved = replace(
        start, spending_percent=_exact(spending), spending_years=int(years), multiplier=_exact(multiplier),
        first_return_year=int(first), discount_percent=_exact(discount), horizon=int(horizon),
    )  # fmt: skip
    returns = (low, (low + high) / 2, high)
    return Span(*(investment.case(replace(moved, growth_percent=_exact(growth))) for growth in returns))


def in_words(span: Span) -> list[str]:
    """Return what the scenario comes to: what is spent, when that has come back, what the benchmarks need to agree."""
    assumptions = span.most.assumptions
    spending = ngettext(
        "Spent: {amount} in {count} year, {share}% of the GDP of {year} ({gdp}).",
        "Spent: {amount} in {count} years, {share}% of the GDP of {year} ({gdp}).",
        assumptions.spending_years,
    ).format(
        amount=_short(span.most.spending, assumptions), count=assumptions.spending_years,
        share=format_number(assumptions.spending_percent, 1), year=assumptions.gdp_year,
        gdp=_short(assumptions.gdp, assumptions),
    )  # fmt: skip
    said = [spending, _even(_("At the most return"), span.most), _even(_("At the least return"), span.least)]
    if span.most.years_to_multiplier is not None and span.most.spending:
        text = _(
            "At the full return it takes {years} years to reach {times} times the spending: no source says that it"
            " lasts so long."
        )
        said.append(
            text.format(
                times=format_number(assumptions.multiplier, 1), years=format_number(span.most.years_to_multiplier, 1)
            )
        )
    return said


def _even(opening: str, one: Case) -> str:
    if one.breaks_even_in is None:
        text = _("{opening}: what was spent has not come back within {horizon} years.")
        return text.format(opening=opening, horizon=one.assumptions.horizon)
    return _("{opening}: what was spent has come back in year {year}.").format(opening=opening, year=one.breaks_even_in)


def _picture(country: str, span: Span) -> None:
    assumptions, frame = span.most.assumptions, span.years
    caption = Caption(
        source=_("a scenario of assumptions, its benchmarks named below"),
        base=_("GDP of {year} in {currency}, at the prices of that year").format(
            year=assumptions.gdp_year, currency=assumptions.currency
        ),
    )
    figures.exhibit(
        Exhibit(
            key="case",
            title=_("What would be spent and come back, added up"),
            frame=frame,
            draw=lambda: scenario.scenario(
                span.middle.years,
                caption,
                assumptions.currency,
                breaks_even_in=span.middle.breaks_even_in,
                least=span.least.years,
                most=span.most.years,
            ),
            tell=lambda: scenario.alt_text(
                span.middle.years, assumptions.currency, breaks_even_in=span.middle.breaks_even_in
            ),
            rows=lambda: table(frame, assumptions.currency),
            caption=caption,
            chart=f"case-{country}",
            drawn_of=(span.least.assumptions, span.middle.assumptions, span.most.assumptions),
            file_name=f"{country}-investment-case",
            facts=_facts(span),
            definitions={
                _("Assumed return"): _(
                    "what is taken to come back of such spending: the line is the middle, the band from least to most"
                )
            },
        )
    )


def table(frame: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return the scenario's years under headings people read."""
    headings = {
        "spending": _("Spending"), "spending_total": _("Spending in all"),
        "returned_least_total": _("Come back in all, least"), "returned_middle_total": _("Come back in all, middle"),
        "returned_most_total": _("Come back in all, most"),
    }  # fmt: skip
    amounts = {name: [format_money(one, currency) for one in frame[column]] for column, name in headings.items()}
    return pd.DataFrame({_("Year"): frame["year"], **amounts})


def cited(found: Benchmarks) -> None:
    """Show the benchmarks as claims with their sources and grades, and the GDP with its own."""
    st.subheader(_("Where the benchmarks come from"), anchor=False)
    st.caption(
        _("Said by somebody on a date, about other countries or as an expectation. Not measured, and no fund's.")
    )
    for row in records(found.cited):
        with st.container(border=True, key=f"cited-{row.claim}"):
            st.markdown(sources.claim(row))
    for fact in records(found.gdp_fact):
        said = codes.claimed(fact.value, float("nan"), fact.qualifier, "USD", "")
        gdp = bold(_("GDP"))
        st.markdown(f"{gdp}, {fact.year}: {said}  \n{sources.source(fact)}{sources.note(fact.note)}")


def _facts(span: Span) -> dict[str, str]:
    low, high = span.least.assumptions, span.most.assumptions
    return {
        _("Spending in all, % of one year's GDP"): str(high.spending_percent),
        _("Years of spending"): str(high.spending_years),
        _("First year with a return"): str(high.first_return_year),
        _("Return a year at full spending, % of GDP, least and most"): f"{low.growth_percent}; {high.growth_percent}",
        _("The return ends at so many times the spending"): str(high.multiplier),
        _("What comes later weighs less, % a year"): str(high.discount_percent),
    }


def _short(amount: Decimal, assumptions: Assumptions) -> str:
    return f"{format_compact(amount)} {assumptions.currency}"


def _exact(value: float) -> Decimal:
    return Decimal(f"{value:g}")
