"""The chart of training and test rows of each split."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import axes_or_new, axes_size_points, label_time_axis, positions, write_legend
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._style import GAIN, LOSS, dress, in_house_style

MOST_SPLITS = 60
MOST_NUMBERED = 10
HIGHEST_POINTS = 360.0
LEAST_POINTS = 5.0

Spans = Sequence[tuple[int, int]]
"""First row, and the row after the last."""


@in_house_style
def plot_splits(
    train: Sequence[Spans], test: Sequence[Spans], *, index: pd.Index, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one line of bars per split, from the first at the top: training rows and tested rows.

    Parameters
    ----------
    train, test : sequence of sequences of (first, end)
        Spans of row numbers for each split, the end not included.
    index : Index, shape (n_rows,)
        What the rows are called: dates or numbers.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With at most 60 splits, the first ones.

    Raises
    ------
    InvalidInputError
        If there is no split.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_splits
    >>> ax = plot_splits([[(0, 2)]], [[(2, 4)]], index=pd.RangeIndex(4), ax=blank_axes())
    >>> len(ax.collections)
    2
    """
    if not len(test):
        raise InvalidInputError("test must hold at least one split to draw, got none.")
    ax = axes_or_new(ax, height=min(120.0 + 9.0 * len(test), HIGHEST_POINTS))
    dress(ax, grid="x")
    where = positions(index)
    # Gaps between bars of two points or so are drawn as stripes.
    height = 0.8 if axes_size_points(ax)[1] > LEAST_POINTS * min(len(test), MOST_SPLITS) else 1.0
    for number, (trained, tested) in enumerate(zip(train[:MOST_SPLITS], test[:MOST_SPLITS], strict=True)):
        for spans, colour in ((trained, GAIN), (tested, LOSS)):
            ends = [(where[first], where[min(end, len(where) - 1)] - where[first]) for first, end in spans]
            ax.broken_barh(ends, (number - 0.5 * height, height), facecolors=colour, linewidth=0.0)
    shown = min(len(test), MOST_SPLITS)
    ax.set_ylim(shown - 0.4, -0.6)
    label_time_axis(ax, index)
    ax.set_yticks(range(0, shown, max(shown // MOST_NUMBERED, 1)))
    name_value_axis(ax, "Split" if len(test) <= MOST_SPLITS else f"Split, the first {MOST_SPLITS} of {len(test):,}")
    keys = [Patch(color=GAIN), Patch(color=LOSS)]
    write_legend(ax, keys, ["train", "test"], location="upper left", room=True, most_lines=1)
    write_title(ax, title)
    return ax
