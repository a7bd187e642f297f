"""Where the invented schools lie: districts named after places, and how many schools each has."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from data_model.places import Area
from seed.demonstration.options import Options
from seed.registry.files import REFERENCE, rows

# One block's schools report in one file, so that neither a file nor what is kept of it grows with the country.
LARGEST_BLOCK = 10_000
TOWN = 40_000  # inhabitants from which on most schools of a district are urban
GENERIC_REGIONS, GENERIC_DISTRICTS = 5, 4
DICE = 1


@dataclass(frozen=True)
class District:
    """A district to be made, below its region."""

    region: str
    code: str
    name_en: str
    name_ru: str
    name_kk: str
    latitude: float | None
    longitude: float | None
    urban_share: float
    weight: float


@dataclass(frozen=True)
class Block:
    """Schools of one region that report together: how many in which district, numbered from `first` over all blocks."""

    number: int
    region: str
    first: int
    districts: tuple[tuple[District, int], ...]

    @property
    def schools(self) -> int:
        """How many schools it has."""
        return sum(count for _, count in self.districts)


# Counties of other countries: code (ISO 3166-2), English, Russian and Kazakh name, and places with latitude and
# longitude. Where there are none, regions are numbered.
COUNTIES = {
    "EE": (
        ("EE-37", ("Harju County", "Харьюмаа", "Харьюмаа"), (
            (("Tallinn", "Таллин", "Таллин"), 59.437, 24.754), (("Keila", "Кейла", "Кейла"), 59.303, 24.413),
        )),
        ("EE-79", ("Tartu County", "Тартумаа", "Тартумаа"), (
            (("Tartu", "Тарту", "Тарту"), 58.378, 26.729), (("Elva", "Эльва", "Эльва"), 58.222, 26.421),
        )),
    )
}  # fmt: skip

# Code, region, district's place, name, teachers: the schools that the sample files name. The first of them are made
# whatever the size.
SAMPLE_SCHOOLS = (
    ("001024", "KZ-75", "Bostandyk", "Школа-гимназия №24", 97),
    ("001025", "KZ-75", "Auezov", "Средняя школа №25", 85),
    ("002017", "KZ-43", "Shieli", "Жалпы бiлiм беретiн мектеп №17", 32),
    ("020311", "KZ-71", "Esil", "Школа-лицей №311", 111),
    ("100450", "KZ-35", "Karaganda", "Школа №45", 120),
    ("100451", "KZ-35", "Karkaraly", "Мектеп-гимназия №4", 18),
    ("007003", "KZ-39", "Karasu", "Сельская школа им. Абая", 43),
    ("007004", "KZ-39", "Kostanay", "Ы. Алтынсарин атындагы мектеп", 67),
    ("031002", "KZ-61", "Turkistan", "Школа №2", 56),
    ("031003", "KZ-61", "Kentau", "Школа №3", 63),
    ("047111", "KZ-31", "Zhanatas", "Основная школа с. Жанатас", 25),
    ("055020", "KZ-55", "Pavlodar", "Школа-интернат №20", 88),
)


def sample_schools(options: Options) -> tuple[tuple[str, str, str, str, int], ...]:
    """Return the sample files' schools that this demonstration has."""
    return SAMPLE_SCHOOLS[: options.schools] if options.country == "KZ" else ()


