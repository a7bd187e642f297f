"""The page about open data is held to the document that programs read."""

import re
from pathlib import Path

from publishing.web import openapi, parameters
from publishing.web.resources import TABLES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "open-data.md").read_text(encoding="utf-8")


def test_every_address_is_on_the_page_and_none_else():
    told = set(re.findall(r"^\| `(/api/v1/[^`]*)`", PAGE, re.MULTILINE))
    paths = {
        path.replace("/latest/", "/{number}/") for path in openapi.document()["paths"]
        if path.removesuffix(".csv").removesuffix(".json").removeprefix("/api/v1/") not in {*TABLES, "releases"}
    }  # fmt: skip
    assert told == paths | {f"/api/v1/{name}" for name in (*TABLES, "releases")}


def test_every_parameter_is_on_the_page_with_the_tables_that_have_it():
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    told = {name: where for names, where in rows for name in re.findall(r"`(\w+)`", names)}
    have: dict[str, set[str]] = {}
    for table in TABLES.values():
        for one in table.parameters:
            have.setdefault(one.name, set()).add(table.name)
    assert set(told) == set(have)
    for name, tables in have.items():
        named = {table for table in TABLES if table in told[name]}
        assert named == tables or (told[name].startswith("every table") and tables == set(TABLES)), name


def test_the_numbers_on_the_page_are_those_of_the_code():
    assert f"up to {parameters.MOST_ROWS:,} ({parameters.DEFAULT_ROWS:,})" in PAGE
    for status in openapi.WORDS:
        if status != 503:
            assert str(status) in PAGE
