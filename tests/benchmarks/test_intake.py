"""The measurement of the intake measures what it says, and would notice if what was stored were wrong."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from benchmarks import intake
from benchmarks.country import SCHOOLS, as_wide_file, make_country, make_reports
from benchmarks.measuring import assert_stored_is_right, measure_bare, measure_intake
from data_model.engine import make_engine, open_session

ROWS = 96_000


@pytest.fixture
def country(sqlite_url: str) -> Engine:
    """A database with the country of the measurement."""
    engine = make_engine(sqlite_url)
    with open_session(engine, write=True) as session:
        make_country(session)
        session.commit()
    return engine


def test_reports_fill_whole_periods_and_break_no_rule() -> None:
    reports = make_reports(ROWS + 12)
    assert len(reports) == ROWS + 12 and len(set(reports.school)) == SCHOOLS
    assert sorted(set(reports.period)) == ["2026-09", "2026-10"]


def test_what_is_measured_is_stored_and_right(country: Engine, tmp_path: Path) -> None:
    reports = make_reports(ROWS)
    file = tmp_path / "wide.csv"
    file.write_bytes(as_wide_file(reports))
    took = measure_intake(country, file)
    assert set(took) == {"check", "submit", "accept", "total", "peak_mb"}
    assert took["total"] == pytest.approx(took["check"] + took["submit"] + took["accept"])
    assert_stored_is_right(country, reports)
    assert measure_bare(country, reports)["total"] > 0
    for damage in (
        "UPDATE observation SET value = value + 1 WHERE id = 4711",
        "UPDATE rollup SET numerator = numerator + 1 WHERE id IN (SELECT max(id) FROM rollup GROUP BY measure_id)",
    ):
        with country.begin() as connection:
            connection.execute(sa.text(damage))
        with pytest.raises(AssertionError):
            assert_stored_is_right(country, reports)
        with country.begin() as connection:
            connection.execute(sa.text(damage.replace(" + 1", " - 1")))
    assert_stored_is_right(country, reports)


def test_the_last_line_says_the_ratios_of_the_large_file() -> None:
    def result(bare: float, total: float, peak: float) -> intake.Result:
        return intake.Result(bare, check=total / 2, submit=0, accept=total / 2, total=total, peak_mb=peak)

    summary = intake.summary(
        {
            ("sqlite", "wide"): [result(1, 3, 700)],
            ("sqlite", "long"): [result(1, 2, 100), result(2, 3, 200), result(1, 9, 100)],
            ("postgresql", "long"): [result(2, 5, 300)],
        }
    )
    assert json.loads(json.dumps(summary)) == {"ratio_sqlite": 2.0, "ratio_postgresql": 2.5, "peak_mb": 700}
