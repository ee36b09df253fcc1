"""The market-wide halts of a history of the index."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from riskresearch.breakers.exchanges._exchange_hours import CLOSE_MINUTE, close_minute, exchange_day
from riskresearch.breakers.exchanges._market_wide import (
    HaltRule,
    IndexDays,
    halt_minutes,
    halt_rule,
    minute_of,
    stands_in,
    warn_of_stand_in,
)
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import read_numbers
from riskresearch.core.dates._moments import moment_of
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    import pandas as pd


def market_wide_halts(
    bars: pd.DataFrame, *, index: Literal["S&P 500", "DJIA"] = "S&P 500", daily: bool = True
) -> pd.DataFrame:
    """Find the market-wide halts of a history of the index, by the rule in force on each day.

    Parameters
    ----------
    bars : DataFrame
        Columns `close` and, where known, `low`, on the dates of the bars, or the times at which they end. Times with a
        zone are read in New York, those without are New York's.
    index : {"S&P 500", "DJIA"}
        Whose bars they are. Points of the DJIA are made of the S&P 500 by the ratio of the last year's end. Since 2013
        the rule is a fraction of the S&P 500: the DJIA's own fall stands in for it, with a warning.
    daily : bool
        Whether a bar is a day, so that the time of day is not known; one of midnight has the date of its own clock.

    Returns
    -------
    DataFrame
        One row for each level reached, on the bar's date: rule, level, decline (a fraction), points fallen and points
        of the level in the rule's index, `minutes` of the halt (-1 for the rest of the day) if the time is known, else
        of the earliest, whether the level stood at the close as well, and `known`: "yes", "unless late" where a late
        fall does not halt and a daily bar does not tell, with "stand-in" where the rule's index is the other one.

    Raises
    ------
    InvalidInputError
        If `bars` lacks a column or dates in order.

    References
    ----------
    The sources in `HALT_RULES`.

    Examples
    --------
    >>> from riskresearch import breakers, datasets
    >>> index = datasets.load("index_sp500")
    >>> [str(day.date()) for day in breakers.market_wide_halts(index).index.unique()]
    ['1997-10-27', '2020-03-09', '2020-03-12', '2020-03-16', '2020-03-18']
    """
    import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

    check_choice(index, ("S&P 500", "DJIA"), name="index")
    bars = native(bars, name="bars")
    if not isinstance(bars, pd.DataFrame) or "close" not in bars:
        raise InvalidInputError("bars must be a DataFrame with a column 'close'.")
    times = bars["date"] if "date" in bars else bars.index.to_series()
    _check_times(times)
    closes = read_numbers(bars["close"].to_numpy(), name="bars['close']")[0][:, 0]
    lows = read_numbers(bars["low"].to_numpy(), name="bars['low']")[0][:, 0] if "low" in bars else closes
    days, rows, labels = IndexDays(index), [], []
    local: date = date.min
    for time, low, close in zip(times, lows.tolist(), closes.tolist(), strict=True):
        local = exchange_day(time, daily=daily)
        before = days.done if local.isoformat()[:10] == days.day else 0
        level, fall = days.show(local, low, close, clock=not daily)
        rule = halt_rule(local)
        if rule is None or not level > before:
            continue
        for number in range(before + 1, int(level) + 1):
            labels.append(time)
            rows.append(_row(rule, days, number, fall, None if daily else minute_of(local), close))
    if stands_in(index, local):
        warn_of_stand_in()
    columns = ["rule", "level", "decline", "fall", "points", "minutes", "at_close", "known"]
    return pd.DataFrame(rows, columns=columns, index=pd.Index(labels, dtype=times.dtype, name="date"))


def _check_times(times: pd.Series) -> None:
    """Require times in order, a datetime column or datetimes as objects, with a zone on all or on none."""
    wrong = InvalidInputError("bars must have dates in order, as its index or a column 'date'.")
    if times.dtype.kind == "M":
        if not times.is_monotonic_increasing:
            raise wrong
        return
    if times.dtype.kind != "O" or not all(isinstance(time, date) for time in times):
        raise wrong
    moments = [moment_of(time) for time in times]
    if len({moment.zoned for moment in moments}) > 1:
        raise InvalidInputError("bars must have dates with a zone on every row or on none.")
    if not all(before.instant <= after.instant for before, after in pairwise(moments)):
        raise wrong


def _row(rule: HaltRule, days: IndexDays, number: int, fall: float, minute: int | None, close: float) -> list[Any]:
    level = rule.levels[number - 1]
    late = minute is None and any(halt.minutes == 0 for halt in level.halts)
    known = "unless late" if late else "yes"
    known += "" if rule.of_index == days.index else ", stand-in"
    early = close_minute(date.fromisoformat(days.day)) < CLOSE_MINUTE
    return [
        rule.name, number, fall / days.scale(rule) / days.close, fall, days.points(rule)[number - 1],
        halt_minutes(level, minute, early=early), days.stands(rule, number, close), known,
    ]  # fmt: skip
