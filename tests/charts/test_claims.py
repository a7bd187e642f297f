import pytest

from charts import claims
from charts.theme import Caption
from tests.charts.frames import claims as rows

CAPTION = Caption("The registry's sources")


def texts(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize(
    ("claim", "words", "symbol"),
    [
        ({"qualifier": "exact"}, "84,000", "circle"),
        ({"qualifier": "at_least"}, "at least 84,000", "triangle-right"),
        ({"qualifier": "at_most"}, "at most 84,000", "triangle-left"),
        ({"qualifier": "about"}, "about 84,000", "circle-open"),
        ({"qualifier": "range", "value": 4, "value_high": 6}, "4 to 6", "line-ns-open"),
    ],
)
def test_a_claim_keeps_its_hedge(claim: dict, words: str, symbol: str):
    figure = claims.announced(rows(claim), CAPTION)
    assert words in texts(figure)
    assert figure.data[0].marker.symbol == symbol


def test_conflicting_claims_stand_side_by_side_and_are_never_summed_or_joined():
    frame = rows({"value": 165_000.0, "population": "offer"}, {"value": 200_000.0, "population": "plan"})
    figure = claims.announced(frame, CAPTION)
    assert {"165,000", "200,000"} <= set(texts(figure))
    assert all(len(mark.x) == 1 for mark in figure.data)
    assert "365,000" not in figure.to_json()


def test_figures_of_different_units_share_no_scale():
    figure = claims.announced(rows({"value": 84_000.0}, {"value": 90.0, "unit": "percent"}), CAPTION)
    # Each is the greatest of its own panel.
    assert [mark.x[0] for mark in figure.data] == [1, 1]
    assert {"<b>Teachers</b>", "<b>Percent</b>"} <= set(texts(figure))


MEASURED = {"measure": "teachers_trained", "measured": 1200.0, "measured_state": "reported"}


def test_what_is_measured_stands_under_its_claim_with_its_base():
    figure = claims.announced(rows(MEASURED), CAPTION)
    assert {"measured 1,200", "October 2026, 8 of 10 schools"} <= set(texts(figure))
    assert figure.data[1].x[0] == pytest.approx(1200 / 84_000)  # on the scale of the claim


def test_an_invented_figure_is_never_called_measured():
    frame = rows(MEASURED | {"demonstration": True})
    drawn = texts(claims.announced(frame, CAPTION))
    assert "demonstration 1,200" in drawn and not any("measured" in text for text in drawn)
    assert "measured" not in claims.alt_text(frame)


@pytest.mark.parametrize(("state", "words"), [("not_reported", "not reported"), ("suppressed", "withheld")])
def test_a_measured_figure_that_is_missing_is_said_in_words(state: str, words: str):
    figure = claims.announced(rows(MEASURED | {"measured": float("nan"), "measured_state": state}), CAPTION)
    assert f"<i>measured: {words}</i>" in texts(figure)
    assert len(figure.data) == 1


def test_every_claim_shows_the_grade_of_its_source():
    figure = claims.announced(rows({"grade": "C", "label": "Teachers trained"}), CAPTION)
    assert "Teachers trained (grade C)" in texts(figure)


def test_a_long_label_stands_in_two_lines_and_keeps_its_date_and_grade():
    label = "Share of those asked who find it useful for their work, 20 May 2026"
    told = " ".join(texts(claims.announced(rows({"label": label, "grade": "A"}), CAPTION)))
    assert "20 May 2026 (grade A)" in told and "…" not in told


def test_the_words_name_every_claim():
    words = claims.alt_text(rows(MEASURED, {"qualifier": "about", "value": 90.0, "unit": "percent"}))
    assert "announced 84,000 teachers; measured 1,200 (October 2026, 8 of 10 schools)" in words
    assert "announced about 90 percent" in words


def test_no_claims_are_drawn_without_failing():
    assert claims.announced(rows({}).head(0), CAPTION).layout.height
    assert claims.alt_text(rows({}).head(0)) == "No announced figure."
