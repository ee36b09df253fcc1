"""Blocks of scenarios on any number of workers, with digits that do not depend on the workers.

Scenarios are seeded in atoms of 1,000: atom k has the k-th child of `SeedSequence.spawn`, so each can be drawn again by
itself. Arithmetic is done on an atom or on a fixed part of one, never on a block, since the bits of a matrix product
depend on its shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._seeds import child_seed
from riskresearch.core.importing._optional import optional_import
from riskresearch.core.output._progress import progress_bar
from riskresearch.kernels.distributions import _delta_gamma
from riskresearch.kernels.optimise._tiled_matmul import product

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.metrics._filtered_bootstrap import ScenarioGenerator

ATOM = 1000
CELLS_AT_ONCE = 2_000_000
"""Scenarios times positions valued at once: 16 MB."""

Item = TypeVar("Item")
Result = TypeVar("Result")
Payoff = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Draws:
    """The first `count` scenarios of a generator, each of which can be drawn again."""

    scenarios: ScenarioGenerator
    seed: int
    count: int
    factors: int

    def atom(self, number: int) -> FloatMatrix:
        """Return the scenarios from number * 1000 on, at most 1,000."""
        rows = min(ATOM, self.count - number * ATOM)
        seed = child_seed(self.seed, number)
        moves = np.asarray(self.scenarios(np.random.default_rng(seed), rows), dtype=np.float64)
        if moves.shape != (rows, self.factors) or not np.isfinite(moves).all():
            raise InvalidInputError(
                f"scenarios must return finite numbers of shape (n, factors) = {(rows, self.factors)}, "
                f"got {moves.shape}."
            )
        return np.ascontiguousarray(moves)


@dataclass(frozen=True, slots=True)
class Book:
    """Positions on factors, with delta and gamma or with a payoff of the returns of their underlyings."""

    loadings: FloatMatrix
    delta: FloatVector
    gamma: FloatVector | None
    payoff: Payoff | None

    @property
    def rows_at_once(self) -> int:
        """Number of scenarios valued at once, which depends on the number of positions only."""
        return max(1, min(ATOM, CELLS_AT_ONCE // len(self.loadings)))

    def first_pass(self, draws: Draws) -> FirstPass:
        """Return the task that values the book in scenarios, by the exposures of the whole book where possible."""
        return FirstPass(draws, self, *_delta_gamma.book_exposures(self.loadings, self.delta, self.gamma))

    def without(self, positions: list[int]) -> Book:
        """Return the book with some positions set to zero."""
        kept = np.ones(len(self.loadings))
        kept[positions] = 0.0
        if self.payoff is not None:
            return replace(self, payoff=KeptPositions(self.payoff, kept))
        return replace(self, delta=self.delta * kept, gamma=None if self.gamma is None else self.gamma * kept)

    def positions(self, moves: FloatMatrix) -> FloatMatrix:
        """Return the profit of each position in each scenario."""
        if self.payoff is None:
            return _delta_gamma.position_profits(moves, self.loadings, self.delta, self.gamma)
        profits = np.asarray(self.payoff(product(moves, self.loadings.T)), dtype=np.float64)
        if profits.shape != (moves.shape[0], self.loadings.shape[0]) or not np.isfinite(profits).all():
            raise InvalidInputError(
                "payoff must return finite numbers of shape (n, positions) = "
                f"{(moves.shape[0], self.loadings.shape[0])}, got {profits.shape}."
            )
        return profits


@dataclass(frozen=True, slots=True)
class FirstPass:
    """Value the book in the scenarios of some atoms."""

    draws: Draws
    book: Book
    linear: FloatVector
    quadratic: FloatMatrix | None

    def __call__(self, atoms: range) -> FloatVector:
        return np.concatenate([self.profit(self.draws.atom(number)) for number in atoms])

    def profit(self, moves: FloatMatrix) -> FloatVector:
        """Return the profit of the book in scenarios."""
        if self.book.payoff is None:
            return _delta_gamma.book_profit(moves, self.linear, self.quadratic)
        step = self.book.rows_at_once
        parts = [self.book.positions(moves[row : row + step]).sum(axis=1) for row in range(0, moves.shape[0], step)]
        return np.concatenate(parts)


@dataclass(frozen=True, slots=True)
class SeveralBooks:
    """Value several books in the same scenarios of some atoms: shape (books, scenarios)."""

    draws: Draws
    books: tuple[Book, ...]

    def __call__(self, atoms: range) -> FloatMatrix:
        passes = [book.first_pass(self.draws) for book in self.books]
        return np.concatenate([self._atom(passes, self.draws.atom(number)) for number in atoms], axis=1)

    def _atom(self, passes: list[FirstPass], moves: FloatMatrix) -> FloatMatrix:
        return np.stack([book.profit(moves) for book in passes])


@dataclass(frozen=True, slots=True)
class KeptPositions:
    """A payoff that is zero for some positions."""

    payoff: Payoff
    kept: FloatVector

    def __call__(self, underlying: FloatMatrix) -> FloatMatrix:
        return np.asarray(self.payoff(underlying), dtype=np.float64) * self.kept


@dataclass(frozen=True, slots=True)
class TailRows:
    """Draw again the wanted scenarios of some atoms."""

    draws: Draws
    wanted: Any
    """Numbers of the scenarios, in order."""

    def __call__(self, atoms: range) -> FloatMatrix:
        found = [np.empty((0, self.draws.factors))]
        for number in atoms:
            first, last = np.searchsorted(self.wanted, (number * ATOM, (number + 1) * ATOM))
            if last > first:
                found.append(self.draws.atom(number)[self.wanted[first:last] - number * ATOM])
        return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class WeighedPositions:
    """Value each position in some rows and return weighted sums of profits and of their squares."""

    book: Book
    moves: FloatMatrix
    weights: FloatMatrix
    squared: FloatMatrix
    """Weights of the squares; the second row also weighs the profits."""

    def __call__(self, rows: range) -> FloatMatrix:
        part = slice(rows.start, rows.stop)
        profits = self.book.positions(self.moves[part])
        sums = product(self.weights[:, part], profits)
        more = product(self.squared[1:, part], profits)
        profits *= profits
        return np.concatenate([sums, more, product(self.squared[:, part], profits)])


def split(count: int, size: int) -> list[range]:
    """Return ranges of `size` that cover `count`, the last one shorter."""
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def in_order(
    task: Callable[[Item], Result], items: Sequence[Item], *, workers: int, backend: str, description: str
) -> Iterator[Result]:
    """Yield task(item) for each item in order, computed by `workers` threads or joblib workers."""
    if backend == "joblib":
        joblib = optional_import("joblib", extra="parallel", feature='backend="joblib"', minimum_version="1.3")
        parallel = joblib.Parallel(n_jobs=workers, return_as="generator")
        results = parallel(joblib.delayed(task)(item) for item in items)
        yield from progress_bar(results, description=description, total=len(items))
    elif workers == 1 or len(items) == 1:
        yield from (task(item) for item in progress_bar(items, description=description, total=len(items)))
    else:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 (13 ms, which one worker does not need)

        with ThreadPoolExecutor(workers) as pool:
            yield from progress_bar(pool.map(task, items), description=description, total=len(items))


def run_in_order(
    task: Callable[[Item], Result], items: Sequence[Item], *, workers: int, backend: str, description: str
) -> list[Result]:
    """Return the results of `in_order` as a list."""
    return list(in_order(task, items, workers=workers, backend=backend, description=description))
