"""What each rule measures of a book as it stands, in the worse of its two worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade.limits._risk_limits import CustomLimit

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector
    from riskresearch.pretrade.checker._plan import Plan
    from riskresearch.pretrade.limits._rule import Rule

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one rule measures of the book: where it is nearest to its limit, and both numbers."""

    limit: Any
    label: str
    where: str
    value: float
    bound: float

    @property
    def used(self) -> float:
        """Value over limit; infinite for any over a limit of zero."""
        if self.bound == 0.0:
            return NAN if self.value != self.value else 0.0 if self.value <= 0.0 else float("inf")
        return self.value / self.bound


def standings(plan: Plan) -> list[Standing]:
    """Return what each rule measures, in the order of the checker."""
    found: list[tuple[int, Standing]] = []
    for row, (place, rule) in enumerate(plan.rules):
        limit = plan.limits[place]
        where, value, bound = _of_rule(plan, row, rule, limit)
        found.append((place, Standing(limit, rule.label, where, value, bound)))
    if plan.other is not None:
        for number, (place, limit) in enumerate(plan.other.limits):
            found.append((place, Standing(limit, "", "", _of_other(plan, number, limit), float(limit.deny))))
    found.sort(key=lambda each: each[0])
    return [each for _, each in found]


def _of_other(plan: Plan, number: int, limit: Any) -> float:
    other = plan.other
    if isinstance(limit, CustomLimit) or not other.profits:
        return NAN
    if limit.increase:
        return 0.0
    for world in (0, 1):
        if (world, number) not in other.before:
            other.before[world, number] = other._risk(limit, other.profits[world])
    return float(np.maximum(other.before[0, number], other.before[1, number]) / other._denominator(limit))


def _of_rule(plan: Plan, row: int, rule: Rule, limit: Any) -> tuple[str, float, float]:
    kind = rule.kind
    if not plan.assets:  # nothing is held of nothing
        bound = float(rule.deny) if isinstance(rule.deny, int | float) else NAN
        return "", 0.0 if rules.POSITION <= kind <= rules.TURNOVER else NAN, bound
    deny = _bounds(plan, rule)
    first = float(deny[0]) if np.ndim(deny) == 0 or len(set(deny.tolist())) == 1 else NAN
    if kind == rules.POSITION:
        return _nearest_position(plan, rule, limit, deny)
    if kind in (rules.SUM, rules.LARGE_GROUPS):
        return _nearest_sum(plan, row, rule, limit, deny)
    worlds = _worlds(plan, limit)
    if kind == rules.COUNT:
        return "", float(plan.state["count"][worlds].max()), first
    if kind == rules.TURNOVER:
        keys = {"account": slice(0, 1), "strategy": slice(1, 1 + len(plan.strategies))}
        traded = plan.state["traded"][:, 0][keys.get(limit.scope, slice(1 + len(plan.strategies), None))]
        names = ("",) if limit.scope == "account" else plan.strategies if limit.scope == "strategy" else plan.assets
        most = int(traded.argmax())
        return names[most], float(traded[most]) / _denominator(plan, rule, 0), first
    if kind == rules.RATE:
        return "", _sent(plan, row, rule), first
    if kind == rules.BUYING_POWER:
        return "", 0.0, _power(plan, rule)
    if kind == rules.STATE:
        return "", float(plan.tables.states().max()), 1.0
    return "", NAN, rule.window if kind == rules.DUPLICATE else first


def _bounds(plan: Plan, rule: Rule) -> FloatVector:
    """Return the limit of each asset."""
    wide = plan.tables.wide(rule.deny)
    if wide >= 0:
        return plan.tables.rows[wide]
    if rule.kind in (rules.LOT, rules.TICK):
        return plan.tables.rows[plan.tables.row(rule.table)]
    return np.full(len(plan.assets), float(rule.deny))


def _worlds(plan: Plan, limit: Any) -> slice:
    count = len(plan.state["count"])
    return slice(0, 2) if limit.scope != "strategy" or count == 2 else slice(2, count)


def _denominator(plan: Plan, rule: Rule, world: int) -> float:
    if rule.per == rules.NAV:
        nav = float(plan.fields["nav"])
        return nav if nav > 0.0 else NAN
    if rule.per == rules.GIVEN:
        return rule.given
    if rule.per == rules.GROSS:
        return float(_totals(plan, plan.gross, world)[0][0])
    return 1.0


