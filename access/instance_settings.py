"""The settings of the instance that an administrator makes on screen; those of its server are in `access.settings`.

Each is described once, in `SETTINGS`: what it is called, its default, and how it is written. A value is text; the
functions here read it. Earlier values stay, with who set them and when.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from access import audit, permissions
from access.identity import Identity
from access.language import _
from access.permissions import Action
from access.refusal import Refusal
from access.setting_values import SETTINGS, Kind, Setting, own_review_allowed, value, values
from data_model.base import known_at
from data_model.editions import begin_edition
from data_model.settings import InstanceSetting

# Below it next to nothing would be protected.
LEAST_THRESHOLD = 3
GREATEST_THRESHOLD = 1_000
LONGEST_LINE = 200
LONGEST_TEXT = 20_000
EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")
__all__ = [
    "SETTINGS",
    "Instance",
    "Kind",
    "Licence",
    "Setting",
    "SettingRefused",
    "change",
    "disclosure_threshold",
    "history",
    "instance",
    "own_review_allowed",
    "values",
]


class SettingRefused(Refusal):
    """A setting cannot hold what was written; the message says what it takes."""


@dataclass(frozen=True)
class Licence:
    """Under which the released figures may be used."""

    code: str
    name: str
    url: str


@dataclass(frozen=True)
class Instance:
    """What the public is told about whoever runs this instance. What was not filled in is empty."""

    name: str
    operator: str
    contact_email: str
    contact_address: str
    about: str
    imprint: str
    accessibility_statement: str
    licence: Licence


def disclosure_threshold(session: Session) -> int:
    """Return the smallest count of people that may be published, beside zero."""
    return int(value(session, "disclosure_threshold"))


def instance(session: Session) -> Instance:
    """Return what the public is told about this instance."""
    said = values(session)
    return Instance(
        name=said["instance_name"],
        operator=said["operator"],
        contact_email=said["contact_email"],
        contact_address=said["contact_address"],
        about=said["about"],
        imprint=said["imprint"],
        accessibility_statement=said["accessibility_statement"],
        licence=Licence(said["licence_code"], said["licence_name"], said["licence_url"]),
    )


def change(session: Session, who: Identity, key: str, written: str, at: datetime) -> InstanceSetting | None:
    """Let a setting say something else from `at` on; return its new row, None where it says that already.

    Raises NotAllowed, and SettingRefused (`unknown_setting`, `setting_invalid`).
    """
    permissions.require(session, who, Action.ADMINISTER)
    if key not in SETTINGS:
        raise SettingRefused("unknown_setting", _("There is no setting {key}.").format(key=key))
    written = _checked(SETTINGS[key], written)
    begin_edition(session)
    before = session.exec(
        select(InstanceSetting).where(InstanceSetting.key == key, known_at(InstanceSetting, None)).with_for_update()
    ).one_or_none()
    said = before.value if before else SETTINGS[key].default
    if written == said:
        return None
    if before is not None:
        at = max(at, before.recorded_at + timedelta(microseconds=1))
        before.superseded_at = at
        session.flush()
    made = InstanceSetting(key=key, value=written, set_by=who.account_id or 0, recorded_at=at)
    session.add(made)
    session.flush()
    audit.record(
        session, at=at, who=who, action="setting_changed", subject_type="instance_setting", subject_key=key,
        details={"before": said, "after": written},
    )  # fmt: skip
    return made


def history(session: Session, who: Identity, key: str) -> list[InstanceSetting]:
    """Return everything a setting has said, newest first. Raises NotAllowed."""
    permissions.require(session, who, Action.ADMINISTER)
    query = select(InstanceSetting).where(InstanceSetting.key == key)
    return list(session.exec(query.order_by(col(InstanceSetting.id).desc())).all())


def _checked(setting: Setting, value: str) -> str:
    """Return the value as it is kept. Raises SettingRefused (`setting_invalid`) saying what it takes."""
    written = value.replace("\r\n", "\n").strip()
    if not written and not setting.required:
        return ""
    told = CHECKS[setting.kind](written) if written else _("Write something here.")
    if told is None and any(ord(letter) < 32 and letter not in "\n\t" for letter in written):
        told = _("Leave out characters that cannot be seen.")
    if told is not None:
        message = _("{setting}: {trouble}")
        raise SettingRefused("setting_invalid", message.format(setting=_(setting.title), trouble=told))
    return str(int(written)) if setting.kind is Kind.NUMBER else written


def _number(written: str) -> str | None:
    if written.isascii() and written.isdecimal() and LEAST_THRESHOLD <= int(written[:9]) <= GREATEST_THRESHOLD:
        return None
    message = _("Write a whole number from {least} to {greatest}.")
    return message.format(least=LEAST_THRESHOLD, greatest=GREATEST_THRESHOLD)


def _switch(written: str) -> str | None:
    return None if written in ("0", "1") else _("Write 1 or 0.")


def _line(written: str) -> str | None:
    if len(written) <= LONGEST_LINE and "\n" not in written:
        return None
    return _("Write one line of {count} characters at most.").format(count=LONGEST_LINE)


def _text(written: str) -> str | None:
    return None if len(written) <= LONGEST_TEXT else _("Write {count} characters at most.").format(count=LONGEST_TEXT)


def _email(written: str) -> str | None:
    return _line(written) or (None if EMAIL.fullmatch(written) else _("Write an e-mail address."))


def _address(written: str) -> str | None:
    try:
        parts = urlsplit(written)
        known = parts.scheme in ("https", "http") and bool(parts.hostname) and not re.search(r"[\s<>\"]", written)
    except ValueError:
        known = False
    return _line(written) or (None if known else _("Write an address that begins with https:// or http://."))


CHECKS: dict[Kind, Callable[[str], str | None]] = {
    Kind.NUMBER: _number,
    Kind.SWITCH: _switch,
    Kind.LINE: _line,
    Kind.TEXT: _text,
    Kind.EMAIL: _email,
    Kind.ADDRESS: _address,
}
