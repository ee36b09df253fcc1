"""Long tables, a row for each date and asset: refused with the call that makes a column of each asset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import show_date
from riskresearch.core.frames._not_numbers import is_number

CLOSES = ("adj close", "adj_close", "adjclose", "adjusted close", "close", "price", "value", "return", "returns", "ret")
MOST_SHARE_OF_DATES = 0.9  # of the rows, else a few dates are twice by mistake


def pivot_of(names: Sequence[Any], numbers: Sequence[Any]) -> tuple[Any, Any] | None:
    """Return the column of assets and that of their values; None where there is not one of text among numbers."""
    if len(names) != 1 or not numbers:
        return None
    return names[0], value_column(numbers)


def value_column(numbers: Sequence[Any]) -> Any:
    """Return the column that holds what an asset is worth or earns, else the first one."""
    lowered = {str(name).lower().strip(): name for name in reversed(numbers)}
    return next((lowered[close] for close in CLOSES if close in lowered), numbers[0])


def pandas_pivot(data: Any, dates: Iterable[Any], at: int | None = None) -> str:
    """Return the call of `pivot` for a long frame, empty for others; its `dates` are the index or column `at`."""
    seen = list(dates)
    if len(set(seen)) > MOST_SHARE_OF_DATES * len(seen):
        return ""
    names: list[Any] = []
    numbers: list[Any] = []
    for number, column in enumerate(data.columns):
        if number == at:
            continue
        (numbers if is_number(data.iloc[:, number].dtype) else names).append(column)
    found = pivot_of(names, numbers)
    if found is None or len(set(zip(seen, data[found[0]].astype(str), strict=True))) < len(seen):
        return ""
    index = "" if at is None else f"index={data.columns[at]!r}, "
    return f".pivot({index}columns={found[0]!r}, values={found[1]!r})"


def polars_pivot(frame: Any, date: str, names: Sequence[str], numbers: Sequence[str]) -> str:
    """Return the call of `pivot` for a long frame of polars, in the words of narwhals; empty for others."""
    found = pivot_of(names, numbers)
    dates = frame[date].n_unique()
    if found is None or dates > MOST_SHARE_OF_DATES * len(frame):
        return ""
    if len(frame.select(date, found[0]).unique()) < len(frame):
        return ""
    return f".pivot({found[0]!r}, index={date!r}, values={found[1]!r})"


def refuse_long_frame(data: Any, *, name: str) -> None:
    """Refuse a dated frame that has each date once for each asset."""
    if data.index.is_unique:
        return
    call = pandas_pivot(data, data.index)
    if call:
        twice = show_date(data.index[data.index.duplicated()][0])
        raise InvalidInputError(
            f"{name} must have one row for each date, got {twice} for several assets, a row for each date and asset. "
            f"Convert it with {name}{call}."
        )
