"""Check a file: read it, recognise and match its parts, check every value, and compare it with what is held."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from sqlmodel import Session

from access.language import N_
from data_model.registry import Initiative
from intake.cells import Cells
from intake.choices import choices_used
from intake.columns import Vocabulary
from intake.compare import CHANGES_LISTED, Comparison, compare, fingerprint, rules_version
from intake.faulty_rows import FaultyRows, faulty_rows
from intake.finding_list import WHOLE_ROW, FindingList
from intake.folding import fold
from intake.grid import Grid
from intake.history_checks import report_against_history
from intake.layout import USER_EXPORT
from intake.matching import (
    NO_PLACE,
    Rows,
    match_periods,
    match_schools,
    report_names,
    report_participation,
    report_schools,
    school_texts,
)
from intake.mended import EMAIL, damaged_rows
from intake.options import Options
from intake.progress import Progress, silent
from intake.reading import Reading, Table, read_table
from intake.rulebook import Rulebook, read_rulebook
from intake.schools import How
from intake.side_rows import leave_out_side_rows
from intake.statements import (
    accepted_cells,
    gather,
    report_broken_rules,
    report_duplicates,
    report_scores_without_count,
)
from intake.stored_checks import places_of_metrics, report_rules_against_stored
from intake.totals import leave_out_totals
from intake.user_export.counting import CountedExport, count_users
from intake.user_export.table import open_export
from intake.values import blank_cells, read_values


@dataclass(frozen=True)
class RowCounts:
    """How many rows below the header were read, hold nothing, are used, and have an error.

    Totals, rows beside the data and rows that only repeat another are read, but neither used nor faulty.
    """

    read: int = 0
    blank: int = 0
    accepted: int = 0
    rejected: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the design's `rows`."""
        return {"read": self.read, "blank": self.blank, "accepted": self.accepted, "rejected": self.rejected}


@dataclass
class Check:
    """What a file is, what is wrong with it and what it would change. `content` is empty where it may not be kept."""

    initiative: Initiative
    file_name: str
    content: bytes
    sha256: str
    size: int
    options: Options
    recognised: Reading
    findings: FindingList
    rows: RowCounts
    blank_values: int
    cells: Cells
    comparison: Comparison
    fingerprint: str
    choices: dict[str, Any]
    faulty: FaultyRows
    checked_at: datetime = field(compare=False)

    @property
    def acceptable(self) -> bool:
        """Whether the file has no error. Warnings never hold it back."""
        return self.findings.totals["error"] == 0

    @property
    def verdict(self) -> str:
        """`acceptable` or `rejected`."""
        return "acceptable" if self.acceptable else "rejected"

    @property
    def reading(self) -> dict[str, Any]:
        """How the file was read, as JSON: what was recognised and what was decided by people, now or earlier."""
        return how_read(self.recognised, self.options, self.choices)

    @property
    def values(self) -> dict[str, int]:
        """The design's `values`: each value cell of an accepted row counts once."""
        counts = self.comparison.counts
        return {
            "new": counts["new"], "changed": counts["changed"], "unchanged": counts["unchanged"],
            "blank": self.blank_values, "not_applicable": counts["not_applicable"],
        }  # fmt: skip

    @property
    def summary(self) -> dict[str, Any]:
        """The counts that a submission keeps."""
        return {"rows": self.rows.as_json(), "values": self.values, "findings_total": self.findings.totals}

    def as_json(self) -> dict[str, Any]:
        """Return the check as the design's JSON object, with all findings in memory."""
        return {**self._head(), "findings": [finding.as_json() for finding in self.findings], **self._tail()}

    def json_pieces(self) -> Iterator[str]:
        """Yield the text of that JSON object piece by piece, so that a million findings need no memory."""
        yield _dump(self._head())[:-1] + ', "findings": ['
        for number, finding in enumerate(self.findings):
            yield (", " if number else "") + _dump(finding.as_json())
        yield "], " + _dump(self._tail())[1:]

    def _head(self) -> dict[str, Any]:
        file = {"name": self.file_name, "sha256": self.sha256, "bytes": self.size, **self.recognised.file_json()}
        return {
            "file": file, **self.recognised.columns_json(), **self.recognised.kept,
            "rows": self.rows.as_json(), "values": self.values,
        }  # fmt: skip

    def _tail(self) -> dict[str, Any]:
        return {
            "findings_total": self.findings.totals,
            "changes": self.comparison.changes(CHANGES_LISTED),
            "fingerprint": self.fingerprint,
            "verdict": self.verdict,
        }


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def how_read(recognised: Reading, options: Options, choices: dict[str, Any]) -> dict[str, Any]:
    """Return how a file was read as JSON can hold it: the part of a check that its fingerprint covers.

    `choices`: the remembered ones that were applied, where there were any.
    """
    read = {**recognised.file_json(), **recognised.columns_json(), "options": options.as_json(), **recognised.kept}
    return read | ({"choices": choices} if choices else {})


