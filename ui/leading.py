"""Which initiatives may be chosen, and which one a choice begins with."""

from collections.abc import Mapping
from typing import Any

from access import permissions
from access.language import _
from access.permissions import Action
from analytics import registry
from ui import filters
from ui.answers import ask_registry, records
from ui.asking import asking
from ui.database import reading


def leading(rows: Mapping[str, Any]) -> str:
    """Return the key of the initiative that most schools are in, of its rows in the registry; of equals the first."""
    return max(rows, key=lambda key: rows[key].schools_enrolled)


def choose(rows: Mapping[str, Any], resets: tuple[str, ...] = ()) -> Any | None:
    """Let choose among initiatives (rows of the registry by key); return the chosen one's row, None of none."""
    if not rows:
        return None
    options = {key: f"{row.country_name}: {row.name}" for key, row in rows.items()}
    return rows[filters.choose("initiative", _("Initiative"), options, leading(rows), resets=resets)]


def open_to(action: Action) -> dict[str, Any]:
    """Return the initiatives with schools in which this person may do so: their rows of the registry by key."""
    who = asking().who
    with reading() as session:
        allowed = {
            one.key
            for one in permissions.visible_initiatives(session, who)
            if permissions.may(session, who, action, initiative=one)
        }
    return {
        row.initiative: row
        for row in records(ask_registry(registry.initiatives))
        if row.initiative in allowed and row.schools_enrolled
    }
