"""One school: what it was, what it says, who is like it, and what is open about it."""

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from sqlmodel import col, select

from access.identity import PUBLIC, Identity, identity_of_email
from access.refusal import NotAllowed
from analytics.peers import peers
from analytics.school_profile import school_profile
from analytics.scope import CannotAnswer
from data_model.places import SchoolRecord
from data_model.submissions import Finding
from tests.analytics.reports import Reports
from tests.factories import make_account, make_grant
from tests.factories.world import SCHOOLS

LATER = datetime(2026, 12, 20, tzinfo=UTC)
MEASURE = "teacher_activation"


@pytest.fixture
def analyst(reports: Reports) -> Identity:
    return identity_of_email(reports.session, "analyst@example.org")


def _say(active: float, total: float = 20.0) -> dict[str, Any]:
    return {"teachers_active": active, "teachers_total": total}


def test_a_profile_tells_who_a_school_is_was_and_what_it_said(reports: Reports, analyst: Identity):
    session = reports.session
    first = reports.report("2026-08", {"001024": _say(5), "001025": _say(9)})
    early = reports.at
    second = reports.report("2026-08", {"001024": {"teachers_active": 6.0}})
    reports.report("2026-10", {"001024": _say(8)})
    reports.period("2026-09")
    for row in (2, 3):
        session.add(Finding(submission_id=first.id, code="jump", severity="warning", row=row, details={}))
    reports.move("001024", "KZ-75-02")
    found = school_profile(session, reports.scope(MEASURE), "001024", analyst, LATER)
    assert found.identity["area_code"] == "KZ-75-02" and found.identity["setting"] is None
    assert found.history[["what", "before", "after"]].to_numpy().tolist() == [["area_code", "KZ-75-01", "KZ-75-02"]]
    assert found.enrolments[["initiative", "wave"]].to_numpy().tolist() == [["kz-chatgpt-edu", 1]]
    course = found.series[found.series["measure"] == MEASURE].set_index("period")
    assert course["state"].to_dict() == {"2026-08": "reported", "2026-09": "not_reported", "2026-10": "reported"}
    assert course["value"]["2026-08"] == 30 and pd.isna(course["value"]["2026-09"])
    spoken = found.submissions[["submission", "values", "values_held"]].to_numpy().tolist()
    assert spoken[1:] == [[second.id, 1, 1], [first.id, 2, 1]]  # of the first one value was corrected
    assert found.findings["row"].tolist() == [2]  # the other row is another school's
    then = school_profile(session, reports.scope(MEASURE, as_of=early), "001024", analyst, LATER)
    assert then.identity["area_code"] == "KZ-75-01" and then.history.empty and len(then.submissions) == 1


def test_open_questions_are_what_was_due_what_was_found_and_what_is_not_known(reports: Reports, analyst: Identity):
    first = reports.report("2026-09", {"001024": _say(5)})
    reports.session.add(Finding(submission_id=first.id, code="jump", severity="warning", row=2, details={}))
    reports.period("2026-10")
    reports.session.flush()
    found = school_profile(reports.session, reports.scope(MEASURE), "001024", analyst, LATER).questions
    assert found["kind"].value_counts().to_dict() == {"not_reported": 4 + 6, "not_known": 3, "finding": 1}
    before = school_profile(
        reports.session, reports.scope(MEASURE), "001024", analyst, datetime(2026, 11, 3, tzinfo=UTC)
    ).questions
    assert set(before.loc[before["kind"] == "not_reported", "period"]) == {"2026-09"}  # October is not due yet


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_peers_are_of_its_setting_and_of_half_to_twice_its_size(reports: Reports):
    settings = ("rural", "rural", "rural", "urban", "rural", "rural")
    totals = (20.0, 40.0, 10.0, 20.0, 41.0, 18.0)
    values = {}
    for (code, _district), setting, total in zip(SCHOOLS, settings, totals, strict=True):
        query = select(SchoolRecord).where(col(SchoolRecord.school_id) == reports.world.schools[code].id)
        reports.session.exec(query).one().setting = setting
        values[code] = _say(total / 2 if code != "002017" else 8.0, total)
    del values["100451"]["teachers_active"]
    reports.session.flush()
    reports.report("2026-10", values)
    found = peers(reports.session, reports.scope(MEASURE), "001024")
    assert found.frame["school_code"].tolist() == ["002017", "001024", "001025", "100451"]
    assert found.frame["rank"].fillna(0).tolist() == [1, 2, 2, 0] and found.frame["is_this"].sum() == 1
    assert (found.setting, found.teachers) == ("rural", (10, 40))
    assert peers(reports.session, reports.scope(MEASURE), "nowhere").frame.empty


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_staff_of_its_area_see_a_school_and_an_unknown_one_is_said_to_be(reports: Reports, analyst: Identity):
    scope = reports.scope(MEASURE)
    with pytest.raises(NotAllowed):
        school_profile(reports.session, scope, "001024", PUBLIC, LATER)
    with pytest.raises(NotAllowed):
        school_profile(reports.session, scope, "nowhere", PUBLIC, LATER)
    with pytest.raises(CannotAnswer, match="no school"):
        school_profile(reports.session, scope, "nowhere", analyst, LATER)
    manager = make_account(reports.session, "almaty@example.org")
    make_grant(reports.session, manager, "manager", area_id=reports.world.areas["KZ-75"].id)
    of_almaty = identity_of_email(reports.session, "almaty@example.org")
    with pytest.raises(NotAllowed):
        school_profile(reports.session, scope, "100450", of_almaty, LATER)
    seen = school_profile(reports.session, scope.of(area="KZ-75"), "001024", of_almaty, LATER).peers.frame
    assert set(seen["area_code"].str[:5]) == {"KZ-75"}  # peers elsewhere are not theirs to see
    reports.leave("100451", date(2025, 6, 1))
    gone = school_profile(reports.session, scope, "100451", analyst, LATER)
    assert gone.peers.frame.empty and (gone.series["schools_expected"] == 0).all()
