"""One measurement in a process of its own, so that its memory is its own: `python -m benchmarks.measuring ...`.

Prints a line of JSON. After the clock has stopped it makes sure that what was stored is right.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from access.identity import identity_of_email
from benchmarks import bare
from benchmarks.country import AT, DISTRICTS, KEY, Reports, identities, make_reports
from data_model.engine import make_engine, open_session
from data_model.registry import Initiative
from intake.check import check_file
from intake.record import accept, submit

WARM_UP = b"school_code,metric,period,value\n001000,teachers_active,2026-10,1\n"


def measure_bare(engine: Engine, reports: Reports) -> dict[str, float]:
    """Return the seconds that the bare command takes."""
    with Session(engine) as session:
        schools, metrics = identities(session, reports)
    write = bare.copy_on_postgresql if engine.dialect.name == "postgresql" else bare.executemany_on_sqlite
    took = write(engine, reports, schools, metrics)
    with engine.connect() as connection:
        stored = connection.execute(sa.text("SELECT count(*), sum(value) FROM bare_observation")).one()
    assert stored[0] == len(reports) and np.isclose(stored[1], reports.value.sum())
    return {"total": took}


def measure_intake(engine: Engine, file: Path) -> dict[str, float]:
    """Return the seconds of checking, submitting and accepting the file, and the peak of memory in MB."""
    content = file.read_bytes()
    with open_session(engine) as session:  # a server has its modules loaded
        check_file(session, _initiative(session), WARM_UP, "warm_up.csv", at=AT)
    moments = [time.perf_counter()]
    with open_session(engine) as session:
        check = check_file(session, _initiative(session), content, file.name, at=AT)
    assert check.acceptable and check.findings.totals == {"error": 0, "warning": 0}, check.findings.by_code
    moments.append(time.perf_counter())
    with open_session(engine, write=True) as session:
        submission = submit(session, check, by=identity_of_email(session, "manager@example.org"), note="", at=AT)
        session.commit()
        number, fingerprint = submission.id, submission.fingerprint
    assert number is not None
    del check, content
    moments.append(time.perf_counter())
    with open_session(engine, write=True) as session:
        reviewer = identity_of_email(session, "reviewer@example.org")
        accept(session, number, by=reviewer, fingerprint=fingerprint, at=AT)
        session.commit()
    moments.append(time.perf_counter())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    parts = dict(zip(("check", "submit", "accept"), np.diff(moments).tolist(), strict=True))
    return {**parts, "total": moments[-1] - moments[0], "peak_mb": peak}


def assert_stored_is_right(engine: Engine, reports: Reports) -> None:
    """Compare every stored value, and every rollup, with the reports, by a way that shares no code with the intake."""
    frame = pd.DataFrame(
        {"code": reports.school, "metric": reports.metric, "period": reports.period, "value": reports.value}
    )
    stored = _read(engine, """
        SELECT school.code, measure.key AS metric, reporting_period.starts_on AS period, value, file_row
        FROM observation JOIN school ON school.id = school_id JOIN measure ON measure.id = metric_id
        JOIN reporting_period ON reporting_period.id = period_id WHERE superseded_at IS NULL""")  # fmt: skip
    stored["period"] = stored.period.astype(str).str[:7]
    both = frame.merge(stored, on=["code", "metric", "period"], suffixes=("", "_stored"), validate="one_to_one")
    assert len(both) == len(stored) == len(frame)
    assert (both.value == both.value_stored).all()
    _assert_rollups_are_right(engine, frame)


def _assert_rollups_are_right(engine: Engine, frame: pd.DataFrame) -> None:
    """Sum four measures, one of each kind, by district, region and country; compare with all their rollups."""
    wide = frame.pivot(index=["period", "code"], columns="metric", values="value").reset_index()
    lies = _read(engine, """
        SELECT school.code, district.code AS district, region.code AS region, 'KZ' AS country FROM school
        JOIN school_record ON school_id = school.id JOIN area AS district ON district.id = area_id
        JOIN area AS region ON region.id = district.parent_id""")  # fmt: skip
    wide = wide.merge(lies, on="code")
    held = _read(engine, """
        SELECT measure.key AS measure, area.code AS area, reporting_period.starts_on AS period, numerator, denominator
        FROM rollup JOIN area ON area.id = area_id JOIN measure ON measure.id = measure_id
        JOIN reporting_period ON reporting_period.id = period_id
        WHERE superseded_at IS NULL AND numerator IS NOT NULL""")  # fmt: skip
    held["period"] = held.period.astype(str).str[:7]
    for measure, above, below in (
        ("messages_sent", wide.messages_sent, None),
        ("training_hours", wide.training_hours, None),
        ("usefulness_score", wide.usefulness_score * wide.teachers_surveyed, wide.teachers_surveyed),
        ("teacher_activation", wide.teachers_active, wide.teachers_total),
    ):
        parts = wide.assign(above=above, below=0.0 if below is None else below).dropna(subset=["above", "below"])
        sums = pd.concat(
            parts.rename(columns={level: "area"}).groupby(["area", "period"], as_index=False)[["above", "below"]].sum()
            for level in ("district", "region", "country")
        )
        both = held[held.measure == measure].merge(sums, on=["area", "period"], how="outer", validate="one_to_one")
        assert len(both) >= DISTRICTS
        assert np.isclose(both.numerator, both.above, rtol=1e-12, atol=0).all()
        assert (both.denominator.fillna(0) == both.below).all()


def _read(engine: Engine, statement: str) -> pd.DataFrame:
    with engine.connect() as connection:
        return pd.read_sql_query(sa.text(statement), connection)


def _initiative(session: Session) -> Initiative:
    return session.exec(select(Initiative).where(Initiative.key == KEY)).one()


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["bare", "intake"])
    parser.add_argument("--database", required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    engine = make_engine(given.database)
    if given.what == "bare":
        found = measure_bare(engine, make_reports(given.rows))
    else:
        found = measure_intake(engine, given.file)
        assert_stored_is_right(engine, make_reports(given.rows))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
