"""Halts put elsewhere in time: all of their lengths and depths kept, their places drawn anew."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector
from riskresearch.kernels._halts import exposure_outcomes

DRAWS_OF_ONE_SEED = 64

Outcomes = tuple[FloatVector, FloatVector]


@dataclass(frozen=True, slots=True)
class Halts:
    """The stretches of a path on which less than everything is held."""

    first: npt.NDArray[np.intp]
    lengths: npt.NDArray[np.intp]
    rows: int

    @property
    def free(self) -> int:
        """Rows outside of halts."""
        return self.rows - int(self.lengths.sum())


def find_halts(exposure: FloatVector) -> Halts:
    """Return the halts of a path: the longest stretches of rows with an exposure below 1."""
    below = np.concatenate([[False], exposure < 1.0, [False]])
    edges = np.flatnonzero(below[1:] != below[:-1])
    return Halts(edges[::2], edges[1::2] - edges[::2], exposure.shape[0])


def shifted_outcomes(
    returns: FloatVector, exposure: FloatVector, shifts: npt.NDArray[np.intp], cost: float
) -> Outcomes:
    """Return wealth and drawdown of the path moved later by each of `shifts`, its end going on at the beginning."""
    rows = exposure.shape[0]
    twice = np.concatenate([exposure, exposure])
    return exposure_outcomes(returns, twice, (rows - shifts).astype(np.longlong), cost)


def draw_shifts(rows: int, draws: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return `draws` different shifts, or all there are where these are fewer, in ascending order."""
    if draws >= rows - 1:
        return np.arange(1, rows)
    return np.sort(rng.choice(rows - 1, draws, replace=False)) + 1


def placed_outcomes(
    returns: FloatVector, exposure: FloatVector, draws: int, cost: float, seed: np.random.SeedSequence
) -> Outcomes:
    """Return wealth and drawdown of `draws` paths with the same halts in random order at random places.

    Two halts keep at least one row between them, as they did. Each 64 draws have a seed of their own.
    """
    rows = exposure.shape[0]
    halts = find_halts(exposure)
    wealth, drawdown = [], []
    children = seed.spawn(-(-draws // DRAWS_OF_ONE_SEED))
    for number, child in enumerate(children):
        rng = np.random.default_rng(child)
        some = min(DRAWS_OF_ONE_SEED, draws - number * DRAWS_OF_ONE_SEED)
        paths = np.stack([place_halts(exposure, halts, rng) for _ in range(some)])
        starts = np.arange(some, dtype=np.longlong) * rows
        ends, falls = exposure_outcomes(returns, paths.reshape(-1), starts, cost)
        wealth.append(ends)
        drawdown.append(falls)
    return np.concatenate(wealth), np.concatenate(drawdown)


def place_halts(exposure: FloatVector, halts: Halts, rng: np.random.Generator) -> FloatVector:
    """Return one path with the halts placed anew: every choice of places and every order is as likely."""
    count = halts.lengths.shape[0]
    places = np.sort(rng.choice(halts.free + 1, count, replace=False))
    order = rng.permutation(count)
    lengths = halts.lengths[order]
    first = places + np.concatenate([[0], np.cumsum(lengths)[:-1]])
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    path = np.ones(halts.rows)
    path[np.repeat(first, lengths) + within] = exposure[np.repeat(halts.first[order], lengths) + within]
    return path
