"""Breakers run compiled, as ordinary Python, bar by bar, over a history and in a sweep: the same bits."""

import inspect
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.breakers import BreakerSet, _breaker, _running, _trades, _triggers
from riskresearch.breakers._state import NUMBERS
from riskresearch.kernels.compiled import _breaker as compiled, _breaker_triggers as compiled_triggers
from tests.breakers.cases import SETS, random_bars
from tests.breakers.test_running import Account, decisions
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED

plain, plain_triggers = UNCOMPILED["_breaker"], UNCOMPILED["_breaker_triggers"]
numbers = st.one_of(st.sampled_from([0.0, -0.0, 0.1, 1.0, -1.0, np.nan, np.inf, 5e-324, 1e300]), st.floats(-2.0, 2.0))
flags = st.integers(0, 1)


def bits(values):
    return np.array(values, dtype=float).view(np.int64).tolist()


@pytest.fixture
def as_plain_python():
    with (
        mock.patch.object(_breaker, "kernel", plain),
        mock.patch.object(_running, "kernel", plain),
        mock.patch.object(_trades, "TradeWindow", plain_triggers.TradeWindow),
        mock.patch.object(_triggers, "Trigger", plain_triggers.Trigger),
        mock.patch.object(_triggers, "CrossTrigger", plain_triggers.CrossTrigger),
    ):
        yield


def test_one_side_is_compiled_and_the_other_is_not():
    assert compiled.__file__.endswith(".so")
    assert compiled_triggers.__file__.endswith(".so")
    assert inspect.isfunction(plain.Engine.step)
    assert inspect.isfunction(plain_triggers.Trigger.step)


def engine(kernel, kind, opening, levels, reentry, inclusive, missing, period, trailing, stale, stage, equity):
    """Return an engine of one machine with a cool-down of a bar, and the machine."""
    machine = kernel.Machine(
        kind, 0, opening, *levels, 1.0, reentry, inclusive, missing, 0, period, trailing, 0, stale, [], equity
    )
    observation = kernel.Observation(np.full(2, np.nan), np.full(5, np.nan))
    return kernel.Engine([machine], np.array([stage, 0.5, 0.0]), observation), machine


@pytest.mark.parametrize("kind", [0, 1])
@pytest.mark.parametrize("reentry", range(4))
@given(
    st.tuples(numbers, numbers), st.tuples(flags, flags, st.sampled_from([-1, 2]), flags, numbers, st.integers(1, 5)),
    st.one_of(st.just(np.nan), st.floats(0.1, 10.0)), st.sampled_from([-1, 1]),
    st.lists(st.tuples(*([numbers] * 3), st.sampled_from([0.0, 1.0, 2.0, np.nan])), max_size=12),
)  # fmt: skip
@examples(60)
def test_every_rule_makes_the_same_bits_of_any_numbers(kind, reentry, levels, options, equity, opening, bars):
    inclusive, missing, period, trailing, stale, stage = options
    rule = (kind, opening, levels, reentry, inclusive, missing, period, trailing, stale, stage, equity)
    (fast, one), (slow, other) = (engine(kernel, *rule) for kernel in (compiled, plain))
    for number, (observed, worth, ret, may) in enumerate(bars):
        clocks = (float(number), 0.0, float(number // 3), 0.0, 0.0)
        with np.errstate(all="ignore"):
            try:
                expected = slow.step([observed, may], clocks, worth, ret)
            except ZeroDivisionError:  # where C divides by zero
                return
        assert fast.step([observed, may], clocks, worth, ret) == expected
        assert bits([getattr(one, name) for name in NUMBERS]) == bits([getattr(other, name) for name in NUMBERS])
        assert bits([fast.exposure, fast.decider]) == bits([slow.exposure, slow.decider])


@given(st.tuples(numbers, st.floats(0.1, 10.0), st.sampled_from([-1.0, 0.0, 1.0])))
def test_distance(arguments):
    assert bits([compiled_triggers.distance(*arguments)]) == bits([plain_triggers.distance(*arguments)])


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("gaps", [0.0, 0.15])
def test_every_set_decides_alike_compiled_and_plain(name, gaps, as_plain_python):
    bars = random_bars(11, 60, gaps=gaps)
    running = BreakerSet(SETS[name]).start(equity=100.0)
    assert isinstance(running.engine, plain.Engine)
    slow, state = decisions(running, bars, Account()), running.to_dict()["state"]["machines"]
    with (
        mock.patch.object(_breaker, "kernel", compiled),
        mock.patch.object(_running, "kernel", compiled),
        mock.patch.object(_trades, "TradeWindow", compiled_triggers.TradeWindow),
    ):
        fast = BreakerSet(SETS[name]).start(equity=100.0)
        assert repr(decisions(fast, bars, Account())) == repr(slow)
        assert repr(fast.to_dict()["state"]["machines"]) == repr(state)
