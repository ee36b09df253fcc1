"""The returns of calendar years and months beside the benchmark's."""

import numpy as np
import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core.output._formats import bare_percent_1, percent_1
from riskresearch.report._blocks import WHERE_ALL_ARE, Drawn, Figure, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure, shade

FEWEST_YEARS_TO_DRAW = 3
MOST_YEARS = 60
"""In the table: more would take the page beyond its sheets."""
MOST_YEARS_ON_A_PHONE = 8
"""Names of more years overlap there: the figure keeps its width and scrolls."""


def compute(context: Context) -> Tables:
    """Return compounded returns, years as rows, months and the year as columns, of both sides."""
    inputs = context.inputs
    beside = pd.DataFrame() if inputs.benchmark is None else metrics.calendar_returns(inputs.benchmark)
    return {"monthly": metrics.calendar_returns(inputs.portfolio), "monthly_benchmark": beside}


def draw(tables: ReportTables, context: Context) -> Drawn:
    own, beside = tables.monthly.tail(MOST_YEARS), tables.monthly_benchmark.tail(MOST_YEARS)
    names = [str(name) for name in tables.returns.columns]
    head = ["Year", *map(str, own.columns)]
    unit = {"Jan": "month", "Q1": "quarter"}.get(head[1], "year")
    caption = f"Returns of {names[0]} in %"
    if period_name(context.summary.periods_per_year) != unit:
        caption += f", compounded; the first and the last {unit} may be incomplete"
    if len(own) < len(tables.monthly):
        caption += f". The last {len(own)} of {len(tables.monthly)} years; {WHERE_ALL_ARE}"
    if beside.empty:
        rows = [[str(year), *map(_cell, values)] for year, *values in own.itertuples()]
    else:
        caption += f". Below each, in small type: {names[1]}"
        head.append("Difference")
        rows = [
            [str(year), *map(_cell, values, others), _cell(values[-1] - others[-1])]
            for (year, *values), (_, *others) in zip(own.itertuples(), beside.itertuples(), strict=True)
        ]
    table = Table(head, rows, caption, css="dense two-lines", cell_css=_shades(own, extra=len(head) - 1 - own.shape[1]))
    if len(own) < FEWEST_YEARS_TO_DRAW:
        return [table]
    css = "wide" if len(tables.monthly) <= MOST_YEARS_ON_A_PHONE else "grid"
    return [Figure(_figure(tables), _figure_caption(tables, whole=unit == "year"), css=css), table]


def _cell(value: float, beside: float = np.nan) -> str:
    own = "" if np.isnan(value) else bare_percent_1(value)
    return own if np.isnan(beside) else f"{own}\n{bare_percent_1(beside)}"


def _figure_caption(tables: ReportTables, *, whole: bool) -> str:
    total, beside = tables.monthly["Total"], tables.monthly_benchmark
    words = f"Return of each calendar year{'' if whole else '; the first and the last may be incomplete'}. "
    words += f"{_how_many(total > 0.0)} of {len(total)} years gained"
    if beside.empty:
        return f"{words}."
    return f"{words}; {_how_many(total > beside['Total']).lower()} ended ahead of {tables.returns.columns[1]}."


def _how_many(true: pd.Series) -> str:
    return str(true.sum()) if true.any() else "None"


def _figure(tables: ReportTables) -> str:
    names = [str(name) for name in tables.returns.columns]
    sides = [tables.monthly["Total"]] + ([] if tables.monthly_benchmark.empty else [tables.monthly_benchmark["Total"]])
    years = pd.concat(sides, axis=1).set_axis(names, axis=1)
    best, worst = years.iloc[:, 0].idxmax(), years.iloc[:, 0].idxmin()
    return figure(
        "years",
        f"Bars of {len(years)} calendar years. Best: {best}, {percent_1(years.iloc[:, 0].max())}; worst: {worst}, "
        f"{percent_1(years.iloc[:, 0].min())}.",
        lambda ax: plots.plot_calendar_years(years, ax=ax),
        height=165.0,
    )


def _shades(frame: pd.DataFrame, *, extra: int) -> list[list[str]]:
    """Return the shade of each cell; months and quarters are scaled by large ones and years by large years."""
    months = frame.drop(columns="Total")
    classes = []
    months_scale, years_scale = _typical_large(months), _typical_large(frame[["Total"]])
    for _, *values in frame.itertuples():
        shades = [shade(value, months_scale) for value in values[:-1]] + [shade(values[-1], years_scale)]
        classes.append(shades + [""] * extra)
    return classes


def _typical_large(frame: pd.DataFrame) -> float:
    return (float(np.nanquantile(frame.abs().to_numpy(), 0.95)) if frame.size else 0.0) or 1.0


SECTION: Section = Section(
    "monthly",
    "Calendar",
    compute,
    draw,
    tables=("monthly", "monthly_benchmark"),
    follows="periods",
)
