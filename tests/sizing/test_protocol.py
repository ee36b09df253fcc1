"""The stream's own rules, and the machinery that other sizers build on."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.sizing import FixedFractionSizer, FixedRiskSizer, VolatilityPositionSizer
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
    stream = sizer.start(("A", "B"))
    for row, expected in zip(returns, sizer.weights(returns), strict=True):
        stream = sizer.resume(json.loads(json.dumps(stream.to_dict())))
        assert np.array_equal(stream.update(row), expected)


def test_rows_may_be_named_in_any_order():
    stream = VolatilityPositionSizer(scope="asset", max_leverage=None, halflife=1.0, periods_per_year=252).start(
        ("A", "B")
    )
    first = stream.update({"B": 0.02, "A": 0.01})
    again = VolatilityPositionSizer(scope="asset", max_leverage=None, halflife=1.0, periods_per_year=252).start(
        ("A", "B")
    )
    assert np.array_equal(first, again.update(pd.Series({"B": 0.02, "A": 0.01})))
    assert first[0] == pytest.approx(2 * first[1])


def test_what_update_returns_is_the_users_own():
    stream = SIZER.start()
    stream.update([0.0])[0] = 9.0
    assert stream.update({"returns": [np.nan]} if SIZER.nan_policy == "omit" else [0.0])[0] == 0.2
    assert repr(stream) == "RunningSizer(FixedFractionSizer, columns=1, rows=2)"


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
        SIZER.start(columns)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([0.1], "returns must hold 2 numbers"),
        (["a", "b"], "returns must hold 2 numbers"),
        ({"A": 0.1, "C": 0.1}, "returns must name the columns of the stream"),
        ([np.inf, 0.0], "returns must not be infinite"),
        ([0.0, np.nan], "returns must be finite, got nan in column 'B'"),
    ],
)
def test_rows_that_are_none(row, message):
    stream = SIZER.start(("A", "B"))
    with pytest.raises(InvalidInputError, match=message):
        stream.update(row)


def test_signals_of_the_stream_and_of_history_follow_the_same_rules():
    stream = SIZER.start(1)
    with pytest.raises(InvalidInputError, match=r"signals must be in \[-1, 1\], got 2: short is -1"):
        stream.update({"returns": [0.0], "signals": [2.0]})
    with pytest.raises(InvalidInputError, match=r"signals must be in \[-1, 1\], got -20"):
        SIZER.weights([0.0], signals=[-20.0])
    with pytest.raises(InvalidInputError, match="signals must be finite, got nan"):
        FixedFractionSizer(nan_policy="omit").start(1).update({"returns": [0.0], "signals": [np.nan]})
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
    data = SIZER.start(2).to_dict()
    with pytest.raises(InvalidInputError, match=r"got one with fraction=0.2 where this one has fraction=0.3"):
        FixedFractionSizer(fraction=0.3).resume(data)
    with pytest.raises(InvalidInputError, match="class='FixedFractionSizer' where this one has class='FixedRiskSizer'"):
        FixedRiskSizer().resume(data)
    with pytest.raises(InvalidInputError, match="version must be 3, got 1"):
        SIZER.resume({**data, "version": 1})
    with pytest.raises(InvalidInputError, match="checksum differs"):
        SIZER.resume({**data, "state": {}})


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
