"""Local accounts: made, granted roles, and told from strangers by their passwords (argon2id, RFC 9106)."""

import threading
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import DEFAULT_LANGUAGE, LANGUAGES, _
from access.refusal import AccountRefused
from access.sessions import end_sessions_of
from data_model.people import Account, Grant, PasswordLink, Role
from data_model.places import Area, Country
from data_model.registry import Initiative

SHORTEST_PASSWORD = 12
LONGEST_EMAIL = 200  # an audit event's subject has room for so many characters
# This many wrong passwords in a row cost nothing; each one more doubles the wait.
FREE_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=30)

_hasher = PasswordHasher()
# A hash takes 64 MB while it is made: a crowd at the door must not fill the machine.
_at_once = threading.BoundedSemaphore(4)


@dataclass(frozen=True)
class Attempt:
    """A password that was held against an account's. `account_id` is None where there is no such account."""

    account_id: int | None
    right: bool
    outdated_hash: bool = False


def add_account(
    session: Session,
    *,
    email: str,
    password: str | None,
    at: datetime,
    by: Identity | None = None,
    name: str = "",
    language: str = DEFAULT_LANGUAGE,
    demonstration: bool = False,
) -> Account:
    """Add a person who may sign in, without any grant yet, and return the account.

    `by` is None for the operator at the server. Without a password nobody signs in by one until a link has set it
    (`access.invitations`). Raises AccountRefused (`email_invalid`, `account_exists`,
    `password_too_short`, `language_unknown`).
    """
    address = checked_email(email)
    if session.exec(select(Account.id).where(Account.email == address)).first() is not None:
        raise AccountRefused("account_exists", _("There is an account {email} already.").format(email=address))
    if language not in LANGUAGES:
        raise AccountRefused("language_unknown", _("There is no language {language}.").format(language=language))
    account = Account(
        email=address,
        name=name,
        password_hash="" if password is None else _hash(checked_password(password)),
        language=language,
        created_at=at,
        demonstration=demonstration,
    )
    session.add(account)
    session.flush()
    _record(session, at, by, "account_added", account, {"demonstration": demonstration})
    return account


def add_grant(
    session: Session,
    account: Account,
    role: Role | str,
    *,
    at: datetime,
    by: Identity | None = None,
    country: str | None = None,
    area: str | None = None,
    initiative: str | None = None,
    rule: str | None = None,
) -> Grant:
    """Give the account a role within a country and area (codes) and initiative (key); none named: everywhere.

    `rule` is what an identity provider's claims give it by (`access.oidc.rules`). Raises AccountRefused
    (`role_unknown`, `country_unknown`, `area_unknown`, `initiative_unknown`, `grant_empty`).
    """
    area_id, initiative_id = _limits(session, country, area, initiative)
    if role not in list(Role):
        raise AccountRefused("role_unknown", _("There is no role {role}.").format(role=role))
    grant = Grant(
        account_id=account.id or 0,
        role=Role(role),
        country=country,
        area_id=area_id,
        initiative_id=initiative_id,
        granted_at=at,
        rule=rule,
    )
    session.add(grant)
    session.flush()
    details = {"grant": grant.id, "role": role, "country": country, "area": area, "initiative": initiative}
    _record(session, at, by, "grant_added", account, {**details, **({"rule": rule} if rule else {})})
    return grant


def revoke_grant(session: Session, grant: Grant, *, at: datetime, by: Identity | None = None) -> None:
    """Take a role back, from the person's next interaction on. A grant revoked before stays as it is."""
    if grant.revoked_at is None:
        grant.revoked_at = at
        session.flush()
        area = session.get(Area, grant.area_id) if grant.area_id else None
        initiative = session.get(Initiative, grant.initiative_id) if grant.initiative_id else None
        limits = {
            "role": grant.role, "country": grant.country, "area": area.code if area else None,
            "initiative": initiative.key if initiative else None,
        }  # fmt: skip
        account = session.get_one(Account, grant.account_id)
        _record(session, at, by, "grant_revoked", account, {"grant": grant.id, "before": limits, "after": None})


def set_password(
    session: Session,
    account: Account,
    password: str,
    *,
    at: datetime,
    by: Identity | None = None,
    but: str | None = None,
) -> None:
    """Give the account another password and end its sessions, but the one of the cookie `but`.

    Links to set a password that were made before open nothing any more. Raises AccountRefused (`password_too_short`).
    """
    account.password_hash = _hash(checked_password(password))
    account.failed_sign_ins, account.locked_until = 0, None
    session.flush()
    end_sessions_of(session, account, at=at, but=but)
    withdraw_links(session, account, at=at)
    _record(session, at, by, "password_set", account, {})


def withdraw_links(session: Session, account: Account, *, at: datetime) -> None:
    """Let no link that was made for this account so far set its password (`access.invitations` makes them)."""
    standing = (col(PasswordLink.used_at).is_(None), col(PasswordLink.withdrawn_at).is_(None))
    session.execute(
        sa.update(PasswordLink).where(col(PasswordLink.account_id) == account.id, *standing).values(withdrawn_at=at)
    )


