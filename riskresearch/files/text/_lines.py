"""The lines of a text and how many cells each has, by NumPy; quotation marks are respected."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskresearch.core import InvalidInputError
from riskresearch.core.output._progress import progress_bar
from riskresearch.files import _limits
from riskresearch.files._limits import MOST_CELL_BYTES, check_shape
from riskresearch.files._source import SLOW_BYTES, Source
from riskresearch.files.text._encoding import refuse_zeros

_FEED = 10
_MARK = b"\xef\xbb\xbf"
_SCAN_BYTES = 1 << 18


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lines:
    """Hold the structure of a text, one entry for each line; a line continues where a feed is quoted.

    Attributes
    ----------
    starts : array of int64, shape (n_lines + 1,)
        Offset of each line; the last entry is the end of the text.
    cells : array of int64, shape (n_lines,)
        Number of separators outside quotation marks, and 1.
    numbers : array of int64, shape (n_lines,)
        Number of the line in an editor, from 1.
    blank_after_separator : bool
        Whether a blank follows a separator somewhere.
    blank_before_separator : bool
        Whether a blank precedes a separator or the end of a line somewhere.
    firsts : array of uint8, shape (n_lines,)
        The first byte of each line; the line feed of one without any.
    ascii_only, lone_returns : bool
        Whether all bytes are ASCII, and whether some lines end in carriage returns alone.
    counted : bool
        Whether `cells` was counted; if not, all lines are supposed to have as many as those of the sample.
    """

    starts: npt.NDArray[np.int64]
    cells: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    blank_after_separator: bool
    blank_before_separator: bool
    firsts: npt.NDArray[np.uint8]
    ascii_only: bool = True
    lone_returns: bool = False
    counted: bool = True

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Bytes of each line with its end."""
        return np.diff(self.starts)


def scan_lines(source: Source, separator: str, quote: str, supposed: int | None = None) -> Lines:
    """Return where the lines of a text begin and how many cells each has.

    Counting takes as long as all the rest. Where `supposed` gives the number of cells, lines without quotation marks
    are not counted: whoever parses them finds out.
    """
    scan = _Scan(separator.encode(), quote.encode(), source.name, supposed)
    with source.open() as stream:
        parts: Iterator[bytes] = iter(lambda: stream.read(_SCAN_BYTES), b"")
        if source.size > SLOW_BYTES:
            total = source.size // _SCAN_BYTES + 1
            parts = iter(progress_bar(parts, description=f"lines of {source.name}", total=total))
        for part in parts:
            scan.add(part)
            if supposed is not None and scan.has_quote:
                return scan_lines(source, separator, quote)
    return _by_csv(source, separator, quote, scan) if scan.stray else scan.lines(source.size)


