"""The docs hold the catalogue of findings as it is, and every example of the docs is true."""

import re
from pathlib import Path

import pytest

from intake.columns import ROLE_ALIASES, ColumnRole
from intake.findings_page import findings_markdown
from intake.folding import fold
from intake.written_periods import read_period

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "file-formats.md").read_text(encoding="utf-8")


def test_the_docs_list_the_findings_of_the_catalogue():
    assert PAGE.partition("<!-- findings -->\n")[2] == findings_markdown(), "run `python -m intake findings`"


@pytest.mark.parametrize("granularity", ["month", "quarter", "school_year"])
def test_the_periods_of_the_docs_are_read(granularity):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| {granularity.replace('_', ' ')} |")]
    written = re.findall(r"`([^`]+)`", row)
    assert len(written) >= 2
    for text in written:
        period = read_period(text)
        assert period is not None and period.granularity == granularity, text


@pytest.mark.parametrize("role", list(ColumnRole))
def test_the_column_names_of_the_docs_are_known(role):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{role}` |")]
    names = row.split("|")[2].partition("(")[0].split(",")
    known = {fold(alias) for alias in ROLE_ALIASES[role]}
    assert {fold(name) for name in names} <= known


def test_the_page_says_how_to_read_it_without_the_project():
    assert "python -m intake check" in PAGE and "--mapping FILE" in PAGE
