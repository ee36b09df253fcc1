"""The times of the rows of data and of results: which rows are before a bar, in tables of one row or of many a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of

if TYPE_CHECKING:
    import numpy.typing as npt

DATED = "mM"


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The bar of each row: rows of one date are one bar, as in a long table of dates and assets."""

    bars: npt.NDArray[np.int64]
    """Number of the bar of each row."""
    count: int
    index: Any
    """The index of the first pandas table, or None."""
    times: Any
    """The time of each bar, increasing, or None where rows have none."""

    @property
    def plain(self) -> bool:
        """Whether each row is a bar, in order."""
        return self.count == len(self.bars) and bool((np.diff(self.bars) == 1).all())

    def label(self, bar: int) -> Any:
        """Return the label of a bar, or None."""
        if self.index is None:
            return None
        return self.index[bar] if self.times is None else self.times[bar]

    def bar_of(self, label: Any) -> int:
        """Return the first bar that is not before `label`."""
        if self.times is None:
            raise InvalidInputError(f"cuts must be row numbers where data has no index in order, got {label!r}.")
        try:
            return int(self.times.searchsorted(type(self.times)([label])[0]))
        except (TypeError, ValueError) as error:
            raise InvalidInputError(f"cuts must be row numbers or labels of the index, got {label!r}.") from error

    def positions(self, labels: Any) -> npt.NDArray[np.float64] | None:
        """Return the bar of each label, half a bar more for those between two; None if they are of another kind."""
        if self.times is None:
            return None
        try:
            stamps = time_level(labels)
            first = np.asarray(self.times.searchsorted(stamps, side="left"), dtype=np.int64)
            after = np.asarray(self.times.searchsorted(stamps, side="right"), dtype=np.int64)
        except (TypeError, ValueError):
            return None
        between: npt.NDArray[np.float64] = np.where(first == after, after - 0.5, after - 1.0)
        return between

    def until(self, bar: int) -> Clock:
        """Return the clock of the rows before a bar."""
        times = None if self.times is None else self.times[:bar]
        index = None if self.index is None else self.index[self.bars < bar]
        return Clock(self.bars[self.bars < bar], bar, index, times)


def clock_of(tables: Sequence[Any]) -> Clock:
    """Return the clock of tables with as many rows each: that of the first pandas index, or of the row numbers."""
    rows = len(tables[0])
    index = next((table.index for table in tables if hasattr(table, "iloc")), None)
    if index is None:
        return Clock(np.arange(rows), rows, None, None)
    stamps = time_level(index)
    dated = getattr(stamps.dtype, "kind", "O") in DATED
    if not (dated or index.nlevels > 1 or stamps.is_monotonic_increasing):
        return Clock(np.arange(rows), rows, index, None)
    if stamps.hasnans:
        raise InvalidInputError(f"data must have a time on each row, got none on row {int(stamps.isna().argmax())}.")
    try:
        times = stamps.unique().sort_values()
    except TypeError as error:
        raise InvalidInputError(f"data must be indexed by labels in an order, got {index[:2].tolist()}.") from error
    return Clock(times.get_indexer(stamps), len(times), index, times)


def time_level(index: Any) -> Any:
    """Return the times of an index: its dated level, or its first; a period ends when it is over."""
    if index.nlevels > 1:
        levels = [index.get_level_values(number) for number in range(index.nlevels)]
        index = next((level for level in levels if is_dated(level)), levels[0])
    return index.to_timestamp(how="end") if is_instance_of(index, "pandas", "PeriodIndex") else index


def is_dated(index: Any) -> bool:
    """Return whether the labels are dates, periods or durations."""
    return is_instance_of(index, "pandas", "PeriodIndex") or getattr(index.dtype, "kind", "O") in DATED
