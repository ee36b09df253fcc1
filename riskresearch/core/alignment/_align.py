"""Two series on common rows, with what was done said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import numpy as np

from riskresearch.core._calendar_periods import check_period
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._panel import Panel, as_panel, read_panel
from riskresearch.core.alignment._clock import Clock, clock_of
from riskresearch.core.alignment._deciding import HOWS, Asked, How, match
from riskresearch.core.alignment._notes import notes_of
from riskresearch.core.alignment._pairs import Pairs
from riskresearch.core.alignment._redated import on_rows, redated
from riskresearch.core.output._tables import as_html

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatMatrix, NanPolicy
    from riskresearch.core.alignment._clock import IntVector

Contents: TypeAlias = Literal["returns", "prices"]
CONTENTS: tuple[Contents, ...] = ("returns", "prices")
SIDES = ("data", "benchmark")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AlignedPair:
    """Data and a benchmark on common rows: see `align`."""

    data: Any
    benchmark: Any
    """Dated as `data` is."""
    how: How
    holds: Contents
    matched: tuple[str, ...]
    """How rows were matched and what became of those between, a sentence each; empty where dates were the same."""
    left_out: tuple[str, ...]
    """How many rows of each lie before or after the common ones."""
    benchmark_dates: npt.NDArray[np.datetime64]
    """The dates that the rows of the benchmark had, on its own clock."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done, a sentence each; empty where both had the same dates."""
        return (*self.matched, *self.left_out)

    def to_frame(self) -> pd.DataFrame:
        """Return the columns of the data and then of the benchmark, by the dates of the data.

        Returns
        -------
        DataFrame, shape (n_rows, n_columns)
            A name that both sides have is marked in the benchmark's column.
        """
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        sides = [as_panel(side, holds="numbers", nan_policy="omit") for side in (self.data, self.benchmark)]
        names: list[str] = []
        for panel, word in zip(sides, SIDES, strict=True):
            for name in panel.labels.columns:
                own = word if name in ("None", "") else name
                names.append(own if own not in names else f"{own} (benchmark)")
        values = np.column_stack([panel.values for panel in sides])
        index = self.data.index if hasattr(self.data, "index") else pd.DatetimeIndex(cast(Any, sides[0].dates))
        return pd.DataFrame(values, index=index, columns=names)

    def summary(self) -> str:
        """Return what was done, as text.

        Returns
        -------
        str
        """
        rows = self.benchmark_dates.size
        head = f"{rows:,} common rows of {self.holds}, how={self.how!r}."
        return "\n".join((head, *self.notes))

    def __repr__(self) -> str:
        return f"AlignedPair({self.benchmark_dates.size:,} rows of {self.holds}, how={self.how!r})"

    def _repr_html_(self) -> str:
        return as_html(self.summary())


def align(
    data: Any,
    benchmark: Any,
    *,
    how: Asked = "auto",
    holds: Contents = "returns",
    nan_policy: NanPolicy = "raise",
) -> AlignedPair:
    """Put two series on their common rows, so that the returns of both span the same time.

    Stamps may differ where the days are the same (16:00 and midnight, a zone on one side), and days where the periods
    are (the 31st and the last business day, Friday and Sunday). Returns of rows that only one side has are compounded
    into its next common row, never dropped; of prices only the common rows are kept.

    Parameters
    ----------
    data, benchmark : Series or DataFrame
        Rows by date, both of pandas or both of polars.
    how : {"auto", "exact", "day", "week", "month", "quarter", "year"}
        "exact" matches instants, "day" the days of each side's own clock, the others one row of each period; daily
        rows beside those of periods are taken as of these. "auto" decides from the first rows and refuses dates with
        more than one reading, such as days that are off by one; no shift is guessed.
    holds : {"returns", "prices"}
        What both sides are. Convert prices with `simple_returns` after they are aligned.
    nan_policy : {"raise", "omit"}
        "omit" keeps a missing return, whose move is unknown, and leaves out rows of prices without any.

    Returns
    -------
    AlignedPair
        `data` and `benchmark` of the same dates, those of `data`; `how`, and `notes` of what was done.

    Raises
    ------
    InvalidInputError
        If fewer than two rows match, the dates have two readings, or a side has no dates.

    Examples
    --------
    >>> import pandas as pd
    >>> import riskresearch
    >>> months = pd.to_datetime(["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"])
    >>> fund = pd.Series([0.01, -0.02, 0.03, 0.01], index=months)
    >>> index = pd.Series([0.02, -0.01, 0.02, 0.00], index=pd.to_datetime(
    ...     ["2024-01-31", "2024-02-29", "2024-03-28", "2024-04-30"]))
    >>> pair = riskresearch.align(fund, index)
    >>> print(pair.summary())
    4 common rows of returns, how='month'.
    Matched by month, stamps up to 3 days apart: 2024-03-31 of data with 2024-03-28 of benchmark.
    >>> round(riskresearch.metrics.beta(pair.data, pair.benchmark), 4)
    1.1481
    """
    chosen = check_period(how, HOWS, name="how")
    content = check_choice(holds, CONTENTS, name="holds")
    return align_named(data, benchmark, names=SIDES, how=chosen, holds=content, nan_policy=nan_policy)


