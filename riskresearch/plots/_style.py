"""The style of every figure, for the functions of this package and for a user's own Axes."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import shown

# The colours have a contrast of 3 or more on light and dark pages, and colour-blind readers distinguish them.
# The first line is the portfolio, the second its benchmark.
LINE_COLOURS = ("#2b7bba", "#c8641b", "#0f8f6b", "#b8669a", "#a07d12", "#8a6fd1")

# Once the colours are used up.
LINE_STYLES = ("-", "--", ":")

GAIN = "#2b7bba"
LOSS = "#c8641b"

POINTS_PER_INCH = 72.0
FONT_SIZE_POINTS = 8.5
TITLE_SIZE_POINTS = 9.5
TITLE_PAD_POINTS = 5.0
FAINT = 0.16
TICK_POINTS = 3.0
TICK_PAD_POINTS = 3.5
HAIRLINE = 0.6
SPINE_OPACITY = 0.5
WIDTH_POINTS, HEIGHT_POINTS = 600.0, 260.0

HOUSE: dict[str, Any] = {
    "font.size": FONT_SIZE_POINTS,
    "text.parse_math": False,
    "axes.titlesize": TITLE_SIZE_POINTS,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": TITLE_PAD_POINTS,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.prop_cycle": cycler(color=LINE_COLOURS),
    "grid.alpha": FAINT,
    "grid.linewidth": HAIRLINE,
    "xtick.major.size": TICK_POINTS,
    "xtick.major.width": HAIRLINE,
    "ytick.major.size": 0.0,
    "ytick.minor.size": 0.0,
    "lines.linewidth": 1.2,
    "legend.frameon": False,
    "figure.figsize": (WIDTH_POINTS / POINTS_PER_INCH, HEIGHT_POINTS / POINTS_PER_INCH),
    "figure.constrained_layout.use": True,
}
# What a session sets for its page and its language stays: a dark page, a font with the glyphs of its names.
OF_THE_SESSION = (
    "figure.dpi",
    "figure.facecolor",
    "axes.facecolor",
    "font.family",
    "font.sans-serif",
    "font.serif",
    "font.monospace",
)
INKS = ("text.color", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color", "grid.color")

P = ParamSpec("P")
settings: Any = matplotlib.rcParams  # typed by name, which a table of settings is not


@contextmanager
def plot_style() -> Iterator[None]:
    """Draw in the style of this package, whatever the session has set; restore its settings afterwards.

    The functions of `riskresearch.plots` and the `plot` methods of results need no such block: they draw in this style
    by themselves, on the page colour and in the font of the session. It is for Axes that you draw on yourself: small
    type, bold titles on the left, a faint grid, the palette of this package, and labels that fit the figure.

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

    With pyplot:

    >>> import matplotlib.pyplot as plt
    >>> with plot_style():
    ...     figure, ax = plt.subplots()
    ...     bars = ax.bar(["2008", "2020"], [50, 34])
    ...     title = ax.set_title("Worst loss of the year (%)")
    >>> plt.close(figure)
    """
    interactive = settings["interactive"]
    try:
        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            settings.update(HOUSE)
            try:
                yield
            finally:
                interactive = settings["interactive"]
    finally:
        # The first figure of a notebook picks the backend, which turns this on: off again, no later figure would show.
        settings["interactive"] = interactive


def in_house_style(draw: Callable[P, Axes]) -> Callable[P, Axes]:
    """Let a function with the keyword `ax` draw in the style, in the text colour of `ax` or of the session."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Axes:
        ax = kwargs.get("ax")
        if ax is not None and not isinstance(ax, Axes):
            several = " Pass one of them: axes[0]." if isinstance(ax, list | tuple | np.ndarray) else ""
            raise InvalidInputError(f"ax must be one Axes of matplotlib, got {shown(ax)}.{several}")
        ink = settings["axes.labelcolor"] if ax is None else ax.xaxis.label.get_color()
        kept = {name: settings[name] for name in OF_THE_SESSION}
        with plot_style(), warnings.catch_warnings():
            # Texts are only measured here: whoever draws them is warned, and a page in SVG has fonts of its own.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            settings.update(kept)
            settings.update(dict.fromkeys(INKS, ink))
            return draw(*args, **kwargs)

    return drawn


def dress(ax: Axes, *, grid: str = "y") -> None:
    """Keep only the bottom spine and a faint grid along `grid`, and set the type of what is written at the axes.

    Ticks are made when a figure is drawn, outside the style, so that everything about them is set here.
    """
    ink = settings["axes.labelcolor"]
    for side, spine in ax.spines.items():
        spine.set_visible(side == "bottom")
    ax.spines["bottom"].set(edgecolor=ink, linewidth=HAIRLINE + 0.2, alpha=SPINE_OPACITY)
    set_type(ax)
    ax.tick_params(axis="x", length=TICK_POINTS, width=HAIRLINE)
    ax.set_axisbelow(True)
    ax.grid(visible=False, which="both")
    if grid in ("x", "y"):
        axis: Any = ax.xaxis if grid == "x" else ax.yaxis
        axis.grid(visible=True, color=ink, alpha=FAINT, linewidth=HAIRLINE, linestyle="-")


def set_type(ax: Axes) -> None:
    """Set size and colour of tick labels and of the names of both axes; ticks without length."""
    ink = settings["axes.labelcolor"]
    ax.tick_params(
        axis="both",
        which="both",
        length=0.0,
        pad=TICK_PAD_POINTS,
        labelsize=FONT_SIZE_POINTS,
        colors=ink,
        direction="out",
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set(fontsize=FONT_SIZE_POINTS, fontweight="normal", color=ink)
        axis.offsetText.set(fontsize=FONT_SIZE_POINTS, color=ink)
