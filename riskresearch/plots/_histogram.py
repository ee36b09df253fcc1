"""Histograms of numbers of any kind."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import RoomyLocator, axes_or_new, columns_of, count_on_value_axis
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._style import GAIN, LOSS, dress, in_house_style

MOST_BARS = 60


@in_house_style
def plot_histogram(
    values: pd.Series, *, label: str, threshold: float, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw how often values occurred, those up to a threshold in another colour.

    Parameters
    ----------
    values : Series, shape (n_values,)
        Numbers; those that are not finite are not drawn.
    label : str
        Name of the axis of values, with the unit.
    threshold : float
        A value up to this one counts as bad. An edge between bars lies just above it.
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
        If no value is finite.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_histogram
    >>> ax = plot_histogram(pd.Series([-1.0, 0.0, 1.0]), label="Logit", threshold=0.0, ax=blank_axes())
    >>> sum(int(bar.get_height()) for bar in ax.patches)
    3
    """
    drawn = columns_of(values, "values").iloc[:, 0].to_numpy()
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        raise InvalidInputError("values must hold at least one finite value to draw, got none.")
    ax = axes_or_new(ax)
    dress(ax)
    width = float(np.diff(np.histogram_bin_edges(drawn, "fd")[:2])[0])
    width = max(width, float(np.ptp(drawn)) / MOST_BARS) or 1.0
    bar = np.ceil((drawn - threshold) / width).astype(int)
    bars, counts = np.unique(bar, return_counts=True)
    colours = [LOSS if number <= 0 else GAIN for number in bars]
    ax.bar(threshold + width * (bars - 1), counts, width=width, align="edge", color=colours, alpha=0.85, linewidth=0.0)
    ax.axvline(threshold, color=ax.xaxis.label.get_color(), linewidth=0.9, linestyle=(0, (4, 2)))
    count_on_value_axis(ax)
    ax.xaxis.set_major_locator(RoomyLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}".replace("-", "\u2212")))
    ax.set_xlabel(label)
    name_value_axis(ax, "Number of values")
    write_title(ax, title)
    return ax
