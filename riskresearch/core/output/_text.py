"""Text that can be written to every stream.

Under a C locale Python decodes bytes beyond ASCII in arguments and file names to lone surrogates, which UTF-8 cannot
encode.
"""

from __future__ import annotations

import re
from typing import TextIO

_LONE = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    """Return text with its lone surrogates decoded from UTF-8, or replaced if that fails."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        try:
            return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        except UnicodeEncodeError:  # surrogates that stand for no byte
            return _LONE.sub("\ufffd", text)
    return text


def shortened(text: object, most: int) -> str:
    """Return the text, cut to `most` characters with an ellipsis as the last."""
    whole = str(text)
    return whole if len(whole) <= most else f"{whole[: most - 1]}…"


def write_line(line: str, stream: TextIO) -> None:
    """Write a line, with escapes for characters that the encoding of the stream lacks."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(readable(line).encode(encoding, "backslashreplace").decode(encoding), file=stream)
