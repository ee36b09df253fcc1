"""What is written above the axes: the name of the value axis and, over it, the title.

Matplotlib places titles above every Axes inside an Axes, each time it draws. So an empty Axes covers the name of the
value axis, and no title is printed over it, whoever sets it and whenever.
"""

import math
import textwrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox, ScaledTranslation

from riskresearch.plots._style import FONT_SIZE_POINTS, POINTS_PER_INCH, TITLE_PAD_POINTS, TITLE_SIZE_POINTS

NAME_OFFSET_POINTS = 5.0
EDGE_POINTS = 3.0


class Line:
    """A text that is broken into several lines where the figure is too narrow for one."""

    def __init__(self, artist: Text, text: str) -> None:
        self.artist, self.text, self.shown = artist, text, artist.get_text()

    @property
    def is_ours(self) -> bool:
        """Whether the user has not set another text since."""
        return self.artist.get_text() == self.shown != ""

    def fit(self, room: float, renderer: Any) -> None:
        """Break the text so that it is at most `room` pixels wide; leave a user's own text alone."""
        if not self.is_ours:
            return
        self.artist.set_text(self.text)
        width = self.artist.get_window_extent(renderer).width
        if width > room > 0.0:
            most = max(int(len(self.text) * room / width), 1)
            even = max(math.ceil(len(self.text) / math.ceil(width / room)) + 4, 1)
            lines = textwrap.wrap(self.text, min(most, even))
            self.artist.set_text("\n".join(lines))
        self.shown = self.artist.get_text()

    def remove(self) -> None:
        self.artist.set_text("")
        self.shown = ""


class Header:
    """The locator of the empty Axes, which matplotlib calls before it places titles, lays out and draws."""

    def __init__(self, ax: Axes) -> None:
        self.ax = ax
        self.name: Line | None = None
        self.title: Line | None = None
        self.beside = ("", "")

    def __call__(self, _: object, renderer: Any) -> Bbox:
        ax = self.ax
        if self.title is not None and self.title.is_ours and other_titles(ax) != self.beside:
            self.title.remove()  # for that of the user
        right = ax.figure.bbox.x1 - EDGE_POINTS * ax.figure.dpi / POINTS_PER_INCH
        for line in (self.name, self.title):
            if line is not None:
                line.fit(right - ax.bbox.x0, renderer)
        top, label = ax.bbox.y1, ax.yaxis.label
        if label.get_visible() and label.get_text():
            box = label.get_window_extent(renderer)
            top = max(top, box.y1) if box.y0 >= top else top
        above = Bbox.from_extents(ax.bbox.x0, ax.bbox.y1 - 1.0, ax.bbox.x1, top)
        return Bbox(above.transformed(ax.figure.transSubfigure.inverted()).get_points())


def header_of(ax: Axes) -> Header:
    """Return the header of an Axes, made with the first name or title."""
    for child in ax.child_axes:
        found = child.get_axes_locator()
        if isinstance(found, Header):
            return found
    empty, header = ax.inset_axes((0.0, 1.0, 1.0, 0.1)), Header(ax)
    empty.set(xticks=[], yticks=[], navigate=False)
    empty.set_axis_off()
    empty.set_axes_locator(header)
    return header


def name_value_axis(ax: Axes, text: str) -> None:
    """Write the name of the vertical axis horizontally above its end, to save width."""
    label = ax.set_ylabel(
        text, rotation=0.0, horizontalalignment="left", verticalalignment="bottom", parse_math=False,
        fontsize=FONT_SIZE_POINTS,
    )  # fmt: skip
    offset = ScaledTranslation(0.0, NAME_OFFSET_POINTS / POINTS_PER_INCH, ax.figure.dpi_scale_trans)
    ax.yaxis.set_label_coords(0.0, 1.0, transform=ax.transAxes + offset)
    header_of(ax).name = Line(label, text)


def write_title(ax: Axes, title: str | None) -> None:
    """Write what the figure shows above everything else, on the left; a title that the user sets later replaces it."""
    if title is None:
        return
    artist = ax.set_title(
        title, loc="left", pad=TITLE_PAD_POINTS, fontsize=TITLE_SIZE_POINTS, fontweight="bold", parse_math=False
    )
    header = header_of(ax)
    header.title, header.beside = Line(artist, title), other_titles(ax)


def other_titles(ax: Axes) -> tuple[str, str]:
    """Return the titles in the middle and on the right, where the user may have set one instead of ours."""
    return ax.get_title("center"), ax.get_title("right")
