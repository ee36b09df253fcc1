"""The difference of two Sharpe ratios of the same rows, tested by Ledoit and Wolf's (2008) studentised bootstrap."""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.compiled._resample import draw_rows
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import COLUMNS_AT_ONCE, DRAWS_PER_KEY, SPREAD_OF_ROUNDING, make_plan
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
    pair = (PieceSums(ours, block), PieceSums(theirs, block))
    error = float(drawn_differences(*pair, np.arange(rows)[None, :])[1][0])
    plan = make_plan(rows, draws, "circular", block, seed)
    distances = []
    for number, key in enumerate(plan.keys):
        places = draw_rows(rows, min(DRAWS_PER_KEY, draws - number * DRAWS_PER_KEY), key, plan.pieces)
        for first in range(0, places.shape[0], COLUMNS_AT_ONCE):
            drawn, spread = drawn_differences(*pair, places[first : first + COLUMNS_AT_ONCE])
            distances.append(np.abs(drawn - difference) / spread)
    distance = np.concatenate(distances)
    reach = float(np.quantile(distance, confidence)) * error
    p_value = (1.0 + float(np.sum(distance >= abs(difference) / error))) / (draws + 1.0)
    return difference - reach, difference + reach, error, p_value


class PieceSums:
    """Sums of a series, and of its squares, over pieces of consecutive rows that wrap around its end.

    The series is standardised first, so that a difference of running sums keeps its digits.
    """

    def __init__(self, values: FloatVector, block: int) -> None:
        self.block = block
        self._centre = float(np.mean(values))
        self._scale = float(np.std(values)) or 1.0
        series = (values - self._centre) / self._scale
        around = np.concatenate((series, series[:block]))
        self._sums, self._squares = (np.concatenate(([0.0], np.cumsum(each))) for each in (around, around * around))

    def moments(self, places: npt.NDArray[np.int64]) -> tuple[FloatVector, FloatMatrix]:
        """Return the Sharpe ratio of each draw, and the sums of its rows' influence on it over each whole block.

        `places`, shape (draws, rows), are pieces of `block` consecutive rows, the last one perhaps shorter.
        """
        rows, block = places.shape[1], self.block
        whole = rows // block * block
        firsts = places[:, :whole:block]
        sums, squares = (each[firsts + block] - each[firsts] for each in (self._sums, self._squares))
        total, of_squares = sums.sum(axis=1), squares.sum(axis=1)
        if whole < rows:
            last = places[:, whole]
            total = total + self._sums[last + rows - whole] - self._sums[last]
            of_squares = of_squares + self._squares[last + rows - whole] - self._squares[last]
        mean = total / rows
        left = of_squares / rows - mean * mean
        with np.errstate(invalid="ignore", divide="ignore"):  # a draw of equal rows has no ratio
            deviation = np.sqrt(np.where(left <= SPREAD_OF_ROUNDING * of_squares / rows, 0.0, left))
            ratio = (mean + self._centre / self._scale) / deviation
            centred = (sums - block * mean[:, None]) / deviation[:, None]
            squared = (squares - 2.0 * mean[:, None] * sums + block * (mean * mean)[:, None]) / (deviation**2)[:, None]
            effects: FloatMatrix = centred - 0.5 * ratio[:, None] * (squared - block)
        return ratio * ((rows - 1.0) / rows) ** 0.5, effects


def drawn_differences(
    ours: PieceSums, theirs: PieceSums, places: npt.NDArray[np.int64]
) -> tuple[FloatVector, FloatVector]:
    """Return the difference of each draw, shape (draws,), and its standard error from the sums over its blocks."""
    rows = places.shape[1]
    (one, effects), (other, others) = ours.moments(places), theirs.moments(places)
    sums = effects - others
    spread: FloatVector = np.sqrt((sums * sums).sum(axis=1) / (rows // ours.block * ours.block) / rows)
    return one - other, spread
