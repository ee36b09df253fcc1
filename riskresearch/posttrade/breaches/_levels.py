"""What limits of positions and of the book measure of what is held, for many books at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.compiled._tail import historical_var, tail_risk
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.kernels.limits._levels import position_sizes, sums_of_large, sums_over_positions
from riskresearch.posttrade.breaches._judged import NOTHING, OVER, UNKNOWN, WARNED, WITHIN
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.limits._limit import check_denominator
from riskresearch.pretrade.limits._rule import Total

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector
    from riskresearch.pretrade.checker._plan import Plan
    from riskresearch.pretrade.limits._rule import Rule

WHOLE_BOOK: tuple[str, ...] = ("",)
MOST_PROFITS = 4_000_000
"""How many numbers are made at a time: scenarios times books."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some books, one a row."""

    bars: IntVector
    units: FloatMatrix
    value: FloatMatrix
    """Base money for one unit, nan where there is no price."""
    nav: FloatVector
    """nan where it is not known or not positive."""
    lanes: dict[str, FloatMatrix]
    """The units of each strategy, where a limit asks for them."""
    betas: FloatMatrix | None = None
    """Of each asset, where they differ from book to book."""


class Levels(NamedTuple):
    """What a rule measures of each book, shape (books, subjects)."""

    subjects: tuple[str, ...]
    value: FloatMatrix
    bound: FloatVector
    """Shape (subjects,)."""
    warn: FloatVector
    """nan where nothing warns."""
    held: npt.NDArray[np.bool_]
    """Whether there is anything to be judged."""


def states_of(levels: Levels, limit: Any, counted: bool) -> npt.NDArray[np.int8]:
    """Return what becomes of each subject of each book."""
    over = rules.exceeds(levels.value, levels.bound, limit.inclusive, counted)  # type: ignore[arg-type]
    warned = rules.exceeds(levels.value, levels.warn, limit.inclusive, counted)  # type: ignore[arg-type]
    unknown = np.isnan(levels.value) | np.isnan(levels.bound)
    found = np.select([~levels.held, unknown, over, warned], [NOTHING, UNKNOWN, OVER, WARNED], WITHIN)
    return np.asarray(found, dtype=np.int8)


def levels_of(plan: Plan, rule: Rule, rows: Rows) -> Levels:
    """Return what a rule of the kernel measures."""
    if rule.kind == rules.POSITION:
        found = _positions(plan, rule, rows)
    elif rule.kind == rules.COUNT:
        counts = (rows.units != 0.0).sum(axis=1, keepdims=True).astype(np.float64)
        found = _of_book(rule, counts, (rows.units != 0.0).any(axis=1))
    else:
        found = _sums(plan, rule, rows)
    return found._replace(value=_per(plan, rule, rows, found.value))


def _positions(plan: Plan, rule: Rule, rows: Rows) -> Levels:
    size = position_sizes(rows.units, rows.value if rule.unit == rules.MONEY else None)
    bound, warn = _by_asset(plan, rule.deny), _by_asset(plan, rule.warn)
    return Levels(plan.assets, size, bound, warn, rows.units != 0.0)


def _sums(plan: Plan, rule: Rule, rows: Rows) -> Levels:
    """Return the sum of each cell, or that of the large ones; what belongs to no cell makes a subject of its own."""
    total: Any = rule.total
    sums, cells, names = _cell_sums(plan, total, rows)
    held = rows.units != 0.0
    stray = (held & (cells < 0)).any(axis=1)
    if rule.kind == rules.LARGE_GROUPS:
        value = np.where(stray, np.nan, sums_of_large(sums, rule.given * rows.nav))
        return _of_book(rule, value[:, None], held.any(axis=1))
    value = np.abs(sums) if rule.option == rules.SIGNED else sums
    first = np.array([int(np.flatnonzero(cells == cell)[0]) for cell in range(len(names))], dtype=np.intp)
    bound, warn = _by_asset(plan, rule.deny)[first], _by_asset(plan, rule.warn)[first]
    indicator = (cells[:, None] == np.arange(len(names))).astype(np.float64)
    own = held.astype(np.float64) @ indicator > 0.0
    if not stray.any():
        return Levels(names, value, bound, warn, own)
    return Levels(
        (*names, ""), np.column_stack([value, np.full(len(value), np.nan)]), np.append(bound, np.nan),
        np.append(warn, np.nan), np.column_stack([own, stray]),
    )  # fmt: skip


