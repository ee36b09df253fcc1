"""Value at risk and conditional value at risk."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._checks import check_choice, check_level
from riskresearch.core._errors import ConventionWarning, InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.kernels import _ratios

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn

TailMethod = Literal["historical", "normal", "student_t", "cornish_fisher"]
MIN_ROWS = {"historical": 1, "normal": 2, "student_t": 4, "cornish_fisher": 4}
QUANTILES = (
    "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull",
    "linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest",
)  # fmt: skip


def value_at_risk(
    returns: Data,
    *,
    level: float = 0.95,
    method: TailMethod = "historical",
    quantile: str = "inverted_cdf",
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
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        A loss per period, positive is worse, as a fraction of value; negative if even that quantile is a gain.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    McNeil, Frey & Embrechts, Quantitative Risk Management, 2015, section 2.3. Cornish-Fisher: Zangari, 1996.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8)
    0.01
    """
    check_choice(quantile, QUANTILES, name="quantile")
    if quantile != "inverted_cdf" and method != "historical":
        raise InvalidInputError(f'quantile must be left out with method={method!r}: it is for method="historical".')
    panel, level = _tail_panel(returns, level=level, method=method, nan_policy=nan_policy)
    if method == "historical":
        return panel.reduce(lambda values: _ratios.loss_quantile(values, level, quantile))
    return panel.reduce(_fitted_tail(panel, level, method, part=0))


def conditional_value_at_risk(
    returns: Data, *, level: float = 0.95, method: TailMethod = "historical", nan_policy: NanPolicy = "raise"
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
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        A loss per period, positive is worse, as a fraction of value; at least `value_at_risk` of the same arguments.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a fitted Student-t has no mean.

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
    panel, level = _tail_panel(returns, level=level, method=method, nan_policy=nan_policy)
    if method == "historical":
        return panel.reduce(lambda values: _ratios.historical_tail(values, level)[1])
    result = panel.per_column(_fitted_tail(panel, level, method, part=1))
    if np.isinf(result).any():
        column = panel.labels.column_name(int(np.isinf(result).argmax()))
        raise InvalidInputError(
            f"returns must have a mean for a Student-t CVaR, but the fit to column {column} has 1 degree of freedom or "
            'less, so its CVaR is infinite. Use method="historical".'
        )
    return panel.labels.per_column(result)


def _tail_panel(data: Data, *, level: float, method: str, nan_policy: NanPolicy) -> tuple[Panel, float]:
    confidence = check_level(level)
    check_choice(method, tuple(MIN_ROWS), name="method")
    return as_panel(data, nan_policy=nan_policy, min_rows=MIN_ROWS[method]), confidence


def _fitted_tail(panel: Panel, level: float, method: str, *, part: int) -> Callable[[FloatMatrix], FloatVector]:
    from riskresearch.kernels import _parametric_tail  # noqa: PLC0415 (SciPy, which the historical method spares)

    if method == "cornish_fisher":
        _warn_if_no_distribution(panel, _parametric_tail)
    tail: Callable[[FloatMatrix, float], tuple[FloatVector, ...]] = getattr(_parametric_tail, f"{method}_tail")
    return lambda values: tail(values, level)[part]


def _warn_if_no_distribution(panel: Panel, kernel: Any) -> None:
    fine = panel.per_column(kernel.cornish_fisher_rises)
    if not fine.all():
        column = panel.labels.column_name(int(fine.argmin()))
        warnings.warn(
            f"skewness and kurtosis of column {column} are too large for the Cornish-Fisher expansion: its quantiles "
            'do not rise with the level everywhere. Compare with method="historical" or "student_t".',
            ConventionWarning,
            stacklevel=4,
        )
