"""The bytes of a user's file, unpacked, and what they came from."""

import hashlib
import io
import os
import stat
import sys
import threading
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, BinaryIO

from riskresearch.core import InvalidInputError
from riskresearch.core.output._progress import progress_bar
from riskresearch.core.output._text import readable
from riskresearch.files._limits import PART_BYTES, check_size
from riskresearch.files._magic import Format, format_of
from riskresearch.files._unpack import is_packed, parts_of, unpacked

STANDARD_INPUT = "-"
START_BYTES = 4_096
HASHED_AT_ONCE_BYTES = 2_000_000
"""For each part the thread waits for its turn, up to 5 ms while the interpreter is busy, so parts are large."""
SLOW_BYTES = 20_000_000
"""A larger file may take more than a second to read, so a progress bar is shown."""


class Checksum:
    """Compute the SHA-256 of a file or of bytes in a thread, which costs no time where there is a second core."""

    def __init__(self, content: Path | bytes) -> None:
        self._content: Path | bytes | None = content
        self._digest = ""
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._compute, daemon=True)
        self._thread.start()

    def _compute(self) -> None:
        try:
            if isinstance(self._content, bytes):
                self._digest = hashlib.sha256(self._content).hexdigest()
            elif self._content is not None:
                digest = hashlib.sha256()
                part = memoryview(bytearray(HASHED_AT_ONCE_BYTES))
                with self._content.open("rb", buffering=0) as stream:
                    while size := stream.readinto(part):
                        digest.update(part[:size])
                self._digest = digest.hexdigest()
        except OSError as error:
            self._error = error
        self._content = None

    def value(self, name: str) -> str:
        """Return the digits, once they are known."""
        self._thread.join()
        if self._error is not None:
            raise _unreadable(name, self._error) from self._error
        return self._digest


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Source:
    """Hold where the bytes of a table are.

    The checksum of a plain file is computed beside its reading, in a thread.

    Attributes
    ----------
    name : str
        What errors call the file: its name without its folder.
    format : {"text", "excel", "parquet", "arrow", "json"}
        What it is by its first bytes.
    container : str
        What the table was packed in, such as "gzip"; empty for a plain file.
    size : int
        Bytes, unpacked.
    """

    name: str
    checksum: Checksum
    format: Format
    container: str
    size: int
    _path: Path | None = None
    _content: bytes | None = None

    @property
    def sha256(self) -> str:
        """Checksum of the file as it is stored."""
        return self.checksum.value(self.name)

    def open(self) -> BinaryIO:
        """Return a new stream of the unpacked bytes, from the first one."""
        if self._content is not None:
            return io.BytesIO(self._content)
        assert self._path is not None
        try:
            return self._path.open("rb")
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def read(self) -> bytes:
        """Return all unpacked bytes."""
        if self._content is not None:
            return self._content
        with self.open() as stream:
            return b"".join(parts_of(stream, self.name))

    def with_content(self, content: bytes) -> "Source":
        """Return the same source with other bytes, such as its text in another encoding."""
        return replace(self, size=len(content), _path=None, _content=content)

    def __repr__(self) -> str:
        packed = f", {self.container}" if self.container else ""
        return f"Source({self.name!r}: {self.format}{packed}, {self.size:,} bytes)"


def read_source(file: str | os.PathLike[str] | IO[bytes]) -> Source:
    """Return the source of a table: a path, "-" for standard input, or a stream of bytes.

    A plain file is hashed but not held in memory; what is packed, and what can be read only once, is.
    """
    if not isinstance(file, str | os.PathLike):
        if not callable(getattr(file, "read", None)):
            raise InvalidInputError(
                f'path must be a path, "-" for standard input or a stream of bytes, got {type(file).__name__}.'
            )
        return _from_stream(file, _stream_name(file))
    if str(file) == STANDARD_INPUT:
        return _from_stream(sys.stdin.buffer, "standard input")
    return _from_path(Path(file))


class _Watched(io.RawIOBase):
    """Show a progress bar while a stream is read."""

    def __init__(self, stream: IO[bytes], size: int, name: str) -> None:
        self._stream = stream
        self._parts = iter(progress_bar(range(size // PART_BYTES + 1), description=f"reading {name}"))
        self._left = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._stream.read(len(buffer))
        buffer[: len(part)] = part
        self._left -= len(part)
        while self._left < 0 and next(self._parts, None) is not None:
            self._left += PART_BYTES
        if not part:
            deque(self._parts, maxlen=0)
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()


def watched(stream: IO[bytes], size: int, name: str) -> BinaryIO:
    """Return a stream of the same bytes that shows a progress bar."""
    return io.BufferedReader(_Watched(stream, size, name), 1 << 18)


def _from_path(path: Path) -> Source:
    name = readable(path.name) or readable(str(path))
    try:
        mode = path.stat().st_mode
        if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
            raise InvalidInputError(f"cannot read {path}: it is a device or a socket, not a file.")
        with path.open("rb") as stream:
            return _from_file(stream, path, name) if stat.S_ISREG(mode) else _from_stream(stream, name)
    except InvalidInputError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(readable(str(path)), error) from error


def _from_file(stream: BinaryIO, path: Path, name: str) -> Source:
    size = os.fstat(stream.fileno()).st_size
    start = stream.read(START_BYTES)
    if not is_packed(start):
        check_size(size, name)
    part = start
    while part and not part.strip():
        part = stream.read(PART_BYTES)
    if not part:
        raise InvalidInputError(f"{name} is empty.")
    if is_packed(start):
        stream.seek(0)
        inside = unpacked(stream, start, name)
        if inside is not None:
            return _packed(name, Checksum(path), *inside)
        check_size(size, name)
        return Source(name, Checksum(path), "excel", "", size, _path=path)
    kind = format_of(start, name)
    return Source(name, Checksum(path), kind, "", size, _path=path)


def _from_stream(stream: IO[bytes], name: str) -> Source:
    try:
        content = b"".join(parts_of(stream, name))
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise _unreadable(name, error) from error
    if not content.strip():
        raise InvalidInputError(f"{name} is empty.")
    checksum = Checksum(content)
    start = content[:START_BYTES]
    if not is_packed(start):
        return Source(name, checksum, format_of(start, name), "", len(content), _content=content)
    inside = unpacked(io.BytesIO(content), start, name)
    if inside is not None:
        return _packed(name, checksum, *inside)
    return Source(name, checksum, "excel", "", len(content), _content=content)


def _packed(name: str, checksum: Checksum, content: bytes, container: str) -> Source:
    if not content.strip():
        raise InvalidInputError(f"{name} is empty: it holds nothing but its packing.")
    start = content[:START_BYTES]
    kind: Format = "excel" if is_packed(start) else format_of(start, name)
    return Source(name, checksum, kind, container, len(content), _content=content)


def _stream_name(stream: object) -> str:
    name = getattr(stream, "name", None)
    return readable(Path(name).name) if isinstance(name, str) and name else "the stream"


def _unreadable(name: str, error: Exception) -> InvalidInputError:
    return InvalidInputError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}.")
