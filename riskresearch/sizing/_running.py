"""Running sizers, which are updated by one row at a time, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from riskresearch.core._calendar_periods import PERIODS, period_numbers, read_moment
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._row import TIME, inputs_of
from riskresearch.core._stream import ArrayRunning, Snapshot
from riskresearch.sizing._cap_reasons import names_of
from riskresearch.sizing._rows import nan_policy_of, sizer_row

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector, State

NO_INSTANT = np.iinfo(np.int64).min


class RowSizer(Protocol):
    """What a running sizer needs of its definition."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """What a row consists of, the main input first."""

    def _begin(self, names: tuple[str, ...], periods: float) -> Any: ...


class RunningSizer(ArrayRunning):
    """A sizer between two rows, with the bits of its `weights`; `sizer.start` makes it.

    An update that raises changes nothing. A running sizer can be copied, pickled and saved after any row and goes on
    with the same bits.

    Parameters
    ----------
    sizer : PositionSizer
        The definition.
    columns : sequence of str
        The names of the assets.
    periods_per_year : float
        Rows a year, for a sizer that needs them.

    Examples
    --------
    >>> import riskresearch
    >>> running = riskresearch.sizing.FixedFractionSizer(fraction=0.25).start(("A", "B"))
    >>> running.update([0.01, -0.02])
    array([0.25, 0.25])
    >>> running.update({"returns": [0.01, -0.02], "signals": [1.0, -1.0]})
    array([ 0.25, -0.25])
    """

    def __init__(self, sizer: RowSizer, columns: Sequence[str], periods_per_year: float) -> None:
        self._definition, self._names = sizer, tuple(columns)
        self._periods = float(periods_per_year)
        self._omits, self._period_name = nan_policy_of(sizer) == "omit", getattr(sizer, "rebalance", None)
        self._run = sizer._begin(self._names, float(periods_per_year))
        self._clock = np.array([NO_INSTANT, 0], dtype=np.int64)
        self._rows = np.zeros(1, dtype=np.int64)
        self._state: State = {"clock": self._clock, "rows": self._rows, **self._run.state}
        self._before = Snapshot(self._state)

    def update(self, observation: Any) -> FloatVector:
        """Return the weights decided after one more row, in force from the next one on.

        Parameters
        ----------
        observation : array of shape (columns,), mapping or Series
            A row of the sizer's first input, in the order of the columns or named by them; or a mapping of the inputs
            of `weights` to their rows, such as {"returns": row, "signals": other}. Its key "time" is when the row
            ended, later than the row before; a sizer with `rebalance` needs it, and counts periods by its clock.

        Returns
        -------
        array of shape (columns,)
            Fractions of net asset value; 0 before the first decision.
        """
        given = inputs_of(observation, self._definition.inputs, self._names, timed=True)
        period, clock = self._read_time(given.pop(TIME, None))
        rows = {
            name: sizer_row(row, self._names, name=name, omits=self._omits)
            for name, row in given.items()
            if row is not None
        }
        main = self._definition.inputs[0]
        if main not in rows:
            raise InvalidInputError(f"{main} must be given with each row, got None.")
        numbers = rows.pop(main)
        self._before.take()
        try:
            if self._period_name is None:
                decided = self._run.step(numbers, rows)
            else:
                decided = self._run.step_in(period, numbers, rows)
        except BaseException:
            self._before.put_back()
            raise
        self._clock[...] = clock
        self._rows += 1
        weights: FloatVector = np.array(decided)
        return weights

    def reasons(self) -> tuple[str, ...]:
        """Return for each column the names of the caps that bind the weight, joined by plus signs; "" where none."""
        return tuple(names_of(int(reason)) for reason in self._run.notes.reasons)

    def _read_time(self, time: Any) -> tuple[int, npt.NDArray[np.int64]]:
        """Return the number of the period of a row, and the clock after it."""
        if time is None:
            if self._period_name is not None:
                raise InvalidInputError(
                    f"time must be given with rebalance={self._period_name!r}, got None. Pass "
                    f'{{"{self._definition.inputs[0]}": row, "time": time}}.'
                )
            return 0, self._clock
        shown, instant, aware = read_moment(time, name="time")
        last, was_aware = int(self._clock[0]), bool(self._clock[1])
        if last != NO_INSTANT and aware != was_aware:
            raise InvalidInputError(f"time must have a time zone on all rows or on none, got {time!r}.")
        if instant <= last:
            raise InvalidInputError(f"time must be later than that of the row before, got {time!r}.")
        clock = np.array([instant, int(aware)], dtype=np.int64)
        if self._period_name is None:
            return 0, clock
        period = check_choice(self._period_name, PERIODS, name="rebalance")
        return int(period_numbers(np.array([shown]), period, name="rebalance", data="row")[0]), clock

    def _started(self) -> dict[str, Any]:
        """Return the arguments of `sizer._running`."""
        return {"columns": list(self._names), "periods_per_year": self._periods}

    def _arrays(self) -> State:
        """Return all that is carried from row to row."""
        return self._state

    def __repr__(self) -> str:
        """Return one line."""
        kind = type(self._definition).__name__
        return f"RunningSizer({kind}, columns={len(self._names)}, rows={int(self._rows[0])})"
