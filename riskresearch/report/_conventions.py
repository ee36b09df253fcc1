"""The conventions of a report, in words."""

from collections.abc import Mapping

import pandas as pd

from riskresearch.core import InvalidInputError, find_gaps
from riskresearch.core.dates._spacing import read_spacing
from riskresearch.core.dates._years import years_of
from riskresearch.core.output._formats import date, percent_of, plain
from riskresearch.report._intervals import MIN_RETURNS, SEED, bootstrap_settings
from riskresearch.report._measures import period_name, words_of
from riskresearch.report._section import Context

AMOUNTS = "the currency is that of the capital; a drawdown is shown as if that equity were the peak"


def conventions(context: Context) -> pd.DataFrame:
    """Return the parameters and conventions of a report, in words."""
    inputs, settings, own = context.inputs, context.settings, context.summary
    index, period = inputs.portfolio.index, period_name(own.periods_per_year)
    inferred = _calendar(index) if settings.periods_per_year is None else "given"
    words = words_of(own)
    missing = 'none (nan_policy="raise")' if settings.nan_policy == "raise" else 'left out (nan_policy="omit")'
    rows = {
        "Dates": f"{date(index[0])} to {date(index[-1])}",
        "Observations": f"{len(index):,} returns, one per {period}",
        "Benchmark": "none" if inputs.benchmark is None else str(inputs.benchmark.name),
        "Years": years_of(index.to_numpy(), own.periods_per_year).words(),
        "Missing values": missing,
        "Gaps in the dates": _gaps(inputs.portfolio),
        "Portfolio": inputs.weighting,
        "Periods per year": f"{plain(own.periods_per_year)}, {inferred}",
        "Risk-free rate": f"{plain(100.0 * own.risk_free)}% per {period}",
        "Returns": "simple, per period; growth compounds them",
        "Signs": "VaR, CVaR and drawdowns are losses: positive is worse",
        f"VaR, level {words['level']}": f"historical: loss of rank ⌈{words['level_number']} n⌉ of n, ascending",
        f"CVaR, level {words['level']}": f"historical: mean of the worst {words['tail']} of losses",
        "Volatility, Sharpe": f"deviations divide by n − 1; scaled by √{plain(own.periods_per_year)}",
        "Intervals": _how_sure(settings.confidence, len(index)) + context.intervals.doubts(),
        "Rolling window": f"{settings.window:,} {period}s",
        **({"Common dates": inputs.common_dates} if inputs.common_dates else {}),
        **({} if settings.capital is None else {"Amounts in money": f"{settings.capital.words}; {AMOUNTS}"}),
        "Dates left out": inputs.left_out,
        "Data": settings.source or "returns in memory",
        **({"Settings": settings.settings_from} if settings.settings_from else {}),
        "SHA-256 of returns": inputs.sha256,
    }
    return pd.DataFrame({"Value": rows}).rename_axis("Convention")


def reasons(inapplicable: Mapping[str, str]) -> str:
    """Return each reason with the titles of the sections that it concerns."""
    titles: dict[str, list[str]] = {}
    for title, reason in inapplicable.items():
        titles.setdefault(reason, []).append(title)
    return "; ".join(f"{', '.join(named)}: {reason}" for reason, named in titles.items())


def _calendar(index: pd.Index) -> str:
    spacing = read_spacing(index.to_numpy())
    return "too few dates to tell" if spacing is None else f"read off the dates: {spacing.seen}"


def _gaps(portfolio: pd.Series) -> str:
    """Return what is missing between the dates; holidays of an exchange look like missing rows."""
    try:
        gaps = find_gaps(portfolio)
    except InvalidInputError:
        return "not counted: the dates are irregular or too few"
    return gaps.words() + ("; no more than holidays make" if gaps.total and not gaps.extraordinary else "")


def _how_sure(confidence: float, rows: int) -> str:
    if rows < MIN_RETURNS:
        return f"none: fewer than {MIN_RETURNS} returns"
    return (
        f"{percent_of(confidence)}; {bootstrap_settings(confidence).draws:,} draws from seed {SEED}: filtered "
        "bootstrap for VaR, CVaR and deviations, blocks for the rest; of drawdowns and their ratios the range of "
        "resampled histories."
    )
