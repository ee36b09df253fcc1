"""The kernels of limits judge orders the same, to the last bit, as ordinary Python."""

import numpy as np
import pytest

from riskresearch import UnifiedLimitChecker
from tests.kernels.uncompiled import UNCOMPILED
from tests.pretrade.test_batches import BOOK, INSIDE, LIMITS, bits, many_orders

PLAN = "riskresearch.pretrade.checker._plan."


@pytest.mark.parametrize("on_breach", ["deny", "clip", "record"])
@pytest.mark.parametrize("mode", ["cumulative", "independent"])
def test_uncompiled_kernels_give_the_same_verdicts(mode, on_breach, monkeypatch):
    checkers = [UnifiedLimitChecker(limits, on_breach=on_breach) for limits in (INSIDE, LIMITS, LIMITS[:5])]
    orders = many_orders(40)
    expected = [checker.check_batch(orders, BOOK, mode=mode) for checker in checkers]
    before = [[bits(each) for each in verdicts] for verdicts in expected]
    for name in ("_engine.LimitEngine", "_rules.Rules", "_worlds.Worlds"):
        module, _, found = name.partition(".")
        monkeypatch.setattr(PLAN + found, getattr(UNCOMPILED[f"limits.{module}"], found))
    for checker, compiled, measured in zip(checkers, expected, before, strict=True):
        with np.errstate(all="ignore"):  # of numbers that are not known, and infinite
            again = UnifiedLimitChecker(checker.limits, on_breach=on_breach).check_batch(orders, BOOK, mode=mode)
            found = [bits(each) for each in again]
        for name in ("outcome", "units", "denied", "warned"):
            np.testing.assert_array_equal(getattr(again, name), getattr(compiled, name))
        assert found == measured
