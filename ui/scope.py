"""The scope of a page: initiative, measure, place, period and moment, chosen on screen and kept in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access import permissions
from access.identity import Identity
from access.language import _, format_date
from access.permissions import Action
from analytics import adoption, catalogue, registry
from analytics.scope import CannotAnswer, Scope
from data_model.engine import Session
from data_model.periods import Period
from ui import citing, filters, first_steps, leading, release_shown, ways, words
from ui.answers import ask, ask_registry, derived, of_frame, records
from ui.asking import asking
from ui.words import Measure

# What belongs to an initiative: another one has other places, periods and measures.
OF_AN_INITIATIVE = ("area", "period", "from", "measure", "as_of", "school")
# Released figures end at the regions, and an overview begins there.
REGION_LEVEL = 1
# One control alone in its row is no wider than those beside each other.
CONTROL_WIDTH = 420


@dataclass(frozen=True)
class Asked:
    """What a page is about: the initiative's row of the registry, its measures by key, the scope so far, the place's
    name, and the page's corner, which has room for what concerns all of it.
    """

    initiative: Any
    measures: dict[str, Measure]
    scope: Scope
    place: str
    corner: DeltaGenerator


def choose(title: str, *, with_range: bool = False) -> Asked | None:
    """Show a page's title and the controls of its scope; return what was chosen.

    None when this person can see no figures at all: nothing was reported or, for the public, nothing was released.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(title, anchor=False)
        corner = st.container(horizontal=True, width="content", gap="small", vertical_alignment="center")
    earlier = release_shown.chosen()
    with st.container(horizontal=True, vertical_alignment="bottom", key="scope"):
        initiative = choose_initiative()
        if initiative is None:
            return None
        area = choose_place(initiative)
        released = earlier is not None or not reads_live(initiative.initiative, area)
        of = None if earlier is None else earlier.released_at
        period, start = _choose_periods(initiative, released=released, with_range=with_range, as_of=of)
        moment = of if released else choose_moment()
    known = measures(initiative.initiative)
    asked = Scope(initiative.initiative, next(iter(known)), area, period, start, moment, released)
    place = trail(initiative, area)
    if cite := citing.of_view("page", f"{title}: {initiative.name}, {place}, {words.period(period)}", asked):
        corner.html(cite, width="content")
    if earlier is not None:
        release_shown.say(earlier)
    else:
        _say_what_is_shown(asked)
    return Asked(initiative, known, asked, place, corner)


def choose_initiative() -> Any | None:
    """Let choose among the initiatives with figures that may be shown; return the chosen one's row of the registry.

    None when there is none.
    """
    return leading.choose(with_figures(), resets=OF_AN_INITIATIVE)


def with_figures() -> dict[str, Any]:
    """Return the rows of the initiatives with figures that may be shown to who asks, by key."""
    rows, moment = ask_registry(_initiatives), release_shown.moment()

    def has_some(key: str) -> bool:
        return latest_period(key, released=moment is not None or not sees_some(key), as_of=moment) is not None

    return {key: row for key, row in rows.items() if has_some(key)}


def measures(initiative: str) -> dict[str, Measure]:
    """Return the measures an initiative asks for, by key, in their order."""
    return ask(_measures, initiative, initiative=initiative)


def choose_measure(known: Iterable[Measure], **look: Any) -> Measure:
    """Let choose one of the measures, the first by default."""
    by_key = {measure.key: measure for measure in known}
    options = {key: measure.name for key, measure in by_key.items()}
    return by_key[filters.choose("measure", _("Measure"), options, next(iter(options)), **look)]


def switch_measure(known: Iterable[Measure]) -> Measure:
    """Let choose one of few measures, which stand beside each other."""
    by_key = {measure.key: measure for measure in known}
    options = {key: measure.name for key, measure in by_key.items()}
    return by_key[filters.switch("measure", _("Measure"), options, next(iter(options)))]


def rates_first(known: dict[str, Measure]) -> list[Measure]:
    """Return the measures with the rates before the counts: rates compare, counts grow with the place."""
    return sorted(known.values(), key=lambda measure: not measure.indicator)


def choose_place(initiative: Any) -> str:
    """Let choose the country, a region, or an area beside or below the one that is shown; return its code.

    It begins where the person's grant holds, with the whole country for most.
    """
    rows = areas(initiative.country)
    wanted = filters.address("area")
    # What is released ends at the regions: without live figures there is nothing to choose below.
    near = {row.area_code for row in _upwards(rows, wanted)} if sees_some(initiative.initiative) else set()
    options = {
        code: row.name for code, row in rows.items() if row.level <= REGION_LEVEL or near & {row.parent_code, code}
    }
    home = ask_registry(_home, asking().who, initiative.initiative)
    default = home if home is not None and home in options else initiative.country
    return filters.choose("area", _("Place"), options, default, resets=("school",))


