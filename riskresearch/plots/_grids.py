"""Heat maps: months by years, correlations, any pairs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import axes_or_new, columns_of
from riskresearch.plots._cells import LONGEST_LEVEL_LABEL, Scale, draw_cells, scale_of, write_colour_bar, write_numbers
from riskresearch.plots._header import write_title
from riskresearch.plots._style import WIDTH_POINTS, in_house_style

PERCENT = 100.0
# More numbers than these are not read beside a colour bar.
MOST_NUMBERS = 150
HEAD_POINTS, SIDE_POINTS = 80.0, 110.0
UPRIGHT_POINTS = 70.0
NARROWEST_POINTS, HIGHEST_POINTS = 330.0, 460.0


@in_house_style
def plot_monthly_table(monthly: pd.DataFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the returns of each month, one row a year, with their numbers where they fit and a colour bar otherwise.

    Parameters
    ----------
    monthly : DataFrame, shape (n_years, n_months)
        Fractions; NaN where there is no return. The labels of rows and columns are written as they are.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With the numbers in percent.

    Raises
    ------
    InvalidInputError
        If `monthly` is empty or has a row for each date.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_monthly_table
    >>> ax = plot_monthly_table(pd.DataFrame({"Jan": [0.012], "Feb": [-0.034]}, index=[2020]), ax=blank_axes())
    >>> [text.get_text() for text in ax.texts]
    ['1.2', '\u22123.4']
    """
    frame = PERCENT * columns_of(monthly, "monthly")
    if isinstance(frame.index, pd.DatetimeIndex | pd.PeriodIndex):
        raise InvalidInputError(
            f"monthly must have one row a year and one column a month, got {len(frame):,} rows of dates. Make it with "
            "riskresearch.metrics.calendar_returns(returns)."
        )
    ax = axes_or_new(ax, height=min(HEAD_POINTS + 14.0 * len(frame), HIGHEST_POINTS))
    write_title(ax, title)
    size = np.abs(frame.to_numpy())
    typical = float(np.nanquantile(size, 0.95)) if np.isfinite(size).any() else PERCENT
    scale = Scale(-typical or -1.0, typical or 1.0)
    draw_cells(ax, frame, scale)
    ax.set_xlabel("Return in the month (%)")
    ax.set_ylabel("Year")
    if not write_numbers(ax, frame, decimals=1):
        write_colour_bar(ax, scale, "")
    return ax


@in_house_style
def plot_correlation(correlation: pd.DataFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw a correlation matrix, with its numbers where they fit into the cells and a colour bar otherwise.

    Parameters
    ----------
    correlation : DataFrame, shape (n_assets, n_assets)
        Correlations in [-1, 1]; the same labels on both sides.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With the correlations in hundredths: 37 stands for 0.37.

    Raises
    ------
    InvalidInputError
        If the labels of rows and columns differ.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_correlation
    >>> matrix = pd.DataFrame([[1.0, 0.37], [0.37, 1.0]], index=["A", "B"], columns=["A", "B"])
    >>> [text.get_text() for text in plot_correlation(matrix, ax=blank_axes()).texts]
    ['100', '37', '37', '100']
    """
    frame = columns_of(correlation, "correlation")
    if list(frame.index) != list(frame.columns):
        raise InvalidInputError(
            f"correlation must have the same labels on rows and columns, got {frame.shape[0]:,} rows and "
            f"{frame.shape[1]:,} columns. Of returns it is returns.corr()."
        )
    frame = PERCENT * frame
    ax = axes_or_new(ax, **_size(frame, 26.0))
    write_title(ax, title)
    scale = Scale(-PERCENT, PERCENT)
    draw_cells(ax, frame, scale)
    ax.set_xlabel("Correlation of returns (hundredths)")
    if not write_numbers(ax, frame, decimals=0):
        write_colour_bar(ax, scale, "")
    return ax


@in_house_style
def plot_heat_map(values: pd.DataFrame, *, label: str, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw one number for each pair of row and column as a colour, and write it where all of them fit.

    Parameters
    ----------
    values : DataFrame, shape (n_rows, n_columns)
        Numbers; NaN where there is none. The names of the index and of the columns name the axes.
    label : str
        Name of the numbers, with the unit, written beside the colour bar.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With a colour bar from the smallest to the largest number, around 0 where both signs occur, and the numbers to
        two decimals.

    Raises
    ------
    InvalidInputError
        If `values` is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_heat_map
    >>> frame = pd.DataFrame({10: [0.5], 20: [-1.25]}, index=pd.Index([0.1], name="target"))
    >>> [text.get_text() for text in plot_heat_map(frame, label="Sharpe ratio", ax=blank_axes()).texts]
    ['0.50', '\u22121.25']
    """
    frame = columns_of(values, "values")
    ax = axes_or_new(ax, **_size(frame, 40.0))
    write_title(ax, title)
    scale = scale_of(frame.to_numpy())
    write_colour_bar(ax, scale, label)
    draw_cells(ax, frame, scale)
    write_numbers(ax, frame, decimals=2, most=MOST_NUMBERS)
    ax.set_xlabel("" if frame.columns.name is None else str(frame.columns.name), parse_math=False)
    ax.set_ylabel("" if frame.index.name is None else str(frame.index.name), parse_math=False)
    return ax


def _size(frame: pd.DataFrame, column_points: float) -> dict[str, float]:
    """Return width and height of a new figure in points."""
    upright = max(len(str(name)) for name in frame.columns) > LONGEST_LEVEL_LABEL
    head = HEAD_POINTS + (UPRIGHT_POINTS if upright else 0.0)
    return {
        "width": min(max(SIDE_POINTS + column_points * frame.shape[1], NARROWEST_POINTS), WIDTH_POINTS),
        "height": min(head + 17.0 * len(frame), HIGHEST_POINTS),
    }
