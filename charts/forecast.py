"""Where a measure is heading, how sure that is, and what it means for the target; or why nothing is forecast."""

from datetime import date, timedelta
from typing import Any, Protocol

import pandas as pd
import plotly.graph_objects as go

from access.language import N_, _, format_date, format_number, format_percent, ngettext
from charts import palette, trend
from charts.theme import SMALL, TEXT, Caption, Measure, annotate, blank
from charts.writing import told, write, write_below

HEIGHT, AXIS = 300, 50
VERDICTS = {
    "on_course": N_("On course: the whole interval reaches the target."),
    "at_risk": N_("At risk: only the better end of the interval reaches the target."),
    "off_course": N_("Off course: not even the better end of the interval reaches the target."),
    "open": N_("Open: the interval allows no verdict."),
    "too_far": N_("No verdict: the target's date is further away than the forecast was tested."),
}
REFUSED = {
    "too_few_points": N_("No forecast: too few months with a value. Eight are needed."),
    "no_months": N_("No forecast: there is no month to go on from."),
    "not_monthly": N_("No forecast: these reports are not monthly."),
}
MODELS = {
    "logistic": N_("logistic curve"),
    "gompertz": N_("Gompertz curve"),
    "damped_trend": N_("damped trend"),
}


class Forecast(Protocol):
    """What is drawn: `analytics.forecast.Forecast`."""

    @property
    def frame(self) -> pd.DataFrame:
        """Rows of kind measured or forecast: period, starts_on, value, low, high, holidays (left out)."""

    @property
    def refused(self) -> str:
        """Why nothing is forecast; empty where something is."""

    @property
    def model(self) -> str | None:
        """The model that was chosen."""

    @property
    def level(self) -> float:
        """What the interval is meant to hold, as a share."""

    @property
    def coverage(self) -> float | None:
        """What it held in back-tests, in percent."""

    @property
    def tests(self) -> int:
        """How many back-tested months that rests on."""

    @property
    def reliable(self) -> bool:
        """Whether enough starting months were back-tested for what the interval promises."""

    @property
    def judged_in(self) -> date | None:
        """The month for which the forecast was held against the target."""

    @property
    def target(self) -> float | None:
        """The value to be reached."""

    @property
    def due(self) -> date | None:
        """The day by which."""

    @property
    def verdict(self) -> str:
        """The code of the verdict; empty without a target."""


def forecast(shown: Forecast, measure: Measure, caption: Caption) -> go.Figure:
    """Return what was measured as a line, what is forecast as a dashed one in its interval, and the target at its date.

    Months of holidays stand apart: no line passes through them, and nothing is forecast there. The verdict, and how
    often an interval like this one held what came, are written in the picture.
    """
    figure = blank(HEIGHT)
    frame = shown.frame
    measured = frame[frame["kind"] == "measured"]
    ahead = frame[frame["kind"] == "forecast"]
    _history(figure, measured, measure)
    if ahead["value"].notna().any():
        for part in _stretches(_joined(measured, ahead)):
            _fan(figure, part)
        _named(figure, ahead[ahead["value"].notna()], measure)
    highest = max([*frame["value"].dropna(), *frame["high"].dropna(), *([shown.target] if shown.target else [])] or [1])
    days = [*frame["starts_on"], *([shown.due] if shown.due and shown.target is not None else [])]
    if shown.target is not None:
        _target(figure, shown, measure)
    _axes(figure, frame, days, measure, float(highest))
    below = write_below(figure, sentences(shown), 40, left=AXIS - 4, first_bold=bool(shown.verdict))
    return annotate(figure, caption, below=below + 4)


