"""A template as a workbook: drop-downs, bounds, what each metric means, and only what is to be filled in unlocked.

Protection is there against slips, not against people: it has no password.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from access.language import _
from intake.layout import LONG, WIDE
from intake.our_sheets import MARK, write_read_me
from intake.quantities import NOT_APPLICABLE_WORDS
from intake.refusal import Refused
from intake.rulebook import MetricAsked
from intake.template_table import KEYS, TemplateTable, Wording

MOST_SHEET_ROWS = 1_048_576
SPARE_ROWS = 100  # of the long layout: for what is not asked for yet
LISTS = "lists"
# What a spreadsheet program takes of a validation's and a comment's texts.
LONGEST_TITLE, LONGEST_MESSAGE, LONGEST_COMMENT = 32, 255, 2_000
ALLOWED = {
    "sort": True, "autofilter": True, "format_cells": True, "format_columns": True, "format_rows": True,
}  # fmt: skip
UNLIMITED = 1e300


def as_workbook(table: TemplateTable, wordings: Mapping[str, Wording], *, title: str, at: datetime) -> bytes:
    """Return the template as a workbook. Raises Refused (`too_many_rows`)."""
    if len(table) + SPARE_ROWS >= MOST_SHEET_ROWS:
        raise Refused("too_many_rows", _("A sheet holds fewer rows than this template has: take CSV."))
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as workbook:
        # The moment asked about, not the wall clock: the same question gives the same file.
        workbook.set_properties({"created": at.replace(tzinfo=None)})
        sheet = workbook.add_worksheet(table.layout)
        _write_table(workbook, sheet, table, wordings)
        _validate(sheet, table, wordings)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(table), len(table.header) - 1)
        sheet.protect("", ALLOWED)
        write_read_me(workbook, title, _how_to_fill_in(table, wordings))
        if table.layout == LONG:
            _write_lists(workbook, table)
    return target.getvalue()


def _write_table(workbook: Any, sheet: Any, table: TemplateTable, wordings: Mapping[str, Wording]) -> None:
    heading = workbook.add_format({"bold": True, "bottom": 1, "locked": True, "bg_color": "#eef1f5"})
    text = workbook.add_format({"num_format": "@", "font_color": "#5f6570"})
    number = workbook.add_format({"locked": False})
    open_text = workbook.add_format({"num_format": "@", "locked": False})
    last = len(table.header) - 1
    values = last if table.layout == LONG else len(KEYS)
    sheet.set_column(0, values - 1, 18, text)
    sheet.set_column(1, 1, 40, text)
    sheet.set_column(values, last, 22, number)
    sheet.write_row(0, 0, table.header, heading)
    _comment_metrics(sheet, table, wordings)  # now: rows go to the file one after another
    for index, row in enumerate(table.rows(), start=1):
        for column, cell in enumerate(row):
            if cell:
                # As text, so that codes keep their zeros and nothing becomes a date or a formula.
                sheet.write_string(index, column, cell, text)
    if table.layout == LONG:
        for index in range(len(table) + 1, len(table) + 1 + SPARE_ROWS):
            for column in range(values):
                sheet.write_blank(index, column, None, open_text)


def _comment_metrics(sheet: Any, table: TemplateTable, wordings: Mapping[str, Wording]) -> None:
    """Say at each metric's name what it is called and means."""
    if table.layout != WIDE:
        return
    for column, metric in enumerate(table.metrics, start=len(KEYS)):
        wording = wordings[metric.key]
        text = f"{wording.name}\n\n{wording.definition}"[:LONGEST_COMMENT]
        sheet.write_comment(0, column, text, {"x_scale": 3, "y_scale": 2})


def _validate(sheet: Any, table: TemplateTable, wordings: Mapping[str, Wording]) -> None:
    """Let value cells take numbers within their metric's bounds and "not applicable", and keys what is listed."""
    count = len(table)
    if table.layout == WIDE:
        for column, metric in enumerate(table.metrics, start=len(KEYS)):
            if count:
                rule = _value_rule(metric, xl_rowcol_to_cell(1, column), wordings[metric.key].name)
                sheet.data_validation(1, column, count, column, rule)
        return
    last = count + SPARE_ROWS
    for column, source, rows in ((0, "A", len(table.schools)), (2, "B", 1), (3, "C", len(table.metrics))):
        if rows:
            listed = {"validate": "list", "source": f"={LISTS}!${source}$2:${source}${rows + 1}"}
            sheet.data_validation(1, column, last, column, listed | _refusal(_("Choose one of the list."), ""))
    told = _refusal(_("This is not a value that the metric may have: the last sheet says what it may be."), "")
    sheet.data_validation(1, 4, last, 4, {"validate": "custom", "value": _looked_up("E2", "D2")} | told)


