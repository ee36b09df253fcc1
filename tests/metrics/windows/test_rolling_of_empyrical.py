"""Rolling alpha, beta and capture against the tables in empyrical's own tests."""

import functools

import numpy as np
import pytest

from riskresearch import metrics

# empyrical, tests/test_stats.py: test_roll_alpha_beta (its older release, before alpha was compounded to a year; the
# newer one has (1 + alpha / 252)^252 - 1 of the same), test_roll_up_capture and test_roll_down_capture.
MIXED = np.array([np.nan, 1, 10, -4, 2, 3, 2, 1, -10]) / 100
POSITIVE = np.array([1, 2, 1, 1, 1, 1, 1, 1, 1]) / 100
NEGATIVE = np.array([0, -6, -7, -1, -9, -2, -6, -8, -5]) / 100
ALL_NEGATIVE = np.array([-2, -6, -7, -1, -9, -2, -6, -8, -5]) / 100
ALPHA = [-3.81286957, -4.03558719, -2.66915888, -7.8987541]
COMPOUNDED_ALPHA = [-0.97854954, -0.9828927, -0.93166924, -0.99967288]
BETA = [-0.7826087, -0.76156584, -0.61682243, -0.41311475]
CAPTURES = [
    ("up_capture", POSITIVE, [0.00128406, 0.00291564, 0.00171499, 0.0777048]),
    ("up_capture", ALL_NEGATIVE, [-5.88144154e-05, -1.52119182e-04, -1.52119198e-04, -6.89238735e-03]),
    ("down_capture", POSITIVE, [-11.2743862, -11.2743862, -11.2743862, -11.27400221]),
    ("down_capture", ALL_NEGATIVE, [0.92058591, 0.92058591, 0.92058591, 0.99956026]),
]
WINDOW = {"window": 6, "min_periods": 5, "nan_policy": "omit"}
"""Its windows have six rows; in the first one a return is missing."""


def streamed(measure, values, market):
    running = metrics.Online(measure, window=6, min_periods=5, periods_per_year=252).start()
    rows = zip(values.tolist(), market.tolist(), strict=True)
    return np.array([running.update({"returns": own, "benchmark": other}) for own, other in rows])


def test_rolling_alpha_and_beta():
    alpha = metrics.rolling(MIXED, "alpha", benchmark=NEGATIVE, periods_per_year=252, **WINDOW)
    np.testing.assert_allclose(alpha[5:], ALPHA, rtol=0.0, atol=5.1e-9)
    np.testing.assert_allclose((1.0 + alpha[5:] / 252) ** 252 - 1.0, COMPOUNDED_ALPHA, rtol=0.0, atol=5.1e-9)
    beta = metrics.rolling(MIXED, "beta", benchmark=NEGATIVE, **WINDOW)
    np.testing.assert_allclose(beta[5:], BETA, rtol=0.0, atol=5.1e-9)
    assert np.array_equal(streamed("alpha", MIXED, NEGATIVE), alpha, equal_nan=True)


@pytest.mark.parametrize(("name", "values", "expected"), CAPTURES)
def test_rolling_captures_of_annualised_returns(name, values, expected):
    measure = functools.partial(getattr(metrics, name), compounding="annualized")
    found = metrics.rolling(values, measure, benchmark=MIXED, periods_per_year=252, **WINDOW)
    np.testing.assert_allclose(found[5:], expected, rtol=0.0, atol=5.1e-9)
    assert np.array_equal(streamed(measure, values, MIXED), found, equal_nan=True)


@pytest.mark.parametrize("name", ["up_capture", "down_capture"])
def test_the_benchmark_captures_itself(name):
    found = metrics.rolling(MIXED, name, benchmark=MIXED, **WINDOW)
    assert found[5:].tolist() == [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("name", ["alpha", "up_capture", "down_capture", "treynor_ratio", "cdar_beta", "total_risk"])
def test_a_row_without_a_benchmark_is_missing_in_a_stream_as_in_a_history(name):
    values = np.random.default_rng(4).normal(0.001, 0.01, (40, 3))
    values[[3, 17, 18], 2] = np.nan
    values[[9, 17], 0] = np.nan
    own, market = values[:, :2], values[:, 2]
    found = metrics.rolling(own, name, window=8, min_periods=6, benchmark=market, nan_policy="omit")
    running = metrics.Online(name, window=8, min_periods=6).start(2)
    rows = zip(own, market, strict=True)
    assert np.array_equal([running.update({"returns": a, "benchmark": b}) for a, b in rows], found, equal_nan=True)
