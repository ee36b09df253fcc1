"""Wealth that a double cannot hold: drawdowns are those of exact arithmetic, and the wealth itself is refused."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.kernels.compiled import _drawdown
from riskresearch.metrics import Online
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED
from tests.samples import of_any_size

MOVES = (-1.0 + 2.0**-52, -0.999999, -0.9, -0.5, -0.01, 0.0, 0.01, 1.0, 9.0, 1e6, 1e100, 1e200, 1.7e308)
LONG = np.append(np.full(800_000, 0.001), -0.5)


def exact_path(returns):
    """Return the drawdown after each row in rational arithmetic."""
    wealth = peak = Fraction(1)
    path = []
    for value in returns:
        wealth *= 1 + Fraction(float(value))
        peak = max(peak, wealth)
        path.append(float((peak - wealth) / peak))
    return np.array(path)


runs = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(1, 30)), min_size=1, max_size=8)


def unrolled(drawn):
    """Return the moves as returns that a double adds 1 to exactly, so that the exact path is of the same numbers."""
    returns = np.concatenate([np.full(count, move) for move, count in drawn])
    return (1.0 + returns) - 1.0


@of_any_size
@given(runs)
@examples(60)
def test_drawdowns_are_those_of_exact_arithmetic_however_far_wealth_goes(drawn):
    returns = unrolled(drawn)
    expected = exact_path(returns)
    np.testing.assert_allclose(metrics.drawdown(returns), expected, rtol=1e-12, atol=1e-13)
    assert metrics.max_drawdown(returns) == pytest.approx(expected.max(), rel=1e-12, abs=1e-13)
    assert metrics.pain_index(returns) == pytest.approx(expected.mean(), rel=1e-12, abs=1e-13)
    assert metrics.ulcer_index(returns) == pytest.approx(np.sqrt((expected**2).mean()), rel=1e-12, abs=1e-13)


@of_any_size
@given(runs, st.integers(2, 40))
@examples(40)
def test_rolling_drawdowns_are_those_of_exact_arithmetic_however_far_wealth_goes(drawn, window):
    returns = unrolled(drawn)
    rows = len(returns)
    if window > rows:
        return
    expected = [exact_path(returns[end - window : end]).max() for end in range(window, rows + 1)]
    found = metrics.rolling(returns, "max_drawdown", window=window)
    np.testing.assert_allclose(found[window - 1 :], expected, rtol=1e-12, atol=1e-13)
    if returns.max() < 1e100:  # a stream takes no more
        running = Online("max_drawdown", window=window).start()
        streamed = [running.update(value) for value in returns]
        assert np.array_equal(streamed, found, equal_nan=True)


@given(runs, st.integers(1, 3))
@examples(15)
def test_the_kernel_has_the_bits_of_plain_python_beyond_a_double(drawn, columns):
    returns = np.column_stack([unrolled(drawn)] * columns)
    with np.errstate(all="ignore"):
        slow = UNCOMPILED["_drawdown"].drawdown_path(returns)
    assert np.array_equal(_drawdown.drawdown_path(returns).view(np.int64), slow.view(np.int64))


def test_a_fall_by_half_after_two_thousand_years_of_growth_is_half():
    """800,000 rows of +0.1 % make 10^347; by hand: one drawdown of 0.5 on the last row."""
    assert metrics.max_drawdown(LONG) == 0.5
    assert metrics.average_drawdown(LONG) == 0.5
    assert metrics.conditional_drawdown_at_risk(LONG, level=1.0 - 1e-6) == pytest.approx(0.5)
    assert metrics.pain_index(LONG) == pytest.approx(0.5 / 800_001)
    assert metrics.ulcer_index(LONG) == pytest.approx(math.sqrt(0.25 / 800_001))
    assert metrics.calmar_ratio(LONG, periods_per_year=252) == pytest.approx(
        metrics.annual_return(LONG, periods_per_year=252) / 0.5
    )
    assert metrics.drawdown_table(LONG).depth == (0.5,)
    ratios = (metrics.burke_ratio, metrics.pain_ratio, metrics.martin_ratio, metrics.sterling_ratio)
    assert all(math.isfinite(ratio(LONG, periods_per_year=252)) for ratio in ratios)
    both = np.column_stack([LONG, np.append(LONG[1:], -0.25)])
    assert metrics.max_drawdown(both)[0] == 0.5


@of_any_size
def test_a_loss_beyond_a_double_is_made_good_again():
    returns = np.concatenate([np.full(2000, -0.5), np.full(2000, 1.0), [-0.25]])
    assert metrics.drawdown(returns)[-2:].tolist() == [0.0, 0.25]
    assert metrics.drawdown_table(returns).depth == (1.0, 0.25)


@of_any_size
def test_a_wealth_that_no_double_holds_is_refused():
    with pytest.raises(InvalidInputError, match="returns must compound to a wealth that a double holds"):
        metrics.wealth_index(LONG)
    with pytest.raises(InvalidInputError, match="returns must compound to a wealth that a double holds"):
        metrics.wealth_index(pd.Series(np.full(2000, -0.5)))
    assert metrics.wealth_index([0.5, -1.0, 0.5]).tolist() == [1.5, 0.0, 0.0]
