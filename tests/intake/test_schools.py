"""Schools are found by their code, also when a spreadsheet damaged it, and never guessed."""

from datetime import date

import pytest

from intake.register import Register
from intake.schools import How, SchoolMatcher

CODES = ("001234", "001235", "012340", "000777", "00777", "KZ-12", "100450", "100451", "250000", "A0B")


@pytest.fixture
def matcher() -> SchoolMatcher:
    rows = [
        (number, code, f"School «{code}»", None, None, date(2025, 1, 1), None) for number, code in enumerate(CODES, 1)
    ]
    chosen = {"gymnasium of the city": 1}
    return SchoolMatcher(Register.of_rows(rows), chosen, {"Lyceum": "000777"})


def found(matcher: SchoolMatcher, text: str) -> tuple[str | None, How]:
    match = matcher.match(text)
    return (matcher.register.codes[match.place] if match.place >= 0 else None), match.how


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("001234", "001234", How.EXACT), (" 001234\u00a0", "001234", How.EXACT), ("", None, How.BLANK),
        ("1234", "001234", How.REPAIRED), ("01234", "001234", How.REPAIRED), ("1234.0", "001234", How.REPAIRED),
        ("1234,00", "001234", How.REPAIRED), ("'001234", "001234", How.REPAIRED), ('="001234"', "001234", How.REPAIRED),
        ("777", None, How.AMBIGUOUS), ("00777", "00777", How.EXACT), ("1.2E+03", None, How.AMBIGUOUS),
        ("2.5E+05", "250000", How.REPAIRED), ("1.0045E+05", None, How.AMBIGUOUS), ("7.8E+02", None, How.AMBIGUOUS),
        ("1.234E+04", "012340", How.REPAIRED), ("9.9E+09", None, How.UNKNOWN), ("КZ-12", "KZ-12", How.REPAIRED),
        ("kz-12", "KZ-12", How.REPAIRED), ("1OO45O", "100450", How.REPAIRED), ("100 450", "100450", How.REPAIRED),
        ("АОВ", "A0B", How.REPAIRED), ("0001234", None, How.UNKNOWN), ("123", None, How.UNKNOWN),
        ("1234.5", None, How.UNKNOWN), ("Gymnasium of the City", "001234", How.CHOSEN),
        ("lyceum", "000777", How.CHOSEN),
        ("SCHOOL 001234", "001234", How.BY_NAME), ("001234¹", None, How.UNKNOWN), ("٠٠١٢٣٤", None, How.UNKNOWN),
    ],
)  # fmt: skip
def test_a_code_is_repaired_only_where_one_school_fits(matcher, text, code, how):
    assert found(matcher, text) == (code, how)


def test_an_ambiguous_code_names_the_schools_it_could_be(matcher):
    assert matcher.match("777").others == ("000777", "00777")


def test_suggestions_are_the_nearest_codes_where_there_is_no_name(matcher):
    assert matcher.suggestions("001236", "")[0].startswith("00123")
    assert matcher.suggestions("zzzzzzzzz", "") == []
