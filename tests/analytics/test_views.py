"""Months, terms, quarters and school years: each kind of metric as the design allows it, each period named."""

from datetime import date

import pandas as pd
import pytest

from analytics import views
from analytics.school_calendar import Term, expected_holidays, term_of
from data_model.periods import Period
from data_model.terms import SchoolTerm
from tests.analytics.reports import Reports
from tests.factories import make_source

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DAYS = (("2025-09-01", "2025-10-26"), ("2025-11-03", "2025-12-28"), ("2026-01-08", "2026-03-18"),
        ("2026-03-30", "2026-05-25"))  # fmt: skip
TERMS = [Term(f"2025/26-T{number}", *map(date.fromisoformat, days)) for number, days in enumerate(DAYS, start=1)]


@pytest.fixture
def year(reports: Reports) -> Reports:
    """A school year with its terms, and a report in every month."""
    source = make_source(reports.session, "terms")
    for number, term in enumerate(TERMS, start=1):
        days = {"starts_on": term.starts_on, "ends_on": term.ends_on}
        reports.session.add(SchoolTerm(country="KZ", school_year="2025/26", number=number, source_id=source.id, **days))
    for step in range(14):
        period = Period.parse("2025-09").shifted(step).key
        values: dict[str, float | str] = {
            "teachers_trained": 10.0 + step, "teachers_active": 5.0 + step, "teachers_total": 50.0,
            "messages_sent": 100.0 * (step + 1),
        }  # fmt: skip
        reports.report(period, {"001024": values})
    return reports


def _values(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["period"], frame["value"], strict=True))


def test_a_month_is_of_the_term_that_holds_most_of_it_and_holidays_are_of_none():
    of_month = {month: term_of(date(2026 if month < 9 else 2025, month, 1), TERMS) for month in range(1, 13)}
    numbers = {month: None if term is None else term.key[-2:] for month, term in of_month.items()}
    assert numbers == {
        9: "T1", 10: "T1", 11: "T2", 12: "T2", 1: "T3", 2: "T3", 3: "T3", 4: "T4", 5: "T4", 6: None, 7: None, 8: None,
    }  # fmt: skip


def test_months_beyond_the_known_school_years_are_holidays_as_in_the_nearest_one():
    months = [Period.parse(key).starts_on for key in ("2026-07", "2026-09", "2029-06", "2029-05", "2020-08", "2026-01")]
    assert expected_holidays(months, TERMS) == [True, False, True, False, True, False]
    assert expected_holidays(months, []) == [False] * 6  # no calendar: no month is left out


@ONE_DATABASE
def test_terms_add_up_flows_take_the_last_month_of_stocks_and_never_add_people(year: Reports):
    session = year.session
    flow = views.over_time(session, year.scope("messages_sent"), "term")
    assert _values(flow) == {"2025/26-T1": 300, "2025/26-T2": 700, "2025/26-T3": 1800, "2025/26-T4": 1700}
    assert flow["months"].tolist() == flow["months_in_period"].tolist() == [2, 2, 3, 2]
    assert set(flow["aggregation"]) == {"sum"} and flow["ends_on"].iloc[0] == date(2025, 10, 26)
    stock = views.over_time(session, year.scope("teachers_trained"), "term")
    assert _values(stock) == {"2025/26-T1": 11, "2025/26-T2": 13, "2025/26-T3": 16, "2025/26-T4": 18}
    distinct = views.over_time(session, year.scope("teachers_active"), "term")
    assert _values(distinct)["2025/26-T3"] == 10 and set(distinct["aggregation"]) == {"mean_month"}
    rate = views.over_time(session, year.scope("teacher_activation"), "term")
    assert _values(rate)["2025/26-T3"] == pytest.approx(100 * (9 + 10 + 11) / 150)


@ONE_DATABASE
def test_what_no_term_holds_is_named(year: Reports):
    outside = views.months_in_no_term(year.session, year.scope("messages_sent"))
    assert dict(zip(outside["period"], outside["reason"], strict=True)) == {
        "2026-06": "holidays", "2026-07": "holidays", "2026-08": "holidays", "2026-09": "unknown",
        "2026-10": "unknown",
    }  # fmt: skip


@ONE_DATABASE
def test_a_school_year_that_is_not_over_says_so(year: Reports):
    found = views.over_time(year.session, year.scope("messages_sent"), "school_year").set_index("period")
    assert found["months"].to_dict() == {"2025/26": 12, "2026/27": 2}
    assert set(found["months_in_period"]) == {12}
    months = views.over_time(year.session, year.scope("messages_sent"), "month")
    assert len(months) == 14 and set(months["aggregation"]) == {"as_reported"}
    assert months["value"].sum() == found["value"].sum()
    assert list(months.columns) == list(found.reset_index()[list(months.columns)].columns)


@ONE_DATABASE
def test_views_are_those_the_initiative_and_the_country_allow(year: Reports):
    assert views.available(year.session, "kz-chatgpt-edu") == ["month", "term", "quarter", "school_year"]
    year.world.initiative.granularity = "quarter"
    year.session.flush()
    assert views.available(year.session, "kz-chatgpt-edu") == ["quarter"]


@ONE_DATABASE
def test_without_known_terms_there_is_no_view_by_term(reports: Reports):
    assert views.available(reports.session, "kz-chatgpt-edu") == ["month", "quarter", "school_year"]
    reports.report("2026-10", {"001024": {"messages_sent": 3.0}})
    assert views.over_time(reports.session, reports.scope("messages_sent"), "term").empty
