"""The distribution of returns, with VaR and CVaR at 95 and 99 %."""

import math

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core.output._formats import count, percent, percent_of
from riskresearch.report._blocks import Drawn, Figure
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure

LEVELS = (0.95, 0.99)


def compute(context: Context) -> Tables:
    """Return VaR and CVaR of both sides at 95 and 99 % and at the level of the report."""
    levels = sorted({*LEVELS, context.settings.level})
    found = {level: metrics.tail_risk(context.compared, level=level) for level in levels}
    columns = {}
    for number, name in enumerate(context.compared.columns):
        columns[f"{name}: VaR"] = [float(each.value_at_risk.iloc[number]) for each in found.values()]
        columns[f"{name}: CVaR"] = [float(each.conditional_value_at_risk.iloc[number]) for each in found.values()]
    return {"tails": pd.DataFrame(columns, index=pd.Index(levels, name="level"))}


def draw(tables: ReportTables, context: Context) -> Drawn:
    period = period_name(context.summary.periods_per_year)
    names = [str(name) for name in tables.returns.columns]
    words = []
    for level, row in tables.tails.iterrows():
        numbers = ", ".join(
            f"{name} {percent(row.iloc[2 * n])} and {percent(row.iloc[2 * n + 1])}" for n, name in enumerate(names)
        )
        words.append(f"at {percent_of(float(level))}, {numbers}")
    caption = (
        f"Historical VaR and CVaR per {period}: {'; '.join(words)}.{_of_one_return(tables)} The bars change colour at "
        "the VaR of the lowest level; each stroke below the axis is one return."
    )
    return [Figure(_figure(tables, period), caption)]


def _of_one_return(tables: ReportTables) -> str:
    """Return at which levels both measures are the worst return alone, in words; empty for none."""
    rows = len(tables.returns)
    alone = [percent_of(float(level)) for level in tables.tails.index if math.ceil(float(level) * rows - 1e-9) == rows]
    return f" Of {count(rows)} returns, both at {' and '.join(alone)} are the worst one." if alone else ""


def _figure(tables: ReportTables, period: str) -> str:
    tails, returns = tables.tails, tables.returns.iloc[:, 0]
    marks = ", ".join(f"VaR {percent_of(level)} {percent(value)}" for level, value in tails.iloc[:, 0].items())
    return figure(
        "distribution",
        f"Histogram of returns per {period}, with {marks}, and the CVaR of each.",
        lambda ax: plots.plot_distribution(
            returns,
            value_at_risk=tails.iloc[:, 0].tolist(),
            conditional_value_at_risk=tails.iloc[:, 1].tolist(),
            level=[float(level) for level in tails.index],
            period=period,
            ax=ax,
        ),
        height=215.0,
    )


SECTION: Section = Section(
    "distribution",
    "Distribution",
    compute,
    draw,
    tables=("tails",),
    follows="now",
    references=("Rockafellar and Uryasev 2002, Acerbi and Tasche 2002 (CVaR)",),
)
