"""What is said of a metric and of an indicator, and what may be changed of it.

A stored value means what its metric meant when it was accepted, and an answer what its indicator meant. So what would
change that meaning is refused once there is such a value or answer: then it takes a new metric or indicator.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session, col, select

from access import codes
from access.administration import places
from access.administration.description import Asked, Column, Kind, Problem, Table
from access.administration.measure_names import metric_names
from access.administration.registry_tables import NEVER_CHANGES
from access.administration.reporting_tables import METRIC, REPORTING
from access.administration.rule_tables import ruled_with, why_not_comparable
from access.language import LANGUAGES, N_, _, current
from data_model.measures import Definition, Indicator, Measure, Metric, MetricAlias, MetricKind, Subject, Target
from data_model.rollups import Rollup
from data_model.submissions import Observation

KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
KEY_SAID = N_(
    "{label} is written with small Latin letters, digits and single underscores, and begins with a letter, such as"
    " teachers_active."
)
KINDS = {
    MetricKind.STOCK.value: N_("Level at the end of the period"),
    MetricKind.FLOW.value: N_("Count within the period"),
    MetricKind.DISTINCT.value: N_("People or items, each counted once within the period"),
    MetricKind.SCORE.value: N_("Mean, weighted by the number of answers"),
}
SUBJECTS = {
    Subject.TEACHER.value: N_("teachers"),
    Subject.STUDENT.value: N_("students"),
    Subject.LICENCE.value: N_("licences"),
    Subject.MESSAGE.value: N_("messages"),
}
METRIC_UNITS = {
    **{unit: codes.UNITS[unit] for unit in ("people", "accounts", "licences", "messages", "prompts")},
    "points": N_("points"),
    "hours": N_("hours"),
}
GREATEST_BOUND = 1e12
MADE_NEW = N_("Values were accepted under this metric: this would change what they mean. Add a new metric instead.")
FIXED_BY_VALUES = ("kind", "subject", "unit", "count_metric")
ANSWERED = N_(
    "Figures of this indicator were already given: this would change what they said. Add a new indicator instead."
)
ONE_IS_ENOUGH = N_("One language is enough: who reads in another is shown the name there is.")


def _key() -> Column:
    return Column("key", Kind.KEY, N_("Key"), NEVER_CHANGES, required=True, fixed=True, listed=True, form=KEY,
                  form_said=KEY_SAID, longest=60)  # fmt: skip


def _words() -> tuple[Column, ...]:
    """Return the columns that are worded in each language, as far as there are words."""
    names = (N_("Name in English"), N_("Name in Russian"), N_("Name in Kazakh"))
    texts = (N_("Definition in English"), N_("Definition in Russian"), N_("Definition in Kazakh"))
    told = N_("What counts and what does not, so that two schools count alike. One language is enough.")
    return (
        *(Column(f"name_{language}", Kind.TEXT, label, ONE_IS_ENOUGH, longest=200)
          for language, label in zip(LANGUAGES, names, strict=True)),
        *(Column(f"definition_{language}", Kind.LONG_TEXT, label, told, held_as=f"text_{language}")
          for language, label in zip(LANGUAGES, texts, strict=True)),
    )  # fmt: skip


def folded(name: str) -> str:
    """Return the form in which a name is compared with others, as headers of files are."""
    return " ".join(name.replace("_", " ").split()).casefold().replace("ё", "е")


def _named_alone(asked: Asked) -> Iterator[Problem]:
    """Files name metrics in words: no two measures are called alike, and none as another's other name."""
    own = _number(asked)
    named = asked.session.exec(select(MetricAlias.alias, MetricAlias.metric_id)).all()
    taken: dict[str, int] = dict(named)
    for one in asked.session.exec(select(Definition).where(col(Definition.superseded_at).is_(None))).all():
        for language in LANGUAGES:
            taken[folded(getattr(one, f"name_{language}"))] = one.measure_id
    for language in LANGUAGES:
        name = asked.written[f"name_{language}"]
        if name and taken.get(folded(name), own) != own:
            message = _("“{name}” names another metric or indicator: a file could not tell them apart.")
            yield Problem(f"name_{language}", message.format(name=name))


