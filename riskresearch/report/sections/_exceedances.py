"""Rolling VaR against the next return, with the exceedances marked and counted."""

import math
from typing import Any

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core.output._formats import count, number, percent, percent_of
from riskresearch.report._blocks import Drawn, Figure, Inapplicable, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure

LEVELS = (0.95, 0.99)
MIN_COMPARED = 30
"""Fewer returns after the first window are not counted."""
MIN_TAIL = 2.0
"""Rows of a window beyond its VaR, on average."""
ROUNDING = 1e-9


def compute(context: Context) -> Tables:
    """Return the exceedances at 95 and 99 % and at the level of the report, a row each, and VaR and CVaR over time."""
    settings = context.settings
    rows, drawn = {}, pd.DataFrame()
    for level in sorted({*LEVELS, settings.level}):
        window = window_of(settings.window, level)
        if len(context.inputs.portfolio) - window < MIN_COMPARED:
            continue
        found = _found(context, level, window)
        rows[level] = {
            "window": window,
            "count": found.count,
            "observations": found.observations,
            "expected": found.expected,
            "share": found.share,
            "lower": found.interval[0],
            "upper": found.interval[1],
        }
        if level == settings.level:
            columns: Any = {
                "returns": found.returns,
                "value_at_risk": found.value_at_risk,
                "conditional_value_at_risk": found.conditional_value_at_risk,
            }
            drawn = pd.DataFrame(columns)
    return {"exceedances": pd.DataFrame.from_dict(rows, orient="index").rename_axis("level"), "rolling_tail": drawn}


def window_of(asked: int, level: float) -> int:
    """Return the window of the report, or as many rows as put `MIN_TAIL` of them beyond the VaR.

    The largest loss of twelve months is exceeded in one month of thirteen, whatever the level is called.
    """
    return max(asked, math.ceil(MIN_TAIL / (1.0 - level) - ROUNDING))


def _found(context: Context, level: float, window: int) -> metrics.Exceedances:
    portfolio = context.inputs.portfolio
    tail = metrics.rolling_tail_risk(portfolio, window=window, level=level)
    return metrics.exceedances(portfolio, tail, interval=context.settings.confidence)


def draw(tables: ReportTables, context: Context) -> Drawn:
    frame = tables.exceedances
    period = period_name(context.summary.periods_per_year)
    if context.settings.level not in frame.index:
        window = count(window_of(context.settings.window, context.settings.level))
        return Inapplicable(f"fewer than {MIN_COMPARED} returns follow the first window of {window} {period}s")
    rows = [
        (
            f"VaR {percent_of(float(level))}",
            f"{count(row['window'])} {period}s",
            count(row["observations"]),
            count(row["count"]),
            number(row["expected"], decimals=1),
            percent(row["share"]),
            f"{percent(row['lower'])} to {percent(row['upper'])}",
            "inside" if row["lower"] <= 1.0 - float(level) <= row["upper"] else "outside",
        )
        for level, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    confidence = percent_of(context.settings.confidence)
    table = Table(
        [
            "Level",
            "Window",
            "Returns",
            "Exceedances",
            "Expected",
            "Share",
            f"{confidence} interval",
            "Expected share is",
        ],
        rows,
        caption="Losses larger than the VaR known before them. Exact binomial interval, for independent exceedances: "
        "where they come in clusters, it is too short",
    )
    return [Figure(_figure(tables, context), _caption(tables, context)), table]


def _caption(tables: ReportTables, context: Context) -> str:
    level, period = percent_of(context.settings.level), period_name(context.summary.periods_per_year)
    found = tables.exceedances.loc[context.settings.level]
    return (
        f"Returns of {tables.returns.columns[0]}, and historical VaR and CVaR {level} of the {count(found['window'])} "
        f"{period}s before each. Marked: the {count(found['count'])} losses larger than that VaR; "
        f"{number(found['expected'], decimals=1)} were to be expected."
    )


def _figure(tables: ReportTables, context: Context) -> str:
    found = tables.exceedances.loc[context.settings.level]
    shown = tables.rolling_tail
    return figure(
        "exceedances",
        f"Line chart of returns, rolling VaR and CVaR, with {count(found['count'])} exceedances marked.",
        lambda ax: plots.plot_exceedances(
            shown["returns"],
            value_at_risk=shown["value_at_risk"],
            conditional_value_at_risk=shown["conditional_value_at_risk"],
            level=context.settings.level,
            ax=ax,
        ),
        height=190.0,
    )


SECTION: Section = Section(
    "exceedances",
    "Rolling VaR",
    compute,
    draw,
    tables=("exceedances", "rolling_tail"),
    follows="distribution",
    references=("Clopper and Pearson 1934 (exact binomial interval)",),
)
