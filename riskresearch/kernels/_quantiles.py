"""Historical VaR and CVaR and other quantiles of each column of returns: (rows, columns) in, (columns,) out."""

from __future__ import annotations

import numpy as np

from riskresearch.core._sharing import is_sharing, shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.compiled._tail import historical_var, tail_risk


@shared
def historical_tail(values: FloatMatrix, level: float) -> tuple[FloatVector, FloatVector]:
    """Return historical VaR (order statistic) and CVaR (fractional weight on the boundary loss)."""
    result: tuple[FloatVector, FloatVector] = tail_risk(values, *tail_rank(level, values.shape[0]))
    return result


def loss_quantile(values: FloatMatrix, level: float, definition: str) -> FloatVector:
    """Return the `level` quantile of the losses by one of NumPy's named definitions."""
    if definition == "inverted_cdf":
        if is_sharing():  # CVaR comes from the same selection
            return historical_tail(values, level)[0]
        return historical_var(values, tail_rank(level, values.shape[0])[0])
    quantile: FloatVector = np.quantile(-values, level, axis=0, method=definition)  # type: ignore[call-overload]
    return quantile + 0.0  # never -0.0
