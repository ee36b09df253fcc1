"""Heat maps with written numbers: months by years, correlations, any pairs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from riskresearch.core import InvalidInputError
from riskresearch.plots._canvas import axes_or_new, columns_of, shortened
from riskresearch.plots._palette import GAIN, LOSS

PERCENT = 100.0
# Opaque enough to see, clear enough to read the number through, on white and on dark.
STRONGEST = 0.65
MOST_NUMBERED_COLUMNS = 25
LONGEST_LABEL = 16


def plot_monthly_table(monthly: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the returns of each month, one row a year.

    Parameters
    ----------
    monthly : DataFrame, shape (n_years, n_months)
        Fractions; NaN where there is no return. The labels of rows and columns are written as they are.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With the numbers in percent.

    Raises
    ------
    InvalidInputError
        If `monthly` is empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_monthly_table
    >>> ax = plot_monthly_table(pd.DataFrame({"Jan": [0.012], "Feb": [-0.034]}, index=[2020]), ax=blank_axes())
    >>> [text.get_text() for text in ax.texts]
    ['1.2', '\u22123.4']
    """
    frame = columns_of(monthly, "monthly")
    ax = axes_or_new(ax, height=60.0 + 14.0 * len(frame))
    size = np.abs(frame.to_numpy())
    typical = float(np.nanquantile(size, 0.95)) if np.isfinite(size).any() else 1.0
    _draw_cells(ax, PERCENT * frame, strongest_at=PERCENT * (typical or 1.0), decimals=1)
    ax.set_xlabel("Return in the month (%)")
    ax.set_ylabel("Year")
    return ax


def plot_correlation(correlation: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a correlation matrix, the numbers written in up to 25 columns.

    Parameters
    ----------
    correlation : DataFrame, shape (n_assets, n_assets)
        Correlations in [-1, 1]; the same labels on both sides.
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
        raise InvalidInputError("correlation must have the same labels on rows and columns.")
    ax = axes_or_new(ax, width=80.0 + 26.0 * len(frame), height=80.0 + 17.0 * len(frame))
    _draw_cells(ax, PERCENT * frame, strongest_at=PERCENT, decimals=0 if len(frame) <= MOST_NUMBERED_COLUMNS else None)
    if max(len(str(name)) for name in frame.columns) > 4:
        ax.tick_params(axis="x", labelrotation=90.0)
    ax.set_xlabel("Correlation of returns (hundredths)")
    return ax


def plot_heat_map(values: pd.DataFrame, *, label: str, ax: Axes | None = None) -> Axes:
    """Draw one number for each pair of row and column, the numbers written in up to 25 columns.

    Parameters
    ----------
    values : DataFrame, shape (n_rows, n_columns)
        Numbers; NaN where there is none. The names of the index and of the columns name the axes.
    label : str
        Name of the numbers, with the unit.
    ax : matplotlib.axes.Axes, optional
        Where to draw. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        With the numbers to two decimals, negative ones in another colour.

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
    ax = axes_or_new(ax, width=80.0 + 40.0 * frame.shape[1], height=80.0 + 17.0 * len(frame))
    size = np.abs(frame.to_numpy())
    strongest = float(np.nanmax(size)) if np.isfinite(size).any() else 1.0
    numbered = frame.shape[1] <= MOST_NUMBERED_COLUMNS
    _draw_cells(ax, frame, strongest_at=strongest or 1.0, decimals=2 if numbered else None)
    name = "" if frame.columns.name is None else f" by {frame.columns.name}"
    ax.set_xlabel(f"{label}{name}", parse_math=False)
    ax.set_ylabel("" if frame.index.name is None else str(frame.index.name), parse_math=False)
    return ax


def _draw_cells(ax: Axes, frame: pd.DataFrame, *, strongest_at: float, decimals: int | None) -> None:
    values = frame.to_numpy()
    n_rows, n_columns = values.shape
    colours = np.zeros((n_rows, n_columns, 4))
    colours[..., :3] = np.where(values[..., None] < 0.0, to_rgb(LOSS), to_rgb(GAIN))
    colours[..., 3] = STRONGEST * np.minimum(np.nan_to_num(np.abs(values)) / strongest_at, 1.0)
    ax.pcolormesh(np.arange(n_columns + 1) - 0.5, np.arange(n_rows + 1) - 0.5, colours)
    ax.set_xticks(range(n_columns), [shortened(name, LONGEST_LABEL) for name in frame.columns], parse_math=False)
    ax.set_yticks(range(n_rows), [shortened(name, LONGEST_LABEL) for name in frame.index], parse_math=False)
    ax.tick_params(length=0.0, labeltop=True, labelbottom=False)
    ax.invert_yaxis()
    for spine in ax.spines.values():
        spine.set_visible(False)
    if decimals is None:
        return
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            number = f"{value:.{decimals}f}".replace("-", "\u2212")
            ax.text(column, row, number, horizontalalignment="center", verticalalignment="center", fontsize="small")
