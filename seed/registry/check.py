"""Check the registry's files: keys, references, code lists, dates, numbers, and that nothing is unused.

`python -m seed.registry.check` prints counts, and what is wrong; it exits with 1 when something is.
"""

import csv
import io
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from data_model.places import AreaKind
from data_model.registry import (
    ClaimKind,
    Grade,
    InitiativeKind,
    InitiativeStatus,
    OrganisationKind,
    ParticipationRole,
    Qualifier,
)
from data_model.registry_codes import (
    CLAIM_FAULTS,
    CLAIM_PERIODS,
    COUNTRY_CODE,
    FACT_QUALIFIERS,
    FACTS,
    FIGURES,
    PLAIN_NUMBER,
    SLUG,
    UNITS,
    WEB_ADDRESS,
    belongs_to_country,
    claim_faults,
    currencies,
    ends_before_it_starts,
    first_and_last_day,
)

HERE = Path(__file__).resolve().parent
COMPILED_ON = "2026-11-23"

Row = dict[str, Any]  # a file's row by column, with its spreadsheet row under "#"
Tables = dict[str, list[Row]]

COLUMNS = {
    name: columns.split()
    for name, columns in {
        "sources": "source_key title publisher published_on url grade",
        "organisations": "org_key name kind country",
        "programmes": "programme_key name lead_org_key started_on summary source_key",
        "initiatives": "initiative_key country name programme_key kind status announced_on starts_on ends_on summary"
        " source_key",
        "participations": "initiative_key org_key role source_key",
        "claims": "claim_key initiative_key figure kind qualifier value value_high unit population as_of period"
        " source_key note",
        "milestones": "initiative_key title due_on achieved_on source_key note",
        "country_facts": "country fact value qualifier year source_key note",
        "areas_kz": "code kind name_en name_ru name_kk centre",
        "school_terms": "country school_year number starts_on ends_on source_key note",
    }.items()
}
UNIQUE = {
    "sources": ["source_key"],
    "organisations": ["org_key"],
    "programmes": ["programme_key"],
    "initiatives": ["initiative_key"],
    "participations": ["initiative_key", "org_key", "role"],
    "claims": ["claim_key"],
    "milestones": ["initiative_key", "title"],
    "country_facts": ["country", "fact", "year", "source_key"],
    "areas_kz": ["code"],
    "school_terms": ["country", "school_year", "number"],
}
MAY_BE_EMPTY = {
    "sources": {"published_on"},
    "organisations": {"country"},
    "programmes": {"started_on"},
    "initiatives": {"programme_key", "announced_on", "starts_on", "ends_on"},
    "participations": set(),
    "claims": {"value_high", "as_of", "period", "note"},
    "milestones": {"due_on", "achieved_on", "note"},
    "country_facts": {"note"},
    "areas_kz": set(),
    "school_terms": {"note"},
}
REFERENCES = [  # file, column, file it points to, column there
    ("programmes", "lead_org_key", "organisations", "org_key"),
    ("initiatives", "programme_key", "programmes", "programme_key"),
    ("participations", "initiative_key", "initiatives", "initiative_key"),
    ("participations", "org_key", "organisations", "org_key"),
    ("claims", "initiative_key", "initiatives", "initiative_key"),
    ("milestones", "initiative_key", "initiatives", "initiative_key"),
    *(
        (name, "source_key", "sources", "source_key")
        for name in (
            "programmes",
            "initiatives",
            "participations",
            "claims",
            "milestones",
            "country_facts",
            "school_terms",
        )
    ),
]
ALLOWED: dict[tuple[str, str], Collection[str]] = {
    ("sources", "grade"): tuple(Grade),
    ("organisations", "kind"): tuple(OrganisationKind),
    ("initiatives", "kind"): tuple(InitiativeKind),
    ("initiatives", "status"): tuple(InitiativeStatus),
    ("participations", "role"): tuple(ParticipationRole),
    ("claims", "figure"): FIGURES,
    ("claims", "kind"): tuple(ClaimKind),
    ("claims", "qualifier"): tuple(Qualifier),
    ("claims", "unit"): (*UNITS, *currencies()),
    ("claims", "period"): CLAIM_PERIODS,
    ("country_facts", "fact"): FACTS,
    ("country_facts", "qualifier"): FACT_QUALIFIERS,
    ("areas_kz", "kind"): (AreaKind.REGION, AreaKind.CITY),
}
DATES = [  # file, column, may it lie after the day of compilation
    ("sources", "published_on", False),
    ("programmes", "started_on", False),
    ("initiatives", "announced_on", False),
    ("initiatives", "starts_on", True),
    ("initiatives", "ends_on", True),
    ("claims", "as_of", False),
    ("milestones", "due_on", True),
    ("milestones", "achieved_on", False),
    ("school_terms", "starts_on", True),
    ("school_terms", "ends_on", True),
]
SUMS = {  # claims whose parts must add up to a whole
    "gr-schools-target": ["gr-schools-target-model", "gr-schools-target-onassis"],
    "kz-pilot-schools-total": ["kz-pilot-schools-small", "kz-pilot-schools-standard", "kz-pilot-schools-keleshek"],
    "kz-pilot-total-inspirdigital": [f"kz-pilot-step-{step}-inspirdigital" for step in (1, 2, 3)],
    "kz-fibre-schools-total": ["kz-fibre-schools-2025", "kz-fibre-schools-2026"],
    "uz-people-target-2035": ["uz-students-target-2030", "uz-teachers-target-2030", "uz-civil-servants-target-2030"],
}
KZ_CODES = {f"KZ-{n}" for n in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63, 71, 75, 79)}
KZ_CITIES = {"KZ-71", "KZ-75", "KZ-79"}


