"""The report on a file of prices or returns."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.core._checks import check_positive, text_keys
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import each_topic_once, warn_user
from riskresearch.core._weights import select_held
from riskresearch.core.alignment._deciding import Asked
from riskresearch.core.output._text import readable
from riskresearch.files import DataFile, read_weights
from riskresearch.files._data_file import call_of
from riskresearch.files._kind import Kind
from riskresearch.files._read import OpenTable, ReadOptions, as_names, open_table
from riskresearch.files._shape import Shape, listed
from riskresearch.files._vocabulary import is_benchmark
from riskresearch.metrics import portfolio_returns, wealth_index
from riskresearch.report._inputs import NanPolicy, aligned
from riskresearch.report._report import Report, build_report

EQUAL = "equal"


@answers_other_names()
def build_file_report(
    path: str | Path | DataFile,
    *,
    kind: Kind = "auto",
    shape: Shape = "auto",
    columns: str | Sequence[str] | None = None,
    drop: str | Sequence[str] = (),
    date_format: str | None = None,
    decimal: Literal[".", ","] | None = None,
    sheet: str | None = None,
    table: int = 1,
    encoding: str | None = None,
    separator: str | None = None,
    capital: float | None = None,
    benchmark: str | Path | DataFile | None = None,
    benchmark_kind: Kind = "auto",
    benchmark_how: Asked = "auto",
    weights: str | Path | Mapping[str, float] = EQUAL,
    level: float = 0.95,
    risk_free: float = 0.0,
    periods_per_year: float | None = None,
    window: int | None = None,
    nan_policy: NanPolicy = "raise",
    title: str | None = None,
    sections: Sequence[str] | None = None,
    logo: str | Path | None = None,
    settings_from: str = "",
) -> Report:
    """Report on a file of prices or returns, in any form that `riskresearch.read` reads.

    Parameters
    ----------
    path : str, path or DataFile
        The file, or what `riskresearch.read` returned.
    kind, shape, columns, drop, date_format, decimal, sheet, table, encoding, separator : optional
        How to read the file, as in `riskresearch.read`.
    capital : float, optional
        Of profit and loss the money at its start, which makes returns of it; amounts on the page are then of the
        equity that came of it. Of other kinds the money held after the last return, as in `build_report`.
    benchmark : str, path or DataFile, optional
        A column of the file, or another file with one column beside its dates. A column called "benchmark" is one by
        itself, unless it is among `columns`.
    benchmark_kind : str
        What the benchmark's numbers are.
    benchmark_how : {"auto", "exact", "day", "week", "month", "quarter", "year"}
        How dates of two files are matched, as in `riskresearch.align`; the page states what was done.
    weights : str, path or mapping
        "equal", "AAPL=0.6,MSFT=0.4", a file of names and weights, or a weight by name; a column without a weight leaves
        the portfolio.
    level, risk_free, periods_per_year, window, nan_policy, title, sections, logo, settings_from : optional
        As in `build_report`; the title is the file's name by default.

    Returns
    -------
    Report
        With the files as they were read in `files`.

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
    options = ReadOptions(kind, shape, as_names(columns), as_names(drop) or (), date_format, decimal)
    if isinstance(path, DataFile):
        if options != ReadOptions():
            raise InvalidInputError("kind, shape, columns and the other options of reading must be given to read().")
        data, beside = path, _other_file(benchmark, benchmark_kind, path)
    else:
        data, beside = read_both(
            open_table(path, sheet=sheet, table=table, decimal=decimal, encoding=encoding, separator=separator),
            replace(options, capital=capital, capital_decides=False),
            benchmark,
            benchmark_kind,
        )
    data, shares, weight_notes = _weighted(data, weights)
    data, beside, notes = _on_common_dates(data, beside, benchmark_how, nan_policy)
    if nan_policy == "raise":
        refuse_missing(data)
    files = (data,) if beside is None or beside.name == data.name else (data, beside)
    money = _capital(data, shares, capital, nan_policy)
    with each_topic_once():
        page = build_report(
            data.returns,
            benchmark=None if beside is None else beside.returns.iloc[:, 0],
            benchmark_how=benchmark_how,
            weights=shares,
            level=level,
            risk_free=risk_free,
            periods_per_year=periods_per_year,
            window=window,
            capital=money,
            nan_policy=nan_policy,
            title=data.name.partition(".")[0] if title is None else title,
            sections=sections,
            notes=(*(note for file in files for note in file.notes), *weight_notes, *notes),
            source="; ".join(map(describe, files)),
            logo=logo,
            settings_from=settings_from,
        )
    return page.with_files(files)


def _capital(
    data: DataFile, shares: dict[str, float] | None, given: float | None, nan_policy: NanPolicy
) -> float | pd.Series | None:
    """Return the capital that was given, or of profit and loss the equity that came of it, by date."""
    start = data.capital
    if start is None:
        return given
    if given is not None and check_positive(given, name="capital (--capital)") != start:
        raise InvalidInputError(
            f"capital (--capital) must be that which {data.name} was read with, {start:,g}, or be left out, got "
            f"{given:,g}."
        )
    equal = {str(name): 1.0 / data.returns.shape[1] for name in data.returns}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)  # the report warns of the same returns
        portfolio: Any = portfolio_returns(data.returns, weights=shares or equal, nan_policy=nan_policy)
    of_columns = ", in the weights of the portfolio" if data.returns.shape[1] > 1 else ""
    name = f"the capital of {start:,.10g} at the start (--capital) and all profit and loss since{of_columns}"
    equity: pd.Series = start * wealth_index(portfolio.dropna())
    return equity.rename(name)


