"""How new everything is that an answer may stand on: what a kept answer is kept under.

An answer about an initiative stands on what was recorded in it last, or on the newest release, and with that on the
registry: definitions, targets, areas, schools, periods, thresholds, money. The registry has an edition, which its
screens raise; definitions and targets carry their own versions. Whatever else a person changes is in the audit trail,
so the newest event there that may be a change stands for it. Signing in and handing in files are events too: they
change nothing of the registry.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlmodel import col

from data_model.bulk import Query
from data_model.editions import RegistryEdition
from data_model.measures import Definition, Target
from data_model.people import AuditEvent
from data_model.registry import Initiative
from data_model.releases import Release
from data_model.settings import InstanceSetting

# Subjects of the audit trail that are no part of the registry. Acceptances move `Initiative.last_recorded_at`.
NOT_THE_REGISTRY = ("account", "submission")
# How many values tell what is published.
PUBLISHED = 4


@dataclass(frozen=True)
class Freshness:
    """The state of a database. `seen` is its newest audit event, `edit` the newest that may have changed the registry;
    `recorded` is by initiative when something was recorded in it last; `published` changes with what the public is
    shown and told: a release made or withdrawn, a setting of the instance.
    """

    recorded: Mapping[str, datetime | None]
    release: int | None
    published: Hashable
    edition: int
    wordings: Hashable
    seen: int
    edit: int

    @property
    def registry(self) -> Hashable:
        """What changes with every version of the registry."""
        return (self.edition, self.wordings, self.edit)

    @property
    def everything(self) -> Hashable:
        """What changes with every version of anything."""
        return (*self.recorded.items(), self.release, self.registry)

    def of(self, initiative: str, *, released: bool) -> Hashable:
        """Return what changes whenever an answer about the initiative may change: equal versions, equal answers."""
        if released:
            return ("released", self.release, self.registry)
        return ("live", self.recorded.get(initiative), self.registry)


def freshness(connection: Connection, known: Freshness | None = None) -> Freshness:
    """Return how new everything is. Two cheap queries, whatever is stored; the audit trail is read on from `known`."""
    since = known.seen if known else 0
    release, edition, seen, edit, *rest = connection.execute(_state_query(), {"since": since}).one()
    published, wordings = tuple(rest[:PUBLISHED]), tuple(rest[PUBLISHED:])
    recorded = {row.key: row.last_recorded_at for row in connection.execute(_recorded_query())}
    edit = edit or (known.edit if known else 0)
    return Freshness(recorded, release, published, edition, wordings, seen or since, edit)


def published_query() -> Query:
    """Return the query for what changes with a release made or withdrawn, and with a setting: one row of PUBLISHED."""
    settings = sa.select(sa.func.max(col(InstanceSetting.id))).scalar_subquery()
    return sa.select(
        sa.func.count(col(Release.id)).label("releases"), sa.func.max(col(Release.id)).label("newest"),
        sa.func.count(col(Release.withdrawn_at)).label("withdrawn"), settings.label("settings"),
    )  # fmt: skip


# Every run of a page asks, so the queries are built once.
@lru_cache
def _recorded_query() -> Query:
    return sa.select(col(Initiative.key), col(Initiative.last_recorded_at)).order_by(col(Initiative.key))


@lru_cache
def _state_query() -> Query:
    newest = sa.select(sa.func.max(col(Release.id))).where(col(Release.withdrawn_at).is_(None)).scalar_subquery()
    edition = sa.select(col(RegistryEdition.number)).scalar_subquery()
    is_edit = col(AuditEvent.subject_type).not_in(NOT_THE_REGISTRY)
    events: Any = (
        sa.select(
            sa.func.max(col(AuditEvent.id)).label("seen"),
            sa.func.max(sa.case((is_edit, col(AuditEvent.id)))).label("edit"),
        )
        .where(col(AuditEvent.id) > sa.bindparam("since"))
        .subquery()
    )
    published, wordings, aims = published_query().subquery(), _versions(Definition), _versions(Target)
    return (
        sa.select(newest, edition, events, published, wordings, aims)
        .select_from(events)
        .join(published, sa.true())  # one row each
        .join(wordings, sa.true())
        .join(aims, sa.true())
    )


def _versions(table: type[Definition] | type[Target]) -> Any:
    return (
        sa.select(sa.func.count(), sa.func.max(col(table.recorded_at)), sa.func.max(col(table.superseded_at)))
        .select_from(table)
        .subquery()
    )
