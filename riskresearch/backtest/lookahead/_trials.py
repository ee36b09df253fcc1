"""The trials at one bar: the result on the past when the data is cut off there, changed, or has gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.lookahead._answers import Answer, Change, Refusal, answer, change_of, compared_rows
from riskresearch.backtest.lookahead._captured import held_by, holding
from riskresearch.backtest.lookahead._clock import Clock, clock_of
from riskresearch.backtest.lookahead._perturb import Inputs, only, only_rows, other_table, with_missing, with_other
from riskresearch.backtest.lookahead._result import Trial

if TYPE_CHECKING:
    import numpy.typing as npt

FUTURES = ("cut", "smaller", "larger", "opposite")
GAPS = ("missing", "gap", "absent")
GAP_BARS = 2
EPSILON = float(np.finfo(np.float64).eps)
LARGEST_ROUNDING = 1e-6
"""A difference beyond this share of the largest number is none of rounding."""
SHAPE_ROUNDING = 256 * EPSILON
"""Relative rounding difference of matrix products of another shape."""
ROUNDING_RATIO = 50.0
"""A thousand times the change of the future makes a leak a thousand times as large, and rounding a few times."""
STRONG_DRAWS, SLIGHT_DRAWS = 2, 4


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A function, the data, and the result for all of it."""

    function: Callable[..., Any]
    inputs: Inputs
    clock: Clock
    base: Answer
    delay: int
    tolerance: float
    holds: bool
    """Whether the function holds tables over the same bars, which then have other futures too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial, with what the verdict needs in addition."""

    trial: Trial
    unplaced: bool = False
    compared: int = 0


def holds_tables(function: Any, clock: Clock) -> list[str]:
    """Return the names of tables and arrays over the bars of the data that the function holds."""
    return [name for name, value in held_by(function) if _held_bars(value, clock) is not None]


def _held_bars(value: Any, clock: Clock) -> npt.NDArray[np.float64] | None:
    """Return the bar of each row of what a function holds, or None if its rows are not those of the data."""
    if hasattr(value, "iloc"):
        places = clock.positions(value.index)
        if places is None or not ((places >= 0) & (places == np.floor(places))).any():
            return None
        return places
    if isinstance(value, np.ndarray) and value.ndim in (1, 2) and len(value) == len(clock.bars):
        return clock.bars.astype(np.float64)
    return None


def trials_from(question: Question, bar: int, *, gaps: bool, rng: np.random.Generator) -> Iterator[Outcome]:
    """Yield the trials of the futures that begin at a bar."""
    for how in FUTURES:
        yield _outcome(question, bar, bar, how, how, rng)
    if not gaps:
        return
    future = question.clock.bars >= bar
    holes = future & ((rng.random(len(future)) < 0.5) | (question.clock.bars == bar))
    others = with_missing(question.inputs, holes)
    if any(mine is not its for mine, its in zip(question.inputs, others, strict=True)):
        yield _judged(question, bar, bar, "missing", others, question.clock, rng)
    for how, other in (("gap", _with_gap(question, bar)), ("absent", _without(question, bar))):
        if isinstance(other, Question):
            first = bar if how == "gap" else bar - GAP_BARS
            yield max(
                (_outcome(other, bar, first, how, future_how, rng) for future_how in ("cut", "larger")),
                key=lambda outcome: ("rounding", "refused", "same", "changed").index(outcome.trial.outcome),
            )
        elif other is not None:
            when = question.clock.label(bar)
            yield Outcome(Trial(bar, when, how, "refused", note=other.note), other.unplaced)


def trial_of_cut(question: Question, bar: int, *, rng: np.random.Generator) -> Outcome:
    """Return the trial of the data cut off at a bar."""
    return _outcome(question, bar, bar, "cut", "cut", rng)


def _outcome(question: Question, bar: int, first: int, how: str, future_how: str, rng: np.random.Generator) -> Outcome:
    """Return the trial of one future, from the bar `first` of the question's own clock on."""
    clock = question.clock
    if future_how == "cut":
        others, its_clock = only(question.inputs, clock.bars < first), clock.until(first)
    else:
        others, its_clock = with_other(question.inputs, clock.bars >= first, future_how, rng), clock
    return _judged(question, bar, first, how, others, its_clock, rng, cut=future_how == "cut")


