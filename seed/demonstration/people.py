"""The demonstration's people: one account a role, with a password that is shown once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from access import accounts
from access.identity import Identity, identify
from access.language import _
from data_model.people import Account, Role
from seed.demonstration.options import Options

DOMAIN = "demo.example"
NAMES = {
    Role.ANALYST: "Demonstration analyst",
    Role.MANAGER: "Demonstration manager",
    Role.REVIEWER: "Demonstration reviewer",
    Role.ADMINISTRATOR: "Demonstration administrator",
}
PASSWORD_BYTES = 12


@dataclass(frozen=True)
class DemonstrationAccount:
    """An account as it is shown once. Nothing keeps the password but its hash."""

    role: Role
    email: str
    password: str


def add_people(
    session: Session, options: Options, countries: Sequence[str]
) -> tuple[list[DemonstrationAccount], dict[Role, Identity]]:
    """Add one account a role with a grant for each country; return what to show, and who they are."""
    shown, people = [], {}
    for role, name in NAMES.items():
        account = DemonstrationAccount(role, f"{role}@{DOMAIN}", secrets.token_urlsafe(PASSWORD_BYTES))
        row = _account(session, options, account, name)
        for country in countries:
            accounts.add_grant(session, row, role, at=options.prologue, country=country)
        shown.append(account)
        people[role] = identify(session, row)
    return shown, people


def _account(session: Session, options: Options, account: DemonstrationAccount, name: str) -> Account:
    """Return a new account, or the one that an earlier demonstration left behind, opened again."""
    query = select(Account).where(Account.email == account.email, col(Account.demonstration))
    left = session.exec(query.where(col(Account.disabled_at).is_not(None))).one_or_none()
    if left is None:
        return accounts.add_account(
            session, email=account.email, password=account.password, at=options.prologue, name=name, demonstration=True
        )
    left.disabled_at = None
    accounts.set_password(session, left, account.password, at=options.prologue)
    return left


def as_lines(shown: list[DemonstrationAccount]) -> list[str]:
    """Return the accounts as a table for a terminal, under a heading."""
    heading = _("Demonstration accounts. Their passwords are shown this once:")
    width = max(len(account.email) for account in shown)
    return [heading, *(f"  {account.email:{width}}  {account.password}  {account.role}" for account in shown)]
