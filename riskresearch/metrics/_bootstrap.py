"""The bootstrap: its settings, and the interval of any measure by it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from riskresearch.core._checks import check_choice, check_count, check_number
from riskresearch.core._errors import ConventionWarning, InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.kernels import _bootstrap
from riskresearch.kernels._block_length import automatic_length
from riskresearch.metrics._arguments import check_confidence
from riskresearch.metrics._interval import Interval, label_interval

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy
    from riskresearch.metrics._estimate import Moments

RESAMPLINGS = ("stationary", "circular", "iid")
KINDS = ("percentile", "basic", "bca")
FEWEST_DRAWS = 100


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What a bootstrap interval is made by: give it to a measure as its `confidence`.

    Parameters
    ----------
    confidence : float
        Probability in (0, 1) that the interval is to cover the true value with.
    draws : int
        Number of resampled histories, at least 100.
    resampling : {"stationary", "circular", "iid"}
        Blocks of random length (Politis & Romano 1994), blocks of one length, or single rows; blocks run on around the
        end of the sample.
    block_length : float, optional
        Rows in a block, the mean for "stationary". None takes the automatic length of Politis & White (2004, corrected
        2009), column by column: the longer of those for the returns and for their squares, since volatility clusters.
    interval : {"percentile", "basic", "bca"}
        Quantiles of the draws, those mirrored at the estimate, or bias-corrected and accelerated.
    rng : int, Generator, optional
        Where the draws start from. None takes fresh entropy, so the next call gives other bounds; the result's `seed`,
        given as `rng`, repeats it. Columns share the draws.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.Bootstrap(0.9, draws=500, rng=7)
    Bootstrap(confidence=0.9, draws=500, resampling='stationary', block_length=None, interval='percentile', rng=7)
    """

    confidence: float = 0.95
    draws: int = 2000
    resampling: Literal["stationary", "circular", "iid"] = "stationary"
    block_length: float | None = None
    interval: Literal["percentile", "basic", "bca"] = "percentile"
    rng: int | np.random.Generator | None = None

    def __post_init__(self) -> None:
        check_confidence(self.confidence)
        check_count(self.draws, name="draws", minimum=FEWEST_DRAWS)
        check_choice(self.resampling, RESAMPLINGS, name="resampling")
        check_choice(self.interval, KINDS, name="interval")
        if self.block_length is not None and check_number(self.block_length, name="block_length") < 1.0:
            raise InvalidInputError(f"block_length must be at least 1 row, got {self.block_length!r}.")
        if not isinstance(self.rng, np.random.Generator | None):
            check_count(self.rng, name="rng", minimum=0)

    def describe(self) -> str:
        """Return in one line how the interval is made."""
        length = "of automatic length" if self.block_length is None else f"of {self.block_length:g} rows"
        blocks = "" if self.resampling == "iid" else f", blocks {length}"
        return f"{self.resampling} bootstrap, {self.draws} draws{blocks}, {self.interval} interval"

    def seed(self) -> int:
        """Return the number that the draws start from: a new one at each call unless `rng` is a number."""
        if isinstance(self.rng, np.random.Generator):
            return int(self.rng.integers(2**63))
        if self.rng is None:
            return int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
        return int(self.rng)


def as_bootstrap(confidence: float | Bootstrap) -> Bootstrap:
    """Return the settings that `confidence` stands for."""
    return confidence if isinstance(confidence, Bootstrap) else Bootstrap(check_confidence(confidence))


def bootstrap_panel(
    panel: Panel,
    kernel: Callable[..., FloatVector],
    *others: FloatVector,
    measure: str,
    settings: Bootstrap,
    moments: Moments | None = None,
) -> Interval:
    """Return the estimate by `kernel` of each column and its bootstrap interval."""
    seed = settings.seed()

    def interval(values: FloatMatrix, *vectors: FloatVector) -> FloatMatrix:
        estimates = kernel(values, *vectors)
        columns = []
        for number, estimate in enumerate(estimates.tolist()):
            column = values[:, number : number + 1]
            columns.append([estimate, *_one_interval(kernel, column, vectors, estimate, settings, seed, moments)])
        return np.array(columns).T

    rows = panel.per_column(interval, *others)
    return label_interval(
        panel, rows, measure=measure, confidence=settings.confidence, method=settings.describe(), seed=seed
    )


