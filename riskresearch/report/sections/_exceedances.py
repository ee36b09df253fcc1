"""Rolling VaR against the next return, with the exceedances marked and counted."""

import math
from typing import Any

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core.output._formats import MISSING, count, number, percent, percent_of
from riskresearch.report._blocks import Drawn, Figure, Inapplicable, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure

LEVELS = (0.95, 0.99)
MIN_COMPARED = 30
"""Fewer returns after the first window are not counted."""


def compute(context: Context) -> Tables:
    """Return the exceedances at 95 and 99 % and at the level of the report, a row each, and VaR and CVaR over time."""
    portfolio, settings = context.inputs.portfolio, context.settings
    if len(portfolio) - settings.window < MIN_COMPARED:
        return {"exceedances": pd.DataFrame(), "rolling_tail": pd.DataFrame()}
    rows, drawn = {}, pd.DataFrame()
    for level in sorted({*LEVELS, settings.level}):
        found = _found(context, level)
        rows[level] = {
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


def _found(context: Context, level: float) -> metrics.Exceedances:
    portfolio = context.inputs.portfolio
    tail = metrics.rolling_tail_risk(portfolio, window=context.settings.window, level=level)
    return metrics.exceedances(portfolio, tail, interval=context.settings.confidence)


def draw(tables: ReportTables, context: Context) -> Drawn:
    frame = tables.exceedances
    period = period_name(context.summary.periods_per_year)
    if frame.empty:
        return Inapplicable(
            f"fewer than {MIN_COMPARED} returns follow the first window of {count(context.settings.window)} {period}s"
        )
    rows = [
        (
            f"VaR {percent_of(float(level))}",
            count(row["count"]),
            number(row["expected"], decimals=1),
            percent(row["share"]),
            f"{percent(row['lower'])} to {percent(row['upper'])}",
            MISSING
            if context.settings.window < _least_window(float(level))
            else "inside"
            if row["lower"] <= 1.0 - float(level) <= row["upper"]
            else "outside",
        )
        for level, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    confidence = percent_of(context.settings.confidence)
    table = Table(
        ["Level", "Exceedances", "Expected", "Share", f"{confidence} interval", "Expected share is"],
        rows,
        caption=f"Losses larger than the VaR known before them, in {count(frame['observations'].iloc[0])} {period}s. "
        "Exact binomial interval, for independent exceedances: where they come in clusters, it is too short"
        + _too_short(frame.index, context),
    )
    return [Figure(_figure(tables, context), _caption(tables, context)), table]


def _least_window(level: float) -> int:
    """Return how many returns have a quantile at this level: of fewer, VaR is their largest loss."""
    return math.ceil(round(1.0 / (1.0 - level), 6))


def _too_short(levels: Any, context: Context) -> str:
    """Return what the VaR of a window is that is too short for a level; empty where none is."""
    window, period = context.settings.window, period_name(context.summary.periods_per_year)
    short = [float(level) for level in levels if window < _least_window(float(level))]
    if not short:
        return ""
    needed = " and ".join(f"{_least_window(level):,} for {percent_of(level)}" for level in short)
    return (
        f". VaR needs a window of {needed}: of {count(window)} {period}s it is the largest loss, which one in "
        f"{count(window + 1)} returns exceeds by chance"
    )


def _caption(tables: ReportTables, context: Context) -> str:
    level, window = context.settings.level, count(context.settings.window)
    period = period_name(context.summary.periods_per_year)
    found = tables.exceedances.loc[level]
    expected = f"{number(found['expected'], decimals=1)} were to be expected"
    if context.settings.window < _least_window(level):
        chance = found["observations"] / (context.settings.window + 1)
        expected = f"{number(chance, decimals=1)} were to be expected of a window that short"
    return (
        f"Returns of {tables.returns.columns[0]}, and historical VaR and CVaR {percent_of(level)} of the {window} "
        f"{period}s before each. Marked: the {count(found['count'])} losses larger than that VaR; "
        f"{expected}."
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
