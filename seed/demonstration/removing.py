"""Removing a demonstration: the invented rows and nothing else, in one transaction."""

from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from access import accounts, audit
from access.administration.places import referring
from data_model.due_days import MovedDueDay
from data_model.locks import AutomaticLock, PeriodLock
from data_model.measures import Target
from data_model.money import Fund, Transaction
from data_model.participation import Enrolment, ReportingPeriod, Requirement
from data_model.people import Account, AuditEvent, Grant, SignInSession
from data_model.places import Area, School, SchoolRecord
from data_model.registry import Initiative, Organisation
from data_model.releases import Release, ReleasedFigure, ReleasedSchool
from data_model.rollups import Rollup, areas_of, refresh
from data_model.submissions import (
    ColumnChoice,
    Confirmation,
    Finding,
    Observation,
    SchoolChoice,
    Submission,
    SubmissionArea,
    SubmissionContent,
    ThreadEntry,
)
from data_model.time_zones import ChangedTimeZone
from seed.demonstration.money import INVENTED
from seed.demonstration.survey import MADE, cells_of, initiatives_concerned, invented_schools, real_submissions

REMOVED = "demonstration_removed"


def remove_demonstration(session: Session, at: datetime) -> None:
    """Remove all demonstration data in the session's transaction; real data stays as it was.

    Values that real people reported about invented schools go with these schools. The audit trail is never cut: it
    goes on telling of the demonstration and of its removal, and the accounts whose deeds it tells stay, disabled.
    """
    initiatives = initiatives_concerned(session)
    _take_out_of_real_submissions(session)
    _remove_reports(session)
    _remove_releases(session)
    _remove_money(session)
    _remove_schools(session)
    for initiative_id in initiatives:
        _mend_initiative(session, initiative_id)
    _remove_requirements(session)
    _remove_areas(session)
    _remove_people(session, at)
    session.flush()
    session.expire_all()


def _delete(session: Session, table: type[SQLModel], *conditions: Any) -> None:
    session.flush()
    session.connection().execute(sa.delete(table).where(*conditions))


def _schools() -> Any:
    return select(School.id).where(col(School.demonstration))


def _take_out_of_real_submissions(session: Session) -> None:
    """Leave real submissions only what they say about real schools; one that says nothing else goes."""
    invented = invented_schools(session)
    for told in real_submissions(session):
        if not told.on_real_schools:
            _remove_submissions(session, col(Submission.id) == told.id)
            continue
        submission = session.get_one(Submission, told.id)
        cells = cells_of(session, submission)
        kept = cells.take(~np.isin(cells.school_id, invented))
        its_own = col(SubmissionContent.submission_id) == told.id
        session.connection().execute(sa.update(SubmissionContent).where(its_own).values(cells=kept.to_bytes()))
        places = areas_of(session, kept.school_id)
        gone = (col(SubmissionArea.submission_id) == told.id, col(SubmissionArea.area_id).not_in(places))
        _delete(session, SubmissionArea, *gone)


def _remove_reports(session: Session) -> None:
    """Remove invented submissions, and all values of invented schools."""
    _remove_submissions(session, col(Submission.demonstration))
    for table in (Observation, Confirmation):
        _delete(session, table, col(table.school_id).in_(_schools()))
    people = select(Account.id).where(col(Account.demonstration))
    _delete(session, SchoolChoice, col(SchoolChoice.school_id).in_(_schools()))
    for choice in (SchoolChoice, ColumnChoice):
        _delete(session, choice, col(choice.chosen_by).in_(people))


def _remove_submissions(session: Session, condition: Any) -> None:
    chosen = select(Submission.id).where(condition)
    for table in (Observation, Confirmation, Finding, SubmissionArea, SubmissionContent):
        _delete(session, table, col(table.submission_id).in_(chosen))
    _delete(session, Submission, condition)


def _remove_releases(session: Session) -> None:
    """Remove invented figures from all releases, and releases that held nothing else."""
    _delete(session, ReleasedFigure, col(ReleasedFigure.demonstration))
    _delete(session, ReleasedSchool, col(ReleasedSchool.demonstration))
    empty = ~sa.exists().where(col(ReleasedFigure.release_id) == col(Release.id))
    _delete(session, Release, col(Release.demonstration), empty)
    session.connection().execute(sa.update(Release).where(col(Release.demonstration)).values(demonstration=False))


def _remove_money(session: Session) -> None:
    funds = select(Fund.id).where(col(Fund.demonstration))
    paid = select(Transaction.to_organisation_id).where(col(Transaction.fund_id).in_(funds)).distinct()
    recipients = [one for one in session.exec(paid).all() if one is not None]
    _delete(session, Transaction, col(Transaction.fund_id).in_(funds))
    _delete(session, Fund, col(Fund.demonstration))
    _delete(session, Target, col(Target.demonstration))
    invented = col(Organisation.id).in_(recipients), col(Organisation.key).contains(INVENTED)
    for organisation in session.exec(select(Organisation).where(*invented)).all():
        if not referring(session, organisation):  # one that somebody has taken up for something real stays
            _delete(session, Organisation, Organisation.id == organisation.id)


def _remove_schools(session: Session) -> None:
    for pointer in (SchoolRecord.merged_into_id, SchoolRecord.split_from_id):
        pointing = sa.update(SchoolRecord).where(col(pointer).in_(_schools()))
        session.connection().execute(pointing.values({pointer: None}))
    for table in (Enrolment, SchoolRecord):
        _delete(session, table, col(table.school_id).in_(_schools()))
    _delete(session, School, col(School.demonstration))


