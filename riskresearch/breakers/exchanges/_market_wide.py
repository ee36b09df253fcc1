"""The market-wide halts of the US stock exchanges since 1988, as dated data, and as a breaker on bars of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._limits import Cooldown
from riskresearch.breakers._step import StepObserver
from riskresearch.breakers._types import BreakerPriority, Observer, Stage
from riskresearch.breakers.exchanges._exchange_hours import (
    CLOSE_MINUTE,
    close_minute,
    exchange_day,
    rule_in_force,
)
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import warn_user
from riskresearch.core._records import NAN, Bar

REST_OF_DAY = -1
"""Instead of minutes: trading does not resume on that day."""
MIDNIGHT = 24 * 60
CENT_ROOM = 1e-6  # of a cent: prices in cents have no exact binary form
TIE = 1e-9  # relative: within it a fall is at the limit
OPEN_1988 = date(1988, 10, 20)


class Halt(NamedTuple):
    """From which minute of the day (New York) a halt is how long, in minutes; 0 is no halt."""

    until: int
    """The first minute for which this no longer holds."""
    minutes: int
    until_early: int | None = None
    """The same on days with an early scheduled close; None where the rule names no other minute."""


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
    close before."""
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
            HaltLevel(0.07, (Halt(_clock(15, 26), 15, _clock(12, 26)), Halt(MIDNIGHT, 0))),
            HaltLevel(0.13, (Halt(_clock(15, 26), 15, _clock(12, 26)), Halt(MIDNIGHT, 0))),
            HaltLevel(0.20, (Halt(MIDNIGHT, REST_OF_DAY),)),
        ),
        "NYSE Rule 80B (now 7.12) as approved on 31 May 2012, Release 34-67090, 77 FR 33531, in force from 8 April "
        "2013 (NYSE Information Memo 13-6): up to and including 3:25 p.m. or, in the case of an early scheduled close, "
        "12:25 p.m., each of the first two levels once a day",
    ),
)  # fmt: skip

