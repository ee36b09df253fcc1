"""Draws of the block bootstraps: which rows each draw takes, or the sums over them without visiting the rows.

A draw is a sequence of pieces: consecutive rows, around the end to the first. One number of SplitMix64 (Steele, Lea &
Flood 2014) makes a piece: its upper half says where it begins, its lower half how long it is, by Walker's (1977) alias
table. A block longer than the table goes on in a further piece. The sums over a piece are a difference of running sums.
Draws come in groups, each with its own key, so they do not depend on how the work is shared out.

Going from piece to piece is the quickest for one series. For many series over the same draws it is counted once how
often each draw takes each row, and each series is summed by the counts, without a random number or a jump.
"""

import cython
import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector
from riskresearch.kernels.inference._pieces import Pieces

Counts = npt.NDArray[np.uint16]

MASK = 0xFFFFFFFFFFFFFFFF
STEP = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _mix(
    counter: cython.ulonglong, first: cython.ulonglong, second: cython.ulonglong, mask: cython.ulonglong
) -> cython.ulonglong:
    counter = ((counter ^ (counter >> 30)) * first) & mask
    counter = ((counter ^ (counter >> 27)) * second) & mask
    return counter ^ (counter >> 31)


@cython.ccall
def _jump(
    running: cython.const[cython.double][:, ::1],
    rows: cython.Py_ssize_t,
    draws: cython.Py_ssize_t,
    key: cython.ulonglong,
    threshold: cython.const[cython.ulonglong][::1],
    length: cython.const[cython.longlong][::1],
    goes_on: cython.const[cython.longlong][::1],
    step: cython.ulonglong,
    first: cython.ulonglong,
    second: cython.ulonglong,
    mask: cython.ulonglong,
    places: cython.longlong[:, ::1],
    sums: cython.double[:, ::1],
) -> None:
    """Write the rows of each draw to `places` or, if that has no rows, sums to `sums`, both shape (draws, ...)."""
    draw: cython.Py_ssize_t
    row: cython.Py_ssize_t
    place: cython.Py_ssize_t
    begin: cython.Py_ssize_t
    end: cython.Py_ssize_t
    size: cython.Py_ssize_t
    side: cython.Py_ssize_t
    goes: cython.Py_ssize_t
    i: cython.Py_ssize_t
    bits: cython.ulonglong
    total: cython.double
    square: cython.double
    write: cython.bint = places.shape[0] > 0
    with cython.nogil:
        for draw in range(draws):
            total = 0.0
            square = 0.0
            goes = 0
            end = 0
            row = 0
            while row < rows:
                key = (key + step) & mask
                bits = _mix(key, first, second, mask)
                begin = ((bits >> 32) * rows) >> 32
                side = 2 * (bits & 63)
                side += ((bits >> 6) & 67108863) >= threshold[side >> 1]
                size = length[side]
                size = size if size < rows - row else rows - row
                end = end - rows if end >= rows else end
                place = begin + (end - begin) * goes  # without a branch, which would often be guessed wrong
                end = place + size
                goes = goes_on[side]
                if write:
                    for i in range(size):
                        places[draw, row + i] = place + i if place + i < rows else place + i - rows
                else:
                    total += running[end, 0] - running[place, 0]
                    square += running[end, 1] - running[place, 1]
                row += size
            if not write:
                sums[draw, 0] = total
                sums[draw, 1] = square


def draw_rows(rows: int, draws: int, key: int, pieces: Pieces) -> npt.NDArray[np.int64]:
    """Return which rows each draw takes, shape (draws, rows)."""
    places = np.empty((draws, rows), dtype=np.int64)
    none = np.empty((0, 2))
    _jump(none, rows, draws, key, *pieces, STEP, FIRST, SECOND, MASK, places, none)
    return places


def running_sums(values: FloatVector) -> npt.NDArray[np.float64]:
    """Return the sums of `values` and of their squares before each row, twice around: shape (2 * rows + 1, 2)."""
    running = np.zeros((2 * values.shape[0] + 1, 2))
    twice = np.concatenate([values, values])
    np.cumsum(twice, out=running[1:, 0])
    np.cumsum(twice * twice, out=running[1:, 1])
    return running


def draw_sums(running: npt.NDArray[np.float64], draws: int, key: int, pieces: Pieces) -> npt.NDArray[np.float64]:
    """Return sum and sum of squares over the rows that `draw_rows` would give, shape (draws, 2)."""
    sums = np.empty((draws, 2))
    places = np.empty((0, 0), dtype=np.int64)
    _jump(running, running.shape[0] // 2, draws, key, *pieces, STEP, FIRST, SECOND, MASK, places, sums)
    return sums


@cython.ccall
def _add(
    counts: cython.const[cython.ushort][:, ::1], values: cython.const[cython.double][::1], sums: cython.double[::1]
) -> None:
    row: cython.Py_ssize_t
    draw: cython.Py_ssize_t
    value: cython.double
    with cython.nogil:
        for row in range(counts.shape[0]):
            value = values[row]
            for draw in range(counts.shape[1]):
                sums[draw] += counts[row, draw] * value


def counts_of_places(places: npt.NDArray[np.int64]) -> Counts:
    """Return how often each draw takes each row, shape (rows, draws), from what `draw_rows` gives.

    Sixteen bits are enough: each row comes up once on average, and 65,536 times with negligible probability.
    """
    draws, rows = places.shape
    counts = np.empty((rows, draws), dtype=np.uint16)
    for draw in range(draws):
        counts[:, draw] = np.bincount(places[draw], minlength=rows)
    return counts


def sums_of_draws(counts: Counts, values: FloatVector) -> FloatVector:
    """Return the sum over each draw, shape (draws,), added row by row."""
    sums = np.zeros(counts.shape[1])
    _add(counts, np.ascontiguousarray(values), sums)
    return sums
