"""Taking an accepted submission back: each cell then holds what the newest accepted, not undone submission says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import N_, _
from access.permissions import Action, require, require_schools
from data_model.bulk import Query, fetch_numbers, insert_columns, supersede
from data_model.measures import Measure
from data_model.moments import take_turn
from data_model.participation import ReportingPeriod
from data_model.periods import Granularity, Period
from data_model.places import School
from data_model.registry import Initiative
from data_model.rollups import refresh
from data_model.statements import REPORTED, STATES, state_code
from data_model.submissions import Confirmation, Observation, Submission, SubmissionState
from intake.progress import Progress, silent
from intake.record import find, given_reason, refuse_locked
from intake.refusal import Refused


class KeptCell(NamedTuple):
    """A cell the undone submission spoke for whose content stays, because another submission says it: which one."""

    school: str
    metric: str
    period: str
    submission: int


@dataclass
class Undone:
    """What an undo did. Every cell the submission spoke for is either reversed or kept."""

    submission: Submission
    reversed: int
    kept: list[KeptCell] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the answer of the command line."""
        kept = [cell._asdict() for cell in self.kept]
        return {"submission": self.submission.id, "reversed": self.reversed, "kept": kept}


@dataclass
class Spoken:
    """Statements about cells, as arrays of one length. `place` says which of the cells at hand each is about."""

    place: np.ndarray
    state: np.ndarray
    value: np.ndarray
    submission_id: np.ndarray
    row: np.ndarray

    @classmethod
    def of_columns(cls, columns: list[np.ndarray]) -> "Spoken":
        """Return statements from float columns in the order of the fields."""
        place, state, value, submission_id, row = columns
        whole = [part.astype(np.int64) for part in (place, state, submission_id, row)]
        return cls(whole[0], whole[1], value, whole[2], whole[3])


def undo(
    session: Session,
    submission_id: int,
    *,
    by: Identity,
    reason: str,
    at: datetime,
    progress: Progress = silent,
) -> Undone:
    """Take an accepted submission back and say what became of its cells. It stays on record as undone.

    Raises NotAllowed, or Refused: `unknown_submission`, `wrong_state`, `no_reason`, `period_locked`.
    """
    submission = find(session, submission_id)
    initiative, moment = take_turn(session, submission.initiative_id, at)
    if submission.state != SubmissionState.ACCEPTED:
        message = _("Only an accepted submission can be undone: {number} is {state}.")
        raise Refused("wrong_state", message.format(number=submission_id, state=submission.state))
    require(session, by, Action.UNDO, submission=submission, at=moment)
    submission.undo_reason = given_reason(reason)
    progress(N_("Looking up what it said"), 0.05)
    cells = _cells_spoken_for(session, submission_id)
    require_schools(session, by, Action.UNDO, np.unique(cells.school_id), submission=submission)
    periods = _periods(session, cells.period_id)
    refuse_locked(session, initiative, periods.values(), moment)
    submission.state = SubmissionState.UNDONE
    submission.undone_by, submission.undone_at = by.account_id, moment
    session.add(submission)
    session.flush()
    progress(N_("Writing the values"), 0.3)
    content_stays = _give_back(session, initiative, cells, moment)
    undone = Undone(submission, int((~content_stays).sum()), _kept(session, cells, content_stays, periods))
    details = {"reason": submission.undo_reason, "reversed": undone.reversed, "kept": len(undone.kept)}
    audit.record(
        session, at=moment, who=by, action="undo",
        subject_type="submission", subject_key=submission_id, details=details,
    )  # fmt: skip
    return undone


@dataclass
class SpokenFor:
    """The cells a submission made a statement about, with what is held there: arrays of one length.

    `held_id` and `holder` (a submission) are those of the current observation. `own` is where the submission holds it.
    """

    initiative_id: int
    school_id: np.ndarray
    metric_id: np.ndarray
    period_id: np.ndarray
    held_id: np.ndarray
    holder: np.ndarray
    state: np.ndarray
    value: np.ndarray
    own: np.ndarray


def _cells_spoken_for(session: Session, submission_id: int) -> SpokenFor:
    """Return the cells of an accepted submission. Each has a current observation: its own or another's."""
    # Most often it still holds all of them, and those it holds need no looking for another that does.
    parts = [fetch_numbers(session, _held_now(Observation).where(col(Observation.submission_id) == submission_id))]
    for table in (Observation, Confirmation):
        now = aliased(Observation)
        query = _held_now(now).join(table, _same_cell(table, now)).where(col(table.submission_id) == submission_id)
        if table is Observation:
            query = query.where(col(Observation.superseded_at).is_not(None))
        parts.append(fetch_numbers(session, query))
    columns = [np.concatenate(pair) for pair in zip(*parts, strict=True)]
    # A cell that an undo gave to the submission stands here more than once.
    _ids, first = np.unique(columns[4], return_index=True)
    initiative, school, metric, period, held, holder, state = (part[first].astype(np.int64) for part in columns[:7])
    return SpokenFor(
        int(initiative[0]) if len(first) else 0, school, metric, period, held, holder, state, columns[7][first],
        holder == submission_id,
    )  # fmt: skip


def _held_now(table: Any) -> Query:
    """Return the query for the current observations: cell, id, submission, state and value."""
    return sa.select(
        col(table.initiative_id), col(table.school_id), col(table.metric_id), col(table.period_id),
        col(table.id), col(table.submission_id), state_code(table), col(table.value),
    ).where(col(table.superseded_at).is_(None))  # fmt: skip


