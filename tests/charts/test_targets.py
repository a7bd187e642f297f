from datetime import date

import pandas as pd

from charts import targets
from charts.theme import Caption, Measure
from tests.charts.frames import notes

MEASURES = {
    "rate": Measure("Teacher activation", decimals=1, percent=True),
    "count": Measure("Teachers trained"),
}


def aims(*rows):
    columns = ("measure", "name", "value", "state", "baseline", "target", "due_on", "verdict")
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.assign(schools_in_base=8, schools_expected=10)


TWO = aims(
    ("rate", "Teacher activation, Kazakhstan", 50.0, "reported", 5.0, 60.0, date(2027, 5, 31), "at risk"),
    ("count", "Teachers trained, Kazakhstan", float("nan"), "suppressed", float("nan"), 84_000, date(2027, 5, 31), ""),
)


def test_a_bar_runs_from_zero_to_today_and_the_target_stands_at_its_own_place():
    bars, target, baseline = targets.reached(TWO, MEASURES, Caption("Reports")).data
    assert bars.x == (0.5, None)
    assert target.x == (0.6, 84_000 / 100_000)
    assert baseline.x == (0.05, None)


def test_what_is_not_measured_has_no_bar_and_says_why():
    texts = notes(targets.reached(TWO, MEASURES, Caption("Reports")))
    assert "Teachers trained, Kazakhstan: withheld" in texts
    assert "Target 60.0% by 31 May 2027 · baseline 5.0% · at risk" in texts
    assert "Target 84,000 by 31 May 2027" in texts


def test_the_words_tell_value_target_baseline_and_course():
    said = targets.alt_text(TWO, MEASURES)
    assert "Teacher activation, Kazakhstan: 50.0%. Target 60.0% by 31 May 2027 · baseline 5.0% · at risk." in said
