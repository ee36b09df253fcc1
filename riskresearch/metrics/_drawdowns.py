"""Drawdowns: the path, the worst, the average, and the table of episodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from riskresearch.core._arguments import compounding_panel
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import NAN_POLICIES, Panel, read_numbers
from riskresearch.core._plausibility import check_returns
from riskresearch.core.dates._door import check_dates
from riskresearch.core.dates._spacing import days_of
from riskresearch.core.output._formats import MISSING, cell, count, percent
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.kernels import _ratios
from riskresearch.kernels._episodes import episode_depths, find_episodes
from riskresearch.kernels.compiled._drawdown import checked_max_drawdown, drawdown_path, worst_drawdown
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, Labelled, NanPolicy, OverTime, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@overload
def drawdown(returns: Labelled, *, nan_policy: NanPolicy = "raise") -> Labelled: ...
@overload
def drawdown(returns: Data, *, nan_policy: NanPolicy = "raise") -> OverTime: ...
@answers_other_names()
def drawdown(returns: Data, *, nan_policy: NanPolicy = "raise") -> OverTime:
    """Return the fraction lost since the running peak: (peak - wealth) / peak after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    nan_policy : {"raise", "omit"}
        "omit" leaves rows that are missing in a column missing in the result and compounds the others.

    Returns
    -------
    same type as `returns`
        Fractions in [0, 1], positive is worse. The first peak is the wealth before the first row.

    Raises
    ------
    InvalidInputError
        If a return is missing, infinite or below -1.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.drawdown([-0.2, 0.5, -0.1]).round(6)
    array([0.2, 0. , 0.1])
    """
    return compounding_panel(returns, nan_policy=nan_policy).transform(drawdown_path)


@answers_other_names()
def max_drawdown(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return the worst drawdown: the largest fraction lost from a peak to a later trough.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction in [0, 1], positive is worse; a loss on the first row counts.

    Raises
    ------
    InvalidInputError
        If a return is missing, infinite or below -1.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.max_drawdown([0.1, -0.2, 0.05, -0.1]), 6)
    0.244
    """
    check_choice(nan_policy, NAN_POLICIES, name="nan_policy")
    values, labels = read_numbers(returns, name="returns")
    worst, proven = checked_max_drawdown(values)  # one pass instead of three over valid data
    if proven and interval is None:
        if not isinstance(returns, Panel):
            check_returns(values, labels, name="returns", lowest=-1.0)  # a lower bound, which was checked
            check_dates(values, labels, name="returns", has_nan=False)
        return labels.per_column(worst)
    panel = compounding_panel(returns, nan_policy=nan_policy)
    return estimate(panel, worst_drawdown, measure="max_drawdown", kind="path", interval=interval)


@answers_other_names()
def average_drawdown(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return the mean depth of the drawdowns, each counted once from peak to trough.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction in [0, 1], positive is worse; 0 where there is no drawdown.

    Raises
    ------
    InvalidInputError
        If a return is missing, infinite or below -1.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.average_drawdown([-0.1, 0.2, -0.3]), 6)
    0.2
    """
    panel = compounding_panel(returns, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values: _ratios.average_depth(episode_depths(drawdown_path(values))),
        measure="average_drawdown",
        kind="path",
        interval=interval,
    )


@answers_other_names()
def ulcer_index(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return the Ulcer index: the root mean square drawdown over all rows.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction (not percent), positive is worse.

    Raises
    ------
    InvalidInputError
        If a return is missing, infinite or below -1.

    References
    ----------
    Martin & McCann, The Investor's Guide to Fidelity Funds, 1989.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.ulcer_index([-0.2, 0.25]), 6)
    0.141421
    """
    panel = compounding_panel(returns, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values: _ratios.ulcer(drawdown_path(values)),
        measure="ulcer_index",
        kind="path",
        interval=interval,
    )