def _worded(asked: Asked) -> Iterator[Problem]:
    """It has a name and a definition in one language at least; what is wrong is said at the reader's own."""
    if not any(asked.written[f"name_{language}"] for language in LANGUAGES):
        yield Problem(f"name_{current()}", _("Name it in one language at least."))
    if not any(asked.written[f"definition_{language}"] for language in LANGUAGES):
        yield Problem(f"definition_{current()}", _("Define it in one language at least."))


def _score_names_its_count(asked: Asked) -> Iterator[Problem]:
    score, count = asked.written["kind"] == MetricKind.SCORE, asked.values["count_metric"]
    if score and count is None:
        yield Problem("count_metric", _("A mean names the metric that counts the answers by which it is weighted."))
    elif not score and count is not None:
        yield Problem("count_metric", _("Only a mean has such a metric: leave this empty."))
    elif score and asked.session.get_one(Metric, count).kind == MetricKind.SCORE:
        yield Problem("count_metric", _("Answers are counted by a count, not by a mean."))


def _bounds_in_order(asked: Asked) -> Iterator[Problem]:
    if asked.values["lower"] >= asked.values["upper"]:
        yield Problem("upper", _("The greatest value allowed is above the least one."))


def _values_keep_their_meaning(asked: Asked) -> Iterator[Problem]:
    number = _number(asked)
    if number is None or not _holds_values(asked.session, number):
        return
    metric = asked.session.get_one(Metric, number)
    words = asked.session.exec(
        select(Definition).where(Definition.measure_id == number, col(Definition.superseded_at).is_(None))
    ).one()
    now = {"kind": metric.kind, "subject": metric.subject, "unit": metric.unit, "count_metric": metric.count_metric_id}
    for column in FIXED_BY_VALUES:
        if asked.values[column] != now[column]:
            yield Problem(column, _(MADE_NEW))
    if asked.values["decimals"] < metric.decimals:
        yield Problem("decimals", _("Values with more decimals may be held: it can have more of them, not fewer."))
    wider = _("Values are held that may lie outside: the bounds can be widened, not narrowed.")
    if words.lower is None or asked.values["lower"] > words.lower:
        yield Problem("lower", wider)
    if words.upper is None or asked.values["upper"] < words.upper:
        yield Problem("upper", wider)


def _keeps_its_rules(asked: Asked) -> Iterator[Problem]:
    """A metric that rules join with others stays comparable with them."""
    number = _number(asked)
    if number is None:
        return
    said = {name: asked.values[name] for name in ("kind", "subject", "unit")}
    for lesser, greater in ruled_with(asked.session, number):
        pair = [Metric(id=one.id, **said) if one.id == number else one for one in (lesser, greater)]
        if why_not_comparable(*pair):
            other = metric_names(asked.session)[_key_of(asked.session, greater if lesser.id == number else lesser)]
            message = _("A rule joins this metric with “{other}”, and they would no longer be comparable. Remove the"
                        " rule first.")  # fmt: skip
            yield Problem("kind", message.format(other=other))


def _key_of(session: Session, metric: Metric) -> str:
    return session.get_one(Measure, metric.id).key


def _of_two_counts(asked: Asked) -> Iterator[Problem]:
    if asked.values["numerator"] == asked.values["denominator"]:
        yield Problem("denominator", _("An indicator is a ratio of two different metrics."))
    for column in ("numerator", "denominator"):
        if asked.session.get_one(Metric, asked.values[column]).kind == MetricKind.SCORE:
            yield Problem(column, _("A mean cannot be summed over schools: choose a count."))


