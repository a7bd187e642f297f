"""User exports of made-up people, as their vendor writes them."""

import csv
import io
from typing import Any

import xlsxwriter

COLUMNS = [
    "cadence",
    "period_start",
    "period_end",
    "account_id",
    "public_id",
    "name",
    "email",
    "role",
    "user_role",
    "department",
    "groups",
    "user_status",
    "created_or_invited_date",
    "is_active",
    "first_day_active_in_period",
    "last_day_active_in_period",
    "messages",
    "messages_rank",
    "model_to_messages",
    "gpt_messages",
    "credits_used",
]


def user(number: int, **cells: str) -> dict[str, str]:
    """Return one user's row: an enabled, active teacher of school 001024 with ten messages, unless said otherwise."""
    return {
        "cadence": "monthly", "period_start": "2026-10-01", "period_end": "2026-10-31", "account_id": "acct-1",
        "public_id": f"user-{number:05}", "name": f"Aigerim Bekova {number}", "role": "teacher", "user_role": "user",
        "email": f"person{number}@school001024.example.org", "department": "", "groups": "", "user_status": "enabled",
        "created_or_invited_date": "2026-09-01", "is_active": "true", "messages": "10", "messages_rank": "1",
        "model_to_messages": "{'gpt-5': 10}", "gpt_messages": "", "credits_used": "1.5", **cells,
    }  # fmt: skip


def table(*users: dict[str, str], columns: list[str] | None = None, title: str = "") -> list[list[str]]:
    """Return the rows of an export, its header first; below a title where there is one."""
    columns = columns or COLUMNS
    above = [[title, *[""] * (len(columns) - 1)]] if title else []
    return [*above, columns, *([one.get(column, "") for column in columns] for one in users)]


def export(*users: dict[str, str], delimiter: str = ",", **said: Any) -> str:
    """Return the export as text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table(*users, **said))
    return text.getvalue()


def workbook(rows: list[list[str]]) -> bytes:
    """Return the rows as an Excel workbook: what looks like a number is one."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_numbers": True})
    sheet = book.add_worksheet("Users")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()
