"""The inputs of a report: a portfolio, its assets if they are known, and a benchmark, on common dates."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import text_keys
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.core._weights import HeldColumns, rounding_note, select_held
from riskresearch.core.alignment._align import AlignedPair, Contents, align_named
from riskresearch.core.alignment._deciding import Asked
from riskresearch.core.output._text import readable
from riskresearch.metrics import portfolio_returns

NanPolicy = Literal["raise", "omit"]
Weights = Mapping[str, float] | pd.Series

MATERIAL_SHARE = 0.05
"""More returns than these outside the common dates are a remark for the reader, not for the conventions alone."""
PERIOD_LETTERS = {"week": "W", "month": "M", "quarter": "Q", "year": "Y"}
MAX_ASSETS = 1_000
"""Each asset has its own row in several tables."""


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Portfolio, assets, weights and benchmark on the same ascending dates; only assets may have missing values."""

    portfolio: pd.Series
    assets: pd.DataFrame | None
    weights: pd.Series | None
    benchmark: pd.Series | None
    benchmark_history: pd.Series | None
    """The benchmark on all its own dates, which may start earlier."""
    weighting: str
    common_dates: str
    """How the dates of both were matched; empty where they were the same."""
    left_out: str
    notes: tuple[str, ...]
    """Remarks for the reader of the page, such as which columns are not in the portfolio."""
    sha256: str

    @property
    def compared(self) -> pd.DataFrame:
        """The portfolio and the benchmark, as columns."""
        sides = [self.portfolio] if self.benchmark is None else [self.portfolio, self.benchmark]
        return pd.concat(sides, axis=1)


def gather(
    returns: pd.Series | pd.DataFrame,
    *,
    benchmark: pd.Series | None,
    weights: Weights | None,
    nan_policy: NanPolicy,
    benchmark_how: Asked = "auto",
    name: str = "returns",
) -> Inputs:
    """Check the inputs, align them on common dates and form the portfolio; `name` is what warnings call the returns."""
    held = _held(returns, weights)
    given = _dated(held.data, name=name, nan_policy=nan_policy)
    if isinstance(given, pd.DataFrame) and given.shape[1] == 1 and weights is None:
        given = given.iloc[:, 0]
    beside = None if benchmark is None else _dated(benchmark, name="benchmark", nan_policy=nan_policy)
    if isinstance(beside, pd.DataFrame):
        raise InvalidInputError(f"benchmark must be one Series, got a DataFrame of {beside.shape[1]} columns.")
    history, matched, reach = None, "", ""
    left_out: list[str] = []
    if beside is not None and benchmark is not None:
        pair = aligned(
            _clocked(given, returns, "returns"),
            _clocked(beside, benchmark, "benchmark"),
            names=("returns", "benchmark"),
            holds="returns",
            how=benchmark_how,
            nan_policy=nan_policy,
        )
        history = _history(pair, beside)
        reach = outside_note(given.index, _plain_dates(pair.data.index), of="the benchmark")
        matched, left_out = " ".join(pair.matched), list(pair.left_out)
        given, beside = (side.set_axis(_plain_dates(side.index), axis=0) for side in (pair.data, pair.benchmark))
    given, beside, lines = _without_missing(given, beside, nan_policy)
    left_out += lines
    if isinstance(given, pd.Series):
        if weights is not None:
            raise InvalidInputError("weights need a DataFrame of returns, one column per asset; got one Series.")
        portfolio, assets, shares, weighting = given.rename(_name_of(given, "Portfolio")), None, None, "a single series"
    else:
        assets = given.set_axis([str(column) for column in given.columns], axis=1)
        portfolio, shares, weighting = _weighted(assets, weights, nan_policy)
        weighting += _without(len(held.left))
    return Inputs(
        portfolio=portfolio,
        assets=assets,
        weights=shares,
        benchmark=None if beside is None else beside.rename(_other_than(portfolio.name, _name_of(beside, "Benchmark"))),
        benchmark_history=history,
        weighting=weighting,
        common_dates=matched,
        left_out="; ".join(line.removesuffix(".") for line in left_out) or "none",
        notes=tuple(
            note for note in (held.note, "" if shares is None else rounding_note(shares.to_numpy()), reach) if note
        ),
        sha256=checksum(given, beside),
    )


