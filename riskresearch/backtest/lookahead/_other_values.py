"""Other values for some rows of a column, which could be data too: numbers of its kind and sign, or its own entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix

SMALLER, LARGER = (0.2, 0.9), (1.2, 3.0)
MOVES = {"strong": 1.0, "slight": 1e-3}
LOWEST_RETURN = -0.95
MOST_CLASSES = 10
"""Numbers of so few different values, such as flags and ratings, are replaced by one another."""
ROWS_PER_CLASS = 4


def other_numbers(
    values: FloatMatrix, future: npt.NDArray[np.bool_], how: str, rng: np.random.Generator
) -> FloatMatrix:
    """Return numbers, shape (rows, columns), with others on the rows that are `future`, of as many missing ones.

    "smaller" and "larger" are in another order and scaled, with their signs; "opposite" are in their order and turn the
    other way: of a column with both signs the sign changes, of others the move since the last row before.
    Larger numbers stay above -0.95 if they were all above -1 before, as returns are.
    "strong" and "slight" move in the same direction, the second a thousandth as far.
    """
    later = values[future]
    if how == "opposite":
        found = _opposite(values, future)
    elif how in MOVES:
        found = later * (1.0 + MOVES[how] * rng.uniform(0.5, 1.0, later.shape))
    else:
        found = later[rng.permutation(len(later))]
        bounds = SMALLER if how == "smaller" else LARGER
        found = found * rng.uniform(*bounds, later.shape)
        if how == "larger":
            found = np.where((later == 0.0) & (found == 0.0) & _some(values), _picked(values, later.shape, rng), found)
    lowest = np.nanmin(values, axis=0, initial=0.0)
    found = np.where((lowest > -1.0) & (found < LOWEST_RETURN), LOWEST_RETURN, found)
    changed = values.copy()
    changed[future] = found
    return changed


def _opposite(values: FloatMatrix, future: npt.NDArray[np.bool_]) -> FloatMatrix:
    later, earlier = values[future], values[~future]
    positive = np.nanmin(values, axis=0, initial=np.inf) > 0.0
    level = np.ones(values.shape[1])
    for column in np.flatnonzero(positive):
        known = earlier[:, column][np.isfinite(earlier[:, column])]
        level[column] = known[-1] if known.size else np.nanmedian(later[:, column])
    with np.errstate(over="ignore", divide="ignore"):
        mirrored = level * (level / np.where(positive, later, 1.0))
    mirrored = np.where(mirrored == later, later * 1.01, mirrored)
    return np.where(positive, mirrored, -later)


def _some(values: FloatMatrix) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (values != 0.0).any(axis=0)
    return found


def _picked(values: FloatMatrix, shape: tuple[int, ...], rng: np.random.Generator) -> FloatMatrix:
    """Return entries of each column's own that are not zero, on every second row or so, else zero."""
    picked = np.zeros(shape)
    for column in range(shape[1]):
        own = values[:, column]
        own = own[np.isfinite(own) & (own != 0.0)]
        if own.size:
            picked[:, column] = np.where(rng.random(shape[0]) < 0.5, rng.choice(own, shape[0]), 0.0)
    return picked


def in_classes(values: FloatMatrix) -> npt.NDArray[np.bool_]:
    """Return which columns hold few different numbers."""
    few = np.zeros(values.shape[1], dtype=bool)
    most = min(MOST_CLASSES, len(values) // ROWS_PER_CLASS)
    for column in range(values.shape[1]):
        sample = np.unique(values[: 8 * MOST_CLASSES, column])
        few[column] = sample.size <= most and np.unique(values[:, column]).size <= most
    return few


def other_rows(
    codes: npt.NDArray[np.int64], future: npt.NDArray[np.bool_], how: str, rng: Any
) -> npt.NDArray[np.int64]:
    """Return for each row the row whose entry it gets: on rows that are `future` one of another class, if there is any.

    `codes` are the classes of the entries. "opposite" takes the most frequent other class, "smaller" a rarer one,
    "larger" any.
    """
    rows = np.arange(len(codes))
    if how in MOVES:
        return rows
    classes, first, counts = np.unique(codes, return_index=True, return_counts=True)
    if classes.size < 2:
        return rows
    order = np.argsort(-counts, kind="stable")
    if how == "opposite":
        common, second = classes[order[0]], classes[order[1]]
        wanted = np.where(codes == common, second, common)
    elif how == "smaller":
        rare, next_rare = classes[order[-1]], classes[order[-2]]
        wanted = np.where(codes == rare, next_rare, rare)
    else:
        drawn = rng.integers(1, classes.size, len(codes))
        wanted = classes[(np.searchsorted(classes, codes) + drawn) % classes.size]
    return np.where(future, first[np.searchsorted(classes, wanted)], rows)
