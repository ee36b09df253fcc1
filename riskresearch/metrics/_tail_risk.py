"""Value at risk and conditional value at risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._checks import check_choice, check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import warn_user
from riskresearch.kernels import _quantiles
from riskresearch.metrics._measure import Measure
from riskresearch.metrics._student_t_fit import refuse_without_fit
from riskresearch.metrics._tail_result import TailRisk
from riskresearch.metrics._tail_rows import OTHER_NAMES, HorizonMethod, TailRows, tail_rows
from riskresearch.metrics.inference._estimand import Analytic
from riskresearch.metrics.inference._estimate import estimate, normal_bounds

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import AnalyticInterval, Bootstrap
    from riskresearch.metrics.inference._dependence import Kind

TailMethod = Literal["historical", "normal", "student_t", "cornish_fisher"]
NO_INTERVAL = "`value_at_risk` and `conditional_value_at_risk` have it."
MIN_ROWS = {"historical": 1, "normal": 2, "student_t": 4, "cornish_fisher": 4}
QUANTILES = (
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull",
    "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest",
)  # fmt: skip


@answers_other_names(OTHER_NAMES, second="level")
def value_at_risk(
    returns: Data,
    *,
    level: float = 0.95,
    method: TailMethod = "historical",
    quantile: str = "inverted_cdf",
    horizon: int = 1,
    horizon_method: HorizonMethod = "overlapping",
    weights: Mapping[str, float] | Data | None = None,
    interval: float | Bootstrap | AnalyticInterval | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the loss that is not exceeded with probability `level`.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        Confidence level in (0.5, 1).
    method : {"historical", "normal", "student_t", "cornish_fisher"}
        "historical" is the order statistic; "normal" takes mean and (n - 1) deviation, "cornish_fisher" population
        moments, "student_t" location, scale and degrees of freedom of maximum likelihood.
    quantile : str
        With method "historical", one of NumPy's quantile definitions, applied to the losses at `level`; the default
        is the order statistic of rank ceil(level * n), as in the definition of VaR. "higher" and its like can exceed
        CVaR in samples of a few rows.
    horizon : int
        Rows that the loss is over, 10 for ten days of daily rows; with 1 the other argument has no effect.
    horizon_method : {"overlapping", "nonoverlapping", "sqrt"}
        Compound the rows of every window of `horizon` rows, or of windows that share none and end at the last row
        (the first rows are left over); "sqrt" multiplies the measure of single rows by sqrt(horizon), which holds for
        independent normal returns of mean zero that are added.
    weights : mapping, Series or array, shape (assets,), optional
        Measure the portfolio that is rebalanced to these fractions of net asset value on each row, over the rows on
        which every asset has a value; what they leave to 1 is cash that earns nothing. A column that a mapping or
        Series does not name leaves the portfolio, with a warning.
    interval : float, Bootstrap or AnalyticInterval, optional
        Return an `Interval` of this confidence instead, by the filtered bootstrap; `AnalyticInterval` takes the order
        statistics of independent rows for "historical" unless windows overlap. A horizon is drawn row by row.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        A loss per period, positive is worse, as a fraction of value; negative if even that quantile is a gain. With
        weights one float.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or no Student-t has the greatest likelihood.

    References
    ----------
    McNeil, Frey & Embrechts, Quantitative Risk Management, 2015, section 2.3. Cornish-Fisher: Zangari, 1996.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8)
    0.01
    >>> round(riskresearch.value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], horizon=2), 6)
    0.0203
    """
    check_choice(quantile, QUANTILES, name="quantile")
    if quantile != "inverted_cdf" and method != "historical":
        raise InvalidInputError(f'quantile must be left out with method={method!r}: it is for method="historical".')
    level = check_level(level)
    rows = _tail_rows(
        returns, method, horizon=horizon, horizon_method=horizon_method, weights=weights, nan_policy=nan_policy
    )
    if method == "historical":
        kernel = rows.over_horizon(lambda values: _quantiles.loss_quantile(values, level, quantile))
        exact = None if rows.compounds and horizon_method == "overlapping" else rows.analytic(_order_statistics(level))
    else:
        both, exact = _tail_kernel(rows, level, method), None
        kernel = rows.over_horizon(lambda values: both(values)[0])
    rows.warn_beyond_everything(kernel, "value_at_risk")
    if method == "student_t":
        result = rows.panel.per_column(kernel)
        refuse_without_fit(result, rows.panel)
        if interval is None:
            return rows.panel.labels.per_column(result)
    return _estimated(rows, kernel, "value_at_risk", method, level, interval, exact)


