"""Breakers on exposure, turnover and rejected orders of the account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._limits import OTHER_NAMES
from riskresearch.breakers._triggers import new_trigger
from riskresearch.breakers._types import Observer
from riskresearch.core._checks import check_choice, check_count, check_positive
from riskresearch.core._other_names import answers_other_names


@answers_other_names(OTHER_NAMES, second="cooldown")
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
    >>> from riskresearch.breakers import ExposureBreaker
    >>> from riskresearch.core import Bar
    >>> running = ExposureBreaker(2.0, stage="halt").start()
    >>> running.update(Bar(gross_exposure=2.1)).reduce_only
    True
    """

    measure: Literal["gross", "net"] = field(default="gross", kw_only=True)

    code = "EXPOSURE"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.measure, ("gross", "net"), name="measure")
        check_positive(self.limit, name="limit")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        if self.measure == "gross":
            return Observer(("gross_exposure",))
        return Observer(("net_exposure",), new_trigger("either_way"))


@answers_other_names(OTHER_NAMES, second="cooldown")
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
    >>> from riskresearch.breakers import TurnoverBreaker
    >>> from riskresearch.core import Bar
    >>> running = TurnoverBreaker(1.0, window=2).start()
    >>> [running.update(Bar(turnover=0.5)).multiplier for bar in range(2)]
    [1.0, 0.0]
    """

    window: int = field(default=1, kw_only=True)

    code = "TURNOVER"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_count(self.window, name="window", minimum=1)
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return Observer(("turnover",), new_trigger("sum", window=self.window))


@answers_other_names(OTHER_NAMES, second="cooldown")
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
    >>> from riskresearch.breakers import RejectRateBreaker
    >>> from riskresearch.core import Bar
    >>> running = RejectRateBreaker(0.5, window=10, min_orders=4).start()
    >>> [running.update(Bar(orders=1.0, rejects=1.0)).multiplier for bar in range(2)]
    [1.0, 0.0]
    """

    window: int = field(default=20, kw_only=True)
    min_orders: int = field(default=10, kw_only=True)

    code = "REJECT_RATE"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_count(self.window, name="window", minimum=1)
        check_count(self.min_orders, name="min_orders", minimum=1)
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return Observer(("rejects", "orders"), new_trigger("rate", window=self.window, scale=self.min_orders))
