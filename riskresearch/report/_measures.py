"""The rows of the headline table: each measure with its label, its definition in words and its number format."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from riskresearch.core.output._formats import Formatter, percent, percent_of, plain, ratio
from riskresearch.metrics import RiskSummary
from riskresearch.report._money import Capital


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: a field of `riskresearch.metrics.RiskSummary` with label and definition, conventions in braces."""

    field: str
    label: str
    how: str
    write: Formatter
    of_equity: bool = False
    """Whether it is a fraction of the equity, which is an amount of money where the capital is known."""


MEASURES = (
    Measure("annual_return", "Annual return", "% per year, compounded", percent),
    Measure("volatility", "Volatility", "% per year; sample deviation × √{periods}", percent),
    Measure("sharpe_ratio", "Sharpe ratio", "per year; mean excess return over its deviation × √{periods}", ratio),
    Measure("sortino_ratio", "Sortino ratio", "per year; mean return over the downside deviation below 0", ratio),
    Measure("calmar_ratio", "Calmar ratio", "annual return over maximum drawdown", ratio),
    Measure("omega_ratio", "Omega ratio", "sum of gains over sum of losses", ratio),
    Measure("burke_ratio", "Burke ratio", "annual excess return over the root of the summed squared drawdowns", ratio),
    Measure(
        "value_at_risk",
        "VaR {level}",
        "% per {period}; historical, loss of rank ⌈{level_number} n⌉",
        percent,
        of_equity=True,
    ),
    Measure(
        "conditional_value_at_risk",
        "CVaR {level}",
        "% per {period}; historical mean of the worst {tail} of losses",
        percent,
        of_equity=True,
    ),
    Measure("max_drawdown", "Max drawdown", "% below the running peak", percent, of_equity=True),
    Measure("average_drawdown", "Average drawdown", "%; mean depth of all drawdowns", percent, of_equity=True),
    Measure("ulcer_index", "Ulcer index", "%; root mean square drawdown", percent),
    Measure("best", "Best return", "% in one {period}", percent, of_equity=True),
    Measure("worst", "Worst return", "% in one {period}", percent, of_equity=True),
    Measure("positive_share", "Positive returns", "% of {period}s", percent),
    Measure("skewness", "Skewness", "third standardised moment (population)", ratio),
    Measure("excess_kurtosis", "Excess kurtosis", "fourth standardised moment less 3 (population)", ratio),
    Measure("tail_ratio", "Tail ratio {level}", "gain over loss at the same level", ratio),
    Measure("beta", "Beta", "slope of excess returns on the benchmark’s", ratio),
    Measure("alpha", "Alpha", "% per year; Jensen, intercept × {periods}", percent),
    Measure("correlation", "Correlation", "with the benchmark, per {period}", ratio),
    Measure("tracking_error", "Tracking error", "% per year; deviation of the difference × √{periods}", percent),
    Measure(
        "information_ratio", "Information ratio", "per year; mean difference over its deviation × √{periods}", ratio
    ),
    Measure("up_capture", "Up capture", "compounded mean over the benchmark’s when it rose", ratio),
    Measure("down_capture", "Down capture", "compounded mean over the benchmark’s when it fell", ratio),
)

CARD_FIELDS = (
    "annual_return", "volatility", "sharpe_ratio", "value_at_risk", "conditional_value_at_risk", "max_drawdown",
)  # fmt: skip

PERIODS = {8760.0: "hour", 252.0: "day", 365.0: "day", 52.0: "week", 12.0: "month", 4.0: "quarter", 1.0: "year"}


def period_name(periods_per_year: float) -> str:
    """Return the name of the period that one return covers."""
    return PERIODS.get(periods_per_year, "period")


def words_of(summary: RiskSummary) -> dict[str, str]:
    """Return the values of the braces in `MEASURES` under the conventions of this summary."""
    return {
        "periods": plain(summary.periods_per_year),
        "period": period_name(summary.periods_per_year),
        "level": percent_of(summary.level),
        "level_number": f"{summary.level:.6g}",
        "tail": f"{100.0 - 100.0 * summary.level:.6g}%",
    }


def between(write: Formatter, intervals: pd.DataFrame, label: str) -> str:
    """Format the interval of a measure; empty where there is none."""
    bounds: Any = intervals.loc[label]
    lower, upper = map(float, bounds)
    return "" if math.isnan(lower) or math.isnan(upper) else f"{write(lower)} to {write(upper)}"


def shown_measures(own: RiskSummary) -> list[Measure]:
    """Return the measures that this summary has; those of the benchmark only beside one."""
    return [measure for measure in MEASURES if getattr(own, measure.field) is not None]


def headline(own: RiskSummary, beside: RiskSummary | None) -> pd.DataFrame:
    """Return the measures as rows, portfolio and benchmark as columns; NaN where a measure needs a benchmark."""
    words = words_of(own)
    columns = {own.assets[0]: own} | ({} if beside is None else {beside.assets[0]: beside})
    shown = shown_measures(own)
    return pd.DataFrame(
        {
            name: [float((getattr(side, measure.field) or (float("nan"),))[0]) for measure in shown]
            for name, side in columns.items()
        },
        index=pd.Index([measure.label.format(**words) for measure in shown], name="Measure"),
    )


def amounts(own: RiskSummary, capital: Capital | None) -> dict[str, pd.DataFrame]:
    """Return the table of the portfolio's measures in money, with the equity that they are of; none without one."""
    if capital is None:
        return {}
    words = words_of(own)
    shown = [measure for measure in shown_measures(own) if measure.of_equity]
    fractions = [float(getattr(own, measure.field)[0]) for measure in shown]
    frame = pd.DataFrame(
        {"fraction": fractions, "amount": [capital.amount * fraction for fraction in fractions]},
        index=pd.Index([measure.label.format(**words) for measure in shown], name="Measure"),
    )
    return {"amounts": frame.assign(equity=capital.amount)}
