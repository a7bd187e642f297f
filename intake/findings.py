"""The catalogue of findings: everything that can be wrong or odd in a file, what it means and what to do.

The screen, the JSON, the docs and the translations are all made from it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from access.language import N_, _, format_number
from data_model.submissions import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
LONGEST_VALUE = 100  # signs of a cell that a finding quotes


@dataclass(frozen=True)
class FindingKind:
    """One kind of finding. `message` and `what_to_do` are English texts of the message catalogue, with placeholders."""

    code: str
    severity: Severity
    message: str
    what_to_do: str


@dataclass(frozen=True)
class Finding:
    """One thing wrong or odd in a file. `row` is a spreadsheet row; None, and empty texts, where there is none."""

    code: str
    severity: Severity
    row: int | None = None
    column: str = ""
    value: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    def message(self) -> str:
        """Return what is wrong and what to do, in the current language."""
        return message(self.code, self.column, self.value, self.details)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the design's JSON: what is not there is null."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "row": self.row,
            "column": self.column or None,
            "value": self.value or None,
            "message": self.message(),
        }


def message(code: str, column: str, value: str, details: Mapping[str, Any]) -> str:
    """Return what a finding says in the current language, made from what it holds."""
    kind = KINDS[code]
    words = {name: _as_text(detail) for name, detail in details.items()} | {"column": column, "value": value}
    words |= {name: _as_number(words[name]) for name in COMPUTED if name in words}
    words |= {name: _(words[name]) for name in WORDED if isinstance(details.get(name), str)}
    parts = [_(kind.message).format(**words)]
    if details.get("suggestions"):
        parts.append(_(DID_YOU_MEAN).format(suggestions=words["suggestions"]))
    return " ".join([*parts, _(kind.what_to_do).format(**words)]).strip()


def quoted(text: str) -> str:
    """Return a cell's text as a finding shows it: on one line, without control characters, not too long."""
    text = text.replace("\u2060", "")  # a typed number's mark (see quantities), which nobody sees
    visible = "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text)
    return visible if len(visible) <= LONGEST_VALUE else visible[: LONGEST_VALUE - 1] + "…"


def _as_text(detail: Any) -> str:
    if isinstance(detail, (list, tuple)):
        return ", ".join(map(str, detail))
    if isinstance(detail, float) and detail.is_integer():
        return str(int(detail))
    return str(detail)


def _as_number(text: str) -> str:
    """Return a number that we computed as the language writes it; what a file holds is shown as it is written there."""
    return format_number(float(text), len(text.partition(".")[2])) if DECIMAL.fullmatch(text) else text


DECIMAL = re.compile(r"-?\d+(\.\d+)?")
COMPUTED = ("usual", "factor")  # details that are numbers and stand in no file
WORDED = ("format", "limit", "unit")  # details that are words of the catalogue themselves
DID_YOU_MEAN = N_("Did you mean {suggestions}?")
# Units of metrics: the detail `unit` of `percent_sign`.
LICENCES, PEOPLE, MESSAGES = N_("licences"), N_("people"), N_("messages")
HOURS, POINTS = N_("hours"), N_("points")
# What a file may be instead of a table: the detail `format` of `unreadable_file`.
OLD_OFFICE, PDF, TEXT_DOCUMENT = N_("an old Excel or Word file"), N_("a PDF"), N_("a text document")
PICTURE, COMPRESSED, WEB_PAGE = N_("a picture"), N_("a compressed file"), N_("a web page")
BINARY, DAMAGED_WORKBOOK = N_("a binary file"), N_("a damaged Excel workbook")
ENDLESS_LINE = N_("one endless line")
LOCKED_WORKBOOK = N_("a workbook or document protected by a password")
MANY_ROWS = N_("2,000,000 rows")  # the detail `limit` of `file_too_large`
DAMAGED_ZIP, OTHER_ZIP = N_("a damaged zip file"), N_("a zip file that holds no Excel workbook")
# What should stand in a cell of a user export: the detail `format` of `export_cell_unreadable`.
A_DAY, A_STATUS, YES_OR_NO = N_("a day, such as 2026-09-30"), N_("pending, enabled or deleted"), N_("true or false")
A_WHOLE_NUMBER = N_("a whole number")

