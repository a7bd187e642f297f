"""Where a row belongs, which decides who may change it; and what refers to it, which decides whether it may go."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from access.administration.description import Table
from access.event_places import EventPlace
from access.permissions import Place
from data_model.money import Fund
from data_model.registry import Initiative
from data_model.tables import METADATA

INSTANCE = Place()


def of_the_instance(_session: Session, _row: Any) -> Iterable[Place]:
    """What everybody reckons with: it takes administering everything."""
    yield INSTANCE


def of_initiative(session: Session, row: Any) -> Iterable[Place]:
    """A row that belongs to an initiative, of its own or through its `initiative_id`."""
    yield Place(initiative=_key(session, row.initiative_id))


def of_initiative_or_all(session: Session, row: Any) -> Iterable[Place]:
    """A row that belongs to an initiative where it names one, else to the instance."""
    yield Place(initiative=_key(session, row.initiative_id)) if row.initiative_id else INSTANCE


def of_itself(_session: Session, row: Initiative) -> Iterable[Place]:
    """An initiative: its own place; founding one is its country's affair."""
    yield Place(initiative=row.key) if _is_stored(row) else Place(country=row.country)


def of_country(_session: Session, row: Any) -> Iterable[Place]:
    """A row that belongs to a country."""
    yield Place(country=row.country)


def of_fund_itself(session: Session, row: Fund) -> Iterable[Place]:
    """A fund: the initiative it is, where it is one, else its country."""
    yield Place(initiative=_key(session, row.initiative_id)) if row.initiative_id else Place(country=row.country)


def of_fund(session: Session, row: Any) -> Iterable[Place]:
    """What a fund paid: the place of the fund."""
    return of_fund_itself(session, session.get_one(Fund, row.fund_id))


def of_a_rate(_session: Session, row: Any) -> Iterable[Place]:
    """An exchange rate: whoever administers anything may add one; others reckon with it from then on."""
    if _is_stored(row):
        yield INSTANCE


def places_of(session: Session, table: Table, row: SQLModel, described: Mapping[str, Table]) -> set[Place]:
    """Return where the row belongs. A shared one belongs wherever it is used: where all that refers to it belongs.

    `described` are the editable tables by the name of their database table; what none of them describes is the
    instance's. A row that is used nowhere belongs nowhere.
    """
    if table.places is not None:
        return set(table.places(session, row))
    places: set[Place] = set()
    if not _is_stored(row):
        return places
    for name, column in _referring_columns(row):
        if name not in described:
            places.update([INSTANCE] if _count(session, name, column, row) else [])
            continue
        model: Any = described[name].row
        for one in session.exec(select(model).where(model.__table__.c[column] == _identity(row))).all():
            places.update(places_of(session, described[name], one, described))
    return places


def of_events(session: Session, places: Iterable[Place]) -> set[EventPlace]:
    """Return the same places as the audit trail keeps them; what belongs to the instance has none there."""
    found: set[EventPlace] = set()
    for place in places:
        if place.initiative is not None:
            query = select(Initiative.country).where(Initiative.key == place.initiative)
            found.update(EventPlace(country, place.initiative) for country in session.exec(query).all())
        elif place.country is not None:
            found.add(EventPlace(place.country))
    return found


def referring(session: Session, row: SQLModel) -> dict[str, int]:
    """Return how many rows of which database tables refer to this one."""
    found: dict[str, int] = {}
    for name, column in _referring_columns(row):
        count = _count(session, name, column, row)
        if count:
            found[name] = found.get(name, 0) + count
    return found


def _referring_columns(row: SQLModel) -> Iterator[tuple[str, str]]:
    own = sa.inspect(type(row)).local_table
    for table in METADATA.sorted_tables:
        for constraint in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            if constraint.referred_table is own:
                yield table.name, constraint.column_keys[0]


def _count(session: Session, name: str, column: str, row: SQLModel) -> int:
    referring = METADATA.tables[name]
    query = sa.select(sa.func.count()).select_from(referring).where(referring.c[column] == _identity(row))
    return int(session.connection().execute(query).scalar_one())


def _is_stored(row: SQLModel) -> bool:
    return bool(sa.inspect(row).persistent)


def _identity(row: SQLModel) -> Any:
    (identity,) = sa.inspect(type(row)).primary_key_from_instance(row)
    return identity


def _key(session: Session, initiative_id: int | None) -> str | None:
    return session.get_one(Initiative, initiative_id).key if initiative_id is not None else None
