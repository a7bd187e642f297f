"""What people change about their own account: name, language, password, and where they are signed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from access import audit, sessions
from access.accounts import Attempt, set_password, settle
from access.identity import Identity
from access.language import LANGUAGES, _, current
from access.refusal import AccountRefused, NotAllowed
from data_model.people import Account, SignInSession
from data_model.places import Area, Country
from data_model.registry import Initiative

LONGEST_NAME = 200


@dataclass(frozen=True)
class OpenSession:
    """One place where the person is signed in; `here`: the one that asks."""

    started_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    by_provider: bool
    here: bool


@dataclass(frozen=True)
class HeldRole:
    """One role, and where it holds in the reader's language; empty: everywhere."""

    role: str
    places: tuple[str, ...]


def change_profile(session: Session, who: Identity, *, name: str, language: str, at: datetime) -> None:
    """Let the person be called otherwise and be spoken to in another language.

    Raises NotAllowed, and AccountRefused (`name_too_long`, `language_unknown`).
    """
    account = own(session, who)
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME or not all(map(str.isprintable, name)):
        message = _("The name is too long: it takes {count} characters at most.")
        raise AccountRefused("name_too_long", message.format(count=LONGEST_NAME))
    if language not in LANGUAGES:
        raise AccountRefused("language_unknown", _("There is no language {language}.").format(language=language))
    before, after = {"name": account.name, "language": account.language}, {"name": name, "language": language}
    if before == after:
        return
    account.name, account.language = name, language
    session.flush()
    audit.record(
        session, at=at, who=who, action="profile_changed", subject_type="account", subject_key=account.email,
        details={"before": before, "after": after},
    )  # fmt: skip


def change_password(
    session: Session, who: Identity, attempt: Attempt, password: str, *, at: datetime, here: str | None = None
) -> str | None:
    """Set another password once the old one was right (`attempt`, from `accounts.try_password`); return the new cookie.

    Every other session of the account ends, and the one of the cookie `here` gets another token. A wrong old password
    is counted as one at the door is, so that nobody who sits down at a screen left open can try them all: the caller
    commits. Raises NotAllowed, and AccountRefused (`password_wrong`, `password_too_short`).
    """
    account = own(session, who)
    if settle(session, attempt, at=at) is not account:
        raise AccountRefused(
            "password_wrong",
            _("The present password is another one. After several wrong ones it is not looked at for a while."),
        )
    set_password(session, account, password, at=at, by=who, but=here)
    return sessions.renew(session, here, at=at)


def sign_out_elsewhere(session: Session, who: Identity, *, at: datetime, here: str | None = None) -> int:
    """End every session of the person but the one of this cookie; return how many. Raises NotAllowed."""
    account = own(session, who)
    ended = sessions.end_sessions_of(session, account, at=at, but=here)
    audit.record(
        session, at=at, who=who, action="signed_out_elsewhere", subject_type="account", subject_key=account.email,
        details={"sessions": ended},
    )  # fmt: skip
    return ended


def open_sessions(session: Session, who: Identity, here: str | None, at: datetime) -> list[OpenSession]:
    """Return where the person is signed in, this place first. Raises NotAllowed."""
    account = own(session, who)
    this = sessions.session_of(session, here, at)
    found = [
        OpenSession(one.created_at, one.last_seen_at, one.expires_at, one.provider is not None, _is(one, this))
        for one in sessions.open_sessions(session, account.id or 0, at)
    ]
    return sorted(found, key=lambda one: not one.here)


def held_roles(session: Session, who: Identity) -> list[HeldRole]:
    """Return the person's roles, each once, with the names of the places where they hold. Raises NotAllowed."""
    own(session, who)
    roles = [
        HeldRole(
            grant.role,
            (
                *_named(session.get(Country, grant.country) if grant.country else None),
                *_named(session.get(Area, grant.area_id) if grant.area_id else None),
                *session.exec(select(Initiative.name).where(Initiative.key == grant.initiative_key)).all(),
            ),
        )
        for grant in who.grants
    ]
    # The same may have been given twice: by a person, and by a rule for what the identity provider says.
    return list(dict.fromkeys(roles))


def has_password(session: Session, who: Identity) -> bool:
    """Return whether a password opens the account, and not an identity provider alone. Raises NotAllowed."""
    return bool(own(session, who).password_hash)


def own(session: Session, who: Identity) -> Account:
    """Return the person's account as it stands. Raises NotAllowed (`not_signed_in`)."""
    account = session.get(Account, who.account_id) if who.account_id is not None else None
    if account is None:
        raise NotAllowed("not_signed_in", _("Sign in first."))
    return account


def _is(one: SignInSession, this: SignInSession | None) -> bool:
    return this is not None and one.id == this.id


def _named(place: Country | Area | None) -> tuple[str, ...]:
    """Return a place's name in the reader's language, in English where it has none there."""
    return () if place is None else (getattr(place, f"name_{current()}", "") or place.name_en,)
