"""Many measures of the same returns, checked once; intermediate results are shared and results kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import asset_names, risk_free_vector, same_rows
from riskresearch.core._checks import check_choice, check_count, check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import each_topic_once
from riskresearch.core._sharing import SharedResults
from riskresearch.core.frames._native import native
from riskresearch.metrics import _summary
from riskresearch.metrics._all_measures import MEASURES
from riskresearch.metrics._measure import Measure
from riskresearch.metrics._result_cache import CacheInfo, ResultCache, known, own_copy
from riskresearch.metrics.windows._rolling import rolling
from riskresearch.metrics.windows._rolling_tail import RollingTailRisk, rolling_tail_risk
from riskresearch.metrics.windows._windowed import windowed

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data, NanPolicy, NumberPerColumn, OverTime

# Arrays of the panel's size that measures share: excess returns, drawdowns, growth, standardised returns, shortfalls.
SHARED_PANELS = 6
LEAST_SHARED_BYTES = 1_000_000


@answers_other_names()
class RiskMetricsCalculator:
    """Measure the same returns in many ways: each measure of `riskresearch.metrics` is a method.

    The returns are copied and checked once. What several measures need (the tail, moments, drawdowns, excess returns)
    is computed once, and results are kept; each has the bits of the plain function. Threads may share a calculator;
    they wait for one another.

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
        Maximum number of results that are kept; the least recently used is dropped first. 0 keeps none.

    Notes
    -----
    A method has the options of its function; the options above are those of the calculator unless given. A repeated
    bootstrap with `rng=None` returns the result that was kept, whose `seed` repeats it.

    Examples
    --------
    >>> import riskresearch
    >>> calc = riskresearch.RiskMetricsCalculator([0.01, -0.03, 0.02, -0.01, 0.0], level=0.8)
    >>> calc["value_at_risk"], calc.value_at_risk(level=0.6), calc.conditional_value_at_risk()
    (0.01, 0.0, 0.03)
    """

    __slots__ = ("_benchmark", "_held", "_panel", "_results")

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
        panel = as_panel(own_copy(native(returns, name="returns")), nan_policy=nan_policy)
        periods = resolve_periods_per_year(periods_per_year, panel.dates)
        rates = risk_free_vector(risk_free, panel, periods)
        market = None
        if benchmark is not None:
            market = same_rows(
                own_copy(native(benchmark, name="benchmark")), panel, name="benchmark", nan_policy=nan_policy
            )
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
        self._results = ResultCache(check_count(cache_size, name="cache_size", minimum=0), results)

    if TYPE_CHECKING:  # one method for each of `MEASURES`, set below

        def __getattr__(self, name: str) -> Callable[..., Any]: ...

    def summary(self) -> _summary.RiskSummary:
        """Return the first-line measures of each asset as `riskresearch.summary` does."""
        takes = ("level", "risk_free", "periods_per_year")
        whole = Measure(_summary.summary, takes=takes, benchmark=self._benchmark is not None, answer="record")
        answer: _summary.RiskSummary = self._ask(whole, {})
        return answer

    def rolling(
        self,
        measure: str | Callable[..., Any],
        *,
        window: int | None,
        min_periods: int | None = None,
        required_return: float | Data = 0.0,
    ) -> OverTime:
        """Return a measure of the last `window` rows as `riskresearch.rolling` does, by the calculator's options."""
        chosen = windowed(measure)
        panel: Any = self._panel  # as every public function takes it
        held = {name: self._held[name] for name in (*chosen.takes, "nan_policy") if name in self._held}
        if chosen.benchmark:
            held["benchmark"] = self._benchmark
        return rolling(panel, measure, window=window, min_periods=min_periods, required_return=required_return, **held)

    def rolling_tail_risk(self, *, window: int, min_periods: int | None = None) -> RollingTailRisk:
        """Return VaR and CVaR of the last `window` rows as `riskresearch.metrics.rolling_tail_risk` does."""
        level, policy = self._held["level"], self._held["nan_policy"]
        panel: Any = self._panel
        return rolling_tail_risk(panel, window=window, min_periods=min_periods, level=level, nan_policy=policy)

    def _ask(self, measure: Measure, given: dict[str, Any]) -> Any:
        if measure.benchmark and self._benchmark is None:
            raise InvalidInputError(f"benchmark must be given to RiskMetricsCalculator for {measure.name}, got None.")
        return self._results.find(measure, self._panel, self._benchmark, self._held, given)

    def measures(self) -> tuple[str, ...]:
        """Return the names that `calc[name]` and `to_frame` accept: measures of one number per asset."""
        offered = [each for each in NUMBERS.values() if self._benchmark is not None or not each.benchmark]
        return tuple(each.name for each in offered)

    def __getitem__(self, name: str) -> NumberPerColumn:
        return self._ask(NUMBERS[check_choice(name, tuple(NUMBERS), name="measure")], {})

    def to_frame(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the measures as rows and the assets as columns; all of `measures()` unless some are named."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        if isinstance(measures, str):
            raise InvalidInputError(f"measures must be a sequence of names, got the text {measures!r}.")
        with each_topic_once():
            rows = {name: _numbers(self[name]) for name in (self.measures() if measures is None else measures)}
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(asset_names(self._panel)))
        return frame.rename_axis("measure")

    def cache_info(self) -> CacheInfo:
        """Return the numbers of cache hits and misses, of results and of shared intermediate results."""
        return self._results.info()

    def cache_clear(self) -> None:
        """Drop all results, shared intermediate results and counts."""
        self._results.clear(self._panel, self._benchmark, self._held["risk_free"])

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


def _method(measure: Measure) -> Callable[..., Any]:
    """Return the method that asks `measure` about the calculator's returns."""

    def method(self: RiskMetricsCalculator, **options: Any) -> Any:
        return self._ask(measure, options)

    first_line = str(measure.function.__doc__).strip().splitlines()[0]
    method.__doc__ = f"{first_line}\n\nSee `riskresearch.metrics.{measure.name}`, whose options it takes."
    method.__name__, method.__qualname__ = measure.name, f"RiskMetricsCalculator.{measure.name}"
    # What help() and tab completion show: the options of the function, without its data.
    method.__wrapped__ = partial(measure.function, ...) if measure.benchmark else measure.function  # type: ignore[attr-defined]
    return method


for _measure in MEASURES.values():
    setattr(RiskMetricsCalculator, _measure.name, _method(_measure))

NUMBERS = {name: each for name, each in MEASURES.items() if each.answer == "number" and not each.needs}
"""Measures of one number per column without required options."""


def _numbers(value: Any) -> Any:
    return np.atleast_1d(value.row(0) if hasattr(value, "row") else value)