def countries() -> dict[str, str]:
    """Return the names of the countries by code."""
    return {row.country: row.name for row in records(ask_registry(catalogue.countries))}


def areas(country: str) -> dict[str, Any]:
    """Return the rows of the country's areas by code, in the order of its tree."""
    return ask_registry(_areas, country)


def trail(initiative: Any, area: str) -> str:
    """Show the way down to an area, each step a way back up; return the area's name."""
    rows = areas(initiative.country)
    steps = _upwards(rows, area)[::-1]
    school = filters.address("school")
    if len(steps) > 1 or school:
        parts = [
            ways.button(
                step.name if step is steps[0] else f"› {step.name}", {"area": step.area_code, "school": None},
                enabled=step is not steps[-1] or bool(school),
            )
            for step in steps
        ]  # fmt: skip
        if school:
            parts.append(ways.button(f"› {school}", {}, enabled=False))
        st.html(f'<div class="uptake-trail">{"".join(parts)}</div>')
    return str(rows[area].name)


def lists_schools(asked: Asked) -> bool:
    """Return whether the place is small enough to list its schools: a region or less, and not in a release."""
    return asked.scope.area != asked.initiative.country and not asked.scope.released


def lies_in(asked: Asked, area: str) -> bool:
    """Return whether an area is the place or lies in it."""
    rows = areas(asked.initiative.country)
    return asked.scope.area in {row.area_code for row in _upwards(rows, area)}


def has_areas_below(asked: Asked) -> bool:
    """Return whether the place has areas of which figures may be shown here."""
    rows = areas(asked.initiative.country)
    place = rows[asked.scope.area]
    return bool(place.has_areas_below) and not (asked.scope.released and place.level >= REGION_LEVEL)


def _upwards(rows: dict[str, Any], area: str | None) -> list[Any]:
    """Return the rows from an area up to its country."""
    way = []
    while area in rows:
        way.append(rows[area])
        area = rows[area].parent_code
    return way


def _choose_periods(
    initiative: Any, *, released: bool, with_range: bool, as_of: datetime | None
) -> tuple[Period, Period | None]:
    """Let choose the period that is shown, the newest by default, and where wanted the one a trend begins with."""
    keys = periods(initiative, released=released, as_of=as_of)
    if not keys:
        raise CannotAnswer("not_released", _("This initiative has no figures in this release."))
    names = derived(
        ("periods", with_range, released, as_of),
        lambda: {key: words.period(Period.parse(key), short=with_range) for key in keys},
        initiative=initiative.initiative,
        released=released,
    )
    newest_first = dict(reversed(names.items()))
    if not with_range:
        return Period.parse(filters.choose("period", _("Period"), newest_first, keys[-1])), None
    # What the address asks to end with decides what there is to begin with.
    asked = filters.address("period")
    newest = asked if asked in names else keys[-1]
    first = filters.choose("from", _("From"), {key: names[key] for key in keys if key <= newest}, keys[0])
    last = filters.choose("period", _("To"), newest_first, keys[-1])
    return Period.parse(last), Period.parse(first)


def _say_what_is_shown(scope: Scope) -> None:
    """Say of which moment the figures are, where they are not those of now: a release, or a chosen moment."""
    if scope.as_of is not None:
        moment = words.moment(scope.as_of)
        st.info(_("All figures as they were known on {moment}.").format(moment=moment), icon=":material/history:")
        if scope.period.starts_on > scope.as_of.date():
            period = words.period(scope.period)
            st.warning(_("{period} had not begun then: choose an earlier period.").format(period=period))
    if scope.released:
        release = ask(catalogue.newest_release, initiative=scope.initiative, released=True)
        if release is not None:
            st.caption(
                _("Figures as released on {date} (release {number}).").format(
                    date=format_date(release.released_at.date()), number=release.number
                )
            )


def nothing_to_show() -> None:
    """Say that there are no figures to see, and what can be seen instead."""
    if asking().who.signed_in:
        st.info(_("Nothing has been reported in what you may see. Uploads appear here once they are accepted."))
        first_steps.show()
    else:
        st.info(_("No figures have been released yet. What was announced can be read under Initiatives."))


