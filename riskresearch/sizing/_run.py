"""Running sizers: the state between two rows, the step, and the rule that holds weights between decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import numpy as np

from riskresearch.kernels._schedule import is_fitted_after

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector, State

Extras: TypeAlias = "Mapping[str, npt.NDArray[np.float64]]"
"""What comes beside the returns, by name ("signals", "high", ...): one number a column, or one row for each row."""

NO_PERIOD = np.iinfo(np.int64).min


class Notes(NamedTuple):
    """The weights wanted before caps, and the bits of `CapReason` of the caps that bound, one a column."""

    wanted: FloatVector
    reasons: npt.NDArray[np.longlong]


class SizerRun(Protocol):
    """A sizer between two rows."""

    @property
    def state(self) -> State:
        """All that it knows."""

    @property
    def notes(self) -> Notes:
        """What the last step noted of caps."""

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Go on by one row, where NaN is missing, and return the weights decided after it."""


class PeriodicRun(Protocol):
    """A run that decides once in each calendar period."""

    @property
    def state(self) -> State:
        """All that it knows."""

    @property
    def notes(self) -> Notes:
        """What the decision in force noted of caps."""

    def step_in(self, period: int, row: FloatVector, extras: Extras) -> FloatVector:
        """Do the same as `step` for a row in the period of this number."""


def new_notes(columns: int) -> Notes:
    """Return notes of nothing."""
    return Notes(np.zeros(columns), np.zeros(columns, dtype=np.longlong))


class HoldingRun:
    """A run whose decision of the last row of each period is held through the next one.

    That a row was the last of its period is known when the first row of the next one comes: its decision is then
    returned, and held. The first weights that are not all zero are returned at once.
    """

    def __init__(self, run: SizerRun, columns: int) -> None:
        self._run, self._held, self._before = run, np.zeros(columns), np.zeros(columns)
        self._period, self._entered = np.full(1, NO_PERIOD, dtype=np.int64), np.zeros(1)
        self._notes, self._notes_before = new_notes(columns), new_notes(columns)
        own = {"weights": self._held, "decided": self._before, "period": self._period, "entered": self._entered}
        own |= {"wanted": self._notes.wanted, "reasons": self._notes.reasons}
        own |= {"wanted_before": self._notes_before.wanted, "reasons_before": self._notes_before.reasons}
        self._state = {f"held.{name}": array for name, array in own.items()} | run.state

    @property
    def state(self) -> State:
        """The weights held and decided last with their notes, the number of the period, and the state of the run."""
        return self._state

    @property
    def notes(self) -> Notes:
        """What the decision in force noted of caps."""
        return self._notes

    def step_in(self, period: int, row: FloatVector, extras: Extras) -> FloatVector:
        """Go on by one row of the period of this number, and return the weights in force from the next row on."""
        decided = self._run.step(row, extras)
        if self._entered[0] == 0.0:
            self._take(decided, self._run.notes)
            self._entered[0] = float(decided.any())
        elif period > self._period[0]:
            self._take(self._before, self._notes_before)
        self._before[...] = decided
        for ours, theirs in zip(self._notes_before, self._run.notes, strict=True):
            ours[...] = theirs
        self._period[0] = period
        return self._held

    def _take(self, weights: FloatVector, notes: Notes) -> None:
        self._held[...] = weights
        for ours, theirs in zip(self._notes, notes, strict=True):
            ours[...] = theirs


def held_through_periods(decided: FloatMatrix, periods: npt.NDArray[np.int64]) -> FloatMatrix:
    """Return what `HoldingRun` returns after each row, from the decisions after each row."""
    from_row = np.zeros(decided.shape[0], dtype=np.intp)
    entered = decided.any(axis=1)
    first = int(entered.argmax()) if entered.any() else decided.shape[0]
    begins = np.concatenate([[False], periods[1:] > periods[:-1]])
    from_row[: first + 1] = np.arange(first + 1)[: decided.shape[0]]
    later = np.arange(first + 1, decided.shape[0])
    from_row[later] = np.where(begins[later], later - 1, 0)
    held: FloatMatrix = decided[np.maximum.accumulate(from_row)]
    return held


class WindowRun:
    """A run that solves for weights on the last `window` rows at times and holds them between.

    `solve` gets rows in the order of time, shape (window, columns), C-contiguous, and returns weights and the bits of
    the caps that bind. The first solution comes after row number `window`; weights are 0 until then. Missing values
    are handed on as they are. It solves again after every `every` rows, or, with `step_in`, when a period has ended,
    on the rows up to its last one.
    """

    def __init__(
        self,
        columns: int,
        *,
        window: int,
        every: int,
        solve: Callable[[FloatMatrix], tuple[FloatVector, npt.NDArray[np.longlong]]],
    ) -> None:
        self._window, self._every, self._solve = window, every, solve
        self._ring, self._tick, self._held = np.full((window, columns), np.nan), np.zeros(1), np.zeros(columns)
        self._period, self._notes = np.full(1, NO_PERIOD, dtype=np.int64), new_notes(columns)

    @property
    def state(self) -> State:
        """The ring of the last rows, the number of rows so far, the weights held, and what binds them."""
        return {
            "ring": self._ring, "tick": self._tick, "held": self._held, "period": self._period,
            "reasons": self._notes.reasons,
        }  # fmt: skip

    @property
    def notes(self) -> Notes:
        """Which caps bind the weights held."""
        return self._notes._replace(wanted=self._held)

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Go on by one row and return the weights decided after it."""
        self._push(row)
        rows = int(self._tick[0])
        if rows >= self._window and is_fitted_after(rows, window=self._window, every=self._every):
            self._decide()
        return self._held

    def step_in(self, period: int, row: FloatVector, extras: Extras) -> FloatVector:
        """Go on by one row of the period of this number, and return the weights in force from the next row on."""
        if int(self._tick[0]) >= self._window and period > self._period[0]:
            self._decide()
        self._push(row)
        if int(self._tick[0]) == self._window:
            self._decide()
        self._period[0] = period
        return self._held

    def _push(self, row: FloatVector) -> None:
        self._ring[int(self._tick[0]) % self._window] = row
        self._tick[0] += 1.0

    def _decide(self) -> None:
        place = int(self._tick[0]) % self._window
        weights, reasons = self._solve(np.concatenate([self._ring[place:], self._ring[:place]]))
        self._held[...] = weights
        self._notes.reasons[...] = reasons
