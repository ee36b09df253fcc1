"""The drawdown over time."""

from riskresearch import plots
from riskresearch.core.output._formats import percent
from riskresearch.report._blocks import Drawn, Figure
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure


def compute(context: Context) -> Tables:
    """Return the loss since the highest value so far, after each return."""
    return {"drawdown": context.drawdown}


def draw(tables: ReportTables, context: Context) -> Drawn:
    caption = "Loss since the highest value so far, after each return. Zero means a new high."
    return [Figure(_figure(tables), caption)]


def _figure(tables: ReportTables) -> str:
    worst = ", ".join(f"{name} {percent(value, decimals=1)}" for name, value in tables.drawdown.max().items())
    return figure(
        "underwater",
        f"Line chart of the drawdown over time. Deepest: {worst}.",
        lambda ax: plots.plot_underwater(tables.drawdown, ax=ax),
        height=170.0,
    )


SECTION: Section = Section("underwater", "Drawdown", compute, draw, tables=("drawdown",), follows="growth")