def _answers_stay(asked: Asked) -> Iterator[Problem]:
    number = _number(asked)
    if number is None or not _has_answers(asked.session, number):
        return
    indicator = asked.session.get_one(Indicator, number)
    now = {"numerator": indicator.numerator_id, "denominator": indicator.denominator_id, "factor": indicator.factor}
    for column, value in now.items():
        if asked.values[column] != value:
            yield Problem(column, _(ANSWERED))


def _number(asked: Asked) -> int | None:
    """Return the measure that is written about, None where it is not made yet."""
    return asked.session.exec(select(Measure.id).where(Measure.key == asked.written["key"])).one_or_none()


def _holds_values(session: Session, metric: int) -> bool:
    """Return whether anything was ever accepted under the metric, or is to be reached."""
    return _any(session, (Observation.metric_id == metric, Target.measure_id == metric))


def _has_answers(session: Session, indicator: int) -> bool:
    """Return whether the indicator ever had a figure, or is to be reached."""
    figure = (col(Rollup.measure_id) == indicator) & (col(Rollup.schools_reporting) > 0)
    return _any(session, (figure, Target.measure_id == indicator))


def _any(session: Session, conditions: Iterable[Any]) -> bool:
    return any(session.exec(select(1).where(condition).limit(1)).first() is not None for condition in conditions)


METRICS = Table(
    name="metric",
    row=Definition,
    title=N_("Metrics"),
    one=N_("Metric"),
    about=N_("What schools report: kind, unit, bounds and definition. What was defined before stays known."),
    group=REPORTING,
    columns=(
        _key(),
        Column("kind", Kind.CHOICE, N_("Kind"), N_("How it adds up over time."), required=True, listed=True,
               choices=KINDS),
        Column("subject", Kind.CHOICE, N_("What it counts"), N_("Figures of different subjects are never added."),
               required=True, listed=True, choices=SUBJECTS),
        Column("unit", Kind.CHOICE, N_("Unit"), required=True, listed=True, choices=METRIC_UNITS),
        Column("decimals", Kind.WHOLE_NUMBER, N_("Decimals"), N_("0 for counts: a fraction is an error."),
               required=True, least=0, greatest=4, default="0"),
        Column("count_metric", Kind.REFERENCE, N_("Weighted by"), N_("For a mean: the metric that counts its answers."),
               refers_to=METRIC),
        Column("lower", Kind.NUMBER, N_("Least value allowed"), required=True, least=-GREATEST_BOUND,
               greatest=GREATEST_BOUND, default="0"),
        Column("upper", Kind.NUMBER, N_("Greatest value allowed"), required=True, least=-GREATEST_BOUND,
               greatest=GREATEST_BOUND, default="1000000"),
        *_words(),
    ),
    key=("key",),
    called=("name_en",),
    places=places.of_the_instance,
    rules=(_worded, _named_alone, _score_names_its_count, _bounds_in_order, _values_keep_their_meaning,
           _keeps_its_rules),
    versioned=True,
)  # fmt: skip

INDICATORS = Table(
    name="indicator",
    row=Definition,
    title=N_("Indicators"),
    one=N_("Indicator"),
    about=N_("Ratios of two metrics over the schools that reported both. What was defined before stays known."),
    group=REPORTING,
    columns=(
        _key(),
        Column("numerator", Kind.REFERENCE, N_("Numerator"), required=True, listed=True, refers_to=METRIC),
        Column("denominator", Kind.REFERENCE, N_("Denominator"), required=True, listed=True, refers_to=METRIC),
        Column("factor", Kind.WHOLE_NUMBER, N_("Factor"), N_("100: shown as a percentage."), required=True, listed=True,
               least=1, greatest=1_000_000, default="100"),
        *_words(),
    ),
    key=("key",),
    called=("name_en",),
    places=places.of_the_instance,
    rules=(_worded, _named_alone, _of_two_counts, _answers_stay),
    versioned=True,
)  # fmt: skip

MEASURE_TABLES: dict[str, Table] = {table.name: table for table in (METRICS, INDICATORS)}
