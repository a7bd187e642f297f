import pytest

from access.identity import PUBLIC, Identity, identify
from access.refusal import NotAllowed
from analytics import submissions
from data_model.submissions import Finding
from tests.analytics.reports import Reports
from tests.factories import make_account, make_grant, make_initiative, make_source


@pytest.fixture
def reviewer(reports: Reports) -> Identity:
    return identify(reports.session, reports.world.accounts["reviewer"])


def test_submissions_are_listed_newest_first_with_who_and_how_much(reports: Reports, reviewer: Identity):
    first = reports.report("2026-10", {"001024": {"teachers_active": 1}})
    second = reports.report("2026-10", {"001024": {"teachers_active": 2}})
    found = submissions.listing(reports.session, who=reviewer)
    assert found["submission"].tolist() == [second.id, first.id]
    row = found.iloc[0]
    assert (row.initiative, row.state, row.submitted_by, row.decided_by) == (
        "kz-chatgpt-edu", "accepted", "manager", "reviewer",
    )  # fmt: skip
    assert (row.new, row.changed, row.errors, row.warnings) == (3, 0, 0, 1)
    assert row.decided_at == reports.at and row.undone_by is None


def test_a_list_can_be_narrowed(reports: Reports, reviewer: Identity):
    accepted = reports.report("2026-10", {"001024": {"teachers_active": 1}})
    waiting = reports.report("2026-10", {})
    waiting.state, waiting.decided_by, waiting.decided_at = "waiting", None, None
    reports.session.flush()

    def listed(**narrow):
        return submissions.listing(reports.session, who=reviewer, **narrow)["submission"].tolist()

    assert listed(states=["waiting"]) == [waiting.id]
    assert listed(states=["accepted", "undone"]) == [accepted.id]
    assert listed(initiative="kz-other") == []
    assert len(listed(limit=1)) == 1


def test_the_public_and_strangers_see_none_and_a_manager_always_their_own(reports: Reports):
    session = reports.session
    other = make_initiative(session, make_source(session, "S2"), "kz-other")
    stranger = make_account(session, "stranger@example.org")
    make_grant(session, stranger, "reviewer", initiative_id=other.id)
    submission = reports.report("2026-10", {"001024": {"teachers_active": 1}})
    assert submission.id is not None
    assert submissions.listing(session, who=PUBLIC).empty
    assert submissions.listing(session, who=identify(session, stranger)).empty
    submission.submitted_by = stranger.id or 0
    session.flush()
    assert submissions.listing(session, who=identify(session, stranger))["submission"].tolist() == [submission.id]
    for who in (PUBLIC, identify(session, make_account(session, "nobody@example.org"))):
        with pytest.raises(NotAllowed):
            submissions.detail(session, submission.id, who=who)


def test_a_detail_has_its_findings_in_the_order_of_the_file(reports: Reports, reviewer: Identity):
    submission = reports.report("2026-10", {"001024": {"teachers_active": 1}})
    assert submission.id is not None
    for code, row in (("jump", 3), ("totals_row", None)):
        reports.session.add(
            Finding(submission_id=submission.id, code=code, severity="warning", row=row, details={"n": 1})
        )
    reports.session.flush()
    found = submissions.detail(reports.session, submission.id, who=reviewer)
    assert found.row["file_name"] == "report.csv" and found.fingerprint == "0" * 64
    assert found.findings["code"].tolist() == ["jump", "totals_row"]
    assert found.findings["row"].fillna(0).tolist() == [3, 0]
    assert found.findings.loc[0, "details"] == {"n": 1}
    assert found.summary["values"] == {"new": 3}
