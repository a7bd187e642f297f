"""`python -m access`: what it asks, answers and refuses."""

import io
import json
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from access import __main__ as commands
from access import command_line
from access.accounts import check_password
from access.identity import identity_of_email
from access.invitations import use_link
from data_model.engine import open_session
from data_model.people import Account, AuditEvent
from tests.factories import START, make_world

PASSWORD = "correct horse battery"


@pytest.fixture
def run(engine, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    with open_session(engine, write=True) as session:
        make_world(session)
        session.commit()

    def run(*words, given=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        status = commands.main(list(words))
        return status, capsys.readouterr().out

    return run


def test_add_user_makes_somebody_who_can_sign_in(run, engine):
    words = ("add-user", "Anna@Example.org", "--role", "manager", "--area", "KZ-75", "--initiative", "kz-chatgpt-edu")
    status, text = run(*words, "--json", given=PASSWORD + "\nnot read\n")
    assert status == 0
    assert json.loads(text) == {
        "email": "anna@example.org", "role": "manager", "country": None, "area": "KZ-75",
        "initiative": "kz-chatgpt-edu",
    }  # fmt: skip
    with open_session(engine, write=True) as session:
        assert check_password(session, "anna@example.org", PASSWORD, at=START)
        assert identity_of_email(session, "anna@example.org").grants[0].area_code == "KZ-75"


def test_the_answer_for_people_says_where_the_role_holds(run):
    _status, text = run("add-user", "a@example.org", "--role", "analyst", given=PASSWORD)
    assert text == "a@example.org is now analyst (everywhere).\n"
    _status, text = run("grant", "a@example.org", "--role", "reviewer", "--country", "KZ")
    assert text == "a@example.org is now reviewer (country KZ).\n"


@pytest.mark.parametrize(
    ("words", "given", "code"),
    [
        (("add-user", "b@example.org", "--role", "manager"), "too short\n", "password_too_short"),
        (("add-user", "b@example.org", "--role", "manager"), "", "password_too_short"),
        (("add-user", "manager@example.org", "--role", "manager"), PASSWORD, "account_exists"),
        (("add-user", "b@example.org", "--role", "manager", "--area", "XX-1"), PASSWORD, "area_unknown"),
        (("grant", "b@example.org", "--role", "manager"), "", "unknown_account"),
    ],
)
def test_a_refusal_is_json_with_status_1_and_leaves_nothing(run, engine, words, given, code):
    status, text = run(*words, given=given)
    assert status == 1
    answer = json.loads(text)
    assert answer["error"] == code and answer["message"]
    with open_session(engine) as session:
        assert session.exec(select(Account).where(Account.email == "b@example.org")).first() is None
        assert session.exec(select(AuditEvent)).all() == []


@pytest.mark.parametrize("words", [(), ("add-user", "a@example.org"), ("add-user", "--role", "king"), ("audit",)])
def test_wrong_usage_exits_with_2(run, words):
    with pytest.raises(SystemExit) as stopped:
        run(*words)
    assert stopped.value.code == 2


def test_at_a_terminal_the_password_is_asked_for_twice(run, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    answers = iter([PASSWORD, "another horse battery"])
    monkeypatch.setattr(command_line, "getpass", lambda _prompt: next(answers))
    monkeypatch.setattr("io.StringIO", Terminal)
    status, text = run("add-user", "c@example.org", "--role", "analyst")
    assert status == 1 and json.loads(text)["error"] == "passwords_differ"
    answers = iter([PASSWORD, PASSWORD])
    assert run("add-user", "c@example.org", "--role", "analyst")[0] == 0


def test_audit_verify_tells_an_intact_trail_from_a_cut_one(run):
    run("add-user", "a@example.org", "--role", "analyst", given=PASSWORD)
    status, text = run("audit", "--verify", "--json")
    found = json.loads(text)
    assert status == 0 and found["intact"] and found["events"] == 2
    assert run("audit", "--verify", "--contains", found["head"])[0] == 0
    status, text = run("audit", "--verify", "--contains", "f" * 64)
    assert status == 1 and "missing" in text


def test_an_invitation_and_a_reset_print_a_link_that_works(run, engine):
    words = ("invite", "new@example.org", "--role", "manager", "--country", "KZ")
    status, text = run(*words, "--json")
    told = json.loads(text)
    assert status == 0 and told["purpose"] == "invitation" and "/account/link/" in told["link"]
    with open_session(engine, write=True) as session:
        account = use_link(session, told["link"].rpartition("/")[2], PASSWORD, at=datetime.now(UTC))
        assert [grant.country for grant in identity_of_email(session, account.email).grants] == ["KZ"]
        session.commit()
    assert run(*words)[0] == 1, "who has an account already is not invited"
    status, text = run("reset-link", "New@example.org")
    assert status == 0 and "/account/link/" in text and told["link"] not in text
    assert run("reset-link", "nobody@example.org")[0] == 1
