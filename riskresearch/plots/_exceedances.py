"""Returns under the VaR and CVaR that were known before them, with the exceedances marked."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown
from riskresearch.core.output._text import shortened
from riskresearch.plots._canvas import (
    axes_or_new,
    columns_of,
    label_time_axis,
    positions,
    write_legend,
)
from riskresearch.plots._header import name_value_axis, write_title
from riskresearch.plots._style import LINE_COLOURS, LOSS, POINTS_PER_INCH, WIDTH_POINTS, dress, in_house_style
from riskresearch.plots._thinning import visible_rows

PERCENT = 100.0
MOST_PANELS = 12
LONGEST_TITLE = 48
PANEL_POINTS = 190.0


@in_house_style
def plot_exceedances(
    returns: pd.Series | pd.DataFrame,
    *,
    value_at_risk: pd.Series | pd.DataFrame,
    conditional_value_at_risk: pd.Series | pd.DataFrame | None = None,
    level: float,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw returns, the VaR and CVaR that were known before them, and the losses that were larger than the VaR.

    Parameters
    ----------
    returns : Series or DataFrame, shape (n_dates,) or (n_dates, n_assets)
        Simple returns per period; several assets are drawn below one another in a new figure, at most twelve.
    value_at_risk, conditional_value_at_risk : Series or DataFrame, of the same shape
        Losses per period on the row of the return that they were known before, as `riskresearch.metrics.Exceedances`
        has them; nan where there was none.
    level : float
        Confidence level, for the names of the lines.
    title : str, optional
        What the figure shows, written above it on the left.
    ax : matplotlib.axes.Axes, optional
        Where to draw one asset. By default a new pyplot figure.

    Returns
    -------
    matplotlib.axes.Axes
        Of the first asset, in percent. The last line of each Axes are the exceedances.

    Raises
    ------
    InvalidInputError
        If the shapes differ, or there are several assets for one `ax` or more than twelve.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, plot_exceedances
    >>> returns, known = pd.Series([0.01, -0.03, 0.02]), pd.Series([float("nan"), 0.02, 0.02])
    >>> ax = plot_exceedances(returns, value_at_risk=known, level=0.95, ax=blank_axes())
    >>> ax.lines[-1].get_ydata().tolist()
    [-3.0]
    """
    frame = columns_of(returns, "returns")
    known = _like(value_at_risk, frame, "value_at_risk")
    beyond = (
        None
        if conditional_value_at_risk is None
        else _like(conditional_value_at_risk, frame, "conditional_value_at_risk")
    )
    below = [] if beyond is None else [beyond]
    if frame.shape[1] == 1:
        ax = axes_or_new(ax)
        _draw(ax, *(each.iloc[:, 0] for each in (frame, known, *below)), level=level)
        write_title(ax, title)
        return ax
    panels = _panels(frame.shape[1], ax)
    for number, panel in enumerate(panels):
        _draw(panel, *(each.iloc[:, number] for each in (frame, known, *below)), level=level)
        name = shortened(frame.columns[number], LONGEST_TITLE)
        panel.set_title(name, loc="right", fontweight="normal", parse_math=False)
    write_title(panels[0], title)
    return panels[0]


def _like(data: pd.Series | pd.DataFrame, frame: pd.DataFrame, name: str) -> pd.DataFrame:
    other = columns_of(data, name)
    if other.shape != frame.shape:
        raise InvalidInputError(f"{name} must have the shape of returns, {frame.shape}, got {other.shape}.")
    return other


def _panels(count: int, ax: Axes | None) -> list[Axes]:
    """Return one Axes for each asset, below one another in a new pyplot figure."""
    if ax is not None:
        raise InvalidInputError(
            f"ax must be left out for {count} assets, which are drawn below one another, got {shown(ax)}. "
            'Pass one asset: returns["AAPL"].'
        )
    if count > MOST_PANELS:
        raise InvalidInputError(
            f"returns must have at most {MOST_PANELS} assets to be drawn, got {count}. Pass some: "
            'returns[["AAPL", "MSFT"]].'
        )
    import matplotlib.pyplot as plt  # noqa: PLC0415 - pyplot costs more than pandas and picks a window system

    size = (WIDTH_POINTS / POINTS_PER_INCH, count * PANEL_POINTS / POINTS_PER_INCH)
    grid = plt.subplots(count, 1, figsize=size, layout="constrained", sharex=True, squeeze=False)[1]
    panels: list[Axes] = list(grid[:, 0])
    return panels


def _strokes(where: np.ndarray, moves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return one line that goes from zero to each visible return and back: far shorter as SVG than a line for each."""
    rows = visible_rows(moves[:, None])
    heights = np.zeros((rows.size, 3))
    heights[:, 1] = moves[rows]
    return np.repeat(where[rows], 3), heights.ravel()


def _draw(ax: Axes, returns: pd.Series, known: pd.Series, beyond: pd.Series | None = None, *, level: float) -> None:
    moves, losses = PERCENT * returns.to_numpy(), PERCENT * known.to_numpy()
    marked = -moves > losses
    curves = [losses] if beyond is None else [losses, PERCENT * beyond.to_numpy()]
    rows = visible_rows(np.column_stack(curves))
    where = positions(returns.index)
    dress(ax)
    faint = ax.xaxis.label.get_color()
    handles: list[Artist] = [*ax.plot(*_strokes(where, moves), color=faint, alpha=0.35, linewidth=0.6)]
    for number, curve in enumerate(curves):
        handles += ax.plot(where[rows], -curve[rows], color=LINE_COLOURS[2 * number], linewidth=1.1, zorder=3.0)
    handles += ax.plot(
        where[marked], moves[marked], linestyle="none", marker="o", markersize=3.5, color=LOSS, zorder=4.0
    )
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}%".replace("-", "\u2212")))
    label_time_axis(ax, returns.index)
    name_value_axis(ax, "Return (% per period)")
    count = int(marked.sum())
    names = [f"{measure} {PERCENT * level:.6g}%" for measure in ("VaR", "CVaR")[: len(curves)]]
    marks = f"{count:,} exceedance{'s' * (count != 1)} of the VaR"
    write_legend(ax, handles, ["Return", *names, marks], location="upper left", room=True)
