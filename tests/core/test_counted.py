"""One of a thing is singular in every result."""

import re

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch.core import DependentRowsWarning
from riskresearch.core.output._formats import counted

RETURNS = pd.Series(np.random.default_rng(0).normal(0.0, 0.01, 40), pd.bdate_range("2024-01-02", periods=40))
PRICES = rr.datasets.load("index_sp500")["close"].loc["2018"]
PLURAL_OF_ONE = re.compile(
    r"(?<![\d.,])1 (rows|bars|trips|halts|trials|exceedances|accounts|columns|assets|trades|positions|scenarios)\b"
)


@pytest.mark.parametrize(("number", "text"), [(0, "0 rows"), (1, "1 row"), (2.0, "2 rows"), (12_345, "12,345 rows")])
def test_counted(number, text):
    assert counted(number, "row") == text


def one_halt() -> object:
    fall = RETURNS.copy()
    fall.iloc[10] = -0.2
    return rr.backtest_breakers(fall, rr.breakers.DrawdownBreaker(0.15, cooldown=5))


RESULTS = {
    "a backtest": lambda: rr.simulate([1.0], [10.0]),
    "a halt": one_halt,
    "a sweep": lambda: rr.sweep(PRICES, rr.VolatilityPositionSizer, {"target": [0.1]}),
    "an interval": lambda: rr.value_at_risk(RETURNS.to_frame("A"), interval=0.9),
    "a tail": lambda: rr.tail_risk(RETURNS.to_frame("A")),
    "a stress test": lambda: rr.hypothetical_stress(RETURNS.to_frame("A"), [1.0], shocks={"A": -0.1}),
    "a reverse stress test": lambda: rr.reverse_stress(RETURNS.to_frame("A"), [1.0], loss=0.1),
    "an exceedance": lambda: rr.rolling_tail_risk(RETURNS.iloc[:31], window=30).exceedances(),
}


@pytest.mark.parametrize("name", RESULTS)
def test_one_is_singular(name):
    result = RESULTS[name]()
    for text in (result.summary(), repr(result)):
        assert not PLURAL_OF_ONE.search(text), text


def test_one_row_is_too_few():
    with pytest.warns(DependentRowsWarning, match="^1 row is too few to see"):
        rr.value_at_risk(RETURNS.iloc[:1], interval=0.9)
