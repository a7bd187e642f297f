"""The tables of targets and money: what is to be reached, funds, what they paid, and the rates between currencies."""

from collections.abc import Iterator
from datetime import date

from babel.numbers import get_currency_precision

from access import codes
from access.administration import places
from access.administration.description import Asked, Column, Kind, Problem, Reference, Table
from access.administration.measure_names import measure_names
from access.administration.registry_tables import (
    INITIATIVE,
    NEVER_CHANGES,
    ORGANISATION,
    SOURCE,
    its_country,
    its_initiative,
    its_key,
    its_source,
    note,
)
from access.language import N_, _
from data_model.measures import Measure, Target
from data_model.money import ExchangeRate, Fund, Transaction
from data_model.places import Area
from data_model.registry import Initiative
from data_model.registry_codes import currencies

MONEY = N_("Targets and money")

AREA = Reference(Area, key="code", name="name_")
MEASURE = Reference(Measure, choose=measure_names)
FUND = Reference(Fund)
CURRENCIES = {code: code for code in currencies()}


def _currency(name: str, label: str, **given: object) -> Column:
    return Column(name, Kind.CHOICE, label, choices=CURRENCIES, listed=True, **given)  # type: ignore[arg-type]


def _in_its_country(asked: Asked) -> Iterator[Problem]:
    initiative = asked.session.get_one(Initiative, asked.values["initiative"])
    if asked.session.get_one(Area, asked.values["area"]).country != initiative.country:
        yield Problem("area", _("The area lies in another country than the initiative."))


def _after_the_baseline(asked: Asked) -> Iterator[Problem]:
    start, due = asked.values["baseline_on"], asked.values["due_on"]
    if (asked.values["baseline"] is None) != (start is None):
        yield Problem("baseline_on", _("A baseline has a value and a day: write both or neither."))
    elif isinstance(start, date) and start >= due:
        yield Problem("due_on", _("The target is due after the day of its baseline."))


def _size_with_currency(asked: Asked) -> Iterator[Problem]:
    if bool(asked.written["capital"]) != bool(asked.written["currency"]):
        yield Problem("currency", _("A size has a currency: write both, or neither while no source states it."))
    if asked.written["capital"] and not asked.written["source"]:
        yield Problem("source", _("A size needs a source that states it."))
    yield from _whole_units(asked, "capital")


def _paid_by_somebody(asked: Asked) -> Iterator[Problem]:
    if asked.values["amount"] == 0:
        yield Problem("amount", _("A transaction cannot be of zero. Money that came back is written as negative."))
    if asked.written["payer"] and asked.written["payer"] == asked.written["payee"]:
        yield Problem("payee", _("Payer and recipient are the same organisation."))
    yield from _whole_units(asked, "amount")


def _whole_units(asked: Asked, name: str) -> Iterator[Problem]:
    """No currency has smaller parts than its own: 0.001 KZT is a slip (ISO 4217, through CLDR)."""
    currency, _point, fraction = asked.written["currency"], *asked.written[name].partition(".")[1:]
    if currency and len(fraction) > get_currency_precision(currency):
        message = _("{currency} has {count} decimals at most.")
        yield Problem(name, message.format(currency=currency, count=get_currency_precision(currency)))


def _two_currencies(asked: Asked) -> Iterator[Problem]:
    if asked.written["currency"] == asked.written["into"]:
        yield Problem("into", _("A rate is between two currencies."))
    if asked.values["rate"] == 0:
        yield Problem("rate", _("A rate is above zero."))


TARGETS = Table(
    name="target",
    row=Target,
    title=N_("Targets"),
    one=N_("Target"),
    about=N_("What a measure is to reach in an area by a day. Earlier versions stay: a question about the past is"
             " answered with the target of then."),
    group=MONEY,
    columns=(
        its_initiative(),
        Column("area", Kind.REFERENCE, N_("Area"), required=True, listed=True, refers_to=AREA),
        Column("measure", Kind.REFERENCE, N_("Metric or indicator"), required=True, listed=True, refers_to=MEASURE),
        Column("due_on", Kind.DAY, N_("Due on"), required=True, listed=True),
        Column("value", Kind.DECIMAL, N_("Target value"), N_("Of an indicator in percent: 80 is 80 %."), required=True,
               listed=True, least=0),
        Column("baseline", Kind.DECIMAL, N_("Baseline"), N_("Where it began."), least=0),
        Column("baseline_on", Kind.DAY, N_("Day of the baseline")),
        Column("source", Kind.REFERENCE, N_("Source"), N_("Empty for a target that the ministry set here."),
               wide=True, refers_to=SOURCE),
    ),
    key=("initiative", "area", "measure", "due_on"),
    called=("measure", "area", "due_on", "initiative"),
    places=places.of_initiative,
    rules=(_in_its_country, _after_the_baseline),
    narrowed_by="initiative",
    versioned=True,
)  # fmt: skip

