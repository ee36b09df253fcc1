"""A file of prices or returns as a validated table; each error names the file, the place and the remedy."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from riskresearch.core import InvalidInputError, optional_import
from riskresearch.core.output._text import readable
from riskresearch.metrics import simple_returns
from riskresearch.report._bounded import bytes_of, check_cells, unpacked
from riskresearch.report._inputs import check_assets
from riskresearch.report._kinds import Kind, decide_kind

DATE_NAMES = ("date", "datetime", "timestamp", "time", "day", "month")
# Words that spreadsheets and databases write for a missing number.
MISSING_WORDS = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "#n/a"})
DATES_AND_BENCHMARK = 2
"""Columns that may stand beside the assets."""
_ISO_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}.*)?|\d{8}")
_ZONE = re.compile(r"(?<=\d)\s*(Z|UTC|[+-]\d{2}:?\d{2})$")
_PARQUET_START = b"PAR1"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DataFile:
    """Hold the numbers of one file by date, and whether they are prices or returns.

    Attributes
    ----------
    name : str
        Name of the file, without its folder.
    values : DataFrame, shape (n_dates, n_columns)
        The numbers as they stand in the file, dates ascending.
    kind : {"prices", "returns"}
        What they are.
    reason : str
        How that was decided.
    sha256 : str
        Checksum of the file's bytes.
    """

    name: str
    values: pd.DataFrame
    kind: Literal["prices", "returns"]
    reason: str
    sha256: str

    def returns(self, *, nan_policy: Literal["raise", "omit"] = "raise") -> pd.DataFrame:
        """Return simple returns, one row less than prices.

        Parameters
        ----------
        nan_policy : {"raise", "omit"}
            "omit" leaves a return missing where a price is missing.

        Returns
        -------
        DataFrame, shape (n_dates, n_columns)

        Raises
        ------
        InvalidInputError
            If a value is missing and `nan_policy` is "raise".
        """
        if nan_policy == "raise":
            refuse_missing(self.values, self.name)
        if self.kind == "returns":
            return self.values
        if len(self.values) < 2:
            raise InvalidInputError(f"{self.name} must hold at least two rows of prices for one return, got 1.")
        return cast(pd.DataFrame, simple_returns(self.values, nan_policy=nan_policy))

    def __repr__(self) -> str:
        return f"DataFile({self.name!r}: {len(self.values):,} dates, {self.values.shape[1]} columns of {self.kind})"


def read_data_file(path: str | Path, *, kind: Kind = "auto") -> DataFile:
    """Read a CSV, CSV.gz or Parquet file of prices or simple returns, one column per asset, one row per date.

    Parameters
    ----------
    path : str or path
        The dates stand in the column named date, datetime, timestamp, time, day or month, or else in the first one.
    kind : {"auto", "prices", "returns"}
        What the numbers are. "auto" decides only where the numbers leave no doubt.

    Returns
    -------
    DataFile

    Raises
    ------
    InvalidInputError
        If the file can't be read, or its dates or numbers break a rule; the message names the first place.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from riskresearch.report._files import read_data_file
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "prices.csv")
    ...     _ = path.write_text("date,FUND\\n2020-01-02,100\\n2020-01-03,110\\n")
    ...     read_data_file(path)
    DataFile('prices.csv': 2 dates, 1 columns of prices)
    """
    path = Path(path)
    content = bytes_of(path)
    checksum = hashlib.sha256(content).hexdigest()
    name = readable(path.name)
    is_parquet = content.startswith(_PARQUET_START) or path.suffix.lower() in (".parquet", ".pq")
    try:
        values = (_from_parquet if is_parquet else _from_csv)(content, name)
    except MemoryError as error:
        raise InvalidInputError(f"{name} needs more memory than there is.") from error
    decided, reason = decide_kind(values, kind=kind, name=name)
    return DataFile(name, values, decided, reason, checksum)


def _from_csv(content: bytes, name: str) -> pd.DataFrame:
    header, rows = _csv_rows(content, name)
    if not rows:
        raise InvalidInputError(f"{name} has a header but no rows.")
    place = _date_column(header)
    _check_header(header, place, name)
    lines = [line for line, _ in rows]
    texts = list(zip(*(row for _, row in rows), strict=True))
    index = _parse_dates(texts[place], lines, name, header[place])
    columns = {
        column: _parse_numbers(texts[number], lines, index, f"column {column!r} of {name}")
        for number, column in enumerate(header)
        if number != place
    }
    return pd.DataFrame(columns, index=index)


def _csv_rows(content: bytes, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and, with the number of its line, each row that is not blank."""
    try:
        plain = unpacked(content, name)
        if b"\0" in plain:
            raise csv.Error("a zero byte")
        check_cells(plain.count(b",") + plain.count(b"\n"), name)
        reader = csv.reader(io.StringIO(plain.decode("utf-8-sig"), newline=""), skipinitialspace=True)
        rows = [
            (reader.line_num, [cell.strip() for cell in row]) for row in reader if any(cell.strip() for cell in row)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(f"{name} is neither CSV text (UTF-8), gzipped CSV nor Parquet.") from error
    if not rows:
        raise InvalidInputError(f"{name} is empty.")
    header = rows[0][1]
    if len(header) == 1:
        other = next((mark for mark in (";", "\t", "|") if mark in header[0]), None)
        remedy = f" Its separator looks like {other!r}." if other else ""
        raise InvalidInputError(f"{name} must have a date column and at least one more, separated by commas.{remedy}")
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise InvalidInputError(f"line {line} of {name} has {len(row)} cells, but the header has {len(header)}.")
    return header, rows[1:]


def _from_parquet(content: bytes, name: str) -> pd.DataFrame:
    parquet: Any = optional_import("pyarrow.parquet", extra="parquet", feature="reading Parquet")
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        check_cells(file.metadata.num_rows * file.metadata.num_columns, name)
        frame = file.read().to_pandas()
    except (InvalidInputError, MemoryError):
        raise
    except Exception as error:
        raise InvalidInputError(f"{name} is no readable Parquet file: {str(error).splitlines()[0]}") from error
    if not len(frame):
        raise InvalidInputError(f"{name} has columns but no rows.")
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    header = [str(column) for column in frame.columns]
    place = _date_column(header)
    _check_header(header, place, name)
    lines = list(range(1, len(frame) + 1))
    dates = frame.iloc[:, place]
    texts = ["" if pd.isna(value) else str(value) for value in dates]
    index = _parse_dates(texts, lines, name, header[place], unit="row")
    columns = {}
    for number, column in enumerate(header):
        if number != place:
            series = frame.iloc[:, number]
            cells = ["" if pd.isna(value) else str(value) for value in series]
            is_number = pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_bool_dtype(series.dtype)
            what = f"column {column!r} of {name}"
            columns[column] = (
                series.to_numpy(dtype=np.float64, na_value=np.nan)
                if is_number
                else _parse_numbers(cells, lines, index, what, unit="row")
            )
    return _refuse_infinite(pd.DataFrame(columns, index=index), name)


def _date_column(header: Sequence[str]) -> int:
    named = [number for number, column in enumerate(header) if column.lower() in DATE_NAMES]
    return named[0] if named else 0


def _check_header(header: Sequence[str], place: int, name: str) -> None:
    if len(header) < 2:
        raise InvalidInputError(f"{name} must have at least one column of numbers besides its dates.")
    check_assets(len(header) - DATES_AND_BENCHMARK, name)
    seen: set[str] = set()
    for number, column in enumerate(header):
        if not column and number != place:
            raise InvalidInputError(f"{name} must name each column, but column {number + 1} has no name.")
        if column in seen:
            raise InvalidInputError(f"{name} must have a different name for each column, got {column!r} twice.")
        seen.add(column)


def _parse_dates(
    texts: Sequence[str], lines: Sequence[int], name: str, column: str, *, unit: str = "line"
) -> pd.DatetimeIndex:
    for text, line in zip(texts, lines, strict=True):
        if not _ISO_DATE.fullmatch(text):
            raise InvalidInputError(
                f"{name} must have dates such as 2020-03-16 in its column {column!r}, got {text!r} on {unit} {line}."
            )
    # A zone is dropped, not converted: the date is the one the file shows.
    bare = [_ZONE.sub("", text) if len(text) > len("2020-03-16") else text for text in texts]
    index = pd.DatetimeIndex(pd.to_datetime(bare, format="ISO8601", errors="coerce"), name="date")
    if index.isna().any():
        row = int(index.isna().argmax())
        raise InvalidInputError(f"{name} has no such date as {texts[row]!r} on {unit} {lines[row]}.")
    if index.has_duplicates:
        second = int(index.duplicated().argmax())
        first = int((index == index[second]).argmax())
        raise InvalidInputError(
            f"{name} has the date {texts[second]} twice, on {unit}s {lines[first]} and {lines[second]}."
        )
    if not index.is_monotonic_increasing:
        row = int((index[1:] < index[:-1]).argmax()) + 1
        raise InvalidInputError(
            f"{name} must be in the order of its dates, oldest first, but {texts[row]} on {unit} {lines[row]} comes "
            f"after {texts[row - 1]}."
        )
    return index


def _parse_numbers(
    texts: Sequence[str], lines: Sequence[int], index: pd.DatetimeIndex, what: str, *, unit: str = "line"
) -> np.ndarray:
    cells = [None if text.lower() in MISSING_WORDS else text for text in texts]
    numbers = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(dtype=float)
    for row, (cell, value) in enumerate(zip(cells, numbers, strict=True)):
        if cell is not None and not np.isfinite(value):
            raise InvalidInputError(
                f"{what} must hold numbers, got {cell!r} on {unit} {lines[row]} ({index[row]:%Y-%m-%d})."
            )
    return numbers


def _refuse_infinite(values: pd.DataFrame, name: str) -> pd.DataFrame:
    infinite = np.isinf(values.to_numpy())
    if infinite.any():
        row, column = np.argwhere(infinite)[0]
        raise InvalidInputError(
            f"column {values.columns[column]!r} of {name} is infinite at {values.index[row]:%Y-%m-%d}."
        )
    return values


def refuse_missing(values: pd.DataFrame, name: str) -> None:
    missing = values.isna().to_numpy()
    if missing.any():
        row, column = np.argwhere(missing)[0]
        raise InvalidInputError(
            f"{name} has {missing.sum():,} missing value{'s' if missing.sum() > 1 else ''}, the first at "
            f"{values.index[row]:%Y-%m-%d} in column {values.columns[column]!r}. "
            'Pass nan_policy="omit" (--nan-policy omit) to share the weight of a missing asset among the others.'
        )
