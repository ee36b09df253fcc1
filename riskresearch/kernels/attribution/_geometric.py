"""Geometric effects (Bacon 2008, chapter 5), which multiply to the ratio of the portfolio to its benchmark."""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector


def notional_growth(effects: npt.NDArray[np.float64], benchmark: FloatVector, last: int) -> FloatVector:
    """Return one plus the return of the fund between the benchmark and the portfolio, before the effect `last`."""
    growth: FloatVector = 1.0 + benchmark + effects[1 - last].sum(axis=1)
    return growth


def geometric_effects(effects: npt.NDArray[np.float64], benchmark: FloatVector, last: int) -> npt.NDArray[np.float64]:
    """Return the effects of each row over the fund that they start from, whose growth is positive.

    `effects` are arithmetic, shape (2, rows, nodes), with interaction in the effect number `last`, which starts from
    the notional fund; the other one starts from the benchmark.
    """
    ratios = np.empty(effects.shape)
    ratios[1 - last] = effects[1 - last] / (1.0 + benchmark)[:, None]
    ratios[last] = effects[last] / notional_growth(effects, benchmark, last)[:, None]
    return ratios


def compounding_of(ratios: npt.NDArray[np.float64], returns: FloatVector, benchmark: FloatVector) -> FloatVector:
    """Return what the ratio of both returns has beyond the sum of the effects of each row: their products."""
    rest: FloatVector = (returns - benchmark) / (1.0 + benchmark) - ratios.sum(axis=(0, 2))
    return rest


def compounded_shares(
    ratios: npt.NDArray[np.float64], returns: FloatVector, benchmark: FloatVector
) -> npt.NDArray[np.float64]:
    """Return rows that sum to the compounded ratio of each effect: each times the growth of the effect before it.

    The last effect, on the last node, is the compounding of the others: what the whole ratio has beyond their sum.
    """
    growth = np.cumprod(1.0 + ratios[:-1].sum(axis=2), axis=1)
    before = np.concatenate((np.ones((growth.shape[0], 1)), growth[:, :-1]), axis=1)
    shares = np.zeros(ratios.shape)
    shares[:-1] = ratios[:-1] * before[:, :, None]
    whole = np.cumprod((1.0 + returns) / (1.0 + benchmark)) - 1.0
    rest = whole - (growth - 1.0).sum(axis=0)
    shares[-1, :, -1] = np.diff(rest, prepend=0.0)
    return shares
