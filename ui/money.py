"""Money on screen: from fund to recipient, planned and paid out over time, and what it comes to per person reached."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from access.language import N_, _, format_date, format_money, format_number, ngettext
from analytics import funds, money
from analytics.money import Known
from analytics.scope import Scope
from charts import cost, planned_disbursed, sankey
from charts.theme import Caption
from data_model.periods import Period
from ui import codes, figures, filters, payments, release_shown, scope, words
from ui.answers import ask, ask_registry, records
from ui.figures import Exhibit
from ui.text import plain

VIEWS = {
    "flows": N_("From fund to recipient"),
    "cost": N_("Cost per person reached"),
    "funds": N_("Funds"),
    "case": N_("Investment case"),
}
REACHED = {
    "licences_allocated": N_("One licence"),
    "teachers_trained": N_("One trained teacher"),
    "teachers_active": N_("One active teacher"),
}

DEFINITIONS = {
    "commitment": N_("what a fund has promised to pay"),
    "disbursement": N_("what a fund has paid out"),
    "expenditure": N_("what recipients have spent on goods and services"),
}


def choose_country() -> str | None:
    """Let choose among the countries of which a fund is known; None when there is none."""
    rows = records(ask_registry(funds.funds))
    if not rows:
        return None
    names = scope.countries()
    options = {row.country: names.get(row.country, row.country) for row in rows}
    if len(options) == 1:
        st.caption(next(iter(options.values())))
        return filters.show("country", next(iter(options)))
    return filters.choose("country", _("Country"), options, next(iter(options)), resets=("initiative", "currency"))


def choose_view() -> str:
    """Let choose what is told of the money."""
    names = {key: _(title) for key, title in VIEWS.items()}
    return filters.switch("view", _("Show"), names, "flows")


def choose_moment() -> datetime | None:
    """Return the moment up to which payments are told: that of the release which the address names, or a chosen one."""
    earlier = release_shown.chosen()
    if earlier is None:
        return scope.choose_moment()
    text = _("Payments are kept in the registry, not in releases: those up to the day of the release are shown.")
    release_shown.say_beside(earlier, text)
    return earlier.released_at


def known(country: str, moment: datetime | None) -> Known:
    """Return what is known of the country's money at a moment (None: now); say so where that is nothing."""
    if moment is not None:
        text = _("Payments up to {moment}, at the exchange rates known then.")
        st.info(text.format(moment=words.moment(moment)), icon=":material/history:")
    found = ask_registry(money.known, country, moment)
    if not found.transactions:
        st.info(_("No payment of a fund in this country is known. That does not mean that there was none."))
    return found


def choose_currency(found: Known) -> str:
    """Let choose the currency in which amounts are told, where there is a choice."""
    options = {code: code for code in found.currencies}
    if len(options) < 2:
        return filters.show("currency", found.currencies[0])
    return filters.choose("currency", _("Currency"), options, found.currencies[0])


def flows(country: str, found: Known, currency: str, moment: datetime | None) -> None:
    """Show who gave how much to whom: committed, disbursed or spent."""
    kinds = {kind: codes.word(kind, codes.TRANSACTIONS) for kind in codes.TRANSACTIONS}
    kind = filters.switch("kind", _("Kind"), kinds, "commitment")
    frame = ask_registry(money.flows, None, country, currency, kind, moment)
    caption = _caption(bool(frame["demonstration"].any()), int(frame["transactions"].sum()), found)
    figures.exhibit(
        Exhibit(
            key="flows",
            title=_("From fund to recipient: {kind}, {currency}").format(kind=kinds[kind].lower(), currency=currency),
            frame=frame,
            draw=lambda: sankey.sankey(frame, caption, currency),
            tell=lambda: sankey.alt_text(frame, currency),
            rows=lambda: flow_table(frame, currency),
            caption=caption,
            chart=f"flows-{country}-{kind}-{currency}",
            drawn_of=moment,
            file_name=f"{country}-flows-{kind}-{currency}",
            facts={_("Country"): country, _("Kind"): kinds[kind], _("Currency"): currency},
            definitions={kinds[kind]: _(DEFINITIONS[kind])},
            note=_(
                "Amounts as they were paid; another currency only by a dated, sourced rate. What is not known is grey."
            ),
        )
    )
    payments.behind(country, kind, moment)