def _one_interval(
    kernel: Callable[..., FloatVector],
    column: FloatMatrix,
    vectors: tuple[FloatVector, ...],
    estimate: float,
    settings: Bootstrap,
    seed: int,
    moments: Moments | None,
) -> tuple[float, float, float]:
    """Return the lower and upper bound and the standard error of one column, shape (rows, 1)."""
    if np.isnan(estimate):
        return np.nan, np.nan, np.nan
    series = column[:, 0] if moments is None else moments.series(column, *vectors)[:, 0]
    length = settings.block_length or automatic_length(series, settings.resampling)
    plan = _bootstrap.make_plan(column.shape[0], settings.draws, settings.resampling, length, seed)
    if moments is None:
        draws = _bootstrap.replicates(kernel, column, vectors, plan)
    else:
        draws = _bootstrap.moment_replicates(moments.statistic, series, plan)

    def without_each() -> FloatVector:
        if moments is None:
            return _bootstrap.jackknife(kernel, column, vectors)
        return _bootstrap.moment_jackknife(moments.statistic, series)

    defined = _defined(draws)
    lower, upper = _bootstrap.bounds(defined, estimate, settings.confidence, settings.interval, without_each)
    return lower, upper, float(np.std(defined, ddof=1))


def _defined(draws: FloatVector) -> FloatVector:
    """Return the draws that are numbers, and warn if some are not."""
    undefined = int(np.isnan(draws).sum())
    if undefined == 0:
        return draws
    warnings.warn(
        f"{undefined} of {draws.size} bootstrap draws have no value (a denominator of zero) and are left out of the "
        "interval: the sample is too short for it.",
        ConventionWarning,
        stacklevel=7,
    )
    return draws[~np.isnan(draws)] if undefined < draws.size - 1 else np.full(2, np.nan)


def bootstrap_interval(
    returns: Data,
    *,
    measure: Callable[..., Any],
    confidence: float | Bootstrap = 0.95,
    nan_policy: NanPolicy = "raise",
) -> Interval:
    """Return the estimate and bootstrap interval of any measure: a function of this library or your own.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    measure : callable
        A measure of this library that takes `confidence`, which then keeps its dates, or any function of the returns
        of one asset, a 1-D array without gaps, that returns a number. functools.partial gives it further arguments.
    confidence : float or Bootstrap
        Probability in (0, 1) that the interval is to cover the true value with, or all settings; a number stands for
        `Bootstrap(number)`, whose draws start from fresh entropy.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    Interval
        The standard error is the deviation of the draws.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Politis & Romano, JASA 89, 1994; Politis & White, Econometric Reviews 23, 2004; Efron & Tibshirani, 1993.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> settings = riskresearch.metrics.Bootstrap(0.9, rng=7)
    >>> riskresearch.metrics.bootstrap_interval([0.01, -0.02, 0.03, 0.0], measure=np.median, confidence=settings)
    Interval(median=0.005, 0.9 in [-0.01, 0.02])
    """
    settings = as_bootstrap(confidence)
    if not callable(measure):
        raise InvalidInputError(f"measure must be a function of an array of returns, got {measure!r}.")
    if "confidence" in getattr(getattr(measure, "func", measure), "__annotations__", {}):
        return cast(Interval, measure(returns, confidence=settings, nan_policy=nan_policy))
    # A function of the user may be of anything, such as differences or gains in money.
    panel = as_panel(returns, holds="numbers", nan_policy=nan_policy, min_rows=2)

    def by_column(values: FloatMatrix) -> FloatVector:
        return np.array([float(measure(np.ascontiguousarray(column))) for column in values.T])

    name = getattr(measure, "__name__", "")
    return bootstrap_panel(panel, by_column, measure=name if name.isidentifier() else "measure", settings=settings)
