"""The report on a file of prices or returns."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core._plausibility import each_topic_once
from riskresearch.core.output._text import readable
from riskresearch.report._bounded import bytes_of
from riskresearch.report._files import DataFile, read_data_file
from riskresearch.report._inputs import NanPolicy
from riskresearch.report._kinds import Kind
from riskresearch.report._report import Report, build_report

EQUAL = "equal"


def build_file_report(
    path: str | Path,
    *,
    kind: Kind = "auto",
    benchmark_kind: Kind = "auto",
    benchmark: str | Path | None = None,
    weights: str | Path = EQUAL,
    level: float = 0.95,
    risk_free: float = 0.0,
    periods_per_year: float | None = None,
    window: int | None = None,
    nan_policy: NanPolicy = "raise",
    title: str | None = None,
    sections: Sequence[str] | None = None,
) -> Report:
    """Report on a CSV, CSV.gz or Parquet file with one row per date and one column per asset.

    Parameters
    ----------
    path : str or path
        The dates are the column named date, datetime, timestamp, time, day or month, or else the first one.
    kind, benchmark_kind : {"auto", "prices", "returns"}
        Contents of the files. "auto" decides only where the numbers are unambiguous; the page states the reason.
    benchmark : str or path, optional
        A column of the file, or another file with one column beside its dates.
    weights : str or path
        "equal", "AAPL=0.6,MSFT=0.4", or a CSV file of names and weights. Every column once, summing to 1.
    level, risk_free, periods_per_year, window, nan_policy, title, sections : optional
        As in `build_report`; the title is the file's name by default.

    Returns
    -------
    Report

    Raises
    ------
    InvalidInputError
        If a file or an argument breaks a rule; the message names the place.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from riskresearch.report import build_file_report
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "fund.csv")
    ...     _ = path.write_text("date,FUND\\n2024-01-02,100\\n2024-01-03,98\\n2024-01-04,101\\n2024-01-05,102\\n")
    ...     report = build_file_report(path, periods_per_year=1, sections=["headline"])
    >>> report.tables.returns["FUND"].round(4).tolist()
    [-0.02, 0.0306, 0.0099]
    """
    data = read_data_file(path, kind=kind)
    shares = _read_weights(weights)
    data, beside = _with_benchmark(data, benchmark, benchmark_kind)
    sources = [_describe(data)] + ([_describe(beside)] if beside is not None and beside.name != data.name else [])
    with each_topic_once():
        return build_report(
            data.returns(nan_policy=nan_policy),
            benchmark=None if beside is None else beside.returns(nan_policy=nan_policy).iloc[:, 0],
            weights=shares,
            level=level,
            risk_free=risk_free,
            periods_per_year=periods_per_year,
            window=window,
            nan_policy=nan_policy,
            title=data.name.partition(".")[0] if title is None else title,
            sections=sections,
            source="; ".join(sources),
        )


def _describe(data: DataFile) -> str:
    return f"{data.name}, taken as {data.kind}: {data.reason}; SHA-256 {data.sha256}"


def _with_benchmark(data: DataFile, benchmark: str | Path | None, kind: Kind) -> tuple[DataFile, DataFile | None]:
    """Return the assets and the benchmark: a column taken out of `data`, or another file."""
    if benchmark is None:
        return data, None
    columns = list(data.values.columns)
    named = readable(str(benchmark))
    if named in columns:
        if len(columns) == 1:
            raise InvalidInputError(f"{data.name} has no column besides the benchmark {named!r}.")
        rest, column = data.values.drop(columns=named), data.values[[named]]
        return replace(data, values=rest), replace(data, values=column)
    if not Path(benchmark).exists():
        raise InvalidInputError(
            f"benchmark must be a column of {data.name} ({', '.join(columns)}) or a file, got {named!r}."
        )
    other = read_data_file(benchmark, kind=kind)
    if other.values.shape[1] != 1:
        raise InvalidInputError(
            f"the benchmark file {other.name} must have one column beside its dates, got "
            f"{', '.join(other.values.columns)}."
        )
    if data.kind == other.kind == "prices":
        other = replace(other, values=_prices_on_dates(other, data))
    return data, other


def _prices_on_dates(other: DataFile, data: DataFile) -> pd.DataFrame:
    """Return the benchmark's prices on the portfolio's dates, so that the returns of both cover the same periods."""
    dates = data.values.index
    inside = dates[(dates >= other.values.index[0]) & (dates <= other.values.index[-1])]
    if len(inside) < 2:
        raise InvalidInputError(
            f"{other.name} ({other.values.index[0]:%Y-%m-%d} to {other.values.index[-1]:%Y-%m-%d}) and {data.name} "
            f"({dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}) share no span of time."
        )
    return other.values.reindex(inside)


def _read_weights(weights: str | Path) -> dict[str, float] | None:
    """Return the weight of each name, or None for equal weights."""
    if str(weights) == EQUAL:
        return None
    if "=" in str(weights):
        pairs = [part.rpartition("=")[::2] for part in readable(str(weights)).split(",")]
        what = "weights"
    else:
        path = Path(weights)
        what = readable(path.name)
        pairs = _pairs_of(path)
    shares: dict[str, float] = {}
    for name, text in ((name.strip(), text.strip()) for name, text in pairs):
        share = _number(text)
        if not name or share is None:
            raise InvalidInputError(f"{what} must give a name and a finite number each, got {name!r} and {text!r}.")
        if name in shares:
            raise InvalidInputError(f"{what} must name each column once, got {name!r} twice.")
        shares[name] = share
    return shares


def _pairs_of(path: Path) -> list[tuple[str, str]]:
    """Return the two cells of each row of a weights file, without a header if there is one."""
    try:
        rows = [row for row in csv.reader(io.StringIO(bytes_of(path).decode("utf-8-sig"), newline="")) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(f"{readable(path.name)} is no CSV text (UTF-8) of names and weights.") from error
    for number, row in enumerate(rows, start=1):
        if len(row) != 2:
            raise InvalidInputError(
                f"{readable(path.name)} must have a name and a weight in each row, got {row} in row {number}."
            )
    return [(row[0], row[1]) for row in (rows[1:] if _number(rows[0][1]) is None else rows)]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
