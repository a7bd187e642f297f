"""The table of areas: a country's tree of regions, cities and districts.

The tree has no versions: what an area's figures were is known by the schools that lay in it. So an area in or below
which a school ever lay stays where it is.
"""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.administration import places
from access.administration.description import Asked, Column, Kind, Problem, Reference, Table
from access.administration.registry_tables import COUNTRY, NEVER_CHANGES
from access.administration.reporting_tables import REPORTING
from access.language import N_, _, current
from data_model.places import Area, AreaKind, Country, SchoolRecord

DEEPEST = 5
# Of a region or city by ISO 3166-2; below it a country has codes of its own.
FIRST_LEVEL = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)*")
KINDS = {
    AreaKind.COUNTRY.value: N_("country"),
    AreaKind.REGION.value: N_("region"),
    AreaKind.CITY.value: N_("city"),
    AreaKind.DISTRICT.value: N_("district"),
}
OTHER_LANGUAGES = N_("Empty: its English name is shown.")
ROOT_STAYS = N_("It is the country itself, in which everything else lies: it stays.")


def area_names(session: Session, country: str = "") -> dict[str, str]:
    """Return the areas (of one country where it is named): code -> name in the current language and code, in order."""
    named = getattr(Area, f"name_{current()}")
    query = select(Area.code, named, Area.name_en).order_by(col(Area.code))
    query = query.where(Area.country == country) if country else query
    return {code: f"{name or english} ({code})" for code, name, english in session.exec(query).all()}


def _one_root(asked: Asked) -> Iterator[Problem]:
    written = asked.written
    root = written["code"] == written["country"]
    if root and written["parent"]:
        yield Problem("parent", _("The country itself lies in no other area: leave this empty."))
    if not root and not written["parent"]:
        yield Problem("parent", _("A country has one root, itself: choose the area in which this one lies."))
    if root != (written["kind"] == AreaKind.COUNTRY):
        yield Problem("kind", _("The country itself, and nothing in it, is of the kind “country”."))


def _lies_in_its_country(asked: Asked) -> Iterator[Problem]:
    parent = _parent(asked)
    if parent is None:
        return
    code, country = asked.written["code"], asked.written["country"]
    if parent.country != country:
        yield Problem("parent", _("The area in which it lies is of another country: choose one of this country."))
        return
    if not code.startswith(f"{country}-"):
        message = _("The code begins with the country's: {country}-…")
        yield Problem("code", message.format(country=country))
    elif parent.level == 0 and not FIRST_LEVEL.fullmatch(code):
        yield Problem("code", _("What lies directly in the country is coded by ISO 3166-2, such as KZ-75."))
    if parent.level > 0 and asked.written["kind"] in (AreaKind.REGION, AreaKind.CITY):
        yield Problem("kind", _("Below a region or a city lie districts."))


def _may_move(asked: Asked) -> Iterator[Problem]:
    parent, own = _parent(asked), _own(asked)
    if parent is not None and own is None and parent.level >= DEEPEST:
        yield Problem("parent", _("That would be too deep: an area lies at most five levels below the country."))
    if parent is None or own is None or own.parent_id == parent.id:
        return
    inside = _inside(asked.session, own)
    if parent.id in [area.id for area in inside]:
        yield Problem("parent", _("An area cannot lie in itself, nor in one that lies in it."))
    elif _hold_schools(asked.session, inside):
        yield Problem("parent", _(
            "Schools lie in it, or have lain: moving it would change figures that were already given. Add a new area"
            " where it shall lie, and move its schools there in the register."
        ))  # fmt: skip
    elif parent.level + 1 + max(area.level for area in inside) - own.level > DEEPEST:
        yield Problem("parent", _("That would be too deep: an area lies at most five levels below the country."))


def _parent(asked: Asked) -> Area | None:
    number = asked.values["parent"]
    return asked.session.get_one(Area, number) if number is not None else None


def _own(asked: Asked) -> Area | None:
    return asked.session.exec(select(Area).where(Area.code == asked.written["code"])).one_or_none()


def _inside(session: Session, area: Area) -> list[Area]:
    """Return the area and all that lie in it, nearest first."""
    found, level = [area], [area]
    while level:
        level = list(session.exec(select(Area).where(col(Area.parent_id).in_([one.id for one in level]))).all())
        found += level
    return found


def _hold_schools(session: Session, areas: list[Area]) -> bool:
    query = select(SchoolRecord.id).where(col(SchoolRecord.area_id).in_([area.id for area in areas])).limit(1)
    return session.exec(query).first() is not None


def _complete(session: Session, area: Area) -> None:
    """Its level follows from where it lies; what lies in an invented area goes when that goes."""
    parent = session.get_one(Area, area.parent_id) if area.parent_id is not None else None
    area.level = parent.level + 1 if parent is not None else 0
    if parent is not None and not sa.inspect(area).persistent:
        area.demonstration = parent.demonstration


def _follow(session: Session, area: Area) -> None:
    """The levels of what lies in it follow; the country is called like its root."""
    levels = {area.id: area.level}
    for one in _inside(session, area)[1:]:
        levels[one.id] = one.level = levels[one.parent_id] + 1
        session.add(one)
    if area.level == 0:
        country = session.get_one(Country, area.country)
        country.name_en, country.name_ru, country.name_kk = area.name_en, area.name_ru, area.name_kk
        session.add(country)
    session.flush()


def _stays(area: Any) -> str:
    return ROOT_STAYS if area.level == 0 else ""


AREAS = Table(
    name="area",
    row=Area,
    title=N_("Areas"),
    one=N_("Area"),
    about=N_("A country's regions, cities and districts. An area in which schools lie stays where it is."),
    group=REPORTING,
    columns=(
        Column("country", Kind.REFERENCE, N_("Country"), required=True, fixed=True, refers_to=COUNTRY),
        Column("code", Kind.KEY, N_("Code"), NEVER_CHANGES, required=True, fixed=True, listed=True, form=CODE,
               longest=40, form_said=N_("{label} is written with capital Latin letters, digits and single hyphens,"
                                        " such as KZ-75 or KZ-75-01.")),
        Column("parent", Kind.REFERENCE, N_("Within"), listed=True, within="country", brings=("level",),
               refers_to=Reference(Area, key="code", name="name_", choose=area_names)),
        Column("kind", Kind.CHOICE, N_("Kind"), required=True, listed=True, choices=KINDS),
        Column("name_en", Kind.TEXT, N_("Name in English"), required=True, longest=200),
        Column("name_ru", Kind.TEXT, N_("Name in Russian"), OTHER_LANGUAGES, longest=200),
        Column("name_kk", Kind.TEXT, N_("Name in Kazakh"), OTHER_LANGUAGES, longest=200),
        Column("centre", Kind.TEXT, N_("Administrative centre"), longest=200),
    ),
    key=("code",),
    called=("name_en",),
    places=places.of_country,
    rules=(_one_root, _lies_in_its_country, _may_move),
    search=("code", "name_en", "name_ru", "name_kk"),
    narrowed_by="country",
    complete=_complete,
    follow=_follow,
    stays=_stays,
)  # fmt: skip
