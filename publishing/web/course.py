"""The course of a released figure, as the drawings of these routes take it."""

import pandas as pd

from charts import trend
from charts.trend import short_period
from publishing.brief.standing import Course, Point
from publishing.shown_figure import ShownFigure


def course_of(told: ShownFigure) -> Course:
    """Return the periods of a figure up to its own, with what they say in words. Without target: none is released."""
    frame = pd.DataFrame(
        [(one.period, one.starts_on, one.value, one.state) for one in told.course],
        columns=["period", "starts_on", "value", "state"],
    )
    points = tuple(
        Point(
            short_period(one.period, one.starts_on), one.starts_on, one.value, one.text,
            "" if one.value is not None else one.state,
        )
        for one in told.course
    )  # fmt: skip
    return Course(
        title=told.measure.name, percent=told.measure.percent, decimals=told.measure.decimals, points=points,
        target=None, baseline=None, outlook="", alternative=trend.alt_text(frame, told.measure),
    )  # fmt: skip
