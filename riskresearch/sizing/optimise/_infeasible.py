"""Which constraints contradict one another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.sizing.optimise._constraints import (
    Constraints,
    bounds,
    interval,
    limits_of_groups,
    linear_of,
    members,
)

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

INFEASIBLE = 2
"""The status of SciPy's `linprog`."""


class _Part(NamedTuple):
    """Rows that are left out or kept together: lower <= matrix @ weights <= upper."""

    name: str
    matrix: FloatMatrix
    lower: FloatVector
    upper: FloatVector


def contradiction(constraints: Constraints, names: tuple[str, ...], *, total: tuple[float, float]) -> str:
    """Return which constraints no weights meet together, all of them needed for it; empty if some weights do.

    `constraints` are those of `with_leverage`. Each part is left out in turn, and stays out if the others still
    contradict one another.
    """
    parts = _parts(constraints, names, total)
    gross = constraints.max_gross
    if not _contradict(parts, gross):
        return ""
    for part in list(parts):
        others = [each for each in parts if each is not part]
        if _contradict(others, gross):
            parts = others
    needed = [part.name for part in parts]
    if gross is not None and not _contradict(parts, None):
        needed.append(f"max_leverage or max_gross of {gross:g}")
    return _listed(needed)


def _listed(names: list[str]) -> str:
    """Return names as a sentence has them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _parts(constraints: Constraints, names: tuple[str, ...], total: tuple[float, float]) -> list[_Part]:
    low, high = bounds(constraints, names)
    nothing, eye, ones = np.full(len(names), math.inf), np.eye(len(names)), np.ones((1, len(names)))
    sums = total if constraints.total is None else interval(constraints.total, name="total")
    parts = [
        _Part("lower", eye, low, nothing),
        _Part("upper", eye, -nothing, high),
        _Part(f"total of {_shown(sums)}", ones, np.array(sums[:1]), np.array(sums[1:])),
    ]
    for group, limits in limits_of_groups(constraints).items():
        least, most = interval(limits, name="group_limits")
        row = members(constraints, names, group)[None]
        parts.append(_Part(f"group {group} of {_shown((least, most))}", row, np.array([least]), np.array([most])))
    linear = linear_of(constraints, names)
    for row, least, most, label in zip(*linear, strict=True):
        parts.append(_Part(label, row[None], np.array([least]), np.array([most])))
    return parts


def _shown(limits: tuple[float, float]) -> str:
    least, most = limits
    if least == most:
        return f"{least:g}"
    if math.isinf(least):
        return f"at most {most:g}"
    return f"at least {least:g}" if math.isinf(most) else f"{least:g} to {most:g}"


def _contradict(parts: list[_Part], gross: float | None) -> bool:
    """Return whether no weights, the difference of two positive parts, meet all rows."""
    from scipy import optimize  # noqa: PLC0415 (SciPy, which most measures spare)

    if not parts:
        return False
    matrix = np.vstack([part.matrix for part in parts])
    lower, upper = (np.concatenate(ends) for ends in zip(*((part.lower, part.upper) for part in parts), strict=True))
    both = np.vstack([matrix[np.isfinite(upper)], -matrix[np.isfinite(lower)]])
    most = np.concatenate([upper[np.isfinite(upper)], -lower[np.isfinite(lower)]])
    rows = np.hstack([both, -both])
    if gross is not None:
        rows, most = np.vstack([rows, np.ones(rows.shape[1])]), np.append(most, gross)
    if not most.size:
        return False
    found = optimize.linprog(np.zeros(rows.shape[1]), A_ub=rows, b_ub=most, bounds=(0.0, None), method="highs")
    return bool(found.status == INFEASIBLE)
