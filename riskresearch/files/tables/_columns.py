"""Columns of a table of orders, fills or quotes, by the names of this library or those that `rename` maps to them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._checks import listed, name_remedy, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._types import FloatVector
from riskresearch.core.frames._foreign import is_of_package
from riskresearch.core.frames._native import native
from riskresearch.files._data_file import DataFile

Instants = npt.NDArray[np.int64]
"""Nanoseconds since 1970, in UTC where the data have a zone; `NO_TIME` is none."""
NO_TIME = int(np.iinfo(np.int64).min)
NANOSECONDS = 1_000_000_000
DAY = 86_400 * NANOSECONDS


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """A column of times."""

    instants: Instants
    local: Instants
    """On the clock of the data."""
    zone: Any
    name: str

    @property
    def stamps(self) -> pd.DatetimeIndex:
        """The times as pandas has them, with their zone."""
        times = pd.DatetimeIndex(self.instants)
        return times if self.zone is None else times.tz_localize("UTC").tz_convert(self.zone)

    @property
    def rise(self) -> bool:
        """Whether no time is before the one above it."""
        return bool((self.instants[1:] >= self.instants[:-1]).all())

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Whether there is a time, on each row."""
        known: npt.NDArray[np.bool_] = self.instants != NO_TIME
        return known

    def check_known(self, table: str) -> None:
        """Refuse a row without a time."""
        first = self.instants[:1] if self.rise else self.instants  # no time is the least number
        if first.size and first.min() == NO_TIME:
            row = int(self.instants.argmin())
            raise InvalidInputError(f"{table} must have a time on each row, got none on row {row}.")

    @property
    def are_days(self) -> bool:
        """Whether all times are midnight on the clock of the data, and some are there."""
        given = self.local[self.known]
        return bool(given.size and (given % DAY == 0).all())


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A table whose columns have the names of this library."""

    frame: pd.DataFrame
    name: str
    """Name of the argument, for errors."""
    renamed: bool = True
    """Whether the function has an argument `rename` for this table."""

    def __contains__(self, column: str) -> bool:
        return column in self.frame.columns

    def __len__(self) -> int:
        return len(self.frame)

    def need(self, column: str, why: str = "") -> None:
        """Refuse a table without a column."""
        if column in self.frame.columns:
            return
        others = list(map(str, self.frame.columns))
        have = f"it has {listed(others)}" if others else "it has none"
        mine = repr(next(iter(get_close_matches(column, others, n=1)), others[0])) if others else "'yours'"
        line = f"rename={{{mine}: {column!r}}}"
        if not self.renamed:
            line = f"{self.name}.rename(columns={{{mine}: {column!r}}})"
        raise InvalidInputError(
            f"{self.name} must have a column {column!r}{why and f', {why}'}; {have}. If another column holds it, pass "
            f"{line}, with its name in place of {mine}."
        )

    def numbers(self, column: str, *, default: float = np.nan, infinite: bool = False) -> FloatVector:
        """Return a column as numbers, or `default` on each row where there is no such column.

        Infinite ones are refused unless `infinite`, where what is made of them is checked.
        """
        if column not in self.frame.columns:
            return np.full(len(self.frame), default)
        series = self.frame[column]
        if not len(series):
            return np.empty(0)
        if series.dtype == np.float64 and isinstance(series.dtype, np.dtype):
            return series.to_numpy() if infinite else self._finite(series.to_numpy(), column)
        try:
            if series.dtype.kind not in "iufO" or series.dtype == object:
                if series.dtype.kind in "bMmc" or any(isinstance(value, str | bytes | bool) for value in series):
                    raise TypeError
            values = _doubles(series)
        except (TypeError, ValueError, OverflowError) as error:
            row, is_text = _first_of_none(series)
            given, own = series.iloc[row], f"{self.name}[{column!r}]"
            remedy = f"Convert it with pd.to_numeric({own})."
            if is_text:
                remedy = "Take signs and separators out of it, or read its file with riskresearch.read, which does."
            raise InvalidInputError(
                f"{own} must hold numbers, got {shown(given.item() if isinstance(given, np.generic) else given)} on "
                f"row {row}. {remedy}"
            ) from error
        return values if infinite else self._finite(values, column)

    def _finite(self, values: FloatVector, column: str) -> FloatVector:
        if np.isinf(values).any():
            row = int(np.isinf(values).argmax())
            raise InvalidInputError(f"{self.name}[{column!r}] must be finite, got {values[row]} on row {row}.")
        return values

    def needed_numbers(self, column: str, why: str = "", *, positive: bool = False, remedy: str = "") -> FloatVector:
        """Return a column of numbers that must be there on each row."""
        self.need(column, why)
        values = self.numbers(column)
        bad = np.isnan(values) | (values <= 0.0 if positive else False)
        if bad.any():
            row = int(bad.argmax())
            rule = "a positive number" if positive else "a number"
            raise InvalidInputError(
                f"{self.name}[{column!r}] must be {rule} on each row, got {values[row]:g} on row {row}.{remedy}"
            )
        return values

    def prices(self, column: str) -> FloatVector:
        """Return a column of prices, nan where there is none; a price is positive."""
        values = self.numbers(column)
        if (values <= 0.0).any():
            row = int((values <= 0.0).argmax())
            raise InvalidInputError(
                f"{self.name}[{column!r}] must be positive where it is known, got {values[row]:g} on row {row}. A "
                "price that is not known is nan."
            )
        return values

    def times(self, column: str) -> Times:
        """Return a column of times; one that is not known, or without such a column, is `NO_TIME`."""
        if column not in self.frame.columns:
            none = np.full(len(self.frame), NO_TIME)
            return Times(none, none, None, column)
        return read_times(self.frame[column], name=f"{self.name}[{column!r}]")

    def texts(self, column: str) -> npt.NDArray[np.object_]:
        """Return a column as text."""
        return self.frame[column].astype(str).to_numpy(dtype=object)


def _doubles(series: pd.Series) -> FloatVector:
    """Return numbers as doubles, infinite where a whole number is larger than they are."""
    try:
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    except OverflowError:
        whole = [isinstance(value, int) and abs(value) > sys.float_info.max for value in series]
        signs = [(1.0 if value > 0 else -1.0) if large else 0.0 for value, large in zip(series, whole, strict=True)]
        rest = series.where(~np.array(whole), 0.0).to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(whole, np.array(signs) * np.inf, rest)


def _first_of_none(series: pd.Series) -> tuple[int, bool]:
    """Return the first row that holds no number, and whether it is text that does not even read as one."""
    try:
        wrong = (pd.to_numeric(series, errors="coerce").isna() & series.notna()).to_numpy()
    except OverflowError:  # beside a whole number that no double holds
        wrong = np.array([isinstance(value, str) for value in series])
    other = np.array([isinstance(value, str | bytes | bool) for value in series])
    return int((wrong if wrong.any() else other).argmax()), bool(wrong.any())


def read_columns(data: Any, *, name: str, rename: Mapping[str, str] | None, renamed: bool = True) -> Columns:
    """Return a table with the columns named as here; `rename` maps the user's names, those of other tables as well."""
    frame = _frame(data, name)
    if isinstance(frame.index, pd.MultiIndex) or frame.index.name is not None:
        named = [str(each) for each in frame.index.names]
        frame = frame.reset_index(drop=any(each in frame.columns for each in named))
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    frame = frame.rename(columns={mine: str(ours) for mine, ours in text_keys(rename or {}, name="rename").items()})
    if not frame.columns.is_unique:
        twice = str(frame.columns[frame.columns.duplicated()][0])
        remedy = f", or pass rename={{{twice!r}: 'other'}}" if renamed else ""
        raise InvalidInputError(f"{name} must have one column {twice!r}, got two. Leave one out{remedy}.")
    return Columns(frame, name, renamed)


