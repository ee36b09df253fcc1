"""Shares of R squared: in the order given, and by Shapley values over all orders: (rows, factors) and (rows,) in."""

from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector

MOST_FACTORS_EXACT = 12
"""4,096 regressions; each further factor doubles them."""
ORDERS_AT_ONCE = 512


def explained_parts(factors: FloatMatrix, target: FloatVector) -> tuple[FloatMatrix, FloatVector]:
    """Return a triangle with the inner products of centred factors, and the target's, whose square is R squared.

    A regression on a subset of factors is one on these columns of the triangle. Factors must be independent.
    """
    away = factors - factors.mean(axis=0)
    centred = target - target.mean()
    basis, triangle = np.linalg.qr(away / np.abs(away).max(axis=0))
    size = float(np.abs(centred).max()) or 1.0
    centred = centred / size
    return triangle, (basis.T @ centred) / (float(np.linalg.norm(centred)) or 1.0)


def sequential_shares(triangle: FloatMatrix, explained: FloatVector) -> FloatVector:
    """Return by how much each factor raises R squared after those before it."""
    return _increments(triangle[None], explained)[0]


def _increments(triangles: FloatMatrix, explained: FloatVector) -> FloatMatrix:
    """Return what each column of each matrix adds to R squared after those before it, shape (matrices, columns)."""
    bases: Any = np.linalg.qr(triangles)[0]
    squares: FloatMatrix = np.einsum("mij,i->mj", bases, explained) ** 2
    return squares


def exact_shares(triangle: FloatMatrix, explained: FloatVector) -> FloatVector:
    """Return the Shapley values of R squared from the regressions on all subsets of factors."""
    count = triangle.shape[1]
    bits = 1 << np.arange(count)
    r_squared = np.zeros(1 << count)
    for size in range(1, count + 1):
        chosen = np.array(list(combinations(range(count), size)))
        masks = bits[chosen].sum(axis=1)
        r_squared[masks] = _increments(triangle[:, chosen].transpose(1, 0, 2), explained).sum(axis=1)
    masks = np.arange(1 << count)
    sizes = (masks[:, None] & bits > 0).sum(axis=1)
    weights = np.array([1.0 / (count * comb(count - 1, size)) for size in range(count)])
    shares = np.empty(count)
    for factor in range(count):
        without = masks[masks & bits[factor] == 0]
        shares[factor] = weights[sizes[without]] @ (r_squared[without | bits[factor]] - r_squared[without])
    return shares


def sampled_shares(
    triangle: FloatMatrix, explained: FloatVector, orders: int, generator: np.random.Generator
) -> tuple[FloatVector, FloatVector]:
    """Return the mean increments over random orders, which sum to R squared, and their standard errors."""
    count = triangle.shape[1]
    drawn = generator.permuted(np.tile(np.arange(count), (orders, 1)), axis=1)
    found = np.empty((orders, count))
    for first in range(0, orders, ORDERS_AT_ONCE):
        own = drawn[first : first + ORDERS_AT_ONCE]
        increments = _increments(triangle[:, own].transpose(1, 0, 2), explained)
        np.put_along_axis(found[first : first + ORDERS_AT_ONCE], own, increments, axis=1)
    return found.mean(axis=0), found.std(axis=0, ddof=1) / orders**0.5
