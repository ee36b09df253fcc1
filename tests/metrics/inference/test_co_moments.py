"""Draws of beta, alpha and correlation from running sums are those of the rows themselves."""

import numpy as np
import pytest

from riskresearch import metrics
from riskresearch.kernels.benchmark import _relative
from riskresearch.kernels.inference import _bootstrap

RNG = np.random.default_rng(5)
MARKET = RNG.standard_t(4, 300) * 0.01
OWN = 0.7 * MARKET + RNG.normal(0.0003, 0.006, 300)
RATES = RNG.uniform(0.0, 0.0002, 300)


def by_rows(kernel, *vectors):
    plan = _bootstrap.make_plan(300, 600, "circular", 7.0, 3)
    return _bootstrap.replicates(kernel, OWN[:, None], vectors, plan)


@pytest.mark.parametrize("scale", [1.0, 1e-9])
@pytest.mark.parametrize("name", ["beta", "alpha", "correlation"])
def test_each_interval_is_that_of_the_rows_of_each_draw(name, scale):
    how = metrics.Bootstrap(0.9, draws=600, resampling="circular", block_length=7, rng=3)
    market, rates = scale * MARKET, scale * RATES
    if name == "correlation":
        found = metrics.correlation(OWN, market, interval=how)
        draws = by_rows(_relative.correlation, market)
    elif name == "beta":
        found = metrics.beta(OWN, market, risk_free=rates, interval=how)
        draws = by_rows(_relative.beta, market, rates)
    else:
        found = metrics.alpha(OWN, market, risk_free=rates, periods_per_year=252, interval=how)
        draws = by_rows(lambda own, other, free: _relative.alpha(own, other, free, 252.0), market, rates)
    np.testing.assert_allclose([found.lower, found.upper], np.quantile(draws, [0.05, 0.95]), rtol=1e-9)


def test_a_benchmark_that_stands_still_in_a_draw_gives_none():
    still = np.full(300, 0.01)
    plan = _bootstrap.make_plan(300, 100, "iid", 1.0, 0)
    seen = []
    _bootstrap.co_moment_replicates(lambda of: seen.append(of) or of.covariance, OWN, still, plan)
    assert np.isnan(seen[0].other_variance).all()
