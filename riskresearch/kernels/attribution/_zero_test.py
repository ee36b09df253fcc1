"""Whether the rows of an effect have a mean of zero: the stationary bootstrap's standard error, and a Student-t."""

from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatVector
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import make_plan, sum_replicates


class ZeroTest(NamedTuple):
    """The sum of the rows, its interval and its standard error, and the p-value of a mean of zero."""

    total: float
    lower: float
    upper: float
    standard_error: float
    p_value: float
    block_length: float


def zero_test(
    rows: FloatVector, confidence: float, draws: int, resampling: str, length: float | None, seed: int
) -> ZeroTest:
    """Return the test of rows, shape (rows,), whose sum is the linked effect.

    The degrees of freedom are one less than the number of blocks: few blocks show little of the error. nan where all
    rows are equal.
    """
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415 (as dear as pandas, and needed for this alone)

    count, total = rows.shape[0], float(rows.sum())
    scale = float(np.abs(rows).max())
    if scale == 0.0 or float(np.ptp(rows)) <= 1e-13 * scale:
        return ZeroTest(total, np.nan, np.nan, np.nan, np.nan, np.nan)
    mean_block = length or automatic_length(rows, "circular" if resampling == "circular" else "stationary")
    mean_block = 1.0 if resampling == "iid" else mean_block
    plan = make_plan(count, draws, resampling, mean_block, seed)
    centred = (rows - rows.mean()) / scale
    sums = sum_replicates(lambda terms: terms[:, 0], centred[:, None], plan)
    error = scale * float(np.std(sums, ddof=1)) * (count / (count - 1.0)) ** 0.5
    freedom = max(count / mean_block - 1.0, 1.0)
    reach = float(stdtrit(freedom, 0.5 + 0.5 * confidence)) * error
    p_value = 2.0 * float(stdtr(freedom, -abs(total) / error))
    return ZeroTest(total, total - reach, total + reach, error, p_value, mean_block)
