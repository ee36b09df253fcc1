"""Vince's optimal f against his games, Kelly's criterion and a search."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, strategies as st

from riskresearch.core import InvalidInputError, WorstLossWarning
from riskresearch.sizing import Constraints, kelly_weights, optimal_f
from tests.examples import examples
from tests.samples import of_any_size

TRADES = st.lists(st.floats(-5.0, 5.0).filter(lambda x: abs(x) > 1e-3), min_size=2, max_size=30)


def quietly(trades):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", WorstLossWarning)
        return optimal_f(trades)


def test_vinces_two_to_one_coin():
    """A coin that pays 2 and costs 1 has f = 0.25, by hand: the derivative of log(1 + 2f) + log(1 - f) is zero."""
    found = quietly([2.0, -1.0])
    assert found.fraction == pytest.approx(0.25, rel=1e-12)
    assert found.geometric_mean == pytest.approx((1.5 * 0.75) ** 0.5, rel=1e-12)
    assert found.units_per_wealth == pytest.approx(0.25, rel=1e-12)


def test_vinces_nine_trades():
    """The trades of Portfolio Management Formulas (1990), f = .24 as known; the book could not be read here."""
    trades = [9, 18, 7, 1, 10, -5, -3, -17, -7]
    found = quietly(trades)
    assert round(found.fraction, 2) == 0.24
    grid = np.linspace(0, 0.999, 1000)
    growth = np.log1p(np.outer(grid, trades) / 17).mean(axis=1)
    assert grid[growth.argmax()] == pytest.approx(found.fraction, abs=1e-3)


@of_any_size
@given(TRADES)
@examples(60)
def test_it_is_kellys_bet_on_the_trades_taken_for_the_truth(trades):
    assume(min(trades) < 0.0 < sum(trades) / len(trades) - 1e-3)
    found = quietly(trades)
    bet = kelly_weights(trades, uncertainty="ignore", constraints=Constraints(upper=None, total=(0.0, np.inf)))
    assert found.units_per_wealth == pytest.approx(bet.weights[0], rel=1e-5, abs=1e-7)
    assert found.growth_rate == pytest.approx(bet.growth_rate, rel=1e-6, abs=1e-12)


@given(TRADES, st.floats(0.01, 100.0))
@examples(60)
def test_the_unit_of_the_trades_is_irrelevant_and_f_is_below_one(trades, unit):
    assume(min(trades) < 0.0)
    found = quietly(trades)
    assert 0.0 <= found.fraction < 1.0
    assert quietly([unit * trade for trade in trades]).fraction == pytest.approx(found.fraction, rel=1e-7, abs=1e-9)


def test_one_larger_loss_decides():
    """The reason for the warning: a single trade more halves the position."""
    trades = np.tile([2.0, -1.0], 50)
    calm, shocked = quietly(trades), quietly(np.append(trades, -5.0))
    assert shocked.units_per_wealth < 0.6 * calm.units_per_wealth
    assert shocked.fraction_without_worst == pytest.approx(calm.fraction, rel=1e-9)


def test_it_warns_with_the_numbers():
    with pytest.warns(WorstLossWarning, match="optimal f is 0.25 because the worst of 4 trades lost 1; without that"):
        optimal_f(np.array([2.0, -1.0, 2.0, -1.0]))


def test_a_losing_system_is_not_held_and_no_other_loss_leaves_one():
    assert quietly([1.0, -2.0]).fraction == 0.0
    assert quietly([1.0, -2.0]).geometric_mean == 1.0
    assert quietly([3.0, -2.0]).fraction_without_worst == 1.0
    assert quietly([-2.0]).fraction_without_worst == 1.0


def test_the_result_speaks():
    found = quietly(pd.Series([2.0, -1.0]))
    assert found.to_frame()["fraction"].item() == pytest.approx(0.25)
    assert "Driven by the worst loss of 1" in found.summary()
    assert repr(found) == "OptimalF(0.25, worst_loss=1, 2 trades)"
    assert "optimal f 0.2500" in found._repr_html_()
    assert len(found.plot().patches) >= 2


@pytest.mark.parametrize(
    ("trades", "text"),
    [
        ([1.0, 2.0], "trades must hold a loss, got a least profit of 1"),
        ([[1.0, -1.0]], "trades must be one series, got 2 columns"),
        ([1.0, np.nan], "non-finite"),
        ([], "trades must not be empty"),
    ],
)
def test_what_is_refused(trades, text):
    with pytest.raises(InvalidInputError, match=text):
        optimal_f(trades)
