"""One panel in, any measure out: checked once, what measures share computed once, answers kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import asset_names, risk_free_vector, same_rows
from riskresearch.core._checks import check_choice, check_count, check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._sharing import SharedResults
from riskresearch.metrics import (
    _coherent_tail,
    _comovement,
    _downside,
    _drawdown_ratios,
    _drawdowns,
    _ratios,
    _relative,
    _relative_ratios,
    _returns,
    _shape,
    _summary,
    _tail_risk,
    _timing,
)
from riskresearch.metrics._result_cache import (
    Answers,
    CacheInfo,
    against_benchmark,
    alone,
    known,
    measures_of,
    own_copy,
)
from riskresearch.metrics.inference import _sharpe_difference, _sharpe_inference
from riskresearch.metrics.windows import _rolling_moments, _rolling_relative, _rolling_tail

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data, NanPolicy, PerColumn

# Arrays of the panel's size that measures share: excess returns, drawdowns, growth, standardised returns, shortfalls.
SHARED_PANELS = 6
LEAST_SHARED_BYTES = 1_000_000


class RiskMetricsCalculator:
    """Measure the same returns in many ways: each measure of `riskresearch.metrics` is a method.

    The returns are copied and checked once. What several measures need (the tail, moments, drawdowns, excess returns)
    is computed once, and answers are kept; each has the bits of the plain function. Safe to share among threads, which
    then wait for one another.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array, optional
        Simple returns of a benchmark on the same dates; without it, methods that need one refuse.
    level : float
        Confidence level of every measure that has one, in (0.5, 1).
    risk_free : float or Series
        Simple rate per period, not per year.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.
    cache_size : int
        Most answers that are kept; the least recently used goes first. 0 keeps none.

    Notes
    -----
    A method takes what its function takes beside returns and benchmark; what is left out is as given here. A repeated
    bootstrap from fresh entropy gives the answer that is kept, whose `seed` repeats it.

    Examples
    --------
    >>> import riskresearch
    >>> calc = riskresearch.RiskMetricsCalculator([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8)
    >>> calc["value_at_risk"], calc.value_at_risk(level=0.6), calc.conditional_value_at_risk()
    (0.01, 0.0, 0.03)
    """

    __slots__ = ("_answers", "_benchmark", "_held", "_panel")

    def __init__(
        self,
        returns: Data,
        benchmark: Data | None = None,
        *,
        level: float = 0.95,
        risk_free: float | Data = 0.0,
        periods_per_year: float | None = None,
        nan_policy: NanPolicy = "raise",
        cache_size: int = 128,
    ) -> None:
        panel = as_panel(own_copy(returns), nan_policy=nan_policy)
        periods = resolve_periods_per_year(periods_per_year, panel.dates)
        rates = risk_free_vector(risk_free, panel, periods)
        market = None
        if benchmark is not None:
            market = same_rows(own_copy(benchmark), panel, name="benchmark", nan_policy=nan_policy)
            if market.values.shape[1] != 1:
                raise InvalidInputError(f"benchmark must be one series, got {market.values.shape[1]} columns.")
        results = SharedResults(max(SHARED_PANELS * panel.values.nbytes, LEAST_SHARED_BYTES))
        self._panel = known(panel, results)
        self._benchmark = None if market is None else known(market, results)
        self._held: dict[str, Any] = {
            "level": check_level(level),
            "risk_free": known(
                as_panel(np.array(rates), name="risk_free", holds="numbers", nan_policy=nan_policy), results
            ),
            "periods_per_year": periods,
            "nan_policy": nan_policy,
        }
        self._answers = Answers(check_count(cache_size, name="cache_size", minimum=0), results)

    alpha = against_benchmark(_relative.alpha)
    annual_return = alone(_returns.annual_return)
    appraisal_ratio = against_benchmark(_relative_ratios.appraisal_ratio)
    average_drawdown = alone(_drawdowns.average_drawdown)
    batting_average = against_benchmark(_relative_ratios.batting_average)
    beta = against_benchmark(_relative.beta)
    burke_ratio = alone(_ratios.burke_ratio)
    calmar_ratio = alone(_ratios.calmar_ratio)
    cokurtosis = against_benchmark(_comovement.cokurtosis)
    conditional_drawdown_at_risk = alone(_drawdown_ratios.conditional_drawdown_at_risk)
    conditional_value_at_risk = alone(_tail_risk.conditional_value_at_risk)
    correlation = against_benchmark(_comovement.correlation)
    coskewness = against_benchmark(_comovement.coskewness)
    deflated_sharpe_ratio = alone(_sharpe_inference.deflated_sharpe_ratio)
    down_beta = against_benchmark(_comovement.down_beta)
    down_capture = against_benchmark(_relative.down_capture)
    downside_deviation = alone(_downside.downside_deviation)
    downside_potential = alone(_downside.downside_potential)
    drawdown = alone(_drawdowns.drawdown, keep=False)
    drawdown_table = alone(_drawdowns.drawdown_table)
    entropic_value_at_risk = alone(_coherent_tail.entropic_value_at_risk)
    excess_kurtosis = alone(_shape.excess_kurtosis)
    expectile_value_at_risk = alone(_coherent_tail.expectile_value_at_risk)
    gain_to_pain_ratio = alone(_downside.gain_to_pain_ratio)
    henriksson_merton = against_benchmark(_timing.henriksson_merton)
    information_ratio = against_benchmark(_relative.information_ratio)
    kappa_ratio = alone(_downside.kappa_ratio)
    m_squared = against_benchmark(_relative_ratios.m_squared)
    martin_ratio = alone(_drawdown_ratios.martin_ratio)
    max_drawdown = alone(_drawdowns.max_drawdown)
    minimum_track_record_length = alone(_sharpe_inference.minimum_track_record_length)
    omega_ratio = alone(_ratios.omega_ratio)
    pain_index = alone(_drawdown_ratios.pain_index)
    pain_ratio = alone(_drawdown_ratios.pain_ratio)
    probabilistic_sharpe_ratio = alone(_sharpe_inference.probabilistic_sharpe_ratio)
    rolling_beta = against_benchmark(_rolling_relative.rolling_beta, keep=False)
    rolling_conditional_value_at_risk = alone(_rolling_tail.rolling_conditional_value_at_risk, keep=False)
    rolling_correlation = against_benchmark(_rolling_relative.rolling_correlation, keep=False)
    rolling_excess_kurtosis = alone(_rolling_moments.rolling_excess_kurtosis, keep=False)
    rolling_max_drawdown = alone(_rolling_tail.rolling_max_drawdown, keep=False)
    rolling_mean = alone(_rolling_moments.rolling_mean, keep=False)
    rolling_sharpe_ratio = alone(_rolling_moments.rolling_sharpe_ratio, keep=False)
    rolling_skewness = alone(_rolling_moments.rolling_skewness, keep=False)
    rolling_sortino_ratio = alone(_rolling_moments.rolling_sortino_ratio, keep=False)
    rolling_tail_risk = alone(_rolling_tail.rolling_tail_risk, keep=False)
    rolling_value_at_risk = alone(_rolling_tail.rolling_value_at_risk, keep=False)
    rolling_volatility = alone(_rolling_moments.rolling_volatility, keep=False)
    semideviation = alone(_downside.semideviation)
    sharpe_ratio = alone(_ratios.sharpe_ratio)
    sharpe_ratio_difference = against_benchmark(_sharpe_difference.sharpe_ratio_difference)
    sharpe_ratio_interval = alone(_sharpe_inference.sharpe_ratio_interval)
    skewness = alone(_shape.skewness)
    sortino_ratio = alone(_ratios.sortino_ratio)
    sterling_ratio = alone(_drawdown_ratios.sterling_ratio)
    tail_ratio = alone(_ratios.tail_ratio)
    tail_risk = alone(_tail_risk.tail_risk)
    tracking_error = against_benchmark(_relative.tracking_error)
    treynor_mazuy = against_benchmark(_timing.treynor_mazuy)
    treynor_ratio = against_benchmark(_relative_ratios.treynor_ratio)
    ulcer_index = alone(_drawdowns.ulcer_index)
    up_beta = against_benchmark(_comovement.up_beta)
    up_capture = against_benchmark(_relative.up_capture)
    upside_potential = alone(_downside.upside_potential)
    upside_potential_ratio = alone(_downside.upside_potential_ratio)
    value_at_risk = alone(_tail_risk.value_at_risk)
    volatility = alone(_shape.volatility)
    wealth_index = alone(_returns.wealth_index, keep=False)

    def summary(self) -> _summary.RiskSummary:
        """Return the first-line measures of each asset as `riskresearch.summary` does."""
        answer: _summary.RiskSummary
        answer = self._answers.find(_summary.summary, self._panel, self._benchmark, self._held, {})
        return answer

    def measures(self) -> tuple[str, ...]:
        """Return the names that `calc[name]` and `to_frame` take: one number per asset, nothing more to be told."""
        return tuple(name for name, needs in MEASURES.items() if self._benchmark is not None or not needs)

    def __getitem__(self, name: str) -> PerColumn:
        method = getattr(self, check_choice(name, tuple(MEASURES), name="measure"))
        return method()

    def to_frame(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the measures as rows and the assets as columns; all of `measures()` unless some are named."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        if isinstance(measures, str):
            raise InvalidInputError(f"measures must be a sequence of names, got the text {measures!r}.")
        rows = {name: _numbers(self[name]) for name in (self.measures() if measures is None else measures)}
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(asset_names(self._panel)))
        return frame.rename_axis("measure")

    def cache_info(self) -> CacheInfo:
        """Return how often an answer, or a part that measures share, was kept already, and how many answers are."""
        return self._answers.info()

    def cache_clear(self) -> None:
        """Forget all answers, shared parts and counts."""
        self._answers.clear(self._panel, self._benchmark, self._held["risk_free"])

    def __repr__(self) -> str:
        rows, columns = self._panel.values.shape
        against = "" if self._benchmark is None else " against a benchmark"
        level, periods = self._held["level"], self._held["periods_per_year"]
        return (
            f"RiskMetricsCalculator({rows} rows, {columns} asset{'s' * (columns != 1)}{against}, level={level:g}, "
            f"periods_per_year={periods:g})"
        )

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


MEASURES = measures_of(RiskMetricsCalculator)


def _numbers(value: Any) -> Any:
    return np.atleast_1d(value.row(0) if hasattr(value, "row") else value)
