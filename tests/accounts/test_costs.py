"""Costs of trading and holding: what is refused, and rates that look yearly."""

import pytest

from riskresearch.accounts import Costs
from riskresearch.backtest import simulate
from riskresearch.core import ConventionWarning, InvalidInputError
from tests.backtest.samples import market

WEIGHTS, PRICES = market(rows=8, columns=3)


def test_costs_that_are_no_numbers_are_refused():
    with pytest.raises(InvalidInputError, match="half_spread must be a finite number, got 'wide'"):
        Costs(half_spread="wide")
    with pytest.raises(InvalidInputError, match="borrow_rate must not be negative"):
        Costs(borrow_rate=-0.01)


@pytest.mark.parametrize("name", ["borrow_rate", "cash_rate", "debit_rate"])
def test_a_yearly_rate_in_place_of_one_per_bar_warns(name):
    with pytest.warns(ConventionWarning, match=f"{name} is a rate per period; 0.03 at 252 periods a year is 756%"):
        simulate(WEIGHTS, PRICES, costs=Costs(**{name: 0.03}))
    simulate(WEIGHTS.to_numpy(), PRICES.to_numpy(), costs=Costs(**{name: 0.03}))
