"""What the numbers of one column show about their kind: sizes, signs, moves, and how alike neighbours are.

Levels (prices, cumulative returns, yields) are told from changes (returns, profit and loss) by the ratio of von Neumann
on ranks (R. Bartels, Journal of the American Statistical Association 77, 1982): the mean squared step
between neighbours
over twice the variance. It is 1 for independent values and 3 / n for a random walk of n rows. Ranks, so that a single
wild value is no evidence.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._plausibility import FEWEST_ROWS_OF_CALM_AND_STORM, UNDATED_PERIODS_PER_YEAR, typical_move
from riskresearch.core.dates._spacing import rows_per_year

SAMPLE_ROWS = 1024
"""The last values of a column, in which neighbours are compared."""
LEAST_SAMPLE_ROWS = 256
"""As many in a table of very many columns: three standard errors of a median are a fifth of it."""
SAMPLE_CELLS = 32 * SAMPLE_ROWS
"""Such values in the whole table, above `LEAST_SAMPLE_ROWS`."""
COLUMNS_AT_ONCE = 32
"""So many columns are measured in one pass, which needs little memory beside the table."""
SMOOTHING_OF_RETURNS = 0.5
"""Largest autocorrelation of reported returns: hedge funds and private equity that mark to models stay below."""
DEVIATIONS_OF_ROUGHNESS = 2.6
"""Three standard errors of the ratio at that autocorrelation, times the root of the rows."""
ROUGHEST_WALK = 4.0
"""Of 1,000 random walks of n rows, one has a ratio above 3.4 / sqrt(n) (simulated for n from 20 to 1,000)."""
ROUGHEST_LONG_LEVELS = 0.2
"""Levels that revert to a mean, such as VIX with an autocorrelation of 0.9 a day, have a ratio of 0.1."""
ROUGHEST_SHORT_LEVELS = 0.5
"""A series of fewer than 20 rows may be rough by chance; one that only rises is at most at this."""
ERROR_OF_VOLATILITY = 3.5
"""Three standard errors of a volatility from the median size of moves, times the root of the rows."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Describe the numbers of one column; missing ones are left out.

    Attributes
    ----------
    column : hashable
        Its label.
    values : array of float64, shape (count,)
        The numbers that are present.
    rows : array of int64, shape (count,)
        The rows on which they stand.
    periods : float
        Values per year, from the first to the last date; 12 without dates.
    lowest, highest, mean, typical : float
        `typical` is the median size.
    positive : int
        How many are above zero.
    move : float
        Median size of the logarithm of the ratio of neighbours, among the positive ones; 0 for fewer than two.
    jump : float
        The largest ratio of neighbours, up or down, where all values are positive; else 1.
    size : int
        How many values the medians are of.
    """

    column: Hashable
    values: npt.NDArray[np.float64]
    rows: npt.NDArray[np.int64]
    periods: float
    lowest: float
    highest: float
    mean: float
    typical: float
    positive: int
    move: float
    jump: float
    size: int

    @property
    def count(self) -> int:
        """How many values there are."""
        return int(self.values.size)

    @cached_property
    def step(self) -> float:
        """Median size of the difference of neighbours; 0 for fewer than two."""
        return float(_typical_steps(self.values[None, -self.size :])[0])

    @cached_property
    def roughness(self) -> float:
        """How much neighbours differ, see `roughness_of`."""
        return roughness_of(self.values[-self.size :])

    @property
    def has_few(self) -> bool:
        """Whether all rows may lie in one calm or one crisis."""
        return self.count < FEWEST_ROWS_OF_CALM_AND_STORM

    @property
    def volatility(self) -> float:
        """Per year, of the values as returns in fractions."""
        return self.typical / typical_move(1.0, self.periods)

    @property
    def volatility_as_prices(self) -> float:
        """Per year, of the values as prices."""
        return self.move / typical_move(1.0, self.periods)

    @property
    def margin(self) -> float:
        """The factor by which a volatility may be underestimated; 1 where few rows are no evidence either way."""
        return 1.0 if self.has_few else 1.0 + ERROR_OF_VOLATILITY / math.sqrt(self.size)

    def volatility_of_wealth(self, scale: float) -> float:
        """Per year, of the values times `scale` as returns since the start."""
        recent = 1.0 + scale * self.values[-self.size :]
        if recent.size < 2 or recent.min() <= 0.0:
            return math.inf
        return float(np.median(np.abs(np.diff(np.log(recent))))) / typical_move(1.0, self.periods)

    def could_be_levels(self) -> bool:
        """Return whether neighbours are as alike as those of a random walk."""
        if self.has_few:
            return self.roughness <= ROUGHEST_SHORT_LEVELS
        return self.roughness <= max(ROUGHEST_LONG_LEVELS, ROUGHEST_WALK / math.sqrt(self.size))

    def could_be_changes(self) -> bool:
        """Return whether neighbours differ as those of returns do, smoothed ones included."""
        if self.has_few:
            return True
        least = 1.0 - SMOOTHING_OF_RETURNS - DEVIATIONS_OF_ROUGHNESS / math.sqrt(self.size)
        return self.roughness >= least


def measure_columns(values: pd.DataFrame) -> tuple[Evidence, ...]:
    """Return the evidence of each column of `values`; each must hold a number."""
    dates = _dates_of(values.index)
    numbers = values.to_numpy(dtype=np.float64).T
    rows = np.arange(len(values))
    most = max(LEAST_SAMPLE_ROWS, min(SAMPLE_ROWS, SAMPLE_CELLS // len(numbers)))
    found: list[Evidence] = []
    for start in range(0, len(numbers), COLUMNS_AT_ONCE):
        labels, block = values.columns[start : start + COLUMNS_AT_ONCE], numbers[start : start + COLUMNS_AT_ONCE]
        missing = np.isnan(block)
        if not missing.any():
            found += _measured(labels, block, rows, dates, most)
            continue
        for label, column, gaps in zip(labels, block, missing, strict=True):
            present = np.flatnonzero(~gaps)
            found += _measured([label], column[None, present], present, dates, most)
    return tuple(found)


def roughness_of(values: npt.NDArray[np.float64]) -> float:
    """Return von Neumann's ratio of the ranks over 2: near 1 for independent values, near 0 for levels."""
    if values.size < 2:
        return 0.0
    order = values.argsort()
    inside = values[order]
    ends = np.flatnonzero(np.append(inside[1:] != inside[:-1], True)) + 1
    ranks = np.empty(values.size)
    ranks[order] = np.arange(1.0, values.size + 1.0)
    if ends.size < values.size:  # the middle rank where values are equal
        counts = np.diff(ends, prepend=0)
        ranks[order] = np.repeat(ends - 0.5 * (counts - 1.0), counts)
    spread = float(np.var(ranks)) * values.size
    return 0.0 if spread == 0.0 else 0.5 * float(np.sum(np.diff(ranks) ** 2)) / spread


