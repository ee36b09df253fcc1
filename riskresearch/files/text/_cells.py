"""A text to columns of cells, by pandas.read_csv: plain numbers as numbers, everything else as it is written."""

import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import IO, BinaryIO, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core.frames._exact_numbers import exact_numbers
from riskresearch.files._grid import Cells, Grid, Step
from riskresearch.files._source import SLOW_BYTES, Source, watched
from riskresearch.files._tidy import Headers, named_columns
from riskresearch.files.numbers._decimal_mark import could_be_thousands
from riskresearch.files.text._dialect import Dialect, has_decimal_comma, sniff
from riskresearch.files.text._tables import Text

PLAIN = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?")
"""A number without leading zeros, which are codes: 005930 is a ticker."""
_CODE = re.compile(r"[0-9]+[eE][0-9]+")
"""1E5 is a code: programs write exponents of whole numbers with a sign."""
UNCOUNTED_BYTES = 1_000_000
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{3})?")
_EXACT = 2.0**53
_SAMPLE_ROWS = 40
_ZERO, _EXPONENT = ord("0"), ord("e")
_SCAN_BYTES = 1 << 18
_LONGEST_CODE = 24


class _Miscounted(Exception):
    """Some line has not as many cells as those of the sample."""


def read_text(
    source: Source,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    table: int = 1,
    decimal: Literal[".", ","] | None = None,
) -> Grid:
    """Return the columns of the table of a text; with a decimal comma all its numbers stay text.

    Where all lines of the head and the tail of a large text have as many cells, those between are not counted: pandas
    refuses longer ones, and shorter ones leave the last column empty. Then the text is read again, line by line.
    """
    if source.size > UNCOUNTED_BYTES:
        try:
            dialect = sniff(source, encoding=encoding, separator=separator, table=table, count=False)
            return cells_of(source, dialect, decimal)
        except (_Miscounted, InvalidInputError):
            pass  # the counts tell why, or that all is well
    return cells_of(source, sniff(source, encoding=encoding, separator=separator, table=table), decimal)


def cells_of(source: Source, dialect: Dialect, decimal: Literal[".", ","] | None = None) -> Grid:
    """Return the columns of the table that a dialect describes."""
    table = dialect.table
    sample = _sample(dialect)
    commas = decimal == "," or _commas_in_play(dialect, sample)
    as_text = set(range(table.width)) if commas else _text_columns(sample, table.width)
    columns = _columns_of(_parse(dialect, as_text))
    if not dialect.lines.counted and pd.isna(columns[-1]).any():
        raise _Miscounted
    stripped = not dialect.lines.blank_before_separator
    for number in as_text:
        columns[number] = _texts(columns[number], stripped=stripped)
    wrong = [number for number, cells in enumerate(columns) if number not in as_text and not _is_number(cells)]
    wrong += _doubtful(dialect, columns, as_text | set(wrong))
    _read_again(dialect, columns, wrong)
    commas = commas or any(_has_commas(cells) for cells in columns if not _is_number(cells))
    if decimal is None and (commas or dialect.separator != ","):
        _leave_thousands(dialect, columns)
    repeated = _header_again(table.headers, columns)
    if repeated.any():
        lines = dialect.lines.numbers[table.rows[repeated]]
        step = Step("header", f"repeated on {len(lines):,} lines, left out", f"the first is line {lines[0]:,}")
        rest = replace(table, rows=table.rows[~repeated])
        return cells_of(source, replace(dialect, table=rest, steps=(*dialect.steps, step)), decimal)
    tidy = named_columns(table.headers, columns, table.units, source.name)
    lines = dialect.lines.numbers[table.rows]
    steps = (*dialect.steps, *tidy.steps)
    return Grid(source.name, tidy.headers, tidy.columns, lines, "line", steps, tidy.units, dialect.separator)


def _header_again(headers: Headers, columns: Sequence[Cells]) -> npt.NDArray[np.bool_]:
    """Return which rows repeat the last row of the header, as in files that were put together."""
    again = np.zeros(len(columns[0]), bool)
    key = next((number for number, name in enumerate(headers[-1]) if name), None) if headers else None
    if key is not None and columns[key].dtype == object:
        again = np.asarray(columns[key] == headers[-1][key])
        for row in np.flatnonzero(again).tolist():
            again[row] = all(str(cells[row]) == name for cells, name in zip(columns, headers[-1], strict=True))
    return again if not again.all() else np.zeros_like(again)


