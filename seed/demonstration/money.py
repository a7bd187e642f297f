"""Invented targets and invented money, marked as such and kept apart from any real fund."""

from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from data_model.measures import Measure, Target
from data_model.money import Fund, Transaction, TransactionKind
from data_model.places import Area
from data_model.registry import Initiative
from seed.demonstration.options import Options

DICE = 8
CURRENCIES = {"KZ": "KZT", "EE": "EUR", "GR": "EUR", "SK": "EUR", "IT": "EUR"}
PER_SCHOOL = {"KZT": Decimal("1450000.00")}  # invented, like everything here
PER_SCHOOL_ELSEWHERE = Decimal("2900.00")
# measure -> baseline, value
TARGETS = {
    "teacher_training": (Decimal(0), Decimal(90)),
    "teacher_activation": (Decimal(0), Decimal(70)),
    "licence_activation": (Decimal(0), Decimal(92)),
    "student_activation": (Decimal(0), Decimal(35)),
}


def add_targets(session: Session, options: Options, initiative: Initiative) -> None:
    """Add a target for each indicator and the whole country, due at the end of the next school year."""
    root = session.exec(select(Area).where(Area.country == options.country, Area.level == 0)).one()
    measures = session.exec(select(Measure).where(col(Measure.key).in_(TARGETS)).order_by(col(Measure.id))).all()
    end = options.until.ends_on
    due = date(end.year + (2 if end.month >= 9 else 1), 6, 30)
    for measure in measures:
        baseline, value = TARGETS[measure.key]
        assert initiative.id is not None and root.id is not None and measure.id is not None
        session.add(
            Target(
                initiative_id=initiative.id,
                area_id=root.id,
                measure_id=measure.id,
                baseline=baseline,
                baseline_on=options.periods[0].starts_on,
                value=value,
                due_on=due,
                demonstration=True,
                recorded_at=options.prologue,
            )
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
                session.add(
                    Transaction(
                        fund_id=fund.id,
                        initiative_id=initiative.id,
                        kind=kind,
                        amount=amount,
                        currency=currency,
                        happened_on=options.periods[month].starts_on.replace(day=int(dice.integers(3, 26))),
                        note="Demonstration",
                    )
                )
    session.flush()