def check_rename(rename: Mapping[str, str] | None, **tables: Any) -> None:
    """Refuse a name that is a column of none of the tables."""
    have: set[str] = set()
    for given in tables.values():
        table: Any = given.table if isinstance(given, DataFile) else given
        if is_instance_of(table, "polars", "LazyFrame"):
            columns: Any = table.collect_schema().names()
        else:
            columns = getattr(table, "columns", table if isinstance(table, Mapping) else ())
        parts = [each if isinstance(each, tuple) else (each,) for each in columns]
        have |= {str(name) for each in parts for name in each}
        have |= {str(each) for each in getattr(getattr(table, "index", None), "names", ()) if each is not None}
        if isinstance(table, list | tuple):
            have |= {str(key) for row in table if isinstance(row, Mapping) for key in row}
    wrong = [str(mine) for mine in text_keys(rename or {}, name="rename") if str(mine) not in have]
    if wrong:
        raise InvalidInputError(
            f"rename must name columns of {' or '.join(tables)}, got {wrong[0]!r}."
            f"{name_remedy(wrong[0], sorted(have), what='column')} Your name comes first, ours second: "
            'rename={"symbol": "asset"}.'
        )


def _frame(data: Any, name: str) -> pd.DataFrame:
    if isinstance(data, DataFile):  # which calls its column of times "date", whatever the file called it
        return data.table if "time" in data.table.columns else data.table.rename(columns={"date": "time"})
    if is_of_package(data, "pyarrow") and hasattr(data, "to_pandas"):
        data = data.to_pandas()
    if isinstance(data, list | tuple) and data and all(isinstance(row, Mapping) for row in data):
        data = pd.DataFrame(list(data))
    if isinstance(data, Mapping):
        try:
            data = pd.DataFrame(dict(data))
        except ValueError:
            data = data if not isinstance(data, dict) else [data]
    made: Any = data if isinstance(data, pd.DataFrame) else native(data, name=name)
    if is_instance_of(made, "polars", "LazyFrame"):
        made = made.collect()
    if is_instance_of(made, "polars", "DataFrame"):
        return pd.DataFrame({column: _of_polars(made[column]) for column in made.columns})
    if not isinstance(made, pd.DataFrame):
        raise InvalidInputError(f"{name} must be a table of named columns, such as a DataFrame, got {shown(data)}.")
    return made


