"""Places beside each other: horizontal bars from zero, ranked, those without a value apart."""

from html import escape

import pandas as pd
import plotly.graph_objects as go

from access.language import _, ngettext
from charts import palette, states
from charts.theme import (
    LETTERS_ON_A_PHONE,
    LINE_HEIGHT,
    SMALL,
    TEXT,
    Caption,
    Measure,
    annotate,
    base_of,
    blank,
    ceiling,
    shortened,
)

ROW_HEIGHT = 27
LETTERS_OF_A_NAME, LETTER_WIDTH, SMALL_LETTER_WIDTH = 27, 8, 6.4
# Beyond this a picture is no picture any more: the table beside it has all.
MOST_BARS = 40


def ranked(
    frame: pd.DataFrame,
    measure: Measure,
    caption: Caption,
    *,
    selected: str | None = None,
    names: str = "name",
    codes: str = "area_code",
) -> go.Figure:
    """Return a bar a row of a frame of figures, the greatest on top; `selected` is the code of the one that stands out.

    Rows without a value come last, hatched over the whole width and saying beside it why: not reported, not applicable
    or withheld. Of whom nothing is expected has no bar and is named below. `customdata` of a bar is its code. At most
    MOST_BARS are drawn; the picture says how many more there are.
    """
    every = in_order(states.as_drawn(frame), names)
    idle = every["state"] == states.NOT_EXPECTED
    ordered = every[~idle]
    shown = ordered.head(MOST_BARS)
    figure = blank(ROW_HEIGHT * max(len(shown), 1))
    reported = (shown["state"] == states.REPORTED).tolist()
    end = ceiling(max([value for value, there in zip(shown["value"], reported, strict=True) if there], default=1.0))
    texts = [states.written(row["value"], row["state"], measure) for row in shown.to_dict("records")]
    figure.add_bar(
        orientation="h",
        y=list(range(len(shown))),
        x=[value if there else end for value, there in zip(shown["value"], reported, strict=True)],
        marker=_marks(shown, reported, selected, codes),
        text=[_inside(text, there) for text, there in zip(texts, reported, strict=True)],
        # On the hatching no word could be read.
        textposition="outside",
        textangle=0,
        textfont={"size": [TEXT if there else SMALL for there in reported]},
        cliponaxis=False,
        customdata=[[code] for code in shown[codes]],
        hovertext=[
            f"<b>{escape(str(name))}</b><br>{escape(text)}<br>{escape(base)}"
            for name, text, base in zip(shown[names], texts, base_of(shown), strict=True)
        ],
        hoverinfo="text",
        width=0.72,
    )
    _name_bars(figure, shown, selected, names, codes)
    # No axis of numbers: every bar is labelled, the longest beyond the plot's edge.
    widths = [LETTER_WIDTH if there else SMALL_LETTER_WIDTH for there in reported]
    longest = max((len(text) * wide for text, wide in zip(texts, widths, strict=True)), default=0)
    figure.update_xaxes(visible=False, range=[0, end])
    figure.update_layout(margin_r=12 + round(longest))
    nobody = states.not_expected(every[names][idle], _beside(shown[names]))
    below = _say_below(figure, len(ordered) - len(shown), nobody)
    return annotate(figure, caption, below=10 + below)


def alt_text(frame: pd.DataFrame, measure: Measure, *, names: str = "name") -> str:
    """Return what the picture shows: how many places, the highest and lowest, and which have no value and why."""
    frame = states.as_drawn(frame)
    reported = in_order(frame[frame["state"] == states.REPORTED], names)
    missing = frame[frame["state"] != states.REPORTED]
    count = ngettext("{measure} in {count} place.", "{measure} in {count} places.", len(frame)).format(
        measure=measure.name, count=len(frame)
    )
    sentences = [count]
    if not reported.empty:
        top, bottom = reported.iloc[0], reported.iloc[-1]
        sentences.append(
            _("Highest: {top} {top_value}. Lowest: {bottom} {bottom_value}.").format(
                top=top[names], top_value=measure.write(top["value"]),
                bottom=bottom[names], bottom_value=measure.write(bottom["value"]),
            )
        )  # fmt: skip
    for state, rows in missing.groupby("state", sort=True):
        listed = ", ".join(sorted(str(name) for name in rows[names]))
        sentences.append(f"{states.in_words(str(state)).capitalize()}: {listed}.")
    return " ".join(sentences)


def in_order(frame: pd.DataFrame, names: str = "name") -> pd.DataFrame:
    """Return the rows as the picture has them: by value, the greatest first, then those without one by name."""
    reported = frame["state"] == states.REPORTED
    top = frame[reported].sort_values(["value", names], ascending=[False, True])
    return pd.concat([top, frame[~reported].sort_values(["state", names])], ignore_index=True)


def _name_bars(figure: go.Figure, shown: pd.DataFrame, selected: str | None, names: str, codes: str) -> None:
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(shown))), ticklabelstandoff=6,
        ticktext=[_name(name, code == selected) for name, code in zip(shown[names], shown[codes], strict=True)],
        range=[len(shown) - 0.5, -0.5],
    )  # fmt: skip


def _marks(shown: pd.DataFrame, reported: list[bool], selected: str | None, codes: str) -> dict[str, object]:
    """Return how the bars look: hatched without a value; when one is selected, the others step back."""
    chosen = [selected is None or code == selected for code in shown[codes]]
    return {
        "color": [palette.MAIN if there else palette.HATCH for there in reported],
        "opacity": [1.0 if one else 0.45 for one in chosen],
        # The hatch takes the bar's colour and leaves the ground clear, in light and dark.
        "pattern": {
            "shape": ["" if there else "/" for there in reported],
            "fillmode": "replace", "bgcolor": palette.NOTHING, "size": 7, "solidity": 0.15,
        },
        "line": {"width": 0},
    }  # fmt: skip


def _inside(text: str, reported: bool) -> str:
    return escape(text) if reported else f"<i>{escape(text)}</i>"


def _name(name: str, is_selected: bool) -> str:
    text = escape(shortened(str(name), LETTERS_OF_A_NAME))
    return f"<b>{text}</b>" if is_selected else text


def _beside(names: "pd.Series[str]") -> int:
    """Return how many letters have room on a phone beside the names, where the plot is."""
    return LETTERS_ON_A_PHONE - min(max((len(str(name)) for name in names), default=0), LETTERS_OF_A_NAME)


def _say_below(figure: go.Figure, left_out: int, idle: str) -> int:
    """Write how many more there are and of whom nothing is expected; return the height of it."""
    more = ngettext("{count} more in the table", "{count} more in the table", left_out).format(count=left_out)
    lines = [*([more] if left_out else []), *idle.splitlines()]
    if not lines:
        return 0
    figure.add_annotation(
        text="<br>".join(escape(line) for line in lines), x=0, xref="paper", xanchor="left", y=0, yref="paper",
        yanchor="top", yshift=-6, align="left", showarrow=False, font={"size": SMALL, "color": palette.QUIET},
    )  # fmt: skip
    return LINE_HEIGHT * len(lines)
