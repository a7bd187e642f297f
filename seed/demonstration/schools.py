"""The invented schools of one block: who they are, when they join, open and close."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlmodel import Session, col, select

from access.language import _
from access.refusal import Refusal
from data_model.bulk import insert_columns
from data_model.participation import Enrolment
from data_model.places import School, SchoolRecord
from data_model.registry import Initiative
from seed.demonstration.options import WAVES, Options
from seed.demonstration.places import SAMPLE_SCHOOLS, Block, sample_schools

DICE = 2
CODE_DIGITS = 6
WAVE_SHARES = (0.2, 0.25, 0.3, 0.25)
LANGUAGES = {"KZ": ("kk", "ru", "kk,ru"), "EE": ("et", "ru", "et,ru")}
SAMPLE_NAMES = ("Näidiskool {}", "Näidisgümnaasium {}", "Näidispõhikool {}", "Näidiskool {}")
NAMES = {
    "et": SAMPLE_NAMES,
    "et,ru": SAMPLE_NAMES,
    "kk": ("№{} жалпы білім беретін мектеп", "№{} мектеп", "№{} мектеп-гимназия", "№{} негізгі мектеп"),
    "ru": ("Средняя школа №{}", "Школа №{}", "Школа-гимназия №{}", "Основная школа №{}"),
    "kk,ru": ("Школа-лицей №{}", "Средняя школа №{}", "Школа-гимназия №{}", "Школа №{}"),
}
# One school in so many closes, and in so many opens, while the story runs.
ONE_CLOSES, ONE_OPENS = 250, 120


@dataclass
class Schools:
    """The schools of a block, as parallel lists and arrays, in the order of their codes (the samples' first)."""

    codes: list[str]
    names: list[str]
    district: list[str]  # codes
    rural: np.ndarray
    languages: list[str]
    latitude: np.ndarray  # NaN where no place is known
    longitude: np.ndarray
    teachers: np.ndarray  # about how many, when the story begins
    wave: np.ndarray  # 1 to WAVES
    opened_on: list[date | None]
    closed_on: list[date | None]
    sample: np.ndarray  # is one of the sample files' schools

    def __len__(self) -> int:
        return len(self.codes)


def make_schools(options: Options, block: Block) -> Schools:
    """Return the block's schools, always the same."""
    dice = options.dice(DICE, block.number)
    count = block.schools
    seats = [place for place, number in block.districts for _ in range(number)]
    rural = dice.random(count) >= np.array([place.urban_share for place in seats])
    # A rural school's teachers: median 24; a town's: median 66.
    teachers = np.exp(dice.normal(np.where(rural, np.log(24), np.log(66)), np.where(rural, 0.45, 0.5)))
    spread = np.where(rural, 0.22, 0.03)
    north, east = dice.normal(0, 1, (2, count)) * spread
    kinds = dice.integers(0, 4, count)
    language = dice.choice(3, count, p=(0.55, 0.2, 0.25))
    spoken_there = LANGUAGES.get(options.country, LANGUAGES["KZ"])
    languages = [spoken_there[number] for number in language]
    wave = 1 + dice.choice(WAVES, count, p=WAVE_SHARES)
    schools = Schools(
        codes=_codes(options, block, count),
        names=[
            NAMES[spoken][kind].format(number)
            for spoken, kind, number in zip(languages, kinds, dice.integers(1, 180, count), strict=True)
        ],
        district=[place.code for place in seats],
        rural=rural,
        languages=languages,
        latitude=np.round(np.array([place.latitude or np.nan for place in seats], float) + north, 5),
        longitude=np.round(np.array([place.longitude or np.nan for place in seats], float) + east, 5),
        teachers=teachers.clip(6, 260),
        wave=wave,
        opened_on=[None] * count,
        closed_on=[None] * count,
        sample=np.zeros(count, bool),
    )
    _seat_samples(options, block, schools)
    _open_and_close(options, schools, dice)
    return schools


def _codes(options: Options, block: Block, count: int) -> list[str]:
    """Return unused six-digit codes, wider ones only for more schools than those can number."""
    step = max(1, 98_000 // options.schools)
    numbers = (block.first + np.arange(1, count + 1)) * step
    for code, *_rest in sorted(SAMPLE_SCHOOLS):
        numbers += numbers >= int(code)
    digits = max(CODE_DIGITS, len(str(options.schools * step + len(SAMPLE_SCHOOLS))))
    return [f"{number:0{digits}}" for number in numbers.tolist()]


def _seat_samples(options: Options, block: Block, schools: Schools) -> None:
    """Give the sample files' schools the first seats of their districts; they are in from the first wave on."""
    taken: set[int] = set()
    place_names = {place.code: (place.region, place.name_en) for place, _count in block.districts}
    for code, region, district, name, teachers in sample_schools(options):
        for index, seat in enumerate(schools.district):
            if place_names[seat] == (region, district) and index not in taken:
                taken.add(index)
                schools.codes[index], schools.names[index] = code, name
                schools.teachers[index], schools.wave[index], schools.sample[index] = teachers, 1, True
                schools.rural[index] = teachers < 50
                break


def _open_and_close(options: Options, schools: Schools, dice: np.random.Generator) -> None:
    """Let a few schools of later waves open while the story runs, and a few close in its second half."""
    opens = (dice.random(len(schools)) < 1 / ONE_OPENS) & (schools.wave > 1) & ~schools.sample
    closes = (dice.random(len(schools)) < 1 / ONE_CLOSES) & ~opens & ~schools.sample
    for index in np.flatnonzero(opens).tolist():
        joins = options.wave_months[schools.wave[index] - 1]
        schools.opened_on[index] = options.periods[joins].starts_on
    for index in np.flatnonzero(closes).tolist():
        first = max(options.months // 2, options.wave_months[schools.wave[index] - 1] + 2)
        if first < options.months - 1:
            month = options.periods[int(dice.integers(first, options.months - 1))]
            schools.closed_on[index] = month.starts_on + timedelta(days=int(dice.integers(5, 26)))


def add_schools(
    session: Session, options: Options, initiative: Initiative, schools: Schools, areas: dict[str, int]
) -> None:
    """Add the block's schools with their first records and enrolments, as they were entered before the story.

    A closure is no part of it: it becomes known in the course of the story. Raises Refusal (`school_code_taken`).
    """
    _refuse_taken_codes(session, options, schools.codes)
    count = len(schools)
    newest = session.exec(select(School.id).order_by(col(School.id).desc()).limit(1)).first() or 0
    insert_columns(session, School, {"country": options.country, "code": schools.codes, "demonstration": True}, count)
    made = session.exec(select(School.code, School.id).where(col(School.id) > newest)).all()
    identity = dict(made)
    school_ids = [identity[code] for code in schools.codes]
    insert_columns(
        session,
        SchoolRecord,
        {
            "school_id": school_ids,
            "area_id": [areas[code] for code in schools.district],
            "name": schools.names,
            "setting": ["rural" if rural else "urban" for rural in schools.rural.tolist()],
            "languages": schools.languages,
            "latitude": schools.latitude,
            "longitude": schools.longitude,
            "opened_on": [day.isoformat() if day else None for day in schools.opened_on],
            "recorded_at": options.prologue,
        },
        count,
    )
    _enrol(session, options, initiative, schools, school_ids)


def _enrol(
    session: Session, options: Options, initiative: Initiative, schools: Schools, school_ids: list[int | None]
) -> None:
    for wave in range(1, WAVES + 1):
        members = [school_ids[index] for index in np.flatnonzero(schools.wave == wave).tolist()]
        starts = options.periods[options.wave_months[wave - 1]].starts_on
        insert_columns(
            session,
            Enrolment,
            {
                "initiative_id": initiative.id,
                "school_id": members,
                "wave": wave,
                "joined_on": starts,
                "recorded_at": enrolled_at(options, starts),
            },
            len(members),
        )


def enrolled_at(options: Options, starts: date) -> datetime:
    """Return the moment at which a wave was entered: two weeks before it began."""
    return options.moment(starts, days=-14, hours=10)


def _refuse_taken_codes(session: Session, options: Options, codes: list[str]) -> None:
    query = select(School.code).where(School.country == options.country)
    query = query.where(col(School.code).between(min(codes), max(codes)))
    taken = sorted(set(session.exec(query).all()) & set(codes))
    if taken:
        message = _(
            "School {code} exists already: a demonstration wants a country without real schools, not {country}."
        )
        raise Refusal("school_code_taken", message.format(code=taken[0], country=options.country))
