"""Where a figure comes from, down to the row of the file."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.behind import SUBMISSIONS_IN_ONE_QUERY, lines_behind
from analytics.figures import Figure, figure
from analytics.lookup import look_up
from analytics.measures_described import measures
from analytics.mended import Mended
from analytics.scope import Scope
from data_model.bulk import Query
from data_model.measures import Measure
from data_model.people import Account
from data_model.submissions import Submission

LINE = (
    "school_code", "school_name", "measure", "value", "state", "submission", "file_name", "sha256", "row",
    "mended", "uploaded_by", "uploaded_at", "accepted_by", "accepted_at",
)  # fmt: skip
SUBMISSION = (
    "submission", "file_name", "sha256", "table_sha256", "schools", "values", "uploaded_by", "uploaded_at",
    "accepted_by", "accepted_at",
)  # fmt: skip


@dataclass(frozen=True)
class Provenance:
    """What stands behind a figure.

    `submissions` has the columns of SUBMISSION: one row a submission, with how many of the figure's schools and values
    it speaks for; `table_sha256` is empty but for a workspace's users, of whom a table of school counts is kept: the
    rows named are then its rows, not the file's. `lines` has those of LINE: one row a value, `measure` a metric's key,
    `mended` what was mended in its row before it was submitted, from what to what and by whom. Only the first lines are
    there, in order of school; `lines_total` counts all. Both are empty for a release, which opens to no rows.
    """

    name: str
    definition: str
    formula: str
    figure: Figure
    submissions: pd.DataFrame
    lines: pd.DataFrame
    lines_total: int


def provenance(session: Session, scope: Scope, school_code: str | None = None, limit: int | None = 500) -> Provenance:
    """Return what stands behind the figure, or behind one school's part in it. Raises as `figures.figure` does."""
    asked = look_up(session, scope)
    found = figure(session, scope)
    described = measures(session, as_of=scope.as_of).set_index("measure").loc[scope.measure]
    words = (str(described["name"]), str(described["definition"]), str(described["formula"]))
    if scope.released:
        return Provenance(*words, found, pd.DataFrame(columns=SUBMISSION), pd.DataFrame(columns=LINE), 0)
    lines = lines_behind(session, asked, school_code).rename(columns={"name": "school_name"})
    lines["measure"] = lines["metric_id"].map(_metric_keys(session, asked.measure.metric_ids))
    per_submission = lines.groupby("submission", as_index=False).agg(
        schools=("school_code", "nunique"), values=("measure", "size")
    )
    shown = lines if limit is None else lines.head(limit)
    mended = Mended(session, shown["submission"].tolist())
    places = zip(shown["submission"].tolist(), shown["row"].tolist(), shown["measure"], strict=True)
    shown = shown.assign(mended=[mended.said(*place) for place in places])
    about = _submissions(session, per_submission["submission"].tolist())
    return Provenance(
        *words,
        found,
        per_submission.merge(about, on="submission")[list(SUBMISSION)],
        shown.merge(about, on="submission", how="left")[list(LINE)],
        len(lines),
    )


def _metric_keys(session: Session, metric_ids: list[int]) -> dict[int, str]:
    query: Query = sa.select(col(Measure.id), col(Measure.key)).where(col(Measure.id).in_(metric_ids))
    return {row.id: row.key for row in session.connection().execute(query)}


def _submissions(session: Session, numbers: list[int]) -> pd.DataFrame:
    """Return who brought and who accepted these submissions: submission, and the columns that LINE takes from it."""
    names = ["submission", "file_name", "sha256", "table_sha256"]
    names += ["uploaded_by", "uploaded_at", "accepted_by", "accepted_at"]
    table = sa.type_coerce(col(Submission.reading), sa.JSON)["table"]["sha256"].as_string()
    uploader, decider = sa.orm.aliased(Account), sa.orm.aliased(Account)
    query: Query = (
        sa.select(
            col(Submission.id), col(Submission.file_name), col(Submission.sha256), sa.func.coalesce(table, ""),
            _name(uploader), col(Submission.submitted_at), _name(decider), col(Submission.decided_at),
        )
        .join(uploader, col(uploader.id) == col(Submission.submitted_by))
        .join(decider, col(decider.id) == col(Submission.decided_by), isouter=True)
    )  # fmt: skip
    rows: list[Any] = []
    for start in range(0, len(numbers), SUBMISSIONS_IN_ONE_QUERY):
        some = numbers[start : start + SUBMISSIONS_IN_ONE_QUERY]
        rows += session.connection().execute(query.where(col(Submission.id).in_(some))).all()
    return pd.DataFrame(rows, columns=names).astype({"submission": "int64"})


def _name(account: type[Account]) -> sa.ColumnElement[str]:
    """Return what a person is called: their name, or their address where they gave none."""
    return sa.func.coalesce(sa.func.nullif(col(account.name), ""), col(account.email))
