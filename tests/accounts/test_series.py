"""Series of accounts, computed from the record: those of the labelled result."""

import numpy as np

from riskresearch.accounts._series import costs_paid, equity_before, values_held
from riskresearch.backtest import simulate
from tests.backtest.samples import EVERY_COST, impact_panels, market

WEIGHTS, PRICES = market(rows=30, columns=4)
DONE = simulate(WEIGHTS, PRICES, capital=100.0, costs=EVERY_COST, **impact_panels(PRICES))


def test_the_costs_of_a_bar_are_the_sum_of_the_kinds():
    np.testing.assert_array_equal(costs_paid(DONE.record)[:, 0], DONE.costs.sum(axis=1))


def test_equity_is_cash_and_the_values_held():
    held = values_held(DONE.record, DONE.market)
    np.testing.assert_allclose(DONE.equity, DONE.cash + held.sum(axis=1), rtol=1e-12)
    np.testing.assert_array_equal(equity_before(DONE.record, DONE.settings)[:, 0], [100.0, *DONE.equity[:-1]])
