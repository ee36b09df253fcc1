"""A volatility target of 10 %, capped at 1.5, by month, at 5 basis points: as guessed, and what wrong guesses get."""

import inspect
import pickle

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import KellyPositionSizer, VaRPositionSizer, VolatilityPositionSizer, simulate
from riskresearch.core import InvalidInputError
from riskresearch.metrics import aggregate_returns, simple_returns

DAYS = pd.bdate_range("2020-01-01", periods=520)
PRICES = pd.DataFrame(
    100.0 * np.exp(np.random.default_rng(0).normal(0.0004, [0.002, 0.004], (520, 2)).cumsum(axis=0)), DAYS, ["A", "B"]
)


def test_the_task_as_it_is_guessed():
    weights = VolatilityPositionSizer(target=0.10, max_leverage=1.5).weights(simple_returns(PRICES))
    result = simulate(weights, PRICES, rebalance="month", costs=0.0005)
    assert weights.sum(axis=1).max() == pytest.approx(1.5, rel=1e-12)
    traded = result.turnover[result.turnover > 0.0].index
    assert len(traded) == len(set(zip(traded.year, traded.month, strict=True)))
    fills = result.turnover * result.equity.shift(1)
    assert result.costs.sum(axis=1).sum() == pytest.approx(0.0005 * fills.sum(), rel=1e-9)
    assert "rebalanced after the last bar of each month" in result.summary()


@pytest.mark.parametrize("word", ["monthly", "M", "ME", "MS", "bme", " month", "1M", pd.offsets.MonthEnd()])
def test_what_pandas_calls_a_month_is_answered_with_the_word(word):
    returns = simple_returns(PRICES)
    for call, name in (
        (lambda: simulate(returns * 0.0, PRICES, rebalance=word), "rebalance"),
        (lambda: VolatilityPositionSizer(rebalance=word), "rebalance"),
        (lambda: aggregate_returns(returns, to=word), "to"),
    ):
        with pytest.raises(InvalidInputError, match=rf"{name} must be .*, got .*\. Did you mean 'month'\?$"):
            call()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("W-FRI", "week"),
        ("weekly", "week"),
        ("QE-DEC", "quarter"),
        ("annual", "year"),
        ("A", "year"),
        ("D", "every_bar"),
    ],
)
def test_other_periods_are_answered_as_well(word, meant):
    with pytest.raises(InvalidInputError, match=f"Did you mean '{meant}'"):
        simulate([1.0], [1.0], rebalance=word)


def test_words_without_a_meaning_are_refused_plainly():
    with pytest.raises(InvalidInputError, match=r"'year', got 'fortnight'\.$"):
        simulate([1.0], [1.0], rebalance="fortnight")
    with pytest.raises(InvalidInputError, match=r"rebalance must be one of .*None decides on every row\."):
        VolatilityPositionSizer(rebalance="daily")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: VolatilityPositionSizer(0.1, cap=1.5), r"no argument 'cap', got cap=1.5. Write max_leverage=1.5\."),
        (lambda: VolatilityPositionSizer(0.1, max_exposure=1.5), "Write max_leverage=1.5"),
        (lambda: VolatilityPositionSizer(target_vol=0.1), "Write target=0.1"),
        (lambda: VolatilityPositionSizer(0.1, span=20), "`halflife` is in rows"),
        (lambda: VolatilityPositionSizer(0.1, freq="M"), "Write rebalance='month'"),
        (lambda: VaRPositionSizer(leverage=2.0), "Write max_leverage=2.0"),
        (lambda: KellyPositionSizer(lookback=60), "Write window=60"),
        (lambda: simulate([1.0], [1.0], fees=0.0005), "simulate has no argument 'fees'.*Write costs=0.0005"),
        (lambda: simulate([1.0], [1.0], commission=0.0005), "Write costs=0.0005"),
        (lambda: simulate([1.0], [1.0], freq="M"), "Write rebalance='month'"),
        (lambda: simulate([1.0], [1.0], initial_capital=1e6), "Write capital=1000000.0"),
        (lambda: simulate([1.0], [1.0], cap=1.5), "a cap on them is `max_leverage` of the sizer"),
        (lambda: simulate([1.0], [1.0], against="hold"), "of the result compares with holding by itself"),
    ],
)  # fmt: skip
def test_names_of_other_packages_are_answered_with_ours(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


def test_other_wrong_names_are_pythons_own_errors_and_signatures_stay():
    with pytest.raises(TypeError, match="unexpected keyword argument 'foo'"):
        simulate([1.0], [1.0], foo=1)
    assert list(inspect.signature(VolatilityPositionSizer).parameters)[:2] == ["target", "scope"]
    assert list(inspect.signature(riskresearch.simulate).parameters)[:2] == ["weights", "prices"]
    sizer = VolatilityPositionSizer(0.1, max_leverage=1.5)
    assert pickle.loads(pickle.dumps(sizer)) == sizer
