"""The counts by school: a small table that is made the same way every time, and all that is kept of an export."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlmodel import Session

from data_model.periods import Period
from data_model.submissions import Severity
from intake.columns import ColumnRole
from intake.finding_list import FindingList
from intake.grid import build_grid
from intake.layout import USER_EXPORT, WIDE, ColumnReading, Layout
from intake.options import Options
from intake.reading import Reading, Table
from intake.register import read_register
from intake.rulebook import Rulebook
from intake.user_export.cells import Audience
from intake.user_export.columns import COLUMN_OF_WAY, Field, Way
from intake.user_export.counting import WEEKLY, CountedExport, Kind, Numbers, Span, shown_name
from intake.user_export.schools import Matched, TextMatcher, match_users, report_matches

ALLOCATED, ACTIVATED, SENT = "licences_allocated", "licences_activated", "messages_sent"
ACTIVE = {Audience.TEACHERS: "teachers_active", Audience.STUDENTS: "students_active"}
METRICS = (ALLOCATED, ACTIVATED, *ACTIVE.values(), SENT)
COLUMN_OF_METRIC = {ACTIVE[Audience.TEACHERS]: Field.IS_ACTIVE, ACTIVE[Audience.STUDENTS]: Field.IS_ACTIVE,
                    SENT: Field.MESSAGES}  # fmt: skip
WEEK = timedelta(days=6)


@dataclass
class OpenedExport:
    """An export as a check takes it: how it was read, and its table of school counts where it has one.

    `content` is the table's bytes. `faulty`: rows of the export that have an error. `chosen`: texts whose school was
    chosen for an earlier file.
    """

    reading: Reading
    table: Table | None
    content: bytes
    rows: int
    blank: int
    faulty: int
    chosen: list[str]


@dataclass
class _Row:
    """One school and period: the figures by metric, and how many users they count."""

    figures: dict[str, int]
    users: int = 0


def open_export(
    session: Session, counted: CountedExport, options: Options, rulebook: Rulebook, findings: FindingList
) -> OpenedExport:
    """Return an export's table of school counts, and how the export was read. Findings say what is wrong.

    Raises Refused (`mapping_invalid`).
    """
    by = Way(options.by) if options.by else None
    matcher = TextMatcher(read_register(session, rulebook.initiative, None), rulebook.school_choices, options.schools)
    matched = match_users(counted.kinds, matcher, by)
    opened = OpenedExport(
        reading=_reading(counted, by, matched), table=None, content=b"",
        rows=counted.rows, blank=counted.blank, faulty=counted.faulty, chosen=matched.chosen_unless(options.schools),
    )  # fmt: skip
    findings.of_file.extend(counted.problems.of_file)
    findings.blocks.extend(counted.problems.blocks)
    # Where rows are missing among the counts, nothing that would be said of schools were true.
    if not findings.has_errors:
        _report(matched, matcher, counted, options, findings)
        _make_table(opened, matched, matcher, counted, options, rulebook, findings)
    # They are about the file as a whole, so no row orders them: what holds it back comes first.
    findings.of_file.sort(key=lambda finding: finding.severity is not Severity.ERROR)
    return opened


def _report(
    matched: Matched, matcher: TextMatcher, counted: CountedExport, options: Options, findings: FindingList
) -> None:
    _report_users(counted, findings)
    for code, column, value, details in report_matches(matched, matcher):
        findings.add(code, column=column, value=value, **details)
    _report_audience(matched, counted, options, findings)


def _make_table(
    opened: OpenedExport,
    matched: Matched,
    matcher: TextMatcher,
    counted: CountedExport,
    options: Options,
    rulebook: Rulebook,
    findings: FindingList,
) -> None:
    """Fill in the table of school counts, where the export gives one."""
    asked = {metric.key: metric.id for metric in rulebook.asked}
    _report_columns(counted, asked, findings)
    periods = _periods(counted, rulebook, options, findings)
    metrics = [metric for metric in METRICS if metric in asked and _has(counted, metric)]
    if not metrics:
        findings.add("no_metric_columns", metrics=list(asked))
    if findings.has_errors:
        return
    rows = _rows(matched, matcher, periods, options, metrics)
    metrics = [metric for metric in metrics if any(metric in row.figures for row in rows.values())]
    opened.content = _as_csv(rows, metrics)
    opened.reading.kept["table"] = {
        "sha256": hashlib.sha256(opened.content).hexdigest(), "bytes": len(opened.content), "rows": len(rows)
    }  # fmt: skip
    if rows:
        ids = {key: asked[key] for key in metrics}
        opened.table = _table(opened.content, [row.users for row in rows.values()], ids)


def _reading(counted: CountedExport, by: Way | None, matched: Matched) -> Reading:
    """Return how the export was read. Columns that are known and not needed are named without a finding."""
    columns = counted.columns
    unused = {field for way, field in COLUMN_OF_WAY.items() if by and way is not by}
    read = {place: field for field, place in columns.position.items() if field not in {Field.NAME, *unused}}
    reading = Reading(
        encoding=counted.encoding, delimiter=counted.delimiter, header_row=counted.header_row,
        layout=USER_EXPORT, sheet=counted.sheet,
    )  # fmt: skip
    for place, name in enumerate(columns.header):
        if place in read:
            how = columns.how[read[place]]
            reading.columns.append(
                ColumnReading(shown_name(columns.header, place), place, None, read[place].value, how)
            )
        elif name.strip():
            reading.ignored_columns.append(shown_name(columns.header, place))
    total = counted.total
    reading.kept = {
        "original": {"sha256": counted.sha256, "bytes": counted.size, "rows": counted.rows},
        "users": {
            "pending": total.pending, "enabled": total.enabled, "deleted": total.deleted,
            "with_school": matched.users, "several_schools": matched.of_several, "no_school": matched.of_none,
        },
    }  # fmt: skip
    return reading


def _has(counted: CountedExport, metric: str) -> bool:
    return metric not in COLUMN_OF_METRIC or COLUMN_OF_METRIC[metric] in counted.columns.position


def _report_columns(counted: CountedExport, asked: Iterable[str], findings: FindingList) -> None:
    missing = [metric for metric in METRICS if metric in asked and not _has(counted, metric)]
    for column in dict.fromkeys(COLUMN_OF_METRIC[metric] for metric in missing):
        metrics = [metric for metric in missing if COLUMN_OF_METRIC[metric] is column]
        findings.add("figure_not_in_export", column=column.value, metrics=metrics)
    if counted.columns.unknown:
        names = [shown_name(counted.columns.header, place) for place in counted.columns.unknown]
        findings.add("export_columns_ignored", columns=names)


def _report_users(counted: CountedExport, findings: FindingList) -> None:
    total = counted.total
    if total.deleted:
        findings.add("users_deleted", count=total.deleted, messages=total.deleted_messages)
    if counted.repeated:
        findings.add("users_repeated", count=counted.repeated)
    if counted.inconsistent:
        findings.add("activity_differs", count=counted.inconsistent)


def _report_audience(matched: Matched, counted: CountedExport, options: Options, findings: FindingList) -> None:
    """Say where the role told teachers from students; ask where neither it nor the manager says."""
    users = dict.fromkeys((*Audience, None), 0)
    for found in matched.schools.values():
        for kind, numbers in found:
            users[kind.audience] += numbers.pending + numbers.enabled
    teachers, students = users[Audience.TEACHERS], users[Audience.STUDENTS]
    if teachers or students:
        column = shown_name(counted.columns.header, counted.columns.position[Field.ROLE])
        findings.add("audience_from_role", column=column, teachers=teachers, students=students)
    if users[None] and not options.audience and Field.IS_ACTIVE in counted.columns.position:
        findings.add("audience_unclear", count=users[None])


def _periods(counted: CountedExport, rulebook: Rulebook, options: Options, findings: FindingList) -> dict[Span, Period]:
    """Return the one period that each span of days is exactly; spans that are none become findings."""
    periods: dict[Span, Period] = {}
    said: set[tuple[str, str]] = set()
    for span in sorted({kind.span for kind in counted.kinds}):
        code, details = _problem(span, rulebook, options)
        if code is None:
            periods[span] = _exactly(span, rulebook) or options.period  # type: ignore[assignment]
        elif (code, details.get("value", "")) not in said:
            said.add((code, details.get("value", "")))
            findings.add(code, **details)
    return periods


def _problem(span: Span, rulebook: Rulebook, options: Options) -> tuple[str | None, dict[str, Any]]:
    if span.starts and span.ends:
        shown = " – ".join("/".join(day.isoformat() for day in days) for days in (span.starts, span.ends))
        is_week = any(end - start == WEEK for start in span.starts for end in span.ends)
        if span.cadence == WEEKLY or is_week:
            return "weekly_export", {"example": rulebook.example}
        exact = _exactly(span, rulebook) is not None
        return (None, {}) if exact else ("period_not_exact", {"value": shown, "example": rulebook.example})
    if span.cadence == WEEKLY:
        return "weekly_export", {"example": rulebook.example}
    if options.period is None:
        return "no_period", {"example": rulebook.example}
    if span.starts and options.period.starts_on not in span.starts:
        written = "/".join(day.isoformat() for day in span.starts)
        return "period_contradicts", {"value": written, "period": written, "chosen": options.period.key}
    return None, {}


def _exactly(span: Span, rulebook: Rulebook) -> Period | None:
    """Return the period of the initiative's length that begins and ends on these days."""
    found = [
        period for start in span.starts
        if (period := Period.containing(start, rulebook.granularity)).starts_on == start and period.ends_on in span.ends
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _rows(
    matched: Matched, matcher: TextMatcher, periods: dict[Span, Period], options: Options, metrics: list[str]
) -> dict[tuple[str, Period], _Row]:
    """Return the figures of each school and period, in the order of their codes."""
    rows: dict[tuple[str, Period], _Row] = {}
    default = Audience(options.audience) if options.audience else None
    for place, found in matched.schools.items():
        for kind, numbers in found:
            key = (matcher.register.codes[place], periods[kind.span])
            row = rows.setdefault(key, _Row({}))
            row.users += numbers.users
            for metric, figure in _figures(kind, numbers, default):
                if metric in metrics:
                    row.figures[metric] = row.figures.get(metric, 0) + figure
    return dict(sorted(rows.items()))


def _figures(kind: Kind, numbers: Numbers, default: Audience | None) -> Iterable[tuple[str, int]]:
    yield ALLOCATED, numbers.pending + numbers.enabled
    yield ACTIVATED, numbers.enabled
    yield SENT, numbers.messages
    audience = kind.audience or default
    # A school without teachers in the workspace says nothing about teachers; it does not say that none was active.
    if audience and numbers.pending + numbers.enabled:
        yield ACTIVE[audience], numbers.active


def _as_csv(rows: dict[tuple[str, Period], _Row], metrics: list[str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["school_code", "period", *metrics])
    for (code, period), row in rows.items():
        writer.writerow([code, period.key, *(row.figures.get(metric, "") for metric in metrics)])
    return text.getvalue().encode()


def _table(content: bytes, users: list[int], metrics: dict[str, int]) -> Table:
    """Return the kept bytes as a table that is checked like any other: its rows are those that figures open to."""
    header, *records = csv.reader(io.StringIO(content.decode()))
    layout = Layout(WIDE, {ColumnRole.SCHOOL_CODE: 0, ColumnRole.PERIOD: 1})
    for position, name in enumerate(header):
        metric = name if name in metrics else None
        role = None if metric else ColumnRole(name)
        layout.columns.append(ColumnReading(name, position, metric, role, "exact"))
        if metric:
            layout.metrics[position] = metrics[metric]
    return Table(build_grid(header, [(records, ())], 2), layout, ".", np.array(users, dtype=np.int64))
