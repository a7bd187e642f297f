"""Releases on screen: previewing, making, opening again and withdrawing one; for the public the list with its files."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access.identity import identity_of_email
from access.instance_settings import change
from data_model.engine import open_session
from data_model.releases import Release
from publishing.releases import release, withdraw
from tests.factories import START, make_account, make_grant
from tests.intake.stories import accepted
from tests.pages.conftest import texts
from ui import answers


def made(engine, hours, note="again"):
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, "reviewer@example.org")
        release(session, by=by, note=note, at=START + timedelta(hours=hours))
        session.commit()


@pytest.mark.usefixtures("country")
def test_a_reviewer_previews_and_releases_with_a_note(open_page, engine):
    app = open_page("releases", "reviewer")
    assert {"Figures", "Withheld"} <= {metric.label for metric in app.metric}
    app.text_area(key="release-note").input("Third *quarter*").run()
    app.button(key="release-make").click().run()
    assert not app.exception
    assert "Release 1 is public" in texts(app) and "Third \\*quarter\\*" in texts(app)
    with open_session(engine) as session:
        assert session.exec(select(Release.note)).all() == ["Third *quarter*"]


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("role", ["", "manager"])
def test_others_see_the_list_with_its_files_and_no_way_to_change_it(open_page, role):
    app = open_page("releases", role)
    said = texts(app)
    assert "/api/v1/releases/1/figures.csv" in said and "/r/1" in said
    assert not {button.key for button in app.button} & {"release-make", "withdraw-1"}


@pytest.mark.usefixtures("released")
def test_withdrawing_takes_a_reason_and_is_told_to_everyone(open_page, engine):
    app = open_page("releases", "reviewer")
    app.button(key="withdraw-1").click().run()
    assert "Say why" in texts(app)
    app.text_area(key="withdraw-reason-1").input("A wrong file").run()
    app.button(key="withdraw-1").click().run()
    assert "Release 1 is withdrawn." in texts(app)
    answers.forget()
    public = texts(open_page("releases"))
    assert "A wrong file" in public and "figures.csv" not in public
    assert "A wrong file" in texts(open_page("overview", release="1"))


@pytest.mark.usefixtures("released")
def test_a_weaker_earlier_rule_is_named(open_page, engine):
    assert "weaker rule" not in texts(open_page("releases", "reviewer"))
    with open_session(engine, write=True) as session:
        make_grant(session, make_account(session, "chief@example.org"), "administrator")
        chief = identity_of_email(session, "chief@example.org")
        change(session, chief, "disclosure_threshold", "10", START + timedelta(hours=10))
        session.commit()
    answers.forget()
    said = texts(open_page("releases", "reviewer"))
    assert "Release 1 was made under a weaker rule." in said and "below 10 are withheld" in said


@pytest.mark.usefixtures("country")
def test_what_was_looked_at_is_released_or_nothing(open_page, engine, country):
    app = open_page("releases", "reviewer")
    app.text_area(key="release-note").input("Third quarter").run()
    with open_session(engine, write=True) as session:
        accepted(session, country, {("001024", "teachers_active", "2026-10"): 9.0}, START + timedelta(hours=11))
        session.commit()
    app.button(key="release-make").click().run()
    assert "Something changed since the preview" in texts(app)
    with open_session(engine) as session:
        assert session.exec(select(Release)).all() == []
    app.button(key="release-make").click().run()
    assert "Release 1 is public" in texts(app)


@pytest.mark.parametrize("role", ["", "analyst"])
def test_an_earlier_release_is_shown_as_it_was(open_page, engine, released, role):
    with open_session(engine, write=True) as session:
        accepted(session, released, {("001024", "teachers_active", "2026-10"): 9.0}, START + timedelta(hours=11))
        session.commit()
    made(engine, 12)

    def active(**address):
        app = open_page("overview", role, area="KZ", period="2026-10", **address)
        return next(one.value for one in app.metric if one.label == "Teachers active"), texts(app)

    assert active(release="2")[0] == "79"
    shown, said = active(release="1")
    assert shown == "75" and "release 1" in said
    assert active()[0] == "79"


def test_every_page_of_figures_shows_the_release_that_the_address_names(open_page, engine, released):
    """The second release knows of a month more, and of more teachers in the first one."""
    with open_session(engine, write=True) as session:
        more = {("001024", "teachers_active", "2026-10"): 9.0, ("001024", "teachers_active", "2026-11"): 9.0}
        accepted(session, released, more, START + timedelta(hours=11))
        session.commit()
    made(engine, 12)
    for page, address in (
        ("overview", {}), ("adoption", {}), ("compare", {"what": "initiatives"}), ("completeness", {}),
        ("changes", {}), ("initiatives", {"initiative": "kz-chatgpt-edu"}), ("money", {}), ("money", {"view": "cost"}),
    ):  # fmt: skip
        for role in ("", "analyst") if page in ("overview", "initiatives") else ("",):
            answers.forget()
            said = texts(open_page(page, role, release="1", **address))
            if page != "money":  # which has nothing but payments, and none is known here
                assert "(release 1)" in said and "November" not in said, (page, role)
    said = texts(open_page("adoption", release="1", school="001024"))
    assert "No figure of a single school is released" in said


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("page", ["overview", "adoption", "compare", "completeness", "changes", "initiatives"])
def test_a_withdrawn_release_is_gone_from_every_page(open_page, engine, page):
    made(engine, 12)
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, "reviewer@example.org")
        withdraw(session, 1, by=by, reason="It was wrong", at=START + timedelta(hours=13))
        session.commit()
    app = open_page(page, release="1", **({"initiative": "kz-chatgpt-edu"} if page == "initiatives" else {}))
    said = texts(app)
    assert "It was wrong" in said and "2026-11-02" in said and not app.metric


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("number", ["9", "one", "9999999999999"])
def test_an_unknown_release_is_said_to_be_none(open_page, number):
    assert "There is no release" in texts(open_page("overview", release=number))


@pytest.mark.usefixtures("released")
def test_a_withdrawn_release_stays_gone_for_who_had_it_open(open_page, engine):
    made(engine, 12)
    open_page("overview", release="1")
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, "reviewer@example.org")
        withdraw(session, 1, by=by, reason="It was wrong", at=START + timedelta(hours=13))
        session.commit()
    app = open_page("overview", release="1")
    assert "It was wrong" in texts(app) and not app.metric
