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


COSTS = pd.DataFrame(
    [("teachers_trained", "One teacher trained", D(750_000), 500.0, D(1500), "", D("478.5"), date(2026, 10, 1), 2026),
     ("teachers_active", "One active teacher", None, None, None, "no_money", None, None, None)],
    columns=["measure", "name", "amount", "people", "cost", "reason", "rate", "rate_day", "price_year"],
).assign(currency="KZT", schools_in_base=8, schools_expected=10)  # fmt: skip


def test_a_cost_stands_with_amount_people_rate_and_price_year():
    texts = notes(cost.cost(COSTS, CAPTION))
    assert "One teacher trained: 1,500\xa0KZT" in texts
    assert any("750,000\xa0KZT ÷ 500" in text and "rate 478.5 of 1 Oct 2026" in text and "prices of 2026" in text
               for text in texts)  # fmt: skip


def test_a_cost_of_which_a_side_is_unknown_is_hatched_and_never_zero():
    figure = cost.cost(COSTS, CAPTION)
    assert list(figure.data[0].marker.pattern.shape) == ["", "/"]
    assert figure.data[0].x[1] > 0
    assert "One active teacher: no amount is known" in notes(figure)
    assert "One active teacher: no amount is known" in cost.alt_text(COSTS)
    assert cost.cost(COSTS.head(0), CAPTION).layout.height


CASE = pd.DataFrame({
    "year": [1, 2], "spending": [D(2_000_000), None], "return_low": [D(0), D(1_000_000)],
    "return_high": [D(0), D(5_000_000)],
})  # fmt: skip


def test_a_scenario_shows_spending_from_zero_and_the_bounds_of_what_may_come_back():
    figure = scenario.scenario(CASE, CAPTION, "USD")
    assert figure.data[0].y == (2_000_000, None) and figure.layout.yaxis.range[0] == 0
    assert [trace.y for trace in figure.data[1:]] == [(0, 0), (1_000_000, 5_000_000)]
    assert {"year 1", "year 2"} == set(figure.layout.xaxis.ticktext)


def test_the_words_say_that_it_is_no_forecast():
    words = scenario.alt_text(CASE, "USD")
    assert words.startswith("A scenario, not a forecast.")
    assert "year 2: spending not known, assumed return 1,000,000\xa0USD to 5,000,000\xa0USD." in words
    assert scenario.scenario(CASE.head(0), CAPTION, "USD").layout.height
