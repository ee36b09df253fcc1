"""The sections of what is simulated on the portfolio: what chance says of it comes first."""

from typing import Any

import numpy as np

from riskresearch.backtest import HaltSignificance
from riskresearch.metrics import RiskSummary
from riskresearch.report import _figures as figures, _html as html
from riskresearch.report._formats import MISSING, Formatter, count, date, p_value, percent, percent_1, percent_of, ratio
from riskresearch.report.sections._breaker import terms, what_happened
from riskresearch.report.sections._measures import period_name
from riskresearch.report.sections._sizing import COST, rules
from riskresearch.report.sections._tables import ReportTables

SIGNIFICANCE = 0.05


def sizing(tables: ReportTables, summary: RiskSummary) -> str:
    found, name, title = tables.sizing, "sizing", "Sizing"
    if found.reason:
        return html.section(name, title, html.paragraph(found.reason))
    frame, period = found.measures, period_name(summary.periods_per_year)
    rows = [
        (
            str(rule),
            percent(row["annual_return"]),
            percent(row["volatility"]),
            ratio(row["sharpe_ratio"]),
            _from_to(ratio, row["sharpe_lower"], row["sharpe_upper"]),
            p_value(row["p_value"]),
            percent_1(row["max_drawdown"]),
            percent_1(row["exposure"]),
            percent_1(row["turnover"]),
            percent(row["cost"]),
        )
        for rule, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    head = ["Sizing", "Annual return", "Volatility", "Sharpe ratio", f"{percent_of(tables.confidence)} interval", "p"]
    head += ["Max drawdown", "Exposure", "Turnover a year", "Cost a year"]
    index = found.growth.index
    caption = (
        f"{count(len(index) - 1)} {period}s after costs, {date(index[0])} to {date(index[-1])}. p: of a Sharpe ratio "
        f"equal to that of {str(frame.index[0]).lower()}. Exposure: mean sum of absolute weights. Turnover: purchases "
        "and sales over equity; cost over equity as well"
    )
    figure = html.figure(
        figures.sizing_growth(tables), f"What 1 became, after costs of {COST * 1e4:g} basis points of what is traded."
    )
    table = html.table(head, rows, caption=caption, css="dense")
    verdict = html.paragraph(_how_sure_of_sizing(tables))
    return html.section(name, title, verdict, table, figure, html.definitions(rules(found, summary)))


def _how_sure_of_sizing(tables: ReportTables) -> str:
    """Say first whether any difference is more than chance, and what the comparison can't tell."""
    found = tables.sizing
    base = str(found.measures.index[0]).lower()
    if np.isnan(found.p_value):
        verdict = f"No way of sizing could be tested against {base}."
    else:
        verdict = (
            "Differences of this size are rarely significant. The smallest p-value of a Sharpe ratio equal to that of "
            f"{base}, multiplied by the {found.tests} tests (Bonferroni; Ledoit and Wolf’s studentised bootstrap), is "
            + p_value(found.p_value)
            + (
                ": below 5%, but of one history."
                if found.p_value <= SIGNIFICANCE
                else ": these data do not tell the ways of sizing apart."
            )
        )
    return (
        f"{verdict} All rows hold the same assets: a choice of assets made with hindsight, as of companies that "
        "survived, lifts every one of them."
    )


def _from_to(write: Formatter, lower: float, upper: float) -> str:
    return MISSING if np.isnan(lower) or np.isnan(upper) else f"{write(lower)} to {write(upper)}"


def breaker(tables: ReportTables, summary: RiskSummary) -> str:
    found, name, title = tables.breaker.backtest, "breaker", "Circuit breaker"
    if found is None:
        return html.section(name, title, html.paragraph(tables.breaker.reason))
    judged: Any = found.significance.to_frame()
    labels = {"wealth": ("Growth of 1", ratio), "drawdown": ("Max drawdown", percent_1)}
    rows = []
    for measure, (label, write) in labels.items():
        shift, placement = judged.loc[(measure, "shift")], judged.loc[(measure, "placement")]
        numbers = (shift["actual"], shift["unhalted"], shift["equal_time_halted"], shift["median_of_chance"])
        chances = (p_value(shift["p_value"]), p_value(placement["p_value"]))
        rows.append((label, *chances, *(write(number) for number in numbers)))
    index = tables.breaker.growth.index
    head = ["Measure", "p (shifts)", "p (placements)", "With breaker", "Without", "Equal time out", "Median of shifts"]
    table = html.table(
        head,
        rows,
        caption=f"{count(len(index))} {period_name(summary.periods_per_year)}s, {date(index[0])} to {date(index[-1])}. "
        "p: share of random halts at least as good. Equal time out: the breaker’s mean exposure held throughout",
    )
    figure = html.figure(figures.breaker_growth(tables), "What 1 became, with the breaker and without.")
    words = html.definitions([*what_happened(found), *terms(found, summary)])
    return html.section(
        name, title, html.paragraph(_how_sure_of_halts(found.significance, summary)), table, figure, words
    )


def _how_sure_of_halts(found: HaltSignificance, summary: RiskSummary) -> str:
    """Say first whether the halts were better than others, and what they earned beside holding."""
    growth, drawdown = (p_value(found.p_value(measure)) for measure in ("wealth", "drawdown"))
    words = (
        f"{found.verdict(SIGNIFICANCE)} Against shifted halts p is {growth} of growth and {drawdown} of drawdown. "
        "Watching drawdowns makes them shallower almost by construction: whether that is worth "
        "its price is what growth says."
    )
    gap = found.difference
    if gap is None:
        return words
    low, middle, high = (
        percent(float(rate) * summary.periods_per_year) for rate in (gap.lower, gap.estimate, gap.upper)
    )
    return (
        f"{words} The mean return differs from that of holding by {middle} a year, {percent_of(gap.confidence)} "
        f"interval {low} to {high}. A choice of assets made with hindsight lifts both lines."
    )
