"""The growth of 1."""

from riskresearch import metrics, plots
from riskresearch.report import _html as html
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure


def compute(context: Context) -> Tables:
    """Return the growth of 1 after each return."""
    return {"growth": metrics.wealth_index(context.compared)}


def draw(tables: ReportTables, context: Context) -> str:
    ends = "; ".join(f"{name}: {value:,.2f}" for name, value in tables.growth.iloc[-1].items())
    caption = f"Growth of 1 invested before the first return. At the end: {ends}."
    return html.section("growth", "Growth", html.figure(_figure(tables), caption))


def _figure(tables: ReportTables) -> str:
    last = ", ".join(f"{name} {value:,.2f}" for name, value in tables.growth.iloc[-1].items())
    return figure(
        "growth",
        f"Line chart of the growth of 1. Last values: {last}.",
        lambda ax: plots.plot_growth(tables.growth, ax=ax),
        height=270.0,
    )


SECTION: Section = Section("growth", compute, draw, follows="now")
