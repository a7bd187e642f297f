"""Administration on screen: the tables, a row made, changed, refused, set beside another's change and taken back."""

import pytest
from sqlmodel import select

from access.administration import rows
from access.administration.measure_tables import METRICS
from access.administration.reading import written
from access.administration.tables import TABLES
from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.measures import Measure
from data_model.places import Country
from data_model.registry import Claim, Source
from tests.factories import make_account, make_country, make_grant, make_initiative, make_organisation
from tests.pages.conftest import NOW, texts
from ui.administration import fields, row_form

FORM = row_form.form_name(TABLES["source"], "new")


def fill(app, form, **values):
    for name, value in values.items():
        key = f"{form}-{name}"
        control = next(one for one in (*app.text_input, *app.text_area, *app.selectbox) if one.key == key)
        control.set_value(value)
    app.button(key=f"{form}-save").click().run()
    assert not app.exception, app.exception
    return app


@pytest.mark.usefixtures("country")
def test_every_table_opens_for_an_administrator(open_page):
    app = open_page("administration", "administrator")
    said = {button.label for button in app.button}
    assert any("Sources" in label for label in said) and any("Targets" in label for label in said)
    assert "**Metrics (9)**" in {label.replace("\\", "") for label in said}
    for name in TABLES:
        app = open_page("administration", "administrator", table=name)
        assert TABLES[name].about.split(".")[0] in texts(app).replace("\\", "")
        app = open_page("administration", "administrator", table=name, row="new")
        assert not app.exception


def test_a_new_area_lies_in_one_of_its_country(open_page, engine, country):
    with open_session(engine, write=True) as session:
        make_country(session, "EE", time_zone="Europe/Tallinn")
        make_grant(session, session.merge(country.accounts["administrator"]), "administrator", country="EE")
        session.commit()
    offered, chosen = {}, {}
    for code in ("KZ", "EE"):
        app = open_page("administration", "administrator", table="area", row="new", within=code)
        form = row_form.form_name(TABLES["area"], "new")
        within = next(one for one in app.selectbox if one.key == f"{form}-parent")
        offered[code], chosen[code] = within.options, within.value
    assert len(offered["KZ"]) == 7 and all("(KZ" in name for name in offered["KZ"])
    assert [name.split()[-1] for name in offered["EE"]] == ["(EE)"]
    assert chosen == {"KZ": None, "EE": "EE"}  # of a new country's areas its root is the only one
    app = open_page("administration", "administrator", table="area", row="new", within="KZ")
    names = {"name_en": "A district", "name_ru": "Район", "name_kk": "Аудан"}
    fill(app, form, code="KZ-75-03", parent="KZ-75", kind="district", **names)
    assert "It is added." in texts(app)


@pytest.mark.usefixtures("country")
def test_what_a_form_begins_with_is_the_default_of_its_controls(open_page):
    """What is set alone reaches the browser once: a click while the page was drawn took it away."""
    app = open_page("administration", "administrator", table="initiative", row="new")
    status, granularity = (app.selectbox(key=f"founding-initiative-{name}") for name in ("status", "granularity"))
    assert [status.options[status.proto.default], status.value] == ["Announced", "announced"]
    assert granularity.options[granularity.proto.default] == "Every month"
    assert app.text_input(key="founding-initiative-due_days").proto.default == "10"


@pytest.mark.usefixtures("country")
def test_a_country_gets_its_time_zone_on_screen(open_page, engine):
    app = open_page("administration", "administrator", table="countries")
    app.selectbox(key="zone-KZ").set_value("Asia/Qyzylorda")
    app.button(key="save-zone-KZ").click().run()
    assert "Saved: KZ, Asia/Qyzylorda." in texts(app).replace("\\", "")
    with open_session(engine) as session:
        assert session.get(Country, "KZ").time_zone == "Asia/Qyzylorda"


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("role", ["", "analyst", "manager", "reviewer"])
def test_nobody_else_opens_it(open_page, role):
    app = open_page("administration", role, table="source")
    assert not app.text_input and not [one for one in app.button if one.key == "new-row"]


