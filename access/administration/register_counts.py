"""How many countries, schools and enrolments somebody administers: what is kept many rows at a time."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.administration import countries
from access.identity import Identity
from access.permissions import Action, may
from data_model.base import known_at
from data_model.bulk import Query
from data_model.participation import Enrolment
from data_model.places import School, SchoolRecord
from data_model.registry import Initiative


def counts(session: Session, *, who: Identity) -> dict[str, int]:
    """Return how many there are, by the screen's name, of what this person administers: nothing of anybody else's."""
    held = [one.code for one in countries.administered(session, who=who)]
    initiatives = [
        one.id for one in session.exec(select(Initiative)).all() if may(session, who, Action.ADMINISTER, initiative=one)
    ]
    schools: Query = (
        sa.select(sa.func.count())
        .select_from(School)
        .join(SchoolRecord, col(SchoolRecord.school_id) == col(School.id))
        .where(col(School.country).in_(held), known_at(SchoolRecord, None))
    )
    enrolments: Query = sa.select(sa.func.count(col(Enrolment.id))).where(
        col(Enrolment.initiative_id).in_(initiatives), known_at(Enrolment, None)
    )
    asked = {"schools": schools, "enrolments": enrolments}
    return {"countries": len(held)} | {
        name: int(session.connection().execute(query).scalar_one()) for name, query in asked.items()
    }
