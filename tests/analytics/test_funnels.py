"""Funnels stand on the schools that reported every step, and print no drop where there is none."""

from typing import Any

import pandas as pd
import pytest

from analytics import funnels
from data_model.releases import FigureState
from tests.analytics.reports import NOT_APPLICABLE, Reports


def _values(frame: pd.DataFrame, column: str = "value") -> list[Any]:
    return [None if pd.isna(value) else value for value in frame[column]]


def test_a_funnel_counts_only_schools_that_reported_every_step(reports: Reports):
    complete = {"teachers_total": 40.0, "teachers_trained": 30.0, "teachers_active": 10.0}
    reports.report(
        "2026-10",
        {
            "001024": dict(complete),
            "001025": {"teachers_total": 90.0, "teachers_trained": 80.0},  # does not say who is active
            "020311": {**complete, "teachers_active": NOT_APPLICABLE},
            "100450": {"teachers_total": 60.0, "teachers_trained": 20.0, "teachers_active": 35.0},
        },
    )
    found = funnels.funnel(reports.session, reports.scope("teachers_total"), "teachers")
    assert _values(found) == [100, 50, 45]
    assert found["schools_in_base"].tolist() == [2, 2, 2] and found["schools_expected"].tolist() == [6, 6, 6]
    assert _values(found, "share_of_first") == [100, 50, 45]


def test_no_drop_is_printed_where_a_step_is_no_part_of_the_one_before(reports: Reports):
    school = {"teachers_total": 50.0, "teachers_trained": 20.0, "teachers_active": 30.0}
    reports.report("2026-10", {"001024": dict(school), "020311": dict(school)})
    found = funnels.funnel(reports.session, reports.scope("teachers_total"), "teachers")
    assert found["is_part_of_previous"].tolist() == [False, True, False]
    assert _values(found, "drop") == [None, 60, None]
    assert _values(found, "drop_share") == [None, 60, None]


def test_what_the_kept_sums_tell_is_what_the_statements_tell(reports: Reports, monkeypatch: pytest.MonkeyPatch):
    """Where every school said everything the sums are enough, and no statement is read."""
    reports.report(
        "2026-10",
        {
            code: {"teachers_total": 10.0 + row, "teachers_trained": float(row), "teachers_active": 5.0}
            for row, code in enumerate(("001024", "001025", "020311"))
        },
    )
    scope = reports.scope("teachers_total")
    with monkeypatch.context() as patch:
        patch.setattr(funnels, "_from_statements", lambda *_: pytest.fail("statements were read"))
        quick = funnels.funnel(reports.session, scope, "teachers")
    monkeypatch.setattr(funnels, "_from_sums", lambda *_: None)
    pd.testing.assert_frame_equal(quick, funnels.funnel(reports.session, scope, "teachers"))


def test_the_licence_funnel_is_made_of_the_rate_of_both(reports: Reports):
    reports.report(
        "2026-10",
        {
            "001024": {"licences_allocated": 20.0, "licences_activated": 15.0},
            "020311": {"licences_allocated": 500.0},
        },
    )
    found = funnels.funnel(reports.session, reports.scope("licences_allocated"), "licences")
    assert _values(found) == [20, 15] and _values(found, "drop_share") == [None, 25]
    early = reports.scope("licences_allocated", as_of=reports.at.replace(hour=0))
    before = funnels.funnel(reports.session, early, "licences")
    assert before["state"].tolist() == [FigureState.NOT_REPORTED] * 2 and before["schools_expected"].tolist() == [6, 6]


def test_a_release_tells_a_funnel_only_where_its_sums_do_and_nothing_where_one_is_withheld(reports: Reports):
    both = {"area_code": "KZ", "period": "2026-10"}
    reports.release(
        [
            {"measure": "licence_activation", "value": 50.0, "numerator": 10.0, "denominator": 20.0, **both},
            {"measure": "teachers_total", "value": 100.0, "numerator": 100.0, **both},
            {"measure": "teachers_trained", "value": 40.0, "numerator": 40.0, **both},
            {"measure": "teachers_active", "value": 30.0, "numerator": 30.0, **both},
            {"measure": "teacher_training", "value": 40.0, "numerator": 40.0, "denominator": 100.0, **both},
            {"measure": "teacher_activation", "value": 33.3, "numerator": 30.0, "denominator": 90.0, **both},
        ]
    )
    scope = reports.scope("teachers_total", released=True)
    assert _values(funnels.funnel(reports.session, scope, "licences")) == [20, 10]
    teachers = funnels.funnel(reports.session, scope, "teachers")
    assert teachers["state"].tolist() == [funnels.NOT_RELEASED] * 3  # active teachers stand on other schools
    whole = [
        {"measure": "licence_activation", "state": "suppressed", **both},
    ]
    reports.release(whole)
    withheld = funnels.funnel(reports.session, scope, "licences")
    assert withheld["state"].tolist() == [FigureState.SUPPRESSED] * 2 and withheld["value"].isna().all()
