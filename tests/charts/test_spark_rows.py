import pandas as pd

from charts import palette, spark_rows
from charts.theme import Caption, Measure
from tests.charts.frames import course, notes

CAPTION = Caption("Reports of schools")
MEASURES = {"teachers": Measure("Teachers"), "rate": Measure("Teacher activation", decimals=1, percent=True)}


def series() -> pd.DataFrame:
    early = course([5, "not_reported", 7]).assign(measure="teachers")
    rate = course(["not_reported", 0, "suppressed"]).assign(measure="rate")
    rate.loc[0, "schools_expected"] = 0
    return pd.concat([early, rate], ignore_index=True)


def test_each_measure_has_its_own_scale_from_zero_and_its_gaps():
    figure = spark_rows.rows(series(), MEASURES, CAPTION)
    assert [trace.y for trace in figure.data] == [(5, None, 7), (None, 0, None)]
    assert all(trace.connectgaps is False for trace in figure.data)
    assert figure.layout.yaxis.range[0] == figure.layout.yaxis2.range[0] == 0


def test_a_month_in_which_nothing_was_expected_is_no_missing_report():
    figure = spark_rows.rows(series(), MEASURES, CAPTION)
    assert sum(shape.fillcolor == palette.GAP for shape in figure.layout.shapes) == 2
    assert figure.data[1].hovertext[0].endswith("not expected to report")
    assert figure.data[1].hovertext[2].endswith("withheld")


def test_the_last_value_stands_beside_its_course_with_its_month_where_it_is_old():
    assert {"7", "0.0%", "Sep 2026"} <= set(notes(spark_rows.rows(series(), MEASURES, CAPTION)))


def test_the_words_tell_every_measure():
    words = spark_rows.alt_text(series(), MEASURES)
    assert "Teachers over time" in words and "Teacher activation over time" in words
    assert spark_rows.rows(series().head(0), MEASURES, CAPTION).layout.height
    assert spark_rows.alt_text(series().head(0), MEASURES) == "No value."
