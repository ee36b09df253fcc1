"""Bars of limits: how much of each is used, and how often each denied or warned."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown
from riskresearch.plots._bars import LONGEST_LABEL, PERCENT
from riskresearch.plots._canvas import (
    ROW_LABEL_POINTS,
    RoomyLocator,
    axes_or_new,
    axes_size_points,
    columns_of,
    every,
    name_rows,
    settle,
    write_legend,
)
from riskresearch.plots._header import write_title
from riskresearch.plots._style import LINE_COLOURS, dress, in_house_style, settings

HATCHES = ("", "////", "....", "xxxx")
HATCH_OPACITY = 0.3
BAR_HEIGHT = 0.7
# Bars end here, in percent; their numbers say how far beyond they are.
FURTHEST = 200.0
GAP_POINTS = 4.0
CHARACTER_POINTS = 5.4
MOST_FOR_NUMBERS = 0.4
LIMIT_DASHES = (0, (5, 2))


@in_house_style
def plot_used(used: pd.Series, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw how much of each limit is used, one bar a limit from the first at the top, and a line where it is reached.

    Bars over the limit are hatched and of another colour, and end at 200 %; every number stands on the right.

    Parameters
    ----------
    used : Series, shape (n_limits,)
        Value over limit as fractions, named by the index. Infinite for any value over a limit of zero; nan where the
        value is not known, which has no bar. It may be empty.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_used
    >>> ax = plot_used(pd.Series({"LEVERAGE": 0.8, "WEIGHT A": 1.3}), ax=blank_axes())
    >>> [text.get_text() for text in ax.texts]
    ['80%', '130%']
    """
    series = columns_of(used, "used").iloc[:, 0] * PERCENT if len(used) else pd.Series(dtype=float)
    percents = series.to_numpy()
    lengths = np.nan_to_num(percents, nan=0.0).clip(0.0, FURTHEST)
    ax = _rows(ax, list(series.index))
    for place, length in enumerate(lengths):
        _bar(ax, place, 0.0, length, kind=int(percents[place] > PERCENT))
    texts = [_percent(number) for number in percents]
    _fit(ax, max(PERCENT, float(lengths.max(initial=0.0))), texts)
    for place in _written(ax, len(texts)):
        ax.annotate(
            texts[place], (1.0, place), xycoords=("axes fraction", "data"), horizontalalignment="right",
            verticalalignment="center",
        )  # fmt: skip
    ax.axvline(PERCENT, color=settings["axes.labelcolor"], linewidth=1.0, linestyle=LIMIT_DASHES)
    ax.xaxis.set_major_locator(RoomyLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}%" if value <= FURTHEST else ""))
    ax.set_xlabel("Used of the limit (dashed)")
    write_title(ax, title)
    return ax


@in_house_style
def plot_counts(counts: pd.DataFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw counts of several kinds, one bar a row from the first at the top, with one part of it a kind.

    Parameters
    ----------
    counts : DataFrame, shape (n_rows, n_kinds)
        Counts of what excludes one another, such as orders denied and warned of by one code. It may be empty.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidInputError
        If a count is negative or not finite.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_counts
    >>> counts = pd.DataFrame({"denied": [12, 3], "warned": [0, 4]}, index=["WEIGHT", "LEVERAGE"])
    >>> [text.get_text() for text in plot_counts(counts, ax=blank_axes()).texts]
    ['12', '3 + 4']
    """
    frame = columns_of(counts, "counts") if len(counts) else pd.DataFrame(dtype=float)
    numbers = _counted(frame)
    ends = numbers.cumsum(axis=1)
    ax = _rows(ax, list(frame.index))
    for place, kind in zip(*np.nonzero(numbers), strict=True):
        _bar(ax, place, ends[place, kind] - numbers[place, kind], numbers[place, kind], kind=kind)
    texts = [" + ".join(f"{number:,.10g}" for number in row[row > 0.0]) or "0" for row in numbers]
    _fit(ax, max(float(ends.max(initial=0.0)), 1.0), texts)
    if numbers.shape[1] > 1:
        keys = [Patch(**_look(kind)) for kind in range(numbers.shape[1])]
        write_legend(ax, keys, list(frame.columns), location="upper left", room=True, most_lines=1)
    for place in _written(ax, len(texts)):
        ax.annotate(
            texts[place], (ends[place, -1], place), (GAP_POINTS, 0.0), textcoords="offset points",
            verticalalignment="center",
        )  # fmt: skip
    whole = RoomyLocator()
    whole.set_params(integer=True)
    ax.xaxis.set_major_locator(whole)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    ax.set_xlabel("Number")
    write_title(ax, title)
    return ax


def _rows(ax: Axes | None, names: Sequence[object]) -> Axes:
    """Return Axes with a named row for each bar, or which say that there is none."""
    ax = axes_or_new(ax, height=80.0 + 16.0 * max(len(names), 1))
    dress(ax, grid="x")
    ax.set_ylim(max(len(names), 1) - 0.4, -0.6)
    name_rows(ax, names, LONGEST_LABEL)
    if not names:
        ax.annotate("None", (0.0, 0.0), (GAP_POINTS, 0.0), textcoords="offset points", verticalalignment="center")
    return ax


def _look(kind: int) -> dict[str, Any]:
    """Return how bars of a kind look: plain, or faint and hatched, so that they are told apart without colour."""
    colour, hatch = LINE_COLOURS[kind % len(LINE_COLOURS)], HATCHES[kind % len(HATCHES)]
    if not hatch:
        return {"facecolor": colour, "linewidth": 0.0}
    return {"facecolor": to_rgba(colour, HATCH_OPACITY), "edgecolor": colour, "hatch": hatch, "linewidth": 0.8}


def _bar(ax: Axes, place: int, start: float, length: float, *, kind: int) -> None:
    ax.barh(place, length, left=start, height=BAR_HEIGHT, **_look(kind))


def _fit(ax: Axes, longest: float, texts: Sequence[str]) -> None:
    """End the axis where the longest bar leaves room for the widest number."""
    settle(ax)
    widest = CHARACTER_POINTS * max(map(len, texts), default=0) + 2.0 * GAP_POINTS
    ax.set_xlim(0.0, longest / (1.0 - min(widest / axes_size_points(ax)[0], MOST_FOR_NUMBERS)))


def _written(ax: Axes, count: int) -> range:
    """Return which rows have room for a number: those that have a name."""
    return every(count, ROW_LABEL_POINTS * count / axes_size_points(ax)[1])


def _percent(number: float) -> str:
    if np.isnan(number):
        return "unknown"
    return (
        "∞"
        if np.isinf(number)
        else f"{number:,.3g}%".replace("-", "\u2212")
        if abs(number) < 1e3
        else f"{number:,.0f}%"
    )


def _counted(frame: pd.DataFrame) -> np.ndarray:
    numbers = frame.to_numpy()
    wrong = ~np.isfinite(numbers) | (numbers < 0.0)
    if wrong.any():
        raise InvalidInputError(f"counts must be finite and 0 or more, got {shown(float(numbers[wrong][0]))}.")
    return np.asarray(numbers)
