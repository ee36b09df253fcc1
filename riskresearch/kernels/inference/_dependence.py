"""Whether the rows of a column depend on one another: autocorrelation, and clusters of volatility."""

import numpy as np

from riskresearch.core._types import FloatVector
from riskresearch.kernels.inference._sharpe_errors import normal_quantile

FALSE_ALARM = 0.001  # how often independent rows of a panel should be called dependent, if the statistics were normal
SMALL = 0.1  # autocorrelation at lag one below which an interval is too short by a tenth at most
CLUSTER_LAGS = 10
FEWEST_ROWS = 20


def critical(columns: int) -> float:
    """Return the normal quantile that one of `columns` independent series exceeds with probability `FALSE_ALARM`."""
    return normal_quantile(1.0 - FALSE_ALARM / columns)


def autocorrelation(values: FloatVector) -> tuple[float, float]:
    """Return the autocorrelation at lag one and its z-statistic, which stands clusters of volatility.

    The sum of products of neighbours over the root of the sum of their squares (Lo & MacKinlay 1988). Zero where there
    are fewer than `FEWEST_ROWS` rows or all are equal.
    """
    distance = _distance(values)
    if distance is None:
        return 0.0, 0.0
    products = distance[1:] * distance[:-1]
    spread = float(np.sum(products * products)) ** 0.5
    total = float(products.sum())
    return total / float(distance @ distance), total / spread if spread > 0.0 else 0.0


def clustering(values: FloatVector) -> float:
    """Return the z-statistic of the autocorrelations of absolute deviations, summed over `CLUSTER_LAGS` lags.

    The statistic is the sum times sqrt(n / lags), one-sided; absolute values, since squares of fat tails may have no
    variance.
    """
    distance = _distance(values)
    if distance is None:
        return 0.0
    size = np.abs(distance) - np.abs(distance).mean()
    square = float(size @ size)
    if square <= 0.0:
        return 0.0
    total = sum(float(size[lag:] @ size[:-lag]) for lag in range(1, CLUSTER_LAGS + 1))
    return total / square * float(size.size / CLUSTER_LAGS) ** 0.5


def _distance(values: FloatVector) -> "FloatVector | None":
    """Return the deviations from the mean over the largest of them; None where nothing can be tested."""
    if values.size < FEWEST_ROWS:
        return None
    distance = np.ascontiguousarray(values) - values.mean()
    largest = float(np.abs(distance).max())
    if largest <= 1e-12 * float(np.abs(values).max()):
        return None
    scaled: FloatVector = distance / largest
    return scaled
