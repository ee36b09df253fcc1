"""From which bars on the future is changed: where data or results are rare, jump, change sign, or are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.lookahead._clock import Clock, is_dated
from riskresearch.backtest.lookahead._compare import ResultTable
from riskresearch.backtest.lookahead._perturb import Inputs, classes_of, codes_of, numbers_of
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector

QUARTERS = (1, 2, 3)


def anchors(count: int) -> list[int]:
    """Return the bars that are always tried: the second, each quarter and the last."""
    return sorted({1, *(max(1, count * quarter // 4) for quarter in QUARTERS), count - 1})


def given_bars(cuts: Sequence[Any], clock: Clock) -> list[int]:
    """Return the numbers of bars that are given by number or label."""
    if isinstance(cuts, str | bytes) or not hasattr(cuts, "__iter__"):
        raise InvalidInputError(f"cuts must be a whole number or a sequence of bars, got {cuts!r}.")
    bars = set()
    for given in cuts:
        bar = given if isinstance(given, (int, np.integer)) else clock.bar_of(given)
        if not 1 <= bar < clock.count:
            raise InvalidInputError(
                f"cuts must leave a past and a future, so lie in 1 to {clock.count - 1}, got {given!r}."
            )
        bars.add(int(bar))
    if not bars:
        raise InvalidInputError("cuts must not be empty.")
    return sorted(bars)


def chosen_bars(
    most: int,
    inputs: Inputs,
    parts: list[ResultTable],
    places: list[FloatVector],
    clock: Clock,
    rng: np.random.Generator,
) -> list[int]:
    """Return `most` bars: the anchors, then in turn the bars of each kind of interest, then bars at random."""
    if most >= clock.count - 1:
        return list(range(1, clock.count))
    found = dict.fromkeys(anchors(clock.count))
    kinds = [_around(order, clock.count) for order in _kinds(inputs, parts, places, clock)]
    kinds.append(iter(rng.permutation(np.arange(1, clock.count)).tolist()))
    while len(found) < most and kinds:
        for kind in list(kinds):
            bar = next((bar for bar in kind if bar not in found), None)
            if bar is None:
                kinds.remove(kind)
            elif len(found) < most:
                found[bar] = None
    return sorted(found)


def other_bars(most: int, bars: list[int], clock: Clock, rng: np.random.Generator) -> list[int]:
    """Return at most `most` bars at random that are not among `bars`."""
    left = np.setdiff1d(np.arange(1, clock.count), bars)
    return sorted(rng.permutation(left)[:most].tolist())


def _around(order: npt.NDArray[np.int64], count: int) -> Iterator[int]:
    """Yield each bar, as the first of the future, and the one after it."""
    for bar in order.tolist():
        yield from (near for near in (bar + 1, bar) if 1 <= near < count)


def _kinds(
    inputs: Inputs, parts: list[ResultTable], places: list[FloatVector], clock: Clock
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield orders of bars, the most telling first."""
    for table in inputs:
        yield from _telling(numbers_of(table), [*classes_of(table)], clock.bars, clock.count)
    for part, bars in zip(parts, places, strict=True):
        at = np.clip(np.ceil(bars), 0, clock.count - 1).astype(np.int64)
        if part.values.dtype.kind in "fiu":
            yield from _telling(part.values.astype(np.float64), [], at, clock.count)
        else:
            yield from _telling(np.empty((len(at), 0)), [codes_of(column) for column in part.values.T], at, clock.count)
    if clock.times is not None and is_dated(clock.times):
        months = clock.times.month.to_numpy() if hasattr(clock.times, "month") else np.zeros(clock.count)
        yield _spread(np.flatnonzero(months[1:] != months[:-1]) + 1)


def _telling(
    numbers: FloatMatrix, classes: list[npt.NDArray[np.int64]], bars: npt.NDArray[np.int64], count: int
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the bars of extreme numbers, of jumps, of rare entries, of changes of sign, and next to missing ones."""
    if len(bars) < 2:
        return
    if numbers.shape[1]:
        known = np.where(np.isfinite(numbers), numbers, np.nan)
        yield _largest(_distance(known), bars, count)
        yield _largest(_distance(np.diff(known, axis=0, prepend=known[:1])), bars, count)
        signs = np.sign(np.nan_to_num(known))
        yield _spread(bars[1:][(signs[1:] != signs[:-1]).any(axis=1)])
        missing = np.isnan(known)
        yield _spread(bars[1:][(missing[1:] != missing[:-1]).any(axis=1)])
    if classes:
        rarity = np.zeros(len(bars))
        for codes in classes:
            rarity = np.maximum(rarity, 1.0 / np.bincount(codes, minlength=len(codes))[codes])
        yield _largest(rarity, bars, count)
        yield _spread(bars[1:][np.any([codes[1:] != codes[:-1] for codes in classes], axis=0)])


def _distance(numbers: FloatMatrix) -> FloatVector:
    """Return how far each row is from the median, in median or else mean distances, of the farthest column."""
    known = np.isfinite(numbers)
    distances = np.zeros(len(numbers))
    for column in np.flatnonzero(known.any(axis=0)):
        own = numbers[:, column]
        far = np.abs(own - np.median(own[known[:, column]]))
        usual = float(np.median(far[known[:, column]])) or float(np.mean(far[known[:, column]]))
        if usual > 0.0:
            distances = np.fmax(distances, far / usual)
    return distances


def _largest(score: FloatVector, bars: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """Return the bars with a score, the highest first."""
    by_bar = np.zeros(count)
    np.maximum.at(by_bar, bars, np.nan_to_num(score, posinf=0.0))
    order = np.argsort(-by_bar, kind="stable")
    return order[by_bar[order] > 0.0]


def _spread(bars: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return bars in an order that is spread over all of them from the start: the first, the last, then by halves."""
    unique = np.unique(bars)
    order, step = [0, len(unique) - 1], len(unique)
    while step > 1:
        step = (step + 1) // 2
        order.extend(range(0, len(unique), step))
    return unique[list(dict.fromkeys(order))] if len(unique) else unique
