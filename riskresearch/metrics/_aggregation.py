"""Returns of days, weeks, months, quarters and years, compounded from those of shorter periods, and their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np

from riskresearch.core._arguments import compounding_panel
from riskresearch.core._calendar_periods import period_numbers
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels._compounding import compounded_runs

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._calendar_periods import DayOrPeriod
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, Labelled, NanPolicy, OverTime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
DAYS_IN_A_MONTH, DAYS_IN_A_QUARTER = 31, 92
"""At most: where rows are further apart, a column each would show the return of a longer time."""


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
    calendar_returns : A table with one row a year and one column a month.

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


@answers_other_names()
def calendar_returns(returns: Data, *, nan_policy: NanPolicy = "raise") -> pd.DataFrame:
    """Return the compounded returns of one series by year and month, one row a year.

    Parameters
    ----------
    returns : Series or DataFrame of one column, shape (rows,)
        Simple returns per period, with dates.
    nan_policy : {"raise", "omit"}
        "omit" compounds the values that are there; a period without any is nan.

    Returns
    -------
    DataFrame, shape (years, 13), (years, 5) or (years, 1)
        Fractions: a column for each month and "Total", the year; a column for each quarter where rows are a quarter
        apart, and the years alone where they are a year apart. nan where there is no row. A row counts in the period of
        its date, and the first and the last period hold what the data hold of them.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, there are several columns, no dates, or a return below -1.

    See Also
    --------
    aggregate_returns : The same returns as a series with dates, of any number of columns.

    Examples
    --------
    >>> import pandas as pd
    >>> import riskresearch
    >>> days = pd.to_datetime(["2024-01-30", "2024-01-31", "2024-02-01"])
    >>> table = riskresearch.metrics.calendar_returns(pd.Series([0.1, 0.1, -0.05], index=days))
    >>> table[["Jan", "Feb", "Mar", "Total"]].round(4)
           Jan   Feb  Mar   Total
    Year
    2024  0.21 -0.05  NaN  0.1495
    """
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    panel = compounding_panel(returns, nan_policy=nan_policy)
    if (count := panel.values.shape[1]) != 1:
        raise InvalidInputError(
            f"returns must be one series, got {count} columns. Pass one of them, or `aggregate_returns(returns, "
            'to="month")` for all.'
        )
    years, totals = _compounded(panel, "year")
    table = pd.DataFrame(index=pd.Index(years + 1970, name="Year"))
    step = _days_a_row(panel.dates)
    if step <= DAYS_IN_A_MONTH:
        table[list(MONTHS)] = _by_year(years, *_compounded(panel, "month"), len(MONTHS))
    elif step <= DAYS_IN_A_QUARTER:
        table[list(QUARTERS)] = _by_year(years, *_compounded(panel, "quarter"), len(QUARTERS))
    table["Total"] = totals
    return table


def _compounded(panel: Panel, to: DayOrPeriod) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the numbers of the periods, counted from 1970 on, and the return of each."""
    numbers = period_numbers(panel.dates, to, name="to", data="returns")
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 1))
    return numbers[starts], compounded_runs(panel.values, starts)[:, 0]


def _by_year(
    years: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64], values: npt.NDArray[np.float64], count: int
) -> npt.NDArray[np.float64]:
    """Return the values of `count` periods a year with one row a year."""
    table = np.full((years.size, count), np.nan)
    table[np.searchsorted(years, numbers // count), numbers % count] = values
    return table


def _days_a_row(dates: Any) -> float:
    """Return the typical step from one date to the next, in days; 0 for a single row."""
    return float(np.median(np.diff(dates) / np.timedelta64(1, "D"))) if dates.size > 1 else 0.0