# DJIA over S&P 500 at the last close of each year: where the index at hand is the S&P 500 and the rule counts points of
# the DJIA, the ratio of the year before turns one into the other. It moved by 9 % at most from year to year. The closes
# of the DJIA behind it stand in tests/breakers/test_exchange.py with their source; those of the S&P 500 are bundled.
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
    return rule_in_force(HALT_RULES, day)


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
        One number for each level; nan where the number that it depends on is not known. A fraction of the close leads
        to the highest value with two decimals that is down by all of it, which is the level that exchanges publish.

    Raises
    ------
    InvalidInputError
        If `rule` is not a rule.

    Examples
    --------
    NYSE announced 1,050, 2,050 and 3,100 points for the third quarter of 2004, after a mean of about 10,365 in June.
    The first level of 16 March 2020, after a close of 2,711.02, was published as 2,521.24.

    >>> from datetime import date
    >>> from riskresearch.breakers import halt_points, halt_rule
    >>> halt_points(halt_rule(date(2004, 7, 1)), close=10_000.0, month_mean=10_365.0)
    (1050.0, 2050.0, 3100.0)
    >>> round(2711.02 - halt_points(halt_rule(date(2020, 3, 16)), close=2711.02)[0], 2)
    2521.24
    """
    if not isinstance(rule, HaltRule):
        raise InvalidInputError(f"rule must be a HaltRule, got {rule!r}: see halt_rule.")
    if rule.unit == "points":
        return tuple(level.size for level in rule.levels)
    if rule.unit == "quarter":
        return tuple((level.size * month_mean / 50.0 + 0.5) // 1.0 * 50.0 for level in rule.levels)
    # The text of NYSE Rule 7.12(a), before 80B(a), rounds nothing: a level is a decline of 7, 13 or 20 %. The first
    # value with two decimals that is down by all of it is the exact one with its further digits cut off, and that is
    # what is published: tests/breakers/test_exchange_clocks.py has levels of three days.
    percents = [round(100.0 - 100.0 * level.size) for level in rule.levels]
    return tuple(close - (close * percent + CENT_ROOM) // 1.0 / 100.0 for percent in percents)


def halt_minutes(level: HaltLevel, minute: int | None, *, early: bool = False) -> int:
    """Return how long the halt is at a minute of the day; at the earliest time if it is not known.

    `early` states whether the session is scheduled to end early.
    """
    for halt in level.halts:
        until = halt.until_early if early and halt.until_early is not None else halt.until
        if minute is None or minute < until:
            return halt.minutes
    return 0


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

    def show(self, time: datetime | date, low: float, price: float, *, clock: bool) -> tuple[float, float]:
        """Process a bar, of a time on the exchange's clock, and return the level reached, and the fall in points.

        A level counts once a day. It is 0 for none and nan where what it depends on is not known. `clock` is whether
        bars show the time of day.
        """
        if time.isoformat()[:10] != self.day:
            self._begin(time)
        rule = halt_rule(time)
        fallen = low if low == low else price
        level, fall = 0.0 if rule is None else NAN, NAN
        if rule is not None and fallen == fallen and self.close == self.close:
            level, fall = self._level(rule, fallen, time, minute_of(time) if clock else None), self.fall(rule, fallen)
        self.done = max(self.done, int(level)) if level == level else self.done
        self.last = price if price == price else self.last
        return level, fall

    def _level(self, rule: HaltRule, fallen: float, time: date, minute: int | None) -> float:
        end = close_minute(time)
        known = self.points(rule)[0] + self.fall(rule, fallen)
        if known != known or (minute is not None and minute > end):
            return NAN if known != known else 0.0
        halting = (
            number
            for number, level in enumerate(rule.levels, start=1)
            if number > self.done
            and halt_minutes(level, minute, early=end < CLOSE_MINUTE)
            and self.stands(rule, number, fallen)
        )
        return float(max(halting, default=0))

    def points(self, rule: HaltRule) -> tuple[float, ...]:
        """Return the points of each level of a rule on this day."""
        return halt_points(rule, close=self.close, month_mean=self.month_mean * self.scale(rule))

    def fall(self, rule: HaltRule, value: float) -> float:
        """Return how many points below the close before `value` is."""
        return (self.close - value) * self.scale(rule)

    def stands(self, rule: HaltRule, number: int, value: float) -> bool:
        """Return whether `value` is down by level `number`; a fraction of the close is compared as a fraction."""
        size = rule.levels[number - 1].size
        limit = size * self.close if rule.unit == "fraction" else self.points(rule)[number - 1]
        return self.fall(rule, value) >= limit - TIE * limit

    def scale(self, rule: HaltRule) -> float:
        """Return what turns points of the index at hand into those of the rule; a fraction needs nothing."""
        if rule.unit == "fraction" or rule.of_index == self.index:
            return 1.0
        return DJIA_PER_SP500.get(int(self.day[:4]) - 1, NAN)

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


def minute_of(time: date) -> int | None:
    """Return the minute of the day of a time, None of a date."""
    return time.hour * 60 + time.minute if isinstance(time, datetime) else None


def stands_in(index: str, day: date) -> bool:
    """Return whether the DJIA stands in for the S&P 500 on `day`."""
    rule = halt_rule(day)
    return index == "DJIA" and rule is not None and rule.of_index != "DJIA"


def warn_of_stand_in() -> None:
    """Warn that the DJIA is not the index of the rule."""
    warn_user(
        'index="DJIA" is not the index of the rule since 8 April 2013, which is a fraction of the S&P 500: the fall of '
        "the DJIA stands in for it and may reach a level when the S&P 500 does not. Pass bars of the S&P 500."
    )


@answers_other_names()
@dataclass(frozen=True, slots=True)
class MarketWideBreaker(Breaker):
    """Trips where the exchanges would have halted all stocks, by the rule in force on that day.

    Shown bars of the S&P 500 (or the DJIA) with `time`, `price` and `low`. The number is the level that is reached on
    the bar for the first time that day, 0 if none. On daily bars the time of day is not known: a level whose halts
    depend on it counts as reached early. `market_wide_halts` lists all halts of a history, and what bars cannot tell.
    Times with a zone are read in New York, those without are New York's; a daily bar of midnight has its own date.

    Parameters
    ----------
    limit : float
        The lowest level that trips: 1, 2 or 3.
    index : {"S&P 500", "DJIA"}
        Whose bars are shown. Where the rule counts points of the DJIA, those of the S&P 500 are multiplied by the ratio
        of the two at the last year's end. Since 2013 the DJIA's own fall stands in for that of the S&P 500, with a
        warning.
    bars : {"daily", "intraday"}
        Whether `time` shows the time of day at which the bar ends.

    Examples
    --------
    >>> from datetime import date
    >>> from riskresearch.breakers import MarketWideBreaker
    >>> from riskresearch.core import Bar
    >>> running = MarketWideBreaker().start()
    >>> bars = [(date(2020, 3, 6), 2972.37, 2901.54), (date(2020, 3, 9), 2746.56, 2734.43)]
    >>> [running.update(Bar(time=t, price=p, low=low)).frozen for t, p, low in bars]
    [False, True]
    """

    limit: float = 1.0
    cooldown: Cooldown = field(default=1, kw_only=True)
    stage: Stage = field(default="freeze", kw_only=True)
    priority: int = field(default=BreakerPriority.EXCHANGE, kw_only=True)
    index: Literal["S&P 500", "DJIA"] = field(default="S&P 500", kw_only=True)
    bars: Literal["daily", "intraday"] = field(default="daily", kw_only=True)

    code = "MARKET_WIDE"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.index, ("S&P 500", "DJIA"), name="index")
        check_choice(self.bars, ("daily", "intraday"), name="bars")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        index, clock = self.index, self.bars == "intraday"
        warned = index != "DJIA"

        def step(state: list[Any] | None, bar: Bar) -> tuple[list[Any] | None, float]:
            nonlocal warned
            time = exchange_day(bar.time, daily=not clock)
            if time is None:
                return state, NAN
            if not warned and stands_in(index, time):
                warned = True
                warn_of_stand_in()
            days = IndexDays(index, state)
            level = days.show(time, bar.low, bar.price, clock=clock)[0]
            return days.state(), level

        return StepObserver(step, None, pure=True)

    def needs_dates(self) -> bool:
        """Return True: the rule depends on the day."""
        return True
