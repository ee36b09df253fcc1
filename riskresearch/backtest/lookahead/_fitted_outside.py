"""Signs that a result was fitted to all data before the call, which other futures cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.lookahead._answers import Answer, Refusal, change_of
from riskresearch.backtest.lookahead._captured import held_by
from riskresearch.backtest.lookahead._clock import Clock
from riskresearch.backtest.lookahead._perturb import Inputs, numbers_of, only

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

FEWEST_ROWS = 20
EXACT = 1e-11
"""Relative distance below which a statistic of the whole sample equals a target by construction, not by chance."""
GRID_DIGITS = 9
QUANTILES = (0.01, 0.05, 0.1, 0.2, 0.25, 0.75, 0.8, 0.9, 0.95, 0.99)
PERIODS = (1.0, 4.0, 12.0, 52.0, 252.0, 365.0)


def outside_signs(
    function: Callable[..., Any], tables: list[str], inputs: Inputs, clock: Clock, base: Answer, other: Answer | Refusal
) -> Iterator[str]:
    """Yield the signs that results come from outside. `other` is the result for data in which every number differs.

    `tables` are the names of what the function holds over the same bars.
    """
    if len(clock.bars) < FEWEST_ROWS:
        return
    if isinstance(other, Answer):
        if tables and _varies(base) and change_of(base, other, np.inf, 0.0, clock) is None:
            yield f"the answer does not depend on data but on what was worked out beforehand ({', '.join(tables)})"
        yield from _made_to_measure(inputs, base, other)
    yield from _held_numbers(function, inputs, clock)


def _varies(base: Answer) -> bool:
    return any(len(part.values) and (part.values[1:] != part.values[:1]).any() for part in base.parts)


def _made_to_measure(inputs: Inputs, base: Answer, other: Answer) -> Iterator[str]:
    """Yield the columns that are standardised over all bars of this data, and not of other data."""
    known = {trait for table in inputs for column in numbers_of(table).T for trait in _traits(column)}
    for part, its in zip(base.parts, other.parts, strict=False):
        if part.values.dtype.kind != "f" or its.values.dtype.kind != "f":
            continue
        for name, column, other_column in zip(part.columns, part.values.T, its.values.T, strict=False):
            for trait in _traits(column) - known - _traits(other_column):
                yield f"column {name!r} has {trait} over all rows of this data, not of other data: it was fitted to all"


def _traits(values: FloatVector) -> set[str]:
    """Return the statistics of a whole series that are exact, and would not be by chance."""
    if len(values) < FEWEST_ROWS or not np.isfinite(values).all() or 2 * np.unique(values).size < len(values):
        return set()
    found = set()
    spread = float(np.std(values))
    if abs(float(np.mean(values))) <= EXACT * spread and not _have_few_digits(values):
        found.add("a mean of 0")
    if values.min() == 0.0 and values.max() == 1.0 and np.isin(values, (0.0, 1.0)).sum() == 2:
        found.add("a range of 0 to 1")
    for ddof in (0, 1):
        for periods in PERIODS:
            deviation = float(np.std(values, ddof=ddof)) * periods**0.5
            round_number = float(f"{deviation:.2g}")
            if abs(deviation - round_number) <= EXACT * deviation:
                found.add(f"a deviation of {round_number:g}")
    return found


def _have_few_digits(values: FloatVector) -> bool:
    """Return whether numbers are on a grid, as units in lots are, where a sum may be exactly zero by chance."""
    written = np.array([float(f"{value:.{GRID_DIGITS}g}") for value in values])
    return bool((np.abs(written - values) <= 4.0 * np.finfo(float).eps * np.abs(values)).all())


def _held_numbers(function: Callable[..., Any], inputs: Inputs, clock: Clock) -> Iterator[str]:
    """Yield the numbers that the function holds and that are statistics of all rows, not of the first half."""
    held = [(name, _vector(value)) for name, value in held_by(function)]
    wanted = [(name, vector) for name, vector in held if vector is not None]
    if not wanted:
        return
    half = only(inputs, clock.bars < clock.count // 2)
    for table, its_half in zip(inputs, half, strict=True):
        whole, early = (dict(_statistics(numbers_of(each))) for each in (table, its_half))
        for name, vector in wanted:
            for what, numbers in whole.items():
                if _is_one_of(vector, numbers) and not _is_one_of(vector, early[what]):
                    yield f"{name} is {what} of all rows of data, known only after the last"
                    break


def _vector(value: Any) -> FloatVector | None:
    """Return the numbers that are held, if one of them has more digits than people write."""
    try:
        numbers = np.asarray(value, dtype=np.float64).ravel()
    except (TypeError, ValueError):
        return None
    known = numbers.size and np.isfinite(numbers).all() and any(float(f"{number:.5g}") != number for number in numbers)
    return numbers if known else None


def _is_one_of(held: FloatVector, numbers: FloatVector) -> bool:
    """Return whether one number is that of some column, or as many are those of all."""
    if held.size == numbers.size:
        return bool(np.allclose(held, numbers, rtol=EXACT, atol=0.0))
    return held.size == 1 and bool(np.isclose(numbers, held[0], rtol=EXACT, atol=0.0).any())


def _statistics(values: FloatMatrix) -> Iterator[tuple[str, FloatVector]]:
    """Yield the usual statistics of each column, of its values and of their changes."""
    with np.errstate(all="ignore"):
        forms = {
            "": values, "change": np.diff(values, axis=0), "return": values[1:] / values[:-1] - 1.0,
            "log": np.log(values), "log return": np.diff(np.log(values), axis=0), "size": np.abs(values),
        }  # fmt: skip
        for form, numbers in forms.items():
            if len(numbers) > 1 and values.shape[1]:
                yield from ((f"the {form} {name}".replace("  ", " "), found) for name, found in _of_columns(numbers))


def _of_columns(numbers: FloatMatrix) -> Iterator[tuple[str, FloatVector]]:
    known = np.where(np.isfinite(numbers), numbers, np.nan)
    if np.isnan(known).all(axis=0).any():
        return
    yield "mean", np.nanmean(known, axis=0)
    yield "median", np.nanmedian(known, axis=0)
    yield "minimum", np.nanmin(known, axis=0)
    yield "maximum", np.nanmax(known, axis=0)
    yield "range", np.nanmax(known, axis=0) - np.nanmin(known, axis=0)
    yield "sum", np.nansum(known, axis=0)
    for ddof in (0, 1):
        yield f"variance (ddof={ddof})", np.nanvar(known, axis=0, ddof=ddof)
        for periods in PERIODS:
            yield (
                f"deviation (ddof={ddof}) times the root of {periods:g}",
                (np.nanstd(known, axis=0, ddof=ddof) * periods**0.5),
            )
    for quantile in QUANTILES:
        yield f"{quantile:.0%} quantile", np.nanquantile(known, quantile, axis=0)
    if known.shape[1] > 1 and not np.isnan(known).any():
        yield "covariance", np.cov(known, rowvar=False).ravel()
        yield "correlation", np.corrcoef(known, rowvar=False).ravel()
