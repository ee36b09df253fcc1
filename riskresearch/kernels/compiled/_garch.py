"""A GARCH(1,1) (Bollerslev 1986): paths from their innovations, and the factors of likelihoods of a sample."""

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


@cython.ccall
def multiply_likelihoods(
    squares: cython.const[cython.double][::1],
    cells: cython.const[cython.double][:, ::1],
    scales: cython.const[cython.double][::1],
    reciprocals: cython.const[cython.double][::1],
    known: cython.double[:, ::1],
    ratios: cython.double[:, ::1],
    factors: cython.double[:, :, ::1],
) -> None:
    """Go over rows of a sample, and add or multiply what the likelihood of each cell and scale needs of them.

    Parameters
    ----------
    squares : shape (rows,)
        Squared distances from the mean.
    cells : shape (cells, 3)
        Reaction, memory, and what the long run adds to the variance per unit of scale.
    scales : shape (scales,)
        Variances in the long run.
    reciprocals : shape (degrees,)
        One over degrees of freedom less two.
    known : shape (cells, 2)
        The variance before the first row, news + level * scale, as news and level; that after the last is written.
    ratios : shape (cells, scales)
        Sums of squares over their variances, which are added to.
    factors : shape (cells, 1 + degrees, scales)
        Products of variances, and of 1 + ratio * reciprocal, which are multiplied.
    """
    row: cython.Py_ssize_t
    cell: cython.Py_ssize_t
    scale: cython.Py_ssize_t
    degree: cython.Py_ssize_t
    square: cython.double
    news: cython.double
    level: cython.double
    variance: cython.double
    ratio: cython.double
    with cython.nogil:
        for cell in range(cells.shape[0]):
            news = known[cell, 0]
            level = known[cell, 1]
            for row in range(squares.shape[0]):
                square = squares[row]
                for scale in range(scales.shape[0]):
                    variance = news + level * scales[scale]
                    ratio = square / variance
                    ratios[cell, scale] += ratio
                    factors[cell, 0, scale] *= variance
                    for degree in range(reciprocals.shape[0]):
                        factors[cell, 1 + degree, scale] *= 1.0 + ratio * reciprocals[degree]
                news = cells[cell, 0] * square + cells[cell, 1] * news
                level = cells[cell, 2] + cells[cell, 1] * level
            known[cell, 0] = news
            known[cell, 1] = level
