"""What was ever held about one cell: a school's metric in a period."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from access.language import _
from data_model.measures import Measure
from data_model.participation import ReportingPeriod
from data_model.people import Account
from data_model.periods import Period
from data_model.places import School
from data_model.registry import Initiative
from data_model.submissions import Observation, Submission
from intake.compare import number
from intake.refusal import Refused


def history(
    session: Session, initiative: Initiative, school_code: str, metric_key: str, period: Period
) -> list[dict[str, Any]]:
    """Return all observations of the cell, oldest first, as the design's JSON.

    Keys: value (None unless reported), state, recorded_at and superseded_at (ISO 8601 in UTC; the latter None for the
    current one), submission, sha256, row, uploaded_by and accepted_by (e-mail addresses).
    Raises Refused: `unknown_school`, `unknown_metric`. A period without reports has no history.
    """
    school_id = _identity(session, School, (School.country == initiative.country, School.code == school_code))
    if school_id is None:
        raise Refused("unknown_school", _("There is no school {code}.").format(code=school_code))
    metric_id = _identity(session, Measure, (Measure.key == metric_key, Measure.type == "metric"))
    if metric_id is None:
        raise Refused("unknown_metric", _("There is no metric {key}.").format(key=metric_key))
    uploader, reviewer = aliased(Account), aliased(Account)
    query = (
        sa.select(Observation, col(Submission.sha256), col(uploader.email), col(reviewer.email))
        .join(Submission, col(Submission.id) == col(Observation.submission_id))
        .join(ReportingPeriod, col(ReportingPeriod.id) == col(Observation.period_id))
        .join(uploader, col(uploader.id) == col(Submission.submitted_by))
        .join(reviewer, col(reviewer.id) == col(Submission.decided_by), isouter=True)
        .where(
            col(Observation.initiative_id) == initiative.id,
            col(Observation.metric_id) == metric_id,
            col(Observation.school_id) == school_id,
            col(ReportingPeriod.starts_on) == period.starts_on,
            col(ReportingPeriod.granularity) == period.granularity,
        )
        .order_by(col(Observation.recorded_at))
    )
    return [
        {
            "value": None if held.value is None else number(held.value),
            "state": held.state,
            "recorded_at": held.recorded_at.isoformat(),
            "superseded_at": held.superseded_at.isoformat() if held.superseded_at else None,
            "submission": held.submission_id,
            "sha256": sha256,
            "row": held.row,
            "uploaded_by": uploaded_by,
            "accepted_by": accepted_by,
        }
        for held, sha256, uploaded_by, accepted_by in session.exec(query).all()  # type: ignore[call-overload]
    ]


def _identity(session: Session, table: type[School] | type[Measure], conditions: tuple[Any, ...]) -> int | None:
    found: int | None = session.connection().execute(sa.select(col(table.id)).where(*conditions)).scalar()
    return found
