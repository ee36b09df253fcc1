"""A total of zero has no shares: a perfect hedge, no position, or constant data give nan, 0 or our error."""

import math
import re

import numpy as np
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.portfolio import (
    diversification_ratio,
    effective_number_of_bets,
    herfindahl_index,
    monte_carlo_risk,
    normal_scenarios,
    reverse_stress,
    risk_contributions,
)
from riskresearch.sizing import kelly_weights

MOVES = np.random.default_rng(0).normal(0.0, 0.01, 200)
HEDGES = {
    "opposite": (np.column_stack([MOVES, -MOVES]), [0.5, 0.5]),
    "three times": (np.column_stack([MOVES, 3.0 * MOVES]), [0.75, -0.25]),
    "a third": (np.column_stack([MOVES, MOVES / 3.0]), [0.1, -0.3]),
    "no position": (np.column_stack([MOVES, 2.0 * MOVES]), [0.0, 0.0]),
    "no move": (np.zeros((50, 2)), [0.5, 0.5]),
}
KINDS = [("volatility", "historical")] + [
    (measure, method)
    for measure in ("value_at_risk", "conditional_value_at_risk")
    for method in ("historical", "normal")
]
hedges = pytest.mark.parametrize(("returns", "weights"), HEDGES.values(), ids=HEDGES)


@hedges
@pytest.mark.parametrize(("measure", "method"), KINDS)
def test_contributions_to_no_risk_have_no_shares(returns, weights, measure, method):
    factor = np.random.default_rng(1).normal(0.0, 0.01, (len(returns), 1))
    found = risk_contributions(returns, weights=weights, measure=measure, method=method, factors=factor)
    assert found.total == pytest.approx(0.0, abs=1e-17)
    assert np.isnan(found.percentage).all()
    assert np.isnan(found.by_factor()["percentage"]).all()
    assert np.isfinite(found.component).all()
    assert "nan" not in found.summary()
    assert re.search(r" -( |$)", found.summary(), re.MULTILINE)


@hedges
def test_what_does_not_move_has_no_diversification_and_no_bets(returns, weights):
    assert math.isnan(diversification_ratio(returns, weights=weights))
    for bets in ("principal_components", "minimum_torsion"):
        with pytest.raises(InvalidInputError, match="portfolio that moves"):
            effective_number_of_bets(returns, weights=weights, bets=bets)
    with pytest.raises(InvalidInputError, match="portfolio that moves"):
        reverse_stress(returns, weights=weights, loss=0.1)
    assert math.isnan(herfindahl_index([0.0, 0.0]))


@pytest.mark.parametrize(
    "book",
    [
        {"delta": [100.0, -100.0]},
        {"delta": [0.1, -0.1]},
        {"delta": [0.0, 0.0]},
        {"delta": [1.0, -1.0], "gamma": [2.0, -2.0]},
        {"payoff": lambda factor: np.zeros_like(factor)},
        {"payoff": lambda factor: factor * np.array([3.0, -3.0])},
    ],
)
def test_a_perfect_hedge_has_no_value_at_risk(book):
    draws = normal_scenarios([[1e-4]])
    groups = {"0": "one", "1": "other"}
    found = monte_carlo_risk(np.ones((2, 1)), scenarios=draws, n_scenarios=4000, rng=1, groups=groups, **book)
    assert found.value_at_risk == found.conditional_value_at_risk == 0.0
    assert np.isnan(found.percentage).all()
    assert math.fsum(found.component_value_at_risk) == 0.0
    assert np.isfinite([*found.component, *found.component_value_at_risk, *found.component_value_at_risk_error]).all()
    assert "nan" not in found.summary()
    assert re.search(r" -( |$)", found.summary(), re.MULTILINE)


def test_a_hedge_but_for_rounding_is_one():
    """0.1 + 0.2 - 0.3 is 3e-17, of which 0.1 would be 3e15 times as much."""
    draws = normal_scenarios([[1e-4]])
    found = monte_carlo_risk(np.ones((3, 1)), scenarios=draws, n_scenarios=4000, delta=[0.1, 0.2, -0.3], rng=1)
    assert np.isnan(found.percentage).all()
    assert np.abs(found.component_value_at_risk).max() < 0.01


def test_scenarios_that_do_not_move_have_no_risk():
    found = monte_carlo_risk([[1.0], [1.0]], scenarios=normal_scenarios([[0.0]]), delta=[1.0, 2.0], n_scenarios=4000)
    assert found.component == found.component_value_at_risk == (0.0, 0.0)
    assert found.value_at_risk == 0.0


def test_returns_of_zero_are_bet_on_with_nothing():
    for uncertainty in ("predictive", "ignore"):
        assert kelly_weights(np.zeros((50, 2)), uncertainty=uncertainty).weights == (0.0, 0.0)
