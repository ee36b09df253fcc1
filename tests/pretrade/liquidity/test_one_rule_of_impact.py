"""Simulations, post-trade analysis and liquidity charge the square-root impact by one kernel."""

import ast
import inspect

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch import posttrade
from riskresearch.accounts import Costs
from riskresearch.kernels.inlined import _fill_rules
from riskresearch.kernels.liquidity import _liquidation
from riskresearch.kernels.trades import _impact_fit
from riskresearch.pretrade import Book, LiquidityChecker

DATES = pd.bdate_range("2024-01-01", periods=3)
CASES = [
    (0.5, 1e6, 10.0, 123_457.0, 0.017, 0.7),
    (-0.25, 3e5, 7.3, 9_999.0, 0.031, 1.0),
    (1.0, 12_345.67, 0.013, 1e7, 0.0042, 0.142),
]


def charged(weight, capital, price, volume, volatility, coefficient):
    """Return the first fill of a simulation that trades to a weight at once."""
    prices = pd.DataFrame({"A": price}, DATES)
    panels = {"average_volume": 0.0 * prices + volume, "volatility": 0.0 * prices + volatility}
    account = rr.simulate(0.0 * prices + weight, prices, costs=Costs(impact=coefficient), capital=capital, **panels)
    return account.fills.iloc[0]


@pytest.mark.parametrize("case", CASES)
def test_a_simulated_fill_and_the_same_position_cost_the_same_to_the_last_bit(case):
    _, _, price, volume, volatility, coefficient = case
    fill = charged(*case)
    book = Book({"A": fill["units"]}, {"A": price}, average_volume={"A": volume}, volatility={"A": volatility})
    found = LiquidityChecker(1.0, impact_coefficient=coefficient).check(book)
    assert found.impact == (fill["impact"],)
    assert found.participation == (abs(fill["units"]) / volume,)


@pytest.mark.parametrize("case", CASES)
def test_the_fitted_law_expects_the_same_cost(case):
    _, _, price, volume, volatility, coefficient = case
    fill = charged(*case)
    sizes = np.linspace(0.001, 0.2, 40)
    law = posttrade.fit_square_root_law(
        coefficient * volatility * np.sqrt(sizes), participation=sizes, volatility=volatility
    )
    book = Book({"A": fill["units"]}, {"A": price}, average_volume={"A": volume}, volatility={"A": volatility})
    checker = LiquidityChecker(1.0, impact_coefficient=law.coefficient, impact_error=law.coefficient_error)
    found = checker.check(book)
    expected = law.cost(participation=found.participation[0], volatility=volatility)[0] * abs(fill["notional"])
    assert found.impact[0] == pytest.approx(expected, rel=1e-12)
    assert found.impact[0] == pytest.approx(fill["impact"], rel=1e-9)  # the fit recovers the coefficient


def test_selling_by_the_schedule_costs_in_a_simulation_what_the_convention_of_days_expects():
    # A constant price and full accuracy: the targets of each day are what the schedule leaves.
    units, price, volume, volatility, coefficient = 10_000.0, 10.0, 16_000.0, 0.02, 0.9
    book = Book({"A": units}, {"A": price}, average_volume={"A": volume}, volatility={"A": volatility})
    found = LiquidityChecker(0.125, impact_coefficient=coefficient, impact_of="day").check(book)
    sold = found.schedule()["A"].tolist()
    assert sold == [2000.0] * 5
    assert found.impact[0] == pytest.approx(
        sum(charged(each / 1e5, 1e6, price, volume, volatility, coefficient)["impact"] for each in sold), rel=1e-12
    )


def test_no_other_file_writes_the_rule_again():
    assert _impact_fit.square_root_impact is _fill_rules.square_root_impact
    assert _liquidation.square_root_impact is _fill_rules.square_root_impact
    names = {node.id for node in ast.walk(ast.parse(inspect.getsource(_liquidation))) if isinstance(node, ast.Name)}
    assert "sqrt" not in names