def align_named(
    data: Any,
    benchmark: Any,
    *,
    names: tuple[str, str],
    how: Asked = "auto",
    holds: Contents = "returns",
    nan_policy: NanPolicy = "raise",
) -> AlignedPair:
    """Align as `align` does; notes and errors call the two sides by `names`."""
    panels = [
        _read(side, name, prices=holds == "prices", nan_policy=nan_policy)
        for side, name in zip((data, benchmark), names, strict=True)
    ]
    _refuse_two_libraries(data, benchmark, names)
    kept = [_known_rows(panel) if holds == "prices" else np.arange(len(panel.values)) for panel in panels]
    own_clock, other_clock = (_clock(panel).at(rows) for panel, rows in zip(panels, kept, strict=True))
    chosen, pairs = match(own_clock, other_clock, how)
    matched, left_out = notes_of(own_clock, other_clock, chosen, pairs, prices=holds == "prices")
    if holds == "prices":
        found = [rows[places] for rows, places in zip(kept, pairs.rows, strict=True)]
        sides = [(rows, panel.values[rows]) for panel, rows in zip(panels, found, strict=True)]
    else:
        sides = _compounded(panels, pairs)
    own = on_rows(panels[0], *sides[0])
    other = redated(on_rows(panels[1], *sides[1]), own)
    dates: Any = panels[1].dates
    return AlignedPair(own, other, chosen, holds, matched, left_out, dates[sides[1][0]])


def _read(side: Any, name: str, *, prices: bool, nan_policy: NanPolicy) -> Panel:
    # Gaps are looked for where the common rows are measured.
    panel = read_panel(side, name=name, holds="numbers" if prices else "returns", nan_policy=nan_policy)
    below = panel.values <= 0.0
    if prices and below.any():
        row, column = (int(i) for i in np.argwhere(below)[0])
        raise InvalidInputError(
            f"{name} must hold positive prices, got {panel.values[row, column]:g} at {panel.labels.place(row, column)}."
            ' Returns are holds="returns".'
        )
    return panel


def _clock(panel: Panel) -> Clock:
    clock = clock_of(panel.labels, name=panel.name)
    if clock is None:
        raise InvalidInputError(
            f"{panel.name} must have dates to be aligned, got rows without. Give a Series or DataFrame with a "
            "DatetimeIndex, or a polars frame with a column of dates."
        )
    return clock


def _refuse_two_libraries(data: Any, benchmark: Any, names: tuple[str, str]) -> None:
    polars = [is_instance_of(side, "polars", "DataFrame") for side in (data, benchmark)]
    if polars[0] != polars[1]:
        name = names[polars.index(True)]
        raise InvalidInputError(
            f"{names[0]} and {names[1]} must both be of pandas or both of polars. Convert {name} with "
            f"{name}.to_pandas().set_index(its column of dates)."
        )


def _known_rows(panel: Panel) -> IntVector:
    """Return the rows with a price: a row without any is no quote, and the next return reaches back behind it."""
    known: IntVector = np.flatnonzero(~np.isnan(panel.values).all(axis=1))
    if not known.size:
        raise InvalidInputError(f"{panel.name} must have a price on some row, got none.")
    return known


def _compounded(panels: list[Panel], pairs: Pairs) -> list[tuple[IntVector, FloatMatrix]]:
    """Return the matched rows and the returns since the pair before, of each side."""
    result = []
    for place, (panel, rows) in enumerate(zip(panels, pairs.rows, strict=True)):
        points = rows if pairs.before_first is None else np.append(pairs.before_first[place], rows)
        result.append((points[1:], _compound(panel, points[:-1] + 1, points[1:])))
    return result


def _compound(panel: Panel, starts: IntVector, ends: IntVector) -> FloatMatrix:
    """Return the compounded rows from each start to each end; a single row keeps its bits."""
    values: FloatMatrix = panel.values[ends]
    for number in np.flatnonzero(ends > starts):
        piece = panel.values[starts[number] : ends[number] + 1]
        if (piece < -1.0).any():
            row, column = (int(i) for i in np.argwhere(piece < -1.0)[0])
            raise InvalidInputError(
                f"{panel.name} must be -1 or more to be compounded into common rows, got {piece[row, column]:g} at "
                f"{panel.labels.place(int(starts[number]) + row, column)}."
            )
        values[number] = np.prod(1.0 + piece, axis=0) - 1.0
    return values
