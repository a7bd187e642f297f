"""What a template holds before it is written: its header, its rows, and what its metrics are called and mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from access.language import by_preference
from data_model.base import known_at
from data_model.measures import Definition
from data_model.periods import Period
from intake.columns import ColumnRole
from intake.layout import WIDE
from intake.rulebook import MetricAsked

# A spreadsheet takes a text that begins with one of these for a formula.
FORMULA_SIGNS = tuple("=+-@＝＋－＠\t\r\n")
KEYS = (ColumnRole.SCHOOL_CODE, ColumnRole.SCHOOL_NAME, ColumnRole.PERIOD)


@dataclass(frozen=True)
class Wording:
    """What a metric is called and means, in the reader's language."""

    name: str
    definition: str


@dataclass(frozen=True)
class TemplateTable:
    """A template before it is written: its header and its rows of texts; blank cells are to be filled in."""

    header: list[str]
    schools: Sequence[tuple[str, str]]
    metrics: Sequence[MetricAsked]
    period: Period
    layout: str

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows below the header."""
        for code, name in self.schools:
            keys = [code, harmless(name), self.period.key]
            if self.layout == WIDE:
                yield [*keys, *[""] * len(self.metrics)]
            else:
                yield from ([*keys, metric.key, ""] for metric in self.metrics)

    def __len__(self) -> int:
        return len(self.schools) * (1 if self.layout == WIDE else len(self.metrics))


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


def wordings(session: Session, metrics: Sequence[MetricAsked]) -> dict[str, Wording]:
    """Return what the metrics are called and mean, by key."""
    query = select(Definition).where(col(Definition.measure_id).in_([metric.id for metric in metrics]))
    held = {one.measure_id: one for one in session.exec(query.where(known_at(Definition, None)))}
    return {metric.key: _wording(held[metric.id]) for metric in metrics}


def _wording(held: Definition) -> Wording:
    name, text = (
        next(filter(None, (getattr(held, f"{stem}_{language}") for language in by_preference())), "")
        for stem in ("name", "text")
    )
    return Wording(name, text)