def _value_rule(metric: MetricAsked, cell: str, name: str) -> dict[str, Any]:
    """Return the validation of a value cell: a number that its metric allows, or a word for "not applicable"."""
    lower, upper = limits(metric)
    formula = _formula(cell, f"{metric.decimals}", f"{lower:.15g}", f"{upper:.15g}")
    return {"validate": "custom", "value": formula} | _refusal(bounds(metric), name)


def _looked_up(cell: str, metric: str) -> str:
    """Return the formula of a value whose metric stands beside it."""
    decimals, lower, upper = (f"VLOOKUP({metric},{LISTS}!$C:$F,{column},0)" for column in (4, 2, 3))
    return _formula(cell, decimals, lower, upper)


def _formula(cell: str, decimals: str, lower: str, upper: str) -> str:
    words = ",".join(f'LOWER({cell})="{word}"' for word in sorted(NOT_APPLICABLE_WORDS))
    number = f"AND(ROUND({cell},{decimals})={cell},{cell}>={lower},{cell}<={upper})"
    return f"=IF(ISNUMBER({cell}),{number},OR({words}))"


def limits(metric: MetricAsked) -> tuple[float, float]:
    """Return the least and the greatest value of a metric, as far as a spreadsheet can count where there is none."""
    return (
        -UNLIMITED if metric.lower is None else metric.lower,
        UNLIMITED if metric.upper is None else metric.upper,
    )


def bounds(metric: MetricAsked) -> str:
    """Return in words what a metric's value may be."""
    kind = _("A whole number") if metric.decimals == 0 else _("A number with at most {count} decimals")
    text = kind.format(count=metric.decimals)
    limits = {"lower": f"{metric.lower or 0:.15g}", "upper": f"{metric.upper or 0:.15g}"}
    if metric.lower is not None and metric.upper is not None:
        text = _("{number} from {lower} to {upper}").format(number=text, **limits)
    elif metric.lower is not None:
        text = _("{number}, at least {lower}").format(number=text, **limits)
    elif metric.upper is not None:
        text = _("{number}, at most {upper}").format(number=text, **limits)
    return _("{number}; n/a where it does not apply; blank where nothing is known.").format(number=text)


def _refusal(message: str, title: str) -> dict[str, Any]:
    told: dict[str, Any] = {"ignore_blank": True, "error_message": message[:LONGEST_MESSAGE]}
    return told | ({"error_title": title[:LONGEST_TITLE]} if title else {})


def _write_lists(workbook: Any, table: TemplateTable) -> None:
    """Add the hidden sheet that the drop-downs choose from: codes, the period, metrics with their bounds."""
    sheet = workbook.add_worksheet(LISTS)
    text = workbook.add_format({"num_format": "@"})
    codes = [code for code, _name in table.schools]
    columns = (codes, [table.period.key])
    sheet.write_string(0, 0, MARK, text)
    for row in range(max(len(codes), len(table.metrics), 1)):
        for column, texts in enumerate(columns):
            if row < len(texts):
                sheet.write_string(row + 1, column, texts[row], text)
        if row < len(table.metrics):
            metric = table.metrics[row]
            sheet.write_string(row + 1, 2, metric.key, text)
            for column, number in enumerate((*limits(metric), metric.decimals), start=3):
                sheet.write_number(row + 1, column, number)
    sheet.hide()


def _how_to_fill_in(table: TemplateTable, wordings: Mapping[str, Wording]) -> Iterator[tuple[str, ...]]:
    last = xl_col_to_name(len(table.header) - 1)
    first = last if table.layout == LONG else xl_col_to_name(len(KEYS))
    yield ("1", _("Fill in the columns {first} to {last}. The others are filled in and locked.").format(
        first=first, last=last))  # fmt: skip
    yield ("2", _("Leave a cell blank where nothing is known, write 0 for zero, and n/a where it does not apply."))
    yield ("3", _("Save the workbook as it is and bring it on the Upload page."))
    yield ("", _("The sheet is protected against slips. Filtering stays possible; the protection has no password."))
    yield ("",)
    for metric in table.metrics:
        wording = wordings[metric.key]
        yield (metric.key, wording.name, wording.definition, bounds(metric))
