"""What a file would change: each of its cells beside what is held now, and the fingerprint of both."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.base import known_at
from data_model.bulk import fetch_numbers
from data_model.measures import Definition, Measure, Metric, MetricRule
from data_model.participation import ReportingPeriod, Requirement
from data_model.places import Area, School, SchoolRecord
from data_model.registry import Initiative
from data_model.rollups import area_tree
from data_model.statements import FEW_SCHOOLS, current_statements
from intake.cells import NOT_APPLICABLE, REPORTED, STATES, Cells

# Changes listed in full; counts are exact beyond them.
CHANGES_LISTED = 1_000
# Of a cell about which nothing is held.
NOTHING = -1


@dataclass
class StoredCells:
    """What is held now about each cell of a file, in the order of its cells.

    `observation_id` is 0 and `state` NOTHING where nothing is held; `value` is NaN unless a value is held.
    `period_id` gives the id of each of the cells' periods, 0 where the initiative has had no report for it yet.
    """

    observation_id: np.ndarray
    state: np.ndarray
    value: np.ndarray
    period_id: np.ndarray

    @property
    def says_something(self) -> np.ndarray:
        """Whether the cell is held to be reported or not applicable. A withdrawn one is not reported."""
        return (self.state == REPORTED) | (self.state == NOT_APPLICABLE)


def stored_cells(session: Session, initiative: Initiative, cells: Cells) -> StoredCells:
    """Return what is held now about the cells."""
    period_id = _period_ids(session, initiative, cells)
    stored = StoredCells(
        np.zeros(len(cells), np.int64), np.full(len(cells), NOTHING, np.int8), np.full(len(cells), np.nan), period_id
    )
    known = np.flatnonzero(period_id)
    if not len(cells) or not len(known):
        return stored
    metric_ids = np.unique(cells.metric_id)
    assert initiative.id is not None
    held = current_statements(
        session, initiative.id,
        period_ids=period_id[known].tolist(), metric_ids=metric_ids.tolist(), school_ids=cells.school_id,
    )  # fmt: skip
    if not len(held):
        return stored
    by_id = known[np.argsort(period_id[known])]
    held_period = by_id[np.searchsorted(period_id[by_id], held.period_id)]
    schools = int(max(cells.school_id.max(), held.school_id.max())) + 1
    held_key = _key(held_period, np.searchsorted(metric_ids, held.metric_id), held.school_id, len(metric_ids), schools)
    key = _key(
        cells.period_index, np.searchsorted(metric_ids, cells.metric_id), cells.school_id, len(metric_ids), schools
    )
    order = np.argsort(held_key)
    at = np.searchsorted(held_key[order], key).clip(max=len(order) - 1)
    found = held_key[order[at]] == key
    source = order[at[found]]
    stored.observation_id[found] = held.observation_id[source]
    stored.state[found] = held.state[source]
    stored.value[found] = held.value[source]
    return stored


@dataclass
class Comparison:
    """A file's cells beside what is held. `new`, `changed`, `unchanged` are masks over the cells; one holds for each.

    A cell about which nothing is held, or whose value was withdrawn, is new. `counts` has the design's keys, in which
    a cell that says "not applicable" counts as that alone.
    """

    cells: Cells
    stored: StoredCells
    metric_keys: dict[int, str] = field(default_factory=dict)
    school_codes: dict[int, str] = field(default_factory=dict)
    region_of_school: dict[int, str] = field(default_factory=dict)

    @cached_property
    def unchanged(self) -> np.ndarray:
        """Cells that say what is held already."""
        same_value = (self.cells.state != REPORTED) | (self.cells.value == self.stored.value)
        mask: np.ndarray = (self.stored.state == self.cells.state) & same_value
        return mask

    @cached_property
    def changed(self) -> np.ndarray:
        """Cells that say something else than what is held."""
        mask: np.ndarray = ~self.unchanged & self.stored.says_something
        return mask

    @cached_property
    def new(self) -> np.ndarray:
        """Cells about which nothing is held."""
        mask: np.ndarray = ~self.unchanged & ~self.stored.says_something
        return mask

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cells are new, changed, unchanged and not applicable, each counted once."""
        valued = self.cells.state != NOT_APPLICABLE
        return {
            "new": int((self.new & valued).sum()),
            "changed": int((self.changed & valued).sum()),
            "unchanged": int((self.unchanged & valued).sum()),
            "not_applicable": int((~valued).sum()),
        }

    @property
    def changes_anything(self) -> bool:
        """Whether accepting the file would change what is held."""
        return not bool(self.unchanged.all())

    def changes(self, limit: int = CHANGES_LISTED) -> list[dict[str, Any]]:
        """Return the first changes in the order of the file's rows, as the design's JSON; at most CHANGES_LISTED.

        `old` and `new` are null where there is no value; what they then are, `state` says of the new ("not_applicable",
        "withdrawn") and `old_state` of the old ("not_applicable"), each only where it is not a plain value or nothing.
        """
        return [self._change(index) for index in self.listed()[:limit].tolist()]

    def listed(self) -> np.ndarray:
        """Return the positions of the cells that `changes` tells of."""
        differing = np.flatnonzero(~self.unchanged)
        return differing[np.argsort(self.cells.row[differing], kind="stable")][:CHANGES_LISTED]

    def _change(self, index: int) -> dict[str, Any]:
        cells, stored = self.cells, self.stored
        change: dict[str, Any] = {
            "school": self.school_codes[int(cells.school_id[index])],
            "metric": self.metric_keys[int(cells.metric_id[index])],
            "period": cells.periods[cells.period_index[index]].key,
            "old": number(stored.value[index]),
            "new": number(cells.value[index]),
            "row": int(cells.row[index]),
        }
        if cells.state[index] != REPORTED:
            change["state"] = STATES[cells.state[index]].value
        if stored.state[index] == NOT_APPLICABLE:
            change["old_state"] = STATES[NOT_APPLICABLE].value
        return change

    def by_metric_and_area(self) -> pd.DataFrame:
        """Return how many cells are what, by metric and region.

        Columns: metric (key), area_code (of the region, or of the country for a school in none), new, changed,
        unchanged, not_applicable (numbers of cells; the four add up to all).
        """
        valued = self.cells.state != NOT_APPLICABLE
        frame = pd.DataFrame(
            {
                "metric": pd.Series(self.cells.metric_id).map(self.metric_keys),
                "area_code": pd.Series(self.cells.school_id).map(self.region_of_school),
                "new": self.new & valued,
                "changed": self.changed & valued,
                "unchanged": self.unchanged & valued,
                "not_applicable": ~valued,
            }
        )
        return frame.groupby(["metric", "area_code"], as_index=False).sum()


