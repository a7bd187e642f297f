"""Whether anything invented is about."""

from sqlmodel import Session, col, select

from data_model.places import School
from data_model.releases import Release
from data_model.submissions import Submission


def holds_demonstration(session: Session) -> bool:
    """Return whether the database holds demonstration schools, reports or releases: then every page says so."""
    return any(
        session.exec(select(col(table.demonstration)).where(col(table.demonstration)).limit(1)).first() is not None
        for table in (School, Submission, Release)
    )