def at(name: str, row: Row | None, text: str) -> str:
    """Return a problem as it is printed: file, spreadsheet row, what is wrong."""
    place = f" row {row['#']}" if row else ""
    return f"{name}.csv{place}: {text}"


def read(folder: Path, name: str) -> tuple[list[Row], list[str]]:
    """Return the rows of `name`.csv and what is wrong with the file itself."""
    raw = (folder / f"{name}.csv").read_bytes()
    if raw.startswith(b"\xef\xbb\xbf"):
        return [], [at(name, None, "begins with a byte-order mark")]
    records = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True))
    if not records or records[0] != COLUMNS[name]:
        return [], [at(name, {"#": 1}, f"header is not {','.join(COLUMNS[name])}")]
    rows, problems = [], []
    for number, cells in enumerate(records[1:], start=2):
        if len(cells) == len(COLUMNS[name]):
            rows.append({"#": number, **dict(zip(COLUMNS[name], cells, strict=True))})
        else:
            problems.append(at(name, {"#": number}, f"has {len(cells)} cells, not {len(COLUMNS[name])}"))
    return rows, problems


def check_cells(tables: Tables) -> Iterator[str]:
    """Nothing is empty that must not be; no stray spaces, invisible or broken characters."""
    for name, rows in tables.items():
        for row in rows:
            for column in COLUMNS[name]:
                cell = row[column]
                if not cell and column not in MAY_BE_EMPTY[name]:
                    yield at(name, row, f"{column} is empty")
                if cell != cell.strip() or "  " in cell:
                    yield at(name, row, f"{column} has stray spaces")
                if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn") or c in "\u00a0\ufffd" for c in cell):
                    yield at(name, row, f"{column} has a control, invisible or broken character")
                if cell != unicodedata.normalize("NFC", cell):
                    yield at(name, row, f"{column} is not in Unicode form NFC")


def check_unique(tables: Tables) -> Iterator[str]:
    """No key stands twice."""
    for name, rows in tables.items():
        seen: dict[tuple[str, ...], Row] = {}
        for row in rows:
            key = tuple(row[column] for column in UNIQUE[name])
            if key in seen:
                yield at(name, row, f"repeats {' / '.join(key)} of row {seen[key]['#']}")
            seen.setdefault(key, row)


