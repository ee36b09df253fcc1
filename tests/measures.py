"""Every public measure and how to call it: one table that the tests over all of them share."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from riskresearch import metrics, portfolio

ROOMS = (metrics, portfolio)
"""The rooms that hold measures."""
BENCHMARK = (0.002, -0.011, 0.006, 0.0, 0.013, -0.004, 0.009, -0.007)


@dataclass(frozen=True)
class Measure:
    """How to call the public function `name` with data alone, and what it gives."""

    name: str
    result: str
    """"number" per column, "path" over time, "interval", "record": another result type, "stream": fed row by row,
    "calculator": a class that holds returns, "periods": calendar periods of dated returns, "portfolio": of weights and
    returns together, "bars": of closes with highs and lows, or "other": its first argument is no returns, and its own
    tests say how it is called."""
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    benchmark: bool = False
    minimum: int = 1
    """Fewest rows that it accepts."""
    omits: bool = True
    """Whether it has a nan_policy."""
    compounds: bool = False
    """Whether it refuses returns below -1."""
    of_prices: bool = False
    field: str | None = None
    """The field of a result type that is tested as if it were returned alone."""

    @property
    def title(self) -> str:
        """The name, and of what measure a moving window is."""
        return f"{self.name} of {self.options['measure']}" if self.name == "rolling" else self.name

    def __call__(self, data: Any, **options: Any) -> Any:
        """Call the measure, with a benchmark over the same rows and dates if it needs one."""
        others = {"benchmark": benchmark_like(data)} if self.benchmark else {}
        result = function_of(self.name)(data, **others, **{**self.arguments(data), **options})
        return result if self.field is None else getattr(result, self.field)

    def arguments(self, data: Any) -> dict[str, Any]:
        """Return the options, those that depend on the number of columns computed."""
        made_of_data = (equal_weights, first_falls)
        return {name: value(data) if value in made_of_data else value for name, value in self.options.items()}


def function_of(name: str) -> Any:
    """Return the public function or class `name` of the rooms that hold measures."""
    return next(getattr(room, name) for room in ROOMS if name in room.__all__)


def width(data: Any) -> int:
    """Return the number of columns of numbers."""
    if isinstance(data, pl.DataFrame):
        return sum(dtype.is_numeric() for dtype in data.dtypes)
    shape = np.shape(data)
    return shape[1] if len(shape) == 2 else 1


def benchmark_like(data: Any) -> Any:
    """Return benchmark returns over the rows of `data`, dated alike."""
    values = np.resize(BENCHMARK, len(data))
    if isinstance(data, (pd.Series, pd.DataFrame)):
        return pd.Series(values, index=data.index)
    if isinstance(data, pl.DataFrame):
        times = [name for name, dtype in data.schema.items() if dtype.is_temporal()]
        return data.select(times).with_columns(pl.Series("benchmark", values))
    return values


def equal_weights(data: Any) -> list[float]:
    """Return the same weight for each column."""
    return [1.0 / width(data)] * width(data)


def mean_return(column: Any) -> float:
    """Return the mean: a user's own measure."""
    return float(np.mean(column))


