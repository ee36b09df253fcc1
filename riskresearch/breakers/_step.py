"""A watch that a step in plain Python makes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from riskresearch.breakers._breaker import Watch
from riskresearch.breakers._types import MarketConditions


class StepWatch(Watch):
    """A watch that calls a step once a bar, with the state that the step handed out on the bar before."""

    __slots__ = ("_held", "_step")

    def __init__(self, step: Callable[[Any, MarketConditions], tuple[Any, float]], initial: Any) -> None:
        self.fields, self.trigger, self._step, self._held = (), None, step, deepcopy(initial)
        self.observe = self._observe

    def _observe(self, conditions: MarketConditions) -> float:
        self._held, value = self._step(self._held, conditions)
        return float(value)

    def state(self) -> Any:
        """Return what the step handed out."""
        return deepcopy(self._held)

    def restore(self, state: Any) -> None:
        """Take what `state` returned."""
        self._held = deepcopy(state)
