"""Kelly's criterion for many assets at once, under constraints, uncertainty and a limit on drawdowns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from riskresearch.core._arguments import aligned_vector, asset_names, row_probabilities
from riskresearch.core._checks import check_choice, check_count, check_number, is_single
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.core._panel import as_panel
from riskresearch.core._plausibility import check_rate, warn_user
from riskresearch.kernels.optimise._conic_programs import holds_zero
from riskresearch.kernels.optimise._growth import drawdown_exponent, growth_rate, log_ruin_moment
from riskresearch.kernels.optimise._growth_cones import Gamble, growth_weights, quadratic_growth_weights
from riskresearch.sizing._cap_reasons import CapReason
from riskresearch.sizing.optimise._constraints import UNBOUNDED, Constraints, bounds, polytope
from riskresearch.sizing.optimise._kelly_closed_form import checked_drawdown
from riskresearch.sizing.optimise._kelly_result import KellyResult
from riskresearch.sizing.optimise._leverage import binding, with_leverage
from riskresearch.sizing.optimise._parameter_uncertainty import Drawn, simulated_chance, within_promise

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy
    from riskresearch.kernels.optimise._conic_programs import Polytope, Solution

Method = Literal["exact", "quadratic"]
Uncertainty = Literal["predictive", "shrinkage", "ignore"]
SOLVERS = {"exact": growth_weights, "quadratic": quadratic_growth_weights}
UNCERTAINTIES = ("predictive", "shrinkage", "ignore")
SMALLEST_PIVOT = 1e-7
TOTAL = (-math.inf, 1.0)
UNLIMITED = Constraints(lower=None)
BINDING_MOMENT = 1e-6


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

    weights: FloatVector
    binding: tuple[str, ...]
    reasons: npt.NDArray[np.longlong]
    simulated: float | None
    """The probability of the drawdown over paths with one unknown truth each; None where the truth is known."""


class Scenarios(NamedTuple):
    """The scenarios as given, as believed, and the factor that made one from the other."""

    given: Gamble
    believed: Gamble
    factor: float
    uncertain: bool
    rows: int

    @property
    def drawn(self) -> Drawn:
        """The scenarios about the mean that is believed in, of which the truths of paths are drawn."""
        excess = self.given.returns - self.given.returns.mean(axis=0) + self.believed.returns.mean(axis=0)
        return Drawn(excess, self.given.log_cash)


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
    probabilities: Data | None = None,
    risk_free: float | Data = 0.0,
    nan_policy: NanPolicy = "raise",
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
    probabilities : array, shape (rows,), optional
        Of the rows, if known; needs `uncertainty="ignore"`.
    risk_free : float or Series
        Rate per period of cash and of borrowing.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which a column or `risk_free` is missing; `probabilities` are of complete rows only.

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
    scenarios, assets = _scenarios(panel, uncertainty, probabilities, risk_free), asset_names(panel)
    limits = Limits(constraints, max_leverage, fraction, drawdown, drawdown_probability, drawdown_periods)
    found = _solved(scenarios, assets, method, limits)
    weights = found.weights
    logs = _log_wealth(scenarios.believed, weights)
    free = tuple(map(float, weights))
    return KellyResult(
        assets=assets,
        weights=free,
        binding=found.binding,
        unconstrained=_unconstrained(method, scenarios.believed, fraction) if found.binding else free,
        growth_rate=growth_rate(logs, scenarios.believed.probabilities),
        sample_growth_rate=growth_rate(_log_wealth(scenarios.given, weights), scenarios.given.probabilities),
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
    )


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
    found = _solved(_scenarios(panel, uncertainty, None, risk_free), asset_names(panel), method, limits)
    return found.weights, found.reasons


def _solved(scenarios: Scenarios, assets: tuple[str, ...], method: Method, limits: Limits) -> Solved:
    """Return the weights within all limits, and which of these bind."""
    check_choice(method, tuple(SOLVERS), name="method")
    limited = with_leverage(limits.constraints, assets, limits.max_leverage, total=TOTAL)
    allowed = polytope(limited, assets, total=TOTAL)
    part = _checked_fraction(limits.fraction, allowed)
    exponent = _exponent(limits.drawdown, limits.drawdown_probability)
    check_count(limits.periods, name="drawdown_periods", minimum=1)
    point = np.clip(checked_point(SOLVERS[method](scenarios.believed, allowed, exponent)), *bounds(limited, assets))
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
    return Solved(part * point, names, reasons, simulated)


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
    logs = _log_wealth(believed, point)
    return bool(point.any()) and log_ruin_moment(logs, believed.probabilities, exponent) > -BINDING_MOMENT


def _unconstrained(method: Method, believed: Gamble, part: float) -> tuple[float, ...] | None:
    """Return the weights without constraints and without a limit on drawdowns, None where growth has no bound."""
    assets = tuple(map(str, range(believed.returns.shape[1])))
    found = SOLVERS[method](believed, polytope(UNLIMITED, assets, total=UNBOUNDED), None)
    return tuple(map(float, part * found.point)) if found.solved else None


def checked_point(found: Solution) -> FloatVector:
    """Return the solver's point, or say why there is none."""
    if found.solved:
        return found.point
    if "PrimalInfeasible" in found.status:
        raise InvalidInputError("constraints must be such that some weights meet them all, but none do.")
    if "DualInfeasible" in found.status:
        raise InvalidInputError(
            "constraints must bound the weights: a gain without a loss makes growth unbounded. Give `upper` or "
            "`max_gross`."
        )
    raise RiskResearchError(f"the solver stopped without a solution: {found.status}.")


