"""Where a grant holds: the initiatives, areas and schools it reaches."""

from collections.abc import Iterable

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.identity import GrantView, Identity
from data_model.people import Role
from data_model.places import Area, SchoolRecord
from data_model.registry import Initiative
from data_model.rollups import area_tree
from data_model.submissions import Submission, SubmissionArea


def is_everywhere(grant: GrantView) -> bool:
    """Return whether the grant names no limit at all."""
    return grant.country is None and grant.area_id is None and grant.initiative_id is None


def covers_country(grant: GrantView, country: str) -> bool:
    """Return whether the grant reaches a country as a whole, all its initiatives among it."""
    return grant.area_id is None and grant.initiative_id is None and grant.country in (None, country)


def touches(session: Session, grant: GrantView, initiative: Initiative) -> bool:
    """Return whether the grant reaches the initiative, or a part of its country in it."""
    if grant.country is not None and grant.country != initiative.country:
        return False
    if grant.initiative_id is not None and grant.initiative_id != initiative.id:
        return False
    return grant.area_id is None or _area(session, grant.area_id).country == initiative.country


def covers(session: Session, grant: GrantView, initiative: Initiative, area_id: int | None = None) -> bool:
    """Return whether the grant reaches all of the initiative in the area (in its whole country when None)."""
    wanted = _root(session, initiative) if area_id is None else area_id
    if not touches(session, grant, initiative) or _area(session, wanted).country != initiative.country:
        return False
    return grant.area_id is None or grant.area_id in _upwards(session, wanted)


def granted(who: Identity, roles: Iterable[Role]) -> list[GrantView]:
    """Return the person's grants of one of these roles."""
    wanted = frozenset(roles)
    return [grant for grant in who.grants if grant.role in wanted]


def reachable_areas(session: Session, grants: Iterable[GrantView], initiative: Initiative) -> list[Area]:
    """Return the topmost areas in which these grants reach the initiative, in order of code."""
    found = set()
    for grant in grants:
        if touches(session, grant, initiative):
            found.add(grant.area_id if grant.area_id is not None else _root(session, initiative))
    tops = area_tree(session, initiative.country).tops(found)
    return list(session.exec(select(Area).where(col(Area.id).in_(tops)).order_by(col(Area.code))).all())


def schools_out_of_reach(
    session: Session, grants: Iterable[GrantView], initiative: Initiative, school_ids: Iterable[int]
) -> list[int]:
    """Return those of the schools, in order of id, that now lie where none of these grants reaches the initiative."""
    asked = np.unique(np.fromiter(school_ids, dtype=np.int64))
    tree = area_tree(session, initiative.country)
    tops = {area.id for area in reachable_areas(session, grants, initiative) if area.id is not None}
    if _root(session, initiative) in tops:
        return []
    query = select(SchoolRecord.school_id).where(
        col(SchoolRecord.superseded_at).is_(None), col(SchoolRecord.area_id).in_(tree.below(tops))
    )
    reached = np.array(session.exec(query).all(), dtype=np.int64)
    outside: list[int] = np.setdiff1d(asked, reached).tolist()
    return outside


def submissions_within(
    session: Session, initiative: Initiative, reading: Iterable[GrantView], deciding: Iterable[GrantView]
) -> sa.ColumnElement[bool]:
    """Return the condition that picks those of an initiative's submissions that these grants reach.

    Grants to read reach those of which every school lay within them when they were handed in; grants to decide on
    submissions those of which any school did: what is said of their schools is theirs to see, whoever else it is about.
    """
    tree = area_tree(session, initiative.country)

    def where(grants: Iterable[GrantView]) -> list[int]:
        tops = {area.id for area in reachable_areas(session, grants, initiative) if area.id is not None}
        return sorted(tree.below(tops))

    its_own = col(SubmissionArea.submission_id) == col(Submission.id)
    any_here = sa.exists().where(its_own, col(SubmissionArea.area_id).in_(where(deciding)))
    readable = where(reading)
    some_here = sa.exists().where(its_own, col(SubmissionArea.area_id).in_(readable))
    some_elsewhere = sa.exists().where(its_own, col(SubmissionArea.area_id).not_in(readable))
    reached = sa.or_(any_here, sa.and_(some_here, ~some_elsewhere))
    return sa.and_(col(Submission.initiative_id) == initiative.id, reached)


def _area(session: Session, area_id: int) -> Area:
    return session.get_one(Area, area_id)


def _root(session: Session, initiative: Initiative) -> int:
    return session.exec(select(Area.id).where(Area.country == initiative.country, Area.level == 0)).one()  # type: ignore[return-value]


def _upwards(session: Session, area_id: int) -> list[int]:
    chain = [area_id]
    while (parent := _area(session, chain[-1]).parent_id) is not None:
        chain.append(parent)
    return chain
