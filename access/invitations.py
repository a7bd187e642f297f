"""Links by which people set their password: an administrator makes one, sees it once, and hands it on.

A link works once and for a while. It is a random token, of which the table holds the SHA-256 alone, so that who reads
the table cannot use it. A newer link for the same person takes the older one's place.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, select

from access import audit, authority, settings
from access.accounts import add_account, add_grant, checked_password, set_password, withdraw_links
from access.identity import Identity, identify
from access.language import DEFAULT_LANGUAGE, _
from access.refusal import AccountRefused
from data_model.people import Account, LinkPurpose, PasswordLink, Role

PATH = "/account/link/"
TOKEN_BYTES = 32
LASTS = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=24)}


@dataclass(frozen=True)
class Link:
    """A link that was just made. Its token is nowhere else: what is not shown now is never shown."""

    email: str
    purpose: LinkPurpose
    expires_at: datetime
    token: str = field(repr=False)

    @property
    def path(self) -> str:
        """Return the link as a path of this site."""
        return PATH + self.token

    @property
    def address(self) -> str:
        """Return the link as it is sent to somebody."""
        return settings.address() + self.path


def invite(
    session: Session,
    who: Identity | None,
    *,
    email: str,
    role: Role | str,
    at: datetime,
    name: str = "",
    language: str = DEFAULT_LANGUAGE,
    country: str | None = None,
    area: str | None = None,
    initiative: str | None = None,
) -> Link:
    """Make an account with a role, and return the link by which the person sets its password.

    `who` administers where the role holds, or is None: the operator at the server. Raises NotAllowed, and
    AccountRefused as `add_account` and `add_grant` do: who has an account already is given a role, not invited.
    """
    authority.require_to_grant(session, who, country=country, area=area, initiative=initiative)
    account = add_account(session, email=email, password=None, at=at, by=who, name=name, language=language)
    add_grant(session, account, role, at=at, by=who, country=country, area=area, initiative=initiative)
    return _make(session, who, account, LinkPurpose.INVITATION, at)


def make_link(session: Session, who: Identity | None, account: Account, *, at: datetime) -> Link:
    """Return a new link for somebody who lost their password, or never set one: then it is an invitation again.

    Their password and sessions stay as they are until the link is used. `who` administers the place of every grant of
    the account, or is None: the operator. Raises NotAllowed, and AccountRefused (`disabled_account`).
    """
    authority.require_over(session, who, account)
    if account.disabled_at is not None:
        raise AccountRefused("disabled_account", _("The account {email} is disabled.").format(email=account.email))
    purpose = LinkPurpose.RESET if account.password_hash else LinkPurpose.INVITATION
    return _make(session, who, account, purpose, at)


def account_of_link(session: Session, token: str, *, at: datetime) -> Account:
    """Return whose password this link sets at this moment; looking does not use it up.

    Raises AccountRefused (`link_invalid`) for a link that is unknown, used, replaced or too old, all told alike.
    """
    return session.get_one(Account, _standing(session, token, at).account_id)


def use_link(session: Session, token: str, password: str, *, at: datetime) -> Account:
    """Set the password of the link's account, use the link up and end every session of the account.

    Raises AccountRefused (`link_invalid`, `password_too_short`).
    """
    link = _standing(session, token, at)
    account = session.get_one(Account, link.account_id)
    checked_password(password)
    # Used before the others are withdrawn: the table says which of the two ended a link.
    link.used_at = at
    session.flush()
    set_password(session, account, password, at=at, by=identify(session, account))
    return account


def _make(session: Session, who: Identity | None, account: Account, purpose: LinkPurpose, at: datetime) -> Link:
    withdraw_links(session, account, at=at)
    link = Link(account.email, purpose, at + LASTS[purpose], secrets.token_urlsafe(TOKEN_BYTES))
    session.add(
        PasswordLink(
            account_id=account.id or 0,
            purpose=purpose,
            token_sha256=_fingerprint(link.token),
            made_by=who.account_id if who else None,
            made_at=at,
            expires_at=link.expires_at,
        )
    )
    session.flush()
    audit.record(
        session, at=at, who=who, action="link_made", subject_type="account", subject_key=account.email,
        details={"purpose": purpose, "expires_at": link.expires_at.isoformat()},
    )  # fmt: skip
    return link


def _standing(session: Session, token: str, at: datetime) -> PasswordLink:
    """Return the link's row, locked, so that of two who use it at once one comes too late."""
    query = select(PasswordLink).where(PasswordLink.token_sha256 == _fingerprint(token)).with_for_update()
    link = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if link is not None and link.used_at is None and link.withdrawn_at is None and at < link.expires_at:
        account = session.get_one(Account, link.account_id)
        if account.disabled_at is None:
            return link
    raise AccountRefused(
        "link_invalid",
        _("This link was used already, has been replaced by a newer one, or is too old. Ask for another one."),
    )


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
