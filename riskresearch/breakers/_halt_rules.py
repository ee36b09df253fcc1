"""The market-wide trading halts of the United States as dated data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

CLOSE = time(16, 0)
THE_REST_OF_THE_DAY = -1
"""Minutes of a halt that lasts until the next session."""


@dataclass(frozen=True, slots=True)
class HaltLevel:
    """One threshold of a rule, and how long it stops trading by the time of day at which it is reached."""

    level: int
    """1, 2 or 3, in the order of depth."""
    decline: float
    """Index points, or a fraction of the reference value: see the rule's `unit`."""
    schedule: tuple[tuple[time, bool, int], ...]
    """(until, inclusive, minutes) in the order of the day, Eastern time; -1 minutes is the rest of the day, 0 none."""

    def minutes_at(self, at: time) -> int:
        """Return the minutes of the halt if the level is reached `at` this time; -1 is the rest of the day, 0 none.

        A halt that would last to the close or past it ends the session.
        """
        for until, inclusive, minutes in self.schedule:
            if at < until or (inclusive and at == until):
                left = 60 * (CLOSE.hour - at.hour) + CLOSE.minute - at.minute
                return THE_REST_OF_THE_DAY if 0 < left <= minutes else minutes
        return 0

    def describe(self) -> str:
        """Return the schedule in words."""
        parts = []
        for until, inclusive, minutes in self.schedule:
            length = "the rest of the day" if minutes == THE_REST_OF_THE_DAY else f"{minutes} minutes"
            word = "until" if inclusive else "before"
            limit = "" if until >= CLOSE else f" {word} {until:%H:%M}"
            parts.append(("no halt" if minutes == 0 else length) + limit)
        return ", then ".join(parts)


@dataclass(frozen=True, slots=True)
class HaltRule:
    """The rule of one period: which index, measured how, stops trading for how long."""

    name: str
    first: date
    """First day in force."""
    last: date | None
    """Last day in force; None today."""
    index: str
    unit: str
    """"points" or "fraction"."""
    reference: str
    """What a fraction is taken of: "previous close", or "previous quarter", the mean close of its last month. What is
    compared with it is the fall from the previous close."""
    rounding: float
    """Points that a threshold is rounded to, 0 for none."""
    levels: tuple[HaltLevel, ...]
    source: str

    def in_force(self, day: date) -> bool:
        """Say whether the rule was in force on `day`."""
        return self.first <= day and (self.last is None or day <= self.last)

    def points(self, level: HaltLevel, reference: float) -> float:
        """Return the fall from the previous close, in points of the index, that reaches `level`.

        `reference` is the value that `reference` names: the previous close, or the mean close of the last month of the
        previous quarter.
        """
        if self.unit == "points":
            return level.decline
        fall = level.decline * reference
        return fall if self.rounding == 0.0 else self.rounding * float(int(fall / self.rounding + 0.5))


def _points(*decline_and_minutes: tuple[float, int]) -> tuple[HaltLevel, ...]:
    return tuple(
        HaltLevel(number, decline, ((CLOSE, True, minutes),))
        for number, (decline, minutes) in enumerate(decline_and_minutes, start=1)
    )


_FIFTEEN_MINUTES = ((time(15, 25), True, 15), (CLOSE, True, 0))
_REST = ((CLOSE, True, THE_REST_OF_THE_DAY),)

RULES = (
    HaltRule(
        "Rule 80B of 1988", date(1988, 10, 20), date(1996, 7, 21), "DJIA", "points", "previous close", 0.0,
        _points((250.0, 60), (400.0, 120)),
        "NYSE Rule 80B as approved in October 1988; halts of one and two hours",
    ),
    HaltRule(
        "Rule 80B of 1988, halts shortened", date(1996, 7, 22), date(1997, 2, 2), "DJIA", "points",
        "previous close", 0.0,
        _points((250.0, 30), (400.0, 60)),
        "SEC approval of July 1996, reported in ICI memorandum 8091 of 26 July 1996",
    ),
    HaltRule(
        "Rule 80B of 1997", date(1997, 2, 3), date(1998, 4, 14), "DJIA", "points", "previous close", 0.0,
        _points((350.0, 30), (550.0, 60)),
        "SEC Release 34-38221, 31 January 1997, 62 FR 5871",
    ),
    HaltRule(
        "Rule 80B of 1998", date(1998, 4, 15), date(2013, 4, 7), "DJIA", "fraction", "previous quarter", 50.0,
        (
            HaltLevel(1, 0.10, ((time(14, 0), False, 60), (time(14, 30), False, 30), (CLOSE, True, 0))),
            HaltLevel(
                2, 0.20, ((time(13, 0), False, 120), (time(14, 0), False, 60), (CLOSE, True, THE_REST_OF_THE_DAY))
            ),
            HaltLevel(3, 0.30, _REST),
        ),
        "NYSE Rule 80B as amended 15 April 1998; tables in the NYSE's quarterly notices of circuit-breaker levels",
    ),
    HaltRule(
        "Rule 80B of 2013", date(2013, 4, 8), None, "S&P 500", "fraction", "previous close", 0.0,
        (HaltLevel(1, 0.07, _FIFTEEN_MINUTES), HaltLevel(2, 0.13, _FIFTEEN_MINUTES), HaltLevel(3, 0.20, _REST)),
        "NYSE Rule 80B (now 7.12) as in force from 8 April 2013: once a day per level, levels in hundredths of a point",
    ),
)  # fmt: skip

# Close of the Dow Jones Industrial Average on the last trading day of each year, for the years between without a Dow.
DOW_AT_YEAR_END = {
    1987: 1938.83, 1988: 2168.57, 1989: 2753.20, 1990: 2633.66, 1991: 3168.83, 1992: 3301.11, 1993: 3754.09,
    1994: 3834.44, 1995: 5117.12, 1996: 6448.27, 1997: 7908.25, 1998: 9181.43, 1999: 11497.12, 2000: 10786.85,
    2001: 10021.50, 2002: 8341.63, 2003: 10453.92, 2004: 10783.01, 2005: 10717.50, 2006: 12463.15, 2007: 13264.82,
    2008: 8776.39, 2009: 10428.05, 2010: 11577.51, 2011: 12217.56, 2012: 13104.14,
}  # fmt: skip


def market_wide_halt_rules(on: date | None = None) -> tuple[HaltRule, ...]:
    """Return the rules for market-wide trading halts in the United States, oldest first.

    Parameters
    ----------
    on : date, optional
        Only the rule in force on this day; there was none before 20 October 1988.

    Returns
    -------
    tuple of HaltRule
        Four thresholds' regimes, the first in two lengths of halt, with their sources.

    Examples
    --------
    >>> from datetime import date
    >>> import riskresearch
    >>> (rule,) = riskresearch.breakers.market_wide_halt_rules(date(2020, 3, 9))
    >>> [(level.level, level.decline, level.describe()) for level in rule.levels][0]
    (1, 0.07, '15 minutes until 15:25, then no halt')
    """
    return tuple(rule for rule in RULES if on is None or rule.in_force(on))
