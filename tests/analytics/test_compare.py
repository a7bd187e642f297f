"""Side by side: every unit on its own base, in its own time, and no average of percentages."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlmodel import col, select

from analytics import compare
from data_model.participation import Enrolment
from data_model.places import SchoolRecord
from tests.analytics.reports import NOT_APPLICABLE, Reports
from tests.factories.world import SCHOOLS

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
# setting, languages, wave and month of joining of each school
TRAITS = (
    ("urban", "kk,ru", 1, date(2026, 8, 1)),
    ("urban", "ru", 1, date(2026, 8, 1)),
    ("rural", "ru,kk", 2, date(2026, 9, 1)),
    ("rural", "kk", 2, date(2026, 9, 15)),
    (None, "", 2, date(2026, 9, 1)),
    ("rural", "kk", 3, date(2026, 11, 1)),
)


@pytest.fixture
def country(reports: Reports) -> Reports:
    """The small country, its schools with traits, and three months of reports."""
    for (code, _district), (setting, languages, wave, joined) in zip(SCHOOLS, TRAITS, strict=True):
        school = reports.world.schools[code].id
        record = reports.session.exec(select(SchoolRecord).where(col(SchoolRecord.school_id) == school)).one()
        record.setting, record.languages = setting, languages
        enrolment = reports.session.exec(select(Enrolment).where(col(Enrolment.school_id) == school)).one()
        enrolment.wave, enrolment.joined_on = wave, joined
    reports.session.flush()
    for period, active in (("2026-08", 1.0), ("2026-09", 2.0), ("2026-10", 4.0)):
        values: dict[str, Any] = {
            code: {"teachers_active": active * (row + 1), "teachers_total": 10.0 * (row + 1)}
            for row, (code, _district) in enumerate(SCHOOLS)
        }
        reports.report(period, values)
    return reports


def _column(frame: pd.DataFrame, key: str, value: str) -> dict[Any, Any]:
    return {
        name: None if pd.isna(found) else round(found, 6) for name, found in zip(frame[key], frame[value], strict=True)
    }


@ONE_DATABASE
def test_a_group_is_the_ratio_of_its_sums_and_the_unknown_is_a_group_of_its_own(country: Reports):
    country.report("2026-10", {"001025": {"teachers_active": 2.0}, "002017": {"teachers_active": NOT_APPLICABLE}})
    found = compare.groups(country.session, country.scope("teacher_activation"), "setting")
    assert found["group"].tolist() == ["rural", "urban", ""]
    assert _column(found, "group", "value") == {"urban": 20.0, "rural": 40.0, "": 40.0}  # (4 + 2) of 30, not 25
    assert _column(found, "group", "schools_in_base") == {"urban": 2, "rural": 1, "": 1}
    assert _column(found, "group", "schools_expected") == {"urban": 2, "rural": 2, "": 1}
    assert found["numerator"].sum() == 4 + 2 + 16 + 20


@ONE_DATABASE
def test_languages_are_a_set_and_sizes_the_last_that_was_reported(country: Reports):
    scope = country.scope("teachers_active")
    assert compare.groups(country.session, scope, "language")["group"].tolist() == ["kk", "kk,ru", "ru", ""]
    country.period("2026-11")
    later = compare.groups(country.session, country.scope("teachers_active", "2026-11"), "size")
    assert later["group"].tolist() == ["1-19", "20-49", "50-99"]
    assert later["schools_expected"].tolist() == [1, 3, 2] and set(later["state"]) == {"not_reported"}
    assert compare.groups(country.session, scope, "wave")["group"].tolist() == ["1", "2"]
    with pytest.raises(ValueError, match="no grouping"):
        compare.groups(country.session, scope, "colour")


@ONE_DATABASE
def test_months_since_joining_set_schools_side_by_side_that_joined_at_different_times(country: Reports):
    found = compare.groups_over_time(
        country.session, country.scope("teacher_activation"), "wave", compare.SINCE_JOINING
    )
    rates = {(row.group, row.at): row.value for row in found.itertuples()}
    assert rates == {("1", 0): 10, ("1", 1): 20, ("1", 2): 40, ("2", 0): 20, ("2", 1): 40}
    together = compare.groups_over_time(country.session, country.scope("teacher_activation"), "", compare.SINCE_JOINING)
    assert together["schools_expected"].tolist() == [5, 5, 2]
    assert together["value"].iloc[0] == pytest.approx(100 * (3 + 24) / (30 + 120))


@ONE_DATABASE
def test_groups_by_calendar_add_up_to_the_trend(country: Reports):
    scope = country.scope("teacher_activation")
    found = compare.groups_over_time(country.session, scope, "setting")
    sums = found.groupby("period")[["numerator", "denominator", "schools_expected"]].sum()
    whole = compare.initiatives(country.session, [scope]).set_index("period")
    for name in sums:
        assert sums[name].tolist() == whole[name].tolist()
    assert found["period"].tolist()[:3] == ["2026-08", "2026-09", "2026-10"] and found["at"].tolist()[:3] == [0, 1, 2]


@ONE_DATABASE
def test_areas_begin_when_their_first_school_does(country: Reports):
    by_calendar = compare.areas(country.session, country.scope("teacher_activation"))
    assert set(by_calendar["unit"]) == {"KZ-10", "KZ-75"} and len(by_calendar) == 6
    joined = compare.areas(country.session, country.scope("teacher_activation"), compare.SINCE_JOINING)
    starts = joined[joined["at"] == 0].set_index("unit")["period"].to_dict()
    assert starts == {"KZ-75": "2026-08", "KZ-10": "2026-09"}


@ONE_DATABASE
def test_nothing_of_schools_is_released(country: Reports):
    country.release([{"measure": "teacher_activation", "area_code": "KZ", "period": "2026-10", "value": 40.0}])
    scope = country.scope("teacher_activation", released=True)
    assert compare.groups(country.session, scope, "setting").empty
    assert compare.groups_over_time(country.session, scope, "setting").empty
    assert compare.gaps(country.session, scope, "setting").empty


@ONE_DATABASE
def test_a_gap_of_few_schools_says_that_they_are_few(country: Reports):
    found = compare.gaps(country.session, country.scope("teacher_activation"), "setting")
    assert found[["group", "reference", "reason"]].to_numpy().tolist() == [["urban", "rural", "too_few_schools"]]
    assert found["gap"].iloc[0] == 0 and found[["gap_low", "gap_high"]].isna().all(axis=None)
    assert (found["people"].iloc[0], found["people_reference"].iloc[0]) == (30, 70)
