"""Rachev, prospect, d and adjusted Sharpe ratio."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from tests.examples import examples
from tests.reference import published
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

BACON = np.array(published.BACON["portfolio"])
FIELD = published.FIELD
RATIOS = ("rachev_ratio", "prospect_ratio", "d_ratio", "adjusted_sharpe_ratio")


# --- Rachev


@pytest.mark.parametrize("level", [0.6, 0.75, 0.9])
def test_rachev_of_bacons_months_is_the_ratio_of_two_minimised_tails(level):
    assert metrics.rachev_ratio(BACON, level=level) == pytest.approx(FIELD[f"rachev {level}"], rel=1e-12)


def test_rachev_has_two_levels_and_a_rate():
    found = metrics.rachev_ratio(BACON, level=0.9, gain_level=0.75, risk_free=0.002)
    assert found == pytest.approx(FIELD["rachev, losses 0.9, gains 0.75, rf 0.002"], rel=1e-12)
    rates = np.linspace(0.0, 0.004, 24)
    assert metrics.rachev_ratio(BACON, risk_free=rates) == metrics.rachev_ratio(BACON - rates)


@of_any_size
@given(returns_arrays(min_rows=2, max_rows=60), LEVELS)
@examples(60)
def test_rachev_is_the_cvar_of_the_gains_over_that_of_the_losses(values, level):
    found = metrics.rachev_ratio(values, level=level)
    gains, losses = (metrics.conditional_value_at_risk(each, level=level) for each in (-values, values))
    for ours, up, down in zip(found, gains, losses, strict=True):
        if down > 1e-12:
            assert ours == pytest.approx(up / down, rel=1e-13)
        elif down <= 0.0:
            assert math.isnan(ours)


def test_a_turned_series_has_the_inverse_rachev_ratio():
    values = fat_tailed(200, 1)[:, 0]
    assert metrics.rachev_ratio(-values) == pytest.approx(1.0 / metrics.rachev_ratio(values), rel=1e-13)


def test_rachev_needs_a_tail_that_loses():
    assert math.isnan(metrics.rachev_ratio([0.01, 0.02, 0.03]))
    assert math.isnan(metrics.rachev_ratio([0.0, 0.02, 0.03]))
    with pytest.raises(InvalidInputError, match=r"gain_level must be in \(0\.5, 1\), got 0\.05.*gain_level=0\.95"):
        metrics.rachev_ratio(BACON, gain_level=0.05)


# --- prospect


@pytest.mark.parametrize("required", [0, 0.005])
def test_prospect_of_bacons_months(required):
    found = metrics.prospect_ratio(BACON, required_return=required)
    assert found == pytest.approx(FIELD[f"prospect, MAR {required}"], rel=1e-12)


def test_performanceanalytics_divides_the_required_return_by_the_rows():
    """Printed for MAR = 0.05: -0.1347065. Its documentation has Bacon's formula, which subtracts the MAR whole."""
    value = np.where(BACON < 0.0, 2.25 * BACON, BACON)
    risk = np.sqrt(np.mean(np.minimum(BACON - 0.05, 0.0) ** 2))
    assert (value.sum() - 0.05) / 24.0 / risk == pytest.approx(-0.1347065, abs=5e-8)
    with pytest.warns(ConventionWarning, match="required_return is a rate per period"):
        found = metrics.prospect_ratio(BACON, required_return=0.05)
    assert found == pytest.approx(FIELD["prospect, MAR 0.05"], rel=1e-12)


@given(returns_arrays(min_rows=2, max_rows=40), st.floats(1.0, 5.0))
@examples(60)
def test_more_aversion_never_raises_the_prospect_and_none_is_sortino(values, aversion):
    plain = metrics.prospect_ratio(values, loss_aversion=1.0)
    sortino = metrics.sortino_ratio(values, periods_per_year=1)
    np.testing.assert_allclose(plain, sortino, rtol=1e-12)
    found = metrics.prospect_ratio(values, loss_aversion=aversion)
    known = np.isfinite(plain)
    assert (found[known] <= plain[known] + 1e-12 * np.abs(plain[known])).all()


def test_aversion_is_at_least_one():
    with pytest.raises(InvalidInputError, match=r"loss_aversion must be at least 1, got 0\.5"):
        metrics.prospect_ratio(BACON, loss_aversion=0.5)


# --- d ratio


def test_the_d_ratio_of_bacons_months_is_what_performanceanalytics_prints():
    assert metrics.d_ratio(BACON) == pytest.approx(0.4013329, abs=5e-8)
    assert metrics.d_ratio(BACON) == pytest.approx(FIELD["d ratio"], rel=1e-13)


