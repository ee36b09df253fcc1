"""Breakers on the equity of the account: drawdown, and loss by calendar period."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from riskresearch.breakers._breaker import Breaker, Reentry
from riskresearch.breakers._limits import CLOCKS, OTHER_NAMES
from riskresearch.core._calendar_periods import check_period
from riskresearch.core._checks import check_fraction_lost
from riskresearch.core._other_names import answers_other_names


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class DrawdownBreaker(Breaker):
    """Trips when the account has lost a fraction of its highest equity.

    The number is (peak - equity) / peak. The other parameters are those of `Breaker`. See `TrailingDrawdownBreaker` for
    the highest point of a moving window.

    Parameters
    ----------
    limit : float
        Fraction lost: 0.1 is 10 %.
    period : {"start", "day", "week", "month"}
        The highest of all bars since the start or the last re-entry, or of those since the end of the previous calendar
        period.

    Examples
    --------
    >>> from riskresearch.breakers import DrawdownBreaker
    >>> from riskresearch.core import Bar
    >>> running = DrawdownBreaker(0.10, cooldown=2).start(equity=100.0)
    >>> for equity in (101.0, 90.9, 90.9, 90.9):
    ...     decision = running.update(Bar(equity=equity))
    ...     print(decision.multiplier, [f"{event.event} {event.value:.3f}" for event in decision.events])
    1.0 []
    0.0 ['trip 0.100']
    0.0 []
    1.0 ['re-arm 0.100']
    """

    reentry: Reentry = field(default="peak_reset", kw_only=True)
    period: Literal["start", "day", "week", "month"] = field(default="start", kw_only=True)

    code = "DRAWDOWN"
    on_account = True

    def __post_init__(self) -> None:
        check_fraction_lost(self.limit, name="limit")
        check_period(self.period, ("start", "day", "week", "month"), name="period")
        Breaker.__post_init__(self)

    def restart_clock(self) -> int:
        """Return the clock that restarts the peak, -1 for none."""
        return CLOCKS.get(self.period, -1)


@answers_other_names(OTHER_NAMES, second="period")
@dataclass(frozen=True, slots=True)
class PeriodLossBreaker(Breaker):
    """Trips when the account has lost a fraction of its equity at the end of the calendar period before.

    The number is (start - equity) / start; after a re-entry with "peak_reset" the start is where the account stood.

    Parameters
    ----------
    limit : float
        Fraction lost: 0.02 is 2 %.
    period : {"bar", "day", "week", "month", "start"}
        The period; weeks begin on Monday. "start" is the whole run.

    Examples
    --------
    >>> from riskresearch.breakers import PeriodLossBreaker
    >>> from riskresearch.core import Bar
    >>> running = PeriodLossBreaker(0.02, period="bar").start(equity=100.0)
    >>> running.update(Bar(equity=98.0)).state.value
    'HALTED'
    """

    reentry: Reentry = field(default="peak_reset", kw_only=True)
    period: Literal["bar", "day", "week", "month", "start"] = field(default="day", kw_only=True)

    code = "PERIOD_LOSS"
    on_account = True

    def __post_init__(self) -> None:
        """Check what was given."""
        check_fraction_lost(self.limit, name="limit")
        check_period(self.period, ("bar", "day", "week", "month", "start"), name="period")
        Breaker.__post_init__(self)

    def restart_clock(self) -> int:
        """Return the clock that restarts the count, -1 for none."""
        return CLOCKS.get(self.period, -1)
