"""Historical VaR and CVaR of a moving window, one row after the other, many columns at a time.

Each column keeps the smallest values of its window in order, and a bound: what is not kept is not below it. A row that
comes and a row that goes are compared with the bounds; the few columns that they concern are changed, the others keep
their answer. Where fewer values are left than the tail needs, the window is read again. A buffer as long as the window
is the sorted window itself, and is never read again: that is the form for wide tails.

The tail is added in sorted order, worst first, as `_tail` does, so the answer has the bits of the whole-sample measure.
"""

import cython
import numpy as np


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _insert(
    kept: cython.double[::1], at: cython.Py_ssize_t, size: cython.Py_ssize_t, value: cython.double
) -> cython.Py_ssize_t:
    """Put `value` among the `size` ordered values from `at` on, where there is room for one more; return its place."""
    place: cython.Py_ssize_t = size
    while place > 0 and kept[at + place - 1] > value:
        kept[at + place] = kept[at + place - 1]
        place -= 1
    kept[at + place] = value
    return place


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _first_not_below(
    kept: cython.double[::1], at: cython.Py_ssize_t, size: cython.Py_ssize_t, value: cython.double
) -> cython.Py_ssize_t:
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = size
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if kept[at + middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@cython.final
@cython.cclass
class TailWindow:
    """The tails of a moving window over the rows of a matrix, which may be a ring of more rows than the window.

    Parameters
    ----------
    source : (vector, int, int)
        The matrix in one line, how far its rows are apart, and how many there are; row `tick % rows` holds the values
        of that tick; NaN is missing.
    window, minimum : int
        Rows in the window, and how many must not be missing to give an answer.
    state : dict of arrays
        `counts` and `masses`, of shape (window + 1,): for each number of values in the window, how many make the tail,
        and how many observations the level leaves. `kept`, of shape (columns, capacity + 1), the smallest values of
        each window in order. `sizes` and `present`, of shape (columns,): how many are kept, and how many of the
        window's rows are not missing. `bounds`, of shape (columns,): nothing below it is left out of `kept`. `answers`,
        of shape (2, columns).
    answers : sequence of two (vector, int, int)
        Output arrays of VaR and CVaR, each in one line, the distance between its rows, and the number of rows, which
        is 0 for what is not wanted.
    """

    source: cython.const[cython.double][::1]
    pitch: cython.Py_ssize_t
    length: cython.Py_ssize_t
    columns: cython.Py_ssize_t
    window: cython.Py_ssize_t
    minimum: cython.Py_ssize_t
    counts: cython.const[cython.longlong][::1]
    masses: cython.const[cython.double][::1]
    kept: cython.double[::1]
    room: cython.Py_ssize_t
    sizes: cython.longlong[::1]
    present: cython.longlong[::1]
    bounds: cython.double[::1]
    answers: cython.double[:, ::1]
    value_at_risk: cython.double[::1]
    conditional: cython.double[::1]
    var_pitch: cython.Py_ssize_t
    var_rows: cython.Py_ssize_t
    cvar_pitch: cython.Py_ssize_t
    cvar_rows: cython.Py_ssize_t
    hit: cython.longlong[::1]
    infinity: cython.double
    missing: cython.double

    def __init__(self, source, window, minimum, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.pitch, self.length = source
        self.window, self.minimum = window, minimum
        self.counts, self.masses = state["counts"], state["masses"]
        self.columns, self.room = state["kept"].shape
        self.kept = state["kept"].reshape(-1)
        self.sizes, self.present = state["sizes"], state["present"]
        self.bounds, self.answers = state["bounds"], state["answers"]
        (self.value_at_risk, *first), (self.conditional, *second) = answers
        self.var_pitch, self.var_rows = first
        self.cvar_pitch, self.cvar_rows = second
        self.hit = np.empty(self.columns, dtype=np.longlong)
        self.infinity, self.missing = np.inf, np.nan

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _read_window(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Collect the smallest values of the rows that end with `tick`."""
        at: cython.Py_ssize_t = column * self.room
        capacity: cython.Py_ssize_t = self.room - 1
        most: cython.Py_ssize_t = capacity if capacity >= self.window else capacity - capacity // 4
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % self.length
        size: cython.Py_ssize_t = 0
        present: cython.Py_ssize_t = 0
        _i: cython.Py_ssize_t
        value: cython.double
        for _i in range(rows):
            value = self.source[row * self.pitch + column]
            row = row + 1 if row + 1 < self.length else 0
            if value == value:
                present += 1
                if size < most:
                    _insert(self.kept, at, size, value)
                    size += 1
                elif value < self.kept[at + most - 1]:
                    _insert(self.kept, at, most - 1, value)
        self.sizes[column] = size
        self.present[column] = present
        self.bounds[column] = self.kept[at + size - 1] if present > size else self.infinity

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def _leave(self, column: cython.Py_ssize_t, value: cython.double) -> cython.Py_ssize_t:
        """Remove `value` from the column's window; return which of the smallest it was, or the capacity."""
        at: cython.Py_ssize_t = column * self.room
        size: cython.Py_ssize_t = self.sizes[column]
        place: cython.Py_ssize_t
        i: cython.Py_ssize_t
        self.present[column] -= 1
        if value <= self.bounds[column]:
            place = _first_not_below(self.kept, at, size, value)
            if place < size and self.kept[at + place] == value:
                for i in range(at + place, at + size - 1):
                    self.kept[i] = self.kept[i + 1]
                self.sizes[column] = size - 1
                return place
        return self.room

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def _enter(self, column: cython.Py_ssize_t, value: cython.double) -> cython.Py_ssize_t:
        """Put `value` into the column's window; return which of the smallest it is, or the capacity."""
        at: cython.Py_ssize_t = column * self.room
        size: cython.Py_ssize_t = self.sizes[column]
        place: cython.Py_ssize_t
        self.present[column] += 1
        if value < self.bounds[column]:
            place = _insert(self.kept, at, size, value)
            if size < self.room - 1:
                self.sizes[column] = size + 1
            else:
                self.bounds[column] = self.kept[at + size]
            return place
        return self.room

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(
        self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t, comes: cython.double, goes: cython.double
    ) -> cython.void:
        """Let the value of `tick` come and another go, NaN if none, and renew the answer if it changed."""
        before: cython.Py_ssize_t = self.present[column]
        lowest: cython.Py_ssize_t = self.room
        place: cython.Py_ssize_t
        count: cython.Py_ssize_t
        if goes == goes:
            lowest = self._leave(column, goes)
        if comes == comes:
            place = self._enter(column, comes)
            lowest = place if place < lowest else lowest
        count = self.counts[self.present[column]]
        if self.present[column] < self.minimum:
            self.answers[0, column] = self.missing
            self.answers[1, column] = self.missing
        elif self.sizes[column] < count:
            self._read_window(column, tick)
            self._answer(column, count)
        elif lowest < count or self.present[column] != before:
            self._answer(column, count)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _answer(self, column: cython.Py_ssize_t, count: cython.Py_ssize_t) -> cython.void:
        i: cython.Py_ssize_t
        at: cython.Py_ssize_t = column * self.room
        mildest: cython.double = self.kept[at + count - 1]
        total: cython.double = 0.0
        for i in range(at, at + count - 1):
            total += mildest - self.kept[i]
        self.answers[0, column] = 0.0 - mildest
        self.answers[1, column] = self.answers[0, column] + total / self.masses[self.present[column]]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _fill(self, tick: cython.Py_ssize_t) -> cython.void:
        """Let the row of `tick` come while the window fills."""
        column: cython.Py_ssize_t
        at: cython.Py_ssize_t = tick % self.length * self.pitch
        if tick + 1 < self.minimum:
            return
        for column in range(self.columns):
            if tick + 1 > self.minimum:
                self._move(column, tick, self.source[at + column], self.missing)
                continue
            self._read_window(column, tick)
            if self.present[column] == self.minimum:
                self._answer(column, self.counts[self.minimum])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _find(self, comes: cython.Py_ssize_t, goes: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """List the columns whose tail what comes or goes may change; return how many they are."""
        column: cython.Py_ssize_t
        hits: cython.Py_ssize_t = 0
        for column in range(self.columns):
            self.hit[hits] = column
            hits += 1 - (
                (self.source[comes + column] >= self.bounds[column])
                & (self.source[goes + column] > self.bounds[column])
            )
        return hits

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1 of `source`; the output has the same row numbers."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        comes: cython.Py_ssize_t
        goes: cython.Py_ssize_t
        into: cython.Py_ssize_t
        i: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                if tick < self.window:
                    self._fill(tick)
                else:
                    comes = tick % self.length * self.pitch
                    goes = (tick - self.window) % self.length * self.pitch
                    for i in range(self._find(comes, goes)):
                        column = self.hit[i]
                        self._move(column, tick, self.source[comes + column], self.source[goes + column])
                if self.var_rows > 0:
                    into = tick % self.var_rows * self.var_pitch
                    for column in range(self.columns):
                        self.value_at_risk[into + column] = self.answers[0, column]
                if self.cvar_rows > 0:
                    into = tick % self.cvar_rows * self.cvar_pitch
                    for column in range(self.columns):
                        self.conditional[into + column] = self.answers[1, column]
