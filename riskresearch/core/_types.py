"""Type aliases for the shapes of inputs and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import polars as pl

FloatVector: TypeAlias = "npt.NDArray[np.float64]"
"""One number a column, or one a row: shape (columns,) or (rows,)."""

IntVector: TypeAlias = "npt.NDArray[np.intp]"
"""One whole number an entry."""

Required: TypeAlias = "float | npt.NDArray[np.float64]"
"""A required return per period: one number, or one for each row."""

FloatMatrix: TypeAlias = "npt.NDArray[np.float64]"
"""Rows are time, columns are assets: shape (rows, columns)."""

Data: TypeAlias = "pd.Series | pd.DataFrame | npt.ArrayLike | pl.Series | pl.DataFrame"
"""Numbers over time: Series or 1-D (one asset), DataFrame or 2-D (one asset a column); rows are time.

Arrow tables and xarray objects are read as well, and come back as pandas; a type checker does not know them.
"""

Labelled = TypeVar("Labelled", "pd.Series", "pd.DataFrame", "pl.Series", "pl.DataFrame")
"""Data whose type is that of the result of a function over time; arrays are `Data`, and the result is `OverTime`."""

# A type checker cannot see the number of dimensions of an array, and a union of all forms would make every caller test
# for each of them. So these are Any to the type checker, and a signature shows the union to its reader.
if TYPE_CHECKING:
    NumberPerColumn: TypeAlias = Any
    PerColumn: TypeAlias = Any
    OverTime: TypeAlias = Any
else:
    NumberPerColumn: TypeAlias = "float | pd.Series | npt.NDArray[np.float64] | pl.DataFrame"
    """One number per asset: float for Series or 1-D, Series by column, array for 2-D, one row for polars."""

    PerColumn: TypeAlias = "NumberPerColumn | Interval"  # noqa: F821 (a class of a higher floor)
    """One number per asset, or the `Interval` of it that `interval=` asks for."""

    OverTime: TypeAlias = "pd.Series | pd.DataFrame | npt.NDArray[np.float64] | pl.Series | pl.DataFrame"
    """The input's own type and labels, with new numbers."""

NanPolicy: TypeAlias = Literal["raise", "omit"]
"""The treatment of missing values: raise with the first one, or leave them out column by column."""

Holds: TypeAlias = Literal["returns", "compounded", "prices", "rates", "numbers"]
"""The content of a panel: simple returns, simple returns to be compounded, prices, rates per period, other numbers."""

State: TypeAlias = "dict[str, Any]"
"""What a running object carries from row to row, by name: arrays, changed in place and never replaced, and `Part`s."""


class Labels(Protocol):
    """What a kind of input contributes: its dates, the names of its columns, and its own form for results."""

    @property
    def dates(self) -> npt.NDArray[np.datetime64] | None:
        """The dates of the rows on the clock that they show, or None."""

    @property
    def instants(self) -> npt.NDArray[np.datetime64] | None:
        """The dates of the rows in UTC if they have a zone, else as they are, or None."""

    @property
    def zoned(self) -> bool:
        """Whether the dates have a zone."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns as text; empty for arrays."""

    @property
    def row_names(self) -> Any:
        """What the rows are called: something to index by row number."""

    def per_column(self, result: FloatVector) -> PerColumn:
        """Label one number per column."""

    def over_time(self, result: FloatMatrix, *, first_row: int = 0) -> OverTime:
        """Label numbers over time; `result` starts at the input's row `first_row`."""

    def at_rows(self, result: FloatMatrix, rows: npt.NDArray[np.intp]) -> OverTime:
        """Label numbers of some rows of the input, by row number."""

    def frame(self, values: FloatMatrix, names: Sequence[str]) -> Any:
        """Return other columns over the rows of the input: a polars frame beside polars, else a DataFrame."""

    def series(self, name: str, values: FloatVector) -> Any:
        """Return another series over the rows of the input: a Series, or a polars frame where it has dates."""

    def place(self, row: int, column: int) -> str:
        """Return the place of a value, for errors."""

    def column_name(self, column: int) -> str:
        """Return the name of a column, for errors."""
