"""Packed files: gzip, bz2, xz, and zip archives with one table."""

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from riskresearch.core import InvalidInputError
from riskresearch.core.output._text import readable
from riskresearch.files._limits import PART_BYTES, check_size

_PACKED: tuple[tuple[bytes, str, Callable[..., Any]], ...] = (
    (b"\x1f\x8b", "gzip", gzip.open),
    (b"BZh", "bz2", bz2.open),
    (b"\xfd7zXZ\x00", "xz", lzma.open),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SIDE_FILES = ("readme", "license", "licence", "copyright", "terms", "disclaimer")
_ENCRYPTED = 0x1
_DEPTH = 2
_SHOWN = 8
DAMAGE = (
    zipfile.BadZipFile, EOFError, OSError, zlib.error, lzma.LZMAError, struct.error, LookupError, NotImplementedError,
    OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading a damaged archive may raise."""


def parts_of(stream: IO[Any], name: str) -> Iterator[bytes]:
    """Yield the content in pieces; too much of it is refused before it is in memory."""
    size = 0
    while part := stream.read(PART_BYTES):
        if isinstance(part, str):
            part = part.encode()
        size += len(part)
        check_size(size, name)
        yield part


def is_packed(start: bytes) -> bool:
    """Return whether a file of these first bytes may hold another one."""
    return start.startswith((*(magic for magic, _, _ in _PACKED), *_ZIP))


def unpacked(stream: IO[bytes], start: bytes, name: str, depth: int = 0) -> tuple[bytes, str] | None:
    """Return the content of the one table in a packed file and what it was packed in; None for a workbook."""
    if depth == _DEPTH:
        raise InvalidInputError(f"{name} is packed more than {_DEPTH} times. Unpack it first.")
    for magic, kind, opened in _PACKED:
        if start.startswith(magic):
            try:
                with opened(stream) as inside:
                    return _again(b"".join(parts_of(inside, name)), kind, name, depth)
            except InvalidInputError:
                raise
            except DAMAGE as error:
                raise InvalidInputError(
                    f"{name} is a damaged {kind} file: {error or 'its end is missing'}. Download it again."
                ) from error
    try:
        with zipfile.ZipFile(stream) as archive:
            if _is_workbook(archive.namelist()):
                return None
            member = _only_table(archive, name)
            with archive.open(member) as inside:
                content = b"".join(parts_of(inside, name))
            return _again(content, f"{readable(member.filename)} of a zip archive", name, depth)
    except InvalidInputError:
        raise
    except DAMAGE as error:
        raise InvalidInputError(f"{name} is a damaged zip archive: {error}. Download it again.") from error


def _again(content: bytes, kind: str, name: str, depth: int) -> tuple[bytes, str]:
    if not is_packed(content[:8]):
        return content, kind
    inner = unpacked(io.BytesIO(content), content[:8], name, depth + 1)
    return (content, kind) if inner is None else (inner[0], f"{inner[1]} in {kind}")


def _is_workbook(members: list[str]) -> bool:
    return any(
        member in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") or member.startswith("xl/worksheets/")
        for member in members
    )


def _only_table(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if _may_be_table(member)]
    if not members:
        raise InvalidInputError(f"{name} is a zip archive without a table.")
    if len(members) > 1:
        shown = ", ".join(readable(member.filename) for member in members[:_SHOWN])
        more = f" and {len(members) - _SHOWN:,} more" if len(members) > _SHOWN else ""
        raise InvalidInputError(
            f"{name} must hold one table, but has {len(members):,}: {shown}{more}. Unpack it and choose one of them."
        )
    if members[0].flag_bits & _ENCRYPTED:
        raise InvalidInputError(f"{name} is a zip archive with a password. Unpack it first.")
    return members[0]


def _may_be_table(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return not (member.is_dir() or hidden or path.stem.lower().startswith(_SIDE_FILES))
