import pytest

from charts import bars, palette
from charts.theme import LETTERS_ON_A_PHONE, Caption, Measure
from tests.charts.frames import figures, notes, places

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)
MIXED = places(
    {"Beta": "suppressed", "Alpha": 5.0, "Gamma": 40.0, "Delta": "not_applicable", "Eta": 0.0, "Zeta": "not_reported"}
)


def test_bars_are_ranked_from_zero_and_those_without_a_value_come_last():
    figure = bars.ranked(MIXED, RATE, CAPTION)
    assert list(figure.layout.yaxis.ticktext) == ["Gamma", "Alpha", "Eta", "Delta", "Zeta", "Beta"]
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.yaxis.range == (5.5, -0.5)  # the greatest on top


def test_zero_is_a_bar_of_no_length_with_its_number():
    bar = bars.ranked(MIXED, RATE, CAPTION).data[0]
    assert (bar.x[2], bar.text[2]) == (0, "0.0%")


def test_what_has_no_value_is_hatched_over_the_whole_width_and_says_why():
    bar = bars.ranked(MIXED, RATE, CAPTION).data[0]
    assert list(bar.marker.pattern.shape) == ["", "", "", "/", "/", "/"]
    assert list(bar.text[3:]) == ["<i>not applicable</i>", "<i>not reported</i>", "<i>withheld</i>"]
    assert set(bar.x[3:]) == {40.0}
    assert bar.textposition == "outside"  # no word can be read on the hatching
    assert set(bar.marker.color[3:]) == {palette.HATCH}


def test_a_bar_opens_by_its_code_and_tells_its_base():
    bar = bars.ranked(MIXED, RATE, CAPTION).data[0]
    assert [code for (code,) in bar.customdata] == ["GAMMA", "ALPHA", "ETA", "DELTA", "ZETA", "BETA"]
    assert bar.hovertext[0] == "<b>Gamma</b><br>40.0%<br>8 of 10 schools"


def test_the_selected_one_stands_out():
    figure = bars.ranked(MIXED, RATE, CAPTION, selected="ALPHA")
    assert figure.data[0].marker.opacity == (0.45, 1.0, 0.45, 0.45, 0.45, 0.45)
    assert figure.layout.yaxis.ticktext[1] == "<b>Alpha</b>"


@pytest.mark.parametrize("count", [1, 3, 20, 40])
def test_every_bar_has_room_to_be_read(count: int):
    figure = bars.ranked(places({f"Area {index}": index for index in range(count)}), RATE, CAPTION)
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    assert plot / count == bars.ROW_HEIGHT
    assert figure.layout.height < 1_300


def test_beyond_forty_the_picture_says_how_many_it_leaves_out():
    figure = bars.ranked(places({f"Area {index}": index for index in range(43)}), RATE, CAPTION)
    assert len(figure.data[0].x) == 40
    assert "3 more in the table" in [note.text for note in figure.layout.annotations]


def test_schools_are_drawn_by_their_own_code():
    frame = figures([3, 4], name=["School 1", "School 2"], school_code=["001", "002"])
    assert bars.ranked(frame, RATE, CAPTION, codes="school_code").data[0].customdata[0] == ["002"]


def test_the_words_name_the_ends_and_what_is_missing():
    words = bars.alt_text(MIXED, RATE)
    assert "Teacher activation in 6 places." in words
    assert "Highest: Gamma 40.0%. Lowest: Eta 0.0%." in words
    assert "Withheld: Beta." in words and "Not reported: Zeta." in words and "Not applicable: Delta." in words


@pytest.mark.parametrize("told", [{}, {"Alpha": "not_reported"}])
def test_nothing_reported_is_drawn_without_failing(told: dict):
    assert bars.ranked(places(told), RATE, CAPTION).layout.height
    assert bars.alt_text(places(told), RATE)


def test_of_whom_nothing_is_expected_has_no_bar_and_is_named():
    frame = places({"North": 4.0, "South": "not_reported", "East": "not_reported"})
    frame.loc[frame["name"] == "East", "schools_expected"] = 0
    figure = bars.ranked(frame, RATE, CAPTION)
    assert [code for (code,) in figure.data[0].customdata] == ["NORTH", "SOUTH"]
    assert "Not expected to report: East." in notes(figure)
    assert "Not expected to report: East." in bars.alt_text(frame, RATE)


def test_those_not_expected_are_named_in_lines_that_fit_beside_the_names_on_a_phone():
    frame = places({"A name of twenty letters": 1.0, **{f"District {number}": "not_reported" for number in range(6)}})
    frame.loc[frame["state"] == "not_reported", "schools_expected"] = 0
    written = [note.text for note in bars.ranked(frame, RATE, CAPTION).layout.annotations]
    said = next(text for text in written if text.startswith("Not expected"))
    assert max(map(len, said.split("<br>"))) <= LETTERS_ON_A_PHONE - len("A name of twenty letters")
