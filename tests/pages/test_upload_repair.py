"""Upload, where a file needs a person: parts read otherwise, columns and schools chosen, mended cells taken back."""

import pytest
from sqlmodel import select

from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.registry import Initiative
from data_model.submissions import ColumnChoice, SchoolChoice, Submission
from intake import choices
from intake.mended import MendedCell
from intake.options import Options
from intake.staging import drafts
from tests.factories import START
from tests.pages.conftest import NOW, texts
from ui import staging

HEADER = "school_code;period;teachers_total;Online\n"
FILE = HEADER + "001024;2026-10;10;5\nGymnasium;2026-10;20;11\nGymnasium;2026-09;20;11\n"
REMEMBERED = "Read by 1 choice that was remembered"


@pytest.fixture
def bring(engine, open_page):
    """Return a function that brings a file as the manager and opens the page that shows it."""

    def bring(text, **options):
        with open_session(engine) as session:
            manager = identity_of_email(session, "manager@example.org")
        draft = drafts.create(
            staging.folder(), text.encode(), account_id=manager.account_id, initiative="kz-chatgpt-edu",
            file_name="october.csv", at=NOW, options=Options(**options),
        )  # fmt: skip
        return open_page("upload", "manager", draft=draft.token)

    return bring


def stored(engine, table):
    with open_session(engine) as session:
        return session.exec(select(table).order_by(table.id)).all()


def labels(app):
    return [box.label for box in app.selectbox]


def findings(app):
    table = next(frame.value for frame in app.table if "Severity" in frame.value.columns)
    return "\n".join(table.iloc[:, -1])


def button(app, key):
    return next(one for one in app.button if one.key == key)


@pytest.mark.usefixtures("country")
def test_a_part_that_was_decided_is_marked_and_can_be_given_back(bring):
    app = bring(FILE)
    app.selectbox(key="read-delimiter").select(",").run()
    said = texts(app)
    assert "Delimiter: **comma** (as you decided)" in said
    assert "Read it otherwise (1 part decided)" in [one.label for one in app.expander]
    button(app, "as-recognised").click().run()
    assert "Delimiter: **semicolon**" in texts(app) and "as you decided" not in texts(app)


@pytest.mark.usefixtures("country")
def test_the_header_row_is_chosen_from_the_first_rows(bring):
    app = bring("Report;;;\nA;B;C;D\n001024;2026-10;10;5\n")
    assert "No row with column names was found." in findings(app)
    box = app.selectbox(key="read-header_row")
    assert "2: A | B | C | D" in box.options
    box.select(2).run()
    assert "Column names in row: **2** (as you decided)" in texts(app)


@pytest.mark.usefixtures("country")
def test_a_column_is_chosen_once_and_the_next_file_is_read_by_it(bring, engine):
    app = bring(FILE)
    assert "Online: 5, 11" in labels(app)
    app.selectbox(key="column-3").select("teachers_active").run()
    assert "The column “Online” is remembered." in texts(app)
    (held,) = stored(engine, ColumnChoice)
    assert (held.column, held.meaning) == ("Online", "teachers_active")
    again = bring(FILE)
    columns = next(frame.value for frame in again.table if "Read as" in frame.value.columns)
    assert columns.iloc[3].to_list() == ["Online", "Teachers active", "as you chose"]
    assert REMEMBERED in [one.label for one in again.expander]
    assert "“Online” → **Teachers active**, chosen by manager, 3 Nov 2026" in texts(again)
    button(again, "forget-columns-Online").click().run()
    assert not stored(engine, ColumnChoice)
    assert REMEMBERED not in [one.label for one in again.expander]


@pytest.mark.usefixtures("country")
def test_columns_of_one_name_are_told_apart_by_their_place_for_this_file_alone(bring, engine):
    app = bring("school_code;period;teachers_total;teachers_total\n100451;2026-10;10;20\n")
    assert "all mean teachers\\_total" in findings(app)
    app.selectbox(key="column-2").select("ignore").run()
    assert "Nothing is wrong with this file." in texts(app)
    assert not stored(engine, ColumnChoice)
    app.selectbox(key="column-2").select("").run()
    assert "all mean teachers\\_total" in findings(app)


@pytest.mark.usefixtures("country")
def test_unknown_schools_are_grouped_searched_chosen_and_remembered(bring, engine):
    app = bring(FILE)
    key = "schools-for-gymnasium"
    assert app.selectbox(key=key).label == "“Gymnasium” (2 rows)"
    assert button(app, "schools-apply").disabled
    app.text_input(key="schools-search").input("kz-10 100451").run()
    assert [option for option in app.selectbox(key=key).options if option.startswith("100451")]
    app.selectbox(key=key).select("100451").run()
    button(app, "schools-apply").click().run()
    assert "1 choice is remembered." in texts(app)
    (held,) = stored(engine, SchoolChoice)
    assert held.text == "Gymnasium"
    assert "Schools that are not known" not in texts(app)
    assert "“Gymnasium” → **100451**, chosen by manager" in texts(app)


@pytest.mark.usefixtures("country")
def test_a_text_that_is_left_open_does_not_hold_back_what_was_chosen_for_another(bring, engine):
    app = bring(FILE + "Lyceum;2026-10;20;11\n")
    app.text_input(key="schools-search").input("kz-10 100451").run()
    app.selectbox(key="schools-for-lyceum").select("100451").run()
    # A browser names an option by its words, and knows those of another language or search until it is told anew.
    left = app.selectbox(key="schools-for-gymnasium")
    left.options = ["ещё не выбрано"]
    left.set_value(left.options[0])
    button(app, "schools-apply").click().run()
    assert "1 choice is remembered." in texts(app)
    assert [held.text for held in stored(engine, SchoolChoice)] == ["Lyceum"]
    assert "“Gymnasium” (2 rows)" in labels(app)


@pytest.mark.usefixtures("country")
def test_a_choice_that_somebody_else_makes_is_applied_to_the_file_on_screen(bring, engine):
    app = bring(FILE)
    assert "Schools that are not known" in texts(app)
    with open_session(engine, write=True) as session:
        administrator = identity_of_email(session, "administrator@example.org")
        one = session.exec(select(Initiative)).one()
        choices.remember_schools(session, one, [("gymnasium", "100451")], by=administrator, at=START)
        session.commit()
    app.run()
    assert "→ **100451**, chosen by administrator" in texts(app)
    assert "Schools that are not known" not in texts(app)


@pytest.mark.usefixtures("country")
def test_what_was_mended_is_listed_recorded_and_can_be_taken_back(bring, engine):
    bad = "school_code;period;teachers_total\n100451;2026-10;ten\n100450;2026-10;30\n"
    mended = (MendedCell(2, 2, "teachers_total", "ten", "10", "Aigul"), MendedCell(3, 2, "teachers_total", "30", "31"))
    app = bring(bad, mended=mended)
    said = "Row 2, teachers\\_total: “ten” → **10** · by Aigul"
    assert said in texts(app) and "Nothing is wrong with this file." in texts(app)
    button(app, "unmend-3-2").click().run()
    assert "1 cell was mended" in [one.label for one in app.expander]
    button(app, "submit").click().run()
    assert stored(engine, Submission)[-1].reading["options"]["mended"] == [mended[0].as_json()]
    assert said in texts(app), "the submission's page lists it too"
    assert "unmend-2-2" not in [one.key for one in app.button]


@pytest.mark.usefixtures("country")
def test_without_faults_there_is_nothing_to_mend(bring):
    app = bring("school_code;period;teachers_total\n100451;2026-10;10\n")
    assert "Mend" not in [head.value for head in app.subheader]
