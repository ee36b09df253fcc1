"""What the tests of selection need of each trial: its statistics, those of its draws, and its sums over blocks."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.backtest.selection._overfitting import (
    FEWEST_ROWS_PER_BLOCK,
    BacktestOverfitting,
    check_blocks,
    sharpe_overfitting,
)
from riskresearch.backtest.selection._superiority import (
    FEWEST_ROWS,
    HANSEN,
    SCALES,
    WHITE,
    SuperiorityTest,
    superiority_result,
)
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.inference import _overfitting, _superiority
from riskresearch.kernels.inference._bootstrap import make_plan
from riskresearch.metrics.inference._bootstrap import FEWEST_DRAWS, Bootstrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from riskresearch.backtest.selection._superiority import Benchmark
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.compiled._resample import Counts

TESTS = ("mean_excess", "spa_statistic", "reality_statistic")
MAXIMA = ("lower", "consistent", "upper", "reality")
"""Rows of the maxima over all trials: Hansen's three recentrings, and White's."""


@dataclass(frozen=True, slots=True)
class SelectionSettings:
    """Arguments of the tests of selection, checked."""

    blocks: int
    draws: int
    block_length: float | None
    scale: str


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The benchmark, blocks and draws that all trials share."""

    benchmark: Benchmark
    edges: npt.NDArray[np.int64]
    """First row of each block of the overfitting test, and the number of rows."""
    draws: int
    length: float
    """Mean number of rows in a block of the draws."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the numbers that are kept for each trial."""
        blocks = range(self.edges.size - 1)
        return (*TESTS, *(f"{what}_{block}" for what in ("sum", "squares") for block in blocks))

    def measure(self, returns: FloatVector, seed: int) -> tuple[FloatVector, FloatMatrix]:
        """Return the numbers of a trial and the statistics of its draws; neither depends on other trials."""
        rows = returns.shape[0]
        counts = shared_counts(rows, self.draws, self.length, seed)
        model = _superiority.model_draws(self.benchmark.effects(returns), counts, self.length)
        draws = _superiority.drawn_statistics(model, rows, studentized=True)
        reality = _superiority.drawn_statistics(model, rows, studentized=False)[2:]
        numbers = [
            model.mean,
            _superiority.statistic(model, rows, studentized=True),
            _superiority.statistic(model, rows, studentized=False),
        ]
        sums = _overfitting.block_sums(returns[:, None], self.edges)
        return np.concatenate([numbers, sums.ravel()]), np.concatenate([draws, reality])

    def overfitting(self, numbers: FloatMatrix, finished: Sequence[int], periods: float) -> BacktestOverfitting | None:
        """Return the probability of backtest overfitting over the finished trials; None for fewer than two.

        `numbers` has a row for each trial and the `columns`.
        """
        if len(finished) < 2:
            return None
        blocks = self.edges.size - 1
        sums = numbers[list(finished), len(TESTS) :].reshape(len(finished), 2, blocks)
        names = tuple(str(trial) for trial in finished)
        return sharpe_overfitting(np.ascontiguousarray(sums.transpose(1, 2, 0)), self.edges, names, periods)

    def superiority(
        self, test: str, numbers: FloatMatrix, maxima: FloatMatrix, finished: Sequence[int], seed: int
    ) -> SuperiorityTest:
        """Return White's or Hansen's test from the numbers of the trials and the maxima of their draws."""
        studentized = test == HANSEN
        statistics = numbers[:, TESTS.index("spa_statistic" if studentized else "reality_statistic")]
        best = max(finished, key=lambda trial: (statistics[trial], -trial))
        return superiority_result(
            test,
            float(statistics[best]),
            maxima[:3] if studentized else np.tile(maxima[3], (3, 1)),
            str(best) if statistics[best] > 0.0 else "",
            len(finished),
            self.benchmark,
            self.length,
            seed,
            studentized=studentized,
        )

    def tests(
        self, numbers: FloatMatrix, maxima: FloatMatrix, finished: Sequence[int], seed: int
    ) -> tuple[SuperiorityTest, SuperiorityTest]:
        """Return the reality check and the test of superior predictive ability."""
        reality, hansen = (self.superiority(test, numbers, maxima, finished, seed) for test in (WHITE, HANSEN))
        return reality, hansen


def read_settings(
    selection: object, blocks: int, draws: int, block_length: float | None, scale: str
) -> SelectionSettings | None:
    """Return the settings of the tests of selection; None where they are not asked for."""
    settings = SelectionSettings(
        blocks=check_blocks(blocks),
        draws=check_count(draws, name="draws", minimum=FEWEST_DRAWS),
        block_length=Bootstrap(block_length=block_length).block_length,
        scale=check_choice(scale, SCALES, name="scale"),
    )
    return settings if selection else None


def check_rows(rows: int, blocks: int, *, names: str) -> None:
    """Refuse a history that is too short for the blocks of the overfitting test or for the draws."""
    fewest = max(FEWEST_ROWS, FEWEST_ROWS_PER_BLOCK * blocks)
    if rows < fewest:
        raise InvalidInputError(
            f"{names} must leave {fewest} returns for {blocks} blocks, got {max(rows, 0)}. Pass fewer blocks, or "
            "selection=False to leave out the tests of selection."
        )


@functools.lru_cache(maxsize=1)
def shared_counts(rows: int, draws: int, length: float, seed: int) -> Counts:
    """Return the draws that all trials share; a worker makes them once."""
    return _superiority.plan_counts(rows, make_plan(rows, draws, "stationary", length, seed))
