import pytest

from analytics.provenance import LINE, SUBMISSION, provenance
from analytics.scope import CannotAnswer
from tests.analytics.reports import NOT_APPLICABLE, Reports


def test_a_figure_opens_to_school_file_row_and_people(reports: Reports):
    submission = reports.report("2026-10", {"001024": {"teachers_active": 12}, "020311": {"teachers_active": 3}})
    found = provenance(reports.session, reports.scope("teachers_active"))
    assert (found.name, found.definition) == ("Teachers active", "What Teachers active means.")
    assert found.figure.value == 15
    assert list(found.lines.columns) == list(LINE) and found.lines_total == 2
    line = found.lines.iloc[1]
    assert (line.school_code, line.school_name, line.measure, line.value) == (
        "020311",
        "School 020311",
        "teachers_active",
        3,
    )
    assert (line.submission, line.file_name, line.sha256, line.row) == (
        submission.id,
        "report.csv",
        submission.sha256,
        3,
    )
    assert (line.uploaded_by, line.accepted_by, line.accepted_at) == ("manager", "reviewer", reports.at)


def test_the_submissions_say_how_many_schools_and_values_they_speak_for(reports: Reports):
    first = reports.report("2026-10", {"001024": {"teachers_active": 1, "teachers_total": 9}})
    second = reports.report("2026-10", {"001025": {"teachers_active": 2, "teachers_total": NOT_APPLICABLE}})
    found = provenance(reports.session, reports.scope("teacher_activation"))
    assert list(found.submissions.columns) == list(SUBMISSION)
    rows = found.submissions.set_index("submission")[["schools", "values"]].to_dict("index")
    assert rows == {first.id: {"schools": 1, "values": 2}, second.id: {"schools": 1, "values": 2}}
    assert set(found.lines["state"]) == {"reported", "not_applicable"}
    assert "Teachers active ÷ Teachers total × 100" in found.formula


def test_one_school_shows_all_it_said_even_half_an_indicator(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 1}, "001025": {"teachers_active": 1, "teachers_total": 2}})
    scope = reports.scope("teacher_activation")
    assert set(provenance(reports.session, scope).lines["school_code"]) == {"001025"}
    alone = provenance(reports.session, scope, "001024")
    assert alone.lines[["school_code", "measure"]].to_numpy().tolist() == [["001024", "teachers_active"]]
    assert provenance(reports.session, scope, "no such school").lines.empty


def test_as_of_a_moment_it_opens_to_what_stood_then(reports: Reports):
    old = reports.report("2026-10", {"001024": {"teachers_active": 1}})
    then = reports.at
    new = reports.report("2026-10", {"001024": {"teachers_active": 2}})
    scope = reports.scope("teachers_active")
    assert provenance(reports.session, scope).lines["submission"].tolist() == [new.id]
    assert provenance(reports.session, scope.of(as_of=then)).lines["submission"].tolist() == [old.id]


def test_only_the_first_lines_are_shown_and_all_are_counted(reports: Reports):
    reports.report("2026-10", {code: {"teachers_active": 1} for code in reports.world.schools})
    found = provenance(reports.session, reports.scope("teachers_active"), limit=2)
    assert (len(found.lines), found.lines_total, found.submissions["schools"].tolist()) == (2, 6, [6])


def test_nothing_reported_opens_to_nothing(reports: Reports):
    found = provenance(reports.session, reports.scope("teachers_active"))
    assert found.lines.empty and found.submissions.empty and found.figure.state == "not_reported"


def test_the_public_sees_definition_and_release_and_never_a_row(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 12}})
    release = reports.release([{"measure": "teachers_active", "area_code": "KZ", "period": "2026-10", "value": 12.0}])
    scope = reports.scope("teachers_active", released=True)
    found = provenance(reports.session, scope)
    assert (found.name, found.figure.release) == ("Teachers active", release.id)
    assert found.lines.empty and found.submissions.empty and found.lines_total == 0
    assert provenance(reports.session, scope, "001024").lines.empty
    with pytest.raises(CannotAnswer):
        provenance(reports.session, scope.of(area="KZ-75-01"))


def test_a_value_says_what_was_mended_in_its_row_and_by_whom(reports: Reports):
    submission = reports.report("2026-10", {"001024": {"teachers_active": 12, "teachers_total": 20}})
    mended = [
        {"row": 2, "column": "Active", "original": "twelve", "text": "12", "by": "Aigul", "position": 1, "at": ""},
        {"row": 2, "column": "Code", "original": "1024x", "text": "001024", "by": "", "position": 0, "at": ""},
        {"row": 9, "column": "Code", "original": "1", "text": "2", "by": "", "position": 0, "at": ""},
    ]
    columns = [{"name": "Active", "metric": "teachers_active"}, {"name": "Code", "role": "school_code"}]
    row = int(provenance(reports.session, reports.scope("teachers_active")).lines["row"].iloc[0])
    for cell in mended[:2]:
        cell["row"] = row
    submission.reading = {"options": {"mended": mended}, "columns": columns}
    reports.session.flush()
    active = provenance(reports.session, reports.scope("teachers_active")).lines["mended"].to_list()
    total = provenance(reports.session, reports.scope("teachers_total")).lines.iloc[0]
    assert active == ["Active: “twelve” → “12” (Aigul); Code: “1024x” → “001024”"]
    assert total["row"] == row and total["mended"] == "Code: “1024x” → “001024”"


def test_of_a_workspaces_users_it_names_the_file_and_the_table_that_is_kept(reports: Reports):
    plain = reports.report("2026-10", {"001024": {"teachers_active": 1}})
    export = reports.report("2026-10", {"001025": {"teachers_active": 2}})
    export.reading = {"layout": "user_export", "table": {"sha256": "f" * 64}}
    reports.session.flush()
    found = provenance(reports.session, reports.scope("teachers_active")).submissions.set_index("submission")
    assert found["table_sha256"].to_dict() == {plain.id: "", export.id: "f" * 64}
    assert found["sha256"].to_dict() == {plain.id: plain.sha256, export.id: export.sha256}
