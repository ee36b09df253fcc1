"""The growth of 1."""

from riskresearch import plots
from riskresearch.core.output._formats import growth
from riskresearch.report._blocks import Drawn, Figure
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure


def compute(context: Context) -> Tables:
    """Return the growth of 1 after each return."""
    return {"growth": context.growth}


def draw(tables: ReportTables, context: Context) -> Drawn:
    ends = "; ".join(f"{name} {growth(value)}" for name, value in tables.growth.iloc[-1].items())
    caption = f"Growth of 1 invested before the first return; at the end: {ends}."
    return [Figure(_figure(tables), caption)]


def _figure(tables: ReportTables) -> str:
    last = ", ".join(f"{name} {growth(value)}" for name, value in tables.growth.iloc[-1].items())
    return figure(
        "growth",
        f"Line chart of the growth of 1. Last values: {last}.",
        lambda ax: plots.plot_growth(tables.growth, ax=ax),
        height=170.0,
    )


SECTION: Section = Section("growth", "Growth", compute, draw, tables=("growth",), follows=None)
