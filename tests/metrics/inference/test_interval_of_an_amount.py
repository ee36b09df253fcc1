"""An interval times an amount of money: by hand, in every form of result, and what is no factor."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch as rr
from riskresearch.core import InvalidInputError
from riskresearch.metrics import Interval

RETURNS = pd.DataFrame(np.random.default_rng(0).normal(0.0, 0.01, (120, 2)), columns=["A", "B"])
ONE = Interval("value_at_risk", 0.02, 0.01, 0.04, 0.005, None, 0.95, "by hand", 0)


@pytest.mark.parametrize("amount", [1_000_000, 1e6, np.float64(1e6), np.int64(1_000_000)])
def test_an_amount_on_either_side_gives_money(amount):
    for money in (ONE * amount, amount * ONE):
        assert (money.estimate, money.lower, money.upper, money.standard_error) == (20_000, 10_000, 40_000, 5_000)
        assert repr(money) == "Interval(1,000,000 * value_at_risk=20000, 0.95 in [10000, 40000])"
        assert money.summary().splitlines()[-1].startswith("1,000,000 * value_at_risk, interval of confidence 0.95")


def test_a_negative_factor_turns_the_bounds_and_keeps_the_p_value():
    found = -1 * rr.sharpe_ratio_difference(RETURNS["A"], RETURNS["B"])
    before = rr.sharpe_ratio_difference(RETURNS["A"], RETURNS["B"])
    assert (found.lower, found.upper) == (-before.upper, -before.lower)
    assert (found.p_value, found.standard_error) == (before.p_value, before.standard_error)
    assert found.lower < found.estimate < found.upper


@pytest.mark.parametrize("form", [RETURNS, RETURNS.to_numpy(), pl.from_pandas(RETURNS)])
def test_each_form_of_result_is_multiplied_number_by_number(form):
    before = rr.metrics.volatility(form, interval=0.9, periods_per_year=252)
    assert np.array_equal((2.0 * before).to_frame(), 2.0 * before.to_frame())


def test_what_is_no_factor_is_refused():
    with pytest.raises(InvalidInputError, match="must be a finite number, got nan"):
        ONE * float("nan")
    with pytest.raises(InvalidInputError, match="must not be zero"):
        0 * ONE
    with pytest.raises(TypeError):
        ONE * "1000"
