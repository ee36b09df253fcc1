"""The numbers of the report, as frames: the page shows these and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.report._formats import date, percent_of, plain
from riskresearch.report._inputs import Inputs, NanPolicy
from riskresearch.report.sections._breaker import BreakerOutcome, break_circuit, no_outcome
from riskresearch.report.sections._measures import headline, period_name, words_of
from riskresearch.report.sections._risk_tables import (
    FEWEST_RETURNS,
    SEED,
    contributions,
    diversification,
    intervals,
    settings as how_bounded,
    stress,
    whose_risk,
)
from riskresearch.report.sections._sizing import SizingComparison, compare_sizing, no_comparison

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WORST_DRAWDOWNS = 10
SHORTEST_DEFAULT_WINDOW = 12
NOT_ASKED = "Not asked for."


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReportTables:
    """Hold every number of a report.

    Attributes
    ----------
    conventions : DataFrame, shape (n_conventions, 1)
        Parameters and conventions, in words.
    headline : DataFrame, shape (n_measures, 1 or 2)
        Portfolio and, if there is one, benchmark; fractions, not percent.
    intervals : DataFrame, shape (n_measures, 2)
        Lower and upper bound of the portfolio's headline numbers; NaN where there is no interval.
    confidence : float
        Of the intervals.
    now : DataFrame, shape (n_measures, 5)
        Latest, worst and median values of the measures over time, with dates.
    drawdowns : DataFrame, shape (n_drawdowns, 7)
        The deepest drawdowns of the portfolio, deepest first.
    monthly : DataFrame, shape (n_years, 13)
        Compounded returns of each month and year, fractions.
    assets : DataFrame, shape (n_assets, 8)
        Weight and measures of each asset; no row for a single series.
    contributions : DataFrame, shape (n_assets, 6)
        Weight, shares of volatility, VaR and CVaR, CVaR and incremental CVaR of each asset; no row for a single series.
    diversification : Series
        What goes with it: observations, total CVaR, diversification ratio, effective numbers, the benchmark's share.
    stress : DataFrame, shape (n_episodes, 8)
        Dates of the episodes, compound returns, and how many assets' returns are actual, implied by betas, unknown.
    correlation : DataFrame, shape (n_series, n_series)
        Of assets, portfolio and benchmark, over the dates that both of a pair have.
    sizing : SizingComparison
        The assets sized in other ways and simulated; of nothing where the page has no such section.
    breaker : BreakerOutcome
        The portfolio under a circuit breaker; of nothing where the page has no such section.
    returns, growth, drawdown, rolling_volatility, rolling_sharpe_ratio : DataFrame, shape (n_dates, 1 or 2)
        Portfolio and benchmark over time.
    """

    conventions: pd.DataFrame
    headline: pd.DataFrame
    intervals: pd.DataFrame
    confidence: float
    now: pd.DataFrame
    drawdowns: pd.DataFrame
    monthly: pd.DataFrame
    assets: pd.DataFrame
    contributions: pd.DataFrame
    diversification: pd.Series
    stress: pd.DataFrame
    correlation: pd.DataFrame
    sizing: SizingComparison
    breaker: BreakerOutcome
    returns: pd.DataFrame
    growth: pd.DataFrame
    drawdown: pd.DataFrame
    rolling_volatility: pd.DataFrame
    rolling_sharpe_ratio: pd.DataFrame

    def __repr__(self) -> str:
        return f"ReportTables({len(self.headline)} measures, {len(self.returns):,} dates)"


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of a report."""

    level: float
    risk_free: float
    periods_per_year: float | None
    window: int | None
    confidence: float
    nan_policy: NanPolicy
    source: str


