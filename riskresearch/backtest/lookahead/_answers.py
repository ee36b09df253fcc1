"""The result of a function as rows of known bars, and the difference of two results on the same past."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.lookahead._clock import Clock
from riskresearch.backtest.lookahead._compare import (
    WANTED,
    Difference,
    ResultTable,
    UnplacedError,
    before,
    first_difference,
    places_of,
    tables_of,
    tops_of,
)
from riskresearch.backtest.lookahead._perturb import Inputs, copied, numbers_of
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The tables that a function returned, with the bar of each row."""

    parts: list[ResultTable]
    places: list[FloatVector]
    missing: list[int]
    """Number of rows that each table lacks."""
    tops: list[FloatVector]
    """The largest number of each column."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason for a missing result."""

    note: str
    unplaced: bool = False
    """Whether there was a result whose rows belong to no bar."""


@dataclass(frozen=True, slots=True)
class Change:
    """The first bar of the past whose result differs."""

    bar: int
    label: Any
    column: str | None
    value: Any
    other: Any
    size: float
    """Largest difference in the past, as in `Difference`."""


def first_answer(function: Callable[..., Any], inputs: Inputs, clock: Clock) -> Answer:
    """Return the result for the unchanged data, computed twice; raise if the two differ."""
    answers = []
    for _ in range(2):
        try:
            result = function(*copied(inputs))
        except (ArithmeticError, LookupError, TypeError, AttributeError) as error:
            raise InvalidInputError(f"function must accept data, but raised {_named(error)}") from error
        try:
            answers.append(_answer(result, clock, inputs, None))
        except UnplacedError as error:
            raise InvalidInputError(f"function must return {WANTED}, got {error}.") from error
    one, two = answers
    if len(one.parts) != len(two.parts) or any(
        found is not None and found.size > SAME_AGAIN for found in _differences(one, two, np.inf, 0.0)
    ):
        raise InvalidInputError(
            "function must return the same for the same data, but its second answer differed from its first. "
            "Seed what is random in it, and keep no state from call to call."
        )
    return one


SAME_AGAIN = 1e-12
"""Relative difference of two results for the same data, which threads of a BLAS may cause."""


def answer(function: Callable[..., Any], inputs: Inputs, clock: Clock, base: Answer | None) -> Answer | Refusal:
    """Return the result for changed data, or the reason for none. Warnings are suppressed: the data is artificial."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = function(*copied(inputs))
    except Exception as error:  # any: a short history or a gap breaks code in every way
        return Refusal(str(error) if isinstance(error, ValueError) else _named(error))
    try:
        return _answer(result, clock, inputs, base)
    except (UnplacedError, InvalidInputError) as error:
        return Refusal(f"returned {error}", unplaced=True)


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _answer(result: Any, clock: Clock, inputs: Inputs, base: Answer | None) -> Answer:
    parts = tables_of(result, len(clock.bars))
    known = base is not None and len(base.missing) == len(parts)
    places = [
        places_of(part, clock, base.missing[number] if known and base is not None else None)
        for number, part in enumerate(parts)
    ]
    missing = [len(clock.bars) - len(part.values) for part in parts]
    scale = 0.0 if base is not None else _scale(inputs)
    tops = [] if base is not None else [tops_of(part, scale) for part in parts]
    return Answer(parts, places, missing, tops)


def _scale(inputs: Inputs) -> float:
    """Return the largest number of the data."""
    tables = [numbers_of(table) for table in inputs]
    return max(float(np.max(np.abs(table), initial=0.0, where=np.isfinite(table))) for table in tables)


def change_of(
    base: Answer, other: Answer, last: float, tolerance: float, clock: Clock, *, spread: bool = False
) -> Change | None:
    """Return the first change in the rows whose bar is not after `last`, or None."""
    if len(base.parts) != len(other.parts):
        mine, its = (f"{len(each.parts)} tables" for each in (base, other))
        return Change(0, clock.label(0), None, mine, its, np.inf)
    changes = []
    for number, found in enumerate(_differences(base, other, last, tolerance, spread=spread)):
        if found is not None:
            changes.append(_described(base, other, number, found, last, clock))
    if not changes:
        return None
    first = min(changes, key=lambda change: change.bar)
    size = max(change.size for change in changes)
    return Change(first.bar, first.label, first.column, first.value, first.other, size)


def _differences(
    base: Answer, other: Answer, last: float, tolerance: float, *, spread: bool = False
) -> list[Difference | None]:
    return [
        first_difference(
            before(mine, its_places, last), before(its, other_places, last), tolerance, tops, spread=spread
        )
        for mine, its_places, its, other_places, tops in zip(
            base.parts, base.places, other.parts, other.places, base.tops, strict=True
        )
    ]


def _described(base: Answer, other: Answer, number: int, found: Difference, last: float, clock: Clock) -> Change:
    sides = []
    bar, label, missing = 0, None, "no row"
    for each in (other, base):
        part, places = each.parts[number], each.places[number]
        rows = np.flatnonzero(places <= last)
        if found.row < len(rows):
            row = rows[found.row]
            bar = int(np.floor(places[row]))
            label = clock.label(max(bar, 0)) if part.index is None else part.index[row]
            sides.append(part.values[row, found.column] if found.column >= 0 else missing)
        else:
            sides.append(missing)
    columns = base.parts[number].columns
    column = columns[found.column] if 0 <= found.column < len(columns) else None
    return Change(max(bar, 0), label, column, sides[1], sides[0], found.size)


def compared_rows(base: Answer, last: float) -> int:
    """Return the number of rows of the result that lie in the past."""
    return sum(int((places <= last).sum()) for places in base.places)
