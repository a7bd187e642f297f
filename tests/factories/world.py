"""`make_world`: one country, two regions with districts, six schools, an initiative, metrics of every kind, people."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from data_model.measures import Indicator, Metric
from data_model.people import Account
from data_model.places import Area, School
from data_model.registry import Initiative
from tests.factories.rows import (
    at_once,
    make_account,
    make_area,
    make_country,
    make_enrolment,
    make_grant,
    make_indicators,
    make_initiative,
    make_metrics,
    make_requirement,
    make_rule,
    make_schools,
    make_source,
)

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)  # "now" of most tests: September and October 2026 are complete
MONTHS = ("2026-08", "2026-09", "2026-10")

# key, kind, subject, unit, decimals, lower, upper, count metric, aliases
METRICS = (
    ("licences_allocated", "stock", "licence", "licences", 0, 0, 1e6, None, ("выделено лицензий",)),
    ("licences_activated", "stock", "licence", "licences", 0, 0, 1e6, None, ("активировано лицензий",)),
    ("teachers_total", "stock", "teacher", "people", 0, 0, 1e6, None, ("всего учителей",)),
    ("teachers_trained", "stock", "teacher", "people", 0, 0, 1e6, None, ("обучено учителей",)),
    ("teachers_active", "distinct", "teacher", "people", 0, 0, 1e6, None, ("активных учителей",)),
    ("messages_sent", "flow", "message", "messages", 0, 0, 1e6, None, ("сообщений",)),
    ("teachers_surveyed", "distinct", "teacher", "people", 0, 0, 1e6, None, ()),
    ("usefulness_score", "score", "teacher", "points", 2, 1, 5, "teachers_surveyed", ()),
    ("training_hours", "flow", "teacher", "hours", 1, 0, 1e5, None, ()),
)
INDICATORS = (
    ("licence_activation", "licences_activated", "licences_allocated"),
    ("teacher_training", "teachers_trained", "teachers_total"),
    ("teacher_activation", "teachers_active", "teachers_total"),
)
RULES = (
    ("licences_activated", "licences_allocated"),
    ("teachers_trained", "teachers_total"),
    ("teachers_active", "teachers_total"),
    ("teachers_active", "licences_activated"),
    ("teachers_surveyed", "teachers_total"),
)
REGIONS = ("KZ-75", "KZ-10")
PEOPLE = (
    ("analyst", "analyst"), ("manager", "manager"), ("reviewer", "reviewer"),
    ("second-reviewer", "reviewer"), ("administrator", "administrator"),
)  # fmt: skip
# school code, district code
SCHOOLS = (
    ("001024", "KZ-75-01"),
    ("001025", "KZ-75-01"),
    ("002017", "KZ-75-02"),
    ("020311", "KZ-10-01"),
    ("100450", "KZ-10-01"),
    ("100451", "KZ-10-02"),
)


@dataclass
class World:
    """What `make_world` made, by code or key."""

    initiative: Initiative
    areas: dict[str, Area]
    schools: dict[str, School]
    metrics: dict[str, Metric]
    indicators: dict[str, Indicator]
    accounts: dict[str, Account] = field(default_factory=dict)


def make_world(session: Session) -> World:
    """Add the small country and return it. All six schools are enrolled in `kz-chatgpt-edu` from January 2025.

    Accounts: analyst@, manager@, reviewer@, second-reviewer@, administrator@example.org with grants for the country.
    """
    make_country(session, "KZ", name_en="Kazakhstan", name_ru="Казахстан", name_kk="Қазақстан")
    areas = {"KZ": session.exec(select(Area).where(col(Area.code) == "KZ")).one()}
    with at_once(session):
        for region in REGIONS:
            areas[region] = make_area(session, region, areas["KZ"])
    with at_once(session):
        for region in REGIONS:
            for number in ("01", "02"):
                areas[f"{region}-{number}"] = make_area(session, f"{region}-{number}", areas[region])
    initiative = make_initiative(session, make_source(session))
    metrics = _make_metrics(session, initiative)
    parts = {key: (metrics[numerator], metrics[denominator]) for key, numerator, denominator in INDICATORS}
    indicators = make_indicators(session, parts)
    schools = make_schools(session, {code: areas[district] for code, district in SCHOOLS})
    with at_once(session):
        for lesser, greater in RULES:
            make_rule(session, metrics[lesser], metrics[greater])
        for school in schools.values():
            make_enrolment(session, initiative, school)
    world = World(initiative, areas, schools, metrics, indicators)
    with at_once(session):
        for name, _role in PEOPLE:
            world.accounts[name] = make_account(session, f"{name}@example.org")
    with at_once(session):
        for name, role in PEOPLE:
            make_grant(session, world.accounts[name], role, country="KZ")
    return world


def _make_metrics(session: Session, initiative: Initiative) -> dict[str, Metric]:
    metrics = make_metrics(
        session,
        {
            key: {
                "kind": kind, "subject": subject, "unit": unit, "decimals": decimals, "lower": lower, "upper": upper,
                "count": count, "aliases": aliases,
            }
            for key, kind, subject, unit, decimals, lower, upper, count, aliases in METRICS
        },
    )  # fmt: skip
    required = [name for name, *_ in METRICS[:6]]
    with at_once(session):
        for key, metric in metrics.items():
            make_requirement(session, initiative, metric, required=key in required)
    return metrics
