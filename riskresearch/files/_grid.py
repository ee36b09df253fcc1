"""A table as it stands in a file: named columns of cells, before it is decided what they are."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Cells: TypeAlias = npt.NDArray[Any] | pd.DatetimeIndex
"""The cells of a column: float64 (missing ones NaN) or int64 if all were plain numbers, a DatetimeIndex (with or
without a zone) if the file stores times, else an object array of text without blanks around it; "" is an empty cell."""


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of the reader, for the page and for `--explain`.

    Attributes
    ----------
    name : str
        What was decided, such as "dialect", "dates" or "kind".
    decision : str
        The decision in a few words.
    reason : str
        Why; empty where it is obvious.
    """

    name: str
    decision: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.decision}" + (f" ({self.reason})" if self.reason else "")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grid:
    """Hold the cells of one table by column.

    Attributes
    ----------
    name : str
        What errors call the file.
    headers : tuple of tuples of str
        Rows of names above the cells, from the top; each has one text for each column. Empty without a header.
    columns : tuple of arrays
        The cells of each column, see `Cells`.
    lines : array of int64, shape (n_rows,)
        Number of the line, or row, of the file on which each row stands.
    unit : {"line", "row"}
        What `lines` counts.
    steps : tuple of Step
        What was decided to get here.
    units : tuple of str
        The units that stand in a row of their own below the names, one for each column; empty without such a row.
    separator : str or None
        The mark between the cells of a text; None where the cells are typed.
    """

    name: str
    headers: tuple[tuple[str, ...], ...]
    columns: tuple[Cells, ...]
    lines: npt.NDArray[np.int64]
    unit: Literal["line", "row"] = "line"
    steps: tuple[Step, ...] = ()
    units: tuple[str, ...] = ()
    separator: str | None = None

    def place(self, row: int) -> str:
        """Return where a row stands in the file, in words."""
        return f"{self.unit} {self.lines[row]}"
