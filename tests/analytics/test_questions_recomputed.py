"""The questions behind the pictures again, from the observations, by an independent path in plain pandas.

Stories are made up of reports with gaps and zeros, of schools that close, join in another wave or move, and of undos;
every answer is compared as it is now and as it was at a moment of the story. Below: what must not change whatever the
way in which the same reports came.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from analytics import changes, compare, completeness, funnel_plot, funnels, views
from analytics.changes import Then
from data_model.engine import open_session
from data_model.participation import Enrolment, ReportingPeriod
from data_model.places import SchoolRecord
from data_model.submissions import Observation, Submission
from tests.analytics.reports import NOT_APPLICABLE, Reports, Values
from tests.factories import MONTHS
from tests.factories.world import SCHOOLS

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LATER = datetime.fromisoformat("2027-01-31T00:00:00+00:00")
CODES = [code for code, _district in SCHOOLS]
TEACHERS = ("teachers_total", "teachers_trained", "teachers_active")
METRICS = (*TEACHERS, "messages_sent")
UPPER, LOWER = "teachers_active", "teachers_total"

counts = st.one_of(st.integers(0, 30), st.just(0), st.just(NOT_APPLICABLE))
cells = st.fixed_dictionaries({}, optional=dict.fromkeys(METRICS, counts))
codes = st.sampled_from(CODES)
reports_made = st.tuples(
    st.just("report"), st.sampled_from(MONTHS), st.dictionaries(codes, cells, min_size=2, max_size=6)
)
stories = st.lists(
    st.one_of(
        reports_made, reports_made, reports_made,
        st.tuples(st.just("close"), codes, st.sampled_from([date(2026, 9, 1), date(2026, 10, 15)])),
        st.tuples(st.just("join"), codes, st.sampled_from([date(2026, 9, 1), date(2026, 10, 1)])),
        st.tuples(st.just("undo"), st.integers(0, 4)),
    ),
    min_size=2, max_size=6,
)  # fmt: skip


class Story:
    """A small country in which things happen, and the same questions asked of its tables in plain pandas."""

    def __init__(self, session: Session) -> None:
        self.session, self.reports = session, Reports(session)
        self.accepted: list[Submission] = []
        for row, code in enumerate(CODES):
            record = self._record(code)
            record.setting, record.languages = ("urban", "rural", None)[row % 3], ("kk", "kk,ru")[row % 2]
        session.flush()

    def report(self, period: str, values: Values) -> None:
        self.accepted.append(self.reports.report(period, values))

    def close(self, code: str, day: date) -> None:
        held = self._next(self._record(code))
        self.session.add(SchoolRecord(**held | {"closed_on": day}))
        self._refresh()

    def join(self, code: str, day: date) -> None:
        query = select(Enrolment).where(Enrolment.school_id == self.reports.world.schools[code].id)
        held = self._next(self.session.exec(query.where(col(Enrolment.superseded_at).is_(None))).one())
        self.session.add(Enrolment(**held | {"joined_on": day, "wave": 2}))
        self._refresh()

    def undo(self, which: int) -> None:
        """Take a submission back: each of its cells holds what the newest accepted one left says, else nothing."""
        standing = [one for one in self.accepted if one.state == "accepted"]
        if which >= len(standing):
            return
        self.reports.at += timedelta(hours=1)
        gone, at = standing[which], self.reports.at
        gone.state, gone.undone_at, gone.undone_by = "undone", at, gone.decided_by
        self.session.flush()
        for held in self.session.exec(select(Observation).where(Observation.submission_id == gone.id)).all():
            if held.superseded_at is not None:
                continue
            held.superseded_at = at
            self.session.flush()
            cell = (held.period_id, held.school_id, held.metric_id)
            heirs = [
                one for one in self.session.exec(select(Observation).order_by(col(Observation.submission_id).desc()))
                if (one.period_id, one.school_id, one.metric_id) == cell
                and self.session.get_one(Submission, one.submission_id).state == "accepted"
            ]  # fmt: skip
            if heirs:
                heir = heirs[0].model_dump(exclude={"id", "superseded_at"})
                self.session.add(Observation(**heir | {"recorded_at": at}))
                self.session.flush()
        self._refresh(tick=False)

    def _record(self, code: str) -> SchoolRecord:
        query = select(SchoolRecord).where(SchoolRecord.school_id == self.reports.world.schools[code].id)
        return self.session.exec(query.where(col(SchoolRecord.superseded_at).is_(None))).one()

    def _next(self, held: Any) -> dict[str, Any]:
        self.reports.at += timedelta(hours=1)
        held.superseded_at = self.reports.at
        self.session.flush()
        values: dict[str, Any] = held.model_dump(exclude={"id", "superseded_at"})
        return values | {"recorded_at": self.reports.at}

    def _refresh(self, tick: bool = True) -> None:
        self.session.flush()
        for period in self.reports.periods:
            self.reports.refresh(period)


class Plain:
    """What is held of every expected school at a moment: one row a school and period, a column a metric."""

    def __init__(self, story: Story, moment: datetime | None) -> None:
        world, session = story.reports.world, story.session
        self.moment = moment

        def read(table: Any) -> pd.DataFrame:
            result = session.connection().execute(sa.select(table.__table__))
            return pd.DataFrame(result.all(), columns=list(result.keys()))

        enrolled, records = self._current(read(Enrolment)), self._current(read(SchoolRecord))
        schools = enrolled.merge(records, on="school_id")
        periods = read(ReportingPeriod).rename(columns={"id": "period_id"})
        grid = schools.merge(periods[["period_id", "starts_on", "ends_on", "due_on"]], how="cross")
        last, closed = pd.to_datetime(grid["ends_on"]), pd.to_datetime(grid["closed_on"])
        grid = grid[(pd.to_datetime(grid["joined_on"]) <= last) & ~(closed <= last)]
        names = {metric.id: key for key, metric in world.metrics.items()}
        held = self._current(read(Observation))
        held = held[held["state"] != "withdrawn"].assign(metric=held["metric_id"].map(names))
        key = ["school_id", "period_id"]
        value = held.pivot(index=key, columns="metric", values="value").reindex(columns=list(METRICS))
        said = held.assign(one=True).pivot(index=key, columns="metric", values="one").reindex(columns=list(METRICS))
        grid = grid.merge(value.add_prefix("value_").reset_index(), on=key, how="left")
        grid = grid.merge(said.add_prefix("said_").reset_index(), on=key, how="left")
        for metric in METRICS:
            grid[f"said_{metric}"] = grid[f"said_{metric}"].notna() & grid[f"said_{metric}"].eq(True)
            grid[f"value_{metric}"] = grid[f"value_{metric}"].astype(float)
        areas = {area.id: code for code, area in world.areas.items()}
        self.grid = grid.assign(
            period=[str(day)[:7] for day in grid["starts_on"]], region=[areas[area][:5] for area in grid["area_id"]],
            setting=grid["setting"].fillna(""), language=grid["languages"], wave=grid["wave"].astype(str),
        )  # fmt: skip
        self.everything, self.submissions = read(Observation), read(Submission)
        self.metric_ids = [world.metrics[key].id for key in (UPPER, LOWER)]

    def _current(self, table: pd.DataFrame) -> pd.DataFrame:
        gone = pd.to_datetime(table["superseded_at"], utc=True)
        if self.moment is None:
            return table[gone.isna()]
        return table[
            (pd.to_datetime(table["recorded_at"], utc=True) <= self.moment) & (gone.isna() | (gone > self.moment))
        ]

    def sums(self, rows: pd.DataFrame) -> tuple[Any, ...]:
        """Return numerator, denominator, base, reporting, expected of the rate over some rows."""
        both = rows[f"said_{UPPER}"] & rows[f"said_{LOWER}"]
        base = rows[rows[f"value_{UPPER}"].notna() & rows[f"value_{LOWER}"].notna()]
        return base[f"value_{UPPER}"].sum(), base[f"value_{LOWER}"].sum(), len(base), both.sum(), len(rows)

    def on_time(self) -> pd.Series:
        """Return which rows of the grid report the rate and did so in time."""
        at = self.submissions.set_index("id")
        told = self.everything[self.everything["state"] != "withdrawn"].merge(
            self.grid[["school_id", "period_id", "due_on"]], on=["school_id", "period_id"]
        )
        told = told.merge(at[["submitted_at", "decided_at", "undone_at"]], left_on="submission_id", right_index=True)
        moment = pd.Timestamp(self.moment or LATER)
        decided, undone = (pd.to_datetime(told[name], utc=True) for name in ("decided_at", "undone_at"))
        due = pd.to_datetime(told["due_on"]).dt.tz_localize("Asia/Almaty") + pd.Timedelta(days=1)
        good = (decided <= moment) & (undone.isna() | (undone > moment))
        good &= pd.to_datetime(told["submitted_at"], utc=True) < due
        ids = set(told.loc[good, ["school_id", "period_id", "metric_id"]].itertuples(index=False, name=None))
        return pd.Series(
            [
                bool(row[f"said_{UPPER}"] and row[f"said_{LOWER}"])
                and all((row["school_id"], row["period_id"], metric) in ids for metric in self.metric_ids)
                for row in self.grid.to_dict("records")
            ],
            index=self.grid.index, dtype=bool,
        )  # fmt: skip


@given(story=stories, ago=st.integers(1, 6))
@settings(
    max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.reuse, Phase.generate],  # a story is short as it is, and slow to make shorter
)  # fmt: skip
@ONE_DATABASE
def test_every_question_is_what_plain_pandas_makes_of_the_observations(engine: Engine, story: list[Any], ago: int):
    with open_session(engine, write=True) as session:  # rolled back at its end: the next story begins anew
        told = Story(session)
        for month in MONTHS:
            told.reports.period(month)
        moments = [told.reports.at]
        for kind, *details in story:
            getattr(told, kind)(*details)
            moments.append(told.reports.at)
        for moment in (None, moments[-ago % len(moments)]):
            plain = Plain(told, moment)
            _funnel_is_right(told.reports, plain)
            _groups_are_right(told.reports, plain)
            _reports_are_counted_right(told.reports, plain)
            _units_and_changes_are_right(told.reports, plain)


def _scope(reports: Reports, plain: Plain, measure: str = "teacher_activation", **more: Any) -> Any:
    first = reports.scope(measure, MONTHS[0]).period
    return reports.scope(measure, as_of=plain.moment, first_period=first, **more)


def _same(frame: pd.DataFrame, at: dict[str, Any], wanted: tuple[Any, ...]) -> None:
    """The row of the frame that `at` names has these sums, or there is none where nobody is expected."""
    rows = frame[np.logical_and.reduce([frame[name] == value for name, value in at.items()])]
    if wanted[4] == 0 and rows.empty:
        return
    row = rows.iloc[0]
    found = tuple(0 if pd.isna(row[name]) else row[name] for name in ("numerator", "denominator", "schools_in_base",
                  "schools_reporting", "schools_expected"))  # fmt: skip
    assert found == wanted, (at, found, wanted)
    if wanted[1] > 0:
        assert row["value"] == pytest.approx(100 * wanted[0] / wanted[1])
    else:
        assert pd.isna(row["value"]) and row["state"] == ("not_applicable" if wanted[3] else "not_reported")


def _funnel_is_right(reports: Reports, plain: Plain) -> None:
    for area in ("KZ", "KZ-75"):
        rows = plain.grid[(plain.grid["period"] == "2026-10") & plain.grid["region"].str.startswith(area)]
        base = rows[[f"value_{metric}" for metric in TEACHERS]].dropna()
        found = funnels.funnel(reports.session, _scope(reports, plain, area=area), "teachers")
        assert set(found["schools_in_base"]) == {len(base)} and set(found["schools_expected"]) == {len(rows)}
        wanted = base.sum().tolist() if len(base) else [0, 0, 0]
        assert found["value"].fillna(0).tolist() == wanted, (area, found)


def _groups_are_right(reports: Reports, plain: Plain) -> None:
    for group in ("setting", "language", "wave"):
        now = compare.groups(reports.session, _scope(reports, plain), group)
        over_time = compare.groups_over_time(reports.session, _scope(reports, plain), group)
        for name, period in product(sorted(set(plain.grid[group])), MONTHS):
            rows = plain.grid[(plain.grid[group] == name) & (plain.grid["period"] == period)]
            _same(over_time, {"group": name, "period": period}, plain.sums(rows))
            if period == "2026-10":
                _same(now, {"group": name}, plain.sums(rows))
    joined = pd.to_datetime(plain.grid["joined_on"])
    month = pd.to_datetime(plain.grid["starts_on"])
    since = (month.dt.year - joined.dt.year) * 12 + month.dt.month - joined.dt.month
    found = compare.groups_over_time(reports.session, _scope(reports, plain), "wave", compare.SINCE_JOINING)
    for (wave, at), rows in plain.grid.groupby(["wave", since]):
        _same(found, {"group": wave, "at": at}, plain.sums(rows))
    areas = compare.areas(reports.session, _scope(reports, plain))
    for key, rows in plain.grid.groupby(["region", "period"]):
        _same(areas, dict(zip(("unit", "period"), key, strict=True)), plain.sums(rows))


def _reports_are_counted_right(reports: Reports, plain: Plain) -> None:
    found = completeness.reporting(reports.session, _scope(reports, plain), LATER)
    named = ["schools_expected", "schools_reporting", "schools_on_time"]
    counted = {(row["area_code"], row["period"]): [row[name] for name in named] for row in found.to_dict("records")}
    on_time = plain.on_time()
    for area, period in product(("KZ", "KZ-10", "KZ-75"), MONTHS):
        rows = plain.grid[(plain.grid["period"] == period) & plain.grid["region"].str.startswith(area)]
        reporting = rows[f"said_{UPPER}"] & rows[f"said_{LOWER}"]
        assert counted[area, period] == [len(rows), reporting.sum(), on_time[rows.index].sum()], (area, period)


def _units_and_changes_are_right(reports: Reports, plain: Plain) -> None:
    scope = _scope(reports, plain)
    rows = plain.grid[plain.grid["period"] == "2026-10"].dropna(subset=[f"value_{UPPER}", f"value_{LOWER}"])
    rows = rows[rows[f"value_{LOWER}"] > 0]
    units = funnel_plot.units(reports.session, scope, "schools")
    assert units["numerator"].tolist() == rows.sort_values("name")[f"value_{UPPER}"].tolist()
    for measure in ("teacher_activation", "messages_sent"):
        for then in (changes.last_month(scope), Then(scope.period, reports.at - timedelta(hours=2))):
            whole = changes.since(reports.session, scope.of(measure=measure), then, [measure]).iloc[0]
            parts = changes.by_area(reports.session, scope.of(measure=measure), then)
            if not pd.isna(whole["change"]):
                assert parts["contribution"].sum() == pytest.approx(whole["change"])


QUESTIONS: dict[str, Callable[[Session, Any], pd.DataFrame]] = {
    "funnel": lambda session, scope: funnels.funnel(session, scope, "teachers").drop(columns=["schools_in_base",
              "schools_expected"]),
    "all schools over time": lambda session, scope: compare.groups_over_time(session, scope),
    "quarters": lambda session, scope: views.over_time(session, scope, "quarter"),
    "by setting": lambda session, scope: compare.groups(session, scope, "setting"),
    "change": lambda session, scope: changes.since(session, scope, changes.last_month(scope), [scope.measure]),
}  # fmt: skip
OF_SCHOOLS = [
    "schools_in_base", "schools_reporting", "schools_expected", "recorded_at", "base_now", "base_before",
    "bases_differ",
]  # fmt: skip


def _answers(engine: Engine, files: list[tuple[str, Values]]) -> dict[str, pd.DataFrame]:
    with open_session(engine, write=True) as session:
        story = Story(session)
        for period, values in files:
            story.report(period, values)
        scope = story.reports.scope("teacher_activation", first_period=story.reports.scope("x", MONTHS[0]).period)
        return {
            name: question(session, scope).drop(columns=OF_SCHOOLS, errors="ignore")
            for name, question in QUESTIONS.items()
        }


def _school(total: float, trained: float, active: float) -> dict[str, float | str]:
    return {"teachers_total": total, "teachers_trained": trained, "teachers_active": active}


FILES: list[tuple[str, Values]] = [
    ("2026-09", {"001024": _school(30, 12, 6), "002017": _school(10, 0, 0), "020311": _school(40, 40, 13)}),
    ("2026-10", {"001024": _school(30, 15, 9), "020311": _school(44, 40, 21)}),
    ("2026-10", {"001025": _school(8, 2, 4)}),
]


@ONE_DATABASE
def test_the_order_and_the_cut_of_files_change_no_answer(engine: Engine):
    alone = [(period, {code: cells}) for period, values in FILES for code, cells in values.items()]
    wanted = _answers(engine, FILES)
    for files in (FILES[::-1], alone, alone[::-1]):
        for name, frame in _answers(engine, files).items():
            pd.testing.assert_frame_equal(frame, wanted[name], obj=name)


@ONE_DATABASE
def test_a_school_split_in_two_changes_no_rate_of_the_country(engine: Engine):
    """Two schools of one setting say between them what one had said: every sum and every rate stays."""
    whole: list[tuple[str, Values]] = [
        ("2026-09", {"001024": _school(30, 12, 6)}),
        ("2026-10", {"001024": _school(30, 15, 9)}),
    ]
    halves: list[tuple[str, Values]] = [
        ("2026-09", {"001024": _school(10, 12, 5), "020311": _school(20, 0, 1)}),
        ("2026-10", {"001024": _school(21, 9, 0), "020311": _school(9, 6, 9)}),
    ]
    wanted = _answers(engine, whole)
    for name, frame in _answers(engine, halves).items():
        pd.testing.assert_frame_equal(frame, wanted[name], obj=name)
