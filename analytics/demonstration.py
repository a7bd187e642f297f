"""Whether anything invented is about."""

from sqlmodel import Session, col, select

from data_model.money import Fund
from data_model.places import School
from data_model.releases import Release


def holds_demonstration(session: Session) -> bool:
    """Return whether the database holds demonstration schools, money or releases: then every page says so.

    What is reported of demonstration schools goes without saying; and submissions are not for the public to read.
    """
    return any(
        session.exec(select(col(table.demonstration)).where(col(table.demonstration)).limit(1)).first() is not None
        for table in (School, Fund, Release)
    )
