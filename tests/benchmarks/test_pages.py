"""The measure of the pages measures what it says."""

import base64

import numpy as np
import plotly.graph_objects as go
import pytest

from benchmarks.pages import PAGES, Costs, Result
from benchmarks.reruns import Shown, _points


def test_a_ratio_is_the_median_over_the_rounds():
    bare, small, large = Costs(5, [10, 10, 20]), Costs(50, [20, 30, 50]), Costs(60, [22, 30, 45])
    result = Result(PAGES[0], Shown(), bare, small, large)
    assert result.ratio == pytest.approx(2.5)
    assert result.growth == pytest.approx(1.0)


def test_points_are_counted_however_they_are_written():
    written = base64.b64encode(np.zeros(13)).decode()
    assert (
        _points({"data": [{"x": [1, 2, 3]}, {"y": {"bdata": written, "dtype": "f8"}}, {"x": [1], "y": [1, 2]}]}) == 18
    )
    drawn = go.Figure(go.Scatter(x=np.arange(7), y=np.arange(7.0))).to_dict()
    assert _points(drawn) == 7


def test_the_points_of_a_map_are_those_of_its_outlines_and_of_what_stands_on_it():
    ring = [[0, 0], [0, 1], [1, 1], [0, 0]]
    features = [{"geometry": {"type": "Polygon", "coordinates": [ring]}},
                {"geometry": {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}}]  # fmt: skip
    assert _points({"data": [{"geojson": {"features": features}}, {"lon": [1, 2], "lat": [3, 4]}]}) == 14
