"""Breakers on returns, prices and market data, independent of the account."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._limits import OTHER_NAMES
from riskresearch.breakers._triggers import new_trigger
from riskresearch.breakers._types import Observer
from riskresearch.core._checks import check_choice, check_count, check_fraction_lost, check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names

Forecast: TypeAlias = Literal["value_at_risk", "conditional_value_at_risk"]
Side: TypeAlias = Literal["both", "up", "down"]
SIDES = {"both": 0.0, "up": 1.0, "down": -1.0}


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class VolatilityBreaker(Breaker):
    """Trips when the strategy's volatility is high, or high against its own past.

    The number is the sample deviation (n - 1) of the last `window` returns, times sqrt(periods_per_year); with
    `long_window`, that deviation over that of the last `long_window` returns. It is not known before there are enough.

    Parameters
    ----------
    limit : float
        Volatility per year (0.3 is 30 %), or the ratio.
    window : int
        Returns, at least 2.
    long_window : int, optional
        Returns of the longer window.
    periods_per_year : float, optional
        1 leaves the volatility per bar; without effect on the ratio. None reads it off the dates of a history or a
        simulation. A stream cannot see the dates to come, so there None is 252 for bars without times and refused for
        bars with times.

    Examples
    --------
    >>> from riskresearch.breakers import VolatilityBreaker
    >>> from riskresearch.core import Bar
    >>> running = VolatilityBreaker(0.02, window=2, periods_per_year=1).start()
    >>> [running.update(Bar(strategy_return=x)).multiplier for x in (0.02, -0.02)]
    [1.0, 0.0]
    """

    window: int = dataclasses.field(default=20, kw_only=True)
    long_window: int | None = dataclasses.field(default=None, kw_only=True)
    periods_per_year: float | None = dataclasses.field(default=None, kw_only=True)

    code = "VOLATILITY"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_count(self.window, name="window", minimum=2)
        if self.periods_per_year is not None:
            check_positive(self.periods_per_year, name="periods_per_year")
        if self.long_window is not None and check_count(self.long_window, name="long_window", minimum=2) <= self.window:
            raise InvalidInputError(f"long_window must be longer than window {self.window}, got {self.long_window!r}.")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        if self.long_window is not None:
            ratio = new_trigger("volatility_ratio", window=self.long_window, short=self.window)
            return Observer(("strategy_return",), ratio)
        periods = self.periods_per_year
        if periods is None:
            from riskresearch.core._periods import resolve_periods_per_year  # noqa: PLC0415 (which loads NumPy)

            periods = resolve_periods_per_year(None, None)
        trigger = new_trigger("volatility", window=self.window, scale=math.sqrt(periods))
        return Observer(("strategy_return",), trigger)

    def lacks_periods(self) -> bool:
        """Return whether the number is per year and the periods of a year are to be read off dates."""
        return self.periods_per_year is None and self.long_window is None


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class TailBreachBreaker(Breaker):
    """Trips when losses went beyond the forecast VaR, or CVaR, too often.

    The number is how many of the last `window` bars had a loss of more than the forecast that was made before them.

    Parameters
    ----------
    limit : float
        Number of breaches.
    window : int
        Bars.
    measure : {"value_at_risk", "conditional_value_at_risk"}
        Which forecast the bars give.

    Examples
    --------
    >>> from riskresearch.breakers import TailBreachBreaker
    >>> from riskresearch.core import Bar
    >>> running = TailBreachBreaker(2, window=10).start()
    >>> bars = [Bar(strategy_return=x, value_at_risk=0.01) for x in (-0.02, -0.005, -0.03)]
    >>> [running.update(bar).multiplier for bar in bars]
    [1.0, 1.0, 0.0]
    """

    window: int = dataclasses.field(default=250, kw_only=True)
    measure: Forecast = dataclasses.field(default="value_at_risk", kw_only=True)

    code = "TAIL_BREACHES"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_count(self.window, name="window", minimum=1)
        check_choice(self.measure, ("value_at_risk", "conditional_value_at_risk"), name="measure")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return Observer(("strategy_return", self.measure), new_trigger("breaches", window=self.window))


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class LossStreakBreaker(Breaker):
    """Trips after so many losing bars in a row.

    Parameters
    ----------
    limit : float
        Number of bars.
    min_loss : float
        A loss must be more than this fraction to count; a smaller one ends the streak as a gain does.

    Examples
    --------
    >>> from riskresearch.breakers import LossStreakBreaker
    >>> from riskresearch.core import Bar
    >>> running = LossStreakBreaker(2).start()
    >>> [running.update(Bar(strategy_return=x)).multiplier for x in (-0.01, 0.0, -0.01, -0.01)]
    [1.0, 1.0, 1.0, 0.0]
    """

    min_loss: float = dataclasses.field(default=0.0, kw_only=True)

    code = "LOSS_STREAK"

    def __post_init__(self) -> None:
        """Check what was given."""
        if check_number(self.min_loss, name="min_loss") < 0.0:
            raise InvalidInputError(f"min_loss must not be negative, got {self.min_loss!r}.")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return Observer(("strategy_return",), new_trigger("streak", scale=self.min_loss))


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class TrailingDrawdownBreaker(Breaker):
    """Trips when the strategy has lost a fraction of its highest point in a moving window.

    The number is the drawdown at the end of the last `window` returns, compounded from 1: of the strategy as if never
    stopped, so a flat account does not hold it up.

    Parameters
    ----------
    limit : float
        Fraction lost.
    window : int
        Returns.

    Examples
    --------
    >>> from riskresearch.breakers import TrailingDrawdownBreaker
    >>> from riskresearch.core import Bar
    >>> running = TrailingDrawdownBreaker(0.05, window=2, cooldown=1).start()
    >>> [running.update(Bar(strategy_return=x)).multiplier for x in (-0.03, -0.03, 0.0, 0.0)]
    [1.0, 0.0, 1.0, 1.0]
    """

    window: int = dataclasses.field(default=20, kw_only=True)

    code = "DRAWDOWN"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_fraction_lost(self.limit, name="limit")
        check_count(self.window, name="window", minimum=1)
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return Observer(("strategy_return",), new_trigger("fall", window=self.window))


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class GapBreaker(Breaker):
    """Trips when a bar opens far from the close before it, or moves far from close to close.

    Parameters
    ----------
    limit : float
        Fraction of the close before.
    field : {"open", "price"}
        What is compared with it.
    side : {"both", "up", "down"}
        Which gaps count.

    Examples
    --------
    >>> from riskresearch.breakers import GapBreaker
    >>> from riskresearch.core import Bar
    >>> running = GapBreaker(0.07, side="down").start()
    >>> bars = (Bar(open=100.0, price=100.0), Bar(open=93.0, price=99.0))
    >>> [running.update(bar).multiplier for bar in bars]
    [1.0, 0.0]
    """

    field: Literal["open", "price"] = dataclasses.field(default="open", kw_only=True)
    side: Side = dataclasses.field(default="both", kw_only=True)

    code = "GAP"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.field, ("open", "price"), name="field")
        check_choice(self.side, tuple(SIDES), name="side")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return Observer(
            ("price",) if self.field == "price" else ("open", "price"), new_trigger("jump", scale=SIDES[self.side])
        )


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class PriceBandBreaker(Breaker):
    """Trips when the price leaves a band around a reference.

    Parameters
    ----------
    limit : float
        Half the width of the band, as a fraction of the reference.
    window : int, optional
        Bars before the present one whose mean price is the reference; None uses the `reference_price` of the bar.
    side : {"both", "up", "down"}
        Which side of the band counts.

    Examples
    --------
    >>> from riskresearch.breakers import PriceBandBreaker
    >>> from riskresearch.core import Bar
    >>> running = PriceBandBreaker(0.05).start()
    >>> running.update(Bar(price=95.0, reference_price=100.0)).multiplier
    0.0
    """

    window: int | None = dataclasses.field(default=None, kw_only=True)
    side: Side = dataclasses.field(default="both", kw_only=True)

    code = "PRICE_BAND"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.side, tuple(SIDES), name="side")
        if self.window is not None:
            check_count(self.window, name="window", minimum=1)
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        side = SIDES[self.side]
        if self.window is None:
            return Observer(("price", "reference_price"), new_trigger("distance", scale=side))
        return Observer(("price",), new_trigger("band", window=self.window, scale=side))


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class FeedDivergenceBreaker(Breaker):
    """Trips when two feeds disagree on the price by a fraction of the second.

    Parameters
    ----------
    limit : float
        Absolute difference of `price` and `other_price` over `other_price`.

    Examples
    --------
    >>> from riskresearch.breakers import FeedDivergenceBreaker
    >>> from riskresearch.core import Bar
    >>> running = FeedDivergenceBreaker(0.01, stage="halt").start()
    >>> running.update(Bar(price=102.0, other_price=100.0)).state.value
    'HALTED'
    """

    code = "FEED_DIVERGENCE"

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return Observer(("price", "other_price"), new_trigger("distance", scale=0.0))


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class StaleDataBreaker(Breaker):
    """Trips when data is missing, stands still or is old, and re-arms only on a bar that shows fresh data.

    Parameters
    ----------
    limit : float
        Bars in a row without a price, or seconds since the last message with `field="data_age"`.
    field : {"price", "strategy_return", "data_age"}
        What must not go missing.
    unchanged : bool
        Whether a price that is the same as before counts as no price.

    Examples
    --------
    >>> from riskresearch.breakers import StaleDataBreaker
    >>> from riskresearch.core import Bar
    >>> running = StaleDataBreaker(2, stage="halt").start()
    >>> [running.update(Bar(price=x)).state.value for x in (1.0, float("nan"), float("nan"))]
    ['ACTIVE', 'ACTIVE', 'HALTED']
    """

    field: Literal["price", "strategy_return", "data_age"] = dataclasses.field(default="price", kw_only=True)
    unchanged: bool = dataclasses.field(default=False, kw_only=True)

    code = "STALE_DATA"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.field, ("price", "strategy_return", "data_age"), name="field")
        if not isinstance(self.unchanged, bool):
            raise InvalidInputError(f"unchanged must be True or False, got {self.unchanged!r}.")
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        if self.field == "data_age":
            return Observer(("data_age",))
        return Observer((self.field,), new_trigger("stale", scale=float(self.unchanged)))

    def stale_from(self) -> float:
        """Return the number from which data are missing: one bar without a price, or an age at the limit."""
        return self.thresholds()[0] if self.field == "data_age" else 0.5
