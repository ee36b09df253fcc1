"""Volatility, Sharpe ratio and beta of a moving window."""

from typing import Any

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core.output._formats import percent, ratio
from riskresearch.report._blocks import Drawn, Figure, Inapplicable, Pair
from riskresearch.report._intervals import MIN_RETURNS
from riskresearch.report._measures import period_name
from riskresearch.report._section import HALF_POINTS, Context, ReportTables, Section, Tables, figure

HEIGHT_POINTS = 180.0


def compute(context: Context) -> Tables:
    """Return the measures over time, volatility and Sharpe ratio per year; beta only beside a benchmark."""
    return {
        "rolling_volatility": context.rolling_volatility,
        "rolling_sharpe_ratio": context.rolling_sharpe_ratio,
        "rolling_beta": _beta(context),
    }


def _beta(context: Context) -> pd.DataFrame:
    benchmark = context.inputs.benchmark
    if benchmark is None or benchmark.nunique() < 2:
        return pd.DataFrame()
    found: Any = metrics.rolling(
        context.inputs.portfolio, "beta", window=context.settings.window, benchmark=benchmark,
        risk_free=context.settings.risk_free,
    )  # fmt: skip
    frame: pd.DataFrame = found.to_frame()
    return frame


def draw(tables: ReportTables, context: Context) -> Drawn:
    if len(tables.returns) < MIN_RETURNS:
        return Inapplicable(f"fewer than {MIN_RETURNS} returns")
    last = f"the last {context.settings.window:,} {period_name(context.summary.periods_per_year)}s"
    figures = [
        Figure(_volatility_figure(tables), f"Volatility of {last}, per year.", css="half"),
    ]
    if tables.rolling_sharpe_ratio.iloc[:, 0].notna().any():  # returns that never vary have none
        figures.append(Figure(_sharpe_figure(tables), f"Sharpe ratio of {last}, per year.", css="half"))
    if not tables.rolling_beta.empty:
        name = tables.returns.columns[1]
        figures.append(Figure(_beta_figure(tables), f"Beta to {name} over {last}.", css="half"))
    return [Pair(tuple(figures))]


def _volatility_figure(tables: ReportTables) -> str:
    latest: Any = tables.rolling_volatility.iloc[-1, 0]
    return figure(
        "rolling-volatility",
        f"Line chart of rolling volatility. Latest: {percent(latest, decimals=1)} per year.",
        lambda ax: plots.plot_rolling(tables.rolling_volatility, label="Volatility (% per year)", percent=True, ax=ax),
        width=HALF_POINTS,
        height=HEIGHT_POINTS,
    )


def _sharpe_figure(tables: ReportTables) -> str:
    latest: Any = tables.rolling_sharpe_ratio.iloc[-1, 0]
    return figure(
        "rolling-sharpe",
        f"Line chart of the rolling Sharpe ratio. Latest: {ratio(latest)} per year.",
        lambda ax: plots.plot_rolling(tables.rolling_sharpe_ratio, label="Sharpe ratio (per year)", ax=ax),
        width=HALF_POINTS,
        height=HEIGHT_POINTS,
    )


def _beta_figure(tables: ReportTables) -> str:
    latest: Any = tables.rolling_beta.iloc[-1, 0]
    return figure(
        "rolling-beta",
        f"Line chart of rolling beta. Latest: {ratio(latest)}.",
        lambda ax: plots.plot_rolling(tables.rolling_beta, label="Beta", ax=ax),
        width=HALF_POINTS,
        height=HEIGHT_POINTS,
    )


SECTION: Section = Section(
    "rolling",
    "Rolling measures",
    compute,
    draw,
    tables=("rolling_volatility", "rolling_sharpe_ratio", "rolling_beta"),
    follows="exceedances",
)
