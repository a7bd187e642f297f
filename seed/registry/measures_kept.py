"""Metrics and indicators as the files say, but for what a person decided on screen: that stays and is told."""

from collections import Counter

from sqlmodel import Session, select

from access.administration import history, measures
from access.administration.description import Table, Written
from access.administration.measure_tables import MEASURE_TABLES
from access.language import _
from data_model.measures import Measure
from seed.registry.keeping import Say


class Told:
    """What people decided of metrics and indicators, and whoever is told where a file says otherwise."""

    def __init__(self, session: Session, counts: Counter[str], say: Say) -> None:
        self.session, self.counts, self.say = session, counts, say
        self.decided = {name: history.decided(session, table) for name, table in MEASURE_TABLES.items()}

    def as_decided(self, table: Table, row: Written) -> Written:
        """Return a file's row, which is called like the form's, with the columns that a person set as they stand."""
        query = select(Measure.id).where(Measure.key == row["key"], Measure.type == table.name)
        identity = str(self.session.exec(query).one_or_none())
        decided = self.decided[table.name].get(identity, frozenset())
        if not decided:
            return row
        stands = measures.as_written(self.session, table, measures.find(self.session, table, identity))
        differing = [name for name in row if name in decided and row[name] != stands[name]]
        for name in differing:
            message = _("{table} {row}: {column} stays as a person set it on screen: {value}")
            self.say(message.format(table=table.name, row=row["key"], column=name, value=stands[name] or "–"))
        self.counts["kept"] += bool(differing)
        return row | {name: stands[name] for name in differing}
