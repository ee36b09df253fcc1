"""Market-wide halts found on bars of the index, as far as bars can show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from riskresearch.breakers._halt_rules import (
    DOW_AT_YEAR_END,
    RULES,
    THE_REST_OF_THE_DAY,
    HaltLevel,
    HaltRule,
)
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

STAND_IN = "S&P 500 in Dow points at the ratio of the last year's end"


@dataclass(frozen=True, slots=True)
class MarketWideHalt:
    """A level that was reached."""

    day: date
    at: time | None
    """Eastern time of the bar that reached it; None on daily bars, which keep no time of day."""
    level: int
    rule: str
    basis: str
    """What was measured: the rule's own index, or what stands in for it."""
    threshold: float
    """Index value at or below which the level is reached."""
    low: float
    previous_close: float
    halt: str
    """How long trading stopped; on daily bars the rule's whole table, for the bar does not say which line applied."""


@dataclass(frozen=True, slots=True)
class MarketWideHalts:
    """The levels that were reached: see `market_wide_halts`."""

    halts: tuple[MarketWideHalt, ...]
    bars: str
    """"daily" or "intraday"."""
    days: int
    """Days looked at, the first of which only gives its close."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per level reached, indexed by day and level."""
        import pandas as pd  # noqa: PLC0415 (breakers themselves need no pandas)

        names = ("day", "level", "rule", "basis", "threshold", "low", "previous_close", "at", "halt")
        rows = [{name: getattr(halt, name) for name in names} for halt in self.halts]
        frame = pd.DataFrame(rows, columns=list(names))
        frame["day"] = pd.to_datetime(frame["day"])
        frame.insert(7, "fall", 1.0 - frame["low"] / frame["previous_close"])
        return frame.set_index(["day", "level"])

    def summary(self) -> str:
        """Return the days and levels as text, and what the bars cannot say."""
        lines = [
            f"{halt.day:%Y-%m-%d} level {halt.level}: {1.0 - halt.low / halt.previous_close:.1%} under the previous "
            f"close, {halt.rule}: {halt.halt}"
            for halt in self.halts
        ]
        if self.bars == "daily":
            lines.append("Daily bars do not say at what time a level was reached, and so not which halt applied.")
        return "\n".join([f"{len(self.halts)} levels reached on {self.days} days", *lines])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the fall under the previous close on each day that reached a level."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        frame = self.to_frame()
        if frame.empty:
            raise InvalidInputError("plot needs at least one level reached, there is none.")
        fall: Any = frame["fall"].groupby(level="day").max()
        fall.index = fall.index.strftime("%Y-%m-%d")
        return plot_bars(fall, label="Low under the previous close", percent=True, ax=ax)

    def __repr__(self) -> str:
        return f"MarketWideHalts({len(self.halts)} levels reached, {self.bars} bars, {self.days} days)"

    def _repr_html_(self) -> str:
        return f"<p>{self!r}</p>{self.to_frame().to_html(float_format='{:.4f}'.format, border=0)}"


def market_wide_halts(bars: pd.DataFrame, *, dow: pd.DataFrame | None = None) -> MarketWideHalts:
    """Return the levels of the market-wide halts that were reached, each under the rule in force on its day.

    Parameters
    ----------
    bars : DataFrame
        Bars of the S&P 500 with columns "low" and "close", daily, or intraday with Eastern times.
    dow : DataFrame, optional
        Bars of the Dow Jones Industrial Average, by which the rules before 8 April 2013 measured. Without it the
        S&P 500 stands in, in Dow points at the ratio of the two at the end of the previous year, and each row says so.

    Returns
    -------
    MarketWideHalts
        A level counts once a day and is reached at or below its threshold. On daily bars the time is unknown.

    Raises
    ------
    InvalidInputError
        If a column is missing, a price is not positive, or the dates are not increasing.

    References
    ----------
    Each rule of `market_wide_halt_rules` names its source.

    Examples
    --------
    >>> import riskresearch
    >>> bars = riskresearch.datasets.load("index_sp500").loc["2020"]
    >>> [str(halt.day) for halt in riskresearch.breakers.market_wide_halts(bars).halts]
    ['2020-03-09', '2020-03-12', '2020-03-16', '2020-03-18']
    """
    own, intraday = _checked(bars, "bars")
    dows = None if dow is None else _checked(dow, "dow")[0]
    days = _days(own)
    halts: list[MarketWideHalt] = []
    for rule in RULES:
        if rule.index == "DJIA":
            measured, basis = (_days(dows), "DJIA") if dows is not None else (_in_dow_points(days), STAND_IN)
        else:
            measured, basis = days, "S&P 500"
        halts += _of_rule(rule, measured, basis, intraday)
    halts.sort(key=lambda halt: (halt.day, halt.level))
    return MarketWideHalts(tuple(halts), "intraday" if intraday else "daily", len(days))


