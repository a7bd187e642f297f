"""Whose affairs an administrator may see to: nobody makes a way into more than they administer themselves.

A right holds where a grant holds, for people as for initiatives: who administers one country invites people to that
country. A link that opens an account opens all its grants, so it takes administering the place of every one of them.
"""

from sqlmodel import Session, select

from access import permissions
from access.identity import GrantView, Identity, identify
from access.permissions import Action
from access.refusal import NotAllowed
from data_model.people import Account
from data_model.places import Area


def require_to_grant(
    session: Session,
    who: Identity | None,
    *,
    country: str | None = None,
    area: str | None = None,
    initiative: str | None = None,
) -> None:
    """Raise NotAllowed unless `who` may give or take a role with these limits. None is the operator at the server.

    Whoever administers the initiative, else the country that is named or in which the area lies, else everything.
    """
    if who is None:
        return
    if area is not None and initiative is None and country is None:
        country = session.exec(select(Area.country).where(Area.code == area)).one_or_none()
    permissions.require(session, who, Action.ADMINISTER, initiative=initiative, country=country)


def require_over(session: Session, who: Identity | None, account: Account) -> None:
    """Raise NotAllowed unless `who` administers the place of every grant of this account; all, where it has none."""
    for grant in identify(session, account).grants or (None,):
        limits = _limits(grant)
        require_to_grant(session, who, country=limits[0], area=limits[1], initiative=limits[2])


def is_over(session: Session, who: Identity, account: Account) -> bool:
    """Return whether `who` may end this account's sessions, make links for it and close it: for showing the way."""
    try:
        require_over(session, who, account)
    except NotAllowed:
        return False
    return True


def may_grant(session: Session, who: Identity, grant: GrantView) -> bool:
    """Return whether `who` may give or take a role with these limits: for showing the way."""
    country, area, initiative = _limits(grant)
    try:
        require_to_grant(session, who, country=country, area=area, initiative=initiative)
    except NotAllowed:
        return False
    return True


def _limits(grant: GrantView | None) -> tuple[str | None, str | None, str | None]:
    return (grant.country, grant.area_code, grant.initiative_key) if grant else (None, None, None)
