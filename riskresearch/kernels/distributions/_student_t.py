"""The Student-t of maximum likelihood: one sample in, location, scale and degrees of freedom out.

Given the degrees of freedom, location and scale solve two equations, which have one solution from one degree of freedom
on (Kent & Tyler 1991); below, the search starts at several locations. What is left is a function of the degrees of
freedom alone. Its slope is computed on a grid, each change from rising to falling is a maximum, and the greatest wins.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from riskresearch.core._types import FloatVector
from riskresearch.kernels._rounding import only_rounding, rounding_of
from riskresearch.kernels.inlined._formulas import ROUNDING

MIN_DOF, MAX_DOF = 0.2, 1e4  # below, nothing financial; above, the normal to four digits
GRID_RATIO, LOW_GRID_RATIO = 5.0, 2.0
ROUGH, EXACT = 1e-3, 1e-12
GREATEST_GRADIENT = 1e-9
"""Of the mean log-likelihood in (location / scale, log scale, log degrees of freedom), above which a fit is none."""
MAX_STEPS = 2000
SMALLEST_SCALE = 1e-12
"""In units of the typical distance from the median; a smaller scale is the spike over equal values."""
WIDENING = (0.01, 0.1, 0.5)
START_QUANTILES = (0.05, 0.2, 0.35, 0.65, 0.8, 0.95)


class StudentT(NamedTuple):
    """A fit; all nan where the likelihood has no maximum within the bounds, or none was found."""

    location: float
    scale: float
    dof: float


class _Point(NamedTuple):
    """The best location and log scale for given degrees of freedom; slope of the mean log-likelihood in log dof."""

    location: float
    log_scale: float
    log_dof: float
    slope: float
    likelihood: float


NO_FIT = StudentT(np.nan, np.nan, np.nan)


def fit_student_t(column: FloatVector) -> StudentT:
    """Return location, scale and degrees of freedom that maximise the likelihood of `column`, shape (rows,).

    k equal values of n let the likelihood grow without end towards a spike over them where the degrees of freedom are
    less than k / (n - k); the fit is the greatest maximum above that, nan where there is none.
    """
    power = -np.frexp(np.abs(column).max())[1]
    sample = np.ascontiguousarray(np.ldexp(column, power))
    centre = float(np.median(sample))
    if only_rounding(column[:, None])[0]:
        return StudentT(float(np.median(column)), 0.0, MAX_DOF)
    away = sample - centre
    unit = float(np.median(np.abs(away))) or float(np.abs(away).mean())
    fit = _greatest_maximum(away / unit, _least_dof(np.sort(column), rounding_of(column)))
    if fit is None:
        return NO_FIT
    location, scale = centre + unit * fit.location, unit * float(np.exp(fit.log_scale))
    dof = min(float(np.exp(fit.log_dof)), MAX_DOF)
    return StudentT(float(np.ldexp(location, -power)), float(np.ldexp(scale, -power)), dof)


def _least_dof(ordered: FloatVector, rounding: float) -> float:
    """Return the degrees of freedom at and below which the likelihood has no bound, at least `MIN_DOF`."""
    reach = np.searchsorted(ordered, ordered + rounding + ROUNDING * np.abs(ordered), "right")
    equal = int((reach - np.arange(ordered.size)).max())
    return max(MIN_DOF, 1.001 * equal / (ordered.size - equal)) if equal < ordered.size else np.inf


def _greatest_maximum(sample: FloatVector, least: float) -> _Point | None:
    """Return the greatest local maximum of one degree of freedom or more, else below, None if there is none.

    Below one a few values that happen to be close can be as likely as all the others together.
    """
    if least >= MAX_DOF:
        return None
    location = float(np.add.reduce(sample)) / sample.size
    spread = float(np.std(sample))
    start = _Point(location, float(np.log(spread)), 0.0, 0.0, 0.0)
    upper = _grid(sample, start, MAX_DOF, max(least, 1.0), GRID_RATIO)
    best = _greatest_within(sample, upper)
    if best is None and least < 1.0:
        lower = _grid(sample, upper[-1], 1.0, least, LOW_GRID_RATIO)
        best = _greatest_within(sample, lower)
        if best is not None and least == MIN_DOF and lower[-1].slope < 0.0 and lower[-1].likelihood > best.likelihood:
            return None
    return best


def _greatest_within(sample: FloatVector, grid: list[_Point]) -> _Point | None:
    """Return the most likely maximum on the grid and between its points, at which the gradient is zero."""
    found = [_maximum_between(sample, *pair) for pair in pairwise(grid) if pair[0].slope <= 0.0 < pair[1].slope]
    if grid and grid[0].slope > 0.0 and grid[0].log_dof >= np.log(MAX_DOF):
        found.append(_best_point(sample, grid[0], EXACT))
    found = [point for point in found if _settled(sample, point)]
    return max(found, key=lambda point: point.likelihood) if found else None


def _grid(sample: FloatVector, near: _Point, most: float, least: float, ratio: float) -> list[_Point]:
    """Return the best points for degrees of freedom from the greatest to the least, as far as a scale is left."""
    points: list[_Point] = []
    count = max(1, int(np.ceil(np.log(most / least) / np.log(ratio))))
    for log_dof in np.linspace(np.log(most), np.log(least), count + 1):
        near = _best_point(sample, near._replace(log_dof=float(log_dof)), ROUGH)
        if log_dof < 0.0:
            near = max([near, *_elsewhere(sample, near)], key=lambda point: point.likelihood)
        if np.exp(near.log_scale) < SMALLEST_SCALE:
            break
        points.append(near)
    return points


def _elsewhere(sample: FloatVector, near: _Point) -> list[_Point]:
    """Return the points found from other locations: below one degree of freedom there may be several."""
    starts = np.quantile(sample, START_QUANTILES)
    points = [_best_point(sample, near._replace(location=float(start)), ROUGH) for start in starts]
    return [point for point in points if np.exp(point.log_scale) >= SMALLEST_SCALE]


def _maximum_between(sample: FloatVector, high: _Point, low: _Point) -> _Point:
    """Return the point between two of the grid at which the slope is zero."""
    near = low

    def slope(log_dof: float) -> float:
        nonlocal near
        near = _best_point(sample, near._replace(log_dof=log_dof), EXACT)
        return near.slope

    first, last = low.log_dof, high.log_dof
    for step in WIDENING:  # the slopes of the grid are rough: near a maximum their signs may be wrong
        if slope(last) <= 0.0:
            break
        last += step
    for step in WIDENING:
        if slope(first) >= 0.0:
            break
        first -= step
    if slope(first) * slope(last) <= 0.0:  # else the two are of different maxima, and `_settled` will refuse this one
        slope(float(optimize.brentq(slope, first, last, xtol=1e-12, rtol=1e-13)))
    return near


def _best_point(sample: FloatVector, start: _Point, tolerance: float) -> _Point:
    """Solve the two equations by the EM algorithm and, from where it rises, by Newton's method."""
    dof = float(np.exp(start.log_dof))
    location, log_scale = start.location, start.log_scale
    for _ in range(MAX_STEPS):
        z = (sample - location) * np.exp(-log_scale)
        square = z * z
        weight = (dof + 1.0) / (dof + square)
        pull, spread = _mean(weight * z), _mean(weight * square)
        if max(abs(pull), abs(spread - 1.0)) <= tolerance or log_scale < np.log(SMALLEST_SCALE):
            break
        move, change = _newton_step(z, square, weight, dof, pull, spread)
        location, log_scale = location + np.exp(log_scale) * move, log_scale + change
    log_term = _mean(np.log1p(square / dof))
    slope = -0.5 * dof * (
        special.digamma(dof / 2) - special.digamma((dof + 1) / 2) + 1 / dof + log_term - spread / dof
    )  # fmt: skip
    constant = special.gammaln((dof + 1) / 2) - special.gammaln(dof / 2) - 0.5 * np.log(dof * np.pi)
    likelihood = float(constant - log_scale - 0.5 * (dof + 1) * log_term)
    return _Point(float(location), float(log_scale), start.log_dof, float(slope), likelihood)


