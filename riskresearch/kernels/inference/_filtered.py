"""Histories with clusters of volatility: a GARCH(1,1) that is weighed on a grid, and paths of it.

The variance of the next row is (1 - persistence) s + reaction times the last square + (persistence - reaction) times
the last variance, s the variance in the long run. Nothing is maximised: each point of a grid is weighed by its
likelihood, so a short sample leaves the persistence as uncertain as it is, which a maximum does not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import lgamma, log, pi
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._seeds import child_seeds
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.compiled._garch import multiply_likelihoods, write_garch_paths

PERSISTENCES = (0.3, 0.6, 0.8, 0.9, 0.94, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.996, 0.998)
REACTIONS = (0.01, 0.02, 0.035, 0.05, 0.07, 0.09, 0.12, 0.16, 0.22, 0.3)
SCALES = np.exp(np.linspace(np.log(0.35), np.log(4.0), 9))  # long-run variance over the sample's
DEGREES = (4.2, 5.5, 8.0, np.inf)  # of freedom of the innovations; infinite is normal
PRIOR_OF_NO_CLUSTERS = 0.5
LIKELIHOOD_ROWS = 5000  # the last ones
ROWS_AT_ONCE = 32  # whose likelihoods are multiplied: their product is far from the ends of the doubles
FEWEST_DEVIATIONS = 1e-6  # of a path, in those of the sample: a path that does not move tells nothing
BURN_IN = 300
POINTS = 20
FEWEST_PATHS = 20  # of one point, whose value in the long run is that of all its paths joined
FEWEST_ROWS = 20
LONGEST = 10_000  # rows of a history; errors of longer ones are those of these over the root of their ratio
JOINED_ROWS = 50_000  # of the paths that are joined, if `FEWEST_PATHS` have no more
MOST_KEPT_ELEMENTS = 20_000_000
BACKCAST_ROWS, BACKCAST_DECAY = 75, 0.94
LEAST_BACKCAST = 1e-4  # of the variance of the sample, which may begin with rows that do not move
NO_CLUSTERS = ((0.0, 0.0),)
CELLS = np.array(
    NO_CLUSTERS + tuple((each, total - each) for total in PERSISTENCES for each in REACTIONS if each < total)
)  # reaction and memory, shape (cells, 2)


class Clusters(NamedTuple):
    """What histories are simulated from: some points of the posterior, each as likely, and the innovations."""

    reactions: FloatVector
    """Shape (points,)."""
    memories: FloatVector
    degrees: FloatVector
    innovations: FloatVector
    """Returns over their deviation by the likeliest point, mean 0 and deviation 1; shape (rows,)."""


def weigh(values: FloatVector, points: int, rng: np.random.Generator) -> Clusters:
    """Return `points` points drawn from the posterior, systematically; `values` has shape (rows,) and is not constant.

    The prior gives half to constant volatility and the rest to each other cell of the grid alike, and is flat over the
    degrees of freedom and the logarithm of the long-run variance.
    """
    distance = values - values.mean()
    distance = distance / np.abs(distance).max()
    distance = distance / np.sqrt(np.mean(distance * distance))
    squares = distance * distance
    logs = _log_likelihood(squares[-LIKELIHOOD_ROWS:])
    best = np.unravel_index(int(logs.argmax()), logs.shape)
    prior = np.full(CELLS.shape[0], (1.0 - PRIOR_OF_NO_CLUSTERS) / (CELLS.shape[0] - 1))
    prior[0] = PRIOR_OF_NO_CLUSTERS
    chance = np.exp(logs - logs.max()).sum(axis=1) * prior[:, None]
    reached = np.cumsum(chance.ravel() / chance.sum())
    where = np.searchsorted(reached, (np.arange(points) + rng.random()) / points)
    cell, degree = np.divmod(np.minimum(where, chance.size - 1), len(DEGREES))
    innovations = distance / np.sqrt(_variances(squares, CELLS[best[0]], float(SCALES[best[1]])))
    innovations = innovations - innovations.mean()
    innovations = innovations / innovations.std()
    return Clusters(CELLS[cell, 0], CELLS[cell, 1], np.array(DEGREES)[degree], innovations)


def true_values(
    statistic: Callable[[FloatMatrix], FloatVector],
    values: FloatVector,
    estimate: float,
    centre: float | None,
    draws: int,
    seed: int,
) -> FloatVector:
    """Return the true value that each of `draws` histories implies, shape (draws,); `values` are not constant.

    A history is filtered historical simulation (Barone-Adesi, Giannopoulos & Vosper 1999) at one point of the
    posterior. What `statistic`, (rows, paths) -> (paths,), makes of it over what it makes of many paths of that point
    joined is the error of an estimate. It is a ratio of distances from `centre`, the statistic of a history that does
    not move, or where a distance has no size a difference over the deviation; a plain difference without `centre`.
    """
    points = min(POINTS, max(1, draws // FEWEST_PATHS))
    each = -(-draws // points)
    first, *keys = child_seeds(seed, points + 1)
    mean, scale = float(values.mean()), _deviation(values)
    found, joined, spread = (np.empty((points, each)) for _ in range(3))
    rows = min(values.size, LONGEST)
    shrunk = (rows / values.size) ** 0.5
    long = slice(max(FEWEST_PATHS, -(-JOINED_ROWS // rows)))
    for number, paths in enumerate(_paths_of(values, points, rows, each, first, keys)):
        own = mean + scale * paths
        found[number], joined[number] = statistic(own), statistic(own[:, long].T.reshape(-1, 1))
        spread[number] = np.sqrt(np.mean((paths - paths.mean(axis=0)) ** 2, axis=0))
    ours, truths, spreads = (each.ravel()[:draws] for each in (found, joined, spread))
    if centre is None:
        return estimate - shrunk * (ours - truths)
    if estimate > centre and not (ours <= centre).any() and not (truths <= centre).any():
        implied: FloatVector = centre + (estimate - centre) * ((truths - centre) / (ours - centre)) ** shrunk
        return implied
    return estimate - shrunk * (ours - truths) / np.maximum(spreads, FEWEST_DEVIATIONS)


_kept: ContextVar[dict[tuple[object, ...], list[FloatMatrix]] | None] = ContextVar(
    "riskresearch_histories", default=None
)


@contextmanager
def keeping_histories() -> Iterator[None]:
    """Simulate the histories of one series once for all measures of it that are asked for inside, where memory allows.

    Those of the series before are dropped: 1,000 histories of 10,000 rows take 80 MB.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _paths_of(
    values: FloatVector,
    points: int,
    rows: int,
    each: int,
    first: np.random.SeedSequence,
    keys: list[np.random.SeedSequence],
) -> Iterator[FloatMatrix]:
    """Yield the histories of `values`, kept ones where they are being kept."""
    kept = _kept.get()
    name = (values.tobytes(), points, rows, each, first.entropy, first.spawn_key)
    if kept is not None and name in kept:
        yield from kept[name]
        return
    clusters = weigh(values, points, np.random.default_rng(first))
    if kept is None or points * rows * each > MOST_KEPT_ELEMENTS:
        yield from histories(clusters, rows, each, keys)
        return
    kept.clear()
    kept[name] = list(histories(clusters, rows, each, keys))
    yield from kept[name]


