"""Making a demonstration: places, schools, people, money, and then the story."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import _
from access.refusal import Refusal
from data_model.measures import Measure, Metric
from data_model.participation import Requirement, ensure_periods
from data_model.people import Role
from data_model.registry import Initiative, InitiativeKind
from seed.demonstration import beside
from seed.demonstration.beside import TeacherCourses
from seed.demonstration.invented import InventedCountry
from seed.demonstration.money import add_fund, add_targets
from seed.demonstration.options import Options
from seed.demonstration.people import DemonstrationAccount, add_people
from seed.demonstration.places import make_areas
from seed.demonstration.schools import add_schools
from seed.demonstration.story import Step, steps
from seed.demonstration.survey import MADE, counts
from seed.demonstration.telling import Teller

Say = Callable[[str], None]
Keep = Callable[[], None]


@dataclass(frozen=True)
class Made:
    """What a demonstration is: the initiative it shows, and the accounts to show once."""

    initiative: str
    accounts: list[DemonstrationAccount]


@dataclass(frozen=True)
class Part:
    """One initiative of the demonstration with the invented schools that report to it."""

    initiative: Initiative
    country: InventedCountry
    asks: Mapping[str, bool] | None = None  # of which metrics, and whether it must be told; None: of all

    @property
    def options(self) -> Options:
        """What it is made from."""
        return self.country.options


def make_demonstration(session: Session, options: Options, *, say: Say, keep: Keep | None = None) -> Made:
    """Make the demonstration in the session's transaction and return what to show.

    `keep` is called between steps: a caller who makes a country too large for one transaction commits there.
    Raises Refusal: `demonstration_exists`, `no_initiative`, `school_code_taken`.
    """
    if counts(session):
        message = _("There is demonstration data already: run `python -m seed reset` first.")
        raise Refusal("demonstration_exists", message)
    parts = _parts(session, options)
    say(_("Making {count} schools").format(count=sum(_own_schools(part) for part in parts)))
    shown, people = add_people(session, options, sorted({part.options.country for part in parts}))
    for part in parts:
        _prepare(session, part, keep)
    add_fund(session, options, parts[0].initiative)
    _tell(session, parts, people, say, keep)
    return Made(parts[0].initiative.key, shown)


def _parts(session: Session, options: Options) -> list[Part]:
    """Return the demonstration's parts, the one that leads first."""
    leading = Part(initiative_of(session, options.country), InventedCountry(options))
    found = [leading]
    if not options.comparison:
        return found
    courses = beside.courses_of(session, leading.country)
    if courses is not None:
        found.append(Part(*courses, beside.COURSES_ASK))
    other = beside.elsewhere(session, options)
    if other is not None:
        found.append(Part(initiative_of(session, other.country), InventedCountry(other)))
    return found


def _own_schools(part: Part) -> int:
    return 0 if isinstance(part.country, TeacherCourses) else part.options.schools


def _prepare(session: Session, part: Part, keep: Keep | None) -> None:
    """Make a part's schools, periods and targets, and let its initiative ask for what they report."""
    options, initiative = part.options, part.initiative
    asked = _ask_for_metrics(session, initiative, part.asks)
    details = {**options.as_details(), "requirements_added": asked}
    audit.record(
        session, at=options.prologue, who=None, action=MADE, subject_type="initiative", subject_key=initiative.key,
        details=details,
    )  # fmt: skip
    if isinstance(part.country, TeacherCourses):
        beside.enrol_again(session, initiative, part.country)
        ensure_periods(session, initiative, options.periods[part.country.first_month :])
        add_targets(session, options, initiative, ["teacher_training"])
        return
    areas = make_areas(session, options)
    for block in part.country.blocks:
        add_schools(session, options, initiative, part.country.told(block).schools, areas)
        if keep is not None:
            keep()
    ensure_periods(session, initiative, options.periods)
    add_targets(session, options, initiative)


def _tell(session: Session, parts: list[Part], people: Mapping[Role, Identity], say: Say, keep: Keep | None) -> None:
    """Let all that happens in the parts happen in order of time: a release holds what every part had reported then."""
    invented = frozenset(part.initiative.id or 0 for part in parts)
    told: list[tuple[Step, Teller]] = []
    for part in parts:
        teller = Teller(
            session, part.country, part.initiative, manager=people[Role.MANAGER], reviewer=people[Role.REVIEWER],
            invented=invented,
        )  # fmt: skip
        told += [(step, teller) for step in steps(part.country, leads=part is parts[0])]
    told.sort(key=lambda one: one[0].moment)  # stable: of one moment, the part that leads goes first
    for number, (step, teller) in enumerate(told, start=1):
        teller.perform(step)
        if keep is not None:
            keep()
        if number % max(1, len(told) // 20) == 0:
            say(_("{date}: {done} of {all} steps").format(date=step.moment.date(), done=number, all=len(told)))


def initiative_of(session: Session, country: str) -> Initiative:
    """Return the initiative that a demonstration in the country shows: one that asks for metrics, else a rollout.

    Raises Refusal (`no_initiative`).
    """
    found = session.exec(select(Initiative).where(Initiative.country == country).order_by(col(Initiative.key))).all()
    asking = set(session.exec(select(Requirement.initiative_id).distinct()).all())

    def preference(initiative: Initiative) -> tuple[bool, bool, str]:
        return initiative.id not in asking, initiative.kind != InitiativeKind.PLATFORM_ROLLOUT, initiative.key

    if found:
        return min(found, key=preference)
    message = _("No initiative is known in {country}: run `python -m seed registry`, or choose another country.")
    raise Refusal("no_initiative", message.format(country=country))


def _ask_for_metrics(session: Session, initiative: Initiative, only: Mapping[str, bool] | None = None) -> bool:
    """Let an initiative that asks for nothing yet ask for every metric, or only for some; return whether it had to."""
    assert initiative.id is not None
    held = session.exec(select(Requirement.id).where(Requirement.initiative_id == initiative.id).limit(1)).first()
    if held is not None:
        return False
    pattern = select(Requirement.metric_id, Requirement.required).distinct()
    required = dict(session.exec(pattern).all())
    query = select(Metric.id, Measure.key).join(Measure, col(Measure.id) == col(Metric.id)).order_by(col(Metric.id))
    for metric, key in session.exec(query).all():
        if only is None or key in only:
            must = required.get(metric, False) if only is None else only[key]
            session.add(Requirement(initiative_id=initiative.id, metric_id=metric, required=must))
    session.flush()
    return True
