"""A clean table, written in any of the dialects that people's spreadsheets write, reads back to the same cells."""

import csv
import io
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_model.periods import Period
from tests.intake.conftest import CheckText, errors, stated

SCHOOLS = ("001024", "001025", "002017", "020311", "100450", "100451", "KZ12")
PERIODS = ("2026-06", "2026-09", "2026-10")
# Key, greatest value, decimals. No rule holds between these.
METRICS = (("messages_sent", 999_999, 0), ("teachers_total", 4000, 0), ("training_hours", 4000, 1))
HEADERS = {
    "en": {"school_code": "School_Code", "period": " PERIOD ", "metric": "Metric", "value": "Value",
           "messages_sent": "Messages sent", "teachers_total": "teachers_total", "training_hours": "training hours"},
    "ru": {"school_code": "Код школы", "period": "Отчётный период", "metric": "Показатель", "value": "Значение",
           "messages_sent": "Сообщений", "teachers_total": "Всего учителей", "training_hours": "training_hours"},
}  # fmt: skip
MONTHS = {6: ("Jun", "июнь", "маусым"), 9: ("Sep", "сентябрь", "қыркүйек"), 10: ("Oct", "октябрь", "қазан")}
PERIOD_FORMS = (
    "{y}-{m:02}", "{y}-{m:02}-01", "{m:02}.{y}", "{m}/{y}", "{en}-{yy}", "{en} {y}", "{ru} {y}", "{ru} {y} г.",
    "{y} ж. {kk}", "01.{m:02}.{y}",
)  # fmt: skip
NOT_APPLICABLE = ("n/a", "N/A", "н/д", "Н/Д", "-", "–", "—")
# Of the forms above, windows-1251 has no Kazakh letters and koi8-r no dashes.
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1251", "kz1048")


@dataclass(frozen=True)
class Dialect:
    """How a spreadsheet wrote a file."""

    encoding: str
    delimiter: str
    decimal_mark: str
    group: str
    layout: str
    header: str
    period_form: str
    not_applicable: str
    title: bool
    totals: bool
    line_end: str
    quote_all: bool
    empty_columns: int
    blank_lines: bool


dialects = st.builds(
    Dialect,
    encoding=st.sampled_from(ENCODINGS), delimiter=st.sampled_from(";,\t|"), decimal_mark=st.sampled_from(",."),
    group=st.sampled_from(("", " ", "\u00a0", "\u202f", "'")), layout=st.sampled_from(("wide", "long")),
    header=st.sampled_from(("en", "ru")), period_form=st.sampled_from(PERIOD_FORMS),
    not_applicable=st.sampled_from(NOT_APPLICABLE), title=st.booleans(), totals=st.booleans(),
    line_end=st.sampled_from(("\n", "\r\n", "\r")), quote_all=st.booleans(), empty_columns=st.integers(0, 2),
    blank_lines=st.booleans(),
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> dict[tuple[str, str, str], float | None]:
    """Draw values by school, period and metric; None is not applicable. Cells left out are blank."""
    keys = draw(st.lists(st.tuples(st.sampled_from(SCHOOLS), st.sampled_from(PERIODS)), unique=True, min_size=1))
    table: dict[tuple[str, str, str], float | None] = {}
    for school, period in keys:
        for metric, most, decimals in METRICS:
            if draw(st.integers(0, 5)):
                whole = draw(st.integers(0, most * 10**decimals))
                table[school, period, metric] = None if draw(st.integers(0, 9)) == 0 else whole / 10**decimals
    return table


def write_number(value: float | None, dialect: Dialect) -> str:
    """Return the value as the dialect writes it, with groups of three."""
    if value is None:
        return dialect.not_applicable
    whole, _, fraction = f"{value:,.1f}".partition(".")
    whole = whole.replace(",", dialect.group)
    return whole if fraction == "0" else f"{whole}{dialect.decimal_mark}{fraction}"


def write_period(key: str, dialect: Dialect) -> str:
    """Return the period as the dialect writes it."""
    start = Period.parse(key).starts_on
    en, ru, kk = MONTHS[start.month]
    return dialect.period_form.format(y=start.year, yy=start.year % 100, m=start.month, en=en, ru=ru, kk=kk)


def write_table(table: dict[tuple[str, str, str], float | None], dialect: Dialect) -> bytes:
    """Return the file."""
    names = HEADERS[dialect.header]
    blank = [""] * dialect.empty_columns
    rows = []
    if dialect.layout == "wide":
        metrics = [metric for metric, _, _ in METRICS]
        header = [names["school_code"], names["period"], *(names[metric] for metric in metrics)]
        for school, period in dict.fromkeys((school, period) for school, period, _ in table):
            cells = [
                write_number(table[school, period, metric], dialect) if (school, period, metric) in table else ""
                for metric in metrics
            ]
            rows.append([school, write_period(period, dialect), *cells])
    else:
        header = [names["school_code"], names["metric"], names["period"], names["value"]]
        rows = [
            [school, metric, write_period(period, dialect), write_number(value, dialect)]
            for (school, period, metric), value in table.items()
        ]
    lines = [["Отчёт по школам, 2026 год"]] if dialect.title else []
    lines += [header, *rows]
    if dialect.blank_lines:
        lines.insert(len(lines) - 1, [])
    if dialect.totals:
        lines.append(["Итого", *[""] * (len(header) - 2), "123"])
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if dialect.quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=dialect.delimiter, lineterminator=dialect.line_end, quoting=quoting)
    for line in lines:
        writer.writerow([*line, *blank] if line else [])
    return text.getvalue().encode(dialect.encoding)


def writable(dialect: Dialect) -> bool:
    """Whether the encoding has all the signs that the dialect writes."""
    signs = dialect.period_form.format(y=1, yy=1, m=1, en="", ru="", kk="қыркүйек") + dialect.group
    signs += dialect.not_applicable
    try:
        signs.encode(dialect.encoding)
    except UnicodeEncodeError:
        return False
    return True


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(table=tables().filter(bool), dialect=dialects.filter(writable))
def test_a_clean_table_reads_back_in_any_dialect(country, check: CheckText, table, dialect):
    _session, world = country
    found = check(write_table(table, dialect))
    assert errors(found) == [], [finding.message() for finding in found.findings]
    assert stated(found) == {
        (world.schools[school].id, world.metrics[metric].id, period, int(value is None), value)
        for (school, period, metric), value in table.items()
    }
    assert found.rows.accepted == (
        len({(school, period) for school, period, _ in table}) if dialect.layout == "wide" else len(table)
    )
    assert found.recognised.layout == dialect.layout or not table
    assert found.recognised.header_row == 1 + dialect.title
    assert found.findings.by_code.get("totals_row", 0) == dialect.totals
