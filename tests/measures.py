"""Every public measure and how to call it: one table that the tests over all of them share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from riskresearch import metrics

BENCHMARK = (0.002, -0.011, 0.006, 0.0, 0.013, -0.004, 0.009, -0.007)


@dataclass(frozen=True)
class Measure:
    """How to call the public function `name` with data alone, and what it gives."""

    name: str
    result: str
    """"number" per column, "path" over time, "record": a result type, "portfolio": of weights and returns together, or
    "other": its first argument is no returns, and its own tests say how it is called."""
    options: Mapping[str, Any] = field(default_factory=dict)
    benchmark: bool = False
    minimum: int = 1
    """Fewest rows that it accepts."""
    omits: bool = True
    """Whether it has a nan_policy."""
    compounds: bool = False
    """Whether it refuses returns below -1."""
    of_prices: bool = False

    def __call__(self, data: Any, **options: Any) -> Any:
        """Call the measure, with a benchmark over the same rows and dates if it needs one."""
        others = (benchmark_like(data),) if self.benchmark else ()
        return getattr(metrics, self.name)(data, *others, **{**self.arguments(data), **options})

    def arguments(self, data: Any) -> dict[str, Any]:
        """Return the options, those that depend on the number of columns computed."""
        return {name: value(data) if isinstance(value, Callable) else value for name, value in self.options.items()}


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


def first_falls(data: Any) -> dict[str, float]:
    """Return a shock of the first column."""
    columns = [name for name in data.columns if name != "date"] if hasattr(data, "columns") else ["0"]
    return {columns[0]: -0.1}


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("DrawdownTable", "type"),
        Measure("MonteCarloRisk", "type"),
        Measure("ReverseStress", "type"),
        Measure("RiskContributions", "type"),
        Measure("RiskSummary", "type"),
        Measure("StressTest", "type"),
        Measure("alpha", "number", benchmark=True, minimum=2),
        Measure("annual_return", "number", compounds=True),
        Measure("average_drawdown", "number", compounds=True),
        Measure("beta", "number", benchmark=True, minimum=2),
        Measure("burke_ratio", "number", compounds=True),
        Measure("calmar_ratio", "number", compounds=True),
        Measure("conditional_value_at_risk", "number"),
        Measure("diversification_ratio", "portfolio", options={"weights": equal_weights}, minimum=2),
        Measure("down_capture", "number", benchmark=True, compounds=True),
        Measure("drawdown", "path", compounds=True),
        Measure("drawdown_table", "record", compounds=True),
        Measure("effective_number_of_bets", "portfolio", options={"weights": equal_weights}, minimum=2),
        Measure("entropy_pooling", "other"),
        Measure("excess_kurtosis", "number", minimum=2),
        Measure("filtered_bootstrap", "other"),
        Measure("herfindahl_index", "other"),
        Measure("historical_stress", "other"),
        Measure(
            "hypothetical_stress", "portfolio", options={"weights": equal_weights, "shocks": first_falls}, omits=False
        ),
        Measure("information_ratio", "number", benchmark=True, minimum=2),
        Measure("max_drawdown", "number", compounds=True),
        Measure("monte_carlo_risk", "other"),
        Measure("normal_scenarios", "other"),
        Measure("omega_ratio", "number"),
        Measure("portfolio_returns", "path", options={"weights": equal_weights}),
        Measure("reverse_stress", "portfolio", options={"weights": equal_weights, "loss": 0.1}, minimum=2),
        Measure("risk_contributions", "portfolio", options={"weights": equal_weights}),
        Measure("rolling_sharpe_ratio", "path", options={"window": 3}, minimum=3, omits=False),
        Measure("rolling_volatility", "path", options={"window": 3}, minimum=3, omits=False),
        Measure("sharpe_ratio", "number", minimum=2),
        Measure("simple_returns", "path", minimum=2, of_prices=True),
        Measure("skewness", "number", minimum=2),
        Measure("sortino_ratio", "number"),
        Measure("stress_episodes", "other"),
        Measure("student_t_scenarios", "other"),
        Measure("summary", "record", minimum=2, compounds=True),
        Measure("tail_ratio", "number"),
        Measure("tracking_error", "number", benchmark=True, minimum=2),
        Measure("ulcer_index", "number", compounds=True),
        Measure("up_capture", "number", benchmark=True, compounds=True),
        Measure("value_at_risk", "number"),
        Measure("volatility", "number", minimum=2),
        Measure("wealth_index", "path", compounds=True),
    )
}
NUMBERS = tuple(measure for measure in MEASURES.values() if measure.result == "number")
PATHS = tuple(measure for measure in MEASURES.values() if measure.result == "path")
PORTFOLIOS = tuple(measure for measure in MEASURES.values() if measure.result == "portfolio")
CALLABLE = tuple(measure for measure in MEASURES.values() if measure.result not in ("type", "portfolio", "other"))
