"""Contributions of positions to the simulated risk of a book: components with their errors, and incremental risk."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._quantiles import historical_tail
from riskresearch.kernels._rounding import is_nothing
from riskresearch.portfolio._scenario_blocks import (
    Book,
    Draws,
    SeveralBooks,
    WeighedPositions,
    in_order,
    run_in_order,
    split,
)

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

NUMBERS_AT_ONCE = 8_000_000
"""Scenarios times books held in memory for incremental risk: 64 MB."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Number of workers and backend that run blocks of scenarios."""

    count: int
    backend: str

    def results(
        self, task: Callable[[range], FloatMatrix], blocks: list[range], *, description: str
    ) -> list[FloatMatrix]:
        """Return the results of the task for each block, in order."""
        return run_in_order(task, blocks, workers=self.count, backend=self.backend, description=description)


@dataclass(frozen=True, slots=True)
class Components:
    """Mean loss of each position in the tail and near the quantile, and their standard errors."""

    beyond: FloatVector
    beyond_error: FloatVector
    near: FloatVector
    near_error: FloatVector

    def scaled_to(self, value_at_risk: float) -> Components:
        """Return the components with those of VaR scaled to sum to VaR, or unscaled for a perfect hedge."""
        near = math.fsum(self.near)
        hedged = is_nothing(near, self.near) or is_nothing(value_at_risk, self.near)
        scale = 1.0 if hedged else value_at_risk / near
        return replace(self, near=self.near * scale, near_error=self.near_error * abs(scale))


def components(book: Book, moves: FloatMatrix, shares: FloatMatrix, tail: float, count: int, jobs: int) -> Components:
    """Return the components from the scenarios with a weight in CVaR or in the smoothed VaR, shape (2, rows).

    The error of a component of CVaR is by the delta method and includes the estimation of the quantile: with m the loss
    of the position where the book loses its VaR, sqrt((var(loss | tail) + level (mean - m)^2) / (n (1 - level))), the
    form of Manistre & Hancock (2005) for the whole book. That of a component of VaR is conditional on the quantile.
    """
    beyond, near = shares
    task = WeighedPositions(book, moves, -shares, np.stack([beyond, near * near]))
    sums = np.zeros((5, len(book.loadings)))
    items = split(len(moves), book.rows_at_once)
    for part in in_order(task, items, workers=jobs, backend="threads", description="components"):
        sums += part
    mean, middle, near_sum, beyond_squares, near_squares = sums
    variance = np.maximum(beyond_squares - mean * mean, 0.0) + (1.0 - tail) * (mean - middle) ** 2
    weight = (near * near).sum()
    spread = near_squares + 2.0 * middle * near_sum + weight * middle * middle
    return Components(mean, np.sqrt(variance / (count * tail)), middle, np.sqrt(np.maximum(spread, 0.0)))


def positions_by_name(wanted: Sequence[str | int], names: tuple[str, ...]) -> list[int]:
    """Return the numbers of the named positions; each name may occur once."""
    if isinstance(wanted, str):
        raise InvalidInputError(f"incremental must be a sequence of names of positions, got {wanted!r}.")
    numbers = {name: number for number, name in enumerate(names)}
    for name in wanted:
        if str(name) not in numbers:
            raise InvalidInputError(f"incremental must name rows of loadings, got {name!r}.")
    if len({str(name) for name in wanted}) < len(wanted):
        raise InvalidInputError(f"incremental must name each position once, got {tuple(wanted)!r}.")
    return [numbers[str(name)] for name in wanted]


def incremental_tails(
    draws: Draws, without: list[Book], whole: tuple[float, float], level: float, blocks: list[range], run: Workers
) -> FloatMatrix:
    """Return VaR and CVaR of the whole book less those of each book without some positions, shape (2, books).

    All scenarios are drawn again, since one far from the tail of the whole book may be in the tail without the
    positions; as many books are valued at once as fit into memory.
    """
    found = [np.empty((2, 0))]
    for some in split(len(without), max(1, NUMBERS_AT_ONCE // draws.count)):
        task = SeveralBooks(draws, tuple(without[some.start : some.stop]))
        parts = run.results(task, blocks, description="incremental")
        tails = historical_tail(np.concatenate(parts, axis=1).T, level)
        found.append(np.array(whole)[:, None] - np.array(tails))
    return np.concatenate(found, axis=1)
