"""Two names that are one as text, such as 0 and "0", are refused by name: neither is dropped in silence."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.backtest import backtest_breakers, simulate, sweep_breakers
from riskresearch.breakers import BreakerSet, DrawdownBreaker
from riskresearch.core import InvalidInputError
from riskresearch.metrics import max_drawdown, portfolio_returns
from riskresearch.portfolio import (
    entropy_pooling,
    hypothetical_stress,
    monte_carlo_risk,
    normal_scenarios,
    risk_contributions,
)
from riskresearch.sizing import Caps, Constraints, RiskParitySizer, apply_caps, kelly_weights, risk_parity

RETURNS = np.random.default_rng(0).normal(0.0005, 0.01, (60, 2))
BOTH = {"0": 0.4, 0: 0.3, "1": 0.3}
GROUPS = {"0": "one", 0: "other", "1": "one"}
DRAWS = normal_scenarios([[1e-4]])
ROW = pd.Series([0.4, 0.3, 0.3], index=["0", 0, "1"])

DOORS = {
    "weights": lambda: portfolio_returns(RETURNS, weights=BOTH),
    "weights, a Series": lambda: portfolio_returns(RETURNS, weights=ROW),
    "weights of contributions": lambda: risk_contributions(RETURNS, weights=BOTH),
    "groups": lambda: risk_contributions(RETURNS, weights=[0.5, 0.5]).by_group(GROUPS),
    "groups, a Series": lambda: risk_contributions(RETURNS, weights=[0.5, 0.5]).by_group(pd.Series(GROUPS)),
    "means": lambda: entropy_pooling(RETURNS, means={"0": 0.001, 0: 0.002}),
    "volatilities": lambda: entropy_pooling(RETURNS, volatilities={"0": 0.011, 0: 0.012}),
    "shocks": lambda: hypothetical_stress(RETURNS, weights=[0.5, 0.5], shocks={"0": -0.1, 0: -0.2}),
    "delta": lambda: monte_carlo_risk(pd.DataFrame([[1.0], [1.0]], index=["0", "1"]), scenarios=DRAWS, delta=BOTH),
    "groups of positions": lambda: monte_carlo_risk(
        [[1.0], [1.0]], scenarios=DRAWS, delta=[1.0, 1.0], groups=GROUPS, n_scenarios=1000
    ),
    "accounts": lambda: simulate(np.full((60, 2), 0.5), 100.0 + RETURNS.cumsum(axis=0), accounts=GROUPS),
    "grid": lambda: sweep_breakers(RETURNS[:, 0], DrawdownBreaker, {"limit": [0.1], Named("limit"): [0.2]}),
    "lower": lambda: kelly_weights(RETURNS, constraints=Constraints(lower={"0": 0.0, 0: 0.1, "1": 0.0})),
    "groups of constraints": lambda: risk_parity(
        np.cov(RETURNS.T), constraints=Constraints(groups=GROUPS, group_limits={"one": (0.0, 0.5)})
    ),
    "group_limits": lambda: kelly_weights(
        RETURNS, constraints=Constraints(groups={"0": "1", "1": "1"}, group_limits={"1": (0.0, 0.5), 1: (0.0, 0.4)})
    ),
    "groups of caps": lambda: Caps(max_group=0.5, groups=GROUPS),
    "held": lambda: apply_caps(RETURNS, Caps(max_weight=0.4), held=BOTH),
    "a row of a stream": lambda: RiskParitySizer(window=20).start(("0", "1")).update(BOTH),
}


class Named(str):
    """A text that is another key and prints the same."""

    def __eq__(self, other):
        return self is other

    __hash__ = str.__hash__


@pytest.mark.parametrize("door", DOORS)
def test_two_keys_that_are_one_as_text_are_refused(door):
    with pytest.raises(InvalidInputError, match=r"keys that differ as text, got .* and|once, got .* twice|each once"):
        DOORS[door]()


def test_units_of_breakers_differ_as_text():
    with pytest.raises(InvalidInputError, match=r"must differ as text, .* got '0' twice"):
        BreakerSet([DrawdownBreaker(0.1, scope="asset")]).start(equity=1.0, assets=["0", 0])


def test_one_column_for_each_price_of_a_bar():
    bars = pd.DataFrame(100.0, index=range(5), columns=["open", "high", "low", "close", "Close"])
    with pytest.raises(InvalidInputError, match="got 'close' and 'Close'"):
        backtest_breakers(None, DrawdownBreaker(0.1), prices=bars, intrabar="low_first")


@pytest.mark.parametrize("weights", [{"0": 0.5, "1": 0.5}, [0.5, 0.5]])
def test_columns_that_are_one_as_text_are_refused(weights):
    frame = pd.DataFrame(RETURNS, columns=[0, "0"])
    for measure in (max_drawdown, lambda data: portfolio_returns(data, weights=weights)):
        with pytest.raises(InvalidInputError, match="different name"):
            measure(frame)


def test_what_is_no_mapping_is_refused():
    with pytest.raises(InvalidInputError, match=r"groups must be a mapping or a Series .*, got 'ab'"):
        risk_contributions(RETURNS, weights=[0.5, 0.5]).by_group("ab")
    with pytest.raises(InvalidInputError, match="accounts must be a mapping or a Series, got"):
        simulate(np.full((60, 2), 0.5), 100.0 + RETURNS.cumsum(axis=0), accounts=["a", "b"])
