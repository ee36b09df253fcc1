"""Bar charts of named quantities."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import RoomyLocator, axes_or_new, columns_of, name_rows
from riskresearch.plots._header import write_title
from riskresearch.plots._style import GAIN, LOSS, dress, in_house_style

PERCENT = 100.0
LONGEST_LABEL = 32


@in_house_style
def plot_bars(
    values: pd.Series, *, label: str, percent: bool = False, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one bar per value, from the first at the top to the last; negative values in another colour.

    Parameters
    ----------
    values : Series, shape (n_values,)
        Quantities, named by the index.
    label : str
        Name of the axis of quantities, with the unit.
    percent : bool
        Draw fractions as percent.
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
        If `values` is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_bars
    >>> ax = plot_bars(pd.Series({"2008": -0.5, "2020": -0.3}), label="Drawdown (%)", percent=True, ax=blank_axes())
    >>> [float(bar.get_width()) for bar in ax.patches]
    [-50.0, -30.0]
    """
    series = columns_of(values, "values").iloc[:, 0] * (PERCENT if percent else 1.0)
    if np.isinf(series.to_numpy()).any():
        raise InvalidInputError("values must be finite to be drawn as bars, got an infinite one.")
    ax = axes_or_new(ax, height=60.0 + 16.0 * len(series))
    dress(ax, grid="x")
    places = range(len(series))
    ax.barh(places, series.to_numpy(), height=0.7, color=[LOSS if value < 0.0 else GAIN for value in series])
    ax.set_ylim(len(series) - 0.4, -0.6)
    name_rows(ax, list(series.index), LONGEST_LABEL)
    ax.xaxis.set_major_locator(RoomyLocator())
    suffix = "%" if percent else ""
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}{suffix}".replace("-", "\u2212")))
    ax.set_xlabel(label)
    write_title(ax, title)
    return ax