def _checked(bars: Any, name: str) -> tuple[pd.DataFrame, bool]:
    """Return low and close, and whether the bars have times of day."""
    import pandas as pd  # noqa: PLC0415 (breakers themselves need no pandas)

    if not isinstance(bars, pd.DataFrame) or not {"low", "close"} <= set(bars.columns):
        columns = list(bars.columns) if isinstance(bars, pd.DataFrame) else type(bars).__name__
        raise InvalidInputError(f"{name} must be a DataFrame with columns 'low' and 'close', got {columns}.")
    if (
        not isinstance(bars.index, pd.DatetimeIndex)
        or not bars.index.is_monotonic_increasing
        or not bars.index.is_unique
    ):
        raise InvalidInputError(f"{name} must be indexed by increasing dates, got an index of {bars.index.dtype}.")
    frame: Any = bars[["low", "close"]].astype(float)
    frame["low"] = frame["low"].where(frame["low"].notna(), frame["close"])  # a bar of a close alone
    if frame.isna().any(axis=None) or (frame <= 0.0).any(axis=None):
        bad = frame.index[(frame.isna() | (frame <= 0.0)).any(axis=1)][0]
        raise InvalidInputError(f"{name} must hold positive prices, got {frame.loc[bad].to_dict()} at {bad}.")
    return frame, bool((frame.index != frame.index.normalize()).any())


def _days(frame: Any) -> Any:
    """Return per day the low, close and previous close, and the bars' own lows and times as lists."""
    import pandas as pd  # noqa: PLC0415

    grouped = frame.groupby(frame.index.normalize())
    days = pd.DataFrame({"low": grouped["low"].min(), "close": grouped["close"].last()})
    days["previous"] = days["close"].shift(1)
    days["quarter"] = _previous_quarter(days["close"])
    days["lows"] = [part["low"].to_numpy() for _, part in grouped]
    days["times"] = [list(part.index.time) for _, part in grouped]
    return days


def _previous_quarter(close: Any) -> Any:
    """Return on each day the mean close of the last month of the quarter before."""
    quarter = close.index.to_period("Q")
    months = close.groupby(close.index.to_period("M")).mean()
    return (quarter - 1).asfreq("M", how="end").map(months)


def _in_dow_points(days: Any) -> Any:
    """Return the days in points of the Dow, at the ratio of both indices at the last year's end that is in `days`."""
    last = days["close"].groupby(days.index.year).last()
    ratio = {year + 1: DOW_AT_YEAR_END[year] / value for year, value in last.items() if year in DOW_AT_YEAR_END}
    factor = days.index.year.map(ratio)
    scaled = days.copy()
    for column in ("low", "close", "previous", "quarter"):
        scaled[column] = days[column] * factor
    scaled["lows"] = [lows * number for lows, number in zip(days["lows"], factor, strict=True)]
    return scaled


def _of_rule(rule: HaltRule, days: Any, basis: str, intraday: bool) -> list[MarketWideHalt]:
    first, last = str(rule.first), None if rule.last is None else str(rule.last)
    some = days.loc[first:last]
    reference = some["previous"] if rule.reference == "previous close" else some["quarter"]
    found = []
    for level in rule.levels:
        # No previous close on the first day, no quarter before the first: nan, which reaches nothing.
        fall = reference.map(lambda value, level=level: rule.points(level, value) if value > 0.0 else float("nan"))
        thresholds = (some["previous"] - fall).round(2)
        for day, row in some[some["low"] <= thresholds].iterrows():
            threshold = float(thresholds[day])
            at = next(when for when, low in zip(row["times"], row["lows"], strict=True) if low <= threshold)
            found.append(
                MarketWideHalt(
                    day.date(), at if intraday else None, level.level, rule.name, basis, threshold,
                    float(row["low"]), float(row["previous"]), _halt(level, at) if intraday else level.describe(),
                )
            )  # fmt: skip
    return found


def _halt(level: HaltLevel, at: time) -> str:
    minutes = level.minutes_at(at)
    if minutes == THE_REST_OF_THE_DAY:
        return "the rest of the day"
    return f"{minutes} minutes" if minutes else "no halt"
