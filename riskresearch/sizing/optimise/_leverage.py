"""The leverage limit of an optimiser, and the constraints that bind at a solution."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.sizing._cap_reasons import CapReason
from riskresearch.sizing.optimise._constraints import (
    Constraints,
    bounds,
    checked,
    interval,
    limits_of_groups,
    linear_of,
    members,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector

AT_A_LIMIT = 1e-7
"""How near to a limit a solver's weights stand where it binds."""


def with_leverage(
    constraints: Constraints | None, names: tuple[str, ...], max_leverage: float | None, *, total: tuple[float, float]
) -> Constraints:
    """Return constraints with a total and a greatest sum of sizes; `total` is the sum where nothing else is said.

    The sizes sum to at most `max_leverage`, else to what the constraints allow in `max_gross` or `total`, else to 1.
    Where bounds and total keep to that, `max_gross` is left out, for the solver does not need it.
    """
    given = checked(constraints)
    sums = total if given.total is None else interval(given.total, name="total")
    gross = None if given.max_gross is None else check_positive(given.max_gross, name="max_gross")
    if max_leverage is None:
        cap = gross if gross is not None else max(1.0, sums[1] if given.total is not None else 1.0)
    else:
        cap = max_leverage if max_leverage == math.inf else check_positive(max_leverage, name="max_leverage")
        _check_void(given, gross, cap)
        if given.total is None:
            sums = (min(total[0], cap), cap if math.isinf(total[0]) else min(total[1], cap))
    low, _ = bounds(given, names)
    long_only = bool((low >= 0.0).all())
    if max_leverage is not None and cap > max(1.0, sums[1]) and long_only and not math.isinf(cap):
        raise InvalidInputError(
            f"max_leverage must be at most the greatest sum of long positions, {sums[1]:g}, got {max_leverage!r}. "
            "Raise `total` or allow short positions with `lower` in the constraints."
        )
    if not long_only and sums[0] >= cap:
        raise InvalidInputError(
            f"max_leverage must be above the sum of the weights, {sums[0]:g}, where `lower` allows short positions, "
            f"got {cap:g}, which leaves no room for any. Give max_leverage, or a lower `total`."
        )
    keeps_to_it = math.isinf(cap) or (long_only and sums[1] <= cap)
    return replace(given, total=sums, max_gross=None if keeps_to_it else cap)


def _check_void(given: Constraints, gross: float | None, cap: float) -> None:
    """Refuse constraints that ask for more than `max_leverage`, which would make them void in silence."""
    if gross is not None and gross != cap:
        raise InvalidInputError(
            f"max_leverage must be max_gross of the constraints where both are given, got {cap:g} and {gross:g}. Give "
            "one of them."
        )
    if given.total is None:
        return
    most = interval(given.total, name="total")[1]
    if cap < most < math.inf:
        raise InvalidInputError(
            f"max_leverage must be at least the greatest total of the constraints, {most:g}, got {cap:g}. Lower "
            "`total`, or leave max_leverage out."
        )


def binding(
    constraints: Constraints, names: tuple[str, ...], weights: FloatVector
) -> tuple[tuple[str, ...], npt.NDArray[np.longlong]]:
    """Return the names of the constraints that weights stand at, and the bits of `CapReason` for each weight."""
    found: list[str] = []
    reasons: npt.NDArray[np.longlong] = np.zeros(len(names), dtype=np.longlong)
    low, high = bounds(constraints, names)
    for limit, values in (("lower", low), ("upper", high)):
        for place in np.flatnonzero(np.isfinite(values) & (np.abs(weights - values) <= AT_A_LIMIT)):
            found.append(f"{limit} of {names[place]}")
            reasons[place] |= CapReason.WEIGHT
    for group, limits in limits_of_groups(constraints).items():
        of_group = members(constraints, names, str(group)) > 0.0
        if _stands_at(float(weights[of_group].sum()), interval(limits, name="group_limits")):
            found.append(f"group {group}")
            reasons[of_group] |= CapReason.GROUP
    linear = linear_of(constraints, names)
    at_limit: list[str] = []
    for row, low_end, high_end, label in zip(*linear, strict=True):
        if _stands_at(float(row @ weights), (float(low_end), float(high_end))):
            at_limit.append(label)
            reasons[row != 0.0] |= CapReason.LINEAR
    if constraints.total is not None and _stands_at(float(weights.sum()), interval(constraints.total, name="total")):
        found.append("total")
        reasons |= CapReason.LEVERAGE
    if constraints.max_gross is not None and float(np.abs(weights).sum()) >= constraints.max_gross - AT_A_LIMIT:
        found.append("max_leverage")
        reasons |= CapReason.LEVERAGE
    return (*found, *dict.fromkeys(at_limit)), reasons


def _stands_at(number: float, limits: tuple[float, float]) -> bool:
    return any(math.isfinite(limit) and abs(number - limit) <= AT_A_LIMIT for limit in limits)
