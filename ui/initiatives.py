"""The registry on screen: the catalogue of initiatives, and one initiative with all that is known of it."""

import textwrap
from typing import Any

import pandas as pd
import streamlit as st

from access.language import _, format_money, format_number, ngettext
from analytics import registry
from analytics.registry import InitiativeDetail
from charts import timeline
from charts.theme import Caption
from ui import codes, figures, filters, navigation, payments, release_shown, sources, words
from ui.answers import ask_registry, derived, records
from ui.asking import asking
from ui.text import bold, plain

CARD_WIDTH = 320
SUMMARY_LETTERS = 220
ALL = "all"


def chosen() -> InitiativeDetail | None:
    """Return the initiative that the address names, None when it names none or one that is not there."""
    key = filters.address("initiative")
    if key is None:
        return None
    if key not in ask_registry(registry.initiatives)["initiative"].array:
        st.warning(_("There is no initiative “{key}”.").format(key=plain(key[:80])))
        return None
    filters.show("initiative", key)
    return ask_registry(registry.initiative_detail, key)


def catalogue() -> None:
    """Show the initiatives as cards, by country and programme."""
    rows = records(ask_registry(registry.initiatives))
    countries = {ALL: _("All countries")} | {row.country: row.country_name for row in rows}
    programmes = {ALL: _("All programmes")} | {
        row.programme: row.programme_name for row in rows if isinstance(row.programme, str)
    }
    left, middle, right = st.columns(3)
    with left:
        country = filters.choose("country", _("Country"), countries, ALL)
    with middle:
        programme = filters.choose("programme", _("Programme"), programmes, ALL)
    with right:
        statuses = {ALL: _("Any status")} | {row.status: codes.word(row.status, codes.STATUSES) for row in rows}
        status = filters.choose("status", _("Status"), statuses, ALL)
    shown = [
        row
        for row in rows
        if country in (ALL, row.country) and programme in (ALL, row.programme) and status in (ALL, row.status)
    ]
    st.caption(_count(len(shown)))
    if country != ALL:
        _facts(country, countries[country])
    with st.grid(min_column_width=CARD_WIDTH, key="catalogue"):
        for row in shown:
            with st.container(border=True, height="stretch", gap="xsmall", key=f"initiative-{row.initiative}"):
                _card(row)


def _count(count: int) -> str:
    return ngettext("{count} initiative", "{count} initiatives", count).format(count=format_number(count))


def _card(row: Any) -> None:
    st.caption(f"{plain(row.country_name)} · {codes.word(row.kind, codes.KINDS)}")
    st.button(
        bold(plain(row.name)),
        key=f"open-{row.initiative}",
        type="tertiary",
        on_click=filters.go,
        kwargs={"initiative": row.initiative},
    )
    st.write(plain(textwrap.shorten(row.summary, SUMMARY_LETTERS, placeholder=" …")))
    parts = [codes.word(row.status, codes.STATUSES)]
    if row.claims:
        parts.append(
            ngettext("{count} announced figure", "{count} announced figures", row.claims).format(count=row.claims)
        )
    if row.schools_enrolled:
        parts.append(
            ngettext("{count} school reports", "{count} schools report", row.schools_enrolled).format(
                count=format_number(row.schools_enrolled)
            )
        )
    st.caption(" · ".join(parts))


def _facts(country: str, name: str) -> None:
    facts = records(ask_registry(registry.country_facts, country))
    if not facts:
        return
    with st.expander(_("Schools in {country}, by published sources").format(country=plain(name))):
        for fact in facts:
            said = codes.claimed(fact.value, float("nan"), fact.qualifier, "", "")
            st.markdown(
                f"**{codes.word(fact.fact, codes.FACTS)}**, {fact.year}: {said}  \n{sources.source(fact)}"
                + sources.note(fact.note)
            )


def heading(detail: InitiativeDetail) -> None:
    """Show what the initiative is: name, country, programme, kind, status, dates, summary and its source."""
    row = detail.initiative
    st.button(
        _("All initiatives"), type="tertiary", icon=":material/arrow_back:", on_click=filters.go,
        kwargs={"initiative": None},
    )  # fmt: skip
    st.title(plain(row["name"]), anchor=False)
    parts = [row["country_name"], row["programme_name"], codes.word(row["kind"], codes.KINDS)]
    st.caption(" · ".join(filter(None, map(plain, parts))))
    facts = derived(("initiative's facts", row["initiative"]), lambda: _in_short(row))
    st.markdown("\n\n".join([plain(row["summary"]), *facts]))
    earlier = release_shown.chosen()
    if earlier is not None:
        text = _("What is measured is this release's. The registry (steps, claims, targets, money) is told as of now.")
        release_shown.say_beside(earlier, text)