class _Scan:
    def __init__(self, separator: bytes, quote: bytes, name: str, supposed: int | None) -> None:
        self.separator, self.quote, self.name, self.supposed = separator, quote, name, supposed
        self.ascii_only = True
        self.returns = 0
        self.offset = 0
        self.feeds: list[npt.NDArray[np.int64]] = []
        self.counts: list[npt.NDArray[np.int64]] = []
        self.open_count = 0
        self.has_quote = False
        self.quoted = False
        self.stray = False
        self.inner_feeds: list[npt.NDArray[np.int64]] = []
        self.n_cells = 0
        self.n_lines = 0
        self.last = b"\n"
        self.first = b""
        self.begins = True
        self.behind_mark = 0
        self.after = False
        self.before = False
        self.firsts: list[npt.NDArray[np.uint8]] = []

    def add(self, part: bytes) -> None:
        if not self.offset:
            self.first = part[: len(_MARK)]
            self.behind_mark = (part[len(_MARK) :] or b"\n")[0]
        refuse_zeros(part, self.name)
        self.ascii_only = self.ascii_only and part.isascii()
        if b"\r" in part or self.last == b"\r":
            self.returns += part.count(b"\r") - (self.last + part).count(b"\r\n")
        if self.quoted or self.quote in part:
            self.has_quote = True
            feeds, counts = self._quoted(part)
        else:
            feeds, counts = self._plain(part)
        self._look_around(part)
        if self.begins:
            self.firsts.append(np.frombuffer(part[:1], np.uint8))
        self.begins = bool(len(feeds)) and feeds[-1] == len(part) - 1
        inner = feeds[: len(feeds) - self.begins]
        self.firsts.append(np.frombuffer(part, np.uint8)[inner + 1])
        self.n_lines += len(feeds)
        self.n_cells += int(counts.sum()) + len(feeds)
        if len(feeds):
            counts[0] += self.open_count
            self.open_count = int(counts[-1])
            self.feeds.append(feeds + self.offset)
            self.counts.append(counts[:-1])
        else:
            self.open_count += int(counts[-1])
        check_shape(self.n_lines, 0, self.n_cells, self.name)
        self.offset += len(part)
        self.last = part[-1:]

    def _look_around(self, part: bytes) -> None:
        """Note whether cells have blanks around them.

        Searching for pairs of bytes is ten times slower than looking at the neighbours of the rarer byte.
        """
        if self.after and self.before:
            return
        if b" " in part or self.last == b" ":
            data = np.frombuffer(self.last + part, np.uint8)
            blanks = np.flatnonzero(data == 32)
            self.after = self.after or self.separator in data[np.maximum(blanks - 1, 0)].tobytes()
            following = data[np.minimum(blanks + 1, len(data) - 1)].tobytes()
            self.before = self.before or any(end in following for end in (self.separator, b"\n", b"\r"))

    def _plain(self, part: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the places of line feeds and the separators before, between and behind them."""
        data = np.frombuffer(part, np.uint8)
        feeds = np.flatnonzero(data == _FEED)
        if self.supposed is not None:
            counts = np.full(len(feeds) + 1, self.supposed - 1)
            counts[-1] = 0
            return feeds, counts
        separators = data == self.separator[0]
        edges = np.concatenate(([0], feeds))
        return feeds, np.add.reduceat(separators, edges, dtype=np.int64)

    def _quoted(self, part: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        data = np.frombuffer(part, np.uint8)
        places = np.flatnonzero((data == self.separator[0]) | (data == _FEED) | (data == self.quote[0]))
        kinds = data[places]
        marks = kinds == self.quote[0]
        inside = (np.cumsum(marks) + self.quoted) & 1
        before = data[places - 1]
        if len(places) and places[0] == 0:
            before[0] = self.last[0]
        opening = marks & (inside == 1)
        allowed = (before == self.separator[0]) | (before == _FEED) | (before == self.quote[0]) | (before == 32)
        if self.offset == 0 and part.startswith(_MARK):
            allowed |= places == len(_MARK)
        self.stray = self.stray or bool((opening & ~allowed).any())
        if len(inside):
            self.quoted = bool(inside[-1])
        outer = places[(inside == 0) & ~marks]
        is_feed = data[outer] == _FEED
        inner = places[(inside == 1) & (kinds == _FEED)]
        if len(inner):
            self.inner_feeds.append(inner + self.offset)
            self.before = True
        at = np.flatnonzero(is_feed)
        bounds = np.concatenate(([-1], at, [len(outer)]))
        return outer[at], np.diff(bounds) - 1

    def lines(self, size: int) -> Lines:
        if self.quoted:
            raise self._unclosed()
        feeds = np.concatenate(self.feeds) if self.feeds else np.empty(0, np.int64)
        counts = np.concatenate([*self.counts, [self.open_count]]).astype(np.int64)
        first = len(_MARK) if self.first == _MARK else 0
        starts = np.concatenate(([first], feeds + 1))
        if starts[-1] < size:
            starts = np.concatenate((starts, [size]))
        else:
            counts = counts[:-1]
        numbers = np.arange(1, len(counts) + 1)
        if self.inner_feeds:
            numbers += np.searchsorted(np.concatenate(self.inner_feeds), starts[:-1])
        if len(counts) and self.supposed is not None:
            counts[-1] = self.supposed - 1
        firsts = np.concatenate(self.firsts)[: len(counts)] if self.firsts else np.empty(0, np.uint8)
        if first and len(firsts):
            firsts[0] = self.behind_mark
        flags = (self.ascii_only, self.returns != 0, self.supposed is None)
        return Lines(starts, counts + 1, numbers, self.after, self.before, firsts, *flags)

    def _unclosed(self) -> InvalidInputError:
        last = self.feeds[-1][-1] if self.feeds else -1
        number = self.n_lines + 1 + sum(int((feeds < last).sum()) for feeds in self.inner_feeds)
        return InvalidInputError(
            f"{self.name} has a quotation mark in the text from line {number} on that is not closed. "
            "The file may be cut off: download it again."
        )


def _by_csv(source: Source, separator: str, quote: str, scan: _Scan) -> Lines:
    """Return the lines where quotation marks stand inside cells: only one at the start of a cell opens a quotation."""
    content = source.read().removeprefix(_MARK)
    skipped = source.size - len(content)
    physical = io.StringIO(content.decode("utf-8", "surrogateescape"), newline="")
    sizes: list[int] = []

    def fed() -> Iterator[str]:
        for line in physical:
            sizes.append(len(line.encode("utf-8", "surrogateescape")))
            yield line

    cells, ends = [], []
    try:
        reader = csv.reader(fed(), delimiter=separator, quotechar=quote, skipinitialspace=True)
        for row in reader:
            cells.append(max(len(row), 1))
            ends.append(reader.line_num)
    except csv.Error as error:
        raise InvalidInputError(
            f"line {len(sizes)} of {source.name} is no line of a table: {error}. The file may be damaged."
        ) from error
    offsets = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))) + skipped
    last = np.array(ends, dtype=np.int64)
    first = np.concatenate(([0], last[:-1]))
    starts = np.concatenate((offsets[first], [source.size]))
    firsts = np.frombuffer(content + b"\n", np.uint8)[starts[:-1] - skipped]
    flags = (scan.ascii_only, scan.returns != 0)
    return Lines(starts, np.array(cells, dtype=np.int64), first + 1, True, True, firsts, *flags)


def check_widths(name: str, lines: Lines) -> None:
    """Raise `InvalidInputError` if a line has more cells than a table may have columns."""
    line = int(lines.cells.argmax()) if len(lines.cells) else 0
    if len(lines.cells) and lines.cells[line] > _limits.MOST_COLUMNS:
        raise InvalidInputError(
            f"{name} must have at most {_limits.MOST_COLUMNS:,} columns, but line {lines.numbers[line]} has "
            f"{lines.cells[line]:,} cells. {_limits.REMEDY}"
        )


def check_cell_sizes(source: Source, lines: Lines, separator: str) -> None:
    """Raise `InvalidInputError` if a cell is longer than any number, date or name."""
    long = np.flatnonzero(lines.sizes > MOST_CELL_BYTES)
    if not len(long):
        return
    with source.open() as stream:
        for line in long:
            stream.seek(int(lines.starts[line]))
            content = stream.read(int(lines.sizes[line]))
            if max(map(len, content.split(separator.encode()))) > MOST_CELL_BYTES:
                raise InvalidInputError(
                    f"line {lines.numbers[line]} of {source.name} has a cell of more than {MOST_CELL_BYTES:,} bytes, "
                    "which is no number, date or name. A quotation mark may be missing, or the file is no table."
                )
