"""What a release made now would let the public see: what changes, what is withheld and why, what is provisional."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.identity import Identity
from analytics.completeness import end_of_day
from analytics.completeness import threshold as completeness_threshold
from analytics.reading import read_frame
from data_model.bulk import Query
from data_model.participation import ReportingPeriod
from data_model.registry import Initiative
from data_model.releases import FigureState, ReleasedFigure
from publishing import releases
from publishing.prepared import Prepared, prepare
from publishing.quantities import Cell, shown
from publishing.releases import Counts
from publishing.suppression import protected_counts

KEYS = ["initiative", "measure", "area", "period"]
# Named, because an empty frame has none of its own.
TYPES = dict.fromkeys([*KEYS, "state"], "object") | {"value": "float64"}
CHANGES = (*KEYS, "what", "before", "now", "state_before", "state_now")
WITHHELD = ("initiative", "measure", "area", "reason", "figures")
PROVISIONAL = ("initiative", "period", "reason", "schools_reporting", "schools_expected")


@dataclass(frozen=True)
class Preview:
    """What would become public.

    `counts`: figures and how many of them are withheld. `states`: how many figures are in each state.
    `changes` against `last_release` (None: nothing is public yet), a row a figure: CHANGES; `what` is `new`, `gone`,
    `changed`, `now_withheld` or `now_shown`; values are NaN unless reported.
    `withheld`, by initiative, measure and area: WITHHELD; `reason` is `small_count` (a protected count stands in it),
    `same_people` (it tells more about those few) or `gives_away` (with it one could work out another).
    `provisional`: the periods that are not final: PROVISIONAL; `reason` is `below_threshold` or `not_yet_due`.
    `to_withdraw`: releases still public that were made under a weaker rule. `fingerprint` is what releasing takes, so
    that what was looked at is what becomes public.
    """

    as_of: datetime
    counts: Counts
    states: Mapping[str, int]
    last_release: int | None
    changes: pd.DataFrame
    withheld: pd.DataFrame
    provisional: pd.DataFrame
    to_withdraw: list[int]
    demonstration: bool
    threshold: int
    fingerprint: str

    def as_json(self) -> dict[str, Any]:
        """Return the preview as the command line prints it."""

        def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
            plain = frame.astype(object).where(frame.notna(), None)
            return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]

        return {
            "as_of": self.as_of.isoformat(), "figures": self.counts.figures, "suppressed": self.counts.suppressed,
            "states": dict(self.states), "last_release": self.last_release, "changes": rows(self.changes),
            "withheld": rows(self.withheld), "provisional": rows(self.provisional), "to_withdraw": self.to_withdraw,
            "demonstration": self.demonstration, "threshold": self.threshold, "fingerprint": self.fingerprint,
        }  # fmt: skip


def preview(session: Session, *, by: Identity, at: datetime, threshold: int | None = None) -> Preview:
    """Return what a release by this person would hold at this moment. Changes nothing, and locks nobody out.

    The threshold is the instance's where none is given. Raises NotAllowed and ReleaseRefused as releasing does.
    """
    threshold = releases.rule(session, threshold)
    initiatives = releases.releasable(session, by)
    as_of = max([at, *(one.last_recorded_at for one in initiatives if one.last_recorded_at is not None)])
    prepared = prepare(session, initiatives, as_of, threshold)
    now = _as_frame(prepared)
    last = releases.latest(session)
    states = {state.value: int((now["state"] == state).sum()) for state in FigureState}
    return Preview(
        as_of=as_of,
        counts=Counts(len(now), states[FigureState.SUPPRESSED]),
        states=states,
        last_release=last.id if last else None,
        changes=_changes(_released(session, (last.id if last else None) or 0), now),
        withheld=_withheld(prepared),
        provisional=_provisional(session, prepared, initiatives, at),
        to_withdraw=releases.made_under_weaker_rule(session, threshold),
        demonstration=prepared.demonstration,
        threshold=threshold,
        fingerprint=prepared.fingerprint,
    )


def _as_frame(prepared: Prepared) -> pd.DataFrame:
    columns = prepared.columns()
    names = dict(zip(("initiative_key", "measure", "area_code", "period"), KEYS, strict=True))
    frame = pd.DataFrame({name: columns[name] for name in (*names, "value", "state")}).rename(columns=names)
    return frame.astype(TYPES)


def _released(session: Session, release: int) -> pd.DataFrame:
    query: Query = sa.select(
        col(ReleasedFigure.initiative_key), col(ReleasedFigure.measure), col(ReleasedFigure.area_code),
        col(ReleasedFigure.period), col(ReleasedFigure.value), col(ReleasedFigure.state),
    ).where(col(ReleasedFigure.release_id) == release)  # fmt: skip
    return read_frame(session, query, [*KEYS, "value", "state"]).astype(TYPES)


def _changes(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that are not the same before and now."""
    both = before.merge(now, on=KEYS, how="outer", suffixes=("_before", "_now"), sort=True)
    hidden_before, hidden_now = (both[name] == FigureState.SUPPRESSED for name in ("state_before", "state_now"))
    same_value = (both["value_before"] == both["value_now"]) | (both["value_before"].isna() & both["value_now"].isna())
    what = pd.Series("changed", index=both.index)
    what[hidden_now & ~hidden_before] = "now_withheld"
    what[hidden_before & ~hidden_now] = "now_shown"
    what[both["state_before"].isna()] = "new"
    what[both["state_now"].isna()] = "gone"
    both["what"] = what  # before anything is left out: to an empty frame a column would bring its rows
    changed = both[~(same_value & (both["state_before"] == both["state_now"]))]
    renamed = changed.rename(columns={"value_before": "before", "value_now": "now"})
    return renamed[list(CHANGES)].reset_index(drop=True)


