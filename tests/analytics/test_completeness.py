"""What was due, what came, what came in time, what may be shown as settled, and whom to call."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from access.identity import PUBLIC, identity_of_email
from access.refusal import NotAllowed
from analytics import completeness
from analytics.late_schools import districts_to_call, who_to_call
from data_model.participation import CompletenessThreshold
from data_model.rollups import Rollup
from data_model.submissions import Confirmation
from tests.analytics.reports import NOT_APPLICABLE, WITHDRAWN, Reports
from tests.factories.world import SCHOOLS

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MEASURE = "teacher_activation"
BOTH: dict[str, Any] = {"teachers_active": 5.0, "teachers_total": 10.0}
DUE = datetime(2026, 11, 10, 19, tzinfo=UTC)  # the 10th is over in Almaty
LATER = datetime(2026, 12, 20, tzinfo=UTC)


def _reporting(reports: Reports, area: str = "KZ", period: str = "2026-10", **more: Any) -> tuple[int, int, int]:
    frame = completeness.reporting(reports.session, reports.scope(MEASURE, period, **more), LATER)
    row = frame[(frame["area_code"] == area) & (frame["period"] == period)].iloc[0]
    return tuple(int(row[f"schools_{name}"]) for name in ("expected", "reporting", "on_time"))  # type: ignore[return-value]


def test_a_report_is_in_time_by_when_it_was_made_not_by_when_it_was_accepted(reports: Reports):
    just = DUE - timedelta(seconds=1)
    reports.report("2026-10", {"001024": dict(BOTH)}, at=DUE + timedelta(days=3), handed_in=just)
    reports.report("2026-10", {"020311": dict(BOTH)}, at=DUE + timedelta(days=4), handed_in=DUE)
    assert _reporting(reports) == (6, 2, 1)
    assert _reporting(reports, "KZ-75") == (3, 1, 1) and _reporting(reports, "KZ-10") == (3, 1, 0)
    assert _reporting(reports, as_of=DUE + timedelta(days=3, hours=1)) == (6, 1, 1)


def test_a_late_correction_or_confirmation_does_not_make_a_report_late_and_an_undone_one_makes_none(reports: Reports):
    first = reports.report("2026-10", {"001024": dict(BOTH), "001025": {**BOTH, "teachers_total": NOT_APPLICABLE}})
    late = DUE + timedelta(days=9)
    correction = reports.report("2026-10", {"001024": {"teachers_active": 6.0}}, at=late)
    reports.report("2026-10", {"001025": {"teachers_active": WITHDRAWN}}, at=late + timedelta(hours=1))
    assert correction.submitted_at > DUE > first.submitted_at
    assert _reporting(reports) == (6, 1, 1)  # what was withdrawn is not reported, and so not in time
    # Said late, and confirmed by a file that was made in time but accepted afterwards.
    held = reports.report("2026-10", {"020311": dict(BOTH)}, at=late + timedelta(hours=2))
    assert _reporting(reports) == (6, 2, 1)
    for metric in BOTH:
        reports.session.add(
            Confirmation(
                initiative_id=held.initiative_id, school_id=reports.world.schools["020311"].id, state="reported",
                metric_id=reports.world.metrics[metric].id, period_id=reports.period("2026-10").id, value=1.0,
                submission_id=first.id, row=2, recorded_at=late,
            )
        )  # fmt: skip
    reports.at = late + timedelta(hours=3)
    reports.refresh("2026-10", ["020311"])
    assert _reporting(reports) == (6, 2, 2)
    reports.at = late + timedelta(days=1)
    first.state, first.undone_at, first.undone_by = "undone", reports.at, first.decided_by
    reports.refresh("2026-10", ["001024", "001025", "020311"])
    assert _reporting(reports)[2] == 0
    assert _reporting(reports, as_of=late + timedelta(hours=4)) == (6, 2, 2)


def test_sums_that_do_not_tell_what_was_on_time_are_counted_anew(reports: Reports):
    reports.report("2026-10", {"001024": dict(BOTH)}, at=DUE - timedelta(days=1))
    reports.report("2026-10", {"020311": dict(BOTH)}, at=DUE + timedelta(days=2))
    period = reports.period("2026-10")
    day = period.due_on
    period.due_on = day + timedelta(days=3)  # a due day that was moved since
    reports.session.flush()
    assert _reporting(reports) == (6, 2, 2)
    reports.at += timedelta(hours=1)
    reports.refresh("2026-10", ["001024"])
    assert _reporting(reports) == (6, 2, 2) and _kept(reports) == {2}
    period.due_on = day
    reports.session.execute(sa.update(Rollup).values(schools_on_time=None))  # made before it was counted
    assert _reporting(reports) == (6, 2, 1)
    reports.at += timedelta(hours=1)
    reports.refresh("2026-10", ["001024"])
    assert _reporting(reports) == (6, 2, 1) and _kept(reports) == {1}


def _kept(reports: Reports) -> set[int | None]:
    """Return how many the country's rollup of the measure holds as on time."""
    root, measure = reports.world.areas["KZ"].id, reports.measure(MEASURE).id
    query = sa.select(col(Rollup.schools_on_time)).where(
        col(Rollup.area_id) == root, col(Rollup.measure_id) == measure, col(Rollup.superseded_at).is_(None)
    )
    return set(reports.session.connection().execute(query).scalars())


