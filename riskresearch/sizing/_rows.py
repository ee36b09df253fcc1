"""Checked inputs of sizers: panels for a history, one row at a time for a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import same_rows
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import NAN_POLICIES, Panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._row import row_of_numbers

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy


def nan_policy_of(sizer: object) -> NanPolicy:
    """Return the checked policy of a sizer, "raise" if it has none."""
    policy: str = getattr(sizer, "nan_policy", "raise")
    return "omit" if check_choice(policy, NAN_POLICIES, name="nan_policy") == "omit" else "raise"


def periods_of(sizer: object, dates: npt.NDArray[np.datetime64] | None) -> float:
    """Return the periods per year of a sizer that has them, else 1."""
    fields = getattr(sizer, "__dataclass_fields__", {})
    if "periods_per_year" not in fields:
        return 1.0
    return resolve_periods_per_year(getattr(sizer, "periods_per_year", None), dates)


def extra_policy(name: str, policy: NanPolicy) -> NanPolicy:
    """Return whether something beside the returns may be missing: signals never, forecasts always, else as returns."""
    if name == "signals":
        return "raise"
    return "omit" if name == "forecasts" else policy


def extra_rows(given: Data, panel: Panel, *, name: str, nan_policy: NanPolicy) -> FloatMatrix:
    """Return what comes beside the returns, over exactly their rows and columns."""
    other = same_rows(given, panel, name=name, holds="numbers", nan_policy=nan_policy)
    if other.values.shape != panel.values.shape:
        raise InvalidInputError(
            f"{name} must have the shape of {panel.name}, got {other.values.shape} and {panel.values.shape}."
        )
    ours, theirs = panel.labels.columns, other.labels.columns
    if len(ours) > 1 and theirs and ours != theirs:
        first = next(pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1])
        raise InvalidInputError(
            f"{name} must have the columns of {panel.name} in the same order, got {first[1]!r} where {panel.name} has "
            f"{first[0]!r}."
        )
    if name == "signals":
        check_signals(other.values)
    return np.ascontiguousarray(other.values)


def check_signals(values: FloatMatrix) -> None:
    """Require signals in [-1, 1]."""
    beyond = np.abs(values) > 1.0
    if beyond.any():
        raise InvalidInputError(
            f"signals must be in [-1, 1], got {values[beyond][0]:g}: short is -1, flat 0, long 1. Divide forecasts by "
            "the largest that they can reach."
        )


def sizer_row(given: Any, names: tuple[str, ...], *, name: str, omits: bool) -> FloatVector:
    """Return one number for each column of an input of a sizer."""
    numbers = row_of_numbers(given, names, name=name)
    policy = extra_policy(name, "omit" if omits else "raise")
    if policy == "raise" and np.isnan(numbers).any():
        first = names[int(np.isnan(numbers).argmax())]
        raise InvalidInputError(
            f'{name} must be finite, got nan in column {first!r}. Sizers with nan_policy="omit" accept missing returns '
            "and prices, but no missing signals."
        )
    if name == "signals":
        check_signals(numbers[None, :])
    return numbers
