"""People: who has an account, what they may do, and giving and taking that, within what one administers oneself.

Inviting and links to set a password are `access.invitations`. Whatever is changed counts from the person's next
interaction on: who asks is found out anew each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from access import accounts, audit, authority, scopes
from access.identity import GrantView, Identity, identify
from access.language import _, current
from access.permissions import ROLES, Action, Place, may, require
from access.refusal import AccountRefused
from access.sessions import end_sessions_of
from data_model.participation import Enrolment, Requirement
from data_model.people import Account, AuditEvent, Grant, ProviderIdentity, Role, SignInSession
from data_model.places import Area, Country, School
from data_model.registry import Initiative

PAGE = 25


@dataclass(frozen=True)
class Held:
    """A grant of a person, with its number; `own` says whether who asks may take it back."""

    number: int
    view: GrantView
    may_revoke: bool


@dataclass(frozen=True)
class Person:
    """An account as an administrator sees it. `may_change`: whether they administer the place of all its grants."""

    account_id: int
    email: str
    name: str
    grants: tuple[Held, ...]
    last_sign_in: datetime | None
    open_sessions: int
    can_sign_in: bool  # a password is set, or an identity provider answers for them
    disabled_at: datetime | None
    demonstration: bool
    may_change: bool


@dataclass(frozen=True)
class Offered:
    """What a role can be limited to by who asks: countries and areas (code -> name), initiatives; or not at all.

    `likely_place` and `likely_initiative` are what a choice begins with: the first initiative that schools take part
    in, and the first country that has schools; where there is none yet, the first initiative that asks schools for
    something, and its country; else the first of all; None where none is offered.
    """

    everywhere: bool
    places: dict[str, str]
    initiatives: dict[str, str]
    likely_place: str | None
    likely_initiative: str | None


def listing(session: Session, who: Identity, *, search: str = "", page: int = 1) -> tuple[list[Person], int]:
    """Return a page of the people `who` may see, by e-mail address, and how many there are in all.

    An administrator everywhere sees everybody, others whoever holds a grant in a place of theirs. Raises NotAllowed.
    """
    query = select(Account).where(*_seen(session, who))
    if search:
        named = (col(column).icontains(search, autoescape=True) for column in (Account.email, Account.name))
        query = query.where(or_(*named))
    total = session.exec(select(sa.func.count()).select_from(query.subquery())).one()
    found = session.exec(query.order_by(col(Account.email)).offset((page - 1) * PAGE).limit(PAGE)).all()
    return [_person(session, who, account) for account in found], total


def one(session: Session, who: Identity, account_id: int) -> Person:
    """Return one person. Raises NotAllowed, and AccountRefused (`unknown_account`) for whom `who` may not see."""
    query = select(Account).where(Account.id == account_id, *_seen(session, who))
    account = session.exec(query).one_or_none()
    if account is None:
        raise AccountRefused("unknown_account", _("There is no such account, or not in your places."))
    return _person(session, who, account)


def offered(session: Session, who: Identity) -> Offered:
    """Return what `who` may limit a role to. Raises NotAllowed for whoever administers nothing."""
    grants = _administering(session, who)
    countries = [
        country for country in session.exec(select(Country).order_by(col(Country.code))).all()
        if any(scopes.covers_country(grant, country.code) for grant in grants)
    ]  # fmt: skip
    places = {country.code: _called(country) for country in countries}
    areas = select(Area).where(col(Area.country).in_(list(places)), col(Area.level) > 0)
    within = {area.code: _called(area) for area in session.exec(areas.order_by(col(Area.code))).all()}
    undertakings = [
        one for one in session.exec(select(Initiative).order_by(col(Initiative.key))).all()
        if may(session, who, Action.ADMINISTER, initiative=one)
    ]  # fmt: skip
    taken = _taken_part_in(session, [one.key for one in undertakings])
    its_country = next((one.country for one in undertakings if one.key == taken), None)
    likely = (_with_schools(session, list(places)), its_country, next(iter(places | within), None))
    return Offered(
        everywhere=any(map(scopes.is_everywhere, grants)),
        places=places | within,
        initiatives={one.key: one.name for one in undertakings},
        likely_place=next((code for code in likely if code in places or code in within), None),
        likely_initiative=taken,
    )


def grant(
    session: Session, who: Identity, email: str, role: Role | str, place: Place, *, at: datetime, area: str = ""
) -> Grant:
    """Give somebody who has an account a role. Raises NotAllowed, and AccountRefused as `accounts.add_grant` does."""
    limits = {"country": place.country, "area": area or None, "initiative": place.initiative}
    authority.require_to_grant(session, who, **limits)
    account = session.exec(select(Account).where(Account.email == email.strip().lower())).one_or_none()
    if account is None:
        raise AccountRefused("unknown_account", _("There is no account {email}.").format(email=email.strip()))
    same = (role, place.country, area or None, place.initiative)
    if any(
        same == (one.role, one.country, one.area_code, one.initiative_key) for one in identify(session, account).grants
    ):
        raise AccountRefused("grant_exists", _("{email} holds this role there already.").format(email=account.email))
    return accounts.add_grant(session, account, role, at=at, by=who, **limits)


def revoke(session: Session, who: Identity, number: int, *, at: datetime) -> None:
    """Take a grant back. Raises NotAllowed, and AccountRefused (`unknown_grant`, `last_administrator`)."""
    held = session.get(Grant, number)
    if held is None or held.revoked_at is not None:
        raise AccountRefused("unknown_grant", _("This grant is not there any more."))
    view = _view(session, held)
    authority.require_to_grant(session, who, country=view.country, area=view.area_code, initiative=view.initiative_key)
    if view.role is Role.ADMINISTRATOR and scopes.is_everywhere(view):
        _require_another(session, held.account_id)
    accounts.revoke_grant(session, held, at=at, by=who)


def disable(session: Session, who: Identity, account_id: int, *, at: datetime) -> None:
    """Let nobody in by this account any more, and end its sessions. Raises NotAllowed and AccountRefused."""
    account = _to_change(session, who, account_id)
    _require_another(session, account_id)
    accounts.disable_account(session, account, at=at, by=who)
    end_sessions_of(session, account, at=at)


def enable(session: Session, who: Identity, account_id: int, *, at: datetime) -> None:
    """Open a disabled account again. Raises NotAllowed and AccountRefused (`unknown_account`)."""
    account = _to_change(session, who, account_id)
    if account.disabled_at is not None:
        account.disabled_at, account.failed_sign_ins, account.locked_until = None, 0, None
        session.flush()
        audit.record(
            session, at=at, who=who, action="account_enabled", subject_type="account", subject_key=account.email
        )


def end_sessions(session: Session, who: Identity, account_id: int, *, at: datetime) -> int:
    """Sign somebody out everywhere; return how many sessions that were. Raises NotAllowed and AccountRefused."""
    account = _to_change(session, who, account_id)
    ended = end_sessions_of(session, account, at=at)
    audit.record(
        session, at=at, who=who, action="sessions_ended", subject_type="account", subject_key=account.email,
        details={"sessions": ended},
    )  # fmt: skip
    return ended


def _called(place: Country | Area) -> str:
    """Return a place's name in the reader's language, in English where it has none there."""
    return str(getattr(place, f"name_{current()}", "")) or place.name_en


def _with_schools(session: Session, countries: list[str]) -> str | None:
    """Return the first of the countries that has schools."""
    any_there = sa.exists().where(col(School.country) == col(Country.code))
    query = select(Country.code).where(col(Country.code).in_(countries), any_there)
    return session.exec(query.order_by(col(Country.code)).limit(1)).first()


def _taken_part_in(session: Session, keys: list[str]) -> str | None:
    """Return the first of the initiatives that schools take part in, else that asks them for something, else of all."""
    enrolled = sa.exists().where(
        col(Enrolment.initiative_id) == col(Initiative.id), col(Enrolment.superseded_at).is_(None)
    )
    asking = sa.exists().where(col(Requirement.initiative_id) == col(Initiative.id))
    for condition in (enrolled, asking):
        query = select(Initiative.key).where(col(Initiative.key).in_(keys), condition).order_by(col(Initiative.key))
        found = session.exec(query.limit(1)).first()
        if found is not None:
            return found
    return next(iter(keys), None)


def _to_change(session: Session, who: Identity, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        require(session, who, Action.ADMINISTER)
        raise AccountRefused("unknown_account", _("There is no such account, or not in your places."))
    authority.require_over(session, who, account)
    return account


def _require_another(session: Session, account_id: int) -> None:
    """Refuse when nobody else is left who can sign in and administers everything; the grants are locked meanwhile."""
    everywhere = (
        select(Grant)
        .where(Grant.role == Role.ADMINISTRATOR, col(Grant.revoked_at).is_(None))
        .where(col(Grant.country).is_(None), col(Grant.area_id).is_(None), col(Grant.initiative_id).is_(None))
        .with_for_update()
    )
    holders = {held.account_id for held in session.exec(everywhere).all()}
    provided = select(ProviderIdentity.account_id)
    able = select(Account.id).where(
        col(Account.id).in_(holders - {account_id}), col(Account.disabled_at).is_(None),
        or_(Account.password_hash != "", col(Account.id).in_(provided)),
    )  # fmt: skip
    if account_id in holders and session.exec(able).first() is None:
        message = _("This is the last administrator of everything who can sign in. Let somebody else be one first.")
        raise AccountRefused("last_administrator", message)


def _administering(session: Session, who: Identity) -> list[GrantView]:
    grants = scopes.granted(who, ROLES[Action.ADMINISTER])
    if not grants:
        require(session, who, Action.ADMINISTER)
    return [grant for grant in grants if grant.area_id is None]


def _seen(session: Session, who: Identity) -> Iterable[sa.ColumnElement[bool]]:
    """Return the conditions for the accounts that `who` may see."""
    grants = _administering(session, who)
    if any(map(scopes.is_everywhere, grants)):
        return ()
    within: list[sa.ColumnElement[bool]] = [sa.false()]
    for grant in grants:
        if grant.initiative_id is not None:
            within.append(col(Grant.initiative_id) == grant.initiative_id)
        elif grant.country is not None:
            initiatives = select(Initiative.id).where(Initiative.country == grant.country)
            areas = select(Area.id).where(Area.country == grant.country)
            within.append(col(Grant.country) == grant.country)
            within.append(col(Grant.initiative_id).in_(initiatives))
            within.append(col(Grant.area_id).in_(areas))
    holders = select(Grant.account_id).where(col(Grant.revoked_at).is_(None), or_(*within))
    return (col(Account.id).in_(holders),)


def _person(session: Session, who: Identity, account: Account) -> Person:
    assert account.id is not None
    held = select(Grant).where(Grant.account_id == account.id, col(Grant.revoked_at).is_(None)).order_by(col(Grant.id))
    signed_in = select(AuditEvent.at).where(AuditEvent.account_id == account.id, AuditEvent.action == "signed_in")
    provided = select(ProviderIdentity.id).where(ProviderIdentity.account_id == account.id)
    open_ones = select(sa.func.count()).where(
        SignInSession.account_id == account.id, col(SignInSession.ended_at).is_(None)
    )
    return Person(
        account_id=account.id,
        email=account.email,
        name=account.name,
        grants=tuple(_held(session, who, grant) for grant in session.exec(held).all()),
        last_sign_in=session.exec(signed_in.order_by(col(AuditEvent.id).desc()).limit(1)).first(),
        open_sessions=session.exec(open_ones).one(),
        can_sign_in=bool(account.password_hash) or session.exec(provided).first() is not None,
        disabled_at=account.disabled_at,
        demonstration=account.demonstration,
        may_change=authority.is_over(session, who, account),
    )


def _held(session: Session, who: Identity, held: Grant) -> Held:
    view = _view(session, held)
    return Held(held.id or 0, view, authority.may_grant(session, who, view))


def _view(session: Session, held: Grant) -> GrantView:
    area = session.get_one(Area, held.area_id) if held.area_id is not None else None
    initiative = session.get_one(Initiative, held.initiative_id) if held.initiative_id is not None else None
    return GrantView(
        role=Role(held.role),
        country=held.country,
        area_id=held.area_id,
        area_code=area.code if area else None,
        initiative_id=held.initiative_id,
        initiative_key=initiative.key if initiative else None,
    )
