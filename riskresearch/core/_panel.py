"""Panels: validated numbers for the kernels, with the labels of the input for the results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import ArrayLabels, is_instance_of
from riskresearch.core._plausibility import check_returns, lowest_of
from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector, Labels
from riskresearch.core.dates._door import check_dates
from riskresearch.core.frames._foreign import not_a_table
from riskresearch.core.frames._native import native, read_other
from riskresearch.core.frames._not_numbers import refuse_array

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, Holds, NanPolicy, OverTime, PerColumn

NAN_POLICIES = ("raise", "omit")


@dataclass(frozen=True, slots=True)
class Panel:
    """Validated numbers, shape (rows, columns), and the labels for results. NaN occurs only if it may be omitted."""

    name: str
    values: FloatMatrix
    labels: Labels
    has_nan: bool
    min_rows: int
    nan_policy: NanPolicy = "raise"
    """The policy for the data and for other series over the same rows."""

    @property
    def dates(self) -> npt.NDArray[np.datetime64] | None:
        """The dates of the rows on the clock that they show, or None for undated data."""
        return self.labels.dates

    @property
    def instants(self) -> npt.NDArray[np.datetime64] | None:
        """The dates of the rows in UTC if they have a zone, else as they are, or None for undated data."""
        return self.labels.instants

    def per_column(self, kernel: Callable[..., FloatVector], *others: FloatVector) -> FloatVector:
        """Apply `kernel(values, *others)` -> (..., columns), leaving out missing rows column by column.

        `others` are vectors over the same rows; a row that is missing in one of them is left out as well. Numbers
        beyond a double are infinite, and nan where two of them are subtracted or divided.
        """
        if not self.has_nan and not any(np.isnan(other).any() for other in others):
            with np.errstate(over="ignore", invalid="ignore"):
                return kernel(self.values, *others)
        results = []
        for column in range(self.values.shape[1]):
            own, kept = _present_rows(self.values, column, *others)
            self._check_rows(own.shape[0], column)
            with np.errstate(over="ignore", invalid="ignore"):
                results.append(kernel(own, *kept))
        return np.concatenate(results, axis=-1)

    def reduce(self, kernel: Callable[..., FloatVector], *others: FloatVector) -> PerColumn:
        """Apply `kernel` as `per_column` does and label the result: one number per asset."""
        return self.labels.per_column(self.per_column(kernel, *others))

    def over_time(self, kernel: Callable[[FloatMatrix], FloatMatrix]) -> FloatMatrix:
        """Apply `kernel(values)` -> (rows, columns); rows that are missing in a column stay missing in the result."""
        if not self.has_nan:
            return kernel(self.values)
        result = np.full(self.values.shape, np.nan)
        for column in range(self.values.shape[1]):
            own, _ = _present_rows(self.values, column)
            self._check_rows(own.shape[0], column)
            result[~np.isnan(self.values[:, column]), column : column + 1] = kernel(own)
        return result

    def transform(self, kernel: Callable[[FloatMatrix], FloatMatrix]) -> OverTime:
        """Apply `kernel` as `over_time` does and put the input's labels back."""
        return self.labels.over_time(self.over_time(kernel))

    def _check_rows(self, rows: int, column: int) -> None:
        if rows < self.min_rows:
            raise InvalidInputError(
                f"{self.name} needs at least {self.min_rows} observations in each column, got {rows} in "
                f"column {self.labels.column_name(column)} after leaving out missing values."
            )


class ValidatedPanel(Panel):
    """A panel whose dates were checked before: periods are neither read from them nor compared with them again."""

    __slots__ = ()

    @property
    def dates(self) -> None:
        """None, as for undated data."""
        return None


@shared
def _present_rows(
    values: FloatMatrix, column: int, *others: FloatVector
) -> tuple[FloatMatrix, tuple[FloatVector, ...]]:
    """Return one column, shape (rows, 1), and vectors over its rows without those missing in any of them."""
    keep = ~np.isnan(values[:, column])
    for other in others:
        keep &= ~np.isnan(other)
    return values[keep, column : column + 1], tuple(other[keep] for other in others)


@shared
def only_column(values: FloatMatrix) -> FloatVector:
    """Return the one column of `values` as a vector."""
    vector: FloatVector = values[:, 0]
    return vector


def as_panel(
    data: Data | Panel,
    *,
    name: str = "returns",
    holds: Holds = "returns",
    nan_policy: NanPolicy = "raise",
    min_rows: int = 1,
) -> Panel:
    """Check `data` and return it as a panel; errors call it `name` and show how to convert what is no table.

    Returns that look like prices or percent, and gaps in the dates of returns and prices, warn once, when the panel is
    made. Returns to be compounded must be -1 or more. Weights and rates hold "numbers", which are not checked for
    plausibility; nor is what goes beside dates that were checked.
    """
    panel = read_panel(data, name=name, holds=holds, nan_policy=nan_policy, min_rows=min_rows)
    if holds != "numbers" and not isinstance(data, Panel):
        check_dates(panel.values, panel.labels, name=name, has_nan=panel.has_nan, prices=holds == "prices")
    return panel


