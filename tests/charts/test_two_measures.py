from charts import two_measures
from charts.theme import Caption, Measure
from tests.charts.frames import course, notes, places

CAPTION = Caption("Reports of schools")
BOTH = (Measure("Teacher activation", decimals=1, percent=True), Measure("Messages"))
ACROSS = places({"North": 10.0, "South": 60.0, "East": "not_reported"})
UP = places({"North": 0.0, "South": 5000.0, "East": 70.0})


def test_only_areas_with_both_are_points_and_the_others_are_named():
    figure = two_measures.points(ACROSS, UP, BOTH, CAPTION)
    assert (figure.data[0].x, figure.data[0].y) == ((10, 60), (0, 5000))
    assert [code for (code,) in figure.data[0].customdata] == ["NORTH", "SOUTH"]
    assert "Without one of the two: East" in notes(figure)
    assert figure.layout.xaxis.range[0] == figure.layout.yaxis.range[0] == 0


def test_points_are_told_and_named_directly():
    figure = two_measures.points(ACROSS, UP, BOTH, CAPTION)
    assert figure.data[0].hovertext[1] == "<b>South</b><br>Teacher activation: 60.0%<br>Messages: 5,000"
    assert {"North", "South", "→ Teacher activation", "↑ Messages"} <= set(notes(figure))
    words = two_measures.points_alt_text(ACROSS, UP, BOTH)
    assert "in 2 places" in words and "Highest Messages: South, 5,000." in words


def test_two_courses_have_a_panel_each_and_never_a_second_axis():
    figure = two_measures.panels(course([5, "not_reported", 9]), course([100, 200, "suppressed"]), BOTH, CAPTION)
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]
    assert figure.layout.yaxis.overlaying is None and figure.layout.yaxis2.overlaying is None
    assert figure.layout.yaxis.range[0] == figure.layout.yaxis2.range[0] == 0
    assert all(trace.connectgaps is False for trace in figure.data)
    assert {"not reported", "withheld", "9.0%", "200"} <= set(notes(figure))
    assert "Messages over time" in two_measures.panels_alt_text(course([5]), course([7]), BOTH)


def test_nothing_is_drawn_without_failing():
    assert two_measures.points(ACROSS.head(0), UP.head(0), BOTH, CAPTION).layout.height
    assert two_measures.panels(course([]), course([]), BOTH, CAPTION).layout.height
