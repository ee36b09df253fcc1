"""Columns of values that a file stores with their types: numbers, times, texts."""

import datetime
import math
import numbers
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from riskresearch.files._grid import Cells

_EXACT = 2.0**53
_LONGEST = 64
_MIDNIGHT = datetime.time()
_INT64 = range(-(2**63), 2**63)


def cells_of(values: Sequence[object]) -> Cells:
    """Return the cells of a column: times where all values are times, numbers where all are numbers, else texts."""
    kinds = {type(value) for value in values} - {type(None)}
    if "" in values if str in kinds else False:
        values = [None if value == "" else value for value in values]
        kinds = {type(value) for value in values} - {type(None)}
    if kinds and all(issubclass(kind, datetime.date) for kind in kinds):
        times = _times(values)
        if times is not None:
            return times
    if kinds and bool not in kinds and all(issubclass(kind, numbers.Real) for kind in kinds):
        cells = _numbers(values)
        if cells is not None:
            return cells
    if not kinds:
        return np.full(len(values), np.nan)
    return texts_of(values)


def texts_of(values: Collection[object]) -> Cells:
    """Return each value as it would be written in a text."""
    cells = np.empty(len(values), dtype=object)
    cells[:] = [text_of(value) for value in values]
    return cells


def text_of(value: object) -> str:
    """Return one value as it would be written in a text; empty for a missing one."""
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, numbers.Real):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < _EXACT else repr(number)
    if isinstance(value, datetime.datetime):
        bare = value.tzinfo is None and value.time() == _MIDNIGHT
        return value.date().isoformat() if bare else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)[:_LONGEST].strip()


def _times(values: Sequence[object]) -> pd.DatetimeIndex | None:
    try:
        return pd.DatetimeIndex(pd.to_datetime(pd.Series(list(values), dtype=object)))
    except (ValueError, TypeError, OverflowError):  # beyond the range of nanoseconds, or zones that differ
        return None


def _numbers(values: Sequence[object]) -> Cells | None:
    if any(isinstance(value, int) and value not in _INT64 for value in values):
        return None
    cells = np.array([math.nan if value is None else float(value) for value in values])  # type: ignore[arg-type]
    return whole(cells)


def whole(cells: "np.ndarray") -> Cells:
    """Return floats as int64 if all of them are whole and exact: days such as 20240131 are stored as floats, too."""
    if len(cells) and np.isfinite(cells).all() and (cells == np.rint(cells)).all() and np.abs(cells).max() < _EXACT:
        return cells.astype(np.int64)
    return cells