def _held(returns: pd.Series | pd.DataFrame, weights: Weights | None) -> HeldColumns:
    """Return the columns that weights name; without weights, all of them."""
    if weights is None:
        return HeldColumns(returns)
    held = select_held(returns, weights, name="returns")
    if held.left:
        warn_user(held.note)
    return held


def outside_note(given: pd.Index, common: pd.Index, *, of: str) -> str:
    """Return how many returns are before or after the common dates, in words; empty where that is next to none."""
    before, after = int((given < common[0]).sum()), int((given > common[-1]).sum())
    if before + after <= MATERIAL_SHARE * len(given):
        return ""
    parts = [f"{before:,} before {common[0]:%Y-%m-%d}"] * bool(before)
    parts += [f"{after:,} after {common[-1]:%Y-%m-%d}"] * bool(after)
    return (
        f"{before + after:,} of {len(given):,} returns are not on this page, because the dates of {of} do not reach "
        f"them: {' and '.join(parts)}."
    )


def _without(count: int) -> str:
    if count == 0:
        return ""
    return f"; {count:,} column{'s' if count > 1 else ''} without a weight {'are' if count > 1 else 'is'} not in it"


def days_per_row(index: pd.Index) -> float:
    """Return the typical step from one date to the next, in days."""
    return float(np.median(np.diff(index.to_numpy()) / np.timedelta64(1, "D")))


def check_assets(count: int, name: str) -> None:
    """Raise `InvalidInputError` if there are too many assets for one page."""
    if count > MAX_ASSETS:
        raise InvalidInputError(
            f"{name} must have at most {MAX_ASSETS:,} assets for a report on one page, got {count:,}. "
            "Report on the returns of the portfolio itself, or of groups of its assets."
        )


def _dated(data: pd.Series | pd.DataFrame, *, name: str, nan_policy: NanPolicy) -> pd.Series | pd.DataFrame:
    if not isinstance(data, pd.Series | pd.DataFrame):
        raise InvalidInputError(f"{name} must be a Series or a DataFrame with dates, got {type(data).__name__}.")
    if not isinstance(data.index, pd.DatetimeIndex | pd.PeriodIndex):
        raise InvalidInputError(
            f"{name} must be indexed by dates, got an index of {data.index.dtype}. Convert it with "
            f"{name}.index = pd.to_datetime({name}.index)."
        )
    check_assets(data.shape[1] if isinstance(data, pd.DataFrame) else 1, name)
    dated = _with_readable_names(data.set_axis(_plain_dates(data.index), axis=0))
    as_panel(dated, name=name, nan_policy=nan_policy, min_rows=2)
    return dated.astype(float)


def _with_readable_names(data: pd.Series | pd.DataFrame) -> pd.Series | pd.DataFrame:
    if isinstance(data, pd.Series):
        return data.rename(readable(data.name)) if isinstance(data.name, str) else data
    names = [readable(name) if isinstance(name, str) else name for name in data.columns]
    return data if names == list(data.columns) else data.set_axis(names, axis=1)


def _plain_dates(index: pd.Index) -> pd.DatetimeIndex:
    """Return dates as their clock shows them, those of periods as their first day."""
    if isinstance(index, pd.PeriodIndex):
        return index.to_timestamp()
    return cast(pd.DatetimeIndex, index).tz_localize(None)


def _clocked(dated: pd.Series | pd.DataFrame, given: pd.Series | pd.DataFrame, name: str) -> Panel:
    """Return checked numbers with the dates that were given, zone and all."""
    return as_panel(dated.set_axis(given.index, axis=0), name=name, holds="numbers", nan_policy="omit")


