"""Spans of time behind a chart, numbered along its upper edge."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown
from riskresearch.core._labels import dated_index
from riskresearch.core.frames._as_pandas import as_pandas
from riskresearch.plots._canvas import axes_size_points, positions

# Light enough for lines to be read through, on white, on dark and in print.
SHADE = 0.09
NUMBER_SIZE_POINTS = 7.0
ROW_POINTS = 9.5
# A figure and the gap to the next one.
DIGIT_POINTS = 4.5
GAP_POINTS = 3.0

Spans = pd.DataFrame | Sequence[tuple[object, object]]
"""One (start, end) each, most important first; an end that is missing is the last date."""


def read_spans(shaded: Spans, index: pd.Index) -> np.ndarray:
    """Return the two ends of each span as horizontal positions, shape (n_spans, 2)."""
    pairs = _pairs(shaded)
    if not pairs:
        return np.empty((0, 2))
    where = _numbers(positions(index))
    ends = np.column_stack([_ends([pair[side] for pair in pairs], index, where[-side]) for side in (0, 1)])
    for pair, (start, end) in zip(pairs, ends, strict=True):
        if start > end and not (where[-1] < start and _is_missing(pair[1])):
            raise InvalidInputError(f"shaded must not end before it starts, got {pair[0]} to {pair[1]}.")
    return ends


def draw_spans(ax: Axes, shaded: Spans, index: pd.Index) -> float:
    """Shade each span within the dates of `index`, number it, and return the height that the numbers need in points."""
    colour = ax.xaxis.label.get_color()
    ends = read_spans(shaded, index)
    first, last = _numbers(positions(index))[[0, -1]]
    points_per_unit = axes_size_points(ax)[0] / max(last - first, np.finfo(float).tiny)
    taken: list[list[tuple[float, float]]] = []
    for number, (start, end) in enumerate(ends, start=1):
        low, high = max(start, first), min(end, last)
        if low > high:
            continue
        ax.axvspan(low, high, facecolor=colour, edgecolor=colour, alpha=SHADE, linewidth=0.5, zorder=0.5)
        centre = 0.5 * (low + high)
        half = 0.5 * (DIGIT_POINTS * len(str(number)) + GAP_POINTS) / points_per_unit
        row = _free_row(taken, (centre - half, centre + half))
        _write_number(ax, number, centre, row)
    return ROW_POINTS * len(taken)


def _write_number(ax: Axes, number: int, where: float, row: int) -> None:
    ax.annotate(
        str(number),
        (where, 1.0),
        xycoords=ax.get_xaxis_transform(),
        xytext=(0.0, -1.0 - ROW_POINTS * row),
        textcoords="offset points",
        horizontalalignment="center",
        verticalalignment="top",
        fontsize=NUMBER_SIZE_POINTS,
        color=ax.xaxis.label.get_color(),
    )


def _free_row(taken: list[list[tuple[float, float]]], wanted: tuple[float, float]) -> int:
    """Return the first row in which nothing is where the number wants to be, and take the place."""
    for row, others in enumerate(taken):
        if all(wanted[1] <= low or high <= wanted[0] for low, high in others):
            others.append(wanted)
            return row
    taken.append([wanted])
    return len(taken) - 1


def _pairs(shaded: Spans) -> list[tuple[object, object]]:
    table = shaded if isinstance(shaded, list | tuple) else as_pandas(shaded, name="shaded")
    if isinstance(table, pd.DataFrame):
        named = {"start", "end"} <= set(table.columns)
        table = list((table[["start", "end"]] if named else table).itertuples(index=False, name=None))
    if not isinstance(table, list | tuple) or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 for pair in table
    ):
        raise InvalidInputError(
            f"shaded must be pairs of (start, end) or a DataFrame with the columns start and end, got {shown(shaded)}. "
            'For the worst drawdowns: drawdown_table(returns).to_frame()[["peak", "recovery"]].'
        )
    return [(pair[0], pair[1]) for pair in table]


def _ends(labels: list[object], index: pd.Index, missing: float) -> np.ndarray:
    """Return the labels of one side as numbers on the axis, `missing` where there is none."""
    times = dated_index(index)
    try:
        if times is None:
            numbers = np.array([np.nan if _is_missing(label) else label for label in labels], dtype=float)
        else:
            numbers = _numbers(np.array([_time(label, times.tz) for label in labels], dtype="datetime64[us]"))
    except (TypeError, ValueError) as error:
        kind = "numbers" if times is None else "dates"
        raise InvalidInputError(
            f"shaded must start and end at {kind}, as the rows of what is drawn have, got {shown(labels)}."
        ) from error
    return np.where(np.isnan(numbers), missing, numbers)


def _time(label: Any, zone: Any) -> np.datetime64:
    """Return a date as the axis shows it: by the clock of the data, without a zone."""
    if _is_missing(label):
        return np.datetime64("NaT")
    if isinstance(label, int | float):
        raise TypeError(label)
    time = label.to_timestamp() if isinstance(label, pd.Period) else pd.Timestamp(label)
    if time.tzinfo is not None:
        time = (time if zone is None else time.tz_convert(zone)).tz_localize(None)
    return np.datetime64(time.to_datetime64())


def _is_missing(label: Any) -> bool:
    return bool(label is None or label is pd.NaT or label is pd.NA or label != label)


def _numbers(where: np.ndarray) -> np.ndarray:
    """Return positions as the numbers that matplotlib draws at: days since 1970 for datetimes."""
    if where.dtype.kind not in "Mfiu":
        raise InvalidInputError(f"shaded needs an index of dates or numbers, got one that starts with {where[0]!r}.")
    days = date2num(where) if where.dtype.kind == "M" else where  # type: ignore[no-untyped-call]
    return np.asarray(days, dtype=float)