def _deviation(values: FloatVector) -> float:
    distance = values - values.mean()
    largest = float(np.abs(distance).max())
    return largest * float(np.sqrt(np.mean((distance / largest) ** 2)))


def histories(clusters: Clusters, rows: int, each: int, keys: list[np.random.SeedSequence]) -> Iterator[FloatMatrix]:
    """Yield for each point `each` paths of mean 0 and long-run variance 1, shape (rows, each).

    Points take turns: the innovations of one are drawn from those of the sample, of the next from the Student-t of its
    degrees of freedom. The sample has the skewness and the Student-t the tail that a short sample does not show.
    """
    for point, (reaction, memory) in enumerate(zip(clusters.reactions, clusters.memories, strict=True)):
        paths = _shocks(clusters, point, rows + BURN_IN, each, keys[point])
        write_garch_paths(paths, float(reaction), float(memory))
        yield paths[BURN_IN:]


def _shocks(clusters: Clusters, point: int, rows: int, each: int, key: np.random.SeedSequence) -> FloatMatrix:
    rng, degrees = np.random.default_rng(key), float(clusters.degrees[point])
    if point % 2 == 0:
        return clusters.innovations[rng.integers(0, clusters.innovations.size, (rows, each))]
    if np.isinf(degrees):
        return rng.standard_normal((rows, each))
    scaled: FloatMatrix = rng.standard_t(degrees, (rows, each)) * ((degrees - 2.0) / degrees) ** 0.5
    return scaled


def _backcast(squares: FloatVector) -> float:
    weights = BACKCAST_DECAY ** np.arange(min(BACKCAST_ROWS, squares.size))
    return max(LEAST_BACKCAST, float(weights @ squares[: weights.size] / weights.sum()))


def _variances(squares: FloatVector, cell: FloatVector, scale: float) -> FloatVector:
    """Return the variance known before each row."""
    reaction, memory = cell.tolist()
    variance = scale if reaction == 0.0 else _backcast(squares)
    result, constant = np.empty(squares.size), (1.0 - reaction - memory) * scale
    for row, square in enumerate(squares.tolist()):
        result[row] = variance
        variance = constant + reaction * square + memory * variance
    return result


def _log_likelihood(squares: FloatVector) -> npt.NDArray[np.float64]:
    """Return the log likelihood of each cell, scale and degrees of freedom, constants left out that all share."""
    clustered, degrees = CELLS[:, :1] > 0.0, np.array(DEGREES[:-1])
    news = np.where(clustered, _backcast(squares), 0.0)  # constant volatility has nothing to start from
    known = np.hstack([news, np.where(clustered, 0.0, 1.0)])  # variance = news + level * scale
    cells = np.hstack([CELLS, np.where(clustered, 1.0 - CELLS.sum(axis=1, keepdims=True), 1.0)])
    ratios = np.zeros((CELLS.shape[0], SCALES.size))
    logs = np.zeros((CELLS.shape[0], len(DEGREES), SCALES.size))
    for first in range(0, squares.size, ROWS_AT_ONCE):
        factors = np.ones_like(logs)
        own = squares[first : first + ROWS_AT_ONCE]
        multiply_likelihoods(own, cells, SCALES, 1.0 / (degrees - 2.0), known, ratios, factors)
        logs += np.log(factors)
    result = np.empty((CELLS.shape[0], SCALES.size, len(DEGREES)))
    for number, freedom in enumerate(degrees.tolist()):
        constant = lgamma(0.5 * (freedom + 1.0)) - lgamma(0.5 * freedom) - 0.5 * log(pi * (freedom - 2.0))
        result[:, :, number] = squares.size * constant - 0.5 * (freedom + 1.0) * logs[:, 1 + number]
    result[:, :, -1] = -0.5 * ratios - 0.5 * squares.size * log(2.0 * pi)
    return result - 0.5 * logs[:, 0, :, None]
