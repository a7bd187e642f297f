"""Cite this, embed this: how what is shown of a release is quoted, and how its chart stands on another page.

A button stores what it is about; the run that follows opens the dialog, so that a page pays for nothing but a button.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from access import instance_settings, settings
from access.instance_settings import Instance
from access.language import N_, _, current, in_language
from analytics import catalogue
from analytics.scope import Scope
from data_model.engine import Session
from publishing import addresses, open_data
from publishing.addresses import FigureKey
from publishing.citing import Citation
from publishing.open_data import NoSuchRelease, OpenRelease
from ui import asking, filters, ways
from ui.answers import ask, ask_registry, ask_released
from ui.database import reading
from ui.text import bold

_OPEN = "citing"
_CITED = "cite"
# A chart is so many pixels high in a frame; one with many bars scrolls in it.
FRAME_HEIGHT = 560
CHARTS = {"trend": N_("Over time"), "areas": N_("By area")}
FOLLOWS = {"release": N_("As in this release, for good"), "newest": N_("Always the newest release")}
FILES = (
    ("BibTeX", "bib", "application/x-bibtex", Citation.bibtex),
    ("RIS", "ris", "application/x-research-info-systems", Citation.ris),
    ("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", Citation.csl),
)


@dataclass(frozen=True)
class Cited:
    """What is cited: its title, the release, its permanent path on this server, and the figure a chart can be had of.

    `chart` is the one that is offered first.
    """

    title: str
    release: int
    path: str
    figure: FigureKey | None = None
    chart: str = "trend"


def button(key: str, cited: Callable[[], Cited], label: str = "") -> None:
    """Show the button that opens how this is cited. `cited` is called when it is pressed, with the view of then."""
    st.button(
        label or _("Cite"), key=f"cite-{key}", type="tertiary", icon=":material/format_quote:",
        on_click=lambda: st.session_state.update({_OPEN: cited()}),
    )  # fmt: skip


def of_view(key: str, title: str, scope: Scope, figure: FigureKey | None = None, chart: str = "trend") -> str:
    """Return the button, as HTML, for what a page shows of a release; nothing where its figures are not of one.

    It writes into the address what is to be cited, with which the dialog opens when the run has shown everything.
    """
    number = release_of(scope)
    if number is None:
        return ""
    if filters.address(_CITED) == key:
        page = _page()
        asking.asking().found[_OPEN] = lambda: Cited(
            title, number, addresses.of_view(number, page, filters.view()), figure, chart
        )
    label = _("Cite or embed") if figure else _("Cite")
    return ways.button(label, {_CITED: key}, icon="format_quote", of=title if key != "page" else "")


def page(name: str, title: str, release: int) -> None:
    """Show the button for a page that is about all of a release."""
    button(name, lambda: Cited(title, release, addresses.of_view(release, name, filters.view())), _("Cite this page"))


def newest() -> OpenRelease | None:
    """Return the newest release that is public, None before the first."""
    return ask_released(_newest)


def release_of(scope: Scope) -> int | None:
    """Return the number of the release that a scope shows, None where its figures are live."""
    if not scope.released:
        return None
    release = ask(catalogue.newest_release, scope.as_of, initiative=scope.initiative, released=True)
    return None if release is None else int(release.number)


def open_if_asked() -> None:
    """Open the dialog that a button of the last run asked for, once."""
    wanted = asking.asking().found.get(_OPEN)
    cited = st.session_state.pop(_OPEN, None) or (wanted() if wanted else None)
    if cited is not None:
        title, icon = _("Cite and embed"), ":material/format_quote:"
        if wanted is None:
            st.dialog(title, width="large", icon=icon)(_dialog)(cited)
        else:
            st.dialog(title, width="large", icon=icon, on_dismiss=_close)(_dialog)(cited)


def site() -> str:
    """Return where this server is, as the reader's browser came to it."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}" if here.netloc else settings.address()


def instance() -> Instance:
    """Return what the public is told of this instance."""
    return ask_registry(instance_settings.instance)


def citation(cited: Cited) -> Citation:
    """Return how it is cited today. Raises NoSuchRelease."""
    with reading() as session:
        release: OpenRelease = open_data.open_release(session, cited.release)
    told = instance()
    return Citation(
        title=cited.title,
        instance=told.name,
        author=told.operator,
        release=release.number,
        released_on=release.released_at.date(),
        address=site() + cited.path,
        seen_on=asking.asking().at.date(),
        licence=str(release.licence["title"]),
        demonstration=release.demonstration,
    )


def _close() -> None:
    filters.go((), **{_CITED: None})


def _dialog(cited: Cited) -> None:
    asking.begin()
    try:
        made = citation(cited)
    except NoSuchRelease as refused:  # withdrawn while the page stood open
        st.warning(refused.message, icon=":material/block:")
        return
    st.markdown(bold(_("Citation")))
    st.code(made.text(), language=None, wrap_lines=True)
    with st.container(horizontal=True, key="lines-cite-files"):
        for label, ending, mime, write in FILES:
            _file(made, label, ending, mime, write)
    st.markdown(bold(_("Permanent address")))
    st.code(made.address, language=None, wrap_lines=True)
    st.caption(
        _(
            "It opens exactly this for as long as the release can be opened. Were it ever withdrawn, the address would"
            " say when and why."
        )
    )
    if cited.figure is not None:
        _embed(cited, made)


def _file(made: Citation, label: str, ending: str, mime: str, write: Callable[[Citation], str]) -> None:
    spoken = current()

    def content() -> bytes:
        with in_language(spoken):  # the button's thread has no language of its own
            return write(made).encode()

    st.download_button(
        label, content, f"{made.key}.{ending}", mime=mime, key=f"cite-file-{ending}", on_click="ignore",
        type="tertiary", icon=":material/download:",
    )  # fmt: skip


def _embed(cited: Cited, made: Citation) -> None:
    st.markdown(bold(_("Chart for another page")))
    chart = cited.chart
    # Only a country's code is of two letters: of the places in a region nothing is released.
    if cited.figure is not None and len(cited.figure.area) == 2:
        names = {key: _(name) for key, name in CHARTS.items()}
        chart = st.segmented_control(
            _("What it shows"), list(names), default=cited.chart, format_func=lambda key: names[key], key="embed-chart",
            required=True,
        )  # fmt: skip
    follows = {key: _(name) for key, name in FOLLOWS.items()}
    of = st.segmented_control(
        _("Which release"), list(follows), default="release", format_func=lambda key: follows[key], key="embed-of",
        required=True,
    )  # fmt: skip
    st.code(frame(cited, str(chart), newest=of == "newest", title=made.heading), language=None, wrap_lines=True)
    st.caption(_("Paste it into the page. It runs no script, sets no cookie, and follows the reader's light or dark."))


def frame(cited: Cited, chart: str, *, newest: bool, title: str) -> str:
    """Return the HTML that shows the figure's chart on another page."""
    if cited.figure is None:
        return ""
    figure = replace(cited.figure, period=addresses.LATEST) if newest else cited.figure
    chosen = {"lang": current()} | ({"chart": chart} if chart != "trend" else {})
    address = site() + addresses.embedded(None if newest else cited.release, figure, chosen)
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{FRAME_HEIGHT}"'
        f' style="border:0" loading="lazy"></iframe>'
    )


def _newest(session: Session) -> OpenRelease | None:
    try:
        return open_data.open_release(session)
    except NoSuchRelease:
        return None


def _page() -> str:
    """Return the name of the page that is shown."""
    name = urlsplit(st.context.url or "").path.strip("/")
    return name if name in addresses.PAGES else "overview"
