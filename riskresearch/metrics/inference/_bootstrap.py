"""Settings of intervals: a bootstrap, or the formula of a measure."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal

import numpy as np

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_choice, check_count, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._seeds import seed_of

RESAMPLINGS = ("filtered", "stationary", "circular", "iid")
METHODS = ("percentile", "basic", "bca")
FEWEST_DRAWS = 100


@answers_other_names()
@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Settings of a bootstrap interval, to be given to a measure as its `interval`.

    Parameters
    ----------
    confidence : float
        Coverage probability of the interval, in (0, 1).
    draws : int
        Number of resampled histories, at least 100.
    resampling : {"filtered", "stationary", "circular", "iid"}, optional
        Histories of GARCH(1,1) models weighed by their likelihood, with resampled innovations (Barone-Adesi,
        Giannopoulos & Vosper 1999), blocks of random length (Politis & Romano 1994), blocks of one length, or single
        rows; blocks wrap around the end of the sample. None chooses by the measure: "filtered" for tail losses and
        deviations, longer blocks with Student-t quantiles for autocorrelated rows, else "stationary".
    block_length : float, optional
        Rows in a block, the mean for "stationary". None takes the automatic length of Politis & White (2004, corrected
        2009), column by column: the longer of those for the returns and for their squares, since volatility clusters.
        Giving a length or a `method` selects blocks.
    method : {"percentile", "basic", "bca"}, optional
        Quantiles of the draws, quantiles mirrored at the estimate, or bias-corrected and accelerated ones; None is
        "percentile" where there are blocks.
    rng : int, Generator or None
        Seed of the draws, so that a second call gives the same bounds; None takes fresh entropy, and the `seed` of the
        result repeats it. Columns share the draws.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.Bootstrap(0.9, draws=500, rng=7)
    Bootstrap(confidence=0.9, draws=500, resampling=None, block_length=None, method=None, rng=7)
    """

    confidence: float = 0.95
    _: KW_ONLY
    draws: int = 2000
    resampling: Literal["filtered", "stationary", "circular", "iid"] | None = None
    block_length: float | None = None
    method: Literal["percentile", "basic", "bca"] | None = None
    rng: int | np.random.Generator | None = 0

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        check_count(self.draws, name="draws", minimum=FEWEST_DRAWS)
        if self.resampling is not None:
            check_choice(self.resampling, RESAMPLINGS, name="resampling")
        if self.method is not None:
            check_choice(self.method, METHODS, name="method")
        if self.block_length is not None and check_number(self.block_length, name="block_length") < 1.0:
            raise InvalidInputError(f"block_length must be at least 1 row, got {self.block_length!r}.")
        for name in ("block_length", "method"):
            if self.resampling == "filtered" and getattr(self, name) is not None:
                raise InvalidInputError(
                    f"{name} must be left out with resampling='filtered', which has no blocks, got "
                    f"{getattr(self, name)!r}."
                )
        if not isinstance(self.rng, np.random.Generator | None):
            check_count(self.rng, name="rng", minimum=0)

    @property
    def is_of_blocks(self) -> bool:
        """Whether the settings select blocks or single rows."""
        asked = (self.block_length, self.method) != (None, None)
        return asked or self.resampling not in (None, "filtered")

    def describe(self) -> str:
        """Return a one-line description of a block bootstrap."""
        resampling = self.resampling or "stationary"
        length = "of automatic length" if self.block_length is None else f"of {self.block_length:g} rows"
        blocks = "" if resampling == "iid" else f", blocks {length}"
        return f"{resampling} bootstrap, {self.draws} draws{blocks}, {self.method or 'percentile'} interval"

    def seed(self) -> int:
        """Return the seed of the draws: another one at each call unless `rng` is a number."""
        return seed_of(self.rng)


@answers_other_names()
@dataclass(frozen=True, slots=True)
class AnalyticInterval:
    """An analytic interval instead of resampling, to be given to VaR, CVaR or Sharpe ratio as `interval`.

    It assumes independent rows, and warns where they are not.

    Parameters
    ----------
    confidence : float
        Coverage probability of the interval, in (0, 1).

    Examples
    --------
    >>> import riskresearch
    >>> asked = riskresearch.metrics.AnalyticInterval(0.9)
    >>> riskresearch.value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.6, interval=asked)
    Interval(value_at_risk=0, 0.9 in [-0.02, inf])
    """

    confidence: float = 0.95

    def __post_init__(self) -> None:
        check_confidence(self.confidence)


def as_bootstrap(interval: float | Bootstrap, *, rng: int | None = 0, name: str = "interval") -> Bootstrap:
    """Return `interval` as settings; a number is their confidence, with draws from the seed `rng`."""
    if isinstance(interval, Bootstrap):
        return interval
    return Bootstrap(check_confidence(interval, name=name), rng=rng)
