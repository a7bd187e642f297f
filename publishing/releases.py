"""Releases: the national and regional figures of all initiatives, as of a moment, in tables of their own."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import _
from access.permissions import Action, require
from access.refusal import Refusal
from analytics.values import values_and_states
from data_model.bulk import insert_columns
from data_model.measures import Measure
from data_model.moments import take_turn
from data_model.participation import Requirement
from data_model.registry import Initiative
from data_model.releases import FigureState, Release, ReleasedFigure
from publishing.quantities import Block, Cell, Sums
from publishing.rolled_up import (
    BlockKey,
    Places,
    blocks_as_of,
    initiatives_with_figures,
    measures_shown,
    public_places,
)
from publishing.suppression import Published, protected_counts, withheld_cells
from publishing.traits import Traits, read_traits

DEFAULT_THRESHOLD = 5
# Below it nothing would be protected.
LEAST_THRESHOLD = 2


class ReleaseRefused(Refusal):
    """Nothing can be released as asked (`nothing_to_release`, `threshold_too_low`)."""


@dataclass(frozen=True)
class Counts:
    """How many figures a release holds, those withheld included, and how many of them are withheld."""

    figures: int
    suppressed: int


def release(session: Session, *, by: Identity, note: str, at: datetime, threshold: int = DEFAULT_THRESHOLD) -> Release:
    """Release the national and regional figures of every initiative as they stand at this moment.

    Raises NotAllowed unless `by` may release every initiative that has figures, and ReleaseRefused. The caller
    commits. Counts of people below `threshold` are withheld, with what would give them away.
    """
    initiatives = _releasable(session, by, threshold)
    # Whoever is accepting a submission ends first: nothing of this moment turns up later.
    as_of = max(take_turn(session, initiative.id or 0, at)[1] for initiative in initiatives)
    places, traits = public_places(session), read_traits(session)
    blocks = blocks_as_of(session, places, as_of)
    withheld = _withheld(session, blocks, places, traits, threshold)
    made = Release(
        released_at=at,
        as_of=as_of,
        note=note,
        threshold=threshold,
        released_by=by.account_id or 0,
        demonstration=any(sums.demonstration for block in blocks.values() for sums in block.cells.values()),
    )
    session.add(made)
    session.flush()
    _store(session, made, blocks, withheld, places, traits, {one.id or 0: one.key for one in initiatives})
    found = counts(session, made)
    details = {"note": note, "threshold": threshold, "figures": found.figures, "suppressed": found.suppressed}
    audit.record(
        session, at=at, who=by, action="released", subject_type="release", subject_key=made.id or 0, details=details
    )
    return made


def latest(session: Session) -> Release | None:
    """Return the newest release that is not withdrawn, None before the first."""
    query = select(Release).where(col(Release.withdrawn_at).is_(None)).order_by(col(Release.id).desc()).limit(1)
    return session.exec(query).first()


def counts(session: Session, of: Release) -> Counts:
    """Return how many figures a release holds and withholds."""
    suppressed = sa.func.sum(sa.case((col(ReleasedFigure.state) == FigureState.SUPPRESSED, 1), else_=0))
    query = sa.select(sa.func.count(), suppressed).where(col(ReleasedFigure.release_id) == of.id)
    figures, withheld = session.connection().execute(query).one()
    return Counts(int(figures), int(withheld or 0))


def _releasable(session: Session, by: Identity, threshold: int) -> list[Initiative]:
    require(session, by, Action.RELEASE)
    if threshold < LEAST_THRESHOLD:
        message = _("The threshold must be {least} or more.").format(least=LEAST_THRESHOLD)
        raise ReleaseRefused("threshold_too_low", message)
    initiatives = initiatives_with_figures(session)
    if not initiatives:
        raise ReleaseRefused("nothing_to_release", _("There are no figures yet: nothing has been accepted."))
    for initiative in initiatives:
        require(session, by, Action.RELEASE, initiative=initiative)
    return initiatives


def _withheld(
    session: Session, blocks: Mapping[BlockKey, Block], places: Places, traits: Traits, threshold: int
) -> dict[BlockKey, frozenset[Cell]]:
    """Return what each block must withhold, considering every earlier release that is still reachable."""
    reachable = session.exec(select(Release).where(col(Release.withdrawn_at).is_(None)).order_by(col(Release.id))).all()
    hidden = {earlier.id or 0: _hidden_cells(session, earlier, places) for earlier in reachable}
    delicate = {key for key, block in blocks.items() if protected_counts(block, traits, threshold)}
    delicate |= {key for cells in hidden.values() for key in cells} & blocks.keys()
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


def _store(
    session: Session,
    made: Release,
    blocks: Mapping[BlockKey, Block],
    withheld: Mapping[BlockKey, Collection[Cell]],
    places: Places,
    traits: Traits,
    initiative_keys: Mapping[int, str],
) -> None:
    """Write the figures, without a number where they are withheld."""
    shown = measures_shown(blocks.values(), _asked(session, traits))
    rows: list[tuple[BlockKey, Cell, Sums, bool]] = [
        (key, cell, sums, cell in withheld.get(key, ()))
        for key, block in sorted(blocks.items())
        for cell, sums in sorted(block.cells.items())
        if (cell.initiative, cell.measure) in shown
    ]
    columns: dict[str, Any] = dict(_figures(rows, traits))
    columns |= {
        "release_id": made.id,
        "initiative_key": [initiative_keys[cell.initiative] for _, cell, _, _ in rows],
        "measure": [traits.by_id[cell.measure].key for _, cell, _, _ in rows],
        "area_code": [places.codes[cell.area] for _, cell, _, _ in rows],
        "period": [key.period.key for key, _, _, _ in rows],
        "period_starts_on": [key.starts_on.isoformat() for key, _, _, _ in rows],
        "schools_expected": [sums.expected for _, _, sums, _ in rows],
        "demonstration": [sums.demonstration for _, _, sums, _ in rows],
    }
    insert_columns(session, ReleasedFigure, columns, len(rows))


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


def _figures(
    rows: list[tuple[BlockKey, Cell, Sums, bool]], traits: Traits
) -> Iterator[tuple[str, list[Any] | np.ndarray]]:
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
