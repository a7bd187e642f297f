"""How much an attacker finds in everything that is public: every release that can be opened, read from its files.

What is known is read from the bytes that anybody can take (every file of every release, the charts that can be
embedded, the IATI file, what briefs are set from), not from the tables they are made of. What holds between the
numbers, and what they truly are, comes from the reports: the attacker is taken to know more than anybody can.
`python -m publishing attack` prints the counts.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from data_model.periods import Period
from data_model.registry import Initiative
from data_model.releases import Release
from publishing import open_data
from publishing.attack import Attack, Knowledge
from publishing.attacked_pages import printed_on_pages
from publishing.quantities import Block, Cell, Quantity, shown
from publishing.rolled_up import BlockKey, Places, blocks_as_of, public_places
from publishing.suppression import Published, Secret, known_of, protected_between, protected_counts
from publishing.traits import Traits, read_traits
from publishing.web.parameters import MOST_ROWS, read
from publishing.web.resources import FILES, TABLES

# The numbers that files print, by what they are of: initiative, measure, area, period.
Printed = dict[tuple[str, str, str, str], set[tuple[str, float]]]


Reading = Callable[[Session, Release], Printed]


class Leak(NamedTuple):
    """A protected count that is enclosed more tightly than the rule of its release allows."""

    release: int
    period: str
    measure: str
    area: str
    least: float
    greatest: float


@dataclass(frozen=True)
class Attacked:
    """What the attack found. `protected`: protected counts in all releases; `numbers`: those read from their files."""

    releases: tuple[int, ...]
    numbers: int
    protected: int
    leaks: tuple[Leak, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as the command line prints it."""
        return {
            "releases": list(self.releases), "numbers": self.numbers, "protected": self.protected,
            "leaks": len(self.leaks), "leaked": [leak._asdict() for leak in self.leaks],
        }  # fmt: skip


@dataclass(frozen=True)
class _Opened:
    """A release that can be opened: what is true in it, block by block, and what its files print."""

    release: Release
    blocks: Mapping[BlockKey, Block]
    printed: Printed

    def published(self, key: BlockKey) -> Published:
        """Return one of its blocks with the rule it was published by."""
        return Published(self.blocks[key], frozenset(), self.release.threshold)


def attack(session: Session, read: Reading | None = None) -> Attacked:
    """Attack everything that is public, or what `read` reads of a release, and return what gives."""
    read = read or all_printed
    places, traits = public_places(session), read_traits(session)
    keys = {one.id or 0: one.key for one in session.exec(select(Initiative)).all()}
    query = select(Release).where(col(Release.withdrawn_at).is_(None)).order_by(col(Release.id))
    opened = [
        _Opened(one, blocks_as_of(session, places, one.as_of), read(session, one)) for one in session.exec(query).all()
    ]
    protected, leaks = 0, []
    for key in sorted({key for one in opened for key in one.blocks}):
        held = [one for one in opened if key in one.blocks]
        secrets = _secrets(key, held, traits)
        protected += len(secrets)
        if secrets:
            leaks += _told(key, held, secrets, _Names(traits, places, keys))
    numbers = sum(len(found) for one in opened for found in one.printed.values())
    return Attacked(tuple(one.release.id or 0 for one in opened), numbers, protected, tuple(leaks))


def _secrets(key: BlockKey, held: Sequence["_Opened"], traits: Traits) -> list[tuple[Release, Secret]]:
    """Return the protected counts of a block in each release, and of what came between it and those before it."""
    found = []
    published = [one.published(key) for one in held]
    known: set[Secret] = set()
    for number, one in enumerate(held):
        found += [(one.release, secret) for secret in protected_counts(one.blocks[key], traits, one.release.threshold)]
        pairs = [protected_between((before, published[number]), traits) for before in published[:number]]
        between = [secret for secret in dict.fromkeys(chain(*pairs)) if secret not in known]
        known.update(between)
        found += [(one.release, secret) for secret in between if secret.ceiling is not None]
    return found


def all_printed(session: Session, release: Release, *, briefs: bool = True) -> Printed:
    """Return every number about people that is printed of a release, in its files and wherever else it is shown."""
    printed = in_files(session, release)
    for place, said in printed_on_pages(session, release.id or 0, release.released_at, briefs=briefs):
        printed.setdefault(place, set()).add(said)
    return printed


def in_files(session: Session, release: Release) -> Printed:
    """Return every number about people that the files of a release and the answers of the routes print."""
    return printed_in(files_of(session, release.id or 0))


