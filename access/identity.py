"""Who is asking: an account with its grants as they stand now, or the public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.language import DEFAULT_LANGUAGE, _
from access.refusal import NotAllowed
from data_model.people import Account, Grant, Role
from data_model.places import Area
from data_model.registry import Initiative


@dataclass(frozen=True)
class GrantView:
    """One role of a person and where it holds. Every limit that is named must fit; none named: everywhere."""

    role: Role
    country: str | None = None
    area_id: int | None = None
    area_code: str | None = None
    initiative_id: int | None = None
    initiative_key: str | None = None


@dataclass(frozen=True)
class Identity:
    """Who is asking. Frozen: a changed grant is seen by identifying again, which every interaction does."""

    account_id: int | None
    email: str
    name: str
    grants: tuple[GrantView, ...]
    language: str = DEFAULT_LANGUAGE

    @property
    def signed_in(self) -> bool:
        """Whether this is a person we know, not the public."""
        return self.account_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)


# What a grant is read from, wherever it is joined to its area and its initiative.
GRANT_COLUMNS: tuple[Any, ...] = (
    col(Grant.role), col(Grant.country).label("grant_country"), col(Grant.area_id),
    col(Area.code).label("area_code"), col(Grant.initiative_id), col(Initiative.key).label("initiative_key"),
)  # fmt: skip

PUBLIC = Identity(account_id=None, email="", name="", grants=())


def identify(session: Session, account: Account) -> Identity:
    """Return the person behind an account with the grants that stand now."""
    return person(account, _grants(session, account.id))


def person(account: Any, grants: Iterable[Any]) -> Identity:
    """Return the person of an account (or of a row with its columns) with these grants, rows of GRANT_COLUMNS."""
    return Identity(
        account_id=account.id,
        email=account.email,
        name=account.name or account.email,
        grants=tuple(
            GrantView(
                role=Role(grant.role), country=grant.grant_country, area_id=grant.area_id, area_code=grant.area_code,
                initiative_id=grant.initiative_id, initiative_key=grant.initiative_key,
            )
            for grant in grants
        ),
        language=account.language,
    )  # fmt: skip


def identity_of_email(session: Session, email: str) -> Identity:
    """Return the person with this e-mail address: whose rights apply on the command line.

    Raises NotAllowed (`unknown_account`, `disabled_account`).
    """
    account = session.exec(select(Account).where(Account.email == email.strip().lower())).one_or_none()
    if account is None:
        raise NotAllowed("unknown_account", _("There is no account {email}.").format(email=email))
    if account.disabled_at is not None:
        raise NotAllowed("disabled_account", _("The account {email} is disabled.").format(email=email))
    return identify(session, account)


def identity_of_account(session: Session, account_id: int) -> Identity:
    """Return the person behind this account now: whose rights apply to work they have asked for before.

    Raises NotAllowed (`unknown_account`, `disabled_account`).
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NotAllowed("unknown_account", _("There is no account {email}.").format(email=account_id))
    return identity_of_email(session, account.email)


def _grants(session: Session, account_id: int | None) -> Sequence[Any]:
    query = (
        sa.select(*GRANT_COLUMNS)
        .join(Area, col(Area.id) == col(Grant.area_id), isouter=True)
        .join(Initiative, col(Initiative.id) == col(Grant.initiative_id), isouter=True)
        .where(col(Grant.account_id) == account_id, col(Grant.revoked_at).is_(None))
        .order_by(col(Grant.id))
    )
    return session.connection().execute(query).all()
