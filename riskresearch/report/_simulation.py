"""What the simulated sections share: their parameters, and the portfolio's weights as an account that trades."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from riskresearch import metrics
from riskresearch.backtest import simulate
from riskresearch.posttrade import Ledger
from riskresearch.report._inputs import Inputs

COST = 0.0005
"""Fraction of the traded notional."""
MIN_ROWS = 500
"""A simulation needs at least this many returns."""


def account_of(inputs: Inputs) -> tuple[Ledger | None, str]:
    """Return the ledger of the weights, brought back to them each month, or why there is none."""
    if inputs.assets is None or inputs.weights is None or (inputs.weights != 0.0).sum() < 2:
        return None, "An account is simulated for two assets or more."
    held = inputs.weights[inputs.weights != 0.0]
    returns = inputs.assets[list(held.index)]
    known = returns.notna().all(axis=1).to_numpy()
    if known.sum() < MIN_ROWS or not known[known.argmax() :].all():
        return None, (
            f"An account is simulated over {MIN_ROWS} returns or more that all assets share, without gaps between them."
        )
    returns = returns.iloc[int(known.argmax()) :]
    if (returns <= -1.0).to_numpy().any():
        return None, "No account is simulated: an asset lost everything."
    prices: Any = metrics.wealth_index(returns)
    weights = pd.DataFrame(np.tile(held.to_numpy(), (len(returns), 1)), returns.index, returns.columns)
    done = simulate(weights, prices, costs=COST, rebalance="month")
    if done.bankruptcies:
        return None, "No account is simulated: it lost everything."
    return done.ledger(matching="fifo"), ""
