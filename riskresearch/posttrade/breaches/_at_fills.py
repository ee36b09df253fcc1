"""Limits of orders, judged on each fill as if it were an order, by the engine that judges orders before the trade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.posttrade.breaches._data import ComplianceData, changed
from riskresearch.posttrade.breaches._holdings import Holdings
from riskresearch.posttrade.breaches._judged import NOTHING, OVER, UNKNOWN, WARNED, WITHIN, Judged
from riskresearch.posttrade.breaches._orders import SentOrders, sent_orders, split_factors
from riskresearch.pretrade._codes import Outcome
from riskresearch.pretrade.checker._flow import Flow
from riskresearch.pretrade.orders._orders import NO_TIME

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, IntVector
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.limits._limit import Limit

COUNTING = (rules.RATE, rules.DUPLICATE)
"""Kinds of rules that look back at what was sent before, on any bar."""
BY_SCOPE = (rules.RATE, rules.TURNOVER)
NOT_IN_A_LEDGER = {rules.SELF_TRADE: "a ledger has no working orders"}


@dataclass(frozen=True, slots=True, eq=False)
class Graded:
    """What the rules of some limits made of each order, shape (orders, rules)."""

    rules: list[tuple[Limit, Any]]
    """Limit and rule, which is None for one that is judged outside the kernel."""
    grade: FloatMatrix
    value: FloatMatrix
    bound: FloatMatrix


def judged_fills(
    holdings: Holdings, data: ComplianceData, limits: Sequence[Limit], account: str
) -> list[tuple[int, Callable[[], Judged]]]:
    """Return the place of each limit of orders, and what tells what became of it when called."""
    if not limits:
        return []
    sent = sent_orders(holdings)
    known = [replace(limit, on_missing="deny") for limit in limits]  # so that what is missing is told from what passes
    counting = [place for place, limit in enumerate(known) if _kinds(limit) & set(COUNTING)]
    others = [place for place in range(len(known)) if place not in counting]
    found: list[tuple[int, Callable[[], Judged]]] = []
    for places, grade in ((counting, _over_history), (others, _bar_by_bar)):
        if not places:
            continue
        graded = grade(holdings, data, sent, [known[place] for place in places])
        for number, (limit, rule) in enumerate(graded.rules):
            place = next(each for each in places if known[each] is limit)
            found.append((place, partial(_judged, holdings, data, sent, graded, number, limit, rule, account)))
    return found


def _kinds(limit: Limit) -> set[int]:
    return {rule.kind for rule in limit.rules()}


def _over_history(holdings: Holdings, data: ComplianceData, sent: SentOrders, limits: list[Limit]) -> Graded:
    """Judge all orders as one flow that begins with nothing; units are those after all splits."""
    orders = sent.of(slice(None), data.template.assets, split_factors(holdings, sent))
    flow = Flow.of(limits, {}, "record", orders, data.template, mode="cumulative", keep=slice(None))
    flow.run()
    return _graded(flow)


def _bar_by_bar(holdings: Holdings, data: ComplianceData, sent: SentOrders, limits: list[Limit]) -> Graded:
    """Judge the orders of each bar on the book before them; what was traded earlier on the day is counted."""
    edges = np.flatnonzero(np.diff(sent.bar, prepend=-1, append=-1)) if len(sent) else np.zeros(1, dtype=np.intp)
    days, parts, last = _days(holdings), [], -1
    flow: Any = None
    for first, stop in pairwise(edges.tolist()):
        bar = int(sent.bar[first])
        traded = _traded(flow) if days[bar] == last else {}
        last = int(days[bar])
        book = changed(_book_before(holdings, data, bar), traded_pairs=traded)
        orders = sent.of(slice(first, stop), data.template.assets)
        flow = Flow.of(limits, {}, "record", orders, book, mode="cumulative", keep=slice(None))
        flow.run()
        parts.append(_graded(flow))
    if not parts:
        nothing = Flow.of(
            limits, {}, "record", sent.of(slice(None), data.template.assets), data.template, mode="cumulative"
        )
        return _graded(nothing)
    return Graded(
        parts[0].rules,
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("grade", "value", "bound")),
    )


def _graded(flow: Flow) -> Graded:
    arrays, plan = flow.arrays, flow.plan
    each: list[tuple[Limit, Any]] = [(plan.limits[place], rule) for place, rule in plan.rules]
    columns = [[arrays["grades"].astype(np.float64)], [arrays["values"]], [arrays["bounds"]]]
    if plan.other is not None:
        each += [(limit, None) for _, limit in plan.other.limits]
        for column, values in zip(columns, (plan.other.grades, plan.other.values, plan.other.bounds), strict=True):
            column.append(values)
    return Graded(each, *(np.hstack(column) for column in columns))


def _traded(flow: Flow) -> dict[Any, Any]:
    """Return the money that was traded by the end of a flow, as a book has it."""
    plan, money = flow.plan, flow.plan.state["traded"]
    names = [
        ("account", ""),
        *(("strategy", name) for name in plan.strategies),
        *(("asset", name) for name in plan.assets),
    ]
    return {name: (float(pair[0]), float(pair[1])) for name, pair in zip(names, money, strict=True) if pair.any()}


def _book_before(holdings: Holdings, data: ComplianceData, bar: int) -> Book:
    standing = holdings.before(bar)
    factor = holdings.multiplier * standing.rates
    held = standing.units != 0.0
    nav = standing.cash + float((standing.units * standing.prices * factor)[held].sum())
    return changed(
        data.template, units=standing.units, prices=standing.prices, factor=factor, nav=nav, time=NO_TIME,
        cash_pair=(standing.cash, 0.0), **{name: panel[max(bar - 1, 0)] for name, panel in data.panels.items()},
    )  # fmt: skip


def _days(holdings: Holdings) -> IntVector:
    """Return the number of the day of each bar; bars without dates are days of their own."""
    bars = holdings.books.bars
    if not bars.dated:
        return np.arange(bars.rows)
    index: Any = bars.index
    clock = index if index.tz is None else index.tz_localize(None)
    return np.asarray(clock.to_numpy().astype("datetime64[D]").astype(np.intp))


def _judged(
    holdings: Holdings, data: ComplianceData, sent: SentOrders, graded: Graded, number: int, limit: Limit, rule: Any,
    account: str,
) -> Judged:  # fmt: skip
    kind = None if rule is None else rule.kind
    subjects, own = _subjects(sent, data.template.assets, limit, kind)
    grade, value, bound = (np.array(getattr(graded, name)[:, number]) for name in ("grade", "value", "bound"))
    blind = (grade == Outcome.DENY) & (np.isnan(value) | np.isnan(bound))
    if kind in NOT_IN_A_LEDGER:
        blind[:] = True
    state = np.select([blind, grade == Outcome.DENY, grade == Outcome.WARN], [UNKNOWN, OVER, WARNED], WITHIN)
    force = data.in_force(limit)
    state[~force[sent.bar]] = NOTHING
    shape = (holdings.books.bars.rows, len(subjects))
    states, values, bounds = np.zeros(shape, dtype=np.int8), np.full(shape, np.nan), np.full(shape, np.nan)
    for each in (WITHIN, WARNED, UNKNOWN, OVER):
        chosen = np.flatnonzero(state == each)
        if each == OVER:  # the furthest is written last
            far = np.nan_to_num(np.abs(value[chosen] - bound[chosen]), nan=0.0)
            chosen = chosen[np.argsort(far, kind="stable")]
        cell = sent.bar[chosen], own[chosen]
        states[cell], values[cell], bounds[cell] = each, value[chosen], bound[chosen]
    checked, unknown = np.zeros(shape[0], dtype=bool), np.zeros(shape[0], dtype=bool)
    checked[sent.bar[state != NOTHING]] = True
    unknown[sent.bar[state == UNKNOWN]] = True
    return Judged(
        limit.code.name or "", limit.label(), account, True, subjects, states, values, bounds,
        checked, unknown, _reason(sent, data, rule, np.flatnonzero(state == UNKNOWN)),
    )  # fmt: skip


def _subjects(
    sent: SentOrders, assets: tuple[str, ...], limit: Limit, kind: int | None
) -> tuple[tuple[str, ...], IntVector]:
    """Return what a limit counts together, and the place of each order among it."""
    if kind == rules.BUYING_POWER or (kind in BY_SCOPE and limit.scope == "account"):
        return ("",), np.zeros(len(sent), dtype=np.intp)
    if kind in BY_SCOPE and limit.scope == "strategy":
        return sent.strategies, sent.strategy
    return assets, sent.column


def _reason(sent: SentOrders, data: ComplianceData, rule: Any, blind: IntVector) -> str:
    if not len(blind):
        return ""
    if rule is not None and rule.kind in NOT_IN_A_LEDGER:
        return NOT_IN_A_LEDGER[rule.kind]
    needs = ("scenarios",) if rule is None else rule.needs
    if "time" in needs:
        return "the time of day of a fill is not known"
    asset = data.template.assets[int(sent.column[blind[0]])]
    return f"{' or '.join(needs).replace('_', ' ') or 'a threshold'} of {asset} not known"
