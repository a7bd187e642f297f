"""Templates: what an initiative asks its schools for, ready to be filled in and uploaded again."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
import xlsxwriter
from sqlmodel import Session, col

from access.language import _
from data_model.base import known_at
from data_model.participation import Enrolment
from data_model.periods import Period, last_complete
from data_model.places import Country, School, SchoolRecord
from data_model.registry import Initiative
from data_model.rollups import expected_condition
from intake.columns import ColumnRole
from intake.layout import LONG, WIDE
from intake.refusal import Refused
from intake.rulebook import MetricAsked, read_rulebook

# A spreadsheet takes a text that begins with one of these for a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_SHEET_ROWS = 1_048_576
KEYS = (ColumnRole.SCHOOL_CODE, ColumnRole.SCHOOL_NAME, ColumnRole.PERIOD)


@dataclass(frozen=True)
class TemplateTable:
    """A template before it is written: its header and its rows of texts; blank cells are to be filled in."""

    header: list[str]
    schools: Sequence[tuple[str, str]]
    metrics: Sequence[MetricAsked]
    period: Period
    layout: str

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows below the header."""
        for code, name in self.schools:
            keys = [code, harmless(name), self.period.key]
            if self.layout == WIDE:
                yield [*keys, *[""] * len(self.metrics)]
            else:
                yield from ([*keys, metric.key, ""] for metric in self.metrics)


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
    return _as_csv(table) if file_format == "csv" else _as_workbook(table, at)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


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


def _as_workbook(table: TemplateTable, at: datetime) -> bytes:
    count = len(table.schools) * (1 if table.layout == WIDE else len(table.metrics))
    if count >= MOST_SHEET_ROWS:
        raise Refused("too_many_rows", _("A sheet holds fewer rows than this template has: take CSV."))
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as workbook:
        # The moment asked about, not the wall clock: the same question gives the same file.
        workbook.set_properties({"created": at.replace(tzinfo=None)})
        heading = workbook.add_format({"bold": True, "bottom": 1, "locked": True})
        text, number = workbook.add_format({"num_format": "@"}), workbook.add_format({"num_format": "#,##0.##"})
        sheet = workbook.add_worksheet(table.layout)
        texts = len(table.header) if table.layout == LONG else len(KEYS)
        sheet.set_column(0, texts - 1, 18, text)
        sheet.set_column(1, 1, 40, text)
        sheet.set_column(texts if table.layout == WIDE else texts - 1, len(table.header) - 1, 20, number)
        sheet.freeze_panes(1, 2)
        sheet.write_row(0, 0, table.header, heading)
        for index, row in enumerate(table.rows(), start=1):
            for column, cell in enumerate(row):
                if cell:
                    # As text, so that codes keep their zeros and nothing becomes a date or a formula.
                    sheet.write_string(index, column, cell, text)
    return target.getvalue()
