"""Thinning of points that a figure cannot show."""

import numpy as np

STEPS = 600


def visible_rows(values: np.ndarray, *, steps: int = STEPS) -> np.ndarray:
    """Choose the rows of `values` that a picture `steps` pixels wide can show, in order.

    In each of `steps` equal runs of rows these stay, for every column: the first, the lowest, the highest, the first
    missing and the last. So no peak, trough or gap is lost. Up to five rows per step nothing is left out.

    Parameters
    ----------
    values : ndarray of float, shape (n_rows,) or (n_rows, n_columns)
    steps : int

    Returns
    -------
    ndarray of int
        Row numbers, increasing.
    """
    panel = values.reshape(len(values), -1)
    n_rows = len(panel)
    if n_rows <= 5 * steps:
        return np.arange(n_rows)
    edges = np.linspace(0, n_rows, steps + 1).astype(np.int64)
    starts = edges[:-1]
    kept = [starts, edges[1:] - 1]
    missing = np.isnan(panel)
    for column, gaps in zip(panel.T, missing.T, strict=True):
        kept += [
            _first_in_each(
                np.minimum.reduceat(np.where(gaps, np.inf, column), starts), np.where(gaps, np.inf, column), edges
            ),
            _first_in_each(
                np.maximum.reduceat(np.where(gaps, -np.inf, column), starts), np.where(gaps, -np.inf, column), edges
            ),
            _first_in_each(np.maximum.reduceat(gaps, starts), gaps, edges),
        ]
    return np.unique(np.concatenate(kept))


def _first_in_each(wanted: np.ndarray, column: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return, for each run between `edges`, the first row that equals the wanted value of that run."""
    matches = np.flatnonzero(column == np.repeat(wanted, np.diff(edges)))
    run_of_match = np.searchsorted(edges, matches, side="right") - 1
    return matches[np.unique(run_of_match, return_index=True)[1]]
