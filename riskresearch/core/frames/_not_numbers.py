"""Columns that hold no numbers: the first such value by its place, and what to do with the column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.frames._dates_as_text import dates_in_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from riskresearch.core._types import Labels

SHOWN_COLUMNS = 3
THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
"""Commas between thousands; any other comma is a decimal one."""
FROM_A_FILE = "riskresearch.read(path) finds the separator, the headers and the dates of a file."


def is_number(dtype: Any) -> bool:
    """Return whether a dtype of NumPy or pandas is one of numbers; truth values and complex numbers are not."""
    return dtype.kind in "fiu" or str(dtype).startswith("decimal")


def is_plain_number(value: object) -> bool:
    """Return whether a value in an array of objects is a number."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | complex | np.complexfloating)


def is_unsplit(column: object) -> bool:
    """Return whether the name of a column is a whole line of a file, whose separator was not found."""
    return isinstance(column, str) and any(mark in column for mark in ";\t|,")


def refuse_columns(data: Any, *, name: str) -> NoReturn:
    """Refuse pandas data with a column that holds no numbers."""
    series = [data] if data.ndim == 1 else [data.iloc[:, number] for number in range(data.shape[1])]
    wrong = [column for column in series if not is_number(column.dtype)]
    column = wrong[0]
    dtype = column.dtype
    place = f" in column {column.name!r}" if data.ndim == 2 else ""
    values = np.asarray(column.astype(object))
    row = next((row for row, value in enumerate(values) if not is_plain_number(value)), None)
    if row is None:
        found = f"got dtype {dtype}{place}."
    else:
        when = _when(column.index[row])
        found = (
            f"got dtype {dtype}. The first value that is not a number is {shown_value(values[row])} at {when}{place}."
        )
    remedy = _remedy_for_all(data, wrong, name) or _remedy(data, column, [each.name for each in wrong], values, name)
    raise InvalidInputError(f"{name} must hold numbers, {found} {remedy}".rstrip())


def _when(label: Any) -> str:
    return str(label).removesuffix(" 00:00:00")


def shown_value(value: object) -> str:
    """Return a value for errors, short and without an address."""
    text = repr(value)
    if " at 0x" in text:
        return type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."


def _remedy_for_all(data: Any, wrong: Sequence[Any], name: str) -> str:
    """Return the line that converts several columns of one kind at once; empty where there is none."""
    codes = {_conversion(each, np.asarray(each.astype(object))) for each in wrong}
    code = codes.pop()
    if len(wrong) == 1 or codes or not code:
        return ""
    if len(wrong) < data.shape[1]:
        few = len(wrong) <= SHOWN_COLUMNS and code == ".astype(float)"
        kinds = ", ".join(f"{each.name!r}: float" for each in wrong)
        return f"Convert them with {name}.astype({{{kinds}}})." if few else ""
    if code == ".astype(float)":
        return f"Convert it with .astype(float): {name}.astype(float)."
    return f"Convert it with {name}.apply(lambda column: column{code})."


def _remedy(data: Any, column: Any, names: Sequence[object], values: npt.NDArray[Any], name: str) -> str:
    code = _conversion(column, values)
    target = name if data.ndim == 1 else f"{name}[{column.name!r}]"
    if code:
        if data.ndim == 2 and code == ".astype(float)":
            return f"Convert it with .astype(float): {name}.astype({{{column.name!r}: float}})."
        if data.ndim == 2:
            return f"Convert it with {target} = {target}{code}."
        return (
            f"Convert it with .astype(float): {name}{code}."
            if code == ".astype(float)"
            else f"Convert it with {name}{code}."
        )
    if data.ndim == 1 and column.dtype.kind == "b":
        return f"As 1 and 0, pass {name}.astype(float)."
    if data.ndim == 2 and len(names) < data.shape[1]:
        drop = f"{name}.drop(columns={list(names)!r})" if len(names) <= SHOWN_COLUMNS else ""
        either = f"{drop} or " if drop else ""
        several = "them" if len(names) > 1 else "it"
        lengths_of_time = any(data[each].dtype.kind == "m" for each in names)  # are numbers to select_dtypes
        if lengths_of_time and len(names) <= SHOWN_COLUMNS:
            return f"Leave {several} out with {drop}."
        return f"Leave {several} out with {either}{name}.select_dtypes('number')."
    return FROM_A_FILE if data.ndim == 2 and (data.shape[1] > 1 or is_unsplit(column.name)) else ""


