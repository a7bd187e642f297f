"""One factory per table: each adds one row with unremarkable values and returns it; say only what matters."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel

from data_model.locks import PeriodLock
from data_model.measures import Definition, Indicator, Measure, Metric, MetricAlias, MetricRule
from data_model.participation import Enrolment, ReportingPeriod, Requirement
from data_model.people import Account, Grant
from data_model.periods import Period
from data_model.places import Area, Country, School, SchoolRecord
from data_model.registry import Claim, Initiative, Organisation, Programme, Source

Row = TypeVar("Row", bound=SQLModel)
Bounds = tuple[float | None, float | None]
LANGUAGES = ("en", "ru", "kk")
AT_ONCE = "rows are sent together"
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    if not session.info.get(AT_ONCE):
        session.flush()
    return row


@contextmanager
def at_once(session: Session) -> Iterator[None]:
    """Send the rows that are made here to the database together: they get their ids at the end."""
    session.info[AT_ONCE] = True
    yield
    session.info[AT_ONCE] = False
    session.flush()


def make_country(session: Session, code: str = "KZ", **given: Any) -> Country:
    """Add a country and the root of its areas."""
    country = _added(session, Country(**{"code": code, "name_en": code, "time_zone": "Asia/Almaty"} | given))
    _added(session, Area(country=code, code=code, level=0, kind="country", name_en=country.name_en))
    return country


def make_area(session: Session, code: str, parent: Area, **given: Any) -> Area:
    """Add an area below `parent`."""
    level = parent.level + 1
    values = {"kind": "region" if level == 1 else "district", "name_en": code} | given
    return _added(session, Area(country=parent.country, code=code, level=level, parent_id=parent.id, **values))


def make_school(session: Session, code: str, area: Area, *, at: datetime = BEGINNING, **given: Any) -> School:
    """Add a school and its first record. `given` goes to the record, `demonstration` to the school."""
    return make_schools(session, {code: area}, at=at, **given)[code]


def make_schools(
    session: Session, areas: Mapping[str, Area], *, at: datetime = BEGINNING, demonstration: bool = False, **given: Any
) -> dict[str, School]:
    """Add schools in these areas by code, and their first records."""
    with at_once(session):
        schools = {
            code: _added(session, School(country=area.country, code=code, demonstration=demonstration))
            for code, area in areas.items()
        }
    with at_once(session):
        for code, school in schools.items():
            values = {"area_id": areas[code].id, "name": f"School {code}", "recorded_at": at} | given
            _added(session, SchoolRecord(school_id=school.id, **values))
    return schools


def make_source(session: Session, key: str = "S1", **given: Any) -> Source:
    """Add a source of grade A."""
    values = {"title": "A page", "publisher": "A ministry", "url": "https://example.org/page", "grade": "A"} | given
    return _added(session, Source(key=key, **values))


def make_organisation(session: Session, key: str = "ministry", **given: Any) -> Organisation:
    """Add a ministry."""
    return _added(session, Organisation(**{"key": key, "name": key.title(), "kind": "ministry"} | given))


def make_programme(session: Session, key: str, lead: Organisation, source: Source, **given: Any) -> Programme:
    """Add a programme."""
    values = {"name": key.title(), "summary": "A programme."} | given
    return _added(session, Programme(key=key, lead_organisation_id=lead.id, source_id=source.id, **values))


def make_initiative(session: Session, source: Source, key: str = "kz-chatgpt-edu", **given: Any) -> Initiative:
    """Add an active platform rollout."""
    values = {
        "country": "KZ", "name": key, "kind": "platform_rollout", "status": "active", "summary": "An initiative.",
    } | given  # fmt: skip
    return _added(session, Initiative(key=key, source_id=source.id, **values))


def make_claim(session: Session, initiative: Initiative, source: Source, key: str = "claim", **given: Any) -> Claim:
    """Add a claim of 84,000 trained teachers at least."""
    values = {
        "figure": "teachers_trained", "kind": "result", "qualifier": "at_least", "value": Decimal(84000),
        "unit": "teachers", "population": "teachers",
    } | given  # fmt: skip
    return _added(session, Claim(key=key, initiative_id=initiative.id, source_id=source.id, **values))


def _make_measures(session: Session, kind: str, at: datetime, bounds: Mapping[str, Bounds]) -> dict[str, int]:
    """Add measures by key, each with its definition; return their ids."""
    with at_once(session):
        measures = {key: _added(session, Measure(key=key, type=kind)) for key in bounds}
    with at_once(session):
        for key, (lower, upper) in bounds.items():
            name = key.replace("_", " ").capitalize()
            names = {f"name_{language}": name for language in LANGUAGES}
            texts = {f"text_{language}": f"What {name} means." for language in LANGUAGES}
            identity = measures[key].id
            _added(
                session,
                Definition(measure_id=identity, lower=lower, upper=upper, recorded_at=at, **names, **texts),
            )
    return {key: measure.id or 0 for key, measure in measures.items()}


def make_metric(session: Session, key: str, *, at: datetime = BEGINNING, **given: Any) -> Metric:
    """Add a metric with its measure and definition: a teacher stock from 0 to 1,000,000."""
    return make_metrics(session, {key: given}, at=at)[key]


def make_metrics(
    session: Session, given: Mapping[str, Mapping[str, Any]], *, at: datetime = BEGINNING
) -> dict[str, Metric]:
    """Add metrics by key as `make_metric` does; a score may name its count among them by key: `count="..."`."""
    bounds = {key: (values.get("lower", 0.0), values.get("upper", 1_000_000.0)) for key, values in given.items()}
    ids = _make_measures(session, "metric", at, bounds)
    metrics: dict[str, Metric] = {}
    with at_once(session):
        for key, values in given.items():
            said = {name: value for name, value in values.items() if name not in ("lower", "upper", "aliases", "count")}
            if values.get("count"):
                said["count_metric_id"] = ids[values["count"]]
            plain = {"id": ids[key], "kind": "stock", "subject": "teacher", "unit": "people"}
            metrics[key] = _added(session, Metric(**plain | said))
    with at_once(session):
        for key, values in given.items():
            for alias in values.get("aliases", ()):
                _added(session, MetricAlias(alias=alias, metric_id=ids[key]))
    return metrics


def make_indicator(session: Session, key: str, numerator: Metric, denominator: Metric, **given: Any) -> Indicator:
    """Add an indicator in percent with its measure and definition."""
    return make_indicators(session, {key: (numerator, denominator)}, **given)[key]


def make_indicators(
    session: Session, parts: Mapping[str, tuple[Metric, Metric]], *, at: datetime = BEGINNING, **given: Any
) -> dict[str, Indicator]:
    """Add indicators by key, each of a numerator and a denominator."""
    ids = _make_measures(session, "indicator", at, dict.fromkeys(parts, (None, None)))
    with at_once(session):
        return {
            key: _added(session, Indicator(id=ids[key], numerator_id=upper.id, denominator_id=lower.id, **given))
            for key, (upper, lower) in parts.items()
        }


def make_rule(session: Session, lesser: Metric, greater: Metric, *, at: datetime = BEGINNING) -> MetricRule:
    """Add the rule that `lesser` is at most `greater`."""
    return _added(session, MetricRule(lesser_id=lesser.id, greater_id=greater.id, recorded_at=at))


def make_requirement(session: Session, initiative: Initiative, metric: Metric, **given: Any) -> Requirement:
    """Let the initiative ask for the metric."""
    return _added(session, Requirement(initiative_id=initiative.id, metric_id=metric.id, **given))


def make_enrolment(session: Session, initiative: Initiative, school: School, **given: Any) -> Enrolment:
    """Enrol the school from 1 January 2025."""
    values = {"joined_on": date(2025, 1, 1), "recorded_at": BEGINNING} | given
    return _added(session, Enrolment(initiative_id=initiative.id, school_id=school.id, **values))


def make_period(session: Session, initiative: Initiative, key: str, **given: Any) -> ReportingPeriod:
    """Add a reporting period by its written form, due ten days after its end; locked from `locked_at` on, if given."""
    period = Period.parse(key)
    locked_at = given.pop("locked_at", None)
    values = {"due_on": period.shifted(1).starts_on.replace(day=10)} | given
    held = _added(
        session,
        ReportingPeriod(
            initiative_id=initiative.id, granularity=period.granularity,
            starts_on=period.starts_on, ends_on=period.ends_on, **values,
        ),
    )  # fmt: skip
    if locked_at is not None:
        make_lock(session, held, locked_at)
    return held


def make_lock(session: Session, period: ReportingPeriod, at: datetime, **given: Any) -> PeriodLock:
    """Lock the period from that moment on."""
    return _added(session, PeriodLock(period_id=period.id, recorded_at=at, **given))


def make_account(session: Session, email: str, **given: Any) -> Account:
    """Add a person without a password."""
    return _added(session, Account(**{"email": email, "name": email.split("@")[0], "created_at": BEGINNING} | given))


def make_grant(session: Session, account: Account, role: str, **given: Any) -> Grant:
    """Give the person a role, everywhere unless a country, area or initiative is named."""
    return _added(session, Grant(**{"account_id": account.id, "role": role, "granted_at": BEGINNING} | given))
