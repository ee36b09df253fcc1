"""The difference of two Sharpe ratios, with its interval and p-value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._arguments import aligned_vector, risk_free_vector
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _moments, _ratios
from riskresearch.kernels.inference._sharpe_difference import difference_test
from riskresearch.kernels.inlined._formulas import ROUNDING
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._bootstrap import Bootstrap, as_bootstrap
from riskresearch.metrics.inference._interval import Interval, label_interval

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy

FEWEST_ROWS = 8


OTHER_NAMES = {
    **dict.fromkeys(("confidence", "level"), "interval"),
    **dict.fromkeys(("rng", "seed", "random_state"), "Write interval=Bootstrap(rng=1); the seed is 0 by default."),
    **dict.fromkeys(("rf", "risk_free_rate"), "risk_free"),
}


@answers_other_names(OTHER_NAMES)
def sharpe_ratio_difference(
    returns: Data,
    benchmark: Data,
    *,
    interval: float | Bootstrap = 0.95,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> Interval:
    """Return the difference of the yearly Sharpe ratio and the benchmark's, tested by a studentised block bootstrap.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark, or of a rival, on the same dates.
    interval : float or Bootstrap
        Coverage probability in (0, 1), or settings with `resampling="circular"` or None, whose `method` is not used.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the difference per period.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    Interval
        With `p_value`, two-sided, of equal ratios. Standard errors are of block sums, the sample's as each draw's.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Ledoit & Wolf, J. Empirical Finance 15, 2008. Their automatic block is calibrated; ours is Politis and White's.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> ours, theirs = np.random.default_rng(1).normal(0.001, 0.01, (2, 500))
    >>> settings = riskresearch.metrics.Bootstrap(resampling="circular", rng=1)
    >>> found = riskresearch.metrics.sharpe_ratio_difference(ours, theirs, interval=settings)
    >>> found.lower < 0.0 < found.upper, found.p_value > 0.05
    (True, True)
    """
    given = as_bootstrap(interval)
    settings = replace(given, resampling="circular") if given.resampling is None else given
    if settings.resampling != "circular":
        raise InvalidInputError(
            f"resampling must be 'circular' for the difference of Sharpe ratios, got {settings.resampling!r}: the "
            "studentised bootstrap needs blocks of one length."
        )
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=FEWEST_ROWS)
    rival = aligned_vector(benchmark, panel, name="benchmark", nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    seed = settings.seed()

    def test(values: FloatMatrix, other: FloatVector, free: FloatVector) -> FloatMatrix:
        gaps = _ratios.sharpe(values, free, 1.0) - _ratios.sharpe(other[:, None], free, 1.0)
        columns = [
            _test_column(column - free, other - free, gap, settings, seed, periods)
            for column, gap in zip(values.T, gaps.tolist(), strict=True)
        ]
        return np.array(columns).T

    return label_interval(
        panel,
        panel.per_column(test, rival, rates),
        measure="sharpe_ratio_difference",
        confidence=settings.confidence,
        method=f"studentised {settings.describe().rpartition(',')[0]} (Ledoit & Wolf 2008)",
        seed=seed,
    )


def _test_column(
    ours: FloatVector, theirs: FloatVector, gap: float, settings: Bootstrap, seed: int, periods: float
) -> tuple[float, ...]:
    """Return estimate, lower, upper, standard error and p-value, all but the last per year."""
    if np.isnan(gap) or _same_but_for_scale(ours, theirs):
        return (gap * periods**0.5, np.nan, np.nan, np.nan, np.nan)
    length = settings.block_length or 0.0
    *numbers, p_value = difference_test(ours, theirs, gap, settings.confidence, settings.draws, length, seed)
    return (*(number * periods**0.5 for number in (gap, *numbers)), p_value)


def _same_but_for_scale(ours: FloatVector, theirs: FloatVector) -> bool:
    """Return whether one is a multiple of the other but for rounding, so that there is nothing to test."""
    one, other = _moments.deviation(np.stack([ours, theirs], axis=1)).tolist()
    left = ours * (other / one) - theirs
    return _moments.size_of(left) <= ROUNDING * (1.0 + _moments.size_of(theirs))


MEASURES = (
    Measure(
        sharpe_ratio_difference, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=8, answer="record"
    ),
)
