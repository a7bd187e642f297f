"""Where the schools of a place lie, with their figures: what a map of schools is drawn from."""

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.lookup import look_up
from analytics.reading import read_frame
from analytics.schools import schools
from analytics.scope import Scope
from data_model.base import known_at
from data_model.bulk import Query
from data_model.places import School, SchoolRecord


def school_places(session: Session, scope: Scope) -> pd.DataFrame:
    """Return the frame of `analytics.schools.schools` with latitude and longitude (degrees, NaN where not known), as
    they were known at the scope's moment. Empty in a released scope.
    """
    figures = schools(session, scope)
    asked = look_up(session, scope)
    query: Query = (
        sa.select(col(School.code).label("school_code"), col(SchoolRecord.latitude), col(SchoolRecord.longitude))
        .join(SchoolRecord, col(SchoolRecord.school_id) == col(School.id))
        .where(col(School.country) == asked.country, known_at(SchoolRecord, scope.as_of))
    )
    places = read_frame(session, query).astype({"latitude": "float64", "longitude": "float64"})
    return figures.merge(places, on="school_code", how="left")