def describe(data: DataFile) -> str:
    """Return what was decided for a file, for the conventions of the page."""
    decided = "; ".join(str(step) for step in data.steps if step.name != "kind")
    return f"{data.read_as}; {decided}; SHA-256 {data.sha256}"


def refuse_missing(data: DataFile) -> None:
    """Refuse missing values, with the place of the first one and the option that leaves them out."""
    missing = data.values.isna().to_numpy()
    if missing.any():
        row, column = np.argwhere(missing)[0]
        count = int(missing.sum())
        raise InvalidInputError(
            f"{data.name} has {count:,} missing value{'s' if count > 1 else ''}, the first at "
            f"{data.values.index[row]:%Y-%m-%d} in column {data.values.columns[column]!r}. "
            'Pass nan_policy="omit" (--nan-policy omit) to share the weight of a missing asset among the others.'
        )


def read_both(
    table: OpenTable, options: ReadOptions, benchmark: str | Path | DataFile | None, kind: Kind
) -> tuple[DataFile, DataFile | None]:
    """Return the assets and the benchmark: a column of the table, a ticker of its rows, or another file."""
    names = [column.name for column in table.columns]
    wanted = benchmark if isinstance(benchmark, DataFile) or benchmark is None else readable(str(benchmark))
    if wanted is None and options.columns is None:
        wanted = _benchmark_by_name(table, options)
    if isinstance(wanted, str) and wanted in names:
        return _with_column(table, options, wanted, kind)
    whole = table.read(options, call=call_of(table.source.name, {}))
    if isinstance(wanted, str) and wanted in whole.values.columns:
        return _with_ticker(whole, wanted)
    return whole, _other_file(benchmark, kind, whole)


def _benchmark_by_name(table: OpenTable, options: ReadOptions) -> str | None:
    """Return the column that is called a benchmark; None where it is the only one beside the dates."""
    names = [column.name for column in table.columns]
    found = next((name for name in names if is_benchmark(name) and name not in options.drop), None)
    return found if len([name for name in names if name not in options.drop]) > 2 else None


def _with_column(table: OpenTable, options: ReadOptions, wanted: str, kind: Kind) -> tuple[DataFile, DataFile]:
    """Return the assets without one column, and that column as another reading of the same table."""
    call = call_of(table.source.name, {})
    column = table.read(replace(options, columns=(wanted,), drop=(), kind=kind, shape="wide"), call=call)
    columns = None if options.columns is None else tuple(name for name in options.columns if name != wanted)
    if columns == () or len(table.columns) <= 2:
        raise InvalidInputError(f"{table.source.name} has no column besides the benchmark {wanted!r}.")
    return table.read(replace(options, columns=columns, benchmark=wanted), call=call), column


def _with_ticker(whole: DataFile, wanted: str) -> tuple[DataFile, DataFile]:
    rest = whole.values.drop(columns=wanted)
    if rest.empty:
        raise InvalidInputError(f"{whole.name} has no column besides the benchmark {wanted!r}.")
    return replace(whole, values=rest), replace(whole, values=whole.values[[wanted]])


def _other_file(benchmark: str | Path | DataFile | None, kind: Kind, data: DataFile) -> DataFile | None:
    """Return the benchmark that is a file of its own."""
    if benchmark is None or isinstance(benchmark, DataFile):
        other = benchmark
    elif not Path(benchmark).exists():
        raise InvalidInputError(
            f"benchmark must be a column of {data.name} ({listed(list(data.values.columns))}) or a file, got "
            f"{readable(str(benchmark))!r}."
        )
    else:
        other = open_table(benchmark).read(ReadOptions(kind=kind), call=call_of(benchmark, {}))
    if other is not None and other.values.shape[1] != 1:
        raise InvalidInputError(
            f"the benchmark file {other.name} must have one column beside its dates, got "
            f"{listed(list(other.values.columns))}."
        )
    return other


def _on_common_dates(
    data: DataFile, other: DataFile | None, how: Asked, nan_policy: NanPolicy
) -> tuple[DataFile, DataFile | None, tuple[str, ...]]:
    """Return prices on the dates that both have, so that the returns of both span the same time, and what was done."""
    if other is None or not data.kind == other.kind == "prices":
        return data, other, ()
    if nan_policy == "raise":
        refuse_missing(data)
        refuse_missing(other)
    pair = aligned(
        data.values, other.values, names=("prices", "benchmark"), holds="prices", how=how, nan_policy=nan_policy
    )
    return replace(data, values=pair.data), replace(other, values=pair.benchmark), pair.notes


def _weighted(
    data: DataFile, weights: str | Path | Mapping[str, float]
) -> tuple[DataFile, dict[str, float] | None, tuple[str, ...]]:
    """Return the columns that have a weight, their weights (None for equal ones), and what the page says of both."""
    notes: tuple[str, ...] = ()
    if isinstance(weights, Mapping):
        shares = text_keys(weights, name="weights")
    elif str(weights) == EQUAL:
        return data, None, ()
    else:
        read = read_weights(weights, columns=list(data.values.columns))
        shares, notes = read.weights, read.notes
    held = select_held(data.values, shares, name=data.name)
    if held.left:
        warn_user(held.note)
        return replace(data, values=held.data), shares, (*notes, held.note)
    return data, shares, notes
