"""Limits of positions and of the book, judged on what is held after each bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.kernels.inlined._trade_rules import exceeds
from riskresearch.posttrade.breaches._held_rules import OF_STRATEGY, HeldRule, held_rules
from riskresearch.posttrade.breaches._holdings import Holdings, Standing, strategy_units
from riskresearch.posttrade.breaches._judged import NOTHING, OVER, UNKNOWN, Episode, Judged
from riskresearch.posttrade.breaches._levels import (
    Levels,
    Rows,
    levels_of,
    scenario_levels,
    states_of,
)
from riskresearch.posttrade.breaches._missing import why_not
from riskresearch.pretrade.checker._plan import Plan

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, IntVector
    from riskresearch.posttrade.breaches._data import ComplianceData
    from riskresearch.pretrade.limits._limit import Limit


class HeldBooks:
    """The books of some accounts after each bar, and the rules that judge them."""

    def __init__(self, holdings: Holdings, data: ComplianceData, limits: Sequence[Limit], account: str) -> None:
        self.holdings, self.data, self.account = holdings, data, account
        self.rules = held_rules(limits)
        self.plan = Plan([each.limit for each in self.rules], {}, data.template)
        by_strategy = any(each.limit.scope == OF_STRATEGY for each in self.rules)
        self.lanes = strategy_units(holdings) if by_strategy else {}
        bars = np.arange(holdings.books.bars.rows)
        self.rows = self._rows([holdings.after(bar) for bar in bars.tolist()], bars, self.lanes)

    def judged(self) -> list[tuple[int, Callable[[], Judged]]]:
        """Return the place of the limit of each rule, and what judges it when called."""
        return [(each.place, partial(self._judged, each)) for each in self.rules]

    def active(self, rule: int, episodes: Sequence[Episode]) -> list[bool]:
        """Return whether the fills of the first bar made or worsened each breach of a rule, at the prices of fills.

        Where that cannot be judged they did.
        """
        bars = np.array(sorted({each.first for each in episodes if len(self.holdings.fills_of(each.first))}), np.intp)
        if not len(bars):
            return [False] * len(episodes)
        each, around = self.rules[rule], [self.holdings.around(int(bar)) for bar in bars]
        after = {name: own[bars] for name, own in self.lanes.items()}
        before = {name: own - self.holdings.traded_on(bars, name) for name, own in after.items()}
        without = self._measured(each, self._rows([pair[0] for pair in around], bars, before)).value
        filled = self._measured(each, self._rows([pair[1] for pair in around], bars, after))
        state = states_of(filled, each.limit, each.counted)
        place = {bar: number for number, bar in enumerate(bars.tolist())}
        found = []
        for episode in episodes:
            cell = place.get(episode.first, -1), episode.column
            worse = not exceeds(without[cell], filled.value[cell], True, each.counted)
            found.append(cell[0] >= 0 and bool(state[cell] == UNKNOWN or (state[cell] == OVER and worse)))
        return found

    def _judged(self, each: HeldRule) -> Judged:
        levels = self._measured(each, self.rows)
        force = self.data.in_force(each.limit)
        state = states_of(levels, each.limit, each.counted)
        state[~force] = NOTHING
        unknown = (state == UNKNOWN).any(axis=1)
        reason = why_not(self.plan, each, self.rows, int(unknown.argmax())) if unknown.any() else ""
        return Judged(
            each.limit.code.name, each.name, self.account, False, levels.subjects, state, levels.value,
            np.broadcast_to(levels.bound, levels.value.shape), force, unknown, reason,
        )  # fmt: skip

    def _measured(self, each: HeldRule, rows: Rows) -> Levels:
        if each.limit.scope != OF_STRATEGY:
            return self._level(each, rows)
        lanes = {name: self._level(each, replace(rows, units=units)) for name, units in rows.lanes.items()}
        return _side_by_side(lanes)

    def _level(self, each: HeldRule, rows: Rows) -> Levels:
        if each.rule is None:
            return scenario_levels(each.limit, rows, self.data.template.scenarios, self.data.scenarios_known[rows.bars])
        return levels_of(self.plan, each.rule, rows)

    def _rows(self, standings: Sequence[Standing], bars: IntVector, lanes: dict[str, FloatMatrix]) -> Rows:
        units = np.array([each.units for each in standings])
        prices = np.array([each.prices * each.rates for each in standings])
        value = prices * self.holdings.multiplier
        nav = np.where(units == 0.0, 0.0, units * value).sum(axis=1) + np.array([each.cash for each in standings])
        betas = self.data.panels.get("betas")
        return Rows(bars, units, value, np.where(nav > 0.0, nav, np.nan), lanes, None if betas is None else betas[bars])


def _side_by_side(lanes: dict[str, Levels]) -> Levels:
    """Return the levels of strategies as those of more subjects."""
    each = list(lanes.values())
    names = tuple(
        f"{subject} of {name}" if subject else name for name, levels in lanes.items() for subject in levels.subjects
    )
    return Levels(
        names, np.hstack([one.value for one in each]), np.concatenate([one.bound for one in each]),
        np.concatenate([one.warn for one in each]), np.hstack([one.held for one in each]),
    )  # fmt: skip
