"""The chart of return against volatility."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown
from riskresearch.core.frames._native import native, read_other
from riskresearch.plots._canvas import axes_or_new, dress, name_value_axis
from riskresearch.plots._palette import GAIN

LABEL_OFFSET_POINTS = (5.0, 3.0)


def plot_risk_return(
    volatility: Sequence[float], annual_return: Sequence[float], *, names: Sequence[str], ax: Axes | None = None
) -> Axes:
    """Draw yearly return against yearly volatility, one named point per asset.

    Parameters
    ----------
    volatility, annual_return : sequence of float, shape (n_assets,)
        Fractions per year.
    names : sequence of str, shape (n_assets,)
        What to write beside the points.
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
    for name, point in zip(names, points, strict=True):
        ax.annotate(str(name), tuple(point), LABEL_OFFSET_POINTS, textcoords="offset points", parse_math=False)
    ax.set_xlim(left=0.0)
    ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    ax.set_xlabel("Volatility (% per year)")
    name_value_axis(ax, "Return (% per year)")
    return ax


def _numbers(given: Sequence[float], name: str) -> list[float]:
    """Return one number for each asset."""
    numbers = read_other(native(given, name=name), name=name)
    if numbers.ndim != 1 or numbers.dtype.kind not in "fiu":
        raise InvalidInputError(f"{name} must be one number for each asset, got {shown(given)}.")
    return [float(number) for number in numbers]
