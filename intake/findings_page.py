"""The catalogue of findings as a table in Markdown, for the docs."""

from intake.findings import CATALOGUE


def findings_markdown() -> str:
    """Return the table of all findings: code, severity, message and what to do. In English, as the code has it."""
    lines = ["| code | severity | what it says | what to do |", "|---|---|---|---|"]
    for kind in CATALOGUE:
        lines.append(f"| `{kind.code}` | {kind.severity.value} | {kind.message} | {kind.what_to_do} |")
    return "\n".join(lines) + "\n"
