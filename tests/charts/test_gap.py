import pandas as pd

from charts import gap, palette
from charts.theme import Caption, Measure
from tests.charts.frames import notes

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)
NAN = float("nan")
FRAME = pd.DataFrame(
    [("rural", "Rural", -6.9, -9.8, -4.0, ""), ("kk", "Kazakh", -1.1, -4.0, 1.8, ""),
     ("small", "Small", 14.0, NAN, NAN, "too_few_schools"), ("", "Not known", NAN, NAN, NAN, "no_rate")],
    columns=["group", "name", "gap", "gap_low", "gap_high", "reason"],
).assign(reference_name="Urban", rate=40.2, rate_reference=47.1, schools_in_base=12, schools_in_base_reference=30,
         people=230.0, people_reference=900.0)  # fmt: skip


def test_a_gap_stands_with_its_interval_in_points():
    texts = notes(gap.gaps(FRAME, RATE, CAPTION))
    assert "\u22126.9 points (\u22129.8 to \u22124.0)" in texts and "Rural beside Urban" in texts


def test_a_gap_that_may_be_chance_is_open_and_says_so():
    figure = gap.gaps(FRAME, RATE, CAPTION)
    marks = {trace.customdata[0][0]: trace.marker for trace in figure.data if trace.mode == "markers"}
    assert (marks["rural"].symbol, marks["rural"].color) == ("circle", palette.SECOND)
    assert (marks["kk"].symbol, marks["kk"].color) == ("circle-open", palette.MUTED)
    assert any(text.endswith("may be chance") for text in notes(figure))


def test_too_few_schools_leave_a_gap_without_an_interval_and_no_rate_none():
    figure = gap.gaps(FRAME, RATE, CAPTION)
    assert sum(trace.mode == "lines" for trace in figure.data) == 2
    assert "+14.0 points, too few schools to say how sure" in notes(figure)
    assert "no rate in one of the two" in notes(figure)
    assert "" not in {trace.customdata[0][0] for trace in figure.data if trace.mode == "markers"}


def test_zero_is_in_the_middle_and_both_rates_are_told_with_their_bases():
    figure = gap.gaps(FRAME, RATE, CAPTION)
    assert figure.layout.xaxis.range[0] == -figure.layout.xaxis.range[1]
    told = next(trace.hovertext[0] for trace in figure.data if trace.mode == "markers")
    assert "40.2%, 12 of 12 schools, 230 people" in told and "Urban: 47.1%" in told


def test_the_words_tell_every_gap():
    words = gap.alt_text(FRAME, RATE)
    assert "Rural beside Urban: \u22126.9 points" in words and "Not known beside Urban: no rate" in words
    assert gap.gaps(FRAME.head(0), RATE, CAPTION).layout.height
