"""pandas data: the checks of its index and of its columns, each with the line of code that puts it right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import PandasLabels, check_order, is_instance_of, show_date
from riskresearch.core._plausibility import warn_user
from riskresearch.core.frames._dates_as_numbers import LEAST_MONTH, check_row_numbers, numbers_as_dates
from riskresearch.core.frames._dates_as_text import SAMPLE, dates_in_column, dates_in_text
from riskresearch.core.frames._long_tables import pandas_pivot, refuse_long_frame, value_column
from riskresearch.core.frames._not_numbers import FROM_A_FILE, is_number, is_unsplit, refuse_columns

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Labels


MOST_ROWS_OF_HEADERS = 3
SHARE_OF_DATES = 0.8
FEWEST_DATES_ON_TOP = 3


def read_pandas(data: Any, *, name: str) -> tuple[npt.NDArray[Any], Labels]:
    """Return the numbers of a Series or DataFrame, and its labels."""
    labels = PandasLabels(data)
    index = data.index
    if labels.instants is not None:
        if data.ndim == 2 and data.columns.is_unique and not all(is_number(dtype) for dtype in data.dtypes):
            refuse_long_frame(data, name=name)
        check_order(labels.instants, name=name)
    elif getattr(index.dtype, "kind", "O") in "fiu" and not is_instance_of(index, "pandas", "MultiIndex"):
        counted = is_instance_of(index, "pandas", "RangeIndex")
        check_row_numbers(_index_numbers(index), name=name, counted=counted)
    else:
        _refuse_index(data, name)
    if data.ndim == 2:
        _check_columns(data, name)
        if labels.instants is None:
            _doubt_dates_on_top(data, name)
            _refuse_dates_in_a_column(data, name)
    return _pandas_numbers(data, name), labels


def _index_numbers(index: Any) -> npt.NDArray[Any]:
    if isinstance(index.dtype, np.dtype):
        numbers: npt.NDArray[Any] = index.to_numpy()
        return numbers
    nullable: npt.NDArray[Any] = index.to_numpy(dtype=np.float64, na_value=np.nan)
    return nullable


def _refuse_index(data: Any, name: str) -> None:
    index = data.index
    first = index[0] if len(index) else None
    raise InvalidInputError(
        f"{name} must be indexed by dates or by numbers, got an index of {index.dtype} that starts with {first!r}. "
        f"{_index_remedy(data, name, first)}"
    )


def _index_remedy(data: Any, name: str, first: Any) -> str:
    index, target = data.index, f"{name}.index"
    if is_instance_of(index, "pandas", "MultiIndex"):
        if data.ndim == 2 and len(data.columns) and is_unsplit(data.columns[0]):
            return FROM_A_FILE
        whole = name if data.ndim == 1 else f"{name}[{value_column(list(data.columns))!r}]"
        one = [number for number in range(index.nlevels) if len(index.levels[number]) == 1]
        if one:
            return f"Leave out the level that is the same on all rows: {name}.droplevel({one[0]})."
        return f"Make it one row for each date: {whole}.unstack()."
    if is_instance_of(index, "pandas", "IntervalIndex"):
        return f"Use the ends of its intervals: {target} = {target}.right."
    if index.dtype.kind == "m":
        return f"They are lengths of time, not dates: {target} = pd.Timestamp('2024-01-01') + {target}."
    if hasattr(first, "toordinal"):
        zone = "" if getattr(first, "tzinfo", None) is None else ", utc=True"
        return f"Convert it with {target} = pd.to_datetime({target}{zone})."
    texts = dates_in_text(list(index))
    if texts is not None:
        return f"Convert it with {target} = {texts.pandas.format(target)}{texts.note}."
    if data.ndim == 2 and _names_dates(data.columns):
        return f"The dates are in the columns: pass {name}.T."
    wrong = _first_without_date(list(index))
    if wrong is not None:
        return f"{index[wrong]!r} on row {wrong} is no date: leave the row out. {FROM_A_FILE}"
    number = f"umber the rows with {name}.reset_index(drop=True)."
    return (
        f"Convert dates with {target} = pd.to_datetime({target}), or n{number}"
        if isinstance(first, str)
        else f"N{number}"
    )


def _first_without_date(texts: list[Any]) -> int | None:
    """Return the first row whose text is no date where most are, as below rows of headers."""
    some = texts[:SAMPLE] if len(texts) > SAMPLE else texts
    dates = [dates_in_text([text]) is not None for text in some]
    mostly = len(dates) > MOST_ROWS_OF_HEADERS and sum(dates) >= SHARE_OF_DATES * len(dates)
    return dates.index(False) if mostly and not all(dates) else None


def _names_dates(columns: Any) -> bool:
    """Return whether the names of columns are dates; those that are digits alone are codes of assets."""
    if columns.dtype.kind == "M" or is_instance_of(columns, "pandas", "PeriodIndex"):
        return True
    names = list(columns) if columns.dtype.kind == "O" else []
    if names and all(hasattr(each, "toordinal") or hasattr(each, "start_time") for each in names):
        return True
    return not any(str(each).isdigit() for each in names) and dates_in_text(names) is not None


def _check_columns(data: Any, name: str) -> None:
    if not data.columns.is_unique:
        twice = data.columns[data.columns.duplicated()][0]
        raise InvalidInputError(f"{name} must have a different name for each column, got {twice!r} twice.")
    if data.columns.dtype == object:
        _check_names_as_text(data.columns, name=name)


def _check_names_as_text(columns: Any, *, name: str) -> None:
    """Refuse names such as 0 and "0", which a mapping by column cannot tell apart."""
    first: dict[str, Any] = {}
    for column in columns:
        other = first.setdefault(str(column), column)
        if other is not column:
            raise InvalidInputError(
                f"{name} must have a different name for each column, got {other!r} and {column!r}, which are one as "
                "text."
            )


def _doubt_dates_on_top(data: Any, name: str) -> None:
    """Warn of an undated frame whose columns are dates: its rows may be assets. With their names it is refused."""
    numbers = [is_number(dtype) for dtype in data.dtypes]
    dated = data.columns[numbers]
    if len(dated) < FEWEST_DATES_ON_TOP or not _names_dates(dated):
        return
    others = [column for column, number in zip(data.columns, numbers, strict=True) if not number]
    if len(others) == 1:
        raise InvalidInputError(
            f"{name} must have a row for each date, got a column for each, from {show_date(dated[0])} on. Convert it "
            f"with {name}.set_index({others[0]!r}).T."
        )
    if not others:
        warn_user(
            f"{name} has a column for each date, from {show_date(dated[0])} on. As they stand, each date is an asset "
            f"over {len(data):,} rows without dates; as dates, pass {name}.T."
        )


def _refuse_dates_in_a_column(data: Any, name: str) -> None:
    """Refuse an undated frame whose dates are in a column, as a file without `index_col` has them."""
    if data.shape[1] < 2:
        return
    for number in _possible_dates(data):
        column = data.columns[number]
        found = _column_code(data.iloc[:, number], column, f"{name}[{column!r}]")
        if found is not None:
            code, note = found
            pivot = pandas_pivot(data, data.iloc[:, number].tolist(), number)
            raise InvalidInputError(
                f"{name} must have its dates as the index, got them in column {column!r}, {data.iloc[0, number]!r} on "
                f"the first row. Convert it with {name} = {_with_index(name, column, code, pivot)}{note}."
            )


def _possible_dates(data: Any) -> list[int]:
    """Return the numbers of the columns that may hold dates: not those of numbers that begin below any date."""
    if len(data) == 0 or not all(is_number(dtype) for dtype in data.dtypes):
        return list(range(data.shape[1]))
    first = data.iloc[:1].to_numpy(dtype=np.float64, na_value=np.nan)[0]
    return [int(number) for number in np.flatnonzero((first >= LEAST_MONTH) & (first == np.floor(first)))]


def _with_index(name: str, column: Any, code: str, pivot: str) -> str:
    """Return the code that makes an index of a column, which `code` makes dates of, and columns of assets."""
    if not code:
        return f"{name}{pivot}" if pivot else f"{name}.set_index({column!r})"
    if not isinstance(column, str):
        return f"{name}.drop(columns=[{column!r}]).set_axis({code}, axis=0)"
    assigned = f"{column}={code}" if column.isidentifier() else f"**{{{column!r}: {code}}}"
    return f"{name}.assign({assigned}){pivot or f'.set_index({column!r})'}"


def _column_code(series: Any, column: Any, target: str) -> tuple[str, str] | None:
    """Return the code that makes dates of a column, empty where it holds dates, and a note; None without dates."""
    kind = series.dtype.kind
    if kind == "M" or str(series.dtype).startswith(("date", "period[")):
        return "", ""
    if kind in "iuf" and isinstance(series.dtype, np.dtype):
        reading = numbers_as_dates(series.to_numpy(), str(column))
        return None if reading is None else (reading.code.format(target), "")
    first = series.iloc[0] if len(series) else None
    if hasattr(first, "toordinal"):
        return f"pd.to_datetime({target})", ""
    if isinstance(first, str):
        texts = dates_in_column(series.tolist(), str(column))
        return None if texts is None else (texts.pandas.format(target), texts.note)
    return None


def _pandas_numbers(data: Any, name: str) -> npt.NDArray[Any]:
    dtypes = [data.dtype] if data.ndim == 1 else list(data.dtypes)
    if all(is_number(dtype) for dtype in dtypes):
        nullable = any(not isinstance(dtype, np.dtype) for dtype in dtypes)
        numbers: npt.NDArray[Any] = data.to_numpy(dtype=np.float64, na_value=np.nan) if nullable else data.to_numpy()
        return numbers
    refuse_columns(data, name=name)
