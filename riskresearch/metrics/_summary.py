"""All first-line measures of returns in one result, with the conventions they were computed by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import aligned_vector, asset_names, compounding_panel, risk_free_vector
from riskresearch.core._checks import check_level
from riskresearch.core._panel import Panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _relative
from riskresearch.kernels._summary_measures import FIRST_LINE, summary_measures

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatVector, NanPolicy

LABELS = {
    "annual_return": "Annual return (geometric)",
    "volatility": "Volatility (annual)",
    "sharpe_ratio": "Sharpe ratio (annual)",
    "sortino_ratio": "Sortino ratio (annual)",
    "calmar_ratio": "Calmar ratio",
    "omega_ratio": "Omega ratio (threshold 0)",
    "burke_ratio": "Burke ratio",
    "max_drawdown": "Maximum drawdown",
    "average_drawdown": "Average drawdown",
    "ulcer_index": "Ulcer index",
    "value_at_risk": "VaR, historical",
    "conditional_value_at_risk": "CVaR, historical",
    "tail_ratio": "Tail ratio",
    "skewness": "Skewness",
    "excess_kurtosis": "Excess kurtosis",
    "best": "Best return",
    "worst": "Worst return",
    "positive_share": "Share of positive returns",
    "beta": "Beta",
    "alpha": "Alpha (annual)",
    "correlation": "Correlation with benchmark",
    "tracking_error": "Tracking error (annual)",
    "information_ratio": "Information ratio (annual)",
    "up_capture": "Up capture",
    "down_capture": "Down capture",
}
PERCENT = frozenset(
    "annual_return volatility max_drawdown average_drawdown ulcer_index value_at_risk conditional_value_at_risk best "
    "worst positive_share alpha tracking_error".split()
)


def label_of(name: str, level: float) -> str:
    """Return what a measure is called in tables, with its level if it has one."""
    with_level = name in ("value_at_risk", "conditional_value_at_risk", "tail_ratio")
    return f"{LABELS[name]} ({level:.4g})" if with_level else LABELS[name]


@dataclass(frozen=True, slots=True)
class RiskSummary:
    """First-line measures, one entry per asset in each field, and the conventions behind them: see `summary`."""

    assets: tuple[str, ...]
    """Names of the columns; "returns" for an array of one column, else column numbers."""
    annual_return: tuple[float, ...]
    volatility: tuple[float, ...]
    sharpe_ratio: tuple[float, ...]
    sortino_ratio: tuple[float, ...]
    calmar_ratio: tuple[float, ...]
    omega_ratio: tuple[float, ...]
    burke_ratio: tuple[float, ...]
    max_drawdown: tuple[float, ...]
    average_drawdown: tuple[float, ...]
    ulcer_index: tuple[float, ...]
    value_at_risk: tuple[float, ...]
    conditional_value_at_risk: tuple[float, ...]
    tail_ratio: tuple[float, ...]
    skewness: tuple[float, ...]
    excess_kurtosis: tuple[float, ...]
    best: tuple[float, ...]
    worst: tuple[float, ...]
    positive_share: tuple[float, ...]
    beta: tuple[float, ...] | None
    """This and the fields to `down_capture` are None without a benchmark."""
    alpha: tuple[float, ...] | None
    correlation: tuple[float, ...] | None
    tracking_error: tuple[float, ...] | None
    information_ratio: tuple[float, ...] | None
    up_capture: tuple[float, ...] | None
    down_capture: tuple[float, ...] | None
    observations: tuple[int, ...]
    """Rows that were counted, column by column."""
    start: Any
    """Date of the first row, or None."""
    end: Any
    """Date of the last row, or None."""
    level: float
    periods_per_year: float
    risk_free: float
    """Mean rate per period."""
    nan_policy: str

    def to_frame(self) -> pd.DataFrame:
        """Return the measures as rows and the assets as columns, in fractions."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        rows = {label_of(name, self.level): getattr(self, name) for name in LABELS if getattr(self, name) is not None}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(self.assets))

    def conventions(self) -> str:
        """Return in one line how the numbers were computed."""
        span = "" if self.start is None else f"{str(self.start)[:10]} to {str(self.end)[:10]}, "
        rows = " / ".join(str(count) for count in sorted(set(self.observations)))
        return (
            f"{span}{rows} returns; {self.periods_per_year:g} periods a year; risk-free {self.risk_free:g} a period; "
            f"level {self.level:g}; VaR is the order statistic of rank ceil(level * n); deviations divide by n - 1; "
            f"missing values: {self.nan_policy}."
        )

    def summary(self) -> str:
        """Return the table and the conventions as text."""
        names = [name for name in LABELS if getattr(self, name) is not None]
        width = max(len(label_of(name, self.level)) for name in names)
        columns = [max(len(asset), 10) for asset in self.assets]
        head = " " * width + "".join(f"  {asset:>{size}}" for asset, size in zip(self.assets, columns, strict=True))
        lines = [head]
        for name in names:
            cells = zip(getattr(self, name), columns, strict=True)
            shown = "".join(f"  {value:>{size}{'.2%' if name in PERCENT else '.3f'}}" for value, size in cells)
            lines.append(f"{label_of(name, self.level):<{width}}{shown}")
        return "\n".join([*lines, self.conventions()])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw yearly return against volatility, one point per asset."""
        from riskresearch.plots import plot_risk_return  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        return plot_risk_return(self.volatility, self.annual_return, names=self.assets, ax=ax)

    def __repr__(self) -> str:
        against = "" if self.beta is None else " against a benchmark"
        return f"RiskSummary({len(self.assets)} asset{'s' * (len(self.assets) != 1)}{against}, level={self.level:g})"

    def _repr_html_(self) -> str:
        return f"{self.to_frame().to_html(float_format='{:.4f}'.format, border=0)}<p>{self.conventions()}</p>"


def summary(
    returns: Data,
    benchmark: Data | None = None,
    *,
    level: float = 0.95,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> RiskSummary:
    """Return the first-line measures of each asset, with the conventions they follow.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset, at least 2 rows.
    benchmark : Series or 1-D array, optional
        Simple returns of a benchmark on the same dates; adds beta, alpha and the like.
    level : float
        Confidence level of VaR, CVaR and tail ratio, in (0.5, 1).
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out, column by column.

    Returns
    -------
    RiskSummary
        Each number equals that of the function of its name.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> result = riskresearch.summary([0.01, -0.02, 0.03], level=0.9)
    >>> result.value_at_risk, result.observations
    ((0.02,), (3,))
    """
    confidence = check_level(level)
    panel = compounding_panel(returns, nan_policy=nan_policy, min_rows=2)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    measures: dict[str, Any] = dict.fromkeys(LABELS)
    rows = panel.per_column(lambda values, free: summary_measures(values, free, confidence, periods), rates)
    measures |= {name: tuple(row) for name, row in zip(FIRST_LINE, rows.tolist(), strict=True)}
    if benchmark is not None:
        market = aligned_vector(benchmark, panel, name="benchmark", nan_policy=nan_policy, holds="compounded")
        market = np.where(np.isnan(rates), np.nan, market)
        measures |= _relative_measures(panel, market, rates, periods)
    dates = panel.labels.dates
    return RiskSummary(
        assets=asset_names(panel),
        **measures,
        observations=tuple(int(count) for count in (~np.isnan(panel.values + rates[:, None])).sum(axis=0)),
        start=None if dates is None else dates[0],
        end=None if dates is None else dates[-1],
        level=confidence,
        periods_per_year=periods,
        risk_free=float(rates[~np.isnan(rates)].mean()),
        nan_policy=nan_policy,
    )


def _relative_measures(panel: Panel, market: FloatVector, rates: FloatVector, periods: float) -> dict[str, Any]:
    excess: dict[str, Callable[..., FloatVector]] = {
        "beta": _relative.beta,
        "alpha": lambda x, other, free: _relative.alpha(x, other, free, periods),
    }
    plain: dict[str, Callable[..., FloatVector]] = {
        "correlation": _relative.correlation,
        "tracking_error": lambda x, other: _relative.tracking_error(x, other, periods),
        "information_ratio": lambda x, other: _relative.information_ratio(x, other, periods),
        "up_capture": lambda x, other: _relative.capture(x, other, 1, "geometric", periods),
        "down_capture": lambda x, other: _relative.capture(x, other, -1, "geometric", periods),
    }
    return _evaluate(panel, excess, market, rates) | _evaluate(panel, plain, market)


def _evaluate(panel: Panel, kernels: dict[str, Callable[..., FloatVector]], *others: FloatVector) -> dict[str, Any]:
    return {name: tuple(panel.per_column(kernel, *others).tolist()) for name, kernel in kernels.items()}