FUNDS = Table(
    name="fund",
    row=Fund,
    title=N_("Funds"),
    one=N_("Fund"),
    about=N_("Pots of money. A size is written only where a source states it: unknown is not zero."),
    group=MONEY,
    columns=(
        its_key(NEVER_CHANGES),
        Column("name", Kind.TEXT, N_("Name"), required=True, listed=True, longest=300),
        its_country(),
        Column("initiative", Kind.REFERENCE, N_("The fund as an initiative"), N_("Where the registry holds it as one."),
               refers_to=INITIATIVE),
        Column("owner", Kind.REFERENCE, N_("Owner"), refers_to=ORGANISATION),
        Column("capital", Kind.DECIMAL, N_("Size"), N_("Empty while no source states it."), listed=True, least=0),
        _currency("currency", N_("Currency")),
        Column("source", Kind.REFERENCE, N_("Source"), wide=True, refers_to=SOURCE),
        note(),
    ),
    key=("key",),
    called=("name",),
    places=places.of_fund_itself,
    rules=(_size_with_currency,),
    search=("key", "name", "note"),
    narrowed_by="country",
)  # fmt: skip

TRANSACTIONS = Table(
    name="transaction",
    row=Transaction,
    title=N_("Transactions"),
    one=N_("Transaction"),
    about=N_("Commitments, disbursements and expenditures. Amounts are exact and stay in their currency."),
    group=MONEY,
    columns=(
        Column("fund", Kind.REFERENCE, N_("Fund"), required=True, fixed=True, listed=True, refers_to=FUND),
        Column("initiative", Kind.REFERENCE, N_("For which initiative"), listed=True, refers_to=INITIATIVE),
        Column("kind", Kind.CHOICE, N_("Kind"), N_("Promised, paid out to somebody, or spent in the end."),
               required=True, listed=True, choices=codes.TRANSACTIONS),
        Column("happened_on", Kind.DAY, N_("Day"), required=True, listed=True, past_only=True),
        Column("amount", Kind.DECIMAL, N_("Amount"), N_("Money that came back is negative."), required=True,
               listed=True),
        _currency("currency", N_("Currency"), required=True),
        Column("payer", Kind.REFERENCE, N_("Payer"), refers_to=ORGANISATION, held_as="from_organisation_id"),
        Column("payee", Kind.REFERENCE, N_("Payee"), refers_to=ORGANISATION, held_as="to_organisation_id"),
        Column("source", Kind.REFERENCE, N_("Source"), wide=True, refers_to=SOURCE),
        note(),
    ),
    key=(),
    called=("fund", "kind", "happened_on", "amount", "currency"),
    places=places.of_fund,
    rules=(_paid_by_somebody,),
    search=("note",),
    narrowed_by="fund",
)  # fmt: skip

EXCHANGE_RATES = Table(
    name="exchange_rate",
    row=ExchangeRate,
    title=N_("Exchange rates"),
    one=N_("Exchange rate"),
    about=N_("Without a dated rate two currencies are never added. A rate that was recorded is superseded, not changed:"
             " that is for an administrator of the whole instance."),
    group=MONEY,
    columns=(
        _currency("currency", N_("Currency"), required=True),
        _currency("into", N_("In currency"), required=True),
        Column("day", Kind.DAY, N_("Day of the rate"), required=True, listed=True, past_only=True),
        Column("rate", Kind.DECIMAL, N_("Exchange rate"), required=True, listed=True, least=0),
        its_source(),
    ),
    key=("currency", "into", "day"),
    called=("currency", "into", "day"),
    places=places.of_a_rate,
    rules=(_two_currencies,),
    versioned=True,
)  # fmt: skip

MONEY_TABLES = (TARGETS, FUNDS, TRANSACTIONS, EXCHANGE_RATES)
