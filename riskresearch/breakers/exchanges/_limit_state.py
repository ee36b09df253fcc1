"""Limit up, limit down: price bands of US stocks as dated data, and their states as a breaker on quotes or bars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._limits import Cooldown
from riskresearch.breakers._step import StepObserver
from riskresearch.breakers._types import BreakerPriority, Observer, Scope, Stage
from riskresearch.breakers.exchanges._exchange_hours import (
    CLOSE_MINUTE,
    OPEN_SECOND,
    close_minute,
    exchange_time,
    rule_in_force,
)
from riskresearch.core._checks import check_choice, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._records import NAN, Bar
from riskresearch.core.dates._moments import moment_of

REFERENCE_SECONDS = 300.0
HOLD_SECONDS = 30.0
HOLD_CHANGE = 0.01
LIMIT_STATE_SECONDS = 15.0
PAUSE_SECONDS = 300.0
CENT_ROOM = 1e-9
NORMAL, STRADDLE, LIMIT, PAUSE = 0.0, 1.0, 2.0, 3.0


class BandRule(NamedTuple):
    """The width of the bands as it was in force from one day on; minutes of the day in New York."""

    first_day: date
    widths: tuple[float, float]
    """Of tier 1 and 2, for previous closes above 3 dollars."""
    cheap_width: float
    """From 0.75 to 3 dollars."""
    cents: tuple[float, float]
    """Below 0.75 dollars: the lesser of dollars and fraction."""
    doubled_until: int
    """Bands are doubled before this minute; 0 for never."""
    doubled_from: int
    """And from this minute on, as long before an early scheduled close as before 4 p.m."""
    doubled_tier_2: bool
    """Whether that holds for tier 2 above 3 dollars too."""
    source: str


BAND_RULES: tuple[BandRule, ...] = (
    BandRule(
        date(2013, 4, 8), (0.05, 0.10), 0.20, (0.15, 0.75), 9 * 60 + 45, 15 * 60 + 35, True,
        "Plan to Address Extraordinary Market Volatility, Release 34-67091 (31 May 2012), 77 FR 33498, file 4-631; "
        "the phases of its introduction in 2013 are left out",
    ),
    BandRule(
        date(2020, 2, 24), (0.05, 0.10), 0.20, (0.15, 0.75), 0, 15 * 60 + 35, False,
        "Eighteenth amendment, Release 34-84843 (18 December 2018), 83 FR 66464, approved by Release "
        "34-85623 (11 April 2019), 84 FR 16086: no doubling at the open, nor at the close for tier 2 above 3 dollars; "
        "active from Monday, 24 February 2020 (Nasdaq UTP Vendor Alert 2019-9)",
    ),
)  # fmt: skip


def band_rule(day: date) -> BandRule | None:
    """Return the rule of the bands that was in force on a day.

    Parameters
    ----------
    day : date
        A date or datetime.

    Returns
    -------
    BandRule or None
        None before 8 April 2013.

    Raises
    ------
    InvalidInputError
        If `day` is not a date.

    Examples
    --------
    >>> from datetime import date
    >>> from riskresearch.breakers import band_rule
    >>> band_rule(date(2010, 5, 6)) is None
    True
    """
    return rule_in_force(BAND_RULES, day)


def price_bands(
    reference: float,
    *,
    time: datetime,
    tier: Literal[1, 2] = 1,
    previous_close: float | None = None,
    leverage: float = 1.0,
) -> tuple[float, float]:
    """Return the lower and the upper price band of a stock at a moment.

    Parameters
    ----------
    reference : float
        The reference price: the mean of the trades of the last five minutes.
    time : datetime
        With a zone it is read in New York, without one it is New York's. On days with an early scheduled close the
        bands double in the last 25 minutes before it.
    tier : {1, 2}
        1 for the S&P 500, the Russell 1000 and some funds.
    previous_close : float, optional
        Chooses the width; by default the reference.
    leverage : float
        Of leveraged funds of tier 2, whose width it multiplies.

    Returns
    -------
    tuple of float
        To the nearest cent; (0, inf) where no bands are in force.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Plan to Address Extraordinary Market Volatility, section V and appendix A.

    Examples
    --------
    >>> from datetime import datetime
    >>> from riskresearch.breakers import price_bands
    >>> price_bands(100.0, time=datetime(2019, 6, 3, 11)), price_bands(100.0, time=datetime(2019, 6, 3, 9, 40))
    ((95.0, 105.0), (90.0, 110.0))
    """
    check_positive(reference, name="reference")
    check_positive(leverage, name="leverage")
    if tier not in (1, 2):
        raise InvalidInputError(f"tier must be 1 or 2, got {tier!r}.")
    local = exchange_time(time)
    if not isinstance(local, datetime):
        raise InvalidInputError(f"time must be a datetime, got {time!r}: the width depends on the time of day.")
    second, end, rule = (local.hour * 60 + local.minute) * 60 + local.second, close_minute(local), band_rule(local)
    if rule is None or not OPEN_SECOND <= second <= end * 60:
        return 0.0, float("inf")
    minute = second // 60
    close = reference if previous_close is None else check_positive(previous_close, name="previous_close")
    if close > 3.0:
        width = rule.widths[tier - 1] * (leverage if tier == 2 else 1.0)
    elif close >= 0.75:
        width = rule.cheap_width * (leverage if tier == 2 else 1.0)
    else:
        width = min(rule.cents[0] / reference, rule.cents[1])
    late = minute >= rule.doubled_from - (CLOSE_MINUTE - end) and (rule.doubled_tier_2 or tier == 1 or close <= 3.0)
    width *= 2.0 if minute < rule.doubled_until or late else 1.0
    lower, upper = ((reference * side * 100.0 + 0.5) // 1.0 / 100.0 for side in (1.0 - width, 1.0 + width))
    return max(lower, 0.0), upper


class StockDay:
    """The state of a stock's bands: its trades of five minutes, the reference, and when each state began."""

    def __init__(self, tier: Literal[1, 2], leverage: float, state: dict[str, Any] | None) -> None:
        self.tier, self.leverage = tier, leverage
        self.held: dict[str, Any] = dict(state) if state else {
            "day": "", "close": NAN, "last": NAN, "reference": NAN, "set": NAN, "trades": [], "limit": NAN,
            "pause": NAN,
        }  # fmt: skip

    def show(self, bar: Bar) -> float:
        """Process a quote or a bar and return the state: 0 normal, 1 straddle, 2 limit state, 3 pause."""
        time, held = exchange_time(bar.time), self.held
        now, price = moment_of(bar.time).instant, bar.price
        if price != price and bar.bid != bar.bid and bar.ask != bar.ask:
            return NAN
        if time.isoformat()[:10] != held["day"]:
            first = bar.open if bar.open == bar.open else price
            held.update(day=time.isoformat()[:10], close=held["last"], reference=first, set=now, trades=[], limit=NAN)
            held["pause"] = NAN
        if held["pause"] == held["pause"]:
            if now - held["pause"] < PAUSE_SECONDS or price != price:
                return PAUSE
            held.update(pause=NAN, limit=NAN, reference=price, set=now, trades=[])  # the reopening price
        if held["reference"] != held["reference"]:
            held.update(reference=price, set=now)
        if held["reference"] != held["reference"]:
            return NAN
        lower, upper = price_bands(
            held["reference"], time=time, tier=self.tier, leverage=self.leverage,
            previous_close=held["close"] if held["close"] == held["close"] else None,
        )  # fmt: skip
        state = self._state(bar, now, lower, upper)
        self._trade(now, price)
        return state

    def _state(self, shown: Bar, now: float, lower: float, upper: float) -> float:
        held, room = self.held, CENT_ROOM
        quoted = shown.bid == shown.bid and shown.ask == shown.ask
        if quoted:
            at_limit = shown.ask <= lower + room or shown.bid >= upper - room
            touched = at_limit
        elif shown.price == shown.price:
            at_limit = shown.price <= lower + room or shown.price >= upper - room
            touched = at_limit or shown.low <= lower + room or shown.high >= upper - room
        else:
            return NAN
        if not at_limit:
            held["limit"] = NAN
            straddle = quoted and (shown.bid < lower - room or shown.ask > upper + room)
            return LIMIT if touched else STRADDLE if straddle else NORMAL
        if held["limit"] != held["limit"]:
            held["limit"] = now
        if now - held["limit"] < LIMIT_STATE_SECONDS:
            return LIMIT
        held.update(pause=now, limit=NAN)
        return PAUSE

    def _trade(self, now: float, price: float) -> None:
        """Add a trade to the mean; the reference follows moves of 1 % or more, and holds for at least 30 seconds."""
        held = self.held
        if price != price:
            return
        held["last"] = price
        held["trades"] = [trade for trade in held["trades"] if now - trade[0] < REFERENCE_SECONDS] + [[now, price]]
        mean = sum(trade[1] for trade in held["trades"]) / len(held["trades"])
        moved = abs(mean - held["reference"]) / held["reference"]
        if moved >= HOLD_CHANGE and now - held["set"] >= HOLD_SECONDS:
            held.update(reference=mean, set=now)


