"""The assets' contributions to the portfolio's risk."""

import numpy as np
import pandas as pd

from riskresearch import metrics, plots, portfolio
from riskresearch.core.output._formats import count, number, percent, percent_1, ratio
from riskresearch.report._blocks import MOST_ROWS, WHERE_ALL_ARE, Drawn, Figure, Inapplicable, Paragraph, Table
from riskresearch.report._inputs import Inputs
from riskresearch.report._intervals import MIN_RETURNS
from riskresearch.report._measures import words_of
from riskresearch.report._section import Context, ReportTables, Section, Tables, figure

SHOWN = (
    "weight",
    "volatility_share",
    "value_at_risk_share",
    "conditional_value_at_risk",
    "conditional_value_at_risk_share",
)

MIN_ORDER_STATISTICS = 5.0


def compute(context: Context) -> Tables:
    """Return the contributions by asset and the measures of diversification; empty for a single series."""
    risk = risk_by_asset(context.inputs, context.summary)
    return {"contributions": contributions(risk), "diversification": diversification(risk)}


def draw(tables: ReportTables, context: Context) -> Drawn:
    frame, whole = tables.contributions, tables.diversification
    if frame.empty:
        return Inapplicable(_why_not(context.inputs))
    words = words_of(context.summary)
    write = (percent, percent_1, percent_1, percent_1, percent, percent)
    columns = ["weight", "volatility_share", "value_at_risk_share", "conditional_value_at_risk_share"]
    columns += ["conditional_value_at_risk", "incremental"]
    rows = [
        (str(name), *(form(value) for form, value in zip(write, values, strict=True)))
        for name, *values in with_others(frame[columns]).itertuples()
    ]
    head = ["Asset", "Weight", "Share of volatility", "Share of VaR", "Share of CVaR", "CVaR", "Incremental CVaR"]
    dates = f"{count(whole['observations'])} dates on which every asset has a return"
    table = Table(
        head,
        rows,
        caption=f"Euler contributions at level {words['level']}, historical, over the {dates}; they sum to the "
        f"portfolio’s risk, CVaR to {percent(whole['total'])} per {words['period']}. Incremental: without the asset, "
        f"its weight in cash. {_how_var(whole['var_bandwidth'])}{_how_many(frame)}",
        css="dense",
    )
    caption = f"Contribution of each asset to the portfolio’s CVaR of {percent(whole['total'])}, largest first."
    if len(frame) > MOST_ROWS:
        caption = caption.replace(", largest first", f": the {MOST_ROWS} largest, and the others together")
    picture = Figure(_figure(tables), caption)
    text = Paragraph(_diversification_text(tables))
    return [text, picture, table]


def _why_not(inputs: Inputs) -> str:
    if inputs.assets is None or inputs.weights is None or len(inputs.weights) < 2:
        return "there is one series only"
    return f"the assets share fewer than {MIN_RETURNS} returns"


