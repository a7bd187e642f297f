"""Taking a wrong value back: a submission of its own that waits for review and can be undone like any other."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from sqlmodel import Session, col, select

from access.identity import Identity
from access.language import _
from data_model.measures import Measure, Metric
from data_model.periods import Period
from data_model.places import School
from data_model.registry import Initiative
from data_model.submissions import Submission
from intake.cells import WITHDRAWN, Cells
from intake.compare import Comparison, fingerprint, rules_version, stored_cells
from intake.record import CheckedFinding, given_reason, refuse_locked, submit
from intake.refusal import Refused

FILE_NAME = "withdrawal.csv"
FIRST_ROW = 2  # below the header


class NamedCell(NamedTuple):
    """A cell by the names a person uses."""

    school_code: str
    metric_key: str
    period: Period


@dataclass
class Withdrawal:
    """A withdrawal in the form of a checked file: its bytes list the cells."""

    initiative: Initiative
    content: bytes
    cells: Cells
    fingerprint: str
    sha256: str
    summary: dict[str, Any]
    reading: dict[str, Any]
    file_name: str = FILE_NAME
    acceptable: bool = True
    findings: list[CheckedFinding] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content)


READING = {"layout": "withdrawal"}


def withdraw(
    session: Session, initiative: Initiative, named: Iterable[NamedCell], *, by: Identity, reason: str, at: datetime
) -> Submission:
    """Submit that these cells' values be taken back; once that is accepted they are not reported.

    Raises NotAllowed, or Refused: `no_reason`, `unknown_school`, `unknown_metric`, `period_locked`,
    `nothing_to_withdraw` (one of the cells holds nothing), `score_without_count` (a count alone, its score staying).
    """
    note = given_reason(reason)
    listed = sorted(set(named))
    cells = _cells(session, initiative, listed)
    refuse_locked(session, initiative, cells.periods, at)
    comparison = Comparison(cells, stored_cells(session, initiative, cells))
    _refuse_nothing(listed, comparison)
    _refuse_lonely_scores(session, initiative, listed)
    content = _as_csv(listed)
    sha256 = hashlib.sha256(content).hexdigest()
    rules = rules_version(session, initiative)
    summary = {"values": {**comparison.counts, "blank": 0}}
    checked = Withdrawal(
        initiative, content, cells, fingerprint(sha256, READING, rules, cells, comparison), sha256, summary, READING
    )
    return submit(session, checked, by=by, note=note, at=at)


def _cells(session: Session, initiative: Initiative, listed: list[NamedCell]) -> Cells:
    schools = _school_ids(session, initiative, {cell.school_code for cell in listed})
    metrics = dict(session.exec(select(Measure.key, Measure.id).where(Measure.type == "metric")).all())
    for cell in listed:
        if cell.school_code not in schools:
            raise Refused("unknown_school", _("There is no school {code}.").format(code=cell.school_code))
        if cell.metric_key not in metrics:
            raise Refused("unknown_metric", _("There is no metric {key}.").format(key=cell.metric_key))
    periods = sorted({cell.period for cell in listed})
    count = len(listed)
    return Cells.of(
        [schools[cell.school_code] for cell in listed],
        [metrics[cell.metric_key] for cell in listed],
        [periods.index(cell.period) for cell in listed],
        np.full(count, WITHDRAWN), np.full(count, np.nan), np.arange(count) + FIRST_ROW, periods,
    )  # fmt: skip


def _school_ids(session: Session, initiative: Initiative, codes: set[str]) -> dict[str, int | None]:
    query = select(School.code, School.id).where(School.country == initiative.country, col(School.code).in_(codes))
    return dict(session.exec(query).all())


def _refuse_nothing(listed: list[NamedCell], comparison: Comparison) -> None:
    empty = np.flatnonzero(~comparison.stored.says_something)
    if not listed:
        raise Refused("nothing_to_withdraw", _("Name the values to take back."))
    if len(empty):
        cell = listed[int(empty[0])]
        message = _("Nothing is held for school {school}, {metric}, {period}: there is nothing to take back.")
        raise Refused(
            "nothing_to_withdraw",
            message.format(school=cell.school_code, metric=cell.metric_key, period=cell.period.key),
        )


def _refuse_lonely_scores(session: Session, initiative: Initiative, listed: list[NamedCell]) -> None:
    """A score without its count says nothing: whoever takes back the count takes back the score too."""
    asked = set(listed)
    alone = [(cell, score) for cell, score in _scores_left_behind(session, listed) if score not in asked]
    if not alone:
        return
    scores = _cells(session, initiative, [score for _cell, score in alone])
    held = stored_cells(session, initiative, scores).says_something
    for (cell, score), says in zip(alone, held.tolist(), strict=True):
        if says:
            message = _("{score} of school {school} rests on {metric}: take both back together.")
            raise Refused(
                "score_without_count",
                message.format(score=score.metric_key, school=cell.school_code, metric=cell.metric_key),
            )


def _scores_left_behind(session: Session, listed: list[NamedCell]) -> Iterator[tuple[NamedCell, NamedCell]]:
    keys = dict(session.exec(select(Measure.id, Measure.key)).all())
    scores = session.exec(select(Metric).where(col(Metric.count_metric_id).is_not(None))).all()
    for cell in listed:
        for score in scores:
            if keys[score.count_metric_id] == cell.metric_key:
                yield cell, NamedCell(cell.school_code, keys[score.id], cell.period)


def _as_csv(listed: list[NamedCell]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["school_code", "metric", "period"])
    writer.writerows([cell.school_code, cell.metric_key, cell.period.key] for cell in listed)
    return written.getvalue().encode()
