"""The difference of two Sharpe ratios of the same rows, tested by Ledoit and Wolf's (2008) studentised bootstrap."""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector
from riskresearch.kernels.compiled._resample import draw_rows
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import COLUMNS_AT_ONCE, DRAWS_PER_KEY, make_plan
from riskresearch.kernels.inference._sharpe_errors import influence

FEWEST_BLOCKS = 4


def difference_test(
    ours: FloatVector, theirs: FloatVector, difference: float, confidence: float, draws: int, length: float, seed: int
) -> tuple[float, float, float, float]:
    """Return lower, upper, standard error and p-value of the difference per period of two excess return series.

    `length` 0 takes the automatic one for the effects of the rows. The studentised distance of each draw from
    `difference` says how far the interval reaches (section 3.2.2 and remark 3.2).
    """
    effects = influence(ours[:, None]) - influence(theirs[:, None])
    rows = ours.shape[0]
    wanted = length or automatic_length(effects[:, 0], "circular")
    block = max(1, min(round(wanted), rows // FEWEST_BLOCKS))
    whole = np.arange(rows)[None, :]
    error = float(drawn_differences(ours, theirs, whole, block)[1][0])
    plan = make_plan(rows, draws, "circular", block, seed)
    distances = []
    for number, key in enumerate(plan.keys):
        places = draw_rows(rows, min(DRAWS_PER_KEY, draws - number * DRAWS_PER_KEY), key, plan.pieces)
        for first in range(0, places.shape[0], COLUMNS_AT_ONCE):
            own = places[first : first + COLUMNS_AT_ONCE]
            drawn, spread = drawn_differences(ours, theirs, own, block)
            distances.append(np.abs(drawn - difference) / spread)
    distance = np.concatenate(distances)
    reach = float(np.quantile(distance, confidence)) * error
    p_value = (1.0 + float(np.sum(distance >= abs(difference) / error))) / (draws + 1.0)
    return difference - reach, difference + reach, error, p_value


def drawn_differences(
    ours: FloatVector, theirs: FloatVector, places: npt.NDArray[np.int64], block: int
) -> tuple[FloatVector, FloatVector]:
    """Return the difference of each draw, shape (draws,), and its standard error from the sums over its blocks."""
    draws, rows = places.shape
    blocks = rows // block
    one, other = ours[places].T, theirs[places].T
    effects = influence(one) - influence(other)
    sums = effects[: blocks * block].T.reshape(draws, blocks, block).sum(axis=2)
    spread: FloatVector = np.sqrt((sums * sums).sum(axis=1) / (blocks * block) / rows)
    ratios = [values.mean(axis=0) / values.std(axis=0, ddof=1) for values in (one, other)]
    return ratios[0] - ratios[1], spread
