# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Draws of the block bootstraps: which rows each draw takes, or the sums over them without writing the rows down.

One loop serves three bootstraps. A block begins where chance says so (Politis & Romano 1994) or after a fixed number of
rows, goes on row by row and around the end to the first row. The numbers are those of SplitMix64 (Steele, Lea & Flood
2014), one for each row: its upper half says where a block would begin, its lower half whether it does. Draws come in
blocks, each with its own key, so they do not depend on how the work is shared out.
"""

import cython
import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector

MASK = 0xFFFFFFFFFFFFFFFF
HALF = 0xFFFFFFFF
STEP = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB
ALWAYS = 1 << 32
"""The threshold at which every row begins a block: the bootstrap of independent rows."""


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
def _walk(
    values: cython.const[cython.double][::1],
    rows: cython.Py_ssize_t,
    draws: cython.Py_ssize_t,
    key: cython.ulonglong,
    threshold: cython.ulonglong,
    block: cython.Py_ssize_t,
    step: cython.ulonglong,
    first: cython.ulonglong,
    second: cython.ulonglong,
    mask: cython.ulonglong,
    half: cython.ulonglong,
    always: cython.ulonglong,
    places: cython.longlong[:, ::1],
    sums: cython.double[::1],
    squares: cython.double[::1],
) -> None:
    """Write the rows of each draw to `places`, or, if that has no rows, the sums of `values` and of their squares."""
    draw: cython.Py_ssize_t
    row: cython.Py_ssize_t
    place: cython.ulonglong
    begin: cython.ulonglong
    bits: cython.ulonglong
    limit: cython.ulonglong
    choice: cython.ulonglong
    left: cython.Py_ssize_t
    value: cython.double
    total: cython.double
    square: cython.double
    size: cython.ulonglong = rows
    write: cython.bint = places.shape[0] > 0
    with cython.nogil:
        for draw in range(draws):
            total = 0.0
            square = 0.0
            left = 0
            place = 0
            for row in range(rows):
                key = (key + step) & mask
                bits = _mix(key, first, second, mask)
                begin = ((bits >> 32) * size) >> 32
                limit = threshold
                if left == 0:
                    limit = always
                    left = block
                left -= 1
                place = place + 1 if place + 1 < size else 0
                # Without a branch, which would be guessed wrong at each beginning: all ones if a block begins here.
                choice = (0 - ((((bits & half) - limit) & mask) >> 63)) & mask
                place = place ^ ((place ^ begin) & choice)
                if write:
                    places[draw, row] = place
                else:
                    value = values[place]
                    total += value
                    square += value * value
            if not write:
                sums[draw] = total
                squares[draw] = square


def draw_rows(rows: int, draws: int, key: int, threshold: int, block: int) -> npt.NDArray[np.int64]:
    """Return which rows each draw takes, shape (draws, rows).

    A block begins with probability `threshold` / 2**32 at each row, and after `block` rows at the latest.
    """
    places = np.empty((draws, rows), dtype=np.int64)
    none = np.empty(0)
    _walk(none, rows, draws, key, threshold, block, STEP, FIRST, SECOND, MASK, HALF, ALWAYS, places, none, none)
    return places


def draw_sums(values: FloatVector, draws: int, key: int, threshold: int, block: int) -> tuple[FloatVector, FloatVector]:
    """Return the sums of `values`, shape (rows,), and of their squares over the rows that `draw_rows` would give."""
    sums, squares = np.empty(draws), np.empty(draws)
    places = np.empty((0, 0), dtype=np.int64)
    _walk(
        np.ascontiguousarray(values), values.shape[0], draws, key, threshold, block, STEP, FIRST, SECOND, MASK, HALF,
        ALWAYS, places, sums, squares,
    )  # fmt: skip
    return sums, squares
