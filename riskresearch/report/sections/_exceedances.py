"""Rolling VaR against the next return, with the exceedances marked and counted."""

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core.output._formats import count, counted, number, percent, percent_of
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
            "equal": int((found.returns == -found.value_at_risk).sum()),
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
            _judged(1.0 - float(level), row),
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
        caption="Returns worse than the VaR known before them. Exact binomial interval, for independent exceedances: "
        f"where they come in clusters, it is too short{_ties(frame)}",
    )
    return [Figure(_figure(tables, context), _caption(tables, context)), table]


def _judged(expected: float, row: dict[Hashable, Any]) -> str:
    """Return whether the interval holds the expected share; returns that equal their VaR may count on either side."""
    if row["lower"] <= expected <= row["upper"]:
        return "inside"
    with_ties = (row["count"] + row["equal"]) / row["observations"]
    return "inside, with ties" if row["upper"] < expected <= with_ties else "outside"


def _ties(frame: pd.DataFrame) -> str:
    """Return how many returns were as bad as their VaR, which are no exceedances; empty for none."""
    equal: dict[Any, int] = frame["equal"].to_dict()
    levels = ", ".join(f"{count(ties)} at {percent_of(level)}" for level, ties in equal.items() if ties)
    if not levels:
        return ""
    return f". Ties, returns equal to their VaR, are no exceedances: {levels}"


def _caption(tables: ReportTables, context: Context) -> str:
    level, period = percent_of(context.settings.level), period_name(context.summary.periods_per_year)
    found = tables.exceedances.loc[context.settings.level]
    return (
        f"Returns of {tables.returns.columns[0]}, and historical VaR and CVaR {level} of the {count(found['window'])} "
        f"{period}s before each. {_marked(found['count'])}; {number(found['expected'], decimals=1)} were to be "
        f"expected.{_below_zero(tables.rolling_tail['value_at_risk'])}"
    )


def _marked(exceedances: float) -> str:
    if not exceedances:
        return "No return was worse than that VaR"
    return f"Marked: {counted(int(exceedances), 'return')} worse than that VaR"


def _below_zero(value_at_risk: pd.Series) -> str:
    """Return when the VaR was negative, in words; empty where it never was."""
    share = float((value_at_risk.dropna() < 0.0).mean())
    if share == 0.0:
        return ""
    when = "throughout" if share == 1.0 else f"on {percent(share, decimals=0)} of the dates"
    return (
        f" The VaR is negative {when}: the return of its rank was a gain, and a return worse than it need be no loss."
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