def _sample(dialect: Dialect) -> list[list[str]]:
    """Return cells of some rows, of the head and of the tail."""
    rows = dialect.table.rows
    places = np.unique(np.linspace(0, len(rows) - 1, min(_SAMPLE_ROWS, len(rows))).astype(np.int64))
    if dialect.table.width > 100:
        places = np.unique(places[[0, 1 % len(places), len(places) // 2, -1]])
    text = Text(dialect.text, dialect.lines, dialect.parsed_separator, dialect.quote)
    try:
        sample = [text.cells(int(rows[place])) for place in places]
    finally:
        text.close()
    if any(len(row) != dialect.table.width for row in sample):
        raise _Miscounted
    return sample


def _text_columns(sample: Sequence[Sequence[str]], width: int) -> set[int]:
    columns = zip(*sample, strict=True)
    return {number for number, cells in enumerate(columns) if not all(map(_is_plain, cells))}


def _is_plain(cell: str) -> bool:
    return not cell or (
        PLAIN.fullmatch(cell) is not None and _CODE.fullmatch(cell) is None and any(map(str.isdigit, cell))
    )


def _commas_in_play(dialect: Dialect, sample: Sequence[Sequence[str]]) -> bool:
    """Return whether a comma may be a decimal mark, so that no number is read before its column is judged."""
    return any(has_decimal_comma(cell) for row in sample for cell in row if "," in cell)


def _has_commas(cells: Cells) -> bool:
    texts: list[str] = np.asarray(cells).tolist()
    return "," in "\n".join(texts) and any(has_decimal_comma(text) for text in set(texts) if "," in text)


def _is_number(cells: Cells) -> bool:
    return cells.dtype.kind == "f" or cells.dtype == np.int64


def _parse(dialect: Dialect, as_text: Iterable[int], only: Sequence[int] | None = None) -> pd.DataFrame:
    """Return the cells as pandas reads them; columns of `as_text` are text, and the rest is what pandas makes of it."""
    table = dialect.table
    options = exact_numbers(pd.__version__)
    if only is not None:
        options["usecols"] = list(only)
    if dialect.lines.blank_after_separator:
        options["skipinitialspace"] = True
    stream = _data_stream(dialect)
    if dialect.text.size > SLOW_BYTES:
        stream = watched(stream, dialect.text.size, dialect.text.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            frame: pd.DataFrame = pd.read_csv(
                stream,
                sep=dialect.parsed_separator,
                header=None,
                names=range(table.width),
                index_col=False,
                dtype={number: object for number in as_text},
                keep_default_na=False,
                na_values=[""],
                quotechar=dialect.quote,
                nrows=len(table.rows),
                engine="c",
                encoding="utf-8",
                skip_blank_lines=table.width > 1,
                **options,
            )
    except MemoryError as error:
        raise InvalidInputError(f"{dialect.text.name} needs more memory than there is.") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, OverflowError, ValueError) as error:
        if not dialect.lines.counted:
            raise _Miscounted from error
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise InvalidInputError(f"{dialect.text.name} is no readable table: {reason}") from error
    finally:
        stream.close()
    if len(frame) != len(table.rows):
        if not dialect.lines.counted:
            raise _Miscounted
        raise InvalidInputError(
            f"{dialect.text.name} is no readable table: its quotation marks leave {len(frame):,} rows of "
            f"{len(table.rows):,} lines."
        )
    return frame


def _data_stream(dialect: Dialect) -> IO[bytes]:
    """Return a stream of the lines of data; what stands between them and is no row is left out."""
    starts, rows = dialect.lines.starts, dialect.table.rows
    inside = np.arange(rows[0], rows[-1] + 1)
    stream: BinaryIO = dialect.text.open()
    if len(inside) == len(rows):
        stream.seek(int(starts[rows[0]]))
        return stream
    content = stream.read()
    stream.close()
    return io.BytesIO(b"".join(content[starts[row] : starts[row + 1]] for row in rows))


def _columns_of(frame: pd.DataFrame) -> list[Cells]:
    """Return the columns, which are not copied."""
    return [column.to_numpy() for _, column in frame.items()]


def _doubtful(dialect: Dialect, columns: Sequence[Cells], known: set[int]) -> list[int]:
    """Return numbers that pandas may have read from what is no plain number: codes, infinities, long integers."""
    infinite: list[int] = []
    whole: list[int] = []
    large: list[int] = []
    for number, cells in enumerate(columns):
        if number in known:
            continue
        values = np.asarray(cells)
        if values.dtype == np.int64:
            whole.append(number)
            continue
        low, high = np.fmin.reduce(values), np.fmax.reduce(values)
        if np.isinf(low) or np.isinf(high):
            infinite.append(number)
        elif not np.isnan(high) and _all_whole(values):
            (large if max(-low, high) >= _EXACT else whole).append(number)
    return sorted([*infinite, *large, *(whole if whole and _has_codes(dialect) else [])])


def _all_whole(values: np.ndarray) -> bool:
    if abs(values[0] - np.rint(values[0])) > 0.0:  # false where it is missing
        return False
    rounded = np.rint(values)
    return bool(((rounded == values) | np.isnan(values)).all())


def _has_codes(dialect: Dialect) -> bool:
    """Return whether a cell of digits begins with zero, or an exponent of a whole number has no sign."""
    ends = np.zeros(256, bool)
    ends[list(f"{dialect.parsed_separator}{dialect.quote} \t\r\n".encode())] = True
    with dialect.text.open() as stream:
        stream.seek(int(dialect.lines.starts[dialect.table.rows[0]]))
        last = b"\n"
        while part := stream.read(_SCAN_BYTES):
            part += stream.readline()
            data = np.frombuffer(last + part + b"\n" * _LONGEST_CODE, np.uint8)
            is_digit = data - np.uint8(_ZERO) < 10
            zeros = np.flatnonzero((data[1:-1] == _ZERO) & is_digit[2:])
            zeros = zeros[ends[data[zeros]]] + 1
            for behind in range(2, _LONGEST_CODE):
                digits = is_digit[zeros + behind]
                if ends[data[zeros[~digits] + behind]].any():
                    return True
                zeros = zeros[digits]
            if (((data[1:-1] | 32) == _EXPONENT) & is_digit[:-2] & is_digit[2:]).any():
                return True
            last = part[-1:]
    return False


def _read_again(dialect: Dialect, columns: list[Cells], numbers: Sequence[int]) -> None:
    """Replace columns by what is written in them, unless all of that is plain numbers."""
    if not numbers:
        return
    frame = _parse(dialect, numbers, numbers)
    for number in numbers:
        cells = frame[number].to_numpy(dtype=object)
        before = columns[number]
        if _is_number(before) and not np.isinf(before).any():
            texts = [text for text in pd.unique(cells) if isinstance(text, str)]
            exact = before.dtype == np.int64 or bool(np.nanmax(np.abs(before), initial=0.0) < _EXACT)
            if (exact or any(not text.strip().lstrip("+-").isdigit() for text in texts)) and all(
                _is_plain(text.strip()) for text in texts
            ):
                continue
        columns[number] = _texts(cells, stripped=not dialect.lines.blank_before_separator)


def _leave_thousands(dialect: Dialect, columns: list[Cells]) -> None:
    """Replace numbers by their text where each point stands before three digits: these may be thousands."""
    numbers = [
        number
        for number, cells in enumerate(columns)
        if cells.dtype.kind == "f" and could_be_thousands(np.asarray(cells))
    ]
    frame = _parse(dialect, numbers, numbers) if numbers else pd.DataFrame()
    for number in numbers:
        texts = _texts(frame[number].to_numpy(dtype=object), stripped=False)
        if all(_THOUSANDS.fullmatch(text) for text in set(texts.tolist()) if text):
            columns[number] = texts


def _texts(cells: Cells, *, stripped: bool) -> Cells:
    """Return texts without blanks around them, and "" for empty cells."""
    texts = np.asarray(cells, dtype=object)
    if not stripped:
        texts = np.array([cell.strip() if isinstance(cell, str) else cell for cell in texts], dtype=object)
    missing = pd.isna(texts)
    if missing.any():
        texts = np.where(missing, "", texts)
    return texts
