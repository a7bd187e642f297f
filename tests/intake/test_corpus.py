"""Every file of the corpus is read exactly as it was meant, or reported: never silently different."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from intake.check import Check
from tests.intake.corpus import all_cases
from tests.intake.corpus.case import ANY_ERROR, Case, Cell, Error, Value
from tests.intake.corpus.country import Country, corpus_country

CASES = tuple(all_cases())
BY_KIND = {kind: [case for case in CASES if case.kind == kind] for kind in dict.fromkeys(case.kind for case in CASES)}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    with corpus_country(tmp_path_factory.mktemp("corpus")) as made:
        yield made


def errors_of(check: Check) -> list[Error]:
    """Return code, row and column of each error, as the design's JSON has them."""
    found = [finding.as_json() for finding in check.findings if finding.severity == "error"]
    return [(finding["code"], finding["row"], finding["column"]) for finding in found]


def is_silently_different(case: Case, check: Check, cells: dict[Cell, Value]) -> bool:
    """Whether the file would be taken for something else than was meant, without an error."""
    return check.acceptable and (cells != dict(case.cells) or (case.errors != () and not case.either))


def differences(case: Case, check: Check, cells: dict[Cell, Value]) -> list[str]:
    """Return what is not as expected, in words."""
    found: list[str] = []
    errors = errors_of(check)
    if case.either and errors:
        return found
    if case.errors == ANY_ERROR:
        if not errors:
            found.append("acceptable, but should be reported")
        if not case.cells:
            return found
    elif Counter(errors) != Counter(case.errors):
        found.append(f"errors {errors[:8]}, not {list(case.errors)[:8]}")
    if cells != dict(case.cells):
        wrong = [
            (cell, case.cells.get(cell), cells.get(cell))
            for cell in {*cells, *case.cells}
            if cells.get(cell) != case.cells.get(cell)
        ]
        found.append(f"cells (meant, read): {sorted(wrong)[:5]}")
    if case.warnings is not None:
        warned = Counter((f.code, f.row) for f in check.findings if f.severity == "warning")
        if warned != Counter(case.warnings) and not (case.warnings == () and set(warned) <= {("no_values", None)}):
            found.append(f"warnings {sorted(warned.elements(), key=str)[:8]}, not {case.warnings[:8]}")
    counts = check.rows
    if case.rows is not None and (counts.read, counts.blank, counts.accepted, counts.rejected) != case.rows:
        found.append(f"rows {counts}, not {case.rows}")
    if case.blank is not None and check.values["blank"] != case.blank:
        found.append(f"{check.values['blank']} blank, not {case.blank}")
    recognised = check.recognised.file_json()
    found.extend(
        f"{name} {recognised[name]!r}, not {said!r}" for name, said in case.reading.items() if recognised[name] != said
    )
    return found


def test_the_corpus_is_large_and_each_case_has_a_name_of_its_own():
    assert len(CASES) >= 300
    assert not [title for title, count in Counter(case.title for case in CASES).items() if count > 1]


@pytest.mark.parametrize("kind", BY_KIND)
def test_files_of_this_kind_are_equal_or_reported(country: Country, kind: str):
    """None is silently different, and what is reported is reported where it stands."""
    wrong, silently_different = [], []
    for case in BY_KIND[kind]:
        check = country.check(case)
        cells = country.cells(check)
        if is_silently_different(case, check, cells):
            silently_different.append(case.title)
        wrong += [f"{case.title}: {difference}" for difference in differences(case, check, cells)]
    assert silently_different == []
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("kind", ["e-mail addresses", "user export", "workbook's parts"])
def test_of_a_file_with_peoples_addresses_nothing_is_kept_and_none_is_told(country: Country, kind: str):
    told = 0
    for case in BY_KIND[kind]:
        check = country.check(case)
        if not check.findings.by_code.keys() & {"personal_data", "audience_unclear"}:
            continue
        told += 1
        assert check.content == b"" and not check.acceptable, case.title
        assert "@" not in json.dumps([check.as_json(), check.reading, check.summary], ensure_ascii=False), case.title
        assert not len(check.cells)
    assert told
