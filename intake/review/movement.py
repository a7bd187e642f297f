"""How far each school of a file moves each headline figure, of the country and of its region. See docs/methods.md.

The parts of a figure's move add up to it. Of a count each school's part is its own change. Of a rate N / D that was
R before, a school's part is (change of its numerator - R x change of its denominator) / D after: summed over the
schools that is N after / D after - R.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.bulk import fetch_numbers
from data_model.measures import Indicator, Measure, Metric, heads_a_page
from data_model.participation import Requirement
from data_model.places import Area
from data_model.registry import Initiative
from data_model.rollups import AreaTree, Rollup, area_tree, expected_query
from data_model.statements import table_of_statements
from data_model.sums import MeasurePlan, from_units, in_units, measure_plans
from intake.cells import REPORTED, WITHDRAWN, Cells
from intake.compare import Comparison

# What became of a school's part in a figure: it has one now, has another, or has none any more.
FIRST_REPORT, CHANGED, TAKEN_BACK = range(3)
HEADLINES = (
    "period", "measure", "area_code", "ratio", "factor", "schools_expected",
    "numerator_before", "denominator_before", "schools_in_base_before", "schools_reporting_before",
    "numerator_after", "denominator_after", "schools_in_base_after", "schools_reporting_after", "moved",
)  # fmt: skip
FLOATS = ("national", "regional", "pull", "step")


@dataclass(frozen=True)
class Head:
    """A measure that heads a page: its key, factor (1 for a count) and the metrics it is made of."""

    key: str
    factor: float
    plan: MeasurePlan
    metric_ids: tuple[int, ...]


@dataclass
class Moves:
    """The parts of the moves of headline figures, as arrays of one length: one for a period, school and measure.

    `period`: index into the cells' periods. `head`: index into the heads. `area`: the school's own, `region`: the one
    below the country that it lies in. `national` and `regional`: its part in the move of the country's figure and of
    its region's, in the figure's unit. `pull`: its share in the move of all headline figures; they add up to 1.
    `metric`: whose change makes most of the part, and `step`: by how much that changed, in its unit.
    """

    period: np.ndarray
    school: np.ndarray
    area: np.ndarray
    region: np.ndarray
    head: np.ndarray
    kind: np.ndarray
    national: np.ndarray
    regional: np.ndarray
    pull: np.ndarray
    metric: np.ndarray
    step: np.ndarray

    def __len__(self) -> int:
        return len(self.school)


@dataclass
class Movement:
    """What moves: the heads, the figures before and after (HEADLINES), and the schools' parts in it."""

    heads: list[Head]
    figures: pd.DataFrame
    moves: Moves
    tree: AreaTree
    codes: dict[int, str]


def movement(session: Session, initiative: Initiative, comparison: Comparison) -> Movement:
    """Return how far accepting the file would move the headline figures of the country and of each region it touches.

    `figures` has HEADLINES: keys and codes; sums before and after in the metric's unit (NaN while no school is in the
    base); moved: the sum of the schools' parts without their signs, in the figure's unit.
    """
    heads = headline_measures(session, initiative)
    tree = area_tree(session, initiative.country)
    codes = {identity or 0: code for identity, code in session.exec(select(Area.id, Area.code)).all()}
    rows: list[pd.DataFrame] = []
    parts: list[Moves] = []
    for index in range(len(comparison.cells.periods)):
        ground = _Ground.of(session, initiative, comparison, index, heads, tree)
        if ground is not None:
            for place, head in enumerate(heads):
                moves, figures = _of_one(ground, place, head)
                parts.append(moves)
                rows.append(figures.assign(area_code=figures["area_id"].map(codes)))
    moves = _joined(parts)
    total = moves.pull.sum()
    moves.pull = moves.pull / total if total else moves.pull
    figures = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=list(HEADLINES))
    return Movement(heads, figures[list(HEADLINES)], moves, tree, codes)


def headline_measures(session: Session, initiative: Initiative) -> list[Head]:
    """Return the measures that head a page about the initiative, in their order on screen."""
    metric_ids, plans = measure_plans(session)
    by_id = {plan.measure_id: plan for plan in plans}
    asked = select(Requirement.metric_id, Requirement.required).where(Requirement.initiative_id == initiative.id)
    required: dict[int, bool] = dict(session.exec(asked).all())
    factors = dict(session.exec(select(Indicator.id, Indicator.factor)).all())
    kinds = dict(session.exec(select(Metric.id, Metric.kind)).all())
    found = []
    for measure in session.exec(select(Measure).order_by(col(Measure.position), col(Measure.id))).all():
        plan = by_id[measure.id or 0]
        parts = [plan.numerator] if plan.denominator is None else [plan.numerator, plan.denominator]
        metrics = tuple(metric_ids[part] for part in parts)
        indicator = measure.type == "indicator"
        heads = heads_a_page(
            indicator=indicator, kind=kinds.get(measure.id or 0, ""), required=required.get(measure.id or 0, False)
        )
        if heads and required.keys() >= set(metrics):
            found.append(Head(measure.key, float(factors.get(measure.id or 0, 1)), plan, metrics))
    return sorted(found, key=lambda head: len(head.metric_ids) == 1)  # rates first, as on screen


