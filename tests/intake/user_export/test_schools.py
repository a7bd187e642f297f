"""How users find their school: by a choice or by the whole code of one enrolled school, and never by likeness."""

import json
import shutil

import pytest

from data_model.engine import make_engine, open_session
from data_model.submissions import SchoolChoice
from intake.check import Check, check_file
from intake.command_line import main
from intake.options import Options
from intake.refusal import Refused
from tests.factories import START, make_metric, make_requirement, make_world
from tests.intake.conftest import CheckText
from tests.intake.user_export.exports import export, user
from tests.intake.user_export.test_figures import figures, kept

NOWHERE = "x@elsewhere.org"


def said(check: Check, code: str) -> list[tuple[str, str, int]]:
    """Return column, text and number of users of the findings of one code."""
    return [(f.column, f.value, f.details.get("count", 0)) for f in check.findings if f.code == code]


@pytest.mark.parametrize(
    ("text", "school"),
    [
        ("001025", "001025"), ("school-001025", "001025"), ("School001025", "001025"), ("№ 001025 (staff)", "001025"),
        ("All teachers, school-001025", "001025"), ('["everybody", "school-001025"]', "001025"),
        ("['everybody', 'school-001025']", "001025"), ("kz12-teachers", "KZ12"), ("0800001", "0800001"),
        ("1025", None), ("1001025", None), ("0010250", None), ("School 1025", None), ("Gymnasium", None),
        ("school 900002", None), ("class of 2026", None), ("[]", None),
    ],
)  # fmt: skip
def test_a_whole_code_within_a_group_is_a_match_and_less_is_none(check: CheckText, text: str, school: str | None):
    found = check(export(user(1, groups=text, email=NOWHERE), user(2)), by="groups")
    assert set(figures(found)) == ({school} if school else set())
    assert found.recognised.kept["users"]["no_school"] == (1 if school else 2)
    assert found.acceptable


def test_a_match_by_a_code_in_a_text_is_said(check: CheckText):
    found = check(export(user(1), user(2)), by="domain")
    assert said(found, "school_code_in_text") == [("domain", "school001024.example.org", 2)]
    assert said(check(export(user(1, groups="001025")), by="groups"), "school_code_in_text") == []


def test_users_without_a_school_are_counted_by_their_text_with_suggestions(check: CheckText):
    people = [user(number, groups="Scool 900002", email=NOWHERE) for number in range(3)]
    found = check(export(*people, user(9, email=NOWHERE), user(10)))
    assert said(found, "unmapped_users") == [("groups", "Scool 900002", 3), ("domain", "elsewhere.org", 1)]
    finding = next(finding for finding in found.findings if finding.code == "unmapped_users")
    assert finding.details["suggestions"] == ["900002 (Abai school)"]
    assert found.rows.as_json() == {"read": 5, "blank": 0, "accepted": 1, "rejected": 0}
    assert said(check(export(user(1, email="none"), user(2))), "unmapped_users_blank") == [("", "", 1)]


def test_users_of_several_schools_are_counted_at_none(check: CheckText):
    found = check(export(user(1, groups="001024, 001025"), user(2, groups="001025"), user(3)))
    assert said(found, "users_of_several_schools") == [("groups", "001024, 001025", 1), ("groups", "001025", 1)]
    assert figures(found) == {"001024": ("1", "1", "1", "10")}
    assert figures(check(export(user(2, groups="001025")), by="groups")) == {"001025": ("1", "1", "1", "10")}


def test_a_choice_goes_before_a_code_and_holds_for_the_domains_below(check: CheckText):
    people = [user(1, groups="Abai", email=NOWHERE), user(2, email="a@mail.lyceum.kz"), user(3, groups="old 001024")]
    chosen = {"abai": "001025", "lyceum.kz": "002017", "Old 001024": "020311"}
    found = check(export(*people[:2]), schools=chosen)
    assert list(figures(found)) == ["001025", "002017"]
    assert [text for _column, text, _count in said(found, "school_choice_applied")] == ["lyceum.kz", "Abai"]
    assert list(figures(check(export(people[2]), schools=chosen, by="groups"))) == ["020311"]


@pytest.mark.parametrize("schools", [{"Abai": "555555"}, {"someone@school.kz": "001024"}])
def test_a_mapping_to_no_school_or_with_an_address_is_refused(check: CheckText, schools: dict[str, str]):
    with pytest.raises(Refused) as caught:
        check(export(user(1)), schools=schools)
    assert caught.value.code == "mapping_invalid" and "@" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["person1@school001024.example.org", "Class of person1@", "@school001024", "[\"a\", \"b＠c.kz\"]"]
)  # fmt: skip
def test_a_text_with_an_address_in_it_is_neither_shown_nor_used(check: CheckText, text: str):
    for column in ("groups", "department"):
        found = check(export(user(1, **{column: text}, email=NOWHERE), user(2)), by=column)
        shown = json.dumps(found.as_json(), ensure_ascii=False)
        assert "person1" not in shown and "@" not in shown and "＠" not in shown
        assert figures(found) == {}