def aligned(
    data: Any,
    benchmark: Any,
    *,
    names: tuple[str, str],
    holds: Contents,
    how: Asked,
    nan_policy: NanPolicy,
) -> AlignedPair:
    """Align as `align` does; an error that names `how` adds what it is called here."""
    try:
        return align_named(data, benchmark, names=names, how=how, holds=holds, nan_policy=nan_policy)
    except InvalidInputError as error:
        if "how=" not in str(error):
            raise
        raise InvalidInputError(f"{error} In a report, how is benchmark_how (--benchmark-how).") from error


def _history(pair: AlignedPair, beside: pd.Series) -> pd.Series:
    """Return the benchmark with its own rows before and after the common ones, for episodes that are older."""
    first, last = (pd.Timestamp(pair.benchmark_dates[row]) for row in (0, -1))
    start = first if pair.how in ("exact", "day") else first.to_period(PERIOD_LETTERS[pair.how]).start_time
    common: pd.Series = pair.benchmark.set_axis(_plain_dates(pair.benchmark.index), axis=0)
    before, after = beside.loc[beside.index < min(start, common.index[0])], beside.loc[beside.index > last]
    parts = (before, common, after.loc[after.index > common.index[-1]])
    history: pd.Series = pd.concat([part for part in parts if len(part)])
    return history.dropna()


def _without_missing(
    given: pd.Series | pd.DataFrame, beside: pd.Series | None, nan_policy: NanPolicy
) -> tuple[pd.Series | pd.DataFrame, pd.Series | None, list[str]]:
    """With "omit", leave out the dates without any return; a frame keeps those where some asset has one."""
    if nan_policy == "raise":
        return given, beside, []
    lines = []
    known = given.notna() if isinstance(given, pd.Series) else given.notna().any(axis=1)
    if not known.all():
        lines.append(f"{int((~known).sum()):,} dates without any return")
    if beside is not None:
        if beside.isna().any():
            lines.append(f"{int(beside.isna().sum()):,} dates without a return of the benchmark")
        known &= beside.notna()
        beside = beside.loc[known]
    if known.sum() < 2:
        raise InvalidInputError(f"returns and benchmark must have two dates with a return of both, got {known.sum()}.")
    return given.loc[known], beside, lines


def _weighted(assets: pd.DataFrame, weights: Weights | None, nan_policy: NanPolicy) -> tuple[pd.Series, pd.Series, str]:
    equal = weights is None
    given = (
        dict.fromkeys(assets.columns, 1.0 / assets.shape[1]) if weights is None else text_keys(weights, name="weights")
    )
    portfolio = portfolio_returns(assets, weights=given, nan_policy=nan_policy)
    shares = pd.Series({column: float(given[column]) for column in assets.columns}, name="Weight")
    count = f"{assets.shape[1]} asset{'s' if assets.shape[1] > 1 else ''}"
    weighting = f"{'equal' if equal else 'given'} weights in {count}, rebalanced each period, no costs"
    if assets.isna().to_numpy().any():
        weighting += "; the weight of an asset without a return is shared among the others in proportion"
    return portfolio.rename(_other_than(assets.columns, "Portfolio")), shares, weighting


def _name_of(series: pd.Series, otherwise: str) -> str:
    return otherwise if series.name is None else str(series.name)


def _other_than(taken: object, wanted: object) -> str:
    """Return `wanted`, marked if a column of that name is there already."""
    names = {str(name) for name in taken} if isinstance(taken, pd.Index) else {str(taken)}
    return str(wanted) if str(wanted) not in names else f"{wanted} (2)"


def checksum(given: pd.Series | pd.DataFrame, beside: pd.Series | None) -> str:
    """Digest the dates as seconds since 1970 and the numbers as little-endian floats, series after series."""
    frame = given.to_frame() if isinstance(given, pd.Series) else given
    digest = hashlib.sha256(frame.index.to_numpy().astype("datetime64[s]").astype("<i8").tobytes())
    for series in [*(frame.iloc[:, number] for number in range(frame.shape[1])), *([] if beside is None else [beside])]:
        digest.update(np.ascontiguousarray(series.to_numpy(), dtype="<f8").tobytes())
    return digest.hexdigest()
