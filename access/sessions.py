"""Sign-in sessions: kept on the server, so that signing out, expiry and a changed grant take effect at once.

The browser holds a random token, signed; the table holds the token's SHA-256 alone, so that who reads the table
cannot sign in with it.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from itsdangerous import BadSignature, Signer
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from access import audit, settings
from access.identity import GRANT_COLUMNS, PUBLIC, Identity, identify, person
from access.secret import signing_secret
from data_model.engine import BUSY_TIMEOUT_SECONDS, IMMEDIATE, open_session
from data_model.people import Account, Grant, SignInSession
from data_model.places import Area
from data_model.registry import Initiative

COOKIE = "uptake_session"
TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)
KEPT_AFTER_EXPIRY = timedelta(days=30)

_log = logging.getLogger(__name__)


def start_session(
    session: Session, account: Account, *, at: datetime, replaces: str | None = None, provider: str | None = None
) -> str:
    """Begin a session and return its cookie's value. The one whose cookie the browser brought (`replaces`) ends.

    `provider` is the issuer that answered for the person, where no password did. A token from before the sign-in is
    never taken over: who planted it would be signed in too (session fixation).
    """
    if replaces is not None:
        end_session(session, replaces, at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.execute(sa.delete(SignInSession).where(col(SignInSession.expires_at) < at - KEPT_AFTER_EXPIRY))
    session.add(
        SignInSession(
            token_sha256=_fingerprint(token),
            account_id=account.id or 0,
            created_at=at,
            last_seen_at=at,
            expires_at=at + settings.session_lifetime(),
            provider=provider,
        )
    )
    session.flush()
    _record(session, at, account, "signed_in", {"provider": provider} if provider else {})
    return _signed(session, token)


@dataclass(frozen=True)
class Standing:
    """Who a cookie is of, and until when that holds by the clock alone: what is written meanwhile may end it before."""

    who: Identity
    until: datetime


def account_for(session: Session, cookie_value: str | None, at: datetime) -> Identity:
    """Return who brought this cookie, with the grants that stand now; PUBLIC for no, an ended or an expired session.

    Ask on every interaction. Notes at most once a minute that the session was seen, apart from the caller's
    transaction and without ever waiting or failing.
    """
    return standing_for(session, cookie_value, at).who


def standing_for(session: Session, cookie_value: str | None, at: datetime) -> Standing:
    """Return the same, and until when it need not be asked again where nothing at all is written to the database."""
    token = _token(session, cookie_value)
    if token is None:
        return Standing(PUBLIC, at)
    rows = session.connection().execute(_standing_query(), {"token": _fingerprint(token)}).all()
    if not rows or not _stands(rows[0], at) or rows[0].disabled_at is not None:
        return Standing(PUBLIC, at)
    held = rows[0]
    if at - held.last_seen_at >= SEEN_EVERY:
        _note_seen(session.get_bind().engine, held.session_id, at)
    who = person(held, [grant for grant in rows if grant.role is not None])
    # After a minute it has to be noted that the session was seen.
    idle = held.last_seen_at + min(SEEN_EVERY, settings.session_idle_time())
    return Standing(who, min(held.expires_at, idle))


def end_session(session: Session, cookie_value: str | None, *, at: datetime) -> None:
    """End the session of this cookie, in every window that shows it. One that is over already stays as it is."""
    held = _held(session, cookie_value, at)
    if held is not None:
        held.ended_at = at
        session.flush()
        _record(session, at, session.get_one(Account, held.account_id), "signed_out")


def end_sessions_of(session: Session, account: Account, *, at: datetime, but: str | None = None) -> int:
    """End every session of an account, as when its password changed, but the one of a cookie's value.

    Returns how many there were.
    """
    open_ones = [col(SignInSession.account_id) == account.id, col(SignInSession.ended_at).is_(None)]
    kept = _held(session, but, at)
    if kept is not None:
        open_ones.append(col(SignInSession.id) != kept.id)
    ended = session.execute(sa.update(SignInSession).where(*open_ones).values(ended_at=at))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def open_sessions(session: Session, account_id: int, at: datetime) -> list[SignInSession]:
    """Return where an account is signed in at this moment, the one seen last first."""
    query = select(SignInSession).where(
        SignInSession.account_id == account_id,
        col(SignInSession.ended_at).is_(None),
        col(SignInSession.expires_at) > at,
        col(SignInSession.last_seen_at) > at - settings.session_idle_time(),
    )
    return list(session.exec(query.order_by(col(SignInSession.last_seen_at).desc())).all())


def session_of(session: Session, cookie_value: str | None, at: datetime) -> SignInSession | None:
    """Return the session this cookie is for, if it stands at this moment."""
    return _held(session, cookie_value, at)


def renew(session: Session, cookie_value: str | None, *, at: datetime) -> str | None:
    """Give the session of this cookie another token and return the cookie's new value; the old one opens nothing.

    Whoever holds a copy of a token does not rise with a person who is given another role or changes their password.
    """
    held = _held(session, cookie_value, at)
    if held is None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.execute(_with_token(held, token, at))
    session.expire(held)
    return _signed(session, token)


def renew_when_due(engine: Engine, cookie_value: str | None, at: datetime) -> str | None:
    """Renew the session of this cookie when a grant of its person was given or taken since it got its token.

    Never waits, and returns None when it would have to: the next page does it.
    """
    with open_session(engine) as session:
        held = _held(session, cookie_value, at)
        if held is None or not _is_due(session, held):
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        change, fresh = _with_token(held, token, at), _signed(session, token)
    return fresh if _at_once(engine, change) else None


def _is_due(session: Session, held: SignInSession) -> bool:
    since = held.renewed_at or held.created_at
    changed = sa.or_(col(Grant.granted_at) > since, col(Grant.revoked_at) > since)
    return session.exec(select(Grant.id).where(Grant.account_id == held.account_id, changed)).first() is not None


def _with_token(held: SignInSession, token: str, at: datetime) -> sa.Update:
    """Return the change to another token, which is done only while the session still has the one it was read with."""
    return (
        sa.update(SignInSession)
        .where(col(SignInSession.id) == held.id, col(SignInSession.token_sha256) == held.token_sha256)
        .values(token_sha256=_fingerprint(token), renewed_at=at)
    )


def _held(session: Session, cookie_value: str | None, at: datetime) -> SignInSession | None:
    """Return the session this cookie is for, if it stands at this moment."""
    token = _token(session, cookie_value)
    if token is None:
        return None
    query = select(SignInSession).where(SignInSession.token_sha256 == _fingerprint(token))
    held = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    return held if held is not None and _stands(held, at) else None


def _stands(held: Any, at: datetime) -> bool:
    """Return whether a session (a row with its moments) is neither ended nor expired nor idle for too long."""
    if held.ended_at is not None or held.expires_at <= at:
        return False
    return bool(held.last_seen_at + settings.session_idle_time() > at)


@lru_cache
def _standing_query() -> sa.Select[Any]:
    """Return the query for a session, its account and the grants that stand, a row for each (one without any).

    Every run of a page asks it: it is built once, and is one question instead of three.
    """
    return (
        sa.select(
            col(SignInSession.id).label("session_id"), col(SignInSession.ended_at), col(SignInSession.expires_at),
            col(SignInSession.last_seen_at), col(Account.id), col(Account.email), col(Account.name),
            col(Account.language), col(Account.disabled_at), *GRANT_COLUMNS,
        )
        .join(Account, col(Account.id) == col(SignInSession.account_id))
        .join(Grant, sa.and_(col(Grant.account_id) == col(Account.id), col(Grant.revoked_at).is_(None)), isouter=True)
        .join(Area, col(Area.id) == col(Grant.area_id), isouter=True)
        .join(Initiative, col(Initiative.id) == col(Grant.initiative_id), isouter=True)
        .where(col(SignInSession.token_sha256) == sa.bindparam("token"))
        .order_by(col(Grant.id))
    )  # fmt: skip


def _token(session: Session, cookie_value: str | None) -> str | None:
    """Return the token of a cookie that this server signed. Anything else costs no question to the database."""
    if not cookie_value:
        return None
    try:
        return _signer(session).unsign(cookie_value).decode("ascii")
    except (BadSignature, UnicodeError):
        return None


def _signed(session: Session, token: str) -> str:
    return _signer(session).sign(token).decode("ascii")


def _signer(session: Session) -> Signer:
    secret = signing_secret(session.get_bind().engine.url)
    return Signer(secret, salt="uptake.sign-in-session", digest_method=hashlib.sha256)


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def _note_seen(engine: Engine, session_id: int | None, at: datetime) -> None:
    """Note when the session was last seen, in a transaction of its own that gives up at once when it would wait."""
    seen = sa.update(SignInSession).where(col(SignInSession.id) == session_id, col(SignInSession.last_seen_at) < at)
    _at_once(engine, seen.values(last_seen_at=at))


def _at_once(engine: Engine, change: sa.Update) -> bool:
    """Change one row in a transaction of its own, and return whether it was; give up when that would mean waiting."""
    patient, hurried = _waiting(engine)
    try:
        with engine.execution_options(**{IMMEDIATE: False}).connect() as connection:
            connection.exec_driver_sql(hurried)
            try:
                changed = connection.execute(change).rowcount
                connection.commit()
            finally:
                connection.rollback()
                if patient:
                    connection.exec_driver_sql(patient)
    except OperationalError as busy:
        # Somebody writes for longer than a page may wait: the next interaction does it.
        _log.debug("session not changed: %s", busy)
        return False
    return bool(changed)


def _waiting(engine: Engine) -> tuple[str, str]:
    """Return the statements that make a connection patient again (empty: its transaction's end does) and hurried."""
    if engine.dialect.name == "sqlite":
        return f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}", "PRAGMA busy_timeout = 0"
    return "", "SET LOCAL lock_timeout = '100ms'"


def _record(
    session: Session, at: datetime, account: Account, action: str, details: dict[str, str] | None = None
) -> None:
    who = identify(session, account)
    audit.record(
        session, at=at, who=who, action=action, subject_type="account", subject_key=account.email, details=details
    )