def _measured(
    labels: Iterable[Hashable],
    values: npt.NDArray[np.float64],
    rows: npt.NDArray[np.int64],
    dates: npt.NDArray[np.datetime64] | None,
    most: int,
) -> list[Evidence]:
    """Return the evidence of columns that have a number on the same rows; `values` has one row for each of them.

    Medians are of at most `most` values.
    """
    periods = rows_per_year(None if dates is None else dates[rows]) or UNDATED_PERIODS_PER_YEAR
    sample = values[:, :: -(-len(rows) // most)]
    lowest, size = values.min(axis=1), min(len(rows), most)
    are_positive = bool((lowest > 0.0).all())
    positive = np.full(len(values), len(rows)) if are_positive else np.count_nonzero(values > 0.0, axis=1)
    jumps = _largest_ratios(values) if are_positive else [_largest_ratios(row[None])[0] for row in values]
    measured = zip(
        labels, values, lowest.tolist(), values.max(axis=1).tolist(), sample.mean(axis=1).tolist(),
        np.median(np.abs(sample), axis=1).tolist(), positive.tolist(), _typical_moves(values[:, -most:]).tolist(),
        jumps, strict=True,
    )  # fmt: skip
    return [
        Evidence(label, column, rows, periods, low, high, mean, typical, above, move, jump, size)
        for label, column, low, high, mean, typical, above, move, jump in measured
    ]


def _largest_ratios(values: npt.NDArray[np.float64]) -> list[float]:
    """Return the largest ratio of neighbours in each row, up or down; 1 where some value is not positive."""
    if values.shape[1] < 2 or values.min() <= 0.0:
        return [1.0] * len(values)
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        ratios = values[:, 1:] / values[:, :-1]
        largest: list[float] = np.maximum(ratios.max(axis=1), 1.0 / ratios.min(axis=1)).tolist()
    return largest


def _typical_steps(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the median size of the difference of neighbours in each row."""
    return np.median(np.abs(np.diff(values)), axis=1) if values.shape[1] > 1 else np.zeros(len(values))


def _typical_moves(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the median size of the logarithm of the ratio of neighbours in each row, among its positive numbers."""
    rising = values > 0.0
    if rising.all():
        return _typical_steps(np.log(values))
    return np.array([_typical_steps(np.log(row[chosen])[None])[0] for row, chosen in zip(values, rising, strict=True)])


def _dates_of(index: pd.Index) -> npt.NDArray[np.datetime64] | None:
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if not isinstance(index, pd.DatetimeIndex):
        return None
    return (index if index.tz is None else index.tz_convert(None)).to_numpy()