def _totals(plan: Plan, total: int, world: int) -> tuple[FloatVector, Any]:
    """Return the sums of a world by cell, nan where a term is not known, and the first asset of each cell."""
    cells = plan.cells[total]
    own, first = np.unique(cells[cells >= 0], return_index=True)
    sums = plan.state["sums"][world, own, 0]
    sums = np.where(plan.state["unknown"][world, own] > 0, NAN, sums)
    return sums, np.flatnonzero(cells >= 0)[first] if own.size else first


def _nearest_position(plan: Plan, rule: Rule, limit: Any, deny: FloatVector) -> tuple[str, float, float]:
    best: tuple[float, str, float, float] = (-1.0, "", 0.0, float(deny[0]) if len(deny) else NAN)
    worlds = _worlds(plan, limit)
    for world in range(worlds.start, worlds.stop):
        held = plan.state["held"][world]
        own = np.flatnonzero(held != 0.0)
        if not own.size:
            continue
        sizes = np.abs(held[own]) * (plan.value[own] if rule.unit == rules.MONEY else 1.0)
        sizes = sizes / _denominator(plan, rule, world)
        with np.errstate(divide="ignore", invalid="ignore"):
            used = sizes / deny[own]
        used = np.where(np.isnan(used), np.inf, used)  # what is not known is nearest
        most = int(used.argmax())
        if used[most] > best[0]:
            best = float(used[most]), plan.assets[own[most]], float(sizes[most]), float(deny[own[most]])
    return best[1:]


def _nearest_sum(plan: Plan, row: int, rule: Rule, limit: Any, deny: FloatVector) -> tuple[str, float, float]:
    total = plan.sums.row(rule.total)
    best: tuple[float, str, float, float] = (-np.inf, "", 0.0, float(deny[0]) if len(deny) else NAN)
    names = plan.tables.groups(rule.total.key) if rule.total is not None and rule.total.kind == "group" else None
    worlds = _worlds(plan, limit)
    for world in range(worlds.start, worlds.stop):
        sums, first = _totals(plan, total, world)
        if rule.kind == rules.LARGE_GROUPS:
            missing = np.isnan(sums).any() or _ungrouped(plan, total, world)
            sums = np.array([NAN if missing else plan.state["large_sums"][world, plan.rule_tables[row], 0]])
            first = first[:1] if first.size else np.zeros(1, dtype=np.intp)
        if names is not None and rule.kind != rules.LARGE_GROUPS and _ungrouped(plan, total, world):
            sums = np.append(sums, NAN)
            first = np.append(first, np.flatnonzero(plan.cells[total] < 0)[0])
        if not len(sums) or not len(deny):
            continue
        per = _denominator(plan, rule, world)
        sums = np.abs(sums) if rule.option == rules.SIGNED else sums
        with np.errstate(divide="ignore", invalid="ignore"):
            sums = np.where((sums == 0.0) & (per == 0.0), 0.0, sums / per)
            used = sums / deny[first]
        used = np.where(np.isnan(used), np.inf, used)
        most = int(used.argmax())
        if used[most] > best[0]:
            name = names[first[most]] if names is not None and rule.kind != rules.LARGE_GROUPS else ""
            best = float(used[most]), name, float(sums[most]), float(deny[first[most]])
    return best[1:]


def _ungrouped(plan: Plan, total: int, world: int) -> bool:
    """Return whether an asset without a group is held."""
    return bool((plan.state["held"][world][plan.cells[total] < 0] != 0.0).any())


def _power(plan: Plan, rule: Rule) -> float:
    """Return the money that there is for orders, in the worse of the two worlds."""
    total = plan.sums.row(rule.total)
    each = [float(_totals(plan, total, world)[0][0] + plan.state["cash"][world, 0]) for world in (0, 1)]
    return float(np.min(each)) - rule.given


def _sent(plan: Plan, row: int, rule: Rule) -> float:
    """Return how many orders stand within the window, of what the rule counts together and has most of them."""
    ring = plan.rule_tables[row]
    lengths, state = plan.state["length"][ring], plan.state
    if rule.window == 0.0 or not lengths.any():
        return float(lengths.max())
    most = 0
    for key in np.flatnonzero(lengths).tolist():
        place, left = int(state["head"][ring, key]), int(lengths[key])
        while left and plan.book.time - int(state["when"][ring, place]) >= rule.window * 1e9:
            place, left = int(state["link"][ring, place]), left - 1
        most = max(most, left)
    return float(most)
