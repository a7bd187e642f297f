"""A check in words, for a person at a terminal."""

from itertools import islice

from access.language import _
from intake.check import Check

FINDINGS_SHOWN = 50


def in_words(check: Check) -> str:
    """Return what was recognised, what is wrong, what would change and the verdict, on a few lines."""
    read, rows, values, totals = check.recognised, check.rows, check.values, check.findings.totals
    recognised = ", ".join(
        str(part)
        for part in (
            read.layout,
            read.encoding,
            {"\t": "tab"}.get(read.delimiter or "", read.delimiter),
            read.sheet and _("sheet {name}").format(name=read.sheet),
            read.header_row and _("column names in row {row}").format(row=read.header_row),
        )
        if part
    )
    lines = [
        f"{check.file_name}: {recognised}",
        _("Rows: {read} read, {blank} blank, {accepted} accepted, {rejected} rejected.").format(**rows.as_json()),
        _(
            "Values: {new} new, {changed} changed, {unchanged} unchanged, {blank} blank,"
            " {not_applicable} not applicable."
        ).format(**values),
        _("Findings: {error} errors, {warning} warnings.").format(**totals),
    ]
    for finding in islice(check.findings, FINDINGS_SHOWN):
        where = _("row {row}").format(row=finding.row) if finding.row else _("file")
        column = f", {finding.column}" if finding.column else ""
        lines.append(f"  {finding.severity.value} {where}{column}: {finding.message()}")
    if len(check.findings) > FINDINGS_SHOWN:
        left = len(check.findings) - FINDINGS_SHOWN
        lines.append("  " + _("and {count} more: see them all with --json.").format(count=left))
    lines.append(_("Acceptable.") if check.acceptable else _("Rejected: mend the errors and check it again."))
    return "\n".join(lines) + "\n"
