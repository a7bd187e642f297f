"""Releases: the national and regional figures of all initiatives, as of a moment, in tables of their own."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import audit, instance_settings
from access.identity import Identity
from access.instance_settings import LEAST_THRESHOLD
from access.language import _
from access.permissions import Action, require
from access.refusal import Refusal
from analytics.reading import read_frame
from data_model.bulk import Query, insert_columns
from data_model.moments import take_turn
from data_model.people import Account
from data_model.registry import Initiative
from data_model.releases import FigureState, Release, ReleasedFigure
from publishing import described
from publishing.iati import activities
from publishing.prepared import prepare
from publishing.rolled_up import initiatives_with_figures


class ReleaseRefused(Refusal):
    """Nothing can be released as asked (`nothing_to_release`, `threshold_too_low`, `stale_fingerprint`), or withdrawn
    as asked (`release_unknown`, `release_withdrawn`, `reason_missing`).
    """


@dataclass(frozen=True)
class Counts:
    """How many figures a release holds, those withheld included, and how many of them are withheld."""

    figures: int
    suppressed: int


def release(
    session: Session,
    *,
    by: Identity,
    note: str,
    at: datetime,
    threshold: int | None = None,
    fingerprint: str | None = None,
) -> Release:
    """Release the national and regional figures of every initiative as they stand at this moment.

    Counts of people below `threshold` (the instance's where none is given) are withheld, with what would give them
    away. With the `fingerprint` of a preview nothing else becomes public than it showed: `stale_fingerprint`. Raises
    NotAllowed unless `by` may release every initiative that has figures, and ReleaseRefused. The caller commits.
    """
    threshold = rule(session, threshold)
    initiatives = releasable(session, by)
    # Whoever is accepting a submission ends first: nothing of this moment turns up later. Two releases neither.
    as_of = max(take_turn(session, initiative.id or 0, at)[1] for initiative in initiatives)
    prepared = prepare(session, initiatives, as_of, threshold)
    if fingerprint is not None and fingerprint != prepared.fingerprint:
        message = _("Something changed since the preview: look at it again before you release.")
        raise ReleaseRefused("stale_fingerprint", message)
    made = Release(
        released_at=at,
        as_of=as_of,
        note=note,
        threshold=threshold,
        released_by=by.account_id or 0,
        demonstration=prepared.demonstration,
    )
    session.add(made)
    session.flush()
    insert_columns(session, ReleasedFigure, prepared.columns() | {"release_id": made.id}, len(prepared.rows))
    described.keep(session, made)
    activities.keep(session, made)
    found = counts(session, made)
    details = {
        "note": note, "threshold": threshold, "figures": found.figures, "suppressed": found.suppressed,
        "fingerprint": prepared.fingerprint,
    }  # fmt: skip
    audit.record(
        session, at=at, who=by, action="released", subject_type="release", subject_key=made.id or 0, details=details
    )
    return made


def withdraw(session: Session, number: int, *, by: Identity, reason: str, at: datetime) -> Release:
    """Take a release back from the public: from now on its addresses answer with the reason and the day.

    Its figures stay here, so that it is known what had been public. Raises NotAllowed unless `by` may release every
    initiative in it, and ReleaseRefused. The caller commits.
    """
    require(session, by, Action.RELEASE)
    found = session.get(Release, number)
    if found is None:
        raise ReleaseRefused("release_unknown", _("There is no release {number}.").format(number=number))
    for key in session.exec(
        select(ReleasedFigure.initiative_key).where(ReleasedFigure.release_id == number).distinct()
    ):
        require(session, by, Action.RELEASE, initiative=key)
    if found.withdrawn_at is not None:
        raise ReleaseRefused("release_withdrawn", _("Release {number} is withdrawn already.").format(number=number))
    if not reason.strip():
        raise ReleaseRefused("reason_missing", _("Say why: the reason is told to everyone who asks for the release."))
    found.withdrawn_at, found.withdrawal_reason = at, reason.strip()
    session.add(found)
    session.flush()
    audit.record(
        session, at=at, who=by, action="release_withdrawn", subject_type="release", subject_key=number,
        details={"reason": found.withdrawal_reason},
    )  # fmt: skip
    return found


def listing(session: Session) -> pd.DataFrame:
    """Return all releases, the newest first, as the public may know them.

    Columns: release (number), released_at, as_of, note, threshold, demonstration, withdrawn_at (None while it can be
    opened), withdrawal_reason, figures, suppressed (how many of the figures are withheld).
    """
    held = (
        sa.select(
            col(ReleasedFigure.release_id), sa.func.count().label("figures"),
            sa.func.sum(_is_suppressed()).label("suppressed"),
        )
        .group_by(col(ReleasedFigure.release_id))
        .subquery()
    )  # fmt: skip
    query: Query = (
        sa.select(
            col(Release.id).label("release"), col(Release.released_at), col(Release.as_of), col(Release.note),
            col(Release.threshold), col(Release.demonstration), col(Release.withdrawn_at),
            col(Release.withdrawal_reason), sa.func.coalesce(held.c.figures, 0).label("figures"),
            sa.func.coalesce(held.c.suppressed, 0).label("suppressed"),
        )
        .join(held, held.c.release_id == col(Release.id), isouter=True)
        .order_by(col(Release.id).desc())
    )  # fmt: skip
    return read_frame(session, query)


def releasers(session: Session) -> dict[int, str]:
    """Return who made each release, by its number: for those who may release, not for the public."""
    name = sa.func.coalesce(sa.func.nullif(col(Account.name), ""), col(Account.email))
    query: Query = sa.select(col(Release.id), name).join(Account, col(Account.id) == col(Release.released_by))
    return {row[0]: row[1] for row in session.connection().execute(query)}


def made_under_weaker_rule(session: Session, threshold: int) -> list[int]:
    """Return the numbers of the releases still public that withheld less than this threshold does.

    A stricter rule applies from the next release on; what these show stays known until they are withdrawn.
    """
    weaker = (col(Release.withdrawn_at).is_(None), col(Release.threshold) < threshold)
    return [number for number in session.exec(select(Release.id).where(*weaker).order_by(col(Release.id))) if number]


def withdrawn(session: Session) -> frozenset[int]:
    """Return the numbers of the releases that were withdrawn."""
    return frozenset(
        number for number in session.exec(select(Release.id).where(col(Release.withdrawn_at).is_not(None))) if number
    )


def latest(session: Session) -> Release | None:
    """Return the newest release that is not withdrawn, None before the first."""
    query = select(Release).where(col(Release.withdrawn_at).is_(None)).order_by(col(Release.id).desc()).limit(1)
    return session.exec(query).first()


def counts(session: Session, of: Release) -> Counts:
    """Return how many figures a release holds and withholds."""
    query = sa.select(sa.func.count(), sa.func.sum(_is_suppressed())).where(col(ReleasedFigure.release_id) == of.id)
    figures, withheld = session.connection().execute(query).one()
    return Counts(int(figures), int(withheld or 0))


def rule(session: Session, threshold: int | None = None) -> int:
    """Return the threshold that a release is made by: the instance's where none is given. Raises ReleaseRefused."""
    if threshold is None:
        return instance_settings.disclosure_threshold(session)
    if threshold < LEAST_THRESHOLD:
        message = _("The threshold must be {least} or more.").format(least=LEAST_THRESHOLD)
        raise ReleaseRefused("threshold_too_low", message)
    return threshold


def releasable(session: Session, by: Identity) -> list[Initiative]:
    """Return the initiatives whose figures a release holds. Raises NotAllowed and ReleaseRefused."""
    require(session, by, Action.RELEASE)
    initiatives = initiatives_with_figures(session)
    if not initiatives:
        raise ReleaseRefused("nothing_to_release", _("There are no figures yet: nothing has been accepted."))
    for initiative in initiatives:
        require(session, by, Action.RELEASE, initiative=initiative)
    return initiatives


def _is_suppressed() -> sa.ColumnElement[int]:
    return sa.case((col(ReleasedFigure.state) == FigureState.SUPPRESSED, 1), else_=0)
