"""The latest values of the portfolio beside its worst and median ones."""

from typing import Any

import pandas as pd

from riskresearch.core.output._formats import date, percent, ratio
from riskresearch.report._blocks import Drawn, Table
from riskresearch.report._intervals import MIN_RETURNS
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables


def compute(context: Context) -> Tables:
    """Return the latest, worst and median values of the measures over time, with dates."""
    window, period = context.settings.window, period_name(context.summary.periods_per_year)
    rows = {
        "Drawdown": (context.drawdown.iloc[:, 0], True),
        f"Volatility, last {window:,} {period}s": (context.rolling_volatility.iloc[:, 0], True),
        f"Sharpe ratio, last {window:,} {period}s": (context.rolling_sharpe_ratio.iloc[:, 0], False),
        f"Return in one {period}": (context.compared.iloc[:, 0], False),
    }
    if len(context.compared) < MIN_RETURNS:  # a window of a few returns
        rows = {name: row for name, row in rows.items() if ", last " not in name}
    known = {name: (series.dropna(), high) for name, (series, high) in rows.items()}
    frame = pd.DataFrame.from_dict(
        {name: _latest_and_worst(*row) for name, row in known.items() if not row[0].empty},
        orient="index",
        columns=["latest", "latest_date", "worst", "worst_date", "median"],
    )
    return {"now": frame.rename_axis("Measure")}


def draw(tables: ReportTables, context: Context) -> Drawn:
    frame = tables.now
    rows = []
    for label, latest, latest_date, worst, worst_date, median in frame.itertuples():
        write = ratio if label.startswith("Sharpe") else percent
        rows.append((label, write(latest), date(latest_date), write(worst), date(worst_date), write(median)))
    table = Table(
        ["Measure", "Latest", "on", "Worst", "on", "Median"],
        rows,
        caption="Latest values of the portfolio beside its worst and median ones; volatility and Sharpe ratio per year",
    )
    return [table]


def _latest_and_worst(series: Any, high_is_worse: bool) -> tuple[Any, ...]:
    worst = series.idxmax() if high_is_worse else series.idxmin()
    when = worst if series.nunique() > 1 else pd.NaT  # a value that never changed was worst on no date
    return float(series.iloc[-1]), series.index[-1], float(series[worst]), when, float(series.median())


SECTION: Section = Section("now", "Latest and worst", compute, draw, tables=("now",), follows="monthly")
