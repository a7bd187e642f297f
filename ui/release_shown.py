"""Which release a page shows: the newest, or the earlier one that the address names, read only for everyone."""

from datetime import datetime

import streamlit as st

from access.language import _, format_date
from publishing import open_data
from publishing.open_data import NoSuchRelease, OpenRelease
from ui import filters
from ui.database import reading

PARAMETER = "release"
LONGEST_NUMBER = 9


def chosen() -> OpenRelease | None:
    """Return the release that the address names, None where it names none.

    Raises NoSuchRelease for one that there is not, and for a withdrawn one with its day and reason.
    """
    written = filters.address(PARAMETER)
    if written is None:
        return None
    if not written.isdecimal() or len(written) > LONGEST_NUMBER:
        raise NoSuchRelease("release_unknown", _("There is no release {number}.").format(number=written[:20]))
    with reading() as session:
        found = open_data.open_release(session, int(written))
    filters.show(PARAMETER, written)
    return found


def moment() -> datetime | None:
    """Return the moment whose newest release the address asks for, None where it names none. Raises as `chosen`."""
    release = chosen()
    return None if release is None else release.released_at


def say_beside(release: OpenRelease, said: str) -> None:
    """Say which figures a page shows from a release, and (`said`) what on it is of no release."""
    say(release)
    st.caption(said)


def say(release: OpenRelease) -> None:
    """Say that the page shows a release for good, and let go back to the figures of now."""
    text = _("Figures as released on {date} (release {number}). They stay as they are.")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            text.format(date=format_date(release.released_at.date()), number=release.number),
            icon=":material/history:",
        )
        st.button(_("Back to now"), key="release-gone", on_click=filters.go, kwargs={PARAMETER: None})
