"""The methods page says what the code does."""

import re
from pathlib import Path

from analytics.announced import MEASURED_AS
from analytics.longer_periods import AGGREGATION
from data_model.releases import FigureState

METHODS = (Path(__file__).resolve().parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")


def test_the_page_lists_every_claim_that_is_measured_and_no_other():
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| `(\w+)` \|$", METHODS, flags=re.MULTILINE)
    assert {(figure, unit): metric for figure, unit, metric in rows} == MEASURED_AS


def test_the_page_explains_every_state_and_every_kind():
    for state in FigureState:
        assert f"| `{state}` |" in METHODS
    for kind, aggregation in AGGREGATION.items():
        assert re.search(rf"^\| {kind} \|.*\| {aggregation.replace('_', ' ')} \|$", METHODS, flags=re.MULTILINE)
