"""The start page's parts: what this is, the newest release in short, what was announced beside it, the ways in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from access.codes import KINDS, STATUSES
from access.language import N_, _, current, format_date, format_number, ngettext
from charts import spark
from charts.theme import CONFIG
from data_model.engine import Session
from publishing import addresses
from publishing import front as told
from publishing.front import Claimed, Front, InitiativeTold
from publishing.open_data import OpenRelease
from publishing.shown_figure import ShownFigure
from ui import citing, codes, navigation, release_shown
from ui.answers import ask_released
from ui.asking import asking
from ui.figures import Drawing
from ui.text import plain

CARD_WIDTH, SPARK_WIDTH = 300, 150
STILL = {**CONFIG, "staticPlot": True}
# Ways in: the page, what one does there, and its icon.
WAYS = (
    ("overview", N_("Explore the figures"), ":material/dashboard:"),
    ("releases", N_("Download the data"), ":material/download:"),
    ("method", N_("How figures are made"), ":material/rule_settings:"),
    ("definitions", N_("What the words mean"), ":material/menu_book:"),
)
PUBLIC = (
    N_("what was announced, by whom, with the source and how good it is"),
    N_("figures of countries and regions that were released, and every release that went before"),
    N_("their definitions, their base and how they are computed"),
    N_("the register of schools: name, region, setting"),
)
NOT_PUBLIC = (
    N_("figures that were not released yet"),
    N_("figures of single schools and districts, and what a school has sent in"),
    N_("counts of a few people, and whatever would give them away"),
    N_("anything about a person: none of it is stored"),
)


@dataclass(frozen=True)
class Start:
    """What the start page tells, and the drawn courses of its figures by measure."""

    front: Front
    courses: Mapping[str, Drawing]


def found() -> Start:
    """Return what the start page tells: of the release in the address, else of the newest. Raises NoSuchRelease."""
    release = release_shown.chosen()
    return ask_released(_start, release.number if release else None, asking().hour)


def heading(front: Front) -> None:
    """Say what this is, and which release is shown."""
    st.title(_("AI in education: what was announced, and what schools report"), anchor=False)
    st.html(
        '<p class="uptake-lead">'
        + escape(
            _(
                "Governments announce programmes that bring AI into schools. Here their announcements stand beside what"
                " schools themselves report, month by month: how many licences are in use, how many teachers are"
                " trained, how many really take part. The two are never added up or mixed."
            )
        )
        + "</p>"
    )
    if front.release is not None:
        _release(front.release, front)
    else:
        st.info(_("No figures have been released yet. What was announced can be read below."))


def ways_in(front: Front) -> None:
    """Show where to go from here, and how to cite the whole of it."""
    with st.container(horizontal=True, key="ways", gap="small", vertical_alignment="center"):
        for page, label, icon in WAYS:
            shown = {"release": str(front.release.number)} if front.release and _is_earlier() else {}
            navigation.way_to(page, _(label), icon=icon, **shown)
        if front.release is not None:
            number = front.release.number
            title = _("AI in education: announced and reported")
            citing.button("start", lambda: citing.Cited(title, number, addresses.of_release(number)), _("Cite"))


def headlines(start: Start) -> None:
    """Show the figures that lead the release: value, base, course, and what they do not say."""
    front = start.front
    if front.release is None or not front.headlines:
        return
    first = front.headlines[0]
    st.subheader(_("{initiative}, {place}").format(initiative=first.initiative, place=first.area), anchor=False)
    with st.grid(min_column_width=CARD_WIDTH, row_height="content", key="headlines"):
        for one in front.headlines:
            with st.container(border=True, key=f"card-start-{one.key.measure}", gap="xsmall", height="stretch"):
                _card(one, front.kinds[one.key.measure], start.courses[one.key.measure])


def countries(front: Front) -> None:
    """Show the initiatives by country: what was announced, and beside it what was released."""
    st.subheader(_("Announced and released, by country"), anchor=False)
    st.caption(
        _(
            "The first claims of each initiative. Announced and released are never divided by each other: they may"
            " count other people. A grade says how good a source is, A being the best."
        )
    )
    # Where figures were released they stand in a column of their own; the others need less room.
    reporting = [pair for pair in front.countries if any(one.reports for one in pair[1])]
    others = [pair for pair in front.countries if pair not in reporting]
    for name, shown in (("uptake-countries wide", reporting), ("uptake-countries", others)):
        if shown:
            st.html(f'<div class="{name}">{"".join(_country(*pair) for pair in shown)}</div>')


def what_is_public() -> None:
    """Say what is public here, and what is not."""
    st.subheader(_("What is public, and what is not"), anchor=False)
    public, not_public = st.columns(2, gap="medium")
    for column, title, items in ((public, _("Public"), PUBLIC), (not_public, _("Not public"), NOT_PUBLIC)):
        with column:
            lines = "\n".join(f"- {_(item)}" for item in items)
            st.markdown(f"**{title}**\n\n{lines}")


def _release(release: OpenRelease, front: Front) -> None:
    named = _("Release {number}").format(number=release.number)
    counted = ngettext("{count} figure", "{count} figures", front.figures).format(count=format_number(front.figures))
    withheld = _("{count} withheld to protect people").format(count=format_number(front.withheld))
    parts = [format_date(release.released_at.date()), counted, withheld]
    note = f"<br>{escape(release.note)}" if release.note else ""
    mark = _("demonstration")
    invented = f' <span class="uptake-mark">{escape(mark)}</span>' if release.demonstration else ""
    st.html(
        f'<p class="uptake-release"><strong>{escape(named)}</strong>{invented} · '
        f"{' · '.join(map(escape, parts))}{note}</p>"
    )
    if _is_earlier():
        release_shown.say(release)


def _is_earlier() -> bool:
    return release_shown.chosen() is not None


def _card(one: ShownFigure, kind: str, made: Drawing) -> None:
    st.metric(one.measure.name, one.figure.text, help=one.definition)
    key = f"spark-start-{one.key.measure}"
    st.plotly_chart(made.figure, key=key, config=STILL, alt=made.alternative, width=SPARK_WIDTH)
    source = _("Source: release {number}, reports of schools").format(number=one.release.number)
    parts = [one.figure.period_text, one.figure.base, _("demonstration") if one.demonstration else "", source]
    st.caption(" · ".join(plain(part) for part in parts if part))
    st.markdown("  \n".join(told.limits(kind)))
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        address = {**one.key.parameters, **({"release": str(one.release.number)} if _is_earlier() else {})}
        navigation.way_to("adoption", _("How it developed"), **address)
        path = addresses.of_figure(one.release.number, one.key)
        cited = citing.Cited(one.title, one.release.number, path, one.key)
        citing.button(f"start-{one.key.measure}", lambda: cited, _("Cite or embed"))


def _start(session: Session, number: int | None, at: datetime) -> Start:
    front = told.front(session, number, at)
    return Start(front, {one.key.measure: _drawn(one) for one in front.headlines})


def _drawn(one: ShownFigure) -> Drawing:
    frame = pd.DataFrame(
        [(shown.period, shown.starts_on, shown.value, shown.state) for shown in one.course],
        columns=["period", "starts_on", "value", "state"],
    )
    return Drawing(spark.spark(frame), spark.alt_text(frame, one.measure))


def _country(country: str, initiatives: Iterable[InitiativeTold]) -> str:
    told_of = "".join(map(_initiative, initiatives))
    return f'<section class="uptake-country"><h3>{escape(country)}</h3>{told_of}</section>'


def _initiative(one: InitiativeTold) -> str:
    address = f"/initiatives?{urlencode({'initiative': one.key, 'lang': current()})}"
    kind = " · ".join(filter(None, (codes.word(one.kind, KINDS), codes.word(one.status, STATUSES))))
    rows = "".join(map(_claim, one.claims))
    more = ngettext("{count} more claim", "{count} more claims", one.more).format(count=format_number(one.more))
    after = f'<p><a href="{escape(address)}">{escape(more)}</a></p>' if one.more else ""
    none = _("No figure was announced, or none was found.")
    nothing = f"<p>{escape(none)}</p>" if not rows else ""
    return (
        f'<article><h4><a href="{escape(address)}">{escape(one.name)}</a></h4><p class="quiet">{escape(kind)}</p>'
        + (f"<dl>{rows}</dl>" if rows else nothing)
        + f"{after}</article>"
    )


def _claim(claim: Claimed) -> str:
    grade = _("grade {grade}").format(grade=claim.grade) if claim.grade else ""
    source = ", ".join(filter(None, (claim.publisher, grade)))
    linked = f'<a href="{escape(claim.url)}" rel="noopener">{escape(source)}</a>' if claim.url else escape(source)
    label = _("Announced")
    announced = f"<dd><b>{escape(label)}</b> {escape(claim.said)} <small>({linked})</small></dd>"
    return f"<div><dt>{escape(claim.what)}</dt>{announced}{_released(claim)}</div>"


def _released(claim: Claimed) -> str:
    if claim.released is None:
        return ""
    parts = [claim.released.period_text, claim.released.base, _("demonstration") if claim.demonstration else ""]
    base = escape(", ".join(filter(None, parts)))
    label = _("Released")
    return f"<dd><b>{escape(label)}</b> {escape(claim.released.text)} <small>({base})</small></dd>"
