"""Verdicts of limits: collected from whatever has them, as one table, and counted in the summary."""

import pickle
from enum import IntEnum

import numpy as np
import pandas as pd
import pytest

from riskresearch.backtest import simulate
from riskresearch.core import InvalidInputError
from riskresearch.sizing import Caps
from tests.backtest.samples import market

COLUMNS = [
    "time", "account", "asset", "code", "outcome", "value", "limit", "units_wanted", "units_accepted",
]  # fmt: skip


class Result(IntEnum):
    WARN = 1
    DENY = 3


class Telling:
    """A limit that lets everything pass, and whose verdicts are given."""

    def __init__(self, *told):
        self.told = list(told)

    def start(self, columns):
        return Running(self.told.pop(0))


class Running:
    def __init__(self, told):
        self.told = told

    def apply(self, target, bar):
        return target

    def verdicts(self):
        return self.told


class Table:
    def __init__(self, columns):
        self.columns = columns

    def to_frame(self):
        return pd.DataFrame(self.columns)


TOLD = {
    "row": [3, 0, -1], "asset": ["S1", "S0", "S0"], "code": ["SESSION", "LEVERAGE", "LEVERAGE"],
    "outcome": [Result.DENY, Result.WARN, Result.WARN], "value": [1.0, 1.6, 1.7], "limit": [0.0, 1.5, 1.5],
    "strategy": ["x", "y", "z"],
}  # fmt: skip


@pytest.mark.parametrize("given", [TOLD, pd.DataFrame(TOLD), Table(TOLD)], ids=["mapping", "frame", "to_frame"])
def test_verdicts_of_any_limit_are_one_table_in_the_order_of_the_bars(given):
    weights, prices = market(rows=6, columns=2)
    frame = simulate(weights, prices, limits=[Telling(given)]).limit_verdicts
    assert list(frame) == [*COLUMNS, "strategy"]
    assert frame["time"].isna().tolist() == [True, False, False]
    assert frame["time"].iloc[1:].tolist() == list(prices.index[[0, 3]])
    assert frame["account"].tolist() == ["portfolio"] * 3
    assert frame["asset"].tolist() == ["S0", "S0", "S1"]
    assert frame["code"].tolist() == ["LEVERAGE", "LEVERAGE", "SESSION"]
    assert frame["outcome"].tolist() == ["WARN", "WARN", "DENY"]
    assert frame["value"].tolist() == [1.7, 1.6, 1.0]
    assert frame["units_wanted"].isna().all()
    assert frame["strategy"].tolist() == ["z", "y", "x"]


def test_accounts_and_limits_are_told_apart_and_the_summary_counts_them():
    weights, prices = market(rows=6, columns=2)
    other = {**TOLD, "row": [0, 1, 1]}
    done = simulate(weights, prices, accounts="columns", limits=[Telling(TOLD, other), Caps(0.01)])
    frame = done.limit_verdicts
    assert frame["account"].value_counts().to_dict()["S0"] >= 3
    lines = [line.split() for line in done.summary().splitlines()]
    assert ["Limits", "Outcome", "Orders", "Bars", "First", "Last"] in lines
    first, last = str(prices.index[0].date()), str(prices.index[1].date())
    assert ["LEVERAGE", "WARN", "4", "3", first, last] in lines
    assert ["SESSION", "DENY", "2", "2", first, str(prices.index[3].date())] in lines
    weight = frame[frame["code"] == "WEIGHT"]
    assert ["WEIGHT", "CLIP", str(len(weight)), str(len(weight)), first, str(prices.index[4].date())] in lines
    assert "LEVERAGE" in done._repr_html_()


def test_limits_that_changed_nothing_are_named_and_others_are_not():
    weights, prices = market(rows=6, columns=2)
    passed = simulate(weights, prices, limits=[Caps(100.0)])
    assert "Limits: every order passed." in passed.summary()
    assert list(passed.limit_verdicts) == COLUMNS
    assert passed.limit_verdicts.empty
    plain = simulate(weights, prices)
    assert "Limits" not in plain.summary()
    assert list(plain.limit_verdicts) == COLUMNS


def test_bars_without_dates_have_their_numbers():
    done = simulate([0.9, 0.2, 0.9], [10.0, 10.0, 10.0], limits=[Caps(0.5)])
    assert done.limit_verdicts["time"].tolist() == [0]
    assert ["WEIGHT", "CLIP", "1", "1", "0", "0"] in [line.split() for line in done.summary().splitlines()]


def test_a_result_with_verdicts_is_pickled():
    weights, prices = market(rows=6, columns=2)
    done = simulate(weights, prices, limits=[Caps(0.1)])
    again = pickle.loads(pickle.dumps(done))
    pd.testing.assert_frame_equal(again.limit_verdicts, done.limit_verdicts, check_exact=True)
    assert len(again.limit_verdicts) == np.count_nonzero(weights.iloc[:-1].abs() > 0.1)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (None, "Running.verdicts must return a mapping or a DataFrame with the columns row, asset, code, outcome"),
        ([("S0", "LEVERAGE")], "Running.verdicts must return a mapping or a DataFrame"),
        ({name: TOLD[name] for name in TOLD if name != "row"}, "got .* without 'row'"),
        (pd.DataFrame(TOLD).drop(columns="code"), "got a DataFrame without 'code'"),
        ({**TOLD, "row": [0, 1, 6]}, "in row the number of a bar, or -1 before the first, got 6 of 6 bars"),
        ({**TOLD, "row": [0, 1, None]}, "in row the number of a bar, or -1 before the first, got nan of 6 bars"),
        ({**TOLD, "value": [0.0, "a", 1.0]}, "must return numbers, in value, got 0.0"),
        ({**TOLD, "value": [0.0]}, "columns of one length"),
    ],
)
def test_what_is_no_table_of_verdicts_is_refused(told, message):
    weights, prices = market(rows=6, columns=2)
    done = simulate(weights, prices, limits=[Telling(told)])
    with pytest.raises(InvalidInputError, match=message):
        _ = done.limit_verdicts