def _cell_sums(plan: Plan, total: Total, rows: Rows) -> tuple[FloatMatrix, Any, tuple[str, ...]]:
    """Return sums over positions, the cell of each asset counted from 0, and the name of each cell."""
    place = plan.sums.row(total)
    longs, shorts, cells = plan.sums.longs[place], plan.sums.shorts[place], plan.sums.cells[place]
    if total.kind == "beta" and rows.betas is not None:
        longs = shorts = rows.betas
    names = WHOLE_BOOK
    if total.kind == "group":
        names = tuple(dict.fromkeys(group for group in plan.tables.groups(total.key) if group))
    own = np.where(cells < 0, -1, cells - cells[cells >= 0].min(initial=np.iinfo(np.int64).max))
    with np.errstate(over="ignore", invalid="ignore"):
        return sums_over_positions(rows.units, rows.value, longs, shorts, own, len(names)), own, names


def _of_book(rule: Rule, value: FloatMatrix, held: Any) -> Levels:
    bound, warn = float(rule.deny), np.nan if rule.warn is None else float(rule.warn)
    return Levels(WHOLE_BOOK, value, np.array([bound]), np.array([warn]), held[:, None])


def _per(plan: Plan, rule: Rule, rows: Rows, value: FloatMatrix) -> FloatMatrix:
    """Return values over the denominator of a rule."""
    if rule.per == rules.NAV:
        return value / rows.nav[:, None]
    if rule.per == rules.GIVEN:
        return value / rule.given
    if rule.per == rules.GROSS:
        gross = _cell_sums(plan, Total("gross"), rows)[0]
        return np.asarray(np.divide(value, gross, out=np.zeros_like(value), where=(value != 0.0) & (gross != 0.0)))
    return value


def _by_asset(plan: Plan, threshold: Any) -> FloatVector:
    """Return the threshold of each asset, nan where there is none."""
    row = plan.tables.wide(threshold)
    if row >= 0:
        return plan.tables.rows[row]
    return np.full(len(plan.assets), np.nan if threshold is None else float(threshold))


def scenario_levels(limit: Any, rows: Rows, scenarios: FloatMatrix | None, known: IntVector) -> Levels:
    """Return VaR or CVaR of each book over its scenarios, of which `known` counts the first that it may read."""
    held = (rows.units != 0.0).any(axis=1)
    bound, warn = np.array([float(limit.deny)]), np.array([np.nan if limit.warn is None else float(limit.warn)])
    value = np.full((len(held), 1), np.nan)
    if scenarios is not None:
        step = max(1, MOST_PROFITS // len(scenarios))
        for first in range(0, len(held), step):
            part = slice(first, first + step)
            value[part, 0] = _risks(limit, rows.units[part], rows.value[part], scenarios, known[part])
    if limit.denominator == "nav":
        value /= rows.nav[:, None]
    elif limit.denominator is not None:
        value /= check_denominator(limit.denominator)[1]
    return Levels(WHOLE_BOOK, value, bound, warn, held[:, None])


def _risks(limit: Any, units: FloatMatrix, value: FloatMatrix, scenarios: FloatMatrix, known: IntVector) -> FloatVector:
    """Return the measure of each book over the scenarios that it may read."""
    missing = np.isnan(scenarios)
    profits = np.where(missing, 0.0, scenarios) @ np.where(units == 0.0, 0.0, units * value).T
    if missing.any():
        profits[missing.astype(np.float64) @ (units != 0.0).T.astype(np.float64) > 0.0] = np.nan
    found = np.full(len(units), np.nan)
    for count in np.unique(known).tolist():
        own = np.flatnonzero(known == count)
        found[own] = _risk(limit, profits[:count, own])
    return found


def _risk(limit: Any, profits: FloatMatrix) -> FloatVector:
    """Return the measure of each column, nan where a profit is not known or there is none."""
    found = np.full(profits.shape[1], np.nan)
    good = np.isfinite(profits).all(axis=0) & (len(profits) > 0)
    if good.any():
        rank, mass = tail_rank(limit.level, len(profits))
        values = np.ascontiguousarray(profits[:, good])
        var = limit.code == LimitCode.VALUE_AT_RISK
        found[good] = historical_var(values, rank) if var else tail_risk(values, rank, mass)[1]
    return found
