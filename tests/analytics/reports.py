"""What schools report in these tests: accepted submissions, written straight into the tables with their rollups."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from analytics.scope import Scope
from data_model.measures import Indicator, Metric
from data_model.participation import Enrolment, ReportingPeriod
from data_model.periods import Period
from data_model.places import SchoolRecord
from data_model.releases import Release, ReleasedFigure
from data_model.rollups import refresh
from data_model.submissions import Observation, Submission
from tests.factories import START, World, make_enrolment, make_period, make_world

NOT_APPLICABLE = "n/a"
WITHDRAWN = "withdrawn"
STATES = {NOT_APPLICABLE: "not_applicable", WITHDRAWN: "withdrawn"}

Values = dict[str, dict[str, float | str]]  # school code -> metric key -> value, NOT_APPLICABLE or WITHDRAWN


class Reports:
    """A small country to which reports can be made at moments one hour apart."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.world: World = make_world(session)
        self.at = START
        self.periods: dict[str, ReportingPeriod] = {}

    def scope(self, measure: str, period: str = "2026-10", area: str = "KZ", **more: Any) -> Scope:
        return Scope("kz-chatgpt-edu", measure, area, Period.parse(period), **more)

    def period(self, key: str) -> ReportingPeriod:
        if key not in self.periods:
            self.periods[key] = make_period(self.session, self.world.initiative, key)
        return self.periods[key]

    def report(
        self, period: str, values: Values, at: datetime | None = None, handed_in: datetime | None = None
    ) -> Submission:
        """Let a submission say these values, a row a school from row 2 on. Returns it, recorded at `self.at`."""
        self.at = at or self.at + timedelta(hours=1)
        submission = self._submission()
        submission.submitted_at = handed_in or submission.submitted_at
        assert submission.id is not None
        for row, (school, cells) in enumerate(values.items(), start=2):
            for metric, value in cells.items():
                self._say(self.period(period), school, metric, value, submission.id, row)
        self.refresh(period, list(values))
        return submission

    def refresh(self, period: str, schools: list[str] | None = None) -> None:
        initiative, period_id = self.world.initiative, self.period(period).id
        assert initiative.id is not None and period_id is not None
        ids = None if schools is None else [number for code in schools if (number := self.world.schools[code].id)]
        self.session.flush()
        refresh(
            self.session, initiative_id=initiative.id, country="KZ", period_ids=[period_id], at=self.at,
            school_ids=ids,
        )  # fmt: skip
        initiative.last_recorded_at = self.at
        self.session.flush()

    def leave(self, school: str, left_on: date) -> None:
        """Let it become known that a school no longer takes part from that day on."""
        self.at += timedelta(hours=1)
        held = self.session.exec(
            select(Enrolment).filter_by(school_id=self.world.schools[school].id, superseded_at=None)
        ).one()
        held.superseded_at = self.at
        self.session.flush()
        changed = {"left_on": left_on, "recorded_at": self.at}
        make_enrolment(self.session, self.world.initiative, self.world.schools[school], **changed)
        for period in self.periods:
            self.refresh(period)

    def move(self, school: str, area: str) -> None:
        """Let it become known that a school lies in another area."""
        self.at += timedelta(hours=1)
        held = self.session.exec(
            select(SchoolRecord).filter_by(school_id=self.world.schools[school].id, superseded_at=None)
        ).one()
        held.superseded_at = self.at
        self.session.flush()
        self.session.add(
            SchoolRecord(
                school_id=held.school_id, area_id=self.world.areas[area].id, name=held.name, recorded_at=self.at
            )
        )
        for period in self.periods:
            self.refresh(period)

    def release(self, figures: list[dict[str, Any]], **given: Any) -> Release:
        """Release figures; each names at least measure, area_code and period."""
        release = Release(
            **{
                "released_at": self.at,
                "as_of": self.at,
                "threshold": 5,
                "released_by": self.world.accounts["reviewer"].id,
            }
            | given
        )
        self.session.add(release)
        self.session.flush()
        for given_figure in figures:
            figure = {"state": "reported", "schools_expected": 6, "schools_reporting": 6} | given_figure
            starts_on = Period.parse(figure["period"]).starts_on
            self.session.add(
                ReleasedFigure(
                    release_id=release.id, initiative_key="kz-chatgpt-edu", period_starts_on=starts_on, **figure
                )
            )
        self.session.flush()
        return release

    def measure(self, key: str) -> Metric | Indicator:
        return self.world.metrics[key] if key in self.world.metrics else self.world.indicators[key]

    def _submission(self) -> Submission:
        accounts = self.world.accounts
        submission = Submission(
            initiative_id=self.world.initiative.id, state="accepted", file_name="report.csv",
            sha256=f"{int(self.at.timestamp()):064x}", size=1, reading={}, fingerprint="0" * 64,
            summary={"values": {"new": 3}, "findings_total": {"error": 0, "warning": 1}},
            submitted_by=accounts["manager"].id, submitted_at=self.at - timedelta(minutes=30),
            decided_by=accounts["reviewer"].id, decided_at=self.at,
        )  # fmt: skip
        self.session.add(submission)
        self.session.flush()
        return submission

    def _say(
        self, period: ReportingPeriod, school: str, metric: str, value: float | str, submission: int, row: int
    ) -> None:
        cell = {
            "initiative_id": self.world.initiative.id, "school_id": self.world.schools[school].id,
            "metric_id": self.world.metrics[metric].id, "period_id": period.id,
        }  # fmt: skip
        held = self.session.exec(select(Observation).filter_by(**cell, superseded_at=None)).one_or_none()
        if held is not None:
            held.superseded_at = self.at
            self.session.flush()
        state, number = (STATES[value], None) if isinstance(value, str) else ("reported", float(value))
        self.session.add(
            Observation(**cell, state=state, value=number, submission_id=submission, row=row, recorded_at=self.at)
        )
        self.session.flush()
