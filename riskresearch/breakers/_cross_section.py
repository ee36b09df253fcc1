"""Breakers on the returns of all assets together: their correlation, and their dispersion on one bar."""

from __future__ import annotations

from dataclasses import dataclass, field

from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._limits import OTHER_NAMES
from riskresearch.breakers._triggers import CrossObserver
from riskresearch.breakers._types import Observer
from riskresearch.core._checks import check_count
from riskresearch.core._other_names import answers_other_names


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class CorrelationBreaker(Breaker):
    """Trips when assets move together.

    The number is the average correlation of all pairs over the last `window` bars, each pair with the product of its
    deviations as weight: (Var(sum) - sum of Var) / ((sum of deviations)^2 - sum of Var).

    Parameters
    ----------
    limit : float
        Average correlation.
    window : int
        Bars, at least 2.

    References
    ----------
    Pollet & Wilson (2010), "Average correlation and stock market returns".

    Examples
    --------
    >>> from riskresearch.breakers import CorrelationBreaker
    >>> from riskresearch.core import Bar
    >>> running = CorrelationBreaker(0.9, window=2).start()
    >>> [running.update(Bar(asset_returns=row)).multiplier for row in ((0.01, 0.02), (-0.01, -0.02))]
    [1.0, 0.0]
    """

    window: int = field(default=60, kw_only=True)

    code = "CORRELATION"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_count(self.window, name="window", minimum=2)
        Breaker.__post_init__(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return CrossObserver(self.window)


@answers_other_names(OTHER_NAMES, second="cooldown")
@dataclass(frozen=True, slots=True)
class DispersionBreaker(Breaker):
    """Trips when the returns of one bar lie far apart: their sample deviation over the assets.

    Parameters
    ----------
    limit : float
        Deviation, a fraction.

    Examples
    --------
    >>> from riskresearch.breakers import DispersionBreaker
    >>> from riskresearch.core import Bar
    >>> running = DispersionBreaker(0.05).start()
    >>> running.update(Bar(asset_returns=(0.05, -0.05, 0.0))).multiplier
    0.0
    """

    code = "DISPERSION"

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        return CrossObserver(0)
