"""Does the past change when the future does?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from riskresearch.backtest._future import Inputs, as_inputs, cut, row_labels, with_other_future
from riskresearch.backtest._lookahead_check import LookaheadCheck, Trial
from riskresearch.backtest._over_time import Part, before, first_difference, parts_of
from riskresearch.core._checks import check_count, check_number
from riskresearch.core._errors import InvalidInputError, LookaheadError

RANDOM_CUTS = 3
HOW = ("cut", "smaller", "larger")


def check_no_lookahead(
    function: Callable[..., Any],
    data: Any,
    *,
    cuts: Sequence[Any] | None = None,
    delay: int = 0,
    tolerance: float = 0.0,
    rng: int | np.random.Generator | None = None,
    must_pass: bool = False,
) -> LookaheadCheck:
    """Check that what `function` says about a bar does not depend on later bars.

    The future is cut off, and replaced by another, from several bars on; what was said about the bars before must not
    change by one bit. A check can find look-ahead, and not prove that there is none.

    Parameters
    ----------
    function : callable
        Takes `data` and returns a row per bar: a Series, DataFrame, array, a tuple or dict of them, a `Backtest`, or
        what has such a `to_frame()`.
    data : Series, DataFrame, array or polars, or a tuple of them
        Rows are time; a tuple is passed as several arguments.
    cuts : sequence, optional
        Where the future begins: row numbers or labels. By default row 1, each quarter, the last, three at random.
    delay : int
        What is said about a bar may depend on bars up to so many before it: 0 for a signal known at the close, 1 for
        weights already shifted to the bar in which they are in force. Weights that were not shifted fail at 1 only.
    tolerance : float
        Relative difference that is let pass. 0 asks for equal bits.
    rng : int, Generator or None
        Draws the other futures.
    must_pass : bool
        Raise instead of reporting.

    Returns
    -------
    LookaheadCheck

    Raises
    ------
    LookaheadError
        If the past changed and `must_pass` is True.
    InvalidInputError
        If `function` returns no rows over time, or refuses every future.

    References
    ----------
    Bailey, Borwein, Lopez de Prado and Zhu (2014), Pseudo-Mathematics and Financial Charlatanism.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch import check_no_lookahead
    >>> prices = pd.Series([1.0, 2.0, 4.0, 3.0, 5.0])
    >>> check_no_lookahead(lambda x: x.rolling(2).mean(), prices)
    LookaheadCheck(passed, 12 trials)
    """
    inputs = as_inputs(data)
    total, labels = len(inputs[0]), row_labels(inputs)
    if check_number(tolerance, name="tolerance") < 0.0:
        raise InvalidInputError(f"tolerance must not be negative, got {tolerance!r}.")
    check_count(delay, name="delay", minimum=0)
    seed = _seed(rng)
    generator = np.random.default_rng(seed)
    rows = _cuts(cuts, total, labels, generator)
    whole = parts_of(function(*inputs))
    trials = tuple(
        _trial(function, inputs, whole, first, how, delay, tolerance, generator) for first in rows for how in HOW
    )
    if all(trial.outcome == "refused" for trial in trials):
        raise InvalidInputError(
            f"function must accept a shorter or another future, but raised on all {len(trials)}: {trials[0].note}"
        )
    check = LookaheadCheck(trials, total, tolerance, seed)
    if must_pass and not check.passed:
        raise LookaheadError(check.summary())
    return check


def _seed(rng: int | np.random.Generator | None) -> int:
    if isinstance(rng, np.random.Generator):
        return int(rng.integers(2**63))
    return int(np.random.SeedSequence().entropy) if rng is None else int(rng)  # type: ignore[arg-type]


def _cuts(cuts: Sequence[Any] | None, total: int, labels: Any, rng: np.random.Generator) -> list[int]:
    """Return the numbers of the first rows of the futures, increasing."""
    if cuts is None:
        some = rng.integers(1, total, RANDOM_CUTS).tolist()
        return sorted({1, *(max(1, total * quarter // 4) for quarter in (1, 2, 3)), total - 1, *some})
    rows = set()
    for given in cuts:
        row = given if isinstance(given, (int, np.integer)) else _row_of(given, labels)
        if not 1 <= row < total:
            raise InvalidInputError(f"cuts must leave a past and a future, so lie in 1 to {total - 1}, got {given!r}.")
        rows.add(int(row))
    if not rows:
        raise InvalidInputError("cuts must not be empty.")
    return sorted(rows)


def _row_of(label: Any, labels: Any) -> int:
    if labels is None:
        raise InvalidInputError(f"cuts must be row numbers where data has no index, got {label!r}.")
    return int(labels.searchsorted(type(labels)([label])[0]))


def _trial(
    function: Callable[..., Any],
    inputs: Inputs,
    whole: list[Part],
    first: int,
    how: str,
    delay: int,
    tolerance: float,
    rng: np.random.Generator,
) -> Trial:
    labels, total = row_labels(inputs), len(inputs[0])
    other = cut(inputs, first) if how == "cut" else with_other_future(inputs, first, how, rng)
    when = None if labels is None else labels[first]
    try:
        found = parts_of(function(*other))
    except ValueError as refusal:  # too short, or a future that the function does not take
        return Trial(first, when, how, "refused", note=str(refusal))
    if len(found) != len(whole):
        return Trial(first, when, how, "changed", row=0, note=f"{len(found)} tables instead of {len(whole)}")
    changes = []
    kept = first if how == "cut" else min(first + delay, total)
    for part, its_other in zip(whole, found, strict=True):
        past = before(part, kept, total, labels)
        its_past = before(its_other, kept, len(other[0]), labels)
        place = first_difference(past, its_past, tolerance)
        if place is not None:
            changes.append(_change(past, its_past, place, part, total, labels))
    if not changes:
        return Trial(first, when, how, "same")
    row, time, column, value, other_value = min(changes, key=lambda change: change[0])
    return Trial(first, when, how, "changed", row, time, column, value, other_value)


def _change(
    past: Part, other: Part, place: tuple[int, int], part: Part, total: int, labels: Any
) -> tuple[int, Any, str | None, Any, Any]:
    """Return the row of the data, its label, the column, and both values of a difference."""
    row, column = place
    missing = "no row"
    value = past.values[row, column] if row < len(past.values) and column >= 0 else missing
    other_value = other.values[row, column] if row < len(other.values) and column >= 0 else missing
    name = part.columns[column] if column >= 0 else None
    if part.index is not None and labels is not None:
        time = (past if row < len(past.values) else other).index[row]
        return int(labels.searchsorted(time)), time, name, value, other_value
    return row + total - len(part.values), None, name, value, other_value
