"""Kelly's criterion in closed form, against Thorp's examples, a search over stakes and a simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import optimize

from riskresearch.core import InvalidInputError
from riskresearch.sizing import continuous_kelly_fraction, kelly_drawdown_probability, kelly_fraction

PROBABILITIES = st.floats(0.01, 0.99)
PAYOFFS = st.floats(0.1, 10.0)


@pytest.mark.parametrize(("probability", "stake"), [(0.51, 0.02), (0.52, 0.04), (0.53, 0.06)])
def test_thorps_biased_coins(probability, stake):
    """Thorp (2006), section 2: at even money the stake is p - q; p = 0.51 gives 2 % of the bankroll."""
    assert kelly_fraction(probability) == pytest.approx(stake, rel=1e-12)


def test_thorps_index():
    """Thorp (2006), section 7.1: m = .11, s = .15, r = .06 gives f* = (m - r) / s^2 = 2.2, as reading notes quote."""
    assert continuous_kelly_fraction(0.11, volatility=0.15, risk_free=0.06) == pytest.approx(20 / 9, rel=1e-12)


def test_thorps_probabilities_of_halving():
    """Thorp (2006), section 7.3: full Kelly ever halves with probability 1/2, half Kelly with 1/8."""
    assert kelly_drawdown_probability(0.5) == 0.5
    assert kelly_drawdown_probability(0.5, fraction=0.5) == 0.125


def test_the_halving_of_a_diffusion_is_simulated():
    """An independent method: log wealth at half Kelly is a Brownian motion with drift 3/8 and variance 1/4."""
    rng = np.random.default_rng(0)
    steps, horizon = 4000, 40.0
    moves = rng.normal(0.375 * horizon / steps, 0.5 * math.sqrt(horizon / steps), (4000, steps))
    # the discrete path misses lows between steps: Broadie, Glasserman & Kou shift the barrier by 0.5826 deviations
    barrier = math.log(0.5) + 0.5826 * 0.5 * math.sqrt(horizon / steps)
    share = (moves.cumsum(axis=1).min(axis=1) < barrier).mean()
    assert share == pytest.approx(0.125, abs=4 * math.sqrt(0.125 * 0.875 / 4000))


@given(PROBABILITIES, PAYOFFS, PAYOFFS)
def test_no_other_stake_grows_faster(probability, odds, loss):
    stake = kelly_fraction(probability, odds=odds, loss=loss)

    def shrinkage(f):
        return -(probability * math.log1p(f * odds) + (1 - probability) * math.log1p(-f * loss))

    found = optimize.minimize_scalar(shrinkage, bounds=(0.0, (1 - 1e-9) / loss), method="bounded")
    assert shrinkage(stake) <= found.fun + 1e-12


@given(PROBABILITIES, PAYOFFS, st.floats(0.1, 1.0))
def test_a_fraction_scales_and_a_better_chance_never_lowers_the_stake(probability, odds, fraction):
    full = kelly_fraction(probability, odds=odds)
    assert kelly_fraction(probability, odds=odds, fraction=fraction) == pytest.approx(fraction * full, rel=1e-12)
    assert kelly_fraction(min(1.0, probability + 0.01), odds=odds) >= full


def test_without_an_edge_nothing_is_staked():
    assert kelly_fraction(0.5) == 0.0
    assert kelly_fraction(0.4) == 0.0
    assert kelly_fraction(1.0) == 1.0


@given(st.floats(-0.5, 0.5), st.floats(0.01, 1.0), st.integers(4, 2000))
def test_a_short_sample_bets_less_and_a_long_one_as_if_all_were_known(mean, volatility, observations):
    known = abs(continuous_kelly_fraction(mean, volatility=volatility))
    short = abs(continuous_kelly_fraction(mean, volatility=volatility, observations=observations))
    longer = abs(continuous_kelly_fraction(mean, volatility=volatility, observations=observations + 1))
    endless = abs(continuous_kelly_fraction(mean, volatility=volatility, observations=10**9))
    assert short <= longer <= known
    assert endless == pytest.approx(known, rel=1e-8)


def test_the_predictive_variance_is_that_of_draws_from_the_posterior():
    """Draw variance, mean and return in turn from the diffuse posterior of 12 rows."""
    rng = np.random.default_rng(1)
    n, mean, volatility, draws = 12, 0.05, 0.2, 2_000_000
    variance = (n - 1) * volatility**2 / rng.chisquare(n - 1, draws)
    returns = rng.normal(rng.normal(mean, np.sqrt(variance / n)), np.sqrt(variance))
    ours = continuous_kelly_fraction(mean, volatility=volatility, observations=n)
    assert mean / returns.var() == pytest.approx(ours, rel=0.01)


@given(st.floats(0.01, 0.99), st.floats(0.05, 1.95))
def test_a_larger_fraction_never_lowers_the_probability_of_a_loss(drawdown, fraction):
    assert kelly_drawdown_probability(drawdown, fraction=fraction) <= kelly_drawdown_probability(
        drawdown, fraction=fraction + 0.05
    )
    assert kelly_drawdown_probability(drawdown, fraction=2.0) == 1.0


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: kelly_fraction(1.2), r"probability must be in \[0, 1\], got 1.2"),
        (lambda: kelly_fraction(0.6, odds=0.0), "odds must be positive, got 0.0"),
        (lambda: kelly_fraction(0.6, loss=-1.0), "loss must be positive"),
        (lambda: kelly_fraction(0.6, fraction=0.0), "fraction must be positive"),
        (lambda: kelly_fraction(float("nan")), "probability must be a finite number"),
        (lambda: continuous_kelly_fraction(0.1, volatility=0.0), "volatility must be positive"),
        (lambda: continuous_kelly_fraction(0.1, volatility=0.2, observations=3), "whole number of at least 4, got 3"),
        (lambda: kelly_drawdown_probability(30.0), r"drawdown must be in \(0, 1\), got 30.0. A loss of 30 % is 0.3"),
        (lambda: kelly_drawdown_probability(0.0), r"drawdown must be in \(0, 1\)"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()
