"""The demonstration in the database: it came through intake, at past moments, and is marked wherever it stands."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import audit
from access.identity import identity_of_email
from access.permissions import Action, may
from access.refusal import Refusal
from data_model.engine import make_engine, open_session
from data_model.locks import AutomaticLock, PeriodLock
from data_model.measures import Measure, Target
from data_model.money import Fund, Transaction
from data_model.participation import Enrolment, ReportingPeriod, Requirement
from data_model.people import Account
from data_model.periods import Period
from data_model.places import Area, School, SchoolRecord
from data_model.registry import Initiative, Organisation
from data_model.releases import Release, ReleasedFigure
from data_model.rollups import Rollup, expected_schools
from data_model.submissions import Finding, Observation, Submission, SubmissionContent
from intake.cells import Cells
from intake.check import check_file
from intake.options import Options as ReadingOptions
from intake.record import preview
from publishing.attacked import all_printed, attack, in_files
from seed import registry
from seed.demo import Options, counts, make_demonstration
from seed.demonstration.places import SAMPLE_SCHOOLS
from seed.demonstration.telling import close_school
from seed.samples import sample_files
from tests.intake.recomputed import Tables
from tests.seed.comparing import all_tables
from tests.seed.conftest import NOW, ONE_DATABASE, SMALL, SMALLEST, make_small

KEY = "kz-chatgpt-edu"
# What is random on purpose.
SECRET = ("account.password_hash",)


def initiative_of(session: Session) -> Initiative:
    return session.exec(select(Initiative).where(Initiative.key == KEY)).one()


def test_the_samples_schools_are_enrolled_and_stay_enrolled(demonstration):
    codes = {code for code, *_rest in SAMPLE_SCHOOLS}
    identity = dict(demonstration.exec(select(School.code, School.id).where(col(School.code).in_(codes))).all())
    assert identity.keys() == codes
    for key in ("2026-05", "2026-10", "2027-03"):
        expected = expected_schools(demonstration, initiative_of(demonstration).id, Period.parse(key).ends_on)
        assert set(identity.values()) <= {school for school, _area, _demonstration in expected}
    assert demonstration.exec(select(Enrolment).where(col(Enrolment.left_on).is_not(None))).all() == []


def test_every_figure_came_in_by_a_file_that_intake_accepted(demonstration):
    submissions = {one.id: one for one in demonstration.exec(select(Submission)).all()}
    contents = {one.submission_id: one for one in demonstration.exec(select(SubmissionContent)).all()}
    assert submissions.keys() == contents.keys()
    for number, content in contents.items():
        assert content.original and len(content.original) == submissions[number].size
    spoken = demonstration.exec(select(Observation.submission_id).distinct()).all()
    assert {submissions[number].state for number in spoken} <= {"accepted", "undone"}
    assert set(demonstration.exec(select(Finding.severity).distinct()).all()) <= {"warning"}


def test_it_tells_of_late_missing_corrected_undone_rejected_and_waiting_reports(demonstration):
    states = Counter(demonstration.exec(select(Submission.state)).all())
    assert states["undone"] == states["rejected"] == 1 and states["accepted"] > 50 and states["waiting"] >= 1
    first = sa.func.min(col(Observation.recorded_at))
    told = (
        demonstration.connection()
        .execute(
            sa.select(col(ReportingPeriod.due_on), first)
            .select_from(Observation)
            .join(ReportingPeriod, col(ReportingPeriod.id) == col(Observation.period_id))
            .group_by(col(Observation.school_id), col(ReportingPeriod.id))
        )
        .all()
    )
    assert any(moment.date() > due for due, moment in told)
    assert any(moment.date() <= due for due, moment in told)
    initiative = initiative_of(demonstration).id
    expected = 0
    for period in SMALL.periods:
        expected += len(expected_schools(demonstration, initiative, period.ends_on))
    assert 0.7 * expected < len(told) < expected
    undone = demonstration.exec(select(Submission).where(Submission.state == "undone")).one()
    held = select(Observation).where(Observation.submission_id == undone.id, col(Observation.superseded_at).is_(None))
    assert undone.undo_reason and demonstration.exec(held).all() == []
    corrected = demonstration.exec(
        select(Submission).where(col(Submission.file_name).startswith("corrections"), Submission.state == "accepted")
    ).all()
    assert corrected
    cells = Cells.from_bytes(demonstration.get_one(SubmissionContent, corrected[0].id).cells)
    versions = demonstration.exec(
        select(Observation.value)
        .where(Observation.school_id == int(cells.school_id[0]), Observation.metric_id == int(cells.metric_id[0]))
        .join(ReportingPeriod, col(ReportingPeriod.id) == col(Observation.period_id))
        .where(ReportingPeriod.starts_on == cells.periods[0].starts_on)
        .order_by(col(Observation.recorded_at))
    ).all()
    assert len(versions) == 2 and versions[0] != versions[1] == cells.value[0]


def test_nothing_happens_after_the_last_month_and_everything_in_order(demonstration):
    for column in (
        Observation.recorded_at, Observation.superseded_at, Rollup.recorded_at, Submission.submitted_at,
        Submission.decided_at, Submission.undone_at, Release.released_at, SchoolRecord.recorded_at,
        Enrolment.recorded_at, Account.created_at, Target.recorded_at,
    ):  # fmt: skip
        newest = demonstration.exec(select(sa.func.max(column))).one()
        assert newest is None or newest < SMALL.epilogue, column
    assert demonstration.exec(select(PeriodLock)).all() == demonstration.exec(select(AutomaticLock)).all() == []
    last = initiative_of(demonstration).last_recorded_at
    assert last is not None and last < SMALL.epilogue
    assert audit.verify(demonstration).intact


def test_all_of_it_says_that_it_is_a_demonstration(demonstration):
    for table in (School, Submission, Account, Release, Target):
        assert set(demonstration.exec(select(table.demonstration)).all()) == {True}, table
    assert set(demonstration.exec(select(Area.demonstration).where(Area.level == 2)).all()) == {True}
    assert set(demonstration.exec(select(Rollup.demonstration)).all()) == {True}
    assert set(demonstration.exec(select(ReleasedFigure.demonstration)).all()) == {True}
    funds = {fund.id: fund for fund in demonstration.exec(select(Fund)).all()}
    spent = demonstration.exec(select(Transaction)).all()
    assert spent and {funds[one.fund_id].name for one in spent} == {"Demonstration fund"}
    assert {fund.key for fund in funds.values() if not fund.demonstration} == {"kz-ai-fund"}
    recipients = {one.to_organisation_id for one in spent}
    names = demonstration.exec(select(Organisation.name).where(col(Organisation.id).in_(recipients))).all()
    assert None in recipients and len(names) == 2 and all(name.startswith("Demonstration") for name in names)


def test_its_rollups_are_what_the_observations_add_up_to_at_every_time(demonstration):
    tables = Tables(demonstration)
    months = [SMALL.after(index, 17) for index in range(0, SMALL.months - 1, 2)]
    for period in demonstration.exec(select(ReportingPeriod)).all():
        for moment in (*months, SMALL.epilogue):
            if stored := tables.rollups_are(period.id, moment):
                assert stored == tables.rollups_should_be(period.id, moment)


def test_one_person_a_role_may_what_the_role_may(demonstration):
    initiative = initiative_of(demonstration)
    may_what = {
        "analyst": {Action.READ_LIVE},
        "manager": {Action.READ_LIVE, Action.SUBMIT},
        "reviewer": {Action.READ_LIVE, Action.REVIEW},
        "administrator": {Action.READ_LIVE, Action.SUBMIT, Action.REVIEW},
    }
    waiting = demonstration.exec(select(Submission).where(Submission.state == "waiting")).first()
    for role, actions in may_what.items():
        person = identity_of_email(demonstration, f"{role}@demo.example")
        for action in (Action.READ_LIVE, Action.SUBMIT, Action.REVIEW):
            subject = {"submission": waiting} if action is Action.REVIEW else {"initiative": initiative}
            assert may(demonstration, person, action, at=NOW, **subject) == (action in actions), (role, action)


def test_what_waits_can_still_be_accepted(demonstration):
    for submission in demonstration.exec(select(Submission).where(Submission.state == "waiting")).all():
        comparison, fingerprint = preview(demonstration, submission.id)
        assert fingerprint == submission.fingerprint and comparison.changes_anything


def test_the_public_has_something_true_to_see(demonstration):
    assert len(demonstration.exec(select(Release)).all()) >= 1
    shown = demonstration.exec(
        select(ReleasedFigure).where(ReleasedFigure.area_code == "KZ", ReleasedFigure.measure == "licence_activation")
    ).all()
    assert any(figure.value is not None for figure in shown)


def test_the_same_options_give_the_same_database(demonstration, sqlite_url):
    engine = make_engine(sqlite_url)
    with open_session(engine, write=True) as again:
        make_small(again)
        assert all_tables(again, without=SECRET) == all_tables(demonstration, without=SECRET)
    engine.dispose()


def test_it_is_made_on_either_database(session):
    made = make_small(session, SMALLEST)
    assert made.initiative == KEY and len(made.accounts) == 4
    assert counts(session)["school"] == 12
    assert session.exec(select(sa.func.count()).select_from(Observation)).one() > 100


@ONE_DATABASE
def test_a_second_one_is_refused(session):
    make_small(session, Options(until=Period.parse("2026-10"), schools=3, months=1))
    with pytest.raises(Refusal) as refused:
        make_demonstration(session, SMALL, say=lambda _line: None)
    assert refused.value.code == "demonstration_exists" and "seed reset" in refused.value.message


@ONE_DATABASE
def test_another_country_asks_its_own_initiative_for_the_metrics(session):
    options = Options(until=Period.parse("2026-10"), schools=8, months=1, country="EE", time_zone="Europe/Tallinn")
    assert make_small(session, options).initiative == "ee-ai-leap"
    initiative = session.exec(select(Initiative).where(Initiative.key == "ee-ai-leap")).one()
    assert len(session.exec(select(Requirement).where(Requirement.initiative_id == initiative.id)).all()) == 12
    assert set(session.exec(select(School.country)).all()) == {"EE"}


@ONE_DATABASE
def test_a_school_that_closes_is_awaited_no_longer_and_was_before(smallest, session):
    initiative = initiative_of(session)
    june = session.exec(select(ReportingPeriod).order_by(col(ReportingPeriod.starts_on).desc())).first()
    school, area, _demonstration = expected_schools(session, initiative.id, june.ends_on)[0]
    before = NOW
    close_school(session, initiative, school, june.starts_on + timedelta(days=10), NOW + timedelta(days=1))
    tables = Tables(session)
    for moment in (before, NOW + timedelta(days=2)):
        assert tables.rollups_are(june.id, moment) == tables.rollups_should_be(june.id, moment)
    cell = (area, session.exec(select(Measure.id)).first())
    nobody = (None, None, 0, 0, 0, True)
    was, became = (tables.rollups_are(june.id, at).get(cell, nobody)[4] for at in (before, NOW + timedelta(days=2)))
    assert was == became + 1


def test_the_sample_files_work_on_it(demonstration):
    files = sample_files(demonstration, initiative_of(demonstration), NOW)
    assert len(files) == 2
    encodings = set()
    for name, content in files.items():
        check = check_file(demonstration, initiative_of(demonstration), content, name, ReadingOptions(), at=NOW)
        assert check.acceptable, check.as_json()["findings"]
        told = check.as_json()
        assert told["values"]["new"] and told["values"]["changed"] and told["values"]["unchanged"], name
        assert {change["period"] for change in told["changes"]} == {"2026-10"}
        encodings.add(told["file"]["encoding"].lower())
        if "wide" in name:
            assert told["ignored_columns"] and told["rows"]["accepted"] == 12
            assert {finding["code"] for finding in told["findings"]} >= {"totals_row", "ignored_column"}
    assert len(encodings) == 2


def test_there_are_no_sample_files_without_a_demonstration(session):
    registry.load(session, NOW)
    assert sample_files(session, initiative_of(session), NOW) == {}


def test_disclosure_attack_on_the_demonstration_finds_nothing(demonstration):
    """All its releases, read from the bytes of every file that anybody can take; the newest one from its charts too."""
    newest = max(demonstration.exec(select(Release.id)).all())

    def printed(session, release):
        return all_printed(session, release, briefs=False) if release.id == newest else in_files(session, release)

    found = attack(demonstration, read=printed)
    print(f"protected counts: {found.protected}, leaks: {len(found.leaks)}, numbers read: {found.numbers}")
    assert len(found.releases) > 1 and found.protected > 100 and found.numbers > 1000
    assert found.leaks == ()
