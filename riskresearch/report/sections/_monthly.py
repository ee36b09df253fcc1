"""The returns of months and years."""

from typing import Any

import numpy as np
import pandas as pd

from riskresearch.core.output._formats import bare_percent_1
from riskresearch.metrics._aggregation import aggregate_returns
from riskresearch.report import _html as html
from riskresearch.report._section import Context, ReportTables, Section, Tables
from riskresearch.report._style import SHADES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def compute(context: Context) -> Tables:
    """Return compounded returns, years as rows, months and the year as columns."""
    return {"monthly": monthly_returns(context.inputs.portfolio)}


def draw(tables: ReportTables, context: Context) -> str:
    frame = tables.monthly
    rows = [
        (str(year), *("" if np.isnan(value) else bare_percent_1(value) for value in values))
        for year, *values in frame.itertuples()
    ]
    table = html.table(
        ["Year", *map(str, frame.columns)],
        rows,
        caption="Portfolio returns in %, compounded; the first and the last month may be incomplete",
        css="dense",
        cell_css=_shades(frame),
    )
    return html.section("monthly", "Months", table)


def monthly_returns(returns: pd.Series) -> pd.DataFrame:
    """Compound returns to months and years.

    Parameters
    ----------
    returns : Series, shape (n_dates,)
        Simple returns with a DatetimeIndex.

    Returns
    -------
    DataFrame, shape (n_years, 13)
        Fractions, one column a month and one for the year; NaN where a month has no return.
    """
    months, years = aggregate_returns(returns, to="month"), aggregate_returns(returns, to="year")
    dates: Any = months.index
    by_year = months.set_axis([dates.year, dates.month]).unstack()
    table: pd.DataFrame = by_year.reindex(columns=range(1, 13)).set_axis(list(MONTHS), axis=1)
    table["Total"] = years.to_numpy()
    return table.rename_axis("Year", axis=0)


def _shades(frame: pd.DataFrame) -> list[list[str]]:
    """Return the shade of each cell; months are scaled by large months and years by large years."""
    months = frame.drop(columns="Total")
    classes = []
    months_scale, years_scale = _typical_large(months), _typical_large(frame[["Total"]])
    for _, *values in frame.itertuples():
        classes.append([_shade(value, months_scale) for value in values[:-1]] + [_shade(values[-1], years_scale)])
    return classes


def _typical_large(frame: pd.DataFrame) -> float:
    return float(np.nanquantile(frame.abs().to_numpy(), 0.95)) or 1.0


def _shade(value: float, scale: float) -> str:
    step = 0 if np.isnan(value) else min(SHADES, int(np.ceil(SHADES * abs(value) / scale - 0.5)))
    return f"{'up' if value > 0 else 'down'}{step}" if step > 0 else ""


SECTION: Section = Section("monthly", compute, draw, follows="stress")
