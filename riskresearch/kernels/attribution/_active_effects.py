"""Effects of active weights on the active return: (rows, assets) in."""

import numpy as np

from riskresearch.core._types import FloatMatrix


def active_effects(weights: FloatMatrix, benchmark: FloatMatrix, returns: FloatMatrix) -> FloatMatrix:
    """Return (w - b) (r - R) of each asset and, last, of cash, which earns nothing: shape (rows, assets + 1).

    R is the return of the benchmark, so rows sum to the active return. Summed over a group it is the total of Brinson
    and Fachler's allocation, selection and interaction.
    """
    moved = np.where((weights == 0.0) & (benchmark == 0.0), 0.0, returns)
    whole = (benchmark * moved).sum(axis=1)[:, None]
    active = weights - benchmark
    cash = -active.sum(axis=1)[:, None]
    return np.hstack([active * (moved - whole), cash * -whole])
