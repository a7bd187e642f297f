from datetime import date
from decimal import Decimal

import pytest

from analytics import registry
from analytics.scope import CannotAnswer
from data_model.measures import Target
from data_model.money import Fund, Transaction
from data_model.periods import Period
from data_model.registry import CountryFact, Milestone, Participation, Source
from tests.analytics.reports import Reports
from tests.factories import make_claim, make_initiative, make_organisation, make_programme, make_source

KEY = "kz-chatgpt-edu"
OCTOBER = Period.parse("2026-10")


@pytest.fixture
def source(reports: Reports) -> Source:
    return make_source(reports.session, "S2", title="A weak page", grade="C")


def test_initiatives_carry_their_country_programme_source_and_counts(reports: Reports, source: Source):
    session = reports.session
    programme = make_programme(session, "family", make_organisation(session), source)
    reports.world.initiative.programme_id = programme.id
    make_initiative(session, source, "kz-other")
    make_claim(session, reports.world.initiative, source)
    found = registry.initiatives(session).set_index("initiative")
    assert list(found.loc[KEY, ["country_name", "programme", "claims", "schools_enrolled"]]) == [
        "Kazakhstan", "family", 1, 6,
    ]  # fmt: skip
    assert list(found.loc["kz-other", ["claims", "schools_enrolled"]]) == [0, 0]
    assert list(found.loc["kz-other", ["source_title", "grade"]]) == ["A weak page", "C"]
    assert not found["has_figures"].any()
    assert registry.programmes(session)[["programme", "lead", "initiatives"]].to_numpy().tolist() == [
        ["family", "Ministry", 1]
    ]


def test_the_detail_holds_all_that_is_known(reports: Reports, source: Source):
    session, initiative = reports.session, reports.world.initiative
    ministry = make_organisation(session)
    ids = {"initiative_id": initiative.id, "source_id": source.id}
    session.add_all(
        [
            Participation(organisation_id=ministry.id, role="lead", **ids),
            Milestone(title="Second", due_on="2027", **ids),
            Milestone(title="First", achieved_on="2026-05-12", **ids),
            CountryFact(
                country="KZ", fact="schools", value=Decimal(8042), qualifier="exact", year=2025, source_id=source.id
            ),
        ]
    )
    fund = Fund(
        key="demo-fund", name="Demonstration fund", country="KZ", initiative_id=initiative.id, demonstration=True
    )
    session.add(fund)
    session.flush()
    amount = Decimal("1234567890123.45")
    session.add(
        Transaction(
            fund_id=fund.id, initiative_id=initiative.id, kind="commitment", happened_on=date(2026, 9, 1),
            amount=amount, currency="KZT", to_organisation_id=ministry.id,
        )
    )  # fmt: skip
    session.flush()
    found = registry.initiative_detail(session, KEY)
    assert found.initiative["initiative"] == KEY
    assert found.participations[["organisation", "role", "grade"]].to_numpy().tolist() == [["Ministry", "lead", "C"]]
    assert found.milestones["title"].tolist() == ["First", "Second"]
    assert found.funds.loc[0, "capital"] is None and found.funds.loc[0, "demonstration"]
    assert found.transactions.loc[0, "amount"] == amount  # exact, on both databases
    assert found.transactions.loc[0, "demonstration"]
    assert registry.country_facts(session, "KZ")["value"].tolist() == [8042]
    with pytest.raises(CannotAnswer):
        registry.initiative_detail(session, "nowhere")


def test_targets_are_those_known_at_the_moment(reports: Reports):
    session = reports.session
    before = reports.at
    reports.report("2026-10", {"001024": {"teachers_active": 1}})
    session.add(
        Target(
            initiative_id=reports.world.initiative.id, area_id=reports.world.areas["KZ"].id, value=Decimal("80.5"),
            measure_id=reports.world.indicators["teacher_activation"].id, due_on=date(2027, 6, 1),
            recorded_at=reports.at,
        )
    )  # fmt: skip
    session.flush()
    found = registry.targets(session, KEY)
    assert found[["measure", "area_code", "value"]].to_numpy().tolist() == [["teacher_activation", "KZ", 80.5]]
    assert found["baseline"].isna().all()
    assert registry.targets(session, KEY, before).empty


def test_conflicting_claims_stand_side_by_side(reports: Reports, source: Source):
    session, initiative = reports.session, reports.world.initiative
    make_claim(session, initiative, source, "a", value=Decimal(165_000), figure="teachers_targeted", qualifier="exact")
    make_claim(session, initiative, source, "b", value=Decimal(200_000), figure="teachers_targeted", qualifier="about")
    found = registry.claims(session, initiative_key=KEY)
    assert found["value"].tolist() == [165_000, 200_000]
    assert found["qualifier"].tolist() == ["exact", "about"]
    assert found["conflicts_with"].tolist() == ["", ""]  # nobody has said so
    assert registry.claims(session, country="EE").empty
    assert len(registry.claims(session, country="KZ")) == 2
    assert set(registry.sources(session)["source"]) == {"S1", "S2"}


