"""New Axes with or without pyplot, the data for them, their date axis and their legend."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

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
from riskresearch.core.output._text import shortened
from riskresearch.plots._margins import MARGIN_POINTS, FixedMargins, set_margins
from riskresearch.plots._style import HEIGHT_POINTS, POINTS_PER_INCH, WIDTH_POINTS

LEGEND_LINE_POINTS = 14.0
LEGEND_PAD_POINTS = 7.0
# A key and the gaps around it, and one character of its name, in a row of several.
LEGEND_KEY_POINTS = 42.0
LEGEND_CHARACTER_POINTS = 5.4
FEWEST_LETTERS = 3
# A number on the horizontal axis and the gap to the next one, and how many are enough.
NUMBER_POINTS = 46.0
MOST_NUMBERS = 9
ROW_LABEL_POINTS = 9.5
# Data keep at least this much of the height: half.
MOST_ROOM = 0.5
LONGEST_LEGEND = 48


def blank_axes(*, width: float = 600.0, height: float = 240.0, fit_labels: bool = False) -> Axes:
    """Make one Axes on a new transparent figure that pyplot does not know, for files rather than screens.

    Parameters
    ----------
    width, height : float
        Size of the figure in points (1/72 inch).
    fit_labels : bool
        Let the labels decide the margins. By default the margins are fixed, so that the axes of several figures
        line up, unless something would lie outside the figure.

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
    figure = Figure(figsize=size, dpi=POINTS_PER_INCH, layout="constrained" if fit_labels else FixedMargins())
    figure.patch.set_alpha(0.0)
    ax = figure.add_subplot()
    if not fit_labels:
        set_margins(figure, MARGIN_POINTS)
    ax.patch.set_alpha(0.0)
    return ax


def axes_or_new(ax: Axes | None, *, width: float = WIDTH_POINTS, height: float = HEIGHT_POINTS) -> Axes:
    """Return `ax`, or the Axes of a new pyplot figure of that size in points."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt  # noqa: PLC0415 - pyplot costs more than pandas and picks a window system

    size = (width / POINTS_PER_INCH, height / POINTS_PER_INCH)
    return plt.subplots(figsize=size, layout="constrained")[1]


def axes_size_points(ax: Axes) -> tuple[float, float]:
    """Return width and height of the axes; what a layout that fits labels makes of them is known only when drawn."""
    scale = POINTS_PER_INCH / ax.figure.dpi
    return float(ax.bbox.width) * scale, float(ax.bbox.height) * scale


def settle(ax: Axes) -> None:
    """Lay out the figure now, so that the size of the axes is known."""
    figure: Any = ax.figure
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure.figure)


def make_room(ax: Axes, points: float, *, below: bool = False) -> None:
    """Stretch the vertical axis so that this much of its height, above or below, is free of data."""
    share = min(points / axes_size_points(ax)[1], MOST_ROOM)
    scale = ax.yaxis.get_transform()
    lowest, highest = scale.transform(np.array(ax.get_ylim()))
    room = share / (1.0 - share) * (highest - lowest)
    ends = scale.inverted().transform(np.array([lowest - room, highest] if below else [lowest, highest + room]))
    ax.set_ylim(float(ends[0]), float(ends[1]))


class RoomyLocator(MaxNLocator):
    """Round numbers on a horizontal axis, as many as its length has room for."""

    def __init__(self) -> None:
        super().__init__(nbins=MOST_NUMBERS, steps=[1, 2, 2.5, 5, 10])

    def __call__(self) -> Any:
        axis: Any = self.axis
        room = int(axes_size_points(axis.axes)[0] / NUMBER_POINTS)
        self.set_params(nbins=min(max(room, 1), MOST_NUMBERS))
        return super().__call__()


def every(count: int, places: float) -> range:
    """Return which of `count` labels are written where each needs the room of so many."""
    return range(0, count, max(int(np.ceil(places)), 1))


def name_rows(ax: Axes, names: Sequence[object], longest: int) -> None:
    """Name rows at 0, 1, ... from the top, as many as have room."""
    texts = short_names(names, longest)
    ax.set_yticks(range(len(texts)), texts, parse_math=False)
    settle(ax)
    shown = every(len(texts), ROW_LABEL_POINTS * len(texts) / axes_size_points(ax)[1])
    ax.set_yticks(shown, [texts[place] for place in shown], parse_math=False)


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


def short_names(names: Sequence[object], most: int) -> list[str]:
    """Return names as texts of at most `most` characters, without their middle where their ends tell them apart."""
    texts = [str(name) for name in names]
    cut = [shortened(text, most) for text in texts]
    if len(set(cut)) == len(set(texts)):
        return cut
    head, tail = most - 1 - most // 2, most // 2
    return [text if len(text) <= most else f"{text[:head]}…{text[-tail:]}" for text in texts]


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

    More than `most_lines` names stand in columns, shortened rather than over half of the axes. With `room`, the
    vertical axis is stretched so that they cover no data. The legend stands `down` points below its corner.
    """
    if not any(str(name) for name in names):
        return
    shown = short_names(names, LONGEST_LEGEND)
    columns = 1
    width, height = axes_size_points(ax)
    most = max(int((MOST_ROOM * height - LEGEND_PAD_POINTS) / LEGEND_LINE_POINTS), 1)
    if len(names) > min(most_lines, most):
        widest = LEGEND_KEY_POINTS + LEGEND_CHARACTER_POINTS * max(len(name) for name in shown)
        columns = min(max(int(width // widest), 1), len(names))
        if -(-len(names) // columns) > most:
            columns = -(-len(names) // most)
            letters = int((width / columns - LEGEND_KEY_POINTS) / LEGEND_CHARACTER_POINTS)
            shown = short_names(names, max(letters, FEWEST_LETTERS))
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
