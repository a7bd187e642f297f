"""What suppression must know about measures: which metrics count people, what is made of what, what is part of what."""

from dataclasses import dataclass
from itertools import product

from sqlmodel import Session, col, select

from data_model.base import known_at
from data_model.measures import Indicator, Measure, Metric, MetricKind, MetricRule, Subject

PEOPLE = (Subject.TEACHER, Subject.STUDENT)
COUNTED = (MetricKind.STOCK, MetricKind.DISTINCT)


@dataclass(frozen=True)
class Trait:
    """How a measure is made of metrics (by id), and for a metric what it is about."""

    id: int
    key: str
    numerator: int
    denominator: int | None = None
    weighted: bool = False  # a score: its numerator is a sum of value x count
    factor: int = 1
    subject: str | None = None
    kind: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is a metric that simply adds up."""
        return self.denominator is None


@dataclass(frozen=True)
class Traits:
    """All measures by id, the metrics that count people with their subject, and (part, whole) pairs of metrics."""

    by_id: dict[int, Trait]
    people: dict[int, str]
    nested: frozenset[tuple[int, int]]

    def about(self, subjects: frozenset[str]) -> frozenset[int]:
        """Return the measures that tell something about people of these subjects beyond how many they are.

        Licences and messages belong to whoever is counted; hours and scores to people of their own subject.
        """
        return frozenset(
            trait.id
            for trait in self.by_id.values()
            if trait.subject is not None
            and trait.id not in self.people
            and (trait.subject not in PEOPLE or trait.subject in subjects)
        )


def read_traits(session: Session) -> Traits:
    """Return the traits of all measures."""
    keys = {measure.id: measure.key for measure in session.exec(select(Measure)).all()}
    by_id: dict[int, Trait] = {}
    people: dict[int, str] = {}
    for metric in session.exec(select(Metric).order_by(col(Metric.id))).all():
        by_id[metric.id] = Trait(
            metric.id, keys[metric.id], metric.id,
            denominator=metric.count_metric_id,
            weighted=metric.kind == MetricKind.SCORE,
            subject=metric.subject,
            kind=metric.kind,
        )  # fmt: skip
        if metric.subject in PEOPLE and metric.kind in COUNTED:
            people[metric.id] = metric.subject
    for indicator in session.exec(select(Indicator).order_by(col(Indicator.id))).all():
        by_id[indicator.id] = Trait(
            indicator.id, keys[indicator.id], indicator.numerator_id,
            denominator=indicator.denominator_id,
            factor=indicator.factor,
        )  # fmt: skip
    current = select(MetricRule.lesser_id, MetricRule.greater_id).where(known_at(MetricRule, None))
    rules = set(session.exec(current).all())
    return Traits(by_id, people, _with_parts_of_parts(rules))


def _with_parts_of_parts(rules: set[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Return the pairs with those that follow: a part of a part is a part."""
    known = set(rules)
    while True:
        follows = {(a, d) for (a, b), (c, d) in product(known, known) if b == c and a != d} - known
        if not follows:
            return frozenset(known)
        known |= follows
