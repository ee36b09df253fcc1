"""Each rolling value is the measure of its window, to the last bit."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import rolling_sharpe_ratio, rolling_volatility, sharpe_ratio, volatility
from tests.reference import published
from tests.samples import fat_tailed, returns_arrays

PAIRS = ((rolling_volatility, volatility), (rolling_sharpe_ratio, sharpe_ratio))
MONTHS = pd.DatetimeIndex(published.EDHEC_DATES)
EDHEC = pd.DataFrame(published.EDHEC, index=MONTHS)

each_pair = pytest.mark.parametrize(("rolling", "whole"), PAIRS, ids=["volatility", "sharpe_ratio"])


@each_pair
def test_the_window_of_all_rows_is_the_whole_sample(rolling, whole):
    assert rolling(EDHEC, window=152).iloc[-1].tolist() == whole(EDHEC).tolist()
    assert rolling(EDHEC, window=152).iloc[:-1].isna().all(axis=None)


def test_the_last_year_of_edhec_equals_pandas_rolling_deviation():
    ours = rolling_volatility(EDHEC, window=12)
    pd.testing.assert_frame_equal(ours, EDHEC.rolling(12).std() * 12**0.5, rtol=1e-9)


@given(returns_arrays(min_rows=4, max_rows=30), st.integers(2, 12))
@settings(max_examples=40)
def test_each_value_is_the_measure_of_its_window_to_the_last_bit(returns, window):
    window = min(window, len(returns))
    for rolling, whole in PAIRS:
        result = rolling(returns, window=window)
        assert result.shape == returns.shape
        assert np.isnan(result[: window - 1]).all()
        for row in range(window - 1, len(returns)):
            assert np.array_equal(result[row], whole(returns[row - window + 1 : row + 1]), equal_nan=True)


@pytest.mark.parametrize("window", [2, 21, 252])
@each_pair
def test_so_is_each_value_of_a_long_series(rolling, whole, window):
    returns = fat_tailed(400, 1)[:, 0]
    result = rolling(returns, window=window)
    expected = [whole(returns[row - window + 1 : row + 1]) for row in range(window - 1, 400)]
    assert result[window - 1 :].tolist() == expected


def test_a_moving_rate_moves_with_the_window():
    returns, rates = np.array(published.RELATIVE_RETURNS), np.array(published.RELATIVE_RISK_FREE)
    result = rolling_sharpe_ratio(returns, window=4, risk_free=rates, periods_per_year=12)
    for row in range(3, 10):
        rows = slice(row - 3, row + 1)
        assert result[row] == sharpe_ratio(returns[rows], risk_free=rates[rows], periods_per_year=12)


@given(returns_arrays(min_rows=6, max_rows=30), st.integers(2, 5), st.integers(0, 20))
def test_the_future_does_not_change_one_bit_of_the_past(returns, window, dropped):
    kept = max(window, len(returns) - dropped)
    changed = returns.copy()
    changed[kept:] = 0.25
    for rolling, _ in PAIRS:
        whole = rolling(returns, window=window)[:kept]
        assert np.array_equal(rolling(returns[:kept], window=window), whole, equal_nan=True)
        assert np.array_equal(rolling(changed, window=window)[:kept], whole, equal_nan=True)


@each_pair
def test_a_crash_is_forgotten_entirely_when_it_leaves_the_window(rolling, whole):
    """A running sum would carry the crash's rounding error on for ever."""
    returns = fat_tailed(60, 1)[:, 0] * 1e-6
    crashed = returns.copy()
    crashed[10] = -0.9
    assert rolling(crashed, window=5)[15:].tolist() == rolling(returns, window=5)[15:].tolist()


def test_equal_returns_within_a_window_have_zero_volatility_and_no_ratio():
    returns = [0.1, -0.2, 0.1, 0.1, 0.1, 0.3]
    assert rolling_volatility(returns, window=3)[4] == 0.0
    assert [math.isnan(value) for value in rolling_sharpe_ratio(returns, window=3)] == [
        True,
        True,
        False,
        False,
        True,
        False,
    ]


@each_pair
def test_periods_are_those_of_the_dates_whatever_the_window(rolling, whole):
    assert rolling(EDHEC, window=36).equals(rolling(EDHEC, window=36, periods_per_year=12))
    with pytest.warns(ConventionWarning, match=r"periods_per_year=36 was given, but the dates show 12"):
        rolling(EDHEC, window=36, periods_per_year=36)


@each_pair
def test_labels_are_those_of_the_input(rolling, whole):
    result = rolling(EDHEC, window=12)
    pd.testing.assert_index_equal(result.index, MONTHS)
    pd.testing.assert_index_equal(result.columns, EDHEC.columns)
    assert rolling(EDHEC["cta_global"], window=12).name == "cta_global"
    polars = pl.DataFrame({"date": MONTHS.to_numpy().astype("M8[D]"), **published.EDHEC})
    assert rolling(polars, window=12).columns == polars.columns
    assert rolling(polars, window=12)["cta_global"].to_list()[11:] == result["cta_global"].tolist()[11:]


@pytest.mark.parametrize("window", [1, 0, -3, 2.0, "12", None, True])
@each_pair
def test_a_window_is_a_whole_number_of_at_least_two(rolling, whole, window):
    with pytest.raises(InvalidInputError, match=r"window must be a whole number of at least 2, got "):
        rolling(EDHEC, window=window)


@each_pair
def test_a_window_longer_than_the_data_is_refused(rolling, whole):
    with pytest.raises(InvalidInputError, match=r"window must be at most the 152 rows of returns, got 153"):
        rolling(EDHEC, window=153)


@each_pair
def test_missing_values_are_refused(rolling, whole):
    holed = EDHEC.copy()
    holed.iloc[5, 1] = np.nan
    with pytest.raises(InvalidInputError, match=r"returns has 1 non-finite value, the first at 1997-06-30 in column"):
        rolling(holed, window=12)
