"""What must never reach a visitor, as the database holds it, and where any of it stands in what somebody heard.

Words (file names, hashes, people, comments, districts, schools) are looked for as they are. Numbers are looked for
whatever way they are written: with any mark between thousands, as a decimal or a share, in text, tables and charts.
Smaller ones are not told from chance, so unmistakable ones are planted.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlmodel import Session, select

from access.identity import identity_of_email
from data_model.engine import make_engine, open_session
from data_model.registry import Initiative
from intake import record, undo
from intake.check import check_file
from intake.options import Options
from intake.review import steps
from intake.review.about import About
from tests.browser.server import Uptake

INITIATIVE = "kz-chatgpt-edu"
UNRELEASED, RELEASED = "2026-10", "2026-09"
LEAST = 10_000
# What releases withhold is small, so it is looked for where files hold numbers and no drawing's measures.
WITHHELD, LEAST_WITHHELD = "withheld figure", 1_000
FILES = ("/api/", "/media/", "/embed/", "the IATI file")
FILE_NAME, COMMENT = "ведомость Жанар 7391.csv", "Zhanar, this nought is one too many"
# One school as large as all others together: what follows for its district, region and country is unmistakable too.
PLANTED = {
    "licences_allocated": 97_387, "licences_activated": 86_453, "teachers_total": 95_273, "teachers_trained": 83_617,
    "teachers_active": 73_919, "messages_sent": 687_541,
}  # fmt: skip
# Between thousands: comma, apostrophe, spaces (no-break, narrow no-break, thin and figure ones too). No language of
# ours has a point there, and coordinates have one.
BETWEEN = ",'’ \u00a0\u202f\u2009\u2007"
GROUPED = re.compile(rf"(?<![\d.,])\d{{1,3}}(?:[{BETWEEN}]\d{{3}})+(?![\d])(?:[.,]\d+)?")
PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}[.,]\d)[ \u00a0\u202f]?%")
DECIMALS = 5
# Where every school is told of, but nothing that it reported.
REGISTER = "/api/v1/schools"
PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
# A hash is no number, whatever digits it ends with.
HASH = re.compile(r"(?=[0-9a-f]*[a-f])[0-9a-f]{24,}")
# Where a value came from, in the words of the panel that tells it to those who may know.
PROVENANCE = re.compile(
    r"\brow\s+\d|\bстрок[аеи]\s+\d|\bUploaded by\b|\bAccepted by\b|\buploaded_by\b|\baccepted_by\b|\bsubmission_id\b"
)


@dataclass(frozen=True)
class Secrets:
    """What is not public: words with their kind; whole numbers and rates with what they are of.

    A rate is known by its fifth decimal, as a share and as a percentage; `percents` are those told from all released
    ones as a page prints them, with one.
    """

    words: Mapping[str, str]
    counts: Mapping[int, str]
    rates: Mapping[float, str]
    percents: Mapping[float, str]

    def found_in(self, heard: Mapping[str, str]) -> dict[str, str]:
        """Return each secret that is told, with its kind and where: {"live figure: 73919": "/overview: ..."}."""
        found: dict[str, str] = {}
        for text, where in heard.items():
            for said, start in self._in(text, where):
                found.setdefault(said, f"{where}: {' '.join(text[max(start - 60, 0) : start + 60].split())}")
        return found

    def _in(self, text: str, where: str) -> Iterator[tuple[str, int]]:
        for word, kind in self.words.items():
            # What somebody typed into the address comes back to them; that a school exists is no secret.
            if word in text and word not in where and not (kind == "school" and where.startswith(REGISTER)):
                yield f"{kind}: {word}", text.index(word)
        for match in PROVENANCE.finditer(text):
            yield f"provenance: {match[0]}", match.start()
        for match in PERCENT.finditer(text):
            if rate := self.percents.get(float(match[1].replace(",", "."))):
                yield f"{rate}: {match[0]}", match.start()
        for number, start in numbers_in(text):
            whole = number.is_integer()
            known = self.counts.get(int(number)) if whole else self.rates.get(round(number, DECIMALS))
            if known and (number >= LEAST or not whole or where.startswith(FILES)):
                yield f"{known}: {number:g}", start


def numbers_in(text: str) -> Iterator[tuple[float, int]]:
    """Yield the numbers of a text, each in every way it can be read, with where it begins."""
    text = HASH.sub(lambda found: "-" * len(found[0]), text)
    for match in PLAIN.finditer(text):
        yield float(match[0].replace(",", ".")), match.start()
    for match in GROUPED.finditer(text):
        whole = re.sub(rf"[{BETWEEN}](?=\d{{3}}(?!\d))", "", match[0])
        if re.fullmatch(r"\d+(?:[.,]\d+)?", whole):
            yield float(whole.replace(",", ".")), match.start()


class Planted(NamedTuple):
    """A school of which unmistakable values were accepted, and the number of the submission."""

    school: str
    region: str
    submission: int


@contextmanager
def planted(uptake: Uptake) -> Iterator[Planted]:
    """Let a file of one school be accepted for a month after the release and one in it, with a comment on a row.

    Takes the file back in the end.
    """
    with closing(sqlite3.connect(uptake.database)) as held:
        ((school, district),) = held.execute(FIRST_SCHOOL, (INITIATIVE,)).fetchall()
    lines = [f"{school},{period},{','.join(map(str, PLANTED.values()))}" for period in (UNRELEASED, RELEASED)]
    content = "\n".join([f"school_code,period,{','.join(PLANTED)}", *lines, ""]).encode()
    engine = make_engine(uptake.environment["DATABASE_URL"])
    with open_session(engine, write=True) as session:
        number = _accepted(session, uptake, content)
        session.commit()
    yield Planted(school, district.rpartition("-")[0], number)
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, uptake.people["administrator"])
        undo.undo(session, number, by=by, reason="It was made up.", at=datetime.now(UTC))
        session.commit()
    engine.dispose()


def _accepted(session: Session, uptake: Uptake, content: bytes) -> int:
    manager, reviewer = (identity_of_email(session, uptake.people[role]) for role in ("manager", "reviewer"))
    initiative = session.exec(select(Initiative).where(Initiative.key == INITIATIVE)).one()
    at = datetime.now(UTC)
    check = check_file(session, initiative, content, FILE_NAME, Options(), at=at)
    submission = record.submit(session, check, by=manager, at=at)
    number = submission.id or 0
    record.accept(session, number, by=reviewer, fingerprint=check.fingerprint, at=at)
    steps.comment(session, number, by=reviewer, text=COMMENT, about=About(row=2), at=at)
    return number


def secrets_of(uptake: Uptake, made: Planted | None = None) -> Secrets:
    """Return what the server's database holds and no visitor may know, what was planted included."""
    with closing(sqlite3.connect(uptake.database)) as held:
        words = {word: kind for kind, query in WORDS.items() for row in held.execute(query) for word in row if word}
        public = {
            round(number, 9)
            for row in held.execute("SELECT value, numerator, denominator FROM released_figure")
            for number in row
            if number is not None
        }
        counts: dict[int, str] = {}
        rates: dict[float, str] = {}
        percents: dict[float, str] = {}
        printed = {round(number, 1) for number in public}
        for numerator, denominator, kind in held.execute(LIVE):
            least = LEAST_WITHHELD if kind == WITHHELD else LEAST
            counts |= {int(one): kind for one in (numerator, denominator) if one and one >= least and one not in public}
            percent = 100 * numerator / denominator if denominator else 0.0
            if denominator and denominator >= LEAST and round(percent, 9) not in public:
                rates |= dict.fromkeys((round(percent, DECIMALS), round(percent / 100, DECIMALS)), f"rate, {kind}")
            if denominator and denominator >= LEAST and round(percent, 1) not in printed:
                percents[round(percent, 1)] = f"rate, {kind}"
    if made is not None:
        counts |= dict.fromkeys(PLANTED.values(), "count of a school")
        words |= {COMMENT: "comment", made.school: "school"}
    return Secrets(words, counts, rates, percents)


