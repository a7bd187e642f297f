"""What the tests of administration share: a world with something of every kind, and values that each table accepts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from access.identity import identify
from data_model.money import Fund
from tests.factories import (
    START,
    make_account,
    make_claim,
    make_country,
    make_grant,
    make_initiative,
    make_metric,
    make_organisation,
    make_programme,
    make_source,
    make_world,
)

NOW = START + timedelta(days=1)

# table -> what a new row says, and what is changed of it then
NEW = {
    "source": (
        {"key": "NEW1", "title": "A page", "publisher": "A ministry", "published_on": "2026-05",
         "url": "https://example.org/", "grade": "A"},
        {"title": "Another page", "grade": "C"},
    ),
    "organisation": (
        {"key": "new-body", "name": "A body", "kind": "other", "country": ""}, {"name": "Another", "country": "KZ"},
    ),
    "programme": (
        {"key": "new-family", "name": "A family", "lead": "ministry", "started_on": "2026", "summary": "It is.",
         "source": "S1"},
        {"started_on": "2026-02-01"},
    ),
    "initiative": (
        {"key": "kz-new", "country": "KZ", "name": "A new one", "programme": "", "kind": "curriculum",
         "status": "announced", "summary": "It is.", "announced_on": "2026-10", "starts_on": "2027", "ends_on": "",
         "source": "S1", "granularity": "quarter", "due_days": "20"},
        {"status": "active", "programme": "family", "due_days": "0"},
    ),
    "participation": (
        {"initiative": "kz-chatgpt-edu", "organisation": "ministry", "role": "lead", "source": "S1"},
        {"source": "S2"},
    ),
    "milestone": (
        {"initiative": "kz-chatgpt-edu", "title": "A step", "due_on": "2027-01", "achieved_on": "", "source": "S1",
         "note": ""},
        {"title": "Another step", "note": "First line\nand *second*"},
    ),
    "claim": (
        {"initiative": "kz-chatgpt-edu", "key": "kz-new-claim", "figure": "teachers_trained", "kind": "result",
         "qualifier": "at_least", "value": "84000", "value_high": "", "unit": "teachers", "population": "teachers",
         "as_of": "2026-05-20", "period": "", "source": "S1", "note": ""},
        {"qualifier": "range", "value": "84000.5", "value_high": "90000"},
    ),
    "country_fact": (
        {"country": "KZ", "fact": "schools", "year": "2025", "qualifier": "at_least", "value": "8000", "source": "S1",
         "note": ""},
        {"value": "8042", "qualifier": "exact"},
    ),
    "school_term": (
        {"country": "KZ", "school_year": "2026/27", "number": "1", "starts_on": "2026-09-01",
         "ends_on": "2026-10-25", "source": "S1", "note": ""},
        {"ends_on": "2026-10-26"},
    ),
    "target": (
        {"initiative": "kz-chatgpt-edu", "area": "KZ-75", "measure": "teacher_training", "due_on": "2027-06-30",
         "value": "80", "baseline": "", "baseline_on": "", "source": ""},
        {"value": "85.5", "baseline": "10", "baseline_on": "2026-01-01"},
    ),
    "fund": (
        {"key": "kz-new-fund", "name": "A fund", "country": "KZ", "initiative": "", "owner": "ministry",
         "capital": "", "currency": "", "source": "", "note": ""},
        {"capital": "1000000000.25", "currency": "KZT", "source": "S1"},
    ),
    "transaction": (
        {"fund": "fund", "initiative": "kz-chatgpt-edu", "kind": "commitment", "happened_on": "2026-03-01",
         "amount": "1500.25", "currency": "KZT", "payer": "ministry", "payee": "company", "source": "", "note": ""},
        {"amount": "-0.1", "kind": "disbursement"},
    ),
    "completeness_threshold": ({"initiative": "kz-chatgpt-edu", "percent": "80"}, {"percent": "82.5"}),
    "requirement": (
        {"initiative": "kz-chatgpt-edu", "metric": "new_metric", "required": "yes"}, {"required": "no"},
    ),
    "metric_rule": (
        {"lesser": "new_metric", "greater": "teachers_total", "note": ""}, {"note": "Each of them is a teacher."},
    ),
    "area": (
        {"country": "KZ", "code": "KZ-75-03", "parent": "KZ-75", "kind": "district", "name_en": "A district",
         "name_ru": "Район", "name_kk": "Аудан", "centre": ""},
        {"parent": "KZ-10", "name_en": "Another district", "centre": "A town"},
    ),
    "exchange_rate": (
        {"currency": "USD", "into": "KZT", "day": "2026-10-01", "rate": "540.123456", "source": "S1"},
        {"rate": "541"},
    ),
}  # fmt: skip


@pytest.fixture
def world(session):
    """The small country, another one, and a row or two of every kind that others refer to."""
    return make_something_of_every_kind(session)


def make_something_of_every_kind(session):
    """Make that world; beside the country's people there are administrators of everywhere and of parts."""
    world = make_world(session)
    make_country(session, "UZ", name_en="Uzbekistan")
    source = make_source(session, "S2", grade="B")
    lead = make_organisation(session)
    make_organisation(session, "company", kind="company")
    make_metric(session, "new_metric")
    make_programme(session, "family", lead, source)
    make_claim(session, world.initiative, source, "kz-old-claim")
    make_initiative(session, source, "uz-other", country="UZ", name="Another country's")
    session.add(Fund(key="fund", name="The fund", country="KZ"))
    session.add(Fund(key="uz-fund", name="Another fund", country="UZ", capital=Decimal(5), currency="UZS"))
    for name, given in (
        ("everywhere", {}), ("of-uz", {"country": "UZ"}), ("of-one", {"initiative_id": world.initiative.id}),
        ("of-area", {"country": "KZ", "area_id": world.areas["KZ-75"].id}),
    ):  # fmt: skip
        world.accounts[name] = make_account(session, f"{name}@example.org")
        make_grant(session, world.accounts[name], "administrator", **given)
    session.flush()
    return world


@pytest.fixture
def as_(session, world):
    """Return a function that returns somebody by their account's name."""
    return lambda name: identify(session, world.accounts[name])
