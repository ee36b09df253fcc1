"""The square-root law of impact, fitted to the costs of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_choice, check_positive, is_single, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import NAN_POLICIES
from riskresearch.core._plausibility import check_daily_volatility, warn_user
from riskresearch.kernels.inference._bootstrap import bounds, make_plan
from riskresearch.kernels.trades._impact_fit import (
    HIGHEST_EXPONENT,
    LOWEST_EXPONENT,
    Fit,
    best_exponent,
    design_of,
    fit_power,
    resampled_power,
)
from riskresearch.metrics.inference._bootstrap import Bootstrap
from riskresearch.posttrade.impact._square_root_result import SquareRootLaw
from riskresearch.posttrade.impact._vectors import check_each, order_numbers, same_length

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector, NanPolicy

MOST_PLAUSIBLE_COST, MOST_PLAUSIBLE_PARTICIPATION = 0.5, 1.0
"""Of the median order."""


@answers_other_names(
    {"impact": "costs", "sigma": "volatility", "size": "participation", "orders": "clusters", "groups": "clusters",
     "delta": "exponent"}
)  # fmt: skip
def fit_square_root_law(
    costs: Any,
    *,
    participation: Any,
    volatility: Any,
    exponent: float | None = 0.5,
    intercept: bool = False,
    clusters: Any = None,
    confidence: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> SquareRootLaw:
    """Fit the coefficient of cost = coefficient * volatility * sqrt(participation) to orders or fills.

    Costs over volatility are regressed on the root, so that volatile assets do not outweigh the others. `coefficient`
    is what `Costs(impact=)` takes, with the same units.

    Parameters
    ----------
    costs : Series or array
        Cost of each order as a fraction of its notional, positive where it hurts: impact alone, or the slippage against
        the price at arrival.
    participation : Series or array
        Units of the order over the average volume of a bar, in fractions.
    volatility : Series or array
        Deviation of the returns of a bar, a fraction; of a day if the volume is that of a day.
    exponent : float, optional
        Exponent of the participation; None estimates it, too.
    intercept : bool
        Whether each order also pays a constant fraction, as half of the spread, which is then estimated as well.
    clusters : Series or array, optional
        What each cost belongs to, such as the id of the order of a fill, or its day: errors then allow for dependence
        within a cluster.
    confidence : float or Bootstrap, optional
        Coverage of intervals by Student's t, or a bootstrap of whole clusters, or of orders without them.
    nan_policy : {"raise", "omit"}
        Whether a missing number is an error, or its order is left out.

    Returns
    -------
    SquareRootLaw
        With fewer than 30 orders, or clusters, its verdict is "too few to say".

    Raises
    ------
    InvalidInputError
        If a number breaks its rule, the orders differ, or are too few for what is estimated.

    References
    ----------
    Almgren, Thum, Hauptmann & Li, Risk 18(7), 2005, fit 3/5. Errors: White, Econometrica 48, 1980; Liang & Zeger,
    Biometrika 73, 1986.

    Examples
    --------
    >>> import numpy as np, riskresearch as rr
    >>> participation = np.linspace(0.001, 0.1, 50)
    >>> noise = np.random.default_rng(0).normal(0.0, 0.002, 50)
    >>> costs = 0.8 * 0.02 * np.sqrt(participation) + noise
    >>> law = rr.posttrade.fit_square_root_law(costs, participation=participation, volatility=0.02)
    >>> law
    SquareRootLaw(coefficient=0.895 +- 0.059, 50 orders)
    >>> rr.accounts.Costs(impact=law.coefficient).impact == law.coefficient
    True
    """
    if exponent is not None and not LOWEST_EXPONENT <= check_positive(exponent, name="exponent") <= HIGHEST_EXPONENT:
        raise InvalidInputError(
            f"exponent must be in [{LOWEST_EXPONENT:g}, {HIGHEST_EXPONENT:g}], got {exponent!r}. None estimates it."
        )
    if not isinstance(intercept, bool):
        raise InvalidInputError(f"intercept must be True or False, got {intercept!r}.")
    check_choice(nan_policy, NAN_POLICIES, name="nan_policy")
    settings = _settings(confidence, exponent)
    given = {"costs": costs, "participation": participation, "volatility": volatility}
    read = {name: order_numbers(value, name=name, like=costs, of="costs") for name, value in given.items()}
    numbers = same_length(read)
    groups = None if clusters is None else _clusters(clusters, len(numbers["costs"]))
    omitted = 0
    known = np.isfinite(np.stack(list(numbers.values()))).all(axis=0).reshape(-1)
    if not known.all():
        omitted = _omit(numbers, known, nan_policy)
        numbers = {name: values[known] for name, values in numbers.items()}
        groups = None if groups is None else np.unique(groups[known], return_inverse=True)[1]
    _check_sizes(numbers)
    wanted = 1 + intercept + (exponent is None)
    count = len(numbers["costs"]) if groups is None else int(groups.max()) + 1
    if count <= wanted:
        what = "orders" if groups is None else "clusters"
        raise InvalidInputError(f"costs must have more than {wanted} {what} for {wanted} estimates, got {count}.")
    return _fit(numbers, exponent, intercept, groups, settings, omitted)


def _settings(confidence: float | Bootstrap | None, exponent: float | None) -> float | Bootstrap | None:
    if not isinstance(confidence, Bootstrap):
        return None if confidence is None else check_confidence(confidence)
    if confidence.resampling not in (None, "iid") or confidence.block_length is not None:
        raise InvalidInputError(
            f"resampling must be left out or 'iid', and block_length left out, for orders, got {confidence!r}: whole "
            "clusters are drawn, such as days."
        )
    if confidence.method == "bca" or exponent is None:
        raise InvalidInputError(
            f"confidence must be a number, or a Bootstrap of method 'percentile' or 'basic' with a given exponent, got "
            f"{confidence!r}."
        )
    return confidence


def _clusters(clusters: Any, rows: int) -> npt.NDArray[np.intp]:
    """Return the number of the cluster of each order, from zero on."""
    if is_single(clusters):
        raise InvalidInputError(f"clusters must have one entry an order, got {shown(clusters)}.")
    labels = [str(each) for each in clusters]
    if len(labels) != rows:
        raise InvalidInputError(f"clusters must have one entry for each of the {rows} costs, got {len(labels)}.")
    return np.unique(np.array(labels), return_inverse=True)[1]


def _omit(numbers: dict[str, FloatVector], known: npt.NDArray[np.bool_], nan_policy: str) -> int:
    missing = int((~known).sum())
    if nan_policy == "raise":
        row = int(np.flatnonzero(~known)[0])
        name = next(name for name, values in numbers.items() if np.isnan(values[row]))
        raise InvalidInputError(
            f"{name} has no number at row {row}, and {missing} orders lack one. "
            'Pass nan_policy="omit" to leave them out.'
        )
    if not known.any():
        raise InvalidInputError(
            "costs must have an order with all its numbers, got none after leaving out missing ones."
        )
    return missing


def _check_sizes(numbers: dict[str, FloatVector]) -> None:
    """Refuse sizes that cannot be, and warn of units that were probably meant otherwise."""
    remedy = " An order without a fill has no cost: leave it out."
    check_each(numbers["participation"], name="participation", rule="positive", remedy=remedy)
    check_each(numbers["volatility"], name="volatility", rule="positive")
    check_daily_volatility(float(np.median(numbers["volatility"])), of="order")
    doubts = (
        ("costs", MOST_PLAUSIBLE_COST, "a fraction of the notional: 10 basis points are 0.001"),
        ("participation", MOST_PLAUSIBLE_PARTICIPATION, "a fraction of the volume: 5 % is 0.05"),
    )
    for name, most, words in doubts:
        typical = float(np.median(np.abs(numbers[name])))
        if typical > most:
            warn_user(f"{name} of the median order is {typical:g}, and should be {words}.", topic="units", of=name)


def _fit(
    numbers: dict[str, FloatVector],
    exponent: float | None,
    intercept: bool,
    groups: npt.NDArray[np.intp] | None,
    settings: float | Bootstrap | None,
    omitted: int,
) -> SquareRootLaw:
    scaled = numbers["costs"] / numbers["volatility"]
    constant = 1.0 / numbers["volatility"] if intercept else None
    sizes = numbers["participation"]
    power = best_exponent(scaled, sizes, constant) if exponent is None else exponent
    if np.isnan(power):
        raise InvalidInputError(
            f"exponent must be given for these orders, got None: the best fit is beyond [{LOWEST_EXPONENT:g}, "
            f"{HIGHEST_EXPONENT:g}]. Orders of such sizes do not tell it; exponent=0.5 is the law."
        )
    if intercept and np.linalg.matrix_rank(design_of(sizes, constant, power)) < 2:
        raise InvalidInputError(
            "intercept must be False for these orders, got True: they are of one size and one volatility, so that a "
            "constant cost and an impact cannot be told apart."
        )
    fit = fit_power(scaled, sizes, constant, power, groups, estimated=exponent is None)
    lower, upper = np.full(3, np.nan), np.full(3, np.nan)
    seed, method, level = None, "", None
    if isinstance(settings, Bootstrap):
        seed, level = settings.seed(), settings.confidence
        kind = settings.method or "percentile"
        own = np.arange(len(scaled)) if groups is None else groups
        plan = make_plan(int(own.max()) + 1, settings.draws, "iid", 1.0, seed)
        draws = resampled_power(scaled, sizes, constant, power, own, plan)
        for place in range(draws.shape[1]):
            estimate = float(fit.estimates[place])
            lower[place], upper[place] = bounds(draws[:, place], estimate, level, kind, lambda: np.empty(0))
        method = f"bootstrap of whole {'orders' if groups is None else 'clusters'}, {settings.draws} draws, {kind}"
    elif settings is not None:
        level, method = settings, f"Student's t with {fit.freedom} degrees of freedom"
        reach = _student(level, fit)
        lower, upper = fit.estimates - reach * fit.errors, fit.estimates + reach * fit.errors
    coefficient, constant_cost, power = fit.estimates.tolist()
    errors = fit.errors.tolist()
    return SquareRootLaw(
        coefficient=coefficient,
        intercept=constant_cost,
        exponent=power,
        coefficient_error=errors[0],
        intercept_error=errors[1],
        exponent_error=errors[2],
        lower=tuple(lower.tolist()),
        upper=tuple(upper.tolist()),
        r_squared=fit.r_squared,
        orders=len(scaled),
        clusters=None if groups is None else int(groups.max()) + 1,
        omitted=omitted,
        estimated_exponent=exponent is None,
        confidence=level,
        interval=method,
        seed=seed,
        sizes=tuple(sizes.tolist()),
        scaled_costs=tuple(scaled.tolist()),
    )


def _student(level: float, fit: Fit) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415 (as dear as pandas, and needed for this alone)

    return float(stdtrit(fit.freedom, 0.5 + 0.5 * level))
