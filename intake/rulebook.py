"""What an initiative asks for and by which rules a file for it is checked, read once for each check."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from data_model.base import known_at
from data_model.locks import locked_periods
from data_model.measures import Definition, Measure, Metric, MetricAlias, MetricKind, MetricRule
from data_model.participation import Requirement
from data_model.periods import Granularity, Period
from data_model.registry import Initiative
from data_model.submissions import ColumnChoice, SchoolChoice
from data_model.time_zones import time_zone_at
from intake.folding import fold

LEAST_COUNT, GREATEST_COUNT = 0.0, 1_000_000.0


@dataclass(frozen=True)
class MetricAsked:
    """A metric as far as files are concerned. `lower` and `upper` are in its unit; `asked`: the initiative wants it."""

    id: int
    key: str
    position: int
    unit: str
    decimals: int
    is_score: bool
    is_level: bool
    lower: float | None
    upper: float | None
    asked: bool
    count_metric_id: int | None
    names: tuple[str, ...]

    @property
    def is_percentage(self) -> bool:
        """Whether a percent sign may stand behind its values."""
        return self.unit.casefold() in ("%", "percent")


@dataclass(frozen=True)
class Rulebook:
    """What a check needs to know beside schools and stored values."""

    initiative: Initiative
    at: datetime
    today: date
    granularity: Granularity
    metrics: dict[int, MetricAsked]
    aliases: dict[str, int]
    rules: list[tuple[int, int]]
    locked: frozenset[Period]
    column_choices: dict[str, str]
    school_choices: dict[str, int]

    @property
    def asked(self) -> list[MetricAsked]:
        """The metrics the initiative asks for, in the order of the template."""
        return sorted((metric for metric in self.metrics.values() if metric.asked), key=lambda metric: metric.position)

    @property
    def metric_of_key(self) -> dict[str, MetricAsked]:
        """The metrics by key."""
        return {metric.key: metric for metric in self.metrics.values()}

    @property
    def example(self) -> str:
        """A period as this initiative's files write it: the last one that has begun."""
        return Period.containing(self.today, self.granularity).shifted(-1).key


def read_rulebook(session: Session, initiative: Initiative, at: datetime) -> Rulebook:
    """Return the rules that hold for the initiative's files at that moment."""
    zone = time_zone_at(session, initiative.country, at)
    metrics = _metrics(session, initiative)
    return Rulebook(
        initiative=initiative,
        at=at,
        today=at.astimezone(ZoneInfo(zone)).date(),
        granularity=Granularity(initiative.granularity),
        metrics=metrics,
        aliases=_aliases(session, metrics),
        rules=_rules(session),
        locked=locked_periods(session, initiative, at),
        column_choices={
            fold(choice.column): choice.meaning
            for choice in session.exec(
                select(ColumnChoice).where(ColumnChoice.initiative_id == initiative.id).order_by(col(ColumnChoice.id))
            )
        },
        school_choices={
            fold(choice.text): choice.school_id
            for choice in session.exec(
                select(SchoolChoice).where(SchoolChoice.initiative_id == initiative.id).order_by(col(SchoolChoice.id))
            )
        },
    )


def _metrics(session: Session, initiative: Initiative) -> dict[int, MetricAsked]:
    asked = set(session.exec(select(Requirement.metric_id).where(Requirement.initiative_id == initiative.id)).all())
    query = (
        select(Metric, Measure, Definition)
        .join(Measure, col(Measure.id) == Metric.id)
        .join(Definition, (col(Definition.measure_id) == Metric.id) & known_at(Definition, None))
        .order_by(col(Measure.position), col(Metric.id))
    )
    found = {}
    for position, (metric, measure, definition) in enumerate(session.exec(query).all()):
        is_score = metric.kind == MetricKind.SCORE
        found[metric.id] = MetricAsked(
            id=metric.id,
            key=measure.key,
            position=position,
            unit=metric.unit,
            decimals=metric.decimals,
            is_score=is_score,
            is_level=metric.kind == MetricKind.STOCK,
            lower=definition.lower if is_score or definition.lower is not None else LEAST_COUNT,
            upper=definition.upper if is_score or definition.upper is not None else GREATEST_COUNT,
            asked=metric.id in asked,
            count_metric_id=metric.count_metric_id,
            names=tuple(filter(None, (definition.name_en, definition.name_ru, definition.name_kk))),
        )
    return found


def _rules(session: Session) -> list[tuple[int, int]]:
    """Return the pairs of metrics of which the first is at most the second."""
    query = select(MetricRule.lesser_id, MetricRule.greater_id).where(known_at(MetricRule, None))
    return sorted(session.exec(query).all())


def _aliases(session: Session, metrics: dict[int, MetricAsked]) -> dict[str, int]:
    """Return folded name -> metric id: the seeded aliases, then the names that definitions give."""
    # The two columns alone: there are hundreds, and every check of a file asks for them.
    named = session.exec(select(MetricAlias.alias, MetricAlias.metric_id)).all()
    aliases = {fold(alias): metric_id for alias, metric_id in named}
    for metric in metrics.values():
        for name in metric.names:
            aliases.setdefault(fold(name), metric.id)
    return aliases
