"""What a release made now would hold: every figure of the country and its regions, and which of them it withholds."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from analytics.values import values_and_states
from data_model.measures import Measure
from data_model.participation import Requirement
from data_model.registry import Initiative
from data_model.releases import FigureState, Release, ReleasedFigure
from publishing.quantities import Block, Cell, Sums
from publishing.rolled_up import BlockKey, Places, blocks_as_of, changed_since, measures_shown, public_places
from publishing.suppression import Published, protected_counts, withheld_cells
from publishing.traits import Traits, read_traits

Held = tuple[BlockKey, Cell, Sums, bool]


@dataclass(frozen=True)
class Prepared:
    """What is to be released: the blocks, what is withheld of each, and (`rows`) the figures in a fixed order.

    A row is its block's key, its cell, what is rolled up for it, and whether it is withheld. `reachable` are the
    numbers of the earlier releases that were taken as known.
    """

    as_of: datetime
    threshold: int
    blocks: Mapping[BlockKey, Block]
    withheld: Mapping[BlockKey, frozenset[Cell]]
    rows: list[Held]
    places: Places
    traits: Traits
    initiative_keys: Mapping[int, str]
    reachable: tuple[int, ...]

    @property
    def fingerprint(self) -> str:
        """Return what stands for all of it: another figure, another rule or another earlier release gives another."""
        columns = {name: list(map(str, column)) for name, column in sorted(self.columns().items())}
        said = json.dumps([self.threshold, self.reachable, columns], separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def demonstration(self) -> bool:
        """Whether anything in it is invented."""
        return any(sums.demonstration for block in self.blocks.values() for sums in block.cells.values())

    def columns(self) -> dict[str, Any]:
        """Return the figures column by column, as `released_figure` holds them."""
        return {
            **dict(_figures(self.rows, self.traits)),
            "initiative_key": [self.initiative_keys[cell.initiative] for _, cell, _, _ in self.rows],
            "measure": [self.traits.by_id[cell.measure].key for _, cell, _, _ in self.rows],
            "area_code": [self.places.codes[cell.area] for _, cell, _, _ in self.rows],
            "period": [key.period.key for key, _, _, _ in self.rows],
            "period_starts_on": [key.starts_on.isoformat() for key, _, _, _ in self.rows],
            "schools_expected": [sums.expected for _, _, sums, _ in self.rows],
            "demonstration": [sums.demonstration for _, _, sums, _ in self.rows],
        }


def prepare(session: Session, initiatives: list[Initiative], as_of: datetime, threshold: int) -> Prepared:
    """Return what a release of these initiatives would hold as of a moment. Changes nothing."""
    places, traits = public_places(session), read_traits(session)
    blocks = blocks_as_of(session, places, as_of)
    reachable = session.exec(select(Release).where(col(Release.withdrawn_at).is_(None)).order_by(col(Release.id))).all()
    withheld = _withheld(session, blocks, places, traits, threshold, reachable)
    shown = measures_shown(blocks.values(), _asked(session, traits))
    rows = [
        (key, cell, sums, cell in withheld.get(key, ()))
        for key, block in sorted(blocks.items())
        for cell, sums in sorted(block.cells.items())
        if (cell.initiative, cell.measure) in shown
    ]
    keys = {one.id or 0: one.key for one in initiatives}
    numbers = tuple(earlier.id or 0 for earlier in reachable)
    return Prepared(as_of, threshold, blocks, withheld, rows, places, traits, keys, numbers)


def _withheld(
    session: Session,
    blocks: Mapping[BlockKey, Block],
    places: Places,
    traits: Traits,
    threshold: int,
    reachable: Sequence[Release],
) -> dict[BlockKey, frozenset[Cell]]:
    """Return what each block must withhold, considering every earlier release that is still reachable."""
    hidden = {earlier.id or 0: _hidden_cells(session, earlier, places) for earlier in reachable}
    delicate = {key for key, block in blocks.items() if protected_counts(block, traits, threshold)}
    delicate |= {key for cells in hidden.values() for key in cells}
    delicate |= changed_since(session, reachable[0].as_of) if reachable else set()
    delicate &= blocks.keys()
    published: dict[BlockKey, list[Published]] = {key: [] for key in delicate}
    for earlier in reachable if delicate else ():
        for key, block in blocks_as_of(session, places, earlier.as_of, delicate).items():
            held = hidden[earlier.id or 0].get(key, frozenset())
            published[key].append(Published(block, held, earlier.threshold))
    return {key: withheld_cells(blocks[key], traits, threshold, published[key]) for key in sorted(delicate)}


def _hidden_cells(session: Session, earlier: Release, places: Places) -> dict[BlockKey, frozenset[Cell]]:
    """Return the cells that an earlier release withheld."""
    areas = {code: area for area, code in places.codes.items()}
    query = (
        sa.select(
            col(Initiative.country), col(Initiative.granularity), col(ReleasedFigure.period_starts_on),
            col(Initiative.id), col(Measure.id), col(ReleasedFigure.area_code),
        )
        .join(Initiative, col(Initiative.key) == col(ReleasedFigure.initiative_key))
        .join(Measure, col(Measure.key) == col(ReleasedFigure.measure))
        .where(col(ReleasedFigure.release_id) == earlier.id, col(ReleasedFigure.state) == FigureState.SUPPRESSED)
    )  # fmt: skip
    found: dict[BlockKey, set[Cell]] = {}
    rows: list[Any] = list(session.connection().execute(query))
    for country, granularity, starts_on, initiative, measure, code in rows:
        cell = Cell(initiative, measure, areas[code])
        found.setdefault(BlockKey(country, starts_on, granularity), set()).add(cell)
    return {key: frozenset(cells) for key, cells in found.items()}


def _asked(session: Session, traits: Traits) -> frozenset[tuple[int, int]]:
    """Return the (initiative, measure) pairs asked for: metrics, and what is made of metrics that all are."""
    metrics: dict[int, set[int]] = {}
    for requirement in session.exec(select(Requirement)).all():
        metrics.setdefault(requirement.initiative_id, set()).add(requirement.metric_id)
    return frozenset(
        (initiative, trait.id)
        for initiative, held in metrics.items()
        for trait in traits.by_id.values()
        if trait.numerator in held and (trait.denominator is None or trait.denominator in held)
    )


def _figures(rows: list[Held], traits: Traits) -> Iterator[tuple[str, list[Any] | np.ndarray]]:
    """Yield the columns with what each figure says. Only a reported figure has numbers."""
    sums = [sums for _, _, sums, _ in rows]
    held = np.array([held for _, _, _, held in rows], dtype=bool)
    of = [traits.by_id[cell.measure] for _, cell, _, _ in rows]
    numerator = np.array([one.numerator for one in sums], dtype=float)
    denominator = np.array([one.denominator for one in sums], dtype=float)
    reporting = np.array([one.reporting for one in sums], dtype=int)
    value, state = values_and_states(
        numerator, denominator, np.array([one.in_base for one in sums], dtype=int), reporting,
        ratio=np.array([not trait.is_plain for trait in of], dtype=bool),
        factor=np.array([trait.factor for trait in of], dtype=float),
    )  # fmt: skip
    says_nothing = held | (state != FigureState.REPORTED)
    yield "state", np.where(held, FigureState.SUPPRESSED.value, state).tolist()
    yield "value", np.where(says_nothing, np.nan, value)
    yield "numerator", np.where(says_nothing, np.nan, numerator)
    yield "denominator", np.where(says_nothing, np.nan, denominator)
    # How many reported would tell apart what is withheld from what is not there.
    yield "schools_reporting", [None if hidden else int(count) for hidden, count in zip(held, reporting, strict=True)]
