"""Labels of each kind of input, read once and put back on results. pandas and polars are not imported for arrays."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatMatrix, FloatVector, Labels, OverTime, PerColumn

NO_DATE = np.datetime64("NaT").view(np.int64)
ABSURD_STEP = 2**62


def is_instance_of(value: object, package: str, *kinds: str) -> bool:
    """Return whether `value` is an instance of one of these classes of `package`, without importing it."""
    module = sys.modules.get(package)
    if module is None:
        return False
    return isinstance(value, tuple(found for kind in kinds if (found := getattr(module, kind, None)) is not None))


class ArrayLabels:
    """A 1-D or 2-D array, or anything NumPy converts to one: rows and columns have numbers."""

    dates = instants = None
    zoned = False
    columns: tuple[str, ...] = ()

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._ndim = len(shape)
        self.row_names = range(shape[0])

    def per_column(self, result: FloatVector) -> PerColumn:
        return float(result[0]) if self._ndim == 1 else result

    def over_time(self, result: FloatMatrix, *, first_row: int = 0) -> OverTime:
        return result[:, 0] if self._ndim == 1 else result

    def at_rows(self, result: FloatMatrix, rows: npt.NDArray[np.intp]) -> OverTime:
        return self.over_time(result)

    def frame(self, values: FloatMatrix, names: Sequence[str]) -> Any:
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        return pd.DataFrame(values, columns=list(names))

    def series(self, name: str, values: FloatVector) -> Any:
        import pandas as pd  # noqa: PLC0415 (only when a series is wanted)

        return pd.Series(values, name=name)

    def place(self, row: int, column: int) -> str:
        return f"row {row}" if self._ndim == 1 else f"row {row}, column {column}"

    def column_name(self, column: int) -> str:
        return str(column)


class ColumnLabels(ArrayLabels):
    """A selection of rows of labelled data, whose columns keep their names."""

    def __init__(self, shape: tuple[int, ...], columns: tuple[str, ...]) -> None:
        super().__init__(shape)
        self.columns = columns

    def column_name(self, column: int) -> str:
        return repr(self.columns[column]) if self.columns else str(column)


class PandasLabels:
    """A Series or DataFrame: index, columns and name."""

    def __init__(self, data: pd.Series | pd.DataFrame) -> None:
        self._data = data
        self._times = dated_index(data.index)
        self.instants = _instants(self._times)

    @property
    def dates(self) -> npt.NDArray[np.datetime64] | None:
        return self._times.tz_localize(None).to_numpy() if self.zoned else self.instants

    @property
    def zoned(self) -> bool:
        return getattr(self._times, "tz", None) is not None

    @property
    def row_names(self) -> Any:
        return self._data.index

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(map(str, self._data.columns)) if self._data.ndim == 2 else (str(self._data.name),)

    def per_column(self, result: FloatVector) -> PerColumn:
        if self._data.ndim == 1:
            return float(result[0])
        return sys.modules["pandas"].Series(result, index=self._data.columns.copy())

    def over_time(self, result: FloatMatrix, *, first_row: int = 0) -> OverTime:
        return self._over(result, self._data.index[first_row:])

    def at_rows(self, result: FloatMatrix, rows: npt.NDArray[np.intp]) -> OverTime:
        return self._over(result, self._data.index[rows])

    def _over(self, result: FloatMatrix, index: pd.Index) -> OverTime:
        pandas = sys.modules["pandas"]
        if self._data.ndim == 1:
            return pandas.Series(result[:, 0], index=index, name=self._data.name)
        shared = result.base is not None  # pandas copies arrays by default, which a new array does not need
        return pandas.DataFrame(result, index=index, columns=self._data.columns.copy(), copy=shared)

    def frame(self, values: FloatMatrix, names: Sequence[str]) -> Any:
        return sys.modules["pandas"].DataFrame(values, index=self._data.index, columns=list(names))

    def series(self, name: str, values: FloatVector) -> Any:
        return sys.modules["pandas"].Series(values, index=self._data.index, name=name)

    def place(self, row: int, column: int) -> str:
        when = show_date(self._data.index[row])
        return when if self._data.ndim == 1 else f"{when} in column {self._data.columns[column]!r}"

    def column_name(self, column: int) -> str:
        return repr(self._data.columns[column] if self._data.ndim == 2 else self._data.name)


def dated_index(index: Any) -> Any:
    """Return the dates of an index as a DatetimeIndex, periods by their start; None where it holds none."""
    if is_instance_of(index, "pandas", "DatetimeIndex"):
        return index
    if is_instance_of(index, "pandas", "PeriodIndex"):
        return index.to_timestamp()
    arrow = getattr(index.dtype, "pyarrow_dtype", None)
    if arrow is not None and str(arrow).startswith(("timestamp", "date")):
        return sys.modules["pandas"].DatetimeIndex(index)
    return None


def _instants(times: Any) -> npt.NDArray[np.datetime64] | None:
    if times is None:
        return None
    instants: npt.NDArray[np.datetime64] = times.values if times.tz is None else times.tz_convert(None).to_numpy()
    return instants


def _obviously_increase(dates: npt.NDArray[np.datetime64]) -> bool:
    """Return whether there are dates and each is later; one that is none, the least number, makes an absurd step."""
    times = dates.view(np.int64)
    if times.size < 2 or times[0] == NO_DATE or times[-1] == NO_DATE:
        return False
    steps = times[1:] - times[:-1]
    return bool(np.minimum.reduce(steps) > 0 and np.maximum.reduce(steps) < ABSURD_STEP)


def check_order(dates: npt.NDArray[np.datetime64], *, name: str, sort: str = ".sort_index()") -> None:
    """Refuse dates that do not increase; `sort` is the call that sorts the data."""
    if _obviously_increase(dates):
        return
    if np.isnat(dates).any():
        raise InvalidInputError(
            f"{name} must have a date on each row, got none on row {int(np.isnat(dates).argmax())}."
        )
    ahead = dates[1:] > dates[:-1]
    if ahead.all():
        return
    row = int((~ahead).argmax()) + 1
    before, here = show_date(dates[row - 1]), show_date(dates[row])
    if before == here:
        raise InvalidInputError(
            f"{name} must have one row for each date, got {here} twice, the second time on row {row}."
        )
    raise InvalidInputError(
        f"{name} must be in the order of its dates, got {here} after {before} on row {row}. Sort it with {sort}."
    )


def comparable_dates(own: Labels, other: Labels, *, name: str, beside: str) -> tuple[Any, Any]:
    """Return the dates of both as instants; a time zone on only one of them is ambiguous and refused."""
    if own.zoned != other.zoned:
        zoned, plain = (name, beside) if own.zoned else (beside, name)
        raise InvalidInputError(
            f"{name} must have a zone on its dates where {beside} has one, but those of {zoned} have one and those of "
            f"{plain} have none. Give {plain} its zone with .tz_localize(zone), or remove that of {zoned} with "
            ".tz_localize(None) if both show the same clock."
        )
    return own.instants, other.instants


def same_clock_remedy(own: Labels, other: Labels) -> str:
    """Return the remedy for dates that show the same clock in different zones, else an empty text."""
    if not (own.zoned and other.zoned and np.array_equal(own.dates, other.dates)):  # type: ignore[arg-type]
        return ""
    return " They show the same clock in different zones: pass both with .tz_localize(None) if the days are meant."


def show_instant(labels: Labels, instant: np.datetime64) -> str:
    """Return an instant as the clock of `labels` shows it."""
    instants, dates = labels.instants, labels.dates
    if instants is None or dates is None:
        return show_date(instant)
    return show_date(dates[int(np.searchsorted(instants, instant))])


def show_date(value: Any) -> str:
    """Return a date as errors show it, without a time of midnight."""
    text = str(value).replace("T", " ")
    return text.removesuffix(".000000000").removesuffix(".000000").removesuffix(" 00:00:00")
