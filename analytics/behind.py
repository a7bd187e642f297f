"""What stands behind a figure: which submissions, and which row of which file for every school in it."""

from collections import defaultdict

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.lookup import Asked, period_ids
from analytics.observed import enrolled_school, expected_schools_frame, statements
from data_model.submissions import Submission

SUBMISSIONS_IN_ONE_QUERY = 500


def lines_behind(session: Session, asked: Asked, school_code: str | None = None) -> pd.DataFrame:
    """Return the statements behind the figure, in order of school and metric: school_code, name, metric_id, state,
    value, submission, row, recorded_at.

    They are those of expected schools that count as reporting: an indicator takes both its metrics, a score its count
    too. Of one school everything it said is returned, a lone half as well.
    """
    only = None
    if school_code is not None:
        school = enrolled_school(session, asked, school_code)
        only = [] if school is None else [school.school_id]
    schools = expected_schools_frame(session, asked, asked.scope.period.ends_on, only)
    ids = list(period_ids(session, asked, [asked.scope.period]).values())
    said = statements(session, asked, ids if len(schools) else [], only)
    if school_code is None:
        told = said.groupby("school_id")["metric_id"].transform("nunique")
        said = said[told == len(asked.measure.metric_ids)]
    lines = said.merge(schools[["school_id", "school_code", "name"]], on="school_id")
    wanted = ["school_code", "name", "metric_id", "state", "value", "submission", "row", "recorded_at"]
    return lines.sort_values(["school_code", "metric_id"], ignore_index=True)[wanted]


def submissions_behind(session: Session, asked: Asked) -> pd.DataFrame:
    """Return the submissions behind the figure, in order of number: submission, sha256, rows (sorted list of ints)."""
    lines = lines_behind(session, asked)
    rows: dict[int, set[int]] = defaultdict(set)
    for submission, row in zip(lines["submission"].tolist(), lines["row"].tolist(), strict=True):
        rows[submission].add(row)
    hashes = _hashes(session, sorted(rows))
    return pd.DataFrame(
        [(submission, hashes[submission], sorted(rows[submission])) for submission in sorted(rows)],
        columns=["submission", "sha256", "rows"],
    )


def _hashes(session: Session, submissions: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(submissions), SUBMISSIONS_IN_ONE_QUERY):
        some = submissions[start : start + SUBMISSIONS_IN_ONE_QUERY]
        query = sa.select(col(Submission.id), col(Submission.sha256)).where(col(Submission.id).in_(some))
        found |= {row.id: row.sha256 for row in session.connection().execute(query)}
    return found
