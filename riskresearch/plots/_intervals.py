"""Charts of estimates with their intervals."""

import pandas as pd
from matplotlib.axes import Axes

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown
from riskresearch.core.frames._native import native
from riskresearch.plots._bars import LONGEST_LABEL
from riskresearch.plots._canvas import RoomyLocator, axes_or_new, columns_of, name_rows
from riskresearch.plots._header import write_title
from riskresearch.plots._style import GAIN, dress, in_house_style

# So that no interval lies on the frame, however few or many there are.
MARGIN_ROWS = 0.7


@in_house_style
def plot_intervals(intervals: pd.DataFrame, *, label: str, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw one point on a line per row, from the first at the top to the last.

    Parameters
    ----------
    intervals : DataFrame, shape (n_assets, at least 3)
        Columns estimate, lower and upper; an infinite bound is not drawn.
    label : str
        Name of the axis of quantities, with the unit.
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
        If `intervals` is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_intervals
    >>> frame = pd.DataFrame({"estimate": [1.0], "lower": [0.5], "upper": [1.5]}, index=["AAPL"])
    >>> ax = plot_intervals(frame, label="Sharpe ratio", ax=blank_axes())
    >>> ax.lines[0].get_xdata().tolist()
    [1.0]
    """
    whole = native(intervals, name="intervals")
    if isinstance(whole, pd.DataFrame) and whole.empty:
        raise InvalidInputError("intervals must not be empty.")
    wanted = ["estimate", "lower", "upper"]
    if not isinstance(whole, pd.DataFrame) or not set(wanted) <= set(whole.columns):
        raise InvalidInputError(
            f"intervals must be a DataFrame with the columns estimate, lower and upper, got {shown(intervals)}."
        )
    intervals = columns_of(whole[wanted], "intervals")
    ax = axes_or_new(ax, height=60.0 + 16.0 * len(intervals))
    dress(ax, grid="x")
    places = list(range(len(intervals)))
    ax.hlines(places, intervals["lower"].to_numpy(), intervals["upper"].to_numpy(), color=GAIN, linewidth=2.0)
    ax.plot(intervals["estimate"].to_numpy(), places, linestyle="none", marker="o", markersize=4.0, color=GAIN)
    ax.set_ylim(len(intervals) - 1 + MARGIN_ROWS, -MARGIN_ROWS)
    name_rows(ax, list(intervals.index), LONGEST_LABEL)
    ax.xaxis.set_major_locator(RoomyLocator())
    ax.set_xlabel(label)
    write_title(ax, title)
    return ax
