"""Limit up, limit down: the price bands of single stocks in the United States, as dated data and as a state machine."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

from riskresearch.core._checks import check_choice, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._luld import LIMIT, NORMAL, PAUSED, limit_step

OPEN, CLOSE = time(9, 30), time(16, 0)
STATES = ("normal", "straddle", "limit", "paused")
STATE_VERSION = 1

Tier = Literal[1, 2]


@dataclass(frozen=True, slots=True)
class BandRule:
    """The bands of one period, as fractions of the reference price."""

    name: str
    first: date
    last: date | None
    doubled_at_open: bool
    """Whether bands are twice as wide from 9:30 to 9:45."""
    doubled_at_close: tuple[int, ...]
    """Tiers whose bands above 3 dollars are twice as wide from 15:35 to 16:00; lower prices' always are."""
    source: str


BAND_RULES = (
    BandRule(
        "LULD Plan, pilot", date(2013, 4, 8), date(2020, 2, 23), True, (1, 2),
        "SEC Release 34-67091, 31 May 2012, 77 FR 33498; Tier 2 was phased in from August 2013",
    ),
    BandRule(
        "LULD Plan, Amendment 18", date(2020, 2, 24), None, False, (1,),
        "SEC Release 34-84843 (notice of Amendment 18), 83 FR 66464, approved 11 April 2019",
    ),
)  # fmt: skip


class PriceBands(NamedTuple):
    """What may be bid at most and offered at least: see `price_bands`."""

    lower: float
    upper: float
    width: float
    """Dollars on each side of the reference price, before rounding to the cent."""
    rule: str


def price_bands(reference: float, *, tier: Tier, previous_close: float, at: datetime) -> PriceBands:
    """Return the limit-up limit-down bands around a reference price.

    Parameters
    ----------
    reference : float
        Reference price in dollars: the mean of the trades of the last five minutes, see `LimitUpLimitDown`.
    tier : {1, 2}
        1 for the S&P 500, the Russell 1000 and some funds, 2 for all others.
    previous_close : float
        Close of the day before, which chooses the percentage.
    at : datetime
        Eastern time, in regular hours of a day since 8 April 2013.

    Returns
    -------
    PriceBands
        Rounded to the nearest cent.

    Raises
    ------
    InvalidInputError
        If there were no bands at that time, or an argument breaks its rule.

    References
    ----------
    Plan to Address Extraordinary Market Volatility, sections I and V, Appendix A; amendments in `BandRule.source`.

    Examples
    --------
    >>> from datetime import datetime
    >>> import riskresearch
    >>> bands = riskresearch.breakers.price_bands(100.0, tier=1, previous_close=99.0, at=datetime(2021, 3, 1, 12, 0))
    >>> bands.lower, bands.upper
    (95.0, 105.0)
    """
    price = check_positive(reference, name="reference")
    closed = check_positive(previous_close, name="previous_close")
    if tier not in (1, 2):
        raise InvalidInputError(f"tier must be 1 or 2, got {tier!r}.")
    rule = _rule(at)
    share = _share(price, closed, tier)
    late = at.time() >= time(15, 35)
    early = rule.doubled_at_open and at.time() < time(9, 45)
    if early or (late and (tier in rule.doubled_at_close or closed <= 3.0)):
        share *= 2.0
    width = price * share
    lower, upper = max(_to_cent(price - width), 0.0), _to_cent(price + width)
    return PriceBands(lower, upper, width, rule.name)


def _rule(at: datetime) -> BandRule:
    if not OPEN <= at.time() <= CLOSE:
        raise InvalidInputError(f"at must be in regular hours, 9:30 to 16:00 Eastern, got {at:%H:%M}.")
    for rule in BAND_RULES:
        if rule.first <= at.date() and (rule.last is None or at.date() <= rule.last):
            return rule
    raise InvalidInputError(f"at must be on or after {BAND_RULES[0].first}, the first day with bands, got {at.date()}.")


def _share(reference: float, previous_close: float, tier: int) -> float:
    if previous_close > 3.0:
        return 0.05 if tier == 1 else 0.10
    if previous_close >= 0.75:
        return 0.20
    return min(0.15 / reference, 0.75)


def _to_cent(price: float) -> float:
    return math.floor(price * 100.0 + 0.5 + 1e-9) / 100.0


