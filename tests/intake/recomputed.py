"""Rollups worked out a second time, by plain pandas from the tables as they were at a moment: none of our code."""

from datetime import datetime
from fractions import Fraction
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session

Row = tuple[float | None, float | None, int, int, int, bool]
TABLES = (
    "observation", "enrolment", "school_record", "school", "area", "measure", "metric", "indicator",
    "reporting_period", "rollup",
)  # fmt: skip
MOMENTS = ("recorded_at", "superseded_at")
DAYS = ("joined_on", "left_on", "opened_on", "closed_on", "starts_on", "ends_on")


class Tables:
    """The tables as they stand now, versions and all."""

    def __init__(self, session: Session) -> None:
        session.flush()
        self.frames: dict[str, pd.DataFrame] = {}
        self._expected: dict[tuple[int, ...], pd.DataFrame] = {}
        for name in TABLES:
            result = session.connection().execute(sa.text(f"SELECT * FROM {name}"))
            frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
            for column in frame.columns.intersection(MOMENTS):
                frame[column] = pd.to_datetime(frame[column], utc=True, format="ISO8601")
            for column in frame.columns.intersection(DAYS):
                frame[column] = pd.to_datetime(frame[column])
            self.frames[name] = frame

    def known(self, name: str, moment: datetime) -> pd.DataFrame:
        """Return the rows of a versioned table that were current at the moment."""
        frame = self.frames[name]
        return frame[(frame.recorded_at <= moment) & (frame.superseded_at.isna() | (frame.superseded_at > moment))]

    def expected_schools(self, period: Any, moment: datetime) -> pd.DataFrame:
        """Return the schools expected in the period, as known at the moment: school_id, area_id, demonstration."""
        enrolled, recorded = self.known("enrolment", moment), self.known("school_record", moment)
        enrolled = enrolled[enrolled.initiative_id == period.initiative_id]
        versions = (period.id, *enrolled.id, *recorded.id)
        if versions not in self._expected:
            self._expected[versions] = self._expected_of(period, enrolled, recorded)
        return self._expected[versions]

    def _expected_of(self, period: Any, enrolments: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
        both = enrolments.merge(records, on="school_id")
        both = both.merge(self.frames["school"], left_on="school_id", right_on="id", suffixes=("", "_of_school"))
        day = period.ends_on
        enrolled = (both.joined_on <= day) & (both.left_on.isna() | (both.left_on > day))
        there = (both.opened_on.isna() | (both.opened_on <= day)) & (both.closed_on.isna() | (both.closed_on > day))
        return both[enrolled & there][["school_id", "area_id", "demonstration"]]

    def schools_by_area(self, expected: pd.DataFrame) -> dict[int, list[int]]:
        """Return the schools that lie in each area or below it."""
        parent = dict(zip(self.frames["area"].id, self.frames["area"].parent_id, strict=True))
        found: dict[int, list[int]] = {}
        for school, area in zip(expected.school_id, expected.area_id, strict=True):
            while not pd.isna(area):
                found.setdefault(int(area), []).append(school)
                area = parent[area]
        return found

    def rollups_should_be(self, period_id: int, moment: datetime) -> dict[tuple[int, int], Row]:
        """Return (area, measure) -> the sums, worked out from the observations known at the moment."""
        periods = self.frames["reporting_period"]
        period = periods[periods.id == period_id].iloc[0]
        said = self.known("observation", moment)
        said = said[(said.period_id == period_id) & (said.state != "withdrawn")]
        value = {(row.school_id, row.metric_id): row.value for row in said.itertuples()}
        expected = self.expected_schools(period, moment)
        invented = set(expected[expected.demonstration.astype(bool)].school_id)
        rows: dict[tuple[int, int], Row] = {}
        for area, schools in self.schools_by_area(expected).items():
            for measure, (upper, lower, weighted) in self._parts().items():
                asked = [metric for metric in (upper, lower) if metric is not None]
                answered = [school for school in schools if all((school, metric) in value for metric in asked)]
                base = [school for school in answered if not any(pd.isna(value[school, metric]) for metric in asked)]
                numerator = denominator = Fraction(0)
                for school in base:
                    below = Fraction(str(value[school, lower])) if lower is not None else Fraction(1)
                    numerator += Fraction(str(value[school, upper])) * (below if weighted else 1)
                    denominator += below
                rows[area, measure] = (
                    float(numerator) if base else None, float(denominator) if base and lower is not None else None,
                    len(base), len(answered), len(schools), bool(invented.intersection(schools)),
                )  # fmt: skip
        return rows

    def rollups_are(self, period_id: int, moment: datetime) -> dict[tuple[int, int], Row]:
        """Return (area, measure) -> the sums that were stored at the moment."""
        stored = self.known("rollup", moment)
        stored = stored[stored.period_id == period_id]
        assert not stored.duplicated(["area_id", "measure_id"]).any()
        rows: Any = stored.itertuples()
        return {
            (row.area_id, row.measure_id): (
                None if pd.isna(row.numerator) else row.numerator,
                None if pd.isna(row.denominator) else row.denominator,
                row.schools_in_base, row.schools_reporting, row.schools_expected, bool(row.demonstration),
            )
            for row in rows
        }  # fmt: skip

    def _parts(self) -> dict[int, tuple[int, int | None, bool]]:
        """Return measure -> its metric, the metric below the line if any, whether the first is weighted by it."""
        parts: dict[int, tuple[int, int | None, bool]] = {}
        metrics: Any = self.frames["metric"].itertuples()
        indicators: Any = self.frames["indicator"].itertuples()
        for row in metrics:
            score = row.kind == "score"
            parts[row.id] = (row.id, int(row.count_metric_id) if score else None, score)
        for row in indicators:
            parts[row.id] = (row.numerator_id, row.denominator_id, False)
        return parts
