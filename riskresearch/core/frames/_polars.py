"""Labels of polars data, through narwhals. A frame has no index, so its column of dates, if any, serves as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import check_order
from riskresearch.core.frames._dates_as_numbers import numbers_as_dates
from riskresearch.core.frames._long_tables import polars_pivot
from riskresearch.core.frames._not_numbers import refuse_polars_column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector, Labels, OverTime, PerColumn


EVERY_ROW = slice(0, None)  # older versions of narwhals do not know a slice without a start
OF_NUMPY = (
    nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32, nw.UInt64, nw.Float32, nw.Float64
)  # fmt: skip
"""Types of numbers that NumPy has too; decimals and whole numbers of 128 bits are others."""


class PolarsSeriesLabels:
    """A polars Series: its name."""

    dates = instants = None
    zoned = False

    def __init__(self, series: nw.Series[Any]) -> None:
        self._series = series
        self.columns = (series.name,)
        self.row_names = range(len(series))

    def per_column(self, result: FloatVector) -> PerColumn:
        return float(result[0])

    def over_time(self, result: FloatMatrix, *, first_row: int = 0) -> OverTime:
        return self.series(self._series.name, result[:, 0])

    def at_rows(self, result: FloatMatrix, rows: npt.NDArray[np.intp]) -> OverTime:
        return self.over_time(result)

    def frame(self, values: FloatMatrix, names: Sequence[str]) -> Any:
        return nw.from_dict(dict(zip(names, values.T, strict=True)), backend=self._series.implementation).to_native()

    def series(self, name: str, values: FloatVector) -> Any:
        return nw.new_series(name, values, backend=self._series.implementation).to_native()

    def place(self, row: int, column: int) -> str:
        return f"row {row}"

    def column_name(self, column: int) -> str:
        return repr(self._series.name)


class PolarsFrameLabels:
    """A polars DataFrame: the names of its numeric columns, and its column of dates."""

    def __init__(self, frame: nw.DataFrame[Any], time_column: str | None, names: tuple[str, ...]) -> None:
        self._frame = frame
        self._time_column = time_column
        self.columns = names

    @property
    def dates(self) -> npt.NDArray[np.datetime64] | None:
        if self._time_column is None:
            return None
        times = self._frame[self._time_column]
        # to_numpy gives UTC; the days are those of the local clock, as in pandas.
        return (times if times.dtype == nw.Date else times.dt.replace_time_zone(None)).to_numpy()

    @property
    def instants(self) -> npt.NDArray[np.datetime64] | None:
        return None if self._time_column is None else self._frame[self._time_column].to_numpy()  # a zone becomes UTC

    @property
    def zoned(self) -> bool:
        dtype = None if self._time_column is None else self._frame.schema[self._time_column]
        return getattr(dtype, "time_zone", None) is not None

    @property
    def row_names(self) -> Any:
        return range(len(self._frame)) if self._time_column is None else self._frame[self._time_column].to_list()

    def per_column(self, result: FloatVector) -> PerColumn:
        return self._native({name: [float(result[i])] for i, name in enumerate(self.columns)})

    def over_time(self, result: FloatMatrix, *, first_row: int = 0) -> OverTime:
        return self._over_rows(self._named(result), slice(first_row, None))

    def at_rows(self, result: FloatMatrix, rows: npt.NDArray[np.intp]) -> OverTime:
        return self._over_rows(self._named(result), rows.tolist())

    def frame(self, values: FloatMatrix, names: Sequence[str]) -> Any:
        return self._over_rows(dict(zip(names, values.T, strict=True)), EVERY_ROW)

    def series(self, name: str, values: FloatVector) -> Any:
        if self._time_column is not None:
            return self._over_rows({name: values}, EVERY_ROW)
        return nw.new_series(name, values, backend=self._frame.implementation).to_native()

    def place(self, row: int, column: int) -> str:
        when = f"row {row}" if self._time_column is None else str(self._frame[self._time_column][row])
        return f"{when} in column {self.columns[column]!r}"

    def column_name(self, column: int) -> str:
        return repr(self.columns[column])

    def _named(self, result: FloatMatrix) -> dict[str, FloatVector]:
        return {name: result[:, i] for i, name in enumerate(self.columns)}

    def _over_rows(self, columns: Mapping[str, FloatVector], rows: slice | list[int]) -> Any:
        times: dict[str, Any] = {}
        if self._time_column is not None:
            times[self._time_column] = self._frame[self._time_column][rows].to_native()
        return self._native({**times, **columns})

    def _native(self, columns: dict[str, Any]) -> Any:
        return nw.from_dict(columns, backend=self._frame.implementation).to_native()


def read_polars(data: Any, *, name: str) -> tuple[npt.NDArray[Any], Labels]:
    """Return the numbers of a polars Series or DataFrame as an array, and its labels."""
    if hasattr(data, "collect"):
        raise InvalidInputError(
            f"{name} must be a polars Series or DataFrame, got {type(data).__name__}. Collect it first: "
            f"{name}.collect()."
        )
    frame = nw.from_native(data, eager_only=True, allow_series=True)
    if isinstance(frame, nw.Series):
        return _series_numbers(frame, name), PolarsSeriesLabels(frame)
    schema = frame.schema
    times = [column for column, dtype in schema.items() if dtype in (nw.Date, nw.Datetime)]
    if len(times) > 1:
        raise InvalidInputError(f"{name} must have at most one column of dates, got {', '.join(map(repr, times))}.")
    names = tuple(column for column in frame.columns if column not in times)
    text = [column for column in names if not schema[column].is_numeric()]
    if text:
        numbers = [column for column in names if column not in text]
        pivot = polars_pivot(frame, times[0], text, numbers) if times else ""
        if pivot:
            raise InvalidInputError(
                f"{name} must have one row for each date, got a row for each date and asset. Convert it with "
                f"{name}{pivot}."
            )
        refuse_polars_column(frame[text[0]].to_list(), text[0], schema[text[0]], len(names) > len(text), name=name)
    labels = PolarsFrameLabels(frame, times[0] if times else None, names)
    if times:
        check_order(frame[times[0]].to_numpy(), name=name, sort=f".sort({times[0]!r})")
    else:
        _refuse_dates_as_numbers(frame, names, name)
    return (_as_doubles(frame, names).to_numpy() if names else np.empty((len(frame), 0))), labels


def _series_numbers(series: nw.Series[Any], name: str) -> npt.NDArray[Any]:
    if not series.dtype.is_numeric():
        raise InvalidInputError(f"{name} must hold numbers, got dtype {series.dtype}.")
    whole: npt.NDArray[Any] = (series if series.dtype in OF_NUMPY else series.cast(nw.Float64)).to_numpy()
    return whole


def _as_doubles(frame: nw.DataFrame[Any], names: tuple[str, ...]) -> nw.DataFrame[Any]:
    """Return the columns of numbers, those that NumPy has no type for as doubles."""
    others = [column for column in names if frame.schema[column] not in OF_NUMPY]
    return frame.select(names).with_columns(nw.col(*others).cast(nw.Float64)) if others else frame.select(names)


def _refuse_dates_as_numbers(frame: nw.DataFrame[Any], names: tuple[str, ...], name: str) -> None:
    """Refuse a frame without dates whose dates are a column of numbers."""
    for column in names if len(names) > 1 else ():
        values = frame[column].to_numpy() if frame.schema[column].is_integer() else np.empty(0)
        reading = numbers_as_dates(values, column)
        if reading is not None:
            raise InvalidInputError(
                f"{name} must have its dates in a column of dates, got {reading.what} in column {column!r}. Convert it "
                f"with {name}.with_columns({_polars_code(reading.what, column)})."
            )


def _polars_code(what: str, column: str) -> str:
    if what.startswith("times since 1970"):
        return f"pl.from_epoch({column!r}, time_unit={what.rpartition(' ')[2]!r})"
    form = {"months": "%Y%m", "days": "%Y%m%d"}.get(what.partition(" ")[0], "%Y%m%d")
    return f"pl.col({column!r}).cast(pl.String).str.to_date({form!r})"
