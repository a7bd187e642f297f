"""Runs of the rows of `access/administration/`."""

from typing import Any

from sqlmodel import select

from access.administration import countries, enrolments, listing, measures, people, register_counts, rows, schools
from access.administration.founding import Founding, found
from access.administration.measure_tables import INDICATORS, METRICS
from access.administration.reading import written
from access.administration.tables import TABLES
from access.identity import identity_of_email
from access.language import LANGUAGES
from access.matrix.table import Asker
from access.permissions import Place
from data_model.people import Account, Grant
from tests.access.matrix.world import SCHOOL, Case, runs

CLAIM = {
    "initiative": "kz-chatgpt-edu", "key": "kz-new-claim", "figure": "teachers_trained", "kind": "result",
    "qualifier": "at_least", "value": "84000", "unit": "teachers", "population": "teachers", "source": "S1",
}  # fmt: skip
SOURCE = {"key": "N1", "title": "A page", "publisher": "A ministry", "url": "https://example.org/", "grade": "A"}
FACT = {"country": "KZ", "fact": "schools", "year": "2025", "qualifier": "exact", "value": "8042", "source": "S1"}
RULE = {"lesser": "teachers_surveyed", "greater": "teachers_trained", "note": "Only the trained are asked."}


def held(case: Case, name: str, values: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Let somebody who may add a row, and return what names it and what it says."""
    table, everywhere = TABLES[name], identity_of_email(case.session, "everywhere@example.org")
    row: Any = rows.create(case.session, table, values, who=everywhere, at=case.at)
    return rows.identity_of(case.session, table, row), written(case.session, table, row)


INITIATIVE = {
    "key": "kz-new", "country": "KZ", "name": "A new one", "kind": "curriculum", "status": "announced",
    "summary": "It is.", "source": "S1", "granularity": "month", "due_days": "10",
}  # fmt: skip


@runs("access.administration.countries.administered")
def see_ones_countries(case: Case) -> str | None:
    codes = [one.code for one in countries.administered(case.session, who=case.who)]
    return None if "KZ" in codes else "nothing"


@runs("access.administration.countries.set_time_zone")
def set_a_time_zone(case: Case) -> None:
    assert countries.set_time_zone(case.session, "KZ", "Asia/Qyzylorda", who=case.who, at=case.at)


@runs("access.administration.countries.undo_time_zone")
def take_a_time_zone_back(case: Case) -> None:
    everywhere = identity_of_email(case.session, "everywhere@example.org")
    countries.set_time_zone(case.session, "KZ", "Asia/Qyzylorda", who=everywhere, at=case.at)
    assert countries.undo_time_zone(case.session, "KZ", who=case.who, at=case.at) == "Asia/Almaty"


@runs("access.administration.countries.zone_changes")
def read_time_zones(case: Case) -> None:
    assert countries.zone_changes(case.session, "KZ", who=case.who) == []


@runs("access.administration.countries.add_country")
def add_a_country(case: Case) -> None:
    assert countries.add_country(case.session, "FI", "Europe/Helsinki", who=case.who, at=case.at).code == "FI"


@runs("access.administration.countries.remove_country")
def remove_a_country(case: Case) -> None:
    everywhere = identity_of_email(case.session, "everywhere@example.org")
    countries.add_country(case.session, "FI", "Europe/Helsinki", who=everywhere, at=case.at)
    countries.remove_country(case.session, "FI", who=case.who, at=case.at)


@runs("access.administration.register_counts.counts")
def count_the_register(case: Case) -> str | None:
    found = register_counts.counts(case.session, who=case.who)
    return None if found["enrolments"] >= 6 else "nothing"


@runs("access.administration.measures.counts")
def count_measures(case: Case) -> None:
    assert measures.counts(case.session, who=case.who)["indicator"] == 3


@runs("access.administration.founding.found")
def found_an_initiative(case: Case) -> None:
    assert found(case.session, Founding(INITIATIVE), who=case.who, at=case.at).key == "kz-new"


@runs("access.administration.listing.counts")
def count(case: Case) -> None:
    assert listing.counts(case.session, [TABLES["source"]], who=case.who) == {"source": 3}


@runs("access.administration.listing.rows")
def listed(case: Case) -> None:
    assert listing.rows(case.session, TABLES["initiative"], who=case.who).total == 3


@runs("access.administration.rows.create (of an initiative)")
def add_a_claim(case: Case) -> None:
    rows.create(case.session, TABLES["claim"], CLAIM, who=case.who, at=case.at)


@runs("access.administration.rows.create (of the country)")
def add_a_fact(case: Case) -> None:
    rows.create(case.session, TABLES["country_fact"], FACT, who=case.who, at=case.at)


@runs("access.administration.rows.create (of the instance)")
def add_a_rule(case: Case) -> None:
    rows.create(case.session, TABLES["metric_rule"], RULE, who=case.who, at=case.at)


@runs("access.administration.rows.create (shared)")
def add_a_source(case: Case) -> None:
    rows.create(case.session, TABLES["source"], SOURCE, who=case.who, at=case.at)


@runs("access.administration.rows.change (of an initiative)")
def change_a_claim(case: Case) -> None:
    identity, shown = held(case, "claim", CLAIM)
    rows.change(case.session, TABLES["claim"], identity, shown | {"note": "!"}, shown=shown, who=case.who, at=case.at)


@runs("access.administration.rows.change (of a source used elsewhere too)")
def change_a_source(case: Case) -> None:
    """S1 is the source of the initiative, and here of one in Estonia too."""
    held(case, "claim", CLAIM | {"initiative": "ee-ti-hupe", "key": "ee-new-claim"})
    source = rows.find(case.session, TABLES["source"], "1")
    shown = written(case.session, TABLES["source"], source)
    rows.change(case.session, TABLES["source"], "1", shown | {"title": "!"}, shown=shown, who=case.who, at=case.at)


@runs("access.administration.rows.remove")
def remove_a_claim(case: Case) -> None:
    identity, shown = held(case, "claim", CLAIM)
    rows.remove(case.session, TABLES["claim"], identity, shown=shown, who=case.who, at=case.at)


@runs("access.administration.rows.remove (of the instance)")
def remove_a_rule(case: Case) -> None:
    identity, shown = held(case, "metric_rule", RULE)
    rows.remove(case.session, TABLES["metric_rule"], identity, shown=shown, who=case.who, at=case.at)


@runs("access.administration.rows.undo")
def undo_a_change(case: Case) -> None:
    identity, _shown = held(case, "claim", CLAIM)
    rows.undo(case.session, TABLES["claim"], identity, who=case.who, at=case.at)


INDICATOR = {
    "key": "account_share", "numerator": "teachers_trained", "denominator": "teachers_total", "factor": "100",
    **{f"{part}_{language}": f"{part} {language}" for part in ("name", "definition") for language in LANGUAGES},
}  # fmt: skip


def a_metric(case: Case) -> tuple[str, dict[str, str]]:
    """Return what names a metric, and what is said of it."""
    return measures.listed(case.session, METRICS, who=identity_of_email(case.session, "everywhere@example.org"))[0]


@runs("access.administration.measures.listed")
def list_metrics(case: Case) -> None:
    assert measures.listed(case.session, METRICS, who=case.who)


@runs("access.administration.measures.create")
def add_an_indicator(case: Case) -> None:
    measures.create(case.session, INDICATORS, INDICATOR, who=case.who, at=case.at)


@runs("access.administration.measures.change")
def change_a_metric(case: Case) -> None:
    identity, shown = a_metric(case)
    changed = shown | {"name_en": "Another name", "upper": "2000000"}
    measures.change(case.session, METRICS, identity, changed, shown=shown, who=case.who, at=case.at)


@runs("access.administration.measures.undo")
def undo_a_change_of_a_metric(case: Case) -> None:
    identity, shown = a_metric(case)
    everywhere, changed = identity_of_email(case.session, "everywhere@example.org"), shown | {"name_en": "Another name"}
    measures.change(case.session, METRICS, identity, changed, shown=shown, who=everywhere, at=case.at)
    measures.undo(case.session, METRICS, identity, who=case.who, at=case.at)


def colleague(case: Case) -> Account:
    """Somebody whose only role is in the initiative."""
    return case.session.exec(select(Account).where(Account.email == "colleague@example.org")).one()


@runs("access.administration.people.disable")
def disable_somebody(case: Case) -> None:
    people.disable(case.session, case.who, colleague(case).id or 0, at=case.at)


@runs("access.administration.people.enable")
def enable_somebody(case: Case) -> None:
    people.enable(case.session, case.who, colleague(case).id or 0, at=case.at)


@runs("access.administration.people.end_sessions")
def sign_somebody_out(case: Case) -> None:
    people.end_sessions(case.session, case.who, colleague(case).id or 0, at=case.at)


@runs("access.administration.people.grant")
def give_a_role(case: Case) -> None:
    place = Place(initiative=case.initiative.key)
    people.grant(case.session, case.who, "colleague@example.org", "analyst", place, at=case.at)


@runs("access.administration.people.listing")
def list_people(case: Case) -> str | None:
    found, _total = people.listing(case.session, case.who)
    return None if "colleague@example.org" in [person.email for person in found] else "nothing"


@runs("access.administration.people.offered")
def what_a_role_may_be_limited_to(case: Case) -> None:
    offer = people.offered(case.session, case.who)
    may_everywhere = case.asker is Asker.ADMINISTRATOR_EVERYWHERE
    assert offer.everywhere == may_everywhere and ("KZ" in offer.places) == may_everywhere


@runs("access.administration.people.one")
def one_person(case: Case) -> None:
    assert people.one(case.session, case.who, colleague(case).id or 0).may_change


@runs("access.administration.people.revoke")
def take_a_role_back(case: Case) -> None:
    held = select(Grant.id).where(Grant.account_id == colleague(case).id)
    people.revoke(case.session, case.who, case.session.exec(held).first() or 0, at=case.at)


LEFT = f"school_code,joined_on,left_on\n{SCHOOL},2025-01-01,2026-12-01"
NAMED = f"school_code,name\n{SCHOOL},Another name"


@runs("access.administration.enrolments.held")
def take_the_enrolments_along(case: Case) -> None:
    assert SCHOOL in enrolments.held(case.session, case.initiative.key, who=case.who)


@runs("access.administration.enrolments.history")
def read_what_was_enrolled(case: Case) -> None:
    assert enrolments.history(case.session, case.initiative.key, who=case.who) == []


@runs("access.administration.enrolments.undo")
def take_enrolments_back(case: Case) -> None:
    everywhere = identity_of_email(case.session, "everywhere@example.org")
    key = case.initiative.key
    seen = enrolments.preview(case.session, key, LEFT, who=everywhere).fingerprint
    enrolments.change(case.session, key, LEFT, seen=seen, who=everywhere, at=case.at)
    (done,) = enrolments.history(case.session, key, who=everywhere)
    assert enrolments.undo(case.session, key, done.event, who=case.who, at=case.at) == 1


@runs("access.administration.schools.history")
def read_what_was_changed_in_the_register(case: Case) -> None:
    assert schools.history(case.session, "KZ", who=case.who) == []


@runs("access.administration.schools.undo")
def take_the_register_back(case: Case) -> None:
    everywhere = identity_of_email(case.session, "everywhere@example.org")
    seen = schools.preview(case.session, "KZ", NAMED, who=everywhere).fingerprint
    schools.change(case.session, "KZ", NAMED, seen=seen, who=everywhere, at=case.at)
    (done,) = schools.history(case.session, "KZ", who=everywhere)
    assert schools.undo(case.session, "KZ", done.event, who=case.who, at=case.at) == 1


@runs("access.administration.enrolments.preview")
def look_at_enrolments(case: Case) -> None:
    assert enrolments.preview(case.session, case.initiative.key, LEFT, who=case.who).changes


@runs("access.administration.enrolments.change")
def change_enrolments(case: Case) -> None:
    everywhere = identity_of_email(case.session, "everywhere@example.org")
    seen = enrolments.preview(case.session, case.initiative.key, LEFT, who=everywhere).fingerprint
    enrolments.change(case.session, case.initiative.key, LEFT, seen=seen, who=case.who, at=case.at)


@runs("access.administration.schools.held")
def take_the_schools_along(case: Case) -> None:
    assert SCHOOL in schools.held(case.session, "KZ", who=case.who)


@runs("access.administration.schools.preview")
def look_at_schools(case: Case) -> None:
    assert schools.preview(case.session, "KZ", NAMED, who=case.who).changes


@runs("access.administration.schools.change")
def change_schools(case: Case) -> None:
    everywhere = identity_of_email(case.session, "everywhere@example.org")
    seen = schools.preview(case.session, "KZ", NAMED, who=everywhere).fingerprint
    schools.change(case.session, "KZ", NAMED, seen=seen, who=case.who, at=case.at)
