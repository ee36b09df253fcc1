"""Columns of cells as numbers: one way to write them fits all cells of a column, and what was decided is stated."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.files._grid import Cells, Step
from riskresearch.files.numbers._decimal_mark import decide_decimals
from riskresearch.files.numbers._missing_marks import FILL_SIZE, MissingNumbers, find_missing_numbers, lowest
from riskresearch.files.numbers._number_column import MOSTLY, Mark, TextColumn, read_text_column, to_float
from riskresearch.files.numbers._number_format import NumberFormat, describe, describe_oddities, format_of
from riskresearch.files.numbers._number_refusals import (
    Where,
    refuse_flags,
    refuse_impossible_sizes,
    refuse_mixed_units,
    refuse_other_cells,
    refuse_periods,
    refuse_two_forms,
)

SAMPLE_ROWS = 256
"""Rows that `could_be_numbers` looks at, evenly spaced."""

_PERCENT_NAME = re.compile(
    r"%|(?<![a-z])(?:percent|percentage|per cent|pct|prozent|pour ?cent|procent|percentuale|por ?cento|por ?ciento"
    r"|porcentaje|\u043f\u0440\u043e\u0446\u0435\u043d\u0442\w*)(?![a-z])"
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NumberColumns:
    """Hold columns of numbers, and how they were read.

    Attributes
    ----------
    values : mapping of str to array of float64
        The numbers of each column, nan where a value is missing. A column that was float64 is the same array.
    formats : mapping of str to NumberFormat
        How each column of text spelled them.
    percent : frozenset of str
        The columns whose cells carry a percent sign; their numbers are fractions, so 0.45% is 0.0045.
    missing : mapping of str to int
        The marks of missing values in these columns and how often each occurs; "" are empty cells.
    steps : tuple of Step
        What was decided.
    """

    values: Mapping[str, FloatVector]
    formats: Mapping[str, NumberFormat]
    percent: frozenset[str]
    missing: Mapping[str, int]
    steps: tuple[Step, ...]


def could_be_numbers(cells: Cells) -> bool:
    """Return whether most cells of a sample read as numbers; missing values fit, but not a column without any number.

    A few slips do not change the answer: `read_numbers` refuses them by place.
    """
    if not _is_text(cells):
        return _is_numeric(cells) and not bool(np.isnan(np.asarray(cells, dtype=np.float64)).all())
    rows = np.unique(np.linspace(0, max(len(cells) - 1, 0), min(SAMPLE_ROWS, len(cells))).astype(np.intp))
    column = read_text_column(np.asarray(cells)[rows])
    if column.count(column.of_kind("missing")) == len(rows):
        column = read_text_column(np.asarray(cells))
    return column.share >= MOSTLY


def number_share(cells: Cells) -> float:
    """Return the share of the cells, without missing ones, that read as numbers; 0 if all are missing."""
    if not _is_text(cells):
        return float(could_be_numbers(cells))
    return read_text_column(np.asarray(cells)).share


def percent_in_name(name: str) -> bool:
    """Return whether a name says that a column is in percent, such as "Change %" or "Return (pct)".

    It is no proof: pandas' `pct_change` makes fractions.
    """
    return _PERCENT_NAME.search(name.casefold().replace("_", " ")) is not None


def read_numbers(
    columns: Mapping[str, Cells],
    *,
    place: Callable[[int], str],
    file: str,
    decimal: Mark | None = None,
    others: Sequence[Cells] = (),
    separator: str | None = None,
) -> NumberColumns:
    """Read columns of cells as numbers.

    Parameters
    ----------
    columns : mapping of str to cells
        The columns that are to be numbers.
    place : callable
        Returns where a row stands in the file, in words.
    file : str
        What messages call the file.
    decimal : {".", ","}, optional
        The decimal mark, if it was given by the user.
    others : sequence of cells
        Other columns of the file, whose numbers may show the decimal mark.
    separator : str, optional
        What separates the cells of the file; None if it is no text. Where it is a comma and no cell holds one, points
        are decimal marks.

    Returns
    -------
    NumberColumns
        The numbers.

    Raises
    ------
    InvalidInputError
        If a cell is no number, or if two readings fit all cells.

    Examples
    --------
    >>> import numpy as np
    >>> cells = {"Kurs": np.array(["1.234,50 \u20ac", "-", "1.250,00 \u20ac"], dtype=object)}
    >>> read = read_numbers(cells, place=lambda row: f"line {row + 2}", file="kurse.csv")
    >>> read.values["Kurs"]
    array([1234.5,    nan, 1250. ])
    >>> print(read.steps[0])
    numbers: decimal mark ',', thousands separated by '.', currency '\u20ac', in column 'Kurs'
    """
    texts: dict[str, TextColumn] = {}
    typed: dict[str, FloatVector] = {}
    wheres = {name: Where(file, name, place) for name in columns}
    for name, cells in columns.items():
        if _is_text(cells):
            texts[name] = _read_text(wheres[name], np.asarray(cells), decimal)
        else:
            typed[name] = _read_typed(wheres[name], cells)
    marks, steps = decide_decimals(texts, wheres, decimal=decimal, typed=typed, others=others, separator=separator)
    values = typed | {name: to_float(column, marks[name]) for name, column in texts.items()}
    for name, column in texts.items():
        refuse_mixed_units(wheres[name], column, values[name])
    for name, numbers in values.items():
        if _too_large(numbers):
            refuse_impossible_sizes(wheres[name], numbers, texts[name].texts if name in texts else None)
    found = find_missing_numbers(list(values.values()))
    values = {name: _without(values[name], found) for name in columns}
    formats = {name: format_of(column, marks[name]) for name, column in texts.items()}
    percent = frozenset(name for name, column in texts.items() if any(form.scale == -2 for form in column.forms))
    missing = _count_missing(texts, typed, found)
    steps += describe(formats, percent, missing, found) + describe_oddities(texts)
    return NumberColumns(MappingProxyType(values), MappingProxyType(formats), percent, MappingProxyType(missing), steps)


def _is_text(cells: Cells) -> bool:
    return cells.dtype.kind in "OUT" if isinstance(cells, np.ndarray) else False


def _is_numeric(cells: Cells) -> bool:
    return isinstance(cells, np.ndarray) and cells.dtype.kind in "iuf"


def _read_text(where: Where, cells: npt.NDArray[Any], decimal: Mark | None) -> TextColumn:
    column = read_text_column(cells)
    refuse_other_cells(where, column)
    refuse_periods(where, column)
    refuse_flags(where, column)
    refuse_two_forms(where, column, decimal)
    return column


def _read_typed(where: Where, cells: Cells) -> FloatVector:
    if not _is_numeric(cells):
        what = "dates" if isinstance(cells, pd.DatetimeIndex) or cells.dtype.kind in "Mm" else "true and false"
        raise InvalidInputError(
            f"{where.name} must hold numbers, got {what}. Leave the column out with {where.leave_out}."
        )
    return np.asarray(cells, dtype=np.float64)


def _too_large(values: FloatVector) -> bool:
    return bool(
        np.fmax.reduce(values, initial=-np.inf) >= FILL_SIZE or np.fmin.reduce(values, initial=0.0) <= -FILL_SIZE
    )


def _without(values: FloatVector, found: MissingNumbers) -> FloatVector:
    """Return a column with the numbers that stand for missing values as nan; the same array if it has none."""
    if not found.counts or lowest(values) > max(found.counts):
        return values
    return np.where(np.isin(values, list(found.counts)), np.nan, values)


def _count_missing(
    texts: Mapping[str, TextColumn], typed: Mapping[str, FloatVector], found: MissingNumbers
) -> dict[str, int]:
    """Return each mark of a missing value with the number of its cells."""
    counts: Counter[str] = Counter()
    for column in texts.values():
        for form in column.of_kind("missing"):
            counts[column.texts[column.first[form]]] += int(column.counts[form])
    for values in typed.values():
        if len(values) and np.isnan(values.min()):
            counts[""] += int(np.isnan(values).sum())
    for number, count in found.counts.items():
        counts[f"{number:g}"] += count
    return dict(counts)
