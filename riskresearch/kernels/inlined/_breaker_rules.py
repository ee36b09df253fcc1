"""The rules of circuit breakers: each a scalar step, which a tick, a history and a sweep run alike.

A breaker is a trigger, which makes a number of a bar, and a state machine, which makes a status of that number. nan
is a number that is not known: it neither trips nor re-arms. An account at zero or below has lost everything: it trips
and is closed there. `setup.py` writes a `.pxd` of this file, as of `_formulas`, so that the kernels inline it; there is
no NumPy here, for a live monitor loads this module and little else.
"""

from __future__ import annotations

from riskresearch.kernels.inlined._formulas import drawdown

ARMED = 0
TRIPPED = 1
COOLING_DOWN = 2
NOTHING = 0  # what changes on a bar
TRIP = 1
REARM = 2
TIMER = 0  # rules of re-entry; 1 is the peak reset
SHADOW = 2
MANUAL = 3
REDUCE = 2  # stages: 1 warns, 3 halts, 5 freezes
LIQUIDATE = 4
OBSERVED = 0  # where a machine's number comes from: the bar, equity, or (2) its parts
EQUITY = 1
LOSING_TRADES = 0  # what is counted of closed trades
GROSS_LOSS = 1
NET_LOSS = 2
ALL_TRADES = 3
BLOCKED = 0  # what a number of closed trades may do: nothing, for there are too few; complete a combination; also trip
OLD = 1
NEW = 2
PRICES = 2  # where an account's equity comes from: 1 is returns


def reaches(value: float, limit: float, inclusive: int) -> int:
    """Return whether `value` is at the limit or beyond, or only beyond; nan is neither."""
    return value >= limit if inclusive != 0 else value > limit


def opens(opening: float, needed: int) -> int:
    """Return whether a number may do what takes `needed`; nan, which is not known, may follow `missing`."""
    return not opening < needed


def may_rearm(
    kind: int, value: float, stale: float, equity: float, on_shadow: int,
    shadow: float,
) -> int:  # fmt: skip
    """Return whether a bar may re-arm: its number is known and below `stale` (nan: none), and an account above zero."""
    if value != value or value >= stale or kind != EQUITY:
        return value == value and not value >= stale
    return equity > 0.0 and (on_shadow == 0 or shadow > 0.0)


def machine_step(
    status: int,
    since: float,
    value: float,
    now: float,
    limit: float,
    rearm: float,
    cooldown: float,
    reentry: int,
    inclusive: int,
    missing: int,
) -> tuple[int, float, int]:
    """Return status, since when, and what changed, after a bar of this `value`: nan if it `may_rearm` nothing."""
    if status == ARMED:
        if reaches(value, limit, inclusive) != 0 or (value != value and missing != 0):
            return TRIPPED, now, TRIP
        return ARMED, since, NOTHING
    if since != since:  # tripped at a time that was not known
        since = now
    if value != value or reentry == MANUAL:
        return status, since, NOTHING
    if reentry == SHADOW and reaches(value, rearm, inclusive) != 0:
        return TRIPPED, since, NOTHING
    if now - since >= cooldown:
        return ARMED, now, REARM
    return COOLING_DOWN, since, NOTHING


def equity_step(
    on_shadow: int,
    trailing: int,
    restart: int,
    equity: float,
    ret: float,
    peak: float,
    last: float,
    shadow: float,
    shadow_peak: float,
) -> tuple[float, float, float, float, float]:
    """Return the fraction lost since `peak`, then peak, last equity, shadow and its peak, after one bar.

    `trailing` lets the peak rise, `restart` begins again from where the account stood before this bar. The shadow is
    what `ret` would have made of the equity at the trip, or the first known after it. Below a peak of 0 all is lost.
    """
    if restart != 0:
        peak = last
        shadow_peak = shadow
    if equity == equity:
        last = equity
    if on_shadow != 0:
        if ret != ret:
            return ret, peak, last, shadow, shadow_peak
        shadow = shadow * (1.0 + ret) if shadow == shadow else equity
        if shadow_peak != shadow_peak or (trailing != 0 and shadow > shadow_peak):
            shadow_peak = shadow
        if shadow_peak <= 0.0:
            return 1.0, peak, last, shadow, shadow_peak
        return drawdown(shadow_peak, shadow), peak, last, shadow, shadow_peak
    if not peak > 0.0 or (trailing != 0 and equity > peak):
        peak = equity if equity == equity else peak
    if peak <= 0.0 and equity == equity:
        return 1.0, peak, last, shadow, shadow_peak
    return drawdown(peak, equity) if peak > 0.0 else equity, peak, last, shadow, shadow_peak


def equity_after(
    change: int,
    reentry: int,
    peak: float,
    last: float,
    shadow: float,
    shadow_peak: float,
) -> tuple[float, float, float]:
    """Return peak, shadow and its peak after a change; re-entry on the shadow takes over the shadow's drawdown."""
    if change == TRIP:
        return peak, last, peak
    if change == REARM and reentry == SHADOW:
        return last * (shadow_peak / shadow), shadow, shadow_peak
    if change == REARM and reentry != TIMER:
        return last, shadow, shadow_peak
    return peak, shadow, shadow_peak


def next_exposure(held: float, stage: int, fraction: float) -> float:
    """Return the exposure after a bar: all, a fraction, what is held (halt and freeze), or none."""
    if stage <= REDUCE:
        return fraction if stage == REDUCE else 1.0
    return 0.0 if stage == LIQUIDATE else held


def net_return(held: float, before: float, ret: float, cost: float) -> float:
    """Return what a bar of return `ret` earns with exposure `held`, `before` it `before`; no more is lost than all."""
    net: float = held * ret - cost * (held - before if held > before else before - held)
    return net if net > -1.0 else -1.0


def tally(
    equity: float,
    net: float,
    top: float,
    low: float,
    worst: float,
    total: float,
    square: float,
) -> tuple[float, float, float, float, float]:
    """Return highest equity, lowest since, worst drawdown before, and sums of `net` and its square."""
    if equity > top:
        low = drawdown(top, low)
        return equity, equity, (low if low > worst else worst), total + net, square + net * net
    return top, (equity if equity < low else low), worst, total + net, square + net * net


def traded(cash: float, units: float, price: float, fraction: float, cost: float) -> tuple[float, float]:
    """Return cash and units of an account that trades at `price` until `fraction` of it is invested."""
    equity: float = cash + units * price
    moved: float = fraction * equity - units * price
    equity = equity - cost * (moved if moved > 0.0 else -moved)
    units = fraction * equity / price
    return equity - units * price, units


def account_step(
    held: float,
    before: float,
    ret: float,
    cost: float,
    equity: float,
    top: float,
    low: float,
    worst: float,
    total: float,
    square: float,
) -> tuple[float, float, float, float, float, float]:
    """Return equity and what `tally` returns after a bar of return `ret` with exposure `held`, before it `before`."""
    net: float = net_return(held, before, ret, cost)
    equity = equity * (1.0 + net)
    top, low, worst, total, square = tally(equity, net, top, low, worst, total, square)
    return equity, top, low, worst, total, square
