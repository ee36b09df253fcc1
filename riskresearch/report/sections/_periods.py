"""The returns of the year so far, of the last years and of the whole history, beside the benchmark's."""

from typing import Any

import numpy as np
import pandas as pd

from riskresearch.core.dates._years import years_of
from riskresearch.core.output._formats import date, percent
from riskresearch.report._blocks import Drawn, Table
from riskresearch.report._inputs import days_per_row
from riskresearch.report._section import Context, ReportTables, Section, Tables

LAST_MONTHS = (3, 6)
DAYS_IN_A_MONTH, DAYS_IN_A_YEAR = 31, 366
"""At most: rows further apart, as quarters are, say nothing about the last month."""
LAST_YEARS = (1, 3, 5, 10)
SIDES = ("portfolio", "benchmark")
SINCE_START = "Since start"


def compute(context: Context) -> Tables:
    """Return one row a period: its dates, and the compound return of each side, in all and a year.

    Periods that are shorter than what one return covers are left out.
    """
    compared = context.compared
    index: Any = compared.index
    step = days_per_row(index)
    last, begin = index[-1], index[0] - pd.Timedelta(days=step)  # where the first return begins
    rows = {}
    this_month, this_year = pd.Timestamp(last.year, last.month, 1), pd.Timestamp(last.year, 1, 1)
    if begin < this_month and step <= DAYS_IN_A_MONTH:
        rows["Month to date"] = _row(compared.loc[index >= this_month])
    for months in LAST_MONTHS:
        start = last - pd.DateOffset(months=months)
        if begin <= start and step <= months * DAYS_IN_A_MONTH:
            rows[f"{months} months"] = _row(compared.loc[index > start])
    if begin < this_year and step <= DAYS_IN_A_YEAR:
        rows["Year to date"] = _row(compared.loc[index >= this_year])
    for years in LAST_YEARS:
        start = last - pd.DateOffset(years=years)
        if begin <= start:  # else the history is shorter
            rows[f"{years} year{'s' * (years > 1)}"] = _row(compared.loc[index > start], years)
    rows[SINCE_START] = _since_start(context)
    return {"periods": pd.DataFrame.from_dict(rows, orient="index").rename_axis("Period")}


def _row(compared: pd.DataFrame, years: float = np.nan) -> dict[str, Any]:
    row: dict[str, Any] = {"start": compared.index[0], "end": compared.index[-1], "observations": len(compared)}
    for side, growth in zip(SIDES, (1.0 + compared).prod(), strict=False):
        row[side] = growth - 1.0
        row[f"{side}_per_year"] = np.nan if np.isnan(years) else growth ** (1.0 / years) - 1.0  # 1 ** nan is 1
    return row


def _since_start(context: Context) -> dict[str, Any]:
    """Return the row of the whole history, a year as the measures of the page have it."""
    row = _row(context.compared)
    short = years_of(context.compared.index.to_numpy(), context.summary.periods_per_year).short
    for side, summary in zip(SIDES, (context.summary, context.beside), strict=True):
        if summary is not None and not short:
            row[f"{side}_per_year"] = summary.annual_return[0]
    return row


def draw(tables: ReportTables, context: Context) -> Drawn:
    names = [str(name) for name in tables.returns.columns]
    sides = SIDES[: len(names)]
    head = ["Period", "First date", "Returns", *names]
    if len(names) > 1:
        head.append("Difference")
    head += [f"{name} a year" for name in names]
    rows = []
    for name, row in zip(tables.periods.index, tables.periods.to_dict("records"), strict=True):
        cells = [str(name), date(row["start"]), f"{row['observations']:,}", *(percent(row[side]) for side in sides)]
        if len(names) > 1:
            cells.append(percent(row["portfolio"] - row["benchmark"]))
        yearly = (row[f"{side}_per_year"] for side in sides)
        rows.append([*cells, *map(percent, yearly)])
    caption = (
        f"Compound returns to {date(tables.returns.index[-1])}; months and years back to the same day. A year: over "
        "whole years, and since the start as on the cards"
    )
    return [Table(head, rows, caption)]


SECTION: Section = Section("periods", "Last years", compute, draw, tables=("periods",), follows="underwater")
