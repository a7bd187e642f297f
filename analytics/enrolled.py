"""The schools of an initiative, to choose one from: all that take part in it, now or once."""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from analytics.names import in_current_language
from analytics.reading import read_frame
from data_model.base import known_at
from data_model.bulk import Query
from data_model.participation import Enrolment
from data_model.places import Area, School, SchoolRecord
from data_model.registry import Initiative

COLUMNS = ("school_id", "school_code", "name", "area", "region")
REGION_LEVEL = 1


def enrolled_schools(session: Session, initiative: str) -> pd.DataFrame:
    """Return the schools in the order of their codes. Columns: COLUMNS; `region` is empty for a school in a region."""
    above = aliased(Area)
    query: Query = (
        sa.select(
            col(School.id), col(School.code), col(SchoolRecord.name), in_current_language(Area).label("area"),
            sa.case((col(Area.level) > REGION_LEVEL, in_current_language(above)), else_="").label("region"),
        )
        .join(Enrolment, col(Enrolment.school_id) == col(School.id))
        .join(Initiative, col(Initiative.id) == col(Enrolment.initiative_id))
        .join(SchoolRecord, col(SchoolRecord.school_id) == col(School.id))
        .join(Area, col(Area.id) == col(SchoolRecord.area_id))
        .join(above, col(above.id) == col(Area.parent_id), isouter=True)
        .where(col(Initiative.key) == initiative)
        .where(known_at(Enrolment, None), known_at(SchoolRecord, None))
        .order_by(col(School.code))
    )  # fmt: skip
    return read_frame(session, query, COLUMNS)
