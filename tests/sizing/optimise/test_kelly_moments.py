"""Kelly from means and a covariance, against Thorp's index, a system solved by hand, and a general solver."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import optimize

from riskresearch.core import InvalidInputError
from riskresearch.sizing import (
    Constraints,
    continuous_growth_rate,
    continuous_kelly_fraction,
    continuous_kelly_weights,
    kelly_drawdown_probability,
    kelly_weights,
)
from tests.examples import examples

FREE = {"constraints": Constraints(lower=None, total=(-math.inf, math.inf)), "max_leverage": math.inf}
MEAN, COVARIANCE = [0.05, 0.06], [[0.04, 0.01], [0.01, 0.09]]
NAMED = pd.DataFrame(COVARIANCE, index=["A", "B"], columns=["A", "B"])


def moments(columns, seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(0.0, 0.2, (columns + 3, columns))
    return rng.normal(0.06, 0.08, columns), root.T @ root / (columns + 3)


# --- reference values


def test_thorps_index():
    """Thorp (2006), section 7: mean 11 %, deviation 15 %, rate 6 %: 2.22 of wealth, growth r + (m - r)^2 / (2 s^2)."""
    bet = continuous_kelly_weights([0.11], [[0.0225]], risk_free=0.06, **FREE)
    assert round(bet.weights[0], 2) == 2.22
    assert bet.growth_rate == pytest.approx(0.06 + 0.05**2 / 0.045, rel=1e-12)
    assert bet.weights[0] == pytest.approx(continuous_kelly_fraction(0.11, volatility=0.15, risk_free=0.06), rel=1e-12)
    assert round(continuous_growth_rate([0.11], [[0.0225]], [1.0], risk_free=0.06), 5) == 0.09875


def test_two_assets_by_hand():
    """Determinant 0.0035, so w = (0.0045 - 0.0006, 0.0024 - 0.0005) / 0.0035, and growth half of w'm."""
    bet = continuous_kelly_weights(MEAN, COVARIANCE, **FREE)
    assert bet.weights == pytest.approx((0.0039 / 0.0035, 0.0019 / 0.0035), rel=1e-12)
    assert bet.growth_rate == pytest.approx(0.5 * (0.05 * 0.0039 + 0.06 * 0.0019) / 0.0035, rel=1e-12)
    assert continuous_growth_rate(MEAN, COVARIANCE, bet.weights) == pytest.approx(bet.growth_rate, rel=1e-12)
    assert bet.binding == ()


def test_the_default_is_long_only_without_borrowing_and_shows_the_free_weights():
    """By hand on the line w + v = 1: the derivative 0.05 - 0.06 - 0.11 w + 0.08 = 0 gives w = 7/11."""
    bet = continuous_kelly_weights(MEAN, COVARIANCE)
    assert bet.weights == pytest.approx((7 / 11, 4 / 11), rel=1e-9)
    assert bet.unconstrained == pytest.approx((0.0039 / 0.0035, 0.0019 / 0.0035), rel=1e-9)
    assert bet.binding == ("total",)
    half = continuous_kelly_weights(MEAN, COVARIANCE, fraction=0.5)
    assert half.weights == pytest.approx((7 / 22, 4 / 22), rel=1e-9)


def test_the_drawdown_bound_is_that_of_the_closed_form():
    for part in (1.0, 0.5):
        bet = continuous_kelly_weights(MEAN, COVARIANCE, fraction=part, **FREE)
        assert bet.drawdown_bound(0.3) == pytest.approx(kelly_drawdown_probability(0.3, fraction=part), rel=1e-9)


def test_observations_widen_the_covariance_as_for_one_asset_and_as_for_returns():
    whole = continuous_kelly_weights(MEAN, COVARIANCE, **FREE).weights
    few = continuous_kelly_weights(MEAN, COVARIANCE, observations=20, **FREE)
    assert few.weights == pytest.approx(np.array(whole) / ((1 + 1 / 20) * 19 / 16), rel=1e-9)
    assert few.sample_growth_rate > few.growth_rate
    alone = continuous_kelly_weights([0.05], [[0.04]], observations=20, **FREE).weights[0]
    assert alone == pytest.approx(continuous_kelly_fraction(0.05, volatility=0.2, observations=20), rel=1e-12)
    rows = np.random.default_rng(0).normal(0.0005, 0.01, (250, 2))
    about = continuous_kelly_weights(rows.mean(axis=0), np.cov(rows.T), observations=250, **FREE).weights
    assert about == pytest.approx(kelly_weights(rows, **FREE).weights, rel=0.05)  # about zero, and log


