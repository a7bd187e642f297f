"""The audit trail read: found by what is asked, seen by those who administer there, taken along whole."""

import ast
import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from access import actions, audit, trail
from access.accounts import add_grant
from access.administration import history, measures, rows
from access.identity import PUBLIC, GrantView, Identity, identify
from access.origin import Channel, coming_from
from access.refusal import NotAllowed
from access.trail import Search
from data_model.people import Role
from tests.factories import START, make_account, make_country, make_initiative, make_source

ROOT = Path(__file__).resolve().parents[2]
HERE, THERE = "kz-chatgpt-edu", "ee-ti-hupe"


def administrator(**limits) -> Identity:
    return Identity(99, "admin@example.org", "Admin", (GrantView(Role.ADMINISTRATOR, **limits),))


@pytest.fixture
def people(session):
    """Anna of Kazakhstan and Bela of Estonia, and ten events of each, a day apart."""
    make_country(session)
    make_country(session, "EE")
    make_initiative(session, make_source(session, "S1"), HERE)
    make_initiative(session, make_source(session, "S2"), THERE, country="EE")
    found = {}
    for name, key in (("anna", HERE), ("bela", THERE)):
        found[name] = identify(session, make_account(session, f"{name}@example.org", name=name.title()))
        with coming_from(Channel.SCREEN, "192.0.2.7"):
            for number in range(10):
                audit.record(
                    session, at=START + timedelta(days=number), who=found[name], action="remember_school",
                    subject_type="initiative", subject_key=key, details={"text": f"Школа {number}", "n": 100 + number},
                )  # fmt: skip
    return found


def found(session, who=None, **wanted):
    return trail.search(session, who or administrator(), Search(**wanted)).entries


def test_each_part_of_a_search_narrows_it(session, people):
    assert len(found(session)) == 20
    assert {entry.email for entry in found(session, person="ANNA@")} == {"anna@example.org"}
    assert {entry.event.subject_key for entry in found(session, initiative=THERE)} == {THERE}
    assert len(found(session, subject_type="initiative", subject_key=HERE)) == 10
    assert found(session, action="released") == []
    days = found(session, since=date(2026, 11, 4), until=date(2026, 11, 5))
    assert {entry.event.at.day for entry in days} == {4, 5} and len(days) == 4
    assert len(found(session, text="школа 7")) == 2, "whatever the case, also beyond ASCII"
    assert len(found(session, text="103")) == 2 and found(session, text="%") == found(session, text="\\") == []
    assert len(found(session, person="anna", initiative=HERE, text="ШКОЛА 7", since=date(2026, 11, 1))) == 1


def test_pages_follow_one_another_without_gap_or_overlap(session, people):
    numbers, older = [], None
    while True:
        page = trail.search(session, administrator(), Search(), older_than=older, most=7)
        numbers += [entry.event.id or 0 for entry in page.entries]
        if (older := page.older) is None:
            break
    assert numbers == sorted(numbers, reverse=True) and len(set(numbers)) == len(numbers) == 20


@pytest.mark.parametrize(
    ("limits", "keys"),
    [
        ({}, {HERE, THERE}),
        ({"country": "KZ"}, {HERE}),
        ({"initiative_key": THERE, "initiative_id": 2}, {THERE}),
        ({"country": "KZ", "area_id": 1, "area_code": "KZ-75"}, set()),
    ],
)
def test_an_administrator_sees_the_events_of_what_they_administer(session, people, limits, keys):
    who = administrator(**limits)
    assert {entry.event.subject_key for entry in found(session, who)} == keys
    assert set(trail.initiatives(session, who)) == keys
    assert {entry.event.subject_key for entry in trail.everything(session, who, Search())} == keys
    number = next(entry.event.id for entry in found(session, initiative=THERE))
    assert (trail.one(session, who, number) is not None) == (THERE in keys)


def test_nobody_else_sees_any(session, people):
    for who in (PUBLIC, people["anna"]):
        with pytest.raises(NotAllowed):
            found(session, who)


def test_a_grant_is_seen_where_it_holds(session, people):
    account = make_account(session, "carl@example.org")
    add_grant(session, account, "analyst", country="EE", at=START)
    assert [entry.event.action for entry in found(session, administrator(country="EE"), action="grant_added")]
    assert not found(session, administrator(country="KZ"), action="grant_added")


def test_what_is_taken_along_carries_the_chain(session, people):
    lines = [json.loads(line) for line in trail.as_lines(trail.everything(session, administrator(), Search()))]
    before = "0" * 64
    for event in reversed(lines):
        content = [
            event["previous_hash"], event["at"], event["account_id"], event["action"], event["subject_type"],
            event["subject_key"], event["details"], {"address": event["address"], "channel": event["channel"]},
        ]  # fmt: skip
        as_text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert event["previous_hash"] == before and event["hash"] == hashlib.sha256(as_text.encode()).hexdigest()
        before = event["hash"]
    assert len(lines) == 20 and before == audit.verify(session).head


def test_before_and_after_are_told_as_a_difference(session):
    def differences(**details):
        event = audit.record(
            session, at=START, who=None, action="row_changed", subject_type="x", subject_key="1", details=details
        )
        return trail.Entry(event, "", "").differences()

    assert differences(before={"a": 1, "b": 2}, after={"b": 3, "a": 1, "c": 4}) == [("b", 2, 3), ("c", None, 4)]
    assert differences(before=None, after={"a": 1}) == [("a", None, 1)]
    assert differences(before="5", after="7") == [("", "5", "7")] and differences(reason="x") == []


def test_every_action_that_is_recorded_has_its_words():
    recorded = {action for path in recording() for action in actions_of(path)}
    assert {"accept", "signed_in", "released", "row_changed"} <= recorded
    assert recorded ^ set(actions.ACTIONS) == set(), "the catalogue in access/actions.py names each action, no other"


def recording() -> Iterator[Path]:
    """The modules that record events."""
    for path in sorted(ROOT.glob("*/**/*.py")):
        outside = path.relative_to(ROOT).parts[0] in (".venv", "tests", "benchmarks", "locale")
        if not outside and "audit.record(" in path.read_text(encoding="utf-8"):
            yield path


def actions_of(path: Path) -> Iterator[str]:
    """The actions that `audit.record` is called with, followed through functions that take theirs as a parameter."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
        for call in calls(function, "audit.record"):
            given = next(keyword.value for keyword in call.keywords if keyword.arg == "action")
            if isinstance(given, ast.Name) and given.id in names:
                for caller in calls(tree, function.name):
                    keywords = {keyword.arg: keyword.value for keyword in caller.keywords}
                    yield from texts(keywords.get(given.id) or caller.args[names.index(given.id)], module)
            else:
                yield from texts(given, module)


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of the function of this name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
            yield node


def texts(node: ast.expr, module: ModuleType) -> Iterator[str]:
    """The texts an expression may be."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body, module)
        yield from texts(node.orelse, module)
    elif ast.unparse(node) == "what.action" and module in (measures, rows):
        yield from history.ACTIONS
    else:
        found = node.value if isinstance(node, ast.Constant) else getattr(module, ast.unparse(node), None)
        assert isinstance(found, str), f"what action is {ast.unparse(node)}? Name it where it is recorded"
        yield found
