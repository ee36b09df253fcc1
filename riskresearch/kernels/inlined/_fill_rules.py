"""The rules of one order and its fill, as functions of numbers: lots, bans, smallest trades and costs.

Kernels inline what stands here; see `_formulas`.
"""

from __future__ import annotations

from math import floor, sqrt

# When an account trades: on every bar, when a target changes, outside a band, or by a schedule.
EVERY_BAR = 0
ON_CHANGE = 1
BAND = 2
SCHEDULED = 3
# What happens without a price.
RAISE = 0
SETTLE = 1
HOLD = 2
# Why a run stopped.
HELD_WITHOUT_PRICE = 1
ORDER_WITHOUT_PRICE = 2
# Kinds of corporate action; 1 is a dividend.
SPLIT = 0

WHOLE_LOT_TOLERANCE = 1e-9
"""How far below a whole lot a number of lots may be and count as whole."""


def whole_lots(units: float, lot: float) -> float:
    """Return units of at least zero rounded down to whole lots."""
    return floor(units / lot + WHOLE_LOT_TOLERANCE) * lot


def is_outside_band(target: float, held: float, quote: float, equity: float, band: float) -> bool:
    """Return whether a weight is farther from its target than the band; a target of zero closes what is held."""
    if held == 0.0:
        return abs(target) > band
    return abs(held * quote / equity - target) > band or target == 0.0


def allowed_units(new: float, old: float, price: float, lot: float, min_trade: float, reduce_only: bool) -> float:
    """Return the units next to `new` that lots, a ban on new exposure and the smallest trade allow."""
    if lot > 0.0:
        new = whole_lots(abs(new), lot) if new > 0.0 else -whole_lots(abs(new), lot)
    if reduce_only:
        if new * old <= 0.0:
            new = 0.0
        elif abs(new) > abs(old):
            new = old
    if min_trade > 0.0 and new != 0.0 and abs(new - old) * price < min_trade:
        new = old
    return new + 0.0


def affordable_units(new: float, old: float, part: float, price: float, lot: float, min_trade: float) -> float:
    """Return the units after `part` of a buy from `old` to `new`; `old` where the rules leave nothing of it."""
    units = old + (new - old) * part
    if lot > 0.0:
        units = whole_lots(units, lot)
    bought = units - old
    if bought <= 0.0 or (units != 0.0 and bought * price < min_trade):
        return old
    return units


def commission_of(size: float, notional: float, fraction: float, per_unit: float, minimum: float) -> float:
    """Return the commission of a fill: a fraction of its notional and money per unit, or the minimum."""
    fee = fraction * notional + per_unit * size
    return fee if fee > minimum else minimum


def square_root_impact(size: float, notional: float, volume: float, volatility: float, coefficient: float) -> float:
    """Return the impact of a fill: coefficient times daily volatility times the root of the participation in volume."""
    return coefficient * volatility * sqrt(size / volume) * notional
