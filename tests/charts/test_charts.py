"""Charts are drawn from small frames, and what they must never do is looked for in the figure itself."""

from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from access import language
from charts import bars, claims, spark, timeline, trend
from charts.theme import Caption, Measure

CAPTION = Caption("Reports of schools", "10 Nov 2026", "2 of 3 schools", demonstration=True)
RATE = Measure("Teacher activation", decimals=1, percent=True)
MONTHS = [date(2026, month, 1) for month in (6, 7, 8, 9)]


@pytest.fixture
def course() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "period": [f"{month:%Y-%m}" for month in MONTHS],
            "starts_on": MONTHS,
            "value": [10.0, np.nan, 0.0, 30.5],
            "state": ["reported", "not_reported", "reported", "reported"],
            "schools_in_base": [2, 0, 2, 2],
            "schools_reporting": [2, 0, 2, 2],
            "schools_expected": [3, 3, 3, 3],
        }
    )


@pytest.fixture
def places() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": ["A", "B", "C", "D", "E"],
            "name": ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"],
            "value": [5.0, np.nan, 40.0, np.nan, 0.0],
            "state": ["reported", "suppressed", "reported", "not_applicable", "reported"],
            "schools_in_base": [1, 0, 3, 0, 1],
            "schools_expected": [2, 2, 3, 1, 1],
        }
    )


def _written_on(figure: go.Figure) -> str:
    return figure.to_json()


def test_a_gap_in_a_trend_is_a_gap_and_a_zero_is_a_point(course: pd.DataFrame) -> None:
    line = trend.trend(course, RATE, CAPTION).data[0]
    assert line.connectgaps is False
    assert np.isnan(line.y[1]) and line.y[2] == 0


def test_a_period_without_a_figure_says_why(course: pd.DataFrame) -> None:
    course.loc[1, "state"] = "suppressed"
    drawn = trend.trend(course, RATE, CAPTION)
    assert "withheld" in drawn.data[0].text[1]
    assert [note.text for note in drawn.layout.annotations if note.text == "withheld"] == ["withheld"]


def test_the_axis_of_a_trend_begins_at_zero(course: pd.DataFrame) -> None:
    assert trend.trend(course, RATE, CAPTION).layout.yaxis.rangemode == "tozero"


def test_a_trend_shows_its_target_and_baseline(course: pd.DataFrame) -> None:
    words = _written_on(trend.trend(course, RATE, CAPTION, target=60.0, baseline=5.0))
    assert "Target 60.0 %" in words and "Baseline 5.0 %" in words


def test_every_point_stands_with_its_base(course: pd.DataFrame) -> None:
    assert "2 of 3 schools" in trend.trend(course, RATE, CAPTION).data[0].text[0]


def test_a_provisional_end_is_a_hollow_point(course: pd.DataFrame) -> None:
    provisional = Caption("Reports", provisional="2 of 3 schools reported")
    assert trend.trend(course, RATE, provisional).data[0].marker.symbol[-1] == "circle-open"
    assert trend.trend(course, RATE, CAPTION).data[0].marker.symbol[-1] == "circle"


@pytest.mark.parametrize(
    "draw", [lambda f, p: trend.trend(f, RATE, CAPTION), lambda f, p: bars.ranked(p, RATE, CAPTION)]
)
def test_a_picture_says_itself_what_it_is(draw, course: pd.DataFrame, places: pd.DataFrame) -> None:  # type: ignore[no-untyped-def]
    words = draw(course, places).layout.title.text
    for part in ("Reports of schools", "10 Nov 2026", "Demonstration"):
        assert part in words


def test_bars_are_ranked_from_zero_and_zero_is_a_bar(places: pd.DataFrame) -> None:
    drawn = bars.ranked(places, RATE, CAPTION)
    assert list(drawn.data[0].y) == ["Gamma", "Alpha", "Epsilon"]
    assert drawn.layout.xaxis.range[0] == 0
    assert drawn.data[0].text[-1] == "0.0 %"


