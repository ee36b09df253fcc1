"""Matrix products in tiles of fixed size, which BLAS does in one thread: the same bits whatever threads it may use.

OpenBLAS splits a product over its threads from 262,144 multiplications on. The split changes the last bits, and beside
other threads that wait for a core it was measured to be 50 times slower than one thread.
"""

import numpy as np

from riskresearch.core._types import FloatMatrix

MULTIPLICATIONS_AT_ONCE = 250_000
ROWS_AT_ONCE = 100


def product(left: FloatMatrix, right: FloatMatrix) -> FloatMatrix:
    """Return left @ right."""
    rows, inner = left.shape
    columns = right.shape[1]
    result = np.empty((rows, columns))
    tall = min(rows, ROWS_AT_ONCE)
    wide = max(1, MULTIPLICATIONS_AT_ONCE // max(1, tall * inner))
    for row in range(0, rows, tall):
        for column in range(0, columns, wide):
            tile = slice(row, row + tall), slice(column, column + wide)
            np.matmul(left[tile[0]], right[:, tile[1]], out=result[tile])
    return result
