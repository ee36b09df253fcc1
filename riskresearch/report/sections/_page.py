"""The sections of the page, each from the tables to HTML."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pandas as pd

from riskresearch.metrics import RiskSummary
from riskresearch.report import _figures as figures, _html as html
from riskresearch.report._formats import (
    MISSING,
    bare_percent_1,
    count,
    date,
    number,
    percent,
    percent_1,
    percent_of,
    ratio,
)
from riskresearch.report._style import SHADES
from riskresearch.report.sections._measures import MEASURES, between, period_name, words_of
from riskresearch.report.sections._simulated import breaker, sizing
from riskresearch.report.sections._tables import ReportTables

MOST_COLUMNS_ON_A_PHONE = 8
MOST_CORRELATED = 100
TOO_MANY_CORRELATED = f"Not drawn for more than {MOST_CORRELATED} series. The numbers are in the report's tables."
SIDES = ("portfolio", "benchmark")

Section = Callable[[ReportTables, RiskSummary], str]


def headline(tables: ReportTables, summary: RiskSummary) -> str:
    words = words_of(summary)
    measures = {measure.label.format(**words): measure for measure in MEASURES}
    frame, index = tables.headline, tables.returns.index
    bounded = bool(tables.intervals.notna().to_numpy().any())
    rows, head = [], ["Measure", str(frame.columns[0])] + [f"{percent_of(tables.confidence)} interval"] * bounded
    for label, own, *others in frame.itertuples():
        write = measures[label].write
        interval = [between(write, tables.intervals, label) or MISSING] * bounded
        rows.append((label, write(own), *interval, *map(write, others), measures[label].how.format(**words)))
    head += [*map(str, frame.columns[1:]), "Unit and definition"]
    caption = f"{count(len(index))} returns, {date(index[0])} to {date(index[-1])}"
    if bounded:
        how: Any = tables.conventions.loc["Intervals", "Value"]
        caption += f". Intervals of {frame.columns[0]}: {how}"
    table = html.table(head, rows, caption=caption, text_columns=frozenset({len(head) - 1}))
    return html.section("headline", "Measures", table)


def now(tables: ReportTables, summary: RiskSummary) -> str:
    frame = tables.now
    rows = []
    for label, latest, latest_date, worst, worst_date, median in frame.itertuples():
        write = ratio if label.startswith("Sharpe") else percent
        rows.append((label, write(latest), date(latest_date), write(worst), date(worst_date), write(median)))
    table = html.table(
        ["Measure", "Latest", "on", "Worst", "on", "Median"],
        rows,
        caption="The portfolio today beside its own past; volatility and Sharpe ratio per year",
    )
    return html.section("now", "Now, and at its worst", table)


def growth(tables: ReportTables, summary: RiskSummary) -> str:
    ends = "; ".join(f"{name}: {value:,.2f}" for name, value in tables.growth.iloc[-1].items())
    caption = f"What 1 invested before the first return became. At the end: {ends}."
    return html.section("growth", "Growth", html.figure(figures.growth(tables), caption))


def underwater(tables: ReportTables, summary: RiskSummary) -> str:
    caption = "Loss since the highest value so far, after each return. Zero means a new high."
    return html.section("underwater", "Drawdown", html.figure(figures.underwater(tables), caption))


def distribution(tables: ReportTables, summary: RiskSummary) -> str:
    words = words_of(summary)
    caption = (
        f"Dashed: VaR and CVaR at level {words['level']}, historical. Beyond VaR the bars change colour, and each "
        "stroke below the axis is one return. "
        f"On {words['tail']} of {words['period']}s the loss was VaR or more; on these it was CVaR on average."
    )
    title = f"Distribution of returns per {words['period']}"
    return html.section("distribution", title, html.figure(figures.distribution(tables, summary), caption))


def rolling(tables: ReportTables, summary: RiskSummary) -> str:
    window = int(tables.rolling_volatility.iloc[:, 0].isna().sum()) + 1
    period = period_name(summary.periods_per_year)
    pair = "\n".join(
        html.figure(svg, caption, css="half")
        for svg, caption in (
            (figures.rolling_volatility(tables), f"Volatility of the last {window:,} {period}s, per year."),
            (figures.rolling_sharpe_ratio(tables), f"Sharpe ratio of the last {window:,} {period}s, per year."),
        )
    )
    return html.section("rolling", "Rolling volatility and Sharpe ratio", f'<div class="pair">\n{pair}\n</div>')


def drawdowns(tables: ReportTables, summary: RiskSummary) -> str:
    period = period_name(summary.periods_per_year)
    frame = tables.drawdowns
    if frame.empty:
        return html.section("drawdowns", "Worst drawdowns", html.paragraph("There was no drawdown."))
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
    table = html.table(
        ["Rank", "Depth", "Peak", "Trough", "Recovery", f"{period.title()}s down", f"{period.title()}s to recover"],
        rows,
        caption="The portfolio’s deepest losses from a peak, deepest first",
    )
    return html.section("drawdowns", "Worst drawdowns", table)


def monthly(tables: ReportTables, summary: RiskSummary) -> str:
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


def assets(tables: ReportTables, summary: RiskSummary) -> str:
    frame = tables.assets
    if frame.empty:
        return ""
    words = words_of(summary)
    write = (percent, count, percent_1, percent_1, ratio, percent, percent, percent_1)
    rows = [
        (str(name), *(form(value) for form, value in zip(write, values, strict=True)))
        for name, *values in frame.itertuples()
    ]
    head = ["Asset", "Weight", "Returns", "Annual return", "Volatility", "Sharpe ratio"]
    head += [f"VaR {words['level']}", f"CVaR {words['level']}", "Max drawdown"]
    table = html.table(
        head,
        rows,
        caption=f"Each asset over its own returns; VaR and CVaR per {words['period']}, return and ratios per year",
        css="dense",
    )
    return html.section("assets", "Assets", table)


def contributions(tables: ReportTables, summary: RiskSummary) -> str:
    frame, whole = tables.contributions, tables.diversification
    if frame.empty:
        return ""
    words = words_of(summary)
    write = (percent, percent_1, percent_1, percent_1, percent, percent)
    columns = ["weight", "volatility_share", "value_at_risk_share", "conditional_value_at_risk_share"]
    columns += ["conditional_value_at_risk", "incremental"]
    rows = [
        (str(name), *(form(value) for form, value in zip(write, values, strict=True)))
        for name, *values in frame[columns].itertuples()
    ]
    head = ["Asset", "Weight", "Share of volatility", "Share of VaR", "Share of CVaR", "CVaR", "Incremental CVaR"]
    dates = f"{count(whole['observations'])} dates on which every asset has a return"
    table = html.table(
        head,
        rows,
        caption=f"Euler contributions at level {words['level']}, historical, over the {dates}; they sum to the "
        f"portfolio’s risk, CVaR to {percent(whole['total'])} per {words['period']}. Incremental: without the asset, "
        "its weight in cash. VaR’s shares are those of one scenario, hence noisy",
        css="dense",
    )
    caption = f"Contribution of each asset to the portfolio’s CVaR of {percent(whole['total'])}, largest first."
    figure = html.figure(figures.contributions(tables), caption)
    return html.section("contributions", "Whose risk it is", html.paragraph(_diversity(tables)), figure, table)


def _diversity(tables: ReportTables) -> str:
    whole = tables.diversification
    bets = whole["effective_number_of_bets"]
    words = [
        f"The assets’ volatilities add up to {ratio(whole['diversification_ratio'])} times the portfolio’s "
        "(diversification ratio).",
        f"By weight it holds as much as {number(whole['effective_number_of_positions'], decimals=1)} equal "
        "positions"
        + (f", by minimum torsion {number(bets, decimals=1)} uncorrelated bets." if np.isfinite(bets) else "."),
    ]
    if "benchmark_share" in whole:
        words.append(f"{tables.returns.columns[1]} explains {percent_1(whole['benchmark_share'])} of its CVaR.")
    return " ".join(words)


def stress(tables: ReportTables, summary: RiskSummary) -> str:
    frame = tables.stress
    if frame.empty:
        return ""
    names = [str(name) for name in tables.returns.columns]
    rows = [
        (
            str(name),
            date(row["start"]),
            date(row["end"]),
            *(percent_1(row[side]) for side in SIDES[: len(names)]),
            _by_beta(row),
            str(row["event"]),
        )
        for name, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    head = ["Episode", "From", "To", *names, "By beta", "What happened"]
    table = html.table(
        head,
        rows,
        caption="Compound returns from the first to the last day, of today’s weights bought before and held. By beta: "
        "assets without returns at that time, which move by their beta times the benchmark’s return",
        text_columns=frozenset({len(head) - 1}),
    )
    return html.section("stress", "Past crises", table)


def _by_beta(row: dict[Hashable, Any]) -> str:
    assets = row["returns"] + row["betas"] + row["unknown"]
    return f"{count(row['betas'])} of {count(assets)}" if np.isfinite(row["portfolio"]) else MISSING


def correlation(tables: ReportTables, summary: RiskSummary) -> str:
    if len(tables.correlation) < 2:
        return ""
    caption = (
        f"Pearson correlation of returns per {period_name(summary.periods_per_year)} in hundredths, each pair over the "
        "dates that both have. Blue is positive, orange negative."
    )
    if len(tables.correlation) > MOST_CORRELATED:
        return html.section("correlation", "Correlation", html.paragraph(TOO_MANY_CORRELATED))
    css = "grid" if len(tables.correlation) > MOST_COLUMNS_ON_A_PHONE else "wide"
    return html.section("correlation", "Correlation", html.figure(figures.correlation(tables), caption, css=css))


SECTIONS: dict[str, Section] = {
    "headline": headline,
    "now": now,
    "growth": growth,
    "underwater": underwater,
    "distribution": distribution,
    "rolling": rolling,
    "drawdowns": drawdowns,
    "stress": stress,
    "monthly": monthly,
    "assets": assets,
    "contributions": contributions,
    "correlation": correlation,
    "sizing": sizing,
    "breaker": breaker,
}


def _shades(frame: pd.DataFrame) -> list[list[str]]:
    """Return a shade for each cell: months and years are held against the large ones of their own kind."""
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
