"""Closed trades of a history: a user's table of them, by the bar on which they closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._bar_checks import check_closed_trades
from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._panel import read_numbers
from riskresearch.core._plausibility import warn_user
from riskresearch.core._records import ClosedTrade

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatMatrix, FloatVector, Labels

COLUMNS = "'profit' and 'time', which may be the index, and 'asset' and 'side' where they are known"


@dataclass(frozen=True, slots=True)
class TradeColumn:
    """The closed trades of each row of a history, in the order of time."""

    ends: npt.NDArray[np.int64]
    """How many trades have closed up to each row, this one included."""
    profits: FloatVector
    assets: tuple[str, ...]
    sides: tuple[str, ...]
    bars: FloatVector
    """The number of the bar of each row."""
    seconds: FloatVector
    """The moment of each row, nan without dates."""

    def of_row(self, row: int) -> tuple[ClosedTrade, ...]:
        """Return the trades that closed on a row, as a running breaker is shown them."""
        places = range(int(self.ends[row - 1]) if row else 0, int(self.ends[row]))
        return tuple(ClosedTrade(float(self.profits[i]), self.assets[i], self.sides[i]) for i in places)


def read_trades(given: Any, labels: Labels, clocks: FloatMatrix, ticks: int = 1) -> TradeColumn:
    """Return trades by row of `clocks`; of several ticks a bar they close on the last one."""
    given = _as_table(given)
    if "profit" not in given.columns:
        raise InvalidInputError(
            f"trades must have {COLUMNS}, got the columns {[*map(str, given.columns)]}. Name them with "
            "trades.rename(columns={'close_date': 'time', 'profit_ratio': 'profit', 'pair': 'asset'})."
        )
    if not len(given):
        return TradeColumn(np.zeros(clocks.shape[1], dtype=np.int64), np.empty(0), (), (), clocks[0], clocks[1])
    profits = read_numbers(given["profit"].to_numpy(), name="trades['profit']")[0][:, 0]
    assets = _texts(given, "asset")
    sides = [side.lower() for side in _texts(given, "side")]
    check_closed_trades(list(map(ClosedTrade, profits.tolist(), assets, sides)), "trades: ")
    bar = _bars_of(given, labels)
    inside = (bar >= 0) & (bar < clocks.shape[1] // ticks)
    if not inside.all():
        warn_user(
            f"trades has {int((~inside).sum())} of {len(bar)} rows that closed before the first bar or after the last "
            "one: they are left out."
        )
    order = np.flatnonzero(inside)[np.argsort(bar[inside], kind="stable")]
    closed = np.bincount(bar[order] * ticks + ticks - 1, minlength=clocks.shape[1])
    return TradeColumn(
        ends=np.cumsum(closed).astype(np.int64), profits=np.ascontiguousarray(profits[order]),
        assets=tuple(assets[i] for i in order), sides=tuple(sides[i] for i in order), bars=clocks[0], seconds=clocks[1],
    )  # fmt: skip


def _as_table(given: Any) -> pd.DataFrame:
    """Return a table of trades as one of pandas; a Series holds profits by their time."""
    if is_instance_of(given, "pandas", "DataFrame"):
        table: pd.DataFrame = given
        return table
    if is_instance_of(given, "pandas", "Series"):
        table = given.to_frame("profit")
        return table
    if is_instance_of(given, "polars", "DataFrame"):
        import pandas as pd  # noqa: PLC0415 (only for a table of polars)

        return pd.DataFrame({name: given[name].to_list() for name in given.columns})
    raise InvalidInputError(
        f"trades must be a DataFrame with a row for each closed trade, with {COLUMNS}, got {shown(given)}."
    )


def _texts(given: pd.DataFrame, name: str) -> list[str]:
    """Return a column as text, empty where it is missing or not given."""
    if name not in given.columns:
        return [""] * len(given)
    values = given[name].astype(object)
    return ["" if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)]


def _bars_of(given: pd.DataFrame, labels: Labels) -> npt.NDArray[np.int64]:
    """Return the bar on which each trade closed: the first at or after it, or that of its day; -1 is before the first.

    Sorting is by time: trades of one bar must come in the order in which they closed.
    """
    times = given["time"] if "time" in given.columns else given.index
    rows = len(labels.row_names)
    if labels.dates is None or labels.instants is None:
        return _numbers_of_bars(times, rows)
    when, zoned = _moments(times)
    if zoned != labels.zoned:
        own, other = ("with", "without") if zoned else ("without", "with")
        raise InvalidInputError(
            f"trades must have times in the clock of the bars, got times {own} a zone beside bars {other} one. Use "
            "tz_localize() or tz_convert() on one of them."
        )
    bars = labels.instants.astype("datetime64[ns]")
    if (labels.dates == labels.dates.astype("datetime64[D]")).all():
        bars, when = labels.dates.astype("datetime64[D]"), _days_of(when, labels)
    return np.where(when < bars[0], -1, np.searchsorted(bars, when)).astype(np.int64)


def _days_of(when: npt.NDArray[np.datetime64], labels: Labels) -> npt.NDArray[np.datetime64]:
    """Return the day of each moment by the clock of the bars."""
    import pandas as pd  # noqa: PLC0415 (who has a table of trades has loaded it)

    if not labels.zoned:
        return when.astype("datetime64[D]")
    zone = getattr(labels.row_names[0], "tzinfo", None)
    shown = pd.DatetimeIndex(when).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(shown).astype("datetime64[D]")


def _numbers_of_bars(times: Any, rows: int) -> npt.NDArray[np.int64]:
    numbers = np.asarray(times)
    if numbers.dtype.kind not in "iu":
        raise InvalidInputError(
            f"trades must have the number of the bar as 'time' beside bars without dates, 0 to {rows - 1}, got "
            f"{shown(numbers[0].item() if len(numbers) else times)}. Or give the bars dates."
        )
    return np.clip(numbers.astype(np.int64), -1, rows)


def _moments(times: Any) -> tuple[npt.NDArray[np.datetime64], bool]:
    """Return the moments of trades as instants, and whether they have a zone."""
    import pandas as pd  # noqa: PLC0415 (who has a table of trades has loaded it)

    if len(times) and pd.api.types.is_numeric_dtype(times):
        raise InvalidInputError(
            f"trades must have dates as 'time' beside bars with dates, got {shown(times[:1].tolist()[0])}. Convert "
            "them with pd.to_datetime()."
        )
    try:
        index = pd.DatetimeIndex(times)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"trades must have dates as 'time', got {shown(next(iter(times)))} on the first row. Convert them with "
            "pd.to_datetime()."
        ) from error
    if index.hasnans:
        raise InvalidInputError(
            f"trades must have a time on each row, got none on row {int(index.isna().argmax())}. Trades that are open "
            "are none: trades.dropna(subset='time')."
        )
    zoned = index.tz is not None
    instants: npt.NDArray[np.datetime64] = (index.tz_convert(None) if zoned else index).to_numpy()
    return instants.astype("datetime64[ns]"), zoned
