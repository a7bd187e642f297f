"""Who may what. The only place that decides: pages, routes, commands and functions ask here, on every call.

One short rule an action. A rule answers with None (allowed) or with the refusal a person is told. The table of the
design: accept and reject a reviewer, not one's own; undo a reviewer, or the manager who made it while its period is
open; an administrator all; the public what has been released; everyone signed in the live figures of their grants.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import scopes
from access.identity import PUBLIC, Identity
from access.language import N_, _, ngettext
from access.refusal import NotAllowed
from access.setting_values import own_review_allowed
from data_model.locks import locked_periods
from data_model.participation import ReportingPeriod
from data_model.people import Role
from data_model.places import Area
from data_model.registry import Initiative
from data_model.submissions import Confirmation, Observation, Submission

__all__ = [
    "PUBLIC",
    "Action",
    "Identity",
    "NotAllowed",
    "Place",
    "may",
    "refusal",
    "require",
    "require_places",
    "require_schools",
]


class Action(StrEnum):
    """What can be asked for. `ROLES` says whose grants open it; the public may only `READ_PUBLIC`."""

    READ_PUBLIC = "read_public"  # the registry and what has been released
    READ_LIVE = "read_live"  # figures as they stand now, down to schools and rows
    READ_SUBMISSION = "read_submission"  # a file as it was uploaded, with its findings
    SUBMIT = "submit"
    REVIEW = "review"  # accept, reject
    TAKE_UP = "take_up"  # as the reviewer who has it
    RETURN = "return"  # to its maker, with what is to be mended
    COMMENT = "comment"
    WITHDRAW = "withdraw"  # before a decision; also: answer one that was returned
    LOCK = "lock"  # a period, and unlock it
    UNDO = "undo"
    RELEASE = "release"
    ADMINISTER = "administer"


ROLES: dict[Action, tuple[Role, ...]] = {
    Action.READ_LIVE: (Role.ANALYST, Role.MANAGER, Role.REVIEWER, Role.ADMINISTRATOR),
    Action.READ_SUBMISSION: (Role.ANALYST, Role.MANAGER, Role.REVIEWER, Role.ADMINISTRATOR),
    Action.SUBMIT: (Role.MANAGER, Role.ADMINISTRATOR),
    Action.REVIEW: (Role.REVIEWER, Role.ADMINISTRATOR),
    Action.TAKE_UP: (Role.REVIEWER, Role.ADMINISTRATOR),
    Action.RETURN: (Role.REVIEWER, Role.ADMINISTRATOR),
    Action.COMMENT: (Role.REVIEWER, Role.ADMINISTRATOR, Role.MANAGER),
    Action.WITHDRAW: (Role.MANAGER, Role.REVIEWER, Role.ADMINISTRATOR),
    Action.LOCK: (Role.REVIEWER, Role.ADMINISTRATOR),
    Action.UNDO: (Role.REVIEWER, Role.ADMINISTRATOR, Role.MANAGER),
    Action.RELEASE: (Role.REVIEWER, Role.ADMINISTRATOR),
    Action.ADMINISTER: (Role.ADMINISTRATOR,),
}

REFUSALS: dict[Action, str] = {
    Action.READ_PUBLIC: N_("This is not public."),
    Action.READ_LIVE: N_("You may not see these figures: they lie outside your grants."),
    Action.READ_SUBMISSION: N_("You may not see this submission: it lies outside your grants."),
    Action.SUBMIT: N_("You may not submit to this initiative: that takes a manager's grant for it."),
    Action.REVIEW: N_("You may not review this submission: that takes a reviewer's grant for its initiative."),
    Action.TAKE_UP: N_("You may not review this submission: that takes a reviewer's grant for its initiative."),
    Action.RETURN: N_("You may not review this submission: that takes a reviewer's grant for its initiative."),
    Action.COMMENT: N_("You may not comment on this submission: that takes its maker, or a reviewer's grant."),
    Action.WITHDRAW: N_("You may not withdraw or answer this submission: only its maker may."),
    Action.LOCK: N_("You may not lock or unlock periods: that takes a reviewer's grant for the whole initiative."),
    Action.UNDO: N_("You may not undo this submission: that takes a reviewer, or the manager who made it."),
    Action.RELEASE: N_("You may not release figures: that takes a reviewer's grant for every initiative in them."),
    Action.ADMINISTER: N_("You may not administer this: that takes an administrator's grant for it."),
}


@dataclass(frozen=True)
class Question:
    """What is asked: may this person do this, with that, at this moment?"""

    session: Session
    who: Identity
    action: Action
    initiative: Initiative | None
    submission: Submission | None
    area_id: int | None
    at: datetime | None
    country: str | None = None

    def reaches_all(self) -> bool:
        """Whether a grant opens the action for all of the initiative in the area (its country when none is named)."""
        return self.initiative is not None and any(
            scopes.covers(self.session, grant, self.initiative, self.area_id)
            for grant in scopes.granted(self.who, ROLES[self.action])
        )

    def reaches_some(self, *roles: Role) -> bool:
        """Whether a grant of one of `roles` (of the action's when none is named) touches the initiative at all."""
        return self.initiative is not None and any(
            scopes.touches(self.session, grant, self.initiative)
            for grant in scopes.granted(self.who, roles or ROLES[self.action])
        )

    def is_own(self) -> bool:
        """Whether the person made the submission."""
        return self.submission is not None and self.submission.submitted_by == self.who.account_id

    def refused(self) -> NotAllowed:
        """The refusal that says what the action takes."""
        if not self.who.signed_in:
            return NotAllowed("not_signed_in", _("Sign in first."))
        return NotAllowed("not_allowed", _(REFUSALS[self.action]))


def _read_public(_question: Question) -> NotAllowed | None:
    return None


def _read_live(question: Question) -> NotAllowed | None:
    return None if question.reaches_all() else question.refused()


def _read_submission(question: Question) -> NotAllowed | None:
    """Its maker, whoever may see the live figures of all its schools, and reviewers of any of them.

    About an initiative alone: whether all of its submissions may be read.
    """
    if question.is_own() or question.reaches_all():
        return None
    if question.submission is None or not question.reaches_some():
        return question.refused()
    its_own = col(Submission.id) == question.submission.id
    query = select(Submission.id).where(its_own, readable_submissions(question.session, question.who))
    return None if question.session.exec(query).first() is not None else question.refused()


def _submit(question: Question) -> NotAllowed | None:
    """A grant anywhere in the initiative opens the door; which schools, `require_schools` decides on the cells."""
    return None if question.reaches_some() else question.refused()


def _review(question: Question) -> NotAllowed | None:
    """As with submit, `require_schools` decides on the cells of a reviewer whose grant names an area."""
    if not question.reaches_some():
        return question.refused()
    if question.is_own() and not own_review_allowed(question.session):
        return NotAllowed("own_submission", _("You made this submission: another reviewer must decide on it."))
    return None


def _comment(question: Question) -> NotAllowed | None:
    """Its maker, and those who review where schools of it lie."""
    reviews = question.reaches_some(*ROLES[Action.REVIEW]) and _read_submission(question) is None
    return None if reviews or (question.is_own() and question.reaches_some()) else question.refused()


def _withdraw(question: Question) -> NotAllowed | None:
    """Its maker alone, as long as they have something to do in the initiative."""
    return None if question.is_own() and question.reaches_some() else question.refused()


def _lock(question: Question) -> NotAllowed | None:
    """A lock holds for every school: it takes a grant for the whole initiative."""
    return None if question.reaches_all() else question.refused()


def _undo(question: Question) -> NotAllowed | None:
    if question.reaches_some(*ROLES[Action.REVIEW]):
        return None
    if not (question.is_own() and question.reaches_some(Role.MANAGER)):
        return question.refused()
    if touches_locked_period(question.session, question.submission, question.at):
        return NotAllowed("period_locked", _("Its period is locked: ask a reviewer to undo this submission."))
    return None


def _release(question: Question) -> NotAllowed | None:
    """With an initiative: may its figures be released? Without: may this person release anything?"""
    if question.initiative is not None:
        return None if question.reaches_all() else question.refused()
    return None if scopes.granted(question.who, ROLES[Action.RELEASE]) else question.refused()


def _administer(question: Question) -> NotAllowed | None:
    """An initiative, else a country as a whole; what belongs to neither (the instance) takes a grant without limits."""
    grants = scopes.granted(question.who, ROLES[Action.ADMINISTER])
    if question.initiative is not None:
        allowed = question.reaches_all()
    elif question.country is not None:
        allowed = any(scopes.covers_country(grant, question.country) for grant in grants)
    else:
        allowed = any(map(scopes.is_everywhere, grants))
    return None if allowed else question.refused()


RULES: dict[Action, Callable[[Question], NotAllowed | None]] = {
    Action.READ_PUBLIC: _read_public,
    Action.READ_LIVE: _read_live,
    Action.READ_SUBMISSION: _read_submission,
    Action.SUBMIT: _submit,
    Action.REVIEW: _review,
    Action.TAKE_UP: _review,
    Action.RETURN: _review,
    Action.COMMENT: _comment,
    Action.WITHDRAW: _withdraw,
    Action.LOCK: _lock,
    Action.UNDO: _undo,
    Action.RELEASE: _release,
    Action.ADMINISTER: _administer,
}


class Subject(TypedDict, total=False):
    """What an action is asked about. Rows, or what names them: an initiative's key, a submission's number.

    Without an area, live figures mean those of the whole country. `at` is the moment of asking: `UNDO` needs it.
    `country` is for what belongs to a country and to none of its initiatives.
    """

    initiative: Initiative | str | None
    submission: Submission | int | None
    area_id: int | None
    area_code: str | None
    at: datetime | None
    country: str | None


@dataclass(frozen=True)
class Place:
    """Where something an administrator keeps belongs: to an initiative, else to a country, else to the instance."""

    initiative: str | None = None
    country: str | None = None


def refusal(session: Session, who: Identity, action: Action, **subject: Unpack[Subject]) -> NotAllowed | None:
    """Return why `who` may not do this, or None when they may. What does not exist is refused like what is hidden."""
    question = _question(session, who, action, subject)
    if question is None:
        return Question(session, who, action, None, None, None, None).refused()
    return RULES[action](question)


def may(session: Session, who: Identity, action: Action, **subject: Unpack[Subject]) -> bool:
    """Return whether `who` may do this."""
    return refusal(session, who, action, **subject) is None


def require(session: Session, who: Identity, action: Action, **subject: Unpack[Subject]) -> None:
    """Raise NotAllowed unless `who` may do this."""
    found = refusal(session, who, action, **subject)
    if found is not None:
        raise found


def require_places(session: Session, who: Identity, places: Iterable[Place]) -> None:
    """Raise NotAllowed unless `who` administers every one of these places.

    What is shared, such as a source or an organisation, belongs wherever it is used: changing it takes administering
    all of that. What is used nowhere yet (`places` is empty) may be added and changed by whoever administers anything.
    """
    asked = set(places)
    for place in asked:
        require(session, who, Action.ADMINISTER, initiative=place.initiative, country=place.country)
    if not asked and not may_somewhere(who, Action.ADMINISTER):
        require(session, who, Action.ADMINISTER)


def may_somewhere(who: Identity, action: Action) -> bool:
    """Return whether a grant opens the action anywhere: whether to show the way to it. What is done asks `may`."""
    return action is Action.READ_PUBLIC or bool(scopes.granted(who, ROLES[action]))


def _question(session: Session, who: Identity, action: Action, subject: Subject) -> Question | None:
    """Return the question with its subject looked up, or None when something named does not exist."""
    initiative, submission = subject.get("initiative"), subject.get("submission")
    area_id, area_code = subject.get("area_id"), subject.get("area_code")
    if isinstance(submission, int):
        submission = session.get(Submission, submission)
        if submission is None:
            return None
    if submission is not None:
        initiative = _initiative_of(session, submission)
    elif isinstance(initiative, str):
        initiative = session.exec(select(Initiative).where(Initiative.key == initiative)).one_or_none()
        if initiative is None:
            return None
    if area_code is not None:
        area_id = session.exec(select(Area.id).where(Area.code == area_code)).one_or_none()
    if area_code is not None or area_id is not None:
        area = session.get(Area, area_id) if area_id is not None else None
        if area is None:
            return None
    return Question(session, who, action, initiative, submission, area_id, subject.get("at"), subject.get("country"))


def schools_not_allowed(
    session: Session, who: Identity, action: Action, school_ids: Iterable[int], **subject: Unpack[Subject]
) -> list[int]:
    """Return the ids of those schools for which no grant of `who` opens the action, in order.

    Whoever submits (naming the initiative), accepts or undoes (naming the submission) asks with the schools of all
    its cells: a grant may hold in one area only.
    """
    question = _question(session, who, action, subject)
    if question is None or question.initiative is None:
        raise ValueError("name an initiative or a submission that exists")
    roles = ROLES[action]
    if action is Action.UNDO and not question.is_own():
        roles = ROLES[Action.REVIEW]
    return scopes.schools_out_of_reach(session, scopes.granted(who, roles), question.initiative, school_ids)


def require_schools(
    session: Session, who: Identity, action: Action, school_ids: Iterable[int], **subject: Unpack[Subject]
) -> None:
    """Raise NotAllowed (`schools_outside_grant`) unless `who` may do this for every one of the schools."""
    outside = len(schools_not_allowed(session, who, action, school_ids, **subject))
    if outside:
        message = ngettext(
            "{count} school of the file lies outside the area of your grant.",
            "{count} schools of the file lie outside the area of your grant.",
            outside,
        )
        raise NotAllowed("schools_outside_grant", message.format(count=outside))


def visible_initiatives(session: Session, who: Identity) -> list[Initiative]:
    """Return the initiatives of which `who` may see some live figures, in order of key; none for the public."""
    grants = scopes.granted(who, ROLES[Action.READ_LIVE])
    if not grants:
        return []
    everything = session.exec(select(Initiative).order_by(col(Initiative.key))).all()
    return [one for one in everything if any(scopes.touches(session, grant, one) for grant in grants)]


def readable_submissions(session: Session, who: Identity) -> sa.ColumnElement[bool]:
    """Return the condition that picks the submissions that `who` may read: the rule of READ_SUBMISSION, for lists."""
    reading, deciding = (scopes.granted(who, ROLES[action]) for action in (Action.READ_SUBMISSION, Action.REVIEW))
    picked = [col(Submission.submitted_by) == who.account_id] if who.signed_in else []
    for initiative in visible_initiatives(session, who):
        if any(scopes.covers(session, grant, initiative) for grant in reading):
            picked.append(col(Submission.initiative_id) == initiative.id)
        else:
            picked.append(scopes.submissions_within(session, initiative, reading, deciding))
    return sa.or_(sa.false(), *picked)


def visible_areas(session: Session, who: Identity, initiative: Initiative) -> list[Area]:
    """Return the topmost areas whose live figures `who` may see: the country, or where their grants hold."""
    return scopes.reachable_areas(session, scopes.granted(who, ROLES[Action.READ_LIVE]), initiative)


def _initiative_of(session: Session, submission: Submission) -> Initiative:
    return session.get_one(Initiative, submission.initiative_id)


def touches_locked_period(session: Session, submission: Submission | None, at: datetime | None) -> bool:
    """Return whether the submission speaks for a cell of a period that was locked at that moment."""
    if submission is None or at is None:
        raise ValueError("a submission and the moment of asking are needed: name submission= and at=")
    locked = [period.starts_on for period in locked_periods(session, _initiative_of(session, submission), at)]
    held = select(ReportingPeriod.id).where(
        ReportingPeriod.initiative_id == submission.initiative_id, col(ReportingPeriod.starts_on).in_(locked)
    )
    periods = list(session.exec(held).all()) if locked else []
    if not periods:
        return False
    for table in (Observation, Confirmation):
        query = select(table.id).where(table.submission_id == submission.id, col(table.period_id).in_(periods)).limit(1)
        if session.exec(query).first() is not None:
            return True
    return False
