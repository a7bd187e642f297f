"""Groups of schools in words: where they lie, in which language they teach, how large they are, when they joined."""

import pandas as pd

from access.language import N_, _
from analytics import compare
from analytics.scope import Scope
from data_model.engine import Session
from ui.codes import LANGUAGES_OF_INSTRUCTION, SETTINGS

GROUPS = {
    "setting": N_("Urban and rural"),
    "language": N_("Language of instruction"),
    "size": N_("School size"),
    "wave": N_("Wave"),
}


def name(group: str, code: str) -> str:
    """Return what a group of schools is called: rural, Kazakh and Russian, 20-49 teachers, wave 2."""
    if not code:
        return _("not known")
    if group == "setting":
        return _(SETTINGS[code]) if code in SETTINGS else code
    if group == "language":
        return " + ".join(_(LANGUAGES_OF_INSTRUCTION.get(one, one)) for one in code.split(","))
    if group == "size":
        return _("{size} teachers").format(size=code.replace("-", "\N{EN DASH}"))
    return _("wave {number}").format(number=code)


def over_time(session: Session, scope: Scope, group: str, by: str) -> pd.DataFrame:
    """Return the frame of `compare.groups_over_time` with the groups' names beside their codes."""
    frame = compare.groups_over_time(session, scope, group, by)
    return frame.assign(name=[name(group, str(code)) for code in frame["group"]])


def gaps(session: Session, scope: Scope, group: str) -> pd.DataFrame:
    """Return the frame of `compare.gaps` with the names of both groups."""
    frame = compare.gaps(session, scope, group)
    return frame.assign(
        name=[name(group, str(code)) for code in frame["group"]],
        reference_name=[name(group, str(code)) for code in frame["reference"]],
    )
