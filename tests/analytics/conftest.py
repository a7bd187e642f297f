import pytest
from sqlmodel import Session

from tests.analytics.reports import Reports


@pytest.fixture
def reports(session: Session) -> Reports:
    """A small country without a report, to which some can be made."""
    return Reports(session)
