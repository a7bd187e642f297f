"""The documents are held to the code: who may what, and every setting of the environment."""

import re
from pathlib import Path

from access import settings
from access.administration.tables import TABLES
from access.oidc import settings as oidc
from access.permissions import ROLES, Action
from data_model.people import Role

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_access_matrix_in_the_docs_is_the_one_in_the_code():
    rows = re.findall(r"^\| `(\w+)`[^|]*\|(.*)\|$", (DOCS / "security.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {action: [bool(cell.strip()) for cell in cells.split("|")] for action, cells in rows}
    assert set(told) == set(Action)
    for action, cells in told.items():
        roles = ROLES.get(Action(action), tuple(Role))
        assert cells == [action == Action.READ_PUBLIC, *(role in roles for role in Role)], action


def test_every_setting_is_in_the_deployment_guide():
    text = (DOCS / "deployment.md").read_text(encoding="utf-8")
    written = [*vars(settings).values(), *vars(oidc).values()]
    names = {value for value in written if isinstance(value, str) and value.startswith("UPTAKE_")}
    assert len(names) > 15 and all(f"`{name}`" in text for name in names)


def test_the_numbers_in_the_security_guide_are_those_of_the_code():
    text = " ".join((DOCS / "security.md").read_text(encoding="utf-8").split())
    assert f"after {settings.session_lifetime().seconds // 3600} hours" in text
    assert settings.session_idle_time().seconds == 2 * 3600 and "two hours without anything done" in text


def test_every_table_kept_on_screen_is_in_the_guide_for_administrators():
    text = (DOCS / "administration.md").read_text(encoding="utf-8")
    assert [table.title for table in TABLES.values() if f"**{table.title}**" not in " ".join(text.split())] == []
