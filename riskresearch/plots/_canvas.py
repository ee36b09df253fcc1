"""New Axes with or without pyplot, their style, and their date axis."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Literal

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from riskresearch.core import InvalidInputError
from riskresearch.core._labels import dated_index
from riskresearch.core.frames._as_pandas import as_pandas
from riskresearch.core.frames._foreign import shown_class
from riskresearch.core.frames._not_numbers import is_number, refuse_columns

POINTS_PER_INCH = 72.0
FONT_SIZE_POINTS = 8.5
# Fixed margins, so that the axes of figures that stand one above the other line up.
MARGIN_POINTS = {"left": 38.0, "right": 12.0, "top": 26.0, "bottom": 36.0}
FAINT = 0.16
LEGEND_LINE_POINTS = 14.0
LEGEND_PAD_POINTS = 7.0
# A key and the gaps around it, and one character of its name, in a row of several.
LEGEND_KEY_POINTS = 42.0
LEGEND_CHARACTER_POINTS = 5.4
# Data keep at least this much of the height: half.
MOST_ROOM = 0.5
LONGEST_LEGEND = 48


@contextmanager
def plot_style() -> Iterator[None]:
    """Draw with matplotlib's defaults and small type, whatever the session has set; restore its settings afterwards.

    Yields
    ------
    None
        Nothing; the settings hold inside the `with` block.

    Examples
    --------
    >>> import matplotlib
    >>> from riskresearch.plots import plot_style
    >>> before = matplotlib.rcParams["font.size"]
    >>> with plot_style():
    ...     inside = matplotlib.rcParams["font.size"]
    >>> inside, matplotlib.rcParams["font.size"] == before
    (8.5, True)
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({"font.size": FONT_SIZE_POINTS, "text.parse_math": False})
        yield


def blank_axes(*, width: float = 600.0, height: float = 240.0, fit_labels: bool = False) -> Axes:
    """Make one Axes on a new transparent figure that pyplot does not know, for files rather than screens.

    Parameters
    ----------
    width, height : float
        Size of the figure in points (1/72 inch).
    fit_labels : bool
        Let the labels decide the margins. By default the margins are fixed, so that the axes of several figures
        line up.

    Returns
    -------
    matplotlib.axes.Axes
        The only Axes of its figure.

    Examples
    --------
    >>> from riskresearch.plots import blank_axes
    >>> ax = blank_axes(width=360, height=180)
    >>> ax.figure.get_size_inches().tolist()
    [5.0, 2.5]
    """
    size = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    figure = Figure(figsize=size, dpi=POINTS_PER_INCH, layout="constrained" if fit_labels else None)
    figure.patch.set_alpha(0.0)
    if not fit_labels:
        figure.subplots_adjust(
            left=MARGIN_POINTS["left"] / width,
            right=1.0 - MARGIN_POINTS["right"] / width,
            top=1.0 - MARGIN_POINTS["top"] / height,
            bottom=MARGIN_POINTS["bottom"] / height,
        )
    ax = figure.add_subplot()
    ax.patch.set_alpha(0.0)
    return ax