def check_references(tables: Tables) -> Iterator[str]:
    """What is pointed to is there, and every source, organisation and programme is pointed to."""
    for name, column, target, target_column in REFERENCES:
        known = {row[target_column] for row in tables[target]}
        for row in tables[name]:
            if row[column] and row[column] not in known:
                yield at(name, row, f"{column} {row[column]!r} is not in {target}.csv")
    for target, column in (("sources", "source_key"), ("organisations", "org_key"), ("programmes", "programme_key")):
        used = {row[c] for name, c, t, _ in REFERENCES if t == target for row in tables[name]}
        for row in tables[target]:
            if row[column] not in used:
                yield at(target, row, f"{row[column]} is used by no other file")


def check_allowed(tables: Tables) -> Iterator[str]:
    """Codes are of their list."""
    for (name, column), values in ALLOWED.items():
        for row in tables[name]:
            if row[column] and row[column] not in values:
                yield at(name, row, f"{column} {row[column]!r} is not allowed")


def check_dates(tables: Tables) -> Iterator[str]:
    """Dates are dates, as precise as they please; what has happened lies in the past."""
    for name, column, may_be_future in DATES:
        for row in tables[name]:
            if not row[column]:
                continue
            days = first_and_last_day(row[column])
            if days is None:
                yield at(name, row, f"{column} {row[column]!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
            elif not may_be_future and days[0] > COMPILED_ON:
                yield at(name, row, f"{column} {row[column]} lies after {COMPILED_ON}")
    for row in tables["initiatives"]:
        if ends_before_it_starts(row["starts_on"], row["ends_on"]):
            yield at("initiatives", row, "ends before it starts")
    for row in tables["milestones"]:
        if not row["due_on"] and not row["achieved_on"]:
            yield at("milestones", row, "has neither due_on nor achieved_on")


def check_keys_and_codes(tables: Tables) -> Iterator[str]:
    """Keys are slugs, countries ISO 3166-1, addresses web addresses, years of this century."""
    for name in ("organisations", "programmes", "initiatives", "claims"):
        column = COLUMNS[name][0]
        for row in tables[name]:
            if not SLUG.fullmatch(row[column]):
                yield at(name, row, f"{column} {row[column]!r} is not a slug")
    for name in ("organisations", "initiatives", "country_facts"):
        for row in tables[name]:
            if row["country"] and not COUNTRY_CODE.fullmatch(row["country"]):
                yield at(name, row, f"country {row['country']!r} is not an ISO 3166-1 alpha-2 code")
    for row in tables["initiatives"]:
        if not belongs_to_country(row["initiative_key"], row["country"]):
            yield at("initiatives", row, "the key does not begin with the country code")
    for row in tables["sources"]:
        if not WEB_ADDRESS.fullmatch(row["url"]):
            yield at("sources", row, f"url {row['url']!r} is not a web address")
    for row in tables["country_facts"]:
        if not PLAIN_NUMBER.fullmatch(row["value"]):
            yield at("country_facts", row, f"value {row['value']!r} is not a plain number")
        if not re.match(r"20\d\d\Z", row["year"]):
            yield at("country_facts", row, f"year {row['year']!r} is not a year")


def check_terms(tables: Tables) -> Iterator[str]:
    """The terms of a school year are numbered in order, do not overlap, and lie in that school year."""
    before: Row | None = None
    for row in tables["school_terms"]:
        year = row["school_year"]
        begins = f"{year[:4]}-09-01"
        if not re.match(r"20\d\d/\d\d\Z", year) or (int(year[:4]) + 1) % 100 != int(year[5:]):
            yield at("school_terms", row, f"school_year {year!r} is not written like 2025/26")
        elif not begins <= row["starts_on"] < row["ends_on"] < f"{int(year[:4]) + 1}-09-01":
            yield at("school_terms", row, "does not lie in its school year, or ends before it starts")
        same = before is not None and (before["country"], before["school_year"]) == (row["country"], year)
        if row["number"] != (str(int(before["number"]) + 1) if before is not None and same else "1"):
            yield at("school_terms", row, "is not the next term of its school year")
        if before is not None and same and row["starts_on"] <= before["ends_on"]:
            yield at("school_terms", row, "begins before the term before it ends")
        before = row


def check_claims(tables: Tables) -> Iterator[str]:
    """A claim's number, unit and kind fit each other, and nothing claims to be the AI Fund's size."""
    for row in tables["claims"]:
        for column in ("value", "value_high"):
            if (row[column] or column == "value") and not PLAIN_NUMBER.fullmatch(row[column]):
                yield at("claims", row, f"{column} {row[column]!r} is not a plain number")
        faults = claim_faults(
            initiative=row["initiative_key"], figure=row["figure"], kind=row["kind"], qualifier=row["qualifier"],
            value=amount(row["value"]), value_high=amount(row["value_high"]), unit=row["unit"], note=row["note"],
        )  # fmt: skip
        for fault in faults:
            yield at("claims", row, CLAIM_FAULTS[fault].format(**row))


def amount(text: str) -> Decimal | None:
    """Return a plain number's value, None for anything else."""
    return Decimal(text) if PLAIN_NUMBER.fullmatch(text) else None


def check_sums(tables: Tables) -> Iterator[str]:
    """Parts that a source adds up do add up."""
    values = {row["claim_key"]: amount(row["value"]) for row in tables["claims"]}
    for whole, parts in SUMS.items():
        amounts = [values.get(part) for part in parts]
        if values.get(whole) is None or None in amounts:
            yield at("claims", None, f"{whole} or one of its parts is missing")
        elif values[whole] != sum(part for part in amounts if part is not None):
            yield at("claims", None, f"the parts of {whole} do not add up to it")


def check_areas(tables: Tables) -> Iterator[str]:
    """Kazakhstan's 20 codes are all there, and no Latin letter hides in a Cyrillic name."""
    rows = tables["areas_kz"]
    if {row["code"] for row in rows} != KZ_CODES:
        yield at("areas_kz", None, "the codes are not the 20 first-level codes of Kazakhstan")
    for row in rows:
        if (row["kind"] == "city") != (row["code"] in KZ_CITIES):
            yield at("areas_kz", row, "kind does not fit the code")
        if not (row["name_en"] + row["centre"]).isascii():
            yield at("areas_kz", row, "name_en and centre are written in plain Latin letters")
        for letter in row["name_ru"] + row["name_kk"]:
            if letter not in " -" and not unicodedata.name(letter, "").startswith("CYRILLIC"):
                yield at("areas_kz", row, f"{letter!r} in name_ru or name_kk is not a Cyrillic letter")


CHECKS = (
    check_cells, check_unique, check_references, check_allowed, check_dates, check_keys_and_codes, check_terms,
    check_claims, check_sums, check_areas,
)  # fmt: skip


def check(folder: Path = HERE) -> tuple[Tables, list[str]]:
    """Return the registry's tables and everything that is wrong with them, a sentence each."""
    tables, problems = {}, []
    for name in COLUMNS:
        tables[name], wrong = read(folder, name)
        problems += wrong
    for rule in CHECKS:
        problems += rule(tables)
    return tables, problems


def counts(tables: Tables) -> Iterator[str]:
    """Yield what the registry holds, a line each."""
    for name, rows in tables.items():
        yield f"{name + '.csv':22}{len(rows):5}"
    for name, column in (("sources", "grade"), ("initiatives", "status"), ("claims", "kind")):
        found = Counter(row[column] for row in tables[name])
        yield f"{name} by {column}: " + ", ".join(f"{value} {count}" for value, count in sorted(found.items()))
    grade = {row["source_key"]: row["grade"] for row in tables["sources"]}
    weak = sum(grade.get(row["source_key"]) == "C" for row in tables["claims"])
    yield f"claims resting on a grade C source: {weak} of {len(tables['claims'])}"


def main() -> int:
    """Print counts and problems; return the exit status."""
    tables, problems = check()
    for line in counts(tables):
        print(line)
    for line in problems:
        print(line, file=sys.stderr)
    print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