def _scenarios(panel: Panel, uncertainty: str, probabilities: Data | None, risk_free: float | Data) -> Scenarios:
    check_choice(uncertainty, UNCERTAINTIES, name="uncertainty")
    rates = cash_rates(risk_free, panel)
    known = ~(np.isnan(panel.values).any(axis=1) | np.isnan(rates))
    rows = int(known.sum())
    if rows == 0 or (rows < known.size and probabilities is not None):
        raise InvalidInputError(
            "returns and risk_free must be complete on every row with probabilities, and else on some, got "
            f"{rows} of {known.size}."
        )
    values, rates = panel.values[known], rates[known]
    chances = np.full(rows, 1.0 / rows)
    if probabilities is not None:
        if uncertainty != "ignore":
            raise InvalidInputError(
                f'uncertainty must be "ignore" with probabilities, got {uncertainty!r}: they say what is known.'
            )
        chances = row_probabilities(probabilities, panel, name="probabilities")
    possible = chances > 0.0
    excess = (values - rates[:, None]) / (1.0 + rates[:, None])
    given = Gamble(np.ascontiguousarray(excess[possible]), chances[possible], np.log1p(rates[possible]))
    if uncertainty == "ignore":
        return Scenarios(given, given, 1.0, False, rows)
    mean = given.returns.mean(axis=0)
    away = given.returns - mean
    factor = _predictive_factor(*away.shape) if uncertainty == "predictive" else _shrinkage(mean, away)
    believed = mean + factor * away if uncertainty == "predictive" else factor * mean + away
    return Scenarios(given, given._replace(returns=believed), factor, True, rows)


def _predictive_factor(rows: int, assets: int) -> float:
    """Return by how much the predictive Student-t under the diffuse prior is wider than the scenarios (divisor n)."""
    if rows <= assets + 2:
        raise InvalidInputError(
            f"returns needs more than {assets + 2} rows for {assets} columns with uncertainty='predictive', got "
            f'{rows}. Use fewer columns, or uncertainty="ignore" for outcomes that are known.'
        )
    return math.sqrt((rows + 1.0) / (rows - assets - 2.0))


def _shrinkage(mean: FloatVector, away: FloatMatrix) -> float:
    """Return 1 - assets / (n q), at least 0: Kan & Zhou's optimal multiple at the estimated q, covariance known."""
    rows, assets = away.shape
    root: Any = np.linalg.qr(away / math.sqrt(max(rows - 1, 1)), mode="r")
    pivots = np.abs(np.diag(root))
    if rows <= assets or pivots.min() <= SMALLEST_PIVOT * pivots.max():
        raise InvalidInputError(
            "returns must have a covariance that is not singular with uncertainty='shrinkage'. Leave out columns that "
            "others make up, or give more rows than columns."
        )
    standard = np.linalg.solve(root.T, mean)
    square = float(standard @ standard)
    return max(0.0, 1.0 - assets / (rows * square)) if square > 0.0 else 0.0


def cash_rates(risk_free: float | Data, panel: Panel) -> FloatVector:
    """Return the rate of each row, above -1."""
    if is_single(risk_free):
        rates = np.full(panel.values.shape[0], check_number(risk_free, name="risk_free"))
    else:
        rates = aligned_vector(risk_free, panel, name="risk_free", holds="rates", nan_policy=panel.nan_policy)
    known = rates[~np.isnan(rates)]
    if known.size == 0:
        raise InvalidInputError("risk_free must have a value on some row, got none.")
    check_rate(float(known.mean()), name="risk_free", dates=panel.labels.dates)
    if known.min() <= -1.0:
        raise InvalidInputError(f"risk_free must be above -1, got {known.min():g}.")
    return rates


def _checked_fraction(fraction: float, allowed: Polytope) -> float:
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


def _log_wealth(gamble: Gamble, weights: FloatVector) -> FloatVector:
    with np.errstate(divide="ignore", invalid="ignore"):  # a wealth of zero or less has no growth
        logs = gamble.log_cash + np.log(np.maximum(1.0 + gamble.returns @ weights, 0.0))
    return logs
