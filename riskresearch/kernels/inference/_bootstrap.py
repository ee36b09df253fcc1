"""Bootstrap replicates of a statistic of one column, and the intervals that they give."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from riskresearch.core._seeds import child_seeds
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns
from riskresearch.kernels.compiled._resample import draw_rows, draw_sums, running_sums
from riskresearch.kernels.compiled._sums import column_sums
from riskresearch.kernels.inference._pieces import Pieces, fixed_pieces, geometric_pieces
from riskresearch.kernels.inference._sharpe_errors import normal_probability, normal_quantile

DRAWS_PER_KEY = 256
COLUMNS_AT_ONCE = 32  # draws that a kernel sees together: few enough to stay in the cache
SPREAD_OF_ROUNDING = 1e-12
LARGEST_LOGARITHM = 700.0

Statistic = Callable[..., FloatVector]
"""Takes the column, shape (rows, draws), and perhaps vectors over its rows; returns one number per draw."""
OfMoments = Callable[[FloatVector, FloatVector], FloatVector]
"""Takes means and sample deviations, returns the statistic of each."""
OfSums = Callable[[FloatMatrix], FloatVector]
"""Takes the sums of each draw, shape (draws, terms), returns the statistic of each."""
OfCoMoments = Callable[["CoMoments"], FloatVector]
"""Takes means, variances and covariances of two series, returns the statistic of each draw."""


class CoMoments(NamedTuple):
    """Moments of two series in each draw, each array of shape (draws,); variances are means of squares."""

    mean: FloatVector
    other_mean: FloatVector
    variance: FloatVector
    other_variance: FloatVector
    """nan where the second series does not vary."""
    covariance: FloatVector


class Plan(NamedTuple):
    """How to resample: see `_resample`."""

    draws: int
    pieces: Pieces
    keys: tuple[int, ...]
    """One for each `DRAWS_PER_KEY` draws."""


def make_plan(rows: int, draws: int, resampling: str, length: float, seed: int) -> Plan:
    """Return the plan of a "stationary", "circular" or "iid" bootstrap with blocks of (mean) `length` rows."""
    keys = child_seeds(seed, -(-draws // DRAWS_PER_KEY))
    block = 1 if resampling == "iid" else max(1, min(rows, round(length)))
    pieces = geometric_pieces(max(length, 1.0)) if resampling == "stationary" else fixed_pieces(block)
    return Plan(draws, pieces, tuple(int(key.generate_state(1, np.uint64)[0]) for key in keys))


def replicates(statistic: Statistic, column: FloatMatrix, others: tuple[FloatVector, ...], plan: Plan) -> FloatVector:
    """Return the statistic of each draw, shape (draws,); `column` has shape (rows, 1)."""
    rows = column.shape[0]
    groups = (
        draw_rows(rows, min(DRAWS_PER_KEY, plan.draws - number * DRAWS_PER_KEY), key, plan.pieces)
        for number, key in enumerate(plan.keys)
    )
    if any((other != other[0]).any() for other in others):
        draws = [statistic(column[row], *(other[row] for other in others)) for places in groups for row in places]
        return np.concatenate(draws)
    return np.concatenate([statistic(some, *others) for places in groups for some in _columns_of(column, places)])


def jackknife(statistic: Statistic, column: FloatMatrix, others: tuple[FloatVector, ...]) -> FloatVector:
    """Return the statistic without each row in turn, shape (rows,)."""
    rows, results = column.shape[0], []
    for first in range(0, rows, COLUMNS_AT_ONCE):
        left_out = np.arange(first, min(first + COLUMNS_AT_ONCE, rows))[:, None]
        kept = np.arange(rows - 1)
        places = kept + (kept >= left_out)
        if others:
            results += [statistic(column[row], *(other[row] for other in others)) for row in places]
        else:
            results += [statistic(each) for each in _columns_of(column, places)]
    return np.concatenate(results)


def _columns_of(column: FloatMatrix, places: "np.typing.NDArray[np.int64]") -> Iterator[FloatMatrix]:
    """Yield the rows at `places`, shape (draws, rows), a few draws at once as columns."""
    values = np.ascontiguousarray(column[:, 0])
    for first in range(0, places.shape[0], COLUMNS_AT_ONCE):
        yield values[places[first : first + COLUMNS_AT_ONCE]].T


def moment_replicates(statistic: OfMoments, values: FloatVector, plan: Plan) -> FloatVector:
    """Return the statistic of the mean and deviation of each draw of `values`, shape (rows,), without copying rows."""
    rows, centre = values.shape[0], _centre(values)
    sums = _sums(values - centre, plan)
    return statistic(centre + sums[:, 0] / rows, _deviation(sums[:, 0], sums[:, 1], rows))


def _sums(values: FloatVector, plan: Plan) -> FloatMatrix:
    """Return sum and sum of squares of each draw, shape (draws, 2)."""
    running, sums = running_sums(values), np.empty((plan.draws, 2))

    def task(first: int, last: int) -> None:
        for number in range(first, last):
            own = slice(number * DRAWS_PER_KEY, min((number + 1) * DRAWS_PER_KEY, plan.draws))
            sums[own] = draw_sums(running, own.stop - own.start, plan.keys[number], plan.pieces)

    over_columns(task, (values.size * DRAWS_PER_KEY, len(plan.keys)), heavy=True)
    return sums


def sum_replicates(statistic: OfSums, terms: FloatMatrix, plan: Plan) -> FloatVector:
    """Return the statistic of the sums over the rows of each draw of finite `terms`, shape (rows, terms)."""
    return statistic(np.stack([_sums(term, plan)[:, 0] for term in np.ascontiguousarray(terms.T)], axis=1))


def co_moment_replicates(statistic: OfCoMoments, values: FloatVector, other: FloatVector, plan: Plan) -> FloatVector:
    """Return the statistic of the moments of both series in each draw of their rows, without copying rows.

    The covariance is half of what the variance of the sum exceeds the sum of variances, of series of deviation one.
    """
    rows = values.shape[0]
    centres, scales = [], []
    for series in (values, other):
        centres.append(_centre(series))
        scales.append(float(np.sqrt(np.mean((series - centres[-1]) ** 2))) or 1.0)
    own, beside = ((each - c) / s for each, c, s in zip((values, other), centres, scales, strict=True))
    sums = [_sums(each, plan) for each in (own, beside, own + beside)]
    ours, theirs, both = ((each[:, 1] - each[:, 0] ** 2 / rows) / rows for each in sums)
    ours = np.where(ours <= SPREAD_OF_ROUNDING * sums[0][:, 1] / rows, 0.0, ours)
    theirs = np.where(theirs <= SPREAD_OF_ROUNDING * sums[1][:, 1] / rows, np.nan, theirs)
    return statistic(
        CoMoments(
            mean=centres[0] + scales[0] * sums[0][:, 0] / rows,
            other_mean=centres[1] + scales[1] * sums[1][:, 0] / rows,
            variance=ours * scales[0] ** 2,
            other_variance=theirs * scales[1] ** 2,
            covariance=0.5 * (both - ours - theirs) * scales[0] * scales[1],
        )
    )


def moment_jackknife(statistic: OfMoments, values: FloatVector) -> FloatVector:
    """Return the statistic of the mean and deviation without each row in turn."""
    rows, centre = values.shape[0] - 1, _centre(values)
    distance = values - centre
    sums, squares = -distance, float(np.sum(distance * distance)) - distance * distance
    return statistic(centre + sums / rows, _deviation(sums, squares, rows))


def _centre(values: FloatVector) -> float:
    return float(column_sums(values[:, None])[0]) / values.shape[0]


def _deviation(sums: FloatVector, squares: FloatVector, rows: int) -> FloatVector:
    left = squares - sums * sums / rows
    deviation: FloatVector = np.sqrt(np.where(left <= SPREAD_OF_ROUNDING * squares, 0.0, left) / max(rows - 1, 1))
    return deviation


def bounds(
    draws: FloatVector, estimate: float, confidence: float, kind: str, without_each: Callable[[], FloatVector]
) -> tuple[float, float]:
    """Return the interval of a "percentile", "basic" or "bca" bootstrap (Efron & Tibshirani 1993, chapters 13 and 14).

    `without_each` gives the jackknife values, which BCa's acceleration is made of. nan if all draws are on one side of
    the estimate, where BCa is undefined.
    """
    tails = np.array([0.5 - 0.5 * confidence, 0.5 + 0.5 * confidence])
    if kind == "bca":
        below = 0.5 * float((draws < estimate).mean() + (draws <= estimate).mean())
        if not 0.0 < below < 1.0:
            return np.nan, np.nan
        influence = without_each()
        influence = influence.mean() - influence
        scale = float(np.sum(influence**2)) ** 1.5
        acceleration = float(np.sum(influence**3)) / (6.0 * scale) if scale > 0.0 else 0.0
        bias = normal_quantile(below)
        z = np.array([bias + normal_quantile(tail) for tail in tails])
        tails = normal_probability(bias + z / (1.0 - acceleration * z))
    lower, upper = (float(bound) for bound in np.quantile(draws, tails))
    return (2.0 * estimate - upper, 2.0 * estimate - lower) if kind == "basic" else (lower, upper)


def student_bounds(
    draws: FloatVector, estimate: float, confidence: float, centre: float | None, blocks: float
) -> tuple[float, float]:
    """Return the interval whose reach is that of a Student-t with a degree of freedom for each block but one.

    With a `centre`, the logarithm of the distance from it has the estimate's value as mean and the draws' deviation;
    without one, or where a draw lies beyond it, the percentiles of the draws are taken farther out.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 (as dear as pandas, and needed for this alone)

    reach = float(stdtrit(max(blocks - 1.0, 1.0), 0.5 + 0.5 * confidence))
    if centre is not None and estimate > centre and (draws > centre).all():
        spread = float(np.std(np.log((draws - centre) / (estimate - centre)), ddof=1))
        factor = np.exp(min(reach * spread, LARGEST_LOGARITHM))
        return centre + (estimate - centre) / factor, centre + (estimate - centre) * factor
    tails = normal_probability(np.array([-reach, reach]))
    lower, upper = (float(bound) for bound in np.quantile(draws, tails))
    return lower, upper