@answers_other_names()
@dataclass(frozen=True, slots=True)
class LimitStateBreaker(Breaker):
    """Trips where a US stock would have stood at its limit up or limit down band.

    Shown quotes (`bid`, `ask`) and trades (`price`) with their New York `time`, the number is the state: 0 normal, 1
    straddle (the bid below or the offer above the band), 2 limit state (the offer at the lower band or the bid at the
    upper), 3 trading pause, after 15 seconds in the limit state, for 5 minutes. Shown bars without quotes, a close at
    the band counts as a limit quote, a high or low there as a limit state that ended, and each close as one trade of
    the reference price; a pause then takes two bars.

    Parameters
    ----------
    limit : float
        The state that trips.
    tier : {1, 2}
        1 for the S&P 500, the Russell 1000 and some funds.
    leverage : float
        Of leveraged funds of tier 2.

    Examples
    --------
    >>> from datetime import datetime
    >>> from riskresearch.breakers import LimitStateBreaker
    >>> from riskresearch.core import Bar
    >>> running = LimitStateBreaker().start()
    >>> times = [datetime(2019, 6, 3, 11, 0, second) for second in (0, 1, 16)]
    >>> quotes = [(99.9, 100.1), (94.9, 95.0), (94.9, 95.0)]
    >>> bars = [Bar(time=t, bid=b, ask=a, price=100.0) for t, (b, a) in zip(times, quotes)]
    >>> [running.update(bar).frozen for bar in bars]
    [False, False, True]
    """

    limit: float = PAUSE
    cooldown: Cooldown = field(default=timedelta(seconds=PAUSE_SECONDS), kw_only=True)
    stage: Stage = field(default="freeze", kw_only=True)
    priority: int = field(default=BreakerPriority.EXCHANGE, kw_only=True)
    scope: Scope = field(default="portfolio", kw_only=True)
    tier: Literal[1, 2] = field(default=1, kw_only=True)
    leverage: float = field(default=1.0, kw_only=True)

    code = "LIMIT_STATE"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(str(self.tier), ("1", "2"), name="tier")
        check_positive(self.leverage, name="leverage")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        tier, leverage = self.tier, self.leverage

        def step(state: dict[str, Any] | None, bar: Bar) -> tuple[dict[str, Any] | None, float]:
            if not isinstance(exchange_time(bar.time), datetime):
                return state, NAN
            day = StockDay(tier, leverage, state)
            return day.held, day.show(bar)

        return StepObserver(step, None, pure=True)

    def needs_dates(self) -> bool:
        """Return True: the bands depend on the time."""
        return True
