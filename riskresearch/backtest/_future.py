"""Data without its future, and data with another one: Series, DataFrames, arrays and polars frames alike."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from riskresearch.core._errors import InvalidInputError

SMALLER, LARGER = (0.2, 0.9), (1.2, 3.0)
LOWEST_RETURN = -0.95

Inputs: TypeAlias = tuple[Any, ...]
"""What the function takes, each a table over the same rows."""


def as_inputs(data: Any) -> Inputs:
    """Return the tables of `data`, which is one or a tuple of them."""
    tables = data if isinstance(data, tuple) else (data,)
    tables = tuple(table if hasattr(table, "shape") else np.asarray(table) for table in tables)
    lengths = [len(table) if table.shape else 0 for table in tables]
    if not lengths or min(lengths) < 2 or len(set(lengths)) > 1:
        raise InvalidInputError(f"data must have at least 2 rows, and each table as many, got {lengths}.")
    return tables


def row_labels(inputs: Inputs) -> Any:
    """Return the index of the first pandas table, or None."""
    return next((table.index for table in inputs if hasattr(table, "iloc")), None)


def cut(inputs: Inputs, rows: int) -> Inputs:
    """Return the first `rows` rows of each table."""
    return tuple(table.iloc[:rows] if hasattr(table, "iloc") else table[:rows] for table in inputs)


def with_other_future(inputs: Inputs, rows: int, how: str, rng: np.random.Generator) -> Inputs:
    """Return the tables with the numbers after the first `rows` rows in another order, and smaller or larger.

    Signs stay. Larger numbers stay above -0.95 if they were all above -1 before, as returns are.
    """
    order = rng.permutation(len(inputs[0]) - rows)
    return tuple(_other_table(table, rows, order, how, rng) for table in inputs)


def _other_table(table: Any, rows: int, order: Any, how: str, rng: np.random.Generator) -> Any:
    if hasattr(table, "iloc"):
        if table.ndim == 1:
            return type(table)(_other(table.to_numpy(), rows, order, how, rng), index=table.index, name=table.name)
        changed = {
            place: _other(table.iloc[:, place].to_numpy(), rows, order, how, rng) for place in range(table.shape[1])
        }
        frame = type(table)(changed, index=table.index)
        frame.columns = table.columns
        return frame
    if not isinstance(table, np.ndarray):
        return _other_polars(table, rows, order, how, rng)
    return _other(table, rows, order, how, rng)


def _other_polars(table: Any, rows: int, order: Any, how: str, rng: np.random.Generator) -> Any:
    import narwhals as nw  # noqa: PLC0415 (50 ms that only polars users pay)

    frame = nw.from_native(table, eager_only=True, allow_series=True)
    if isinstance(frame, nw.Series):
        changed = _other(frame.to_numpy(), rows, order, how, rng)
        return nw.new_series(frame.name, changed, backend=frame.implementation).to_native()
    columns = {}
    for name in frame.columns:
        column = frame[name]
        if column.dtype.is_numeric():
            changed = _other(column.to_numpy(), rows, order, how, rng)
            column = nw.new_series(name, changed, backend=frame.implementation)
        columns[name] = column
    return nw.from_dict(columns, backend=frame.implementation).to_native()


def _other(values: Any, rows: int, order: Any, how: str, rng: np.random.Generator) -> Any:
    if values.dtype.kind not in "fiu":
        return values
    changed = values.copy()
    future = values[rows:][order] * rng.uniform(*(SMALLER if how == "smaller" else LARGER), values[rows:].shape)
    if how == "larger" and np.nanmin(values, initial=0.0) > -1.0:
        future = np.where(future < LOWEST_RETURN, LOWEST_RETURN, future)
    changed[rows:] = future.astype(values.dtype)
    return changed
