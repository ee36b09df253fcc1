"""The stream's own rules, and the machinery that other sizers build on."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.sizing import FixedFractionSizer, FixedRiskSizer, OnlineSizer, VolatilityPositionSizer
from riskresearch.sizing._protocol import StepSizer
from riskresearch.sizing._run import WindowRun
from tests.samples import fat_tailed

SIZER = FixedFractionSizer(fraction=0.2)


@dataclass(frozen=True, slots=True)
class MeanSizer(StepSizer):
    """Holds the signs of the means of a window."""

    window: int = 5
    rebalance_every: int = 3
    nan_policy: str = "raise"

    def _start(self, columns, periods):
        return WindowRun(
            columns,
            window=self.window,
            every=self.rebalance_every,
            solve=lambda rows: (rows.mean(axis=0) + rows[-1] * 1e-6 + 0.1 * rows[0], np.zeros(columns, dtype=int)),
        )


def test_a_window_run_solves_on_the_rows_of_the_window_in_order_and_holds_between():
    returns = fat_tailed(20, 2)
    weights = MeanSizer().weights(returns)
    assert (weights[:4] == 0.0).all()
    for row in range(4, 20):
        solved = 4 + (row - 4) // 3 * 3
        window = returns[solved - 4 : solved + 1]
        expected = window.mean(axis=0) + window[-1] * 1e-6 + 0.1 * window[0]
        assert np.array_equal(weights[row], expected)


def test_its_stream_has_the_same_bits_and_survives_json():
    returns, sizer = fat_tailed(20, 2), MeanSizer()
    stream = sizer.online(("A", "B"))
    for row, expected in zip(returns, sizer.weights(returns), strict=True):
        stream = OnlineSizer.from_dict(json.loads(json.dumps(stream.to_dict())), sizer)
        stream.update(row)
        assert np.array_equal(stream.get(), expected)


def test_rows_may_be_named_in_any_order():
    stream = VolatilityPositionSizer(scope="asset", max_leverage=None, halflife=1.0, periods_per_year=252).online(
        ("A", "B")
    )
    stream.update({"B": 0.02, "A": 0.01})
    first = stream.get()
    again = VolatilityPositionSizer(scope="asset", max_leverage=None, halflife=1.0, periods_per_year=252).online(
        ("A", "B")
    )
    again.update(pd.Series({"B": 0.02, "A": 0.01}))
    assert np.array_equal(first, again.get())
    assert first[0] == pytest.approx(2 * first[1])


def test_what_get_returns_is_the_users_own():
    stream = SIZER.online(1)
    stream.update([0.0])
    stream.get()[0] = 9.0
    assert stream.get()[0] == 0.2
    assert repr(stream) == "OnlineSizer(FixedFractionSizer, columns=1, rows=1)"


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("AB", "columns must be a count or a sequence of names, got 'AB'"),
        ((), "columns must be different names, at least one"),
        (("A", "A"), "columns must be different names"),
        (0, "columns must be a whole number of at least 1, got 0"),
    ],
)
def test_columns_that_are_none(columns, message):
    with pytest.raises(InvalidInputError, match=message):
        SIZER.online(columns)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([0.1], "row must hold 2 numbers"),
        (["a", "b"], "row must hold 2 numbers"),
        ({"A": 0.1, "C": 0.1}, "row must name the columns of the stream"),
        ([np.inf, 0.0], "row must not be infinite"),
        ([0.0, np.nan], "row must be finite, got nan in column 'B'"),
    ],
)
def test_rows_that_are_none(row, message):
    stream = SIZER.online(("A", "B"))
    with pytest.raises(InvalidInputError, match=message):
        stream.update(row)


def test_signals_of_the_stream_and_of_history_follow_the_same_rules():
    stream = SIZER.online(1)
    with pytest.raises(InvalidInputError, match=r"signals must be in \[-1, 1\], got 2: short is -1"):
        stream.update([0.0], signals=[2.0])
    with pytest.raises(InvalidInputError, match=r"signals must be in \[-1, 1\], got -20"):
        SIZER.weights([0.0], signals=[-20.0])
    with pytest.raises(InvalidInputError, match="signals must be finite, got nan"):
        FixedFractionSizer(nan_policy="omit").online(1).update([0.0], signals=[np.nan])
    with pytest.raises(InvalidInputError, match="signals has 1 non-finite value"):
        FixedFractionSizer(nan_policy="omit").weights([0.0], signals=[np.nan])


def test_signals_that_are_not_aligned_are_refused():
    dates = pd.bdate_range("2020-01-01", periods=3)
    returns = pd.DataFrame(np.zeros((3, 2)), index=dates, columns=["A", "B"])
    with pytest.raises(InvalidInputError, match="signals must have the dates of returns, but 2020-01-0"):
        SIZER.weights(returns, signals=returns.shift(freq="B"))
    with pytest.raises(InvalidInputError, match="signals must have the columns of returns in the same order, got 'B'"):
        SIZER.weights(returns, signals=returns[["B", "A"]])
    with pytest.raises(InvalidInputError, match=r"signals must have the shape of returns, got \(3, 1\) and \(3, 2\)"):
        SIZER.weights(returns, signals=returns[["A"]])
    with pytest.raises(InvalidInputError, match="signals must have as many rows as returns, got 2 and 3"):
        SIZER.weights(returns.to_numpy(), signals=np.zeros((2, 2)))


def test_a_stream_is_read_back_by_its_own_sizer_only():
    data = SIZER.online(2).to_dict()
    with pytest.raises(InvalidInputError, match=r"got fraction=0.3 where the stream has 0.2"):
        OnlineSizer.from_dict(data, FixedFractionSizer(fraction=0.3))
    with pytest.raises(InvalidInputError, match="got sizer='FixedRiskSizer' where the stream has 'FixedFractionSizer'"):
        OnlineSizer.from_dict(data, FixedRiskSizer())
    with pytest.raises(InvalidInputError, match="version must be 2, got 1"):
        OnlineSizer.from_dict({**data, "version": 1}, SIZER)
    with pytest.raises(InvalidInputError, match=r"state must hold held, stream\.clock, stream\.periods, got"):
        OnlineSizer.from_dict({**data, "state": {}}, SIZER)


def test_a_sizer_that_does_not_say_how_it_starts_is_an_error():
    with pytest.raises(TypeError, match="must say how a run starts"):
        StepSizer().weights([0.01])


@pytest.mark.parametrize("fraction", [0.0, -0.1, 10.0, np.nan, True])
def test_fractions_that_are_none(fraction):
    with pytest.raises(InvalidInputError, match="fraction must be"):
        FixedFractionSizer(fraction=fraction)


def test_an_unknown_policy_is_refused():
    with pytest.raises(InvalidInputError, match="nan_policy must be one of"):
        FixedFractionSizer(nan_policy="drop").weights([0.01])


def test_fixed_fraction_by_hand():
    weights = FixedFractionSizer(fraction=0.4, nan_policy="omit").weights(
        [[0.0, 0.0], [np.nan, 0.0]], signals=[[1.0, -0.5], [-1.0, 0.0]]
    )
    assert weights.tolist() == [[0.4, -0.2], [0.4, 0.0]]