@dataclass
class _Ground:
    """One period of the file: its changing, expected schools in order, where they lie, and what they said and say.

    `before` and `after` are (said, value), schools x `metric_ids`. `held`: area id -> measure id -> sums held now, in
    units of `data_model.sums`: numerator, denominator, base, reporting. `expected`: schools expected by area.
    """

    period: int
    key: str
    schools: np.ndarray
    area: np.ndarray
    region: np.ndarray
    metric_ids: list[int]
    before: tuple[np.ndarray, np.ndarray]
    after: tuple[np.ndarray, np.ndarray]
    held: dict[tuple[int, int], np.ndarray]
    expected: dict[int, int]
    root: int

    @classmethod
    def of(
        cls,
        session: Session,
        initiative: Initiative,
        comparison: Comparison,
        index: int,
        heads: list[Head],
        tree: AreaTree,
    ) -> "_Ground | None":
        """Return the ground of one period, None where the file changes nothing of what the heads are made of."""
        assert initiative.id is not None
        period, period_id = comparison.cells.periods[index], int(comparison.stored.period_id[index])
        metric_ids = sorted({metric for head in heads for metric in head.metric_ids})
        chosen = (comparison.cells.period_index == index) & ~comparison.unchanged
        cells = comparison.cells.take(chosen & np.isin(comparison.cells.metric_id, metric_ids))
        expected, area = (
            part.astype(np.int64) for part in fetch_numbers(session, expected_query(initiative.id, period.ends_on))[:2]
        )
        schools = np.intersect1d(cells.school_id, expected)
        if not len(schools):
            return None
        regions = {one: ([*tree.upwards(one)[:-1]] or [one])[-1] for one in tree.parent}
        region = np.array([regions[one] for one in area.tolist()], dtype=np.int64)
        said, value = table_of_statements(session, initiative.id, period_id, school_ids=schools, metric_ids=metric_ids)
        at = np.searchsorted(expected, schools)
        root = min(tree.roots())
        counts = dict(zip(*(part.tolist() for part in np.unique(region, return_counts=True)), strict=True))
        return cls(
            index, period.key, schools, area[at], region[at], metric_ids, (said, value),
            _after(cells, schools, metric_ids, said, value), _held(session, initiative, period_id),
            counts | {root: len(expected)}, root,
        )  # fmt: skip


