import math
from datetime import date

import pytest

from access import language
from charts import spark, trend
from charts.theme import Caption, Measure
from tests.charts.frames import course, notes

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)
GAPPED = [10.0, "not_reported", "not_reported", 0.0, "suppressed", 30.5]


def test_a_gap_is_left_open_and_a_zero_is_a_point():
    line = trend.trend(course(GAPPED), RATE, CAPTION).data[0]
    assert line.connectgaps is False
    assert [None if value is None or math.isnan(value) else value for value in line.y] == [
        10,
        None,
        None,
        0,
        None,
        30.5,
    ]


def test_a_missing_value_that_lingers_in_the_frame_is_not_drawn():
    frame = course([10.0, 20.0, 30.0])
    frame.loc[1, "state"] = "suppressed"
    assert math.isnan(trend.trend(frame, RATE, CAPTION).data[0].y[1])
    assert "20.0" not in trend.trend(frame, RATE, CAPTION).data[0].hovertext[1]


def test_periods_without_a_value_are_shaded_together_and_say_why():
    figure = trend.trend(course(GAPPED), RATE, CAPTION)
    assert len(figure.layout.shapes) == 2
    assert {"not reported", "withheld"} <= {note.text for note in figure.layout.annotations}


def test_why_there_is_no_value_lies_where_it_has_room_and_else_stands():
    angles = {note.text: note.textangle for note in trend.trend(course(GAPPED), RATE, CAPTION).layout.annotations}
    assert (angles["not reported"], angles["withheld"]) == (0, -90)


def test_every_point_tells_its_period_value_and_base():
    told = trend.trend(course(GAPPED), RATE, CAPTION).data[0].hovertext
    assert told[-1] == "<b>October 2026</b><br>30.5%<br>8 of 10 schools"
    assert told[1] == "<b>June 2026</b><br>not reported<br>0 of 10 schools"


def test_the_axis_of_values_begins_at_zero():
    assert trend.trend(course([500.0, 510.0]), RATE, CAPTION).layout.yaxis.range[0] == 0


def test_the_last_value_stands_beside_the_line_even_when_the_last_period_has_none():
    notes = [note.text for note in trend.trend(course([10.0, 20.5, "not_reported"]), RATE, CAPTION).layout.annotations]
    assert "<b>20.5%</b>" in notes


def test_a_target_and_a_baseline_have_their_words_and_fit_into_the_picture():
    figure = trend.trend(
        course([10.0, 20.0]),
        RATE,
        CAPTION,
        target=trend.Reference(80, "Target 80%"),
        baseline=trend.Reference(5, "Start"),
    )
    assert {"Target 80%", "Start"} <= {note.text for note in figure.layout.annotations}
    assert figure.layout.yaxis.range[1] > 80


def test_a_provisional_end_is_an_open_point():
    provisional = Caption("Reports", provisional="2 schools have not reported")
    assert trend.trend(course([1.0, 2.0]), RATE, provisional).data[0].marker.symbol == ("circle", "circle-open")
    assert set(trend.trend(course([1.0, 2.0]), RATE, CAPTION).data[0].marker.symbol) == {"circle"}


@pytest.mark.parametrize("count", [1, 5, 6, 24, 60])
def test_few_periods_are_named_and_the_last_always_is(count: int):
    axis = trend.trend(course([1.0] * count), RATE, CAPTION).layout.xaxis
    assert len(axis.ticktext) <= 6
    assert axis.ticktext[-1].startswith("Oct")
    assert "<br>" in axis.ticktext[0]


def test_the_words_name_the_course_and_its_gaps():
    words = trend.alt_text(course(GAPPED), RATE)
    assert "10.0% in May 2026, 30.5% in October 2026" in words
    assert "lowest 0.0% in August 2026" in words
    assert "Without a value: June 2026 (not reported), July 2026 (not reported), September 2026 (withheld)." in words


@pytest.mark.parametrize("told", [[], ["not_reported"], ["suppressed"] * 3])
def test_nothing_at_all_is_drawn_without_failing(told: list):
    frame = course(told)
    assert trend.trend(frame, RATE, CAPTION).layout.height
    assert spark.spark(frame).layout.height
    assert "no value" in trend.alt_text(frame, RATE)


def test_a_trend_speaks_the_readers_language():
    with language.in_language("ru"):
        figure = trend.trend(course([1234.5]), Measure("Сообщения"), CAPTION)
        assert figure.layout.separators[0] == ","
        assert "октябрь 2026" in figure.data[0].hovertext[0]


def test_a_spark_line_leaves_gaps_and_marks_its_last_value_and_lonely_ones():
    drawn = spark.spark(course([1.0, "not_reported", 3.0, "not_reported", 5.0, 6.0, "not_reported"])).data[0]
    assert drawn.connectgaps is False and drawn.hoverinfo == "skip"
    assert drawn.y == (1.0, None, 3.0, None, 5.0, 6.0, None)
    assert drawn.marker.size == (4, 0, 4, 0, 0, 7, 0)


def test_terms_quarters_and_school_years_are_named_short_under_the_picture_and_in_full_in_words():
    days = [date(2025, 9, 1), date(2025, 11, 1), date(2026, 9, 1)]
    _places, texts = trend.ticks(days, ["2025/26-T1", "2025/26-T2", "2026/27-T1"])
    assert texts == ["T1<br>2025/26", "T2", "T1<br>2026/27"]
    assert trend.ticks(days[:1], ["2025-Q3"])[1] == ["Q3<br>2025"]
    assert trend.ticks(days[:1], ["2025/26"])[1] == ["2025/26"]
    assert trend.period_text("2025/26-T1", days[0]) == "term 1 of 2025/26"
    assert trend.period_text("2025-Q3", days[0]) == "Q3 2025"


def test_the_words_name_the_levels_a_course_is_held_against():
    target, baseline = trend.Reference(60, "Target 60.0% by 31 May 2027"), trend.Reference(5, "Baseline 5.0%")
    said = trend.alt_text(course([10.0, 20.0]), RATE, target=target, baseline=baseline)
    assert said.endswith("Target 60.0% by 31 May 2027. Baseline 5.0%.")


def test_what_is_made_of_months_rests_on_reports_and_not_on_schools():
    assert "8 of 10 reports" in trend.told(course([10.0]), RATE, reports=True)[0]
    assert "8 of 10 schools" in trend.told(course([10.0]), RATE)[0]


def test_a_sum_of_a_part_of_its_period_is_open_and_joined_to_nothing():
    figure = trend.trend(course([5.0, 60.0, 8.0]), RATE, CAPTION, in_part=[True, False, True])
    line, alone = figure.data
    assert [math.isnan(value) for value in line.y] == [True, False, True]
    assert (list(alone.y), alone.marker.symbol) == ([5.0, 8.0], "circle-open")


def test_before_a_school_is_expected_nothing_is_missing():
    frame = course(["not_reported", 1.0, 2.0])
    frame.loc[0, "schools_expected"] = 0
    assert "not expected to report" in notes(trend.trend(frame, RATE, CAPTION))
    assert "not expected to report" in trend.alt_text(frame, RATE)
