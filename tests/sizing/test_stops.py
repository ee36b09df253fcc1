"""Sizes from the distance to a stop and from the average true range."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.datasets import load
from riskresearch.sizing import ATRSizer, FixedRiskSizer
from tests.examples import examples
from tests.samples import fat_tailed

# TTR 0.24.3 of R: ATR(HLC, n = 14, maType = "EMA", wilder = TRUE) of IBM's bars of 2005, rows 15, 16, 100 and 252.
TTR_AVERAGE_TRUE_RANGES = {
    14: 1.3914285714285728,
    15: 1.3491836734693889,
    99: 1.3855368761258535,
    251: 1.1489531496970069,
}
BARS = load("equities_ohlcv").query("symbol == 'IBM' and '2005' <= date < '2006'").set_index("date")


# --- reference values


def test_the_average_true_range_is_that_of_ttr():
    weights = ATRSizer(risk=0.01, multiple=2.0, window=14).weights(BARS["close"], high=BARS["high"], low=BARS["low"])
    assert len(BARS) == 252
    assert (weights.iloc[:14] == 0.0).all()
    for row, expected in TTR_AVERAGE_TRUE_RANGES.items():
        average = 0.01 * BARS["close"].iloc[row] / (2.0 * weights.iloc[row])
        assert average == pytest.approx(expected, rel=1e-12)


def test_hitting_the_stop_loses_the_risk():
    """100 units of money at 1 % risk, stop 5 % away and 0.2 % costs: 0.01 / 0.052; by hand."""
    weights = FixedRiskSizer(risk=0.01, costs=0.002).weights([50.0], stops=[47.5])
    assert weights[0] == pytest.approx(0.01 / 0.052)
    loss = weights[0] * (1.0 - 47.5 / 50.0) + weights[0] * 0.002
    assert loss == pytest.approx(0.01)


def test_units_are_those_of_nautilus_without_costs():
    """NautilusTrader's rule in its documents: units = equity * risk / (distance); 1e6, 1 %, 0.5 apart: 20,000 units."""
    weight = FixedRiskSizer(risk=0.01, max_leverage=5.0).weights([100.0], stops=[99.5])[0]
    assert weight * 1e6 / 100.0 == pytest.approx(20_000.0)


# --- properties


@given(st.floats(0.001, 0.05), st.floats(1.0, 1000.0), st.floats(0.001, 0.5), st.sampled_from([-1.0, 1.0]))
@examples(60)
def test_twice_the_distance_is_half_the_weight_and_money_has_no_unit(risk, price, distance, side):
    sizer = FixedRiskSizer(risk=risk, max_leverage=None)
    weight = sizer.weights([price], stops=[price * (1.0 - side * distance)])[0]
    assert np.sign(weight) == side
    farther = sizer.weights([price], stops=[price * (1.0 - side * min(2.0 * distance, 0.99))])[0]
    if 2.0 * distance < 0.99:
        assert farther == pytest.approx(weight / 2.0, rel=1e-9)
    assert sizer.weights([price * 8.0], stops=[price * (1.0 - side * distance) * 8.0])[0] == weight


def test_twice_the_range_is_half_the_weight():
    close = 100.0 + np.zeros((40, 1))
    spread = 1.0 + np.abs(fat_tailed(40, 1)) * 50.0
    sizer = ATRSizer(window=10, max_leverage=None)
    once = sizer.weights(close, high=close + spread, low=close - spread)
    twice = sizer.weights(close, high=close + 2.0 * spread, low=close - 2.0 * spread)
    np.testing.assert_allclose(twice[10:], once[10:] / 2.0, rtol=1e-12)
    assert (sizer.weights(close, high=close + spread, low=close - spread, signals=-np.ones((40, 1))) == -once).all()


# --- policies and refusals


def test_a_stop_at_the_price_and_a_range_of_zero_give_the_cap():
    assert FixedRiskSizer(max_weight=0.8).weights([100.0], stops=[100.0])[0] == 0.8
    flat = np.full((10, 1), 50.0)
    assert ATRSizer(window=3, max_weight=0.8).weights(flat, high=flat, low=flat)[-1, 0] == 0.8


def test_a_missing_stop_is_no_position_and_a_missing_price_keeps_it():
    sizer = FixedRiskSizer(nan_policy="omit")
    weights = sizer.weights([100.0, np.nan, 100.0], stops=[95.0, 95.0, np.nan])
    assert weights.tolist() == pytest.approx([0.2, 0.2, 0.0])


def test_a_missing_bar_keeps_the_weight_and_is_left_out_of_the_average():
    close, high, low = (BARS[name].to_numpy().copy() for name in ("close", "high", "low"))
    high[100] = np.nan
    sizer = ATRSizer(window=14, nan_policy="omit")
    weights = sizer.weights(close, high=high, low=low)
    assert weights[100] == weights[99]
    kept = np.delete(np.arange(252), 100)
    assert weights[200] == ATRSizer(window=14).weights(close[kept], high=high[kept], low=low[kept])[199]


def test_a_signal_against_its_stop_is_refused():
    with pytest.raises(InvalidInputError, match=r"got a stop of 95 at a price of 100 with signal -1"):
        FixedRiskSizer().weights([100.0], stops=[95.0], signals=[-1.0])
    assert FixedRiskSizer().weights([100.0], stops=[95.0], signals=[0.0])[0] == 0.0
    assert FixedRiskSizer().weights([100.0], stops=[95.0], signals=[0.5])[0] == pytest.approx(0.1)


def test_bars_that_do_not_enclose_the_close_are_refused():
    with pytest.raises(
        InvalidInputError, match=r"high and low must enclose the close, got high 99, low 98 and close 100"
    ):
        ATRSizer().weights([100.0], high=[99.0], low=[98.0])
    with pytest.raises(InvalidInputError, match="low must be positive, got -1"):
        ATRSizer().weights([100.0], high=[101.0], low=[-1.0])


def test_what_is_not_given_is_asked_for():
    with pytest.raises(InvalidInputError, match="stops must be given with each row of prices"):
        FixedRiskSizer().start(1).update([100.0])
    with pytest.raises(InvalidInputError, match="low must be given with each row of close"):
        ATRSizer().start(1).update({"close": [100.0], "high": [101.0]})
    with pytest.raises(InvalidInputError, match="prices must be positive, got 0"):
        FixedRiskSizer().weights([0.0], stops=[1.0])
    dates = pd.bdate_range("2020-01-01", periods=2)
    with pytest.raises(InvalidInputError, match="stops must have the dates of prices"):
        FixedRiskSizer().weights(pd.Series([1.0, 1.0], dates), stops=pd.Series([1.0, 1.0], dates.shift(1)))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: FixedRiskSizer(risk=1.0),
            r"risk must be in \(0, 1\), got 1.0. It is the loss at the stop, a fraction",
        ),
        (lambda: ATRSizer(risk=2), "risk must be in"),
        (lambda: FixedRiskSizer(costs=5.0), r"costs must be in \[0, 1\), got 5.0. 5 basis points are 0.0005"),
        (lambda: FixedRiskSizer(max_weight=0), "max_weight must be positive"),
        (lambda: ATRSizer(multiple=0.0), "multiple must be positive"),
        (lambda: ATRSizer(window=0), "window must be a whole number of at least 1"),
        (lambda: ATRSizer(band=1.0), "band must be in"),
    ],
)
def test_parameters_that_are_none(build, message):
    with pytest.raises(InvalidInputError, match=message):
        build()