def compute(inputs: Inputs, settings: Settings, sections: Sequence[str]) -> tuple[metrics.RiskSummary, ReportTables]:
    """Return the summary of the portfolio and every table of the report; simulations only for their sections."""
    shared: Any = {"level": settings.level, "risk_free": settings.risk_free}
    periods_given = settings.periods_per_year
    own = metrics.summary(inputs.portfolio.to_frame(), inputs.benchmark, periods_per_year=periods_given, **shared)
    periods = own.periods_per_year
    beside = (
        None
        if inputs.benchmark is None
        else metrics.summary(inputs.benchmark.to_frame(), periods_per_year=periods, **shared)
    )
    compared = inputs.compared
    window = _window(settings.window, periods, len(compared))
    drawdown: Any = metrics.drawdown(compared)
    growth: Any = metrics.wealth_index(compared)
    volatility: Any = metrics.rolling(compared, "volatility", window=window, periods_per_year=periods)
    sharpe: Any = metrics.rolling(
        compared, "sharpe_ratio", window=window, risk_free=settings.risk_free, periods_per_year=periods
    )
    risk = whose_risk(inputs, own)
    bounds, doubts = intervals(inputs, own, settings.confidence)
    tables = ReportTables(
        conventions=_conventions(inputs, settings, own, window, doubts),
        headline=headline(own, beside),
        intervals=bounds,
        confidence=settings.confidence,
        now=_now(compared, drawdown, volatility, sharpe, window=window, period=period_name(periods)),
        drawdowns=_drawdowns(inputs.portfolio),
        monthly=monthly_returns(inputs.portfolio),
        assets=_assets(inputs, settings, periods),
        contributions=contributions(risk),
        diversification=diversification(risk),
        stress=stress(inputs),
        correlation=_correlation(inputs),
        sizing=compare_sizing(inputs, own, settings.confidence) if "sizing" in sections else no_comparison(NOT_ASKED),
        breaker=break_circuit(inputs, settings.confidence) if "breaker" in sections else no_outcome(NOT_ASKED),
        returns=compared,
        growth=growth,
        drawdown=drawdown,
        rolling_volatility=volatility,
        rolling_sharpe_ratio=sharpe,
    )
    return own, tables


