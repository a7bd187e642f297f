"""A fund's page: where its capital comes from, what it pays for, and what is not known about it.

What was said of others when a fund was announced stands apart and is never shown as the fund's size or result.
"""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.language import N_, _, format_money
from analytics import funds
from analytics.funds import FundFacts
from ui import filters, navigation, scope, sources
from ui.answers import ask_registry, records
from ui.text import bold, plain

UNKNOWN = {
    "capital": N_("How large it is: no source states its size."),
    "owner": N_("Who owns and manages it."),
    "portfolio": N_("What it has promised or paid: no payment is known."),
}


def chosen() -> FundFacts | None:
    """Return the fund that the address names, None when it names none or one that is not there."""
    key = filters.address("fund")
    if key is None:
        return None
    if key not in set(ask_registry(funds.funds)["fund"]):
        st.warning(_("There is no fund “{key}”.").format(key=plain(key[:80])))
        return None
    filters.show("fund", key)
    return ask_registry(funds.fund_facts, key)


def listing(country: str) -> None:
    """Show the country's funds, each opening its page."""
    for row in records(ask_registry(funds.funds, country)):
        facts = ask_registry(funds.fund_facts, row.fund)
        with st.container(border=True, key=f"fund-{row.fund}", gap="xsmall"):
            st.button(
                bold(plain(row.name)), key=f"open-{row.fund}", type="tertiary", icon=":material/account_balance:",
                on_click=filters.go, kwargs={"fund": row.fund},
            )  # fmt: skip
            st.markdown(" · ".join(_in_short(facts)))


def heading(facts: FundFacts) -> DeltaGenerator:
    """Show what the fund is called, where it is, and the ways back and on; return the page's corner."""
    st.button(_("All money"), type="tertiary", icon=":material/arrow_back:", on_click=filters.go, kwargs={"fund": None})
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(facts.name), anchor=False)
        corner = st.container(width="content")
    parts = [scope.countries().get(facts.country, facts.country), _("demonstration") if facts.demonstration else ""]
    st.caption(" · ".join(plain(part) for part in parts if part))
    if facts.initiative:
        navigation.way_to("initiatives", _("The Fund as an initiative: partners, steps, claims"),
                          initiative=facts.initiative)  # fmt: skip
    return corner


def capital(facts: FundFacts) -> None:
    """Show its size, where the capital comes from and who owns it: unknown where no source says."""
    st.subheader(_("Capital"), anchor=False)
    st.markdown("  \n".join(f"{label}: {text}" for label, text in capital_in_words(facts).items()))
    if facts.source.get("url"):
        st.markdown(sources.source(pd.Series(facts.source)) + sources.note(facts.note))
    elif facts.note:
        st.markdown(f"*{plain(facts.note)}*")
    for row in records(facts.own_claims):
        st.markdown(sources.claim(row))
    if len(facts.own_claims) > 1:
        st.caption(_("These figures stand side by side. None is taken for the size of the fund."))


def capital_in_words(facts: FundFacts) -> dict[str, str]:
    """Return size, origin of the capital and owner, each said to be unknown where no source states it."""
    unknown = bold(_("not known"))
    payers = ", ".join(plain(row.organisation) + sources.cite(row) for row in records(facts.capital_sources))
    size = (
        bold(format_money(facts.capital, facts.currency)) if facts.capital is not None and facts.currency else unknown
    )
    return {
        _("Size"): size,
        _("Capital comes from"): payers or unknown,
        _("Owner"): plain(facts.owner) if facts.owner else unknown,
    }


def portfolio(facts: FundFacts) -> None:
    """Show what it pays for, by initiative and currency."""
    st.subheader(_("Portfolio"), anchor=False)
    if facts.portfolio.empty:
        st.write(_("No payments are known."))
        return
    st.dataframe(portfolio_table(facts.portfolio), hide_index=True, alt=_("Portfolio"))
    _way_on(_("See where it went"), facts, "flows")


def portfolio_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a portfolio under headings people read."""
    rows: list[Any] = records(frame)
    return pd.DataFrame(
        {
            _("Initiative"): [row.initiative_name or _("not known") for row in rows],
            _("Committed"): [format_money(row.committed, row.currency) for row in rows],
            _("Disbursed"): [format_money(row.disbursed, row.currency) for row in rows],
            _("Transactions"): frame["transactions"],
        }
    )


def not_known(facts: FundFacts) -> None:
    """Say what no source tells, so that nobody fills it in."""
    if not facts.unknown:
        return
    st.subheader(_("What is not known"), anchor=False)
    st.markdown("\n".join(f"- {_(UNKNOWN[what])}" for what in facts.unknown))
    st.caption(_("Looked for in the sources of the registry. What is unknown is not zero."))


def benchmarks(facts: FundFacts) -> None:
    """Show what was said of others when the fund was announced, apart from all that is known of it."""
    if facts.benchmarks.empty:
        return
    st.subheader(_("Said of others when it was announced"), anchor=False)
    st.warning(
        _("Benchmarks and expectations. None of them is the fund's size, its budget or its result."),
        icon=":material/warning:",
    )
    for row in records(facts.benchmarks):
        with st.container(border=True, key=f"benchmark-{row.claim}"):
            st.markdown(sources.claim(row))
    _way_on(_("Set them against each other in a scenario"), facts, "case")


def _way_on(label: str, facts: FundFacts, view: str) -> None:
    """Show the way to another view of the same page."""
    st.button(
        label, type="tertiary", icon=":material/arrow_forward:", on_click=filters.go,
        kwargs={"fund": None, "country": facts.country, "view": view},
    )  # fmt: skip


def _in_short(facts: FundFacts) -> list[str]:
    size = _("size: {size}").format(size=capital_in_words(facts)[_("Size")])
    return [size, *([_("demonstration")] if facts.demonstration else [])]
