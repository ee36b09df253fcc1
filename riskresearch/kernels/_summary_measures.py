"""The measures of a summary, for each column: what several of them need is computed once."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels import _compounding, _moments, _quantiles, _ratios
from riskresearch.kernels._episodes import episode_depths
from riskresearch.kernels._rounding import unless_rounding
from riskresearch.kernels.compiled._drawdown import drawdown_path

FIRST_LINE = (
    "annual_return", "volatility", "sharpe_ratio", "sortino_ratio", "calmar_ratio", "omega_ratio", "burke_ratio",
    "max_drawdown", "average_drawdown", "ulcer_index", "value_at_risk", "conditional_value_at_risk", "tail_ratio",
    "skewness", "excess_kurtosis", "best", "worst", "positive_share",
)  # fmt: skip


def summary_measures(values: FloatMatrix, risk_free: FloatVector, level: float, periods: float) -> FloatMatrix:
    """Return the measures of `FIRST_LINE` as rows, shape (measures, columns)."""
    yearly = _compounding.yearly_growth(values, periods)
    path = drawdown_path(values)
    depths = episode_depths(path)
    worst = path.max(axis=0)
    value_at_risk, conditional = _quantiles.historical_tail(values, level)
    skewness, excess_kurtosis = _moments.standardized_moments(values)
    rows = (
        yearly,
        _moments.deviation(values) * periods**0.5,
        _ratios.sharpe(values, risk_free, periods),
        _ratios.sortino(values, 0.0, periods),
        _moments.divide(yearly, unless_rounding(worst, values)),
        _ratios.omega(values, 0.0),
        _ratios.burke(values, risk_free, periods, depths),
        worst,
        _ratios.average_depth(depths),
        _ratios.ulcer(path),
        value_at_risk,
        conditional,
        _ratios.ratio_of_sizes(values, _quantiles.loss_quantile(-values, level, "inverted_cdf"), value_at_risk),
        skewness,
        excess_kurtosis,
        values.max(axis=0),
        values.min(axis=0),
        (values > 0.0).mean(axis=0),
    )
    return np.stack(rows)
