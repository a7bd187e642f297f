import numpy as np
import pandas as pd

from access import language
from charts import funnel_plot, palette
from charts.theme import Caption, Measure
from tests.charts.frames import notes, rates

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)
UNITS = rates(
    ("Alpha", 50, 100, "within"), ("Beta", 20, 80, "below_998"), ("Gamma", 38, 60, "below_95"),
    ("Delta", 70, 40, "above_95"), ("Eta", 90, 90, "above_998"),
)  # fmt: skip


def limits() -> pd.DataFrame:
    people = np.linspace(20, 110, 10)
    sizes = {"95": 1.96, "998": 3.09}
    columns = {f"{side}_{name}": 50 + sign * size * 500 / people for name, size in sizes.items()
               for side, sign in (("low", -1), ("high", 1))}  # fmt: skip
    return pd.DataFrame({"denominator": people, "overall": 50.0, **columns})


def test_those_beyond_the_limits_stand_out_and_point_where_they_lie():
    figure = funnel_plot.funnel_plot(UNITS, limits(), RATE, CAPTION)
    symbols = {trace.customdata[0][0]: trace.marker.symbol for trace in figure.data if trace.mode == "markers"}
    assert symbols == {
        "ALPHA": "circle", "BETA": "triangle-down", "GAMMA": "triangle-down-open", "DELTA": "triangle-up-open",
        "ETA": "triangle-up",
    }  # fmt: skip
    within = next(trace for trace in figure.data if trace.mode == "markers" and trace.customdata[0][0] == "ALPHA")
    assert within.marker.color == palette.MUTED


def test_only_those_far_beyond_are_named_and_no_rank_is_given():
    texts = notes(funnel_plot.funnel_plot(UNITS, limits(), RATE, CAPTION))
    assert {"Beta", "Eta"} <= set(texts)
    assert not {"Alpha", "Gamma", "Delta"} & set(texts)


def test_both_limits_and_the_overall_rate_are_drawn_and_named():
    figure = funnel_plot.funnel_plot(UNITS, limits(), RATE, CAPTION)
    assert sum(trace.mode == "lines" for trace in figure.data) == 5
    assert {"50.0%", "99.8%", "95%"} <= set(notes(figure))


def test_limits_are_named_on_the_side_where_they_have_room():
    close = limits().assign(high_95=99.0, high_998=100.0)
    texts = notes(funnel_plot.funnel_plot(UNITS, close, RATE, CAPTION))
    assert (texts.count("95%"), texts.count("99.8%")) == (1, 2)


def test_the_limits_are_written_as_the_language_writes_numbers():
    with language.in_language("ru"):
        assert "99,8 %" in {note.replace("\N{NO-BREAK SPACE}", " ") for note in notes(
            funnel_plot.funnel_plot(UNITS, limits(), RATE, CAPTION)
        )}  # fmt: skip


def test_a_point_tells_its_rate_and_of_how_many():
    figure = funnel_plot.funnel_plot(UNITS, limits(), RATE, CAPTION)
    told = next(trace.hovertext[0] for trace in figure.data if trace.mode == "markers")
    assert told == "<b>Alpha</b><br>50.0%<br>50 of 100"


def test_the_words_say_who_lies_beyond_and_how_many_do_not():
    words = funnel_plot.alt_text(UNITS, RATE)
    assert "Below the 99.8% limit: Beta." in words and "Above the 95% limit: Delta." in words
    assert "Within the limits, not told apart from chance: 1." in words


def test_nothing_is_drawn_without_failing():
    assert funnel_plot.funnel_plot(UNITS.head(0), limits().head(0), RATE, CAPTION).layout.height
    assert funnel_plot.alt_text(UNITS.head(0), RATE)
