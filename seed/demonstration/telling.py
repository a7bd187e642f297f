"""Letting the story happen: every figure goes through intake, at the moment the story says."""

from collections.abc import Callable
from datetime import date, datetime

import numpy as np
from sqlmodel import Session, col, select

from access.identity import Identity
from access.permissions import Action, may
from data_model.base import known_at
from data_model.moments import take_turn
from data_model.participation import ReportingPeriod
from data_model.places import School, SchoolRecord
from data_model.registry import Initiative
from data_model.rollups import Rollup, refresh
from intake import check, record, undo
from intake.options import Options as ReadingOptions
from publishing import releases
from seed.demonstration import files
from seed.demonstration.invented import InventedCountry
from seed.demonstration.reporting import LATE, ON_TIME, first_reported
from seed.demonstration.story import Content, Deed, Report, Step

NOTES = {
    Content.LATE: "Late reports",
    Content.CORRECTION: "Corrections: these numbers were reported wrongly",
}


class Teller:
    """Performs the steps of a story one after another, in the caller's transaction."""

    def __init__(
        self,
        session: Session,
        country: InventedCountry,
        initiative: Initiative,
        *,
        manager: Identity,
        reviewer: Identity,
        invented: frozenset[int] = frozenset(),
    ) -> None:
        self.session, self.country, self.options = session, country, country.options
        self.initiative, self.manager, self.reviewer = initiative, manager, reviewer
        self.invented = invented | {initiative.id}  # the initiatives that the demonstration reports to
        self.submitted: dict[int, tuple[int, str]] = {}  # report number -> submission, fingerprint
        self.accepted = 0
        self._deeds: dict[Deed, Callable[[Step], None]] = {
            Deed.SUBMIT: self._submit, Deed.ACCEPT: self._accept, Deed.REJECT: self._reject,
            Deed.UNDO: self._undo, Deed.CLOSE: self._close, Deed.RELEASE: self._release,
        }  # fmt: skip

    def perform(self, step: Step) -> None:
        """Let one step happen."""
        self._deeds[step.deed](step)

    def _submit(self, step: Step) -> None:
        report = step.report
        assert report is not None
        name, content = report_file(self.country, report)
        checked = check.check_file(self.session, self.initiative, content, name, ReadingOptions(), at=step.moment)
        if not checked.acceptable:
            raise RuntimeError(f"{name} is not acceptable: {checked.as_json()['findings'][:3]}")
        note = NOTES.get(report.content, "")
        submission = record.submit(
            self.session, checked, by=self.manager, note=note, at=step.moment, demonstration=True
        )
        assert submission.id is not None
        self.submitted[report.number] = (submission.id, submission.fingerprint)

    def _accept(self, step: Step) -> None:
        submission, fingerprint = self._submission(step)
        record.accept(self.session, submission, by=self.reviewer, fingerprint=fingerprint, at=step.moment)
        self.accepted += 1

    def _reject(self, step: Step) -> None:
        submission, _fingerprint = self._submission(step)
        record.reject(self.session, submission, by=self.reviewer, reason=step.reason, at=step.moment)

    def _undo(self, step: Step) -> None:
        submission, _fingerprint = self._submission(step)
        undo.undo(self.session, submission, by=self.reviewer, reason=step.reason, at=step.moment)

    def _submission(self, step: Step) -> tuple[int, str]:
        assert step.report is not None
        return self.submitted[step.report.number]

    def _close(self, step: Step) -> None:
        assert step.closed_on is not None
        query = select(School.id).where(School.country == self.options.country, School.code == step.school)
        close_school(self.session, self.initiative, self.session.exec(query).one() or 0, step.closed_on, step.moment)

    def _release(self, step: Step) -> None:
        """Release what there is. Where there are real figures too, invented people may not, and nothing is released."""
        if self.accepted and may(self.session, self.reviewer, Action.RELEASE) and self._alone():
            releases.release(self.session, by=self.reviewer, note=step.reason, at=step.moment)

    def _alone(self) -> bool:
        other = select(Rollup.id).where(col(Rollup.initiative_id).not_in(self.invented)).limit(1)
        return self.session.exec(other).first() is None


