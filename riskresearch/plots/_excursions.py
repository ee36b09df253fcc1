"""The chart of what trips made against how far they went against their holder."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.core.frames._as_pandas import as_pandas
from riskresearch.plots._canvas import RoomyLocator, axes_or_new, columns_of
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._style import GAIN, LOSS, dress, in_house_style

COLUMNS = ("mae", "net")


@in_house_style
def plot_excursions(trips: pd.DataFrame, *, unit: str = "", title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the profit of trips against the largest loss of each on the way, winners and losers in two colours.

    Parameters
    ----------
    trips : DataFrame, shape (n_trips, columns)
        `mae` is the largest loss on the way, at least zero, `net` what each trip made; one that made nothing is drawn
        as a loss.
    unit : str
        Unit of both, for the names of the axes.
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
        If a column is missing, or no trip has both numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_excursions
    >>> trips = pd.DataFrame({"mae": [5.0, 20.0], "net": [10.0, -15.0]})
    >>> [each.get_offsets().tolist() for each in plot_excursions(trips, ax=blank_axes()).collections]
    [[[5.0, 10.0]], [[20.0, -15.0]]]
    """
    given = as_pandas(trips, name="trips")
    columns = list(given.columns) if isinstance(given, pd.DataFrame) else []
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise InvalidInputError(f"trips must be a DataFrame with the columns mae and net, got no {missing[0]}.")
    lost, made = columns_of(given[list(COLUMNS)], "trips").to_numpy().T
    drawn = np.isfinite(lost) & np.isfinite(made)
    if not drawn.any():
        raise InvalidInputError("trips must have at least one with both numbers to draw, got none.")
    ax = axes_or_new(ax, height=320.0)
    dress(ax)
    for chosen, colour in ((drawn & (made > 0.0), GAIN), (drawn & (made <= 0.0), LOSS)):
        if chosen.any():
            ax.scatter(lost[chosen], made[chosen], s=12.0, color=colour, alpha=0.6, linewidths=0.0)
    ax.axhline(0.0, color=ax.xaxis.label.get_color(), linewidth=0.9)
    ax.set_xlim(left=0.0)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace("-", "\u2212")))
    ax.xaxis.set_major_locator(RoomyLocator())
    ax.set_xlabel(f"Largest loss on the way {unit}".strip())
    name_value_axis(ax, f"Net profit {unit}".strip())
    write_title(ax, title)
    return ax
