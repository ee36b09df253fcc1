"""Panels of optimised weights: the one-shot functions on each window, one definition for history and stream."""

import json
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch
from riskresearch.core import InvalidInputError
from riskresearch.sizing import (
    Constraints,
    KellyPositionSizer,
    MeanCVaRSizer,
    MinimumCVaRSizer,
    RiskParitySizer,
    kelly_weights,
    mean_cvar,
    minimum_cvar,
    risk_parity,
)
from tests.samples import fat_tailed

NAMES = ["A", "B", "C"]
GROUPED = Constraints(
    lower={"C": 0.1, "A": 0.0, "B": 0.0},
    upper=0.6,
    groups={"A": "x", "B": "x", "C": "y"},
    group_limits={"x": (0.0, 0.7)},
)
LIMITED = Constraints(lower=-0.2, upper=0.5, max_gross=1.2)
SIZERS = {
    "kelly": KellyPositionSizer(window=40, rebalance_every=7, fraction=0.5),
    "kelly limited": KellyPositionSizer(
        window=40,
        rebalance_every=30,
        constraints=LIMITED,
        drawdown=0.3,
        drawdown_probability=0.1,
        uncertainty="shrinkage",
    ),
    "kelly quadratic": KellyPositionSizer(window=40, rebalance_every=7, method="quadratic", risk_free=1e-4),
    "parity": RiskParitySizer(window=30, rebalance_every=5),
    "parity limited": RiskParitySizer(
        window=30, rebalance_every=25, budgets={"B": 0.5, "A": 0.3, "C": 0.2}, constraints=GROUPED
    ),
    "cvar": MinimumCVaRSizer(window=30, rebalance_every=11, constraints=GROUPED),
    "mean cvar": MeanCVaRSizer(window=30, rebalance_every=11, risk_aversion=0.5),
}


def frame(rows=100, seed=0):
    common = fat_tailed(rows, 1, seed + 50)
    return pd.DataFrame(
        fat_tailed(rows, 3, seed) + common + 0.002, columns=NAMES, index=pd.bdate_range("2024-01-01", periods=rows)
    )


def one_shot(name, rows):
    if name == "kelly":
        return kelly_weights(rows, fraction=0.5).weights
    if name == "kelly limited":
        bet = kelly_weights(rows, constraints=LIMITED, drawdown=0.3, drawdown_probability=0.1, uncertainty="shrinkage")
        return bet.weights
    if name == "kelly quadratic":
        return kelly_weights(rows, method="quadratic", risk_free=1e-4).weights
    if name == "parity":
        return risk_parity(rows.cov()).weights
    if name == "parity limited":
        return risk_parity(rows.cov(), budgets={"A": 0.3, "B": 0.5, "C": 0.2}, constraints=GROUPED).weights
    if name == "cvar":
        return minimum_cvar(rows, constraints=GROUPED).weights
    return mean_cvar(rows, risk_aversion=0.5).weights


@pytest.mark.parametrize("name", SIZERS)
def test_each_row_is_the_one_shot_answer_of_its_window_held_in_between(name):
    sizer, returns = SIZERS[name], frame()
    weights = sizer.weights(returns)
    assert weights.index.equals(returns.index)
    assert weights.columns.tolist() == NAMES
    held = np.zeros(3)
    for row in range(len(returns)):
        since = row + 1 - sizer.window
        if since >= 0 and since % sizer.rebalance_every == 0:
            held = np.asarray(one_shot(name, returns.iloc[since : row + 1]))
        assert weights.iloc[row].to_numpy() == pytest.approx(held, abs=1e-8)
    assert weights.notna().all().all()


@pytest.mark.parametrize("name", SIZERS)
def test_a_stream_has_the_bits_of_the_history_also_through_json(name):
    sizer, returns = SIZERS[name], frame()
    batch = sizer.weights(returns).to_numpy()
    stream = sizer.start(NAMES)
    for row in range(len(returns)):
        if row in (17, 55):
            stream = sizer.resume(json.loads(json.dumps(stream.to_dict())))
        weights = stream.update(returns.iloc[row])
        assert np.array_equal(weights.view(np.int64), batch[row].view(np.int64))


@pytest.mark.parametrize("name", SIZERS)
def test_the_future_does_not_change_one_bit_of_the_past(name):
    sizer, returns = SIZERS[name], frame()
    whole = sizer.weights(returns)
    pd.testing.assert_frame_equal(sizer.weights(returns.iloc[:71]), whole.iloc[:71], check_exact=True, check_freq=False)
    other = returns.copy()
    other.iloc[71:] = -0.5 * other.iloc[71:].to_numpy()[::-1]
    pd.testing.assert_frame_equal(sizer.weights(other).iloc[:71], whole.iloc[:71], check_exact=True)


