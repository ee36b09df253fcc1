"""Cells of a heat map: their colours, as many labels and numbers as are readable, and a colour bar."""

import textwrap
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize, to_rgb
from matplotlib.ticker import FuncFormatter, MaxNLocator

from riskresearch.plots._canvas import axes_size_points, every, settle, short_names
from riskresearch.plots._style import FONT_SIZE_POINTS, GAIN, HAIRLINE, LOSS, dress

# Opaque enough to see, clear enough to read the number through, on white and on dark.
WEAKEST, STRONGEST = 0.06, 0.65
LONGEST_LABEL = 16
LONGEST_LEVEL_LABEL = 6
CHARACTER_POINTS = 5.3
LABEL_POINTS = 9.5
NUMBER_SIZE_POINTS = 7.0
NUMBER_CHARACTER_POINTS = 4.5
MOST_NUMBERS = 1_000
# Fewer than 50 colours, for matplotlib turns more of them into an image, which a page in SVG cannot recolour.
BAR_COLOURS = 24
MINUS = "\u2212"


class Scale(NamedTuple):
    """From which number to which one the colours go; around 0 if both signs occur."""

    lowest: float
    highest: float

    def colours(self, values: np.ndarray) -> np.ndarray:
        """Return red, green, blue and opacity of each number; numbers that are missing have no colour."""
        known = np.clip(np.nan_to_num(values), self.lowest, self.highest)
        if self.lowest < 0.0 < self.highest:
            opacity = STRONGEST * np.abs(known) / max(-self.lowest, self.highest)
            is_loss = known < 0.0
        else:
            span = self.highest - self.lowest
            share = np.abs(known - (self.highest if self.highest <= 0.0 else self.lowest)) / (span or 1.0)
            opacity = WEAKEST + (STRONGEST - WEAKEST) * (share if span else np.full(known.shape, 0.5))
            is_loss = np.full(known.shape, self.lowest < 0.0)
        rgb = np.where(is_loss[..., None], to_rgb(LOSS), to_rgb(GAIN))
        return np.concatenate([rgb, np.where(np.isnan(values), 0.0, opacity)[..., None]], axis=-1)


def scale_of(values: np.ndarray) -> Scale:
    """Return the scale from the smallest to the largest finite number."""
    finite = values[np.isfinite(values)]
    return Scale(float(finite.min()), float(finite.max())) if finite.size else Scale(0.0, 1.0)


def draw_cells(ax: Axes, frame: pd.DataFrame, scale: Scale) -> None:
    """Draw one coloured cell for each number, and name rows and columns as far as the names fit."""
    n_rows, n_columns = frame.shape
    dress(ax, grid="none")
    ax.spines["bottom"].set_visible(False)
    ax.pcolormesh(np.arange(n_columns + 1) - 0.5, np.arange(n_rows + 1) - 0.5, scale.colours(frame.to_numpy()))
    ax.tick_params(length=0.0, labeltop=True, labelbottom=False)
    if not ax.yaxis_inverted():
        ax.invert_yaxis()
    _name_cells(ax, frame)
    settle(ax)
    _name_cells(ax, frame)


def write_numbers(ax: Axes, frame: pd.DataFrame, *, decimals: int, most: int = MOST_NUMBERS) -> bool:
    """Write the numbers into their cells if all fit and are not too many to read, and return whether they do."""
    numbers = {
        place: f"{value:.{decimals}f}".replace("-", MINUS)
        for place, value in np.ndenumerate(frame.to_numpy())
        if np.isfinite(value)
    }
    width, height = _cell_points(ax, frame)
    longest = max((len(number) for number in numbers.values()), default=0)
    if len(numbers) > most or width < NUMBER_CHARACTER_POINTS * longest + 2.0 or height < NUMBER_SIZE_POINTS + 2.0:
        return False
    for (row, column), number in numbers.items():
        ax.text(
            column, row, number, horizontalalignment="center", verticalalignment="center", fontsize=NUMBER_SIZE_POINTS
        )
    return True


def write_colour_bar(ax: Axes, scale: Scale, label: str) -> None:
    """Draw the colours with their numbers to the right of the axes."""
    half = max(-scale.lowest, scale.highest)
    both = scale.lowest < 0.0 < scale.highest
    low, high = (-half, half) if both else scale
    levels = np.linspace(low, high, BAR_COLOURS) if high > low else np.full(1, low)
    mapped = ScalarMappable(Normalize(low, high if high > low else low + 1.0), ListedColormap(scale.colours(levels)))
    bar = ax.figure.colorbar(mapped, ax=ax, fraction=0.05, pad=0.02, aspect=25, ticks=MaxNLocator(5))
    bar.ax.patch.set_alpha(0.0)
    bar.outline.set(linewidth=HAIRLINE, alpha=0.3)
    bar.ax.tick_params(length=0.0, labelsize=FONT_SIZE_POINTS)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}".replace("-", MINUS)))
    most = max(int(axes_size_points(ax)[1] / CHARACTER_POINTS), LONGEST_LABEL)
    bar.set_label(textwrap.fill(label, most), fontsize=FONT_SIZE_POINTS, parse_math=False)


def _name_cells(ax: Axes, frame: pd.DataFrame) -> None:
    width, height = _cell_points(ax, frame)
    columns, rows = (short_names(list(labels), LONGEST_LABEL) for labels in (frame.columns, frame.index))
    longest = max(len(name) for name in columns)
    flat = CHARACTER_POINTS * (longest + 1)
    upright = flat > width and longest > LONGEST_LEVEL_LABEL
    ax.tick_params(axis="x", labelrotation=90.0 if upright else 0.0)
    shown = every(len(columns), (LABEL_POINTS if upright else flat) / width)
    ax.set_xticks(shown, [columns[place] for place in shown], parse_math=False)
    shown = every(len(rows), LABEL_POINTS / height)
    ax.set_yticks(shown, [rows[place] for place in shown], parse_math=False)


def _cell_points(ax: Axes, frame: pd.DataFrame) -> tuple[float, float]:
    width, height = axes_size_points(ax)
    return width / frame.shape[1], height / frame.shape[0]