def check_file(
    session: Session,
    initiative: Initiative,
    content: bytes,
    file_name: str,
    options: Options | None = None,
    *,
    at: datetime,
    progress: Progress = silent,
) -> Check:
    """Return what the file is, what is wrong with it, and what it would change of what is held now. Writes nothing.

    Raises Refused (`mapping_invalid`) when the options name a column's meaning that does not exist.
    """
    options = options or Options()
    rulebook = read_rulebook(session, initiative, at)
    vocabulary = Vocabulary(rulebook, options.mapping)
    findings = FindingList()
    progress(N_("Reading the file"), 0.02)
    recognised, table, read = read_table(content, options, rulebook, vocabulary, findings)
    if recognised.layout == USER_EXPORT:
        counted = count_users(content, options)
        if counted is not None:
            return check_counted(session, initiative, counted, file_name, options, at=at, progress=progress)
        findings.add("personal_data")
    sha256 = hashlib.sha256(content).hexdigest()
    keeps = "personal_data" not in findings.by_code
    rows = RowCounts(read.rows, read.blank, 0, read.rows - read.blank)
    file = _File(file_name, sha256, len(content), content if keeps else b"", recognised, table, rows)
    return _judged(_Under(session, rulebook, vocabulary, options, findings), file, progress)


def check_counted(
    session: Session,
    initiative: Initiative,
    counted: CountedExport,
    file_name: str,
    options: Options | None = None,
    *,
    at: datetime,
    progress: Progress = silent,
) -> Check:
    """Return the check of a user export that was counted as it arrived. Its `content` is the table of school counts,
    its SHA-256 and size are those of the file.

    Raises Refused (`mapping_invalid`).
    """
    options = options or Options()
    rulebook = read_rulebook(session, initiative, at)
    findings = FindingList()
    opened = open_export(session, counted, options, rulebook, findings)
    name = EMAIL.sub("…", file_name)
    rows = RowCounts(opened.rows, opened.blank, 0, opened.faulty)
    file = _File(
        name, counted.sha256, counted.size, opened.content, opened.reading, opened.table, rows, chosen=opened.chosen
    )
    # The table's columns are ours: a choice made for files with a column of that name has no say in it.
    vocabulary = Vocabulary(replace(rulebook, column_choices={}))
    return _judged(_Under(session, rulebook, vocabulary, options, findings), file, progress)


@dataclass(frozen=True)
class _Under:
    """What a file is checked under: the initiative's rules and words, how the file is to be read, and where what is
    wrong with it is noted.
    """

    session: Session
    rulebook: Rulebook
    vocabulary: Vocabulary
    options: Options
    findings: FindingList


@dataclass(frozen=True)
class _File:
    """The file a check is of, and how it was read. `content`: what of it may be kept. `rows`: what is known of its rows
    without a table. `chosen`: of a user export, the texts whose school was chosen for an earlier file.
    """

    name: str
    sha256: str
    size: int
    content: bytes
    recognised: Reading
    table: Table | None
    rows: RowCounts
    chosen: list[str] | None = None

    @property
    def is_export(self) -> bool:
        """Whether it is a user export. Its table is ours: it is read in one way, and it is not mended cell by cell."""
        return self.chosen is not None


@dataclass(frozen=True)
class _Values:
    """What checking every value of a table gives. `chosen`: the texts whose school was chosen for an earlier file."""

    cells: Cells
    rows: RowCounts
    blank: int
    chosen: list[str]
    faulty: FaultyRows


def _judged(under: _Under, file: _File, progress: Progress) -> Check:
    """Return the check of a file: every value of its table checked and compared with what is held."""
    session, options, findings = under.session, under.options, under.findings
    initiative, recognised = under.rulebook.initiative, file.recognised
    progress(N_("Checking every value"), 0.45)
    values = _check_values(under, file)
    progress(N_("Comparing with what is held"), 0.75)
    columns_chosen = [] if file.is_export else _columns_chosen(recognised, under.vocabulary, options)
    choices = choices_used(session, initiative, columns_chosen, values.chosen)
    comparison = compare(session, initiative, values.cells)
    _report_against_stored(under, file, values.cells)
    if findings.totals["error"] == 0:
        if not len(values.cells):
            findings.add("no_values")
        elif not comparison.changes_anything:
            findings.add("nothing_new")
    read, rules = how_read(recognised, options, choices), rules_version(session, initiative)
    return Check(
        initiative=initiative,
        file_name=file.name,
        content=file.content,
        sha256=file.sha256,
        size=file.size,
        options=options,
        recognised=recognised,
        findings=findings,
        rows=values.rows,
        blank_values=values.blank,
        cells=values.cells,
        comparison=comparison,
        fingerprint=fingerprint(file.sha256, read, rules, values.cells, comparison),
        choices=choices,
        faulty=values.faulty,
        checked_at=under.rulebook.at,
    )


