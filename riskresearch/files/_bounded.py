"""Limits on the size of a file: a small compressed file may exceed the memory, and a device has no end."""

import gzip
import io
import stat
import zlib
from pathlib import Path
from typing import BinaryIO

from riskresearch.core import InvalidInputError

MOST_BYTES = 200_000_000
"""Limit on the bytes of a file, and of its decompressed content."""
MOST_CELLS = 10_000_000
"""Limit on the cells of a table: 3,000 assets on the days of 13 years, some 2 GB while they are read."""
PART_BYTES = 1_000_000
_GZIP_START = b"\x1f\x8b"
_REMEDY = "Leave out columns or dates, or hand a DataFrame to riskresearch.report.build_report."


def bytes_of(path: Path) -> bytes:
    """Return the content of a file or a pipe; an error names the reason in one line."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
            raise InvalidInputError(f"cannot read {path}: it is a device or a socket, not a file.")
        with path.open("rb") as file:
            content = _at_most(file, path.name)
    except InvalidInputError:
        raise
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}.") from error
    if not content.strip():
        raise InvalidInputError(f"{path.name} is empty.")
    return content


def unpacked(content: bytes, name: str) -> bytes:
    """Return the content, decompressed if it is gzip."""
    if not content.startswith(_GZIP_START):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return _at_most(file, name)
    except (EOFError, OSError, zlib.error) as error:
        raise InvalidInputError(f"{name} is neither CSV text (UTF-8), gzipped CSV nor Parquet.") from error


def check_cells(cells: int, name: str) -> None:
    """Raise `InvalidInputError` if a table has too many cells."""
    if cells > MOST_CELLS:
        raise InvalidInputError(f"{name} must have at most {MOST_CELLS:,} cells, got about {cells:,}. {_REMEDY}")


def _at_most(file: BinaryIO | gzip.GzipFile, name: str) -> bytes:
    parts, size = [], 0
    while part := file.read(PART_BYTES):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise InvalidInputError(f"{name} must hold at most {MOST_BYTES / 1e6:,.0f} MB, unpacked. {_REMEDY}")
    return b"".join(parts)
