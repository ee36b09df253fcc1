"""How long the pieces of a block bootstrap's draws are: Walker's (1977) alias table of a geometric or fixed length."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

CELLS = 64  # 6 bits choose the cell of the table, 26 more the side of it
SIDES = 1 << 26


class Pieces(NamedTuple):
    """How long pieces are: each cell of the table has two lengths, and a threshold between them."""

    threshold: npt.NDArray[np.uint64]
    """Shape (CELLS,): below it the first length of the cell holds."""
    length: npt.NDArray[np.int64]
    """Shape (2 * CELLS,), in rows."""
    goes_on: npt.NDArray[np.int64]
    """1 where the next piece continues the block, 0 where it begins a new one; shape (2 * CELLS,)."""


def fixed_pieces(block: int) -> Pieces:
    """Return pieces that are blocks of `block` rows."""
    return Pieces(np.zeros(CELLS, np.uint64), np.full(2 * CELLS, block, np.int64), np.zeros(2 * CELLS, np.int64))


def geometric_pieces(mean: float) -> Pieces:
    """Return pieces of blocks whose length is geometric with `mean` rows, at least 1 (Politis & Romano 1994).

    Outcome j < CELLS - 1 is a block that ends after j + 1 rows; the last is one that goes on after CELLS - 1 rows,
    which leaves a geometric length again.
    """
    stay = 1.0 - 1.0 / mean
    shares = [CELLS * (1.0 - stay) * stay**j for j in range(CELLS - 1)]
    shares.append(CELLS * stay ** (CELLS - 1))
    outcomes, threshold = [[cell, cell] for cell in range(CELLS)], np.full(CELLS, SIDES, np.uint64)
    small = [cell for cell in range(CELLS) if shares[cell] < 1.0]
    large = [cell for cell in range(CELLS) if shares[cell] >= 1.0]
    while small and large:
        cell = small.pop()
        threshold[cell] = round(shares[cell] * SIDES)
        outcomes[cell][1] = large[-1]
        shares[large[-1]] -= 1.0 - shares[cell]
        if shares[large[-1]] < 1.0:
            small.append(large.pop())
    outcome = np.array(outcomes, dtype=np.int64).ravel()
    return Pieces(threshold, np.minimum(outcome + 1, CELLS - 1), (outcome == CELLS - 1).astype(np.int64))
