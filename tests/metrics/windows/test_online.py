"""Fed one row at a time, a measure has the bits of its rolling form on every bar."""

import functools
import json

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

import riskresearch
from riskresearch.core import InvalidInputError
from riskresearch.datasets import load
from riskresearch.kernels import _rolling
from riskresearch.metrics import Online, rolling_tail_risk
from riskresearch.metrics._all_measures import MEASURES as DECLARED
from tests.examples import examples
from tests.samples import fat_tailed, returns_arrays

LOOPS = tuple(each.name for each in DECLARED.values() if each.answer == "number" and not each.needs)
PAIRED = tuple(each.name for each in DECLARED.values() if each.benchmark)
MEASURES = tuple(name for name in _rolling.MEASURES if name != "tail_risk")
TAILS = ("value_at_risk", "conditional_value_at_risk")


def stream(running, values, market, name):
    """Return the measure after each row."""
    paired = name in PAIRED
    return np.array(
        [
            running.update({"returns": row, "benchmark": other} if paired else row)
            for row, other in zip(values, market, strict=True)
        ]
    )


def assert_equal_bits(name, values, window, minimum):
    market = np.nan_to_num(values[::-1, 0]) * 0.5 + 0.001
    extra = {"benchmark": market} if name in PAIRED else {}
    whole = riskresearch.rolling(values, name, window=window, min_periods=minimum, nan_policy="omit", **extra)
    definition = Online(name, window=window, min_periods=minimum)
    running = definition.start(values.shape[1])
    half = len(values) // 2
    first = stream(running, values[:half], market[:half], name)
    resumed = definition.resume(json.loads(json.dumps(running.to_dict())))
    second = stream(resumed, values[half:], market[half:], name)
    assert np.array_equal(np.concatenate([first.reshape(half, -1), second]), whole, equal_nan=True)


@pytest.mark.parametrize("name", MEASURES)
@given(data=st.data())
@examples(40)
def test_random_rows_with_ties_and_gaps(name, data):
    values = data.draw(returns_arrays(min_rows=4, max_rows=40))
    values.flat[data.draw(st.lists(st.integers(0, values.size - 1), max_size=6))] = np.nan
    assume(not np.isnan(values).all(axis=0).any())  # the batch form refuses an empty column
    values[-1] = 0.01
    window = data.draw(st.integers(2, 12))
    assert_equal_bits(name, values, window, min(window, len(values), data.draw(st.integers(2, 12))))
    assert_equal_bits(name, values, None, 2)


@pytest.mark.parametrize("name", MEASURES)
def test_the_real_series(name):
    returns = load("index_sp500").select_dtypes("number").iloc[:2000, :1].dropna().pct_change().to_numpy()[1:]
    assert_equal_bits(name, returns, 250, 250)


@pytest.mark.parametrize("name", [name for name in LOOPS if name not in MEASURES])
def test_a_measure_without_a_recursion_is_measured_window_by_window(name):
    values = fat_tailed(20, 2)
    values[5:7, 1] = np.nan
    assert_equal_bits(name, values, 12, 10)


@pytest.mark.parametrize("name", ["average_drawdown", "down_capture"])
def test_so_are_more_rows_than_there_is_room_for_at_first(name):
    assert_equal_bits(name, fat_tailed(320, 2), None, 10)


def test_so_are_bound_options_and_functions_of_the_user():
    values = fat_tailed(40, 2)
    for measure in (functools.partial(riskresearch.value_at_risk, method="normal", level=0.9), np.median):
        whole = riskresearch.rolling(values, measure, window=12)
        running = Online(measure, window=12).start(2)
        assert np.array_equal([running.update(row) for row in values], whole, equal_nan=True)


@pytest.mark.parametrize("name", TAILS)
@pytest.mark.parametrize("order", ["as it came", "worst last", "worst first"])
def test_the_tail_of_all_rows_keeps_growing(name, order):
    values = fat_tailed(1500, 2)
    values[3::11, 1] = np.nan
    values = {"as it came": values, "worst last": -np.sort(-values, axis=0), "worst first": np.sort(values, axis=0)}[
        order
    ]
    assert_equal_bits(name, values, None, 1)


def test_a_tail_of_all_rows_keeps_every_row_and_other_measures_do_not():
    sizes = {}
    for name in ("value_at_risk", "sharpe_ratio"):
        online = Online(name).start()
        for value in fat_tailed(1000, 1)[:, 0]:
            online.update(value)
        sizes[name] = len(online.to_dict()["state"]["ring"])
    assert sizes["sharpe_ratio"] == 1
    assert 1000 <= sizes["value_at_risk"] <= 2 * 1000 + 1


def test_both_tails_come_together_as_floats():
    online = Online("tail_risk", window=3, level=0.6).start()
    values = [0.01, -0.02, 0.03, -0.01]
    found = [online.update(value) for value in values]
    both = rolling_tail_risk(values, window=3, level=0.6)
    assert found[-1] == (both.value_at_risk[-1], both.conditional_value_at_risk[-1])
    assert repr(online) == "RunningMeasure('tail_risk', window=3, rows=4)"


def test_what_does_not_fit_is_refused():
    with pytest.raises(InvalidInputError, match=r"returns must not be infinite"):
        Online("mean").start().update(np.inf)
    with pytest.raises(InvalidInputError, match=r"returns must be -1 or more to be compounded, got -2"):
        Online("max_drawdown", window=3).start().update(-2.0)
    with pytest.raises(InvalidInputError, match=r"returns must hold 2 numbers, got shape \(3,\)"):
        Online("mean").start(2).update([0.0, 0.0, 0.0])
    with pytest.raises(InvalidInputError, match=r"benchmark must be given with 'beta'"):
        Online("beta", window=3).start().update(0.01)
    with pytest.raises(InvalidInputError, match=r"version must be 3, got 1"):
        Online("mean").resume({"version": 1})
