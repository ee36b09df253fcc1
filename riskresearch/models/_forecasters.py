"""Forecasts of risk per period by column, which sizers to a risk target divide by.

Each forecaster binds a sweep to a source, a whole panel or a ring of its last rows, and so is written once for history
and stream. `of_sample` is the same forecast for one series whose rows are all given: a portfolio of today's weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._stream import Part
from riskresearch.kernels import _rolling
from riskresearch.kernels._rolling import EXPANDING, Recipe, Sweep, bind, new_state
from riskresearch.kernels.compiled._ewma import EwmaDeviation
from riskresearch.models._protocol import RiskForecaster, RunningForecast

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, State

TAIL_MEASURES = ("value_at_risk", "conditional_value_at_risk")


class Forecaster(Protocol):
    """What the sizers use: a forecast that can be bound to a panel or to a ring."""

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""

    def new_state(self, columns: int) -> State:
        """Return the state before the first row."""

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`; `answers` are nan where there is no forecast yet."""

    def over_time(self, values: FloatMatrix) -> FloatMatrix:
        """Return the forecasts after each row of `values`."""

    def of_sample(self, sample: FloatVector) -> float:
        """Return the forecast after the last row of one series."""


class BoundForecaster:
    """Base of forecasters: what follows from `memory`, `new_state` and `bind`."""

    __slots__ = ()
    if TYPE_CHECKING:

        @property
        def memory(self) -> int: ...

        def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep: ...

    def new_state(self, columns: int) -> State:
        """Return the state before the first row."""
        return {}

    def over_time(self, values: FloatMatrix) -> FloatMatrix:
        """Return the forecasts after each row of `values`."""
        answers = np.empty(values.shape)
        self.bind(values, self.new_state(values.shape[1]), answers).run(0, values.shape[0])
        return answers

    def of_sample(self, sample: FloatVector) -> float:
        """Return the forecast after the last row of one series."""
        return float(self.over_time(sample[:, None])[-1, 0])


def rolled_over_time(recipe: Recipe, values: FloatMatrix) -> FloatMatrix:
    """Return one rolling measure over the rows of a panel, few columns at a time."""
    unused = np.zeros(values.shape[0])
    return _rolling.roll(recipe, values, unused, unused)[0]


def bind_rolling(recipe: Recipe, state: State, source: FloatMatrix, answers: FloatMatrix) -> Sweep:
    """Return a rolling measure over a panel or ring."""
    unused, nowhere = np.zeros(source.shape[0]), np.empty((0, source.shape[1]))
    parts = [answers]
    if recipe.measure in TAIL_MEASURES:
        parts = [answers, nowhere] if recipe.measure == "value_at_risk" else [nowhere, answers]
    return bind(recipe, state, source, unused, unused, parts)


@dataclass(frozen=True, slots=True)
class EwmaForecast(BoundForecaster):
    """Root of the exponentially weighted mean square of returns (RiskMetrics; the mean is taken as zero)."""

    halflife: float
    minimum: int

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return 1

    def new_state(self, columns: int) -> State:
        """Return the state before the first row."""
        return {name: np.zeros(columns) for name in ("total", "weight", "count")}

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`."""
        sweep: Sweep = EwmaDeviation(source, decay_of(self.halflife), self.minimum, state, answers)  # type: ignore[no-untyped-call]
        return sweep


@dataclass(frozen=True, slots=True)
class RollingForecast(BoundForecaster):
    """Sample deviation of the last `window` rows, as in `rolling(returns, "volatility")`."""

    window: int
    minimum: int

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return self.window + 1

    def _recipe(self) -> Recipe:
        return Recipe("volatility", self.window, self.minimum)

    def new_state(self, columns: int) -> State:
        """Return the state before the first row."""
        return new_state(self._recipe(), columns, EXPANDING)

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`."""
        return bind_rolling(self._recipe(), state, source, answers)

    def over_time(self, values: FloatMatrix) -> FloatMatrix:
        """Return the forecasts after each row of `values`."""
        return rolled_over_time(self._recipe(), values)


@dataclass(frozen=True, slots=True)
class UserForecaster(BoundForecaster):
    """A user's `RiskForecaster`, fed row by row in history as in the stream."""

    model: RiskForecaster

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return 1

    def new_state(self, columns: int) -> State:
        """Return the model before the first row."""
        return {"model": Part(self.model, self.model.start(columns))}

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep of the running model in `state` over `source`."""
        return _ModelSweep(state["model"], source, answers)


class _ModelSweep:
    def __init__(self, part: Part, source: FloatMatrix, answers: FloatMatrix) -> None:
        self._part, self._source, self._answers = part, source, answers

    def run(self, first: int, last: int) -> None:
        for tick in range(first, last):
            running: RunningForecast = self._part.running
            risk: Any = np.asarray(running.update(self._source[tick % len(self._source)].copy()), dtype=float)
            if risk.shape != self._answers.shape[1:]:
                raise InvalidInputError(
                    f"model must forecast one number for each of the {self._answers.shape[1]} columns, got shape "
                    f"{risk.shape}."
                )
            self._answers[tick % len(self._answers)] = risk


def decay_of(halflife: float) -> float:
    """Return what a weight is multiplied by from one row to the next."""
    return float(0.5 ** (1.0 / halflife))
