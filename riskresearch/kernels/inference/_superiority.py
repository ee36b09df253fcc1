"""Whether the best of many models beats a benchmark: what the tests of White (2000) and Hansen (2005) are made of.

A model is the series of its returns less the benchmark's. Everything but the last maximum is done model by model, and a
maximum does not round, so any number of models can be gone through in any portions with the same bits.
"""

from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation, mean
from riskresearch.kernels._rounding import only_rounding
from riskresearch.kernels.compiled._resample import Counts, counts_of_places, draw_rows, sums_of_draws
from riskresearch.kernels.compiled._sums import column_sums
from riskresearch.kernels.inference._bootstrap import DRAWS_PER_KEY, Plan
from riskresearch.kernels.inlined._formulas import ROUNDING

SPREAD_OF_ROUNDING = 1e-12
RECENTRINGS = ("lower", "consistent", "upper")


def equal_volatility_effects(returns: FloatVector, benchmark: FloatVector) -> FloatVector:
    """Return the returns at the benchmark's volatility less the benchmark's, so that a larger position is no skill.

    That volatility is estimated too. By the delta method its error adds half the scaled mean times the difference of
    the two squared standard scores, which has the mean zero: draws of the sum have the error of the scaled mean. What
    never moves cannot be scaled and is left as it is; what differs from the benchmark by rounding alone is zero.
    """
    columns = np.stack([returns, benchmark], axis=1)
    own, other = deviation(columns, 0)
    if own == 0.0 or other == 0.0:
        return returns - benchmark
    scores = (columns - mean(columns)) / (own, other)
    scaled = returns * (other / own)
    effects: FloatVector = scaled - benchmark
    if only_rounding(effects[:, None], float(np.abs(columns).max()))[0] and abs(float(effects.mean())) <= ROUNDING:
        return np.zeros_like(effects)
    drift = float(scaled.mean())
    return effects + 0.5 * drift * (scores[:, 1] * scores[:, 1] - scores[:, 0] * scores[:, 0])


class ModelDraws(NamedTuple):
    """One model: its mean, the deviation of the root of n times its mean, and the means of its draws."""

    mean: float
    deviation: float
    """Zero where the model never differs from the benchmark by more than rounding, or always by the same."""
    centred: FloatVector
    """Mean of each draw less the mean, shape (draws,)."""


def plan_counts(rows: int, plan: Plan) -> Counts:
    """Return how often each draw takes each row, shape (rows, draws): 2 bytes each, made once for all models."""
    counts = np.empty((rows, plan.draws), dtype=np.uint16)
    for number, key in enumerate(plan.keys):
        own = slice(number * DRAWS_PER_KEY, min((number + 1) * DRAWS_PER_KEY, plan.draws))
        counts[:, own] = counts_of_places(draw_rows(rows, own.stop - own.start, key, plan.pieces))
    return counts


def model_draws(effects: FloatVector, counts: Counts, length: float) -> ModelDraws:
    """Draw one model, shape (rows,), by the stationary bootstrap with blocks of mean `length`."""
    rows = effects.shape[0]
    mean = float(column_sums(effects[:, None])[0]) / rows
    distance = effects - mean
    return ModelDraws(mean, stationary_variance(distance, length) ** 0.5, sums_of_draws(counts, distance) / rows)


def stationary_variance(distance: FloatVector, length: float) -> float:
    """Return the variance of the root of n times the mean of a draw, exactly (Politis & Romano 1994, lemma 1).

    `distance` has mean zero. The circular autocovariance of lag i has the weight (1 - i / n) (1 - 1 / length)^i.
    """
    rows = distance.shape[0]
    padded = 1 << (2 * rows - 1).bit_length()  # a power of two, which is quick, and room for no lag to wrap around
    spectrum = np.fft.rfft(distance, padded)
    linear = np.fft.irfft(spectrum.real * spectrum.real + spectrum.imag * spectrum.imag, padded)[:rows] / rows
    circular = np.concatenate([linear[:1], linear[1:] + linear[:0:-1]])
    lags = np.arange(1, rows)
    weights = (1.0 - lags / rows) * (1.0 - 1.0 / length) ** lags
    variance = float(circular[0] + 2.0 * np.sum(weights * circular[1:]))
    return variance if variance > SPREAD_OF_ROUNDING * float(circular[0]) else 0.0


def statistic(model: ModelDraws, rows: int, *, studentized: bool) -> float:
    """Return the root of n times the mean, over its deviation if `studentized`; -inf for a model that never differs."""
    if model.deviation == 0.0:
        return -np.inf
    return float(rows**0.5 * model.mean / (model.deviation if studentized else 1.0))


def drawn_statistics(model: ModelDraws, rows: int, *, studentized: bool) -> FloatMatrix:
    """Return that of each draw under the null, shape (3, draws), with the three recentrings of Hansen (2005).

    All models are put at the benchmark ("upper", White's), all but those that are significantly worse ("consistent"),
    or those that are better ("lower"); the others keep their mean.
    """
    if model.deviation == 0.0:
        return np.full((3, model.centred.shape[0]), -np.inf)
    threshold = -model.deviation * (2.0 * np.log(np.log(rows)) / rows) ** 0.5
    kept = np.array([min(model.mean, 0.0), model.mean if model.mean < threshold else 0.0, 0.0])
    scale = rows**0.5 / (model.deviation if studentized else 1.0)
    return (model.centred + kept[:, None]) * scale


def p_values(best: float, maxima: FloatMatrix) -> FloatVector:
    """Return the p-value by each row of `maxima`, shape (..., draws); draws count that reach `best`, and `best` itself.

    Statistic and draws are floored at zero, as in Hansen (2005, eq. 4): where nothing beats the benchmark p is 1.
    """
    reached = np.maximum(maxima, 0.0) >= max(best, 0.0)
    return (1.0 + reached.sum(axis=-1)) / (maxima.shape[-1] + 1.0)