def districts(options: Options) -> list[District]:
    """Return the districts in order of code: after real places in Kazakhstan and Estonia, numbered elsewhere."""
    if options.country in COUNTIES:
        return list(_districts_of_counties(options.country))
    if options.country != "KZ":
        return _numbered_districts(options)
    found, numbers = [], dict[str, int]()
    for row in rows(REFERENCE, "places_kz"):
        region = row["region"]
        numbers[region] = numbers.get(region, 0) + 1
        city = region in ("KZ-71", "KZ-75", "KZ-79")
        inhabitants = int(row["population"] or 0)
        found.append(
            District(
                region=region,
                code=f"{region}-{numbers[region]:02}",
                name_en=row["name_en"],
                name_ru=row["name_ru"],
                name_kk=row["name_kk"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
                urban_share=1.0 if city else 0.6 if inhabitants >= TOWN else 0.08,
                weight=1.3 if inhabitants >= TOWN else 1.0,
            )
        )
    return found


def _districts_of_counties(country: str) -> Iterator[District]:
    for county, _names, places in COUNTIES[country]:
        for number, (names, latitude, longitude) in enumerate(places, start=1):
            first = number == 1  # its town
            yield District(
                county, f"{county}-{number:02}", *names, latitude, longitude, urban_share=0.9 if first else 0.4,
                weight=1.5 if first else 1.0,
            )  # fmt: skip


def _numbered_districts(options: Options) -> list[District]:
    return [
        District(
            region=f"{options.country}-D{region}",
            code=f"{options.country}-D{region}-{number:02}",
            name_en=f"District {region}.{number}",
            name_ru=f"Район {region}.{number}",
            name_kk=f"Аудан {region}.{number}",
            latitude=None,
            longitude=None,
            urban_share=0.75 if number == 1 else 0.25,
            weight=1.5 if number == 1 else 1.0,
        )
        for region in range(1, GENERIC_REGIONS + 1)
        for number in range(1, GENERIC_DISTRICTS + 1)
    ]


def blocks(options: Options) -> list[Block]:
    """Return the blocks that share out the schools: every district some, more where it weighs more."""
    places = districts(options)
    counts = _shared_out(options, places)
    found: list[Block] = []
    first = 0
    for part in _parts(places, counts):
        found.append(Block(len(found), part[0][0].region, first, tuple(part)))
        first += found[-1].schools
    return found


def _shared_out(options: Options, places: list[District]) -> list[int]:
    """Return how many schools each district gets; the sample files' schools have their seats in theirs."""
    dice = options.dice(DICE)
    of_region: dict[str, list[int]] = {}
    for index, place in enumerate(places):
        of_region.setdefault(place.region, []).append(index)
    seats = np.zeros(len(places), np.int64)
    index_of = {(place.region, place.name_en): index for index, place in enumerate(places)}
    for _, region, name, _, _ in sample_schools(options):
        seats[index_of[region, name]] += 1
    weights = np.array([place.weight for place in places]) * dice.uniform(0.7, 1.4, len(places))
    regions = _in_proportion(dice.uniform(0.6, 1.5, len(of_region)), options.schools - int(seats.sum()))
    for count, members in zip(regions.tolist(), of_region.values(), strict=True):
        seats[members] += _in_proportion(weights[members], count)
    return seats.tolist()


def _in_proportion(weights: np.ndarray, total: int) -> np.ndarray:
    """Return whole numbers that add up to `total`, as near to the weights as can be (largest remainders)."""
    share = weights / weights.sum() * total
    whole = np.floor(share).astype(np.int64)
    whole[np.argsort(whole - share, kind="stable")[: total - int(whole.sum())]] += 1
    return whole


def _parts(places: list[District], counts: list[int]) -> Iterator[list[tuple[District, int]]]:
    """Yield the districts of a region in parts of at most LARGEST_BLOCK schools; only a larger district is split."""
    part: list[tuple[District, int]] = []
    room = LARGEST_BLOCK
    for place, count in zip(places, counts, strict=True):
        if part and (part[0][0].region != place.region or count > room):
            yield part
            part, room = [], LARGEST_BLOCK
        while count > LARGEST_BLOCK:
            yield [(place, LARGEST_BLOCK)]
            count -= LARGEST_BLOCK
        if count:
            part.append((place, count))
            room -= count
    if part:
        yield part


def _names_of_region(country: str, code: str) -> tuple[str, str, str]:
    """Return a region's names in English, Russian and Kazakh."""
    for county, names, _places in COUNTIES.get(country, ()):
        if county == code:
            return names
    number = code.rpartition("D")[2]
    return f"Region {number}", f"Регион {number}", f"Өңір {number}"


def make_areas(session: Session, options: Options) -> dict[str, int]:
    """Add the districts (and, where the registry has none, regions) that are missing; return area ids by code."""
    held = {area.code: area for area in session.exec(select(Area).where(col(Area.country) == options.country)).all()}
    for place in districts(options):
        if place.region not in held:
            english, russian, kazakh = _names_of_region(options.country, place.region)
            held[place.region] = Area(
                country=options.country, code=place.region, level=1, kind="region", parent_id=held[options.country].id,
                name_en=english, name_ru=russian, name_kk=kazakh, demonstration=True,
            )  # fmt: skip
            session.add(held[place.region])
            session.flush()
        if place.code not in held:
            held[place.code] = Area(
                country=options.country, code=place.code, level=2, kind="district", parent_id=held[place.region].id,
                name_en=place.name_en, name_ru=place.name_ru, name_kk=place.name_kk, centre=place.name_en,
                demonstration=True,
            )  # fmt: skip
            session.add(held[place.code])
    session.flush()
    return {code: area.id or 0 for code, area in held.items()}