def _after(
    cells: Cells, schools: np.ndarray, metric_ids: list[int], said: np.ndarray, value: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (said, value) once the cells of these schools have spoken."""
    cells = cells.take(np.isin(cells.school_id, schools))
    said, value = said.copy(), value.copy()
    at = np.searchsorted(schools, cells.school_id), np.searchsorted(np.array(metric_ids), cells.metric_id)
    said[at] = cells.state != WITHDRAWN
    value[at] = np.where(cells.state == REPORTED, cells.value, np.nan)
    return said, value


def _held(session: Session, initiative: Initiative, period_id: int) -> dict[tuple[int, int], np.ndarray]:
    """Return the current sums of the country and its regions by area and measure, in whole units."""
    query = (
        sa.select(
            col(Rollup.area_id), col(Rollup.measure_id), col(Rollup.numerator), col(Rollup.denominator),
            col(Rollup.schools_in_base), col(Rollup.schools_reporting),
        )
        .join(Area, col(Area.id) == col(Rollup.area_id))
        .where(col(Area.country) == initiative.country, col(Area.level) <= 1)
        .where(col(Rollup.initiative_id) == initiative.id, col(Rollup.period_id) == period_id)
        .where(col(Rollup.superseded_at).is_(None))
    )  # fmt: skip
    area, measure, numerator, denominator, base, reporting = fetch_numbers(session, query)
    sums = np.stack([in_units(numerator), in_units(denominator), base.astype(int), reporting.astype(int)], axis=1)
    keys = zip(area.astype(int).tolist(), measure.astype(int).tolist(), strict=True)
    return dict(zip(keys, sums, strict=True))


def _parts(ground: _Ground, head: Head, when: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return each school's numerator, denominator, base and reporting, as columns of whole numbers."""
    said, value = when
    places = [ground.metric_ids.index(metric) for metric in head.metric_ids]
    reporting = said[:, places].all(axis=1)
    base = ~np.isnan(value[:, places]).any(axis=1)
    numerator = np.where(base, value[:, places[0]], 0)
    denominator = np.where(base, value[:, places[1]], 0) if len(places) > 1 else np.zeros(len(base))
    return np.stack([in_units(numerator), in_units(denominator), base.astype(int), reporting.astype(int)], axis=1)


def _of_one(ground: _Ground, place: int, head: Head) -> tuple[Moves, pd.DataFrame]:
    """Return the schools' parts in the moves of one measure in one period, and its figures before and after."""
    was, now = _parts(ground, head, ground.before), _parts(ground, head, ground.after)
    step = now - was
    areas = [ground.root, *sorted(set(ground.region.tolist()) - {ground.root})]
    moved = {area: np.zeros(len(step)) for area in areas}
    weight, rows = {}, []
    for area in areas:
        inside = np.ones(len(step), dtype=bool) if area == ground.root else ground.region == area
        before = ground.held.get((area, head.plan.measure_id), np.zeros(4, dtype=np.int64))
        after = before + step[inside].sum(axis=0)
        part, size = _contributions(step, before, after, len(head.metric_ids) > 1)
        moved[area] = np.where(inside, part * head.factor, 0)
        weight[area] = 1 / size if size else 0.0
        rows.append(_figures(ground, head, area, before, after, float(np.abs(moved[area]).sum())))
    national = moved[ground.root]
    regional = np.zeros(len(step))
    pull = np.abs(national) / head.factor * weight[ground.root] / 2
    touched = sorted(set(ground.region.tolist()))
    for area in touched:
        here = ground.region == area
        regional[here] = moved[area][here]
        pull[here] += np.abs(regional[here]) / head.factor * weight[area] / len(touched) / 2
    kind = np.where(was[:, 2] == 0, FIRST_REPORT, np.where(now[:, 2] == 0, TAKEN_BACK, CHANGED))
    chosen = (pull > 0) & step.any(axis=1)
    filled = [np.full(int(chosen.sum()), one) for one in (ground.period, place)]
    moves = Moves(
        filled[0], ground.schools[chosen], ground.area[chosen], ground.region[chosen], filled[1], kind[chosen],
        national[chosen], regional[chosen], pull[chosen], *_mainly(step[chosen], head, ground),
    )  # fmt: skip
    return moves, pd.DataFrame(rows)


def _mainly(step: np.ndarray, head: Head, ground: _Ground) -> tuple[np.ndarray, np.ndarray]:
    """Return for each school which of the head's metrics moves the figure most, and by how much it changed."""
    below = np.zeros(len(step), dtype=bool)
    if len(head.metric_ids) > 1:
        numerator, denominator = ground.held.get((ground.root, head.plan.measure_id), np.zeros(4))[:2]
        rate = numerator / denominator if denominator else 0.0
        below = (np.abs(step[:, 1]) * rate > np.abs(step[:, 0])) | (step[:, 0] == 0)
    metric = np.where(below, head.metric_ids[-1], head.metric_ids[0])
    return metric.astype(np.int64), from_units(np.where(below, step[:, 1], step[:, 0]))


def _contributions(step: np.ndarray, before: np.ndarray, after: np.ndarray, ratio: bool) -> tuple[np.ndarray, float]:
    """Return each school's part in the move of a figure (without its factor), and the figure's size, then or now."""
    if not ratio:
        return from_units(step[:, 0]), float(max(from_units(before[0]), from_units(after[0])))
    rate_before = before[0] / before[1] if before[1] else 0.0
    rate_after = after[0] / after[1] if after[1] else 0.0
    people = after[1] or before[1]  # a rate that is gone went with what it stood on
    part = (step[:, 0] - rate_before * step[:, 1] * bool(after[1])) / people if people else np.zeros(len(step))
    return part, float(max(rate_before, rate_after))


def _figures(
    ground: _Ground, head: Head, area: int, before: np.ndarray, after: np.ndarray, moved: float
) -> dict[str, object]:
    """Return a row of HEADLINES, with the area's id."""
    ratio = len(head.metric_ids) > 1
    row: dict[str, object] = {
        "area_id": area, "period": ground.key, "measure": head.key, "ratio": ratio, "factor": head.factor,
        "schools_expected": ground.expected.get(area, 0), "moved": moved,
    }  # fmt: skip
    for name, sums in (("before", before), ("after", after)):
        numerator, denominator, base, reporting = sums.tolist()
        in_unit = from_units(np.array([numerator, denominator])).tolist()
        row[f"numerator_{name}"] = in_unit[0] if base else np.nan
        row[f"denominator_{name}"] = in_unit[1] if base and ratio else np.nan
        row[f"schools_in_base_{name}"], row[f"schools_reporting_{name}"] = base, reporting
    return row


def _joined(parts: list[Moves]) -> Moves:
    def columns() -> Iterator[np.ndarray]:
        for one in fields(Moves):
            empty = np.zeros(0, dtype=float if one.name in FLOATS else np.int64)
            yield np.concatenate([empty, *(getattr(part, one.name) for part in parts)])

    return Moves(*columns())
