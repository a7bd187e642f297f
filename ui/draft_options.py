"""How a draft is to be read, changed from a page: each change is kept with the draft, and it is checked again."""

from dataclasses import replace
from typing import Any

from access import permissions
from access.identity import Identity
from data_model.engine import Session
from data_model.registry import Initiative
from intake.options import Options
from intake.staging import drafts
from ui import asking, staging


def decide(token: str, **decided: Any) -> None:
    """Let some of a draft's options be these from now on. For callbacks: whose draft it is is found out anew."""
    who = asking.begin().who
    draft = drafts.find(staging.folder(), token, who.account_id)
    if draft is not None:
        drafts.decide(draft, replace(draft.options, **decided))


def options(token: str) -> Options:
    """Return how a draft of whoever asks is to be read, as far as was decided."""
    draft = drafts.find(staging.folder(), token, asking.begin().who.account_id)
    return draft.options if draft is not None else Options()


def initiative_named(session: Session, who: Identity, key: str) -> Initiative:
    """Return an initiative that `who` may see figures of."""
    return next(one for one in permissions.visible_initiatives(session, who) if one.key == key)