def _newton_step(
    z: FloatVector, square: FloatVector, weight: FloatVector, dof: float, pull: float, spread: float
) -> tuple[float, float]:
    """Return the step in (location / scale, log scale): Newton's where it is short and the curvature is a maximum's.

    Elsewhere it is the step of the EM algorithm with the expanded parameter, which always raises the likelihood.
    """
    bend = weight * weight / (dof + 1.0)
    total, bent = _mean(weight), _mean(bend * square)
    in_location, in_scale, across = total - 2.0 * bent, 2.0 * dof * bent, 2.0 * dof * _mean(bend * z)
    determinant = in_location * in_scale - across * across
    if in_location > 0.0 and determinant > 0.0:
        move = (in_scale * pull - across * (spread - 1.0)) / determinant
        change = (in_location * (spread - 1.0) - across * pull) / determinant
        if max(abs(move), abs(change)) < 0.5:
            return move, change
    move = pull / total
    left = (spread - 2.0 * move * pull + move * move * total) / total
    return move, 0.5 * float(np.log(left))


def _settled(sample: FloatVector, point: _Point) -> bool:
    """Return whether the gradient of the mean log-likelihood is zero, or points out at the greatest dof."""
    exact = _best_point(sample, point, EXACT)
    z = (sample - exact.location) * np.exp(-exact.log_scale)
    dof = np.exp(exact.log_dof)
    weight = (dof + 1.0) / (dof + z * z)
    at_most = exact.log_dof >= np.log(MAX_DOF) and exact.slope > 0.0
    gradient = (_mean(weight * z), _mean(weight * z * z) - 1.0, 0.0 if at_most else exact.slope)
    return max(map(abs, gradient)) <= GREATEST_GRADIENT


def _mean(values: FloatVector) -> float:
    return float(np.add.reduce(values)) / values.size