def _of_polars(column: Any) -> Any:
    zone = getattr(column.dtype, "time_zone", None)
    values = pd.Series(column.to_numpy())
    return values.dt.tz_localize("UTC").dt.tz_convert(zone) if zone else values


def read_times(values: pd.Series | pd.Index, *, name: str) -> Times:
    """Return times as instants and as the clock of the data shows them; text must be ISO 8601."""
    series = values if isinstance(values, pd.Index) else pd.Index(values)
    if isinstance(series, pd.PeriodIndex):
        series = series.to_timestamp()
    has_numbers = series.dtype == object and any(isinstance(each, Real) and each == each for each in series)
    if has_numbers or (series.dtype.kind in "iufb" and not series.isna().all()):
        first = shown(series[0]) if has_numbers else series[0]
        raise InvalidInputError(
            f"{name} must hold times, got {series.dtype} such as {first}. Seconds since 1970 become times "
            "with pd.to_datetime(values, unit='s')."
        )
    if not isinstance(series, pd.DatetimeIndex):
        try:
            series = pd.DatetimeIndex(pd.to_datetime(series, format="ISO8601"))
        except (ValueError, TypeError, OverflowError, AttributeError) as error:
            raise InvalidInputError(
                f"{name} must hold times or text such as 2024-01-31 09:30:00, all with a zone or none, got "
                f"{shown(series[_first_of_no_time(series)])}. Convert them with pd.to_datetime(values, format=...)."
            ) from error
    zone = series.tz
    instants = _nanoseconds(series, name)
    local = instants if zone is None else _nanoseconds(series.tz_localize(None), name)
    return Times(instants, local, zone, name)


def _first_of_no_time(values: pd.Index) -> int:
    """Return the first row that holds no time; 0 where each does, but not on one clock."""
    for row, value in enumerate(values):
        try:
            pd.to_datetime(value, format="ISO8601" if isinstance(value, str) else None)
        except (ValueError, TypeError, OverflowError, AttributeError):
            return row
    return 0


def _nanoseconds(times: pd.DatetimeIndex, name: str) -> Instants:
    try:
        numbers: Instants = (times if times.unit == "ns" else times.as_unit("ns")).asi8
        return numbers
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(f"{name} must lie between the years 1678 and 2261, got {times.min()}.") from error


def check_one_clock(*times: Times) -> None:
    """Refuse times with a zone beside times without one."""
    given = [each for each in times if each.known.any()]
    for other in given[1:]:
        if (given[0].zone is None) != (other.zone is None):
            zoned, plain = (given[0], other) if other.zone is None else (other, given[0])
            raise InvalidInputError(
                f"{plain.name} must have a zone on its times where {zoned.name} has one. Give it its zone with "
                f".dt.tz_localize(zone), or remove that of {zoned.name} with .dt.tz_localize(None) if both show the "
                "same clock."
            )
