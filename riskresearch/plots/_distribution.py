"""The histogram of returns with its tail."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import axes_or_new, columns_of, dress, name_value_axis
from riskresearch.plots._palette import GAIN, LOSS

PERCENT = 100.0
MOST_BARS = 120


def plot_distribution(
    returns: pd.Series,
    *,
    value_at_risk: float,
    conditional_value_at_risk: float,
    level: float,
    period: str = "period",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each return occurred, the tail beyond the value at risk in another colour.

    Parameters
    ----------
    returns : Series, shape (n_dates,)
        Simple returns, fractions. Missing values are not drawn.
    value_at_risk, conditional_value_at_risk : float
        Losses as positive fractions, drawn at minus their value.
    level : float
        Their confidence level, in (0.5, 1).
    period : str
        What one return covers: "day", "week", "month".
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With returns in percent. An edge between bars lies exactly at the value at risk.

    Raises
    ------
    InvalidInputError
        If no return is finite.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_distribution
    >>> returns = pd.Series([-0.04, -0.02, -0.01, 0.0, 0.01, 0.02])
    >>> ax = plot_distribution(
    ...     returns, value_at_risk=0.02, conditional_value_at_risk=0.03, level=0.8, ax=blank_axes()
    ... )
    >>> ax.get_xlabel()
    'Return per period (%)'
    """
    drawn = PERCENT * columns_of(returns, "returns").iloc[:, 0].to_numpy()
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        raise InvalidInputError("returns must hold at least one finite value to draw, got none.")
    ax = axes_or_new(ax)
    dress(ax)
    threshold = -PERCENT * value_at_risk
    edges = _edges(drawn, threshold)
    counts = np.histogram(drawn, edges)[0]
    in_tail = edges[1:] <= threshold
    ax.bar(
        edges[:-1],
        counts,
        width=np.diff(edges),
        align="edge",
        color=[LOSS if tail else GAIN for tail in in_tail],
        alpha=0.85,
        linewidth=0.0,
    )
    _mark(ax, threshold, f"VaR {PERCENT * level:.6g}%: {PERCENT * value_at_risk:.2f}%", height=0.98)
    _mark(
        ax,
        -PERCENT * conditional_value_at_risk,
        f"CVaR {PERCENT * level:.6g}%: {PERCENT * conditional_value_at_risk:.2f}%",
        height=0.80,
    )
    _mark_observations(ax, drawn[drawn <= threshold])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}%".replace("-", "\u2212")))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    ax.tick_params(axis="x", length=0.0, pad=9.0)
    ax.set_xlabel(f"Return per {period} (%)")
    name_value_axis(ax, "Number of returns")
    return ax


def _edges(drawn: np.ndarray, threshold: float) -> np.ndarray:
    """Return equally spaced edges over the data, shifted so that one of them is the threshold."""
    lowest, highest = float(drawn.min()), float(drawn.max())
    width = float(np.diff(np.histogram_bin_edges(drawn, "fd")[:2])[0])
    span = highest - lowest
    reach = max(span, threshold - lowest, highest - threshold)
    width = max(width, reach / MOST_BARS) or 1.0
    below = np.ceil(max(threshold - lowest, 0.0) / width) + 1.0
    above = np.ceil(max(highest - threshold, 0.0) / width) + 1.0
    return np.asarray(threshold + width * np.arange(-below, above + 1.0))


def _mark(ax: Axes, where: float, text: str, *, height: float) -> None:
    colour = ax.xaxis.label.get_color()
    ax.axvline(where, ymax=height, color=colour, linewidth=0.9, linestyle=(0, (4, 2)))
    ax.annotate(
        text,
        (where, height),
        xycoords=("data", "axes fraction"),
        xytext=(-5.0, 0.0),
        textcoords="offset points",
        horizontalalignment="right",
        verticalalignment="top",
    )


def _mark_observations(ax: Axes, tail: np.ndarray) -> None:
    """Draw one short stroke per observation of the tail, whose bars are too low to be visible, as a single path."""
    where = np.repeat(np.sort(tail), 3)
    height = np.tile([-0.04, -0.012, np.nan], len(tail))
    ax.plot(where, height, color=LOSS, linewidth=0.6, transform=ax.get_xaxis_transform(), clip_on=False)
