"""The corpus's country in a database, where its files are checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from data_model.engine import make_engine, open_session
from data_model.measures import Measure
from data_model.places import School
from data_model.registry import Initiative
from intake.cells import NOT_APPLICABLE
from intake.check import Check, check_file
from tests.databases import migrated_sqlite_file
from tests.factories import START
from tests.intake.corpus.case import NA, Case, Cell, Value
from tests.intake.corpus.world import make_corpus_world
from tests.intake.unchanging import unchanging


@dataclass
class Country:
    """The corpus's country in a database, and what its keys mean."""

    session: Session
    initiatives: dict[str, Initiative]
    schools: dict[int, str]
    metrics: dict[int, str]

    def check(self, case: Case) -> Check:
        """Return the check of a case's file."""
        initiative = self.initiatives[case.initiative]
        return check_file(self.session, initiative, case.content, case.file_name, case.options, at=START)

    def cells(self, check: Check) -> dict[Cell, Value]:
        """Return what the check read, in plain words."""
        read = check.cells
        keys = [
            (self.schools[school], self.metrics[metric], read.periods[period].key)
            for school, metric, period in zip(
                read.school_id.tolist(), read.metric_id.tolist(), read.period_index.tolist(), strict=True
            )
        ]
        assert len(set(keys)) == len(keys), "a cell is stated twice"
        said = [
            NA if state == NOT_APPLICABLE else value
            for state, value in zip(read.state, read.value.tolist(), strict=True)
        ]
        return dict(zip(keys, said, strict=True))


@contextmanager
def corpus_country(folder: Path) -> Iterator[Country]:
    """Make the country in a database of its own in that folder."""
    engine = make_engine(f"sqlite:///{migrated_sqlite_file(folder / 'uptake.db')}")
    with open_session(engine, write=True) as session:
        _world, initiatives = make_corpus_world(session)
        schools = dict(session.exec(select(School.id, School.code)).all())
        metrics = dict(session.exec(select(Measure.id, Measure.key)).all())
        with unchanging(session):
            yield Country(session, initiatives, schools, metrics)
    engine.dispose()
