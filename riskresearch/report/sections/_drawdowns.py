"""The portfolio's deepest losses from a peak."""

import pandas as pd

from riskresearch import metrics
from riskresearch.core.output._formats import count, date, percent
from riskresearch.report._blocks import Drawn, Paragraph, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables

N_DRAWDOWNS = 10


def compute(context: Context) -> Tables:
    """Return the deepest drawdowns of the portfolio, deepest first."""
    frame = metrics.drawdown_table(context.inputs.portfolio, top=N_DRAWDOWNS).to_frame()
    for column in ("peak", "start", "trough", "recovery"):
        frame[column] = pd.to_datetime(frame[column])
    return {"drawdowns": frame}


def draw(tables: ReportTables, context: Context) -> Drawn:
    period = period_name(context.summary.periods_per_year)
    frame = tables.drawdowns
    if frame.empty:
        return [Paragraph("There was no drawdown.")]
    rows = [
        (
            str(rank),
            percent(row["depth"]),
            date(row["peak"]) if pd.notna(row["peak"]) else "start",
            date(row["trough"]),
            date(row["recovery"]) if pd.notna(row["recovery"]) else "not yet",
            count(row["rows_down"]),
            count(row["rows_up"]) if pd.notna(row["rows_up"]) else "open",
        )
        for rank, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    table = Table(
        ["Rank", "Depth", "Peak", "Trough", "Recovery", f"{period.title()}s down", f"{period.title()}s to recover"],
        rows,
        caption="The portfolio’s deepest losses from a peak, deepest first",
    )
    return [table]


SECTION: Section = Section("drawdowns", "Worst drawdowns", compute, draw, tables=("drawdowns",), follows="rolling")
