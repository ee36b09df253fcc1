"""The intervals of Kelly weights and their growth, and the fraction of Kelly that is robust."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.kernels.inference._dependence import FEWEST_ROWS
from riskresearch.metrics.inference._dependence import find, warn_of_autocorrelation, warn_of_few_rows

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.optimise._conic_programs import Solution

DRAWS = 1000
OVERESTIMATES = 200
"""Draws of which the overestimate of growth is the mean."""
STEPS = 10
ROUGH = 1e-6
METHOD = "draws of mean and covariance under the diffuse prior"


class Truth(Protocol):
    """What returns may have come from."""

    def growth(self, weights: FloatVector, parts: FloatVector) -> FloatVector:
        """Return the growth rate of each multiple of some weights; ruin is minus infinity."""

    def kelly(self, start: FloatVector | None) -> Solution:
        """Return the Kelly weights, from a start that is not far."""


class Confidence(NamedTuple):
    """Intervals of the weights and of their growth, and the fraction of Kelly that is robust."""

    weights: tuple[tuple[float, float], ...]
    growth: tuple[float, float]
    robust_fraction: float | None
    seed: int


class Chosen(NamedTuple):
    """Weights that were chosen: `part` of what was solved for."""

    weights: FloatVector
    part: float
    can_hold_cash: bool


class _Draws(NamedTuple):
    """For each draw of the truth: its Kelly weights, and the growth of multiples of the chosen weights.

    `over` is by how much the growth of a draw's own Kelly weights falls short of what the draw shows, in the sample.
    """

    weights: FloatMatrix
    growth: FloatMatrix
    over: FloatVector


def confidence_of(sample: Truth, draws: Iterable[Truth], chosen: Chosen, *, confidence: float, seed: int) -> Confidence:
    """Return what a sample says of the Kelly weights of the truth behind it, and of the growth of the chosen weights.

    The lower end of the growth is less than the quantile over the draws, by how much weights that were chosen on a
    sample are overestimated on it: without that, ten assets of a year are covered by one interval in ten.
    """
    parts = np.append(np.linspace(0.0, 1.0, STEPS + 1), chosen.part)
    found = _drawn(sample, draws, chosen.weights / chosen.part, parts)
    tail = 0.5 * (1.0 - confidence)
    ends, point = np.column_stack(_ends(chosen.part * found.weights, tail)), chosen.weights[:, None]
    ends = np.where(np.abs(ends - point) <= ROUGH, point, ends.round(9) + 0.0)
    least, most = _ends(found.growth, tail)
    least = least - found.over
    robust = chosen.can_hold_cash and bool(chosen.weights.any())
    return Confidence(
        weights=tuple((float(low), float(high)) for low, high in ends),
        growth=(float(least[-1]), float(most[-1])),
        robust_fraction=_best_part(parts[:-1], least[:-1]) if robust else None,
        seed=seed,
    )


def check_rows(rows: int, assets: int, *, name: str) -> None:
    """Refuse samples too short for the posterior to have moments."""
    if rows <= assets + 2:
        raise InvalidInputError(
            f"{name} needs more than {assets + 2} rows for {assets} columns with confidence, got {rows}."
        )


def warn_of_dependence(values: FloatMatrix, assets: tuple[str, ...]) -> None:
    """Warn where rows that are not independent, or too few to tell, make the intervals too narrow."""
    rows, columns = values.shape
    if rows < FEWEST_ROWS:
        warn_of_few_rows(rows, measure="the Kelly weights", fallback=METHOD)
        return
    found = [(name, find(values[:, place])) for place, name in enumerate(assets)]
    autocorrelated = [(name, each) for name, each in found if each.autocorrelated(columns)]
    if autocorrelated:
        remedy = "assumes independent rows and is too narrow. Pass returns that do not overlap."
        warn_of_autocorrelation(autocorrelated, measure="the Kelly weights", remedy=remedy)


def _drawn(sample: Truth, draws: Iterable[Truth], weights: FloatVector, parts: FloatVector) -> _Draws:
    plain = sample.kelly(None)
    scale, start = _scale(weights, plain), plain.point if plain.solved else None
    solved, growth, over, stopped = [], [], [], 0
    for draw, truth in enumerate(draws):
        growth.append(truth.growth(weights, parts))
        best = truth.kelly(start)
        _check_bounded(best)
        if not best.solved:
            stopped += 1
            continue
        solved.append(best.point)
        if draw < OVERESTIMATES:
            own = scale * best.point
            with np.errstate(invalid="ignore"):  # two ruins
                over.append(truth.growth(own, parts) - sample.growth(own, parts))
    if stopped:
        warn_user(f"{stopped} of {len(growth)} draws have no Kelly weights, for the solver stopped; they are left out.")
    overestimate = np.nan_to_num(np.mean(over, axis=0), nan=np.inf, posinf=np.inf)
    return _Draws(np.array(solved), np.array(growth), np.maximum(overestimate, 0.0))


def _scale(weights: FloatVector, plain: Solution) -> float:
    """Return what part of the sample's own Kelly weights the chosen ones are."""
    held, whole = float(np.abs(weights).sum()), float(np.abs(plain.point).sum()) if plain.solved else 0.0
    return min(held, whole) / whole if whole > 0.0 else float(held > 0.0)


def _check_bounded(best: Solution) -> None:
    if "Infeasible" in best.status:
        what = "bound the weights" if "Dual" in best.status else "can be met"
        raise InvalidInputError(
            f"confidence must come with constraints that {what} for every draw of mean and covariance, but one draw "
            "has none. Give `upper` or `max_gross`, or leave out confidence."
        )


def _ends(draws: FloatMatrix, tail: float) -> tuple[FloatVector, FloatVector]:
    lower = np.quantile(draws, tail, axis=0, method="lower")
    return lower, np.quantile(draws, 1.0 - tail, axis=0, method="higher")


def _best_part(parts: FloatVector, growth: FloatVector) -> float:
    """Return the multiple of greatest growth: the top of the parabola through the best one and its neighbours."""
    best = int(growth.argmax())
    if 0 < best < parts.size - 1 and np.isfinite(growth[best + 1]):
        before, here, after = growth[best - 1 : best + 2]
        bend = before - 2.0 * here + after
        shift = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
        return float(parts[best] + shift * (parts[1] - parts[0]))
    return float(parts[best])
