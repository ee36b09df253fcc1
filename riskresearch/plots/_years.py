"""Bars of calendar years, side by side for each series."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import axes_or_new, axes_size_points, columns_of, write_legend
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._style import LINE_COLOURS, dress, in_house_style

PERCENT = 100.0
# What the bars of one year leave free on both sides, as a share of its width.
GAP = 0.25
# A bar is never wider than if there were this many.
FEWEST_YEARS = 6
YEAR_POINTS = 30.0
CHARACTER_POINTS = 6.0


@in_house_style
def plot_calendar_years(returns: pd.Series | pd.DataFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the return of each calendar year as a bar, those of several series side by side.

    Parameters
    ----------
    returns : Series or DataFrame, shape (n_years,) or (n_years, n_assets)
        Fractions, one row a year and one column a series, such as portfolio and benchmark; NaN where there is no
        return. The labels of the rows are written as they are, years for dates.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With the returns in percent.

    Raises
    ------
    InvalidInputError
        If `returns` is empty or holds an infinite number.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_calendar_years
    >>> years = pd.DataFrame({"fund": [0.12, -0.05], "index": [0.1, -0.08]}, index=[2019, 2020])
    >>> ax = plot_calendar_years(years, ax=blank_axes())
    >>> [float(bar.get_height()) for bar in ax.patches]
    [12.0, -5.0, 10.0, -8.0]
    """
    frame = PERCENT * columns_of(returns, "returns")
    if np.isinf(frame.to_numpy()).any():
        raise InvalidInputError("returns must be finite to be drawn as bars, got an infinite one.")
    _refuse_days(frame)
    ax = axes_or_new(ax)
    dress(ax)
    n_years, n_series = frame.shape
    colours = [LINE_COLOURS[number % len(LINE_COLOURS)] for number in range(n_series)]
    width = (1.0 - GAP) / n_series
    for number, colour in enumerate(colours):
        where = np.arange(n_years) + width * (number - 0.5 * (n_series - 1))
        heights = frame.iloc[:, number].to_numpy()
        ax.bar(where[np.isfinite(heights)], heights[np.isfinite(heights)], width=width, color=colour, linewidth=0.0)
    ax.axhline(0.0, color=ax.xaxis.label.get_color(), alpha=0.5, linewidth=0.6)
    middle, half = 0.5 * (n_years - 1), 0.5 * (max(n_years, FEWEST_YEARS) + GAP)
    ax.set_xlim(middle - half, middle + half)
    _name_years(ax, [_year(label) for label in frame.index])
    ax.set_xlabel("Year")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}%".replace("-", "\u2212")))
    name_value_axis(ax, "Return in the year (%)")
    if n_series > 1:
        keys = [Patch(color=colour) for colour in colours]
        write_legend(ax, keys, list(frame.columns), location="upper left", room=True, most_lines=1)
    write_title(ax, title)
    return ax


def _name_years(ax: Axes, names: list[str]) -> None:
    """Write as many names as fit, counted back from the last year."""
    longest = max(len(name) for name in names)
    fit = max(int(axes_size_points(ax)[0] // max(YEAR_POINTS, CHARACTER_POINTS * (longest + 1))), 1)
    step = -(-len(names) // fit)
    shown = range(len(names) - 1, -1, -step)[::-1]
    ax.set_xticks(shown, [names[place] for place in shown], parse_math=False)


def _year(label: object) -> str:
    return str(label.year) if isinstance(label, pd.Timestamp | pd.Period) else str(label)


def _refuse_days(frame: pd.DataFrame) -> None:
    """Refuse dated rows of which a year has several."""
    if isinstance(frame.index, pd.DatetimeIndex | pd.PeriodIndex) and not frame.index.year.is_unique:
        raise InvalidInputError(
            f"returns must have one row a year, got {len(frame):,} rows in {frame.index.year.nunique()} years. "
            'Compound them with riskresearch.metrics.aggregate_returns(returns, to="year").'
        )
