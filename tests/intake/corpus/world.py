"""The country the corpus is about: the small world, and schools, periods and names that invite confusion."""

from datetime import UTC, date, datetime

from sqlmodel import Session

from data_model.measures import MetricAlias
from data_model.registry import Initiative
from tests.factories import (
    World,
    make_enrolment,
    make_initiative,
    make_metric,
    make_period,
    make_requirement,
    make_school,
    make_source,
    make_world,
)
from tests.intake.corpus.case import QUARTERLY, YEARLY

# Schools that take part: code, name.
CONFUSING = (
    ("001234", "Школа №1234"),
    ("KA-0012", "Лицей KA-0012"),  # Latin letters
    ("000777", "Школа №777"),
    ("00777", "Школа-сад №777"),  # 777 could be either
    ("004001", "Итого"),
    ("004002", 'Гимназия "Алтын"; филиал, №2'),
    ("004003", "=cmd|' /C calc'!A0"),
    ("500100", "Мектеп-лицей им. Қ. Сәтбаев"),
)
CLOSED, NOT_YET_OPEN, NOT_ENROLLED, LEFT, LATE = "003001", "003002", "003003", "003004", "003005"
LOCKED = "2026-07"
NOT_ASKED = "students_total"
KAZAKH = (
    ("бөлінген лицензиялар", "licences_allocated"),
    ("іске қосылған лицензиялар", "licences_activated"),
    ("мұғалімдер саны", "teachers_total"),
    ("оқытылған мұғалімдер", "teachers_trained"),
    ("белсенді мұғалімдер", "teachers_active"),
    ("жіберілген хабарламалар", "messages_sent"),
)
RUSSIAN = (
    ("опрошено учителей", "teachers_surveyed"),
    ("оценка полезности", "usefulness_score"),
    ("часы обучения", "training_hours"),
)


def make_corpus_world(session: Session) -> tuple[World, dict[str, Initiative]]:
    """Add the world and return it with its initiatives by key: monthly, quarterly, by school year."""
    world = make_world(session)
    district = world.areas["KZ-75-01"]
    for code, name in CONFUSING:
        world.schools[code] = make_school(session, code, district, name=name)
    for code, record, enrolment in (
        (CLOSED, {"closed_on": date(2026, 6, 1)}, {}),
        (NOT_YET_OPEN, {"opened_on": date(2026, 10, 15)}, {}),
        (NOT_ENROLLED, {}, None),
        (LEFT, {}, {"left_on": date(2026, 9, 1)}),
        (LATE, {}, {"joined_on": date(2026, 10, 1)}),
    ):
        world.schools[code] = make_school(session, code, district, name=f"School {code}", **record)
        if enrolment is not None:
            make_enrolment(session, world.initiative, world.schools[code], **enrolment)
    for code, _name in CONFUSING:
        make_enrolment(session, world.initiative, world.schools[code])
    make_period(session, world.initiative, LOCKED, locked_at=datetime(2026, 10, 1, tzinfo=UTC))
    world.metrics[NOT_ASKED] = make_metric(session, NOT_ASKED, subject="student", aliases=("всего учеников",))
    for alias, key in (*KAZAKH, *RUSSIAN):
        language = "kk" if (alias, key) in KAZAKH else "ru"
        session.add(MetricAlias(alias=alias, metric_id=world.metrics[key].id, language=language))
    initiatives = {world.initiative.key: world.initiative}
    source = make_source(session, "S2")
    for key, granularity in ((QUARTERLY, "quarter"), (YEARLY, "school_year")):
        initiatives[key] = make_initiative(session, source, key, granularity=granularity)
        make_requirement(session, initiatives[key], world.metrics["teachers_active"])
        make_enrolment(session, initiatives[key], world.schools["001024"], joined_on=date(2024, 1, 1))
    session.flush()
    return world, initiatives