def _same_cell(one: Any, other: Any) -> sa.ColumnElement[bool]:
    names = ("initiative_id", "period_id", "metric_id", "school_id")
    return sa.and_(*(getattr(one, name) == getattr(other, name) for name in names))


def _give_back(session: Session, initiative: Initiative, cells: SpokenFor, moment: datetime) -> np.ndarray:
    """Leave each cell that the submission held to the newest other witness. Returns where the content is as before."""
    heirs = _heirs(session, cells)
    at = np.searchsorted(cells.held_id, heirs.place)
    supersede(session, Observation, cells.held_id[cells.own], moment)
    for code, state in enumerate(STATES):
        chosen = heirs.state == code
        columns: dict[str, Any] = {
            "initiative_id": cells.initiative_id,
            "school_id": cells.school_id[at[chosen]],
            "metric_id": cells.metric_id[at[chosen]],
            "period_id": cells.period_id[at[chosen]],
            "state": state.value,
            "submission_id": heirs.submission_id[chosen],
            "row": heirs.row[chosen],
            "recorded_at": moment,
        }
        if code == REPORTED:
            columns["value"] = heirs.value[chosen]
        insert_columns(session, Observation, columns, int(chosen.sum()))
    content_stays = ~cells.own
    same_value = (heirs.state != REPORTED) | (heirs.value == cells.value[at])
    content_stays[at] = (heirs.state == cells.state[at]) & same_value
    cells.holder[at] = heirs.submission_id
    assert initiative.id is not None
    refresh(
        session,
        initiative_id=initiative.id,
        country=initiative.country,
        # Where another says the same, the sums stay, but it may not have said it on time.
        period_ids=np.unique(cells.period_id).tolist(),
        at=moment,
        school_ids=cells.school_id,
    )
    return content_stays


def _heirs(session: Session, cells: SpokenFor) -> Spoken:
    """Return, for the cells that the submission held, the newest statement of another accepted, not undone submission.

    `place` is the id of the observation that is to be superseded; a cell without another witness is left out.
    """
    undone = int(cells.holder[cells.own][0]) if cells.own.any() else 0
    held = aliased(Observation)
    parts = []
    for table in (Observation, Confirmation):
        query = (
            sa.select(col(held.id), state_code(table), col(table.value), col(table.submission_id), col(table.row))
            .join(table, _same_cell(held, table))
            .where(col(held.submission_id) == undone, col(held.superseded_at).is_(None))
            .join(Submission, col(Submission.id) == col(table.submission_id))
            .where(col(Submission.state) == SubmissionState.ACCEPTED)
        )
        if table is Observation:
            query = query.where(col(Observation.superseded_at).is_not(None))
        parts.append(fetch_numbers(session, query))
    found = Spoken.of_columns([np.concatenate(pair) for pair in zip(*parts, strict=True)])
    order = _order_of_acceptance(session, cells.initiative_id)
    rank = np.array([order[submission] for submission in found.submission_id.tolist()], dtype=np.int64)
    newest_last = np.lexsort((rank, found.place))
    place = found.place[newest_last]
    last = np.append(place[1:] != place[:-1], True) if len(place) else np.zeros(0, dtype=bool)
    chosen = newest_last[last]
    return Spoken(*(part[chosen] for part in (found.place, found.state, found.value, found.submission_id, found.row)))


def _order_of_acceptance(session: Session, initiative_id: int) -> dict[int, int]:
    """Return the accepted, not undone submissions by their place in the order of acceptance."""
    query = (
        select(Submission.id)
        .where(Submission.initiative_id == initiative_id, Submission.state == SubmissionState.ACCEPTED)
        .order_by(col(Submission.decided_at))
    )
    return {submission: place for place, submission in enumerate(session.exec(query).all()) if submission is not None}


def _periods(session: Session, period_ids: np.ndarray) -> dict[int, Period]:
    wanted = np.unique(period_ids).tolist()
    rows = session.exec(select(ReportingPeriod).where(col(ReportingPeriod.id).in_(wanted))).all()
    return {row.id: Period(row.starts_on, Granularity(row.granularity)) for row in rows if row.id is not None}


def _kept(session: Session, cells: SpokenFor, content_stays: np.ndarray, periods: dict[int, Period]) -> list[KeptCell]:
    """Return the cells whose content stays, by school, metric and period as written."""
    places = np.flatnonzero(content_stays)
    if not len(places):
        return []
    keys = dict(session.exec(select(Measure.id, Measure.key)).all())
    written = {identity: period.key for identity, period in periods.items()}
    codes = _codes(session, np.unique(cells.school_id[places]))
    names = [
        _named(part[places], text)
        for part, text in ((cells.school_id, codes), (cells.metric_id, keys), (cells.period_id, written))
    ]
    # The distinct names stand in order, so their places sort as they do.
    order = np.lexsort([place for _texts, place in reversed(names)])
    columns = [texts[place[order]].tolist() for texts, place in names]
    return list(map(KeptCell, *columns, cells.holder[places][order].tolist()))


def _named(identities: np.ndarray, texts: Mapping[Any, str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct texts of these rows in order, and for each row the place of its own."""
    distinct, inverse = np.unique(identities, return_inverse=True)
    found, place = np.unique(np.array([texts[one] for one in distinct.tolist()], dtype=object), return_inverse=True)
    return found, place[inverse]


def _codes(session: Session, school_ids: np.ndarray) -> dict[Any, str]:
    codes: dict[Any, str] = {}
    for start in range(0, len(school_ids), 1_000):
        some = school_ids[start : start + 1_000].tolist()
        codes.update(session.exec(select(School.id, School.code).where(col(School.id).in_(some))).all())
    return codes
