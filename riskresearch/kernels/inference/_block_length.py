"""How long the blocks of a block bootstrap should be: the automatic rule of Politis and White."""

from math import ceil, log10

import numpy as np

from riskresearch.core._types import FloatVector

QUIET_LAGS = 5  # max(5, sqrt(log10 n)), which is 5 for every n that fits in memory
BAND = 2.0
LONGER = 3.0
FEWEST_BLOCKS = 6.0


def politis_white(values: FloatVector) -> tuple[float, float]:
    """Return the block lengths for the stationary and the circular bootstrap of the mean of `values`, shape (rows,).

    Politis & White (2004), section 3.2, with the constants of Patton, Politis & White (2009): autocovariances up to
    twice the lag after which five in a row are insignificant, under a flat-top window. 1 where all values are equal.
    """
    rows = values.shape[0]
    distance = np.ascontiguousarray(values) - values.mean()
    longest_lag = min(ceil(rows**0.5) + QUIET_LAGS, rows - 1)
    covariances = np.array([distance[lag:] @ distance[: rows - lag] for lag in range(longest_lag + 1)]) / rows
    if longest_lag < 1 or values.min() == values.max():
        return 1.0, 1.0
    last = min(2 * _first_quiet_lag(covariances, rows), longest_lag)
    lags = np.arange(1, last + 1)
    window = np.minimum(1.0, 2.0 * (1.0 - lags / last))
    slope = 2.0 * float(np.sum(window * lags * covariances[1 : last + 1]))
    long_run = float(covariances[0] + 2.0 * np.sum(window * covariances[1 : last + 1]))
    longest = float(ceil(min(3.0 * rows**0.5, rows / 3.0)))
    if long_run == 0.0:
        return longest, longest
    stationary = (slope**2 / long_run**2 * rows) ** (1.0 / 3.0)
    circular = (1.5 * slope**2 / long_run**2 * rows) ** (1.0 / 3.0)
    return min(max(stationary, 1.0), longest), min(max(circular, 1.0), longest)


def _first_quiet_lag(covariances: FloatVector, rows: int) -> int:
    """Return the first lag from which on `QUIET_LAGS` autocorrelations are within the band; else the last."""
    loud = np.abs(covariances[1:]) >= BAND * (log10(rows) / rows) ** 0.5 * covariances[0]
    for lag in range(1, loud.size - QUIET_LAGS + 2):
        if not loud[lag - 1 : lag - 1 + QUIET_LAGS].any():
            return lag
    return int(loud.size)


def automatic_length(values: FloatVector, resampling: str) -> float:
    """Return the longer of the lengths for `values` and for their squared deviations, which may cluster alone."""
    which = 0 if resampling == "stationary" else 1
    squares = (values - values.mean()) ** 2
    return max(politis_white(values)[which], politis_white(squares)[which])


def longer_length(values: FloatVector) -> float:
    """Return three times the automatic length for blocks of one length, at most a sixth of the rows.

    The automatic length is for the variance of a mean: that of a tail needs longer blocks.
    """
    return max(1.0, min(LONGER * automatic_length(values, "circular"), values.size / FEWEST_BLOCKS))
