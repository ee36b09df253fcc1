"""Figures as SVG elements of an HTML page: reproducible bytes, the colours and fonts of the page, unique ids."""

import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
from typing import Any

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from riskresearch.core import InvalidInputError
from riskresearch.core.output._visible_text import visible_text

NAMESPACE = "http://www.w3.org/2000/svg"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_FONT_FAMILY = re.compile(r"font-family:[^;]*;?\s*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def figure_to_svg(figure: Figure, *, name: str, description: str) -> str:
    """Return a figure as an SVG element for an HTML page.

    Black becomes the colour of the surrounding text, so a dark page needs no second figure. Text stays text in the
    page's own font. The same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn inside `plot_style`, or in any colours; black is the colour that adapts.
    name : str
        Letters, digits, "-" and "_"; starts every id in the SVG, so it must differ between the figures of a page.
    description : str
        What the figure shows, for those who can't see it.

    Returns
    -------
    str
        One `svg` element, without XML declaration, style sheet or metadata.

    Raises
    ------
    InvalidInputError
        If `name` holds other characters.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.plots import blank_axes, figure_to_svg, plot_growth
    >>> ax = plot_growth(pd.Series([1.0, 1.1]), ax=blank_axes())
    >>> figure_to_svg(ax.figure, name="growth", description="Growth of 1")[:22]
    '<svg viewBox="0 0 600 '
    """
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            f"name must hold only letters, digits, '-' and '_', and start with a letter, got {name!r}."
        )
    root = ElementTree.fromstring(visible_text(_drawn(figure)))
    parents = list(root.iter())
    used = _references(parents)
    for parent in parents:
        for child in [child for child in parent if child.tag.endswith(("}style", "}metadata"))]:
            parent.remove(child)
    for element in root.iter():
        _rewrite(element, name, used)
    _drop_empty(root)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "xmlns": NAMESPACE,
        "role": "img",
        "aria-label": visible_text(description),
        "fill": "currentColor",
        "stroke-linejoin": "round",
    }
    return ElementTree.tostring(root, encoding="unicode")


def _drawn(figure: Figure) -> str:
    buffer = io.StringIO()
    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "riskresearch",
        "path.simplify": True,
        "path.simplify_threshold": 0.2,
    }
    no_metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        # The reader's browser has the glyph that matplotlib's own font may lack.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        canvas, dpi = figure.canvas, figure.dpi
        try:  # savefig would draw twice where there is a layout
            FigureCanvasSVG(figure).print_svg(buffer, metadata=no_metadata)  # type: ignore[no-untyped-call]
        finally:
            figure.set_canvas(canvas)
            figure.dpi = dpi
    return buffer.getvalue()


def _references(elements: list[ElementTree.Element]) -> set[str]:
    used: set[str] = set()
    for element in elements:
        for key, value in element.attrib.items():
            if key.endswith("href"):
                used.add(value.removeprefix("#"))
            used.update(_REFERENCE.findall(value))
    return used


def _rewrite(element: ElementTree.Element, name: str, used: set[str]) -> None:
    """Remove namespaces, unused ids, fonts and white space, prefix used ids, and replace black by the text colour."""
    element.tag = element.tag.rpartition("}")[2]
    attributes = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    if attributes.get("id") not in used:
        attributes.pop("id", None)
    for key, value in attributes.items():
        if key == "id":
            value = f"{name}-{value}"
        elif key == "href":
            value = f"#{name}-{value.removeprefix('#')}"
        elif key == "style":
            value = _FONT_FAMILY.sub("", value).replace("#000000", "currentColor").replace("; ", ";").replace(": ", ":")
        elif key == "d":
            value = " ".join(value.split())
        elif key == "transform":
            value = re.sub(r"^rotate\(-?0 [^)]*\)$", "", value)
        if key not in ("id", "href"):
            value = _REFERENCE.sub(rf"url(#{name}-\1)", value)
            value = _NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), value)
        attributes[key] = value
    element.attrib = {key: value for key, value in attributes.items() if value}
    if element.tag != "text":
        element.text = None
    element.tail = None


def _drop_empty(element: ElementTree.Element) -> None:
    """Remove empty groups and definitions, and unwrap groups that contain only groups."""
    kept: list[ElementTree.Element] = []
    for child in element:
        _drop_empty(child)
        if child.tag == "g" and not child.attrib:
            kept += list(child)
        elif child.tag != "defs" or len(child):
            kept.append(child)
    for child in list(element):
        element.remove(child)
    element.extend(kept)