class LimitUpLimitDown:
    """The bands of one stock through one day, fed one trade or quote at a time.

    Parameters
    ----------
    tier : {1, 2}
        1 for the S&P 500, the Russell 1000 and some funds, 2 for all others.
    previous_close : float
        Close of the day before, in dollars.
    limit_seconds, pause_seconds : float
        How long a limit state lasts before trading pauses, and how long it pauses: 15 and 300 in the Plan.

    Examples
    --------
    >>> from datetime import datetime, timedelta
    >>> import riskresearch
    >>> stock, start = riskresearch.breakers.LimitUpLimitDown(tier=1, previous_close=100.0), datetime(2021, 3, 1, 12, 0)
    >>> for second, price in ((0, 100.0), (40, 94.0), (50, 94.0), (56, 94.0)):
    ...     stock.update(start + timedelta(seconds=second), price)
    >>> stock.state
    'paused'
    """

    def __init__(
        self, *, tier: Tier, previous_close: float, limit_seconds: float = 15.0, pause_seconds: float = 300.0
    ) -> None:
        if tier not in (1, 2):
            raise InvalidInputError(f"tier must be 1 or 2, got {tier!r}.")
        self._tier: Tier = tier
        self._closed = check_positive(previous_close, name="previous_close")
        self._limit = check_number(limit_seconds, name="limit_seconds")
        self._pause = check_number(pause_seconds, name="pause_seconds")
        self._trades: deque[tuple[datetime, float]] = deque()
        self._reference = math.nan
        self._renewed: datetime | None = None
        self._state, self._since = NORMAL, math.nan
        self._now: datetime | None = None
        self._bands: PriceBands | None = None

    def update(self, at: datetime, price: float, *, bid: float | None = None, offer: float | None = None) -> None:
        """Take in a trade at `price`, and the best bid and offer if they are known.

        Parameters
        ----------
        at : datetime
            Eastern time, not before the last one.
        price : float
            Dollars. Outside of the bands it counts as a quote that the bands held back, not as a trade.
        bid, offer : float, optional
            Best bid and offer; without them the price stands for both, as on bars.
        """
        if self._now is not None and at < self._now:
            raise InvalidInputError(f"at must not go back, got {at} after {self._now}.")
        traded = check_positive(price, name="price")
        if math.isnan(self._reference):
            self._reference, self._renewed = traded, at
        self._now, second = at, at.timestamp()
        if self._state == PAUSED and second - self._since >= self._pause:
            self._reopen(at, traded)
        bands = price_bands(self._reference, tier=self._tier, previous_close=self._closed, at=at)
        bought, sold = traded if bid is None else bid, traded if offer is None else offer
        state = limit_step(
            self._state, self._since, second, bought, sold, bands.lower, bands.upper, self._limit, self._pause
        )
        if state != self._state:
            self._state, self._since = state, second
        if state not in (LIMIT, PAUSED) and bands.lower <= traded <= bands.upper:
            self._trades.append((at, traded))
        self._renew(at)
        self._bands = price_bands(self._reference, tier=self._tier, previous_close=self._closed, at=at)

    def _reopen(self, at: datetime, price: float) -> None:
        """Make the price that trading opens at after a pause the reference, as at the start of the day."""
        self._trades.clear()
        self._state, self._since = NORMAL, at.timestamp()
        self._reference, self._renewed = price, at

    def _renew(self, at: datetime) -> None:
        """Move the reference to the mean of five minutes' trades if that is 1 % away and 30 seconds have passed."""
        while self._trades and self._trades[0][0] <= at - timedelta(minutes=5):
            self._trades.popleft()
        if not self._trades or self._renewed is None or at - self._renewed < timedelta(seconds=30):
            return
        mean = math.fsum(price for _, price in self._trades) / len(self._trades)
        if abs(mean - self._reference) >= 0.01 * self._reference:
            self._reference, self._renewed = mean, at

    @property
    def state(self) -> str:
        """One of "normal", "straddle", "limit", "paused"."""
        return STATES[self._state]

    @property
    def reference(self) -> float:
        """Reference price in force; nan before the first trade."""
        return self._reference

    @property
    def bands(self) -> PriceBands | None:
        """Bands in force; None before the first trade."""
        return self._bands

    def to_dict(self) -> dict[str, Any]:
        """Return arguments and state as plain numbers and text."""
        arguments = {
            "tier": self._tier, "previous_close": self._closed, "limit_seconds": self._limit,
            "pause_seconds": self._pause,
        }  # fmt: skip
        state = {
            "trades": [[at.isoformat(), price] for at, price in self._trades],
            "reference": self._reference,
            "renewed": None if self._renewed is None else self._renewed.isoformat(),
            "state": STATES[self._state],
            "since": self._since,
            "now": None if self._now is None else self._now.isoformat(),
        }
        return {"version": STATE_VERSION, "arguments": arguments, "state": state}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> LimitUpLimitDown:
        """Return the stock that `to_dict` described, to be fed further.

        Parameters
        ----------
        data : dict
            What `to_dict` returned.
        """
        if data.get("version") != STATE_VERSION:
            raise InvalidInputError(f"version must be {STATE_VERSION}, got {data.get('version')!r}.")
        stock, state = cls(**data["arguments"]), data["state"]
        stock._trades = deque((datetime.fromisoformat(at), price) for at, price in state["trades"])
        stock._reference, stock._since = state["reference"], state["since"]
        stock._state = STATES.index(check_choice(state["state"], STATES, name="state"))
        stock._renewed = None if state["renewed"] is None else datetime.fromisoformat(state["renewed"])
        stock._now = None if state["now"] is None else datetime.fromisoformat(state["now"])
        if stock._now is not None:
            stock._bands = price_bands(stock._reference, tier=stock._tier, previous_close=stock._closed, at=stock._now)
        return stock

    def __repr__(self) -> str:
        return f"LimitUpLimitDown(tier {self._tier}, {self.state}, reference {self._reference:g})"
