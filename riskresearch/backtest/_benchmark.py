"""The benchmark of a simulation, on the bars of its prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.backtest._holding import NEVER, first_fills
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, read_panel
from riskresearch.core.alignment._clock import clock_of
from riskresearch.core.alignment._deciding import match
from riskresearch.core.alignment._notes import rule_of

if TYPE_CHECKING:
    from riskresearch.accounts._book import Record
    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import Data, FloatVector, Labels
    from riskresearch.core.alignment._clock import Clock, IntVector
    from riskresearch.core.alignment._deciding import How
    from riskresearch.core.alignment._pairs import Pairs


@dataclass(frozen=True, slots=True, eq=False)
class Benchmark:
    """Returns of a benchmark, one for each bar."""

    name: str
    returns: FloatVector
    """nan before its first and after its last return."""
    notes: tuple[str, ...]
    """How its rows were matched with the bars, a sentence each."""


def read_benchmark(given: Data, labels: Labels, bars: int) -> Benchmark:
    """Return the returns of a benchmark on the bars of `labels`; the first ones may be missing, as of `pct_change`."""
    panel = read_panel(given, name="benchmark", holds="compounded", nan_policy="omit")
    if panel.values.shape[1] != 1:
        raise InvalidInputError(f"benchmark must be one series, got {panel.values.shape[1]} columns.")
    rows = _known_rows(panel)
    own, theirs = clock_of(labels, name="prices"), clock_of(panel.labels, name="benchmark")
    returns, notes = np.full(bars, np.nan), []
    if own is None or theirs is None:
        if len(panel.values) != bars:
            raise InvalidInputError(
                f"benchmark must have a return for each of the {bars} bars of prices, got {len(panel.values)}. Where "
                "the first bar has none, pass np.insert(benchmark, 0, np.nan)."
            )
        returns[rows] = panel.values[rows, 0]
    else:
        how, pairs = _matched(own, theirs.at(rows))
        returns[pairs.rows[0]], compounded = _since_the_bar_before(panel.values[rows, 0], pairs)
        notes = [rule_of(own, theirs.at(rows), how, pairs)]
        notes += [f"{compounded:,} returns of the benchmark between bars are compounded into the next."] * (
            compounded > 0
        )
    _check_compounds(returns[~np.isnan(returns)])
    columns = panel.labels.columns
    name = columns[0] if columns and columns[0] not in ("None", "") else "benchmark"
    return Benchmark(name, returns, tuple(note for note in notes if note))


def check_benchmark(benchmark: Benchmark, record: Record, layout: Layout) -> Benchmark:
    """Require a return of the benchmark on every bar after the first fill of any account."""
    first = first_fills(record, layout)
    begin = int(first[first != NEVER].min()) + 1 if (first != NEVER).any() else len(benchmark.returns)
    missing = np.flatnonzero(np.isnan(benchmark.returns[begin:]))
    if missing.size:
        where = layout.labels.place(begin + int(missing[0]), 0).partition(" in column")[0].partition(", column")[0]
        raise InvalidInputError(
            f"benchmark must have a return on every bar after the first fill, got none at {where}"
            f"{f' and on {missing.size - 1:,} other bars' * (missing.size > 1)}. Pass prices and weights of the dates "
            "that it has."
        )
    return benchmark


def _check_compounds(returns: FloatVector) -> None:
    with np.errstate(over="ignore"):
        end = float(np.prod(1.0 + returns))
    if not np.isfinite(end):
        raise InvalidInputError(
            "benchmark must compound to what a double holds, but it goes beyond 1e308. Returns are fractions: 1 % is "
            "0.01. Of prices, pass riskresearch.simple_returns(benchmark)."
        )


def _known_rows(panel: Panel) -> IntVector:
    """Return the rows from the first return on; a return that is missing later is refused."""
    known = np.flatnonzero(~np.isnan(panel.values[:, 0]))
    if not known.size:
        raise InvalidInputError("benchmark must have a return on some bar, got none.")
    rows: IntVector = np.arange(known[0], known[-1] + 1)
    if rows.size > known.size:
        row = int(np.setdiff1d(rows, known)[0])
        raise InvalidInputError(
            f"benchmark must have no gap after its first return, got nan at {panel.labels.place(row, 0)}. Pass "
            "benchmark.dropna(), whose next return must span the gap."
        )
    return rows


def _matched(own: Clock, theirs: Clock) -> tuple[How, Pairs]:
    """Return how bars and rows of the benchmark are matched; every bar of the shared span needs one."""
    try:
        how, pairs = match(own, theirs, "auto")
    except InvalidInputError as error:
        raise InvalidInputError(
            f"{error} A benchmark that riskresearch.align(prices.pct_change(), benchmark, how=...).benchmark returns "
            "has the dates of the prices."
        ) from None
    missing = np.setdiff1d(np.arange(pairs.rows[0][0], pairs.rows[0][-1] + 1), pairs.rows[0])
    if missing.size:
        raise InvalidInputError(
            f"benchmark must have a row for each bar of prices, but {own.when(int(missing[0]))} is in prices only"
            f"{f', as are {missing.size - 1:,} later bars' * (missing.size > 1)}. Pass prices and weights of its dates."
        )
    return how, pairs


def _since_the_bar_before(values: FloatVector, pairs: Pairs) -> tuple[FloatVector, int]:
    """Return the benchmark's return on each matched bar since the one before, and how many rows lie between bars."""
    ends = pairs.rows[1]
    first = ends[0] - 1 if pairs.before_first is None else pairs.before_first[1]
    starts = np.append(first, ends[:-1]) + 1
    returns = values[ends].copy()
    for place in np.flatnonzero(ends > starts):
        returns[place] = np.prod(1.0 + values[starts[place] : ends[place] + 1]) - 1.0
    return returns, int((ends - starts).sum())
