"""New triggers by name."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from riskresearch.breakers._types import Observer
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import NAN, Bar
from riskresearch.kernels.compiled._breaker_triggers import CrossTrigger, Trigger

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector

KINDS = {
    "level": 0, "distance": 1, "volatility": 2, "volatility_ratio": 3, "breaches": 4, "streak": 5, "rate": 6, "sum": 12,
    "stale": 7, "band": 8, "jump": 9, "fall": 10, "either_way": 11,
}  # fmt: skip


def new_trigger(kind: str, *, window: int = 1, short: int = 1, scale: float = 1.0) -> Trigger:
    """Return a trigger with an empty memory; what `scale` is depends on the kind, see the kernel."""
    return Trigger(KINDS[kind], window, short, scale, array("d", bytes(16 * window)))


class CrossObserver(Observer):
    """An observer of the returns of all assets; the first bar sets how many there are."""

    __slots__ = ("window",)

    def __init__(self, window: int) -> None:
        self.fields, self.trigger, self.window = ("asset_returns",), None, window
        self.observe = self._observe

    def prepare(self, bar: Bar) -> None:
        """Refuse a row of another width than those before."""
        given, width = len(bar.asset_returns), self.trigger and len(self.trigger.memory) // max(self.window, 1)
        if given == 1:
            raise InvalidInputError("asset_returns must hold the returns of 2 assets or more, got 1.")
        if given and width and given != width:
            raise InvalidInputError(
                f"asset_returns must hold as many returns as on the bars before, {width}, got {given}."
            )

    def _observe(self, bar: Bar) -> float:
        row = bar.asset_returns
        if len(row) == 0:
            return NAN
        if self.trigger is None:
            self._make(len(row))
        return float(self.trigger.step(row))

    def _make(self, columns: int) -> None:
        cells = columns * max(self.window, 1)
        self.trigger = CrossTrigger(columns, self.window, array("d", bytes(8 * cells)))

    def fill(self, columns: Mapping[str, Any], numbers: FloatVector) -> None:
        """Fill `numbers` with what `observe` returns for each bar; asset_returns have the shape (rows, assets)."""
        for row, returns in enumerate(columns["asset_returns"].tolist()):
            shown = Bar(asset_returns=returns)
            self.prepare(shown)
            numbers[row] = self._observe(shown)

    def state(self) -> Any:
        """Return the memory as plain numbers and lists."""
        trigger = self.trigger
        return trigger and [trigger.filled, len(trigger.memory) // max(self.window, 1), list(trigger.memory)]

    def restore(self, state: Any) -> None:
        """Set the memory that `state` returned."""
        if state is None:
            self.trigger = None
        else:
            self._make(state[1])
            self.trigger.filled = state[0]
            self.trigger.memory[:] = array("d", state[2])
