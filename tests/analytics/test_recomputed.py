"""Every figure again, from the observations, by an independent path in plain pandas, as of every moment."""

from datetime import date, datetime
from itertools import product
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from sqlmodel import Session

from analytics import adoption, figures
from data_model.engine import open_session
from data_model.participation import Enrolment, ReportingPeriod
from data_model.periods import Period
from data_model.places import SchoolRecord
from data_model.submissions import Observation
from tests.analytics.reports import NOT_APPLICABLE, WITHDRAWN, Reports
from tests.factories import MONTHS
from tests.factories.world import SCHOOLS

AREAS = ("KZ", "KZ-75", "KZ-10-01")
# measure -> numerator, denominator, factor; the numerator of a score is weighted.
MEASURES = {
    "teachers_active": ("teachers_active", None, 1),
    "messages_sent": ("messages_sent", None, 1),
    "teacher_activation": ("teachers_active", "teachers_total", 100),
    "usefulness_score": ("usefulness_score", "teachers_surveyed", 1),
}
METRICS = ("teachers_active", "teachers_total", "messages_sent", "usefulness_score", "teachers_surveyed")

counts = st.one_of(st.integers(0, 40), st.sampled_from([NOT_APPLICABLE, WITHDRAWN]))
scores = st.one_of(st.decimals(1, 5, places=2).map(float), st.sampled_from([NOT_APPLICABLE, WITHDRAWN]))
cells = st.fixed_dictionaries(
    {}, optional={metric: scores if metric == "usefulness_score" else counts for metric in METRICS}
)
codes = st.sampled_from([code for code, _district in SCHOOLS])
reports_made = st.tuples(
    st.just("report"), st.sampled_from(MONTHS), st.dictionaries(codes, cells, min_size=1, max_size=4)
)
leaves = st.tuples(st.just("leave"), codes, st.sampled_from([date(2026, 9, 1), date(2026, 10, 15)]))
moves = st.tuples(st.just("move"), codes, st.sampled_from(["KZ-75", "KZ-75-02", "KZ-10-01"]))
stories = st.lists(st.one_of(reports_made, reports_made, reports_made, leaves, moves), min_size=1, max_size=6)


@given(
    story=stories,
    asked=st.lists(st.sampled_from(list(MEASURES)), min_size=1, max_size=2, unique=True),
    ago=st.integers(1, 7),
)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_every_figure_is_what_plain_pandas_makes_of_the_observations(
    engine: Engine, story: list[Any], asked: list[str], ago: int
):
    with open_session(engine, write=True) as session:  # rolled back at its end: the next story begins anew
        reports = Reports(session)
        moments = [reports.at]
        for kind, *details in story:
            getattr(reports, kind)(*details)
            moments.append(reports.at)
        session.flush()
        tables = Tables(session)
        for measure, moment in product(asked, [None, moments[-ago % len(moments)]]):
            _compare(reports, tables, measure, moment)


