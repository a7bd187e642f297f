"""Runs of the rows of `pages/`: each page opened once by everybody, with Streamlit's AppTest."""

from functools import partial
from pathlib import Path

from streamlit.testing.v1 import AppTest

import ui.identity
from access.matrix.rows import pages
from access.matrix.table import Asker
from tests.access.matrix.world import LIVE, RELEASED, Case, runs
from tests.screen import open_screen

CLOSED = {"Sign in to open this page.": "sign in", "This page is for those who hold a grant for it.": "takes a grant"}


_OPENED: dict[tuple[object, ...], AppTest] = {}


def opened(case: Case, page: str, **address: str) -> AppTest:
    """Open a page as this person, once: a page does not know in which column of the matrix somebody stands."""
    key = (case.country.engine.url, case.who.email, page, *sorted(address.items()))
    if key not in _OPENED:
        ui.identity.current_identity = lambda at: case.who  # put back by the fixture around all of this
        _OPENED[key] = open_screen(page, **address)
    return _OPENED[key]


def whether_it_opens(case: Case, page: str) -> str | None:
    """Return what it takes, None when the page opened."""
    app = opened(case, page)
    said = [str(info.value) for info in app.info]
    for text, cell in CLOSED.items():
        if any(one.startswith(text) for one in said):
            assert len(app.title) == len(app.info) == 1 and not app.subheader, "nothing but what it takes"
            return cell
    return None


for row in pages.ROWS:
    if row.does == pages.OPENS:
        page = Path(row.subject).stem
        runs(row.subject)(partial(whether_it_opens, page=page))


@runs("pages/overview.py (figures)")
def figures_of_the_overview(case: Case) -> str:
    shown = " ".join(str(metric.value) for metric in opened(case, "overview").metric)
    seen = [word for word, count in (("live", LIVE), ("released", RELEASED)) if f"{count}.0%" in shown]
    if not seen and case.asker is Asker.OTHER_REGION:
        return "own region"  # where nothing is reported
    (word,) = seen
    return word


@runs("pages/releases.py (the next one)")
def the_next_release(case: Case) -> str | None:
    app = opened(case, "releases")
    if "The next release" not in [str(one.value) for one in app.subheader]:
        return "not offered"
    previewed, refused = [one.label for one in app.metric], [str(one.value) for one in app.info]
    assert bool(previewed) != any("You may not release" in one for one in refused)
    return None if previewed else "not_allowed"
