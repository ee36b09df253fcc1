"""Paths of a GARCH(1,1) (Bollerslev 1986) from their innovations."""

import cython
import numpy as np
from cython.cimports.libc.math import sqrt

from riskresearch.core._types import FloatMatrix


@cython.ccall
def _write(
    paths: cython.double[:, ::1], variances: cython.double[::1], reaction: cython.double, memory: cython.double
) -> None:
    row: cython.Py_ssize_t
    column: cython.Py_ssize_t
    variance: cython.double
    value: cython.double
    constant: cython.double = 1.0 - reaction - memory
    with cython.nogil:
        for row in range(paths.shape[0]):
            for column in range(paths.shape[1]):
                variance = variances[column]
                value = paths[row, column] * sqrt(variance)
                variances[column] = constant + reaction * (value * value) + memory * variance
                paths[row, column] = value


def write_garch_paths(innovations: FloatMatrix, reaction: float, memory: float) -> None:
    """Write over the innovations, shape (rows, columns), the paths that they make.

    The variance is 1 before the first row; after each it is 1 - reaction - memory, plus reaction times the square of
    the row, plus memory times the variance before it.
    """
    _write(innovations, np.ones(innovations.shape[1]), reaction, memory)
