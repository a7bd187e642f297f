"""Names and texts of rows that carry them in every language: the current one, English where it is empty."""

from typing import Any

import sqlalchemy as sa

from access.language import DEFAULT_LANGUAGE, current


def in_current_language(table: Any, stem: str = "name") -> sa.ColumnElement[str]:
    """Return the column `<stem>_<language>` of the table (or alias), or its English one where that is empty."""
    english = getattr(table, f"{stem}_{DEFAULT_LANGUAGE}")
    wanted = getattr(table, f"{stem}_{current()}", english)
    return sa.func.coalesce(sa.func.nullif(wanted, ""), english).label(stem)
