"""A corpus of damaged files, made from clean tables, each with what a careful person would say of it.

An acceptable file must give exactly the cells that were meant; any other must be reported. Never silently different.
"""

from collections.abc import Iterator

from tests.intake.corpus import (
    columns,
    combined,
    duplicates,
    files,
    headings,
    line_ends,
    locales,
    numbers,
    periods,
    quoting,
    rows,
    schools,
    side_rows,
    sums,
    values,
    workbook_parts,
    workbook_xml,
    workbooks,
    writing,
)
from tests.intake.corpus.case import Case

KINDS = (
    writing, line_ends, quoting, rows, columns, numbers, values, schools, periods, duplicates, files, workbooks,
    workbook_parts, workbook_xml, headings, side_rows, sums, locales, combined,
)  # fmt: skip


def all_cases() -> Iterator[Case]:
    """Yield every case, always the same ones in the same order."""
    for kind in KINDS:
        yield from kind.cases()
