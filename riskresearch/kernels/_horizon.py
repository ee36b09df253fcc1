"""Returns over a horizon of several rows: (rows, columns) in, (windows, columns) out."""

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix


@shared
def compounded_windows(values: FloatMatrix, horizon: int, step: int) -> FloatMatrix:
    """Return the compounded return of each window of `horizon` rows, `step` rows apart, the last ending at the end.

    Products of windows of 1, 2, 4, ... rows make one of any length, so the cost grows with the logarithm of `horizon`.
    No window is lost to cancellation as in quotients of a wealth path: a total loss stays within the windows that hold
    it.
    """
    windows = values.shape[0] - horizon + 1
    span, begin, left = 1, 0, horizon
    growth, product = 1.0 + values, np.ones((windows, values.shape[1]))
    with np.errstate(over="ignore", invalid="ignore"):  # beyond a double: infinite, and nan where it is then lost
        while True:
            if left % 2:
                product *= growth[begin : begin + windows]
                begin += span
            left //= 2
            if not left:
                break
            growth = growth[:-span] * growth[span:]
            span *= 2
    result: FloatMatrix = product[(windows - 1) % step :: step] - 1.0
    return result
