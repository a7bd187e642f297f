"""The list of a table's rows, searched and a page at a time; and what a reference may be chosen from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.administration.description import YES, Column, Kind, Table, Written
from access.administration.places import places_of
from access.administration.reading import name_of_reference, names_of, written
from access.administration.rows import identity_of
from access.administration.tables import described
from access.identity import Identity
from access.language import _, by_preference, format_date, format_number
from access.permissions import Action, NotAllowed, Place, may_somewhere, require_places
from data_model.registry import Initiative

PAGE = 25


@dataclass(frozen=True)
class Line:
    """A row of a list: what names it, its values as written, and as they are shown."""

    identity: str
    values: Written
    shown: Written


@dataclass(frozen=True)
class Listing:
    """A page of a table's rows: how many there are, how many the search found, and these."""

    total: int
    found: int
    lines: tuple[Line, ...]


def rows(
    session: Session,
    table: Table,
    *,
    who: Identity,
    search: str = "",
    narrowed_to: str = "",
    offset: int = 0,
    limit: int = PAGE,
) -> Listing:
    """Return a page of the rows, the newest first where they are versions or have no name to go by.

    `narrowed_to` is the key of the row that the table's `narrowed_by` refers to. For whoever administers anything.
    """
    if not may_somewhere(who, Action.ADMINISTER):
        require_places(session, who, ())
    query = _current(table)
    wanted = _searched(table, query, search)
    if narrowed_to and table.narrowed_by:
        column = table.column(table.narrowed_by)
        reference = column.refers_to
        assert reference is not None, "a list is narrowed by a reference"
        named = select(getattr(reference.row, reference.identity)).where(
            getattr(reference.row, reference.key) == narrowed_to
        )
        wanted = wanted.where(getattr(table.row, column.attribute).in_(named))
    found = session.exec(wanted.order_by(*_order(table)).offset(offset).limit(limit)).all()
    lines = [(identity_of(session, table, row), written(session, table, row)) for row in found]
    shown = _in_words(session, table, [values for _identity, values in lines])
    return Listing(
        _count(session, query),
        _count(session, wanted),
        tuple(Line(identity, values, words) for (identity, values), words in zip(lines, shown, strict=True)),
    )


def counts(session: Session, tables: list[Table], *, who: Identity) -> dict[str, int]:
    """Return how many rows each table has, by its name."""
    if not may_somewhere(who, Action.ADMINISTER):
        require_places(session, who, ())
    return {table.name: _count(session, _current(table)) for table in tables}


def choices(session: Session, column: Column, within: str = "") -> dict[str, str]:
    """Return what a reference may be chosen from: key -> name, in order of name. `within`: what its column says."""
    reference = column.refers_to
    assert reference is not None, "only a reference is chosen from rows"
    if reference.choose is not None:
        return reference.choose(session, within) if column.within else reference.choose(session)
    query = select(getattr(reference.row, reference.key), name_of_reference(column))
    found = {str(key): str(name) for key, name in session.exec(query).all()}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def places_open(session: Session, column: Column, *, who: Identity, within: str = "") -> dict[str, str]:
    """Return those of a reference's choices in which this person may add something.

    Of initiatives and countries those they administer; anything else is shared and open to every administrator.
    """
    found = choices(session, column, within)
    reference = column.refers_to
    if reference is None or reference.row.__name__ not in ("Initiative", "Country"):
        return found
    by_initiative = reference.row is Initiative
    return {
        key: name
        for key, name in found.items()
        if _open(session, who, Place(initiative=key) if by_initiative else Place(country=key))
    }


def refusal(session: Session, table: Table, row: Any, *, who: Identity) -> NotAllowed | None:
    """Return why this person may not change the row, None when they may."""
    try:
        require_places(session, who, places_of(session, table, row, described()))
    except NotAllowed as refused:
        return refused
    return None


def in_words(session: Session, table: Table, values: Written) -> Written:
    """Return values as they are shown: codes and keys in words."""
    return _in_words(session, table, [values])[0]


def called(table: Table, shown: Written) -> str:
    """Return what a row is called whose values are shown so: in the current language where it is named in it."""
    if table.sentence:
        return _(table.sentence).format_map({name: shown[name] for name in table.called})
    names = [_spoken(name, shown) for name in table.called]
    return " · ".join(shown[name] for name in names if shown.get(name))


def _spoken(name: str, shown: Written) -> str:
    stem = name.removesuffix("_en")
    spoken = (f"{stem}_{language}" for language in by_preference()) if stem != name else iter(())
    return next((one for one in spoken if shown.get(one)), name)


def _in_words(session: Session, table: Table, lines: list[Written]) -> list[Written]:
    words = {column.name: _words(session, column, lines) for column in table.columns}
    return [{name: words[name].get(text, text) for name, text in line.items()} for line in lines]


def _words(session: Session, column: Column, lines: list[Written]) -> dict[str, str]:
    said = {line[column.name] for line in lines if line.get(column.name)}
    if column.kind in (Kind.DECIMAL, Kind.NUMBER):
        return {text: format_number(Decimal(text), len(text.partition(".")[2])) for text in said}
    if column.kind is Kind.DAY:
        return {text: format_date(date.fromisoformat(text)) for text in said}
    if column.kind is Kind.YES_NO:
        return {text: _("yes") if text == YES else _("no") for text in said}
    if column.refers_to is not None:
        return names_of(session, column, said) if said else {}
    return {code: _(column.choices[code]) for code in said if code in column.choices}


def _open(session: Session, who: Identity, place: Place) -> bool:
    try:
        require_places(session, who, [place])
    except NotAllowed:
        return False
    return True


def _current(table: Table) -> Any:
    model: Any = table.row
    query = select(model)
    return query.where(model.superseded_at.is_(None)) if table.versioned else query


def _searched(table: Table, query: Any, search: str) -> Any:
    """Return the query for the rows that hold every word of the search.

    SQLite folds the case of Latin letters only, so a word is looked for as written and in its usual cases.
    """
    for word in search.split():
        forms = {word, word.lower(), word.upper(), word.capitalize()}
        texts = [col(getattr(table.row, table.column(name).attribute)) for name in table.search]
        query = query.where(sa.or_(*(text.contains(form, autoescape=True) for text in texts for form in forms)))
    return query


def _order(table: Table) -> list[Any]:
    model: Any = table.row
    if table.versioned or not table.key:
        return [model.id.desc()]
    attributes = [getattr(model, table.column(name).attribute) for name in (table.key[0], *table.called)]
    return [*attributes, model.id]


def _count(session: Session, query: Any) -> int:
    return int(session.exec(select(sa.func.count()).select_from(query.subquery())).one())
