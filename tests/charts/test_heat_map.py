from charts import heat_map
from charts.theme import Caption
from tests.charts.frames import notes, reports

CAPTION = Caption("Reports of schools")
NAN = float("nan")
FRAME = reports(
    ("Whole", True, "2026-09", 20, 75.0, True), ("Whole", True, "2026-10", 20, 40.0, False),
    ("Good", False, "2026-09", 10, 100.0, True), ("Good", False, "2026-10", 10, 80.0, False),
    ("Bad", False, "2026-09", 10, 0.0, True), ("Bad", False, "2026-10", 10, 0.0, False),
    ("New", False, "2026-09", 0, NAN, True), ("New", False, "2026-10", 5, 60.0, False),
)  # fmt: skip


def test_the_whole_stands_on_top_and_the_least_complete_follow():
    names = heat_map.completeness(FRAME, CAPTION).layout.yaxis.ticktext
    assert names == ("<b>Whole</b>", "Bad", "New", "Good")


def test_zero_nobody_expected_and_not_due_are_three_things():
    cells = heat_map.completeness(FRAME, CAPTION).data[0]
    bad, new = 1, 2
    assert list(cells.z[bad]) == [-0.5, None], "zero has a class of its own; what is not due yet has none"
    assert cells.z[new][0] is None
    assert (cells.text[bad][1], cells.text[new][0]) == ("…", "–")


def test_a_cell_opens_its_area_and_month_and_tells_its_counts():
    figure = heat_map.completeness(FRAME, CAPTION)
    marks = figure.data[1]
    told = {tuple(code): text for code, text in zip(marks.customdata, marks.hovertext, strict=True)}
    assert "8 of 10 schools reported" in told["GOOD", "2026-10"]
    assert told["NEW", "2026-09"].endswith("no school was expected")


def test_every_cell_can_be_chosen():
    cells, marks = heat_map.completeness(FRAME, CAPTION).data
    places = [(across, down) for down in cells.y for across in cells.x]
    assert list(zip(marks.x, marks.y, strict=True)) == places
    assert marks.marker.opacity == marks.selected.marker.opacity == marks.unselected.marker.opacity == 0


def test_few_months_have_their_numbers_and_many_do_not():
    assert "75%" in notes(heat_map.completeness(FRAME, CAPTION))
    months = [f"2026-{month:02}" for month in range(1, 11)]
    many = reports(*(("Whole", True, key, 20, 75.0, True) for key in months))
    assert "75%" not in notes(heat_map.completeness(many, CAPTION))


def test_the_words_tell_the_whole_and_the_least_complete():
    words = heat_map.alt_text(FRAME)
    assert "Schools that reported, Whole, October 2026: 40.0%." in words
    assert "Least complete: Bad 0.0%, New 60.0%, Good 80.0%." in words
    assert heat_map.alt_text(FRAME.head(0)) == "No reports were expected."
    assert heat_map.completeness(FRAME.head(0), CAPTION).layout.height
