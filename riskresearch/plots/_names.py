"""Names beside points, each where it covers no other name and no point."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from riskresearch.core.output._text import shortened
from riskresearch.plots._canvas import settle
from riskresearch.plots._style import POINTS_PER_INCH

LONGEST_NAME = 24
MARKER_POINTS = 3.0
# Tried in this order: right and left of the point, then above and below it, each further away.
DISTANCES_POINTS = (5.0, 11.0, 18.0, 27.0, 38.0)
DIRECTIONS = ((1.0, 0.6), (1.0, -0.6), (-1.0, 0.6), (-1.0, -0.6), (0.0, 1.0), (0.0, -1.0))
MOST_NAMES = 40
FAR_POINTS = 8.0


def write_names(ax: Axes, points: np.ndarray, names: Sequence[str]) -> None:
    """Write each name as near to its point as others leave room, joined by a line where it is not beside it.

    Of more than forty points those furthest from the middle are named, as far as there is room.
    """
    settle(ax)
    pixels = ax.figure.dpi / POINTS_PER_INCH
    where = ax.transData.transform(points)
    size = MARKER_POINTS * pixels
    taken = [Bbox.from_extents(x - size, y - size, x + size, y + size) for x, y in where]
    for number in _named(where):
        text = ax.annotate(
            shortened(names[number], LONGEST_NAME), tuple(points[number]), (0.0, 0.0), textcoords="offset points",
            parse_math=False,
        )  # fmt: skip
        box = text.get_window_extent()
        covered, offset, place = _free_place(where[number], box.width, box.height, pixels, taken, ax.bbox)
        if covered > 0.0 and len(where) > MOST_NAMES:
            text.remove()
            continue
        text.set_position(offset)
        taken.append(place)
        _join(ax, points[number], offset, box.width / pixels, box.height / pixels)


def _free_place(
    point: np.ndarray, width: float, height: float, pixels: float, taken: list[Bbox], bounds: Bbox
) -> tuple[float, tuple[float, float], Bbox]:
    """Return what a name covers at the first offset where that is nothing, or least; the offset and the place."""
    tried = []
    for offset in _offsets(width / pixels, height / pixels):
        corner = point + np.array(offset) * pixels
        place = Bbox.from_bounds(corner[0], corner[1], width, height)
        covered = _covered(place, taken) + _outside(place, bounds)
        if covered == 0.0:
            return covered, offset, place
        tried.append((covered, offset, place))
    return min(tried, key=lambda one: one[0])


def _join(ax: Axes, point: np.ndarray, offset: tuple[float, float], width: float, height: float) -> None:
    """Draw a line from a point to the nearest edge of its name, if that is not beside it."""
    near = np.clip(0.0, (offset[0], offset[1]), (offset[0] + width, offset[1] + height))
    if np.hypot(*near) <= FAR_POINTS:
        return
    arrow = {"arrowstyle": "-", "linewidth": 0.5, "alpha": 0.5, "shrinkA": 0.0, "shrinkB": MARKER_POINTS}
    ax.annotate("", tuple(point), (float(near[0]), float(near[1])), textcoords="offset points", arrowprops=arrow)


def _named(where: np.ndarray) -> np.ndarray:
    if len(where) <= MOST_NAMES:
        return np.arange(len(where))
    distance = np.abs(where - np.median(where, axis=0)).max(axis=1)
    return np.argsort(-distance, kind="stable")[:MOST_NAMES]


def _offsets(width: float, height: float) -> list[tuple[float, float]]:
    """Return where the lower left corner of a name may be, in points from its point."""
    offsets = []
    for distance in DISTANCES_POINTS:
        for right, up in DIRECTIONS:
            x = distance * right - (width if right < 0.0 else 0.5 * width if right == 0.0 else 0.0)
            offsets.append((x, distance * up - (height if up < 0.0 else 0.0)))
    return offsets


def _covered(wanted: Bbox, taken: list[Bbox]) -> float:
    area = 0.0
    for other in taken:
        common = Bbox.intersection(wanted, other)
        area += 0.0 if common is None else common.width * common.height
    return area


def _outside(wanted: Bbox, bounds: Bbox) -> float:
    common = Bbox.intersection(wanted, bounds)
    return wanted.width * wanted.height - (0.0 if common is None else common.width * common.height)
