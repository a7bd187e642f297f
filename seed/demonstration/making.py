"""Making a demonstration: places, schools, people, money, and then the story."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from access import audit
from access.language import _
from access.refusal import Refusal
from data_model.measures import Metric
from data_model.participation import Requirement, ensure_periods
from data_model.people import Role
from data_model.registry import Initiative, InitiativeKind
from seed.demonstration.invented import InventedCountry
from seed.demonstration.money import add_fund, add_targets
from seed.demonstration.options import Options
from seed.demonstration.people import DemonstrationAccount, add_people
from seed.demonstration.places import make_areas
from seed.demonstration.schools import add_schools
from seed.demonstration.story import steps
from seed.demonstration.survey import MADE, counts
from seed.demonstration.telling import Teller

Say = Callable[[str], None]
Keep = Callable[[], None]


@dataclass(frozen=True)
class Made:
    """What a demonstration is: the initiative it shows, and the accounts to show once."""

    initiative: str
    accounts: list[DemonstrationAccount]


def make_demonstration(session: Session, options: Options, *, say: Say, keep: Keep | None = None) -> Made:
    """Make the demonstration in the session's transaction and return what to show.

    `keep` is called between steps: a caller who makes a country too large for one transaction commits there.
    Raises Refusal: `demonstration_exists`, `no_initiative`, `school_code_taken`.
    """
    if counts(session):
        message = _("There is demonstration data already: run `python -m seed reset` first.")
        raise Refusal("demonstration_exists", message)
    initiative = initiative_of(session, options.country)
    asked = _ask_for_metrics(session, initiative)
    country = InventedCountry(options)
    say(_("Making {count} schools").format(count=options.schools))
    shown, people = add_people(session, options)
    details = {**options.as_details(), "requirements_added": asked}
    audit.record(
        session, at=options.prologue, who=None, action=MADE, subject_type="initiative", subject_key=initiative.key,
        details=details,
    )  # fmt: skip
    areas = make_areas(session, options)
    for block in country.blocks:
        add_schools(session, options, initiative, country.told(block).schools, areas)
        if keep is not None:
            keep()
    ensure_periods(session, initiative, options.periods)
    add_targets(session, options, initiative)
    add_fund(session, options, initiative)
    teller = Teller(session, country, initiative, manager=people[Role.MANAGER], reviewer=people[Role.REVIEWER])
    told = steps(country)
    for number, step in enumerate(told, start=1):
        teller.perform(step)
        if keep is not None:
            keep()
        if number % max(1, len(told) // 20) == 0:
            say(_("{date}: {done} of {all} steps").format(date=step.moment.date(), done=number, all=len(told)))
    return Made(initiative.key, shown)


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


def _ask_for_metrics(session: Session, initiative: Initiative) -> bool:
    """Let an initiative that asks for nothing yet ask for every metric; return whether it had to."""
    assert initiative.id is not None
    held = session.exec(select(Requirement.id).where(Requirement.initiative_id == initiative.id).limit(1)).first()
    if held is not None:
        return False
    pattern = select(Requirement.metric_id, Requirement.required).distinct()
    required = dict(session.exec(pattern).all())
    for metric in session.exec(select(Metric.id).order_by(col(Metric.id))).all():
        session.add(Requirement(initiative_id=initiative.id, metric_id=metric, required=required.get(metric, False)))
    session.flush()
    return True
