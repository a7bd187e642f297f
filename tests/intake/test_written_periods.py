"""Periods in every written form, and no period where there could be several."""

import pytest

from data_model.periods import Period
from intake.written_periods import MONTH_NAMES, read_period


@pytest.mark.parametrize(
    "text",
    ["2026-09", "2026-9", "2026-09-01", "2026-09-30", "2026-09-01 00:00:00", "01.09.2026", "30.09.2026", "09.2026",
     "9.2026", "09/2026", "9/2026", "09-2026", "2026/09", "202609", "Sep-26", "Sep 2026", "SEPT. 2026",
     "September 2026",
     "сентябрь 2026", "Сентябрь 2026 г.", "сентября 2026 года", "сен.26", "сен-26", "за сентябрь 2026",
     "2026 ж. қыркүйек", "2026 жылғы қыркүйек", "2026 жылдың қыркүйек айы", "қыркүйек 2026", "2026 сентябрь",
     " 2026-09 ", "2026\u00a0ж.\u00a0қыркүйек", "cентябрь 2026", "30/09/2026"],
)  # fmt: skip
def test_a_month_is_read_in_every_form(text):
    assert read_period(text) == Period.parse("2026-09")


@pytest.mark.parametrize("names", MONTH_NAMES)
def test_every_name_of_a_month_is_its_month(names):
    month = MONTH_NAMES.index(names) + 1
    for name in names:
        for text in (f"{name} 2026", f"{name.title()}-26", f"{name.upper()}. 2026", f"2026 ж. {name}"):
            assert read_period(text) == Period.parse(f"2026-{month:02}"), text


@pytest.mark.parametrize(
    "text",
    ["2026-Q3", "Q3 2026", "2026 Q3", "3 квартал 2026", "III квартал 2026 г.", "3-й квартал 2026 года", "3 кв. 2026",
     "2026 ж. 3-тоқсан", "2026 ж. III тоқсан"],
)  # fmt: skip
def test_a_quarter_is_a_calendar_quarter(text):
    assert read_period(text) == Period.parse("2026-Q3")


@pytest.mark.parametrize("text", ["2025/26", "2025/2026", "2025-26", "2025–2026 учебный год", "2025/26 оқу жылы"])
def test_a_school_year_is_read(text):
    assert read_period(text) == Period.parse("2025/26")


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "13.2026", "00.2026", "сентябрь", "26-Sep", "2026-09-15", "15.09.2026", "01/09/2026",
     "09/01/2026", "2025/27", "2026-09¹", "2026-1¹", "2026-02-30", "Sep-1", "hello", "5 квартал 2026", "9.202",
     "2026-09-31"],
)  # fmt: skip
def test_what_names_no_period_or_several_is_not_guessed(text):
    assert read_period(text) is None


def test_english_may_is_not_kazakh_june():
    assert read_period("may 2026") == Period.parse("2026-05")
    assert read_period("мау 2026") == Period.parse("2026-06")
    assert read_period("мaу 2026") is None  # half Latin: it looks like both
