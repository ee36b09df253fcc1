"""Weights of a portfolio and of its benchmark over the rows of the assets' returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import column_labels, named_numbers, same_rows, values_by_name
from riskresearch.core._checks import listed, name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import as_panel
from riskresearch.core._plausibility import check_gross, warn_user
from riskresearch.core.frames._native import is_frame, native

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
    def known(self) -> npt.NDArray[np.bool_]:
        """Rows on which both weights, and the returns of all assets with a weight, are known."""
        idle = (self.weights == 0.0) & (self.benchmark == 0.0)
        missing = np.isnan(np.where(idle, 0.0, self.returns + self.active))
        return np.asarray(~missing.any(axis=1))

    def composed(self, weights: FloatMatrix) -> FloatVector:
        """Return the return of a portfolio with these weights on each row; the rest to 1 is cash that earns nothing."""
        moved: FloatVector = np.where(weights == 0.0, 0.0, weights * self.returns).sum(axis=1)
        return moved


def weighted_assets(returns: Any, weights: Any, benchmark_weights: Any, *, nan_policy: NanPolicy) -> WeightedAssets:
    """Return what both weights name, in the order of the columns of returns; other columns leave with a warning.

    Weights are those at the beginning of each row's period, one row each, or constant. An asset that only one of them
    names has a weight of 0 in the other; without benchmark weights the benchmark is cash.
    """
    panel = as_panel(returns, nan_policy=nan_policy)
    columns = column_labels(panel)
    assets, own, other = weights_over_rows(weights, benchmark_weights, panel, columns, owner="returns")
    left = tuple(column for column in columns if column not in assets)
    if left:
        who = "weights name" if benchmark_weights is None else "weights and benchmark_weights name"
        warn_user(
            f"{who} {len(assets):,} of the {len(columns):,} columns of returns; {listed(left)} "
            f"{'has' if len(left) == 1 else 'have'} no weight and left. A weight of 0 keeps a column."
        )
    return WeightedAssets(panel, assets, panel.values[:, [columns.index(asset) for asset in assets]], own, other)


def weights_over_rows(
    weights: Any, benchmark_weights: Any, panel: Panel, columns: tuple[str, ...], *, owner: str
) -> tuple[tuple[str, ...], FloatMatrix, FloatMatrix]:
    """Return the assets that both name among `columns` of `owner`, and both weights over the rows of `panel`."""
    tables = {"weights": _table(weights, panel, columns, name="weights", owner=owner)}
    if benchmark_weights is not None:
        name = "benchmark_weights"
        tables[name] = _table(benchmark_weights, panel, columns, name=name, owner=owner)
    named = {each for names, _ in tables.values() for each in names}
    assets = tuple(column for column in columns if column in named)
    own, *others = (_spread(*table, assets, panel.values.shape[0]) for table in tables.values())
    return assets, own, others[0] if others else np.zeros(own.shape)


def is_over_time(given: Any, *, name: str) -> bool:
    """Return whether data have more rows than one, each with a number for each column."""
    if isinstance(given, dict):
        return False
    frame = native(given, name=name)
    return bool(is_frame(frame) and len(frame) > 1) or np.ndim(frame) == 2


def _table(
    given: Any, panel: Panel, columns: tuple[str, ...], *, name: str, owner: str
) -> tuple[tuple[str, ...], FloatMatrix]:
    """Return the names that weights have and their values, shape (rows or 1, names)."""
    if is_over_time(given, name=name):
        other = same_rows(given, panel, name=name, holds="numbers", nan_policy=panel.nan_policy)
        names, values = other.labels.columns or columns, other.values
        if len(names) != values.shape[1]:
            raise InvalidInputError(
                f"{name} must have one column for each of the {len(columns)} assets of {owner}, got {values.shape[1]}."
            )
    else:
        by_name = values_by_name(given, name=name, owner=owner, what="asset")
        names = columns if by_name is None else tuple(by_name)
        numbers = given if by_name is None else by_name
        values = named_numbers(numbers, names, len(names), name=name, owner=owner, what="asset")[None, :]
    wrong = next((each for each in names if each not in columns), None)
    if wrong is not None:
        raise InvalidInputError(
            f"{name} must name assets of {owner}, but {wrong!r} is in {name} only."
            f"{name_remedy(wrong, columns, what='asset')} Cash needs no weight: what is left to 1 is cash."
        )
    if not np.isnan(values).all():
        check_gross(float(np.nanmax(np.abs(values).sum(axis=1))), name=name)
    return names, values


def _spread(names: tuple[str, ...], values: FloatMatrix, assets: tuple[str, ...], rows: int) -> FloatMatrix:
    """Return weights over all rows, (rows, assets), 0 for an asset without a name among them."""
    place = {name: number for number, name in enumerate(names)}
    result = np.zeros((rows, len(assets)))
    for number, asset in enumerate(assets):
        if asset in place:
            result[:, number] = values[:, place[asset]]
    return result