def _mend_initiative(session: Session, initiative_id: int) -> None:
    """Make the initiative's rollups anew from what is left, with their history, and remove periods nobody needs."""
    initiative = session.get_one(Initiative, initiative_id)
    _delete(session, Rollup, col(Rollup.initiative_id) == initiative_id)
    left = _moments(session, initiative_id)
    for moment, period_ids in left.items():
        refresh(
            session, initiative_id=initiative_id, country=initiative.country, period_ids=period_ids, at=moment,
            as_of=moment,
        )  # fmt: skip
    unused = (
        col(ReportingPeriod.initiative_id) == initiative_id,
        *(
            ~sa.exists().where(col(table.period_id) == col(ReportingPeriod.id))
            for table in (Observation, Confirmation, Rollup, PeriodLock, MovedDueDay)
        ),
    )
    _delete(session, ReportingPeriod, *unused)
    if not left:
        initiative.last_recorded_at = None
        session.add(initiative)


def _moments(session: Session, initiative_id: int) -> dict[datetime, set[int]]:
    """Return, in order of time, when what is left changed, and the periods for which it did."""
    found: dict[datetime, set[int]] = {}
    begins: dict[int, datetime] = {}
    for column in (Observation.recorded_at, Observation.superseded_at):
        query = (
            select(column, Observation.period_id)
            .where(Observation.initiative_id == initiative_id, col(column).is_not(None))
            .distinct()
        )
        for moment, period_id in session.exec(query).all():
            assert moment is not None
            found.setdefault(moment, set()).add(period_id)
            begins[period_id] = min(moment, begins.get(period_id, moment))
    for moment in _changes_of_schools(session, initiative_id):
        # A period's rollups begin with its first acceptance.
        found.setdefault(moment, set()).update(period for period, begin in begins.items() if begin < moment)
    return {moment: found[moment] for moment in sorted(found) if found[moment]}


def _changes_of_schools(session: Session, initiative_id: int) -> set[datetime]:
    """Return when enrolments and records of the initiative's schools changed."""
    enrolled = select(Enrolment.school_id).where(Enrolment.initiative_id == initiative_id)
    moments: set[datetime] = set()
    for column in (Enrolment.recorded_at, Enrolment.superseded_at):
        query = select(column).where(Enrolment.initiative_id == initiative_id).distinct()
        moments.update(moment for moment in session.exec(query).all() if moment is not None)
    for column in (SchoolRecord.recorded_at, SchoolRecord.superseded_at):
        records = select(column).where(col(SchoolRecord.school_id).in_(enrolled)).distinct()
        moments.update(moment for moment in session.exec(records).all() if moment is not None)
    return moments


def _remove_requirements(session: Session) -> None:
    """Take back what the demonstration asked initiatives for, if it did and no school is left there to ask."""
    before = select(sa.func.max(AuditEvent.id)).where(AuditEvent.action == REMOVED)
    made = select(AuditEvent).where(AuditEvent.action == MADE, col(AuditEvent.id) > (session.exec(before).one() or 0))
    for event in session.exec(made).all():
        if not event.details.get("requirements_added"):
            continue
        initiative = session.exec(select(Initiative).where(Initiative.key == event.subject_key)).one()
        left = session.exec(select(Enrolment.id).where(Enrolment.initiative_id == initiative.id).limit(1)).first()
        if left is None:
            _delete(session, Requirement, col(Requirement.initiative_id) == initiative.id)


def _remove_areas(session: Session) -> None:
    """Remove invented areas, lowest first. One that something real is bound to stays, as real."""
    levels = select(Area.level).where(col(Area.demonstration)).distinct()
    for level in sorted(session.exec(levels).all(), reverse=True):
        below = select(Area.parent_id).where(col(Area.parent_id).is_not(None))
        in_use = (
            select(table.area_id).where(col(table.area_id).is_not(None))
            for table in (SchoolRecord, Rollup, Target, Grant)
        )
        free = [col(Area.id).not_in(query) for query in (below, *in_use)]
        _delete(session, Area, col(Area.demonstration), Area.level == level, *free)
    session.connection().execute(sa.update(Area).where(col(Area.demonstration)).values(demonstration=False))


def _remove_people(session: Session, at: datetime) -> None:
    audit.record(session, at=at, who=None, action=REMOVED, subject_type="database", subject_key="demonstration")
    for account in session.exec(select(Account).where(col(Account.demonstration))).all():
        _delete(session, SignInSession, SignInSession.account_id == account.id)
        if not _is_named(session, account):
            _delete(session, Grant, Grant.account_id == account.id)
            _delete(session, Account, Account.id == account.id)
        elif account.disabled_at is None:
            account.password_hash = ""
            for grant in session.exec(select(Grant).where(Grant.account_id == account.id)).all():
                accounts.revoke_grant(session, grant, at=at)
            accounts.disable_account(session, account, at=at)


def _is_named(session: Session, account: Account) -> bool:
    """Return whether something that stays names the person: the audit trail, a submission, a lock, a release."""
    by = (Submission.submitted_by, Submission.taken_up_by, Submission.decided_by, Submission.undone_by)
    locks = (PeriodLock.locked_by, PeriodLock.unlocked_by, AutomaticLock.set_by, MovedDueDay.moved_by)
    others = (AuditEvent.account_id, ThreadEntry.written_by, ChangedTimeZone.changed_by, Release.released_by)
    for column in (*by, *locks, *others):
        if session.exec(select(column).where(column == account.id).limit(1)).first() is not None:
            return True
    return False