def compare(session: Session, initiative: Initiative, cells: Cells) -> Comparison:
    """Return the file's cells beside what is held now, with the names that a person is shown."""
    comparison = Comparison(cells, stored_cells(session, initiative, cells))
    comparison.metric_keys = _metric_keys(session)
    comparison.school_codes = _school_codes(session, cells.school_id[comparison.listed()])
    comparison.region_of_school = _regions(session, initiative.country, np.unique(cells.school_id))
    return comparison


def fingerprint(
    file_sha256: str, reading: dict[str, Any], rules: str, cells: Cells, stored: StoredCells | Comparison
) -> str:
    """Return what binds a preview to its acceptance: a SHA-256 of the file, how it was read, the rules (see
    `rules_version`) and the stored values of the cells it touches, and of nothing else.

    A withdrawn cell and one never reported are the same here: the preview shows nothing held for both.
    """
    if isinstance(stored, Comparison):
        stored = stored.stored
    said = stored.says_something
    digest = hashlib.sha256(_canonical([file_sha256, reading, rules, [period.key for period in cells.periods]]))
    for part, kind in (
        (cells.school_id, "<i8"),
        (cells.metric_id, "<i8"),
        (cells.period_index, "<i4"),
        (np.where(said, stored.state, NOTHING), "<i1"),
        # Adding zero makes one zero of the two that floats have.
        (np.nan_to_num(stored.value) + 0.0, "<f8"),
    ):
        digest.update(np.ascontiguousarray(part, dtype=kind).data)
    return digest.hexdigest()


