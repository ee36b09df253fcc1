"""Draws of the mean and covariance that returns may have come from, under the diffuse prior."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from riskresearch.core._seeds import child_seeds
from riskresearch.core._types import FloatMatrix, FloatVector

DRAWS_PER_BLOCK = 256


def moment_draws(root: FloatMatrix, rows: int, draws: int, seed: int) -> Iterator[tuple[FloatVector, FloatMatrix]]:
    """Yield draws of how far the mean is from the sample's, shape (assets,), and of a root of the covariance.

    root' root are the sums of squares and products of `rows` rows about their mean. The covariance is inverse Wishart
    about them with rows - 1 degrees of freedom, the mean then normal (`falls_under_unknown_truths` has the marginals of
    fixed weights). Each block of draws has its own child of `seed`, so more draws begin with the same ones.
    """
    assets = root.shape[1]
    below = np.tril_indices(assets, -1)
    for number, child in enumerate(child_seeds(seed, -(-draws // DRAWS_PER_BLOCK))):
        rng = np.random.default_rng(child)
        lower = np.zeros((DRAWS_PER_BLOCK, assets, assets))  # Bartlett's root of a Wishart matrix
        for place in range(assets):
            lower[:, place, place] = np.sqrt(rng.chisquare(rows - 1 - place, DRAWS_PER_BLOCK))
        lower[:, below[0], below[1]] = rng.standard_normal((DRAWS_PER_BLOCK, below[0].size))
        normal = rng.standard_normal((DRAWS_PER_BLOCK, assets))
        for place in range(min(DRAWS_PER_BLOCK, draws - number * DRAWS_PER_BLOCK)):
            factor = np.linalg.solve(lower[place], root)
            yield normal[place] @ factor / np.sqrt(rows), factor
