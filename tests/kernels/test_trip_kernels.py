"""The kernels of trips: by hand, and the same bits compiled and as ordinary Python."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels.compiled.trades import _excursions, _pooled_trips
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED

BARS = 12


def run(kernel, first, column, *arrays, count, ranges):
    """Return what a kernel writes; `ranges` are closes, lows and highs."""
    answers = np.full(count, 9.0), np.full(count, 9.0), np.full(count, 9, dtype=np.intp)
    kernel(np.array(first, dtype=np.intp), np.array(column, dtype=np.intp), *arrays, *ranges, *answers)
    return answers


def whole(*values):
    return np.array(values, dtype=np.intp)


def test_a_trip_by_hand():
    # 2 bought at 10 on bar 0, 1 sold at 13 on bar 2, 1 at 9 on bar 3; closes 11, 8, nan, 1.
    close = np.array([[11.0], [8.0], [np.nan], [1.0]])
    legs = whole(0, 2, 3), np.array([2.0, -1.0, -1.0]), np.array([20.0, -13.0, -9.0]), np.array([10.0, 13.0, 9.0])
    for module in (_excursions, UNCOMPILED["trades._excursions"]):
        found = run(module.excursions, [0, 3], [0], whole(-1), *legs, count=1, ranges=[close, close, close])
        # -4 at 8 on bar 1; 2 * 13 - 20 at the price of the first sale.
        assert [each.tolist() for each in found] == [[4.0], [6.0], [1]]


def test_a_pool_by_hand():
    # 2 bought at 10, close 7 (-6), 1 closed at 12 (+4): half of each; then 1 more at 14 and 2 closed at 9.
    close = np.array([[7.0], [12.0], [12.0], [1.0]])
    legs = whole(0, 1, 2, 3), whole(-1, 0, -1, 1), np.array([2.0, 1.0, 1.0, 2.0]), np.array([10.0, 12.0, 14.0, 9.0])
    for module in (_pooled_trips, UNCOMPILED["trades._pooled_trips"]):
        found = run(module.pooled_trips, [0, 4], [0], *legs, count=2, ranges=[close, close, close])
        # The half that stayed had shown -3 and +2; at 14 it has 4 and the new one nothing; at the end 2 * 9 - 24.
        assert [each.tolist() for each in found] == [[3.0, 6.0], [2.0, 4.0], [0, 0]]


@given(st.integers(0, 10**6))
@examples(60)
def test_the_same_bits_compiled_and_not(seed):
    rng = np.random.default_rng(seed)
    close = np.exp(rng.normal(3.0, 0.2, (BARS, 2)))
    close[rng.random(close.shape) < 0.1] = np.nan
    ranges = [close, close * 0.9, close * 1.1]
    trips = int(rng.integers(0, 5))
    sizes = rng.integers(1, 6, trips)
    first = np.concatenate([[0], np.cumsum(sizes)])
    bar = np.concatenate([np.sort(rng.integers(0, BARS, size)) for size in [0, *sizes]]).astype(np.intp)
    units, price = rng.normal(0.0, 3.0, len(bar)), np.exp(rng.normal(3.0, 0.2, len(bar)))
    column, until = rng.integers(0, 2, trips), np.where(rng.random(trips) < 0.5, -1, BARS - 1).astype(np.intp)
    legs = bar, units, units * price, price
    ours, theirs = (
        run(module.excursions, first, column, until, *legs, count=trips, ranges=ranges)
        for module in (_excursions, UNCOMPILED["trades._excursions"])
    )
    part = np.full(len(bar), -1, dtype=np.intp)
    closing = np.flatnonzero(rng.random(len(bar)) < 0.4)
    closing = closing[~np.isin(closing, first)]
    part[closing] = np.arange(len(closing))
    positive = np.abs(units) + 0.1
    pooled, plain = (
        run(module.pooled_trips, first, column, bar, part, positive, price, count=len(closing), ranges=ranges)
        for module in (_pooled_trips, UNCOMPILED["trades._pooled_trips"])
    )
    for one, other in zip([*ours, *pooled], [*theirs, *plain], strict=True):
        assert np.array_equal(one.view(np.int64), other.view(np.int64))
    assert not (np.signbit(ours[:2]) & (np.array(ours[:2]) == 0.0)).any()


def test_nothing_to_do():
    empty = np.zeros((1, 0))
    none = np.empty(0), np.empty(0), np.empty(0)
    found = run(_excursions.excursions, [0], [], whole(), whole(), *none, count=0, ranges=[empty] * 3)
    assert [len(each) for each in found] == [0, 0, 0]
    with pytest.raises((ValueError, TypeError)):
        _excursions.excursions(None)