def axes_or_new(ax: Axes | None, *, width: float = 600.0, height: float = 260.0) -> Axes:
    """Return `ax`, or the Axes of a new pyplot figure of that size in points."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt  # noqa: PLC0415 - pyplot costs more than pandas and picks a window system

    size = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    return plt.subplots(figsize=size, layout="constrained")[1]


def dress(ax: Axes, *, grid: str = "y") -> None:
    """Keep only the bottom spine and a faint grid along `grid`."""
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_alpha(0.5)
    ax.tick_params(axis="y", length=0.0)
    ax.tick_params(axis="x", length=3.0, width=0.6)
    ax.set_axisbelow(True)
    if grid in ("x", "y"):
        ax.grid(
            visible=True, axis="x" if grid == "x" else "y", color=ax.xaxis.label.get_color(), alpha=FAINT, linewidth=0.6
        )


def axes_size_points(ax: Axes) -> tuple[float, float]:
    """Return width and height of the axes; what a layout that fits labels makes of them is known only when drawn."""
    scale = POINTS_PER_INCH / ax.figure.dpi
    return float(ax.bbox.width) * scale, float(ax.bbox.height) * scale


def make_room(ax: Axes, points: float, *, below: bool = False) -> None:
    """Stretch the vertical axis so that this much of its height, above or below, is free of data."""
    share = min(points / axes_size_points(ax)[1], MOST_ROOM)
    scale = ax.yaxis.get_transform()
    lowest, highest = scale.transform(np.array(ax.get_ylim()))
    room = share / (1.0 - share) * (highest - lowest)
    ends = scale.inverted().transform(np.array([lowest - room, highest] if below else [lowest, highest + room]))
    ax.set_ylim(float(ends[0]), float(ends[1]))


def name_value_axis(ax: Axes, text: str) -> None:
    """Write the name of the vertical axis horizontally above its end, to save width."""
    ax.set_ylabel(text, rotation=0.0, horizontalalignment="left", verticalalignment="bottom")
    ax.yaxis.set_label_coords(0.0, 1.04)


def count_on_value_axis(ax: Axes) -> None:
    """Label the vertical axis with whole numbers."""
    ax.yaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def label_time_axis(ax: Axes, index: pd.Index) -> None:
    """Label the horizontal axis with the name of the index, and format its dates briefly."""
    if isinstance(index, pd.DatetimeIndex | pd.PeriodIndex):
        locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]
        ax.set_xlabel("Date")
    else:
        ax.set_xlabel("Observation")
    ax.margins(x=0.01)


def positions(index: pd.Index) -> np.ndarray:
    """Return the horizontal positions for matplotlib: datetimes without zone, or the index itself."""
    times = dated_index(index)
    if times is not None:
        return np.asarray(times.tz_localize(None).to_numpy())
    where = np.asarray(index.to_numpy())
    if where.dtype.kind in "OUbcmV" and not all(isinstance(label, str | date) for label in where):
        raise InvalidInputError(
            f"what is drawn must be indexed by dates, numbers or text, got an index of {index.dtype} that starts with "
            f"{index[0]!r}."
        )
    return where


def columns_of(data: pd.Series | pd.DataFrame, name: str) -> pd.DataFrame:
    """Return `data` as a frame of floats with one column per line, or raise if it cannot be drawn."""
    data = as_pandas(data, name=name)
    if not isinstance(data, pd.Series | pd.DataFrame):
        raise InvalidInputError(f"{name} must be a Series or a DataFrame, got {shown_class(data)}.")
    frame = data.to_frame("" if data.name is None else data.name) if isinstance(data, pd.Series) else data
    if frame.shape[0] == 0 or frame.shape[1] == 0:
        raise InvalidInputError(f"{name} must hold at least one value to draw, got shape {data.shape}.")
    if not all(is_number(dtype) for dtype in frame.dtypes):
        refuse_columns(data, name=name)
    return frame.astype(float)


def shortened(name: object, most: int) -> str:
    """Return the name as text, truncated to `most` characters."""
    text = str(name)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def write_legend(
    ax: Axes,
    handles: Sequence[Artist],
    names: Sequence[object],
    *,
    location: Literal["upper left", "lower left"],
    room: bool = False,
    most_lines: int = 2,
    down: float = 0.0,
) -> None:
    """Set the names of lines literally: without mathematics in `$`, and shown even if they start with an underscore.

    More than `most_lines` names stand in columns, as far as they fit. With `room`, the vertical axis is stretched so
    that they cover no data. The legend stands `down` points below its corner.
    """
    if not any(str(name) for name in names):
        return
    shown = [shortened(name, LONGEST_LEGEND) for name in names]
    columns = 1
    if len(names) > most_lines:
        widest = LEGEND_KEY_POINTS + LEGEND_CHARACTER_POINTS * max(len(name) for name in shown)
        columns = min(max(int(axes_size_points(ax)[0] // widest), 1), len(names))
    if room:
        lines = -(-len(names) // columns)
        make_room(ax, LEGEND_LINE_POINTS * lines + LEGEND_PAD_POINTS, below=location == "lower left")
    lower = ScaledTranslation(0.0, -down / POINTS_PER_INCH, ax.figure.dpi_scale_trans)
    legend = ax.legend(
        handles,
        [str(number) for number in range(len(names))],
        loc=location,
        ncols=columns,
        frameon=False,
        bbox_to_anchor=(0.0, 0.0, 1.0, 1.0),
        bbox_transform=ax.transAxes + lower,
    )
    for text, name in zip(legend.get_texts(), shown, strict=True):
        text.set_text(name)
        text.set_parse_math(False)
