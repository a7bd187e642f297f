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
from intake.mended import damaged_rows
from intake.options import Options
from intake.progress import Progress, silent
from intake.reading import Reading, Table, read_table
from intake.rulebook import Rulebook, read_rulebook
from intake.schools import How
from intake.statements import (
    accepted_cells,
    gather,
    report_broken_rules,
    report_duplicates,
    report_scores_without_count,
)
from intake.stored_checks import places_of_metrics, report_rules_against_stored
from intake.totals import leave_out_totals
from intake.values import blank_cells, read_values


@dataclass(frozen=True)
class RowCounts:
    """How many rows below the header were read, hold nothing, are used, and have an error.

    A totals row and a row that only repeats another are read, but neither used nor faulty.
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
            "file": file, **self.recognised.columns_json(), "rows": self.rows.as_json(), "values": self.values
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
    read = {**recognised.file_json(), **recognised.columns_json(), "options": options.as_json()}
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
    keeps = "personal_data" not in findings.by_code
    cells, rows, blank = Cells.empty(), RowCounts(read.rows, read.blank, 0, read.rows - read.blank), 0
    chosen: list[str] = []
    faulty = FaultyRows()
    if table is not None:
        progress(N_("Checking every value"), 0.45)
        cells, rows, blank, chosen = _check_rows(session, rulebook, vocabulary, table, options, findings)
        faulty = faulty_rows(table.grid, findings, damaged_rows(table.grid))
    progress(N_("Comparing with what is held"), 0.75)
    choices = choices_used(session, initiative, _columns_chosen(recognised, vocabulary, options), chosen)
    comparison = compare(session, initiative, cells)
    places = places_of_metrics(recognised.columns, rulebook.metrics)
    report_rules_against_stored(session, initiative, rulebook.rules, rulebook.metrics, cells, places, findings)
    report_against_history(session, initiative, rulebook.metrics, cells, places, findings)
    if findings.totals["error"] == 0:
        if not len(cells):
            findings.add("no_values")
        elif not comparison.changes_anything:
            findings.add("nothing_new")
    sha256 = hashlib.sha256(content).hexdigest()
    return Check(
        initiative=initiative,
        file_name=file_name,
        content=content if keeps else b"",
        sha256=sha256,
        size=len(content),
        options=options,
        recognised=recognised,
        findings=findings,
        rows=rows,
        blank_values=blank,
        cells=cells,
        comparison=comparison,
        fingerprint=fingerprint(
            sha256, how_read(recognised, options, choices), rules_version(session, initiative), cells, comparison
        ),
        choices=choices,
        faulty=faulty,
        checked_at=at,
    )


def read_grid(session: Session, check: Check, *, at: datetime) -> Grid | None:
    """Return the rows of a checked file as they stand in it, before any mending; None where it holds no table."""
    rulebook = read_rulebook(session, check.initiative, at)
    options = replace(check.options, mended=())
    vocabulary = Vocabulary(rulebook, options.mapping)
    _reading, table, _counts = read_table(check.content, options, rulebook, vocabulary, FindingList())
    return table.grid if table else None


def _columns_chosen(recognised: Reading, vocabulary: Vocabulary, options: Options) -> list[str]:
    """Return the columns whose meaning was chosen for an earlier file and holds for this one."""
    said = set(map(fold, options.mapping))
    names = [*(column.name for column in recognised.columns), *recognised.ignored_columns]
    known = ((name, vocabulary.meaning(name)) for name in names)
    return [name for name, meaning in known if meaning and meaning.how == "mapping" and fold(name) not in said]


def _check_rows(
    session: Session,
    rulebook: Rulebook,
    vocabulary: Vocabulary,
    table: Table,
    options: Options,
    findings: FindingList,
) -> tuple[Cells, RowCounts, int, list[str]]:
    """Return the statements of the rows without errors, how many rows there are of each kind, blank value cells, and
    the texts whose school was chosen for an earlier file.
    """
    grid = table.grid
    blank = grid.blank
    nowhere = np.full(len(grid), NO_PLACE, dtype=np.int32)
    matcher, matches = match_schools(session, rulebook, table, options)
    rows = Rows(grid, matcher.register, ~blank, nowhere, nowhere.copy(), rejected=np.zeros(len(grid), dtype=bool))
    rows.live[grid.broken] = False
    rows.live &= ~leave_out_totals(table, rows.live, matches, findings)
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
    counts = RowCounts(len(grid), int(blank.sum()), int(accepted.sum()), int(faulty.sum()))
    said = set(map(fold, options.schools))
    texts = zip(school_texts(table).texts.texts, matches, strict=True)
    chosen = [text for text, match in texts if match.how is How.CHOSEN and fold(text) not in said]
    return accepted_cells(statements, accepted, rows, metrics), counts, blank_cells(columns, accepted), chosen


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