@given(returns_arrays(min_rows=1, max_rows=40))
@examples(60)
def test_the_d_ratio_by_hand_and_of_the_turned_series(values):
    for column in values.T:
        gains, losses = column[column > 0.0], -column[column < 0.0]
        found = metrics.d_ratio(column)
        if gains.size == 0:
            assert math.isnan(found)
        else:
            assert found == pytest.approx(losses.size * losses.sum() / (gains.size * gains.sum()), rel=1e-12)
            if losses.size:
                assert metrics.d_ratio(-column) == pytest.approx(1.0 / found, rel=1e-12)


def test_no_loss_is_zero_and_rounding_is_neither_gain_nor_loss():
    assert metrics.d_ratio([0.01, 0.0, 0.02]) == 0.0
    assert metrics.d_ratio([0.01, -(2.0**-53), 2.0**-52, -0.01]) == 1.0
    assert math.isnan(metrics.d_ratio([0.0, -0.01]))


# --- adjusted Sharpe


def test_the_adjusted_sharpe_ratio_of_bacons_months():
    adjusted = metrics.adjusted_sharpe_ratio
    assert adjusted(BACON, periods_per_year=1) == pytest.approx(FIELD["adjusted sharpe, month"], rel=1e-12)
    assert adjusted(BACON, periods_per_year=12) == pytest.approx(FIELD["adjusted sharpe, year"], rel=1e-12)
    found = adjusted(BACON, periods_per_year=12, risk_free=0.002)
    assert found == pytest.approx(FIELD["adjusted sharpe, year, rf 0.002"], rel=1e-12)


def test_performanceanalytics_puts_a_yearly_ratio_beside_monthly_moments():
    """Printed: 0.7591435. Its ratio is geometric: 0.756774960912347 (bacon.R)."""
    ratio = published.BACON_EXACT["sharpe_annual_geometric"]
    skew, kurtosis = metrics.skewness(BACON), metrics.excess_kurtosis(BACON)
    theirs = ratio * (1.0 + skew / 6.0 * ratio - kurtosis / 24.0 * ratio**2)
    assert theirs == pytest.approx(0.7591435, abs=5e-8)


def test_it_is_the_formula_of_a_year_if_rows_are_independent():
    """Of a sum of p rows the skewness is less by sqrt(p), the excess kurtosis by p, and the ratio more by sqrt(p)."""
    sharpe = metrics.sharpe_ratio(BACON, periods_per_year=12)
    skew, kurtosis = metrics.skewness(BACON) / 12**0.5, metrics.excess_kurtosis(BACON) / 12
    yearly = sharpe * (1.0 + skew / 6.0 * sharpe - kurtosis / 24.0 * sharpe**2)
    assert metrics.adjusted_sharpe_ratio(BACON, periods_per_year=12) == pytest.approx(yearly, rel=1e-13)


def test_a_symmetric_series_without_excess_kurtosis_is_left_alone():
    values = np.array([-(3.0**0.5), 0.0, 0.0, 0.0, 0.0, 3.0**0.5]) * 0.01  # kurtosis 3
    assert metrics.excess_kurtosis(values) == pytest.approx(0.0, abs=1e-14)
    shifted = values + 0.001
    plain = metrics.sharpe_ratio(shifted, periods_per_year=12)
    assert metrics.adjusted_sharpe_ratio(shifted, periods_per_year=12) == pytest.approx(plain, rel=1e-12)
    assert math.isnan(metrics.adjusted_sharpe_ratio(np.full(9, 0.01)))


# --- all of them


@pytest.mark.parametrize("name", RATIOS)
def test_they_roll_stream_and_have_intervals(name):
    dates = pd.bdate_range("2024-01-01", periods=60)
    values = pd.Series(fat_tailed(60, 1)[:, 0], index=dates)
    rolled = metrics.rolling(values, name, window=20)
    options = {"periods_per_year": 252} if name == "adjusted_sharpe_ratio" else {}
    assert rolled.iloc[-1] == getattr(metrics, name)(values.to_numpy()[-20:], **options)
    running = metrics.Online(name, window=20).start()
    assert np.array_equal([running.update(value) for value in values], rolled, equal_nan=True)
    found = getattr(metrics, name)(values, interval=metrics.Bootstrap(0.9, draws=200, block_length=3, rng=1))
    assert found.lower <= found.estimate <= found.upper
