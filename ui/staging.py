"""The drafts of whoever asks: where they lie, and which one the address names."""

from pathlib import Path

from data_model.engine import database_url
from intake.staging import drafts
from intake.staging.drafts import Draft
from intake.staging.folder import staging_folder
from ui import filters
from ui.asking import asking


def folder() -> Path:
    """Return the staging folder of the running app."""
    return staging_folder(database_url())


def draft() -> Draft | None:
    """Return the draft that the address names, None when it names none or one that is not there for this person."""
    token = filters.address("draft")
    found = drafts.find(folder(), token, asking().who.account_id) if token else None
    if found is not None and not drafts.is_whole(found):
        drafts.discard(found)
        return None
    return found
