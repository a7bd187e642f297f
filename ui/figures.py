"""Charts as every page shows them: drawn once, with what they are, what they rest on and when they last changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from access.language import N_, _, format_date
from analytics import figures
from analytics.scope import Scope
from charts.theme import CONFIG, Caption
from charts.theme import Measure as ChartMeasure
from data_model.releases import FigureState
from ui import downloads, filters, share, words
from ui.answers import ask, derived
from ui.text import plain
from ui.words import Measure

VIEWS = {"chart": N_("Chart"), "table": N_("Table")}

Draw = Callable[[pd.DataFrame, ChartMeasure, Caption], Any]
Alternative = Callable[[pd.DataFrame, ChartMeasure], str]


@dataclass(frozen=True)
class Picture:
    """One picture of one measure: the question behind it, how it is drawn, and how it is told without seeing it.

    `key` names it on the page and in the address. `arguments` are the question's beside the scope. `names` are the
    columns that name its rows, with their headings. `opens` is called with the `code` of the row or mark that a
    person clicked. `note` says what else a reader has to know of the chart.
    """

    key: str
    title: str
    question: Callable[..., pd.DataFrame]
    draw: Draw
    alternative: Alternative
    names: Mapping[str, str]
    arguments: tuple[Any, ...] = ()
    code: str = ""
    opens: Callable[[str], None] | None = None
    note: str = ""


@dataclass(frozen=True)
class Drawing:
    """A drawn figure (of Plotly), and the same told in words."""

    figure: Any
    alternative: str


def drawing(name: str, scope: Scope, draw: Callable[[], Any], tell: Callable[[], str]) -> Drawing:
    """Return the figure that `draw` makes and the words of `tell`, made once for this name and scope."""

    def make() -> Drawing:
        figure = draw()
        # Streamlit asks for the figure's plain form on every run, and Plotly copies it through and through each time.
        # Nobody changes a drawn figure: it gives the same form out again.
        plain_form = figure.to_dict()
        figure.to_dict = lambda: plain_form
        return Drawing(figure, tell())

    return derived((name, scope), make, initiative=scope.initiative, released=scope.released)


def show(picture: Picture, scope: Scope, measure: Measure) -> pd.DataFrame:
    """Show the picture as a chart or as a table, with its caption and the ways on from it; return its frame."""
    frame = ask(picture.question, scope, *picture.arguments, initiative=scope.initiative, released=scope.released)
    st.subheader(picture.title, anchor=False)
    if not _says_something(frame):
        st.info(_("Nothing was reported here yet."), icon=":material/hourglass_empty:")
        return frame
    caption = about(scope)
    names = {key: _(title) for key, title in VIEWS.items()}
    with st.container(horizontal=True, key=f"tools-{picture.key}", vertical_alignment="center"):
        view = filters.choose(
            f"{picture.key}_as", _("Show as"), names, "chart", control=st.segmented_control,
            label_visibility="collapsed", required=True,
        )  # fmt: skip
        if view == "chart":
            share.picture_buttons(
                _chart_key(picture, scope, measure), picture.title, file_name(picture.key, scope, measure)
            )
        ways_on(picture.key, picture.title, scope, measure, frame)
    if view == "chart":
        _chart(picture, scope, measure, frame, caption)
    else:
        table(picture.key, picture.title, scope, measure, frame, picture.names, code=picture.code, opens=picture.opens)
    st.caption(_footer(picture, measure, caption, drawn_too=view == "chart"))
    return frame


def _says_something(frame: pd.DataFrame) -> bool:
    return any(state != FigureState.NOT_REPORTED for state in frame["state"].array)


def about(scope: Scope) -> Caption:
    """Return what every picture of this scope carries: source, last update, base, provisional and demonstration."""
    figure = ask(figures.figure, scope, initiative=scope.initiative, released=scope.released)
    if figure.release is not None:
        source = _("Release {number}").format(number=figure.release)
    else:
        source = _("Reports of schools, reviewed and accepted")
    return Caption(
        source=source,
        last_update=format_date(figure.last_recorded_at.date()) if figure.last_recorded_at else "",
        base=words.base(figure.base, figure.schools_expected),
        provisional=words.provisional(figure),
        demonstration=figure.demonstration,
    )


def ways_on(key: str, title: str, scope: Scope, measure: Measure, frame: pd.DataFrame) -> None:
    """Show what can be done with a picture: open it, take its table away, share its address."""
    where_from(measure, f"where-{key}")
    caption = about(scope)
    downloads.csv_button(
        lambda: frame,
        lambda: downloads.about(title, scope, measure, caption),
        f"{file_name(key, scope, measure)}.csv",
        key=f"csv-{key}",
        demonstration=caption.demonstration,
    )


def file_name(key: str, scope: Scope, measure: Measure) -> str:
    """Return what a file made of a picture is called, without its ending."""
    return f"{scope.initiative}-{key}-{measure.key}-{scope.area}-{scope.period.key}".replace("/", "-")


def where_from(measure: Measure, key: str) -> None:
    """Show the button that opens the panel on where the measure's figure comes from."""
    st.button(
        _("Where does this come from?"),
        key=key,
        type="tertiary",
        icon=":material/account_tree:",
        on_click=filters.go,
        kwargs={"figure": measure.key},
    )


