"""What we put into our own workbooks beside the data: a sheet that says how to use them, known by its first cell.

The sheet's name is in the reader's language and may be changed; the mark in its first cell says that it holds no data.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from access.language import current

MARK = "Uptake: read me"
SHEET_NAMES = {"en": "Read me", "ru": "Прочтите", "kk": "Оқыңыз"}
# What such a sheet is at most: one with more in it holds something that is not ours.
MOST_ROWS, MOST_COLUMNS = 300, 4
WIDTHS = (28, 44, 90, 40)

# The two columns that a sheet of faulty rows has beside the file's own; in a file they say nothing.
ROW_COLUMN = {"en": "Row in the file", "ru": "Строка файла", "kk": "Файлдағы жол"}
REASON_COLUMN = {"en": "What is wrong", "ru": "Что не так", "kk": "Қатесі неде"}


def in_current_language(names: dict[str, str]) -> str:
    """Return the one of the names that is in the reader's language."""
    return names.get(current(), names["en"])


def is_read_me(rows: Iterable[Sequence[object]]) -> bool:
    """Return whether a sheet with these rows is one that we wrote to be read by people."""
    head = list(islice(rows, MOST_ROWS + 1))
    first = next((cell for cell in head[0] if cell != ""), "") if head else ""
    return first == MARK and len(head) <= MOST_ROWS and max(map(len, head)) <= MOST_COLUMNS


def write_read_me(workbook: Any, title: str, lines: Iterable[Sequence[str]]) -> None:
    """Add the sheet to an xlsxwriter workbook: a title, then lines of up to four texts."""
    quiet = workbook.add_format({"font_color": "#8a8f98", "font_size": 8})
    heading = workbook.add_format({"bold": True, "font_size": 14})
    text = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet = workbook.add_worksheet(in_current_language(SHEET_NAMES))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width, text)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, MARK, quiet)
    sheet.write_string(1, 0, title, heading)
    for number, line in enumerate(lines, start=3):
        for column, cell in enumerate(line[:MOST_COLUMNS]):
            sheet.write_string(number, column, cell, text)
