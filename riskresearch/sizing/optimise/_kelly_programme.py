"""What a Kelly optimisation solves, for scenarios as given and for the truths that they may have come from."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from riskresearch.kernels.optimise._growth_cones import (
    Gamble,
    growth_weights,
    growth_weights_near,
    quadratic_growth_weights,
    quadratic_growth_weights_near,
)
from riskresearch.kernels.optimise._unknown_truths import moment_draws

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector
    from riskresearch.kernels.optimise._conic_programs import Polytope, Solution

Method = Literal["exact", "quadratic"]
SOLVERS = {"exact": growth_weights, "quadratic": quadratic_growth_weights}
ROUGH_SOLVERS = {"exact": growth_weights_near, "quadratic": quadratic_growth_weights_near}
AT_A_BOUND = 1e-5
"""How near a rough solution is moved to a bound."""


class Programme(NamedTuple):
    """What is solved for scenarios: the method, what weights are allowed, and the limit on drawdowns."""

    method: str
    allowed: Polytope
    exponent: float | None
    low: FloatVector
    high: FloatVector

    def solution(self, gamble: Gamble) -> Solution:
        """Return the solver's answer, with every weight within its bounds to the last bit."""
        found = SOLVERS[self.method](gamble, self.allowed, self.exponent)
        return found._replace(point=np.clip(found.point, self.low, self.high)) if found.solved else found

    def rough_solution(self, gamble: Gamble, start: FloatVector | None = None) -> Solution:
        """Return the answer to some 1e-6 in a part of the time, from a start that is not far."""
        found = ROUGH_SOLVERS[self.method](gamble, self.allowed, self.exponent, start)
        return found._replace(point=at_bounds(found.point, self.low, self.high)) if found.solved else found


class ScenarioTruth(NamedTuple):
    """Scenarios that are taken for the truth."""

    gamble: Gamble
    programme: Programme

    def growth(self, weights: FloatVector, parts: FloatVector) -> FloatVector:
        """Return the growth rate of each multiple of some weights; ruin is minus infinity."""
        with np.errstate(divide="ignore"):
            logs = np.log(np.maximum(1.0 + parts[:, None] * (self.gamble.returns @ weights), 0.0))
        return np.asarray(logs.mean(axis=1)) + float(self.gamble.log_cash.mean())

    def kelly(self, start: FloatVector | None) -> Solution:
        """Return the Kelly weights, from a start that is not far."""
        return self.programme.rough_solution(self.gamble, start)


def truths(given: Gamble, programme: Programme, draws: int, seed: int) -> Iterator[ScenarioTruth]:
    """Yield the scenarios moved to draws of their mean and covariance; their shape is the sample's."""
    rows, mean = len(given.returns), given.returns.mean(axis=0)
    factors: Any = np.linalg.qr(given.returns - mean)  # typed as if it could be one matrix
    standard, root = factors
    for shift, factor in moment_draws(root, rows, draws, seed):
        moved = mean + shift + math.sqrt(rows) * (standard @ factor)
        yield ScenarioTruth(given._replace(returns=moved), programme)


def at_bounds(weights: FloatVector, low: FloatVector, high: FloatVector) -> FloatVector:
    """Return rough weights, those that are next to a bound at exactly that bound."""
    raised = np.where(weights < low + AT_A_BOUND, low, weights)
    return np.where(raised > high - AT_A_BOUND, high, raised)
