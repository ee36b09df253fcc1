"""An observer that calls a step in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from riskresearch.breakers._types import Observer
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Bar

UNCHANGING = (float, int, str, type(None))


class StepObserver(Observer):
    """An observer that calls a step once a bar, with the state that the step returned on the bar before.

    The step is called with a copy of its state, so that one that fails halfway has changed nothing; a `pure` step does
    not change the state that it is given, and needs no copy.
    """

    __slots__ = ("_held", "_next", "_pure", "_step")

    def __init__(self, step: Callable[[Any, Bar], tuple[Any, float]], initial: Any, *, pure: bool = False) -> None:
        self.fields, self.trigger, self._step, self._held = (), None, step, deepcopy(initial)
        self._next: tuple[Any, float] = (None, 0.0)
        self._pure = pure
        self.observe = self._observe

    def prepare(self, bar: Bar) -> None:
        """Call the step, and keep what it returns for `observe`."""
        held = self._held if self._pure or isinstance(self._held, UNCHANGING) else deepcopy(self._held)
        answer = self._step(held, bar)
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise InvalidInputError(f"step must return a state and a number, got {answer!r}.")
        value = answer[1]
        if isinstance(value, bool | str) or not hasattr(value, "__float__") or math.isinf(value):
            raise InvalidInputError(
                f"step must return a finite number, or nan for one that is not known, beside its state, got {value!r}."
            )
        self._next = (answer[0], float(value))

    def _observe(self, bar: Bar) -> float:
        self._held, value = self._next
        return value

    def state(self) -> Any:
        """Return the state that the step returned."""
        return deepcopy(self._held)

    def restore(self, state: Any) -> None:
        """Set what `state` returned."""
        self._held = deepcopy(state)
