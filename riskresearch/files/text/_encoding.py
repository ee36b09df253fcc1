"""The text of a file as UTF-8 with line feeds, and the encoding it was stored in."""

import codecs
from dataclasses import dataclass

from riskresearch.core import InvalidInputError
from riskresearch.files._grid import Step
from riskresearch.files._limits import PART_BYTES
from riskresearch.files._source import START_BYTES, Source

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS_OF_UTF16 = 0.3
"""Least share of zero bytes in every second place of a UTF-16 text of numbers; the true share is about one."""
_CONTROL = bytes(range(8)) + bytes(range(14, 27))


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Hold a source whose text is in UTF-8, the encoding it was stored in, and what was decided."""

    text: Source
    encoding: str
    steps: tuple[Step, ...] = ()


def decoded(source: Source, encoding: str | None = None) -> Encoded:
    """Return the text in UTF-8 by its mark, its zero bytes or the encoding that is stated; else it may be UTF-8."""
    with source.open() as stream:
        start = stream.read(START_BYTES)
    stored = encoding or _by_mark(start)
    if stored is None:
        _refuse_control(start, source.name)
        return Encoded(source, "UTF-8")
    reason = "as stated" if encoding else "by its mark or its zero bytes"
    return _in_utf8(source, _decoded(source, stored), stored, reason)


def repaired(source: Source, *, lone_returns: bool) -> Encoded:
    """Return a text that is not ASCII, or whose lines end in carriage returns, in UTF-8 with line feeds."""
    if _is_utf8(source):
        content = source.read().replace(b"\r\n", b"\n").replace(b"\r", b"\n") if lone_returns else None
        return Encoded(source if content is None else source.with_content(content), "UTF-8")
    content = source.read()
    try:
        text, stored = content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        text, stored = content.decode("latin-1"), "Latin-1"
    return _in_utf8(
        source, text, stored, 'no valid UTF-8; encoding="..." (--encoding) reads it otherwise if names look wrong'
    )


def refuse_zeros(part: bytes, name: str) -> None:
    """Raise `InvalidInputError` if bytes that should be text hold zeros."""
    if b"\0" in part:
        raise _no_text(name, "it has zero bytes")


def _in_utf8(source: Source, text: str, stored: str, reason: str) -> Encoded:
    _refuse_control(text[:START_BYTES].encode("utf-8", "replace"), source.name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    refuse_zeros(content := text.encode("utf-8", "replace"), source.name)
    return Encoded(source.with_content(content), stored, (Step("encoding", stored, reason),))


def _by_mark(start: bytes) -> str | None:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    pairs = len(start) // 2
    if pairs:
        if start[1::2].count(0) >= _ZEROS_OF_UTF16 * pairs and not start[::2].count(0):
            return "utf-16-le"
        if start[::2].count(0) >= _ZEROS_OF_UTF16 * pairs and not start[1::2].count(0):
            return "utf-16-be"
    return None


def _is_utf8(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with source.open() as stream:
            while part := stream.read(PART_BYTES):
                decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(source: Source, encoding: str) -> str:
    content = source.read()
    try:
        return content.decode(encoding)
    except (LookupError, TypeError, ValueError) as error:
        if isinstance(error, UnicodeError):
            raise InvalidInputError(f"{source.name} is no text in {encoding}: {error}.") from error
        raise InvalidInputError(
            f"encoding (--encoding) must be the name of an encoding of text, such as utf-8 or cp1252, got {encoding!r}."
        ) from error


def _refuse_control(start: bytes, name: str) -> None:
    refuse_zeros(start, name)
    if len(start.translate(None, _CONTROL)) < len(start):
        raise _no_text(name, "it holds control characters")


def _no_text(name: str, why: str) -> InvalidInputError:
    return InvalidInputError(
        f"{name} is no table of a known kind: {why}, so it is neither text nor Excel, Parquet, Arrow or JSON."
    )