def alt_text(shown: Forecast, measure: Measure) -> str:
    """Return the last measured value, the end of the forecast with its interval, the target, and the verdict."""
    frame = shown.frame
    measured = frame[(frame["kind"] == "measured") & frame["value"].notna()]
    ahead = frame[(frame["kind"] == "forecast") & frame["value"].notna()]
    parts = []
    if not measured.empty:
        last = measured.iloc[-1]
        parts.append(_("{measure}: {value} in {period}.").format(
            measure=measure.name, value=measure.write(last["value"]), period=_period(last)
        ))  # fmt: skip
    if not ahead.empty:
        end = ahead.iloc[-1]
        parts.append(_("Forecast for {period}: {value} ({low} to {high}).").format(
            period=_period(end), value=measure.write(end["value"]), low=measure.write(end["low"]),
            high=measure.write(end["high"]),
        ))  # fmt: skip
    if shown.target is not None and shown.due is not None:
        parts.append(_("Target: {value} by {date}.").format(
            value=measure.write(shown.target), date=format_date(shown.due)
        ))  # fmt: skip
    return " ".join([*parts, *sentences(shown)])


def sentences(shown: Forecast) -> list[str]:
    """Return what is said under the picture: the verdict, the model, and what its interval was worth in back-tests."""
    if shown.refused:
        return [_(REFUSED.get(shown.refused, REFUSED["no_months"])), *_of_holidays(shown)]
    said = [_(VERDICTS[shown.verdict])] if shown.verdict in VERDICTS else []
    level = format_percent(shown.level, 0)
    if shown.model:
        model = _(MODELS[shown.model]) if shown.model in MODELS else shown.model
        said.append(_("Model: {model}, chosen by back-test.").format(model=model))
    if shown.coverage is None:
        said.append(_("Interval: {level}; not back-tested yet.").format(level=level))
    else:
        text = ngettext(
            "Interval: {level}; in {count} back-test it held {coverage}.",
            "Interval: {level}; in {count} back-tests it held {coverage}.",
            shown.tests,
        )
        held = format_percent(shown.coverage / 100, 0)
        said.append(text.format(level=level, count=format_number(shown.tests), coverage=held))
    if not shown.reliable:
        said.append(_("The interval is not reliable: it was tested from too few months."))
    return [*said, *_of_holidays(shown)]


def _of_holidays(shown: Forecast) -> list[str]:
    """Return which months are left out, and by which month a target was judged whose own is one of them."""
    frame = shown.frame
    if not frame["holidays"].any():
        return []
    said = [_("Months of holidays are left out (open points): they are not fitted and not forecast.")]
    due = frame.iloc[-1]
    if shown.verdict in VERDICTS and shown.judged_in is not None and due["holidays"]:
        judged = frame[frame["starts_on"] == shown.judged_in].iloc[0]
        text = _("The target's month lies in holidays: judged by {period}.")
        said.append(text.format(period=_period(judged)))
    return said


def _history(figure: go.Figure, measured: pd.DataFrame, measure: Measure) -> None:
    """Draw what was measured: a line through what is fitted, open points for months of holidays."""
    fitted, rest = measured["value"].where(~measured["holidays"]), measured[measured["holidays"]]
    figure.add_scatter(
        x=list(measured["starts_on"]), y=_plain(fitted), mode="lines+markers", connectgaps=False,
        line={"color": palette.MAIN, "width": 2.5}, marker={"size": 5, "color": palette.MAIN}, hoverinfo="text",
        hovertext=[
            told(_period(row), _("no value") if pd.isna(row["value"]) else measure.write(row["value"]))
            for row in measured.to_dict("records")
        ],
    )  # fmt: skip
    if rest["value"].notna().any():
        figure.add_scatter(
            x=list(rest["starts_on"]), y=_plain(rest["value"]), mode="markers", hoverinfo="text",
            marker={"size": 6, "color": palette.QUIET, "symbol": "circle-open"},
            hovertext=[
                told(_period(row), measure.write(row["value"]), _("holidays: left out"))
                for row in rest.to_dict("records") if pd.notna(row["value"])
            ],
        )  # fmt: skip


def _joined(measured: pd.DataFrame, ahead: pd.DataFrame) -> pd.DataFrame:
    """Return the forecast begun at the last fitted value, so that line and fan open there: not across holidays."""
    last = measured.tail(1)
    if last["value"].isna().any() or last["holidays"].any():
        return ahead
    start = last.assign(low=last["value"], high=last["value"])
    return pd.concat([start, ahead], ignore_index=True) if len(start) else ahead


