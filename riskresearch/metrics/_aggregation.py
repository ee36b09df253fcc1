"""Returns of days, weeks, months, quarters and years, compounded from those of shorter periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np

from riskresearch.core._arguments import compounding_panel
from riskresearch.core._calendar_periods import period_numbers
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels._compounding import compounded_runs

if TYPE_CHECKING:
    from riskresearch.core._calendar_periods import DayOrPeriod
    from riskresearch.core._types import Data, Labelled, NanPolicy, OverTime


@overload
def aggregate_returns(returns: Labelled, *, to: DayOrPeriod, nan_policy: NanPolicy = "raise") -> Labelled: ...
@overload
def aggregate_returns(returns: Data, *, to: DayOrPeriod, nan_policy: NanPolicy = "raise") -> OverTime: ...
@answers_other_names(dict.fromkeys(("freq", "frequency", "period", "convert_to", "rule"), "to"), second="to")
def aggregate_returns(returns: Data, *, to: DayOrPeriod, nan_policy: NanPolicy = "raise") -> OverTime:
    """Compound returns to those of days, weeks, months, quarters or years.

    Parameters
    ----------
    returns : Series or DataFrame
        Simple returns per period, with dates; one column per asset.
    to : {"day", "week", "month", "quarter", "year"}
        Calendar period, by the clock that the dates show; weeks begin on Monday, as in ISO 8601. A row counts in the
        period of its date, also where its return began in the period before.
    nan_policy : {"raise", "omit"}
        "omit" compounds the values that are there; a period without any is nan.

    Returns
    -------
    same type as `returns`
        The product of 1 + r over the rows of each period, minus 1, dated on its last row in the data. The first and
        the last period hold what the data hold of them; a period without rows is not there.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, returns have no dates, or one is below -1.

    See Also
    --------
    wealth_index : The value after each row, which begins at the first row instead.

    Examples
    --------
    >>> import pandas as pd
    >>> import riskresearch
    >>> days = pd.to_datetime(["2024-01-30", "2024-01-31", "2024-02-01"])
    >>> riskresearch.metrics.aggregate_returns(pd.Series([0.1, 0.1, -0.05], index=days), to="month").round(6)
    2024-01-31    0.21
    2024-02-01   -0.05
    dtype: float64
    """
    panel = compounding_panel(returns, nan_policy=nan_policy)
    numbers = period_numbers(panel.dates, to, name="to", data="returns")
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    last = np.append(starts[1:], numbers.size) - 1
    return panel.labels.at_rows(compounded_runs(panel.values, starts), last)
