"""Fixed margins of a figure, widened only where something would lie outside it."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.transforms import BboxBase

from riskresearch.plots._style import POINTS_PER_INCH

# So that the axes of figures that stand one above the other line up.
MARGIN_POINTS = {"left": 38.0, "right": 12.0, "top": 26.0, "bottom": 36.0}
EDGE_POINTS = 1.0
MOST_PASSES = 3
LEAST_AXES = 0.2
"""Of width and height, whatever the labels need."""


class FixedMargins(LayoutEngine):
    """The margins of this package, in points."""

    _adjust_compatible = True
    _colorbar_gridspec = True

    def execute(self, fig: Any) -> None:
        """Set the margins, and widen those that are too narrow for what is written in them."""
        margins = dict(MARGIN_POINTS)
        for _ in range(MOST_PASSES):
            set_margins(fig, margins)
            missing = _missing(fig)
            if not missing:
                return
            for side, points in missing.items():
                margins[side] += points


def set_margins(figure: Figure, margins: Mapping[str, float]) -> None:
    """Set the margins of a figure in points."""
    width, height = (POINTS_PER_INCH * inches for inches in figure.get_size_inches())
    shares = [margins["left"] / width, margins["right"] / width, margins["bottom"] / height, margins["top"] / height]
    if shares[0] + shares[1] > 1.0 - LEAST_AXES or shares[2] + shares[3] > 1.0 - LEAST_AXES:
        return
    figure.subplots_adjust(left=shares[0], right=1.0 - shares[1], bottom=shares[2], top=1.0 - shares[3])


def _missing(figure: Figure) -> dict[str, float]:
    """Return how many points each margin lacks."""
    scale = POINTS_PER_INCH / figure.dpi
    missing: dict[str, float] = {}
    for box in map(_box, figure.axes):
        if box is None:
            continue
        beyond = {
            "left": figure.bbox.x0 - box.x0, "right": box.x1 - figure.bbox.x1,
            "bottom": figure.bbox.y0 - box.y0, "top": box.y1 - figure.bbox.y1,
        }  # fmt: skip
        for side, pixels in beyond.items():
            if pixels > 0.0:
                missing[side] = max(missing.get(side, 0.0), pixels * scale + EDGE_POINTS)
    return missing


def _box(ax: Axes) -> BboxBase | None:
    """Return what may lie outside the figure: the vertical axis, which is cheap to measure, or all."""
    titled = any(ax.get_title(place) for place in ("left", "center", "right"))
    if titled or ax.xaxis.get_tick_params().get("labeltop"):
        return ax.get_tightbbox()
    return ax.yaxis.get_tightbbox()
