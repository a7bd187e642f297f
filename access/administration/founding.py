"""Founding an initiative: itself, its source, who leads it, what its schools report and what was announced, in one go.

All of it or nothing: every part is added as it would be alone, by the same rules and with an event of its own.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, select

from access.administration import history, rows
from access.administration.description import NO, YES, Invalid, Problem, Table, Written
from access.administration.registry_tables import CLAIMS, INITIATIVES, ORGANISATIONS, PARTICIPATIONS, SOURCES
from access.administration.reporting_tables import REQUIREMENTS
from access.identity import Identity
from data_model.registry import Claim, Initiative

LONGEST_SUGGESTION = 40
# The parts of the form, by which a problem's column begins.
INITIATIVE, SOURCE, LEAD, CLAIM = "initiative", "source", "lead", "claim"


@dataclass(frozen=True)
class Founding:
    """What is founded. A source or leading organisation that is not in the registry yet is written in full."""

    initiative: Written
    new_source: Written | None = None
    lead: str = ""  # the key of an organisation
    new_lead: Written | None = None
    metrics: Mapping[str, bool] = field(default_factory=dict)  # key -> must be reported
    claims: Sequence[Written] = ()  # without initiative, key and source, which follow


def found(session: Session, founding: Founding, *, who: Identity, at: datetime) -> Initiative:
    """Add everything and return the initiative. Raises Invalid with the problems of all parts, by part and column."""
    problems: list[Problem] = []

    def add(part: str, table: Table, values: Mapping[str, str], beside: Sequence[str] = ()) -> object:
        """Add one part, or note its problems but for those that follow from another part's."""
        try:
            return rows.create(session, table, values, who=who, at=at)
        except Invalid as invalid:
            problems.extend(
                Problem(f"{part}.{one.column}", one.message) for one in invalid.problems if one.column not in beside
            )
            return None

    source = founding.initiative.get("source", "")
    if founding.new_source is not None:
        source = founding.new_source.get("key", "")
        add(SOURCE, SOURCES, founding.new_source)
    lead = founding.lead
    if founding.new_lead is not None:
        lead = founding.new_lead.get("key", "")
        add(LEAD, ORGANISATIONS, founding.new_lead)
    unclear = ["source"] if problems else []
    key = founding.initiative.get("key", "")
    made = add(INITIATIVE, INITIATIVES, {**founding.initiative, "source": source}, unclear)
    of_it = {"initiative": key, "source": source}
    follows = ["initiative", "source", "organisation"] if problems else []
    if lead:
        add(LEAD, PARTICIPATIONS, {**of_it, "organisation": lead, "role": "lead"}, follows)
    for metric, required in founding.metrics.items():
        add("metrics", REQUIREMENTS, {**of_it, "metric": metric, "required": YES if required else NO}, follows)
    for number, claim in enumerate(founding.claims):
        claim_key = _claim_key(session, key, claim.get("figure", ""))
        add(f"{CLAIM}-{number}", CLAIMS, {**claim, **of_it, "key": claim_key}, [*follows, "key"] if problems else [])
    if problems or not isinstance(made, Initiative):
        raise Invalid(problems)
    return made


def suggested_key(country: str, name: str) -> str:
    """Return a key for an initiative of this name: kz-ai-sana. Letters that are not Latin are left out."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    text = "-".join([country.lower(), *words])[:LONGEST_SUGGESTION]
    return text.rsplit("-", 1)[0] if len(text) == LONGEST_SUGGESTION and "-" in text else text.strip("-")


def _claim_key(session: Session, initiative: str, figure: str) -> str:
    """Return a key that no claim has: the initiative and what is counted, numbered from the second on."""
    plain = f"{initiative}-{figure.replace('_', '-')}".strip("-")
    taken = set(session.exec(select(Claim.key)).all())
    taken |= {before["key"] for _identity, before in history.removed(session, CLAIMS)}
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (plain, *numbered) if key not in taken)