def first_falls(data: Any) -> dict[str, float]:
    """Return a shock of the first column."""
    columns = [name for name in data.columns if name != "date"] if hasattr(data, "columns") else ["0"]
    return {columns[0]: -0.1}


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("AnalyticInterval", "type"),
        Measure("Bootstrap", "type"),
        Measure("DrawdownTable", "type"),
        Measure("Interval", "type"),
        Measure("RiskMetricsCalculator", "calculator"),
        Measure("RiskSummary", "type"),
        Measure("TimingRegression", "type"),
        Measure("MonteCarloRisk", "type"),
        Measure("PortfolioRiskMetrics", "type"),
        Measure("ReverseStress", "type"),
        Measure("RiskContributions", "type"),
        Measure("StressTest", "type"),
        Measure("Online", "stream"),
        Measure("Exceedances", "type"),
        Measure("RollingTailRisk", "type"),
        Measure("adjusted_sharpe_ratio", "number", minimum=2),
        Measure("aggregate_returns", "periods", compounds=True),
        Measure("calendar_returns", "periods", compounds=True),
        Measure("alpha", "number", benchmark=True, minimum=2),
        Measure("annual_return", "number", compounds=True),
        Measure("appraisal_ratio", "number", benchmark=True, minimum=3),
        Measure("average_drawdown", "number", compounds=True),
        Measure("batting_average", "number", benchmark=True),
        Measure("beta_cokurtosis", "number", benchmark=True, minimum=2),
        Measure("beta_coskewness", "number", benchmark=True, minimum=2),
        Measure("cdar_beta", "number", benchmark=True, compounds=True),
        Measure("d_ratio", "number"),
        Measure("prospect_ratio", "number"),
        Measure("rachev_ratio", "number"),
        Measure("beta", "number", benchmark=True, minimum=2),
        Measure(
            "bootstrap_interval",
            "interval",
            options={"measure": mean_return, "interval": metrics.Bootstrap(rng=1)},
            minimum=2,
        ),
        Measure("burke_ratio", "number", compounds=True),
        Measure("calmar_ratio", "number", compounds=True),
        Measure("conditional_drawdown_at_risk", "number", compounds=True),
        Measure("conditional_value_at_risk", "number"),
        Measure("cokurtosis", "number", benchmark=True, minimum=2),
        Measure("correlation", "number", benchmark=True, minimum=2),
        Measure("coskewness", "number", benchmark=True, minimum=2),
        Measure("down_beta", "number", benchmark=True, minimum=2),
        Measure("deflated_sharpe_ratio_from_moments", "other"),
        Measure("minimum_track_record_length_from_moments", "other"),
        Measure("probabilistic_sharpe_ratio_from_moments", "other"),
        Measure("deflated_sharpe_ratio", "number", options={"trials": 5, "trial_variance": 0.1}, minimum=2),
        Measure("diversification_ratio", "portfolio", options={"weights": equal_weights}, minimum=2),
        Measure("down_capture", "number", benchmark=True, compounds=True),
        Measure("downside_deviation", "number"),
        Measure("downside_potential", "number"),
        Measure("drawdown", "path", compounds=True),
        Measure("drawdown_table", "record", compounds=True),
        Measure("entropic_value_at_risk", "number"),
        Measure("excess_kurtosis", "number", minimum=2),
        Measure("expectile_value_at_risk", "number"),
        Measure("gain_to_pain_ratio", "number"),
        Measure("henriksson_merton", "record", benchmark=True, minimum=4),
        Measure("effective_number_of_bets", "portfolio", options={"weights": equal_weights}, minimum=2),
        Measure("entropy_pooling", "other"),
        Measure("excess_kurtosis", "number", minimum=2),
        Measure("exceedances", "other"),
        Measure("filtered_bootstrap", "other"),
        Measure("herfindahl_index", "other"),
        Measure("historical_stress", "other"),
        Measure(
            "hypothetical_stress", "portfolio", options={"weights": equal_weights, "shocks": first_falls}, minimum=2
        ),
        Measure("information_ratio", "number", benchmark=True, minimum=2),
        Measure("kappa_ratio", "number"),
        Measure("m_squared", "number", benchmark=True, minimum=2, compounds=True),
        Measure("martin_ratio", "number", compounds=True),
        Measure("max_drawdown", "number", compounds=True),
        Measure("minimum_track_record_length", "number", minimum=2),
        Measure("modified_treynor_ratio", "number", benchmark=True, minimum=2, compounds=True),
        Measure("monte_carlo_risk", "other"),
        Measure("normal_scenarios", "other"),
        Measure("omega_ratio", "number"),
        Measure("pain_index", "number", compounds=True),
        Measure("pain_ratio", "number", compounds=True),
        Measure("range_volatility", "bars"),
        Measure("rolling_range_volatility", "bars"),
        Measure("portfolio_returns", "path", options={"weights": equal_weights}),
        Measure("probabilistic_sharpe_ratio", "number", minimum=2),
        Measure("reverse_stress", "portfolio", options={"weights": equal_weights, "loss": 0.1}, minimum=2),
        Measure("risk_contributions", "portfolio", options={"weights": equal_weights}),
        Measure("semideviation", "number"),
        Measure("rolling", "path", options={"measure": "volatility", "window": 3}, minimum=3),
        Measure("rolling_tail_risk", "path", options={"window": 3}, minimum=3, field="conditional_value_at_risk"),
        Measure("sharpe_ratio", "number", minimum=2),
        Measure(
            "sharpe_ratio_difference",
            "interval",
            options={"interval": metrics.Bootstrap(draws=100, resampling="circular", rng=1)},
            benchmark=True,
            minimum=8,
        ),
        Measure("sharpe_ratio_interval", "interval", minimum=2),
        Measure("simple_returns", "path", minimum=2, of_prices=True),
        Measure("skewness", "number", minimum=2),
        Measure("sortino_ratio", "number"),
        Measure("specific_risk", "number", benchmark=True, minimum=2),
        Measure("systematic_risk", "number", benchmark=True, minimum=2),
        Measure("total_risk", "number", benchmark=True, minimum=2),
        Measure("stability", "number", minimum=3, compounds=True),
        Measure("sterling_ratio", "number", compounds=True),
        Measure("TailRisk", "type"),
        Measure("tail_risk", "number", field="conditional_value_at_risk"),
        Measure("stress_episodes", "other"),
        Measure("student_t_scenarios", "other"),
        Measure("summary", "record", minimum=2, compounds=True),
        Measure("tail_ratio", "number"),
        Measure("tracking_error", "number", benchmark=True, minimum=2),
        Measure("treynor_mazuy", "record", benchmark=True, minimum=4),
        Measure("treynor_ratio", "number", benchmark=True, minimum=2, compounds=True),
        Measure("ulcer_index", "number", compounds=True),
        Measure("up_beta", "number", benchmark=True, minimum=2),
        Measure("up_capture", "number", benchmark=True, compounds=True),
        Measure("upside_potential", "number"),
        Measure("upside_potential_ratio", "number"),
        Measure("value_at_risk", "number"),
        Measure("volatility", "number", minimum=2),
        Measure("wealth_index", "path", compounds=True),
    )
}
ROLLING = tuple(
    dataclasses.replace(
        MEASURES["rolling"],
        options={"measure": name, "window": 3},
        benchmark=name != "mean" and MEASURES[name].benchmark,
        compounds=name != "mean" and MEASURES[name].compounds,
    )
    for name in (
        "mean", "sharpe_ratio", "sortino_ratio", "value_at_risk", "conditional_value_at_risk", "max_drawdown", "alpha",
        "beta", "correlation", "skewness", "excess_kurtosis", "average_drawdown", "gain_to_pain_ratio", "up_capture",
        "down_capture",
    )
)  # fmt: skip
"""Moving windows of other measures: of each that has a recursion, and of some that are measured window by window."""
NUMBERS = tuple(measure for measure in MEASURES.values() if measure.result == "number")
PATHS = (*(measure for measure in MEASURES.values() if measure.result == "path"), *ROLLING)
INTERVALS = tuple(measure for measure in MEASURES.values() if measure.result == "interval")
PORTFOLIOS = tuple(measure for measure in MEASURES.values() if measure.result == "portfolio")
NOT_CALLED_WITH_RETURNS_ALONE = ("type", "stream", "calculator", "interval", "portfolio", "bars", "periods", "other")
CALLABLE = (
    *(measure for measure in MEASURES.values() if measure.result not in NOT_CALLED_WITH_RETURNS_ALONE),
    *ROLLING,
)