class Tables:
    """The tables as they are stored, all versions, and the same questions asked of them in plain pandas."""

    def __init__(self, session: Session) -> None:
        def read(table: Any) -> pd.DataFrame:
            result = session.connection().execute(sa.select(table.__table__))
            return pd.DataFrame(result.all(), columns=list(result.keys()))

        self.observations, self.enrolments = read(Observation), read(Enrolment)
        self.records, self.periods = read(SchoolRecord), read(ReportingPeriod)

    def figure(self, reports: Reports, measure: str, area: str, period: str, moment: datetime | None) -> dict[str, Any]:
        """Return what the figure ought to be."""
        schools = self._expected(reports, area, Period.parse(period).ends_on, moment)
        upper, lower, factor = MEASURES[measure]
        held = _current(self.observations, moment)
        held = held[(held["state"] != "withdrawn") & held["school_id"].isin(schools)]
        number = (
            self.periods.set_index("starts_on")["id"].to_dict().get(reports.scope(measure, period).period.starts_on)
        )
        held = held[held["period_id"] == number]
        keys = {metric.id: key for key, metric in reports.world.metrics.items()}
        wide = held.assign(metric=held["metric_id"].map(keys)).set_index(["school_id", "metric"])["value"].unstack()
        wide = wide.reindex(columns=[upper] if lower is None else [upper, lower])
        said = held.assign(metric=held["metric_id"].map(keys)).groupby("school_id")["metric"].apply(set)
        reporting = [school for school in schools if set(wide.columns) <= said.get(school, set())]
        base = wide.loc[wide.index.intersection(reporting)].dropna()
        numerator = base[upper] * base[lower] if measure == "usefulness_score" else base[upper]
        total, below = numerator.sum(), base[lower].sum() if lower else None
        state = "reported" if len(base) and below != 0 else "not_applicable" if reporting else "not_reported"
        value = None if state != "reported" else total if below is None else total / below * factor
        return {
            "value": value, "state": state, "schools_in_base": len(base), "schools_reporting": len(reporting),
            "schools_expected": len(schools), "numerator": total if len(base) else None,
            "denominator": below if len(base) else None,
        }  # fmt: skip

    def _expected(self, reports: Reports, area: str, day: date, moment: datetime | None) -> list[int]:
        codes = {place.id: code for code, place in reports.world.areas.items()}
        enrolled = _current(self.enrolments, moment)
        enrolled = enrolled[(enrolled["joined_on"] <= day) & (enrolled["left_on"].isna() | (enrolled["left_on"] > day))]
        known = _current(self.records, moment).set_index("school_id")["area_id"].map(codes)
        # A code begins with the code of the area it lies in.
        return [school for school in enrolled["school_id"] if f"{known[school]}-".startswith(f"{area}-")]


def _current(table: pd.DataFrame, moment: datetime | None) -> pd.DataFrame:
    if moment is None:
        return table[table["superseded_at"].isna()]
    gone = pd.to_datetime(table["superseded_at"], utc=True)
    known = pd.to_datetime(table["recorded_at"], utc=True) <= moment
    return table[known & (gone.isna() | (gone > moment))]


def _compare(reports: Reports, tables: Tables, measure: str, moment: datetime | None) -> None:
    session = reports.session
    for area in AREAS:
        scope = reports.scope(
            measure, "2026-10", area, first_period=reports.scope(measure, "2026-08").period, as_of=moment
        )
        over_time = adoption.trend(session, scope)
        assert list(over_time["period"]) == list(MONTHS)
        for row in over_time.to_dict("records"):
            _same(row, tables.figure(reports, measure, area, row["period"], moment))
        _same(vars(figures.figure(session, scope)), tables.figure(reports, measure, area, "2026-10", moment))
        for row in adoption.by_area(session, scope).to_dict("records"):
            _same(row, tables.figure(reports, measure, row["area_code"], "2026-10", moment))
    _compare_schools(reports, tables, measure, moment)


def _compare_schools(reports: Reports, tables: Tables, measure: str, moment: datetime | None) -> None:
    """The schools of a place add up to the place."""
    scope = reports.scope(measure, "2026-10", as_of=moment)
    schools = adoption.schools(reports.session, scope)
    whole = tables.figure(reports, measure, "KZ", "2026-10", moment)
    for name in ("schools_in_base", "schools_reporting", "schools_expected"):
        assert schools[name].sum() == whole[name]
    assert schools["numerator"].sum() == pytest.approx(whole["numerator"] or 0)
    assert schools["denominator"].sum() == pytest.approx(whole["denominator"] or 0)
    assert set(schools["state"]) <= {"reported", "not_reported", "not_applicable"}
    assert (schools["value"].notna() == (schools["state"] == "reported")).all()


def _same(row: Any, wanted: dict[str, Any]) -> None:
    for name in ("state", "schools_in_base", "schools_reporting", "schools_expected"):
        assert row[name] == wanted[name], (name, wanted)
    for name in ("value", "numerator", "denominator"):
        found = None if pd.isna(row[name]) else row[name]
        assert found == (None if wanted[name] is None else pytest.approx(wanted[name])), (name, wanted)
