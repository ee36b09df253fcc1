"""Charts of time series: growth, drawdown, rolling measures."""

from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import axes_or_new, columns_of, label_time_axis, make_room, positions, write_legend
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._spans import Spans, draw_spans
from riskresearch.plots._style import LINE_COLOURS, LINE_STYLES, dress, in_house_style
from riskresearch.plots._thinning import visible_rows

PERCENT = 100.0
# From this ratio of highest to lowest value on, equal percentage moves are drawn equally high.
LOG_SCALE_FROM_RATIO = 4.0
LEAST_HIGHEST_WEALTH = 0.5


@in_house_style
def plot_growth(
    wealth: pd.Series | pd.DataFrame,
    *,
    scale: Literal["auto", "log", "linear"] = "auto",
    shaded: Spans | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the growth of one unit of money.

    Parameters
    ----------
    wealth : Series or DataFrame, shape (n_dates,) or (n_dates, n_assets)
        Positive wealth, as `riskresearch.metrics.wealth_index` returns it; one line per column.
    scale : {"auto", "log", "linear"}
        Vertical scale. "auto" is logarithmic when the highest value is more than four times the lowest.
    shaded : DataFrame or sequence of (start, end), optional
        Spans to shade, such as the worst drawdowns, numbered 1, 2, ... in the order given. A missing end is the last
        date. A DataFrame has the columns start and end, or two columns.
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
        If `wealth` is empty, holds returns in place of wealth, or holds values of zero or less and the
        scale is logarithmic.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_growth
    >>> ax = plot_growth(pd.Series([1.0, 1.1, 1.05], name="fund"), ax=blank_axes())
    >>> ax.get_ylabel()
    'Growth of 1'

    The drawdown between the second and the third date, shaded:

    >>> ax = plot_growth(pd.Series([1.0, 1.1, 1.05, 1.2]), shaded=[(1, 3)], ax=blank_axes())
    >>> [text.get_text() for text in ax.texts]
    ['1']
    """
    frame = columns_of(wealth, "wealth")
    _refuse_returns(frame)
    lowest, highest = float(np.nanmin(frame.to_numpy())), float(np.nanmax(frame.to_numpy()))
    logarithmic = scale == "log" or (scale == "auto" and lowest > 0.0 and highest / lowest > LOG_SCALE_FROM_RATIO)
    if logarithmic and lowest <= 0.0:
        raise InvalidInputError(f"wealth must be positive on a logarithmic scale, got {lowest}.")
    ax = axes_or_new(ax)
    dress(ax)
    if logarithmic:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.yaxis.set_minor_formatter(NullFormatter())
        ax.tick_params(axis="y", which="minor", length=0.0)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))
    lines = _draw_lines(ax, frame)
    taken = 0.0 if shaded is None else draw_spans(ax, shaded, frame.index)
    make_room(ax, taken)
    name_value_axis(ax, "Growth of 1 (log scale)" if logarithmic else "Growth of 1")
    rises = bool((frame.ffill().iloc[-1] >= frame.bfill().iloc[0]).all())
    corner: Literal["upper left", "lower left"] = "upper left" if rises else "lower left"
    many = frame.shape[1] > 2
    write_legend(ax, lines, list(frame.columns), location=corner, down=taken if rises else 0.0, room=many)
    write_title(ax, title)
    return ax


def _refuse_returns(frame: pd.DataFrame) -> None:
    """Refuse values that go below zero and are never near 1, as returns do and wealth does not."""
    values = frame.to_numpy()
    known = values[np.isfinite(values)]
    if known.size and known.min() < 0.0 and known.max() < LEAST_HIGHEST_WEALTH:
        raise InvalidInputError(
            f"wealth must be positive, got values from {known.min():.3g} to {known.max():.3g}, as of returns. Their "
            "growth is riskresearch.metrics.wealth_index(returns)."
        )


@in_house_style
def plot_underwater(drawdown: pd.Series | pd.DataFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the drawdown of each series from its running peak, and label the deepest point of the first.

    Parameters
    ----------
    drawdown : Series or DataFrame, shape (n_dates,) or (n_dates, n_assets)
        Positive fractions, as `riskresearch.metrics.drawdown` returns them. The first column is filled.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With values in percent, negative below the peak.

    Raises
    ------
    InvalidInputError
        If `drawdown` is empty or has a value below zero.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_underwater
    >>> ax = plot_underwater(pd.Series([0.0, 0.1, 0.05], name="fund"), ax=blank_axes())
    >>> ax.lines[0].get_ydata().tolist()
    [-0.0, -10.0, -5.0]
    """
    frame = -PERCENT * columns_of(drawdown, "drawdown")
    if (lowest := -frame.max().max() / PERCENT) < 0.0:
        raise InvalidInputError(
            f"drawdown must not be negative, got {lowest:g}. Drawdowns of returns are "
            "riskresearch.metrics.drawdown(returns)."
        )
    ax = axes_or_new(ax)
    dress(ax)
    lines = _draw_lines(ax, frame)
    line = lines[0]
    ax.fill_between(line.get_xdata(), line.get_ydata(), 0.0, color=LINE_COLOURS[0], alpha=0.25, linewidth=0.0)
    _mark_lowest(ax, frame.iloc[:, 0])
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}%".replace("-", "\u2212")))
    name_value_axis(ax, "Below running peak (%)")
    write_legend(ax, lines, list(frame.columns), location="lower left", room=True)
    write_title(ax, title)
    return ax


