import pandas as pd

from charts import movers
from charts.theme import Caption, Measure
from tests.charts.frames import notes

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)


def changed(*contributions: float) -> pd.DataFrame:
    names = [f"Area {number}" for number in range(len(contributions))]
    return pd.DataFrame({
        "area_code": [name.upper() for name in names], "name": names, "before": 40.0, "now": 42.0,
        "contribution": contributions, "of_rates": 1.0, "of_mix": -0.5,
    })  # fmt: skip


def test_the_largest_contribution_stands_first_whichever_way_it_goes():
    figure = movers.movers(changed(0.2, -1.5, 0.7), RATE, CAPTION)
    assert figure.data[0].x == (-1.5, 0.7, 0.2)
    assert [text for text in notes(figure) if text[0] in "+\u2212"] == ["\u22121.5", "+0.7", "+0.2"]
    assert "Overall change: \u22120.6 points" in notes(figure)


def test_beyond_fifteen_the_others_stand_together():
    figure = movers.movers(changed(*[1.0] * 15, 0.25, 0.25), RATE, CAPTION)
    assert len(figure.data[0].x) == 16 and figure.data[0].x[-1] == 0.5
    assert figure.layout.yaxis.ticktext[-1] == "2 others"


def test_a_bar_opens_its_area_and_tells_from_what_to_what_and_why():
    bar = movers.movers(changed(0.2), RATE, CAPTION).data[0]
    assert list(bar.customdata[0]) == ["AREA 0"]
    assert "40.0% → 42.0%" in bar.hovertext[0] and "by its rate +1.0, by its size \u22120.5" in bar.hovertext[0]


def test_what_cannot_be_told_is_named_and_never_zero():
    frame = changed(0.2, float("nan"))
    figure = movers.movers(frame, RATE, CAPTION)
    assert len(figure.data[0].x) == 1 and "Cannot be told: Area 1." in notes(figure)
    words = movers.alt_text(frame, RATE)
    assert "change in all: +0.2 points" in words and "Cannot be told: Area 1." in words
    assert movers.movers(frame.head(0), RATE, CAPTION).layout.height
    assert "no change can be told" in movers.alt_text(frame.head(0), RATE)


def test_small_contributions_are_written_finely_enough_to_be_no_zero():
    assert "+0.04" in notes(movers.movers(changed(0.04, 0.3), RATE, CAPTION))
