"""The bootstrap interval of any measure, public or a user's function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.metrics._all_measures import declared
from riskresearch.metrics.inference._bootstrap import Bootstrap, as_bootstrap
from riskresearch.metrics.inference._estimand import Estimand
from riskresearch.metrics.inference._interval import Interval
from riskresearch.metrics.inference._resampled import interval_panel

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy


@answers_other_names()
def bootstrap_interval(
    returns: Data,
    *,
    measure: Callable[..., Any],
    interval: float | Bootstrap = 0.95,
    nan_policy: NanPolicy = "raise",
) -> Interval:
    """Return the estimate and bootstrap interval of any measure: a function of this library or your own.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    measure : callable
        A measure of this library that takes `interval`, which then keeps its dates, or any function of the returns
        of one asset, a 1-D array without gaps, that returns a number. functools.partial gives it further arguments.
        A function of your own uses blocks. Its interval of a tail or deviation is too short where volatility clusters:
        pass `Bootstrap(resampling="filtered")` for those.
    interval : float or Bootstrap
        Coverage probability in (0, 1), or all settings; a number means `Bootstrap(number)`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    Interval
        The standard error is the standard deviation of the draws.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Politis & Romano, JASA 89, 1994; Politis & White, Econometric Reviews 23, 2004; Efron & Tibshirani, 1993.

    Examples
    --------
    >>> import numpy as np, riskresearch
    >>> settings = riskresearch.metrics.Bootstrap(0.9, rng=7)
    >>> riskresearch.metrics.bootstrap_interval([0.01, -0.02, 0.03, 0.0], measure=np.median, interval=settings)
    Interval(median=0.005, 0.9 in [-0.01, 0.02])
    """
    settings = as_bootstrap(interval)
    if not callable(measure):
        raise InvalidInputError(f"measure must be a function of an array of returns, got {measure!r}.")
    own_measure = declared(getattr(measure, "func", measure))
    if own_measure is not None and own_measure.has_interval:
        return cast(Interval, measure(returns, interval=settings, nan_policy=nan_policy))
    # A user's function may measure any numbers, such as differences or gains in money.
    panel = as_panel(returns, holds="numbers", nan_policy=nan_policy, min_rows=2)

    def by_column(values: FloatMatrix) -> FloatVector:
        return np.array([float(measure(np.ascontiguousarray(column))) for column in values.T])

    name = getattr(measure, "__name__", "")
    own = Estimand(name if name.isidentifier() else "measure", by_column, "value", None, None)
    return interval_panel(panel, own, settings=settings, asked="settings")
