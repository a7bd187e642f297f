"""What to look at first: what lies below chance, and where reports are missing. Never a league table."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from access.language import _, format_number, format_percent, ngettext
from analytics import completeness, funnel_plot
from analytics.lookup import country_of, look_up
from analytics.scope import Scope
from charts.theme import Measure, base_text, shortened
from publishing.brief.rows import rows

PERCENT = 100
MOST_OF_A_KIND = 6
LETTERS = 44


@dataclass(frozen=True)
class Item:
    """One thing to look at: where, which figure, and why it stands here."""

    place: str
    figure: str
    why: str


def attention(session: Session, scope: Scope, measure: Measure, at: datetime) -> list[Item]:
    """Return what to look at first in the scope's place: areas and, live, schools whose rate lies below the limits of
    chance, those first where most people are concerned; then areas of which too few schools have reported.

    A region as it is released is looked at among the other regions: nothing below it is released.
    """
    return [*_below_the_limits(session, scope, measure), *_incomplete(session, scope, at)]


def nothing(session: Session, scope: Scope) -> str:
    """Return what is said where there is nothing to look at first."""
    if _among_others(session, scope):
        return _(
            "Among the regions it does not lie below what chance explains. A release holds nothing below a region."
        )
    return _("Nothing lies below what chance explains, and enough schools have reported everywhere.")


def note(session: Session, scope: Scope, measure: Measure) -> str:
    """Return how the list is made; "" where the measure is no rate and is not set against chance."""
    if not _is_rate(session, scope):
        return ""
    return _(
        "{measure}: limits of chance by funnel plot, adjusted for how much places differ anyway; who lies within them"
        " is not told apart."
    ).format(measure=measure.name)


def _is_rate(session: Session, scope: Scope) -> bool:
    asked = look_up(session, scope)
    return asked.measure.is_ratio and not asked.measure.weighted


def _among_others(session: Session, scope: Scope) -> bool:
    asked = look_up(session, scope)
    return scope.released and asked.area_id != asked.root_id


def _below_the_limits(session: Session, scope: Scope, measure: Measure) -> list[Item]:
    if not _is_rate(session, scope):
        return []
    asked = look_up(session, scope)
    among_others = _among_others(session, scope)
    if among_others:
        scope = scope.of(area=country_of(session, scope.initiative))
    kinds = ["areas"] if asked.area_id == asked.root_id or among_others else ["areas", "schools"]
    items = []
    for kind in kinds:
        units = funnel_plot.units(session, scope, kind)
        overall = funnel_plot.summary(units).overall
        first = funnel_plot.look_at_first(units, len(units))
        first = first[first["unit"] == asked.scope.area] if among_others else first.head(MOST_OF_A_KIND)
        for row in rows(first):
            limit = "99.8" if row.beyond == "below_998" else "95"
            why = _("below the {limit} limit; all together {overall}").format(
                limit=format_percent(float(limit) / PERCENT, 1 if limit == "99.8" else 0),
                overall=measure.write(overall),
            )
            items.append(Item(shortened(str(row.name), LETTERS), f"{measure.name}: {measure.write(row.rate)}", why))
    return items


def _incomplete(session: Session, scope: Scope, at: datetime) -> list[Item]:
    """Return the areas directly below of which fewer schools have reported than a figure can stand on."""
    reports = completeness.reporting(session, scope.of(first_period=scope.period), at)
    limit = completeness.threshold(session, look_up(session, scope).initiative_id)
    is_part = ~reports["is_whole"].astype(bool) & reports["is_due"].astype(bool)
    late = reports[is_part & (reports["share_reporting"] < limit)]
    late = late.sort_values(["share_reporting", "area_code"], kind="stable").head(MOST_OF_A_KIND)
    items = []
    for row in rows(late):
        missing = int(row.schools_expected - row.schools_reporting)
        why = ngettext("{count} report is missing", "{count} reports are missing", missing)
        figure = _("Reported: {share} ({base})").format(
            share=format_percent(row.share_reporting / PERCENT),
            base=base_text(row.schools_reporting, row.schools_expected),
        )
        items.append(Item(shortened(str(row.name), LETTERS), figure, why.format(count=format_number(missing))))
    return items