CATALOGUE = (
    # The file as a whole
    FindingKind(
        "empty_file", ERROR,
        N_("The file is empty."),
        N_("Upload the file that holds the figures."),
    ),
    FindingKind(
        "unreadable_file", ERROR,
        N_("This is no table that can be read: it looks like {format}."),
        N_("Save it as CSV or as an Excel workbook (.xlsx) and upload that."),
    ),
    FindingKind(
        "unknown_sheet", ERROR,
        N_("The workbook has no sheet “{sheet}”."),
        N_("Choose one of its sheets: {sheets}."),
    ),
    FindingKind(
        "file_too_large", ERROR,
        N_("The file is too large: more than {limit}."),
        N_("Split it, by period or by region, and upload the parts."),
    ),
    FindingKind(
        "unknown_encoding", ERROR,
        N_("The letters of this file cannot be read: its encoding is none of those known."),
        N_("Save it again as “CSV UTF-8” and upload that."),
    ),
    FindingKind(
        "broken_encoding", ERROR,
        N_("The file is {encoding}, but some of its bytes are not: the file is damaged."),
        N_("Save it again from the spreadsheet as “CSV UTF-8” and upload that."),
    ),
    FindingKind(
        "personal_data", ERROR,
        N_("The file holds e-mail addresses of people. It was not kept."),
        N_("Upload counts by school, without names and addresses."),
    ),
    FindingKind(
        "no_header", ERROR,
        N_("No row with column names was found."),
        N_("Begin with a row that names the columns, as the template does, or say which row it is."),
    ),
    FindingKind(
        "no_school_column", ERROR,
        N_("No column says which school a row is about."),
        N_("Name a column school_code, as the template does, or map one of the columns."),
    ),
    FindingKind(
        "no_metric_columns", ERROR,
        N_("No column holds a metric that this initiative asks for."),
        N_("Name the columns as the template does, or map them. Known metrics: {metrics}."),
    ),
    FindingKind(
        "periods_as_columns", ERROR,
        N_("The columns {columns} are named like periods: the file has a column for each period."),
        N_("Write one row for each school and period, with the period in a column of its own, as the template does."),
    ),
    FindingKind(
        "layout_unclear", ERROR,
        N_("The file has columns of both layouts: metric and value, and a column for each metric."),
        N_("Keep one of the two, or map the columns that are not to be read to “ignore”."),
    ),
    FindingKind(
        "duplicate_column", ERROR,
        N_("Columns {columns} all mean {meaning}."),
        N_("Keep one of them, or map the others to “ignore”."),
    ),
    FindingKind(
        "no_rows", ERROR,
        N_("There are no rows below the column names."),
        N_("Fill in the template, one row for each school, and upload it."),
    ),
    FindingKind(
        "no_period", ERROR,
        N_("Nothing in the file says which period it is about."),
        N_("Choose the period, or add a column named period with values such as {example}."),
    ),
    FindingKind(
        "nothing_new", WARNING,
        N_("This file changes nothing: all it says is held already."),
        N_("There is nothing to submit."),
    ),
    FindingKind(
        "no_values", WARNING,
        N_("The file holds no values."),
        N_("Fill in the columns of the metrics and upload it again."),
    ),
    FindingKind(
        "title_period_differs", WARNING,
        N_("“{value}” above the table speaks of {period}, but {chosen} was chosen for this file."),
        N_("Check which of the two the figures are about."),
    ),
    FindingKind(
        "ignored_column", WARNING,
        N_("The column “{column}” is not read: it is neither a key column nor a metric that this initiative asks for."),
        N_("If it is one, map it; otherwise there is nothing to do."),
    ),
    FindingKind(
        "hidden_rows", WARNING,
        N_("{count} rows of the sheet are hidden ({rows}); they were read like the others."),
        N_("Look whether they belong to the report; delete them if not."),
    ),
    FindingKind(
        "other_sheets", WARNING,
        N_("The workbook has other sheets that are not read: {sheets}. Only “{sheet}” was read."),
        N_("If the report stands on another one, choose that; upload each sheet of figures as a file of its own."),
    ),
    FindingKind(
        "hidden_columns", WARNING,
        N_("{count} columns of the sheet are hidden ({columns}); they were read like the others."),
        N_("Look whether they belong to the report; delete them if not."),
    ),
    # The rows
    FindingKind(
        "mended_cell_differs", ERROR,
        N_("Row {line} no longer holds “{original}” in “{column}”, so what it was mended to was not read."),
        N_("Take this mending back, and mend the cell again if it is still wrong."),
    ),
    FindingKind(
        "quote_never_closed", ERROR,
        N_("A quotation mark is opened in this row and not closed as it should be, so that rows could run together."),
        N_("Remove the quotation marks from this row, or write each one inside a text twice."),
    ),
    FindingKind(
        "wrong_cell_count", ERROR,
        N_("This row has {count} cells instead of {expected}."),
        N_("Check for a delimiter too many or too few; put a text that holds one into quotation marks."),
    ),
    FindingKind(
        "heading_row", WARNING,
        N_("This row repeats or explains the column names and was left out."),
        N_("There is nothing to do."),
    ),
    FindingKind(
        "text_row", WARNING,
        N_("This row holds no figure, only “{value}”; it was left out."),
        N_("There is nothing to do, unless it should be about a school: then fill in its code and figures."),
    ),
    FindingKind(
        "another_table", ERROR,
        N_("Another table begins here: its column names are not those of row {header_row}. Nothing below is read."),
        N_("Upload each table as a file of its own, or put the rows under the same columns."),
    ),
    FindingKind(
        "totals_row", WARNING,
        N_("This row holds totals and was left out."),
        N_("There is nothing to do: sums are made from the schools."),
    ),
    FindingKind(
        "identical_duplicate", WARNING,
        N_("Row {first} says the same; it counts once."),
        N_("There is nothing to do, but look whether another school was meant."),
    ),
    FindingKind(
        "contradictory_duplicate", ERROR,
        N_("Row {row} and row {others} say different things about {metric} of school {school} in {period}."),
        N_("Keep the one that is right."),
    ),
    # The school
    FindingKind(
        "school_missing", ERROR,
        N_("The row does not say which school it is about."),
        N_("Fill in the school code. Merged cells count for their first row only: fill every row."),
    ),
    FindingKind(
        "unknown_school", ERROR,
        N_("No school is known as “{value}”."),
        N_("Correct the code, or choose on the Upload page which school it stands for."),
    ),
    FindingKind(
        "school_code_ambiguous", ERROR,
        N_("“{value}” could be more than one school: {schools}."),
        N_("Write the whole code, as text; spreadsheets drop leading zeros and round long numbers."),
    ),
    FindingKind(
        "school_code_repaired", WARNING,
        N_("“{value}” was read as school {school} ({name})."),
        N_("Check that this is the school; format the column as text to keep its zeros."),
    ),
    FindingKind(
        "school_choice_applied", WARNING,
        N_("“{value}” was read as school {school} ({name}), as chosen earlier."),
        N_("If that is wrong, choose again."),
    ),
    FindingKind(
        "school_matched_by_name", WARNING,
        N_("“{value}” was matched by name alone to school {school}."),
        N_("Check that this is the school; add a column school_code to be sure."),
    ),
    FindingKind(
        "school_name_differs", WARNING,
        N_("School {school} is called “{name}” in the register, not “{value}”."),
        N_("Check that the code is right. The name in the file is not stored."),
    ),
    FindingKind(
        "school_not_enrolled", ERROR,
        N_("School {school} takes no part in this initiative in {period}."),
        N_("Check code and period. If both are right, an administrator can enrol the school."),
    ),
    FindingKind(
        "school_closed", ERROR,
        N_("School {school} is not open on the last day of {period}."),
        N_("Check code and period; a school that merged reports under its new code."),
    ),
    # The period
    FindingKind(
        "period_missing", ERROR,
        N_("The row does not say which period it is about."),
        N_("Fill in the period, or choose it for the whole file."),
    ),
    FindingKind(
        "period_unreadable", ERROR,
        N_("“{value}” is not a period, or could be several."),
        N_("Write it as {example}."),
    ),
    FindingKind(
        "other_granularity", ERROR,
        N_("“{value}” is another length of time than this initiative asks for."),
        N_("Write a period such as {example}."),
    ),
    FindingKind(
        "period_contradicts", ERROR,
        N_("The row is about {period}, but {chosen} was chosen for this file."),
        N_("Correct the row or choose the other period."),
    ),
    FindingKind(
        "future_period", ERROR,
        N_("{period} has not begun yet."),
        N_("Correct the period, or upload this when it has begun."),
    ),
    FindingKind(
        "locked_period", ERROR,
        N_("{period} is locked: nothing in it may change any more."),
        N_("Leave its rows out, or ask an administrator to open it."),
    ),
    # The metric and the value
    FindingKind(
        "metric_missing", ERROR,
        N_("The row does not say which metric its value is of."),
        N_("Fill in the metric’s key, as in the template."),
    ),
    FindingKind(
        "unknown_metric", ERROR,
        N_("“{value}” is not a known metric."),
        N_("Use one of these keys: {metrics}."),
    ),
    FindingKind(
        "metric_not_requested", ERROR,
        N_("This initiative does not ask for {metric}."),
        N_("Leave the row out. It asks for: {metrics}."),
    ),
    FindingKind(
        "not_a_number", ERROR,
        N_("“{value}” is not a number."),
        N_("Write a number, leave the cell blank, or write n/a where the metric does not apply."),
    ),
    FindingKind(
        "ambiguous_number", ERROR,
        N_("“{value}” can be read in two ways, and no other number of the file shows which is meant."),
        N_("Write it without a group separator, or say which decimal mark the file uses."),
    ),
    FindingKind(
        "rounded_number", ERROR,
        N_("“{value}” is a number that a spreadsheet shortened; its digits are lost."),
        N_("Write it out in full."),
    ),
    FindingKind(
        "percent_sign", ERROR,
        N_("“{value}” is a percentage, but {metric} is counted in {unit}."),
        N_("Write the count itself, without a percent sign."),
    ),
    FindingKind(
        "negative_value", ERROR,
        N_("{metric} cannot be negative."),
        N_("Write the value itself. To take a value back, withdraw it on screen."),
    ),
    FindingKind(
        "fractional_count", ERROR,
        N_("{metric} is a count and cannot have a fraction."),
        N_("Write a whole number."),
    ),
    FindingKind(
        "too_many_decimals", ERROR,
        N_("{metric} has at most {decimals} decimals."),
        N_("Round it as the metric’s definition says."),
    ),
    FindingKind(
        "below_minimum", ERROR,
        N_("{metric} is at least {limit}."),
        N_("Correct the value."),
    ),
    FindingKind(
        "above_maximum", ERROR,
        N_("{metric} is at most {limit}."),
        N_("Correct the value; look for a digit too many."),
    ),
    # Values beside each other
    FindingKind(
        "rule_broken", ERROR,
        N_("{lesser} ({lesser_value}, row {lesser_row}) cannot exceed {greater} ({greater_value}, row {greater_row})."),
        N_("Correct one of the two."),
    ),
    FindingKind(
        "score_without_count", ERROR,
        N_("{metric} is a mean and needs {count_metric} of the same school and period beside it."),
        N_("Add how many answers it is the mean of."),
    ),
    FindingKind(
        "rule_against_stored", WARNING,
        N_("{lesser} ({lesser_value}) would exceed {greater} ({greater_value}); one of the two is held already."),
        N_("Check both. If the held one is wrong, put the right value of it into this file too."),
    ),
    FindingKind(
        "jump", WARNING,
        N_("{metric} of school {school} is far from what it reported before: {value}, where {usual} was usual."),
        N_("Check the value. If it is right there is nothing to do."),
    ),
    FindingKind(
        "scaled_column", WARNING,
        N_("Nearly all values of {metric} in {period} are about {factor} times those held for {before}."),
        N_("Check the unit of the column: thousands, shares, or another month’s sum."),
    ),
    FindingKind(
        "shifted_column", WARNING,
        N_("Most values of {metric} in {period} are those of the school one row above or below for {before}."),
        N_("Check whether the column slipped by a row against the schools."),
    ),
    FindingKind(
        "same_as_before", WARNING,
        N_("{count} of {schools} schools report the same {metric} in {period} as in {before}."),
        N_("Check that these are not the earlier period’s figures once more."),
    ),
    # The user export of a workspace, whose users are counted and not kept. No finding quotes a cell of a person's row.
    FindingKind(
        "weekly_export", ERROR,
        N_("The export is about weeks. Who is active in several weeks would be counted several times, so weeks are not"
           " added up."),
        N_("Export one whole period, such as {example}."),
    ),
    FindingKind(
        "period_not_exact", ERROR,
        N_("The export covers {value}: that is not exactly one period of this initiative."),
        N_("Export one whole period, such as {example}, from its first day to its last."),
    ),
    FindingKind(
        "export_column_missing", ERROR,
        N_("The user export has no column “{column}”, without which its users cannot be counted."),
        N_("Export it again with that column."),
    ),
    FindingKind(
        "export_cell_unreadable", ERROR,
        N_("“{column}” must hold {format}. What it holds is not shown, because it may name a person."),
        N_("Look at the row in the file; export it again if it is damaged."),
    ),
    FindingKind(
        "export_too_varied", ERROR,
        N_("The file holds more than {limit} different groups, departments and e-mail domains."),
        N_("Export it without the column that says something else of every user."),
    ),
    FindingKind(
        "user_repeated", ERROR,
        N_("The user of this row stands in row {first} too, in the same period, and the two rows differ."),
        N_("Keep the row that is right, or export the file again."),
    ),
    FindingKind(
        "audience_unclear", ERROR,
        N_("Of {count} users nothing says whether they are teachers or students."),
        N_("Say of whom the workspace is: teachers or students."),
    ),
    FindingKind(
        "audience_from_role", WARNING,
        N_("The column “{column}” tells teachers from students: {teachers} teachers, {students} students."),
        N_("If that is wrong, export the file without this column and say of whom the workspace is."),
    ),
    FindingKind(
        "school_code_in_text", WARNING,
        N_("“{value}” was read as school {school} ({name}), whose code stands in it; {count} users."),
        N_("Check that this is the school; if not, choose another for this text."),
    ),
    FindingKind(
        "unmapped_users", WARNING,
        N_("No school is known for “{value}”: its {count} users are in no figure."),
        N_("Choose the school it stands for; if it is none, there is nothing to do."),
    ),
    FindingKind(
        "unmapped_users_blank", WARNING,
        N_("{count} users have nothing by which a school could be found: they are in no figure."),
        N_("Match users by another column, or put them into a group of their school."),
    ),
    FindingKind(
        "unmapped_users_withheld", WARNING,
        N_("For {count} users the only text is one that names a person. It is neither shown nor kept, and they are in"
           " no figure."),
        N_("Match users by another column, or give groups and departments the names of schools."),
    ),
    FindingKind(
        "users_of_several_schools", WARNING,
        N_("{count} users with “{value}” fit several schools ({schools}): they are in no figure."),
        N_("Choose the school for this text, or match users by another column."),
    ),
    FindingKind(
        "users_deleted", WARNING,
        N_("{count} deleted users are counted apart: neither they nor their {messages} messages are in any figure."),
        N_("There is nothing to do."),
    ),
    FindingKind(
        "users_repeated", WARNING,
        N_("{count} rows say word for word what another row said; each user counts once."),
        N_("There is nothing to do."),
    ),
    FindingKind(
        "activity_differs", WARNING,
        N_("{count} users are marked active without a message, or not active with some. The mark was counted."),
        N_("Export the file again if that is not so in the workspace."),
    ),
    FindingKind(
        "figure_not_in_export", WARNING,
        N_("The user export has no column “{column}”: {metrics} cannot be read from it."),
        N_("Export it again with that column if the figures are wanted."),
    ),
    FindingKind(
        "export_columns_ignored", WARNING,
        N_("Columns that no version of the export is known to have are not read: {columns}."),
        N_("There is nothing to do."),
    ),
)  # fmt: skip

KINDS = {kind.code: kind for kind in CATALOGUE}
