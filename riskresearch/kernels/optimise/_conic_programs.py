"""Cone programmes for clarabel: a polytope of weights, rows of exponential cones, and one call of the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector

if TYPE_CHECKING:
    import numpy.typing as npt

EXACT = 1e-11
USUAL = 1e-8
SOLVED = ("Solved", "AlmostSolved")
STOPPED = ("InsufficientProgress", "MaxIterations", "NumericalError")


class Polytope(NamedTuple):
    """The weights that may be held: equal @ z = equal_to, below @ z <= at_most, weights first in z.

    Where leverage is limited and short positions are allowed, z is followed by one bound on the size of each weight.
    """

    equal: FloatMatrix
    equal_to: FloatVector
    below: FloatMatrix
    at_most: FloatVector

    @property
    def columns(self) -> int:
        """The length of z."""
        return self.equal.shape[1]


def holds_zero(polytope: Polytope) -> bool:
    """Return whether no position at all is allowed."""
    return bool(np.all(polytope.equal_to == 0.0) and np.all(polytope.at_most >= 0.0))


class Block(NamedTuple):
    """Entries of a sparse matrix whose rows are all in the same kind of cone, and the right-hand side of these rows."""

    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    entries: FloatVector
    offset: FloatVector
    cones: list[Any]


class Solution(NamedTuple):
    """What the solver found: the point, the multipliers of the rows, its status, and its time in seconds."""

    point: FloatVector
    multipliers: FloatVector
    status: str
    seconds: float

    @property
    def solved(self) -> bool:
        """Whether the point is one."""
        return self.status in SOLVED

    @property
    def stopped_early(self) -> bool:
        """Whether the solver stopped at a point that may be near the solution."""
        return self.status in STOPPED


def dense_block(matrix: FloatMatrix, offset: FloatVector, cones: list[Any], first_column: int = 0) -> Block:
    """Return the entries of a dense matrix whose first column is the problem's `first_column`."""
    rows, columns = np.nonzero(matrix)
    return Block(rows, columns + first_column, matrix[rows, columns], offset, cones)


def polytope_blocks(polytope: Polytope) -> list[Block]:
    """Return the rows of the polytope: equalities first, then inequalities."""
    import clarabel  # noqa: PLC0415 (a solver that most users never need)

    blocks = []
    if polytope.equal_to.size:
        cone = clarabel.ZeroConeT(polytope.equal_to.size)
        blocks.append(dense_block(polytope.equal, polytope.equal_to, [cone]))
    if polytope.at_most.size:
        cone = clarabel.NonnegativeConeT(polytope.at_most.size)
        blocks.append(dense_block(polytope.below, polytope.at_most, [cone]))
    return blocks


def logarithm_block(matrix: FloatMatrix, offset: FloatVector, first_log: int) -> Block:
    """Return the rows that hold z[first_log + k] <= log(matrix[k] @ z + offset[k]); `matrix` has the first columns."""
    import clarabel  # noqa: PLC0415 (a solver that most users never need)

    count, width = matrix.shape
    k = np.arange(count)
    rows = np.concatenate([3 * k, np.repeat(3 * k + 2, width)])
    columns = np.concatenate([first_log + k, np.tile(np.arange(width), count)])
    right = np.zeros(3 * count)
    right[1::3], right[2::3] = 1.0, offset
    entries = np.concatenate([-np.ones(count), -matrix.ravel()])
    return Block(rows, columns, entries, right, [clarabel.ExponentialConeT()] * count)


def exponential_block(slope: float, offset: FloatVector, first_log: int, first_exponential: int) -> Block:
    """Return the rows that hold exp(offset[k] + slope * z[first_log + k]) <= z[first_exponential + k]."""
    import clarabel  # noqa: PLC0415 (a solver that most users never need)

    count = offset.size
    k = np.arange(count)
    right = np.zeros(3 * count)
    right[0::3], right[1::3] = offset, 1.0
    return Block(
        np.concatenate([3 * k, 3 * k + 2]),
        np.concatenate([first_log + k, first_exponential + k]),
        np.concatenate([np.full(count, -slope), -np.ones(count)]),
        right,
        [clarabel.ExponentialConeT()] * count,
    )


def solve(
    quadratic: FloatMatrix | None, linear: FloatVector, blocks: list[Block], tolerance: float = USUAL
) -> Solution:
    """Minimise z' Q z / 2 + linear' z subject to the rows of `blocks`; Q covers the first columns."""
    import clarabel  # noqa: PLC0415 (a solver that most users never need)
    from scipy import sparse  # noqa: PLC0415 (SciPy, which most measures spare)

    if not blocks:  # the solver wants a row
        blocks = [dense_block(np.zeros((1, linear.size)), np.ones(1), [clarabel.NonnegativeConeT(1)])]
    starts = np.cumsum([0, *(block.offset.size for block in blocks)])
    rows = np.concatenate([block.rows + start for block, start in zip(blocks, starts[:-1], strict=True)])
    columns = np.concatenate([block.columns for block in blocks])
    entries = np.concatenate([block.entries for block in blocks])
    matrix = sparse.csc_matrix((entries, (rows, columns)), shape=(starts[-1], linear.size))
    cost = sparse.csc_matrix((linear.size, linear.size))
    if quadratic is not None:
        upper = np.triu(quadratic)
        above, right = np.nonzero(upper)
        cost = sparse.csc_matrix((upper[above, right], (above, right)), shape=cost.shape)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    if hasattr(settings, "max_threads"):  # clarabel before 0.10 has one thread
        settings.max_threads = 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = tolerance
    offset = np.concatenate([block.offset for block in blocks])
    cones = [cone for block in blocks for cone in block.cones]
    found = clarabel.DefaultSolver(cost, linear, matrix, offset, cones, settings).solve()
    return Solution(np.array(found.x), np.array(found.z), str(found.status), float(found.solve_time))
