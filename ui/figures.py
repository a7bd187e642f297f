"""Charts as every page shows them: drawn once, with what they are, what they rest on and when they last changed."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
import pandas as pd
import pyarrow as pa
import streamlit as st

from access.language import N_, _, format_date, format_number
from analytics import catalogue, figures
from analytics.scope import Scope
from charts.theme import CONFIG, Caption
from charts.theme import Measure as ChartMeasure
from data_model.releases import FigureState
from publishing.addresses import FigureKey
from ui import citing, downloads, filters, provisional, share, taking, ways, words
from ui.answers import ask, ask_registry, derived, of_frame
from ui.asking import asking
from ui.text import bold, heading, plain
from ui.words import Measure

# So many rows of a table are shown at once: nobody reads on, and the server would send them on every run.
ROWS_SHOWN = 500
VIEWS = {"chart": N_("Chart"), "table": N_("Table")}

# Pictures of which a chart can stand on another page, and which chart that is.
EMBEDDED = {"trend": "trend", "areas": "areas", "map": "areas"}

Draw = Callable[[pd.DataFrame, ChartMeasure, Caption], Any]
Alternative = Callable[[pd.DataFrame, ChartMeasure], str]
Made = TypeVar("Made")


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


def drawing(name: Hashable, scope: Scope | None, draw: Callable[[], Any], tell: Callable[[], str]) -> Drawing:
    """Return the figure that `draw` makes and the words of `tell`, made once for this name and scope; without a scope
    it stands on the registry alone.
    """

    def make() -> Drawing:
        figure = draw()
        # Streamlit asks for the figure's plain form on every run, and Plotly copies it through and through each time.
        # Nobody changes a drawn figure: it gives the same form out again.
        plain_form = _written(orjson.loads(figure.to_json(validate=False)))
        figure.to_dict = lambda: plain_form
        return Drawing(figure, tell())

    return of_scope((name, scope), scope, make)


def _written(form: dict[str, Any]) -> dict[str, Any]:
    """Return a figure's plain form with every list and object in its traces and its layout written as JSON already:
    it is written on every run, point by point.
    """

    def parts(of: dict[str, Any]) -> dict[str, Any]:
        return {
            name: orjson.Fragment(orjson.dumps(part)) if isinstance(part, list | dict) else part
            for name, part in of.items()
        }

    return form | {"data": [parts(trace) for trace in form["data"]], "layout": parts(form["layout"])}


def of_scope(name: Hashable, scope: Scope | None, make: Callable[[], Made]) -> Made:
    """Return what `make` makes, once for this name as long as the figures of the scope, or the registry, stand."""
    return derived(name, make, initiative=scope.initiative, released=scope.released) if scope else derived(name, make)


@dataclass(frozen=True)
class Exhibit:
    """What is shown, whatever it is a picture of: how it is drawn and told, and the table behind it.

    `key` names it on the page and in the address; `chart` names the drawing and changes with what is drawn, as does
    `drawn_of` where a name cannot hold it: the drawing is kept under both, with the scope or the registry. `frame` is
    what is taken away, codes and numbers as they are; `rows` the same under headings that people read. `facts` are
    what the files say of it beside its title and caption; `definitions` stand under it, by what they define.
    `columns` says how columns of the table are shown, as Streamlit takes it.
    A clicked mark calls `opens` with the first of its `customdata`, a clicked row with what `code` is in the frame.
    """

    key: str
    title: str
    frame: pd.DataFrame
    draw: Callable[[], Any]
    tell: Callable[[], str]
    rows: Callable[[], pd.DataFrame]
    caption: Caption
    chart: str = ""
    drawn_of: Hashable = None
    file_name: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    code: str = ""
    opens: Callable[[str], None] | None = None
    measure: Measure | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)


def show(picture: Picture, scope: Scope, measure: Measure) -> pd.DataFrame:
    """Show a picture of one measure as a chart or as a table, with its caption and the ways on from it; return its
    frame."""
    frame = ask(picture.question, scope, *picture.arguments, initiative=scope.initiative, released=scope.released)
    if not of_frame(frame, _says_something):
        st.subheader(heading(picture.title), anchor=False)
        st.info(_("Nothing was reported here yet."), icon=":material/hourglass_empty:")
        return frame
    caption = about(scope)
    exhibit(
        Exhibit(
            key=picture.key,
            title=picture.title,
            frame=frame,
            draw=lambda: picture.draw(frame, measure.for_charts, caption),
            tell=lambda: picture.alternative(frame, measure.for_charts),
            rows=lambda: words.table(measure, frame, picture.names),
            caption=caption,
            chart="-".join([picture.key, measure.key, scope.area, *map(str, picture.arguments)]),
            file_name=file_name(picture.key, scope, measure),
            facts=downloads.facts(scope, measure),
            definitions={measure.name: measure.definition},
            note=picture.note,
            code=picture.code,
            opens=picture.opens,
            measure=measure,
        ),
        scope,
    )
    return frame


def exhibit(shown: Exhibit, scope: Scope | None = None) -> None:
    """Show anything that is drawn: as a chart or as a table, with what it rests on and the ways to take it along.

    Drawn once for a scope; without one, which is for the registry alone, once as long as that stands.
    """
    st.subheader(heading(shown.title), anchor=False)
    chart = shown.chart or (f"{shown.key}-{scope.area}" if scope else shown.key)
    made = drawing(("exhibit", chart, shown.drawn_of), scope, shown.draw, shown.tell)
    names = {key: _(title) for key, title in VIEWS.items()}
    view = filters.chosen(f"{shown.key}_as", names, "chart")
    ways.tools(
        shown.key,
        ways.switch(_("Show as"), names, view, f"{shown.key}_as"),
        _pictures(shown, made, f"chart-{chart}") if view == "chart" else "",
        where_from(shown.measure, shown.title) if shown.measure is not None else "",
        taking.buttons(shown.key, lambda: _taken_along(shown), shown.title),
        _cite(shown, scope) if scope is not None and scope.released else "",
    )
    if view == "chart":
        _chart(shown, made, f"chart-{chart}")
    else:
        _table(shown, scope, chart)
    if text := _footer(shown, drawn_too=view == "chart"):
        st.caption(text)


def _says_something(frame: pd.DataFrame) -> bool:
    return any(state != FigureState.NOT_REPORTED for state in frame["state"].array)


def about(scope: Scope) -> Caption:
    """Return what every picture of this scope carries: source, last update, base, provisional and demonstration."""
    return of_scope(("about", asking().hour, scope), scope, lambda: _about(scope))


def _about(scope: Scope) -> Caption:
    figure = ask(figures.figure, scope, initiative=scope.initiative, released=scope.released)
    if figure.release is not None:
        source = _("Release {number}").format(number=figure.release)
    else:
        source = _("Reports of schools, reviewed and accepted")
    return Caption(
        source=source,
        last_update=format_date(figure.last_recorded_at.date()) if figure.last_recorded_at else "",
        base=words.base(figure.base, figure.schools_expected),
        provisional=provisional.reason(scope),
        demonstration=figure.demonstration,
    )


def ways_on(key: str, title: str, scope: Scope, measure: Measure, frame: pd.DataFrame) -> None:
    """Show what can be done with a table: open its figure, take it away."""
    ways.tools(key, where_from(measure, title), _table_buttons(key, title, scope, measure, frame))


def _table_buttons(key: str, title: str, scope: Scope, measure: Measure, frame: pd.DataFrame) -> str:
    name = file_name(key, scope, measure)
    return taking.buttons(
        key, lambda: _taken(title, downloads.facts(scope, measure), about(scope), lambda: frame, name), title
    )


def _pictures(shown: Exhibit, made: Drawing, chart: str) -> str:
    return share.picture_buttons(chart, shown.title, _file_name(shown), _defined(shown), made.alternative)


def _cite(shown: Exhibit, scope: Scope) -> str:
    """Return the way to how a picture of a release is cited and, where it is of one measure, put on another page."""
    figure = None
    if shown.measure is not None and shown.key in EMBEDDED:
        figure = FigureKey(scope.initiative, shown.measure.key, scope.area, scope.period.key)
    place = str(ask_registry(catalogue.area_trail, scope.area)["name"].iloc[-1])
    more = [part for part in (place, words.period(scope.period)) if part not in shown.title]
    return citing.of_view(shown.key, ", ".join((shown.title, *more)), scope, figure, EMBEDDED.get(shown.key, "trend"))


def _taken_along(shown: Exhibit) -> downloads.Taken:
    defined = {_("Definition"): _defined(shown)} if shown.definitions else {}
    facts = defined | dict(shown.facts)
    return _taken(shown.title, facts, shown.caption, lambda: shown.frame, _file_name(shown))


def _taken(
    title: str, facts: Mapping[str, str], caption: Caption, frame: Callable[[], pd.DataFrame], name: str
) -> downloads.Taken:
    return downloads.Taken(
        frame,
        lambda: {_("Title"): title} | dict(facts) | downloads.of_caption(caption),
        name,
        demonstration=caption.demonstration,
        address=share.address(),
    )


def _file_name(shown: Exhibit) -> str:
    return shown.file_name or shown.key


def file_name(key: str, scope: Scope, measure: Measure) -> str:
    """Return what a file made of a picture is called, without its ending."""
    return f"{scope.initiative}-{key}-{measure.key}-{scope.area}-{scope.period.key}".replace("/", "-")


def where_from(measure: Measure, of: str = "") -> str:
    """Return the button, as HTML, that opens the panel on where the measure's figure comes from."""
    return ways.button(_("Where does this come from?"), {"figure": measure.key}, icon="account_tree", of=of)


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

    `names` are the columns that name a row, with their headings; a click on a row calls `opens` with its `code`. Of
    many rows the first are shown.
    """
    shown = sent(("table", key, measure.key, scope), scope, lambda: words.table(measure, frame.head(ROWS_SHOWN), names))
    _rows(shown, key, title, frame, code, opens)
    _say_how_many(frame)


def listing(
    key: str,
    title: str,
    scope: Scope,
    measure: Measure,
    frame: pd.DataFrame,
    headings: Mapping[str, str],
    *,
    code: str,
    opens: Callable[[str], None],
    name: Hashable,
) -> None:
    """Show rows that are no figures, to look through and take away; a click on one calls `opens` with its `code`. Of
    many rows the first are shown.

    `name` tells with the scope what they are made of: they are made for the browser once for it.
    """
    st.markdown(bold(title))
    rows = sent(("listing", key, name, scope), scope, lambda: words.under_headings(frame.head(ROWS_SHOWN), headings))
    _rows(rows, key, title, frame, code, opens)
    _say_how_many(frame)
    ways.tools(key, _table_buttons(key, title, scope, measure, frame))


def _table(shown: Exhibit, scope: Scope | None, chart: str) -> None:
    rows = sent(("table", chart, shown.drawn_of, scope), scope, shown.rows)
    _rows(rows, shown.key, shown.title, shown.frame, shown.code, shown.opens, shown.columns)


def _say_how_many(frame: pd.DataFrame) -> None:
    """Say where not all rows of a frame are shown."""
    if len(frame) > ROWS_SHOWN:
        text = _("The first {shown} of {count} rows are shown. The files hold all of them.")
        st.caption(text.format(shown=format_number(ROWS_SHOWN), count=format_number(len(frame))))


def sent(name: Hashable, scope: Scope | None, rows: Callable[[], pd.DataFrame]) -> pa.Table:
    """Return a table in the form in which it goes to the browser, made once for a name: see `of_scope`."""
    return of_scope(("sent", name), scope, lambda: pa.Table.from_pandas(rows(), preserve_index=False))


def _rows(
    rows: pa.Table | pd.DataFrame,
    key: str,
    title: str,
    frame: pd.DataFrame,
    code: str,
    opens: Callable[[str], None] | None,
    columns: Mapping[str, Any] | None = None,
) -> None:
    options: dict[str, Any] = {}
    if opens is not None and code:
        options = {"on_select": lambda: _open_row(f"table-{key}", frame, code, opens), "selection_mode": "single-row"}
    if columns:
        options["column_config"] = dict(columns)
    st.dataframe(rows, key=f"table-{key}", hide_index=True, alt=title, placeholder="", **options)


def _chart(shown: Exhibit, made: Drawing, key: str) -> None:
    options: dict[str, Any] = {}
    opens = shown.opens
    if opens is not None:
        options = {"on_select": lambda: _open_mark(opens, key), "selection_mode": "points"}
    st.plotly_chart(made.figure, key=key, config=CONFIG, alt=made.alternative, **options)


def _footer(shown: Exhibit, *, drawn_too: bool) -> str:
    """Return what stands under a picture: the definition, a chart's note, and under a table what a chart has in it."""
    more = [shown.note] if drawn_too else shown.caption.sentences()
    defined = [f"**{plain(name)}**: {plain(text)}" for name, text in shown.definitions.items()]
    return "  \n".join([*defined, *(plain(line) for line in more if line)])


def _defined(shown: Exhibit) -> str:
    """Return the definitions in plain text."""
    return " ".join(f"{name}: {text}" for name, text in shown.definitions.items())


def _open_mark(opens: Callable[[str], None], key: str) -> None:
    points = st.session_state[key].selection.points
    if points and points[0].get("customdata"):
        code = points[0]["customdata"]
        opens(code if isinstance(code, str) else code[0])


def _open_row(key: str, frame: pd.DataFrame, code: str, opens: Callable[[str], None]) -> None:
    rows = st.session_state[key].selection.rows
    if rows:
        opens(str(frame[code].iloc[rows[0]]))
