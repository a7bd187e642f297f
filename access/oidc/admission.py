"""Whose account it is that the provider speaks of, and whether they are let in.

A person is known by the provider's `sub`, which it never gives to somebody else. The first time, their account is found
by an e-mail address that the provider has verified and may speak for, and joined to that `sub`. An account that is
joined is opened by no other `sub`: an address that went to a new colleague brings nobody into the old one's account.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import audit
from access.accounts import add_account, checked_email
from access.language import DEFAULT_LANGUAGE, LANGUAGES
from access.oidc import rules
from access.oidc.settings import Provider
from access.refusal import AccountRefused
from data_model.people import Account, ProviderIdentity, UsedSignInState

LONGEST_NAME = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Admission:
    """The account that is opened, or the word for why none is (`access.oidc.refusal.REASONS`)."""

    account: Account | None
    reason: str = ""


def admit(session: Session, provider: Provider, claims: Mapping[str, Any], *, at: datetime) -> Admission:
    """Return whether the person is let in, with the roles that the rules give them now.

    A refusal is recorded too, so the caller commits either way.
    """
    subject = claims["sub"]
    known = select(ProviderIdentity).where(
        ProviderIdentity.issuer == provider.issuer, ProviderIdentity.subject == subject
    )
    identity = session.exec(known).one_or_none()
    if identity is not None:
        found = Admission(session.get_one(Account, identity.account_id))
    else:
        found = _first_time(session, provider, claims, subject, at)
    if found.account is not None and found.account.disabled_at is not None:
        found = Admission(found.account, "provider_disabled")
    if found.reason or found.account is None:
        _record_refusal(session, provider, found, at)
        return Admission(None, found.reason)
    values = rules.values_of(claims, provider.roles_claim)
    for text in rules.follow(session, found.account, provider.rules, values, at=at):
        _log.warning("a rule of the identity provider names what is not in the registry: %r", text)
    return found


def use_up(session: Session, state: str, *, at: datetime, lasts: timedelta) -> bool:
    """Note that this way to the provider and back was gone. Returns False when it was gone before."""
    fingerprint = hashlib.sha256(state.encode()).hexdigest()
    session.execute(sa.delete(UsedSignInState).where(col(UsedSignInState.expires_at) < at))
    if session.exec(select(UsedSignInState.id).where(UsedSignInState.state_sha256 == fingerprint)).first() is not None:
        return False
    session.add(UsedSignInState(state_sha256=fingerprint, expires_at=at + lasts))
    session.flush()
    return True


def _first_time(
    session: Session, provider: Provider, claims: Mapping[str, Any], subject: str, at: datetime
) -> Admission:
    """Find or make the account of somebody whom the provider names for the first time, and join it to its `sub`."""
    email = _verified_email(provider, claims)
    if email is None:
        return Admission(None, "provider_email")
    account = session.exec(select(Account).where(Account.email == email).with_for_update()).one_or_none()
    if account is None:
        if not provider.new_accounts:
            return Admission(None, "provider_unknown")
        account = _new_account(session, claims, email, at)
    elif account.disabled_at is not None:
        return Admission(account, "provider_disabled")
    elif _is_joined(session, provider, account):
        return Admission(account, "provider_other_person")
    session.add(ProviderIdentity(account_id=account.id or 0, issuer=provider.issuer, subject=subject, joined_at=at))
    session.flush()
    audit.record(
        session, at=at, who=None, action="provider_joined", subject_type="account", subject_key=account.email,
        details={"provider": provider.issuer},
    )  # fmt: skip
    return Admission(account)


def _verified_email(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    """Return the address, if the provider has verified it and is believed about its domain."""
    email, verified = claims.get("email"), claims.get(provider.verified_claim)
    # Some providers write the truth as a text or a number.
    if not isinstance(email, str) or verified not in (True, "true", "True", "1"):
        return None
    try:
        address = checked_email(email)
    except AccountRefused:
        return None
    return address if provider.speaks_for(address) else None


def _new_account(session: Session, claims: Mapping[str, Any], email: str, at: datetime) -> Account:
    name, locale = claims.get("name"), claims.get("locale")
    language = locale[:2].lower() if isinstance(locale, str) else ""
    return add_account(
        session,
        email=email,
        password=None,
        at=at,
        name=name.strip()[:LONGEST_NAME] if isinstance(name, str) else "",
        language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
    )


def _is_joined(session: Session, provider: Provider, account: Account) -> bool:
    query = select(ProviderIdentity.id).where(
        ProviderIdentity.issuer == provider.issuer, ProviderIdentity.account_id == account.id
    )
    return session.exec(query).first() is not None


def _record_refusal(session: Session, provider: Provider, found: Admission, at: datetime) -> None:
    """Record who was not let in. Of somebody who has no account here nothing is kept but that it happened."""
    subject = ("account", found.account.email) if found.account else ("provider", provider.issuer[:200])
    audit.record(
        session, at=at, who=None, action="provider_sign_in_refused", subject_type=subject[0], subject_key=subject[1],
        details={"provider": provider.issuer, "reason": found.reason},
    )  # fmt: skip