def test_what_has_no_figure_has_words_and_no_bar(places: pd.DataFrame) -> None:
    bar, words = bars.ranked(places, RATE, CAPTION).data
    assert "Beta" not in list(bar.y) and "Delta" not in list(bar.y)
    assert dict(zip(words.y, words.text, strict=True)) == {"Beta": " withheld", "Delta": " not applicable"}


def test_every_bar_and_word_can_be_clicked_by_its_code(places: pd.DataFrame) -> None:
    drawn = bars.ranked(places, RATE, CAPTION, selected="A")
    assert [code for trace in drawn.data for code in trace.customdata] == ["C", "A", "E", "B", "D"]
    assert len(set(drawn.data[0].marker.color)) == 2


def test_a_spark_line_is_silent_and_has_words(course: pd.DataFrame) -> None:
    assert all(trace.hoverinfo == "skip" for trace in spark.spark(course).data)
    assert spark.alt_text(course, RATE) == "Teacher activation: 10.0 % in June 2026, 30.5 % in September 2026."


def test_words_for_those_who_do_not_see_the_picture(course: pd.DataFrame, places: pd.DataFrame) -> None:
    assert trend.alt_text(course, RATE).endswith("1 period has no figure.")
    assert "Gamma 40.0 % is highest, Epsilon 0.0 % lowest. 2 areas have no figure." in bars.alt_text(places, RATE)


def test_nothing_reported_is_drawn_without_failing(course: pd.DataFrame, places: pd.DataFrame) -> None:
    course["value"], course["state"] = np.nan, "not_reported"
    places["value"], places["state"] = np.nan, "not_reported"
    trend.trend(course, RATE, CAPTION)
    bars.ranked(places, RATE, CAPTION)
    spark.spark(course)
    assert "nothing was reported" in trend.alt_text(course, RATE)
    assert "nothing was reported" in bars.alt_text(places, RATE)


@pytest.fixture
def announced() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "qualifier": ["exact", "at_least", "range"],
            "value": [165000.0, 84000.0, 4.0],
            "value_high": [np.nan, np.nan, 6.0],
            "unit": ["teachers", "teachers", "percent_of_gdp"],
            "population": ["educators to be offered", "educators trained", "spending"],
            "measured": [np.nan, 1200.0, np.nan],
        }
    )


def test_claims_of_different_units_share_no_axis(announced: pd.DataFrame) -> None:
    drawn = claims.announced(announced, CAPTION)
    axes = {trace.xaxis for trace in drawn.data if trace.x is not None and 165000.0 in list(trace.x)}
    assert axes.isdisjoint({trace.xaxis for trace in drawn.data if trace.x is not None and 4.0 in list(trace.x)})


def test_claims_keep_their_hedge_and_are_never_joined_or_summed(announced: pd.DataFrame) -> None:
    drawn = claims.announced(announced, CAPTION)
    words = _written_on(drawn)
    assert "at least 84,000" in words and "4 to 6" in words and "249,000" not in words
    lines = [trace for trace in drawn.data if trace.mode == "lines"]
    assert [list(line.x) for line in lines] == [[4.0, 6.0]]  # only the two ends of one claim
    assert "announced at least 84,000, measured 1,200" in claims.alt_text(announced)


def test_a_milestone_promised_and_not_confirmed_is_hollow_not_failed() -> None:
    frame = pd.DataFrame(
        {"title": ["Begun", "Promised"], "due_on": ["", "2026-11"], "achieved_on": ["2026-05-12", ""], "note": ["", ""]}
    )
    drawn = timeline.timeline(frame, CAPTION, date(2026, 11, 23))
    assert [trace.marker.symbol for trace in drawn.data] == ["circle", "circle-open"]
    assert "not confirmed" in drawn.data[1].hovertext[0]
    assert timeline.alt_text(frame) == "2 milestones, 1 done."


def test_charts_speak_the_readers_language(course: pd.DataFrame) -> None:
    language.use("ru")
    assert "сентябрь" in trend.alt_text(course, RATE)
