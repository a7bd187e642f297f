"""The country of the access matrix, everybody who asks in it, and the case that a run is given."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, col

from access.identity import PUBLIC, Identity, identity_of_email
from access.matrix.table import OWN, Asker
from access.refusal import Refusal
from access.sessions import COOKIE, start_session
from data_model.engine import open_session
from data_model.people import Account, Grant, Role
from data_model.registry import Initiative
from data_model.submissions import Submission
from publishing.releases import release
from tests.factories import (
    START,
    World,
    make_account,
    make_country,
    make_grant,
    make_initiative,
    make_source,
    make_world,
)
from tests.intake.stories import Cell, accept_now, accepted, checked, submitted

NOW = START + timedelta(days=1)
REGION, SCHOOL, PERIOD = "KZ-75", "001024", "2026-10"
# Of 100 licences this many are activated: as released, and as accepted since, which staff alone may see.
RELEASED, LIVE = 40, 50
WAITING: dict[Cell, float | str] = {(SCHOOL, "teachers_trained", PERIOD): 9}
OWNERS = ("manager", "reviewer", "colleague")
PEOPLE = {
    Asker.NO_GRANTS: "nobody", Asker.ANALYST: "analyst", Asker.MANAGER_OWN: "manager", Asker.MANAGER_OTHER: "manager",
    Asker.REVIEWER_OWN: "reviewer", Asker.REVIEWER_OTHER: "reviewer", Asker.ADMINISTRATOR: "here",
    Asker.ADMINISTRATOR_ELSEWHERE: "elsewhere", Asker.ADMINISTRATOR_EVERYWHERE: "everywhere",
    Asker.OTHER_COUNTRY: "abroad", Asker.OTHER_REGION: "other-region",
}  # fmt: skip


@dataclass
class Country:
    """The small country with what everybody asks about: by owner, a submission that waits and one that was accepted."""

    engine: Engine
    folder: Path  # where drafts lie
    world: World
    waiting: dict[str, int] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    application: Any = None  # made by the first who asks for a route


@dataclass
class Case:
    """Somebody who asks for something, in a transaction that is rolled back. Sessions and files of routes stay."""

    asker: Asker
    session: Session
    country: Country

    @cached_property
    def who(self) -> Identity:
        """Who asks, with the grants that stand."""
        name = PEOPLE.get(self.asker)
        return PUBLIC if name is None else identity_of_email(self.session, f"{name}@example.org")

    @property
    def at(self) -> datetime:
        """The moment of asking."""
        return NOW

    @property
    def initiative(self) -> Initiative:
        """The initiative that is asked about."""
        return self.session.get_one(Initiative, self.country.world.initiative.id)

    @property
    def _owner(self) -> str:
        return PEOPLE[self.asker] if self.asker in OWN else "colleague"

    @property
    def waiting(self) -> int:
        """A submission that waits: the asker's own in the columns that say so, else a colleague's."""
        return self.country.waiting[self._owner]

    @property
    def accepted(self) -> int:
        """One that was accepted."""
        return self.country.accepted[self._owner]

    @property
    def cookie(self) -> str:
        """The cookie of a session that this person began; "" for the visitor."""
        if self.who.account_id is None:
            return ""
        with open_session(self.country.engine, write=True) as session:
            account = session.get_one(Account, self.who.account_id)
            value = start_session(session, account, at=datetime.now(UTC))  # the routes go by the real clock
            session.commit()
        return f"{COOKIE}={value}"


Run = Callable[[Case], str | None]
RUNS: dict[str, Run] = {}


def runs(*subjects: str) -> Callable[[Run], Run]:
    """Let a function run the rows with these subjects."""

    def keep(run: Run) -> Run:
        for subject in subjects:
            assert subject not in RUNS, f"{subject} is run twice"
            RUNS[subject] = run
        return run

    return keep


def outcome(run: Run, case: Case) -> str:
    """Return what the cell must say."""
    try:
        return run(case) or "yes"
    except Refusal as refused:
        return refused.code


def make_matrix_country(engine: Engine, folder: Path) -> Country:
    """Make the country: three months of one school, a release in between, and everybody with their grants."""
    with open_session(engine, write=True) as session:
        world = make_world(session)
        _make_people(session, world)
        country = Country(engine, folder, world)
        accepted(session, world, {(SCHOOL, "licences_allocated", PERIOD): 100} | activated(RELEASED), START)
        reviewer = identity_of_email(session, "reviewer@example.org")
        release(session, by=reviewer, note="First", at=START + timedelta(hours=1))
        accepted(session, world, activated(LIVE), START + timedelta(hours=2))
        for number, owner in enumerate(OWNERS):
            at = START + timedelta(hours=3 + number)
            made = submitted(session, world, {(SCHOOL, "teachers_active", PERIOD): 7 + number}, at)
            accept_now(session, world, made.id or 0, at + timedelta(minutes=1))
            _give(session, made, owner)
            country.accepted[owner] = made.id or 0
        for owner in OWNERS:
            made = submitted(session, world, WAITING, START + timedelta(hours=9))
            _give(session, made, owner)
            country.waiting[owner] = made.id or 0
        session.commit()
    return country


def activated(licences: int) -> dict[Cell, float | str]:
    """Return the statement that this many licences are activated."""
    return {(SCHOOL, "licences_activated", PERIOD): licences}


def checked_file(case: Case) -> Any:
    """Return the check of a file for the region's school."""
    return checked(case.session, case.country.world, WAITING)


def _make_people(session: Session, world: World) -> None:
    """Add who is missing in the world, and give each their grant: for the initiative, or where their name says."""
    estonia = make_country(session, "EE", time_zone="Europe/Tallinn")
    make_initiative(session, make_source(session, "S-EE"), "ee-ti-hupe", country=estonia.code)
    other = make_initiative(session, make_source(session, "S-KZ"), "kz-ai-teachers")
    here = {"initiative_id": world.initiative.id}
    session.connection().execute(sa.update(Grant).values(country=None, **here))  # those the small country came with
    limits: dict[str, tuple[list[str], dict[str, Any]]] = {
        "nobody": ([], {}),
        "colleague": (["manager"], here),
        "here": (["administrator"], here),
        "elsewhere": (["administrator"], {"initiative_id": other.id}),
        "everywhere": (["administrator"], {}),
        "abroad": (list(Role), {"country": "EE"}),
        "other-region": (list(Role), {"area_id": world.areas["KZ-10"].id}),
    }
    for name, (roles, limit) in limits.items():
        world.accounts[name] = make_account(session, f"{name}@example.org")
        for role in roles:
            make_grant(session, world.accounts[name], role, **limit)


def _give(session: Session, submission: Submission, owner: str) -> None:
    """Let the submission be this person's, who may hold no manager's grant."""
    account = sa.select(col(Account.id)).where(col(Account.email) == f"{owner}@example.org").scalar_subquery()
    session.connection().execute(
        sa.update(Submission).where(col(Submission.id) == submission.id).values(submitted_by=account)
    )
    session.expire(submission)
