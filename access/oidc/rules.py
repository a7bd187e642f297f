"""Which roles a provider's claims give: rules that whoever runs the server writes, looked at on every sign-in.

A rule reads `claim value -> role [country=KZ] [area=KZ-75] [initiative=kz-chatgpt-edu]`; several are separated by `;`
or line ends. Grants made by a rule carry it, and go when the rule no longer gives them. What a person gave stays.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from access.accounts import add_grant, revoke_grant
from access.refusal import AccountRefused
from access.settings import SettingRefused
from data_model.people import Account, Grant, Role

LIMITS = ("country", "area", "initiative")
LONGEST_RULE = 300


@dataclass(frozen=True)
class Rule:
    """Who has this value among their claims holds this role, within these limits."""

    value: str
    role: Role
    country: str | None = None
    area: str | None = None
    initiative: str | None = None

    @property
    def text(self) -> str:
        """Return the rule in the one way in which a grant carries it."""
        named = ((limit, getattr(self, limit)) for limit in LIMITS)
        limits = "".join(f" {limit}={code}" for limit, code in named if code is not None)
        return f"{self.value} -> {self.role}{limits}"


def parse(setting: str, written: str) -> tuple[Rule, ...]:
    """Return the rules that a setting holds. Raises SettingRefused naming the one that is none."""
    lines = (line.strip() for line in re.split(r"[;\n]", written))
    return tuple(dict.fromkeys(_rule(setting, line) for line in lines if line))


def values_of(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """Return what a claim holds, as texts. `realm_access.roles` reaches into a claim where none has that whole name."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    return frozenset(value for value in found if isinstance(value, str)) if isinstance(found, list) else frozenset()


def follow(
    session: Session, account: Account, rules: Iterable[Rule], values: frozenset[str], *, at: datetime
) -> list[str]:
    """Let the account hold what the rules give for these values, and nothing a rule gave before and gives no more.

    Returns the texts of rules that could not be followed, since what they name is not in the registry.
    """
    given = {rule.text: rule for rule in rules if rule.value in values}
    query = select(Grant).where(
        Grant.account_id == account.id, col(Grant.rule).is_not(None), col(Grant.revoked_at).is_(None)
    )
    held = set()
    for grant in session.exec(query).all():
        if grant.rule in given and grant.rule not in held:
            held.add(grant.rule)
        else:
            revoke_grant(session, grant, at=at)
    failed = []
    for text, rule in given.items():
        if text not in held:
            try:
                add_grant(
                    session, account, rule.role,
                    at=at, country=rule.country, area=rule.area, initiative=rule.initiative, rule=text,
                )  # fmt: skip
            except AccountRefused:
                failed.append(text)
    return failed


def _rule(setting: str, line: str) -> Rule:
    value, arrow, grant = (part.strip() for part in line.rpartition("->"))
    role, *limits = grant.split() or [""]
    pairs = [limit.partition("=") for limit in limits]
    if not (arrow and value and role in list(Role)):
        raise SettingRefused(f"{setting}: {line!r} is no rule: write `claim value -> role country=KZ`")
    named = {name: code for name, _equals, code in pairs}
    if len(named) < len(pairs) or not all(name in LIMITS and code for name, code in named.items()):
        raise SettingRefused(f"{setting}: {line!r} may name country=, area= and initiative=, each once, and no more")
    rule = Rule(value, Role(role), **named)
    if len(rule.text) > LONGEST_RULE:
        raise SettingRefused(f"{setting}: {line[:40]!r}... is longer than {LONGEST_RULE} characters")
    return rule