def test_a_claim_stands_beside_the_measured_figure_of_the_same_definition(reports: Reports, source: Source):
    session, initiative = reports.session, reports.world.initiative
    reports.report("2026-10", {"001024": {"teachers_trained": 12}, "020311": {"teachers_trained": 3}})
    make_claim(session, initiative, source, "trained")
    found = registry.announced_and_measured(session, KEY, OCTOBER).set_index("claim").loc["trained"]
    assert (found["value"], found["qualifier"]) == (84_000, "at_least")
    assert (found["measure"], found["measured"], found["measured_period"]) == ("teachers_trained", 15, "2026-10")
    assert (found["schools_in_base"], found["schools_expected"]) == (2, 6)


@pytest.mark.parametrize(
    "claim",
    [
        {"figure": "teachers_targeted"},  # a promise, counted by nobody
        {"figure": "teachers_active", "unit": "percent"},  # a share of an unknown number
        {"figure": "share_surveyed_finding_it_useful", "unit": "percent"},
        {"figure": "students_with_account", "unit": "students"},  # of the same definition, but not asked for here
        {"figure": "other"},
    ],
)
def test_what_is_of_another_definition_has_nothing_beside_it(reports: Reports, source: Source, claim: dict):
    reports.report("2026-10", {"001024": {"teachers_trained": 12, "teachers_active": 1}})
    make_claim(reports.session, reports.world.initiative, source, **claim)
    found = registry.announced_and_measured(reports.session, KEY, OCTOBER).iloc[0]
    assert (found["measure"], found["measured_state"]) == ("", "")
    assert found.isna()["measured"]


def test_a_claim_about_the_first_month_stands_beside_the_first_month_reported(reports: Reports, source: Source):
    reports.report("2026-08", {"001024": {"teachers_active": 7}})
    reports.report("2026-10", {"001024": {"teachers_active": 50}})
    make_claim(reports.session, reports.world.initiative, source, figure="teachers_active", period="month_1")
    found = registry.announced_and_measured(reports.session, KEY, OCTOBER).iloc[0]
    assert (found["measured"], found["measured_period"]) == (7, "2026-08")


def test_what_is_not_reported_is_said_and_not_zero(reports: Reports, source: Source):
    make_claim(reports.session, reports.world.initiative, source)
    found = registry.announced_and_measured(reports.session, KEY, OCTOBER).iloc[0]
    assert (found["measure"], found["measured_state"]) == ("teachers_trained", "not_reported")
    assert found.isna()["measured"] and found["schools_expected"] == 6


def test_the_public_sees_claims_before_there_is_a_release_and_released_figures_after(reports: Reports, source: Source):
    session = reports.session
    reports.report("2026-10", {"001024": {"teachers_trained": 12}})
    make_claim(session, reports.world.initiative, source)

    def public():
        return registry.announced_and_measured(session, KEY, OCTOBER, released=True).iloc[0]

    assert (public()["value"], public()["measured_state"]) == (84_000, "not_released")
    reports.release([{"measure": "teachers_trained", "area_code": "KZ", "period": "2026-10", "value": 11.0}])
    assert public()["measured"] == 11


def test_an_initiative_without_claims_has_none(reports: Reports):
    assert registry.announced_and_measured(reports.session, KEY, OCTOBER).empty


def test_a_conflict_is_what_a_note_says_it_is_and_is_said_on_both_sides(reports: Reports, source: Source):
    session, initiative = reports.session, reports.world.initiative
    other = make_source(session, "EE3")
    for key, value, origin, note in (
        ("a", 2000, source, "Counted once. Conflicts with 3,000 in EE3, the weaker source."),
        ("b", 3000, other, ""),
        ("c", 9000, other, ""),
        ("d", 5000, source, "One of several conflicting values: see EE3 (two)."),
        ("e", 7000, source, "EE3 says more, and counts more people."),
    ):
        more = {"value": Decimal(value), "note": note, "figure": "teachers_targeted"}
        make_claim(session, initiative, origin, key, **more)
    make_claim(session, initiative, other, "f", value=Decimal(3000), figure="students_targeted")
    found = registry.claims(session, initiative_key=KEY).set_index("claim")["conflicts_with"].to_dict()
    assert found == {"a": "b", "b": "a d", "c": "d", "d": "b c", "e": "", "f": ""}