def with_others(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the contributions that the page shows: the largest in size, and the sum of the others as one row."""
    if len(frame) <= MOST_ROWS:
        return frame
    sizes = frame["conditional_value_at_risk"].abs().to_numpy()
    largest = np.isin(np.arange(len(frame)), sizes.argsort(kind="stable")[::-1][:MOST_ROWS])
    others = frame[~largest].sum()
    if "incremental" in others:
        others["incremental"] = np.nan  # that of several assets together is not the sum
    return pd.concat([frame[largest], others.to_frame(f"{count((~largest).sum())} others").T])


def _how_many(frame: pd.DataFrame) -> str:
    if len(frame) <= MOST_ROWS:
        return ""
    whole = count(len(frame))
    return f". Shown are the {MOST_ROWS} of {whole} assets with the largest contributions to CVaR; {WHERE_ALL_ARE}"


def _how_var(bandwidth: float) -> str:
    if np.isnan(bandwidth):
        return "Shares of VaR are those of one scenario, hence noisy"
    return f"Shares of VaR are smoothed over {percent_1(bandwidth)} of the scenarios on each side of it"


def _diversification_text(tables: ReportTables) -> str:
    whole = tables.diversification
    words = [
        f"The assets’ volatilities add up to {ratio(whole['diversification_ratio'])} times the portfolio’s "
        "(diversification ratio)."
        if np.isfinite(whole["diversification_ratio"])
        else "The portfolio has no volatility that the assets’ could be compared with.",
        f"By weight it holds as much as {number(whole['effective_number_of_positions'], decimals=1)} equal positions.",
    ]
    if "benchmark_share" in whole:
        words.append(
            f"{tables.returns.columns[1]} explains {percent_1(whole['benchmark_share'])} of its CVaR: to that extent "
            "the positions are one bet."
        )
    return " ".join(words)


def risk_by_asset(inputs: Inputs, own: metrics.RiskSummary) -> portfolio.PortfolioRiskMetrics | None:
    """Return the risk of the portfolio by asset, over the dates on which every asset has a return."""
    shares = inputs.weights
    if inputs.assets is None or shares is None or len(shares) < 2:
        return None
    complete = inputs.assets.dropna()
    if len(complete) < MIN_RETURNS:
        return None
    return portfolio.PortfolioRiskMetrics(
        complete,
        shares,
        factors=None if inputs.benchmark is None else _factor(inputs.benchmark, complete),
        bandwidth=var_bandwidth(len(complete), own.level),
        level=own.level,
        periods_per_year=own.periods_per_year,
    )


def var_bandwidth(rows: int, level: float) -> float | None:
    """Return the distance in probability over which shares of VaR are smoothed, None for so few rows that none is left.

    A fifth of the tail, or as much as holds five order statistics on each side, at most half of the tail.
    """
    tail = 1.0 - level
    width = min(tail / 2.0, max(tail / 5.0, MIN_ORDER_STATISTICS / rows))
    return width if width * rows >= 1.0 else None


def _factor(benchmark: pd.Series, complete: pd.DataFrame) -> pd.DataFrame | None:
    """Return the benchmark on the same dates, unless it is constant there."""
    market = benchmark.loc[complete.index]
    return market.to_frame() if market.nunique() > 1 else None


def contributions(risk: portfolio.PortfolioRiskMetrics | None) -> pd.DataFrame:
    """Return weight, shares of the risk and incremental CVaR by asset, largest share of CVaR first."""
    if risk is None:
        return pd.DataFrame()
    frame = risk.contributions()[list(SHOWN)]
    frame["incremental"] = risk.conditional_value_at_risk.incremental
    return frame.sort_values("conditional_value_at_risk_share", ascending=False, kind="stable").rename_axis("Asset")


def diversification(risk: portfolio.PortfolioRiskMetrics | None) -> pd.Series:
    """Return the measures of diversification, and the benchmark's share of CVaR."""
    if risk is None:
        return pd.Series(dtype=float)
    tail = risk.conditional_value_at_risk
    numbers = {
        "observations": float(tail.observations),
        "total": tail.total,
        "var_bandwidth": np.nan if risk.value_at_risk.bandwidth is None else risk.value_at_risk.bandwidth,
        "diversification_ratio": risk.diversification_ratio,
        "effective_number_of_positions": 1.0 / risk.herfindahl_index if risk.herfindahl_index > 0.0 else np.nan,
    }
    if tail.factors and tail.total != 0.0:
        numbers["benchmark_share"] = tail.factor_component[0] / tail.total
    return pd.Series(numbers)


def _figure(tables: ReportTables) -> str:
    component = with_others(tables.contributions)["conditional_value_at_risk"]
    most = tables.contributions.index[0]
    return figure(
        "contributions",
        f"Bars of {len(component)} contributions to CVaR. The largest: {most}, "
        f"{percent(tables.contributions['conditional_value_at_risk'].iloc[0])}.",
        lambda ax: plots.plot_bars(component, label="Contribution to CVaR (%)", percent=True, ax=ax),
        height=max(110.0, 60.0 + 15.0 * len(component)),
        fit_labels=True,
    )


SECTION: Section = Section(
    "contributions",
    "Owners of the risk",
    compute,
    draw,
    tables=("contributions", "diversification"),
    follows="assets",
    references=("Tasche 1999 (Euler contributions)",),
)
