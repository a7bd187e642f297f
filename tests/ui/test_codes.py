"""Every code of the registry has its word: no key with underscores reaches a reader."""

import csv

import pytest

from access import codes as access_codes
from data_model.engine import ROOT
from data_model.money import TransactionKind
from data_model.registry import ClaimKind, InitiativeKind, InitiativeStatus, ParticipationRole, Qualifier
from data_model.submissions import SubmissionState
from ui import codes

CURRENCIES = {"EUR", "TTD", "USD", "KRW", "SGD", "KZT"}


def column(file, name):
    with (ROOT / "seed" / "registry" / file).open(encoding="utf-8", newline="") as rows:
        return {row[name] for row in csv.DictReader(rows)} - {""}


@pytest.mark.parametrize(("kinds", "words"), [
    (InitiativeStatus, codes.STATUSES), (InitiativeKind, codes.KINDS), (ParticipationRole, codes.ROLES),
    (ClaimKind, codes.CLAIM_KINDS), (Qualifier, access_codes.QUALIFIERS), (TransactionKind, codes.TRANSACTIONS),
    (SubmissionState, codes.SUBMISSION_STATES),
])  # fmt: skip
def test_every_code_of_a_table_has_a_word(kinds, words):
    assert set(map(str, kinds)) == set(words)


def test_every_code_of_the_registrys_files_has_a_word():
    assert column("claims.csv", "figure") <= set(codes.FIGURES)
    assert column("claims.csv", "unit") <= set(access_codes.UNITS) | CURRENCIES
    assert column("claims.csv", "period") <= set(access_codes.CLAIM_PERIODS)
    assert column("country_facts.csv", "fact") <= set(codes.FACTS)


@pytest.mark.parametrize(("claim", "said"), [
    ((84000.0, float("nan"), "at_least", "teachers", ""), "at least 84,000 teachers"),
    ((4.0, 6.0, "range", "percent_of_gdp", "over_three_years"), "4 to 6 % of GDP over three years"),
    ((2.5, float("nan"), "about", "EUR", "per_licence_month"), "about 2.5 EUR per licence and month"),
])  # fmt: skip
def test_a_claim_is_said_with_its_hedge_unit_and_period(claim, said):
    assert codes.claimed(*claim) == said
