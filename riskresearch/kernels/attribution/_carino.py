"""Cariño's (1999) factors, which spread the difference of compounding over the rows by logarithms."""

import numpy as np

from riskresearch.core._types import FloatVector


def log_ratios(returns: FloatVector, benchmark: FloatVector) -> FloatVector:
    """Return the logarithm of one plus the return over one plus the benchmark's, exact where both are near."""
    ratios: FloatVector = np.log1p((returns - benchmark) / (1.0 + benchmark))
    return ratios


def carino_factors(returns: FloatVector, benchmark: FloatVector) -> FloatVector:
    """Return the factor of each row; where both returns are equal, 0/0 has the limit 1 / (1 + return).

    The factor of the whole history comes from the sum of the rows' logarithms, so that nearly equal compounded returns
    are not subtracted.
    """
    excess = returns - benchmark
    ratios = log_ratios(returns, benchmark)
    rows = np.divide(ratios, excess, out=1.0 / (1.0 + returns), where=excess != 0.0)
    whole, grown = float(ratios.sum()), float(np.prod(1.0 + benchmark))
    factor = grown * (np.expm1(whole) / whole if whole != 0.0 else 1.0)
    scaled: FloatVector = rows * factor
    return scaled
