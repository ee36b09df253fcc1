"""The figures of the report, drawn from its tables."""

from collections.abc import Callable
from typing import Any

import numpy as np

from riskresearch import plots
from riskresearch.metrics import RiskSummary
from riskresearch.report._formats import percent, ratio
from riskresearch.report.sections._measures import period_name
from riskresearch.report.sections._tables import ReportTables

WIDE_POINTS = 600.0
HALF_POINTS = 370.0


def growth(tables: ReportTables) -> str:
    last = ", ".join(f"{name} {value:,.2f}" for name, value in tables.growth.iloc[-1].items())
    return _svg(
        "growth",
        f"Line chart of the growth of 1. Last values: {last}.",
        lambda ax: plots.plot_growth(tables.growth, ax=ax),
        height=270.0,
    )


def underwater(tables: ReportTables) -> str:
    worst = ", ".join(f"{name} {percent(value, decimals=1)}" for name, value in tables.drawdown.max().items())
    return _svg(
        "underwater",
        f"Line chart of the drawdown over time. Deepest: {worst}.",
        lambda ax: plots.plot_underwater(tables.drawdown, ax=ax),
        height=210.0,
    )


def distribution(tables: ReportTables, summary: RiskSummary) -> str:
    var, cvar = summary.value_at_risk[0], summary.conditional_value_at_risk[0]
    period = period_name(summary.periods_per_year)
    return _svg(
        "distribution",
        f"Histogram of returns per {period}, with VaR at {percent(-var)} and CVaR at {percent(-cvar)}.",
        lambda ax: plots.plot_distribution(
            tables.returns.iloc[:, 0],
            value_at_risk=var,
            conditional_value_at_risk=cvar,
            level=summary.level,
            period=period,
            ax=ax,
        ),
        height=240.0,
    )


def rolling_volatility(tables: ReportTables) -> str:
    latest: Any = tables.rolling_volatility.iloc[-1, 0]
    return _svg(
        "rolling-volatility",
        f"Line chart of rolling volatility. Latest: {percent(latest, decimals=1)} per year.",
        lambda ax: plots.plot_rolling(tables.rolling_volatility, label="Volatility (% per year)", percent=True, ax=ax),
        width=HALF_POINTS,
        height=200.0,
    )


def rolling_sharpe_ratio(tables: ReportTables) -> str:
    latest: Any = tables.rolling_sharpe_ratio.iloc[-1, 0]
    return _svg(
        "rolling-sharpe",
        f"Line chart of the rolling Sharpe ratio. Latest: {ratio(latest)} per year.",
        lambda ax: plots.plot_rolling(tables.rolling_sharpe_ratio, label="Sharpe ratio (per year)", ax=ax),
        width=HALF_POINTS,
        height=200.0,
    )


def contributions(tables: ReportTables) -> str:
    component = tables.contributions["conditional_value_at_risk"]
    most = component.index[0]
    return _svg(
        "contributions",
        f"Bars of {len(component)} contributions to CVaR. The largest: {most}, {percent(component.iloc[0])}.",
        lambda ax: plots.plot_bars(component, label="Contribution to CVaR (%)", percent=True, ax=ax),
        height=max(110.0, 60.0 + 15.0 * len(component)),
        fit_labels=True,
    )


def sizing_growth(tables: ReportTables) -> str:
    growth = tables.sizing.growth
    last = ", ".join(f"{name} {value:,.2f}" for name, value in growth.iloc[-1].items())
    return _svg(
        "sizing",
        f"Line chart of the growth of 1 in {growth.shape[1]} ways of sizing. Last values: {last}.",
        lambda ax: plots.plot_growth(growth, ax=ax),
        height=270.0,
    )


def breaker_growth(tables: ReportTables) -> str:
    growth = tables.breaker.growth
    last = ", ".join(f"{name} {value:,.2f}" for name, value in growth.iloc[-1].items())
    return _svg(
        "breaker",
        f"Line chart of the growth of 1 with a circuit breaker and without. Last values: {last}.",
        lambda ax: plots.plot_growth(growth, ax=ax),
        height=240.0,
    )


def correlation(tables: ReportTables) -> str:
    matrix = tables.correlation
    apart = matrix.to_numpy()[~np.eye(len(matrix), dtype=bool)]
    spread = f"from {np.nanmin(apart):.2f} to {np.nanmax(apart):.2f}" if np.isfinite(apart).any() else "undefined"
    return _svg(
        "correlation",
        f"Table of correlations between {len(matrix)} series, {spread}.",
        lambda ax: plots.plot_correlation(matrix, ax=ax),
        height=max(110.0, 70.0 + 17.0 * len(matrix)),
        fit_labels=True,
    )


def _svg(
    name: str,
    description: str,
    draw: Callable[[Any], Any],
    *,
    width: float = WIDE_POINTS,
    height: float,
    fit_labels: bool = False,
) -> str:
    with plots.plot_style():
        ax = plots.blank_axes(width=width, height=height, fit_labels=fit_labels)
        draw(ax)
        return plots.figure_to_svg(ax.figure.figure, name=name, description=description)
