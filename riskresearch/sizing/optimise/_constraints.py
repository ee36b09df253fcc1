"""Constraints of optimisers: bounds, total, leverage, groups and linear ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import named_numbers
from riskresearch.core._checks import check_number, check_positive, is_single, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import group_of_each
from riskresearch.core._other_names import answers_other_names
from riskresearch.core.frames._native import native, read_other
from riskresearch.kernels.optimise._conic_programs import Polytope
from riskresearch.sizing.optimise._linear import LinearRows, read_linear

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatMatrix, FloatVector

UNBOUNDED = (-math.inf, math.inf)
ROUNDING = 1e-12

OTHER_NAMES = {
    **{
        each: f"Write constraints=Constraints({each}=...)."
        for each in (
            "linear",
            "lower",
            "upper",
            "total",
            "max_gross",
            "groups",
            "group_limits",
            "inequalities",
            "equalities",
        )
    },
    **dict.fromkeys(("bounds", "weight_bounds"), "Write constraints=Constraints(lower=..., upper=...)."),
    **dict.fromkeys(("cap", "leverage", "max_lev"), "max_leverage"),
    **dict.fromkeys(("rf", "risk_free_rate"), "risk_free"),
}
"""What the limits of an optimiser are called elsewhere, or are part of."""


@answers_other_names()
@dataclass(frozen=True, slots=True)
class Constraints:
    """What weights an optimiser may choose; the default is long positions only.

    Parameters
    ----------
    lower, upper : float, mapping, Series or array
        Least and greatest weight, one for all assets or one each; None for no bound.
    total : float or tuple of two floats, optional
        The sum of the weights, or the least and the greatest sum, infinities allowed. None means what suits the
        problem: 1 for risk parity and CVaR, at most 1 for Kelly.
    max_gross : float, optional
        Greatest sum of absolute weights. None is the greatest `total` that is given, or else 1: no borrowing.
    groups : mapping or Series, optional
        The group of every asset, such as its sector.
    group_limits : mapping, optional
        Least and greatest sum of the weights of a group, by group.
    linear : str or list of str, optional
        Linear constraints in the names of assets and groups, with ``<=``, ``>=`` or ``==``: ``"AAPL + MSFT <= 0.3"``,
        ``"TECH >= 20%"``, ``"0.1 <= TECH - 0.5 * (ENERGY + OIL) <= 0.4"``. A group is the sum of its members. Names
        that are numbers, or that could be read as a sum of others, stand in quotes: ``"'600519' <= 0.1"``.
    inequalities, equalities : tuple of a matrix and a right-hand side, optional
        (A, b) with A @ weights <= b, and with A @ weights == b. A has a column for each asset, by position or, in a
        DataFrame, by name; b is one number, or one for each row.

    Examples
    --------
    >>> import riskresearch
    >>> limits = riskresearch.sizing.Constraints(upper=0.8, linear=["A + B <= 50%", "C >= 2 * B"])
    >>> returns = {"A": [0.3, -0.1], "B": [0.1, 0.0], "C": [0.0, 0.1]}
    >>> import pandas as pd
    >>> bet = riskresearch.sizing.kelly_weights(pd.DataFrame(returns), constraints=limits, uncertainty="ignore")
    >>> bet.binding
    ('lower of B', 'total', 'linear A + B <= 50%')
    """

    lower: float | Mapping[str, float] | pd.Series | FloatVector | None = 0.0
    _: KW_ONLY
    upper: float | Mapping[str, float] | pd.Series | FloatVector | None = None
    total: float | tuple[float, float] | None = None
    max_gross: float | None = None
    groups: Mapping[str, str] | pd.Series | None = None
    group_limits: Mapping[str, tuple[float, float]] | None = None
    linear: str | Sequence[str] | LinearRows | None = None
    inequalities: tuple[Any, Any] | None = None
    equalities: tuple[Any, Any] | None = None


def polytope(constraints: Constraints | None, names: tuple[str, ...], *, total: tuple[float, float]) -> Polytope:
    """Return the checked constraints on assets of these names as rows; `total` is what None stands for."""
    given = checked(constraints)
    low, high = bounds(given, names)
    sums = total if given.total is None else interval(given.total, name="total")
    if float(low.sum()) > sums[1] + ROUNDING or float(high.sum()) < sums[0] - ROUNDING:
        raise InvalidInputError(
            f"total must be within the sums that the bounds allow, {low.sum():g} to {high.sum():g}, got "
            f"{sums[0]:g} to {sums[1]:g}."
        )
    linear = linear_of(given, names)
    rows, intervals = [np.eye(len(names)), np.ones((1, len(names)))], [np.column_stack([low, high]), np.array([sums])]
    for group, limits in limits_of_groups(given).items():
        rows.append(members(given, names, group)[None])
        intervals.append(np.array([interval(limits, name=f"group_limits[{group!r}]")]))
    rows.append(linear.matrix)
    intervals.append(np.column_stack([linear.lower, linear.upper]))
    matrix, limited = np.vstack(rows), np.vstack(intervals)
    if given.max_gross is None:
        return _rows(matrix, limited)
    gross = check_positive(given.max_gross, name="max_gross")
    if (low >= 0.0).all():
        return _rows(np.vstack([matrix, np.ones(len(names))]), np.vstack([limited, [-math.inf, gross]]))
    return _with_sizes(matrix, limited, gross)


def checked(constraints: Constraints | None) -> Constraints:
    """Return the constraints, or the default ones."""
    given = Constraints() if constraints is None else constraints
    if not isinstance(given, Constraints):
        raise InvalidInputError(
            f"constraints must be riskresearch.sizing.Constraints, got {type(given).__name__}. Write "
            f"constraints=Constraints({_fields_meant(given)})."
        )
    return given


def _fields_meant(given: object) -> str:
    if isinstance(given, dict):
        return f"**{given!r}"
    texts = given if isinstance(given, list | tuple) else (given,)
    return f"linear={given!r}" if all(isinstance(each, str) for each in texts) else "..."


def bounds(constraints: Constraints, names: tuple[str, ...]) -> tuple[FloatVector, FloatVector]:
    """Return the least and the greatest weight of each asset, infinite where there is none."""
    low = _per_asset(constraints.lower, names, -math.inf, name="lower")
    high = _per_asset(constraints.upper, names, math.inf, name="upper")
    if (low > high).any():
        first = int((low > high).argmax())
        raise InvalidInputError(
            f"lower must not be above upper, got {low[first]:g} and {high[first]:g} for {names[first]!r}."
        )
    return low, high


def limits_of_groups(constraints: Constraints) -> dict[str, Any]:
    """Return the limits of each group, by its name."""
    return {} if constraints.group_limits is None else text_keys(constraints.group_limits, name="group_limits")


def linear_of(constraints: Constraints, names: tuple[str, ...]) -> LinearRows:
    """Return the linear constraints as rows."""
    groups: dict[str, FloatVector] = {}
    if constraints.groups is not None and constraints.linear is not None:
        of_each = group_of_each(constraints.groups, names)
        groups = {group: np.array([float(each == group) for each in of_each]) for group in dict.fromkeys(of_each)}
    return read_linear(constraints.linear, constraints.inequalities, constraints.equalities, names, groups)


def by_position(constraints: Constraints | None, names: tuple[str, ...]) -> Constraints | None:
    """Return the same constraints for columns that have lost these names."""
    if constraints is None:
        return None
    low, high = bounds(constraints, names)
    places = [(str(place),) if len(names) > 1 else ("0", "returns") for place in range(len(names))]
    groups = None
    if constraints.groups is not None:
        given = {asset: str(group) for asset, group in text_keys(constraints.groups, name="groups").items()}
        groups = {key: given[name] for name, keys in zip(names, places, strict=True) for key in keys if name in given}
    linear = linear_of(constraints, names)
    return replace(
        constraints, lower=low, upper=high, groups=groups, linear=linear if linear.labels else None, inequalities=None,
        equalities=None,
    )  # fmt: skip


def _per_asset(given: Any, names: tuple[str, ...], none: float, *, name: str) -> FloatVector:
    if given is None:
        return np.full(len(names), none)
    if is_single(given) and not isinstance(given, Mapping):
        return np.full(len(names), check_number(given, name=name))
    if (
        isinstance(given, np.ndarray)
        and given.dtype.kind == "f"
        and given.shape == (len(names),)
        and np.isinf(given).any()
    ):
        return np.where(np.isinf(given), none, given)  # of `by_position`: no bound
    return named_numbers(given, names, len(names), name=name, owner="the input", what="column")


def interval(given: Any, *, name: str) -> tuple[float, float]:
    """Return a least and a greatest number; one number is both."""
    if is_single(given) and not isinstance(given, Mapping):
        number = check_number(given, name=name)
        return number, number
    limits = read_other(native(given, name=name), name=name)
    numeric = limits.shape == (2,) and limits.dtype.kind in "fiu"
    low, high = map(float, limits) if numeric else (math.inf, -math.inf)
    if not low <= high:
        raise InvalidInputError(f"{name} must be a number or a least and a greatest one, got {shown(given)}.")
    return low, high


def members(constraints: Constraints, names: tuple[str, ...], group: str) -> FloatVector:
    """Return 1 for each asset of a group and 0 for the others."""
    groups = group_of_each({} if constraints.groups is None else constraints.groups, names)
    members = np.array([float(each == group) for each in groups])
    if not members.any():
        raise InvalidInputError(f"group_limits must name groups that have members, got {group!r}.")
    return members


def _rows(matrix: FloatMatrix, limited: FloatMatrix) -> Polytope:
    low, high = limited[:, 0], limited[:, 1]
    fixed = low == high
    above, under = ~fixed & np.isfinite(low), ~fixed & np.isfinite(high)
    below = np.vstack([-matrix[above], matrix[under]])
    return Polytope(matrix[fixed], low[fixed], below, np.concatenate([-low[above], high[under]]))


def _with_sizes(matrix: FloatMatrix, limited: FloatMatrix, gross: float) -> Polytope:
    """Bound each weight's size by a further variable, and the sum of these by `gross`."""
    plain = _rows(matrix, limited)
    count = matrix.shape[1]
    eye, zeros = np.eye(count), np.zeros((plain.below.shape[0], count))
    below = np.block([[plain.below, zeros], [eye, -eye], [-eye, -eye], [np.zeros((1, count)), np.ones((1, count))]])
    at_most = np.concatenate([plain.at_most, np.zeros(2 * count), [gross]])
    equal = np.hstack([plain.equal, np.zeros((plain.equal.shape[0], count))])
    return Polytope(equal, plain.equal_to, below, at_most)
