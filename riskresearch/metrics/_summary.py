"""All first-line measures of returns in one result, with the conventions they were computed by."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import aligned_vector, asset_names, compounding_panel, risk_free_vector
from riskresearch.core._checks import check_level
from riskresearch.core._labels import ArrayLabels, ColumnLabels
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, ValidatedPanel
from riskresearch.core.output._formats import percent, ratio_3
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.kernels._summary_measures import FIRST_LINE, summary_measures
from riskresearch.metrics._all_measures import MEASURES
from riskresearch.metrics._years import periods_to_compound

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatVector, NanPolicy

OWN_LABELS = {"best": "Best return", "worst": "Worst return", "positive_share": "Share of positive returns"}
"""Rows of the table that are not measures."""


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
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows = [
            (label_of(name, self.level), *map(percent if name in PERCENT else ratio_3, getattr(self, name)))
            for name in LABELS
            if getattr(self, name) is not None
        ]
        return [table(["", *self.assets], rows), self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw yearly return against volatility, one point per asset."""
        from riskresearch.plots import plot_risk_return  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        title = "Return against volatility"
        return plot_risk_return(self.volatility, self.annual_return, names=self.assets, title=title, ax=ax)

    def __repr__(self) -> str:
        against = "" if self.beta is None else " against a benchmark"
        return f"RiskSummary({len(self.assets)} asset{'s' * (len(self.assets) != 1)}{against}, level={self.level:g})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


LABELS = {
    field.name: MEASURES[field.name].label if field.name in MEASURES else OWN_LABELS[field.name]
    for field in dataclasses.fields(RiskSummary)
    if field.name in MEASURES or field.name in OWN_LABELS
}
"""The rows of the table: the fields of `RiskSummary` that are measures, in their order."""
PERCENT = frozenset(OWN_LABELS) | {name for name in LABELS if name in MEASURES and MEASURES[name].percent}


def label_of(name: str, level: float) -> str:
    """Return what a measure is called in tables, with its level if it has one."""
    with_level = name in MEASURES and "level" in MEASURES[name].takes
    return f"{LABELS[name]} ({level:.4g})" if with_level else LABELS[name]


@answers_other_names()
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
    periods = periods_to_compound(periods_per_year, panel, measure="annual_return")
    rates = risk_free_vector(risk_free, panel, periods)
    measures: dict[str, Any] = dict.fromkeys(LABELS)
    rows = panel.per_column(lambda values, free: summary_measures(values, free, confidence, periods), rates)
    measures |= {name: tuple(row) for name, row in zip(FIRST_LINE, rows.tolist(), strict=True)}
    market = None if benchmark is None else _benchmark(benchmark, panel)
    held = {"level": confidence, "risk_free": _one_series(rates), "periods_per_year": periods, "nan_policy": "omit"}
    known = _rows_with_a_rate(panel, rates)
    for measure in (MEASURES[name] for name in LABELS if name not in FIRST_LINE):
        if market is not None or not measure.benchmark:
            answer = measure.ask(known, market, measure.options(held, {}))
            measures[measure.name] = tuple(np.atleast_1d(answer).tolist())
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


def _benchmark(benchmark: Data, panel: Panel) -> ValidatedPanel:
    """Return the benchmark over the rows of `panel`."""
    return _one_series(
        aligned_vector(benchmark, panel, name="benchmark", nan_policy=panel.nan_policy, holds="compounded")
    )


def _one_series(vector: FloatVector) -> ValidatedPanel:
    """Return a checked vector as a panel of one column."""
    values = vector[:, None]
    return ValidatedPanel("", values, ArrayLabels(values.shape), bool(np.isnan(vector).any()), 1, "omit")


def _rows_with_a_rate(panel: Panel, rates: FloatVector) -> ValidatedPanel:
    """Return the returns where a risk-free rate is known: the other rows are left out of every measure."""
    unknown, values, labels = np.isnan(rates), panel.values, ColumnLabels(panel.values.shape, panel.labels.columns)
    if not unknown.any():
        return ValidatedPanel(panel.name, values, labels, panel.has_nan, panel.min_rows, "omit")
    return ValidatedPanel(panel.name, np.where(unknown[:, None], np.nan, values), labels, True, panel.min_rows, "omit")
