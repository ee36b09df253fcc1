"""Betas of co-moments and of drawdowns."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.reference import published
from tests.samples import LEVELS, fat_tailed, returns_arrays

BACON, BENCHMARK = (np.array(published.BACON[name]) for name in ("portfolio", "benchmark"))
EDHEC = {name: np.array(values) for name, values in published.EDHEC.items()}
FIELD = published.FIELD
MOMENTS = {"beta_coskewness": 2, "beta_cokurtosis": 3}
each_moment = pytest.mark.parametrize(("name", "power"), MOMENTS.items())


# --- co-moments


@each_moment
def test_bacons_months_have_the_betas_that_r_computes(name, power):
    expected = FIELD[name.replace("_", " ")]
    assert getattr(metrics, name)(BACON, BENCHMARK) == pytest.approx(expected, rel=1e-12)
    assert metrics.beta(BACON, BENCHMARK) == pytest.approx(FIELD["beta covariance"], rel=1e-12)


@each_moment
@given(returns_arrays(min_rows=3, max_rows=50), st.integers(0, 99))
@examples(60)
def test_they_are_ratios_of_central_moments(name, power, values, seed):
    market = np.round(np.random.default_rng(seed).gamma(2.0, 0.01, len(values)) - 0.02, 5)
    m, own = market - market.mean(), values - values.mean(axis=0)
    moment = np.mean(m ** (power + 1))
    assume(abs(moment) > 1e-9 * np.mean(np.abs(m) ** (power + 1)) and np.ptp(market) > 1e-4)
    expected = (own * m[:, None] ** power).mean(axis=0) / moment
    size = np.abs(own * m[:, None] ** power).mean(axis=0) / abs(moment)
    found = getattr(metrics, name)(values, market)
    assert (np.abs(found - expected) <= 1e-9 * size + 1e-12).all()


@each_moment
def test_the_benchmark_has_one_a_multiple_its_factor_and_cash_none(name, power):
    market = np.random.default_rng(1).gamma(2.0, 0.01, 100) - 0.02
    beta = getattr(metrics, name)
    assert beta(market, market) == pytest.approx(1.0, rel=1e-12)
    assert beta(-2.0 * market + 0.01, market) == pytest.approx(-2.0, rel=1e-12)
    assert beta(np.full(100, 0.001), market) == 0.0
    assert math.isnan(beta(market, np.full(100, 0.001)))


def test_a_symmetric_benchmark_has_no_coskewness_beta():
    market = np.array([-0.02, -0.01, 0.0, 0.01, 0.02])
    assert math.isnan(metrics.beta_coskewness([0.01, 0.0, 0.02, 0.01, 0.03], market))
    assert math.isfinite(metrics.beta_cokurtosis([0.01, 0.0, 0.02, 0.01, 0.03], market))


# --- drawdowns


@pytest.mark.parametrize("level", [0.6, 0.75, 0.9, 0.95])
def test_cdar_beta_of_bacons_months(level):
    found = metrics.cdar_beta(BACON, BENCHMARK, level=level)
    assert found == pytest.approx(FIELD[f"cdar beta {level}"], rel=1e-12)
    summed = metrics.cdar_beta(BACON, BENCHMARK, level=level, compounding="arithmetic")
    assert summed == pytest.approx(FIELD[f"cdar beta, summed {level}"], rel=1e-9)  # R took a difference quotient


@pytest.mark.parametrize("level", [0.9, 0.95, 0.999])
def test_cdar_beta_of_hedge_fund_indices(level):
    convertible, cta, short = (EDHEC[name] for name in ("convertible_arbitrage", "cta_global", "short_selling"))
    expected = FIELD[f"cdar beta of convertible arbitrage on cta global {level}"]
    assert metrics.cdar_beta(convertible, cta, level=level) == pytest.approx(expected, rel=1e-10)
    expected = FIELD[f"cdar beta of short selling on convertible arbitrage {level}"]
    assert metrics.cdar_beta(short, convertible, level=level) == pytest.approx(expected, rel=1e-10)


def test_three_rows_by_hand():
    market, own = [0.1, -0.2, -0.25, 0.6], [0.1, -0.1, -0.1, 0.3]  # drawdowns 0, 0.2, 0.4, 0.04
    assert metrics.cdar_beta(own, market, level=0.75) == pytest.approx(0.19 / 0.4, rel=1e-14)
    assert metrics.cdar_beta(own, market, level=0.625) == pytest.approx((0.19 + 0.05) / (0.4 + 0.1), rel=1e-14)
    summed = metrics.cdar_beta(own, market, level=0.75, compounding="arithmetic")
    assert summed == pytest.approx(0.2 / 0.45, rel=1e-14)


@given(returns_arrays(min_rows=4, max_rows=60, max_columns=1), LEVELS, st.sampled_from(["geometric", "arithmetic"]))
@examples(60)
def test_the_benchmark_has_one_and_its_denominator_is_its_cdar(values, level, compounding):
    risk = metrics.conditional_drawdown_at_risk(values[:, 0], level=level, compounding=compounding)
    found = metrics.cdar_beta(values[:, 0], values[:, 0], level=level, compounding=compounding)
    if risk > 1e-12:
        assert found == pytest.approx(1.0, rel=1e-9)
    half = metrics.cdar_beta(0.5 * values[:, 0], values[:, 0], level=level, compounding="arithmetic")
    assert math.isnan(half) or half == pytest.approx(0.5, rel=1e-9)


def test_it_is_the_slope_of_cdar_as_the_paper_proves():
    own, market = fat_tailed(400, 2, 5).T
    step = 1e-6
    options = {"level": 0.93, "compounding": "arithmetic"}
    up, down = (metrics.conditional_drawdown_at_risk(market + sign * step * own, **options) for sign in (1.0, -1.0))
    slope = (up - down) / (2.0 * step) / metrics.conditional_drawdown_at_risk(market, **options)
    assert metrics.cdar_beta(own, market, **options) == pytest.approx(slope, rel=1e-6)


def test_a_level_near_one_takes_the_maximum_drawdown_from_peak_to_trough():
    own, market = fat_tailed(300, 2, 8).T
    wealth = np.concatenate([[1.0], np.cumprod(1.0 + market)])
    trough = int(np.argmax(1.0 - wealth / np.maximum.accumulate(wealth)))
    peak = int(np.argmax(wealth[: trough + 1]))
    loss = 1.0 - np.prod(1.0 + own[peak:trough])
    found = metrics.cdar_beta(own, market, level=0.9999)
    assert found == pytest.approx(loss / metrics.max_drawdown(market), rel=1e-10)


def test_rows_that_tie_at_the_boundary_share_the_weight_in_any_order():
    market = np.array([-0.5, 0.0, 0.0, 0.0])  # under water by one half on each row
    own = np.array([0.0, -0.1, 0.0, 0.5])
    losses = np.array([0.0, 0.1, 0.1, 1.0 - 0.9 * 1.5])
    assert metrics.cdar_beta(own, market, level=0.6) == pytest.approx(losses.mean() / 0.5, rel=1e-13)


def test_edges():
    market = fat_tailed(60, 1)[:, 0]
    assert math.isnan(metrics.cdar_beta(market, np.full(60, 0.01)))
    assert math.isnan(metrics.cdar_beta(market, np.zeros(60)))
    assert metrics.cdar_beta(np.zeros(60), market) == 0.0
    wiped = np.zeros(60)
    wiped[0] = -1.0
    assert math.isfinite(metrics.cdar_beta(wiped, market))
    with pytest.raises(InvalidInputError, match="level must be in"):
        metrics.cdar_beta(market, market, level=0.05)
    with pytest.raises(InvalidInputError, match="benchmark must be -1 or more to be compounded"):
        metrics.cdar_beta(market, np.where(np.arange(60) == 3, -1.2, market))
    with pytest.raises(InvalidInputError, match="compounding must be one of"):
        metrics.cdar_beta(market, market, compounding="log")


def test_they_roll_and_have_ranges():
    values = fat_tailed(60, 3)
    for name in (*MOMENTS, "cdar_beta"):
        measure = getattr(metrics, name)
        rolled = metrics.rolling(values[:, :2], name, window=30, benchmark=values[:, 2])
        assert np.array_equal(rolled[-1], measure(values[-30:, :2], values[-30:, 2]))
        found = measure(values[:, 0], values[:, 2], interval=metrics.Bootstrap(0.9, draws=200, block_length=3, rng=1))
        assert found.lower <= found.upper