def close_school(session: Session, initiative: Initiative, school_id: int, closed_on: date, at: datetime) -> None:
    """Record that a school closes; periods that end later await it no longer, from this moment on."""
    assert initiative.id is not None
    initiative, moment = take_turn(session, initiative.id, at)
    held = session.exec(
        select(SchoolRecord).where(SchoolRecord.school_id == school_id, known_at(SchoolRecord, None))
    ).one()
    values = held.model_dump(exclude={"id", "recorded_at", "superseded_at", "closed_on"})
    held.superseded_at = moment
    session.add(held)
    session.flush()
    session.add(SchoolRecord(**values, closed_on=closed_on, recorded_at=moment))
    session.flush()
    later = select(ReportingPeriod.id).where(
        ReportingPeriod.initiative_id == initiative.id, col(ReportingPeriod.ends_on) >= closed_on
    )
    reported = [period for period in session.exec(later).all() if period is not None and _has_rollups(session, period)]
    refresh(
        session, initiative_id=initiative.id or 0, country=initiative.country, period_ids=reported, at=moment,
        school_ids=[school_id],
    )  # fmt: skip


def _has_rollups(session: Session, period_id: int) -> bool:
    return session.exec(select(Rollup.id).where(Rollup.period_id == period_id).limit(1)).first() is not None


def report_file(country: InventedCountry, report: Report) -> tuple[str, bytes]:
    """Return a report's file: its name and its bytes."""
    period = country.options.periods[report.month]
    first = country.blocks[report.blocks[0]]
    if report.content is Content.CORRECTION:
        return f"corrections_{period}_{report.number}.csv", _corrections(country, report)
    if report.content is Content.LATE:
        parts = [_table(country, number, report, LATE) for number in report.blocks]
        return f"late_{period}_{report.number}.csv", files.write(_joined(parts), files.LONG)
    styles = files.STYLES.get(country.options.country, files.STYLES[""])
    table = _table(country, first.number, report, ON_TIME)
    name = f"{first.region}_{period}_{first.number}.csv"
    return name, files.write(table, styles[first.number % len(styles)])


def _table(country: InventedCountry, number: int, report: Report, status: int) -> files.Table:
    """Return what those schools of a block with this status first report for the month."""
    told = country.told(country.blocks[number])
    chosen = np.flatnonzero(told.reporting.status[:, report.month] == status)
    wrong_month = report.content is Content.MONTH_BEFORE
    values = first_reported(told.figures, told.reporting, report.month - 1 if wrong_month else report.month)
    if report.content is Content.MISTAKE:
        values["licences_allocated"] = values["licences_allocated"] * 10
    return files.Table(
        period=country.options.periods[report.month],
        codes=[told.schools.codes[index] for index in chosen.tolist()],
        names=[told.schools.names[index] for index in chosen.tolist()],
        values={metric: values[metric][chosen] for metric in files.decimals() if metric in values},
        not_applicable={metric: outside[chosen] for metric, outside in told.figures.not_applicable.items()},
    )


def _joined(parts: list[files.Table]) -> files.Table:
    first = parts[0]
    return files.Table(
        period=first.period,
        codes=[code for part in parts for code in part.codes],
        names=[name for part in parts for name in part.names],
        values={metric: np.concatenate([part.values[metric] for part in parts]) for metric in first.values},
        not_applicable={
            metric: np.concatenate([part.not_applicable[metric] for part in parts]) for metric in first.not_applicable
        },
    )


def _corrections(country: InventedCountry, report: Report) -> bytes:
    lines = ["school_code,metric,period,value"]
    period = country.options.periods[report.month]
    for number in report.blocks:
        block = country.blocks[number]
        codes = country.told(block).schools.codes
        for school, metric, value in country.corrections(block, report.month):
            lines.append(f"{codes[school]},{metric},{period},{value:.{files.decimals()[metric]}f}")
    return ("\r\n".join(lines) + "\r\n").encode()