def _in_short(row: dict[str, Any]) -> list[str]:
    """Return where an initiative stands, and the source that says so."""
    facts = {
        _("Status"): codes.word(row["status"], codes.STATUSES),
        _("Announced"): _day(row["announced_on"]),
        _("Starts on"): _day(row["starts_on"]),
        _("Ends on"): _day(row["ends_on"]),
    }
    stands = " · ".join(f"{label}: **{value}**" for label, value in facts.items())
    return [stands, sources.source(pd.Series(row))]


def _day(written: object) -> str:
    return words.rough_date(written) if isinstance(written, str) and written else _("not known")


def partners(detail: InitiativeDetail) -> None:
    """Show who takes part, by role."""
    st.subheader(_("Who takes part"), anchor=False)
    if detail.participations.empty:
        st.write(_("No source names a responsible body."))
        return
    lines = derived(("partners", detail.initiative["initiative"]), lambda: _by_role(detail.participations))
    st.markdown("\n\n".join(lines))


def _by_role(participations: pd.DataFrame) -> list[str]:
    """Return who takes part, a line for each role."""
    lines = []
    for role, name in codes.ROLES.items():
        members = participations[participations["role"] == role]
        if not members.empty:
            said = ", ".join(plain(row.organisation) + sources.cite(row) for row in records(members))
            lines.append(f"{bold(_(name))}: {said}")
    return lines


def course(detail: InitiativeDetail) -> None:
    """Show the milestones in time."""
    steps = detail.milestones
    if steps.empty:
        st.subheader(_("Timeline"), anchor=False)
        st.write(_("No dated steps are known."))
        return
    key, today = detail.initiative["initiative"], asking().at.date()
    caption = Caption(_("the registry's sources"))
    figures.exhibit(
        figures.Exhibit(
            key="timeline",
            title=_("Timeline"),
            frame=steps,
            draw=lambda: timeline.timeline(steps, caption, today),
            tell=lambda: timeline.alt_text(steps, today),
            rows=lambda: _step_table(steps),
            caption=caption,
            chart=f"timeline-{key}",
            drawn_of=today,
            file_name=f"{key}-timeline",
            facts={_("Initiative"): str(detail.initiative["name"])},
        )
    )
    with st.expander(_("All steps with their sources")):
        st.markdown(derived(("steps", key), lambda: "\n\n".join(_step(row) for row in records(steps))))


def _step(step: Any) -> str:
    """Return a step, when it was or will be done, and its source."""
    when = (
        words.rough_date(step.achieved_on)
        if step.achieved_on
        else _("{date}, planned and not confirmed").format(date=words.rough_date(step.due_on))
    )
    return f"**{plain(step.title)}**: {when}  \n{sources.source(step)}{sources.note(step.note)}"


def _step_table(steps: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Step"): steps["title"],
            _("Planned for"): [words.rough_date(day) for day in steps["due_on"]],
            _("Done on"): [words.rough_date(day) for day in steps["achieved_on"]],
            _("Note"): steps["note"],
        }
    )


def money(detail: InitiativeDetail) -> None:
    """Show the fund and its transactions. What no source states is said to be unknown, never zero."""
    st.subheader(_("Money"), anchor=False)
    if detail.funds.empty and detail.transactions.empty:
        st.write(_("No fund and no payment is known. That does not mean that there was none."))
        return
    for fund in records(detail.funds):
        size = format_money(fund.capital, fund.currency) if fund.capital is not None else _("not known")
        owner = _("owner: {owner}").format(owner=plain(fund.owner)) if fund.owner else ""
        mark = _("demonstration") if fund.demonstration else ""
        parts = [part for part in (_("size: {size}").format(size=bold(size)), owner, mark) if part]
        st.markdown(f"**{plain(fund.name)}** · " + " · ".join(parts) + sources.note(fund.note))
        navigation.way_to("money", _("What is known of this fund, and what is not"), fund=fund.fund)
    if detail.transactions.empty:
        st.write(_("No payments are known."))
        return
    payments.table(detail.transactions, ("initiative", detail.initiative["initiative"]))
    navigation.way_to("money", _("See where it went, and what it comes to per teacher"))
