"""Every rate at which dated amounts are worth nothing: the roots of a sum of exponentials on an interval.

The net present value is f(v) = sum of a exp(-t v), v = log(1 + rate). Over an interval each term lies between its
values at the two ends, so the sum has a bound on both sides, and so have its derivatives. An interval is left out
where the bound of f excludes zero. It is searched where that of the first derivative does (one root at most) or that
of the second (one turning point, which is found, and two roots at most); else it is halved. So no pair of roots is
missed, however near they are to one another. Roots between which f is nothing but rounding are one: a multiple root,
or cannot be told from one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector

NARROW = 1e-5
"""Width in log(1 + rate) below which an interval is not halved if f is rounding at its ends and in its middle."""
NARROWEST = 1e-12
PIECES = 16
"""Intervals that the search begins with."""
ROUNDING = 2.3e-16
LARGEST_BLOCK = 1_000_000
"""Terms times intervals that are bounded at once."""


@dataclass(slots=True)
class Terms:
    """The terms of f times exp(shift v), which has the same roots: amounts, exponents, and their derivatives."""

    amounts: FloatVector
    exponents: FloatVector
    found: list[tuple[float, float]] = field(default_factory=list)
    """From where to where each root lies in log(1 + rate): a point, or an interval in which f is rounding."""

    def coefficients(self, order: int) -> FloatVector:
        """Return the coefficients of the derivative of this order."""
        return self.amounts * self.exponents**order

    def at(self, place: float, order: int = 0) -> tuple[float, float]:
        """Return a value and the bound of its rounding, both over the largest term's exponential."""
        powers = self.exponents * place
        terms = self.coefficients(order) * np.exp(powers - powers.max())
        return float(terms.sum()), float(np.abs(terms).sum()) * self._rounding(float(np.abs(powers).max()))

    def bounds(self, starts: FloatVector, stops: FloatVector) -> list[npt.NDArray[np.bool_]]:
        """Return for f and its first two derivatives whether the bounds over each interval exclude zero."""
        first, last = np.outer(starts, self.exponents), np.outer(stops, self.exponents)
        top = np.maximum(first, last).max(axis=1, keepdims=True)
        sizes: FloatMatrix = np.abs(np.stack([first, last])).max(axis=(0, 2))
        low, high = np.exp(np.minimum(first, last) - top), np.exp(np.maximum(first, last) - top)
        answers = []
        for order in range(3):
            by = self.coefficients(order)
            gains, losses = np.where(by > 0.0, by, 0.0), np.where(by < 0.0, by, 0.0)
            slack = (high @ np.abs(by)) * np.array([self._rounding(size) for size in sizes])
            answers.append((low @ gains + high @ losses - slack > 0.0) | (high @ gains + low @ losses + slack < 0.0))
        return answers

    def is_rounding(self, start: float, stop: float) -> bool:
        """Return whether f is nothing but rounding at both ends of an interval and in its middle."""
        values = (self.at(place) for place in (start, (start + stop) / 2.0, stop))
        return all(abs(value) <= rounding for value, rounding in values)

    def _rounding(self, size: float) -> float:
        return (len(self.amounts) + 8.0 + size) * ROUNDING


