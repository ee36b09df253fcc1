"""The histogram of returns with its tail."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown
from riskresearch.plots._canvas import RoomyLocator, axes_or_new, columns_of, count_on_value_axis
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._marks import Mark, write_marks
from riskresearch.plots._style import GAIN, LOSS, dress, in_house_style

PERCENT = 100.0
MOST_BARS = 120
MOST_LEVELS = 4


@in_house_style
def plot_distribution(
    returns: pd.Series,
    *,
    value_at_risk: float | Sequence[float],
    conditional_value_at_risk: float | Sequence[float],
    level: float | Sequence[float],
    period: str = "period",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each return occurred, the tail beyond the value at risk in another colour.

    Parameters
    ----------
    returns : Series, shape (n_dates,)
        Simple returns, fractions. Missing values are not drawn.
    value_at_risk, conditional_value_at_risk : float or sequence of float
        Losses as positive fractions, drawn at minus their value; one for each level.
    level : float or sequence of float
        Their confidence levels, in (0.5, 1); at most four.
    period : str
        What one return covers: "day", "week", "month".
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With returns in percent. An edge between bars lies exactly at the value at risk of the lowest level, where the
        other colour begins.

    Raises
    ------
    InvalidInputError
        If no return is finite, or there is not one VaR and one CVaR for each level.

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

    Two levels, 60 and 80 %:

    >>> two = {"level": [0.6, 0.8], "value_at_risk": [0.01, 0.02], "conditional_value_at_risk": [0.0233, 0.03]}
    >>> [text.get_text() for text in plot_distribution(returns, **two, ax=blank_axes()).texts]
    ['VaR 60%: 1.00%', 'CVaR 60%: 2.33%', 'VaR 80%: 2.00%', 'CVaR 80%: 3.00%']
    """
    drawn = PERCENT * columns_of(returns, "returns").iloc[:, 0].to_numpy()
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size == 0:
        raise InvalidInputError("returns must hold at least one finite value to draw, got none.")
    marks = _marks(level, value_at_risk, conditional_value_at_risk)
    ax = axes_or_new(ax)
    dress(ax)
    threshold = max(mark.where for mark in marks if not mark.is_mean)
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
    write_marks(ax, marks, edges=edges, counts=counts)
    _mark_observations(ax, drawn[drawn <= threshold])
    count_on_value_axis(ax)
    ax.xaxis.set_major_locator(RoomyLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}%".replace("-", "\u2212")))
    ax.tick_params(axis="x", length=0.0, pad=9.0)
    ax.set_xlabel(f"Return per {period} (%)")
    name_value_axis(ax, "Number of returns")
    write_title(ax, title)
    return ax


def _marks(level: float | Sequence[float], var: float | Sequence[float], cvar: float | Sequence[float]) -> list[Mark]:
    """Return VaR and CVaR of each level as marks at percent of return."""
    names = ("level", "value_at_risk", "conditional_value_at_risk")
    levels, vars_, cvars = (_numbers(given, name) for name, given in zip(names, (level, var, cvar), strict=True))
    if not len(levels) == len(vars_) == len(cvars):
        raise InvalidInputError(
            "level, value_at_risk and conditional_value_at_risk must have one number for each level, got "
            f"{len(levels)}, {len(vars_)} and {len(cvars)}."
        )
    if not 1 <= len(levels) <= MOST_LEVELS:
        raise InvalidInputError(f"level must be 1 to {MOST_LEVELS} levels to be readable, got {len(levels)}.")
    marks = []
    for one, loss, mean in zip(levels, vars_, cvars, strict=True):
        for word, size in (("VaR", loss), ("CVaR", mean)):
            text = f"{word} {PERCENT * one:.6g}%: {PERCENT * size:.2f}%".replace("-", "\u2212")
            marks.append(Mark(-PERCENT * size, text, is_mean=word == "CVaR"))
    return marks


def _numbers(given: float | Sequence[float], name: str) -> list[float]:
    try:
        numbers = np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"{name} must be a number, or one for each level, got {shown(given)}.") from error
    if numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise InvalidInputError(f"{name} must be finite, one number for each level, got {shown(given)}.")
    return [float(number) for number in numbers]


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


def _mark_observations(ax: Axes, tail: np.ndarray) -> None:
    """Draw one short stroke per observation of the tail, whose bars are too low to be visible, as a single path."""
    where = np.repeat(np.sort(tail), 3)
    height = np.tile([-0.04, -0.012, np.nan], len(tail))
    ax.plot(where, height, color=LOSS, linewidth=0.6, transform=ax.get_xaxis_transform(), clip_on=False)
