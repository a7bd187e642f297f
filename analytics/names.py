"""Names and texts of rows that carry them in several languages: in the current one, else in one that they are in."""

from typing import Any

import sqlalchemy as sa

from access.language import by_preference


def in_current_language(table: Any, stem: str = "name") -> sa.ColumnElement[str]:
    """Return the column `<stem>_<language>` of the table (or alias); where it is empty English, else any other."""
    said = [sa.func.nullif(getattr(table, f"{stem}_{language}"), "") for language in by_preference()]
    return sa.func.coalesce(*said, "").label(stem)
