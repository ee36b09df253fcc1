"""The portfolio's deepest losses from a peak, as spans of its growth and as a table."""

import pandas as pd

from riskresearch import metrics, plots
from riskresearch.core.output._formats import count, date, percent
from riskresearch.report._blocks import Drawn, Figure, Paragraph, Table
from riskresearch.report._measures import period_name
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure

N_DRAWDOWNS = 10
N_SHADED = 5


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
    last = tables.returns.index[-1]
    rows = [
        (
            str(rank),
            percent(row["depth"]),
            date(row["peak"]) if pd.notna(row["peak"]) else "start",
            date(row["trough"]),
            date(row["recovery"]) if pd.notna(row["recovery"]) else "not yet",
            count(row["rows_down"]),
            count(row["rows_up"]) if pd.notna(row["rows_up"]) else "open",
            _days((row["recovery"] if pd.notna(row["recovery"]) else last) - _begin(row)),
        )
        for rank, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    head = ["Rank", "Depth", "Peak", "Trough", "Recovery", f"{period.title()}s down", f"{period.title()}s to recover"]
    table = Table(
        [*head, "Days under water"],
        rows,
        caption="The portfolio’s deepest losses from a peak, deepest first; days under water are calendar days",
    )
    return [Figure(_figure(tables, context), _caption(frame)), table]


def _days(span: pd.Timedelta) -> str:
    return "<1" if pd.Timedelta(0) < span < pd.Timedelta(days=1) else count(span.days)


def _begin(row: dict[str, pd.Timestamp]) -> pd.Timestamp:
    return row["peak"] if pd.notna(row["peak"]) else row["start"]


def _caption(frame: pd.DataFrame) -> str:
    shaded = min(N_SHADED, len(frame))
    spans = f"the {shaded} deepest drawdowns, from peak to recovery" if shaded > 1 else "the only drawdown"
    return f"Growth of 1; shaded: {spans}, numbered as in the table."


def _figure(tables: ReportTables, context: Context) -> str:
    worst = tables.drawdowns.head(N_SHADED)
    growth = context.growth.iloc[:, :1]
    spans = pd.DataFrame({"start": worst["peak"].fillna(worst["start"]), "end": worst["recovery"]})
    deepest = ", ".join(f"{date(row.trough)} {percent(row.depth, decimals=1)}" for row in worst.itertuples())
    return figure(
        "drawdowns",
        f"Line chart of the growth of 1 with the deepest drawdowns shaded: {deepest}.",
        lambda ax: plots.plot_growth(growth, shaded=spans, ax=ax),
        height=180.0,
    )


SECTION: Section = Section("drawdowns", "Worst drawdowns", compute, draw, tables=("drawdowns",), follows="rolling")
