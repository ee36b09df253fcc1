"""Kelly's criterion from means and a covariance: assets that trade continuously."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import check_confidence, column_labels, column_numbers
from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import check_continuous_bet, check_rate
from riskresearch.core._seeds import seed_of
from riskresearch.kernels.optimise._conic_programs import holds_zero
from riskresearch.kernels.optimise._growth_cones import drift_growth_weights
from riskresearch.kernels.optimise._unknown_truths import moment_draws
from riskresearch.sizing.optimise._constraints import UNBOUNDED, Constraints, bounds, polytope
from riskresearch.sizing.optimise._covariance import read_covariance
from riskresearch.sizing.optimise._kelly import TOTAL, UNLIMITED, checked_fraction, checked_point
from riskresearch.sizing.optimise._kelly_closed_form import predictive_variance
from riskresearch.sizing.optimise._kelly_confidence import DRAWS, Chosen, Confidence, check_rows, confidence_of
from riskresearch.sizing.optimise._kelly_programme import at_bounds
from riskresearch.sizing.optimise._kelly_result import KellyResult
from riskresearch.sizing.optimise._leverage import binding, with_leverage

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatMatrix, FloatVector
    from riskresearch.kernels.optimise._conic_programs import Polytope, Solution


class Moments(NamedTuple):
    """Mean excess returns, their covariance, and the rate of cash."""

    excess: FloatVector
    covariance: FloatMatrix
    rate: float

    def growth_rate(self, weights: FloatVector) -> float:
        """Return the growth rate of weights that are restored continuously."""
        return self.rate + float(weights @ self.excess) - 0.5 * self.variance(weights)

    def variance(self, weights: FloatVector) -> float:
        """Return the variance of a portfolio."""
        return float(weights @ self.covariance @ weights)


class Allowed(NamedTuple):
    """The weights that may be held."""

    rows: Polytope
    low: FloatVector
    high: FloatVector


class MomentTruth(NamedTuple):
    """Moments that are taken for the truth."""

    moments: Moments
    allowed: Allowed

    def growth(self, weights: FloatVector, parts: FloatVector) -> FloatVector:
        """Return the growth rate of each multiple of some weights."""
        excess, variance = float(weights @ self.moments.excess), self.moments.variance(weights)
        return np.asarray(self.moments.rate + parts * excess - 0.5 * parts * parts * variance)

    def kelly(self, start: FloatVector | None) -> Solution:
        """Return the Kelly weights."""
        found = drift_growth_weights(self.moments.excess, self.moments.covariance, self.allowed.rows)
        low, high = self.allowed.low, self.allowed.high
        return found._replace(point=at_bounds(found.point, low, high)) if found.solved else found


@answers_other_names()
def continuous_kelly_weights(
    mean: Data,
    covariance: Data,
    *,
    risk_free: float = 0.0,
    observations: int | None = None,
    fraction: float = 1.0,
    constraints: Constraints | None = None,
    max_leverage: float | None = None,
    confidence: float | None = None,
    rng: int | np.random.Generator | None = 0,
) -> KellyResult:
    """Return the weights of greatest growth from means and a covariance, for assets that trade continuously.

    Parameters
    ----------
    mean : mapping, Series or array, shape (assets,)
        Expected returns per period, such as a year.
    covariance : DataFrame or array, shape (assets, assets)
        Covariance of the returns per the same period.
    risk_free : float
        Rate of cash and of borrowing, per the same period.
    observations : int, optional
        How many rows of this period `mean` and `covariance` (n - 1) were estimated from: with daily rows both are per
        day, not times 252. The covariance is then that of the posterior predictive Student-t, (1 + 1/n) (n - 1) /
        (n - assets - 2) as large. None takes both as known.
    fraction : float
        Fraction of the weights to hold, in (0, 1]; the rest is cash.
    constraints : Constraints, optional
        By default long positions only and no borrowing. The weights without any, covariance^-1 (mean - risk_free), are
        in `unconstrained`.
    max_leverage : float, optional
        Greatest sum of absolute weights; None is what the constraints allow, or else 1, and `math.inf` is no limit.
    confidence : float, optional
        Of an interval of each weight and of the growth rate, and of the fraction of Kelly that is robust; it needs
        `observations`.
    rng : int, Generator or None
        Seed of the intervals; by default they are the same each time. None takes fresh entropy.

    Returns
    -------
    KellyResult
        Its `growth_rate` is that of `continuous_growth_rate`, with the covariance that `observations` widen.

    Raises
    ------
    InvalidInputError
        If the constraints cannot be met, growth has no bound, or the covariance is none.

    See Also
    --------
    kelly_weights : The same from returns.
    continuous_kelly_fraction : The same for one asset.

    References
    ----------
    Thorp, Handbook of Asset and Liability Management 1, 2006, sections 7 and 8; Merton 1969.

    Examples
    --------
    >>> import riskresearch
    >>> bet = riskresearch.sizing.continuous_kelly_weights([0.05, 0.06], [[0.04, 0.01], [0.01, 0.09]])
    >>> [round(weight, 4) for weight in bet.unconstrained], [round(weight, 4) for weight in bet.weights]
    ([1.1143, 0.5429], [0.6364, 0.3636])
    """
    given, panel = _read(mean, covariance, risk_free)
    assets = column_labels(panel)
    limited = with_leverage(constraints, assets, max_leverage, total=TOTAL)
    allowed = Allowed(polytope(limited, assets, total=TOTAL), *bounds(limited, assets))
    part = checked_fraction(fraction, allowed.rows)
    wider = 1.0 if observations is None else predictive_variance(observations, len(assets))
    believed = given._replace(covariance=wider * given.covariance)
    whole = np.clip(checked_point(_best(believed, allowed.rows), limited, assets), allowed.low, allowed.high)
    bound = binding(limited, assets, whole)[0]
    weights = part * whole
    free, sure = tuple(map(float, weights)), None
    if confidence is not None:
        chosen = Chosen(weights, part, holds_zero(allowed.rows))
        sure = _confidence(MomentTruth(given, allowed), observations, chosen, confidence, seed_of(rng))
    return KellyResult(
        assets=assets,
        weights=free,
        binding=bound,
        unconstrained=_unconstrained(believed, part) if bound else free,
        growth_rate=believed.growth_rate(weights),
        sample_growth_rate=given.growth_rate(weights),
        drawdown_exponent=_drawdown_exponent(believed, weights),
        method="continuous",
        uncertainty="ignore" if observations is None else "predictive",
        uncertainty_factor=math.sqrt(wider),
        fraction=part,
        drawdown=None,
        drawdown_probability=None,
        drawdown_periods=None,
        drawdown_simulated=None,
        observations=observations,
        confidence=confidence,
        weight_intervals=None if sure is None else sure.weights,
        growth_interval=None if sure is None else sure.growth,
        robust_fraction=None if sure is None else sure.robust_fraction,
        seed=None if sure is None else sure.seed,
    )


@answers_other_names()
def continuous_growth_rate(mean: Data, covariance: Data, weights: Data, *, risk_free: float = 0.0) -> float:
    """Return the growth rate of wealth per period at given weights that are restored continuously.

    Parameters
    ----------
    mean : mapping, Series or array, shape (assets,)
        Expected returns per period.
    covariance : DataFrame or array, shape (assets, assets)
        Covariance of the returns per the same period.
    weights : mapping, Series or array, shape (assets,)
        Fractions of wealth, one for each asset; the rest is cash, or borrowed if negative.
    risk_free : float
        Rate of cash and of borrowing, per the same period.

    Returns
    -------
    float
        risk_free + w'(mean - risk_free) - w'covariance w / 2: the expected logarithm of wealth.

    Raises
    ------
    InvalidInputError
        If the covariance is none, or the names differ.

    References
    ----------
    Thorp, Handbook of Asset and Liability Management 1, 2006, sections 7 and 8.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.sizing.continuous_growth_rate([0.11], [[0.0225]], [1.0], risk_free=0.06), 5)
    0.09875
    """
    moments, panel = _read(mean, covariance, risk_free)
    return moments.growth_rate(column_numbers(weights, panel, name="weights"))


def _read(mean: Data, covariance: Data, risk_free: float) -> tuple[Moments, Panel]:
    """Return the checked moments, and the columns of the covariance."""
    matrix, assets, panel = read_covariance(covariance)
    rate = check_number(risk_free, name="risk_free")
    check_rate(rate, name="risk_free", dates=None, periods=1.0)
    excess = column_numbers(mean, panel, name="mean") - rate
    for place in range(len(assets)):
        check_continuous_bet(float(excess[place]), math.sqrt(float(matrix[place, place])))
    return Moments(excess, matrix, rate), panel


def _best(moments: Moments, rows: Polytope) -> Solution:
    return drift_growth_weights(moments.excess, moments.covariance, rows)


def _unconstrained(moments: Moments, part: float) -> tuple[float, ...] | None:
    """Return the weights without constraints, None where growth has no bound."""
    assets = tuple(map(str, range(moments.excess.size)))
    found = _best(moments, polytope(UNLIMITED, assets, total=UNBOUNDED))
    return tuple(map(float, part * found.point)) if found.solved else None


def _drawdown_exponent(moments: Moments, weights: FloatVector) -> float:
    """Return 2 growth / variance: the logarithm of wealth is a Brownian motion."""
    growth, variance = moments.growth_rate(weights), moments.variance(weights)
    if variance <= 0.0:
        return math.inf if growth >= 0.0 else 0.0
    return max(0.0, 2.0 * growth / variance)


def _confidence(
    sample: MomentTruth, observations: int | None, chosen: Chosen, confidence: float, seed: int
) -> Confidence:
    check_confidence(confidence)
    if observations is None:
        raise InvalidInputError(
            f"observations must be given with confidence, got confidence={confidence!r} alone: an interval is of a "
            "sample. Pass how many rows the mean and the covariance were estimated from."
        )
    check_rows(observations, chosen.weights.size, name="observations")
    return confidence_of(sample, _truths(sample, observations, seed), chosen, confidence=confidence, seed=seed)


def _truths(sample: MomentTruth, rows: int, seed: int) -> Iterator[MomentTruth]:
    """Yield draws of the moments of so many rows; a root of a singular covariance is that of its eigenvectors."""
    given = sample.moments
    values, vectors = np.linalg.eigh(given.covariance * (rows - 1))
    root: Any = np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0.0))).T, mode="r")  # typed as all three factors
    for shift, factor in moment_draws(root, rows, DRAWS, seed):
        yield sample._replace(moments=Moments(given.excess + shift, factor.T @ factor, given.rate))
