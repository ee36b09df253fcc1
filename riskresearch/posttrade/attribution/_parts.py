"""The parts of an attribution: levels with their effects, legs of their own, and the returns that they explain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import aligned_vector
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.attribution._geometric import compounding_of, geometric_effects, notional_growth
from riskresearch.posttrade.attribution._currency import currency_effects
from riskresearch.posttrade.attribution._hierarchy import ASSET, GROUP, read_levels
from riskresearch.posttrade.attribution._levels import (
    Leg,
    LevelEffects,
    Method,
    bottom_nodes,
    effects_of_levels,
    with_legs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from riskresearch.core._types import FloatVector
    from riskresearch.posttrade.attribution._currency_legs import CurrencyLegs
    from riskresearch.posttrade.attribution._hierarchy import AllGroups
    from riskresearch.posttrade.attribution._sides import Sides

THREE = ("allocation", "selection", "interaction")


class Parts(NamedTuple):
    """Levels of effects of each row, and what they sum to."""

    names: tuple[str, ...]
    levels: tuple[LevelEffects, ...]
    returns: FloatVector
    benchmark_returns: FloatVector
    sizes: FloatVector
    """Sum of the sizes of all contributions on each row, the scale of rounding."""
    notes: tuple[str, ...]


def arithmetic_parts(
    sides: Sides, groups: AllGroups | None, method: Method, currency: str | None, legs: CurrencyLegs | None
) -> Parts:
    """Return allocation, selection, perhaps interaction, and the effects of currencies."""
    names = THREE if method.interaction == "own" else THREE[:2]
    grouping = read_levels(groups, sides.columns, sides.cash)
    found = currency_effects(sides, legs, currency) if currency is not None and legs is not None else None
    markets = sides if found is None else found.markets
    bottom = bottom_nodes(
        markets.weights, markets.benchmark_weights, markets.returns, markets.benchmark_returns, method
    )
    own, other = bottom.contributions.sum(axis=1), bottom.benchmark_contributions.sum(axis=1)
    sizes = np.abs(bottom.contributions).sum(axis=1) + np.abs(bottom.benchmark_contributions).sum(axis=1)
    lowest = ASSET if sides.shared or grouping else GROUP
    levels = effects_of_levels(bottom, sides.columns, grouping, method, lowest)
    if found is None:
        return Parts(names, tuple(levels), own, other, sizes, ())
    sizes = sizes + sum(np.abs(leg.values) for leg in found.legs)
    names = (*names, *found.names)
    levels = [with_legs(level, names, found.legs) for level in levels]
    return Parts(names, tuple(levels), own + found.returns, other + found.benchmark_returns, sizes, found.notes)


def with_trading(parts: Parts, given: Any, sides: Sides) -> Parts:
    """Return the parts of the return from transactions; what it has beyond the holdings' is the trading effect."""
    actual = aligned_vector(given, sides.panel, name="portfolio_returns", nan_policy="raise")[sides.first :]
    trading = actual - parts.returns
    names = (*parts.names, "trading")
    legs = [Leg("trading", "trading", trading)]
    levels = tuple(with_legs(level, names, legs) for level in parts.levels)
    sizes = parts.sizes + np.abs(actual)
    return parts._replace(names=names, levels=levels, returns=actual, sizes=sizes)


def geometric_parts(parts: Parts, last: int, sides: Sides) -> Parts:
    """Return geometric effects; the effect number `last` starts from the notional fund, trading from the holdings."""
    names = (*parts.names, "compounding")
    other = parts.benchmark_returns
    levels = []
    for level in parts.levels:
        between = notional_growth(level.effects[:2], other, last)
        _refuse_ruin(between, "the notional fund of that level", sides)
        ratios = level.effects.copy()
        ratios[:2] = geometric_effects(level.effects[:2], other, last)
        if "trading" in parts.names:
            held = 1.0 + parts.returns - level.effects[2].sum(axis=1)
            _refuse_ruin(held, "the holdings", sides)
            ratios[2] = level.effects[2] / held[:, None]
        rest = Leg("compounding", "compounding", compounding_of(ratios, parts.returns, other))
        levels.append(with_legs(replace(level, effects=ratios), names, [rest]))
    return parts._replace(names=names, levels=tuple(levels))


def _refuse_ruin(growth: FloatVector, whose: str, sides: Sides) -> None:
    if (growth <= 0.0).any():
        row = int((growth <= 0.0).argmax())
        raise InvalidInputError(
            f'linking="geometric" divides by the growth of {whose}, which must be positive, got {growth[row]:g} at '
            f'{sides.place(row)}. Pass linking="grap".'
        )


def imputed_note(levels: Sequence[LevelEffects], rule: str) -> tuple[str, ...]:
    """Return how many returns of the benchmark were missing where the portfolio held something."""
    most = max(levels, key=lambda level: level.imputed)
    if not most.imputed:
        return ()
    what = "the portfolio's own is" if rule == "allocation" else "that of the whole benchmark is"
    return (
        f"The benchmark has no return of {most.imputed:,} {most.name}s and rows that the portfolio holds: {what} taken "
        f'(off_benchmark="{rule}").',
    )
