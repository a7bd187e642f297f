"""Files changed by chance, from a fixed seed: nothing breaks the check, and what was changed is read or reported."""

import json
import random
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest

from intake.check import Check
from tests.intake.corpus.case import Case, Cell, Value
from tests.intake.corpus.country import Country, corpus_country
from tests.intake.corpus.tables import PLAIN, Rows, Style, clean_cells, long, wide
from tests.intake.corpus.workbooks import put, typed_rows, workbook

SEED = 20261125
TABLES, BYTES, WORKBOOKS = 220, 160, 60
GARBAGE = ("x", "12a", "--", "1 2", "#REF!", "=1+1", "TRUE", "1e3", "5;", "(5)", "2026-09", "12%", "нет")
STYLES = (
    PLAIN, Style(delimiter=";", mark=","), Style(delimiter="\t", encoding="utf-16"), PLAIN.but(quote_all=True),
    Style(delimiter="|", line_end="\r\n"), Style(delimiter=";", mark=",", group="\u00a0", encoding="windows-1251"),
)  # fmt: skip
FREE = "messages_sent"  # no rule and no other metric hangs on it


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Country]:
    with corpus_country(tmp_path_factory.mktemp("mutations")) as made:
        yield made


class Mutant:
    """A table while it is changed, with what it then states; `faulty` once it holds what cannot be right."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.style = chance.choice(STYLES)
        self.cells: dict[Cell, Value] = dict(clean_cells(seed=chance.randrange(10**6)))
        self.is_wide = chance.random() < 0.5
        self.rows: Rows = (wide if self.is_wide else long)(self.cells, self.style)
        self.faulty = False
        self.said: list[str] = []

    def step(self) -> None:
        """Change the table in one way."""
        ways = (
            self.shuffle_rows, self.shuffle_columns, self.blank_row, self.trailing_cells, self.repeat_row,
            self.drop_row, self.other_value, self.no_value, self.garbage, self.other_school, self.lose_cell,
            self.heading_again, self.unknown_column,
        )  # fmt: skip
        way = self.chance.choice(ways)
        self.said.append(way.__name__)
        way()

    def _data_row(self) -> int:
        return self.chance.choice([at for at, row in enumerate(self.rows) if at and self._cell_of(row) is not None])

    def _place(self, name: str) -> int:
        return next(at for at, cell in enumerate(self.rows[0]) if cell == name)

    def _cell_of(self, row: list[str]) -> Cell | None:
        """Return the cell of the free metric that a row is about."""
        if len(row) != len(self.rows[0]) or row[self._place("school_code")] not in {cell[0] for cell in self.cells}:
            return None
        school, period = row[self._place("school_code")], row[self._place("period")]
        metric = FREE if self.is_wide else row[self._place("metric")]
        return (school, metric, period) if metric == FREE else None

    def _set(self, at: int, text: str) -> Cell:
        """Write the value of the free metric in a row, and in all rows about the same cell."""
        cell = self._cell_of(self.rows[at])
        assert cell is not None
        place = self._place(FREE if self.is_wide else "value")
        self.rows = [
            [*row[:place], text, *row[place + 1 :]] if self._cell_of(row) == cell else row for row in self.rows
        ]
        return cell

    def shuffle_rows(self) -> None:
        body = self.rows[1:]
        self.chance.shuffle(body)
        self.rows = [self.rows[0], *body]

    def shuffle_columns(self) -> None:
        if any(len(row) != len(self.rows[0]) for row in self.rows):
            return
        order = list(range(len(self.rows[0])))
        self.chance.shuffle(order)
        self.rows = [[row[at] for at in order] for row in self.rows]

    def blank_row(self) -> None:
        self.rows.insert(self.chance.randint(1, len(self.rows)), [""] * self.chance.choice((0, len(self.rows[0]))))

    def trailing_cells(self) -> None:
        self.rows = [[*row, "", ""] if row else row for row in self.rows]

    def repeat_row(self) -> None:
        self.rows.append(list(self.rows[self._data_row()]))

    def drop_row(self) -> None:
        if len({row[self._place("school_code")] for row in self.rows[1:] if self._cell_of(row)}) < 3:
            return
        gone = self._cell_of(self.rows[self._data_row()])
        assert gone is not None
        self.rows = [row for row in self.rows if self._cell_of(row) != gone]
        self.cells = {
            cell: value for cell, value in self.cells.items() if (cell[0] != gone[0] if self.is_wide else cell != gone)
        }

    def other_value(self) -> None:
        value = self.chance.randrange(1_000_000)
        self.cells[self._set(self._data_row(), self.style.number(value))] = value

    def no_value(self) -> None:
        self.cells.pop(self._set(self._data_row(), self.chance.choice(("", " ", "\u00a0"))), None)

    def garbage(self) -> None:
        self._set(self._data_row(), self.chance.choice(GARBAGE))
        self.faulty = True

    def other_school(self) -> None:
        self.rows[self._data_row()][self._place("school_code")] = self.chance.choice(("999999", "Школа №5", ""))
        self.faulty = True

    def lose_cell(self) -> None:
        at = self._data_row()
        lost = self.chance.randrange(len(self.rows[at]))
        self.rows[at] = [cell for place, cell in enumerate(self.rows[at]) if place != lost]
        # One of a row's outer blank cells may be missing without a loss.
        self.faulty = True

    def heading_again(self) -> None:
        self.rows.insert(self.chance.randint(1, len(self.rows)), list(self.rows[0]))

    def unknown_column(self) -> None:
        self.rows = [[*row, "Примечание" if at == 0 else "7"] if row else row for at, row in enumerate(self.rows)]


def checked(country: Country, content: bytes) -> Check:
    """Return the check of a file; its JSON must be JSON."""
    check = country.check(Case("mutation", "", content))
    json.loads("".join(check.json_pieces()))
    return check


def test_changed_tables_are_read_as_changed_or_reported(country: Country):
    wrong = []
    for number in range(TABLES):
        mutant = Mutant(random.Random(f"{SEED} {number}"))
        for _step in range(mutant.chance.randint(1, 5)):
            if any(mutant._cell_of(row) for row in mutant.rows[1:]) and not mutant.faulty:
                mutant.step()
        check = checked(country, mutant.style.write(mutant.rows))
        if check.acceptable and (mutant.faulty or country.cells(check) != mutant.cells):
            wrong.append((number, mutant.said, country.cells(check).items() ^ mutant.cells.items()))
        if not check.acceptable and not mutant.faulty:
            wrong.append((number, mutant.said, [finding.message() for finding in check.findings][:3]))
    assert not wrong, "\n".join(map(str, wrong))


def test_damaged_bytes_never_break_the_check(country: Country):
    for number in range(BYTES):
        chance = random.Random(f"{SEED} bytes {number}")
        style = chance.choice(STYLES)
        content = bytearray(style.write((wide if chance.random() < 0.5 else long)(clean_cells(), style)))
        for _times in range(chance.choice((1, 1, 2, 8, 60))):
            at = chance.randrange(len(content))
            if (way := chance.random()) < 0.4:
                content[at] = chance.randrange(256)
            elif way < 0.6:
                del content[at : at + chance.choice((1, 2, 50))]
            elif way < 0.8:
                content[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 3, 20))))
            else:
                content[at:at] = chance.choice((b'"', b"\n", b"\r", b"\0", b";", b",", b"\xef\xbb\xbf", b"\x1a"))
        checked(country, bytes(content))


def test_a_file_cut_anywhere_loses_no_row_without_a_word(country: Country):
    """Of a number whose last digits are cut off nobody can know; all rows before it are what they were."""
    cells = clean_cells()
    chance = random.Random(SEED)
    for made in (wide, long):
        content = PLAIN.write(made(cells))
        for _time in range(25):
            cut = content[: chance.randrange(len(content) // 4, len(content))]
            check = checked(country, cut)
            if check.acceptable:
                last = cut.decode(errors="ignore").splitlines()[-1].split(",")[0]
                read = country.cells(check)
                whole = {cell: value for cell, value in read.items() if cell[0] != last}
                assert whole.items() <= cells.items()
                assert set(read) <= set(cells)


def test_a_damaged_workbook_is_read_as_it_was_or_reported(country: Country):
    cells = clean_cells()
    content = workbook(lambda _book, sheet: put(sheet, typed_rows(wide(cells))))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.getinfo("xl/worksheets/sheet1.xml")
    wrong = []
    for number in range(WORKBOOKS):
        chance = random.Random(f"{SEED} workbook {number}")
        damaged = bytearray(content)
        # Every other time in the sheet itself.
        span = (sheet.header_offset, sheet.header_offset + sheet.compress_size) if number % 2 else (0, len(content))
        for _times in range(chance.choice((1, 2, 10))):
            damaged[chance.randrange(*span)] = chance.randrange(256)
        check = checked(country, bytes(damaged))
        if check.acceptable and country.cells(check) != cells:
            wrong.append(number)
    assert wrong == []
