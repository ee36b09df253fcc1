"""Breakers that watch what the account does: loss by calendar period, exposure, turnover, rejected orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from riskresearch.breakers._breaker import CLOCKS, Breaker, Reentry
from riskresearch.breakers._triggers import new_trigger
from riskresearch.breakers._types import BreakerType, Watch
from riskresearch.core._checks import check_choice, check_count, check_fraction_lost, check_positive


@dataclass(frozen=True, slots=True)
class PeriodLossBreaker(Breaker):
    """Trips when the account has lost a fraction of its equity at the end of the calendar period before.

    The number is (start - equity) / start; after a re-entry with "peak_reset" the start is where the account stood.

    Parameters
    ----------
    limit : float
        Fraction lost: 0.02 is 2 %.
    period_of : {"bar", "day", "week", "month", "start"}
        The period; weeks begin on Monday. "start" is the whole run.

    Examples
    --------
    >>> from riskresearch.breakers import MarketConditions, PeriodLossBreaker
    >>> running = PeriodLossBreaker(0.02, period_of="bar").start(equity=100.0)
    >>> running.update(MarketConditions(equity=98.0)).state.value
    'HALTED'
    """

    reentry: Reentry = field(default="peak_reset", kw_only=True)
    period_of: Literal["bar", "day", "week", "month", "start"] = field(default="day", kw_only=True)

    code = BreakerType.PERIOD_LOSS
    on_account = True

    def __post_init__(self) -> None:
        """Check what was given."""
        check_fraction_lost(self.limit, name="limit")
        check_choice(self.period_of, ("bar", "day", "week", "month", "start"), name="period_of")
        Breaker.__post_init__(self)

    def period(self) -> int:
        """Return the clock that restarts the count, -1 for none."""
        return CLOCKS.get(self.period_of, -1)


@dataclass(frozen=True, slots=True)
class ExposureBreaker(Breaker):
    """Trips when an exposure is too large, as a fraction of net asset value.

    Parameters
    ----------
    limit : float
        1.5 is 150 % of net asset value.
    measure : {"gross", "net"}
        Sum of absolute positions, which is the leverage, or the absolute value of their sum.

    Examples
    --------
    >>> from riskresearch.breakers import ExposureBreaker, MarketConditions
    >>> running = ExposureBreaker(2.0, stage="halt").start()
    >>> running.update(MarketConditions(gross_exposure=2.1)).reduce_only
    True
    """

    measure: Literal["gross", "net"] = field(default="gross", kw_only=True)

    code = BreakerType.EXPOSURE

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.measure, ("gross", "net"), name="measure")
        check_positive(self.limit, name="limit")
        Breaker.__post_init__(self)

    def watch(self) -> Watch:
        """Return a fresh watch on the conditions."""
        if self.measure == "gross":
            return Watch(("gross_exposure",))
        return Watch(("net_exposure",), new_trigger("either_way"))


@dataclass(frozen=True, slots=True)
class TurnoverBreaker(Breaker):
    """Trips when too much was traded in the last bars.

    Parameters
    ----------
    limit : float
        Sum of the turnover of `window` bars, fractions of net asset value.
    window : int
        Bars.

    Examples
    --------
    >>> from riskresearch.breakers import MarketConditions, TurnoverBreaker
    >>> running = TurnoverBreaker(1.0, window=2).start()
    >>> [running.update(MarketConditions(turnover=0.5)).fraction for bar in range(2)]
    [1.0, 0.0]
    """

    window: int = field(default=1, kw_only=True)

    code = BreakerType.TURNOVER

    def __post_init__(self) -> None:
        """Check what was given."""
        check_count(self.window, name="window", minimum=1)
        Breaker.__post_init__(self)

    def watch(self) -> Watch:
        """Return a fresh watch on the conditions."""
        return Watch(("turnover",), new_trigger("sum", window=self.window))


@dataclass(frozen=True, slots=True)
class RejectRateBreaker(Breaker):
    """Trips when too many orders of the last bars were rejected.

    The number is the rejects of `window` bars over the orders of those bars or `min_orders`, whichever is more.

    Parameters
    ----------
    limit : float
        Fraction of the orders, in (0, 1].
    window : int
        Bars.
    min_orders : int
        With fewer orders the rate is taken of this number, so that one reject of one order is not 100 %.

    Examples
    --------
    >>> from riskresearch.breakers import MarketConditions, RejectRateBreaker
    >>> running = RejectRateBreaker(0.5, window=10, min_orders=4).start()
    >>> [running.update(MarketConditions(orders=1.0, rejects=1.0)).fraction for bar in range(2)]
    [1.0, 0.0]
    """

    window: int = field(default=20, kw_only=True)
    min_orders: int = field(default=10, kw_only=True)

    code = BreakerType.REJECT_RATE

    def __post_init__(self) -> None:
        """Check what was given."""
        check_count(self.window, name="window", minimum=1)
        check_count(self.min_orders, name="min_orders", minimum=1)
        Breaker.__post_init__(self)

    def watch(self) -> Watch:
        """Return a fresh watch on the conditions."""
        return Watch(("rejects", "orders"), new_trigger("rate", window=self.window, scale=self.min_orders))
