"""Tables people take away: nothing in them runs, nothing in them lies about what it is."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.downloads import Taken, as_archive, as_csv, metadata_line, neutralised

FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "-", "+7 701 000 00 00", "\n=1",
            "＝1+1", "＋1", "－1", "＠SUM(A1)")  # fmt: skip


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_would_run_is_shown_instead(cell):
    assert neutralised(cell).startswith("'")


@pytest.mark.parametrize(("cell", "written"), [
    (-3, "-3"), (-3.5, "-3.5"), (412.0, "412"), ("001024", "001024"), (None, ""), (float("nan"), ""), (pd.NA, ""),
    (pd.NaT, ""), ("not_reported", "not_reported"),
])  # fmt: skip
def test_numbers_codes_and_nothing_stay_what_they_are(cell, written):
    assert neutralised(cell) == written


@given(st.text())
def test_no_text_at_all_begins_a_formula(text):
    assert not neutralised(text).startswith(tuple("=+@＝＋－＠\t\r\n"))


@given(st.text(), st.text())
def test_a_line_about_the_table_is_one_cell_and_no_formula(label, value):
    line = metadata_line(label, value)
    for delimiter in ",;|\t":
        assert next(csv.reader(io.StringIO(line), delimiter=delimiter, quoting=csv.QUOTE_NONE)) == [line]
    assert line.startswith("#")


def test_pandas_reads_the_table_and_leaves_what_it_is_about():
    frame = pd.DataFrame({"school_code": ["001024", "=1"], "value": [1.0, None], "state": ["reported", "suppressed"]})
    written = as_csv(frame, {"Title": "Active, and 1,204 more", "Nothing measured": ""})
    read = pd.read_csv(io.BytesIO(written), comment="#", dtype=str, keep_default_na=False)
    assert read.to_dict("list") == {
        "school_code": ["001024", "'=1"], "value": ["1", ""], "state": ["reported", "suppressed"]
    }  # fmt: skip
    assert written.startswith(
        b"\xef\xbb\xbf# Title: Active \xe2\x80\x93 and 1\xe2\x80\xaf204 more\r\n# Nothing measured\r\n"
    )


NOW = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)


def taken(**changed):
    told = {
        "frame": lambda: pd.DataFrame({"school_code": ["001024"], "value": [1.0], "state": ["reported"]}),
        "about": lambda: {"Title": "Active, by area", "Place": "KZ", "Period": "2026-10", "Source": "Release 3",
                          "Definition": "How *many* <b>there</b> are", "Last update": "2 Nov 2026",
                          "Provisional": "62% of schools have reported"},
        "file_name": "areas", "address": lambda: "https://uptake.example/?area=KZ&lang=en",
    }  # fmt: skip
    return Taken(**(told | changed))


def test_a_table_that_is_taken_away_says_how_to_cite_and_restore_it():
    facts = taken().told(NOW)
    assert facts["Address"] == "https://uptake.example/?area=KZ&lang=en"
    assert facts["Citation"] == (
        "Uptake: Active, by area. KZ, 2026-10. Release 3. updated 2 Nov 2026."
        " https://uptake.example/?area=KZ&lang=en (seen 10 Nov 2026)"
    )
    assert "Address" not in taken(address=None).told(NOW)


def test_invented_figures_say_so_first_and_in_the_name_of_the_file():
    invented = taken(demonstration=True)
    assert next(iter(invented.told(NOW))).startswith("Demonstration data")
    assert invented.name == "demonstration-areas"


def test_the_archive_has_the_table_and_a_readme_that_explains_it():
    one = taken(demonstration=True)
    packed = zipfile.ZipFile(io.BytesIO(as_archive(one.frame(), one.told(NOW), one.name)))
    assert packed.namelist() == ["demonstration-areas.csv", "README.md"]
    assert pd.read_csv(packed.open("demonstration-areas.csv"), comment="#", dtype=str)["value"].tolist() == ["1"]
    told = packed.read("README.md").decode()
    for part in ("# Active, by area", "Demonstration data", "62% of schools", "Release 3", "Citation", "Address",
                 "`value`: the figure; empty unless", "`suppressed`: withheld"):  # fmt: skip
        assert part in told
    assert "How \\*many\\* \\<b\\>there\\</b\\> are" in told, "nothing in it is taken for Markdown or HTML"