# --- an independent solver, and properties


@given(st.integers(1, 6), st.integers(0, 10_000), st.floats(0.2, 3.0))
@examples(25)
def test_constrained_weights_are_those_of_a_general_solver(columns, seed, most):
    mean, covariance = moments(columns, seed)
    limits = Constraints(lower=-0.5, upper=0.8, total=(-1.0, most))
    bet = continuous_kelly_weights(mean, covariance, constraints=limits, max_leverage=math.inf)
    found = optimize.minimize(
        lambda w: 0.5 * w @ covariance @ w - w @ mean, np.zeros(columns), jac=lambda w: covariance @ w - mean,
        bounds=[(-0.5, 0.8)] * columns, method="SLSQP", options={"ftol": 1e-15, "maxiter": 500},
        constraints=[{"type": "ineq", "fun": lambda w: most - w.sum()}, {"type": "ineq", "fun": lambda w: w.sum() + 1}],
    )  # fmt: skip
    assert bet.growth_rate >= -found.fun - 1e-12
    assert bet.weights == pytest.approx(found.x, abs=1e-4)


@given(st.integers(1, 6), st.integers(0, 10_000))
@examples(25)
def test_no_other_weights_grow_faster(columns, seed):
    mean, covariance = moments(columns, seed)
    bet = continuous_kelly_weights(mean, covariance, risk_free=0.01, **FREE)
    others = np.array(bet.weights) + np.random.default_rng(seed).normal(0.0, 0.3, (20, columns))
    rates = [continuous_growth_rate(mean, covariance, other, risk_free=0.01) for other in others]
    assert max(rates) <= bet.growth_rate + 1e-12


def test_names_are_those_of_the_covariance():
    bet = continuous_kelly_weights({"B": 0.06, "A": 0.05}, NAMED, **FREE)
    assert bet.assets == ("A", "B")
    assert bet.weights == pytest.approx(continuous_kelly_weights(MEAN, COVARIANCE, **FREE).weights, rel=1e-12)
    assert continuous_growth_rate(pd.Series(MEAN, ["A", "B"]), NAMED, {"B": 1.0, "A": 0.0}) == pytest.approx(0.015)
    assert "known moments" in bet.summary()
    assert "rebalanced continuously" in bet.conventions()


# --- edges


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: continuous_kelly_weights([0.1], COVARIANCE), "mean must be one finite number for each of the 2"),
        (lambda: continuous_kelly_weights({"A": 0.1, "C": 0.1}, NAMED), "mean must name the columns of covariance"),
        (lambda: continuous_kelly_weights(MEAN, [[0.04, 0.02], [0.01, 0.09]]), "covariance must be symmetric"),
        (lambda: continuous_kelly_weights(MEAN, [[0.04, 0.2], [0.2, 0.09]]), "covariance must have no negative eigen"),
        (lambda: continuous_kelly_weights(MEAN, COVARIANCE, fraction=1.5), r"fraction must be in \(0, 1\], got 1.5"),
        (lambda: continuous_kelly_weights(MEAN, COVARIANCE, observations=4), "observations must be"),
        (
            lambda: continuous_kelly_weights(MEAN, COVARIANCE, confidence=0.95),
            "observations must be given with confidence, got confidence=0.95 alone",
        ),
        (
            lambda: continuous_kelly_weights([0.05, 0.06], [[0.04, 0.04], [0.04, 0.04]], **FREE),
            "constraints must bound the weights: a gain without a loss",
        ),
        (lambda: continuous_growth_rate(MEAN, COVARIANCE, [1.0]), "weights must be one finite number for each of the"),
    ],
)  # fmt: skip
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()
