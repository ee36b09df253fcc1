"""The chart of return against volatility."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown
from riskresearch.core.frames._native import native, read_other
from riskresearch.plots._canvas import RoomyLocator, axes_or_new
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._names import write_names
from riskresearch.plots._style import GAIN, dress, in_house_style

PERCENT = 100.0


@in_house_style
def plot_risk_return(
    volatility: Sequence[float],
    annual_return: Sequence[float],
    *,
    names: Sequence[str],
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw yearly return against yearly volatility, one named point per asset.

    Parameters
    ----------
    volatility, annual_return : sequence of float, shape (n_assets,)
        Fractions per year.
    names : sequence of str, shape (n_assets,)
        What to write beside the points; of more than forty, those furthest from the middle that have room.
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
        If the three differ in length or are empty.

    Examples
    --------
    >>> from riskresearch.plots import blank_axes, plot_risk_return
    >>> ax = plot_risk_return([0.2, 0.3], [0.08, 0.1], names=["A", "B"], ax=blank_axes())
    >>> ax.collections[0].get_offsets().tolist()
    [[0.2, 0.08], [0.3, 0.1]]
    """
    volatility, annual_return = _numbers(volatility, "volatility"), _numbers(annual_return, "annual_return")
    if not len(volatility) == len(annual_return) == len(names) > 0:
        raise InvalidInputError(
            f"volatility, annual_return and names must have one entry per asset, got {len(volatility)}, "
            f"{len(annual_return)} and {len(names)}."
        )
    ax = axes_or_new(ax, height=320.0)
    dress(ax)
    points = np.column_stack([volatility, annual_return])
    ax.scatter(points[:, 0], points[:, 1], s=18.0, color=GAIN)
    ax.set_xlim(left=0.0)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{PERCENT * value:.4g}%".replace("-", "\u2212")))
    ax.xaxis.set_major_locator(RoomyLocator())
    ax.set_xlabel("Volatility (% per year)")
    name_value_axis(ax, "Return (% per year)")
    write_title(ax, title)
    write_names(ax, points, [str(name) for name in names])
    return ax


def _numbers(given: Sequence[float], name: str) -> list[float]:
    """Return one number for each asset."""
    numbers = read_other(native(given, name=name), name=name)
    if numbers.ndim != 1 or numbers.dtype.kind not in "fiu":
        raise InvalidInputError(f"{name} must be one number for each asset, got {shown(given)}.")
    return [float(number) for number in numbers]
