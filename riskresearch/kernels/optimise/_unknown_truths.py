"""Draws of the mean and covariance that returns may have come from, under the diffuse prior."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from riskresearch.core._seeds import child_seeds
from riskresearch.core._types import FloatMatrix

DRAWS_PER_BLOCK = 256


def truths(returns: FloatMatrix, draws: int, seed: int) -> Iterator[FloatMatrix]:
    """Yield the rows moved to each draw of mean and covariance from their posterior; their shape is the sample's.

    The covariance is inverse Wishart about the sums of squares with rows - 1 degrees of freedom, the mean then normal
    about the sample's (`falls_under_unknown_truths` has the marginals of fixed weights). Each block of draws has its
    own child of `seed`, so more draws begin with the same ones. A singular covariance stays singular.
    """
    rows, assets = returns.shape
    mean = returns.mean(axis=0)
    factors: Any = np.linalg.qr(returns - mean)  # typed as if it could be one matrix
    standard, root = factors
    below = np.tril_indices(assets, -1)
    for number, child in enumerate(child_seeds(seed, -(-draws // DRAWS_PER_BLOCK))):
        rng = np.random.default_rng(child)
        lower = np.zeros((DRAWS_PER_BLOCK, assets, assets))  # Bartlett's root of a Wishart matrix
        for place in range(assets):
            lower[:, place, place] = np.sqrt(rng.chisquare(rows - 1 - place, DRAWS_PER_BLOCK))
        lower[:, below[0], below[1]] = rng.standard_normal((DRAWS_PER_BLOCK, below[0].size))
        normal = rng.standard_normal((DRAWS_PER_BLOCK, assets))
        for place in range(min(DRAWS_PER_BLOCK, draws - number * DRAWS_PER_BLOCK)):
            factor = np.linalg.solve(lower[place], root)  # factor' factor is the covariance
            yield mean + normal[place] @ factor / np.sqrt(rows) + np.sqrt(rows) * (standard @ factor)
