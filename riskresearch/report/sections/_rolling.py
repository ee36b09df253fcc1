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
    volatility, sharpe, beta = tables.rolling_volatility, tables.rolling_sharpe_ratio, tables.rolling_beta
    latest: Any = volatility.iloc[-1, 0]
    words = f"rolling volatility. Latest: {percent(latest, decimals=1)} per year."
    picture = _picture("volatility", volatility, words, "Volatility (% per year)", is_percent=True)
    figures = [Figure(picture, f"Volatility of {last}, per year.", css="half")]
    if sharpe.iloc[:, 0].notna().any():  # returns that never vary have none
        latest = sharpe.iloc[-1, 0]
        words = f"the rolling Sharpe ratio. Latest: {ratio(latest)} per year."
        picture = _picture("sharpe", sharpe, words, "Sharpe ratio (per year)")
        figures.append(Figure(picture, f"Sharpe ratio of {last}, per year.", css="half"))
    if not beta.empty:
        latest = beta.iloc[-1, 0]
        picture = _picture("beta", beta, f"rolling beta. Latest: {ratio(latest)}.", "Beta")
        figures.append(Figure(picture, f"Beta to {tables.returns.columns[1]} over {last}.", css="half"))
    return [Pair(tuple(figures))]


def _picture(name: str, frame: pd.DataFrame, words: str, label: str, *, is_percent: bool = False) -> str:
    return figure(
        f"rolling-{name}",
        f"Line chart of {words}",
        lambda ax: plots.plot_rolling(frame, label=label, percent=is_percent, ax=ax),
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