@pytest.mark.usefixtures("country")
def test_a_source_is_added_mended_where_wrong_and_taken_back(open_page, engine):
    app = open_page("administration", "administrator", table="source", row="new")
    fill(app, FORM, key="new 1", title="A *page*", publisher="A ministry", url="example.org", grade="B")
    said = texts(app)
    assert "2 things are to be mended" in said and "Web address is a web address that begins with" in said
    fill(app, FORM, key="N1", url="https://example.org/")
    assert "It is added." in texts(app)
    with open_session(engine) as session:
        made = session.exec(select(Source).where(Source.key == "N1")).one()
    assert made.title == "A *page*"

    form = row_form.form_name(TABLES["source"], str(made.id))
    app = fill(open_page("administration", "administrator", table="source", row=str(made.id)), form, title="Another")
    said = texts(app)
    assert "It is saved." in said and "Title: A \\*page\\* → Another" in said
    app.button(key="undo-row").click().run()
    assert app.text_input(key=fields.key_of(form, TABLES["source"].column("title"))).value == "A *page*"
    app.button(key="remove-row").click().run()
    assert "It is removed" in texts(app)
    app.button(key=f"bring-back-{made.id}").click().run()
    assert "It is restored." in texts(app)


@pytest.mark.usefixtures("country")
def test_a_form_that_is_out_of_date_shows_both(open_page, engine):
    table = TABLES["claim"]
    with open_session(engine) as session:
        claim = session.exec(select(Claim)).one()
        shown = written(session, table, claim)
    form = row_form.form_name(table, str(claim.id))
    app = open_page("administration", "administrator", table="claim", row=str(claim.id))
    with open_session(engine, write=True) as session:
        who = identity_of_email(session, "administrator@example.org")
        rows.change(
            session, table, str(claim.id), shown | {"note": "Theirs", "as_of": "2026"}, shown=shown, who=who, at=NOW
        )
        session.commit()
    fill(app, form, note="Mine")
    assert "Somebody changed this" in texts(app)
    beside = app.dataframe[0].value
    assert beside.iloc[-1].tolist() == ["Note", "Said *once*.", "Theirs", "Mine"]
    app.button(key="stale-mine").click().run()
    app.button(key=f"{form}-save").click().run()
    with open_session(engine) as session:
        assert session.exec(select(Claim.note, Claim.as_of)).one() == ("Mine", "2026"), "theirs was lost"


@pytest.mark.usefixtures("country")
def test_public_pages_show_a_change_at_once(open_page, engine):
    before = texts(open_page("initiatives", initiative="kz-chatgpt-edu"))
    assert "A new partner" not in before
    with open_session(engine, write=True) as session:
        make_organisation(session, "partner", name="A new partner")
        who = identity_of_email(session, "administrator@example.org")
        values = {"initiative": "kz-chatgpt-edu", "organisation": "partner", "role": "partner", "source": "S1"}
        rows.create(session, TABLES["participation"], values, who=who, at=NOW)
        session.commit()
    assert "A new partner" in texts(open_page("initiatives", initiative="kz-chatgpt-edu"))


@pytest.mark.usefixtures("country")
def test_what_one_may_not_change_is_shown_and_has_no_button(open_page, engine):
    """A source that another country's initiative cites too."""
    with open_session(engine, write=True) as session:
        source = session.exec(select(Source).where(Source.key == "S2")).one()
        make_country(session, "UZ")
        make_initiative(session, source, "uz-other", country="UZ")
        session.commit()
    app = open_page("administration", "administrator", table="source", row=str(source.id))
    assert "You can read this, but not change it" in texts(app) and "A ministry" in texts(app)
    assert not app.text_input and "remove-row" not in {one.key for one in app.button}


@pytest.mark.usefixtures("country")
def test_an_address_that_names_nothing_is_answered(open_page):
    for address in (
        {"table": "nothing"}, {"table": "claim", "row": "9" * 30}, {"table": "claim", "lines": "x"},
        {"table": "claim", "lines": "99"}, {"table": "claim", "within": "nowhere", "search": "%_'"},
    ):  # fmt: skip
        assert not open_page("administration", "administrator", **address).exception


@pytest.mark.usefixtures("country")
def test_a_metric_is_defined_anew_on_screen_and_one_with_values_keeps_its_unit(open_page, engine):
    with open_session(engine) as session:
        make_grant(session, make_account(session, "chief@example.org"), "administrator")
        session.commit()
        identity = str(session.exec(select(Measure.id).where(Measure.key == "teachers_total")).one())
    app = open_page("administration", "administrator", table="metric", row=identity)
    assert "takes administering everything" in texts(app) and not app.text_area

    form = row_form.form_name(METRICS, identity)
    app = open_page("administration", "chief", table="metric", row=identity)
    fill(app, form, unit="hours", name_en="Staff")
    assert "Values were accepted under this metric" in texts(app)
    fill(app, form, unit="people")
    said = texts(app)
    assert "It is saved." in said and "→ Staff" in said and "Versions (2)" in said
    app = open_page("administration", "chief", table="metric")
    assert "Staff" in {button.label for button in app.button}
