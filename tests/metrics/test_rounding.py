"""Prices of constant growth have no dispersion, however they were computed; small dispersion is not taken for that."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics, portfolio
from riskresearch.core import InvalidInputError
from riskresearch.kernels._moments import covariance
from riskresearch.metrics import (  # fmt: skip
    alpha,
    appraisal_ratio,
    beta,
    burke_ratio,
    calmar_ratio,
    cokurtosis,
    correlation,
    coskewness,
    deflated_sharpe_ratio,
    down_beta,
    down_capture,
    excess_kurtosis,
    gain_to_pain_ratio,
    information_ratio,
    kappa_ratio,
    m_squared,
    martin_ratio,
    minimum_track_record_length,
    omega_ratio,
    pain_ratio,
    probabilistic_sharpe_ratio,
    semideviation,
    sharpe_ratio,
    sharpe_ratio_difference,
    sharpe_ratio_interval,
    simple_returns,
    skewness,
    sortino_ratio,
    sterling_ratio,
    tail_ratio,
    tracking_error,
    treynor_mazuy,
    treynor_ratio,
    up_beta,
    up_capture,
    upside_potential_ratio,
    volatility,
)
from riskresearch.portfolio import diversification_ratio, risk_contributions  # fmt: skip
from riskresearch.sizing import RiskParitySizer
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size

ROWS = 600


def powers(rate, start):
    return start * (1.0 + rate) ** np.arange(ROWS)


def products(rate, start):
    return start * np.cumprod(np.full(ROWS, 1.0 + rate))


def exponentials(rate, start):
    return start * np.exp(math.log1p(rate) * np.arange(ROWS))


def sums_of_logarithms(rate, start):
    return np.exp(np.cumsum(np.full(ROWS, math.log1p(rate))) + math.log(start))


def parts_of_a_year(rate, start):
    return start * ((1.0 + rate) ** 252) ** (np.arange(ROWS) / 252)


WAYS = (powers, products, exponentials, sums_of_logarithms, parts_of_a_year)
STARTS = (1e-3, 0.37, 1.0, 100.0, 31415.9, 1e6)
RATES = (0.001, 0.0005, -0.002, 1e-5, 1e-9, 0.01, 0.02, -0.01, 0.0)
OF_DEVIATION = (sharpe_ratio, skewness, excess_kurtosis, probabilistic_sharpe_ratio, minimum_track_record_length)
OF_SHORTFALL = (sortino_ratio, omega_ratio, kappa_ratio, upside_potential_ratio)
OF_DRAWDOWN = (calmar_ratio, burke_ratio, pain_ratio, martin_ratio, gain_to_pain_ratio)
OF_BENCHMARK = (beta, alpha, treynor_ratio, correlation, up_beta, down_beta, coskewness, cokurtosis, appraisal_ratio)


def steady(way, rate, start):
    return simple_returns(way(rate, start))


@of_any_size
@pytest.mark.parametrize("way", WAYS)
@given(
    rate=st.sampled_from(RATES) | st.floats(-0.02, 0.02).filter(lambda rate: abs(rate) > 1e-9),
    start=st.sampled_from(STARTS),
)
@examples(40)
def test_prices_of_constant_growth_have_no_deviation_and_no_ratio_to_one(way, rate, start):
    returns = steady(way, rate, start)
    assert volatility(returns) == semideviation(returns) == 0.0
    for measure in OF_DEVIATION:
        assert math.isnan(measure(returns)), measure
        if measure not in (skewness, excess_kurtosis):
            assert math.isnan(measure(returns, risk_free=4e-5)), measure
            assert math.isnan(measure(returns, risk_free=rate if -1e-3 < rate < 1e-3 else 0.0)), measure
    assert math.isnan(deflated_sharpe_ratio(returns, trials=10, trial_variance=0.5))
    for measure in OF_SHORTFALL:
        assert math.isnan(measure(returns, required_return=rate)), measure
    interval = sharpe_ratio_interval(returns)
    assert np.isnan([interval.estimate, interval.lower, interval.upper, interval.standard_error]).all()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rate", [0.001, 1e-6, 0.0])
@pytest.mark.parametrize("start", STARTS)
def test_losses_of_rounding_are_no_losses(way, rate, start):
    returns = steady(way, rate, start)
    if rate == 0.0:  # a price that stands still but for the last bit, as a net asset value computed anew each day does
        returns = returns + np.resize([0.0, 2.0**-52, -(2.0**-53)], returns.size)
    for measure in (*OF_SHORTFALL, *OF_DRAWDOWN):
        assert math.isnan(measure(returns)), measure
    assert math.isnan(sterling_ratio(returns, added=0.0))
    if rate == 0.0:
        assert math.isnan(tail_ratio(returns))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rate", RATES)
def test_nothing_is_measured_against_a_benchmark_of_constant_growth(way, rate):
    returns, benchmark = fat_tailed(ROWS - 1, 1)[:, 0], steady(way, rate, 100.0)
    for measure in OF_BENCHMARK:
        assert math.isnan(measure(returns, benchmark=benchmark)), measure
        if measure in (beta, alpha, treynor_ratio, up_beta):
            assert math.isnan(measure(returns, benchmark=benchmark, risk_free=1e-4)), measure
    assert m_squared(returns, benchmark=benchmark, compounding="arithmetic") == 0.0
    assert np.isnan(treynor_mazuy(returns, benchmark).beta[0])
    assert np.isnan(metrics.henriksson_merton(returns, benchmark).beta[0])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("rate", RATES)
def test_what_grows_constantly_has_no_beta_and_no_reward_for_it(way, rate):
    returns, benchmark = steady(way, rate, 100.0), fat_tailed(ROWS - 1, 1)[:, 0]
    assert beta(returns, benchmark=benchmark) == 0.0
    for measure in (treynor_ratio, correlation, coskewness, cokurtosis, m_squared):
        assert math.isnan(measure(returns, benchmark=benchmark)), measure
    assert math.isnan(sharpe_ratio_difference(returns, benchmark=benchmark, interval=0.9).estimate)
    assert math.isnan(diversification_ratio(np.column_stack([returns, returns]), weights=[0.5, 0.5]))
    parts = risk_contributions(
        np.column_stack([returns, benchmark]), weights=[1.0, 0.0], measure="volatility", method="historical"
    )
    assert parts.total == 0.0


@pytest.mark.parametrize("gap", [1e-4, -3e-5, 0.0])
def test_a_constant_gap_to_the_benchmark_has_no_tracking_error(gap):
    benchmark = fat_tailed(ROWS, 1)[:, 0]
    by_prices = simple_returns(np.cumprod(np.append(1.0, 1.0 + benchmark + gap)) * 73.0)
    for returns in (benchmark + gap, by_prices):
        assert tracking_error(returns, benchmark=benchmark) == 0.0
        for measure in (information_ratio, appraisal_ratio):
            assert math.isnan(measure(returns, benchmark=benchmark)), measure
        assert beta(returns, benchmark=benchmark) == pytest.approx(1.0)
    twin = sharpe_ratio_difference(3.0 * benchmark, benchmark=benchmark, interval=0.9)
    assert np.isnan(twin.standard_error)


def test_a_benchmark_that_stands_still_but_for_rounding_neither_rises_nor_falls():
    returns, benchmark = fat_tailed(ROWS, 1)[:, 0], np.resize([0.0, 2.0**-52, -(2.0**-53)], ROWS)
    assert math.isnan(up_capture(returns, benchmark=benchmark))
    assert math.isnan(down_capture(returns, benchmark=benchmark))


@of_any_size
@given(st.integers(0, 10**6), st.sampled_from([1e-13, 1e-12, 1e-10, 1e-8]), st.sampled_from([0.0, 1e-9, 1e-4, 0.001]))
@examples(40)
def test_real_dispersion_is_not_taken_for_rounding_however_small(seed, size, mean):
    """Returns of a money market fund or a stablecoin deviate by 1e-8, a million times what rounding makes of them."""
    shape = np.random.default_rng(seed).normal(size=(ROWS, 2))
    returns = mean + size * shape
    away = returns - mean  # what is left of the shape beside the mean
    assert volatility(returns, periods_per_year=1) == pytest.approx(away.std(axis=0, ddof=1), rel=1e-9)
    assert np.isfinite(sharpe_ratio(returns)).all()
    assert skewness(returns) == pytest.approx(skewness(away * 2.0**30), rel=1e-5, abs=1e-5)
    slope = beta(returns[:, 0], benchmark=returns[:, 1])
    assert slope == pytest.approx(beta(away[:, 0] * 2.0**30, benchmark=away[:, 1] * 2.0**30), rel=1e-5, abs=1e-5)
    assert tracking_error(returns[:, 0], benchmark=returns[:, 1]) > 0.0


@pytest.mark.parametrize("scale", [2.0**-60, 2.0**-200, 2.0**-1000])
def test_numbers_that_cannot_be_returns_of_prices_are_measured_by_their_own_size(scale):
    returns = fat_tailed(50, 2)
    for measure in (sharpe_ratio, skewness, excess_kurtosis, sortino_ratio, omega_ratio, tail_ratio):
        assert measure(returns * scale) == pytest.approx(measure(returns), rel=1e-12)
    assert beta(returns[:, 0] * scale, benchmark=returns[:, 1] * scale) == pytest.approx(
        beta(returns[:, 0], benchmark=returns[:, 1]), rel=1e-12
    )


@pytest.mark.parametrize(("steps", "flat"), [(60, True), (68, False)])
def test_the_border_is_64_units_of_the_last_place_of_one_plus_the_return(steps, flat):
    returns = np.where(np.arange(50) % 2 == 0, 0.0, steps * 2.0**-52)
    assert (volatility(returns) == 0.0) == flat
    assert (volatility(returns + 2.0**-20) == 0.0) == flat


@pytest.mark.parametrize("way", WAYS)
def test_what_differs_from_a_benchmark_by_rounding_does_not_beat_it(way):
    returns, benchmark = steady(way, 0.0005, 100.0), np.full(ROWS - 1, 0.0005)
    assert metrics.batting_average(returns, benchmark=benchmark) == 0.0
    assert metrics.batting_average(benchmark, benchmark=returns) == 0.0
    better = returns + np.resize([0.0, 1e-9], returns.size)
    assert metrics.batting_average(better, benchmark=benchmark) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("way", WAYS)
def test_a_price_of_constant_growth_has_no_covariance(way):
    """As an exactly constant column, it is no bet of its own, and has no share of risk that could be made equal."""
    noisy = fat_tailed(ROWS - 1, 1)[:, 0]
    weights = [0.5, 0.5]
    for steady_column in (steady(way, 0.0005, 100.0), np.full(ROWS - 1, 0.0005)):
        both = np.column_stack([steady_column, noisy])
        assert covariance(both)[0].tolist() == [0.0, 0.0]
        bets = portfolio.effective_number_of_bets(both, weights=weights, bets="principal_components")
        assert bets == pytest.approx(1.0)
        assert portfolio.diversification_ratio(both, weights=weights) == pytest.approx(1.0, rel=1e-12)
        with pytest.raises(InvalidInputError, match="covariance must have positive variances"):
            RiskParitySizer(window=60).weights(both)
