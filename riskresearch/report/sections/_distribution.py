"""The distribution of returns, with VaR and CVaR."""

from riskresearch import plots
from riskresearch.core.output._formats import percent
from riskresearch.report._blocks import Drawn, Figure
from riskresearch.report._measures import period_name, words_of
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure


def compute(context: Context) -> Tables:
    """Return no table: the figure shows the returns themselves."""
    return {}


def draw(tables: ReportTables, context: Context) -> Drawn:
    words = words_of(context.summary)
    caption = (
        f"Dashed: VaR and CVaR at level {words['level']}, historical. Beyond VaR the bars change colour, and each "
        "stroke below the axis is one return. "
        f"On {words['tail']} of {words['period']}s the loss was VaR or more; on these it was CVaR on average."
    )
    return [Figure(_figure(tables, context), caption)]


def _figure(tables: ReportTables, context: Context) -> str:
    summary = context.summary
    var, cvar = summary.value_at_risk[0], summary.conditional_value_at_risk[0]
    period = period_name(summary.periods_per_year)
    return figure(
        "distribution",
        f"Histogram of returns per {period}, with VaR at {percent(-var)} and CVaR at {percent(-cvar)}.",
        lambda ax: plots.plot_distribution(
            tables.returns.iloc[:, 0],
            value_at_risk=var,
            conditional_value_at_risk=cvar,
            level=summary.level,
            period=period,
            ax=ax,
        ),
        height=240.0,
    )


SECTION: Section = Section("distribution", "Distribution of returns", compute, draw, follows="now")
