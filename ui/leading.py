"""Which initiative a choice begins with."""

from collections.abc import Mapping
from typing import Any


def leading(rows: Mapping[str, Any]) -> str:
    """Return the key of the initiative that most schools are in, of its rows in the registry; of equals the first."""
    return max(rows, key=lambda key: rows[key].schools_enrolled)