def _judged(
    question: Question,
    bar: int,
    first: int,
    how: str,
    others: Inputs,
    its_clock: Clock,
    rng: np.random.Generator,
    *,
    cut: bool = False,
) -> Outcome:
    when = question.clock.label(first)
    last = first - 1.0 if cut else min(first + question.delay, question.clock.count) - 0.5
    found = _ask(question, others, its_clock, first, how, rng)
    if isinstance(found, Refusal):
        return Outcome(Trial(bar, when, how, "refused", note=found.note), found.unplaced)
    compared = compared_rows(question.base, last)
    spread = how in GAPS
    change = change_of(question.base, found, last, question.tolerance, question.clock, spread=spread)
    if change is None:
        return Outcome(Trial(bar, when, how, "same"), compared=compared)
    rounding = _is_rounding(question, first, change, cut=cut, rng=rng)
    row = change.bar + (bar - first if change.bar >= first else 0)
    what = "rounding" if rounding else "changed"
    trial = Trial(bar, when, how, what, row, change.label, change.column, change.value, change.other)
    return Outcome(trial, compared=compared)


def _ask(
    question: Question, others: Inputs, its_clock: Clock, first: int, how: str, rng: np.random.Generator
) -> Answer | Refusal:
    """Return the answer for other data; tables that the function holds have the other future too, if it takes that."""
    if question.holds:
        function = _with_held(question, first, how, rng)
        found = answer(function, others, its_clock, question.base)
        if isinstance(found, Answer):
            return found
    return answer(question.function, others, its_clock, question.base)


def _with_held(question: Question, first: int, how: str, rng: np.random.Generator) -> Callable[..., Any]:
    def changed(value: Any) -> Any:
        places = _held_bars(value, question.clock)
        if places is None:
            return value
        future = places >= first
        if how == "cut":
            return only_rows(value, ~future)
        return other_table(value, future, how if how in (*FUTURES, "strong", "slight") else "larger", rng)

    try:
        other: Callable[..., Any] = holding(question.function, changed)
    except Exception:  # an object that cannot be copied, or changed
        return question.function
    return other


def _is_rounding(question: Question, first: int, change: Change, *, cut: bool, rng: np.random.Generator) -> bool:
    """Return whether a difference does not grow with the change of the future that makes it.

    Products of matrices and Fourier transforms round the past by what stands beside it. That error stays about as
    large when the future moves a thousandth as far; what leaks from the future does not.
    """
    if not change.size <= LARGEST_ROUNDING:
        return False
    strong = [_size_of(question, first, "strong", rng) for _ in range(STRONG_DRAWS)]
    slight = [_size_of(question, first, "slight", rng) for _ in range(SLIGHT_DRAWS)]
    if None in strong or None in slight:
        return False
    far, near = (max(size for size in sizes if size is not None) for sizes in (strong, slight))
    if far > ROUNDING_RATIO * max(near, EPSILON):
        return False
    return change.size <= max(SHAPE_ROUNDING if cut else ROUNDING_RATIO * EPSILON, ROUNDING_RATIO * far)


def _size_of(question: Question, first: int, how: str, rng: np.random.Generator) -> float | None:
    """Return the size of the change of the past that a future of the same shape makes, None if it is refused."""
    others = with_other(question.inputs, question.clock.bars >= first, how, rng)
    found = _ask(question, others, question.clock, first, how, rng)
    if isinstance(found, Refusal):
        return None
    last = min(first + question.delay, question.clock.count) - 0.5
    change = change_of(question.base, found, last, question.tolerance, question.clock)
    return 0.0 if change is None else change.size


def _with_gap(question: Question, bar: int) -> Question | Refusal | None:
    """Return the question about the data with nothing on the bars before `bar`, or None if there is no such data."""
    clock = question.clock
    if bar <= GAP_BARS:
        return None
    gap = (clock.bars < bar) & (clock.bars >= bar - GAP_BARS)
    others = with_missing(question.inputs, gap)
    if all(mine is its for mine, its in zip(question.inputs, others, strict=True)):
        return None
    return _about(question, others, clock)


def _without(question: Question, bar: int) -> Question | Refusal | None:
    """Return the question about the data without the rows of the bars before `bar`, where rows are known by label."""
    clock = question.clock
    if bar <= GAP_BARS or clock.times is None:
        return None
    kept = only(question.inputs, (clock.bars >= bar) | (clock.bars < bar - GAP_BARS))
    return _about(question, kept, clock_of(kept))


def _about(question: Question, others: Inputs, clock: Clock) -> Question | Refusal:
    found = answer(question.function, others, clock, None)
    if isinstance(found, Refusal):
        return found
    return Question(question.function, others, clock, found, question.delay, question.tolerance, holds=False)
