"""Rows of `pages/`: who may open them, and what they show to whom."""

from access.matrix.table import ADMINISTRATORS, EVERYBODY, MANAGERS, NOT_ALLOWED, REVIEWERS, STAFF, Asker, Row, told

OPENS, SHOWS = "the page opens", "whose figures it shows"
_LIVE_ONES = told("live", STAFF) | told("own region", Asker.OTHER_REGION)
# A grant somewhere shows the way in; what it holds there, the functions behind the page decide.
_SOMEWHERE = frozenset({Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY, Asker.OTHER_REGION})


def _opens(name: str, allowed: frozenset[Asker] = EVERYBODY) -> Row:
    return Row(f"pages/{name}.py", OPENS, allowed, refused="takes a grant", refused_visitor="sign in")


ROWS = (
    _opens("about"),
    _opens("administration", ADMINISTRATORS | _SOMEWHERE),
    _opens("adoption"),
    _opens("audit", ADMINISTRATORS | _SOMEWHERE),
    _opens("changes"),
    _opens("compare"),
    _opens("completeness"),
    _opens("definitions"),
    _opens("initiatives"),
    _opens("method"),
    _opens("money"),
    _opens("overview"),
    Row("pages/overview.py (figures)", SHOWS, (), but=_LIVE_ONES, refused="released", refused_visitor="released"),
    _opens("periods", REVIEWERS | ADMINISTRATORS | _SOMEWHERE),
    _opens("releases"),
    Row(
        "pages/releases.py (the next one)",
        "what would become public is shown",
        REVIEWERS | ADMINISTRATORS,
        but=told(NOT_ALLOWED, _SOMEWHERE),
        refused="not offered",
        refused_visitor="not offered",
    ),
    _opens("review", REVIEWERS | ADMINISTRATORS | _SOMEWHERE),
    _opens("start"),
    _opens("upload", MANAGERS | ADMINISTRATORS | _SOMEWHERE),
)
