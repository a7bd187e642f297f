"""Founding an initiative: all of it or nothing, and every problem of every part at once."""

import pytest
from sqlmodel import select

from access.administration.description import Invalid
from access.administration.founding import Founding, found, suggested_key
from access.refusal import NotAllowed
from data_model.measures import Measure
from data_model.participation import Requirement
from data_model.people import AuditEvent
from data_model.registry import Claim, Initiative, Organisation, Participation, Source
from tests.access.administration.conftest import NEW, NOW

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CLAIM = {
    "figure": "teachers_targeted", "kind": "target", "qualifier": "at_least", "value": "5000", "unit": "teachers",
    "population": "teachers of English",
}  # fmt: skip


def founding(**given):
    parts = {
        "initiative": NEW["initiative"][0] | {"source": ""},
        "new_source": NEW["source"][0],
        "new_lead": NEW["organisation"][0],
        "metrics": {"teachers_total": True, "training_hours": False},
        "claims": [CLAIM, CLAIM | {"value": "6000"}],
    } | given  # fmt: skip
    return Founding(**parts)


@ONE_DATABASE
def test_everything_is_founded_with_its_source_lead_metrics_and_claims(session, as_):
    initiative = found(session, founding(), who=as_("administrator"), at=NOW)
    assert (initiative.key, initiative.granularity, initiative.due_days) == ("kz-new", "quarter", 20)
    source = session.get_one(Source, initiative.source_id)
    assert source.key == "NEW1"
    (takes_part,) = session.exec(select(Participation).where(Participation.initiative_id == initiative.id)).all()
    assert session.get_one(Organisation, takes_part.organisation_id).key == "new-body" and takes_part.role == "lead"
    asked = select(Measure.key, Requirement.required).join(Requirement, Requirement.metric_id == Measure.id)
    asked = session.exec(asked.where(Requirement.initiative_id == initiative.id)).all()
    assert dict(asked) == {"teachers_total": True, "training_hours": False}
    claims = session.exec(select(Claim).where(Claim.initiative_id == initiative.id)).all()
    assert {one.key for one in claims} == {"kz-new-teachers-targeted", "kz-new-teachers-targeted-2"}
    assert {one.source_id for one in claims} == {source.id}
    events = session.exec(select(AuditEvent.subject_type).where(AuditEvent.action == "row_added")).all()
    assert sorted(events) == sorted([
        "source", "organisation", "initiative", "participation", "requirement", "requirement", "claim", "claim",
    ])  # fmt: skip


@ONE_DATABASE
def test_every_problem_of_every_part_is_told_at_once_and_none_twice(session, as_):
    wrong = founding(
        initiative=NEW["initiative"][0] | {"key": "ee-new", "due_days": "soon"},
        new_source=NEW["source"][0] | {"url": "nowhere", "grade": ""},
        new_lead=NEW["organisation"][0] | {"name": ""},
        claims=[CLAIM, CLAIM | {"unit": "schools"}, CLAIM | {"value": "many"}],
    )
    with pytest.raises(Invalid) as refused:
        found(session, wrong, who=as_("administrator"), at=NOW)
    assert [one.column for one in refused.value.problems] == [
        "source.url", "source.grade", "lead.name", "initiative.due_days", "claim-2.value",
    ]  # fmt: skip
    session.rollback()
    assert session.exec(select(Source).where(Source.key == "NEW1")).all() == []


@ONE_DATABASE
@pytest.mark.parametrize("who", ["of-one", "of-area", "of-uz", "analyst", "manager", "reviewer"])
def test_only_who_administers_the_country_founds_in_it(session, as_, who):
    with pytest.raises(NotAllowed):
        found(session, founding(), who=as_(who), at=NOW)
    assert session.exec(select(Initiative).where(Initiative.key == "kz-new")).all() == []


@pytest.mark.parametrize(("country", "name", "key"), [
    ("KZ", "AI-Sana: the Academy", "kz-ai-sana-the-academy"),
    ("KZ", "Академия", "kz"),
    ("EE", "TI-Hüpe (AI Leap)", "ee-ti-hupe-ai-leap"),
    ("KZ", "A very long name of an undertaking that goes on", "kz-a-very-long-name-of-an-undertaking"),
])  # fmt: skip
def test_a_key_is_suggested_from_country_and_name(country, name, key):
    assert suggested_key(country, name) == key
