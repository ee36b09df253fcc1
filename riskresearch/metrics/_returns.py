"""Prices to simple returns and back, portfolios of constant weights, and growth per year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from riskresearch.core._arguments import column_numbers, compounding_panel
from riskresearch.core._checks import check_choice, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import warn_user
from riskresearch.core._weights import held_columns, sum_of_weights
from riskresearch.kernels import _compounding, _moments, _prices
from riskresearch.kernels.compiled._sums import column_sums
from riskresearch.metrics._measure import Measure
from riskresearch.metrics._years import periods_to_compound
from riskresearch.metrics.inference._estimand import Moments, RowSums
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Labelled, NanPolicy, OverTime, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap

COMPOUNDINGS = ("geometric", "arithmetic")


@overload
def simple_returns(prices: Labelled, *, nan_policy: NanPolicy = "raise") -> Labelled: ...
@overload
def simple_returns(prices: Data, *, nan_policy: NanPolicy = "raise") -> OverTime: ...
def simple_returns(prices: Data, *, nan_policy: NanPolicy = "raise") -> OverTime:
    """Return simple returns: each price over the one before, minus 1.

    Parameters
    ----------
    prices : Series, DataFrame or array
        Positive prices, one column per asset, adjusted for splits and dividends if total returns are wanted.
    nan_policy : {"raise", "omit"}
        "omit" leaves the return missing where the price is; the first price after a gap has the return since the last
        one before it, and a warning counts those moves.

    Returns
    -------
    same type as `prices`
        One row less than `prices`; fractions, 0.01 is 1 %.

    Raises
    ------
    InvalidInputError
        If a price is missing, infinite, zero or negative, or there are fewer than two rows.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.simple_returns([100.0, 110.0, 99.0])
    array([ 0.1, -0.1])
    """
    panel = as_panel(prices, name="prices", holds="prices", nan_policy=nan_policy, min_rows=2)
    below = panel.values <= 0.0
    if below.any():
        row, column = (int(i) for i in np.argwhere(below)[0])
        raise InvalidInputError(
            f"prices must be positive, got {panel.values[row, column]:g} at {panel.labels.place(row, column)}. "
            "If these are returns already, use them as they are."
        )
    if panel.has_nan:
        warn_of_gaps(panel)
    return panel.labels.over_time(_prices.returns_of(panel.values), first_row=1)


def warn_of_gaps(panel: Panel) -> None:
    """Warn of the moves between prices that span missing ones."""
    spans = _prices.moves_over_gaps(panel.values)
    if spans.any():
        row, column = map(int, np.argwhere(spans)[0])
        count = int(spans.sum())
        warn_user(
            f"{count} return{'s span' if count > 1 else ' spans'} missing prices, the first at "
            f"{panel.labels.place(row + 1, column)}: the whole move since the last price is booked on the first one "
            "after the gap."
        )


@overload
def wealth_index(returns: Labelled, *, start: float = 1.0, nan_policy: NanPolicy = "raise") -> Labelled: ...
@overload
def wealth_index(returns: Data, *, start: float = 1.0, nan_policy: NanPolicy = "raise") -> OverTime: ...
def wealth_index(returns: Data, *, start: float = 1.0, nan_policy: NanPolicy = "raise") -> OverTime:
    """Return the value, after each row, of `start` invested before the first.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    start : float
        Value before the first return, positive; the first price gives back the prices of `simple_returns`.
    nan_policy : {"raise", "omit"}
        "omit" leaves rows that are missing in a column missing in the result and compounds the others.

    Returns
    -------
    same type as `returns`
        Values in the unit of `start`.

    Raises
    ------
    InvalidInputError
        If a return is missing, infinite or below -1, or `start` is not positive.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.wealth_index([0.1, -0.1], start=100.0).round(6)
    array([110.,  99.])
    """
    value = check_number(start, name="start")
    if value <= 0.0:
        raise InvalidInputError(f"start must be positive, got {start!r}.")
    panel = compounding_panel(returns, nan_policy=nan_policy)
    return panel.transform(lambda values: _held_by_a_double(value * _compounding.growth(values), values))


def _held_by_a_double(wealth: FloatMatrix, returns: FloatMatrix) -> FloatMatrix:
    """Return `wealth` unless it is beyond what a double holds; only a return of -1 makes it zero."""
    least = float(np.finfo(np.float64).tiny)
    if np.isfinite(wealth).all() and float(wealth.min()) >= least:
        return wealth
    lost = np.logical_or.accumulate(returns == -1.0, axis=0)
    beyond = ~(np.isfinite(wealth) & ((wealth >= least) | lost))
    if beyond.any():
        row, column = map(int, np.argwhere(beyond)[0])
        raise InvalidInputError(
            f"returns must compound to a wealth that a double holds, got {float(wealth[row, column]):.3g} after row "
            f"{row} of column {column}. Drawdowns do not need the wealth itself; start again later for this."
        )
    return wealth


def portfolio_returns(returns: Data, *, weights: Mapping[str, float] | Data, nan_policy: NanPolicy = "raise") -> Any:
    """Return the returns of a portfolio rebalanced to constant `weights` at each row, without costs.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value that sum to 1, but for the rounding of printed percentages, which warns. A column
        that a mapping or Series does not name leaves the portfolio, with a warning; a weight of 0 keeps it.
    nan_policy : {"raise", "omit"}
        "omit" shares the weight of assets that are missing on a row among those that are there, in proportion.

    Returns
    -------
    Series or 1-D array, shape (rows,)
        The portfolio's simple returns.

    Raises
    ------
    InvalidInputError
        If weights and columns do not match, weights do not sum to 1, or a row has no asset of positive weight.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.portfolio_returns([[0.02, 0.0], [0.0, -0.04]], weights=[0.5, 0.5])
    array([ 0.01, -0.02])
    """
    panel = as_panel(held_columns(returns, weights), nan_policy=nan_policy)
    vector = column_numbers(weights, panel, name="weights")
    total = sum_of_weights(vector)
    # Not values @ weights: the bits of a matrix product depend on how many rows there are and on their layout.
    if not panel.has_nan:
        return _as_series(column_sums((panel.values * vector).T), panel)
    present = ~np.isnan(panel.values)
    held = column_sums(np.where(present, vector, 0.0).T)
    if not (held > 0.0).all():
        row = int((~(held > 0.0)).argmax())
        raise InvalidInputError(f"returns has no asset of positive weight at {panel.labels.place(row, 0)}.")
    return _as_series(column_sums(np.where(present, panel.values * vector, 0.0).T) / (held / total), panel)


def _as_series(values: FloatVector, panel: Panel) -> Any:
    labelled: Any = panel.labels.over_time(np.repeat(values[:, None], panel.values.shape[1], axis=1))
    if not panel.labels.columns:
        return values
    if hasattr(labelled, "iloc"):
        return (labelled if labelled.ndim == 1 else labelled.iloc[:, 0]).rename("portfolio")
    last = labelled if labelled.__class__.__name__ == "Series" else labelled[labelled.columns[-1]]
    return last.rename("portfolio")


def annual_return(
    returns: Data,
    *,
    compounding: Literal["geometric", "arithmetic"] = "geometric",
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the return per year.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    compounding : {"geometric", "arithmetic"}
        "geometric" is the constant yearly rate that gives the same final value; "arithmetic" the mean times periods.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.annual_return([0.1, -0.1], periods_per_year=2), 6)
    -0.01
    """
    geometric = check_choice(compounding, COMPOUNDINGS, name="compounding") == "geometric"
    panel = (compounding_panel if geometric else as_panel)(returns, nan_policy=nan_policy)
    periods = (
        periods_to_compound(periods_per_year, panel, measure="annual_return")
        if geometric
        else resolve_periods_per_year(periods_per_year, panel.dates)
    )
    if geometric:
        return estimate(
            panel,
            lambda values: _compounding.yearly_growth(values, periods),
            measure="annual_return",
            interval=interval,
            row_sums=RowSums(_compounding.growth_terms, lambda sums: _compounding.growth_of_sums(sums, periods)),
        )
    average = Moments(lambda values: values, lambda mean, _: mean * periods)
    return estimate(
        panel,
        lambda values: _moments.mean(values) * periods,
        measure="annual_return",
        interval=interval,
        moments=average,
    )


MEASURES = (
    Measure(wealth_index, compounds=True, answer="path"),
    Measure(
        annual_return, label="Annual return (geometric)", percent=True, takes=("periods_per_year",), compounds=True
    ),
)