def _stretches(joined: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the parts of the forecast between holidays."""
    has_value = joined["value"].notna()
    number = (has_value != has_value.shift()).cumsum()
    return [part for _number, part in joined[has_value].groupby(number[has_value])]


def _fan(figure: go.Figure, part: pd.DataFrame) -> None:
    days = list(part["starts_on"])
    edge = {"width": 0}
    figure.add_scatter(x=days, y=_plain(part["low"]), mode="lines", line=edge, hoverinfo="skip")
    figure.add_scatter(
        x=days, y=_plain(part["high"]), mode="lines", line=edge, fill="tonexty", fillcolor=palette.FAINT,
        hoverinfo="skip",
    )  # fmt: skip
    figure.add_scatter(
        x=days, y=_plain(part["value"]), mode="lines", line={"color": palette.MAIN, "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )  # fmt: skip


def _named(figure: go.Figure, ahead: pd.DataFrame, measure: Measure) -> None:
    """Draw each forecast month's point, and write the last one's value and interval beside it."""
    figure.add_scatter(
        x=list(ahead["starts_on"]), y=_plain(ahead["value"]), mode="markers", hoverinfo="text",
        marker={"size": 5, "color": palette.MAIN, "symbol": "circle-open"},
        hovertext=[
            told(
                _period(row),
                _("forecast {value}").format(value=measure.write(row["value"])),
                _("{low} to {high}").format(low=measure.write(row["low"]), high=measure.write(row["high"])),
            )
            for row in ahead.to_dict("records")
        ],
    )  # fmt: skip
    end = ahead.iloc[-1]
    for column, bold in (("high", False), ("value", True), ("low", False)):
        write(
            figure, measure.write(end[column]), end["starts_on"], end[column], xanchor="left", xshift=6,
            size=TEXT if bold else SMALL, colour=palette.MAIN if bold else palette.QUIET, bold=bold,
            yshift={"high": 3, "value": 0, "low": -3}[column],
        )  # fmt: skip


def _target(figure: go.Figure, shown: Forecast, measure: Measure) -> None:
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=shown.target, y1=shown.target,
        line={"color": palette.SECOND, "width": 1.5, "dash": "dash"},
    )  # fmt: skip
    target = measure.write(float(shown.target or 0))
    text = _("Target {value}").format(value=target)
    if shown.due is not None:
        text = _("Target {value} by {date}").format(value=target, date=format_date(shown.due))
        figure.add_scatter(
            x=[shown.due], y=[shown.target], mode="markers", hoverinfo="text", hovertext=[told(text)], cliponaxis=False,
            marker={"symbol": "diamond", "size": 10, "color": palette.SECOND},
        )  # fmt: skip
    write(figure, text, 0, shown.target, xref="paper", xanchor="left", yanchor="bottom", colour=palette.SECOND)


def _axes(figure: go.Figure, frame: pd.DataFrame, days: list[date], measure: Measure, highest: float) -> None:
    # Named up to the target's date, which may lie beyond the forecast.
    months = list(frame["starts_on"])
    while months and max(days) > months[-1]:
        months.append((months[-1].replace(day=1) + timedelta(days=32)).replace(day=1))
    positions, texts = trend.ticks(months, [f"{month:%Y-%m}" for month in months])
    if days:
        room = max((max(days) - min(days)) * 0.03, timedelta(days=6))
        figure.update_xaxes(range=[min(days) - room, max(days) + room])
    figure.update_xaxes(tickmode="array", tickvals=positions, ticktext=texts, tickangle=0)
    top = highest * 1.12 or 1
    figure.update_yaxes(
        range=[0, top], showgrid=True, gridcolor=palette.FAINT, nticks=5,
        ticksuffix="%" if measure.percent else "", tickformat=None if measure.percent else ",~f",
    )  # fmt: skip
    figure.update_yaxes(automargin=False)
    figure.update_layout(margin_l=AXIS, margin_r=62, hovermode="closest")


def _period(row: Any) -> str:
    return trend.period_text(str(row["period"]), row["starts_on"])


def _plain(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]
