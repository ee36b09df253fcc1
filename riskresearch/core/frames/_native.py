"""What any object becomes before it is read: Arrow and xarray objects pandas, lists and the like an array."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import PandasLabels, check_order, is_instance_of
from riskresearch.core.frames._dates_as_numbers import numbers_as_dates
from riskresearch.core.frames._dates_as_text import dates_in_column
from riskresearch.core.frames._foreign import is_of_package, not_a_table, refuse_foreign
from riskresearch.core.frames._long_tables import pandas_pivot
from riskresearch.core.frames._not_numbers import shown_value


def native(data: Any, *, name: str) -> Any:
    """Return pandas, polars and NumPy data as they are, Arrow and xarray objects as pandas; refuse others by name.

    What NumPy reads, such as lists, stays as it is.
    """
    if isinstance(data, np.ndarray) or is_instance_of(data, "pandas", "Series", "DataFrame"):
        return data
    if is_instance_of(data, "polars", "Series", "DataFrame", "LazyFrame"):
        return data
    if type(data) in (list, tuple):
        refuse_foreign(data, name=name)
        return data
    if is_of_package(data, "xarray"):
        return _from_xarray(data, name)
    refuse_foreign(data, name=name)
    if is_of_package(data, "pyarrow"):
        return _from_arrow(data, name)
    return _by_its_own_method(data, name)


def is_frame(data: object) -> bool:
    """Return whether `data` is a frame of pandas or polars."""
    return is_instance_of(data, "pandas", "DataFrame") or is_instance_of(data, "polars", "DataFrame")


def dates_among(frame: Any) -> list[str]:
    """Return the columns of dates of a polars frame, which serve as its index; those of pandas are an index."""
    if not is_instance_of(frame, "polars", "DataFrame"):
        return []
    return [name for name, dtype in frame.schema.items() if dtype.is_temporal()]


def _by_its_own_method(data: Any, name: str) -> Any:
    """Return an object that converts to pandas as pandas; others unchanged."""
    become = getattr(data, "to_pandas", None)
    if not callable(become):
        return data
    try:
        made = become()
    except Exception as error:
        raise not_a_table(data, name=name, remedy=f"Its to_pandas() fails: {_told(error)}") from error
    return made if is_instance_of(made, "pandas", "Series", "DataFrame") else data


def _from_arrow(data: Any, name: str) -> Any:
    """Return a table with its one column of dates, if any, as the index."""
    pa: Any = sys.modules["pyarrow"]
    if isinstance(data, pa.Array | pa.ChunkedArray):
        return (data.cast(pa.float64()) if pa.types.is_decimal(data.type) else data).to_pandas()
    if not isinstance(data, pa.Table | pa.RecordBatch):
        raise not_a_table(data, name=name)
    if len(set(data.schema.names)) < len(data.schema.names):
        twice = next(column for column in data.schema.names if data.schema.names.count(column) > 1)
        raise InvalidInputError(f"{name} must have a different name for each column, got {twice!r} twice.")
    _refuse_arrow_columns(data, name)
    try:
        frame = _with_doubles(data).to_pandas(date_as_object=False)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise not_a_table(data, name=name, remedy=f"pyarrow cannot convert it: {_told(error)}") from error
    import pandas as pd  # noqa: PLC0415 (only labelled data need it)

    if not isinstance(frame.index, pd.RangeIndex):  # of a table that was made from pandas
        return frame
    times = [column for column in frame.columns if frame[column].dtype.kind == "M"]
    if len(times) > 1:
        raise InvalidInputError(f"{name} must have at most one column of dates, got {', '.join(map(repr, times))}.")
    if not times:
        _refuse_arrow_numbers(frame, name)
        return frame
    frame = frame.set_index(times[0])
    instants = PandasLabels(frame).instants
    if instants is not None:
        check_order(instants, name=name, sort=f".sort_by({times[0]!r})")
    return frame


def _refuse_arrow_numbers(frame: Any, name: str) -> None:
    """Refuse a table without dates whose dates are a column of numbers."""
    for column in frame.columns if frame.shape[1] > 1 else ():
        reading = numbers_as_dates(frame[column].to_numpy(dtype=np.float64, na_value=np.nan), str(column))
        if reading is not None:
            dates = reading.code.format(f"{name}[{column!r}].to_pandas()")
            raise InvalidInputError(
                f"{name} must have its dates in a column of dates, got {reading.what} in column {column!r}. Convert it "
                f"with {name}.to_pandas().set_index({dates}).drop(columns={column!r})."
            )


def _with_doubles(table: Any) -> Any:
    """Return an Arrow table with its decimals as doubles."""
    pa: Any = sys.modules["pyarrow"]
    kinds = [
        pa.field(field.name, pa.float64() if pa.types.is_decimal(field.type) else field.type) for field in table.schema
    ]
    wanted = pa.schema(kinds, metadata=table.schema.metadata)
    return table if wanted.equals(table.schema) else table.cast(wanted)


def _refuse_arrow_columns(table: Any, name: str) -> None:
    """Refuse a column that is neither numbers nor dates, with the line of pyarrow that helps."""
    pa: Any = sys.modules["pyarrow"]
    numbers = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    read = (*numbers, pa.types.is_date, pa.types.is_timestamp)
    wrong = [field for field in table.schema if not any(known(field.type) for known in read)]
    if not wrong or any(field.name.startswith("__index_level_") for field in wrong):
        return
    dates = [field.name for field in table.schema if pa.types.is_date(field.type) or pa.types.is_timestamp(field.type)]
    if len(dates) == 1:
        frame = table.to_pandas()
        place = table.schema.get_field_index(dates[0])
        pivot = pandas_pivot(frame, frame[dates[0]].tolist(), place)
        if pivot:
            raise InvalidInputError(
                f"{name} must have one row for each date, got a row for each date and asset. Convert it with "
                f"{name}.to_pandas(){pivot}."
            )
    column = wrong[0].name
    values = [value for value in table[column].to_pylist() if value is not None]
    texts = dates_in_column(values, column)
    if texts is not None and texts.form is not None:
        place = table.schema.get_field_index(column)
        converted = f"pc.strptime({name}[{column!r}], {texts.form!r}, 's')"
        remedy = f" Convert it with {name}.set_column({place}, {column!r}, {converted})."
    elif any(known(field.type) for field in table.schema for known in numbers):
        remedy = f" Leave it out with {name}.drop_columns({[field.name for field in wrong]!r})."
    else:
        remedy = ""
    first = f" The first value is {shown_value(values[0])}." if values else ""
    raise InvalidInputError(f"{name} must hold numbers, got {wrong[0].type} in column {column!r}.{first}{remedy}")


def _from_xarray(data: Any, name: str) -> Any:
    """Return an array of one or two dimensions, or a Dataset over one, with the dimension of dates as the index."""
    if any(sizes for sizes in (getattr(data, "chunksizes", None) or {}).values()):
        raise not_a_table(data, name=name, remedy=f"It is not computed yet: {name}.compute().")
    if is_of_package(data, "xarray", "Dataset"):
        return _from_dataset(data, name)
    if not is_of_package(data, "xarray", "DataArray") or not data.dims:
        refuse_foreign(data, name=name)
        raise not_a_table(data, name=name)
    times = [dimension for dimension in data.dims if _holds_dates(data, dimension)]
    if len(data.dims) > 2 or len(times) > 1:
        raise not_a_table(data, name=name, remedy=_choice(data, times, name))
    if times:
        data = data.transpose(times[0], ...)
    made = data.to_pandas()
    return _checked_index(made.rename(data.name) if made.ndim == 1 else made, name)


def _from_dataset(data: Any, name: str) -> Any:
    if len(data.sizes) == 1:
        return _checked_index(data.reset_coords(drop=True).to_dataframe(), name)
    first = next(iter(data.data_vars), None)
    remedy = "" if first is None else f"{_dimensions(data)} Choose one of its variables: {name}[{first!r}]."
    raise not_a_table(data, name=name, remedy=remedy)


def _choice(data: Any, times: list[Any], name: str) -> str:
    """Return what to do with dimensions beside those of rows and columns, or with two of dates."""
    if len(data.dims) == 2:
        plain = f"{name}.drop_vars({times[1]!r})"
        return f"It has two dimensions of dates, {times[0]} and {times[1]}: pass {plain} if {times[0]} has the rows."
    others = [dimension for dimension in data.dims if dimension not in times] or list(data.dims)
    least = min(others, key=lambda dimension: data.sizes[dimension])
    first = data.indexes[least][0] if least in data.indexes else None
    choice = f".isel({least}=0)" if first is None else f".sel({least}={first!r})"
    return f"{_dimensions(data)} Choose one entry of a dimension: {name}{choice}."


def _dimensions(data: Any) -> str:
    return f"It has the dimensions {', '.join(f'{name} ({size})' for name, size in data.sizes.items())}."


def _holds_dates(data: Any, dimension: Any) -> bool:
    index = data.indexes.get(dimension)
    return index is not None and (index.dtype.kind == "M" or type(index).__name__ in ("CFTimeIndex", "PeriodIndex"))


def _checked_index(made: Any, name: str) -> Any:
    if type(made.index).__name__ == "CFTimeIndex":
        raise InvalidInputError(
            f"{name} must have dates of the standard calendar, got a CFTimeIndex. Convert them with "
            f"{name}.convert_calendar('standard', use_cftime=False)."
        )
    return made


def read_other(data: Any, *, name: str) -> np.ndarray[Any, Any]:
    """Return what NumPy makes of an object, such as a list or a memoryview; its errors and warnings stay inside."""
    import warnings  # noqa: PLC0415 (only foreign objects need it)

    try:
        if isinstance(data, list | tuple | np.ndarray):
            return np.asarray(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(data)
    except Exception as error:
        raise not_a_table(data, name=name, remedy=_why(error)) from error


def _why(error: Exception) -> str:
    if "inhomogeneous" in str(error):
        return "Its rows have different lengths."
    return f"NumPy cannot read it: {_told(error)}"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:120]}"
