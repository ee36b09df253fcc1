"""The internal rate of return: every root in a stated range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import dated_index
from riskresearch.core._other_names import answers_other_names
from riskresearch.files.tables._columns import DAY, read_times
from riskresearch.kernels.trades._rate_roots import rate_roots
from riskresearch.posttrade.flows._inputs import amounts_of, flow_table
from riskresearch.posttrade.flows._internal_rates import InternalRates
from riskresearch.posttrade.ledger._ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from riskresearch.core._types import FloatVector

DAYS_A_YEAR = 365.0
MOST_ROWS = 100_000
"""Numbers from here on are dates: 202401, 20240131, seconds."""


@answers_other_names({"guess": "Every root between `low` and `high` is found, and none needs a first guess."})
def internal_rate_of_return(
    cash_flows: Any, *, dates: Sequence[Any] | None = None, low: float = -0.99, high: float = 100.0
) -> InternalRates:
    """Return every rate between `low` and `high` at which cash flows are worth nothing.

    Parameters
    ----------
    cash_flows : Series, DataFrame, 1-D array or Ledger
        Amounts from the investor's view: what is paid is negative, what is received positive, the value at the end
        included. A Series by date or columns `time` and `amount`, in any order, are discounted by days over 365;
        numbers without dates by their rows. Several on one day are added. Of a ledger, deposits are paid, and the
        last equity is received.
    dates : sequence of dates, optional
        The date of each amount, where `cash_flows` is a list or an array.
    low, high : float
        The range that is searched; 0.1 is 10 % a year, or a row without dates.

    Returns
    -------
    InternalRates
        `roots`, `rate` if there is one only, and `verdict` in words.

    Raises
    ------
    InvalidInputError
        If the range is not one above -1, or all flows are at one time.

    Notes
    -----
    The search bounds the net present value and its first two derivatives over intervals, and halves those that may hold
    more than one root, so pairs of roots are not missed.

    References
    ----------
    Bacon (2008), Practical Portfolio Performance Measurement and Attribution, chapter 2.

    Examples
    --------
    >>> from riskresearch.posttrade import internal_rate_of_return
    >>> rates = internal_rate_of_return([-1000, 2500, -1540])
    >>> [round(rate, 6) for rate in rates.roots], rates.rate
    ([0.1, 0.4], None)
    """
    low, high = check_number(low, name="low"), check_number(high, name="high")
    if not -1.0 < low < high < np.inf:
        raise InvalidInputError(f"low and high must be a range above -1, got {low:g} to {high:g}. -0.99 loses 99 %.")
    times, amounts, dated = _of_ledger(cash_flows) if isinstance(cash_flows, Ledger) else _read(cash_flows, dates)
    if len(times) < 2:
        raise InvalidInputError(
            f"cash_flows must have amounts at two times or more, got {len(times)}: over no time there is no rate."
        )
    paid = amounts[amounts != 0.0]
    changes = int((np.signbit(paid[1:]) != np.signbit(paid[:-1])).sum())
    years = times / DAYS_A_YEAR if dated else times
    found, touching = rate_roots(amounts, years, low, high) if changes else (np.empty(0), np.empty(0))
    worth = tuple(float(amounts @ np.exp(-years * np.log1p(rate))) for rate in found)
    return InternalRates(
        tuple(found.tolist()), worth, tuple(bool(each) for each in touching), low, high, changes, dated, years, amounts
    )


def _of_ledger(ledger: Ledger) -> tuple[FloatVector, FloatVector, bool]:
    """Return what was paid into a ledger, as negative, and its last equity."""
    bars = ledger.books.bars
    amounts = -ledger.books.profit.flows.sum(axis=1)
    amounts[-1] += ledger.books.profit.equity[-1].sum()
    times = (bars.index.to_numpy() if bars.dated else np.arange(bars.rows)).astype(bars.starts.dtype)
    times = bars.starts if bars.dated else times
    return _summed(_days(times) if bars.dated else times.astype(np.float64), amounts, bars.dated)


def _read(given: Any, dates: Sequence[Any] | None) -> tuple[FloatVector, FloatVector, bool]:
    """Return times from the first flow on, the sum of the flows at each, and whether times are days."""
    import pandas as pd  # noqa: PLC0415 (dates need it)

    if dates is not None:
        given = _with_dates(given, dates)
    table = flow_table(given, name="cash_flows")
    if "kind" in table.columns:
        raise InvalidInputError(
            "cash_flows must not have a column 'kind': its amounts are the account's, where a deposit is positive. "
            "Give the ledger itself, or the investor's amounts, with the value at the end: "
            "cash_flows.assign(amount=-cash_flows['amount']).drop(columns='kind')."
        )
    amounts = amounts_of(table, "cash_flows")
    if not len(table):
        return np.empty(0), np.empty(0), False
    index = dated_index(pd.Index(table["time"]))
    if index is None and table["time"].dtype.kind in "iuf":
        rows = table["time"].to_numpy(dtype=np.float64)
        beyond = ~(np.abs(rows) < MOST_ROWS)
        if beyond.any():
            raise InvalidInputError(
                f"cash_flows must have dates, or row numbers below {MOST_ROWS:,}, got {rows[beyond][0]:.0f}. "
                "Convert dates that are numbers with pd.to_datetime(..., format='%Y%m%d')."
            )
        return _summed(rows, amounts, dated=False)
    return _summed(_days_of(table["time"] if index is None else index), amounts, dated=True)


def _with_dates(given: Any, dates: Sequence[Any]) -> pd.Series:
    import pandas as pd  # noqa: PLC0415 (dates need it)

    if hasattr(given, "index") and not isinstance(given, (list, tuple)):
        raise InvalidInputError("dates must be None beside cash_flows that have dates of their own.")
    if isinstance(dates, str):
        raise InvalidInputError(f"dates must be one for each amount, got {dates!r}. A single one goes into a list.")
    own, amounts = list(dates), list(given)
    if len(amounts) != len(own):
        raise InvalidInputError(f"dates must be one for each amount, got {len(own)} for {len(amounts)}.")
    return pd.Series(amounts, index=read_times(pd.Index(own), name="dates").stamps)


def _days_of(times: Any) -> FloatVector:
    """Return days by the clock that the dates show."""
    found = read_times(times, name="cash_flows")
    if not found.known.all():
        raise InvalidInputError(
            f"cash_flows must have a date on each row, got none on row {int((~found.known).argmax())}."
        )
    return (found.local // DAY).astype(np.float64)


def _days(moments: Any) -> FloatVector:
    return np.asarray(moments.astype("datetime64[D]").astype(np.float64))


def _summed(times: FloatVector, amounts: FloatVector, dated: bool) -> tuple[FloatVector, FloatVector, bool]:
    """Return each time once with the sum of its amounts, from the first on; those of zero only where all is lost."""
    once, place = np.unique(times, return_inverse=True)
    sums = np.bincount(place, weights=amounts, minlength=len(once))
    some = sums != 0.0
    if some.sum() == 1:
        some = np.ones_like(some)
    kept = once[some]
    return (kept - kept[0] if len(kept) else kept), sums[some], dated
