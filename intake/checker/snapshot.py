"""What a checker carries of the database: an initiative's rules and schools on a day, and no value that is stored."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlmodel import Session

from access.identity import Identity
from access.permissions import Action, require, schools_not_allowed
from data_model.places import Country
from data_model.registry import Initiative
from intake.register import ALWAYS, NEVER, Register, read_register
from intake.rulebook import Rulebook, read_rulebook


def snapshot(session: Session, initiative: Initiative, *, by: Identity, at: datetime) -> dict[str, Any]:
    """Return what `by` needs to check files for the initiative, as JSON can hold it. Raises NotAllowed.

    The register is the whole country's, as the server matches with it; `outside` names the places in it of the
    schools for which `by` may not submit. Days are ordinals, null where there is none.
    """
    require(session, by, Action.SUBMIT, initiative=initiative, at=at)
    rulebook = read_rulebook(session, initiative, at)
    register = read_register(session, initiative, None)
    outside = schools_not_allowed(session, by, Action.SUBMIT, register.ids.tolist(), initiative=initiative)
    return {
        "made_at": at.astimezone(UTC).isoformat(timespec="minutes"),
        "initiative": initiative.key,
        "name": initiative.name,
        "country": initiative.country,
        "time_zone": session.get_one(Country, initiative.country).time_zone,
        **_rules(rulebook),
        "schools": _schools(register),
        "outside": sorted(register.place_of_id[identity] for identity in outside),
        "school_choices": {
            text: place
            for text, identity in rulebook.school_choices.items()
            if (place := register.place_of_id.get(identity)) is not None
        },
    }


def _rules(rulebook: Rulebook) -> dict[str, Any]:
    return {
        "granularity": str(rulebook.granularity),
        "metrics": [{**asdict(metric), "is_percentage": metric.is_percentage} for metric in rulebook.metrics.values()],
        "aliases": rulebook.aliases,
        "rules": [list(pair) for pair in rulebook.rules],
        "locked": sorted(period.key for period in rulebook.locked),
        "column_choices": rulebook.column_choices,
    }


def _schools(register: Register) -> dict[str, Any]:
    """Return the register by its columns."""

    def days(column: np.ndarray) -> list[int | None]:
        return [None if day in (ALWAYS, NEVER) else day for day in column.tolist()]

    return {
        "codes": register.codes,
        "names": register.names,
        "opened": days(register.opened),
        "closed": days(register.closed),
        "joined": days(register.joined),
        "left": days(register.left),
    }
