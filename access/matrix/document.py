"""The matrix as a document: docs/access-matrix.md, in Markdown, in English as the code has it."""

from collections.abc import Iterable

from access.matrix.rows import FLOORS, UNDECIDED, every_row
from access.matrix.table import NOT_ALLOWED, NOT_SIGNED_IN, YES, Asker, Row

SHORT = {YES: "**yes**", NOT_ALLOWED: "–", NOT_SIGNED_IN: "sign in"}
OPENING = """# Who may do what

Written by `python -m access matrix` from `access/matrix/`; do not edit it. `tests/access/test_access_matrix.py` runs
each of its {cells:,} cells ({rows} rows, {askers} who ask) through the real function, the page or the route, and fails
when a function that takes who asks, a page or a route is missing here.

What is asked for concerns schools of one region in one initiative. Analyst, manager, reviewer and administrator hold a
grant for this initiative; "another region" and "another country" hold every role there. *Own* is a submission that the
asker made.

**yes**: it is done. –: refused, it lies outside the grants (`not_allowed`). *sign in*: refused, nobody is signed in
(`not_signed_in`). `another word`: refused with this code, or what is seen instead; of a route, its HTTP status.
"""
ENDING = """
## Take an identity and decide nothing

| function | why it asks nothing |
|---|---|
"""


def document() -> str:
    """Return the whole document."""
    rows = every_row()
    text = OPENING.format(cells=len(rows) * len(Asker), rows=len(rows), askers=len(Asker))
    for floor, its_rows in FLOORS.items():
        if its_rows:
            text += f"\n## {floor}\n\n{_table(its_rows)}"
    return text + ENDING + "".join(f"| `{name}` | {UNDECIDED[name]} |\n" for name in sorted(UNDECIDED))


def _table(rows: Iterable[Row]) -> str:
    lines = [f"| what | {' | '.join(Asker)} |", "|---|" + "---|" * len(Asker)]
    for row in rows:
        cells = [SHORT.get(row.cell(asker), f"`{row.cell(asker)}`") for asker in Asker]
        lines.append(f"| `{row.subject}`<br>{row.does} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
