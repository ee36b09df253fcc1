"""Value at risk and conditional value at risk."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._checks import check_choice, check_level
from riskresearch.core._errors import ConventionWarning, InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.kernels import _ratios
from riskresearch.metrics._estimate import Analytic, estimate, normal_bounds

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn
    from riskresearch.metrics._bootstrap import AnalyticInterval, Bootstrap
    from riskresearch.metrics._dependence import Kind

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
    confidence: float | Bootstrap | AnalyticInterval | None = None,
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
    confidence : float, Bootstrap or AnalyticInterval, optional
        Return an `Interval` of this confidence instead, by the filtered bootstrap; `AnalyticInterval` takes the order
        statistics of independent rows for "historical".
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
        return estimate(
            panel,
            lambda values: _ratios.loss_quantile(values, level, quantile),
            measure="value_at_risk",
            kind="loss",
            confidence=confidence,
            analytic=_order_statistics(level),
        )
    kernel = _tail_kernel(panel, level, method)
    return estimate(
        panel, lambda values: kernel(values)[0], measure="value_at_risk", kind=_kind(method), confidence=confidence
    )


def conditional_value_at_risk(
    returns: Data,
    *,
    level: float = 0.95,
    method: TailMethod = "historical",
    confidence: float | Bootstrap | AnalyticInterval | None = None,
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
    confidence : float, Bootstrap or AnalyticInterval, optional
        Return an `Interval` of this confidence instead, by the filtered bootstrap; `AnalyticInterval` takes the normal
        approximation of independent rows for "historical".
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
    kernel = _tail_kernel(panel, level, method)
    result = panel.per_column(kernel)[1]
    _refuse_infinite(result, panel)
    if confidence is None:
        return panel.labels.per_column(result)
    analytic = _asymptotic_shortfall(level) if method == "historical" else None
    return estimate(
        panel,
        lambda values: kernel(values)[1],
        measure="conditional_value_at_risk",
        kind=_kind(method),
        confidence=confidence,
        analytic=analytic,
    )


@dataclass(frozen=True, slots=True)
class TailRisk:
    """VaR and CVaR of the same returns, from one pass: `tail_risk` makes it."""

    value_at_risk: PerColumn
    """As `value_at_risk` gives it."""
    conditional_value_at_risk: PerColumn
    """As `conditional_value_at_risk` gives it."""
    level: float
    method: str

    def to_frame(self) -> pd.DataFrame:
        """Return one row per asset, with both measures as columns."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        pair = {"value_at_risk": self.value_at_risk, "conditional_value_at_risk": self.conditional_value_at_risk}
        if hasattr(self.value_at_risk, "to_dicts"):
            pair = {name: pd.Series(row.to_dicts()[0]) for name, row in pair.items()}
        return pd.DataFrame({name: column if np.ndim(column) else [column] for name, column in pair.items()})

    def summary(self) -> str:
        """Return the table and its conventions as text."""
        return f"{self.to_frame().to_string(float_format='{:.4f}'.format)}\nlevel {self.level:g}, {self.method}; losses"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw CVaR as bars, one per asset."""
        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        shortfall = self.to_frame()["conditional_value_at_risk"]
        return plot_bars(shortfall, label=f"CVaR, level {self.level:g} (%)", percent=True, ax=ax)

    def __repr__(self) -> str:
        return f"TailRisk({np.size(self.to_frame()) // 2} assets, level={self.level:g}, method={self.method!r})"

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(float_format="{:.4f}".format, border=0)


def tail_risk(
    returns: Data, *, level: float = 0.95, method: TailMethod = "historical", nan_policy: NanPolicy = "raise"
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
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    TailRisk
        Each field equals the function of its name to the last bit.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a fitted Student-t has no mean.

    Examples
    --------
    >>> import riskresearch
    >>> pair = riskresearch.metrics.tail_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8)
    >>> pair.value_at_risk, pair.conditional_value_at_risk
    (0.01, 0.03)
    """
    panel, level = _tail_panel(returns, level=level, method=method, nan_policy=nan_policy)
    both = panel.per_column(_tail_kernel(panel, level, method))
    _refuse_infinite(both[1], panel)
    return TailRisk(panel.labels.per_column(both[0]), panel.labels.per_column(both[1]), level, method)


def _kind(method: str) -> Kind:
    return "moment" if method == "cornish_fisher" else "loss"


def _order_statistics(level: float) -> Analytic:
    def bounds(confidence: float, _: FloatVector, values: FloatMatrix) -> tuple[FloatVector, FloatVector, FloatVector]:
        from riskresearch.kernels import _tail_errors  # noqa: PLC0415 (only for intervals)

        lower, upper = _tail_errors.order_statistic_bounds(values, level, confidence)
        return lower, upper, _tail_errors.quantile_error(values, level)

    return Analytic("exact order statistics of independent rows, standard error with Hall-Sheather bandwidth", bounds)


def _asymptotic_shortfall(level: float) -> Analytic:
    def bounds(
        confidence: float, estimates: FloatVector, values: FloatMatrix
    ) -> tuple[FloatVector, FloatVector, FloatVector]:
        from riskresearch.kernels._tail_errors import shortfall_error  # noqa: PLC0415 (only for intervals)

        return normal_bounds(confidence, estimates, shortfall_error(values, level))

    return Analytic("normal approximation, standard error of Manistre & Hancock (2005), independent rows", bounds)


def _tail_panel(data: Data, *, level: float, method: str, nan_policy: NanPolicy) -> tuple[Panel, float]:
    confidence = check_level(level)
    check_choice(method, tuple(MIN_ROWS), name="method")
    return as_panel(data, nan_policy=nan_policy, min_rows=MIN_ROWS[method]), confidence


def _tail_kernel(panel: Panel, level: float, method: str) -> Callable[[FloatMatrix], FloatMatrix]:
    """Return what gives VaR and CVaR as two rows, shape (2, columns)."""
    if method == "historical":
        return lambda values: np.stack(_ratios.historical_tail(values, level))
    from riskresearch.kernels import _parametric_tail  # noqa: PLC0415 (SciPy, which the historical method spares)

    if method == "cornish_fisher":
        _warn_if_no_distribution(panel, _parametric_tail)
    tail: Callable[[FloatMatrix, float], tuple[FloatVector, ...]] = getattr(_parametric_tail, f"{method}_tail")
    return lambda values: np.stack(tail(values, level)[:2])


def _refuse_infinite(conditional: FloatVector, panel: Panel) -> None:
    if np.isinf(conditional).any():
        column = panel.labels.column_name(int(np.isinf(conditional).argmax()))
        raise InvalidInputError(
            f"returns must have a mean for a Student-t CVaR, but the fit to column {column} has 1 degree of freedom or "
            'less, so its CVaR is infinite. Use method="historical".'
        )


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