def files_of(session: Session, number: int) -> dict[str, bytes]:
    """Return every file of a release, and every page of its figures that the routes answer, as anybody gets them."""
    data = open_data.open_data(session, number)
    files = {name: make(data) for name, (_type, make) in FILES.items()}
    table = TABLES["figures"]
    for page in range(1, ceil(len(data.figures) / MOST_ROWS) + 1):
        asked = read(f"release={number}&page={page}&limit={MOST_ROWS}".encode(), table.parameters)
        for form in ("csv", "json"):
            files[f"page-{page}.{form}"] = table.answer(session, asked, form)[1].body
    return files


def printed_in(files: Mapping[str, bytes]) -> Printed:
    """Return every number about people that the files of a release print, however they write it."""
    printed: Printed = {}
    for row in _rows(files):
        place = (row["initiative"], row["measure"], row["area"], row["period"])
        for name in ("value", "numerator", "denominator"):
            if row[name] not in (None, ""):
                printed.setdefault(place, set()).add((name, float(row[name])))
    return printed


def _rows(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for name, content in files.items():
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from _rows({inner: archive.read(inner) for inner in archive.namelist() if "figures" in inner})
        elif name.endswith(".csv"):
            yield from csv.DictReader(io.StringIO(content.decode()))
        else:
            yield from json.loads(content).get("figures", ())


@dataclass(frozen=True)
class _Names:
    """What is called how in open data."""

    traits: Traits
    places: Places
    initiatives: Mapping[int, str]

    def of(self, cell: Cell, period: Period) -> tuple[str, str, str, str]:
        """Return under which names a file prints a cell."""
        return (
            self.initiatives[cell.initiative], self.traits.by_id[cell.measure].key, self.places.codes[cell.area],
            period.key,
        )  # fmt: skip


def known_from(one: _Opened, key: BlockKey, names: _Names) -> frozenset[Quantity]:
    """Return the quantities of a block that the files of a release print, directly or as a rate beside its base."""
    found = set()
    for cell, sums in one.blocks[key].cells.items():
        numbers = dict(one.printed.get(names.of(cell, key.period), ()))
        quantities = shown(names.traits.by_id[cell.measure], cell.area, sums)
        if numbers and quantities:
            # A rate and one of its parts give the other: whatever is printed of a cell tells all of it.
            found.update(quantities)
    return frozenset(found)


def _told(
    key: BlockKey, held: Sequence[_Opened], secrets: Iterable[tuple[Release, Secret]], names: _Names
) -> list[Leak]:
    """Return which of the secrets of a block what is printed in all releases tells."""
    knowledge = known_of([one.published(key) for one in held], names.traits)
    printed = [known_from(one, key, names) for one in held]
    found = Attack(knowledge, frozenset().union(*printed))
    allowed = _knowing_zeros(knowledge)
    leaks = []
    for release, secret in secrets:
        if secret.is_kept(found, allowed) or not _is_told_by_one(secret, key, held, printed, names):
            continue
        least, greatest = found.bounds(dict(secret.terms))
        counted = secret.terms[0][0]
        measure, area = names.traits.by_id[counted.metric].key, names.places.codes.get(counted.area, "rest")
        leaks.append(Leak(release.id or 0, key.period.key, measure, area, least, greatest))
    return leaks


def _is_told_by_one(
    secret: Secret, key: BlockKey, held: Sequence[_Opened], printed: Sequence[frozenset[Quantity]], names: _Names
) -> bool:
    """Return whether it was a release that told the secret, by what it printed.

    The attacker supposes that numbers which are the same were known to be. Where random numbers meet, that alone may
    tell one, and would if the release had withheld everything: then it is a coincidence that no attacker could see.
    """
    for number in range(1, len(held) + 1):
        knowledge = known_of([one.published(key) for one in held[:number]], names.traits)
        if not knowledge.values.keys() >= {one for one, _ in secret.terms}:
            continue
        allowed = _knowing_zeros(knowledge)
        silent, told = (Attack(knowledge, frozenset().union(*printed[:upto])) for upto in (number - 1, number))
        if secret.is_kept(silent, allowed) and not secret.is_kept(told, allowed):
            return True
    return False


def _knowing_zeros(knowledge: Knowledge[Quantity]) -> Attack[Quantity]:
    """Return the attacker who knows as much as the rule allows."""
    return Attack(knowledge, {one for one, value in knowledge.values.items() if value == 0})
