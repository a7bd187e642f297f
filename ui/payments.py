"""The transactions behind pictures of money, each with its source: where every amount comes from."""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from access.language import _, format_date, format_money
from analytics import registry
from data_model.engine import Session
from ui import codes, downloads, figures, share
from ui.answers import ask_registry, records


def behind(country: str, kind: str, moment: datetime | None) -> None:
    """Show on demand the transactions of one kind of a country's funds, and let them be taken away."""
    rows = _of_kind(country, kind, moment)
    with st.expander(_("Where does this come from?"), icon=":material/account_tree:"):
        if rows.empty:
            st.write(_("No payments are known."))
            return
        table(rows, (country, kind, moment))
        told = {_("Title"): _("Payments"), _("Kind"): codes.word(kind, codes.TRANSACTIONS), _("Country"): country}
        taken = downloads.Taken(
            lambda: rows, lambda: told, f"{country}-payments-{kind}",
            demonstration=bool(rows["demonstration"].any()), address=share.address(),
        )  # fmt: skip
        downloads.csv_button(taken, key="csv-payments")


def table(rows: pd.DataFrame, name: Hashable) -> None:
    """Show transactions as a table; a source opens by its link, and what nobody named is left out or empty. `name` says
    whose they are.
    """
    link = {_("Link"): st.column_config.LinkColumn(display_text=_("open"))}
    shown = figures.sent(("payments", name), None, lambda: in_words(rows))
    st.dataframe(shown, hide_index=True, alt=_("Payments"), column_config=link)


def in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return transactions under headings people read, without the columns of which nothing is known."""
    shown: dict[str, Iterable[Any]] = {
        _("Date"): [format_date(day) for day in rows["happened_on"]],
        _("Kind"): [codes.word(kind, codes.TRANSACTIONS) for kind in rows["kind"]],
        _("Amount"): [format_money(row.amount, row.currency) for row in records(rows)],
        _("Fund"): rows["fund_name"],
        _("Payer"): rows["from_organisation"],
        _("Payee"): rows["to_organisation"],
        _("Source"): rows["publisher"],
        _("Link"): rows["url"],
        _("Note"): rows["note"],
        _("Demonstration"): [_("demonstration") if invented else "" for invented in rows["demonstration"]],
    }
    said = {heading: [cell if isinstance(cell, str) else "" for cell in cells] for heading, cells in shown.items()}
    return pd.DataFrame({heading: cells for heading, cells in said.items() if any(cells)})


def _of_kind(country: str, kind: str, moment: datetime | None) -> pd.DataFrame:
    return ask_registry(_payments, country, kind, moment)


def _payments(session: Session, country: str, kind: str, moment: datetime | None) -> pd.DataFrame:
    rows = registry.payments(session, country=country, as_of=moment)
    return rows[rows["kind"] == kind].reset_index(drop=True)
