"""Numbers over time that are bound to a definition, and read at the date of a bar by what it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import show_date
from riskresearch.core._panel import as_panel
from riskresearch.core.dates._moments import moment_of

if TYPE_CHECKING:
    from riskresearch.core._records import Bar
    from riskresearch.core._types import Data, FloatMatrix, FloatVector


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BoundRows:
    """A panel that is read one row at a time: that of a bar's date or, without dates, that of its number.

    Parameters
    ----------
    name : str
        Name of the argument, for errors.
    values : array, shape (rows, columns)
        nan where a number is missing.
    columns : tuple of str
        Their names; empty for arrays.
    rows : dict of float to int, optional
        The row of each instant, in seconds; None without dates.
    zoned : bool
        Whether the dates have a zone.
    """

    name: str
    values: FloatMatrix
    columns: tuple[str, ...]
    rows: dict[float, int] | None
    zoned: bool

    def __repr__(self) -> str:
        rows, columns = self.values.shape
        return f"BoundRows({self.name!r}, {rows} rows, {columns} columns)"

    def of(self, columns: Sequence[str]) -> BoundRows:
        """Return the rows of these columns alone, in their order; an array has all of them, a single one any name.

        Parameters
        ----------
        columns : sequence of str
            Names of an account's columns.
        """
        if self.values.shape[1] == len(columns) and (not self.columns or len(columns) == 1):
            return self
        own = self.columns or tuple(map(str, range(self.values.shape[1])))
        missing = [column for column in columns if column not in own]
        if missing:
            raise InvalidInputError(
                f"{self.name} must have the columns of the account, but {missing[0]!r} has none."
                f"{name_remedy(missing[0], own, what='column')}"
            )
        values = np.ascontiguousarray(self.values[:, [own.index(column) for column in columns]])
        return BoundRows(self.name, values, tuple(columns), self.rows, self.zoned)

    def at(self, bar: Bar) -> FloatVector:
        """Return the row of a bar; before the first bar nothing is known.

        Parameters
        ----------
        bar : Bar
            With a time where the rows have dates, else with the number of its row.
        """
        if self.rows is None:
            row = bar.row
            if row is None and bar.time is not None:
                raise InvalidInputError(
                    f"{self.name} must have dates where bars have no number, got none at {show_date(bar.time)}."
                )
            if row is not None and not 0 <= row < len(self.values):
                raise InvalidInputError(
                    f"{self.name} must have a row for each bar, got {len(self.values)} and bar number {row}."
                )
        else:
            row = self._dated(bar)
        return np.full(self.values.shape[1], np.nan) if row is None else self.values[row]

    def _dated(self, bar: Bar) -> int | None:
        if bar.time is None and bar.row is None:
            return None
        instant, _, zoned = moment_of(bar.time)
        row = self.rows.get(instant) if zoned == self.zoned else None  # type: ignore[union-attr]
        if row is None:
            raise InvalidInputError(self._no_row(bar, instant, zoned))
        return row

    def _no_row(self, bar: Bar, instant: float, zoned: bool) -> str:
        if instant != instant:
            return f"{self.name} must have no dates where bars have none, got the bar number {bar.row}."
        if zoned != self.zoned:
            ours, theirs = ("a", "no") if self.zoned else ("no", "a")
            return (
                f"{self.name} must have a zone on its dates where bars have one, got {ours} zone and bars with "
                f"{theirs} zone."
            )
        return (
            f"{self.name} must have a row for the date of each bar, got none at {show_date(bar.time)}. Rows with nan "
            f"where nothing is known are {self.name}.reindex(prices.index); with method='ffill' the last known ones "
            "are carried on."
        )


def bind_rows(data: Data, *, name: str) -> BoundRows:
    """Return numbers over time, nan where missing, to be read at the dates of bars.

    Parameters
    ----------
    data : Series, DataFrame or array
        Without dates a row belongs to the bar of its number.
    name : str
        Name of the argument, for errors.
    """
    panel = as_panel(data, name=name, holds="numbers", nan_policy="omit")
    instants: Any = panel.labels.instants
    rows = None
    if instants is not None:
        microseconds = instants.astype("datetime64[us]").astype(np.int64)
        rows = {at / 1_000_000: row for row, at in enumerate(microseconds.tolist())}
    columns = panel.labels.columns
    return BoundRows(
        name, np.ascontiguousarray(panel.values), () if columns == ("None",) else columns, rows, panel.labels.zoned
    )