def test_a_group_named_after_its_member_is_withheld_whatever_the_names_column_is_called(check: CheckText):
    renamed = export(user(1, name="Aigerim Bekova", groups="Bekova Aigerim", email=NOWHERE)).replace("name", "ФИО", 1)
    assert "Bekova" not in str(check(renamed).as_json())
    shared = export(user(1, name="School 001025", groups="School 001025", email=NOWHERE))
    assert list(figures(check(shared))) == ["001025"]


def test_a_group_named_after_its_member_is_withheld(check: CheckText):
    people = [
        user(1, name="Aigerim Bekova", groups="Bekova Aigerim (staff)", email=NOWHERE),
        user(2, name="Aigerim Bekova", department="gpt of aigerim.bekova", email="aigerim.bekova@elsewhere.org"),
    ]
    found = check(export(*people, user(3)))
    assert "ekova" not in json.dumps(found.as_json(), ensure_ascii=False)
    assert [count for _column, _text, count in said(found, "unmapped_users")] == [2]
    assert said(check(export(people[0]), by="groups"), "unmapped_users_withheld") == [("", "", 1)]


def test_a_remembered_choice_is_applied(remembered, check: CheckText):
    found = check(export(user(1, groups="Lyceum", email=NOWHERE)))
    assert list(figures(found)) == ["001025"]
    assert said(found, "school_choice_applied") == [("groups", "Lyceum", 0)]


@pytest.fixture
def remembered(country):
    """The choice of a school for the text “Lyceum”, remembered for the initiative."""
    session, world = country
    choice = SchoolChoice(
        initiative_id=world.initiative.id, text="lyceum", school_id=world.schools["001025"].id,
        chosen_by=world.accounts["manager"].id, chosen_at=START,
    )  # fmt: skip
    session.add(choice)
    session.flush()
    yield
    session.delete(choice)
    session.flush()


class TestOfWhomTheWorkspaceIs:
    def test_the_role_tells_teachers_from_students(self, with_students):
        found = with_students(export(user(1), user(2, role="Student", messages="3"), user(3, role="учитель")))
        assert kept(found) == [
            {"school_code": "001024", "period": "2026-10", "licences_allocated": "3", "licences_activated": "3",
             "teachers_active": "2", "students_active": "1", "messages_sent": "23"}
        ]  # fmt: skip
        finding = next(finding for finding in found.findings if finding.code == "audience_from_role")
        assert (finding.details["teachers"], finding.details["students"]) == (2, 1)

    def test_the_manager_says_it_where_the_role_does_not(self, with_students):
        found = with_students(export(user(1, role="member"), user(2, role="")), audience="students")
        assert kept(found)[0]["students_active"] == "2" and "teachers_active" not in kept(found)[0]

    def test_where_nothing_says_it_the_file_is_held_back(self, with_students):
        found = with_students(export(user(1, role="member")))
        assert [f.code for f in found.findings if f.severity == "error"] == ["audience_unclear"]
        assert found.content == b"" and not len(found.cells)


@pytest.fixture(scope="module")
def with_students(sqlite_template, tmp_path_factory):
    """A check in a country whose initiative asks for students too."""
    path = tmp_path_factory.mktemp("students") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine) as session:
        world = make_world(session)
        metric = make_metric(session, "students_active", kind="distinct", subject="student", unit="people")
        make_requirement(session, world.initiative, metric)

        def run(text: str, **options: str) -> Check:
            return check_file(session, world.initiative, text.encode(), "users.csv", Options(**options), at=START)

        yield run
    engine.dispose()


def test_the_mapping_of_the_command_line_takes_schools_way_and_audience(folder, capsys):
    mapping = folder / "mapping.json"
    mapping.write_text(json.dumps({"by": "groups", "schools": {"Lyceum": "001025"}, "audience": "teachers"}))
    (folder / "users.csv").write_text(export(user(1, groups="Lyceum", role="")))
    words = ["check", str(folder / "users.csv"), "--initiative", "kz-chatgpt-edu", "--mapping", str(mapping), "--json"]
    assert main(words) == 0
    assert {change["school"] for change in json.loads(capsys.readouterr().out)["changes"]} == {"001025"}
    mapping.write_text(json.dumps({"schools": {"Lyceum": 1025}}))
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "mapping_unreadable"


@pytest.fixture
def folder(sqlite_url, tmp_path, monkeypatch):
    """A folder, with the small country in the database that DATABASE_URL names."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    engine = make_engine(sqlite_url)
    with open_session(engine, write=True) as session:
        make_world(session)
        session.commit()
    engine.dispose()
    return tmp_path
