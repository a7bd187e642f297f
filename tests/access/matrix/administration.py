"""Runs of the rows of `access/administration/`."""

from typing import Any

from access.administration import listing, rows
from access.administration.founding import Founding, found
from access.administration.reading import written
from access.administration.tables import TABLES
from access.identity import identity_of_email
from tests.access.matrix.world import Case, runs

CLAIM = {
    "initiative": "kz-chatgpt-edu", "key": "kz-new-claim", "figure": "teachers_trained", "kind": "result",
    "qualifier": "at_least", "value": "84000", "unit": "teachers", "population": "teachers", "source": "S1",
}  # fmt: skip
SOURCE = {"key": "N1", "title": "A page", "publisher": "A ministry", "url": "https://example.org/", "grade": "A"}
FACT = {"country": "KZ", "fact": "schools", "year": "2025", "qualifier": "exact", "value": "8042", "source": "S1"}


def held(case: Case, name: str, values: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Let somebody who may add a row, and return what names it and what it says."""
    table, everywhere = TABLES[name], identity_of_email(case.session, "everywhere@example.org")
    row: Any = rows.create(case.session, table, values, who=everywhere, at=case.at)
    return rows.identity_of(case.session, table, row), written(case.session, table, row)


INITIATIVE = {
    "key": "kz-new", "country": "KZ", "name": "A new one", "kind": "curriculum", "status": "announced",
    "summary": "It is.", "source": "S1", "granularity": "month", "due_days": "10",
}  # fmt: skip


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


@runs("access.administration.rows.undo")
def undo_a_change(case: Case) -> None:
    identity, _shown = held(case, "claim", CLAIM)
    rows.undo(case.session, TABLES["claim"], identity, who=case.who, at=case.at)
