"""The page in one sentence: what was earned, at what risk, and what these returns can tell."""

import math
import warnings
from dataclasses import replace

from riskresearch import metrics
from riskresearch.core import DependentRowsWarning
from riskresearch.core.dates._years import years_of
from riskresearch.core.output._formats import count, date, p_value, percent, percent_of, ratio
from riskresearch.core.output._text import shortened
from riskresearch.report._intervals import MIN_RETURNS, bootstrap_settings
from riskresearch.report._section import Context

SIGNIFICANCE = 0.05
ALMOST_ALL, ALMOST_NOTHING = "99.9%", "0.01%"
LONGEST_NAME = 32
"""Of a portfolio or benchmark at the head of a page; the tables have the whole."""


def head_name(name: object) -> str:
    """Return the name of a portfolio or benchmark as it stands at the head of a page."""
    return shortened(name, LONGEST_NAME)


def verdict(context: Context) -> str:
    """Return the sentence below the title."""
    own, name = context.summary, head_name(context.inputs.portfolio.name)
    ruin = context.compared.index[context.inputs.portfolio.to_numpy() <= -1.0]
    if ruin.size:
        return f"{name} lost everything on {date(ruin[0])}. The measures below count the returns after that day too."
    return f"{name} {_earned(context)}; {_fallen(own.max_drawdown[0])}; {_told(context)}."


def _fallen(drawdown: float) -> str:
    """Return the worst loss from a peak in words; it is everything only where all was lost."""
    if drawdown == 0.0:
        return "it never fell below a peak"
    most = in_words(drawdown)
    return f"its worst loss from a peak was {f'more than {ALMOST_ALL}' if most == percent(1.0, decimals=1) else most}"


def in_words(fraction: float) -> str:
    """Format a positive fraction with one decimal of a percent, and what that would round to nothing with more."""
    if fraction == 0.0 or abs(fraction) >= 0.0005:
        return percent(fraction, decimals=1)
    return percent(fraction) if abs(fraction) >= 0.00005 else f"less than {ALMOST_NOTHING}"


def _earned(context: Context) -> str:
    index, own, beside = context.compared.index, context.summary, context.beside
    if years_of(index.to_numpy(), own.periods_per_year).short:
        total, *other = (float(end) - 1.0 for end in context.growth.iloc[-1])
        against = "" if beside is None else f" ({head_name(beside.assets[0])} {percent(other[0], decimals=1)})"
        return f"returned {percent(total, decimals=1)} in less than a year{against}"
    against = (
        "" if beside is None else f" ({head_name(beside.assets[0])} {percent(beside.annual_return[0], decimals=1)})"
    )
    return (
        f"returned {percent(own.annual_return[0], decimals=1)} a year{against} at a volatility of "
        f"{in_words(own.volatility[0])}"
    )


def _told(context: Context) -> str:
    """Return what the Sharpe ratio shows, or that there are too few returns to say."""
    rows, sharpe = len(context.compared), context.summary.sharpe_ratio[0]
    if rows < MIN_RETURNS:
        return f"{count(rows)} returns are too few to judge its Sharpe ratio"
    lower, upper, _ = context.intervals.of("sharpe_ratio")
    if math.isnan(lower) or math.isnan(sharpe):
        return "its Sharpe ratio cannot be judged"
    found = (
        f"its Sharpe ratio of {ratio(sharpe)} ({percent_of(context.settings.confidence)} interval {ratio(lower)} to "
        f"{ratio(upper)})"
    )
    above = lower > 0.0
    apart = "is below zero" if upper < 0.0 else "is above zero" if above else "cannot be told from zero"
    twin = _twin(context)
    if twin:
        return f"{found} {apart}; every return is that of {twin}"
    told = _beside(context)
    if told is None:
        return f"{found} {apart}"
    differs, other = told
    if not above and upper >= 0.0:
        return f"{found} {apart}, {f'but differs from {other}' if differs else f'nor from {other}'}"
    return f"{found} {apart} {f'and differs from {other}' if differs else f'but cannot be told from {other}'}"


def _twin(context: Context) -> str:
    """Return the name of a benchmark that has the same returns; empty for none: nothing could tell the two apart."""
    benchmark = context.inputs.benchmark
    if benchmark is None or not (context.inputs.portfolio.to_numpy() == benchmark.to_numpy()).all():
        return ""
    return head_name(benchmark.name)


def _beside(context: Context) -> tuple[bool, str] | None:
    """Return whether the Sharpe ratio differs from the benchmark’s, and that in words; None where it is not asked."""
    inputs, beside = context.inputs, context.beside
    if inputs.benchmark is None or beside is None or not math.isfinite(beside.sharpe_ratio[0]):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DependentRowsWarning)  # the conventions name the intervals that it concerns
        found = metrics.sharpe_ratio_difference(
            inputs.portfolio, inputs.benchmark,
            interval=replace(bootstrap_settings(context.settings.confidence), resampling="circular"),
            risk_free=context.settings.risk_free, periods_per_year=context.summary.periods_per_year,
        )  # fmt: skip
    if not math.isfinite(found.p_value):
        return None
    words = f"the {ratio(beside.sharpe_ratio[0])} of {head_name(inputs.benchmark.name)} (p {p_value(found.p_value)})"
    return bool(found.p_value <= SIGNIFICANCE), words
