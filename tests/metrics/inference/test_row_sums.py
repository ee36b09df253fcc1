"""Draws of the yearly return and of the captures from running sums are those of the rows themselves."""

import numpy as np
import pytest

from riskresearch import metrics
from riskresearch.kernels import _compounding
from riskresearch.kernels.benchmark import _relative
from riskresearch.kernels.inference import _bootstrap

RNG = np.random.default_rng(6)
MARKET = RNG.standard_t(4, 300) * 0.01
MARKET[::17] = 0.0
OWN = 0.7 * MARKET + RNG.normal(0.0003, 0.006, 300)
COMPOUNDINGS = ("annualized", "geometric", "arithmetic")
HOW = metrics.Bootstrap(0.9, draws=600, resampling="circular", block_length=7, rng=3)


def by_rows(kernel, own, *vectors):
    plan = _bootstrap.make_plan(len(own), 600, "circular", 7.0, 3)
    return np.quantile(_bootstrap.replicates(kernel, own[:, None], vectors, plan), [0.05, 0.95])


@pytest.mark.parametrize("compounding", COMPOUNDINGS)
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("scale", [1.0, 1e-9])
def test_an_interval_of_a_capture_is_that_of_the_rows_of_each_draw(scale, side, compounding):
    own, market = scale * OWN, scale * MARKET
    measure = metrics.up_capture if side > 0 else metrics.down_capture
    found = measure(own, market, compounding=compounding, periods_per_year=252, interval=HOW)
    draws = by_rows(lambda values, other: _relative.capture(values, other, side, compounding, 252.0), own, market)
    # 150 rows of 1e-9 have lost ten digits by the time each was multiplied with 1 plus itself
    np.testing.assert_allclose([found.lower, found.upper], draws, rtol=1e-9 if scale == 1.0 else 1e-5)


@pytest.mark.parametrize("lost", [None, -0.99, -1.0])
def test_an_interval_of_the_yearly_return_is_that_of_the_rows_of_each_draw(lost):
    own = OWN.copy()
    if lost is not None:
        own[40] = lost
    found = metrics.annual_return(own, periods_per_year=252, interval=HOW)
    draws = by_rows(lambda values: _compounding.yearly_growth(values, 252.0), own)
    np.testing.assert_allclose([found.lower, found.upper], draws, rtol=1e-9, atol=1e-12)


def test_left_out_rows_are_left_out_of_the_sums():
    own = OWN.copy()
    own[::9] = np.nan
    found = metrics.annual_return(own, periods_per_year=252, nan_policy="omit", interval=HOW)
    alone = metrics.annual_return(own[~np.isnan(own)], periods_per_year=252, interval=HOW)
    assert (found.lower, found.upper) == (alone.lower, alone.upper)


def test_a_rate_that_stands_still_is_the_same_in_every_draw():
    still = np.full(300, 0.0001)
    found = metrics.burke_ratio(OWN, risk_free=0.0001, periods_per_year=252, interval=HOW)
    moving = still.copy()
    moving[0] += 1e-12  # one that moves is drawn with its row
    beside = metrics.burke_ratio(OWN, risk_free=moving, periods_per_year=252, interval=HOW)
    np.testing.assert_allclose([found.lower, found.upper], [beside.lower, beside.upper], rtol=1e-6)
