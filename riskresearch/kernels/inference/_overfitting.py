"""Combinatorially symmetric cross-validation: what is best in half of the blocks, and its rank in the other half."""

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.compiled._sums import column_sums
from riskresearch.kernels.optimise._tiled_matmul import product

CELLS_AT_ONCE = 200_000
SPREAD_OF_ROUNDING = 1e-12

IntVector = npt.NDArray[np.int64]
Performance = Callable[[FloatMatrix], tuple[FloatMatrix, FloatMatrix]]
"""Takes halves, shape (halves, blocks) of 0 and 1; returns what each trial did in them and in the other halves."""


class Choices(NamedTuple):
    """What was chosen in each half, shape (combinations,) each, in the order of `itertools.combinations`."""

    chosen: IntVector
    """Number of the trial that did best in the half."""
    in_sample: FloatVector
    out_of_sample: FloatVector
    relative_rank: FloatVector
    """Rank of the chosen trial in the other half over trials + 1, ties by the mean rank."""


def block_edges(rows: int, blocks: int) -> IntVector:
    """Return the first row of each block and the end of the last; lengths differ by at most one row."""
    return np.array([rows * number // blocks for number in range(blocks + 1)], dtype=np.int64)


def block_sums(values: FloatMatrix, edges: IntVector) -> FloatMatrix:
    """Return sum and sum of squares of each block, shape (2, blocks, columns); a column does not see the others."""
    parts = [values[first:last] for first, last in pairwise(edges)]
    return np.array([[column_sums(part) for part in parts], [column_sums(part * part) for part in parts]])


def sharpe_of_halves(sums: FloatMatrix, sizes: FloatVector) -> Performance:
    """Return the performance that is the Sharpe ratio per row, from `block_sums`; zero where nothing moves."""

    def ratio(halves: FloatMatrix) -> FloatMatrix:
        rows = (halves @ sizes)[:, None]
        total, squares = product(halves, sums[0]), product(halves, sums[1])
        left = squares - total * total / rows
        moves = left > SPREAD_OF_ROUNDING * squares
        deviation = np.sqrt(np.where(moves, left, 1.0) / (rows - 1.0))
        return np.where(moves, total / rows / deviation, 0.0)

    return lambda halves: (ratio(halves), ratio(1.0 - halves))


def measure_of_halves(
    values: FloatMatrix, edges: IntVector, measure: Callable[[FloatMatrix], FloatVector]
) -> Performance:
    """Return the performance that is `measure` of the rows of a half, shape (rows, trials) -> (trials,)."""
    block = np.repeat(np.arange(edges.size - 1), np.diff(edges))

    def performance(halves: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
        kept = [half[block] == 1.0 for half in halves]
        return np.array([measure(values[rows]) for rows in kept]), np.array([measure(values[~rows]) for rows in kept])

    return performance


def choose(performance: Performance, blocks: int, trials: int) -> Choices:
    """Choose the best trial in each half and look at it in the other (Bailey, Borwein, Lopez de Prado & Zhu 2017).

    The halves in the order of `combinations` mirror each other: the other half of number k is number -1 - k. So the
    first of them, those with block 0, say everything.
    """
    found: list[tuple[Choices, Choices]] = []
    first_half = [half for half in combinations(range(blocks), blocks // 2) if half[0] == 0]
    step = max(1, CELLS_AT_ONCE // trials)
    for first in range(0, len(first_half), step):
        halves = np.zeros((len(first_half[first : first + step]), blocks))
        np.put_along_axis(halves, np.array(first_half[first : first + step]), 1.0, axis=1)
        one, other = performance(halves)
        found.append((_choose(one, other), _choose(other, one)))
    forward = [np.concatenate(parts) for parts in zip(*(pair[0] for pair in found), strict=True)]
    mirrored = [np.concatenate(parts)[::-1] for parts in zip(*(pair[1] for pair in found), strict=True)]
    return Choices(*(np.concatenate(pair) for pair in zip(forward, mirrored, strict=True)))


def _choose(inside: FloatMatrix, outside: FloatMatrix) -> Choices:
    chosen = inside.argmax(axis=1)
    picked = chosen[:, None]
    result = np.take_along_axis(outside, picked, axis=1)
    rank = (outside < result).sum(axis=1) + 0.5 * ((outside == result).sum(axis=1) + 1.0)
    return Choices(
        chosen.astype(np.int64),
        np.take_along_axis(inside, picked, axis=1)[:, 0],
        result[:, 0],
        rank / (inside.shape[1] + 1.0),
    )