@in_house_style
def plot_rolling(
    values: pd.Series | pd.DataFrame,
    *,
    label: str,
    percent: bool = False,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw measures over moving windows, with the zero line where they change sign.

    Parameters
    ----------
    values : Series or DataFrame, shape (n_dates,) or (n_dates, n_assets)
        NaN where the window is not yet full; one line per column.
    label : str
        Name of the vertical axis, with the unit: "Volatility (% per year)".
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
    >>> from riskresearch.plots import blank_axes, plot_rolling
    >>> volatility = pd.Series([float("nan"), 0.15, 0.18], name="fund")
    >>> plot_rolling(volatility, label="Volatility (% per year)", percent=True, ax=blank_axes()).get_ylabel()
    'Volatility (% per year)'
    """
    frame = columns_of(values, "values") * (PERCENT if percent else 1.0)
    ax = axes_or_new(ax)
    dress(ax)
    lines = _draw_lines(ax, frame)
    suffix = "%" if percent else ""
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}{suffix}".replace("-", "\u2212")))
    lowest, highest = ax.get_ylim()
    if lowest < 0.0 < highest:
        ax.axhline(0.0, color=ax.xaxis.label.get_color(), alpha=0.5, linewidth=0.6, zorder=1.0)
    name_value_axis(ax, label)
    write_legend(ax, lines, list(frame.columns), location="upper left", room=True)
    write_title(ax, title)
    return ax


def _draw_lines(ax: Axes, frame: pd.DataFrame) -> list[Line2D]:
    rows = visible_rows(frame.to_numpy())
    seen = frame.iloc[rows]
    where = positions(seen.index)
    lines = []
    for number in range(frame.shape[1]):
        colour = LINE_COLOURS[number % len(LINE_COLOURS)]
        # The first series lies on top of those it is compared with.
        width, order = (1.2, 3.0) if number == 0 else (0.9, 2.5)
        values = seen.iloc[:, number].to_numpy()
        style = LINE_STYLES[number // len(LINE_COLOURS) % len(LINE_STYLES)]
        alone = "." if np.isfinite(values).sum() == 1 else ""
        lines += ax.plot(where, values, color=colour, linewidth=width, linestyle=style, zorder=order, marker=alone)
    label_time_axis(ax, frame.index)
    return lines


def _mark_lowest(ax: Axes, series: pd.Series) -> None:
    if series.isna().all() or series.min() == 0.0:
        return
    row = int(np.nanargmin(series.to_numpy()))
    where, depth = positions(series.index[[row]])[0], float(series.iloc[row])
    date = f", {series.index[row]:%Y-%m-%d}" if isinstance(series.index, pd.DatetimeIndex) else ""
    ax.plot([where], [depth], marker="o", markersize=3.5, color=LINE_COLOURS[0], linestyle="none", zorder=4.0)
    on_the_right = row > 0.7 * len(series)
    ax.annotate(
        f"\u2212{abs(depth):.1f}%{date}",
        (where, depth),
        xytext=(-6.0 if on_the_right else 6.0, -2.0),
        textcoords="offset points",
        horizontalalignment="right" if on_the_right else "left",
        verticalalignment="center",
    )
