"""The register on screen: pasted, looked at, and only then changed."""

import pytest

from tests.pages.conftest import texts


@pytest.mark.usefixtures("country")
def test_enrolments_are_pasted_looked_at_and_changed(open_page):
    app = open_page("administration", "administrator", table="enrolments")
    field = app.text_area(key="enrolments-kz-chatgpt-edu-text")
    field.input("school_code,joined_on,left_on\n001024,2025-01-01,nothing").run()
    assert "1 thing is to be mended" in texts(app) and "register-change" not in [button.key for button in app.button]
    field = app.text_area(key="enrolments-kz-chatgpt-edu-text")
    field.input("school_code,joined_on,left_on\n001024,2025-01-01,2026-10-15").run()
    assert "0 new, 1 changed, 0 as they are" in texts(app)
    app.button(key="register-change").click().run()
    assert not app.exception and "1 school of the register is changed." in texts(app)
    overview = open_page("overview", "analyst")
    assert "of 5 schools" in texts(overview)


@pytest.mark.usefixtures("country")
def test_the_register_of_schools_opens_for_an_administrator_of_the_country(open_page):
    app = open_page("administration", "administrator", table="schools")
    app.text_area(key="schools-KZ-text").input("school_code,name\n001024,Another").run()
    assert "0 new, 1 changed" in texts(app)


@pytest.mark.usefixtures("country")
def test_a_change_is_taken_back_with_one_button_and_a_ministrys_words_are_recognised(open_page):
    app = open_page("administration", "administrator", table="schools")
    pasted = "Список школ\nКод школы\tНаименование\tТелефон\n001024\tЛицей\t1"
    app.text_area(key="schools-KZ-text").input(pasted).run()
    assert "“Код школы” → school\\_code" in texts(app) and "column names in row 2" in texts(app)
    assert "no such column: “Телефон”" in texts(app)
    app.button(key="register-change").click().run()
    undo = next(button for button in app.button if (button.key or "").startswith("undo-change-"))
    undo.click().run()
    assert not app.exception and "Taken back: 1 school stands as before." in texts(app)
    assert "taken back since" in texts(app)


@pytest.mark.usefixtures("country")
def test_the_cards_of_the_register_say_how_much_there_is(open_page):
    app = open_page("administration", "administrator")
    labels = {button.key: button.label for button in app.button}
    assert "(6)" in labels["open-schools"] and "(6)" in labels["open-enrolments"] and "(1)" in labels["open-countries"]
