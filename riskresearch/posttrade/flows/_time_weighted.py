"""The time-weighted return and the Modified Dietz return of an account with flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._calendar_periods import PERIODS, check_period, period_numbers
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import show_date
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels._compounding import compounded
from riskresearch.posttrade.flows._flow_returns import FlowReturns
from riskresearch.posttrade.flows._inputs import FLOW_AT, Valued, read_valued

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._types import Data, FloatVector, IntVector
    from riskresearch.posttrade.ledger._ledger import Ledger

FlowAt = Literal["begin", "end"]


@answers_other_names({"cash_flows": "flows", "external_flows": "flows"})
def time_weighted_return(values: Data | Ledger, flows: Any = None, *, flow_at: FlowAt = "end") -> FlowReturns:
    """Return what an account earned from value to value, so that deposits and withdrawals are no return.

    Parameters
    ----------
    values : Series, 1-D array or Ledger
        Value of the account by date, at the end of the day and after that day's flows. A ledger has its equity and its
        flows, and begins with its first deposit.
    flows : Series, DataFrame or 1-D array, optional
        Money that came (positive) or left by date: a Series; columns `time` and `amount`, and optionally `kind` as in
        the cash flows of a `Ledger`, of which deposits, withdrawals and transfers count; or one number for each value.
        Several on one day are added, and any order is fine. Those on the day of the first value belong to it.
    flow_at : {"begin", "end"}
        Whether a flow counts from the beginning or the end of its day. What opens an empty account always counts from
        the beginning.

    Returns
    -------
    FlowReturns
        `total`, and the return from each value to the next.

    Raises
    ------
    InvalidInputError
        If a flow has no value on its day, lies outside the values, or leaves no capital to earn on.

    References
    ----------
    Bacon (2008), Practical Portfolio Performance Measurement and Attribution, chapter 2.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.posttrade import time_weighted_return
    >>> days = pd.to_datetime(["2024-06-01", "2024-06-11", "2024-06-30"])
    >>> values = pd.Series([100.0, 162.0, 170.1], index=days)
    >>> deposits = pd.Series([60.0], index=days[1:2])
    >>> round(time_weighted_return(values, deposits).total, 4)
    0.071
    """
    check_choice(flow_at, FLOW_AT, name="flow_at")
    valued = read_valued(values, flows)
    _check_valuations(valued)
    net, before = valued.net, valued.values[:-1]
    capital = before + net[1:] if flow_at == "begin" else before.copy()
    opens = (before == 0.0) & (net[1:] > 0.0)
    capital[opens] = net[1:][opens]
    rows = np.arange(len(valued.values), dtype=np.intp)
    return _make(valued, rows, capital, "time_weighted", flow_at, None)


@answers_other_names({"cash_flows": "flows", "external_flows": "flows", "periods": "linked", "to": "linked"})
def modified_dietz(
    values: Data | Ledger, flows: Any = None, *, flow_at: FlowAt = "end", linked: Period | None = None
) -> FlowReturns:
    """Return the gain over the opening value and the flows, weighted by the days that they were there.

    Parameters
    ----------
    values : Series, 1-D array or Ledger
        Value of the account by date, at the end of the day and after that day's flows; the first and the last of each
        period are used, so that a flow needs no value on its day. A ledger has its equity and its flows.
    flows : Series, DataFrame or 1-D array, optional
        As for `time_weighted_return`.
    flow_at : {"begin", "end"}
        Whether the weight of a flow counts its own day ("begin") or the days after it.
    linked : {"week", "month", "quarter", "year"}, optional
        Calendar periods whose returns are compounded, each from the last value of the one before; None is one period
        from the first to the last value.

    Returns
    -------
    FlowReturns
        `total`, and the return of each period.

    Raises
    ------
    InvalidInputError
        If a flow lies outside the values, or the weighted capital is not positive.

    References
    ----------
    Dietz (1966), Pension Funds: Measuring Investment Performance; Bacon (2008), chapter 2.

    Examples
    --------
    >>> import pandas as pd
    >>> from riskresearch.posttrade import modified_dietz
    >>> values = pd.Series([100000.0, 118000.0], index=pd.to_datetime(["2024-05-31", "2024-06-30"]))
    >>> flows = pd.Series([10000.0, -4000.0], index=pd.to_datetime(["2024-06-10", "2024-06-25"]))
    >>> round(modified_dietz(values, flows).total, 6), round(modified_dietz(values, flows, flow_at="begin").total, 6)
    (0.113208, 0.112994)
    """
    check_choice(flow_at, FLOW_AT, name="flow_at")
    if linked is not None:
        check_period(linked, PERIODS, name="linked")
    valued = read_valued(values, flows)
    rows = _period_rows(valued, linked)
    return _make(valued, rows, _weighted_capital(valued, rows, flow_at), "modified_dietz", flow_at, linked)


def _check_valuations(valued: Valued) -> None:
    """Refuse a flow between two values: what it earned until the next one cannot be told apart."""
    without = np.flatnonzero(valued.flow_times != valued.times[valued.flow_rows])
    if not len(without):
        return
    place = int(without[0])
    row = int(valued.flow_rows[place])
    raise InvalidInputError(
        f"values must have a value on the day of each flow, got none for {len(without)}, the first of "
        f"{valued.flows[place]:g} between {valued.bars.label(row - 1)} and {valued.bars.label(row)}. Give one, move "
        "the flow to the next value, or use modified_dietz, which needs none."
    )


def _period_rows(valued: Valued, linked: Period | None) -> IntVector:
    """Return the rows of the values that open and close the periods."""
    last = len(valued.values) - 1
    if linked is None:
        return np.array([0, last], dtype=np.intp)
    dates = None if valued.bars.labels.dates is None else valued.bars.labels.dates[-last:]
    numbers = period_numbers(dates, linked, name="linked", data="values")
    ends = np.flatnonzero(np.append(numbers[1:] != numbers[:-1], True)) + 1
    return np.concatenate([[0], ends]).astype(np.intp)


def _weighted_capital(valued: Valued, rows: IntVector, flow_at: FlowAt) -> FloatVector:
    """Return the opening value of each period and its flows by the share of days that they were there."""
    period = np.searchsorted(rows[1:], valued.flow_rows)
    starts, ends = valued.times[rows[:-1]], valued.times[rows[1:]]
    days = np.where(ends > starts, ends - starts, 1.0)[period]
    there = ends[period] - valued.flow_times + (1.0 if flow_at == "begin" else 0.0)
    share = np.minimum(there / days, 1.0)
    weighted = np.bincount(period, weights=share * valued.flows, minlength=len(rows) - 1)
    opening = valued.values[rows[:-1]]
    empty = np.flatnonzero(opening == 0.0)
    capital = opening + weighted
    for each in empty:  # an account that is empty is opened by its first flow
        if (period == each).any() and capital[each] == 0.0:
            capital[each] = valued.flows[period == each][0]
    return capital


def _make(
    valued: Valued, rows: IntVector, capital: FloatVector, method: str, flow_at: FlowAt, linked: Period | None
) -> FlowReturns:
    """Return the returns of the periods between rows, over this capital."""
    sums = np.concatenate([[0.0], np.cumsum(valued.net)])
    opening, closing = valued.values[rows[:-1]], valued.values[rows[1:]]
    whole = len(rows) == len(valued.values)
    flows = valued.net[1:] if whole else sums[rows[1:] + 1] - sums[rows[:-1] + 1]
    gain = closing - opening - flows
    nothing = (capital == 0.0) & (gain == 0.0)
    _check_capital(valued, rows, capital, flows, gain, nothing, dietz=method == "modified_dietz")
    returns = np.divide(gain, capital, out=np.zeros_like(gain), where=~nothing)
    total = float(compounded(returns[:, None], 1.0)[0] - 1.0)
    return FlowReturns(
        total, returns, valued.index[rows[:-1]], valued.index[rows[1:]], opening, closing, flows, capital, method,
        flow_at, linked, valued.opening,
    )  # fmt: skip


def _check_capital(
    valued: Valued,
    rows: IntVector,
    capital: FloatVector,
    flows: FloatVector,
    gain: FloatVector,
    nothing: npt.NDArray[np.bool_],
    *,
    dietz: bool,
) -> None:
    """Refuse a period without capital, and one that lost more than all of it."""
    bad = np.flatnonzero(~nothing & ~((capital > 0.0) & (gain >= -capital)))
    if not len(bad):
        return
    place = int(bad[0])
    when = show_date(valued.index[rows[place + 1]])
    if capital[place] <= 0.0:
        remedy = _remedy_of_capital(float(capital[place]), float(flows[place]), dietz)
        raise InvalidInputError(
            f"values must leave a capital above zero to earn on, got {capital[place]:g} for the period to {when} "
            f"with flows of {flows[place]:g}. {remedy}"
        )
    raise InvalidInputError(
        f"values must not lose more than the capital, which no return can compound from, got a loss of "
        f"{-gain[place]:g} on {capital[place]:g} for the period to {when}. Is a withdrawal missing in flows?"
    )


def _remedy_of_capital(capital: float, flows: float, dietz: bool) -> str:
    """Return how a period without capital may have some."""
    if dietz and flows != 0.0:
        return "Give values on the days of the flows and use time_weighted_return, or link shorter periods (linked=)."
    if capital + flows > 0.0:
        return 'With flow_at="begin" the flow of that day is capital.'
    if capital - flows > 0.0 and flows < 0.0:
        return 'With flow_at="end" what is withdrawn that day is capital until then.'
    return "Cut the values there."
