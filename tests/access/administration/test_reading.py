"""What a form says is understood exactly or refused in words: nothing crashes, nothing is guessed, nothing is lost."""

import shutil
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from access.administration.description import Kind
from access.administration.reading import plain_decimal, read, write
from access.administration.tables import TABLES
from access.language import in_language
from data_model.base import ExactDecimal
from data_model.engine import make_engine, open_session
from tests.access.administration.conftest import NEW, NOW, make_something_of_every_kind

TODAY = NOW.date()
COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]


@pytest.fixture(scope="module")
def held(sqlite_template, tmp_path_factory):
    """A session on a database with something of every kind: here nothing is written."""
    path = tmp_path_factory.mktemp("reading") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        make_something_of_every_kind(session)
        yield session
    engine.dispose()


PIECES = st.sampled_from(
    ["1", "0", "-", ".", ",", " ", "e5", "٣", "٢٠٢٦", "NaN", "inf", "2026", "-02", "-30", "/27", "KZ", "yes", "é",
     "\u0301", "\0", "\u200b", "\ud800", "'", "*", "<b>", "\n", "https://a", "A", "S1", "kz-", "exact", "1" * 30]
)  # fmt: skip


@settings(max_examples=120)
@given(place=st.sampled_from(COLUMNS), text=st.lists(PIECES, max_size=6).map("".join))
def test_whatever_is_written_is_read_or_refused_and_reads_the_same_again(held, place, text):
    table, column = place
    values = NEW[table.name][0] | {column.name: text}
    typed, tidy, problems = read(held, table, values, TODAY)
    assert all(problem.message and problem.column in {one.name for one in table.columns} for problem in problems)
    if not any(problem.column == column.name for problem in problems):
        assert write(held, column, typed[column.name]) == tidy[column.name]
        again, tidy_again, _problems = read(held, table, values | {column.name: tidy[column.name]}, TODAY)
        assert (again[column.name], tidy_again) == (typed[column.name], tidy)


@given(st.decimals(min_value=-(10**17), max_value=10**17, places=6))
def test_an_exact_amount_is_written_without_losing_a_digit(amount):
    assert Decimal(plain_decimal(amount)) == amount and "E" not in plain_decimal(amount)


@pytest.mark.parametrize(("name", "column", "text", "said"), [
    ("transaction", "amount", "1,500", "a number without spaces"),
    ("transaction", "amount", "15 00", "a number without spaces"),
    ("transaction", "amount", "1 500,5,5", "a number without spaces"),
    ("transaction", "amount", "1e3", "a number without spaces"),
    ("transaction", "amount", "1500.255", "KZT has 2 decimals at most"),
    ("transaction", "amount", "0", "cannot be of zero"),
    ("transaction", "amount", "0.0000001", "more digits than can be kept"),
    ("transaction", "happened_on", "2026-11", "is a day, written"),
    ("transaction", "happened_on", "2027-01-01", "lies in the future"),
    ("transaction", "happened_on", "31.11.2026", "is a day, written"),
    ("transaction", "happened_on", "01/10/2026", "is a day, written"),
    ("transaction", "payee", "ministry", "the same organisation"),
    ("transaction", "currency", "XXX", "choose one from the list"),
    ("claim", "value", "-5", "is at least 0"),
    ("claim", "unit", "schools", "does not fit what is counted"),
    ("claim", "unit", "EUR", "does not fit what is counted. What fits: teachers, "),
    ("claim", "value_high", "90000", "goes with “From … to …”"),
    ("claim", "as_of", "2026-13", "as precisely as it is known"),
    ("claim", "as_of", "2027", "lies in the future"),
    ("claim", "as_of", "01.2027", "lies in the future"),
    ("claim", "as_of", "13.2026", "as precisely as it is known"),
    ("claim", "as_of", "٢٠٢٦", "as precisely as it is known"),
    ("claim", "key", "Has Spaces", "small Latin letters"),
    ("claim", "source", "NONE", "there is no NONE"),
    ("claim", "population", "hidden\u200bsign", "invisible sign"),
    ("initiative", "key", "ee-new", "begins with the country's code: kz-"),
    ("initiative", "ends_on", "2026", "The end lies before the start"),
    ("initiative", "due_days", "400", "is at most 366"),
    ("initiative", "due_days", "2.5", "is a whole number"),
    ("source", "url", "javascript:alert(1)", "begins with https://"),
    ("source", "title", "x" * 501, "500 characters are allowed"),
    ("milestone", "due_on", "", "A step has a day"),
    ("target", "area", "UZ", "in another country"),
    ("target", "baseline", "10", "write both or neither"),
    ("target", "measure", "nothing", "there is no nothing"),
    ("requirement", "metric", "teacher_training", "there is no teacher_training"),
    ("fund", "capital", "100", "A size has a currency"),
    ("exchange_rate", "into", "USD", "between two currencies"),
    ("exchange_rate", "rate", "0", "above zero"),
    ("country_fact", "year", "1999", "is at least 2000"),
    ("school_term", "school_year", "2026/28", "is written 2025/26"),
    ("school_term", "ends_on", "2026-08-31", "lies in its school year"),
])  # fmt: skip
def test_a_slip_is_refused_with_what_to_do(held, name, column, text, said):
    _typed, _tidy, problems = read(held, TABLES[name], NEW[name][0] | {column: text}, TODAY)
    assert len(problems) >= 1 and any(said in problem.message for problem in problems), problems


@pytest.mark.parametrize(("name", "column", "text", "kept"), [
    ("transaction", "amount", "1 500,25", "1500.25"),
    ("transaction", "amount", "-1\u00a0234\u00a0567", "-1234567"),
    ("transaction", "amount", "12 345.5", "12345.5"),
    ("exchange_rate", "rate", "540,12", "540.12"),
    ("exchange_rate", "rate", "0,0019", "0.0019"),
    ("target", "value", "50 000", "50000"),
    ("transaction", "happened_on", "1.10.2026", "2026-10-01"),
    ("target", "due_on", "31.12.2027", "2027-12-31"),
    ("claim", "as_of", "20.05.2026", "2026-05-20"),
    ("claim", "as_of", "9.2026", "2026-09"),
])  # fmt: skip
def test_what_people_here_write_in_one_way_only_is_understood(held, name, column, text, kept):
    _typed, tidy, problems = read(held, TABLES[name], NEW[name][0] | {column: text}, TODAY)
    assert (tidy[column], problems) == (kept, [])


def test_every_problem_is_told_at_once_in_the_readers_language(held):
    values = NEW["source"][0] | {"title": "", "url": "nowhere", "grade": "D"}
    with in_language("ru"):
        _typed, _tidy, problems = read(held, TABLES["source"], values, TODAY)
    assert [problem.column for problem in problems] == ["title", "url", "grade"]


def test_text_is_kept_in_one_form(held):
    values = NEW["source"][0] | {"title": "  Cafe\u0301\u00a0 au  lait\n"}
    typed, _tidy, problems = read(held, TABLES["source"], values, TODAY)
    assert (typed["title"], problems) == ("Café au lait", [])


def test_no_column_takes_more_than_the_database_holds():
    for table, column in COLUMNS:
        held = sa.inspect(table.row).local_table.c[column.attribute].type
        length = getattr(held, "length", None)
        if (
            length is not None
            and not column.choices
            and column.refers_to is None
            and not isinstance(held, ExactDecimal)
        ):
            holds = 10 if column.kind is Kind.ROUGH_DATE else column.longest
            assert holds <= length, (table.name, column.name)
        for choice in column.choices:
            assert length is None or len(choice) <= length, (table.name, column.name, choice)