FIRST_SCHOOL = """
    SELECT school.code, area.code FROM enrolment
    JOIN initiative ON initiative.id = enrolment.initiative_id AND initiative.key = ?
    JOIN school ON school.id = enrolment.school_id
    JOIN school_record ON school_record.school_id = school.id AND school_record.superseded_at IS NULL
    JOIN area ON area.id = school_record.area_id AND area.level = 2
    ORDER BY school.code LIMIT 1
"""
WORDS = {
    "file name": "SELECT DISTINCT file_name FROM submission",
    "hash": "SELECT DISTINCT sha256 FROM submission",
    "person": "SELECT email, name FROM account",
    "district": "SELECT code FROM area WHERE level > 1",
}
# What is held of the country, regions and districts and no release shows: newer figures of what was released, months
# that were not, what releases withhold, and everything of districts.
LIVE = f"""
    SELECT rollup.numerator, rollup.denominator,
        CASE WHEN area.level > 1 THEN 'figure of a district'
             WHEN shown.state = 'suppressed' THEN '{WITHHELD}' ELSE 'live figure' END
    FROM rollup
    JOIN area ON area.id = rollup.area_id
    JOIN measure ON measure.id = rollup.measure_id
    JOIN initiative ON initiative.id = rollup.initiative_id AND initiative.key = '{INITIATIVE}'
    JOIN reporting_period ON reporting_period.id = rollup.period_id
    LEFT JOIN released_figure shown ON shown.release_id = (SELECT max(id) FROM release WHERE withdrawn_at IS NULL)
        AND shown.initiative_key = initiative.key AND shown.measure = measure.key AND shown.area_code = area.code
        AND shown.period_starts_on = reporting_period.starts_on
    WHERE rollup.superseded_at IS NULL
        AND (area.level > 1 OR shown.id IS NULL OR shown.state = 'suppressed'
             OR shown.numerator IS NOT rollup.numerator)
"""
