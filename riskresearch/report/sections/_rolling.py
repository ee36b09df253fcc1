"""Volatility and Sharpe ratio of a moving window."""

from typing import Any

from riskresearch import plots
from riskresearch.core.output._formats import percent, ratio
from riskresearch.report._blocks import Drawn, Figure, Pair
from riskresearch.report._measures import period_name
from riskresearch.report._section import HALF_POINTS, Context, ReportTables, Section, Tables, figure


def compute(context: Context) -> Tables:
    """Return both measures over time, per year."""
    return {
        "rolling_volatility": context.rolling_volatility,
        "rolling_sharpe_ratio": context.rolling_sharpe_ratio,
    }


def draw(tables: ReportTables, context: Context) -> Drawn:
    window = int(tables.rolling_volatility.iloc[:, 0].isna().sum()) + 1
    period = period_name(context.summary.periods_per_year)
    return [
        Pair(
            tuple(
                Figure(svg, caption, css="half")
                for svg, caption in (
                    (_volatility_figure(tables), f"Volatility of the last {window:,} {period}s, per year."),
                    (_sharpe_figure(tables), f"Sharpe ratio of the last {window:,} {period}s, per year."),
                )
            )
        )
    ]


def _volatility_figure(tables: ReportTables) -> str:
    latest: Any = tables.rolling_volatility.iloc[-1, 0]
    return figure(
        "rolling-volatility",
        f"Line chart of rolling volatility. Latest: {percent(latest, decimals=1)} per year.",
        lambda ax: plots.plot_rolling(tables.rolling_volatility, label="Volatility (% per year)", percent=True, ax=ax),
        width=HALF_POINTS,
        height=200.0,
    )


def _sharpe_figure(tables: ReportTables) -> str:
    latest: Any = tables.rolling_sharpe_ratio.iloc[-1, 0]
    return figure(
        "rolling-sharpe",
        f"Line chart of the rolling Sharpe ratio. Latest: {ratio(latest)} per year.",
        lambda ax: plots.plot_rolling(tables.rolling_sharpe_ratio, label="Sharpe ratio (per year)", ax=ax),
        width=HALF_POINTS,
        height=200.0,
    )


SECTION: Section = Section(
    "rolling",
    "Rolling volatility and Sharpe ratio",
    compute,
    draw,
    tables=("rolling_volatility", "rolling_sharpe_ratio"),
    follows="distribution",
)
