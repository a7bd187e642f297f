"""The pictures of money: flows, totals over time, unit costs, an investment case."""

from datetime import date
from decimal import Decimal as D

import pandas as pd

from charts import cost, palette, planned_disbursed, sankey, scenario
from charts.theme import Caption
from tests.charts.frames import notes

CAPTION = Caption("Published transactions")
FLOWS = pd.DataFrame(
    [
        ("Fund A", "Rollout", "Academy", D(600), D(600), "KZT"),
        ("Fund A", "Rollout", "Academy", D(150), D(150), "KZT"),
        ("Fund A", "Rollout", None, D(250), D(250), "KZT"),
        ("Fund A", None, "<script>", D(100), D(100), "KZT"),
        ("Fund A", "Rollout", "Academy", D(3_000_000), None, "USD"),
    ],
    columns=["fund_name", "initiative_name", "recipient", "amount", "converted", "currency"],
)
FLOWS = FLOWS.assign(kind="commitment", fund="a", initiative=FLOWS["initiative_name"])


def test_a_flow_is_as_wide_as_its_amount_and_labelled():
    figure = sankey.sankey(FLOWS, CAPTION, "KZT")
    wide = {trace.text: trace.y[-1] - trace.y[0] for trace in figure.data}
    academy, unknown = (wide[f"<b>Rollout → {end}</b><br>{amount}\xa0KZT"]
                        for end, amount in (("Academy", "750"), ("recipient not known", "250")))  # fmt: skip
    assert abs(academy / unknown - 3) < 0.05
    assert "Academy 750 KZT" in notes(figure)


def test_what_is_not_known_is_grey_and_says_so():
    figure = sankey.sankey(FLOWS, CAPTION, "KZT")
    assert sum(shape.fillcolor == palette.MUTED for shape in figure.layout.shapes) == 2
    assert any("recipient not" in text for text in notes(figure))


def test_an_amount_without_a_rate_is_named_and_not_drawn():
    figure = sankey.sankey(FLOWS, CAPTION, "KZT")
    assert "1 flow without an exchange rate is not drawn: 3M USD" in notes(figure)
    words = sankey.alt_text(FLOWS, "KZT")
    assert "Rollout → Academy: 750\xa0KZT." in words and "3M USD" in words
    assert "<script>" not in figure.to_json()


def test_no_flows_are_drawn_without_failing():
    assert "No amount to draw" in notes(sankey.sankey(FLOWS.head(0), CAPTION, "KZT"))
    assert sankey.alt_text(FLOWS.head(0), "KZT") == "No flows of money."


MONTHS = pd.DataFrame({
    "month": ["2026-08", "2026-09", "2026-10"], "starts_on": [date(2026, month, 1) for month in (8, 9, 10)],
    "committed_total": [D(1000), D(1000), D(4000)], "disbursed_total": [D(0), D(500), D(1000)],
    "spent_total": [D(0), D(0), D(0)],
})  # fmt: skip


def test_totals_rise_in_steps_from_zero_each_named_at_its_end():
    figure = planned_disbursed.planned_disbursed(MONTHS, CAPTION, "KZT")
    assert [trace.line.shape for trace in figure.data] == ["hv", "hv"], "nothing was spent: no line on the ground"
    assert figure.layout.yaxis.range[0] == 0
    assert {"committed 4K KZT", "disbursed 1K KZT"} <= set(notes(figure))


def test_the_words_tell_what_share_was_paid_out():
    words = planned_disbursed.alt_text(MONTHS, "KZT")
    assert "By October 2026:" in words and "Disbursed of committed: 25.0%." in words
    assert planned_disbursed.alt_text(MONTHS.head(0), "KZT") == "No money was recorded."
    assert planned_disbursed.planned_disbursed(MONTHS.head(0), CAPTION, "KZT").layout.height


COSTS = pd.DataFrame({
    "measure": ["teachers_trained", "teachers_active"], "name": ["One teacher trained", "One active teacher"],
    "amount": [D(750_000), None], "people": [500.0, None], "cost": [D(1500), None], "reason": ["", "no_money"],
    "rate_first_day": [date(2026, 10, 1), None], "rate_last_day": [date(2026, 11, 2), None],
    "rate_sources": ["National Bank", ""], "price_year_first": [2025, None], "price_year_last": [2026, None],
}).assign(currency="KZT", schools_in_base=8, schools_expected=10)  # fmt: skip


def test_a_cost_stands_with_amount_people_rate_and_price_year():
    texts = notes(cost.cost(COSTS, CAPTION))
    assert "One teacher trained: 1,500\xa0KZT" in texts
    rates = "rates of 1 Oct 2026 to 2 Nov 2026 (National Bank)"
    below = next(text for text in texts if "750,000\xa0KZT ÷ 500" in text)
    assert rates in below and "prices of 2025–2026" in below


def test_a_cost_of_which_a_side_is_unknown_is_hatched_and_never_zero():
    figure = cost.cost(COSTS, CAPTION)
    assert list(figure.data[0].marker.pattern.shape) == ["", "/"]
    assert figure.data[0].x[1] > 0
    assert "One active teacher: no amount is known" in notes(figure)
    assert "One active teacher: no amount is known" in cost.alt_text(COSTS)
    assert cost.cost(COSTS.head(0), CAPTION).layout.height


CASE = pd.DataFrame({
    "year": [1, 2, 3], "spending_total": [D(2_000_000), D(4_000_000), D(4_000_000)],
    "returned_total": [D(0), D(1_000_000), D(5_000_000)],
})  # fmt: skip


def test_a_scenario_shows_what_is_spent_and_what_comes_back_on_one_scale_from_zero():
    figure = scenario.scenario(CASE, CAPTION, "USD", breaks_even_in=3)
    assert [trace.y[-1] for trace in figure.data] == [4_000_000, 5_000_000]
    assert figure.layout.yaxis.range[0] == 0 and [shape.x0 for shape in figure.layout.shapes] == [3]
    assert {"spent 4M USD", "come back 5M USD"} <= set(notes(figure))


def test_moved_assumptions_are_a_band():
    figure = scenario.scenario(CASE, CAPTION, "USD", least=CASE, most=CASE)
    assert sum(trace.fill == "tonexty" for trace in figure.data) == 2
    assert any(text.startswith("Within 3 years less comes back") for text in notes(figure))


def test_the_words_say_that_it_is_no_forecast():
    words = scenario.alt_text(CASE, "USD", breaks_even_in=3)
    assert words.startswith("A scenario, not a forecast.")
    assert "By year 3: spent 4,000,000\xa0USD, come back 5,000,000\xa0USD." in words
    assert "In year 3 as much has come back as was spent" in words
    assert scenario.scenario(CASE.head(0), CAPTION, "USD").layout.height
