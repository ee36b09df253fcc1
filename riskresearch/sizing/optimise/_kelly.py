"""Kelly's criterion for many assets at once, under constraints, uncertainty and a limit on drawdowns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.core._arguments import asset_names, check_confidence
from riskresearch.core._checks import check_choice, check_count, check_number
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.core._seeds import seed_of
from riskresearch.kernels.optimise._conic_programs import holds_zero
from riskresearch.kernels.optimise._growth import drawdown_exponent, growth_rate, log_ruin_moment
from riskresearch.kernels.optimise._growth_cones import Gamble
from riskresearch.sizing._cap_reasons import CapReason
from riskresearch.sizing.optimise._constraints import OTHER_NAMES, UNBOUNDED, Constraints, bounds, polytope
from riskresearch.sizing.optimise._infeasible import contradiction
from riskresearch.sizing.optimise._kelly_closed_form import checked_drawdown
from riskresearch.sizing.optimise._kelly_confidence import (
    DRAWS,
    Chosen,
    Confidence,
    check_rows,
    confidence_of,
    warn_of_dependence,
)
from riskresearch.sizing.optimise._kelly_programme import SOLVERS, Method, Programme, ScenarioTruth, truths
from riskresearch.sizing.optimise._kelly_result import KellyResult
from riskresearch.sizing.optimise._kelly_scenarios import Scenarios, Uncertainty, log_wealth, read_scenarios
from riskresearch.sizing.optimise._leverage import binding, with_leverage
from riskresearch.sizing.optimise._parameter_uncertainty import simulated_chance, within_promise

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy
    from riskresearch.kernels.optimise._conic_programs import Polytope, Solution

TOTAL = (-math.inf, 1.0)
UNLIMITED = Constraints(lower=None)
BINDING_MOMENT = 1e-6
MOMENTS = "A mean and a covariance in place of returns go to continuous_kelly_weights(mean, covariance)."


class Limits(NamedTuple):
    """What keeps weights from those of greatest growth."""

    constraints: Constraints | None
    max_leverage: float | None
    fraction: float
    drawdown: float | None
    drawdown_probability: float | None
    periods: int


class Solved(NamedTuple):
    """Weights, the constraints that bind by name, and their bits of `CapReason` for each weight."""

    programme: Programme
    fraction: float
    weights: FloatVector
    binding: tuple[str, ...]
    reasons: npt.NDArray[np.longlong]
    simulated: float | None
    """The probability of the drawdown over paths with one unknown truth each; None where the truth is known."""


@answers_other_names(
    {
        **OTHER_NAMES,
        **dict.fromkeys(("mean", "means", "mu", "covariance", "cov", "sigma"), MOMENTS),
        **dict.fromkeys(("interval", "ci", "confidence_level", "level"), "confidence"),
        **dict.fromkeys(("seed", "random_state"), "rng"),
    },
    second=MOMENTS,
)
def kelly_weights(
    returns: Data,
    *,
    method: Method = "exact",
    constraints: Constraints | None = None,
    max_leverage: float | None = None,
    fraction: float = 1.0,
    uncertainty: Uncertainty = "predictive",
    drawdown: float | None = None,
    drawdown_probability: float | None = None,
    drawdown_periods: int = 1000,
    confidence: float | None = None,
    probabilities: Data | None = None,
    risk_free: float | Data = 0.0,
    nan_policy: NanPolicy = "raise",
    rng: int | np.random.Generator | None = 0,
) -> KellyResult:
    """Return the weights of greatest expected logarithmic growth.

    Parameters
    ----------
    returns : Series, DataFrame or array, shape (rows, assets)
        Simple returns per period: a sample, or the outcomes of a gamble with `probabilities`.
    method : {"exact", "quadratic"}
        E log(wealth), or its second-order expansion E r - E r^2 / 2 in the excess returns r.
    constraints : Constraints, optional
        By default long positions only and no borrowing.
    max_leverage : float, optional
        Greatest sum of absolute weights; None is what the constraints allow, or else 1.
    fraction : float
        Fraction of the weights to hold, in (0, 1]; the rest is cash.
    uncertainty : {"predictive", "shrinkage", "ignore"}
        "predictive" widens the scenarios about their mean to the covariance of the posterior predictive Student-t,
        sqrt((n + 1) / (n - assets - 2)) times; "shrinkage" multiplies the excess means by 1 - assets / (n q), at least
        0, with q their squared Sharpe ratio. "ignore" takes the scenarios for the truth.
    drawdown, drawdown_probability : float, optional
        Keep the probability that wealth ever falls by `drawdown` of its start to `drawdown_probability` at most;
        `method="quadratic"` keeps the expansion of that limit only. Unless `uncertainty` is "ignore", weights are
        scaled down further until simulated paths, each with its own draw of the unknown truth, keep to it.
    drawdown_periods : int
        Periods of these paths.
    confidence : float, optional
        Of an interval of each weight and of the growth rate, such as 0.95, and of the fraction of Kelly that is robust;
        whatever `uncertainty` is. 1,000 solutions, a few seconds.
    probabilities : array, shape (rows,), optional
        Of the rows, if known; needs `uncertainty="ignore"`, and then there is no `confidence`.
    risk_free : float or Series
        Rate per period of cash and of borrowing.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which a column or `risk_free` is missing; `probabilities` are of complete rows only.
    rng : int, Generator or None
        Seed of the intervals; by default they are the same each time. None takes fresh entropy.

    Returns
    -------
    KellyResult

    Raises
    ------
    InvalidInputError
        If the constraints cannot be met, growth has no bound, or the sample is too short for its uncertainty.

    References
    ----------
    Busseti, Ryu & Boyd, Journal of Investing 25(3), 2016; Zellner & Chetty 1965; Kan & Zhou, JFQA 42(3), 2007.

    Examples
    --------
    >>> import riskresearch
    >>> bet = riskresearch.sizing.kelly_weights([[1.0], [-1.0]], probabilities=[0.6, 0.4], uncertainty="ignore")
    >>> round(bet.weights[0], 6)
    0.2
    """
    panel = as_panel(returns, nan_policy=nan_policy)
    scenarios, assets = read_scenarios(panel, uncertainty, probabilities, risk_free), asset_names(panel)
    limits = Limits(constraints, max_leverage, fraction, drawdown, drawdown_probability, drawdown_periods)
    found = _solved(scenarios, assets, method, limits)
    weights = found.weights
    logs = log_wealth(scenarios.believed, weights)
    free = tuple(map(float, weights))
    sure = None
    if confidence is not None:
        sure = _confidence(scenarios, assets, found, check_confidence(confidence), seed_of(rng), probabilities)
    return KellyResult(
        assets=assets,
        weights=free,
        binding=found.binding,
        unconstrained=_unconstrained(method, scenarios.believed, fraction) if found.binding else free,
        growth_rate=growth_rate(logs, scenarios.believed.probabilities),
        sample_growth_rate=growth_rate(log_wealth(scenarios.given, weights), scenarios.given.probabilities),
        drawdown_exponent=drawdown_exponent(logs, scenarios.believed.probabilities),
        method=method,
        uncertainty=uncertainty,
        uncertainty_factor=scenarios.factor,
        fraction=float(fraction),
        drawdown=drawdown,
        drawdown_probability=drawdown_probability,
        drawdown_periods=limits.periods,
        drawdown_simulated=found.simulated,
        observations=scenarios.rows,
        confidence=confidence,
        weight_intervals=None if sure is None else sure.weights,
        growth_interval=None if sure is None else sure.growth,
        robust_fraction=None if sure is None else sure.robust_fraction,
        seed=None if sure is None else sure.seed,
    )


def _confidence(
    scenarios: Scenarios,
    assets: tuple[str, ...],
    found: Solved,
    confidence: float,
    seed: int,
    probabilities: Data | None,
) -> Confidence:
    """Return the intervals of the weights and of their growth."""
    given, programme = scenarios.given, found.programme
    if probabilities is not None:
        raise InvalidInputError(
            f"confidence must not be given with probabilities, which are known, got {confidence!r}. An interval is of "
            "a sample: leave out one of them."
        )
    check_rows(len(given.returns), len(assets), name="returns")
    warn_of_dependence(given.returns, assets)
    chosen = Chosen(found.weights, found.fraction, holds_zero(programme.allowed))
    drawn = truths(given, programme, DRAWS, seed)
    return confidence_of(ScenarioTruth(given, programme), drawn, chosen, confidence=confidence, seed=seed)


def solved_bet(
    rows: FloatMatrix,
    *,
    method: Method,
    constraints: Constraints | None,
    max_leverage: float | None,
    fraction: float,
    uncertainty: Uncertainty,
    drawdown: float | None,
    drawdown_probability: float | None,
    drawdown_periods: int,
    risk_free: float,
) -> tuple[FloatVector, npt.NDArray[np.longlong]]:
    """Return the weights of `kelly_weights` on complete rows, and the bits of the caps that bind, and nothing more."""
    panel = as_panel(rows)
    limits = Limits(constraints, max_leverage, fraction, drawdown, drawdown_probability, drawdown_periods)
    found = _solved(read_scenarios(panel, uncertainty, None, risk_free), asset_names(panel), method, limits)
    return found.weights, found.reasons


def _solved(scenarios: Scenarios, assets: tuple[str, ...], method: Method, limits: Limits) -> Solved:
    """Return the weights within all limits, and which of these bind."""
    check_choice(method, tuple(SOLVERS), name="method")
    limited = with_leverage(limits.constraints, assets, limits.max_leverage, total=TOTAL)
    allowed = polytope(limited, assets, total=TOTAL)
    part = checked_fraction(limits.fraction, allowed)
    exponent = _exponent(limits.drawdown, limits.drawdown_probability)
    check_count(limits.periods, name="drawdown_periods", minimum=1)
    programme = Programme(method, allowed, exponent, *bounds(limited, assets))
    point = checked_point(programme.solution(scenarios.believed), limited, assets)
    names, reasons = binding(limited, assets, point)
    binds = exponent is not None and holds_drawdown(scenarios.believed, point, exponent)
    simulated = None
    if exponent is not None and scenarios.uncertain:
        whole = point
        point, simulated = _under_unknown_truths(scenarios, whole, limits, can_hold_cash=holds_zero(allowed))
        binds = binds or bool((point != whole).any())
        if part < 1.0:
            simulated = _simulated(scenarios, part * point, limits)
    if binds:
        names, reasons = (*binding(limited, assets, point)[0], "drawdown"), reasons | CapReason.DRAWDOWN
    return Solved(programme, part, part * point, names, reasons, simulated)


def _under_unknown_truths(
    scenarios: Scenarios, point: FloatVector, limits: Limits, *, can_hold_cash: bool
) -> tuple[FloatVector, float]:
    """Return the weights within the promise over paths with one draw of the truth each, and the simulated chance."""
    promised, depth = float(limits.drawdown_probability or 0.0), float(limits.drawdown or 0.0)
    if can_hold_cash:
        return within_promise(scenarios.drawn, point, periods=limits.periods, depth=depth, probability=promised)
    chance = _simulated(scenarios, point, limits)
    if chance > promised:
        warn_user(
            f"drawdown_probability={promised:g} holds for known probabilities only: over {limits.periods} periods with "
            f"one draw of the unknown truth for each path it is {chance:.3g}, and the constraints allow no cash."
        )
    return point, chance


def _simulated(scenarios: Scenarios, weights: FloatVector, limits: Limits) -> float:
    return simulated_chance(scenarios.drawn, weights, periods=limits.periods, depth=float(limits.drawdown or 0.0))


def holds_drawdown(believed: Gamble, point: FloatVector, exponent: float) -> bool:
    """Return whether the limit on drawdowns binds: E[wealth ** -exponent] has reached 1."""
    logs = log_wealth(believed, point)
    return bool(point.any()) and log_ruin_moment(logs, believed.probabilities, exponent) > -BINDING_MOMENT


def _unconstrained(method: Method, believed: Gamble, part: float) -> tuple[float, ...] | None:
    """Return the weights without constraints and without a limit on drawdowns, None where growth has no bound."""
    assets = tuple(map(str, range(believed.returns.shape[1])))
    found = SOLVERS[method](believed, polytope(UNLIMITED, assets, total=UNBOUNDED), None)
    return tuple(map(float, part * found.point)) if found.solved else None


def checked_point(found: Solution, limited: Constraints, assets: tuple[str, ...]) -> FloatVector:
    """Return the solver's point, or say why there is none."""
    if found.solved:
        return found.point
    if "PrimalInfeasible" in found.status:
        which = contradiction(limited, assets, total=TOTAL) or "the limit on drawdowns leaves none"
        raise InvalidInputError(f"constraints must be such that some weights meet them all, but none do: {which}.")
    if "DualInfeasible" in found.status:
        raise InvalidInputError(
            "constraints must bound the weights: a gain without a loss makes growth unbounded. Give `upper` or "
            "`max_gross`."
        )
    raise RiskResearchError(f"the solver stopped without a solution: {found.status}.")


def checked_fraction(fraction: float, allowed: Polytope) -> float:
    """Return a fraction of the weights, below 1 only where all may be in cash."""
    part = check_number(fraction, name="fraction")
    if not 0.0 < part <= 1.0:
        raise InvalidInputError(f"fraction must be in (0, 1], got {fraction!r}.")
    if part < 1.0 and not holds_zero(allowed):
        raise InvalidInputError(
            f"fraction must be 1 where the constraints forbid to hold cash alone, got {fraction!r}: it puts the rest "
            "in cash."
        )
    return part


def _exponent(drawdown: float | None, probability: float | None) -> float | None:
    """Return log(probability) / log(1 - drawdown), the power in Busseti, Ryu & Boyd's constraint."""
    if drawdown is None and probability is None:
        return None
    if drawdown is None or probability is None:
        raise InvalidInputError(
            f"drawdown and drawdown_probability must be given together, got {drawdown!r} and {probability!r}."
        )
    chance = check_number(probability, name="drawdown_probability")
    if not 0.0 < chance < 1.0:
        raise InvalidInputError(f"drawdown_probability must be in (0, 1), got {probability!r}.")
    return math.log(chance) / math.log(1.0 - checked_drawdown(drawdown))