def _check_values(under: _Under, file: _File) -> _Values:
    if file.table is None:
        return _Values(Cells.empty(), file.rows, 0, file.chosen or [], FaultyRows())
    if file.chosen is not None:
        read_as = replace(under, options=Options(period=under.options.period))
        return replace(_check_rows(read_as, file), chosen=file.chosen)
    values = _check_rows(under, file)
    grid = file.table.grid
    return replace(values, faulty=faulty_rows(grid, under.findings, damaged_rows(grid)))


def _report_against_stored(under: _Under, file: _File, cells: Cells) -> None:
    session, rulebook, findings = under.session, under.rulebook, under.findings
    columns = file.table.layout.columns if file.table is not None else file.recognised.columns
    places = places_of_metrics(columns, rulebook.metrics)
    initiative, metrics = rulebook.initiative, rulebook.metrics
    report_rules_against_stored(session, initiative, rulebook.rules, metrics, cells, places, findings)
    report_against_history(session, initiative, metrics, cells, places, findings)


def read_grid(
    session: Session, initiative: Initiative, content: bytes, options: Options, *, at: datetime
) -> Grid | None:
    """Return the rows of a file as they stand in it, before any mending; None where it holds no table."""
    rulebook = read_rulebook(session, initiative, at)
    unmended = replace(options, mended=())
    vocabulary = Vocabulary(rulebook, options.mapping)
    _reading, table, _counts = read_table(content, unmended, rulebook, vocabulary, FindingList())
    return table.grid if table else None


def _columns_chosen(recognised: Reading, vocabulary: Vocabulary, options: Options) -> list[str]:
    """Return the columns whose meaning was chosen for an earlier file and holds for this one."""
    said = set(map(fold, options.mapping))
    names = [*(column.name for column in recognised.columns), *recognised.ignored_columns]
    known = ((name, vocabulary.meaning(name)) for name in names)
    return [name for name, meaning in known if meaning and meaning.how == "mapping" and fold(name) not in said]


def _check_rows(under: _Under, file: _File) -> _Values:
    """Return the statements of the rows without errors, how many rows there are of each kind, and blank value cells."""
    rulebook, vocabulary, options, findings = under.rulebook, under.vocabulary, under.options, under.findings
    table, read, header_row = file.table, file.rows, file.recognised.header_row or 0
    assert table is not None
    grid = table.grid
    blank = grid.blank
    nowhere = np.full(len(grid), NO_PLACE, dtype=np.int32)
    matcher, matches = match_schools(under.session, rulebook, table, options)
    rows = Rows(grid, matcher.register, ~blank, nowhere, nowhere.copy(), rejected=np.zeros(len(grid), dtype=bool))
    rows.live[grid.broken] = False
    rows.live &= ~leave_out_totals(table, rows.live, matches, rulebook.metrics, findings)
    beside, beyond = leave_out_side_rows(table, rows.live, matches, vocabulary, header_row, findings)
    rows.live &= ~(beside | beyond)
    rows.rejected |= beyond
    _report_damaged(rows, findings)
    report_schools(table, rows, matcher, matches, findings)
    report_names(table, rows, findings)
    match_periods(table, rows, rulebook, options, findings)
    report_participation(table, rows, findings)
    metrics, columns = read_values(table, rows, rulebook, vocabulary, findings)
    statements = gather(rows, columns, metrics)
    repeating = report_duplicates(statements, rows, columns, metrics, findings)
    report_broken_rules(statements, rulebook.rules, rows, columns, metrics, findings)
    report_scores_without_count(statements, rows, columns, metrics, findings)
    faulty = rows.rejected
    faulty[findings.rows_with_errors() - int(grid.row[0])] = True
    accepted = rows.live & ~faulty & ~repeating
    counts = RowCounts(read.read, read.blank, table.rows_behind(accepted), table.rows_behind(faulty))
    said = set(map(fold, options.schools))
    texts = zip(school_texts(table).texts.texts, matches, strict=True)
    chosen = [text for text, match in texts if match.how is How.CHOSEN and fold(text) not in said]
    cells = accepted_cells(statements, accepted, rows, metrics)
    return _Values(cells, counts, blank_cells(columns, accepted), chosen, FaultyRows())


def _report_damaged(rows: Rows, findings: FindingList) -> None:
    """Report rows that were not read as rows of this table; they make no statements."""
    grid = rows.grid
    swallowing = [*grid.broken, *(position for position in grid.swallowing() if rows.live[position])]
    swallowing.sort()
    findings.add_rows("quote_never_closed", grid.row[swallowing], WHOLE_ROW, "")
    wrong = [position for position in grid.wrong_count if rows.live[position] and position not in swallowing]
    findings.add_rows(
        "wrong_cell_count", grid.row[wrong], WHOLE_ROW, "",
        count=[grid.wrong_count[position] for position in wrong], expected=len(grid.header),
    )  # fmt: skip
    rows.live[[*swallowing, *wrong]] = False
