"""Shortfalls below a required return, and ratios to them, against R's numbers and their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.metrics import (
    downside_deviation,
    downside_potential,
    gain_to_pain_ratio,
    kappa_ratio,
    omega_ratio,
    semideviation,
    sortino_ratio,
    upside_potential,
    upside_potential_ratio,
    volatility,
)  # fmt: skip
from tests.reference import published
from tests.samples import of_any_size, returns_arrays

BACON = published.BACON["portfolio"]
EXACT, PA, MORE, MAR = published.BACON_EXACT, published.BACON_PA, published.MORE, published.BACON_MAR
REQUIRED = st.floats(-0.05, 0.05)
SCALES = st.sampled_from([0.25, 0.5, 2.0, 8.0])
ORDERS = st.sampled_from([1.0, 1.5, 2.0, 3.0, 7.0])


def relative(expected):
    """Expect a value that R printed with 15 digits."""
    return pytest.approx(expected, rel=1e-12)


# --- reference values


def test_downside_deviation_equals_r_on_both_divisors_and_performanceanalytics():
    ours = downside_deviation(BACON, required_return=MAR, periods_per_year=1)
    assert ours == relative(EXACT["downside_deviation_full_mar"])
    assert ours == pytest.approx(PA["downside_deviation_mar"][1], abs=5e-9)
    assert downside_deviation(BACON, periods_per_year=1) == relative(EXACT["downside_deviation_full_0"])
    below = downside_deviation(BACON, required_return=MAR, divisor="below", periods_per_year=1)
    assert below == relative(EXACT["downside_deviation_subset_mar"])
    yearly = downside_deviation(BACON, required_return=MAR, periods_per_year=12)
    assert yearly == relative(EXACT["downside_deviation_full_mar"] * 12**0.5)


def test_semideviation_equals_r_on_both_divisors():
    assert semideviation(BACON, periods_per_year=1) == relative(MORE["semideviation"])
    ours = semideviation(BACON, divisor="below", periods_per_year=1)
    assert ours == relative(MORE["semideviation, divisor the months below"])


def test_potentials_equal_what_performanceanalytics_prints():
    assert downside_potential(BACON, required_return=MAR) == pytest.approx(PA["downside_potential_mar"][1], abs=5e-9)
    assert upside_potential(BACON, required_return=MAR) == pytest.approx(PA["upside_potential_mar"][1], abs=5e-9)


def test_upside_potential_ratio_equals_r_on_both_divisors():
    ours = upside_potential_ratio(BACON, required_return=MAR)
    assert ours == relative(EXACT["upside_potential_ratio_mar"])
    ours = upside_potential_ratio(BACON, required_return=MAR, divisor="below")
    assert ours == relative(MORE["upside potential ratio MAR 0.005, divisor below"])


@pytest.mark.parametrize("order", [1, 2, 2.5, 3, 4])
def test_kappa_equals_r(order):
    assert kappa_ratio(BACON, order=order, required_return=MAR) == relative(MORE[f"kappa, MAR 0.005, order {order}"])


def test_kappa_of_order_two_is_what_performanceanalytics_prints():
    ours = kappa_ratio(BACON, order=2, required_return=MAR)
    assert ours == pytest.approx(PA["sortino_mar"][1], abs=5e-8)


def test_gain_to_pain_equals_r():
    assert gain_to_pain_ratio(BACON) == relative(MORE["gain to pain"])


# --- properties


@of_any_size
@given(returns_arrays(), REQUIRED)
def test_upside_less_downside_potential_is_the_mean_above_the_required_return(returns, required):
    up, down = (measure(returns, required_return=required) for measure in (upside_potential, downside_potential))
    assert up - down == pytest.approx(returns.mean(axis=0) - required, rel=1e-9, abs=1e-15)
    omega = omega_ratio(returns, required_return=required)
    kept = down > 1e-6
    assert omega[kept] == pytest.approx(up[kept] / down[kept], rel=1e-9)


@of_any_size
@given(returns_arrays(), REQUIRED)
def test_sortino_and_omega_are_kappas(returns, required):
    down = downside_deviation(returns, required_return=required, periods_per_year=1)
    kept = down > 1e-6
    two = kappa_ratio(returns, order=2, required_return=required)
    one = kappa_ratio(returns, order=1, required_return=required)
    sortino = sortino_ratio(returns, required_return=required, periods_per_year=1)
    assert two[kept] == pytest.approx(sortino[kept], rel=1e-9, abs=1e-12)
    assert one[kept] == pytest.approx(omega_ratio(returns, required_return=required)[kept] - 1.0, rel=1e-9, abs=1e-9)


@given(returns_arrays())
def test_gain_to_pain_is_omega_less_one(returns):
    ours = gain_to_pain_ratio(returns)
    assert np.array_equal(np.isnan(ours), (returns >= 0.0).all(axis=0))
    kept = downside_potential(returns) > 1e-6
    assert ours[kept] == pytest.approx(omega_ratio(returns)[kept] - 1.0, rel=1e-9, abs=1e-9)


@given(returns_arrays())
def test_semideviations_on_both_sides_of_the_mean_make_the_variance(returns):
    below, above = semideviation(returns) ** 2, semideviation(-returns) ** 2
    assert below + above == pytest.approx(volatility(returns, ddof=0) ** 2, rel=1e-9, abs=1e-18)


@of_any_size
@given(returns_arrays(), REQUIRED)
def test_averaging_over_fewer_rows_makes_the_deviation_larger(returns, required):
    every = downside_deviation(returns, required_return=required)
    below = downside_deviation(returns, required_return=required, divisor="below")
    assert (below >= every * (1.0 - 1e-15)).all()
    assert ((every == 0.0) == (returns >= required).all(axis=0)).all() or (every < 1e-150).any()
    assert (semideviation(returns, divisor="below") >= semideviation(returns) * (1.0 - 1e-15)).all()


@given(returns_arrays(), ORDERS)
def test_a_higher_order_never_raises_the_size_of_kappa(returns, order):
    """Power means rise with the order (Lyapunov), and they are below the fraction line."""
    one, other = kappa_ratio(returns, order=order), kappa_ratio(returns, order=order + 1.0)
    kept = ~np.isnan(one)
    assert (np.abs(other[kept]) <= np.abs(one[kept]) * (1.0 + 1e-9)).all()


@of_any_size
@given(returns_arrays(), SCALES)
def test_deviations_scale_and_ratios_are_unit_free(returns, scale):
    # Powers of two scale without rounding: equality to the last bit.
    for measure in (semideviation, downside_deviation, downside_potential, upside_potential):
        assert (measure(returns * scale) == scale * measure(returns)).all()
    for measure in (upside_potential_ratio, kappa_ratio, gain_to_pain_ratio):
        assert np.array_equal(measure(returns * scale), measure(returns), equal_nan=True)


# --- edges


def test_without_a_shortfall_the_deviation_is_zero_and_the_ratios_are_undefined():
    returns = [0.01, 0.02, 0.0]
    for measure in (downside_deviation, downside_potential):
        assert measure(returns) == 0.0
    for measure in (upside_potential_ratio, kappa_ratio, gain_to_pain_ratio):
        assert math.isnan(measure(returns))
    assert downside_deviation(returns, divisor="below") == 0.0


def test_a_high_order_of_tiny_shortfalls_neither_vanishes_nor_overflows():
    ours = kappa_ratio([1e-100, -2e-100], order=50)
    assert ours == relative(-0.25 * 2 ** (1 / 50))


@pytest.mark.parametrize("order", [0.5, -1.0, 0])
def test_an_order_below_one_is_refused(order):
    with pytest.raises(InvalidInputError, match=rf"order must be at least 1, got {order}"):
        kappa_ratio(BACON, order=order)


def test_an_unknown_divisor_is_refused():
    for measure in (semideviation, downside_deviation, upside_potential_ratio):
        with pytest.raises(InvalidInputError, match=r"divisor must be one of 'all', 'below', got 'full'"):
            measure(BACON, divisor="full")


def test_a_required_return_is_a_finite_number():
    for measure in (downside_deviation, downside_potential, upside_potential, upside_potential_ratio, kappa_ratio):
        with pytest.raises(InvalidInputError, match=r"required_return must be a finite number, got nan"):
            measure(BACON, required_return=math.nan)
