"""What each setting of the instance is, and what it says now. `access.instance_settings` reads and changes them."""

import os
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, select

from access import settings
from access.language import N_
from data_model.base import known_at
from data_model.settings import InstanceSetting


class Kind(StrEnum):
    """How a setting is written: which control a screen shows for it."""

    NUMBER = "number"
    SWITCH = "switch"
    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    ADDRESS = "address"


@dataclass(frozen=True)
class Setting:
    """One setting: its name and what it does (both shown by `_`), and what it says where nobody set it."""

    key: str
    title: str
    explained: str
    kind: Kind
    default: str = ""
    required: bool = False


SETTINGS = {
    one.key: one
    for one in (
        Setting(
            "instance_name", N_("Name of this instance"),
            N_("What the public site calls itself, and what a citation names as publisher's site."),
            Kind.LINE, "Uptake", required=True,
        ),
        Setting(
            "operator", N_("Who runs it"),
            N_("The office that answers for the figures: the author of a citation."), Kind.LINE,
        ),
        Setting("contact_email", N_("E-mail address for questions"), N_("Shown to everyone."), Kind.EMAIL),
        Setting("contact_address", N_("Postal address"), N_("Shown to everyone."), Kind.TEXT),
        Setting(
            "licence_code", N_("Licence of the released figures: its code"),
            N_("From the SPDX list of licences. Holds for releases made from now on."),
            Kind.LINE, "CC-BY-4.0", required=True,
        ),
        Setting(
            "licence_name", N_("Licence of the released figures: its name"),
            N_("As it is called in full. Holds for releases made from now on."),
            Kind.LINE, "Creative Commons Attribution 4.0", required=True,
        ),
        Setting(
            "licence_url", N_("Licence of the released figures: its address"),
            N_("Where it can be read. Holds for releases made from now on."),
            Kind.ADDRESS, "https://creativecommons.org/licenses/by/4.0/", required=True,
        ),
        Setting(
            "disclosure_threshold", N_("Smallest count of people that may be published"),
            N_("Counts of people from 1 to one less are withheld, and all that gives them away. Holds for the next "
               "release; the page of releases then names the earlier ones to withdraw."),
            Kind.NUMBER, "5", required=True,
        ),
        Setting(
            "own_review_allowed", N_("People may review their own submissions"),
            N_("For an office of one. Where the server's environment says something, that holds."),
            Kind.SWITCH, "0", required=True,
        ),
        Setting(
            "iati_organisation", N_("Identifier in IATI"),
            N_("As the organisation is registered with the International Aid Transparency Initiative: its activity"
               " file names it as who reports."),
            Kind.LINE,
        ),
        Setting("about", N_("About this instance"), N_("A text for the public: who, why, since when."), Kind.TEXT),
        Setting("imprint", N_("Imprint"), N_("What the law asks of whoever publishes."), Kind.TEXT),
        Setting(
            "accessibility_statement", N_("Accessibility statement"),
            N_("What the law asks of a public body's site; shown beside what the software itself can say."), Kind.TEXT,
        ),
    )
}  # fmt: skip


def values(session: Session) -> dict[str, str]:
    """Return what every setting says now, by key, as it is written."""
    # By its columns: the public's database role may not see who set it.
    current = select(InstanceSetting.key, InstanceSetting.value).where(known_at(InstanceSetting, None))
    held = dict(session.exec(current).all())
    return {key: held.get(key, setting.default) for key, setting in SETTINGS.items()}


def value(session: Session, key: str) -> str:
    """Return what one setting says now, as it is written."""
    current = select(InstanceSetting.value).where(InstanceSetting.key == key, known_at(InstanceSetting, None))
    held = session.exec(current).one_or_none()
    return SETTINGS[key].default if held is None else held


def own_review_allowed(session: Session) -> bool:
    """Return whether people may review their own submissions here: as the environment says, else as was set."""
    if os.environ.get(settings.OWN_REVIEW, "").strip():
        return settings.own_review_allowed()
    return value(session, "own_review_allowed") == "1"
