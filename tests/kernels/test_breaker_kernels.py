"""Breakers run compiled, as ordinary Python, bar by bar, over a history and in a sweep: the same bits."""

import inspect
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.breakers import BreakerSet, _breaker, _triggers
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
        mock.patch.object(_triggers, "Trigger", plain_triggers.Trigger),
        mock.patch.object(_triggers, "CrossTrigger", plain_triggers.CrossTrigger),
    ):
        yield


def test_one_side_is_compiled_and_the_other_is_not():
    assert compiled.__file__.endswith(".so")
    assert compiled_triggers.__file__.endswith(".so")
    assert inspect.isfunction(plain.machine_step)
    assert inspect.isfunction(plain_triggers.Trigger.step)


@given(st.tuples(st.integers(0, 2), *([numbers] * 6), st.integers(0, 3), flags, flags))
@examples(300)
def test_machine_step(arguments):
    assert bits(compiled.machine_step(*arguments)) == bits(plain.machine_step(*arguments))


@given(st.tuples(flags, flags, flags, *([numbers] * 6)))
@examples(300)
def test_equity_step(arguments):
    with np.errstate(all="ignore"):
        try:
            expected = plain.equity_step(*arguments)
        except ZeroDivisionError:  # a peak of zero, which C divides by
            return
    assert bits(compiled.equity_step(*arguments)) == bits(expected)


@given(st.tuples(st.integers(0, 2), st.integers(0, 3), *([st.floats(0.1, 10.0)] * 4)))
def test_equity_after(arguments):
    assert bits(compiled.equity_after(*arguments)) == bits(plain.equity_after(*arguments))


@given(st.tuples(*([numbers] * 4)))
def test_net_return(arguments):
    assert bits([compiled.net_return(*arguments)]) == bits([plain.net_return(*arguments)])


@given(st.tuples(*([st.floats(0.1, 10.0)] * 7)))
def test_tally(arguments):
    assert bits(compiled.tally(*arguments)) == bits(plain.tally(*arguments))


@given(st.tuples(*([st.floats(0.1, 10.0)] * 5)))
def test_traded(arguments):
    assert bits(compiled.traded(*arguments)) == bits(plain.traded(*arguments))


@given(st.tuples(numbers, st.integers(0, 5), numbers))
def test_next_exposure(arguments):
    assert bits([compiled.next_exposure(*arguments)]) == bits([plain.next_exposure(*arguments)])


@given(st.tuples(numbers, numbers, flags))
def test_reaches(arguments):
    assert compiled.reaches(*arguments) == plain.reaches(*arguments)


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
    with mock.patch.object(_breaker, "kernel", compiled):
        fast = BreakerSet(SETS[name]).start(equity=100.0)
        assert repr(decisions(fast, bars, Account())) == repr(slow)
        assert repr(fast.to_dict()["state"]["machines"]) == repr(state)
