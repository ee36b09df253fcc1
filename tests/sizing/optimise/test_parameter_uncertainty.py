"""Kelly's drawdown limit where the probabilities are estimated: measured with one draw of the truth for each path."""

import math

import numpy as np
import pytest
from scipy import stats

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.sizing import Constraints, KellyPositionSizer, drawdown_risk, kelly_weights
from tests.samples import fat_tailed

LIMIT = {"drawdown": 0.3, "drawdown_probability": 0.1}


def sample(seed, rows=60, columns=2):
    """Return monthly returns with an edge."""
    rng = np.random.default_rng(seed)
    return rng.normal(0.01, 0.04, (rows, columns)) + rng.normal(0.0, 0.02, (rows, 1))


def measured(returns, weights, periods=1000, paths=4000, seed=0, risk_free=0.0):
    """Return the probability of the drawdown by full draws: inverse Wishart, mean, rows turned to that covariance."""
    rng, (rows, columns) = np.random.default_rng(seed), returns.shape
    mean, away = returns.mean(axis=0), returns - returns.mean(axis=0)
    standard = away @ np.linalg.inv(np.linalg.cholesky(away.T @ away / rows)).T
    sigmas = stats.invwishart(rows - 1, away.T @ away).rvs(paths, random_state=rng).reshape(paths, columns, columns)
    below = 0
    for sigma in sigmas:
        root = np.linalg.cholesky(sigma)
        truth = mean + root @ rng.standard_normal(columns) / math.sqrt(rows)
        earned = (truth + standard @ root.T) @ weights
        path = np.log(np.maximum(1.0 + earned[rng.integers(0, rows, periods)], 1e-300)).cumsum()
        below += path.min() < math.log(0.7)
    return below / paths


@pytest.mark.parametrize("uncertainty", ["predictive", "shrinkage"])
@pytest.mark.parametrize("seed", range(3))
def test_the_promise_holds_where_parameters_are_estimated_from_sixty_rows(seed, uncertainty):
    """With the bound for known probabilities alone it was 19 % on average, and 34 % in one case."""
    returns = sample(seed)
    bet = kelly_weights(returns, uncertainty=uncertainty, max_leverage=4.0, **LIMIT)
    assert bet.drawdown_simulated <= 0.1
    chance = measured(returns, np.array(bet.weights))
    assert chance <= 0.1 + 3.0 * math.sqrt(0.1 * 0.9 / 4000)
    known = kelly_weights(returns, uncertainty="ignore", max_leverage=4.0, **LIMIT)
    assert known.drawdown_simulated is None
    assert sum(bet.weights) < sum(known.weights)
    assert "drawdown" in bet.binding or not any(bet.weights)


def test_it_uses_up_most_of_the_promise():
    returns = sample(0)
    bet = kelly_weights(returns, max_leverage=4.0, **LIMIT)
    assert 0.07 < bet.drawdown_simulated <= 0.1
    assert measured(returns, np.array(bet.weights)) == pytest.approx(bet.drawdown_simulated, abs=0.02)
    assert "over 1000 periods, one unknown truth a path" in bet.summary()


def test_drawdown_risk_simulates_unknown_truths_too():
    returns, weights = sample(1), np.array([0.8, 0.6])
    call = {"drawdown": 0.3, "periods": 1000, "paths": 4000, "rng": 3}
    known = drawdown_risk(returns, weights, **call)
    unknown = drawdown_risk(returns, weights, uncertainty="predictive", **call)
    assert (known.uncertainty, unknown.uncertainty) == ("ignore", "predictive")
    assert unknown.simulated > 2.0 * known.simulated
    assert unknown.bound == known.bound
    assert unknown.simulated == pytest.approx(measured(returns, weights), abs=4 * unknown.standard_error)
    assert unknown == drawdown_risk(returns, weights, uncertainty="predictive", **call)
    assert "each path with its own draw of the unknown truth" in unknown.summary()


def test_cash_is_counted_and_a_fraction_lowers_the_probability():
    returns = sample(2)
    full = kelly_weights(returns, max_leverage=4.0, risk_free=0.002, **LIMIT)
    half = kelly_weights(returns, max_leverage=4.0, risk_free=0.002, fraction=0.5, **LIMIT)
    assert half.weights == pytest.approx(0.5 * np.array(full.weights), rel=1e-12)
    assert half.drawdown_simulated < full.drawdown_simulated <= 0.1
    risk = drawdown_risk(
        returns, full.weights, drawdown=0.3, periods=1000, paths=4000, risk_free=0.002, uncertainty="predictive", rng=1
    )
    assert risk.simulated == pytest.approx(full.drawdown_simulated, abs=4 * risk.standard_error)


def test_a_shorter_horizon_promises_less_and_holds_more():
    returns = sample(0)
    sizes = [sum(kelly_weights(returns, max_leverage=4.0, drawdown_periods=n, **LIMIT).weights) for n in (50, 1000)]
    assert sizes[0] > sizes[1] > 0.0


def test_weights_that_may_hold_no_cash_warn_instead():
    with pytest.warns(ConventionWarning, match=r"over 1000 periods with one draw of the unknown truth for each path"):
        bet = kelly_weights(sample(5), constraints=Constraints(total=1.0), **LIMIT)
    assert bet.drawdown_simulated > 0.2


def test_the_sizer_holds_the_weights_of_its_windows():
    returns = fat_tailed(130, 2, 3) + 0.003
    sizer = KellyPositionSizer(window=60, rebalance_every=60, drawdown_periods=200, **LIMIT)
    bet = kelly_weights(returns[:60], drawdown_periods=200, **LIMIT)
    assert sizer.weights(returns)[59] == pytest.approx(np.array(bet.weights), rel=1e-12)
    assert sizer.explain(returns).names_of(int(sizer.explain(returns).reasons[59, 0])).count("DRAWDOWN") == (
        "drawdown" in bet.binding
    )


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: kelly_weights(sample(0), drawdown_periods=0, **LIMIT), "drawdown_periods must be a whole number"),
        (
            lambda: drawdown_risk(sample(0), [0.1, 0.1], drawdown=0.3, periods=9, uncertainty="shrinkage"),
            "uncertainty must be one of 'ignore', 'predictive'",
        ),
        (
            lambda: drawdown_risk(sample(0)[:4], [0.1, 0.1], drawdown=0.3, periods=9, uncertainty="predictive"),
            "returns needs more than 4 rows for 2 columns",
        ),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()
