"""Limits on the target weights of an account: read, started, and applied with a check of each answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._set import BreakerSet
from riskresearch.core._checks import can_be_called, check_sequence, shown
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.backtest._gates import Limit, RunningLimit
    from riskresearch.core._records import Bar
    from riskresearch.core._types import FloatVector

EARLIER = (
    " A limit with apply(target, held, equity) alone gets start(columns), which returns an object with apply(target, "
    "bar): what is held is bar.account.weights, the equity bar.account.equity."
)


def read_limits(given: Any, columns: Sequence[str]) -> tuple[Limit, ...]:
    """Return definitions of limits; those that name assets check them against all `columns` of the simulation."""
    limits: tuple[Any, ...] = check_sequence(given, name="limits")
    for limit in limits:
        is_definition = not isinstance(limit, type | Breaker | BreakerSet) and not hasattr(limit, "ndim")
        if not is_definition or not can_be_called(getattr(limit, "start", None), columns):
            raise InvalidInputError(
                "limits must be objects with a method start(columns), such as sizing.Caps, got "
                f"{shown(limit)}.{_remedy(limit)}"
            )
        check_columns = getattr(limit, "check_columns", None)
        if check_columns is not None:
            check_columns(columns)
    return limits


def _remedy(given: Any) -> str:
    """Return what becomes of an object that is no definition of a limit, as a sentence."""
    if isinstance(given, type):
        return f" It is a class: pass an object of it, {given.__name__}(...)."
    if hasattr(given, "on_missing"):  # a limit of pretrade, which this package does not import
        return " Limits of orders go into a checker: limits=[UnifiedLimitChecker([...])]."
    starts_as_gate = can_be_called(getattr(given, "start", None), (), capital=1.0)
    if isinstance(given, Breaker | BreakerSet) or starts_as_gate:
        return " What observes each bar, such as a breaker, is a gate: gates=[...]."
    is_table = hasattr(given, "ndim")  # has a method apply of its own
    return EARLIER if not is_table and callable(getattr(given, "apply", None)) else ""


class AccountLimit:
    """A limit that runs for one account."""

    __slots__ = ("name", "running", "shape")

    def __init__(self, limit: Limit, columns: Sequence[str]) -> None:
        self.running: RunningLimit = limit.start(columns)
        self.name, self.shape = type(self.running).__name__, (len(columns),)
        if not can_be_called(getattr(self.running, "apply", None), None, None):
            raise InvalidInputError(
                f"{type(limit).__name__}.start must return an object with a method apply(target, bar), got "
                f"{shown(self.running)}.{_remedy(self.running)}"
            )

    def apply(self, target: FloatVector, bar: Bar) -> FloatVector:
        """Return the target weights that the limit allows, checked."""
        answer: Any = self.running.apply(target, bar)
        try:
            numbers = np.asarray(answer)
        except ValueError:  # rows of different lengths
            numbers = np.empty(0, dtype=object)
        if numbers.dtype.kind not in "fiu":
            raise InvalidInputError(
                f"{self.name}.apply must return weights, one number a column, got {shown(answer)}. nan keeps what is "
                "held."
            )
        allowed = numbers.astype(np.float64, copy=False)
        if allowed.shape != self.shape:
            raise InvalidInputError(
                f"{self.name}.apply must return one weight a column, shape {self.shape}, got shape {allowed.shape}."
            )
        if np.isinf(allowed).any():
            raise InvalidInputError(
                f"target weights must be finite after gates and limits, {self.name}.apply returned {allowed}. nan "
                "keeps what is held."
            )
        return allowed
