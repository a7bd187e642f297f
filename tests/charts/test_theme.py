import json

import pytest

from access import language
from charts import bars, palette, trend
from charts.theme import Caption, Measure, base_text, ceiling, concrete, shortened
from tests.charts.frames import course, places

RATE = Measure("Teacher activation", decimals=1, percent=True)
FULL = Caption(
    "Reports of schools", "10 Nov 2026", "8 of 10 schools", "2 schools have not reported", demonstration=True
)
DRAWN = {
    "trend": lambda caption: trend.trend(course([10, 20]), RATE, caption),
    "bars": lambda caption: bars.ranked(places({"North": 1}), RATE, caption),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_chart_carries_its_source_base_age_and_whether_it_is_final(name: str):
    text = DRAWN[name](FULL).layout.title.text.replace("<br>", " ")
    for part in ("Reports of schools", "10 Nov 2026", "8 of 10 schools", "Provisional: 2 schools have not reported"):
        assert part in text


@pytest.mark.parametrize("name", DRAWN)
def test_invented_figures_say_demonstration_twice_and_measured_ones_never(name: str):
    invented, measured = DRAWN[name](FULL), DRAWN[name](Caption("Reports of schools"))
    assert "invented, not measured" in invented.layout.title.text
    assert any("DEMONSTRATION" in note.text for note in invented.layout.annotations)
    assert "demonstration" not in measured.to_json().lower()


@pytest.mark.parametrize("name", DRAWN)
def test_a_caption_takes_no_room_from_the_picture(name: str):
    short, long = DRAWN[name](Caption("S")), DRAWN[name](FULL)

    def plot(figure):
        return figure.layout.height - figure.layout.margin.t - figure.layout.margin.b

    assert plot(short) == plot(long) > 0


def test_no_line_of_a_caption_is_wider_than_a_phone():
    long = Caption(
        "A source with a name that is much longer than what fits on one line of a narrow screen", base="8 of 10"
    )
    lines = DRAWN["trend"](long).layout.title.text.removesuffix("</span>").partition(">")[2].split("<br>")
    assert len(lines) > 1 and all(0 < len(line) <= 58 for line in lines)


def test_words_from_outside_are_shown_and_not_run():
    assert "<script>" not in DRAWN["trend"](Caption("<script>alert(1)</script>")).to_json()
    assert "<b onclick" not in bars.ranked(places({"<b onclick=1>": 1}), RATE, FULL).to_json()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_for_a_file_has_real_colours_and_a_clear_ground(theme: str):
    figure = concrete(DRAWN["trend"](FULL), theme)
    written = figure.to_json()
    assert not any(placeholder in written for placeholder in palette.CATEGORICAL)
    assert figure.data[0].line.color == palette.colours(theme)[palette.MAIN]
    assert figure.layout.template.layout.paper_bgcolor == palette.NOTHING


def test_a_figure_stays_small_on_the_wire():
    assert len(json.dumps(json.loads(trend.trend(course([1.5] * 24), RATE, FULL).to_json()))) < 9_000


@pytest.mark.parametrize(
    ("code", "percentage", "count"),
    [("en", "42.3%", "8,412"), ("ru", "42,3\xa0%", "8\xa0412"), ("kk", "42,3%", "8\xa0412")],
)
def test_numbers_are_written_as_the_reader_writes_them(code: str, percentage: str, count: str):
    with language.in_language(code):
        assert (RATE.write(42.3), Measure("Messages").write(8412)) == (percentage, count)


def test_a_base_says_no_more_than_is_known():
    assert base_text(8, 10) == "8 of 10 schools"
    assert base_text(1, 1) == "1 of 1 school"
    assert base_text(None, 10) == "10 schools expected"
    assert base_text(8, None) == ""


@pytest.mark.parametrize(("value", "end"), [(0, 1), (80, 80), (81, 100), (0.3, 0.3), (1234, 1500), (10, 10)])
def test_an_axis_ends_at_a_round_number_at_or_above(value: float, end: float):
    assert ceiling(value) == pytest.approx(end)


def test_a_long_name_is_cut_with_an_ellipsis():
    assert shortened("North Kazakhstan Region", 10) == "North Kaz…"
    assert shortened("Almaty", 10) == "Almaty"


def test_the_kind_of_a_place_goes_short_before_its_name_is_cut():
    assert shortened("Карагандинская область", 20) == "Карагандинская обл."
    assert shortened("Батыс Қазақстан облысы", 20) == "Батыс Қазақстан обл."
    assert shortened("Karaganda Region", 20) == "Karaganda Region"
    assert shortened("Восточно-Казахстанская область", 20) == "Восточно-Казахстанс…"
