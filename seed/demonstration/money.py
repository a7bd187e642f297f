"""Invented targets and invented money, marked as such and kept apart from any real fund."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from data_model.measures import Measure, Target
from data_model.money import Fund, Transaction, TransactionKind
from data_model.places import Area
from data_model.registry import Initiative, Organisation, OrganisationKind
from seed.demonstration.options import Options

DICE = 8
CURRENCIES = {"KZ": "KZT", "EE": "EUR", "GR": "EUR", "SK": "EUR", "IT": "EUR"}
PER_SCHOOL = {"KZT": Decimal("1450000.00")}  # invented, like everything here
PER_SCHOOL_ELSEWHERE = Decimal("2900.00")
# Invented recipients of the invented money: key, name, kind, share. Of the rest nobody says who received it.
RECIPIENTS = (
    ("supplier", "Demonstration licence supplier", OrganisationKind.COMPANY, Decimal("0.55")),
    ("training-centre", "Demonstration training centre", OrganisationKind.UNIVERSITY, Decimal("0.30")),
)
INVENTED = "-demonstration-"  # in the key of every invented organisation
SOON = 3  # so many months after the story's last
# measure -> baseline, what is to be reached soon, and in the end
TARGETS = {
    "teacher_training": (Decimal(0), Decimal(92), Decimal(96)),
    "teacher_activation": (Decimal(0), Decimal(60), Decimal(70)),
    "licence_activation": (Decimal(0), Decimal(95), Decimal(98)),
    "student_activation": (Decimal(0), Decimal(30), Decimal(35)),
}


def add_targets(
    session: Session, options: Options, initiative: Initiative, indicators: Iterable[str] = TARGETS
) -> None:
    """Add two targets for each indicator and the country: one soon due, one at the end of the next school year."""
    root = session.exec(select(Area).where(Area.country == options.country, Area.level == 0)).one()
    measures = session.exec(
        select(Measure).where(col(Measure.key).in_(list(indicators))).order_by(col(Measure.id))
    ).all()
    end = options.until.ends_on
    due = (options.until.shifted(SOON).ends_on, date(end.year + (2 if end.month >= 9 else 1), 6, 30))
    for measure in measures:
        baseline, *values = TARGETS[measure.key]
        assert initiative.id is not None and root.id is not None and measure.id is not None
        session.add_all(
            Target(
                initiative_id=initiative.id,
                area_id=root.id,
                measure_id=measure.id,
                baseline=baseline,
                baseline_on=options.periods[0].starts_on,
                value=value,
                due_on=day,
                demonstration=True,
                recorded_at=options.prologue,
            )
            for value, day in zip(values, due, strict=True)
        )
    session.flush()


def add_fund(session: Session, options: Options, initiative: Initiative) -> None:
    """Add the Demonstration fund: a commitment each half year, paid out and spent in the months after."""
    dice = options.dice(DICE)
    currency = CURRENCIES.get(options.country, "USD")
    capital = PER_SCHOOL.get(currency, PER_SCHOOL_ELSEWHERE) * options.schools
    fund = Fund(
        key=f"{options.country.lower()}-demonstration-fund", name="Demonstration fund", country=options.country,
        capital=capital, currency=currency, note="Invented for the demonstration. No real money.", demonstration=True,
    )  # fmt: skip
    session.add(fund)
    session.flush()
    assert fund.id is not None
    recipients = _recipients(session, options)
    halves = -(-options.months // 6)
    for half in range(halves):
        committed = (capital * Decimal("0.9") / halves).quantize(Decimal("0.01"))
        paid = (committed * Decimal(int(dice.integers(80, 97))) / 100).quantize(Decimal("0.01"))
        spent = (paid * Decimal(int(dice.integers(70, 95))) / 100).quantize(Decimal("0.01"))
        for kind, amount, later in (
            (TransactionKind.COMMITMENT, committed, 0),
            (TransactionKind.DISBURSEMENT, paid, 2),
            (TransactionKind.EXPENDITURE, spent, 4),
        ):
            month = half * 6 + later
            if month < options.months:
                day = options.periods[month].starts_on.replace(day=int(dice.integers(3, 26)))
                for recipient, part in _parts(amount, recipients):
                    session.add(
                        Transaction(
                            fund_id=fund.id,
                            initiative_id=initiative.id,
                            kind=kind,
                            amount=part,
                            currency=currency,
                            happened_on=day,
                            to_organisation_id=recipient,
                            note="Demonstration",
                        )
                    )
    session.flush()


def _recipients(session: Session, options: Options) -> list[tuple[int | None, Decimal]]:
    """Add the invented recipients; return their ids and shares."""
    made = []
    for key, name, kind, share in RECIPIENTS:
        found = Organisation(key=f"{options.country.lower()}{INVENTED}{key}", name=name, kind=kind)
        session.add(found)
        made.append((found, share))
    session.flush()
    return [(found.id, share) for found, share in made]


def _parts(amount: Decimal, recipients: list[tuple[int | None, Decimal]]) -> list[tuple[int | None, Decimal]]:
    """Return the amount divided among the recipients to the cent; what is left goes to one who is not known."""
    parts = [(recipient, (amount * share).quantize(Decimal("0.01"))) for recipient, share in recipients]
    return [*parts, (None, amount - sum(part for _recipient, part in parts))]
