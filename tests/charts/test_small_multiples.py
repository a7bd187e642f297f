import pytest

from charts import palette, small_multiples
from charts.theme import Caption, Measure
from tests.charts.frames import notes, panels

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)
THREE = panels({"North": [1, 2, 3], "South": [4, "not_reported", 8], "East": ["suppressed"] * 3})


def test_all_panels_have_one_scale_from_zero():
    layout = small_multiples.panels(THREE, RATE, CAPTION).layout
    assert layout.yaxis.range == layout.yaxis2.range == layout.yaxis3.range
    assert layout.yaxis.range[0] == 0 and layout.yaxis.range[1] > 8


def test_panels_stand_by_their_last_value_and_those_without_one_last():
    assert [unit for unit, _rows in small_multiples.in_order(THREE)] == ["SOUTH", "NORTH", "EAST"]
    texts = notes(small_multiples.panels(THREE, RATE, CAPTION))
    assert [text for text in texts if text in ("8.0%", "3.0%", "withheld")] == ["8.0%", "3.0%", "withheld"]


def test_a_gap_is_open_and_shaded_and_each_point_opens_its_unit():
    figure = small_multiples.panels(THREE, RATE, CAPTION)
    south = next(trace for trace in figure.data if trace.customdata is not None and trace.customdata[0][0] == "SOUTH")
    assert south.y == (4, None, 8) and south.connectgaps is False
    assert sum(shape.fillcolor == palette.GAP for shape in figure.layout.shapes) == 4
    assert south.hovertext[1] == "<b>South</b><br>Sep 2026<br>not reported<br>0 of 10 schools"


def test_months_since_joining_are_counted_and_not_dated():
    figure = small_multiples.panels(THREE, RATE, CAPTION, since_joining=True)
    assert {"0", "month 2"} <= set(notes(figure)) and not any("2026" in note for note in notes(figure))


def test_the_ends_of_time_stand_in_short_lines_so_that_two_fit_under_a_panel():
    written = {note.text for note in small_multiples.panels(THREE, RATE, CAPTION).layout.annotations}
    assert {"Aug<br>2026", "Oct<br>2026"} <= written


def test_more_units_than_fit_are_counted():
    many = panels({f"Area {number}": [number] for number in range(26)})
    assert "2 more in the table" in notes(small_multiples.panels(many, RATE, CAPTION))


def test_where_nobody_is_expected_there_is_no_panel_but_a_name():
    frame = panels({"North": [1, 2, 3], "South": [4, "not_reported", 8], "East": ["not_reported"] * 3})
    frame.loc[frame["unit"] == "EAST", "schools_expected"] = 0
    figure = small_multiples.panels(frame, RATE, CAPTION)
    assert {"North", "South"} <= set(notes(figure)) and "East" not in notes(figure)
    assert "Not expected to report: East." in notes(figure)
    assert "Not expected to report: East." in small_multiples.alt_text(frame, RATE)


def test_the_words_tell_every_course_and_its_gaps():
    words = small_multiples.alt_text(THREE, RATE)
    assert "South: 4.0% to 8.0%. 1 period without a value." in words
    assert "East: no value." in words


@pytest.mark.parametrize("count", [0, 1])
def test_little_is_drawn_without_failing(count: int):
    assert small_multiples.panels(THREE.head(count), RATE, CAPTION).layout.height


def test_a_long_name_stands_in_two_lines_and_not_cut():
    long = panels({"West Kazakhstan Region": [1, 2], "Almaty": [2, 3]})
    written = [note.text for note in small_multiples.panels(long, RATE, CAPTION).layout.annotations]
    assert "West Kazakhstan<br>Region" in written


def test_a_panel_that_begins_later_has_the_ends_of_time_that_all_share():
    later = THREE[(THREE["unit"] != "NORTH") | (THREE["at"] > 0)]
    texts = notes(small_multiples.panels(later, RATE, CAPTION))
    first, last = texts.count("Aug 2026"), texts.count("Oct 2026")
    assert (first, last) == (3, 3) and "Sep 2026" not in texts
