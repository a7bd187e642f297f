"""Rules between metrics: in one school and period the one is never more than the other.

By them a file is checked, a funnel knows what is a part of what, and a release protects what one count leaves of
another. So a rule compares like with like, and no chain of rules ends where it began.
"""

from collections.abc import Iterable, Iterator, Mapping

from sqlmodel import Session, select

from access.administration import places
from access.administration.description import Asked, Column, Kind, Problem, Table
from access.administration.reporting_tables import METRIC, REPORTING
from access.language import N_, _
from data_model.base import known_at
from data_model.measures import Metric, MetricKind, MetricRule, Subject

# Counted one by one, each person or licence once: an active teacher uses one licence and has one account.
COUNTED_SINGLY = ("people", "accounts", "licences")


def why_not_comparable(lesser: Metric, greater: Metric) -> str:
    """Return why no rule can join these two metrics, empty where one can."""
    if MetricKind.SCORE in (lesser.kind, greater.kind):
        return _("A mean is compared with no count: choose two counts.")
    if (lesser.kind == MetricKind.FLOW) != (greater.kind == MetricKind.FLOW):
        return _("A count within the period adds up over time and a level does not: they are not compared.")
    subjects = {lesser.subject, greater.subject} - {Subject.LICENCE}
    singly = lesser.unit in COUNTED_SINGLY and greater.unit in COUNTED_SINGLY
    if len(subjects) > 1 or (lesser.subject != greater.subject and not singly):
        return _("The two count different things: choose metrics of the same people or items.")
    if lesser.unit != greater.unit and not singly:
        return _("The two are counted in different units: choose metrics of one unit.")
    return ""


def ruled_with(session: Session, metric_id: int) -> list[tuple[Metric, Metric]]:
    """Return the rules that hold for a metric: the lesser and the greater of each."""
    pairs = [pair for pair in _pairs(session) if metric_id in pair]
    return [(session.get_one(Metric, lesser), session.get_one(Metric, greater)) for lesser, greater in pairs]


def _pairs(session: Session) -> list[tuple[int, int]]:
    query = select(MetricRule.lesser_id, MetricRule.greater_id).where(known_at(MetricRule, None))
    return list(session.exec(query).all())


def _of_two_comparable_metrics(asked: Asked) -> Iterator[Problem]:
    lesser, greater = asked.values["lesser"], asked.values["greater"]
    if lesser == greater:
        yield Problem("greater", _("A rule joins two different metrics."))
        return
    why_not = why_not_comparable(asked.session.get_one(Metric, lesser), asked.session.get_one(Metric, greater))
    if why_not:
        yield Problem("greater", why_not)


def _no_way_back(asked: Asked) -> Iterator[Problem]:
    """By a chain of rules that ends where it began all its metrics would always have to be equal."""
    lesser, greater = asked.values["lesser"], asked.values["greater"]
    if lesser != greater and lesser in _never_less(_pairs(asked.session), greater):
        message = _("Rules that stand say the contrary: the second is never more than the first. Both together would"
                    " have them always equal.")  # fmt: skip
        yield Problem("greater", message)


def _never_less(pairs: Iterable[tuple[int, int]], than: int) -> set[int]:
    """Return the metrics that are, by one rule or a chain of them, never less than this one."""
    above: dict[int, set[int]] = {}
    for lesser, greater in pairs:
        above.setdefault(lesser, set()).add(greater)
    return _reached(above, than)


def _reached(above: Mapping[int, set[int]], start: int) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


RULES = Table(
    name="metric_rule",
    row=MetricRule,
    title=N_("Rules between metrics"),
    one=N_("Rule between metrics"),
    about=N_("Which metric is never more than which, in one school and period. Files are checked by these rules, and"
             " what one count leaves of another is protected where figures are released."),
    group=REPORTING,
    columns=(
        Column("lesser", Kind.REFERENCE, N_("Lesser metric"), required=True, listed=True, refers_to=METRIC),
        Column("greater", Kind.REFERENCE, N_("Greater metric"), N_("What the lesser one is never more than. Both"
               " count alike, such as teachers and teachers. Files checked from now on are held to it."), required=True,
               listed=True, refers_to=METRIC),
        Column("note", Kind.LONG_TEXT, N_("Why it holds"),
               N_("Shown beside the rule, for whoever asks why a file is refused."), listed=True),
    ),
    key=("lesser", "greater"),
    called=("lesser", "greater"),
    sentence=N_("“{lesser}” is never more than “{greater}”"),
    places=places.of_the_instance,
    rules=(_of_two_comparable_metrics, _no_way_back),
    versioned=True,
)  # fmt: skip