@answers_other_names(OTHER_NAMES, second="level")
def conditional_value_at_risk(
    returns: Data,
    *,
    level: float = 0.95,
    method: TailMethod = "historical",
    horizon: int = 1,
    horizon_method: HorizonMethod = "overlapping",
    weights: Mapping[str, float] | Data | None = None,
    interval: float | Bootstrap | AnalyticInterval | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the mean loss of the worst `1 - level` of outcomes, also called expected shortfall.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        Confidence level in (0.5, 1).
    method : {"historical", "normal", "student_t", "cornish_fisher"}
        "historical" averages the worst returns, the boundary one with the fraction of weight that is left, and is
        coherent; "cornish_fisher" is Boudt's modified CVaR, never below the modified VaR.
    horizon : int
        Rows that the loss is over, 10 for ten days of daily rows.
    horizon_method : {"overlapping", "nonoverlapping", "sqrt"}
        As for `value_at_risk`.
    weights : mapping, Series or array, shape (assets,), optional
        Measure the portfolio of these fractions of net asset value, as for `value_at_risk`.
    interval : float, Bootstrap or AnalyticInterval, optional
        Return an `Interval` of this confidence instead, by the filtered bootstrap; `AnalyticInterval` takes the normal
        approximation of independent rows for "historical" and single rows. A horizon is drawn row by row.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        A loss per period, positive is worse, as a fraction of value; at least `value_at_risk` of the same arguments.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a fitted Student-t has no mean or there is no fit.

    References
    ----------
    Rockafellar & Uryasev, J. Banking & Finance 26, 2002; Acerbi & Tasche, same issue; Boudt, Peterson & Croux,
    J. Risk 11, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.conditional_value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8)
    0.03
    """
    level = check_level(level)
    rows = _tail_rows(
        returns, method, horizon=horizon, horizon_method=horizon_method, weights=weights, nan_policy=nan_policy
    )
    kernel = rows.over_horizon(_tail_kernel(rows, level, method))
    result = rows.panel.per_column(kernel)[1]
    _refuse_infinite(result, rows)

    def shortfall(values: FloatMatrix) -> FloatVector:
        losses: FloatVector = kernel(values)[1]
        return losses

    rows.warn_beyond_everything(shortfall, "conditional_value_at_risk")
    if interval is None:
        return rows.panel.labels.per_column(result)
    asymptotic = None
    if method == "historical" and not rows.compounds:
        asymptotic = rows.analytic(_asymptotic_shortfall(level))
    return _estimated(rows, shortfall, "conditional_value_at_risk", method, level, interval, asymptotic)


@answers_other_names({**OTHER_NAMES, "interval": NO_INTERVAL}, second="level")
def tail_risk(
    returns: Data,
    *,
    level: float = 0.95,
    method: TailMethod = "historical",
    horizon: int = 1,
    horizon_method: HorizonMethod = "overlapping",
    weights: Mapping[str, float] | Data | None = None,
    nan_policy: NanPolicy = "raise",
) -> TailRisk:
    """Return VaR and CVaR together, for the work of one.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        Confidence level in (0.5, 1).
    method : {"historical", "normal", "student_t", "cornish_fisher"}
        As for `value_at_risk`.
    horizon : int
        Rows that the loss is over, 10 for ten days of daily rows.
    horizon_method : {"overlapping", "nonoverlapping", "sqrt"}
        As for `value_at_risk`.
    weights : mapping, Series or array, shape (assets,), optional
        Measure the portfolio of these fractions of net asset value, as for `value_at_risk`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    TailRisk
        Each field equals the function of its name to the last bit.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a fitted Student-t has no mean or there is no fit.

    Examples
    --------
    >>> import riskresearch
    >>> pair = riskresearch.metrics.tail_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8)
    >>> pair.value_at_risk, pair.conditional_value_at_risk
    (0.01, 0.03)
    """
    level = check_level(level)
    rows = _tail_rows(
        returns, method, horizon=horizon, horizon_method=horizon_method, weights=weights, nan_policy=nan_policy
    )
    kernel = rows.over_horizon(_tail_kernel(rows, level, method))
    both = rows.panel.per_column(kernel)
    _refuse_infinite(both[1], rows)
    rows.warn_beyond_everything(lambda values: kernel(values)[1], "conditional_value_at_risk")
    return TailRisk(
        value_at_risk=rows.panel.labels.per_column(both[0]),
        conditional_value_at_risk=rows.panel.labels.per_column(both[1]),
        level=level,
        method=method,
        horizon=rows.horizon,
        horizon_method=rows.method,
        weights=rows.weights,
        observations=rows.observations(),
    )


def _estimated(
    rows: TailRows,
    kernel: Callable[[FloatMatrix], FloatVector],
    measure: str,
    method: str,
    level: float,
    interval: float | Bootstrap | AnalyticInterval | None,
    analytic: Analytic | None,
) -> PerColumn:
    """Return the measure over its horizon, or its interval."""
    kind = _kind(method)
    found = estimate(
        rows.panel,
        kernel,
        measure=measure,
        kind=kind,
        interval=interval,
        analytic=analytic,
        at_rest=rows.at_rest,
    )
    return rows.with_method(found, f"{method}, level {level:g}")


def _kind(method: str) -> Kind:
    return "moment" if method == "cornish_fisher" else "loss"


def _order_statistics(level: float) -> Analytic:
    def bounds(confidence: float, _: FloatVector, values: FloatMatrix) -> tuple[FloatVector, FloatVector, FloatVector]:
        from riskresearch.kernels.inference import _tail_errors  # noqa: PLC0415 (only for intervals)

        lower, upper = _tail_errors.order_statistic_bounds(values, level, confidence)
        return lower, upper, _tail_errors.quantile_error(values, level)

    return Analytic("exact order statistics of independent rows, standard error with Hall-Sheather bandwidth", bounds)


def _asymptotic_shortfall(level: float) -> Analytic:
    def bounds(
        confidence: float, estimates: FloatVector, values: FloatMatrix
    ) -> tuple[FloatVector, FloatVector, FloatVector]:
        from riskresearch.kernels.inference._tail_errors import shortfall_error  # noqa: PLC0415 (only for intervals)

        return normal_bounds(confidence, estimates, shortfall_error(values, level))

    return Analytic("normal approximation, standard error of Manistre & Hancock (2005), independent rows", bounds)


def _tail_rows(
    returns: Data,
    method: TailMethod,
    *,
    horizon: int,
    horizon_method: HorizonMethod,
    weights: Mapping[str, float] | Data | None,
    nan_policy: NanPolicy,
) -> TailRows:
    check_choice(method, tuple(MIN_ROWS), name="method")
    return tail_rows(
        returns,
        horizon=horizon,
        horizon_method=horizon_method,
        weights=weights,
        min_observations=MIN_ROWS[method],
        nan_policy=nan_policy,
    )


def _tail_kernel(rows: TailRows, level: float, method: str) -> Callable[[FloatMatrix], FloatMatrix]:
    """Return what gives VaR and CVaR as two rows, shape (2, columns)."""
    if method == "historical":
        return lambda values: np.stack(_quantiles.historical_tail(values, level))
    from riskresearch.kernels.distributions import _parametric_tail  # noqa: PLC0415 (SciPy, which the historical method spares)

    if method == "cornish_fisher":
        _warn_if_no_distribution(rows, _parametric_tail)
    tail: Callable[[FloatMatrix, float], tuple[FloatVector, ...]] = getattr(_parametric_tail, f"{method}_tail")
    return lambda values: np.stack(tail(values, level)[:2])


def _refuse_infinite(conditional: FloatVector, rows: TailRows) -> None:
    refuse_without_fit(conditional, rows.panel)
    if np.isinf(conditional).any():
        column = rows.panel.labels.column_name(int(np.isinf(conditional).argmax()))
        raise InvalidInputError(
            f"returns must have a mean for a Student-t CVaR, but the fit to column {column} has 1 degree of freedom or "
            'less, so its CVaR is infinite. Use method="historical".'
        )


def _warn_if_no_distribution(rows: TailRows, kernel: Any) -> None:
    fine = rows.panel.per_column(lambda values: kernel.cornish_fisher_rises(rows.windows(values)))
    if not fine.all():
        column = rows.panel.labels.column_name(int(fine.argmin()))
        warn_user(
            f"skewness and kurtosis of column {column} are too large for the Cornish-Fisher expansion: its quantiles "
            'do not rise with the level everywhere. Compare with method="historical" or "student_t".'
        )


MEASURES = (
    Measure(value_at_risk, label="VaR, historical", percent=True, takes=("level",)),
    Measure(conditional_value_at_risk, label="CVaR, historical", percent=True, takes=("level",)),
    Measure(tail_risk, takes=("level",), answer="record"),
)
