"""The pictures that more than one page shows."""

from collections.abc import Callable

from access.language import _
from analytics import adoption
from analytics.scope import Scope
from charts import bars, trend
from ui import words
from ui.figures import Picture
from ui.words import Measure


def over_time(measure: Measure, place: str) -> Picture:
    """Return the picture of a measure's course in a place."""
    return Picture(
        key="trend",
        title=_("{measure} over time: {place}").format(measure=measure.name, place=place),
        question=adoption.trend,
        draw=trend.trend,
        alternative=trend.alt_text,
        names={"period": _("Period")},
    )


def by_area(measure: Measure, scope: Scope, opens: Callable[[str], None]) -> Picture:
    """Return the picture of a measure in the areas of a place, of which a click opens one."""
    return Picture(
        key="areas",
        title=_("{measure} by area, {period}").format(measure=measure.name, period=words.period(scope.period)),
        question=adoption.by_area,
        draw=bars.ranked,
        alternative=bars.alt_text,
        names={"name": _("Area")},
        code="area_code",
        opens=opens,
    )


def of_school(measure: Measure, code: str, name: str) -> Picture:
    """Return the picture of a measure's course in one school."""
    return Picture(
        key=f"school-{code}",
        title=_("{measure} over time: {place}").format(measure=measure.name, place=name),
        question=adoption.school_series,
        arguments=(code,),
        draw=trend.trend,
        alternative=trend.alt_text,
        names={"period": _("Period")},
    )
