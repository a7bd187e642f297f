"""What is rolled up for a country and its regions, as of a moment: the cells a release is made of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.base import known_at
from data_model.participation import ReportingPeriod
from data_model.periods import Granularity, Period
from data_model.places import Area
from data_model.registry import Initiative
from data_model.rollups import Rollup
from publishing.quantities import Block, Cell, Sums

# Public are the country (level 0) and its regions (level 1).
DEEPEST_LEVEL = 1


@dataclass(frozen=True, order=True)
class BlockKey:
    """A country and a period: what is withheld of one initiative there depends on what the others show."""

    country: str
    starts_on: date
    granularity: str

    @property
    def period(self) -> Period:
        """The period."""
        return Period(self.starts_on, Granularity(self.granularity))


@dataclass(frozen=True)
class Places:
    """The countries and regions whose figures are public: codes by id, and who lies in which country."""

    codes: Mapping[int, str]
    roots: Mapping[str, int]
    regions: Mapping[str, tuple[int, ...]]


def public_places(session: Session) -> Places:
    """Return the areas whose figures may be released."""
    areas = session.exec(select(Area).where(col(Area.level) <= DEEPEST_LEVEL).order_by(col(Area.code))).all()
    regions: dict[str, tuple[int, ...]] = {}
    for area in areas:
        if area.level == DEEPEST_LEVEL:
            regions[area.country] = (*regions.get(area.country, ()), area.id or 0)
    return Places(
        codes={area.id or 0: area.code for area in areas},
        roots={area.country: area.id or 0 for area in areas if area.level == 0},
        regions=regions,
    )


def initiatives_with_figures(session: Session) -> list[Initiative]:
    """Return the initiatives for which anything is rolled up, in order of id."""
    rolled_up = sa.exists().where(col(Rollup.initiative_id) == col(Initiative.id))
    return list(session.exec(select(Initiative).where(rolled_up).order_by(col(Initiative.id))).all())


def blocks_as_of(
    session: Session, places: Places, as_of: datetime, only: Collection[BlockKey] | None = None
) -> dict[BlockKey, Block]:
    """Return the blocks of all countries and periods (of `only` those named) as they were known at that moment."""
    query = (
        sa.select(
            col(Initiative.country), col(ReportingPeriod.starts_on), col(ReportingPeriod.granularity),
            col(Rollup.initiative_id), col(Rollup.measure_id), col(Rollup.area_id),
            col(Rollup.numerator), col(Rollup.denominator), col(Rollup.schools_in_base),
            col(Rollup.schools_reporting), col(Rollup.schools_expected), col(Rollup.demonstration),
        )
        .join(Initiative, col(Initiative.id) == col(Rollup.initiative_id))
        .join(ReportingPeriod, col(ReportingPeriod.id) == col(Rollup.period_id))
        .where(known_at(Rollup, as_of), col(Rollup.area_id).in_(list(places.codes)))
    )  # fmt: skip
    if only is not None:
        query = query.where(col(ReportingPeriod.starts_on).in_({key.starts_on for key in only}))
    cells: dict[BlockKey, dict[Cell, Sums]] = {}
    rows: list[Any] = list(session.connection().execute(query))
    for country, starts_on, granularity, initiative, measure, area, *sums in rows:
        key = BlockKey(country, starts_on, granularity)
        if only is None or key in only:
            cells.setdefault(key, {})[Cell(initiative, measure, area)] = Sums(*sums)
    return {key: _block(places, key, found) for key, found in cells.items()}


def changed_since(session: Session, moment: datetime) -> set[BlockKey]:
    """Return the countries and periods of which anything was rolled up anew after that moment."""
    query = (
        sa.select(col(Initiative.country), col(ReportingPeriod.starts_on), col(ReportingPeriod.granularity))
        .join(Rollup, col(Rollup.initiative_id) == col(Initiative.id))
        .join(ReportingPeriod, col(ReportingPeriod.id) == col(Rollup.period_id))
        .where(sa.or_(col(Rollup.recorded_at) > moment, col(Rollup.superseded_at) > moment))
        .distinct()
    )
    return {BlockKey(*row) for row in session.connection().execute(query)}


def _block(places: Places, key: BlockKey, cells: Mapping[Cell, Sums]) -> Block:
    return Block(places.roots[key.country], places.regions.get(key.country, ()), cells, places.codes)


def measures_shown(blocks: Iterable[Block], asked: Collection[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Return the (initiative, measure) pairs to release: those asked for, and whatever was reported anyway."""
    reported = {
        (cell.initiative, cell.measure) for block in blocks for cell, sums in block.cells.items() if sums.reporting
    }
    return frozenset(reported.union(asked))
