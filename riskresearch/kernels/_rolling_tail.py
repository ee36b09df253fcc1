# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
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
    kept: cython.double[:, ::1], column: cython.Py_ssize_t, size: cython.Py_ssize_t, value: cython.double
) -> cython.Py_ssize_t:
    """Put `value` among the `size` ordered values of a column, whose room ends one place later; return its place."""
    place: cython.Py_ssize_t = size
    while place > 0 and kept[column, place - 1] > value:
        kept[column, place] = kept[column, place - 1]
        place -= 1
    kept[column, place] = value
    return place


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _first_not_below(
    kept: cython.double[:, ::1], column: cython.Py_ssize_t, size: cython.Py_ssize_t, value: cython.double
) -> cython.Py_ssize_t:
    low: cython.Py_ssize_t = 0
    high: cython.Py_ssize_t = size
    middle: cython.Py_ssize_t
    while low < high:
        middle = (low + high) // 2
        if kept[column, middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@cython.cclass
class TailWindow:
    """The tails of a moving window over the rows of `source`, which may be a ring of more rows than the window.

    Parameters
    ----------
    source : shape (rows, columns)
        Row `tick % rows` holds the values of that tick; NaN is missing.
    counts, masses : shape (window + 1,)
        For each number of values in the window: how many make the tail, and how many observations the level leaves.
    kept : shape (columns, capacity + 1)
        The smallest values of each window in order. Part of the state, as the next three.
    sizes, present : shape (columns,)
        How many are kept, and how many of the window's rows are not missing.
    bounds : shape (columns,)
        Nothing below it is left out of `kept`.
    value_at_risk, conditional : shape (rows, 1 or 0, columns)
        Where the answers go; nowhere if there are no rows.
    """

    source: cython.const[cython.double][:, :]
    window: cython.Py_ssize_t
    minimum: cython.Py_ssize_t
    counts: cython.const[cython.longlong][::1]
    masses: cython.const[cython.double][::1]
    kept: cython.double[:, ::1]
    sizes: cython.longlong[::1]
    present: cython.longlong[::1]
    bounds: cython.double[::1]
    answers: cython.double[:, ::1]
    value_at_risk: cython.double[:, :]
    conditional: cython.double[:, :]
    hit: cython.longlong[::1]
    infinity: cython.double
    missing: cython.double

    def __init__(self, source, window, minimum, state, value_at_risk, conditional):  # type: ignore[no-untyped-def]
        self.source, self.window, self.minimum = source, window, minimum
        self.counts, self.masses = state["counts"], state["masses"]
        self.kept, self.sizes, self.present = state["kept"], state["sizes"], state["present"]
        self.bounds, self.answers = state["bounds"], state["answers"]
        self.value_at_risk, self.conditional = value_at_risk, conditional
        self.hit = np.empty(source.shape[1], dtype=np.longlong)
        self.infinity, self.missing = np.inf, np.nan

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _read_window(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Collect the smallest values of the rows that end with `tick`."""
        length: cython.Py_ssize_t = self.source.shape[0]
        capacity: cython.Py_ssize_t = self.kept.shape[1] - 1
        room: cython.Py_ssize_t = capacity if capacity >= self.window else capacity - capacity // 4
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % length
        size: cython.Py_ssize_t = 0
        present: cython.Py_ssize_t = 0
        _i: cython.Py_ssize_t
        value: cython.double
        for _i in range(rows):
            value = self.source[row, column]
            row = row + 1 if row + 1 < length else 0
            if value == value:
                present += 1
                if size < room or value < self.kept[column, room - 1]:
                    _insert(self.kept, column, size if size < room else room - 1, value)
                    size += size < room
        self.sizes[column] = size
        self.present[column] = present
        self.bounds[column] = self.kept[column, size - 1] if present > size else self.infinity

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _leave(self, column: cython.Py_ssize_t, value: cython.double) -> cython.Py_ssize_t:
        """Take `value` out of the column's window; return which of the smallest it was, or the capacity."""
        size: cython.Py_ssize_t = self.sizes[column]
        place: cython.Py_ssize_t
        i: cython.Py_ssize_t
        self.present[column] -= 1
        if value <= self.bounds[column]:
            place = _first_not_below(self.kept, column, size, value)
            if place < size and self.kept[column, place] == value:
                for i in range(place, size - 1):
                    self.kept[column, i] = self.kept[column, i + 1]
                self.sizes[column] = size - 1
                return place
        return self.kept.shape[1]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _enter(self, column: cython.Py_ssize_t, value: cython.double) -> cython.Py_ssize_t:
        """Put `value` into the column's window; return which of the smallest it is, or the capacity."""
        size: cython.Py_ssize_t = self.sizes[column]
        capacity: cython.Py_ssize_t = self.kept.shape[1] - 1
        place: cython.Py_ssize_t
        self.present[column] += 1
        if value < self.bounds[column]:
            place = _insert(self.kept, column, size, value)
            if size < capacity:
                self.sizes[column] = size + 1
            else:
                self.bounds[column] = self.kept[column, capacity]
            return place
        return self.kept.shape[1]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Let the row of `tick` come and the one `window` rows before it go, and renew the answer if it changed."""
        length: cython.Py_ssize_t = self.source.shape[0]
        before: cython.Py_ssize_t = self.present[column]
        lowest: cython.Py_ssize_t = self.kept.shape[1]
        place: cython.Py_ssize_t
        count: cython.Py_ssize_t
        value: cython.double
        if tick >= self.window:
            value = self.source[(tick - self.window) % length, column]
            if value == value:
                lowest = self._leave(column, value)
        value = self.source[tick % length, column]
        if value == value:
            place = self._enter(column, value)
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
        mildest: cython.double = self.kept[column, count - 1]
        total: cython.double = 0.0
        for i in range(count - 1):
            total += mildest - self.kept[column, i]
        self.answers[0, column] = 0.0 - mildest
        self.answers[1, column] = self.answers[0, column] + total / self.masses[self.present[column]]

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last` of `source`; the answers are put into the rows of the same number."""
        source: cython.const[cython.double][:, :] = self.source
        bounds: cython.double[::1] = self.bounds
        answers: cython.double[:, ::1] = self.answers
        value_at_risk: cython.double[:, :] = self.value_at_risk
        conditional: cython.double[:, :] = self.conditional
        hit: cython.longlong[::1] = self.hit
        columns: cython.Py_ssize_t = source.shape[1]
        length: cython.Py_ssize_t = source.shape[0]
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        comes: cython.Py_ssize_t
        goes: cython.Py_ssize_t
        out: cython.Py_ssize_t
        hits: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                hits = 0
                if tick + 1 < self.minimum:
                    pass
                elif tick + 1 == self.minimum:
                    for column in range(columns):
                        self._read_window(column, tick)
                        if self.present[column] == self.minimum:
                            self._answer(column, self.counts[self.minimum])
                elif tick < self.window:
                    for column in range(columns):
                        self._move(column, tick)
                else:
                    comes = tick % length
                    goes = (tick - self.window) % length
                    for column in range(columns):
                        hit[hits] = column
                        hits += 1 - (
                            (source[comes, column] >= bounds[column]) & (source[goes, column] > bounds[column])
                        )
                    for column in range(hits):
                        self._move(hit[column], tick)
                if value_at_risk.shape[0] > 0:
                    out = tick % value_at_risk.shape[0]
                    for column in range(columns):
                        value_at_risk[out, column] = answers[0, column]
                if conditional.shape[0] > 0:
                    out = tick % conditional.shape[0]
                    for column in range(columns):
                        conditional[out, column] = answers[1, column]
