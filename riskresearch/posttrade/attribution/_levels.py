"""The effects of each level: of the groups, and of the assets within the lowest groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.kernels.attribution._brinson_effects import (
    Nodes,
    fill,
    member_effects,
    merge_interaction,
    node_effects,
    return_of,
    sums_of_members,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.posttrade.attribution._hierarchy import Grouping


@dataclass(frozen=True, slots=True, eq=False)
class LevelEffects:
    """The effects of the nodes of one level over the rows."""

    name: str
    nodes: tuple[str, ...]
    effects: npt.NDArray[np.float64]
    """Shape (effects, rows, nodes), of each row alone."""
    weights: FloatMatrix
    benchmark_weights: FloatMatrix
    """Shape (rows, nodes); nan for what is no holding, such as trading."""
    imputed: int
    """Number of nodes and rows that the portfolio holds and for which the benchmark has no return."""


class Leg(NamedTuple):
    """An effect that is of no group: a node of its own on every level."""

    node: str
    effect: str
    values: FloatVector


class Method(NamedTuple):
    """How effects are computed."""

    fachler: bool
    interaction: str
    missing_as_selection: bool


def bottom_nodes(
    weights: FloatMatrix, others: FloatMatrix, returns: FloatMatrix, rivals: FloatMatrix, method: Method
) -> Nodes:
    """Return the nodes of the columns, their missing returns filled by the rule."""
    own = np.where(weights == 0.0, 0.0, weights * returns)
    other = np.where(others == 0.0, 0.0, others * rivals)
    filled = np.isnan(rivals)
    total = other.sum(axis=1)
    known = fill(rivals, returns, total, method.missing_as_selection) if filled.any() else rivals
    earned = np.where(np.isnan(returns), known, returns)
    return Nodes(weights, others, own, other, earned, known, filled)


def group_nodes(bottom: Nodes, level: Grouping, method: Method) -> Nodes:
    """Return the nodes of a level of groups."""
    count = len(level.nodes)
    weights, others, own, other, size, other_size = (
        sums_of_members(values, level.node_of, count)
        for values in (*bottom[:4], np.abs(bottom.weights), np.abs(bottom.benchmark_weights))
    )
    returns = return_of(own, weights, size)
    rivals = return_of(other, others, other_size)
    filled = np.isnan(rivals)
    total = bottom.benchmark_contributions.sum(axis=1)
    return Nodes(
        weights, others, own, other, returns, fill(rivals, returns, total, method.missing_as_selection), filled
    )


def effects_of_levels(
    bottom: Nodes, names: tuple[str, ...], levels: Sequence[Grouping], method: Method, lowest_name: str
) -> list[LevelEffects]:
    """Return the levels, the widest first and the assets last."""
    total = bottom.benchmark_contributions.sum(axis=1)
    found, lowest = [], bottom
    for level in levels:
        lowest = group_nodes(bottom, level, method)
        found.append(_level(level.name, level.nodes, lowest, node_effects(lowest, total, method.fachler), method))
    if levels:
        effects = member_effects(bottom, lowest, levels[-1].node_of, total, method.fachler)
    else:
        effects = node_effects(bottom, total, method.fachler)
    found.append(_level(lowest_name, names, bottom, effects, method))
    return found


def _level(
    name: str, nodes: tuple[str, ...], of: Nodes, effects: npt.NDArray[np.float64], method: Method
) -> LevelEffects:
    imputed = int((of.filled & (of.contributions != 0.0)).sum())
    merged = merge_interaction(effects, method.interaction)
    return LevelEffects(name, nodes, merged, of.weights, of.benchmark_weights, imputed)


def with_legs(level: LevelEffects, names: tuple[str, ...], legs: Sequence[Leg]) -> LevelEffects:
    """Return a level with the effects `names`, and a node for each leg beside its own."""
    if not legs:
        return level
    own = list(dict.fromkeys(leg.node for leg in legs))
    rows, count = level.weights.shape
    effects = np.zeros((len(names), rows, count + len(own)))
    effects[: level.effects.shape[0], :, :count] = level.effects
    for leg in legs:
        effects[names.index(leg.effect), :, count + own.index(leg.node)] += leg.values
    blank = np.full((rows, len(own)), np.nan)
    return replace(
        level,
        nodes=(*level.nodes, *own),
        effects=effects,
        weights=np.column_stack([level.weights, blank]),
        benchmark_weights=np.column_stack([level.benchmark_weights, blank]),
    )
