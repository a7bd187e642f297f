from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pytest

from charts import forecast, palette
from charts.theme import Caption, Measure
from data_model.periods import Period
from tests.charts.frames import notes

CAPTION = Caption("Reports of schools")
RATE = Measure("Teacher activation", decimals=1, percent=True)
NAN = float("nan")


def frame() -> pd.DataFrame:
    told = [("measured", 10.0, NAN, NAN), ("measured", NAN, NAN, NAN), ("measured", 30.0, NAN, NAN),
            ("forecast", 40.0, 35.0, 45.0), ("forecast", 50.0, 40.0, 60.0)]  # fmt: skip
    periods = [Period.parse("2026-06").shifted(number) for number in range(len(told))]
    rows = [(one.key, one.starts_on, *row) for one, row in zip(periods, told, strict=True)]
    made = pd.DataFrame(rows, columns=["period", "starts_on", "kind", "value", "low", "high"])
    return made.assign(holidays=False)


@dataclass(frozen=True)
class Shown:
    frame: pd.DataFrame
    refused: str = ""
    model: str | None = "logistic"
    level: float = 0.8
    coverage: float | None = 77.0
    tests: int = 36
    reliable: bool = True
    judged_in: date | None = None
    target: float | None = 55.0
    due: date | None = date(2027, 5, 31)
    verdict: str = "at_risk"


SHOWN = Shown(frame())


def test_what_was_measured_is_solid_with_its_gap_and_what_is_forecast_dashed_in_its_interval():
    figure = forecast.forecast(SHOWN, RATE, CAPTION)
    measured, low, high, ahead = figure.data[:4]
    assert measured.y == (10, None, 30) and measured.connectgaps is False and measured.line.dash is None
    assert ahead.line.dash == "dash" and ahead.y == (30, 40, 50)
    assert (low.y, high.y) == ((30, 35, 40), (30, 45, 60))
    assert (high.fill, high.fillcolor) == ("tonexty", palette.FAINT)


def test_the_end_of_the_forecast_stands_with_its_interval_and_the_target_with_its_date():
    assert {"50.0%", "40.0%", "60.0%", "Target 55.0% by 31 May 2027"} <= set(
        notes(forecast.forecast(SHOWN, RATE, CAPTION))
    )


def test_what_the_interval_was_worth_is_printed_beside_it():
    assert "Interval: 80%; in 36 back-tests it held 77%." in notes(forecast.forecast(SHOWN, RATE, CAPTION))
    assert forecast.sentences(replace(SHOWN, coverage=None))[-1] == "Interval: 80%; not back-tested yet."


@pytest.mark.parametrize("verdict", forecast.VERDICTS)
def test_every_verdict_has_its_words(verdict: str):
    assert forecast.sentences(replace(SHOWN, verdict=verdict))[0] == forecast.VERDICTS[verdict]


def test_too_few_points_draw_the_history_and_say_why_there_is_no_more():
    measured = frame().head(3)
    figure = forecast.forecast(
        Shown(measured, refused="too_few_points", model=None, coverage=None, verdict=""), RATE, CAPTION
    )
    assert not [trace for trace in figure.data if trace.fill]
    assert any(text.startswith("No forecast: too few months") for text in notes(figure))


def test_the_words_tell_the_forecast_the_target_and_the_verdict():
    words = forecast.alt_text(SHOWN, RATE)
    assert "Teacher activation: 30.0% in August 2026." in words
    assert "Forecast for October 2026: 50.0% (40.0% to 60.0%)." in words
    assert "Target: 55.0% by 31 May 2027." in words and "At risk" in words
    nothing = Shown(frame().head(0), refused="no_months", target=None, due=None, verdict="")
    assert forecast.forecast(nothing, RATE, CAPTION).layout.height


def test_holidays_stand_apart_and_nothing_is_forecast_in_them():
    told = [("measured", 30.0, NAN, NAN, False), ("measured", 4.0, NAN, NAN, True), ("measured", 32.0, NAN, NAN, False),
            ("forecast", 40.0, 35.0, 45.0, False), ("forecast", NAN, NAN, NAN, True),
            ("forecast", 50.0, 40.0, 60.0, False), ("forecast", NAN, NAN, NAN, True)]  # fmt: skip
    periods = [Period.parse("2026-06").shifted(number) for number in range(len(told))]
    rows = [(one.key, one.starts_on, *row) for one, row in zip(periods, told, strict=True)]
    columns = ["period", "starts_on", "kind", "value", "low", "high", "holidays"]
    shown = replace(SHOWN, frame=pd.DataFrame(rows, columns=columns), judged_in=date(2026, 11, 1))
    line, rest, *others = forecast.forecast(shown, RATE, CAPTION).data
    assert line.y == (30, None, 32) and rest.y == (4,) and "holidays: left out" in rest.hovertext[0]
    assert [trace.y for trace in others if trace.line.dash == "dash"] == [(32, 40), (50,)]
    words = forecast.sentences(shown)
    assert "Months of holidays are left out (open points): they are not fitted and not forecast." in words
    assert "The target's month lies in holidays: judged by November 2026." in words
    assert "Forecast for November 2026: 50.0% (40.0% to 60.0%)." in forecast.alt_text(shown, RATE)


def test_an_interval_that_is_not_reliable_says_so():
    assert "not reliable" in forecast.sentences(replace(SHOWN, reliable=False))[-1]
    assert not any("reliable" in text for text in forecast.sentences(SHOWN))