def rules_version(session: Session, initiative: Initiative) -> str:
    """Return a SHA-256 of the rules a file is checked by: what is asked for, bounds, decimals and cross-field rules."""
    asked = (
        sa.select(
            col(Requirement.metric_id), col(Requirement.required),
            col(Metric.kind), col(Metric.decimals), col(Metric.count_metric_id),
        )
        .join(Metric, col(Metric.id) == col(Requirement.metric_id))
        .where(col(Requirement.initiative_id) == initiative.id)
        .order_by(col(Requirement.metric_id))
    )  # fmt: skip
    bounds = (
        sa.select(col(Definition.measure_id), col(Definition.lower), col(Definition.upper))
        .where(known_at(Definition, None))
        .order_by(col(Definition.measure_id))
    )
    lesser, greater = col(MetricRule.lesser_id), col(MetricRule.greater_id)
    pairs = sa.select(lesser, greater).where(known_at(MetricRule, None)).order_by(lesser, greater)
    session.flush()
    connection = session.connection()
    found = [[list(row) for row in connection.execute(query).all()] for query in (asked, bounds, pairs)]
    return hashlib.sha256(_canonical([initiative.granularity, *found])).hexdigest()


def number(value: float) -> float | int | None:
    """Return a stored value as JSON's number: whole ones without a fraction, None for none."""
    if np.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _key(period: np.ndarray, metric: np.ndarray, school: np.ndarray, metrics: int, schools: int) -> np.ndarray:
    """Return one number a cell, so that cells can be sorted and sought."""
    return (period.astype(np.int64) * metrics + metric) * schools + school


def _period_ids(session: Session, initiative: Initiative, cells: Cells) -> np.ndarray:
    starts = [period.starts_on for period in cells.periods]
    query = sa.select(col(ReportingPeriod.starts_on), col(ReportingPeriod.id)).where(
        col(ReportingPeriod.initiative_id) == initiative.id,
        col(ReportingPeriod.granularity) == initiative.granularity,
        col(ReportingPeriod.starts_on).in_(starts),
    )
    held = {starts_on: period_id or 0 for starts_on, period_id in session.connection().execute(query)}
    return np.array([held.get(start, 0) for start in starts], dtype=np.int64)


def _metric_keys(session: Session) -> dict[int, str]:
    rows = session.exec(select(Measure.id, Measure.key).where(Measure.type == "metric")).all()
    return {identity: key for identity, key in rows if identity is not None}


def _school_codes(session: Session, school_ids: np.ndarray) -> dict[int, str]:
    wanted = np.unique(school_ids).tolist()
    rows = session.exec(select(School.id, School.code).where(col(School.id).in_(wanted))).all()
    return {identity: code for identity, code in rows if identity is not None}


def _regions(session: Session, country: str, school_ids: np.ndarray) -> dict[int, str]:
    """Return each school's region by code: the area below the country in which it now lies, or the country itself."""
    codes = dict(session.exec(select(Area.id, Area.code).where(Area.country == country)).all())
    tree = area_tree(session, country)
    region = {area: codes[([*tree.upwards(area)[:-1]] or [area])[-1]] for area in tree.parent}
    query = sa.select(col(SchoolRecord.school_id), col(SchoolRecord.area_id)).where(known_at(SchoolRecord, None))
    if len(school_ids) <= FEW_SCHOOLS:
        query = query.where(col(SchoolRecord.school_id).in_(school_ids.tolist()))
    school, area = (part.astype(np.int64) for part in fetch_numbers(session, query))
    chosen = np.isin(school, school_ids)
    return {one: region[lies] for one, lies in zip(school[chosen].tolist(), area[chosen].tolist(), strict=True)}
