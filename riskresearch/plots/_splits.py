"""The chart of training and test rows of each split."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import axes_or_new, dress, label_time_axis, positions, write_legend
from riskresearch.plots._palette import GAIN, LOSS

MOST_SPLITS = 60

Spans = Sequence[tuple[int, int]]
"""First row, and the row after the last."""


def plot_splits(train: Sequence[Spans], test: Sequence[Spans], *, index: pd.Index, ax: Axes | None = None) -> Axes:
    """Draw one line of bars per split, from the first at the top: training rows and tested rows.

    Parameters
    ----------
    train, test : sequence of sequences of (first, end)
        Spans of row numbers for each split, the end not included.
    index : Index, shape (n_rows,)
        What the rows are called: dates or numbers.
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
    ax = axes_or_new(ax, height=60.0 + 9.0 * min(len(test), MOST_SPLITS))
    dress(ax, grid="x")
    where = positions(index)
    for number, (trained, tested) in enumerate(zip(train[:MOST_SPLITS], test[:MOST_SPLITS], strict=True)):
        for spans, colour in ((trained, GAIN), (tested, LOSS)):
            ends = [(where[first], where[min(end, len(where) - 1)] - where[first]) for first, end in spans]
            ax.broken_barh(ends, (number - 0.4, 0.8), facecolors=colour, linewidth=0.0)
    ax.invert_yaxis()
    ax.set_ylabel("Split")
    label_time_axis(ax, index)
    write_legend(ax, [Patch(color=GAIN), Patch(color=LOSS)], ["train", "test"], location="lower left")
    return ax
