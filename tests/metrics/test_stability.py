"""The straightness of compounded growth."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from scipy import stats

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.samples import returns_arrays

# empyrical 0.5.5, tests/test_stats.py: test_stability_of_timeseries of mixed_returns and of equal returns.
MIXED = np.array([np.nan, 1, 10, -4, 2, 3, 2, 1, -10]) / 100


def test_the_values_of_empyrical():
    assert metrics.stability(MIXED, nan_policy="omit") == pytest.approx(0.1529973665111273, rel=1e-14)
    assert metrics.stability(np.full(9, 0.01)) == pytest.approx(1.0, rel=1e-15)


def test_four_points_by_hand():
    path = np.log([1.5, 3.0, 1.5, 6.0])  # x about its mean is -1.5, -0.5, 0.5, 1.5
    sxy = -1.5 * path[0] - 0.5 * path[1] + 0.5 * path[2] + 1.5 * path[3]
    syy = sum((value - sum(path) / 4.0) ** 2 for value in path)
    assert metrics.stability([0.5, 1.0, -0.5, 3.0]) == pytest.approx(sxy * sxy / (5.0 * syy), rel=1e-14)


@given(returns_arrays(min_rows=3, max_rows=60))
@examples(60)
def test_it_is_r_squared_of_scipys_regression(values):
    for column, found in zip(values.T, metrics.stability(values), strict=True):
        path = np.cumsum(np.log1p(column))
        if np.ptp(path) < 1e-9:
            continue
        fit = stats.linregress(np.arange(len(path)), path)
        assert 0.0 <= found <= 1.0
        assert found == pytest.approx(fit.rvalue**2, rel=1e-8, abs=1e-10)


def test_a_steady_decline_is_as_stable_as_growth_and_a_wealth_that_stands_still_has_none():
    assert metrics.stability(np.full(50, -0.01)) == pytest.approx(1.0, rel=1e-15)
    assert math.isnan(metrics.stability(np.zeros(50)))
    prices = np.full(51, 100.0)
    prices[::7] *= 1.0 + 2.0**-52
    assert math.isnan(metrics.stability(prices[1:] / prices[:-1] - 1.0))


def test_a_random_walk_has_the_value_that_the_docstring_gives():
    walks = np.expm1(np.random.default_rng(1).normal(0.0, 1e-3, (500, 4000)))
    assert metrics.stability(walks).mean() == pytest.approx(0.44, abs=0.02)


def test_a_total_loss_has_none_and_leaves_other_columns_alone():
    values = np.array([[0.01, 0.02], [-1.0, 0.01], [0.02, 0.03]])
    found = metrics.stability(values)
    assert math.isnan(found[0])
    assert found[1] == metrics.stability(values[:, 1])


def test_two_rows_are_too_few():
    with pytest.raises(InvalidInputError, match="returns needs at least 3 rows, got 2"):
        metrics.stability([0.01, 0.02])


def test_it_rolls_and_has_a_range():
    values = pd.Series(np.random.default_rng(3).normal(0.001, 0.01, 60))
    rolled = metrics.rolling(values, "stability", window=20)
    assert rolled.iloc[-1] == metrics.stability(values.iloc[-20:])
    found = metrics.stability(values, interval=metrics.Bootstrap(0.9, draws=200, rng=1))
    assert 0.0 <= found.lower <= found.upper <= 1.0
