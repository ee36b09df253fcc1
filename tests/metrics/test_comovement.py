"""Co-skewness, co-kurtosis and conditional betas against R and their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.metrics import (
    beta,
    cokurtosis,
    correlation,
    coskewness,
    down_beta,
    excess_kurtosis,
    skewness,
    up_beta,
)  # fmt: skip
from tests.reference import published
from tests.samples import fat_tailed, returns_arrays

BACON, BENCHMARK = published.BACON["portfolio"], published.BACON["benchmark"]
MORE, RISK_FREE = published.MORE, published.MORE_RISK_FREE


def relative(expected):
    """Expect a value that R printed with 15 digits."""
    return pytest.approx(expected, rel=1e-12)


def pairs():
    """Return a strategy for (returns, benchmark) over the same rows."""
    return returns_arrays(min_rows=4).map(lambda values: (values, np.roll(values[:, 0], 1)))


# --- reference values


def test_the_correlation_equals_r():
    """tests/reference/bacon.R: cor(p, b)."""
    assert correlation(BACON, BENCHMARK) == relative(0.969385814875305)


def test_comoments_equal_r():
    assert coskewness(BACON, BENCHMARK) == relative(MORE["coskewness"])
    assert cokurtosis(BACON, BENCHMARK) == relative(MORE["cokurtosis"])


def test_conditional_betas_equal_r_on_both_thresholds():
    assert up_beta(BACON, BENCHMARK) == relative(MORE["up beta, benchmark above its mean"])
    assert down_beta(BACON, BENCHMARK) == relative(MORE["down beta, benchmark below its mean"])
    zero = {"threshold": "zero"}
    assert up_beta(BACON, BENCHMARK, **zero) == relative(MORE["up beta, benchmark above 0"])
    assert down_beta(BACON, BENCHMARK, **zero) == relative(MORE["down beta, benchmark below 0"])
    zero["risk_free"] = RISK_FREE
    assert up_beta(BACON, BENCHMARK, **zero) == relative(MORE["up beta, excess above 0, rf 0.002"])
    assert down_beta(BACON, BENCHMARK, **zero) == relative(MORE["down beta, excess below 0, rf 0.002"])


# --- properties


@given(pairs())
def test_the_correlation_is_within_one_symmetric_and_that_of_numpy(pair):
    values, market = pair
    found = correlation(values, market)
    assert (np.isnan(found) | (np.abs(found) <= 1.0)).all()
    for column, own in zip(values.T, found, strict=True):
        assert correlation(market, column) == pytest.approx(own, rel=1e-9, abs=1e-12, nan_ok=True)
        if np.ptp(column) > 1e-6 and np.ptp(market) > 1e-6:
            assert own == pytest.approx(np.corrcoef(column, market)[0, 1], rel=1e-6, abs=1e-9)


@given(pairs())
def test_of_a_series_with_itself_comoments_are_moments_and_betas_one(pair):
    market = pair[1]
    if np.ptp(market) > 1e-6:
        assert coskewness(market, market) == pytest.approx(skewness(market), rel=1e-9, abs=1e-12)
        assert cokurtosis(market, market) == pytest.approx(excess_kurtosis(market) + 3.0, rel=1e-9)
        for measure in (up_beta, down_beta):
            ours = measure(market, market)
            assert math.isnan(ours) or ours == pytest.approx(1.0, rel=1e-9)


@given(pairs(), st.sampled_from([0.25, 2.0]))
def test_comoments_are_unit_free_and_change_sign_with_the_returns(pair, scale):
    returns, market = pair
    for measure in (coskewness, cokurtosis):
        ours = measure(returns, market)
        assert np.array_equal(measure(returns * scale, market * scale), ours, equal_nan=True)
        assert np.array_equal(measure(-returns, market), -ours, equal_nan=True)
    assert np.array_equal(coskewness(returns, -market), coskewness(returns, market), equal_nan=True)
    assert np.array_equal(cokurtosis(returns, -market), -cokurtosis(returns, market), equal_nan=True)


@given(pairs(), st.sampled_from(["mean", "zero"]))
def test_conditional_betas_are_betas_of_their_rows(pair, threshold):
    returns, market = pair
    middle = market.mean() if threshold == "mean" else 0.0
    near = np.abs(market - middle) < 1e-12
    for measure, chosen in ((up_beta, market > middle), (down_beta, market < middle)):
        ours = measure(returns, market, threshold=threshold)
        if not near.any() and chosen.sum() >= 2:
            assert np.array_equal(ours, beta(returns[chosen], market[chosen]), equal_nan=True)


@given(pairs())
def test_turning_both_around_exchanges_up_and_down(pair):
    returns, market = pair
    assert np.array_equal(up_beta(-returns, -market), down_beta(returns, market), equal_nan=True)


def test_a_linear_asset_has_one_beta_on_every_side():
    market = fat_tailed(400, 1, seed=5)[:, 0]
    returns = 0.001 + 1.5 * market
    assert up_beta(returns, market) == pytest.approx(1.5, rel=1e-9)
    assert down_beta(returns, market) == pytest.approx(1.5, rel=1e-9)
    assert cokurtosis(returns, market) == pytest.approx(excess_kurtosis(market) + 3.0, rel=1e-9)


# --- edges


def test_what_does_not_vary_has_no_comoment_and_no_conditional_beta():
    for measure in (coskewness, cokurtosis):
        assert math.isnan(measure([0.01, 0.01, 0.01], [0.01, 0.02, 0.0]))
        assert math.isnan(measure([0.01, 0.02, 0.0], [0.01, 0.01, 0.01]))
    assert math.isnan(up_beta([0.01, 0.02, 0.0], [0.01, 0.01, 0.01]))
    assert math.isnan(down_beta([0.01, 0.02, 0.0], [0.01, 0.02, 0.03], threshold="zero"))


def test_an_unknown_threshold_is_refused():
    for measure in (up_beta, down_beta):
        with pytest.raises(InvalidInputError, match=r"threshold must be one of 'mean', 'zero', got 'median'"):
            measure(BACON, BENCHMARK, threshold="median")
