"""Named vertical lines in a histogram, their names beside them without covering one another or the bars."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from riskresearch.plots._canvas import axes_size_points

ROW_POINTS = 12.0
TEXT_POINTS = 10.0
GAP_POINTS = 5.0
# Bars keep at least this much of the height, and the data this much of the width.
LEAST_BARS = 0.4
LEAST_DATA = 0.3
LONG_DASHES, SHORT_DASHES = (0, (5, 2)), (0, (2, 1.5))


class Mark(NamedTuple):
    """A line at a value, in short dashes where it is the mean beyond another one."""

    where: float
    text: str
    is_mean: bool


def write_marks(ax: Axes, marks: list[Mark], *, edges: np.ndarray, counts: np.ndarray) -> None:
    """Draw the lines and write each name to the left of the top of its line.

    The rightmost line is the highest, so that every name passes above the lines on its left. The axes are stretched to
    the left until all names fit, and upwards until no bar reaches a name.
    """
    width, height = axes_size_points(ax)
    row_height = min(ROW_POINTS, height / len(marks)) / height
    order = np.argsort([-mark.where for mark in marks], kind="stable")
    tops = np.empty(len(marks))
    tops[order] = 1.0 - row_height * np.arange(len(marks))
    colour = ax.xaxis.label.get_color()
    texts = []
    for mark, top in zip(marks, tops, strict=True):
        style = SHORT_DASHES if mark.is_mean else LONG_DASHES
        ax.axvline(mark.where, ymax=top, color=colour, linewidth=0.9, linestyle=style)
        texts.append(
            ax.annotate(
                mark.text,
                (mark.where, top),
                xycoords=("data", "axes fraction"),
                xytext=(-GAP_POINTS, 0.0),
                textcoords="offset points",
                horizontalalignment="right",
                verticalalignment="top",
                color=colour,
            )
        )
    scale = width / ax.bbox.width
    widths = np.array([text.get_window_extent().width * scale for text in texts]) + 2.0 * GAP_POINTS
    where = np.array([mark.where for mark in marks])
    lowest, highest = _stretch_left(ax, where, widths / width)
    starts = where - widths / width * (highest - lowest)
    _stretch_up(ax, starts, where, bottoms=tops - TEXT_POINTS / height, edges=edges, counts=counts)


def _stretch_left(ax: Axes, where: np.ndarray, shares: np.ndarray) -> tuple[float, float]:
    """Lower the left limit until each name, which needs a share of the width, fits to the left of its line."""
    lowest, highest = ax.get_xlim()
    shares = np.minimum(shares, 1.0 - LEAST_DATA)
    lowest = min(lowest, float(((where - shares * highest) / (1.0 - shares)).min()))
    ax.set_xlim(lowest, highest)
    return lowest, highest


def _stretch_up(
    ax: Axes, starts: np.ndarray, ends: np.ndarray, *, bottoms: np.ndarray, edges: np.ndarray, counts: np.ndarray
) -> None:
    """Raise the upper limit until the bars below each name end below it."""
    needed = ax.get_ylim()[1]
    for start, end, bottom in zip(starts, ends, bottoms, strict=True):
        below = counts[(edges[1:] > start) & (edges[:-1] < end)]
        needed = max(needed, float(below.max(initial=0)) / max(bottom, LEAST_BARS))
    ax.set_ylim(0.0, needed)
