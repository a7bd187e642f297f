"""Templates: what an initiative asks its schools for, ready to be filled in and uploaded again."""

import csv
import io
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from data_model.base import known_at
from data_model.participation import Enrolment
from data_model.periods import Period, last_complete
from data_model.places import Country, School, SchoolRecord
from data_model.registry import Initiative
from data_model.rollups import expected_condition
from intake.columns import ColumnRole
from intake.layout import WIDE
from intake.refusal import Refused
from intake.rulebook import read_rulebook
from intake.template_table import KEYS, TemplateTable, wordings
from intake.template_workbook import as_workbook


def template(
    session: Session,
    initiative: Initiative,
    *,
    layout: str = WIDE,
    file_format: Literal["csv", "xlsx"] = "csv",
    period: Period | None = None,
    at: datetime,
) -> bytes:
    """Return a template for the schools expected in the period, by default the last complete one.

    Wide: a row for each school and a column for each metric; long: a row for each school and metric. CSV is
    comma-separated UTF-8 with nothing above or below the table. Raises Refused (`other_granularity`, `too_many_rows`).
    """
    country = session.get_one(Country, initiative.country)
    rulebook = read_rulebook(session, initiative, at)
    period = period or last_complete(at, country.time_zone, rulebook.granularity)
    if period.granularity != rulebook.granularity:
        message = _("This initiative does not ask for {period}, but for periods such as {example}.")
        raise Refused("other_granularity", message.format(period=period.key, example=rulebook.example))
    metrics = rulebook.asked
    columns = [metric.key for metric in metrics] if layout == WIDE else [ColumnRole.METRIC, ColumnRole.VALUE]
    schools = _expected_schools(session, initiative, period)
    table = TemplateTable([*map(str, KEYS), *map(str, columns)], schools, metrics, period, layout)
    if file_format == "csv":
        return _as_csv(table)
    return as_workbook(table, wordings(session, metrics), title=_title(initiative, period), at=at)


def _title(initiative: Initiative, period: Period) -> str:
    return _("{initiative}, {period}: how to fill in this file").format(initiative=initiative.name, period=period.key)


def _expected_schools(session: Session, initiative: Initiative, period: Period) -> list[tuple[str, str]]:
    """Return code and name of the schools expected on the period's last day, in the order of their codes."""
    query = (
        sa.select(col(School.code), col(SchoolRecord.name))
        .join(Enrolment, col(Enrolment.school_id) == col(School.id))
        .join(SchoolRecord, col(SchoolRecord.school_id) == col(School.id))
        .where(col(Enrolment.initiative_id) == initiative.id)
        .where(known_at(Enrolment, None), known_at(SchoolRecord, None), expected_condition(period.ends_on))
    )
    return sorted((code, name) for code, name in session.connection().execute(query).all())


def _as_csv(table: TemplateTable) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.header)
    writer.writerows(table.rows())
    return text.getvalue().encode("utf-8")