@dataclass(frozen=True, slots=True)
class DrawdownTable:
    """The worst drawdowns, deepest first: `drawdown_table` makes it. Each field has one entry per drawdown."""

    column: tuple[Any, ...]
    """Column of the input that fell; None where the input has one column."""
    peak: tuple[Any, ...]
    """Label of the last row at the peak; None if the fall began with the first row."""
    start: tuple[Any, ...]
    """Label of the first row below the peak."""
    trough: tuple[Any, ...]
    """Label of the row with the deepest point."""
    recovery: tuple[Any, ...]
    """Label of the first row back at the peak; None while still below."""
    depth: tuple[float, ...]
    """Fraction lost from the peak to the trough."""
    rows_down: tuple[int, ...]
    """Rows from the peak to the trough."""
    rows_up: tuple[int | None, ...]
    """Rows from the trough to recovery; None while still below."""
    days_down: tuple[int | None, ...]
    """Calendar days from the peak, or else the first row, to the trough; None without dates."""
    days_up: tuple[int | None, ...]
    """Calendar days from the trough to recovery; None while still below, and without dates."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per drawdown; labels that do not exist are missing, days left out where rows have no dates."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        data = {name: list(getattr(self, name)) for name in self.__slots__}
        counts = {name: pd.array(data[name], dtype="Int64") for name in ("rows_up", "days_down", "days_up")}
        frame = pd.DataFrame(data | counts)
        frame.index = pd.RangeIndex(1, len(frame) + 1, name="rank")
        without = ["column"] * (set(self.column) <= {None}) + ["days_down", "days_up"] * (set(self.days_down) <= {None})
        return frame.drop(columns=without)

    def summary(self) -> str:
        """Return the table as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        if not self.depth:
            return ["no drawdown"]
        formats: dict[str, Callable[[Any], str]] = {
            "depth": percent,
            "peak": partial(_or, "before the first row"),
            "recovery": partial(_or, "not yet"),
            "column": str,
            "rows_up": _count,
            "days_down": _count,
            "days_up": _count,
        }
        shown = list(map(str, self.to_frame().columns))
        rows = zip(*(map(formats.get(name, cell), getattr(self, name)) for name in shown), strict=True)
        numbered = [(str(rank), *row) for rank, row in enumerate(rows, start=1)]
        return [table(["", *(name.replace("_", " ") for name in shown)], numbered)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the depths as bars, deepest first."""
        import pandas as pd  # noqa: PLC0415

        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        labels = [str(trough)[:10] for trough in self.trough]
        depth = -pd.Series(self.depth, index=labels, dtype=float)
        return plot_bars(depth, label="Drawdown (%)", percent=True, title="Deepest drawdowns by their trough", ax=ax)

    def __repr__(self) -> str:
        found = len(self.depth)
        return f"DrawdownTable({found} drawdown{'s' * (found != 1)}, deepest {max(self.depth, default=0.0):.2%})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _or(words: str, label: Any) -> str:
    """Return a label of a row, or these words where it does not exist."""
    return words if label is None else cell(label)


def _count(rows: int | None) -> str:
    return MISSING if rows is None else count(rows)


@answers_other_names()
def drawdown_table(returns: Data, *, top: int = 10, nan_policy: NanPolicy = "raise") -> DrawdownTable:
    """Return the `top` deepest drawdowns of each column, with peak, start, trough and recovery.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    top : int
        Maximum number of drawdowns of each column.
    nan_policy : {"raise", "omit"}
        "omit" leaves missing rows out; they do not count in `rows_down` and `rows_up`.

    Returns
    -------
    DrawdownTable
        Deepest first; rows are named by the input's index, or numbered from 0 for arrays.

    Raises
    ------
    InvalidInputError
        If a return is missing, infinite or below -1, or `top` is not a whole number of at least 1.

    Examples
    --------
    >>> import riskresearch
    >>> table = riskresearch.metrics.drawdown_table([0.1, -0.2, 0.3, -0.1])
    >>> table.depth[0].__round__(6), table.peak[0], table.trough[0], table.recovery[0]
    (0.2, 0, 1, 2)
    """
    most = check_count(top, name="top", minimum=1)
    panel = compounding_panel(returns, nan_policy=nan_policy)
    path = panel.over_time(drawdown_path)
    records = [record for column in range(path.shape[1]) for record in _records(path, column, most, panel)]
    fields = zip(*records, strict=True) if records else [()] * len(DrawdownTable.__slots__)
    return DrawdownTable(*(tuple(field) for field in fields))


def _records(path: Any, column: int, most: int, panel: Panel) -> list[tuple[Any, ...]]:
    """Return the records of one column's deepest drawdowns, in the order of DrawdownTable's fields."""
    kept = np.flatnonzero(~np.isnan(path[:, column]))
    found = find_episodes(path[kept, column])
    rows, days = panel.labels.row_names, None if panel.labels.dates is None else days_of(panel.labels.dates)
    names = panel.labels.columns or range(path.shape[1])
    name = names[column] if path.shape[1] > 1 else None
    records = []
    for i in np.argsort(-found.depth, kind="stable")[:most]:
        peak, trough, recovery = int(found.peak[i]), int(found.trough[i]), int(found.recovery[i])
        back = recovery < kept.size
        where = [rows[int(kept[row])] for row in (peak + 1, trough)]
        before, after = rows[int(kept[peak])] if peak >= 0 else None, rows[int(kept[recovery])] if back else None
        rows_up = recovery - trough if back else None
        down = up = None
        if days is not None:
            down = int(days[kept[trough]] - days[kept[max(peak, 0)]])
            up = int(days[kept[recovery]] - days[kept[trough]]) if back else None
        records.append((name, before, *where, after, float(found.depth[i]), trough - peak, rows_up, down, up))
    return records


MEASURES = (
    Measure(drawdown, compounds=True, answer="path"),
    Measure(max_drawdown, label="Maximum drawdown", percent=True, compounds=True),
    Measure(average_drawdown, label="Average drawdown", percent=True, compounds=True),
    Measure(ulcer_index, label="Ulcer index", percent=True, compounds=True),
    Measure(drawdown_table, compounds=True, answer="record"),
)
