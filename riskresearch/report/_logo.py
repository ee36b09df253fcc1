"""A picture for the head of the page, embedded as a data URI after its content was checked."""

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

from riskresearch.core import InvalidInputError

MOST_BYTES = 500_000
MOST_PIXELS = 4_000
"""Along each side."""
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg"}
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = frozenset(
    "svg g path rect circle ellipse line polyline polygon text tspan defs linearGradient radialGradient stop clipPath "
    "mask title desc metadata symbol use".split()
)
"""Elements of an SVG that draw and do nothing else: no script, style sheet, animation, picture or foreign content."""
ELSEWHERE = re.compile(r"javascript:|data:|//|@import|expression\(|url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
"""What leads from an attribute to something outside the file, or runs."""


def logo_uri(path: str | Path) -> str:
    """Return a PNG, JPEG or plain SVG file as a data URI.

    Raises
    ------
    InvalidInputError
        If it cannot be read, is none of these by its content, too large, damaged, or an SVG that does more than draw.
    """
    file = Path(path)
    try:
        if not file.is_file():
            raise InvalidInputError(f"logo must be a picture, PNG, JPEG or SVG, got {str(path)!r}, which is no file.")
        if file.stat().st_size > MOST_BYTES:
            raise InvalidInputError(
                f"logo must have at most {MOST_BYTES // 1000} kB, for it is part of the page, got {file.name} of "
                f"{file.stat().st_size / 1000:,.0f} kB. Save it smaller."
            )
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"cannot read the logo {str(path)!r}: {error.strerror or error}.") from error
    kind = _checked_kind(content, file.name)
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _checked_kind(content: bytes, name: str) -> str:
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _checked_raster(content, name)
    if re.match(rb"\s*(<\?xml|<!--|<!DOCTYPE|<svg)", content.removeprefix(b"\xef\xbb\xbf")):
        _check_svg(content, name)
        return "image/svg+xml"
    raise InvalidInputError(f"logo must be a PNG, JPEG or SVG picture by its content, which {name} is not.")


def _checked_raster(content: bytes, name: str) -> str:
    from PIL import Image  # noqa: PLC0415 (only where there is a logo; matplotlib brings it)

    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as picture:
            if max(picture.size) > MOST_PIXELS:
                raise InvalidInputError(
                    f"logo must have at most {MOST_PIXELS:,} pixels along each side, got {name} of "
                    f"{picture.size[0]:,} by {picture.size[1]:,}."
                )
            picture.load()
            return FORMATS[str(picture.format)]
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInputError(f"logo must be a whole picture, but {name} is damaged: {error}.") from error


def _check_svg(content: bytes, name: str) -> None:
    if b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        raise _not_plain(name, "entities or a style sheet")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise InvalidInputError(f"logo must be a whole picture, but {name} is no valid SVG: {error}.") from error
    if root.tag != f"{SVG}svg":
        raise InvalidInputError(f"logo must be a PNG, JPEG or SVG picture by its content, which {name} is not.")
    for element in root.iter():
        tag = str(element.tag)
        if tag.startswith(SVG) and tag.removeprefix(SVG) not in SHAPES:
            raise _not_plain(name, f"<{tag.removeprefix(SVG)}>")
        for attribute, value in element.attrib.items():
            short = attribute.rpartition("}")[2]
            if short.lower().startswith("on"):
                raise _not_plain(name, f"the attribute {short}")
            if short == "href" and not value.startswith("#"):
                raise _not_plain(name, f"a reference to {value[:60]!r}")
            if tag.startswith(SVG) and ELSEWHERE.search(value):
                raise _not_plain(name, f"{short}={value[:60]!r}")


def _not_plain(name: str, what: str) -> InvalidInputError:
    return InvalidInputError(
        f"logo must be an SVG that only draws, but {name} has {what}. Save it as plain SVG with paths, or as PNG."
    )
