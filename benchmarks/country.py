"""A country of 8,000 schools and the reports they could send: what the measurements of the intake run on."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from sqlmodel import Session, col, select

from data_model.bulk import insert_columns
from data_model.measures import Measure
from data_model.participation import Enrolment
from data_model.people import Account, Grant
from data_model.periods import Period
from data_model.places import Area, School, SchoolRecord
from data_model.registry import Initiative
from seed.registry.loading import load

KEY = "kz-chatgpt-edu"
SCHOOLS = 8_000
DISTRICTS = 200
ENTERED = datetime(2025, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
LAST_PERIOD = Period.parse("2026-10")
METRICS = (
    "licences_allocated", "licences_activated", "teachers_total", "teachers_trained", "teachers_active",
    "students_total", "students_with_account", "students_active", "messages_sent", "teachers_surveyed",
    "usefulness_score", "training_hours",
)  # fmt: skip


@dataclass
class Reports:
    """Statements as parallel lists, in the order of the file: period by period, school by school."""

    school: list[str]
    metric: list[str]
    period: list[str]
    value: np.ndarray

    def __len__(self) -> int:
        return len(self.school)


def make_country(session: Session) -> None:
    """Add the registry, 200 districts with 8,000 enrolled schools, a manager and a reviewer."""
    load(session, ENTERED)
    initiative = session.exec(select(Initiative).where(Initiative.key == KEY)).one()
    regions = session.exec(select(Area).where(Area.country == "KZ", Area.level == 1).order_by(col(Area.code))).all()
    districts = []
    for number in range(DISTRICTS):
        region = regions[number % len(regions)]
        code = f"{region.code}-{number:03}"
        districts.append(
            Area(country="KZ", code=code, level=2, kind="district", parent_id=region.id, name_en=f"District {number}")
        )
    session.add_all(districts)
    session.flush()
    insert_columns(session, School, {"country": "KZ", "code": school_codes(), "demonstration": False}, SCHOOLS)
    ids = [identity for identity in session.exec(select(School.id).order_by(col(School.code))).all() if identity]
    records = {
        "school_id": ids,
        "area_id": [districts[number % DISTRICTS].id for number in range(SCHOOLS)],
        "name": [f"School {code}" for code in school_codes()],
        "languages": "",
        "recorded_at": ENTERED,
    }
    insert_columns(session, SchoolRecord, records, SCHOOLS)
    enrolments = {
        "initiative_id": initiative.id, "school_id": ids, "wave": 1, "joined_on": date(2025, 1, 1),
        "recorded_at": ENTERED,
    }  # fmt: skip
    insert_columns(session, Enrolment, enrolments, SCHOOLS)
    for role in ("manager", "reviewer"):
        account = Account(email=f"{role}@example.org", created_at=ENTERED)
        session.add(account)
        session.flush()
        assert account.id is not None
        session.add(Grant(account_id=account.id, role=role, country="KZ", granted_at=ENTERED))


def school_codes() -> list[str]:
    """Return the national codes, in order."""
    return [f"{number:06}" for number in range(1_000, 1_000 + SCHOOLS)]


def make_reports(rows: int) -> Reports:
    """Return `rows` statements of as many periods as it takes, the oldest first, that break no rule."""
    a_period = SCHOOLS * len(METRICS)
    count = -(-rows // a_period)
    periods = [LAST_PERIOD.shifted(index - count + 1).key for index in range(count)]
    values = np.concatenate([_values(number) for number in range(count)])[:rows]
    codes = [code for code in school_codes() for _metric in METRICS]
    return Reports(
        (codes * count)[:rows],
        (list(METRICS) * SCHOOLS * count)[:rows],
        [period for period in periods for _cell in range(a_period)][:rows],
        values,
    )


def _values(month: int) -> np.ndarray:
    """Return one period's values, school by school in the order of METRICS."""
    dice = np.random.default_rng(month)
    teachers = np.random.default_rng(2_026).integers(20, 120, SCHOOLS).astype(float)
    share = np.clip(0.3 + 0.03 * month + dice.normal(0, 0.02, SCHOOLS), 0.1, 0.95)
    activated = np.floor(teachers * share)
    columns = [
        teachers, activated, teachers, np.floor(teachers * share * 0.9), np.floor(activated * 0.8),
        teachers * 12, np.floor(teachers * 12 * share), np.floor(teachers * 10 * share * 0.8),
        np.floor(activated * 40 + dice.integers(0, 30, SCHOOLS)), np.maximum(1, np.floor(teachers * 0.2)),
        np.round(3 + share, 2), np.round(activated * 1.5, 1),
    ]  # fmt: skip
    return np.column_stack(columns).ravel()


def as_long_file(reports: Reports) -> bytes:
    """Return the reports as a CSV file of the long layout."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["school_code", "metric", "period", "value"])
    texts = (f"{value:g}" if value < 100_000 else f"{value:.0f}" for value in reports.value.tolist())
    writer.writerows(zip(reports.school, reports.metric, reports.period, texts, strict=True))
    return written.getvalue().encode()


def as_wide_file(reports: Reports) -> bytes:
    """Return the reports as a CSV file of the wide layout: whole rows only."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["school_code", "school_name", "period", *METRICS])
    writer.writerows(_wide_rows(reports))
    return written.getvalue().encode()


def _wide_rows(reports: Reports) -> Iterator[list[str]]:
    width = len(METRICS)
    for start in range(0, len(reports), width):
        code = reports.school[start]
        texts = [f"{value:g}" for value in reports.value[start : start + width].tolist()]
        yield [code, f"School {code}", reports.period[start], *texts]


def identities(session: Session, reports: Reports) -> tuple[np.ndarray, np.ndarray]:
    """Return the database ids of the reports' schools and metrics, in their order."""
    schools = dict(session.exec(select(School.code, School.id)).all())
    metrics = dict(session.exec(select(Measure.key, Measure.id)).all())
    return (
        np.array([schools[code] for code in reports.school], dtype=np.int64),
        np.array([metrics[key] for key in reports.metric], dtype=np.int64),
    )
