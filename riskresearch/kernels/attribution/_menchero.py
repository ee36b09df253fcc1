"""Menchero's (2000) factors: as even over the rows as a sum without residual allows."""

import numpy as np

from riskresearch.core._types import FloatVector


def menchero_factors(returns: FloatVector, benchmark: FloatVector) -> FloatVector:
    """Return the factor of each row: one number for all, and a part in proportion to the row's excess return.

    Where both compounded returns are equal, the number is its limit (1 + return) ^ (1 - 1 / rows).
    """
    rows, excess = returns.shape[0], returns - benchmark
    grown, other = float(np.prod(1.0 + returns)), float(np.prod(1.0 + benchmark))
    if grown > 0.0 and other > 0.0:
        whole = float(np.log(grown / other))
        even = other ** (1.0 - 1.0 / rows)
        even *= np.expm1(whole) / (rows * np.expm1(whole / rows)) if whole != 0.0 else 1.0
    else:  # a total loss of one side, or of both
        roots = grown ** (1.0 / rows) - other ** (1.0 / rows)
        even = (grown - other) / (rows * roots) if roots != 0.0 else 0.0
    squares = float(excess @ excess)
    slope = (grown - other - even * float(excess.sum())) / squares if squares > 0.0 else 0.0
    factors: FloatVector = even + slope * excess
    return factors
