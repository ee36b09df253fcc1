"""Risk budgets by cyclical coordinate descent: one exact minimisation per asset and sweep, without a factorisation."""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, sqrt

from riskresearch.core._types import FloatMatrix, FloatVector


@cython.ccall
@cython.nogil
@cython.exceptval(check=False)
def _descend(
    correlation: cython.const[cython.double][:, ::1],
    budgets: cython.const[cython.double][::1],
    x: cython.double[::1],
    product: cython.double[::1],
    sweeps: cython.Py_ssize_t,
    tolerance: cython.double,
) -> cython.double:
    """Improve `x` in place and return the largest error of a share of risk; `product` is correlation @ x throughout."""
    count: cython.Py_ssize_t = x.shape[0]
    _sweep: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    rest: cython.double
    root: cython.double
    better: cython.double
    change: cython.double
    away: cython.double
    error: cython.double = 0.0
    for i in range(count):
        product[i] = 0.0
    for i in range(count):
        change = x[i]
        for j in range(count):
            product[j] += change * correlation[i, j]
    for _sweep in range(sweeps):
        for i in range(count):
            rest = product[i] - x[i]
            root = sqrt(rest * rest + 4.0 * budgets[i])
            # of the two forms of the positive root the one without cancellation
            if rest > 0.0:
                better = 2.0 * budgets[i] / (rest + root)
            else:
                better = 0.5 * (root - rest)
            change = better - x[i]
            x[i] = better
            for j in range(count):
                product[j] += change * correlation[i, j]
        error = 0.0
        for i in range(count):
            away = fabs(x[i] * product[i] - budgets[i])
            if away > error:
                error = away
        if error <= tolerance:
            break
    return error


def risk_budget_descent(
    correlation: FloatMatrix, budgets: FloatVector, start: FloatVector, sweeps: int, tolerance: float
) -> tuple[FloatVector, float]:
    """Minimise x'Cx / 2 - sum b log x over x > 0, so that x (Cx) = b, shape (assets,), and return x with its error.

    `correlation` has ones on its diagonal; `budgets` are positive. The error is the largest |x (Cx) - b| after at most
    `sweeps` sweeps over the assets (Griveau-Billion, Richard & Roncalli 2013).
    """
    found = np.array(start, dtype=np.float64)
    error = _descend(np.ascontiguousarray(correlation), budgets, found, np.empty(found.size), sweeps, tolerance)
    return found, float(error)
