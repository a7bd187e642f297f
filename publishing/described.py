"""What a release says beside its figures, kept with it: definitions, places, initiatives, claims, licence, schools.

Kept, not looked up: names change, and a release must read the same for as long as it can be opened. And whoever reads
a release needs no other table, which on PostgreSQL the public's database role relies on.
"""

from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.language import LANGUAGES, current, in_language
from access.setting_values import values
from analytics import registry
from analytics.measures_described import measures
from analytics.names import in_current_language
from data_model.base import known_at
from data_model.bulk import Query, insert_columns
from data_model.places import Area, Country, School, SchoolRecord
from data_model.releases import Release, ReleasedSchool, ReleasedTable
from data_model.rollups import area_tree

MEASURE_COLUMNS = ("measure", "name", "definition", "formula", "unit", "kind", "subject", "numerator", "denominator")
AREA_COLUMNS = ("area", "name", "level", "parent")
INITIATIVE_COLUMNS = (
    "initiative", "name", "country", "granularity", "programme", "kind", "status", "announced_on", "starts_on",
    "ends_on", "summary", "source_title", "publisher", "published_on", "url", "grade",
)  # fmt: skip
CLAIM_COLUMNS = (
    "claim", "initiative", "figure", "kind", "qualifier", "value", "value_high", "unit", "population", "as_of",
    "period", "note", "conflicts_with", "source_title", "publisher", "published_on", "url", "grade",
)  # fmt: skip
COLUMNS = {
    "measures": MEASURE_COLUMNS,
    "areas": AREA_COLUMNS,
    "initiatives": INITIATIVE_COLUMNS,
    "claims": CLAIM_COLUMNS,
}
# Of releases made before a licence was kept with them.
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
# Public are the country (level 0) and its regions (level 1).
DEEPEST_LEVEL = 1

Row = dict[str, Any]


def keep(session: Session, release: Release) -> None:
    """Keep with a release what explains it, in every language, and the schools' register. The caller commits."""
    for language in LANGUAGES:
        with in_language(language):
            for name, rows in {**as_it_stands(session, release.as_of), "licence": [_licence(session)]}.items():
                session.add(ReleasedTable(release_id=release.id or 0, name=name, language=language, rows=rows))
    session.flush()
    _keep_schools(session, release)


def keep_missing(session: Session) -> int:
    """Keep it for releases made before it was kept; return for how many. Those say what is known now."""
    described = sa.exists().where(col(ReleasedTable.release_id) == col(Release.id))
    bare = session.exec(select(Release).where(~described).order_by(col(Release.id))).all()
    for release in bare:
        keep(session, release)
    return len(bare)


def kept(session: Session, release: int, name: str) -> list[Row]:
    """Return one of the tables (a key of COLUMNS) as it was kept with a release, in the current language.

    What was kept does not change: a session reads it once.
    """
    read: dict[tuple[int, str, str], list[Row]] = session.info.setdefault("kept", {})
    key = (release, name, current())
    if not read.get(key):
        read[key] = _read(session, release, name)
    return list(read[key])


def _read(session: Session, release: int, name: str) -> list[Row]:
    query = sa.select(col(ReleasedTable.rows)).where(
        col(ReleasedTable.release_id) == release,
        col(ReleasedTable.name) == name,
        col(ReleasedTable.language) == current(),
    )
    return session.connection().execute(query).scalar_one_or_none() or []


def licence(session: Session, release: int) -> Row:
    """Return under which licence a release was made: its name (code), title and path (address)."""
    held = kept(session, release, "licence")
    return dict(held[0]) if held else dict(LICENCE)


def as_it_stands(session: Session, as_of: datetime) -> dict[str, list[Row]]:
    """Return the tables in the current language; measures are worded as they were at the moment."""
    return {
        "measures": _measures(session, as_of),
        "areas": _areas(session),
        "initiatives": _rows(registry.initiatives(session).sort_values("initiative"), INITIATIVE_COLUMNS),
        "claims": _rows(registry.claims(session).sort_values("claim"), CLAIM_COLUMNS),
    }


def number(value: Any) -> Any:
    """Return whole numbers as such: 12 is no measurement to a decimal. Nothing for what is missing."""
    if value is None or value is pd.NA or value != value:
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _licence(session: Session) -> Row:
    said = values(session)
    return {"name": said["licence_code"], "title": said["licence_name"], "path": said["licence_url"]}


def _measures(session: Session, as_of: datetime) -> list[Row]:
    described = measures(session, as_of=as_of)
    described["unit"] = described["unit"].replace("", "%")
    return _rows(described.sort_values("measure"), MEASURE_COLUMNS)


def _areas(session: Session) -> list[Row]:
    parent = sa.orm.aliased(Area)
    query: Query = (
        sa.select(
            col(Area.code).label("area"), in_current_language(Area), col(Area.level), col(parent.code).label("parent")
        )
        .join(parent, col(parent.id) == col(Area.parent_id), isouter=True)
        .where(col(Area.level) <= DEEPEST_LEVEL)
        .order_by(col(Area.code))
    )
    return [dict(row._mapping) for row in session.connection().execute(query)]


def _rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[Row]:
    rows = frame[list(columns)].astype(object).itertuples(index=False, name=None)
    return [dict(zip(columns, map(number, row), strict=True)) for row in rows]


def _keep_schools(session: Session, release: Release) -> None:
    """Note which versions of the schools' records this release is the first to hold, and which it no longer does."""
    known = known_at(SchoolRecord, release.as_of)
    held = col(ReleasedSchool.until_release).is_(None)
    session.connection().execute(
        sa.update(ReleasedSchool)
        .where(held, col(ReleasedSchool.record).not_in(sa.select(col(SchoolRecord.id)).where(known)))
        .values(until_release=release.id)
    )
    query: Query = (
        sa.select(
            col(SchoolRecord.id), col(School.country), col(School.code), col(SchoolRecord.name),
            col(SchoolRecord.area_id), col(SchoolRecord.setting), col(SchoolRecord.languages),
            col(SchoolRecord.opened_on), col(SchoolRecord.closed_on), col(School.demonstration),
        )
        .join(School, col(School.id) == col(SchoolRecord.school_id))
        .where(known, ~sa.exists().where(held, col(ReleasedSchool.record) == col(SchoolRecord.id)))
        .order_by(col(SchoolRecord.id))
    )  # fmt: skip
    new: list[Any] = list(session.connection().execute(query).all())
    regions = _regions(session) if new else {}
    insert_columns(
        session,
        ReleasedSchool,
        {
            "record": [row.id for row in new],
            "country": [row.country for row in new],
            "code": [row.code for row in new],
            "name": [row.name for row in new],
            "area_code": [regions[row.area_id] for row in new],
            "setting": [row.setting for row in new],
            "languages": [row.languages for row in new],
            "opened_on": [row.opened_on and row.opened_on.isoformat() for row in new],
            "closed_on": [row.closed_on and row.closed_on.isoformat() for row in new],
            "demonstration": [row.demonstration for row in new],
            "since_release": release.id,
        },
        len(new),
    )


def _regions(session: Session) -> dict[int, str]:
    """Return for each area the code of the region it lies in, the country's own for what lies in none."""
    areas = session.exec(select(Area)).all()
    public = {area.id: area.code for area in areas if area.level <= DEEPEST_LEVEL}
    trees = {country: area_tree(session, country) for country in session.exec(select(Country.code)).all()}
    return {
        area.id or 0: next(public[above] for above in trees[area.country].upwards(area.id or 0) if above in public)
        for area in areas
    }
