"""Releases on screen: what the next one would show, making it, all there are with their files, and taking one back."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from access import instance_settings, permissions
from access.identity import Identity
from access.language import N_, _, format_date, format_number, ngettext
from access.permissions import Action
from access.refusal import Refusal
from data_model.engine import Session
from data_model.periods import Period
from publishing import described, releases
from publishing.addresses import of_release
from publishing.preview import Preview, preview
from publishing.web.resources import FILES, ROOT
from ui import acting, citing, words
from ui.answers import ask_anything, ask_registry, forget, records
from ui.asking import asking
from ui.database import reading
from ui.text import plain

ROWS = 200  # of the changes: what is beyond goes by the counts
FILE_NAMES = {
    "figures.csv": N_("CSV"),
    "release.json": N_("JSON"),
    "datapackage.zip": N_("Data package"),
}
CHANGES = {
    "new": N_("new"),
    "changed": N_("changed"),
    "now_withheld": N_("withheld from now on"),
    "now_shown": N_("shown from now on"),
    "gone": N_("no longer there"),
}
REASONS = {
    "small_count": N_("a count of few people"),
    "same_people": N_("about the same few people"),
    "gives_away": N_("would give another away"),
}
PROVISIONAL = {
    "below_threshold": N_("too few schools have reported"),
    "not_yet_due": N_("reports are not due yet"),
}


def may_release() -> bool:
    """Return whether who asks may release figures: then the page begins with the next release."""
    return permissions.may_somewhere(asking().who, Action.RELEASE)


def next_one() -> None:
    """Show what a release made now would let the public see, and let make it."""
    st.subheader(_("The next release"), anchor=False)
    newest = _newest()
    try:
        number = None if newest is None else int(newest.release)
        with reading() as session:
            threshold = instance_settings.disclosure_threshold(session)
        found = ask_anything(_previewed, asking().who, threshold, number)
    except Refusal as refused:
        st.info(refused.message, icon=":material/info:")
        return
    st.caption(
        _(
            "Counts of people below {threshold} are withheld, with whatever would give them away. An administrator sets"
            " this for the instance; another rule holds from the next release on."
        ).format(threshold=threshold)
    )
    _in_short(found)
    _to_withdraw(found)
    _changes(found)
    _withheld(found)
    _provisional(found)
    st.text_area(_("What the public is told about this release"), key="release-note", max_chars=2000)
    st.button(
        _("Release these figures"), type="primary", icon=":material/publish:", key="release-make",
        on_click=_release, args=(found.fingerprint,),
    )  # fmt: skip


def listing() -> None:
    """Show all releases: number, day, note, files, and how to cite them; those withdrawn with the reason."""
    with reading() as session:
        rows = records(releases.listing(session))
    if not rows:
        st.write(_("Nothing has been released yet."))
    for row in rows:
        with st.container(border=True, key=f"release-{row.release}", gap="xsmall"):
            _one(row)


def _one(row: Any) -> None:
    title = _("Release {number}, {date}").format(number=row.release, date=format_date(row.released_at.date()))
    st.subheader(title, anchor=False)
    if row.note:
        st.write(plain(row.note))
    if not pd.isna(row.withdrawn_at):
        said = _("Withdrawn on {date}: {reason}")
        date = format_date(row.withdrawn_at.date())
        st.warning(said.format(date=date, reason=plain(row.withdrawal_reason)), icon=":material/block:")
        return
    counts = ngettext(
        "{count} figure, {withheld} withheld (counts of people below {threshold})",
        "{count} figures, {withheld} withheld (counts of people below {threshold})",
        row.figures,
    ).format(count=format_number(row.figures), withheld=format_number(row.suppressed), threshold=row.threshold)
    st.caption(" · ".join([counts, _("demonstration")] if row.demonstration else [counts]))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            _("Open"), key=f"open-release-{row.release}", icon=":material/visibility:", on_click=_show,
            args=(int(row.release),),
        )  # fmt: skip
        for name, label in FILE_NAMES.items():
            assert name in FILES
            st.markdown(f"[{_(label)}]({ROOT}/releases/{row.release}/{name})", width="content")
        cited = citing.Cited(title, int(row.release), of_release(int(row.release)))
        citing.button(f"release-{row.release}", lambda: cited)
    st.write(_("Permanent address: {address}").format(address=f"`{citing.site()}{of_release(int(row.release))}`"))
    if may_release():
        _offer_withdrawal(int(row.release))


def _show(number: int) -> None:
    st.session_state["show_release"] = number


def wanted() -> int | None:
    """Return the release that was just asked to be opened, once."""
    found: int | None = st.session_state.pop("show_release", None)
    return found


def _in_short(found: Preview) -> None:
    counts = [
        (_("Figures"), found.counts.figures),
        (_("Withheld"), found.counts.suppressed),
        (_("Changed since the last release"), len(found.changes)),
    ]
    with st.container(horizontal=True, gap="small"):
        for label, count in counts:
            st.metric(label, format_number(count), width="content")


def _to_withdraw(found: Preview) -> None:
    if found.to_withdraw:
        numbers = ", ".join(map(str, found.to_withdraw))
        text = ngettext(
            "Release {numbers} was made under a weaker rule. What it shows stays known until it is withdrawn below.",
            "Releases {numbers} were made under a weaker rule. What they show stays known until they are withdrawn"
            " below.",
            len(found.to_withdraw),
        )
        st.warning(text.format(numbers=numbers), icon=":material/gpp_maybe:")


def _changes(found: Preview) -> None:
    if found.last_release is None:
        st.write(_("Nothing is public yet: every figure would be new."))
        return
    title = _("What changes against release {number}").format(number=found.last_release)
    rates = ask_registry(_rates)
    with st.expander(f"{title}: {format_number(len(found.changes))}"):
        shown = found.changes.head(ROWS)
        if len(found.changes) > ROWS:
            st.caption(_("The first {count} of them.").format(count=format_number(ROWS)))
        _table(
            {
                _("Change"): [_(CHANGES[what]) for what in shown["what"]],
                **_where(shown),
                _("Period"): [words.period(Period.parse(key), short=True) for key in shown["period"]],
                _("Before"): [_said(row.before, row.state_before, row.measure in rates) for row in records(shown)],
                _("Now"): [_said(row.now, row.state_now, row.measure in rates) for row in records(shown)],
            },
            title,
        )


def _withheld(found: Preview) -> None:
    title = _("What is withheld, and why")
    with st.expander(f"{title}: {format_number(found.counts.suppressed)}"):
        frame = found.withheld
        why = [_(REASONS[reason]) for reason in frame["reason"]]
        where = _where(frame)  # what tells rows apart stands first: a phone shows two columns
        initiative = {_("Initiative"): where.pop(_("Initiative"))}
        _table({**where, _("Why"): why, _("Figures"): frame["figures"], **initiative}, title)


def _provisional(found: Preview) -> None:
    title = _("What is provisional")
    with st.expander(f"{title}: {format_number(len(found.provisional))}"):
        frame = found.provisional
        _table(
            {
                _("Initiative"): [ask_registry(_names).get(("initiative", key), key) for key in frame["initiative"]],
                _("Period"): [words.period(Period.parse(key), short=True) for key in frame["period"]],
                _("Why"): [_(PROVISIONAL[reason]) for reason in frame["reason"]],
                _("Schools"): [
                    words.base(row.schools_reporting, row.schools_expected) for row in records(frame)
                ],
            },
            title,
        )  # fmt: skip


def _where(frame: pd.DataFrame) -> dict[str, Any]:
    names = ask_registry(_names)
    columns = {_("Initiative"): "initiative", _("Measure"): "measure", _("Place"): "area"}
    return {label: [names.get((name, key), key) for key in frame[name]] for label, name in columns.items()}


def _names(session: Session) -> dict[tuple[str, str], str]:
    """Return what initiatives, measures and areas are called, by what they are and their key."""
    tables = described.as_it_stands(session, asking().at)
    kinds = {"initiatives": "initiative", "measures": "measure", "areas": "area"}
    return {(kind, row[kind]): row["name"] for table, kind in kinds.items() for row in tables[table]}


def _rates(session: Session) -> frozenset[str]:
    """Return the keys of the measures that are rates: all of them are written with a decimal, 95.0 too."""
    return frozenset(row["measure"] for row in described.as_it_stands(session, asking().at)["measures"]
                     if row["unit"] == "%")  # fmt: skip


def _table(columns: dict[str, Any], title: str) -> None:
    frame = pd.DataFrame(columns)
    if frame.empty:
        st.write(_("Nothing."))
    else:
        st.dataframe(frame, hide_index=True, alt=title)


def _said(value: Any, state: Any, is_rate: bool) -> str:
    """Return a figure in words; nothing where there is none at all."""
    if not isinstance(state, str):
        return ""
    if pd.isna(value):
        return words.state(state)
    return format_number(value, 0 if float(value).is_integer() and not is_rate else 1)


def _offer_withdrawal(number: int) -> None:
    with st.expander(_("Withdraw this release")):
        st.write(
            _(
                "Its addresses will answer with the day and the reason from then on. This cannot be taken back: release"
                " the figures again instead."
            )
        )
        st.text_area(_("Reason, told to everyone who asks for it"), key=f"withdraw-reason-{number}", max_chars=2000)
        st.button(
            _("Withdraw release {number}").format(number=number), key=f"withdraw-{number}",
            icon=":material/block:", on_click=_withdraw, args=(number,),
        )  # fmt: skip


def _newest() -> Any | None:
    with reading() as session:
        rows = records(releases.listing(session))
    return next((row for row in rows if pd.isna(row.withdrawn_at)), None)


def _previewed(session: Session, who: Identity, threshold: int, _newest: int | None) -> Preview:
    return preview(session, by=who, at=asking().at, threshold=threshold)


def _release(fingerprint: str) -> None:
    """Release what was looked at. Where it is no longer so, the page shows the preview anew and says why."""
    note = st.session_state["release-note"]

    def make(session: Session, who: Identity, at: datetime) -> str:
        made = releases.release(session, by=who, note=note.strip(), at=at, fingerprint=fingerprint)
        held = releases.counts(session, made)
        text = _("Release {number} is public: {figures} figures, {suppressed} of them withheld.")
        return text.format(
            number=made.id, figures=format_number(held.figures), suppressed=format_number(held.suppressed)
        )

    if acting.act(make):
        st.session_state["release-note"] = ""
    forget()


def _withdraw(number: int) -> None:
    reason = st.session_state[f"withdraw-reason-{number}"]

    def take_back(session: Session, who: Identity, at: datetime) -> str:
        releases.withdraw(session, number, by=who, reason=reason, at=at)
        return _("Release {number} is withdrawn.").format(number=number)

    if acting.act(take_back):
        forget()
