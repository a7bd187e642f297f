"""The activity file: an `iati-activity` for each initiative, its elements in the order of the standard's schema.

Figures are a release's, and only those it shows; what was announced and paid is the registry's of the moment of the
release, with which the file is kept: it gives back the same bytes whatever is changed after it. An activity with
invented figures, targets or payments says so in its title. The file of a release without any holds no invented one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from lxml import etree
from sqlmodel import Session, col, select

from access import instance_settings
from access.instance_settings import Instance
from access.language import DEFAULT_LANGUAGE, _, in_language
from access.refusal import Refusal
from analytics import registry
from data_model.registry import InitiativeStatus, OrganisationKind, ParticipationRole
from data_model.releases import Release, ReleasedTable
from publishing.described import kept
from publishing.iati import codes, results
from publishing.iati.elements import LANGUAGE, Element, add, number, told
from publishing.open_data import OpenRelease, Row, open_release, read_figures

VERSION = "2.03"
# Under which name the file is kept among the tables of a release.
KEPT = "iati"
# The reporting organisation until an administrator writes down its identifier.
UNREGISTERED = "XI-UPTAKE-UNREGISTERED"
DEMONSTRATION = "[DEMONSTRATION] "
INVENTED = "Demonstration: figures, targets and payments marked so are invented; nobody measured or paid them."
STARTED = (InitiativeStatus.ACTIVE, InitiativeStatus.COMPLETED, InitiativeStatus.SUSPENDED, InitiativeStatus.CHANGED)


@dataclass(frozen=True)
class ActivityFile:
    """The file, its release, which initiatives are in it, and which not because no date of theirs is known (keys)."""

    content: bytes
    release: int
    activities: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class _Reported:
    """By whom the activities are reported, and from which release."""

    instance: Instance
    organisation: str
    release: OpenRelease
    figures: dict[str, list[Row]]
    measures: list[Row]


def keep(session: Session, release: Release) -> None:
    """Keep the file with a release. The caller commits."""
    made = _made(session, release.id or 0, release.released_at)
    row = {"content": made.content.decode(), "activities": made.activities, "left_out": made.left_out}
    session.add(ReleasedTable(release_id=release.id or 0, name=KEPT, language=DEFAULT_LANGUAGE, rows=[row]))
    session.flush()


def keep_missing(session: Session) -> int:
    """Keep it for releases made before it was kept; return for how many. Those say what is known now."""
    held = sa.exists().where(col(ReleasedTable.release_id) == col(Release.id), col(ReleasedTable.name) == KEPT)
    query = select(Release).where(~held, col(Release.withdrawn_at).is_(None)).order_by(col(Release.id))
    bare = session.exec(query).all()
    for release in bare:
        keep(session, release)
    return len(bare)


def activity_file(session: Session, number_of_release: int | None, at: datetime) -> ActivityFile:
    """Return the initiatives of the registry with what a release (the newest without a number) says of them.

    In English, as it was kept with the release; of one made before it was kept, as it is known `at` this moment.
    Raises NoSuchRelease, and Refusal (`no_activities`).
    """
    with in_language(DEFAULT_LANGUAGE):
        release = open_release(session, number_of_release)
        if held := kept(session, release.number, KEPT):
            (row,) = held
            content, told_of, left_out = (row[name] for name in ("content", "activities", "left_out"))
            made = ActivityFile(content.encode(), release.number, tuple(told_of), tuple(left_out))
        else:
            made = _made(session, release.number, at)
    if not made.activities:
        message = _("No initiative has a date that a source tells: an activity file needs one.")
        raise Refusal("no_activities", message)
    return made


def _made(session: Session, number_of_release: int, at: datetime) -> ActivityFile:
    """Return the file as the registry stands; where no initiative can be told of, one that tells of none."""
    with in_language(DEFAULT_LANGUAGE):
        release = open_release(session, number_of_release)
        figures: dict[str, list[Row]] = {}
        for row in read_figures(session, release):
            figures.setdefault(row["initiative"], []).append(row)
        organisation = instance_settings.values(session)["iati_organisation"] or UNREGISTERED
        told_of = _Reported(
            instance_settings.instance(session), organisation, release, figures,
            kept(session, release.number, "measures"),
        )  # fmt: skip
        root = etree.Element(
            "iati-activities", {"version": VERSION, "generated-datetime": at.isoformat(timespec="seconds")}
        )
        written, left_out = [], []
        for one in registry.initiatives(session).to_dict("records"):
            known = {str(name): value for name, value in one.items()}
            if _days(known):
                _activity(session, root, known, told_of)
                written.append(str(known["initiative"]))
            else:
                left_out.append(str(known["initiative"]))
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return ActivityFile(content, release.number, tuple(written), tuple(left_out))


def _activity(session: Session, root: Element, row: dict[str, Any], by: _Reported) -> None:
    key = str(row["initiative"])
    payments = _real(registry.payments(session, initiative_key=key), by)
    targets = _real(registry.targets(session, key, by.release.as_of), by)
    figures = by.figures.get(key, [])
    invented = any(figure["demonstration"] for figure in figures) or any(
        bool(frame["demonstration"].any()) for frame in (payments, targets) if len(frame)
    )
    made = add(root, "iati-activity", last_updated_datetime=by.release.released_at.isoformat(timespec="seconds"),
               humanitarian="0", hierarchy="1")  # fmt: skip
    made.set(LANGUAGE, DEFAULT_LANGUAGE)
    add(made, "iati-identifier", f"{by.organisation}-{key}")
    told(made, "reporting-org", by.instance.operator or by.instance.name, ref=by.organisation, type=codes.GOVERNMENT)
    told(made, "title", (DEMONSTRATION if invented else "") + str(row["name"]))
    told(made, "description", str(row["summary"]) or str(row["name"]), type=codes.GENERAL)
    if invented:
        told(made, "description", INVENTED, type=codes.OTHER_DESCRIPTION)
    _participants(made, registry.participations(session, key), by)
    add(made, "activity-status", code=codes.STATUSES[row["status"]])
    for kind, day, said in _days(row):
        told(made, "activity-date", said, type=kind, iso_date=day.isoformat())
    _contact(made, by.instance)
    add(made, "activity-scope", code=codes.NATIONAL)
    add(made, "recipient-country", code=str(row["country"]))
    add(made, "sector", vocabulary=codes.DAC, code=codes.SECTORS[row["kind"]])
    for one in payments.itertuples(index=False):
        _transaction(made, one)
    if row["url"]:
        link = add(made, "document-link", url=str(row["url"]), format="text/html")
        told(link, "title", str(row["source_title"]))
        add(link, "category", code=codes.PURPOSE)
    results.add_results(made, figures, by.measures, targets)


def _real(frame: pd.DataFrame, by: _Reported) -> pd.DataFrame:
    """Return the rows that may stand in this file: invented ones beside nothing that is real."""
    return frame if by.release.demonstration or frame.empty else frame[~frame["demonstration"].astype(bool)]


def _participants(made: Element, frame: pd.DataFrame, by: _Reported) -> None:
    """Add who takes part; whoever reports is accountable where no source names anybody."""
    for one in frame.itertuples(index=False):
        kind = codes.ORGANISATIONS[OrganisationKind(str(one.organisation_kind))]
        told(
            made,
            "participating-org",
            str(one.organisation),
            type=kind,
            role=codes.ROLES[ParticipationRole(str(one.role))],
        )
    if frame.empty:
        name = by.instance.operator or by.instance.name
        told(made, "participating-org", name, ref=by.organisation, type=codes.GOVERNMENT, role=codes.ACCOUNTABLE)


def _days(row: dict[str, Any]) -> list[tuple[str, date, str]]:
    """Return the activity's dates: type, day, and as what it was stated: the standard knows no month without a day."""
    begun, over = row["status"] in STARTED, row["status"] == InitiativeStatus.COMPLETED
    found = []
    for kind, name, stated in (
        (codes.ACTUAL_START if begun else codes.PLANNED_START, "starts_on", "Start"),
        (codes.ACTUAL_END if over else codes.PLANNED_END, "ends_on", "End"),
    ):
        if row[name]:
            found.append((kind, first_day(row[name]), f"{stated}, as stated: {row[name]}"))
    if not row["starts_on"] and row["announced_on"]:
        said = f"Announced: {row['announced_on']}. When it starts or started is not known."
        found.insert(0, (codes.PLANNED_START, first_day(row["announced_on"]), said))
    return found