def disable_account(session: Session, account: Account, *, at: datetime, by: Identity | None = None) -> None:
    """Let nobody in by this account any more, from the next interaction on."""
    if account.disabled_at is None:
        account.disabled_at = at
        session.flush()
        _record(session, at, by, "account_disabled", account, {})


def check_password(session: Session, email: str, password: str, *, at: datetime) -> Account | None:
    """Return the account that this e-mail and password open at this moment, or None, and count the attempt.

    A server does the two halves apart: `try_password` takes its time, `settle` takes the write lock.
    """
    return settle(session, try_password(session, email, password), at=at)


def try_password(session: Session, email: str, password: str) -> Attempt:
    """Hold a password against an account's. Reads only, and takes as long where there is no such account."""
    query = select(Account.id, Account.password_hash).where(Account.email == email.strip().lower())
    account_id, held = session.exec(query).one_or_none() or (None, "")
    nobodys = _nobodys_hash()
    with _at_once:
        try:
            _hasher.verify(held or nobodys, _normal(password))
            right = bool(held)
        except (VerificationError, InvalidHashError):
            right = False
    return Attempt(account_id, right, outdated_hash=right and _hasher.check_needs_rehash(held))


def settle(session: Session, attempt: Attempt, *, at: datetime) -> Account | None:
    """Count the attempt and return the account it opens, or None: wrong, locked for now, disabled and unknown alike.

    Every wrong password after the first few locks the account for twice as long as the one before.
    """
    if attempt.account_id is None:
        return None
    # The row's lock is taken first, so that attempts made side by side are counted one by one.
    query = select(Account).where(Account.id == attempt.account_id).with_for_update()
    account = session.exec(query.execution_options(populate_existing=True)).one()
    if account.disabled_at is not None or (account.locked_until is not None and account.locked_until > at):
        return None
    if attempt.right:
        account.failed_sign_ins, account.locked_until = 0, None
        session.flush()
        return account
    account.failed_sign_ins += 1
    beyond = account.failed_sign_ins - FREE_ATTEMPTS
    if beyond >= 0:
        # The exponent is bounded, for a number of doublings that fits a timedelta.
        account.locked_until = at + min(FIRST_DELAY * 2 ** min(beyond, 16), LONGEST_DELAY)
    session.flush()
    if beyond == 0:
        _record(session, at, None, "account_locked", account, {"failed_sign_ins": account.failed_sign_ins})
    return None


def renew_hash(account: Account, password: str) -> None:
    """Hash the password anew with today's parameters, after a sign-in whose `Attempt` said the hash is outdated."""
    account.password_hash = _hash(_normal(password))


def _limits(
    session: Session, country: str | None, area: str | None, initiative: str | None
) -> tuple[int | None, int | None]:
    """Return the ids of the area and initiative a grant names, checked to exist and to lie in one country."""
    if country is not None and session.get(Country, country) is None:
        raise AccountRefused("country_unknown", _("There is no country {code}.").format(code=country))
    places = {country} if country is not None else set()
    area_id = initiative_id = None
    if area is not None:
        found = session.exec(select(Area).where(Area.code == area)).one_or_none()
        if found is None:
            raise AccountRefused("area_unknown", _("There is no area {code}.").format(code=area))
        area_id = found.id
        places.add(found.country)
    if initiative is not None:
        undertaking = session.exec(select(Initiative).where(Initiative.key == initiative)).one_or_none()
        if undertaking is None:
            raise AccountRefused("initiative_unknown", _("There is no initiative {key}.").format(key=initiative))
        initiative_id = undertaking.id
        places.add(undertaking.country)
    if len(places) > 1:
        raise AccountRefused("grant_empty", _("The country, area and initiative named lie in different countries."))
    return area_id, initiative_id


def checked_email(email: str) -> str:
    """Return the address in the one way in which it is kept. Raises AccountRefused (`email_invalid`)."""
    address = email.strip().lower()
    name, at_sign, domain = address.partition("@")
    if (
        not (name and at_sign and domain)
        or "@" in domain
        or len(address) > LONGEST_EMAIL
        or any(map(str.isspace, address))
    ):
        raise AccountRefused("email_invalid", _("{email} is not an e-mail address.").format(email=email.strip()))
    return address


def checked_password(password: str) -> str:
    """Return the password as it is hashed. Raises AccountRefused (`password_too_short`)."""
    if len(_normal(password)) < SHORTEST_PASSWORD:
        message = _("The password is too short: it takes {count} characters or more.")
        raise AccountRefused("password_too_short", message.format(count=SHORTEST_PASSWORD))
    return _normal(password)


def _normal(password: str) -> str:
    """Return the password in the one form that every keyboard's way of writing an accent ends in (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    with _at_once:
        return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """Return a hash that takes as long to verify as anybody's, for e-mails that nobody has."""
    return _hasher.hash("there is no such account")


def _record(
    session: Session, at: datetime, by: Identity | None, action: str, account: Account, details: dict[str, object]
) -> None:
    audit.record(
        session, at=at, who=by, action=action, subject_type="account", subject_key=account.email, details=details
    )
