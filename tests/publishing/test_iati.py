"""The IATI activity file: in the order and with the codes of the standard's version 2.03, from what is public only.

The standard's schema is not shipped with Uptake. `CHILDREN` says in our own words what it asks for of the elements that
we write: in this order, so many of each at least and at most (None: any number).
"""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from lxml import etree
from sqlmodel import delete, select

from access.identity import identify
from access.instance_settings import change
from analytics import registry
from data_model.engine import open_session
from data_model.measures import Target
from data_model.money import Fund, Transaction
from data_model.registry import Initiative, Organisation, Participation, Source
from data_model.releases import Release, ReleasedFigure, ReleasedTable
from publishing import __main__ as commands
from publishing import releases
from publishing.iati import activities
from publishing.iati.activities import activity_file, first_day
from publishing.iati.elements import number
from publishing.open_data import NoSuchRelease
from tests.factories import START, make_account, make_grant, make_initiative, make_organisation, make_source, make_world
from tests.publishing.test_releases import report
from tests.publishing.web.conftest import SMALL

NARRATIVES: dict[str, tuple[int, int | None]] = {"narrative": (1, None)}
CHILDREN: dict[str, dict[str, tuple[int, int | None]]] = {
    "iati-activities": {"iati-activity": (1, None)},
    "iati-activity": {
        "iati-identifier": (1, 1), "reporting-org": (1, 1), "title": (1, 1), "description": (1, None),
        "participating-org": (1, None), "activity-status": (1, 1), "activity-date": (1, None),
        "contact-info": (0, None), "activity-scope": (0, 1), "recipient-country": (0, None), "sector": (0, None),
        "transaction": (0, None), "document-link": (0, None), "result": (0, None),
    },
    "contact-info": {"organisation": (0, 1), "email": (0, None), "mailing-address": (0, None)},
    "transaction": {
        "transaction-type": (1, 1), "transaction-date": (1, 1), "value": (1, 1), "description": (0, 1),
        "provider-org": (0, 1), "receiver-org": (0, 1),
    },
    "document-link": {"title": (1, 1), "category": (1, None)},
    "result": {"title": (1, 1), "indicator": (1, None)},
    "indicator": {"title": (1, 1), "description": (0, 1), "baseline": (0, None), "period": (0, None)},
    "period": {"period-start": (1, 1), "period-end": (1, 1), "target": (0, None), "actual": (0, None)},
    "baseline": {"dimension": (0, None)}, "target": {"dimension": (0, None)}, "actual": {"dimension": (0, None)},
    **dict.fromkeys(
    ("reporting-org", "title", "description", "participating-org", "activity-date", "organisation", "mailing-address",
     "provider-org", "receiver-org"), NARRATIVES,
    ),
}  # fmt: skip
ATTRIBUTES = {
    "iati-activities": {"version", "generated-datetime"}, "reporting-org": {"ref", "type"},
    "participating-org": {"type", "role"}, "activity-status": {"code"}, "activity-date": {"type", "iso-date"},
    "sector": {"vocabulary", "code"}, "transaction-type": {"code"}, "transaction-date": {"iso-date"},
    "value": {"currency", "value-date"}, "document-link": {"url", "format"}, "category": {"code"},
    "result": {"type"}, "indicator": {"measure"}, "baseline": {"year", "value"}, "period-start": {"iso-date"},
    "period-end": {"iso-date"}, "target": {"value"}, "actual": {"value"}, "dimension": {"name", "value"},
}  # fmt: skip
AT = datetime(2026, 12, 1, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(session):
    """A country with a release, targets, money and an initiative of which no date is known."""
    made = make_world(session)
    key, lead = made.initiative, make_organisation(session, "openai", kind="technology_provider")
    key.starts_on, key.summary = "2026-05", "Licences \x0b& training <for> teachers"
    session.add(Participation(initiative_id=key.id, organisation_id=lead.id, role="lead", source_id=key.source_id))
    make_initiative(session, make_source(session, "S9"), "kz-undated")
    for invented in (False, True):
        fund = Fund(key=f"fund-{invented}", name="A fund", country="KZ", demonstration=invented)
        session.add(fund)
        session.flush()
        session.add(
            Transaction(
                fund_id=fund.id, initiative_id=key.id, kind="disbursement", happened_on=date(2026, 6, 1),
                amount=Decimal("1234567.50"), currency="KZT", to_organisation_id=lead.id,
            )
        )  # fmt: skip
    for area, value in (("KZ", 60), ("KZ-75", 70)):
        session.add(
            Target(
                initiative_id=key.id, area_id=made.areas[area].id, measure_id=made.indicators["teacher_activation"].id,
                baseline=Decimal(10), baseline_on=date(2026, 1, 1), value=Decimal(value), due_on=date(2026, 12, 31),
                recorded_at=START,
            )
        )  # fmt: skip
    report(session, made, SMALL)
    releases.release(session, by=identify(session, made.accounts["reviewer"]), note="", at=START + timedelta(hours=1))
    return made


def forget(session):
    """Make of the release one of before its file was kept."""
    session.exec(delete(ReleasedTable).where(ReleasedTable.name == activities.KEPT))
    session.info.clear()
    session.flush()


def read(made):
    return etree.fromstring(made.content)


def assert_fits(element):
    """Hold an element and all in it to the standard's order, counts and attributes."""
    children = [child.tag for child in element]
    allowed = CHILDREN.get(element.tag, {})
    order = list(allowed)
    assert [order.index(tag) for tag in children] == sorted(order.index(tag) for tag in children), element.tag
    for tag, (least, most) in allowed.items():
        assert least <= children.count(tag) <= (most or 10**6), f"{tag} in {element.tag}"
    assert ATTRIBUTES.get(element.tag, set()) <= set(element.attrib), element.tag
    for child in element:
        assert_fits(child)


@pytest.mark.usefixtures("world")
def test_the_file_has_the_standards_elements_in_its_order(session):
    made = activity_file(session, None, AT)
    root = read(made)
    assert_fits(root)
    assert root.get("version") == "2.03" and (made.activities, made.left_out) == (("kz-chatgpt-edu",), ("kz-undated",))
    (activity,) = root
    assert activity.findtext("iati-identifier") == f"{activity.find('reporting-org').get('ref')}-kz-chatgpt-edu"
    assert activity.findtext("description/narrative") == "Licences & training <for> teachers"
    day = activity.find("activity-date")
    assert (day.get("type"), day.get("iso-date")) == ("2", "2026-05-01") and "2026-05" in day.findtext("narrative")


@pytest.mark.usefixtures("world")
def test_actuals_are_what_the_release_shows_and_withheld_ones_are_not_there(session):
    (activity,) = read(activity_file(session, 1, AT))
    results = {result.findtext("title/narrative"): result for result in activity.findall("result")}
    (total,) = (result for title, result in results.items() if "otal" in title and "eacher" in title)
    actuals = {(one.find("dimension").get("value") if len(one) else "KZ"): one.get("value")
               for one in total.iter("actual")}  # fmt: skip
    assert actuals == {"KZ": "145", "KZ-75": "70", "KZ-10": "75"}
    shown = etree.tostring(activity).decode()
    # Three teachers are active in KZ-10: told is the nation's 35, and no region's.
    assert 'value="3"' not in shown and 'value="32"' not in shown and 'value="35"' in shown
    rate = next(result for result in activity.findall("result") if result.find("indicator/baseline") is not None)
    assert rate.find("indicator").get("measure") == "2"
    assert [one.get("value") for one in rate.iter("baseline")] == ["10", "10"]
    assert sorted(one.get("value") for one in rate.iter("target")) == ["60", "70"]
    assert "withheld" in rate.findtext("indicator/description/narrative")


@pytest.mark.usefixtures("world")
def test_beside_what_is_real_nothing_invented_stands(session):
    (activity,) = read(activity_file(session, 1, AT))
    assert [one.findtext("value") for one in activity.findall("transaction")] == ["1234567.5"]
    assert "DEMONSTRATION" not in etree.tostring(activity).decode()
    session.get_one(Release, 1).demonstration = True
    forget(session)
    (activity,) = read(activity_file(session, 1, AT))
    assert len(activity.findall("transaction")) == 2
    assert activity.findtext("title/narrative").startswith("[DEMONSTRATION]")
    assert any("invented" in text for text in activity.itertext())


@pytest.mark.usefixtures("world")
def test_who_reports_is_as_the_instance_says(session):
    chief = make_account(session, "chief@example.org")
    make_grant(session, chief, "administrator")
    for key, said in (("iati_organisation", "KZ-GOV-1"), ("operator", "A ministry"), ("contact_email", "a@b.kz")):
        change(session, identify(session, chief), key, said, START)
    forget(session)
    root = read(activity_file(session, 1, AT))
    assert_fits(root)
    assert root.findtext("iati-activity/iati-identifier") == "KZ-GOV-1-kz-chatgpt-edu"
    assert root.findtext("iati-activity/reporting-org/narrative") == "A ministry"
    assert root.findtext("iati-activity/contact-info/email") == "a@b.kz"


def test_the_file_of_a_release_stays_as_it_was_whatever_is_changed(session, world):
    first = activity_file(session, 1, AT)
    for table, column, changed in (
        (Transaction, "amount", Decimal(1)), (Organisation, "name", "Another"), (Fund, "name", "Another"),
        (Initiative, "summary", "Another"), (Initiative, "starts_on", "2020"), (Source, "title", "Another"),
    ):  # fmt: skip
        for row in session.exec(select(table)).all():
            setattr(row, column, changed)
    session.flush()
    releases.release(
        session, by=identify(session, world.accounts["reviewer"]), note="", at=START + timedelta(hours=2)
    )  # fmt: skip
    assert activity_file(session, 1, AT + timedelta(days=9)) == first
    assert b"Another" in activity_file(session, 2, AT).content and b"Another" not in first.content


@pytest.mark.usefixtures("world")
def test_of_a_release_of_before_files_were_kept_it_is_kept_as_it_is_known_then(session):
    forget(session)
    assert activities.keep_missing(session) == 1 and activities.keep_missing(session) == 0
    (summary,) = {one.summary for one in session.exec(select(Initiative).where(Initiative.key == "kz-chatgpt-edu"))}
    kept_as = activity_file(session, 1, AT)
    for row in session.exec(select(Initiative)).all():
        row.summary = f"not {summary}"
    session.flush()
    assert activity_file(session, 1, AT) == kept_as


def test_a_baseline_that_a_release_withholds_is_not_in_its_file(session, world):
    """It may be three of ninety: whoever typed it in knows it from the reports."""
    for target in session.exec(select(Target)).all():
        target.baseline_on = date(2026, 9, 30)
    area = world.areas["KZ-10"].id
    measure = world.indicators["teacher_activation"].id
    initiative = world.initiative.id
    session.add(
        Target(
            initiative_id=initiative, area_id=area, measure_id=measure, baseline=Decimal("3.3"), value=Decimal(50),
            baseline_on=date(2026, 9, 30), due_on=date(2026, 12, 31), recorded_at=START,
        )
    )  # fmt: skip
    forget(session)
    (activity,) = read(activity_file(session, 1, AT))
    shown = {row.area_code for row in session.exec(select(ReleasedFigure)).all()
             if row.measure == "teacher_activation" and row.state == "reported"}  # fmt: skip
    told = {(one.find("dimension").get("value") if len(one) else "KZ") for one in activity.iter("baseline")}
    assert "KZ-10" not in told and told == shown & {"KZ", "KZ-75", "KZ-10"}
    assert len(list(activity.iter("target"))) == 3, "what is to be reached is told"
    aims = registry.targets(session, "kz-chatgpt-edu", None, True).set_index("area_code")["baseline"]
    assert {area for area, value in aims.items() if value == value} == told, "nor on the pages"
    assert registry.targets(session, "kz-chatgpt-edu")["baseline"].notna().all(), "staff see it"


@pytest.mark.usefixtures("world")
def test_a_withdrawn_release_has_no_file(session):
    session.get_one(Release, 1).withdrawn_at = AT
    session.flush()
    with pytest.raises(NoSuchRelease):
        activity_file(session, 1, AT)


@pytest.mark.usefixtures("database")
def test_days_and_numbers_are_written_as_the_standard_asks():
    assert [first_day(one).isoformat() for one in ("2026", "2026-05", "2026-05-20")] == [
        "2026-01-01", "2026-05-01", "2026-05-20",
    ]  # fmt: skip
    assert [number(one) for one in (12.0, 0.1, 1e9, Decimal("7.500"), 1e-7)] == [
        "12", "0.1", "1000000000", "7.5", "0.0000001",
    ]  # fmt: skip


def test_from_the_command_line(engine, database, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATABASE_URL", database)
    with open_session(engine, write=True) as session:
        made = make_world(session)
        made.initiative.announced_on = "2026-01-21"
        report(session, made, SMALL)
        by = identify(session, made.accounts["reviewer"])
        releases.release(session, by=by, note="", at=START + timedelta(hours=1))
        session.commit()
    target = tmp_path / "iati.xml"
    assert commands.main(["export", "iati", "-o", str(target), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["release"], said["activities"]) == (1, ["kz-chatgpt-edu"])
    assert_fits(etree.parse(target).getroot())
    assert commands.main(["export", "iati", "--release", "9", "-o", str(target), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "release_unknown"