@pytest.mark.parametrize("name", ["kelly", "parity", "cvar", "mean cvar"])
def test_every_kind_of_input_gives_the_same_bits_and_stays_as_it_was(name):
    returns = frame()
    before = returns.copy()
    sizer = SIZERS[name] if name != "cvar" else MinimumCVaRSizer(window=30, rebalance_every=11)
    weights = sizer.weights(returns)
    pd.testing.assert_frame_equal(returns, before)
    assert np.array_equal(sizer.weights(returns.to_numpy()), weights.to_numpy())
    assert np.array_equal(sizer.weights(pl.DataFrame(returns.to_numpy(), schema=NAMES)).to_numpy(), weights.to_numpy())
    single = sizer.weights(returns["A"])
    assert single.name == "A"
    assert (single.iloc[: sizer.window - 1] == 0.0).all()
    assert ((single >= 0.0) & (single <= 1.0)).all()


def test_named_limits_of_one_column_hold_as_well():
    limits = Constraints(upper={"A": 0.2}, groups={"A": "x"}, group_limits={"x": (0.0, 0.1)})
    weights = KellyPositionSizer(window=40, constraints=limits).weights(frame()[["A"]])
    assert weights["A"].max() <= 0.1 + 1e-9
    total = RiskParitySizer(window=40, constraints=Constraints(groups={"A": "x"}, group_limits={"x": (0.0, 1.0)}))
    assert total.weights(frame()[["A"]]).iloc[-1].item() == 1.0


def test_missing_rows_are_left_out_of_their_windows():
    returns = frame()
    holed = returns.copy()
    holed.iloc[5, 1] = np.nan
    sizer = RiskParitySizer(window=20, rebalance_every=100, nan_policy="omit")
    expected = risk_parity(holed.iloc[:20].dropna().cov())
    assert sizer.weights(holed).iloc[-1].to_numpy() == pytest.approx(expected.weights, rel=1e-9)
    with pytest.raises(InvalidInputError, match='nan_policy="omit"'):
        RiskParitySizer(window=20).weights(holed)
    holed.iloc[:19, 1] = np.nan
    with pytest.raises(InvalidInputError, match="at least 2 rows in each window on which every column has a value"):
        sizer.weights(holed)


def test_a_short_history_holds_nothing():
    assert (KellyPositionSizer(window=200).weights(frame()) == 0.0).all().all()


def test_kelly_bets_less_on_shorter_windows_of_the_same_returns():
    returns = pd.concat([frame(40)] * 3, ignore_index=True)
    free = Constraints(lower=None, total=(-math.inf, math.inf))
    short = KellyPositionSizer(window=40, constraints=free).weights(returns).iloc[39]
    long = KellyPositionSizer(window=120, constraints=free).weights(returns).iloc[119]
    assert abs(short).sum() < abs(long).sum()


def test_a_window_without_a_solution_is_named():
    returns = frame()
    returns.iloc[40:80, 1] = -returns["A"].iloc[40:80]
    with pytest.raises(InvalidInputError, match=r"20 rows that end at 2024-03-22.*some risk, but some have none"):
        RiskParitySizer(window=20, rebalance_every=1).weights(returns)


def test_it_stands_at_the_top():
    assert riskresearch.KellyPositionSizer is KellyPositionSizer


@pytest.mark.filterwarnings("ignore:required_return is a rate:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: KellyPositionSizer(window=1), "window must be a whole number of at least 2, got 1"),
        (lambda: RiskParitySizer(rebalance_every=0), "rebalance_every must be a whole number of at least 1"),
        (lambda: MinimumCVaRSizer(nan_policy="drop"), "nan_policy must be one of 'raise', 'omit'"),
        (lambda: KellyPositionSizer(window=5).weights(frame()), "needs more than 5 rows for 3 columns"),
        (lambda: RiskParitySizer(window=3).weights(frame().assign(B=-frame()["A"])), "without risk|some risk"),
        (lambda: MinimumCVaRSizer(window=30, required_return=1.0).weights(frame()), "required_return"),
        (lambda: MeanCVaRSizer(window=30).weights(frame()), "risk_aversion or max_cvar must be given"),
        (lambda: RiskParitySizer(window=30, budgets={"A": 1.0}).weights(frame()), "budgets must name the columns"),
        (
            lambda: KellyPositionSizer(constraints=Constraints(upper={"X": 1.0})).weights(frame()),
            "upper must name the columns",
        ),
        (
            lambda: KellyPositionSizer(
                window=40, constraints=Constraints(groups={"A": "x"}, group_limits={"x": (0.0, 0.5)})
            ).weights(frame()),
            "groups must name the group of every asset",
        ),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()
