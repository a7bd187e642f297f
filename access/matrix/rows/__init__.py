"""All rows, floor by floor: the tables of the document."""

from access.matrix.rows import access, administration, analytics, intake, pages, publishing, routes
from access.matrix.table import Row

FLOORS: dict[str, tuple[Row, ...]] = {
    "Deciding": access.ROWS,
    "Administration": administration.ROWS,
    "Files on their way in, and back out": intake.ROWS,
    "Questions about live figures": analytics.ROWS,
    "What becomes public": publishing.ROWS,
    "Pages": pages.ROWS,
    "Routes": routes.ROWS,
}
UNDECIDED: dict[str, str] = {
    **access.UNDECIDED, **administration.UNDECIDED, **analytics.UNDECIDED, **intake.UNDECIDED, **publishing.UNDECIDED,
}  # fmt: skip


def every_row() -> list[Row]:
    """Return the rows of all floors."""
    return [row for rows in FLOORS.values() for row in rows]