def table(
    key: str,
    title: str,
    scope: Scope,
    measure: Measure,
    frame: pd.DataFrame,
    names: Mapping[str, str],
    *,
    code: str = "",
    opens: Callable[[str], None] | None = None,
) -> None:
    """Show rows of figures as a table; a missing value is empty there and said in words beside it.

    `names` are the columns that name a row, with their headings; a click on a row calls `opens` with its `code`.
    """
    options: dict[str, Any] = {}
    if opens is not None:
        options = {"on_select": lambda: _open_row(f"table-{key}", frame, code, opens), "selection_mode": "single-row"}
    shown = derived(
        ("table", key, measure.key, scope),
        # In the form in which it goes to the browser.
        lambda: pa.Table.from_pandas(words.table(measure, frame, names), preserve_index=False),
        initiative=scope.initiative,
        released=scope.released,
    )
    st.dataframe(shown, key=f"table-{key}", hide_index=True, alt=title, placeholder="", **options)


def _chart(picture: Picture, scope: Scope, measure: Measure, frame: pd.DataFrame, caption: Caption) -> None:
    key = _chart_key(picture, scope, measure)
    options: dict[str, Any] = {}
    if picture.opens is not None:
        options = {"on_select": lambda: _open_mark(picture, key), "selection_mode": "points"}
    made = drawing(
        f"{picture.key}-{measure.key}",
        scope,
        lambda: picture.draw(frame, measure.for_charts, caption),
        lambda: picture.alternative(frame, measure.for_charts),
    )
    st.plotly_chart(made.figure, key=key, config=CONFIG, alt=made.alternative, **options)


def _chart_key(picture: Picture, scope: Scope, measure: Measure) -> str:
    # Another area is another chart: what was clicked in the old one is not clicked here.
    return f"chart-{picture.key}-{measure.key}-{scope.area}"


def _footer(picture: Picture, measure: Measure, caption: Caption, *, drawn_too: bool) -> str:
    """Return what stands under a picture: the definition, a chart's note, and under a table what a chart has in it."""
    definition = f"**{plain(measure.name)}**: {plain(measure.definition)}"
    more = [picture.note] if drawn_too else caption.sentences()
    return "  \n".join([definition, *(plain(line) for line in more if line)])


def _open_mark(picture: Picture, key: str) -> None:
    points = st.session_state[key].selection.points
    if points and picture.opens:
        code = points[0]["customdata"]
        picture.opens(code if isinstance(code, str) else code[0])


def _open_row(key: str, frame: pd.DataFrame, code: str, opens: Callable[[str], None]) -> None:
    rows = st.session_state[key].selection.rows
    if rows:
        opens(str(frame[code].iloc[rows[0]]))
