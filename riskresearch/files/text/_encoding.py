"""The text of a file as UTF-8 with line feeds, and the encoding it was stored in."""

import codecs

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
_ONE_BYTE = "cp1252"
_CONTROL = bytes(range(8)) + bytes(range(14, 27))
_OF_WINDOWS = "Windows-1252"


def as_utf8(source: Source, encoding: str | None = None) -> tuple[Source, str, tuple[Step, ...]]:
    """Return the source with its text in UTF-8, the encoding it was stored in, and what was decided."""
    with source.open() as stream:
        start = stream.read(START_BYTES)
    stored = encoding or _by_mark(start)
    if stored is None:
        ascii_only, zeros, lone_returns = _survey(source)
        if zeros:
            raise _no_text(source.name, "it has zero bytes")
        if ascii_only or _is_utf8(source):
            _refuse_control(start, source.name)
            return (_with_feeds(source) if lone_returns else source), "UTF-8", ()
        content = source.read()
        try:
            text, stored = content.decode(_ONE_BYTE), _OF_WINDOWS
        except UnicodeDecodeError:
            text, stored = content.decode("latin-1"), "Latin-1"
        reason = 'no valid UTF-8; encoding="..." (--encoding) reads it otherwise if names look wrong'
    else:
        text, reason = _decoded(source, stored), "as stated" if encoding else "by its mark or its zero bytes"
    _refuse_control(text[:START_BYTES].encode("utf-8", "replace"), source.name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise _no_text(source.name, "it has zero bytes")
    return source.with_content(text.encode("utf-8", "replace")), stored, (Step("encoding", stored, reason),)


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


def _survey(source: Source) -> tuple[bool, bool, bool]:
    """Return whether the bytes are ASCII only, whether some are zero, and whether a line ends in a carriage return."""
    ascii_only, zeros, returns, before_feeds, last = True, False, 0, 0, b""
    with source.open() as stream:
        while part := stream.read(PART_BYTES):
            ascii_only = ascii_only and part.isascii()
            zeros = zeros or b"\0" in part
            if b"\r" in part:
                returns += part.count(b"\r")
                before_feeds += part.count(b"\r\n")
            before_feeds += last == b"\r" and part.startswith(b"\n")
            last = part[-1:]
    return ascii_only, zeros, returns != before_feeds


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


def _with_feeds(source: Source) -> Source:
    return source.with_content(source.read().replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


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
    if len(start.translate(None, _CONTROL)) < len(start):
        raise _no_text(name, "it holds control characters")


def _no_text(name: str, why: str) -> InvalidInputError:
    return InvalidInputError(
        f"{name} is no table of a known kind: {why}, so it is neither text nor Excel, Parquet, Arrow or JSON."
    )
