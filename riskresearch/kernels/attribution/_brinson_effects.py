"""Allocation, selection and interaction of each node of a level, by Brinson & Fachler (1985) or Brinson et al. (1986).

A node is a group or an asset. Arrays have the shape (rows, nodes): weights of the portfolio and of the benchmark, and
their contributions, weight times return. The effects of a node sum to its contribution less the benchmark's, less the
active weight times the benchmark's return with Fachler; so those of a level sum to the excess return where both
weights have one sum, and those of a group's members to those of the group.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector

NO_WEIGHT = 1e-9  # relative to the sum of sizes: below it the net weight of a group is rounding, and no divisor


class Nodes(NamedTuple):
    """What is held of each node, and its returns, filled where one side does not hold it."""

    weights: FloatMatrix
    benchmark_weights: FloatMatrix
    contributions: FloatMatrix
    benchmark_contributions: FloatMatrix
    returns: FloatMatrix
    """nan where the net weight is zero."""
    benchmark_returns: FloatMatrix
    filled: npt.NDArray[np.bool_]
    """Where the benchmark has no return of the node, and another one stands for it."""


def sums_of_members(values: FloatMatrix, group_of: npt.NDArray[np.intp], count: int) -> FloatMatrix:
    """Return the sums over the members of each group, shape (rows, count)."""
    member = np.zeros((values.shape[1], count))
    member[np.arange(values.shape[1]), group_of] = 1.0
    sums: FloatMatrix = values @ member
    return sums


def return_of(contributions: FloatMatrix, weights: FloatMatrix, sizes: FloatMatrix) -> FloatMatrix:
    """Return contribution over weight; nan where the net weight is zero but for rounding."""
    held = np.abs(weights) > NO_WEIGHT * sizes
    return np.divide(contributions, weights, out=np.full(weights.shape, np.nan), where=held)


def fill(own: FloatMatrix, others: FloatMatrix, total: FloatVector, as_selection: bool) -> FloatMatrix:
    """Return the benchmark's returns, and where there is none the portfolio's or the total's."""
    instead = np.broadcast_to(total[:, None], own.shape)
    if not as_selection:
        instead = np.where(np.isnan(others), instead, others)
    return np.where(np.isnan(own), instead, own)


def node_effects(nodes: Nodes, total: FloatVector, fachler: bool) -> npt.NDArray[np.float64]:
    """Return allocation, selection and interaction, shape (3, rows, nodes); `total` is the benchmark's return."""
    active = nodes.weights - nodes.benchmark_weights
    returns = nodes.benchmark_returns
    effects = np.empty((3, *active.shape))
    np.multiply(active, returns - total[:, None] if fachler else returns, out=effects[0])
    rest = nodes.contributions - nodes.benchmark_contributions - active * returns
    apart = _selection(nodes, nodes.benchmark_weights * (nodes.returns - returns), rest)
    effects[1], effects[2] = apart, rest - apart
    return effects


def member_effects(
    members: Nodes, groups: Nodes, group_of: npt.NDArray[np.intp], total: FloatVector, fachler: bool
) -> npt.NDArray[np.float64]:
    """Return the effects of assets within their groups, which sum to those of the groups, shape (3, rows, assets).

    Selection compares with the benchmark's weights in the group, scaled to the portfolio's weight in it: a group that
    is held as the benchmark holds it, but larger, has selected nothing.
    """
    weights, others = members.weights, members.benchmark_weights
    of_group, other_of_group = groups.weights[:, group_of], groups.benchmark_weights[:, group_of]
    group_return = groups.benchmark_returns[:, group_of]
    active = weights - others
    whole = members.contributions - members.benchmark_contributions
    if fachler:
        whole = whole - active * total[:, None]
    without = groups.filled[:, group_of]
    share = np.divide(others, other_of_group, out=np.zeros(weights.shape), where=~without)
    gain = members.contributions - weights * group_return
    other_gain = share * (members.benchmark_returns - group_return)
    rest = np.where(
        without,
        members.contributions - members.benchmark_contributions - active * group_return,
        gain - of_group * other_gain,
    )
    held = ~np.isnan(groups.returns[:, group_of])
    own_gain = np.divide(gain, of_group, out=np.zeros(weights.shape), where=held)
    apart = other_of_group * (own_gain - np.where(held, other_gain, 0.0))
    selection = np.where(without | ~held, rest, apart)
    return np.stack([whole - rest, selection, rest - selection])


def _selection(nodes: Nodes, apart: FloatMatrix, rest: FloatMatrix) -> FloatMatrix:
    """Return selection alone, and with interaction where one side has no net weight, so that there is none."""
    return np.where(nodes.filled | np.isnan(nodes.returns), rest, apart)


def merge_interaction(effects: npt.NDArray[np.float64], interaction: str) -> npt.NDArray[np.float64]:
    """Return the effects with interaction on its own, or added to selection or to allocation."""
    if interaction == "own":
        return effects
    into = 1 if interaction == "selection" else 0
    merged = effects[:2].copy()
    merged[into] += effects[2]
    return merged
