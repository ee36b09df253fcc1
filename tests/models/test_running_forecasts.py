"""Forecasters: what each forecasts, and what is refused; tests/test_contract_running.py has what all streams share."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.metrics import conditional_value_at_risk, rolling, value_at_risk
from riskresearch.models import EwmaVolatility, RollingVolatility, TailForecaster
from tests.samples import fat_tailed

RETURNS = fat_tailed(60, 2)


def test_the_ewma_is_its_sum_written_out():
    forecasts = EwmaVolatility(halflife=5.0).forecasts(RETURNS)
    weights = 0.5 ** (np.arange(60)[::-1] / 5.0)
    by_hand = np.sqrt((weights[:, None] * RETURNS**2).sum(axis=0) / weights.sum())
    assert forecasts[-1] == pytest.approx(by_hand, rel=1e-13)
    assert np.isnan(forecasts[:4]).all()
    assert np.isfinite(forecasts[4:]).all()


def test_a_rolling_volatility_is_the_deviation_of_the_window():
    forecasts = RollingVolatility(window=9).forecasts(RETURNS)
    assert forecasts[-1] == pytest.approx(RETURNS[-9:].std(axis=0, ddof=1), rel=1e-13)


@pytest.mark.parametrize("measure", [value_at_risk, conditional_value_at_risk])
@pytest.mark.parametrize("method", ["historical", "normal", "student_t", "cornish_fisher"])
@pytest.mark.filterwarnings("ignore")
def test_a_tail_forecast_is_the_measure_of_the_last_rows(measure, method):
    definition = TailForecaster(measure.__name__, level=0.8, method=method, window=30, refit_every=1)
    expected = measure(RETURNS[-30:], level=0.8, method=method)
    assert definition.forecasts(RETURNS)[-1] == pytest.approx(expected, rel=1e-12)


def test_volatility_weighted_history_is_scaled_to_the_volatility_of_today():
    volatility = EwmaVolatility(halflife=4.0).forecasts(RETURNS)
    scaled = 0.01 * RETURNS[1:] / volatility[:-1]
    expected = 100.0 * value_at_risk(scaled[-20:], level=0.8) * volatility[-1]
    found = TailForecaster(level=0.8, method="volatility_weighted", window=20, halflife=4.0).forecasts(RETURNS)
    assert found[-1] == pytest.approx(expected, rel=1e-13)


def test_labels_are_kept_and_a_missing_return_is_left_out():
    frame = pd.DataFrame(RETURNS.copy(), index=pd.bdate_range("2024-01-01", periods=60), columns=["A", "B"])
    frame.iloc[50, 0] = np.nan
    found = RollingVolatility(window=10, min_periods=5).forecasts(frame)
    assert found.index.equals(frame.index)
    assert list(found.columns) == ["A", "B"]
    assert found.iloc[-1, 0] == pytest.approx(frame["A"].iloc[-10:].std(), rel=1e-13)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EwmaVolatility(halflife=0.0), "halflife must be"),
        (lambda: EwmaVolatility(min_periods=0), "min_periods must be"),
        (lambda: RollingVolatility(window=1), "window must be"),
        (lambda: RollingVolatility(window=5, min_periods=6), "min_periods must be at most window=5, got 6"),
        (lambda: TailForecaster("volatility"), "measure must be"),
        (lambda: TailForecaster(level=0.05), "level must be"),
        (lambda: TailForecaster(method="garch"), "method must be"),
        (lambda: TailForecaster(refit_every=0), "refit_every must be"),
    ],
)
def test_mistakes_are_named(make, message):
    with pytest.raises(InvalidInputError, match=message):
        make()


def test_the_state_of_another_forecaster_is_refused():
    state = EwmaVolatility(halflife=6.0).start().to_dict()
    with pytest.raises(InvalidInputError, match=r"got one with halflife=6\.0 where this one has halflife=5\.0"):
        EwmaVolatility(halflife=5.0).resume(state)
    with pytest.raises(InvalidInputError, match="got one with class='EwmaVolatility'"):
        RollingVolatility().resume(state)


def test_an_observation_may_name_its_columns():
    running, twin = (RollingVolatility(window=2).start(("A", "B")) for _ in range(2))
    for row in RETURNS[:3]:
        found = running.update({"B": row[1], "A": row[0]})
        assert np.array_equal(found, twin.update({"returns": row}), equal_nan=True)


def test_the_rolling_forecast_has_the_bits_of_the_rolling_measure():
    found = TailForecaster(level=0.9, window=20).forecasts(RETURNS)
    assert np.array_equal(found, rolling(RETURNS, value_at_risk, window=20, level=0.9), equal_nan=True)
