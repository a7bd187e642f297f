from charts import funnel
from charts.theme import Caption
from tests.charts.frames import notes, steps

CAPTION = Caption("Reports of schools")
TEACHERS = steps(("Teachers", 1000, False), ("Trained", 600, True), ("Active", 300, False))


def test_steps_are_bars_from_zero_each_with_its_number():
    figure = funnel.funnel(TEACHERS, CAPTION)
    assert figure.data[0].x == (1000, 600, 300)
    assert figure.layout.xaxis.range[0] == 0
    assert {"Teachers: 1,000", "Trained: 600", "Active: 300"} <= set(notes(figure))


def test_nothing_is_subtracted_where_a_step_is_no_part_of_the_one_before():
    texts = notes(funnel.funnel(TEACHERS, CAPTION))
    assert "400 fewer (40.0%)" in texts
    assert "not a part of the step before: no difference" in texts
    assert not [text for text in texts if "300 fewer" in text]


def test_a_step_without_a_value_is_hatched_and_leaves_no_difference():
    frame = steps(("Allocated", 50, False), ("Activated", "suppressed", True))
    figure = funnel.funnel(frame, CAPTION)
    assert list(figure.data[0].marker.pattern.shape) == ["", "/"]
    assert "Activated: withheld" in notes(figure)
    assert not [text for text in notes(figure) if "fewer" in text]


def test_the_words_tell_the_steps_what_is_lost_and_the_base():
    words = funnel.alt_text(TEACHERS)
    assert "Trained: 600 (400 fewer (40.0%))." in words
    assert "Over the schools that reported all steps: 8 of 10 schools." in words
    assert funnel.alt_text(TEACHERS.head(0)) == "No steps."
    assert funnel.funnel(TEACHERS.head(0), CAPTION).layout.height
