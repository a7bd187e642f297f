"""Periods of an initiative: when reports are due, how late they are, what is locked, and locking and unlocking."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import _, format_date, format_number, format_percent, ngettext
from access.permissions import Action
from analytics import due_periods
from data_model.engine import Session
from data_model.periods import Period
from intake import due_days, locking
from ui import acting, filters, leading, words
from ui.answers import records
from ui.asking import asking
from ui.database import reading
from ui.text import bold, plain

DUE_SHOWN = 3
SHOWN_AT_ONCE = 24
LONGEST_REASON = 2_000


def choose_initiative() -> str | None:
    """Let choose among the initiatives whose periods this person may lock; return the chosen one's key."""
    chosen = leading.choose(leading.open_to(Action.LOCK))
    return None if chosen is None else chosen.initiative


def due(initiative: str) -> None:
    """Say to those who report which of the newest periods are due when, what is missing, and what is locked."""
    rows = _periods(initiative).head(DUE_SHOWN)
    if len(rows):
        lines = [f"{words.period(Period.parse(row.period))}: {_standing(row)}" for row in records(rows)]
        st.caption("  \n".join(lines))


def show(initiative: str) -> None:
    """Show the periods as a table, the newest first; those long ago in one that is opened."""
    rows = _periods(initiative)
    with st.container(key="periods"):
        _table(rows.head(SHOWN_AT_ONCE))
        earlier = rows.tail(-SHOWN_AT_ONCE)
        if len(earlier):
            with st.expander(_("Earlier periods ({count})").format(count=format_number(len(earlier)))):
                _table(earlier)


def _table(rows: pd.DataFrame) -> None:
    table = pd.DataFrame(
        [
            {
                _("Period"): words.period(Period.parse(row.period)),
                _("Due"): format_date(row.due_on),
                _("Reported"): _reported(row),
                _("Locked"): _locked(row),
            }
            for row in records(rows)
        ]
    )
    st.table(table, hide_index=True, border="horizontal")


def change(initiative: str) -> None:
    """Let choose one of the periods and move its due day, lock it or unlock it, each in a form of its own."""
    rows = {row.period: row for row in records(_periods(initiative))}
    st.subheader(_("One period"), anchor=False)
    key = filters.choose(
        "lock_period", _("Period"), {key: words.period(Period.parse(key)) for key in rows}, next(iter(rows))
    )
    row, period = rows[key], Period.parse(key)
    if row.locked:
        st.write(_locked(row))
        _unlocking(initiative, period)
        return
    st.write(_("Open: files for it can be submitted and accepted. It is {standing}.").format(standing=_standing(row)))
    left, right = st.columns(2)
    with left:
        _due_day(initiative, period, row.due_on)
    with right:
        _locking(initiative, period)


def _due_day(initiative: str, period: Period, due_on: date) -> None:
    with st.form("due-day-form", border=True, height="stretch"):
        st.markdown(bold(_("Move the due day")))
        st.write(
            _(
                "Who reports by the end of that day is on time, also who has reported already. A question as of an"
                " earlier moment is answered with the day that held then. Now it is {date}."
            ).format(date=format_date(due_on))
        )
        st.date_input(
            _("New due day"), value=due_on, min_value=period.ends_on, key=f"due-day-{period.key}", width=240,
            format=words.date_format(),
            max_value=period.ends_on + timedelta(days=locking.MOST_DAYS),
        )  # fmt: skip
        st.text_area(_("Why it is moved"), key="due-reason", max_chars=LONGEST_REASON, height=80)
        label = _("Move the due day of {period}").format(period=words.period(period))
        st.form_submit_button(label, icon=":material/event:", key="move-due", on_click=_move, args=(initiative, period))


def _locking(initiative: str, period: Period) -> None:
    with st.form("lock-form", border=True, height="stretch"):
        st.markdown(bold(_("Lock this period")))
        st.write(
            _(
                "Nothing in it changes any more: no file for it is taken, accepted or undone until somebody unlocks it."
                " What waits for review keeps waiting."
            )
        )
        st.text_area(_("Why it is locked"), key="lock-reason", max_chars=LONGEST_REASON, height=80)
        label = _("Lock {period}").format(period=words.period(period))
        st.form_submit_button(
            label, icon=":material/lock:", key="lock", on_click=_change, args=(initiative, period, False)
        )