def flow_table(frame: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return flows under headings people read; who is not known is said to be unknown."""
    unknown = _("not known")
    rows = records(frame)
    return pd.DataFrame(
        {
            _("Fund"): frame["fund_name"],
            _("Initiative"): [row.initiative_name or unknown for row in rows],
            _("Recipient"): [row.recipient or unknown for row in rows],
            _("Amount"): [format_money(row.amount, row.currency) for row in rows],
            _("In {currency}").format(currency=currency): [
                _("no exchange rate") if row.converted is None else format_money(row.converted, currency)
                for row in rows
            ],
            _("Rate of"): ["" if row.rate_day is None else format_date(row.rate_day) for row in rows],
            _("Transactions"): frame["transactions"],
        }
    )


def over_time(found: Known, currency: str, moment: datetime | None) -> None:
    """Show what was committed, disbursed and spent by each month, for one initiative."""
    if not found.initiatives:
        return
    key = _choose_initiative(found)
    frame = ask_registry(money.over_time, key, currency, moment)
    if frame.empty:
        st.write(_("No payments are known."))
        return
    caption = _caption(bool(frame["demonstration"].any()), None, found)
    figures.exhibit(
        Exhibit(
            key="planned",
            title=_("Planned against disbursed: {initiative}").format(initiative=found.initiatives[key]),
            frame=frame,
            draw=lambda: planned_disbursed.planned_disbursed(frame, caption, currency),
            tell=lambda: planned_disbursed.alt_text(frame, currency),
            rows=lambda: month_table(frame),
            caption=caption,
            chart=f"planned-{key}-{currency}",
            drawn_of=moment,
            file_name=f"{key}-planned-disbursed-{currency}",
            facts={_("Initiative"): key, _("Currency"): currency},
            definitions={codes.word(kind, codes.TRANSACTIONS): _(text) for kind, text in DEFINITIONS.items()},
            note=_(
                "A total stays where it is until the next payment. From the first month that no rate tells, it ends."
            ),
        )
    )


def month_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return months under headings people read; a total that no exchange rate tells is said to be unknown."""
    headings = {
        "committed": _("Committed"), "disbursed": _("Disbursed"), "spent": _("Spent"),
        "committed_total": _("Committed in all"), "disbursed_total": _("Disbursed in all"),
        "spent_total": _("Spent in all"),
    }  # fmt: skip
    amounts = {
        heading: [_amount(row[column], row["currency"]) for row in frame.to_dict("records")]
        for column, heading in headings.items()
    }
    return pd.DataFrame({_("Month"): frame["month"], **amounts})


def costs(found: Known, currency: str, moment: datetime | None) -> None:
    """Show what the money comes to for a licence, a trained and an active teacher: blank, with the reason, where one
    side is not known.
    """
    if not found.initiatives:
        return
    key = _choose_initiative(found)
    kinds = {kind: codes.word(kind, codes.TRANSACTIONS) for kind in ("disbursement", "commitment", "expenditure")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="of-cost"):
        kind = filters.switch("paid", _("Money"), kinds, "disbursement")
        asked = _whole_country(key, moment)
    if asked is None:
        st.info(_("No figures of {initiative} have been released yet: there is nothing to divide by.").format(
            initiative=plain(found.initiatives[key])))  # fmt: skip
        return
    frame = ask(money.unit_costs, asked, currency, kind, initiative=key, released=asked.released)
    frame = frame.assign(name=[_(REACHED[measure]) for measure in frame["measure"]])
    caption = figures.about(asked)
    caption = Caption(caption.source, caption.last_update, "", caption.provisional,
                      bool(frame["demonstration"].any()))  # fmt: skip
    figures.exhibit(
        Exhibit(
            key="cost",
            title=_("What one costs, by {period}").format(period=words.period(asked.period)),
            frame=frame,
            draw=lambda: cost.cost(frame, caption),
            tell=lambda: cost.alt_text(frame),
            rows=lambda: cost_table(frame),
            caption=caption,
            chart=f"cost-{key}-{currency}-{kind}",
            file_name=f"{key}-unit-costs-{asked.period.key}-{currency}".replace("/", "-"),
            facts={_("Initiative"): key, _("Period"): asked.period.key, _("Currency"): currency,
                   _("Kind"): kinds[kind]},
            definitions={kinds[kind]: _(DEFINITIONS[kind])},
            note=_(
                "All the money up to the end of the period, divided by the people of that period: three views of one"
                " sum, not parts of it. As paid, not adjusted for prices."
            ),
        ),
        asked,
    )  # fmt: skip


def cost_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return unit costs under headings people read; a cost that cannot be told says why."""
    rows: Sequence[dict[Any, Any]] = frame.to_dict("records")
    return pd.DataFrame(
        {
            _("What"): frame["name"],
            _("Cost"): [cost.in_words(row) for row in rows],
            _("Money in all"): [_amount(row["amount"], row["currency"]) for row in rows],
            _("People"): ["" if pd.isna(row["people"]) else format_number(row["people"]) for row in rows],
            _("Base"): [words.base(row["schools_in_base"], row["schools_expected"]) for row in rows],
            _("Prices of"): [_years(row["price_year_first"], row["price_year_last"]) for row in rows],
        }
    )


def _whole_country(initiative: str, moment: datetime | None) -> Scope | None:
    """Return the scope of the whole country in its newest period, or one that the address names; None without any."""
    row = scope.with_figures().get(initiative)
    if row is None:
        return None
    released, of = scope.whole_country(initiative, row.country)
    moment = moment if of is None else of
    keys = scope.periods(row, released=released, as_of=of)
    if not keys:
        return None
    names = {key: words.period(Period.parse(key)) for key in reversed(keys)}
    period = Period.parse(filters.choose("period", _("Period"), names, keys[-1]))
    return Scope(initiative, next(iter(REACHED)), row.country, period, as_of=moment, released=released)


def _choose_initiative(found: Known) -> str:
    names = found.initiatives
    if len(names) == 1:
        return filters.show("initiative", next(iter(names)))
    return filters.choose("initiative", _("Initiative"), names, next(iter(names)))


def _caption(demonstration: bool, transactions: int | None, found: Known) -> Caption:
    newest = found.newest
    count = found.transactions if transactions is None else int(transactions)
    text = ngettext("{count} transaction", "{count} transactions", count).format(count=format_number(count))
    return Caption(
        source=_("the register of transactions"),
        last_update=format_date(newest) if newest else "",
        base=text,
        demonstration=bool(demonstration),
    )


def _amount(amount: Any, currency: str) -> str:
    return _("not known") if amount is None or pd.isna(amount) else format_money(amount, currency)


def _years(first: Any, last: Any) -> str:
    if pd.isna(first):
        return ""
    return str(first) if first == last else f"{first}\N{EN DASH}{last}"
