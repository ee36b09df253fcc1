"""The market-wide halts of the US stock exchanges since 1988, as dated data, and as a breaker on bars of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from riskresearch.breakers._breaker import Breaker, Cooldown, Stage
from riskresearch.breakers._step import StepWatch
from riskresearch.breakers._types import NAN, BreakerPriority, BreakerType, MarketConditions, Watch
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd

REST_OF_DAY = -1
"""Instead of minutes: trading does not resume on that day."""
MIDNIGHT = 24 * 60
OPEN_1988 = date(1988, 10, 20)


class Halt(NamedTuple):
    """From which minute of the day (New York) a halt is how long, in minutes; 0 is no halt."""

    until: int
    """The first minute for which this no longer holds."""
    minutes: int


class HaltLevel(NamedTuple):
    """One threshold: how far the index must fall below the close before, and how long trading stops."""

    size: float
    """Points, or a fraction."""
    halts: tuple[Halt, ...]


class HaltRule(NamedTuple):
    """A market-wide halt as it was in force from one day on."""

    name: str
    """The regime: 1988 (amended 1996), 1997, 1998, 2013."""
    first_day: date
    of_index: Literal["DJIA", "S&P 500"]
    unit: Literal["points", "quarter", "fraction"]
    """Points; a fraction of the mean close of the month before the quarter, to the nearest 50 points; a fraction of the
    close before, the level to the nearest hundredth."""
    levels: tuple[HaltLevel, ...]
    source: str


def _clock(hour: int, minute: int = 0) -> int:
    return hour * 60 + minute


HALT_RULES: tuple[HaltRule, ...] = (
    HaltRule(
        "1988", OPEN_1988, "DJIA", "points",
        (HaltLevel(250.0, (Halt(MIDNIGHT, 60),)), HaltLevel(400.0, (Halt(MIDNIGHT, 120),))),
        "NYSE Rule 80B as adopted on 19 October 1988, Release 34-26198; NYSE press release of 30 June 1998 (history)",
    ),
    HaltRule(
        "1988", date(1996, 7, 22), "DJIA", "points",
        (HaltLevel(250.0, (Halt(MIDNIGHT, 30),)), HaltLevel(400.0, (Halt(MIDNIGHT, 60),))),
        "Release 34-37457 (19 July 1996), SR-NYSE-96-09, 61 FR 39176: halts cut by half",
    ),
    HaltRule(
        "1997", date(1997, 2, 3), "DJIA", "points",
        (
            HaltLevel(350.0, (Halt(_clock(15, 30), 30), Halt(MIDNIGHT, REST_OF_DAY))),
            HaltLevel(550.0, (Halt(_clock(15), 60), Halt(MIDNIGHT, REST_OF_DAY))),
        ),
        "Release 34-38221 (31 January 1997), SR-NYSE-96-38, 62 FR 5871; late halts: NYSE press release of 30 June 1998",
    ),
    HaltRule(
        "1998", date(1998, 4, 15), "DJIA", "quarter",
        (
            HaltLevel(0.10, (Halt(_clock(14), 60), Halt(_clock(14, 30), 30), Halt(MIDNIGHT, 0))),
            HaltLevel(0.20, (Halt(_clock(13), 120), Halt(_clock(14), 60), Halt(MIDNIGHT, REST_OF_DAY))),
            HaltLevel(0.30, (Halt(MIDNIGHT, REST_OF_DAY),)),
        ),
        "SR-NYSE-98-06, noticed in Release 34-39666, 63 FR 9034; SEC press release 98-37 (10 April 1998)",
    ),
    HaltRule(
        "2013", date(2013, 4, 8), "S&P 500", "fraction",
        (
            HaltLevel(0.07, (Halt(_clock(15, 26), 15), Halt(MIDNIGHT, 0))),
            HaltLevel(0.13, (Halt(_clock(15, 26), 15), Halt(MIDNIGHT, 0))),
            HaltLevel(0.20, (Halt(MIDNIGHT, REST_OF_DAY),)),
        ),
        "NYSE Rule 80B (now 7.12) as approved on 31 May 2012, Release 34-67090, in force from 8 April 2013: up to and "
        "including 3:25 p.m., each of the first two levels once a day",
    ),
)  # fmt: skip

# DJIA over S&P 500 at the last close of each year: where the index at hand is the S&P 500 and the rule counts points of
# the DJIA, the ratio of the year before turns one into the other. It moved by 9 % at most from year to year.
DJIA_PER_SP500 = {
    1987: 7.85, 1988: 7.81, 1989: 7.79, 1990: 7.98, 1991: 7.60, 1992: 7.58, 1993: 8.05, 1994: 8.35, 1995: 8.31,
    1996: 8.71, 1997: 8.15, 1998: 7.47, 1999: 7.83, 2000: 8.17, 2001: 8.73, 2002: 9.48, 2003: 9.40, 2004: 8.90,
    2005: 8.59, 2006: 8.79, 2007: 9.03, 2008: 9.72, 2009: 9.35, 2010: 9.21, 2011: 9.71, 2012: 9.19,
}  # fmt: skip


def halt_rule(day: date) -> HaltRule | None:
    """Return the market-wide halt that was in force on a day.

    Parameters
    ----------
    day : date
        A date or datetime.

    Returns
    -------
    HaltRule or None
        None before 20 October 1988.

    Raises
    ------
    InvalidInputError
        If `day` is not a date.

    Examples
    --------
    >>> from datetime import date
    >>> from riskresearch.breakers import halt_rule
    >>> [level.size for level in halt_rule(date(1997, 10, 27)).levels]
    [350.0, 550.0]
    """
    if not isinstance(day, date):
        raise InvalidInputError(f"day must be a date, got {day!r}.")
    found = None
    for rule in HALT_RULES:
        if date(day.year, day.month, day.day) >= rule.first_day:
            found = rule
    return found


def halt_points(rule: HaltRule, *, close: float, month_mean: float = NAN) -> tuple[float, ...]:
    """Return how many points of its index each level of a rule is.

    Parameters
    ----------
    rule : HaltRule
        See `halt_rule`.
    close : float
        Close of the day before, for a rule of fractions of it.
    month_mean : float
        Mean close of the last month before the quarter, for the rule of 1998.

    Returns
    -------
    tuple of float
        One number for each level; nan where the number that it depends on is not known.

    Raises
    ------
    InvalidInputError
        If `rule` is not a rule.

    Examples
    --------
    NYSE announced 1,050, 2,050 and 3,100 points for the third quarter of 2004, after a mean of about 10,365 in June.

    >>> from datetime import date
    >>> from riskresearch.breakers import halt_points, halt_rule
    >>> halt_points(halt_rule(date(2004, 7, 1)), close=10_000.0, month_mean=10_365.0)
    (1050.0, 2050.0, 3100.0)
    """
    if not isinstance(rule, HaltRule):
        raise InvalidInputError(f"rule must be a HaltRule, got {rule!r}: see halt_rule.")
    if rule.unit == "points":
        return tuple(level.size for level in rule.levels)
    if rule.unit == "quarter":
        return tuple((level.size * month_mean / 50.0 + 0.5) // 1.0 * 50.0 for level in rule.levels)
    return tuple(close - ((close * (1.0 - level.size)) * 100.0 + 0.5) // 1.0 / 100.0 for level in rule.levels)


def halt_minutes(level: HaltLevel, minute: int | None) -> int:
    """Return how long the halt is at a minute of the day; at the earliest time if it is not known."""
    return next((halt.minutes for halt in level.halts if minute is None or minute < halt.until), 0)


class IndexDays:
    """What the rules must remember of the index: yesterday's close, the month's mean, what has halted today."""

    def __init__(self, index: str, state: Sequence[Any] | None = None) -> None:
        self.index = index
        start: Sequence[Any] = state or ("", NAN, NAN, 0.0, 0, NAN, 0)
        self.day: str = start[0]
        self.last: float = start[1]
        self.close: float = start[2]
        self.total: float = start[3]
        self.count: int = start[4]
        self.month_mean: float = start[5]
        self.done: int = start[6]

    def state(self) -> list[Any]:
        """Return the memory as plain numbers and text."""
        return [self.day, self.last, self.close, self.total, self.count, self.month_mean, self.done]

    def show(self, time: datetime | date, low: float, price: float, *, clock: bool) -> tuple[float, float, float]:
        """Take in a bar; return the level reached on it for the first time that day, the fall and the limit in points.

        The level is 0 for none and nan where what it depends on is not known. `clock` says whether bars show the time.
        """
        if time.isoformat()[:10] != self.day:
            self._begin(time)
        rule = halt_rule(time)
        fallen = low if low == low else price
        answer = (0.0 if rule is None else NAN, NAN, NAN)
        if rule is not None and fallen == fallen and self.close == self.close:
            scale = self._scale(rule, time.year)
            points = halt_points(rule, close=self.close, month_mean=self.month_mean * scale)
            fall = (self.close - fallen) * scale
            minute = time.hour * 60 + time.minute if clock and isinstance(time, datetime) else None
            answer = (NAN if points[0] != points[0] else 0.0, fall, points[0])
            for number, (level, limit) in enumerate(zip(rule.levels, points, strict=True), start=1):
                if fall >= limit - 1e-9 * limit and number > self.done and halt_minutes(level, minute):
                    answer = (float(number), fall, limit)
            self.done = max(self.done, int(answer[0])) if answer[0] == answer[0] else self.done
        self.last = price if price == price else self.last
        return answer

    def _scale(self, rule: HaltRule, year: int) -> float:
        return 1.0 if rule.of_index == self.index else DJIA_PER_SP500.get(year - 1, NAN)

    def _begin(self, time: date) -> None:
        """Begin a day: the last price was a close."""
        if self.day and self.last == self.last:
            self.total, self.count = self.total + self.last, self.count + 1
            before = date.fromisoformat(self.day)
            if before.month != time.month or before.year != time.year:
                # The mean of the last month is the quarter's, and of no use in the months that do not end one.
                if time.month % 3 == 1:
                    self.month_mean = self.total / self.count
                self.total, self.count = 0.0, 0
        self.day, self.close, self.done = time.isoformat()[:10], self.last, 0


@dataclass(frozen=True, slots=True)
class MarketWideBreaker(Breaker):
    """Trips where the exchanges would have halted all stocks, by the rule in force on that day.

    Shown bars of the S&P 500 (or the DJIA) with `time`, `price` and `low`. The number is the level that is reached on
    the bar for the first time that day, 0 if none. On daily bars the time of day is not known: a level whose halts
    depend on it counts as reached early. `market_wide_halts` lists all halts of a history, and what bars cannot tell.

    Parameters
    ----------
    limit : float
        The lowest level that trips: 1, 2 or 3.
    index : {"S&P 500", "DJIA"}
        Whose bars are shown. Where the rule counts points of the DJIA, those of the S&P 500 are multiplied by the ratio
        of the two at the last year's end.
    bars : {"daily", "intraday"}
        Whether `time` shows the time of day, in New York, at which the bar ends.

    Examples
    --------
    >>> from datetime import date
    >>> from riskresearch.breakers import MarketConditions, MarketWideBreaker
    >>> running = MarketWideBreaker().start()
    >>> bars = [(date(2020, 3, 6), 2972.37, 2901.54), (date(2020, 3, 9), 2746.56, 2734.43)]
    >>> [running.update(MarketConditions(time=t, price=p, low=low)).frozen for t, p, low in bars]
    [False, True]
    """

    limit: float = 1.0
    cooldown: Cooldown = field(default=1, kw_only=True)
    stage: Stage = field(default="freeze", kw_only=True)
    priority: int = field(default=BreakerPriority.EXCHANGE, kw_only=True)
    index: Literal["S&P 500", "DJIA"] = field(default="S&P 500", kw_only=True)
    bars: Literal["daily", "intraday"] = field(default="daily", kw_only=True)

    code = BreakerType.MARKET_WIDE

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.index, ("S&P 500", "DJIA"), name="index")
        check_choice(self.bars, ("daily", "intraday"), name="bars")
        Breaker.__post_init__(self)

    def watch(self) -> Watch:
        """Return a fresh watch on the conditions."""
        index, clock = self.index, self.bars == "intraday"

        def step(state: list[Any] | None, conditions: MarketConditions) -> tuple[list[Any] | None, float]:
            if not isinstance(conditions.time, date):
                return state, NAN
            days = IndexDays(index, state)
            level = days.show(conditions.time, conditions.low, conditions.price, clock=clock)[0]
            return days.state(), level

        return StepWatch(step, None, pure=True)


def market_wide_halts(
    bars: pd.DataFrame, *, index: Literal["S&P 500", "DJIA"] = "S&P 500", daily: bool = True
) -> pd.DataFrame:
    """Find the market-wide halts of a history of the index, by the rule in force on each day.

    Parameters
    ----------
    bars : DataFrame
        Columns `close` and, where known, `low`, on the dates of the bars, or the New York times at which they end.
    index : {"S&P 500", "DJIA"}
        Whose bars they are. Points of the DJIA are made of the S&P 500 by the ratio of the last year's end.
    daily : bool
        Whether a bar is a day, so that the time of day is not known.

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
    if not isinstance(bars, pd.DataFrame) or "close" not in bars:
        raise InvalidInputError("bars must be a DataFrame with a column 'close'.")
    times = bars["date"] if "date" in bars else bars.index.to_series()
    if times.dtype.kind != "M" or not times.is_monotonic_increasing:
        raise InvalidInputError("bars must have dates in order, as its index or a column 'date'.")
    lows = bars["low"] if "low" in bars else bars["close"]
    days, rows, labels = IndexDays(index), [], []
    for time, low, close in zip(times, lows.astype(float), bars["close"].astype(float), strict=True):
        before = days.done if time.isoformat()[:10] == days.day else 0
        level, fall, _ = days.show(time.to_pydatetime(), low, close, clock=not daily)
        rule = halt_rule(time)
        if rule is None or not level > before:
            continue
        for number in range(before + 1, int(level) + 1):
            labels.append(time)
            rows.append(_row(rule, days, number, fall, None if daily else time.hour * 60 + time.minute, close))
    columns = ["rule", "level", "decline", "fall", "points", "minutes", "at_close", "known"]
    return pd.DataFrame(rows, columns=columns, index=pd.DatetimeIndex(labels, name="date"))


def _row(rule: HaltRule, days: IndexDays, number: int, fall: float, minute: int | None, close: float) -> list[Any]:
    scale = days._scale(rule, int(days.day[:4]))
    points = halt_points(rule, close=days.close, month_mean=days.month_mean * scale)[number - 1]
    level = rule.levels[number - 1]
    late = minute is None and any(halt.minutes == 0 for halt in level.halts)
    known = "unless late" if late else "yes"
    known += "" if rule.of_index == days.index else ", stand-in"
    minutes = halt_minutes(level, minute)
    stood = (days.close - close) * scale >= points
    return [rule.name, number, fall / scale / days.close, fall, points, minutes, stood, known]