def _unlocking(initiative: str, period: Period) -> None:
    with st.form("unlock-form", border=True):
        st.markdown(bold(_("Unlock this period")))
        st.write(
            _(
                "Files for it can be submitted, accepted and undone again. That it was locked, and why it is not any"
                " more, stays on record. To move its due day, unlock it first."
            )
        )
        st.text_area(_("Why it is unlocked"), key="unlock-reason", max_chars=LONGEST_REASON, height=80)
        label = _("Unlock {period}").format(period=words.period(period))
        st.form_submit_button(
            label, icon=":material/lock_open:", key="unlock", on_click=_change, args=(initiative, period, True)
        )


def rule(initiative: str) -> None:
    """Show and let change after how many days periods lock themselves."""
    with reading() as session:
        days = due_periods.rule_in_days(session, initiative, who=asking().who, at=asking().at)
    st.subheader(_("Locking by itself"), anchor=False)
    if days is None:
        st.write(_("Periods stay open until somebody locks them."))
    else:
        text = ngettext(
            "Periods lock themselves {count} day after they are due.",
            "Periods lock themselves {count} days after they are due.",
            days,
        )
        st.write(text.format(count=format_number(days)))
    with st.form("lock-rule", border=True):
        st.number_input(
            _("Days after the due day (empty: never)"), min_value=0, max_value=locking.MOST_DAYS, value=days, step=1,
            key="lock-days",
        )  # fmt: skip
        st.text_input(_("Why this rule"), key="lock-rule-reason", max_chars=500)
        st.form_submit_button(_("Set this rule"), key="set-rule", on_click=_set_rule, args=(initiative,))


def _periods(initiative: str) -> pd.DataFrame:
    with reading() as session:
        return due_periods.due_periods(session, initiative, who=asking().who, at=asking().at)


def _standing(row: Any) -> str:
    parts = [_("due {date}").format(date=format_date(row.due_on)), _reported(row)]
    if row.locked:
        parts.append(_("locked"))
    return " · ".join(parts)


def _reported(row: Any) -> str:
    """Say how much has come; after the due day, what has not: a few schools are late, not the whole period."""
    if pd.isna(row.schools_expected):
        come = _("nothing reported yet")
        late = ngettext("{count} day late", "{count} days late", row.days_late)
        return f"{come}, {late.format(count=format_number(row.days_late))}" if row.days_late else come
    come = f"{format_percent(row.share / 100)} ({words.base(row.schools_reporting, row.schools_expected)})"
    if not row.days_late:
        return come
    missing = int(row.schools_expected - row.schools_reporting)
    still = ngettext("{count} school still missing", "{count} schools still missing", missing)
    return f"{come}, {still.format(count=format_number(missing))}"


def _locked(row: Any) -> str:
    if not row.locked:
        return _("not locked")
    since = words.moment(row.locked_since)
    if row.automatic:
        return _("Locked by the rule since {moment}").format(moment=since)
    text = _("Locked by {name} since {moment}: {reason}")
    return text.format(name=plain(row.locked_by or "–"), moment=since, reason=plain(row.reason))


def _change(initiative: str, period: Period, locked: bool) -> None:
    field = "unlock-reason" if locked else "lock-reason"
    reason = st.session_state[field]
    deed: Callable[..., Any] = locking.unlock if locked else locking.lock

    def change(session: Session, who: Identity, at: datetime) -> str:
        one = next(found for found in permissions.visible_initiatives(session, who) if found.key == initiative)
        deed(session, one, period, by=who, reason=reason, at=at)
        text = _("{period} is open again.") if locked else _("{period} is locked. Nothing in it changes any more.")
        return text.format(period=words.period(period))

    if acting.act(change):
        st.session_state[field] = ""


def _move(initiative: str, period: Period) -> None:
    reason, day = st.session_state["due-reason"], st.session_state[f"due-day-{period.key}"]

    def move(session: Session, who: Identity, at: datetime) -> str:
        one = next(found for found in permissions.visible_initiatives(session, who) if found.key == initiative)
        moved = due_days.move_due_day(session, one, period, day, by=who, reason=reason, at=at)
        text = _("{period} is due on {date} now; it was {before}.")
        return text.format(
            period=words.period(period), date=format_date(moved.due_on), before=format_date(moved.before)
        )

    if acting.act(move):
        st.session_state["due-reason"] = ""


def _set_rule(initiative: str) -> None:
    days, reason = st.session_state["lock-days"], st.session_state["lock-rule-reason"]

    def set_rule(session: Session, who: Identity, at: datetime) -> str:
        one = next(found for found in permissions.visible_initiatives(session, who) if found.key == initiative)
        locking.lock_after(session, one, None if days is None else int(days), by=who, reason=reason, at=at)
        return _("The rule is set.")

    if acting.act(set_rule):
        st.session_state["lock-rule-reason"] = ""