def _window(given: int | None, periods: float, n_dates: int) -> int:
    """Return the window given, else one year, or half of the dates if these are fewer than two years."""
    if given is None:
        return max(2, min(max(round(periods), SHORTEST_DEFAULT_WINDOW), n_dates // 2))
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or not 2 <= given <= n_dates:
        raise InvalidInputError(f"window must be a whole number from 2 to the {n_dates:,} dates, got {given!r}.")
    return int(given)


def _conventions(
    inputs: Inputs, settings: Settings, own: metrics.RiskSummary, window: int, doubts: str
) -> pd.DataFrame:
    index, period = inputs.portfolio.index, period_name(own.periods_per_year)
    inferred = "read off the dates" if settings.periods_per_year is None else "given"
    words = words_of(own)
    missing = 'none (nan_policy="raise")' if settings.nan_policy == "raise" else 'left out (nan_policy="omit")'
    rows = {
        "Dates": f"{date(index[0])} to {date(index[-1])}",
        "Observations": f"{len(index):,} returns, one per {period}",
        "Benchmark": "none" if inputs.benchmark is None else str(inputs.benchmark.name),
        "Missing values": missing,
        "Portfolio": inputs.weighting,
        "Periods per year": f"{plain(own.periods_per_year)}, {inferred}",
        "Risk-free rate": f"{plain(100.0 * own.risk_free)}% per {period}",
        "Returns": "simple, per period; growth compounds them",
        "Signs": "VaR, CVaR and drawdowns are losses: positive is worse",
        f"VaR, level {words['level']}": f"historical: loss of rank ⌈{words['level_number']} n⌉ of n, ascending",
        f"CVaR, level {words['level']}": f"historical: mean of the worst {words['tail']} of losses",
        "Volatility, Sharpe": f"deviations divide by n − 1; scaled by √{plain(own.periods_per_year)}",
        "Intervals": _how_sure(settings.confidence, len(index)) + doubts,
        "Rolling window": f"{window:,} {period}s",
        "Dates left out": inputs.left_out,
        "Data": settings.source or "returns in memory",
        "SHA-256 of returns": inputs.sha256,
    }
    return pd.DataFrame({"Value": rows}).rename_axis("Convention")


def _how_sure(confidence: float, rows: int) -> str:
    if rows < FEWEST_RETURNS:
        return f"none: fewer than {FEWEST_RETURNS} returns"
    return (
        f"{percent_of(confidence)}; {how_bounded(confidence).draws:,} draws from seed {SEED}: filtered bootstrap for "
        "VaR, CVaR and deviations, blocks for the rest; of drawdowns and their ratios the range of resampled histories."
    )


def _now(
    compared: pd.DataFrame,
    drawdown: pd.DataFrame,
    volatility: pd.DataFrame,
    sharpe: pd.DataFrame,
    *,
    window: int,
    period: str,
) -> pd.DataFrame:
    rows = {
        "Drawdown": (drawdown.iloc[:, 0], True),
        f"Volatility, last {window:,} {period}s": (volatility.iloc[:, 0], True),
        f"Sharpe ratio, last {window:,} {period}s": (sharpe.iloc[:, 0], False),
        f"Return in one {period}": (compared.iloc[:, 0], False),
    }
    return pd.DataFrame.from_dict(
        {name: _latest_and_worst(series.dropna(), high) for name, (series, high) in rows.items()},
        orient="index",
        columns=["latest", "latest_date", "worst", "worst_date", "median"],
    ).rename_axis("Measure")


def _latest_and_worst(series: Any, high_is_worse: bool) -> tuple[Any, ...]:
    if series.empty:
        return np.nan, pd.NaT, np.nan, pd.NaT, np.nan
    worst = series.idxmax() if high_is_worse else series.idxmin()
    return float(series.iloc[-1]), series.index[-1], float(series[worst]), worst, float(series.median())


def _drawdowns(portfolio: pd.Series) -> pd.DataFrame:
    frame = metrics.drawdown_table(portfolio, top=WORST_DRAWDOWNS).to_frame()
    for column in ("peak", "start", "trough", "recovery"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def monthly_returns(returns: pd.Series) -> pd.DataFrame:
    """Compound returns to months and years.

    Parameters
    ----------
    returns : Series, shape (n_dates,)
        Simple returns with a DatetimeIndex.

    Returns
    -------
    DataFrame, shape (n_years, 13)
        Fractions, one column a month and one for the year; NaN where a month has no return.
    """
    index: Any = returns.index
    growth = 1.0 + returns
    months = growth.groupby([index.year, index.month]).prod().unstack() - 1.0
    table = months.reindex(columns=range(1, 13)).set_axis(list(MONTHS), axis=1)
    table["Total"] = growth.groupby(index.year).prod() - 1.0
    return table.rename_axis("Year", axis=0)


def _assets(inputs: Inputs, settings: Settings, periods: float) -> pd.DataFrame:
    if inputs.assets is None or inputs.weights is None:
        return pd.DataFrame()
    result = metrics.summary(
        inputs.assets,
        level=settings.level,
        risk_free=settings.risk_free,
        periods_per_year=periods,
        nan_policy=settings.nan_policy,
    )
    return pd.DataFrame(
        {
            "weight": inputs.weights.to_numpy(),
            "observations": result.observations,
            "annual_return": result.annual_return,
            "volatility": result.volatility,
            "sharpe_ratio": result.sharpe_ratio,
            "value_at_risk": result.value_at_risk,
            "conditional_value_at_risk": result.conditional_value_at_risk,
            "max_drawdown": result.max_drawdown,
        },
        index=pd.Index(result.assets, name="Asset"),
    )


def _correlation(inputs: Inputs) -> pd.DataFrame:
    compared = inputs.compared
    everything = compared if inputs.assets is None else pd.concat([inputs.assets, compared], axis=1)
    return everything.loc[:, ~everything.columns.duplicated()].corr()