def _conversion(column: Any, values: npt.NDArray[Any]) -> str:
    """Return the code that makes numbers of a column, empty where it holds none."""
    kind = column.dtype.kind
    if kind in "mM" or kind == "b" or any(isinstance(value, bool | np.bool_) for value in values):
        return ""
    if kind == "c":
        return ".to_numpy().real"
    return code_for_objects(values)


def code_for_objects(values: npt.NDArray[Any]) -> str:
    """Return the code that makes numbers of objects, such as texts of numbers; empty where some are none."""
    if any(isinstance(value, complex) for value in values):
        return ""
    present = [value for value in values if not _is_missing(value)]
    if _converts(present):
        return ".astype(float)"
    texts = [value for value in present if isinstance(value, str)]
    if len(texts) < len(present) or not texts:
        return ""
    if all("," not in text or THOUSANDS.fullmatch(text.strip()) for text in texts):
        if _converts([text.replace(",", "") for text in texts]):
            return ".str.replace(',', '').astype(float)"
    elif _converts([text.replace(",", ".") for text in texts]):
        return ".str.replace(',', '.').astype(float)"
    if all(text.endswith("%") for text in texts) and _converts([text[:-1] for text in texts]):
        return ".str.rstrip('%').astype(float) / 100"
    return ""


def _is_missing(value: object) -> bool:
    """Return whether a value is None, nan or pandas' NA, which has no truth value."""
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )


def _converts(values: Sequence[Any]) -> bool:
    try:
        for value in values:
            float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return bool(len(values))


def refuse_array(raw: npt.NDArray[Any], labels: Labels, *, name: str) -> NoReturn:
    """Refuse an array that holds no numbers."""
    if raw.dtype.names is not None:
        dates = [field for field in raw.dtype.names if raw.dtype[field].kind == "M"]
        index = f".set_index({dates[0]!r})" if len(dates) == 1 else ""
        raise InvalidInputError(
            f"{name} must hold numbers, got an array of records with the fields {', '.join(raw.dtype.names)}. Convert "
            f"it with pd.DataFrame({name}){index}."
        )
    raise InvalidInputError(f"{name} must hold numbers, got dtype {raw.dtype}.{_array_remedy(raw, labels, name)}")


def _array_remedy(raw: npt.NDArray[Any], labels: Labels, name: str) -> str:
    if raw.dtype.kind == "M":
        return " Dates are the index of a Series or DataFrame."
    if raw.dtype.kind == "c":
        return f" Pass its real part: {name}.real."
    if raw.dtype.kind == "b":
        return f" As 1 and 0, pass {name}.astype(float)."
    if raw.dtype.kind not in "OUS":
        return ""
    matrix = raw.reshape(-1, 1) if raw.ndim == 1 else raw
    converts = _converts(matrix.ravel().tolist())
    for row, column in np.ndindex(matrix.shape):
        if not is_plain_number(matrix[row, column]):
            value: Any = matrix[row, column]
            plain = value.item() if hasattr(value, "item") else value
            remedy = " Convert it with .astype(float)." if converts and not isinstance(plain, bool) else ""
            return (
                f" The first value that is not a number is {shown_value(plain)} at {labels.place(row, column)}.{remedy}"
            )
    return " Convert it with .astype(float)." if converts else ""


def refuse_polars_column(values: Sequence[Any], column: str, dtype: object, others: int, *, name: str) -> NoReturn:
    """Refuse a polars frame with a column that holds no numbers; `others` is how many columns it has besides."""
    first = next((value for value in values if value is not None), None)
    texts = dates_in_column([value for value in values if value is not None], column)
    shown = f" The first value is {shown_value(first)}." if first is not None else ""
    if texts is not None and texts.form is not None:
        method = "to_datetime" if "%M" in texts.form or texts.form == "%+" else "to_date"
        remedy = f"Convert it with {name}.with_columns(pl.col({column!r}).str.{method}({texts.form!r}))."
    elif isinstance(first, str) and _converts([value for value in values if value is not None]):
        remedy = f"Convert it with {name}.with_columns(pl.col({column!r}).cast(pl.Float64))."
    elif others:
        remedy = f"Leave it out with {name}.drop({column!r})."
    else:
        remedy = ""
    raise InvalidInputError(
        f"{name} must hold numbers, got {dtype} in column {column!r}.{shown}{' ' + remedy if remedy else ''}"
    )
