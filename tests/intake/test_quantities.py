"""How values are read: zero, blank, not applicable, numbers by the file's convention, and what is none."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.quantities import (
    AMBIGUOUS,
    BLANK,
    NOT_A_NUMBER,
    NOT_APPLICABLE,
    NUMBER,
    PERCENT,
    ROUNDED,
    convention_shown,
    read_quantities,
    read_quantity,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("12", 12), (" 12 ", 12), ("007", 7), ("+5", 5), ("-5", -5), ("−5", -5), ("1,5", 1.5), ("1.5", 1.5),
        ("0,125", 0.125), ("1234,567", 1234.567), ("1 234", 1234), ("1\u00a0234", 1234),
        ("1\u202f234\u202f567", 1234567),
        ("1'234", 1234), ("1’234", 1234), ("1,234,567", 1234567), ("1.234.567", 1234567), ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("1 234,567", 1234.567), ("5.0", 5), (".5", 0.5), ("\ufeff12", 12), ("1\u200b2", 12),
        ("12345678901234567890", 12345678901234567890.0),
    ],
)  # fmt: skip
def test_a_number_that_shows_how_it_is_written_is_read(text, value):
    assert read_quantity(text, None) == (NUMBER, value)


@pytest.mark.parametrize(
    "text",
    ["abc", "12 34", "1,23,456", "1 2345", "12345 678", "1.234.56", "1,2,3", "5.", "--5", "- 5", "5²", "½", "٣", "１２",
     "12 чел.", "(5)", "#N/A", "нет данных", "NaN", "inf", "1e", "TRUE", "0x10", "1_000", "01.09.2026", "9" * 400,
     "abc%", "%", "1 234.567,8"],
)  # fmt: skip
def test_what_is_no_number_is_never_made_one(text):
    status, value = read_quantity(text, None)
    assert status == NOT_A_NUMBER and math.isnan(value)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,345", "-999.999"])
def test_what_could_be_a_group_or_a_fraction_waits_for_the_files_convention(text):
    assert read_quantity(text, None)[0] == AMBIGUOUS
    mark = "," if "," in text else "."
    as_fraction, as_group = float(text.replace(",", ".")), float(text.replace(",", "").replace(".", ""))
    assert read_quantity(text, mark) == (NUMBER, as_fraction)
    assert read_quantity(text, "." if mark == "," else ",") == (NUMBER, as_group)


@pytest.mark.parametrize("text", ["n/a", "N/A", "н/д", "Н/Д", "-", "–", "—", " - "])
def test_not_applicable_is_told_from_blank_and_zero(text):
    assert read_quantity(text, None)[0] == NOT_APPLICABLE


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\ufeff", "\t"])
def test_a_blank_cell_says_nothing(text):
    assert read_quantity(text, None)[0] == BLANK


def test_percentages_and_shortened_numbers_are_told_apart():
    assert read_quantity("12 %", None) == (PERCENT, 12)
    assert read_quantity("1.2E+03", None)[0] == ROUNDED


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["12", "1,234", "n/a"], set()), (["1,5"], {","}), (["1.5"], {"."}), (["1,234,567"], {"."}),
        (["1.234.567"], {","}), (["1,234.5"], {"."}), (["1,5", "1.5"], {",", "."}), (["abc,5", "1,2,3"], set()),
        (["4,5%"], {","}),
    ],
)  # fmt: skip
def test_only_numbers_beyond_doubt_show_the_convention(texts, shown):
    assert convention_shown(texts) == shown


@given(st.lists(st.text(max_size=12)), st.sampled_from([None, ",", "."]))
def test_reading_many_texts_is_reading_each(texts, mark):
    many = read_quantities(texts, mark)
    for index, text in enumerate(texts):
        status, value = read_quantity(text, mark)
        assert many.status[index] == status
        assert many.value[index] == value or (math.isnan(many.value[index]) and math.isnan(value))


@given(st.integers(0, 10**6), st.sampled_from([" ", "\u00a0", "'", ",", "."]))
def test_grouped_numbers_are_never_read_as_another(value, group):
    text = f"{value:,}".replace(",", group)
    status, read = read_quantity(text, None)
    assert (status, read) == (NUMBER, value) or status == AMBIGUOUS