def _withheld(prepared: Prepared) -> pd.DataFrame:
    """Return how many figures are withheld of each measure and area, and why."""
    found = []
    for key, cells in prepared.withheld.items():
        if not cells:
            continue
        block, traits = prepared.blocks[key], prepared.traits
        secrets = protected_counts(block, traits, prepared.threshold)
        hidden = {secret.hide for secret in secrets}
        people: dict[tuple[int, int], set[str]] = {}
        for initiative, area, subject in (secret.about for secret in secrets if secret.about is not None):
            people.setdefault((initiative, area), set()).add(subject)
        for cell in cells:
            trait = traits.by_id[cell.measure]
            about = traits.about(frozenset(people.get((cell.initiative, cell.area), ())))
            if hidden.intersection(shown(trait, cell.area, block.cells[cell])):
                reason = "small_count"
            else:
                reason = "same_people" if cell.measure in about else "gives_away"
            found.append((*_names(prepared, cell), reason))
    counted = sorted(Counter(found).items())
    return pd.DataFrame([(*key, count) for key, count in counted], columns=list(WITHHELD))


def _names(prepared: Prepared, cell: Cell) -> tuple[str, str, str]:
    return (
        prepared.initiative_keys[cell.initiative],
        prepared.traits.by_id[cell.measure].key,
        prepared.places.codes[cell.area],
    )


def _provisional(session: Session, prepared: Prepared, initiatives: list[Initiative], at: datetime) -> pd.DataFrame:
    """Return the periods of which the country's figures are not final.

    As `analytics.completeness` judges one figure: too few schools have said anything, or the due day is not over.
    """
    by_id = {one.id: one for one in initiatives}
    most: dict[tuple[int, Any], tuple[int, int]] = {}
    for key, block in prepared.blocks.items():
        for cell, sums in block.cells.items():
            if cell.area == block.root and cell.initiative in by_id:
                place = (cell.initiative, key)
                most[place] = max(most.get(place, (0, 0)), (sums.reporting, sums.expected))
    due = _due_days(session)
    rows = []
    for (initiative, key), (reporting, expected) in sorted(most.items()):
        one = by_id[initiative]
        last = due.get((initiative, key.starts_on))
        if expected and reporting * 100 / expected < completeness_threshold(session, initiative):
            rows.append((one.key, key.period.key, "below_threshold", reporting, expected))
        elif last is not None and at.astimezone(UTC) < end_of_day(session, one.country, last):
            rows.append((one.key, key.period.key, "not_yet_due", reporting, expected))
    return pd.DataFrame(rows, columns=list(PROVISIONAL))


def _due_days(session: Session) -> dict[tuple[int, Any], Any]:
    query = sa.select(col(ReportingPeriod.initiative_id), col(ReportingPeriod.starts_on), col(ReportingPeriod.due_on))
    return {(row[0], row[1]): row[2] for row in session.connection().execute(query)}
