"""Text that every page and terminal can hold.

Under a C locale Python reads bytes beyond ASCII, of arguments and of names of files, as lone surrogates, which UTF-8
refuses to write.
"""

from __future__ import annotations

import re
from typing import TextIO

_LONE = re.compile("[\ud800-\udfff]")


def readable(text: str) -> str:
    """Return text whose lone surrogates are the UTF-8 that their bytes are, or else marked as not readable."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        try:
            return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        except UnicodeEncodeError:  # surrogates that stand for no byte
            return _LONE.sub("\ufffd", text)
    return text


def write_line(line: str, stream: TextIO) -> None:
    """Write a line, with escapes for what the stream's encoding lacks."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(readable(line).encode(encoding, "backslashreplace").decode(encoding), file=stream)
