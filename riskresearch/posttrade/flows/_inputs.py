"""Values and flows as users have them: read, checked, and put between the valuations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import dated_index, is_instance_of, show_date
from riskresearch.core._panel import read_numbers
from riskresearch.core.frames._native import native
from riskresearch.posttrade.ledger._fills import read_table
from riskresearch.posttrade.ledger._inputs import EARNED, EXTERNAL, KINDS
from riskresearch.posttrade.ledger._ledger import Ledger
from riskresearch.posttrade.ledger._timeline import Bars

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatVector, IntVector, Labels

FLOW_AT = ("begin", "end")
NANOSECONDS_A_DAY = 86_400e9


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """Values of an account, the first of which opens it, and the flows between them.

    A flow of row r came after value r - 1 and is in value r. Times are days since the first value.
    """

    index: pd.Index
    bars: Bars
    values: FloatVector
    times: FloatVector
    flow_rows: IntVector
    flow_times: FloatVector
    flows: FloatVector
    opening: int
    """How many flows are at or before the first value, which holds them."""

    @property
    def net(self) -> FloatVector:
        """The sum of the flows of each row; several on one day are added."""
        return np.bincount(self.flow_rows, weights=self.flows, minlength=len(self.values)).astype(np.float64)


def read_valued(values: Any, flows: Any) -> Valued:
    """Return checked values and flows, or those of a ledger."""
    if isinstance(values, Ledger):
        if flows is not None:
            raise InvalidInputError("flows must be None beside a ledger, which has its own.")
        return _of_ledger(values)
    numbers, labels = read_numbers(values, name="values", min_rows=2)
    if numbers.shape[1] != 1:
        raise InvalidInputError(
            f"values must be of one account, got {numbers.shape[1]} columns. Pass one of them, "
            "values['name'], or values.sum(axis=1)."
        )
    known = numbers[:, 0]
    bad = ~np.isfinite(known)
    if bad.any():
        where = labels.place(int(bad.argmax()), 0)
        raise InvalidInputError(
            f"values must be finite, got {known[bad.argmax()]} at {where}. Leave the day out with .dropna(), unless "
            "there is a flow on it."
        )
    bars = _bars_of(labels, len(known))
    times = _days(bars.starts, bars.starts[0])
    if flows is None:
        return Valued(bars.index, bars, known, times, np.empty(0, np.intp), np.empty(0), np.empty(0), 0)
    moments, amounts = read_flows(flows, bars)
    rows = np.searchsorted(bars.starts, moments).astype(np.intp)
    inside = rows > 0
    return Valued(
        bars.index, bars, known, times, rows[inside], _days(moments, bars.starts[0])[inside], amounts[inside],
        int((~inside).sum()),
    )  # fmt: skip


def _bars_of(labels: Labels, rows: int) -> Bars:
    """Return the bars of values; with one value a day at most they are days, whatever their time."""
    bars = Bars(labels, rows)
    if bars.dated and not bars.days:
        days = labels.dates.astype("datetime64[D]")  # type: ignore[union-attr]
        if bool((days[1:] > days[:-1]).all()):
            bars.days, bars.starts = True, days.astype(bars.starts.dtype)
    return bars


def read_flows(flows: Any, bars: Bars) -> tuple[npt.NDArray[Any], FloatVector]:
    """Return the moments and amounts of flows that are not zero, in the order of time; of days their day counts."""
    table = flow_table(flows, name="flows")
    if not len(table):
        return bars.starts[:0], np.empty(0)
    amounts = amounts_of(table, "flows")
    if isinstance(flows, (list, tuple)) or not (hasattr(flows, "columns") or hasattr(flows, "index")):
        if len(amounts) != bars.rows:
            raise InvalidInputError(
                f"flows must be one number for each value where they have no dates, got {len(amounts)} for "
                f"{bars.rows}. Give a Series by date where there are fewer."
            )
        moments = bars.starts
    else:
        _check_zones(table["time"], bars)
        moments = bars.times(table["time"], name="flows")
    some = amounts != 0.0
    moments, amounts = moments[some], amounts[some]
    if bars.days:
        moments = moments.astype("datetime64[D]").astype(bars.starts.dtype)
    _check_period(moments, bars)
    order = np.argsort(moments, kind="stable")
    return moments[order], amounts[order]


def _check_zones(times: pd.Series, bars: Bars) -> None:
    """Refuse dates with a zone beside dates without one."""
    zoned = getattr(times.dtype, "tz", None) is not None
    if bars.dated and times.dtype.kind == "M" and zoned != bars.labels.zoned:
        have, lack = ("flows", "values") if zoned else ("values", "flows")
        raise InvalidInputError(
            f"flows must have a zone on its dates where values has one, but those of {have} have one and those of "
            f"{lack} have none. Give {lack} its zone with .tz_localize(zone), or remove that of {have} with "
            ".tz_localize(None) if both show the same clock."
        )


def _check_period(moments: npt.NDArray[Any], bars: Bars) -> None:
    """Refuse flows before the first value, and after the last one."""
    outside = (moments < bars.starts[0]) | (moments > bars.starts[-1])
    if outside.any():
        raise InvalidInputError(
            f"flows must be from the first value to the last, {bars.label(0)} to {bars.label(bars.rows - 1)}, got "
            f"{int(outside.sum())} outside, the first at {show_date(moments[outside][0])}. Give values on these days, "
            "or leave the flows out: flows[values.index[0]:values.index[-1]]."
        )


def flow_table(flows: Any, *, name: str) -> pd.DataFrame:
    """Return a frame of `time` and `amount`: of a Series its index, of numbers without dates their rows."""
    import pandas as pd  # noqa: PLC0415 (only flows need a frame)

    given = native(flows, name=name)
    if is_instance_of(given, "pandas", "Series"):
        dates = dated_index(given.index)
        return pd.DataFrame({"time": pd.Series(given.index if dates is None else dates), "amount": given.to_numpy()})
    if is_instance_of(given, "pandas", "DataFrame") or hasattr(given, "to_pandas"):
        table = read_table(given, ("time", "amount"), name=name).frame.reset_index(drop=True)
        return table[_external(table, name)].reset_index(drop=True) if "kind" in table.columns else table
    try:
        numbers = np.asarray(given)
        wrong = numbers.ndim != 1 or numbers.dtype.kind not in "fiuO"
        numbers = numbers if wrong else numbers.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(_refusal(name, flows)) from error
    if wrong and numbers.size:
        raise InvalidInputError(_refusal(name, flows))
    return pd.DataFrame({"time": np.arange(len(numbers)), "amount": numbers})


def amounts_of(table: pd.DataFrame, name: str) -> FloatVector:
    """Return the amounts as finite numbers."""
    if table["amount"].dtype.kind == "b":
        raise InvalidInputError(f"{name} must be numbers, got {table['amount'].iloc[0]}.")
    try:
        amounts = table["amount"].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"{name} must be numbers, got {shown(table['amount'].iloc[0])}.") from error
    bad = ~np.isfinite(amounts)
    if bad.any():
        row = int(bad.argmax())
        raise InvalidInputError(f"{name} must be finite, got {amounts[row]} on row {row}. No flow is 0, or no row.")
    return amounts


def _refusal(name: str, given: Any) -> str:
    return (
        f"{name} must be a Series by date, a DataFrame with the columns 'time' and 'amount', or one number for each "
        f"row, got {shown(given)}."
    )


def _external(table: pd.DataFrame, name: str) -> npt.NDArray[np.bool_]:
    """Return which rows are deposits, withdrawals and transfers; the other kinds are profit and stay in the return."""
    unknown = ~table["kind"].isin(KINDS).to_numpy()
    if unknown.any():
        row = int(unknown.argmax())
        raise InvalidInputError(
            f"{name}['kind'] must be one of {', '.join((*EXTERNAL, *EARNED))}, got {table['kind'].iloc[row]!r} on row "
            f"{row}."
        )
    return np.asarray(table["kind"].isin(EXTERNAL).to_numpy())


def _of_ledger(ledger: Ledger) -> Valued:
    """Return the equity of a ledger, opened by the flow of its first funded bar."""
    bars = ledger.books.bars
    equity, flows = ledger.books.profit.equity.sum(axis=1), ledger.books.profit.flows.sum(axis=1)
    some = (equity != 0.0) | (flows != 0.0)
    first = int(some.argmax())
    if not some.any() or flows[first] <= 0.0:
        raise InvalidInputError(
            f"values must be a ledger with a deposit on its first bar, got {flows[first]:g} on {bars.label(first)}. "
            'Give Ledger.from_fills a first row of cash_flows with kind="deposit", or values of your own.'
        )
    index, rows = bars.index[[first, *range(first, bars.rows)]], np.flatnonzero(flows[first + 1 :]) + first + 1
    times = _days(bars.starts[first:], bars.starts[first])
    return Valued(
        index, bars, np.concatenate([flows[first : first + 1], equity[first:]]), np.concatenate([[0.0], times]),
        (rows - first + 1).astype(np.intp), times[rows - first], flows[rows], 1,
    )  # fmt: skip


def _days(moments: npt.NDArray[Any], first: Any) -> FloatVector:
    if moments.dtype.kind == "M":
        return np.asarray((moments - first).astype("timedelta64[ns]").astype(np.float64) / NANOSECONDS_A_DAY)
    return np.asarray(moments - first, dtype=np.float64)