def read_panel(
    data: Data | Panel,
    *,
    name: str = "returns",
    holds: Holds = "returns",
    nan_policy: NanPolicy = "raise",
    min_rows: int = 1,
) -> Panel:
    """Return `data` as a panel as `as_panel` does, without the check of its dates for gaps."""
    check_choice(nan_policy, NAN_POLICIES, name="nan_policy")
    if isinstance(data, Panel):
        _check_count(data.values, name=name, min_rows=min_rows)
        if data.has_nan and nan_policy == "raise":
            _check_finite(data.values, data.labels, name=name, nan_policy=nan_policy)
        panel = replace(data, name=name, min_rows=min_rows, nan_policy=nan_policy)
        if holds == "compounded":
            _check_compoundable(panel, lowest_of(panel.values))
        return panel
    values, labels = read_numbers(data, name=name, min_rows=min_rows)
    has_nan = _check_finite(values, labels, name=name, nan_policy=nan_policy)
    panel = Panel(name, values, labels, has_nan, min_rows, nan_policy)
    if holds in ("returns", "compounded"):
        lowest = lowest_of(values)
        if holds == "compounded":
            _check_compoundable(panel, lowest)
        check_returns(values, labels, name=name, lowest=lowest)
    return panel


def _check_compoundable(panel: Panel, lowest: float) -> None:
    if lowest < -1.0:
        row, column = (int(i) for i in np.argwhere(panel.values < -1.0)[0])
        raise InvalidInputError(
            f"{panel.name} must be -1 or more to be compounded, got {panel.values[row, column]:g} at "
            f"{panel.labels.place(row, column)}. Returns are fractions: -5 % is -0.05."
        )


def read_numbers(data: Data | Panel, *, name: str, min_rows: int = 1) -> tuple[FloatMatrix, Labels]:
    """Return the numbers of `data`, shape (rows, columns), and its labels; NaN and infinities are not looked for."""
    if isinstance(data, Panel):
        return data.values, data.labels
    raw, labels = _read_labels(data, name=name)
    values = _as_float(raw, labels, name=name)
    if values.shape[1] == 0 or values.shape[0] == 0:
        raise InvalidInputError(f"{name} must not be empty, got shape {values.shape}.")
    _check_count(values, name=name, min_rows=min_rows)
    return values, labels


def _check_count(values: FloatMatrix, *, name: str, min_rows: int) -> None:
    if values.shape[0] < min_rows:
        raise InvalidInputError(f"{name} needs at least {min_rows} rows, got {values.shape[0]}.")


def _read_labels(data: Any, *, name: str) -> tuple[npt.NDArray[Any], Labels]:
    """Return the numbers of `data` as an array of 1 or 2 dimensions, and its labels."""
    data = native(data, name=name)
    if is_instance_of(data, "pandas", "Series", "DataFrame"):
        from riskresearch.core.frames._pandas import read_pandas  # noqa: PLC0415 (only for pandas data)

        return read_pandas(data, name=name)
    if is_instance_of(data, "polars", "Series", "DataFrame", "LazyFrame"):
        from riskresearch.core.frames._polars import read_polars  # noqa: PLC0415 (narwhals: 50 ms for polars alone)

        return read_polars(data, name=name)
    if isinstance(data, np.ma.MaskedArray) and data.dtype.kind in "fiu":
        data = np.ma.filled(data.astype(np.float64), np.nan)
    array = read_other(data, name=name)
    if array.ndim not in (1, 2):
        raise not_a_table(data, name=name)
    return array, ArrayLabels(array.shape)


def _as_float(raw: Any, labels: Labels, *, name: str) -> FloatMatrix:
    if raw.dtype.kind not in "fiu":
        refuse_array(raw, labels, name=name)
    with np.errstate(over="ignore"):  # what a double cannot hold is infinite
        matrix = np.asarray(raw, dtype=np.float64)
    return matrix.reshape(-1, 1) if matrix.ndim == 1 else matrix


def _check_finite(values: FloatMatrix, labels: Labels, *, name: str, nan_policy: str) -> bool:
    """Return whether NaN is present; raise on infinity, and on NaN where it is not allowed."""
    with np.errstate(over="ignore", invalid="ignore"):  # the sum of huge numbers, or of inf and -inf
        if np.isfinite(np.sum(values)):
            return False
    infinite = np.isinf(values)
    if infinite.any():
        raise InvalidInputError(
            f"{name} has {_count(infinite, labels, 'infinite')}. "
            "An infinity is not a missing value: correct it at its source."
        )
    missing = np.isnan(values)
    if missing.any() and nan_policy == "raise":
        raise InvalidInputError(
            f'{name} has {_count(missing, labels, "non-finite")}. Pass nan_policy="omit" to skip them.'
        )
    return bool(missing.any())


def _count(flags: npt.NDArray[np.bool_], labels: Labels, kind: str) -> str:
    total = int(flags.sum())
    row, column = np.argwhere(flags)[0]
    return f"{total} {kind} value{'s' if total > 1 else ''}, the first at {labels.place(int(row), int(column))}"
