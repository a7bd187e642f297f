"""Findings on screen: all of them, counted, filtered, each with where it is, what is wrong and what to do."""

from collections.abc import Iterable, Mapping
from itertools import islice
from math import ceil

import pandas as pd
import streamlit as st

from access.language import N_, _, format_number, ngettext
from data_model.submissions import Severity
from intake.finding_list import FindingList
from intake.findings import Finding, message
from ui import downloads, filters
from ui.answers import records
from ui.text import plain
from ui.words import Measure

PAGE = 25
SEVERITIES = {Severity.ERROR: N_("Error"), Severity.WARNING: N_("Warning")}
ALL = "all"
# Details of findings that hold the key of a metric.
NAME_METRICS = ("metric", "lesser", "greater", "count_metric")


def stored(findings: pd.DataFrame) -> FindingList:
    """Return the findings kept with a submission (`SubmissionDetail.findings`) as a list that can be chosen from."""
    return FindingList(
        [
            Finding(
                row.code, Severity(row.severity), None if pd.isna(row.row) else int(row.row), row.column, row.value,
                row.details,
            )
            for row in records(findings)
        ]
    )  # fmt: skip


def show(findings: FindingList, measures: dict[str, Measure], file_name: str) -> None:
    """Show the findings a page at a time, with filters by severity and kind, and all of them to take away."""
    names = {key: measure.name for key, measure in measures.items()}
    if not len(findings):
        st.subheader(_("Findings"), anchor=False)
        st.write(_("Nothing is wrong with this file."))
        return
    severity, code = filtered(findings, names)
    chosen = findings.chosen(severity=severity, code=code)
    pages = ceil(len(chosen) / PAGE)
    page = st.pagination(pages, key="findings-page") if pages > 1 else 1
    with st.container(key="findings-table"):
        st.table(table(islice(chosen, (page - 1) * PAGE, page * PAGE), names), hide_index=True, border="horizontal")
    take_away(findings, names, file_name)


def take_away(findings: FindingList, names: Mapping[str, str], file_name: str) -> None:
    """Offer all findings as a file."""
    taken = downloads.Taken(
        lambda: table(findings, names, for_file=True), lambda: {_("File"): file_name}, f"findings-{file_name}"
    )
    downloads.csv_button(taken, key="csv-findings")


def count(number: int, severity: Severity) -> str:
    """Return how many there are in words: 2 errors, 1 warning."""
    if severity is Severity.ERROR:
        return ngettext("{count} error", "{count} errors", number).format(count=format_number(number))
    return ngettext("{count} warning", "{count} warnings", number).format(count=format_number(number))


def said(finding: Finding, names: Mapping[str, str]) -> str:
    """Return what a finding says to a person: metrics by their names, where a program is told their keys."""
    details = {
        key: names.get(value, value) if key in NAME_METRICS and isinstance(value, str) else value
        for key, value in finding.details.items()
    }
    return message(finding.code, finding.column, finding.value, details)


def filtered(findings: FindingList, names: Mapping[str, str]) -> tuple[Severity | None, str | None]:
    """Say how many findings there are and let choose which to see; return the severity and code chosen (None: all)."""
    totals = findings.totals
    errors, warnings = totals[Severity.ERROR], totals[Severity.WARNING]
    st.subheader(_("Findings"), anchor=False)
    st.write(f"{count(errors, Severity.ERROR)}, {count(warnings, Severity.WARNING)}.")
    severity, code = None, None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if errors and warnings:
            severities = {
                ALL: _("All"),
                "error": count(errors, Severity.ERROR),
                "warning": count(warnings, Severity.WARNING),
            }
            wanted = filters.choose(
                "severity", _("Severity"), severities, ALL, control=st.segmented_control, required=True
            )
            severity = None if wanted == ALL else Severity(wanted)
        kinds = _kinds(findings.chosen(severity=severity), names)
        if len(kinds) > 1:
            kind = filters.choose("kind", _("Kind"), {ALL: _("All kinds")} | kinds, ALL)
            code = None if kind == ALL else kind
    return severity, code


def _kinds(findings: FindingList, names: Mapping[str, str]) -> dict[str, str]:
    """Return what kinds there are, each with how often, called by the first example's words."""
    examples: dict[str, str] = {}
    for block in findings.blocks:
        examples.setdefault(block.code, said(block.finding(0), names))
    for finding in findings.of_file:
        examples.setdefault(finding.code, said(finding, names))
    return {code: f"{format_number(number)} × {examples[code][:90]}" for code, number in findings.by_code.items()}


def table(findings: Iterable[Finding], names: Mapping[str, str], *, for_file: bool = False) -> pd.DataFrame:
    """Return findings as rows that people read; for a file without the marks that Markdown needs."""
    text = str if for_file else plain
    return pd.DataFrame(
        [
            {
                _("Row"): "" if finding.row is None else str(finding.row),
                _("Severity"): _(SEVERITIES[finding.severity]),
                _("Column"): text(finding.column),
                _("Value"): text(finding.value),
                _("What is wrong, and what to do"): text(said(finding, names)),
            }
            for finding in findings
        ]
    )