def rate_roots(amounts: FloatVector, times: FloatVector, low: float, high: float) -> tuple[FloatVector, FloatVector]:
    """Return the rates between `low` and `high` at which the amounts are worth nothing, and 1 where they only touch it.

    Amounts are in the order of times, none is zero, their signs change, and times are in the periods of the rate.
    """
    terms = Terms(amounts, -(times - _shift(amounts, times)))
    edges = np.linspace(np.log1p(low), np.log1p(high), PIECES + 1)
    if terms.at(edges[0])[0] == 0.0:
        terms.found.append((edges[0], edges[0]))
    starts, stops = edges[:-1], edges[1:]
    while len(starts):
        block = max(1, LARGEST_BLOCK // len(amounts))
        parts = [terms.bounds(starts[at : at + block], stops[at : at + block]) for at in range(0, len(starts), block)]
        no_root, one_way, one_turn = (np.concatenate(each) for each in zip(*parts, strict=True))
        for place in np.flatnonzero(~no_root & one_way):
            _cross(terms, float(starts[place]), float(stops[place]))
        for place in np.flatnonzero(~no_root & ~one_way & one_turn):
            _turn(terms, float(starts[place]), float(stops[place]))
        left = ~(no_root | one_way | one_turn)
        for place in np.flatnonzero(left & (stops - starts < NARROW)):
            if stops[place] - starts[place] < NARROWEST or terms.is_rounding(starts[place], stops[place]):
                terms.found.append((float(starts[place]), float(stops[place])))
                left[place] = False
        starts, stops = _halves(starts[left], stops[left])
    return _told_apart(terms, edges)


def _shift(amounts: FloatVector, times: FloatVector) -> float:
    """Return the time of the middle change of sign: with a single one the sum times exp(shift v) goes one way."""
    changes = np.flatnonzero(np.signbit(amounts[1:]) != np.signbit(amounts[:-1]))
    middle = int(changes[len(changes) // 2])
    return float(times[middle] + times[middle + 1]) / 2.0


def _halves(starts: FloatVector, stops: FloatVector) -> tuple[FloatVector, FloatVector]:
    middles = (starts + stops) / 2.0
    return np.concatenate([starts, middles]), np.concatenate([middles, stops])


def _cross(terms: Terms, start: float, stop: float) -> None:
    """Add the root of an interval over which f goes one way; one at `start` belongs to the interval before."""
    first, last = terms.at(start)[0], terms.at(stop)[0]
    if first != 0.0 and first * last <= 0.0:
        root = _bisect(lambda place: terms.at(place)[0], start, stop)
        terms.found.append((root, root))


def _turn(terms: Terms, start: float, stop: float) -> None:
    """Add the roots of an interval with one turning point at most."""
    first, last = terms.at(start, 1)[0], terms.at(stop, 1)[0]
    if first * last >= 0.0:
        _cross(terms, start, stop)
        return
    turn = _bisect(lambda place: terms.at(place, 1)[0], start, stop)
    value, rounding = terms.at(turn)
    if abs(value) <= rounding and terms.at(start)[0] * terms.at(stop)[0] > 0.0:
        terms.found.append((turn, turn))
        return
    _cross(terms, start, turn)
    _cross(terms, turn, stop)


def _bisect(value: Callable[[float], float], start: float, stop: float) -> float:
    """Return where a value changes its sign, to the last bit of a double."""
    rising = value(start) < 0.0
    while start < (middle := (start + stop) / 2.0) < stop:
        found = value(middle)
        if found == 0.0:
            return middle
        if (found < 0.0) == rising:
            start = middle
        else:
            stop = middle
    return stop


def _told_apart(terms: Terms, edges: FloatVector) -> tuple[FloatVector, FloatVector]:
    """Return the roots as rates, those one between which f is rounding, and 1 where f has one sign on both sides."""
    runs: list[tuple[float, float]] = []
    for start, stop in sorted(terms.found):
        if runs and (start <= runs[-1][1] or terms.is_rounding(runs[-1][1], start)):
            runs[-1] = (runs[-1][0], max(stop, runs[-1][1]))
        else:
            runs.append((start, stop))
    if not runs:
        return np.empty(0), np.empty(0)
    before = [float(edges[0]), *(stop for _, stop in runs[:-1])]
    after = [*(start for start, _ in runs[1:]), float(edges[-1])]
    touching = [
        terms.at((left + start) / 2.0)[0] * terms.at((stop + right) / 2.0)[0] > 0.0
        for (start, stop), left, right in zip(runs, before, after, strict=True)
    ]
    middles = np.array([(start + stop) / 2.0 for start, stop in runs])
    return np.clip(np.expm1(middles), np.expm1(edges[0]), np.expm1(edges[-1])), np.array(touching, dtype=np.float64)
