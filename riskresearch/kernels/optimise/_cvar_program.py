"""Rockafellar and Uryasev's linear programme: CVaR over scenarios in its objective or its constraints."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.optimise._conic_programs import Polytope

INFEASIBLE, UNBOUNDED = 2, 3


class TailProgram(NamedTuple):
    """Minimise cvar_price * CVaR - mean_price * mean, with CVaR at most `most_cvar` and the mean at least `least_mean`.

    Scenarios of returns (rows, assets), their probabilities, and the probability of the tail.
    """

    returns: FloatMatrix
    probabilities: FloatVector
    tail: float
    cvar_price: float = 1.0
    mean_price: float = 0.0
    most_cvar: float | None = None
    least_mean: float | None = None


def tail_weights(program: TailProgram, polytope: Polytope) -> tuple[FloatVector | None, int]:
    """Return the best weights in the polytope, or None and HiGHS's status.

    The variables are the polytope's, the threshold of the tail, and by how much the loss of each scenario is beyond it.
    """
    from scipy import optimize, sparse  # noqa: PLC0415 (SciPy, which most measures spare)

    rows, assets = program.returns.shape
    unit = float(np.abs(program.returns).mean()) or 1.0
    scenarios, mean = program.returns / unit, program.probabilities @ program.returns / unit
    width = polytope.columns
    tail = np.concatenate([np.zeros(width), [1.0], program.probabilities / program.tail])
    gain = np.concatenate([mean, np.zeros(tail.size - assets)])
    blocks: list[Any] = [-scenarios, np.zeros((rows, width - assets)), -np.ones((rows, 1))]
    beyond: Any = sparse.hstack([*map(sparse.csr_matrix, blocks), -sparse.identity(rows)])
    below, at_most = [beyond, _padded(polytope.below, tail.size)], [np.zeros(rows), polytope.at_most]
    if program.most_cvar is not None:
        below.append(tail[None])
        at_most.append(np.array([program.most_cvar / unit]))
    if program.least_mean is not None:
        below.append(-gain[None])
        at_most.append(np.array([-program.least_mean / unit]))
    linprog: Any = optimize.linprog  # its stubs know neither sparse rows nor an array of bounds
    found = linprog(
        program.cvar_price * tail - program.mean_price * gain,
        A_ub=sparse.vstack(below, format="csc"),
        b_ub=np.concatenate(at_most),
        A_eq=_padded(polytope.equal, tail.size),
        b_eq=polytope.equal_to,
        bounds=np.array([[-np.inf, np.inf]] * (width + 1) + [[0.0, np.inf]] * rows),
        method="highs",
    )
    return (found.x[:assets] + 0.0 if found.status == 0 else None), int(found.status)


def _padded(matrix: FloatMatrix, width: int) -> FloatMatrix:
    return np.hstack([matrix, np.zeros((matrix.shape[0], width - matrix.shape[1]))])