@ONE_DATABASE
def test_the_table_has_every_area_and_month_and_the_whole(reports: Reports):
    reports.report("2026-08", {"001024": dict(BOTH)})
    reports.period("2026-09")
    found = completeness.reporting(reports.session, reports.scope(MEASURE), datetime(2026, 11, 2, 8, tzinfo=UTC))
    assert found[["area_code", "is_whole"]].drop_duplicates().to_numpy().tolist() == [
        ["KZ-10", False], ["KZ-75", False], ["KZ", True],
    ]  # fmt: skip
    assert found["period"].tolist() == ["2026-08", "2026-09", "2026-10"] * 3
    whole = found[found["is_whole"]].set_index("period")
    assert whole["schools_expected"].tolist() == [6, 6, 6] and whole["schools_reporting"].tolist() == [1, 0, 0]
    assert whole["share_reporting"]["2026-08"] == pytest.approx(100 / 6) and whole["share_on_time"]["2026-09"] == 0
    assert whole["is_due"].tolist() == [True, True, False] and whole["due_on"]["2026-08"] == date(2026, 9, 10)
    assert completeness.reporting(reports.session, reports.scope("messages_sent"), LATER).empty


@ONE_DATABASE
def test_a_release_tells_no_moment_of_a_report(reports: Reports):
    reports.release(
        [{"measure": MEASURE, "area_code": "KZ", "period": "2026-10", "value": 4.0, "schools_reporting": 3}]
    )
    found = completeness.reporting(reports.session, reports.scope(MEASURE, released=True), LATER)
    whole = found[found["is_whole"]]
    assert whole["schools_on_time"].isna().all() and whole["share_reporting"].tolist() == [50]


@ONE_DATABASE
def test_a_headline_is_provisional_below_its_threshold_and_before_it_is_due(reports: Reports):
    session, scope = reports.session, reports.scope(MEASURE)
    assert completeness.provisional(session, scope, LATER).reason == "nothing_reported"
    codes = [code for code, _district in SCHOOLS]
    reports.report("2026-10", {code: dict(BOTH) for code in codes[:4]})
    found = completeness.provisional(session, scope, LATER)
    assert (found.reason, found.threshold, found.schools_reporting) == ("below_threshold", 80, 4)
    session.add(CompletenessThreshold(percent=60))  # of the whole instance
    session.flush()
    assert completeness.provisional(session, scope, LATER).reason == ""
    assert completeness.provisional(session, scope, DUE - timedelta(seconds=1)).reason == "not_yet_due"
    assert not completeness.provisional(session, scope, DUE).is_provisional
    session.add(CompletenessThreshold(initiative_id=reports.world.initiative.id, percent=90))
    session.flush()
    assert completeness.provisional(session, scope, LATER).reason == "below_threshold"


@ONE_DATABASE
def test_whom_to_call_is_who_was_silent_longest_and_who_last_spoke_for_them(reports: Reports):
    session, analyst = reports.session, identity_of_email(reports.session, "analyst@example.org")
    reports.report("2026-08", {code: dict(BOTH) for code in ("001024", "001025", "020311")})
    spoke = reports.report("2026-09", {"001024": dict(BOTH), "001025": {"teachers_active": 5.0}})
    reports.report("2026-10", {"100450": dict(BOTH), "100451": dict(BOTH)})
    reports.leave("020311", date(2026, 10, 5))
    scope = reports.scope(MEASURE)
    found = who_to_call(session, scope, analyst, LATER)
    assert found[["school_code", "periods_missed", "last_period"]].fillna("").to_numpy().tolist() == [
        ["002017", 3, ""], ["001025", 2, "2026-08"], ["001024", 1, "2026-09"],
    ]  # fmt: skip
    last = found.set_index("school_code")
    assert last["last_reported_by"].to_dict() == {"002017": "", "001025": "manager", "001024": "manager"}
    assert last["last_submitted_at"]["001024"] == pd.Timestamp(spoke.submitted_at)
    assert last["days_late"]["001024"] == 40 and last["due_on"]["001024"] == date(2026, 11, 10)
    districts = districts_to_call(found)
    assert districts[["area_code", "schools_late", "longest_silence", "never_reported"]].to_numpy().tolist() == [
        ["KZ-75-01", 2, 2, 0], ["KZ-75-02", 1, 3, 1],
    ]  # fmt: skip
    assert who_to_call(session, scope, analyst, DUE - timedelta(seconds=1)).empty
    assert districts_to_call(who_to_call(session, scope, analyst, DUE - timedelta(seconds=1))).empty


@ONE_DATABASE
def test_the_public_calls_nobody(session: Session, reports: Reports):
    with pytest.raises(NotAllowed):
        who_to_call(session, reports.scope(MEASURE), PUBLIC, LATER)


@pytest.mark.parametrize(("reason", "reporting", "said"), [
    ("", 424, ""),
    ("below_threshold", 423, "79.8% of schools have reported, fewer than 80%"),
    ("not_yet_due", 530, "reports are due by 10 Nov 2026"),
    ("nothing_reported", 0, "no school has reported yet"),
    ("nothing_reported", None, ""),
])  # fmt: skip
def test_why_a_figure_is_provisional_is_said_and_nothing_of_a_base_that_is_withheld(reason, reporting, said):
    share = None if reporting is None else reporting * 100 / 530
    found = completeness.Provisional(reason != "", reason, share, 80.0, date(2026, 11, 10), reporting, 530)
    assert completeness.in_words(found) == said
