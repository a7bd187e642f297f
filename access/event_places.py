"""Where an event of the audit trail belongs, found from what it is about: so that those who administer there see it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from data_model.people import Account, AuditEvent, Grant
from data_model.places import Area
from data_model.registry import Initiative
from data_model.releases import ReleasedFigure
from data_model.submissions import Submission


class EventPlace(NamedTuple):
    """A country, and an initiative's key where it belongs to that."""

    country: str
    initiative: str = ""


def places_of(session: Session, event: AuditEvent) -> set[EventPlace]:
    """Return where the event belongs: where its details say, else where its subject lies. Empty: to the instance."""
    said = {place for part in _parts(event.details) for place in _said(session, part)}
    if said:
        return said
    if event.subject_type == "submission":
        query = select(Initiative).join(Submission).where(Submission.id == _number(event.subject_key))
        return {EventPlace(one.country, one.key) for one in session.exec(query).all()}
    if event.subject_type == "initiative":
        return {*_of_initiative(session, event.subject_key)}
    if event.subject_type == "release":
        held = select(ReleasedFigure.initiative_key).where(ReleasedFigure.release_id == _number(event.subject_key))
        query = select(Initiative).where(col(Initiative.key).in_(held))
        return {EventPlace(one.country, one.key) for one in session.exec(query).all()}
    return {*_of_account(session, event.subject_key)} if event.subject_type == "account" else set()


def _parts(details: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The details, and what stands in them as before and after."""
    yield details
    for name in ("before", "after"):
        if isinstance(details.get(name), Mapping):
            yield details[name]


def _said(session: Session, part: Mapping[str, Any]) -> Iterator[EventPlace]:
    """The narrowest place that is named."""
    initiative, area, country = (part.get(name) for name in ("initiative", "area", "country"))
    if isinstance(initiative, str) and initiative:
        yield from _of_initiative(session, initiative)
    elif isinstance(area, str) and area:
        yield from map(EventPlace, session.exec(select(Area.country).where(Area.code == area)).all())
    elif isinstance(country, str) and len(country) == 2:
        yield EventPlace(country)


def _of_initiative(session: Session, key: str) -> Iterator[EventPlace]:
    yield from (EventPlace(country, key) for country in session.exec(_country_of(key)).all())


def _country_of(key: str) -> Any:
    return select(Initiative.country).where(Initiative.key == key)


def _of_account(session: Session, email: str) -> Iterator[EventPlace]:
    """Wherever the person holds a grant now. One who holds none anywhere is the instance's."""
    query = (
        select(Grant.country, Area.country, Initiative.country, Initiative.key)
        .join(Account, col(Account.id) == col(Grant.account_id))
        .join(Area, col(Area.id) == col(Grant.area_id), isouter=True)
        .join(Initiative, col(Initiative.id) == col(Grant.initiative_id), isouter=True)
        .where(Account.email == email, col(Grant.revoked_at).is_(None))
    )
    for country, area_country, initiative_country, key in session.exec(query).all():
        lies_in = country or area_country or initiative_country
        if lies_in:
            yield EventPlace(lies_in, key or "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