def choose_moment() -> datetime | None:
    """Let choose a past moment, to see what was known then; None for now, which is what most want."""
    known = _moment(filters.address("as_of"))
    label = _("now") if known is None else words.moment(known)
    help_text = _("See every figure as it was known at an earlier moment. Nothing is ever overwritten.")
    shown = _("As of: {moment}").format(moment=label)
    opened = st.popover(shown, icon=":material/history:", help=help_text, key="as-of", on_change="rerun")
    if opened.open:  # most never open it: until then it costs a page next to nothing
        with opened:
            st.session_state["choice_as_of"] = known.replace(tzinfo=None) if known else None
            st.datetime_input(
                _("Moment (UTC)"), None, max_value=asking().at, key="choice_as_of", on_change=_choose_moment,
                format=words.date_format(),
            )  # fmt: skip
            if known is not None:
                st.button(_("Back to now"), on_click=filters.go, kwargs={"as_of": None})
    if known is not None:
        filters.show("as_of", _written(known))
    return known


def choose_past(label: str) -> datetime | None:
    """Let choose a past moment to compare with, kept in the address as `then`; None until there is one."""
    known = _moment(filters.address("then"))
    st.session_state["choice_then"] = known.replace(tzinfo=None) if known else None
    st.datetime_input(
        label, None, max_value=asking().at, key="choice_then", on_change=_choose_moment, args=("then",),
        format=words.date_format(),
    )  # fmt: skip
    if known is not None:
        filters.show("then", _written(known))
    return known


def reads_live(initiative: str, area: str) -> bool:
    """Return whether live figures of this area are shown to who asks; to others only what was released is."""
    return ask_registry(_may_read_live, asking().who, initiative, area)


def whole_country(initiative: str, country: str) -> tuple[bool, datetime | None]:
    """Return whether the figures of a whole country are shown as released, and as of when: of the release that the
    address names, else of now.
    """
    moment = release_shown.moment()
    return moment is not None or not reads_live(initiative, country), moment


def sees_some(initiative: str) -> bool:
    """Return whether who asks may see live figures somewhere in the initiative."""
    return initiative in ask_registry(_visible, asking().who)


def latest_period(initiative: str, *, released: bool, as_of: datetime | None = None) -> Period | None:
    """Return the newest period with figures, None when there is none."""
    return ask(catalogue.latest_period, initiative, as_of, released, initiative=initiative, released=released)


def periods(initiative: Any, *, released: bool, as_of: datetime | None = None) -> list[str]:
    """Return the keys of the periods with figures, oldest first."""
    key = initiative.initiative
    latest = latest_period(key, released=released, as_of=as_of)
    if latest is None:
        return []
    if not released:
        return of_frame(ask(catalogue.periods, key, initiative=key), _with_figures)
    first = next(iter(measures(key)))
    scope = Scope(key, first, initiative.country, latest, as_of=as_of, released=True)
    return list(ask(adoption.trend, scope, initiative=key, released=True)["period"])


def _with_figures(rows: pd.DataFrame) -> list[str]:
    return list(rows.loc[rows["has_figures"], "period"])


def _areas(session: Session, country: str) -> dict[str, Any]:
    return {row.area_code: row for row in records(catalogue.areas(session, country))}


def _measures(session: Session, initiative: str) -> dict[str, Measure]:
    return {row.measure: Measure.of(row) for row in records(catalogue.measures(session, initiative))}


def _initiatives(session: Session) -> dict[str, Any]:
    """Return the rows of the initiatives in which schools take part, by key."""
    return {row.initiative: row for row in records(registry.initiatives(session)) if row.schools_enrolled > 0}


def _visible(session: Session, who: Identity) -> frozenset[str]:
    return frozenset(initiative.key for initiative in permissions.visible_initiatives(session, who))


def _may_read_live(session: Session, who: Identity, initiative: str, area: str) -> bool:
    return permissions.may(session, who, Action.READ_LIVE, initiative=initiative, area_code=area)


def _home(session: Session, who: Identity, initiative: str) -> str | None:
    """Return the area in which the person's grant for the initiative holds, None when they have none."""
    for known in permissions.visible_initiatives(session, who):
        if known.key == initiative:
            return next((area.code for area in permissions.visible_areas(session, who, known)), None)
    return None


def _moment(written: str | None) -> datetime | None:
    if not written:
        return None
    try:
        # A plus sign in an address reads as a space.
        moment = datetime.fromisoformat(written.replace(" ", "+"))
    except ValueError:
        st.warning(_("The address asks for a moment that cannot be read: {written}").format(written=written[:40]))
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _choose_moment(parameter: str = "as_of") -> None:
    chosen = st.session_state[f"choice_{parameter}"]
    filters.go((), **{parameter: _written(chosen.replace(tzinfo=UTC)) if chosen else None})
