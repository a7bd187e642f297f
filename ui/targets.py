"""What is to be reached: the target that a course is held against, its baseline, and whether it will be met."""

from dataclasses import dataclass
from datetime import date

from access.language import N_, _, format_date
from analytics import forecast, registry
from analytics.forecast import Forecast
from analytics.scope import Scope
from charts.trend import Reference
from ui import words
from ui.answers import ask, derived
from ui.words import Measure

# A verdict is passed only where the interval allows one: the others are told in full beside the forecast.
VERDICTS = {"on_course": N_("on course"), "at_risk": N_("at risk"), "off_course": N_("off course")}


@dataclass(frozen=True)
class Aim:
    """A target of one measure and place; `baseline` is None where it is not known."""

    value: float
    due_on: date
    baseline: float | None
    baseline_on: date | None
    demonstration: bool

    def in_words(self, measure: Measure) -> str:
        """Return the target: 60.0% by 31 May 2027."""
        value = words.number(measure, self.value)
        return _("{value} by {date}").format(value=value, date=format_date(self.due_on))

    def target_line(self, measure: Measure) -> Reference:
        """Return the level to be reached, for a chart."""
        return Reference(self.value, _("Target {target}").format(target=self.in_words(measure)))

    def baseline_line(self, measure: Measure) -> Reference | None:
        """Return the level from which it began, for a chart."""
        if self.baseline is None:
            return None
        value = words.number(measure, self.baseline)
        if self.baseline_on is None:
            return Reference(self.baseline, _("Baseline {value}").format(value=value))
        text = _("Baseline {value}, {date}").format(value=value, date=format_date(self.baseline_on))
        return Reference(self.baseline, text)


def aim(scope: Scope) -> Aim | None:
    """Return the target of the scope's measure and place: the next after its period, else the last, else None."""
    return derived(("aim", scope), lambda: _aim(scope), initiative=scope.initiative, released=scope.released)


def _aim(scope: Scope) -> Aim | None:
    rows = ask(
        registry.targets, scope.initiative, scope.as_of, scope.released,
        initiative=scope.initiative, released=scope.released,
    )  # fmt: skip
    row = registry.next_target(rows, scope)
    if row is None:
        return None
    known = row.baseline == row.baseline
    return Aim(row.value, row.due_on, row.baseline if known else None, row.baseline_on, bool(row.demonstration))


def course(scope: Scope) -> Forecast:
    """Return the forecast of the scope's measure to its target, from all that was reported up to its period."""
    return ask(forecast.to_target, scope.of(first_period=None), initiative=scope.initiative, released=scope.released)


def verdict(scope: Scope) -> str:
    """Return in a word whether the target will be met; empty where nobody can say."""
    found = course(scope).verdict
    return _(VERDICTS[found]) if found in VERDICTS else ""


def line(scope: Scope, measure: Measure) -> str:
    """Return the target in one line: Target 60.0% by 31 May 2027: at risk; empty without one."""
    own = scope.of(measure=measure.key)
    found = aim(own)
    if found is None:
        return ""
    said = verdict(own)
    text = _("Target {target}: **{verdict}**") if said else _("Target {target}")
    return text.format(target=found.in_words(measure), verdict=said)