def first_day(written: str) -> date:
    """Return the first day of what is written as precisely as it is known: 2026, 2026-05 or 2026-05-20."""
    year, month, day = [*map(int, written.split("-")), 1, 1][:3]
    return date(year, month, day)


def _contact(made: Element, instance: Instance) -> None:
    if not instance.contact_email and not instance.contact_address:
        return
    contact = add(made, "contact-info", type="1")
    told(contact, "organisation", instance.operator or instance.name)
    if instance.contact_email:
        add(contact, "email", instance.contact_email)
    if instance.contact_address:
        told(contact, "mailing-address", instance.contact_address)


def _transaction(made: Element, paid: Any) -> None:
    one = add(made, "transaction")
    add(one, "transaction-type", code=codes.TRANSACTIONS[paid.kind])
    add(one, "transaction-date", iso_date=paid.happened_on.isoformat())
    add(one, "value", number(paid.amount), currency=str(paid.currency), value_date=paid.happened_on.isoformat())
    for said in _words(paid):
        told(one, "description", said)
    if isinstance(paid.from_organisation, str):
        told(one, "provider-org", paid.from_organisation)
    if isinstance(paid.to_organisation, str):
        told(one, "receiver-org", paid.to_organisation)


def _words(paid: Any) -> Iterator[str]:
    """Yield at most one text: out of which fund, and that it is invented where it is."""
    note = f" {paid.note}" if isinstance(paid.note, str) and paid.note else ""
    yield (DEMONSTRATION if paid.demonstration else "") + f"{paid.fund_name}.{note}"
