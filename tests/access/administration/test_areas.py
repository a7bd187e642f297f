"""Areas on screen: the tree grows, is named anew, and never moves under schools."""

import pytest
from sqlmodel import select

from access.administration import rows
from access.administration.description import InUse, Invalid
from access.administration.reading import written
from access.administration.tables import TABLES
from access.refusal import NotAllowed
from data_model.places import Area, Country
from tests.access.administration.conftest import NEW, NOW

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AREAS, DISTRICT = TABLES["area"], NEW["area"][0]


def add(session, who, **values):
    return rows.create(session, AREAS, DISTRICT | values, who=who, at=NOW)


def alter(session, who, area, **values):
    shown = written(session, AREAS, area)
    return rows.change(session, AREAS, str(area.id), shown | values, shown=shown, who=who, at=NOW)


FAULTS = (
    ({"parent": ""}, {"parent"}),  # a second root
    ({"code": "KZ", "kind": "country", "parent": ""}, {"code"}),  # the root, again
    ({"code": "KZ", "parent": "KZ-75"}, {"parent", "kind", "code"}),
    ({"kind": "country"}, {"kind"}),
    ({"kind": "region"}, {"kind"}),  # below a region
    ({"code": "UZ-01"}, {"code"}),
    ({"code": "kz-75-03"}, {"code"}),
    ({"parent": "KZ"}, {"code"}),  # not by ISO 3166-2
    ({"parent": "UZ"}, {"parent"}),
    ({"name_en": ""}, {"name_en"}),
)


@ONE_DATABASE
def test_an_area_fits_its_country(session, as_):
    for values, columns in FAULTS:
        with pytest.raises(Invalid) as refused:
            add(session, as_("everywhere"), **values)
        assert {problem.column for problem in refused.value.problems} == columns, values
    region = add(session, as_("administrator"), code="KZ-99", parent="KZ", kind="region")
    assert (region.level, add(session, as_("administrator")).level) == (1, 2)
    for who in ("of-uz", "of-area", "of-one"):
        with pytest.raises(NotAllowed):
            add(session, as_(who), code="KZ-75-09")


@ONE_DATABASE
def test_what_lies_in_an_area_moves_with_it_unless_schools_ever_lay_there(session, as_, world):
    who = as_("everywhere")
    upper = add(session, who)
    lower = add(session, who, code="KZ-75-03-1", parent="KZ-75-03")
    alter(session, who, upper, parent="KZ-10-01")
    assert (upper.level, lower.level) == (3, 4)
    for area, parent, said in (
        (upper, "KZ-75-03-1", "cannot lie in itself"),
        (world.areas["KZ-75-01"], "KZ-10", "Schools lie in it"),
        (world.areas["KZ-75"], "KZ-10", "Schools lie in it"),
    ):
        with pytest.raises(Invalid, match=said):
            alter(session, who, area, parent=parent, name_ru="Имя", name_kk="Аты")
    rows.undo(session, AREAS, str(upper.id), who=who, at=NOW)
    assert (upper.level, lower.level) == (2, 3)


@ONE_DATABASE
def test_a_country_is_called_like_its_root_which_stays(session, as_):
    root = session.exec(select(Area).where(Area.code == "UZ")).one()
    root.name_ru, root.name_kk = "Узбекистан", "Өзбекстан"
    session.flush()
    alter(session, as_("of-uz"), root, name_en="The Republic of Uzbekistan")
    assert session.get_one(Country, "UZ").name_en == "The Republic of Uzbekistan"
    with pytest.raises(InUse, match="the country itself"):
        rows.remove(session, AREAS, str(root.id), shown=written(session, AREAS, root), who=as_("everywhere"), at=NOW)
