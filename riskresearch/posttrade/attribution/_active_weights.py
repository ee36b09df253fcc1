"""Weights of a portfolio and of its benchmark over the rows of the assets' returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import column_labels
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.frames._native import is_frame, native
from riskresearch.posttrade.attribution._weight_rows import weight_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector, NanPolicy


class WeightedAssets(NamedTuple):
    """Returns of the assets that are held or in the benchmark, and both weights on each row: (rows, assets)."""

    panel: Panel
    assets: tuple[str, ...]
    returns: FloatMatrix
    weights: FloatMatrix
    benchmark: FloatMatrix

    @property
    def active(self) -> FloatMatrix:
        """Weights less those of the benchmark."""
        return self.weights - self.benchmark

    @property
    def missing(self) -> npt.NDArray[np.bool_]:
        """Where an asset with a weight has no return, shape (rows, assets)."""
        held: npt.NDArray[np.bool_] = (self.weights != 0.0) | (self.benchmark != 0.0)
        return np.asarray(np.isnan(self.returns) & held)

    def composed(self, weights: FloatMatrix) -> FloatVector:
        """Return the return of a portfolio with these weights on each row; the rest to 1 is cash that earns nothing."""
        moved: FloatVector = np.where(weights == 0.0, 0.0, weights * self.returns).sum(axis=1)
        return moved


def weighted_assets(panel: Panel, weights: Any, benchmark_weights: Any, *, nan_policy: NanPolicy) -> WeightedAssets:
    """Return the assets of the columns of returns; one that weights don't name has 0, without a benchmark all have.

    Weights are those at the beginning of each row's period, one row each, or constant. A missing return of what has a
    weight is an error unless it may be omitted.
    """
    columns = column_labels(panel)
    own, other = weights_over_rows(weights, benchmark_weights, panel, columns)
    book = WeightedAssets(panel, columns, panel.values, own, other)
    missing = book.missing
    if nan_policy == "raise" and missing.any():
        row, column = map(int, np.argwhere(missing)[0])
        raise InvalidInputError(
            f"returns must be known where weights are not 0, got none at {panel.labels.place(row, column)} "
            f'({int(missing.sum())} in all). Pass nan_policy="omit" to leave out such rows.'
        )
    return book


def weights_over_rows(
    weights: Any, benchmark_weights: Any, panel: Panel, columns: tuple[str, ...]
) -> tuple[FloatMatrix, FloatMatrix]:
    """Return both weights of `columns` over the rows of `panel`, zero for a benchmark that is not given."""
    own = weight_rows(weights, panel, columns, name="weights", at_end=False).values
    if benchmark_weights is None:
        return own, np.zeros(own.shape)
    return own, weight_rows(benchmark_weights, panel, columns, name="benchmark_weights", at_end=False).values


def is_over_time(given: Any, *, name: str) -> bool:
    """Return whether data have more rows than one, each with a number for each column."""
    if isinstance(given, Mapping):
        return False
    frame = native(given, name=name)
    return bool(is_frame(frame) and len(frame) > 1) or np.ndim(frame) == 2
