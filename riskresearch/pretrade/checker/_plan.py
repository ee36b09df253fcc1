"""Limits, a book and orders as the arrays of the kernel."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.kernels.compiled.limits._engine import LimitEngine
from riskresearch.kernels.compiled.limits._rules import Rules
from riskresearch.kernels.compiled.limits._worlds import Worlds
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.kernels.inlined._trade_rules import paid_for_a_unit, plus
from riskresearch.pretrade.checker._other_rules import OtherRules
from riskresearch.pretrade.checker._sent import remember
from riskresearch.pretrade.checker._tables import Sums, Tables
from riskresearch.pretrade.checker._verdict import texts_of
from riskresearch.pretrade.limits._rule import SCOPES, Total
from riskresearch.pretrade.orders._orders import NO_TIME

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._records import Order
    from riskresearch.core._types import FloatVector
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.limits._limit import Limit

    Longs = npt.NDArray[np.longlong]

NAN = float("nan")
TIMED = (rules.RATE, rules.DUPLICATE)
MISSING = {"deny": rules.DENY, "warn": rules.WARN, "pass": rules.PASS}
BY_ASSET = {
    "units": 0.0, "prices": NAN, "average_volume": NAN, "volatility": NAN, "opening_prices": NAN, "locates": 0.0,
    "betas": NAN,
}  # fmt: skip
"""Numbers by asset, and what holds for one that the book does not name."""
IN_PLACE = (*BY_ASSET, "factor")
BLANK = {"nav": NAN, "cash": (NAN, 0.0), "decision": None, "factors": {}, "groups": {}, "scenarios": None}


class Plan:
    """A checker's limits bound to a book: the kernel, and what its rows mean.

    Parameters
    ----------
    limits : sequence of Limit
        The limits, in the order of the checker.
    max_age : mapping of str to float
        Seconds after which an argument of the book is not known.
    book : Book
        The book before the first order.
    assets, strategies : sequence of str
        Further ones that orders name.
    orders : int
        Largest number of orders.
    """

    def __init__(
        self, limits: Sequence[Limit], max_age: Mapping[str, float], book: Book, assets: Sequence[str] = (),
        strategies: Sequence[str] = ("",), orders: int = 1,
    ) -> None:  # fmt: skip
        self.limits, self.max_age, self.book = limits, max_age, book
        self.assets = tuple(dict.fromkeys([*book.assets, *assets]))
        self.column = {asset: column for column, asset in enumerate(self.assets)}
        own = book.strategy_units or {}
        traded = [name for kind, name in book.traded_pairs if kind == "strategy"]
        names = [*own, *traded, *book.recent.strategies, *book.working.strategies, *book.released, *strategies]
        self.strategies = tuple(dict.fromkeys(["", *names]))
        self.strategy = {name: place for place, name in enumerate(self.strategies)}
        self.fields = known_fields(book, max_age, len(self.assets))
        self.tables = Tables(book, self.assets, self.strategies, self.fields)
        self.sums = Sums(self.tables)
        self.rules = [(place, rule) for place, limit in enumerate(limits) for rule in limit.rules()]
        self.codes = np.array([int(limits[place].code) for place, _ in self.rules], dtype=np.longlong)
        windows = np.array([limits[place].validity for place, _ in self.rules], dtype=np.longlong)
        self.holds = np.ascontiguousarray(windows.reshape(-1, 2).T)
        self.large: list[tuple[int, float]] = []
        self.order_at: Callable[[int], Order] | None = None
        self.needs_time = any(rule.kind in TIMED or rule.is_flagged for _, rule in self.rules) or any(
            limit.valid_from is not None or limit.valid_until is not None for limit in limits
        )
        self.table = self._table()
        with np.errstate(over="ignore"):  # money beyond a double is over every limit
            self.value = np.array(self.fields["prices"] * self.fields["factor"])
        self.market = self._market()
        self.state = self._state(orders)
        outside = [(place, limit) for place, limit in enumerate(limits) if not limit.rules()]
        self.other: Any = OtherRules(self, outside) if outside else None
        self.texts = texts_of(self)
        self._connect()
        self._begin()

    def _connect(self) -> None:
        """Make the kernel on the arrays of this plan."""
        self.worlds = Worlds(self.table, self.market, self.state)  # type: ignore[no-untyped-call]
        self.measures = Rules(self.table, self.market, self.worlds)  # type: ignore[no-untyped-call]
        self.engine = LimitEngine(self.measures, len(self.book.recent), self.other)  # type: ignore[no-untyped-call]

    def _begin(self) -> None:
        """Put the book before the first order into the arrays that change."""
        self._put_money()
        self._place_positions()
        remember(self)
        if self.other is not None:
            self.other.begin()

    def has_names_of(self, book: Book) -> bool:
        """Return whether `refill` can put a book in the place of the one before: its names are those of this plan."""
        own, old = book.strategy_units, self.book
        strategies = [*(own or {}), *book.recent.strategies, *book.working.strategies, *book.released]
        traded = [name for kind, name in book.traded_pairs if kind == "strategy"]
        return (
            (book.assets is old.assets or book.assets == old.assets)
            and (book.groups is old.groups or book.groups == old.groups)
            and (own is None) == (old.strategy_units is None)
            and len(book.recent) == len(old.recent)
            and all(name in self.strategy for name in (*strategies, *traded))
        )

    def refill(self, book: Book) -> None:
        """Continue with a book of the same names: prices, positions, money and what else differs, in place."""
        self.book = book
        for name, values in known_fields(book, self.max_age, len(self.assets)).items():
            if name in IN_PLACE:
                self.fields[name][:] = values
            else:
                self.fields[name] = values
        self.tables.refill(book)
        self.sums.refill()
        np.multiply(self.fields["prices"], self.fields["factor"], out=self.value)
        for name, values in self._market().items():
            if isinstance(values, np.ndarray):
                self.market[name][:] = values
            else:
                self.market[name] = values
        self.measures.set_nav(float(self.fields["nav"]))
        self.table["threshold"][:] = self._large_money()
        self.table["given"][:] = [self._given(rule) for _, rule in self.rules]
        for array in self.state.values():
            array[...] = 0
        if self.other is not None:
            self.other.refill()
        self._begin()

    def fork(self, orders: int) -> Plan:
        """Return a plan of the same book as it stands, which then changes for itself, with room for more orders."""
        other = copy.copy(self)
        other.table = {**self.table, "given": self.table["given"].copy()}
        other.state = {name: array.copy() for name, array in self.state.items()}
        earlier = len(self.book.recent)
        for name in ("link", "when"):
            other.state[name] = np.zeros((max(1, self.rings), earlier + orders), dtype=np.longlong)
            other.state[name][:, :earlier] = self.state[name][:, :earlier]
        if self.other is not None:
            other.other = self.other.fork(other)
        other._connect()
        return other

    def restore(self, plan: Plan) -> None:
        """Make a fork the plan again that it was made from, which may have been refilled since."""
        self.book = plan.book
        self.measures.set_nav(float(plan.fields["nav"]))
        self.table["given"][:] = plan.table["given"]
        for name, array in plan.state.items():
            if name in ("link", "when"):
                self.state[name][:, : len(self.book.recent)] = array[:, : len(self.book.recent)]
            elif name != "last":  # which the twins among the orders set
                self.state[name][...] = array

    def engine_beside(self) -> Any:
        """Return another engine on the same book, for a thread whose orders change nothing of it."""
        measures = Rules(self.table, self.market, self.worlds)  # type: ignore[no-untyped-call]
        return LimitEngine(measures, len(self.book.recent), None)  # type: ignore[no-untyped-call]

    def _table(self) -> dict[str, Any]:
        """Return the rules as arrays, one entry each."""
        found: dict[str, Any] = {}
        each = [rule for _, rule in self.rules]
        limits = [self.limits[place] for place, _ in self.rules]
        numbers: dict[str, Any] = {
            "kind": [rule.kind for rule in each], "code": self.codes, "counted": [rule.counted for rule in each],
            "inclusive": [limit.inclusive for limit in limits], "exempt": [rule.exempt for rule in each],
            "missing": [MISSING[limit.on_missing] for limit in limits],
            "scope": [SCOPES.get(limit.scope, rules.ASSET) for limit in limits], "per": [rule.per for rule in each],
            "unit": [rule.unit for rule in each], "option": [rule.option for rule in each],
            "total": [self.sums.row(rule.total) for rule in each],
            "window": [round(rule.window * 1e9) for rule in each],
            "wide_deny": [self.tables.wide(rule.deny) for rule in each],
            "wide_warn": [self.tables.wide(rule.warn) for rule in each],
            "second": [self.tables.row(rule.second) for rule in each],
        }  # fmt: skip
        rings, flags, places = 0, 0, []
        for place, rule in enumerate(each):
            if rule.kind == rules.RATE:
                places.append(rings)
                rings += 1
            elif rule.is_flagged:
                places.append(flags)
                flags += 1
            elif rule.kind == rules.LARGE_GROUPS:
                places.append(len(self.large))
                self.large.append((numbers["total"][place], rule.given))
            else:
                places.append(self.tables.row(rule.table))
            if rule.table is not None and rule.table.source == "allowed":
                numbers["scope"][place] = rules.STRATEGY
            elif rule.kind == rules.LISTED:
                numbers["scope"][place] = rules.ACCOUNT
        numbers["table"] = places
        self.rings, self.flags = rings, flags
        self.gross = self.sums.row(Total("gross")) if any(rule.per == rules.GROSS for rule in each) else -1
        for name, values in numbers.items():
            found[name] = np.array(values, dtype=np.longlong)
        found["given"] = np.array([self._given(rule) for rule in each], dtype=np.float64)
        found["deny"] = np.array([_scalar(rule.deny, NAN) for rule in each], dtype=np.float64)
        found["warn"] = np.array([_scalar(rule.warn, np.inf) for rule in each], dtype=np.float64)
        found["tables"] = self.tables.matrix()
        found["longs"], found["shorts"], found["cells"] = self.sums.arrays()
        self.cells, self.rule_tables = found["cells"], places
        found["large"] = np.array([total for total, _ in self.large], dtype=np.longlong)
        found["threshold"], found["holds"] = self._large_money(), self.holds
        return found

    def _large_money(self) -> FloatVector:
        """Return the money over which a group is large."""
        nav = float(self.fields["nav"])
        return np.array([single * nav if nav > 0.0 else NAN for _, single in self.large], dtype=np.float64)

    def _given(self, rule: Any) -> float:
        """Return the number that a rule has; of a window, what an order adds, nan where an earlier one has no time."""
        recent = self.book.recent
        if rule.kind != rules.RATE or rule.window == 0.0 or not len(recent):
            return float(rule.given)
        untimed = np.ones(len(recent), dtype=bool) if recent.time is None else recent.time == NO_TIME
        if not rule.option and recent.cancels is not None:
            untimed = untimed & ~recent.cancels
        return NAN if untimed.any() else float(rule.given)

    def _market(self) -> dict[str, Any]:
        """Return prices and working orders by asset."""
        count = len(self.assets)
        best_buy, best_sell = np.full((2, count), NAN)
        working = self.book.working
        for place in range(len(working)):
            column, units = self.column[working.assets[int(working.column[place])]], working.units[place]
            limit = NAN if working.limit_price is None else working.limit_price[place]
            best = best_buy if units > 0.0 else best_sell
            if np.isnan(limit):
                limit = np.inf if units > 0.0 else -np.inf
            best[column] = (np.fmax if units > 0.0 else np.fmin)(best[column], limit)
        return {
            "value_of": self.value, "factor": self.fields["factor"], "price": self.fields["prices"],
            "best_buy": best_buy, "best_sell": best_sell, "nav": float(self.fields["nav"]),
            "lanes": 1 + len(self.strategies) if self.book.strategy_units is not None else 1,
            "strategies": len(self.strategies), "gross": self.gross,
        }  # fmt: skip

    def _state(self, orders: int) -> dict[str, Any]:
        """Return the arrays that change from order to order."""
        count, lanes = len(self.assets), 1 + len(self.strategies) if self.book.strategy_units is not None else 1
        keys, earlier = 1 + len(self.strategies) + count, len(self.book.recent)
        cells = max(1, self.sums.count)
        state: dict[str, Any] = {
            "held": np.zeros((2 * lanes, count)), "sums": np.zeros((2 * lanes, cells, 2)),
            "unknown": np.zeros((2 * lanes, cells), dtype=np.longlong),
            "count": np.zeros(2 * lanes, dtype=np.longlong),
            "large_sums": np.zeros((2 * lanes, max(1, len(self.large)), 2)), "traded": np.zeros((keys, 2)),
            "cash": np.zeros((2, 2)), "last": np.zeros(0, dtype=np.longlong),
        }  # fmt: skip
        for name in ("head", "tail", "length"):
            state[name] = np.zeros((max(1, self.rings), keys), dtype=np.longlong)
        state["link"] = np.zeros((max(1, self.rings), earlier + orders), dtype=np.longlong)
        state["when"] = np.zeros_like(state["link"])
        return state

    def _put_money(self) -> None:
        """Put the cash and the money that was traded."""
        cash = self.fields["cash"]
        self.state["cash"][:] = (0.0, 0.0) if np.isnan(cash[0]) else cash
        first = {"account": 0, "strategy": 1, "asset": 1 + len(self.strategies)}
        places: dict[str, Mapping[str, int]] = {"account": {"": 0}, "strategy": self.strategy, "asset": self.column}
        for (kind, name), pair in self.book.traded_pairs.items():
            self.state["traded"][first[kind] + places[kind][name]] = pair

    def _place_positions(self) -> None:
        """Put what is held, and what would be if the working orders of a side were filled, into each world."""
        worlds, working = self.worlds, self.book.working
        own = self.book.strategy_units or {}
        positions = [(0, self.fields["units"])]
        positions += [(1 + self.strategy[name], each) for name, each in own.items()]
        for lane, units in positions:
            worlds.place_all(lane, units)
        for place in range(len(working)):
            order = working[place]
            column, side = self.column[order.asset], int(order.units < 0.0)
            lanes = [0] if self.book.strategy_units is None else [0, 1 + self.strategy[order.strategy]]
            for lane in lanes:
                worlds.place(2 * lane + side, column, order.units)
            limit = order.limit_price * float(self.fields["factor"][column])
            money = -paid_for_a_unit(limit, float(self.value[column]), order.units < 0.0, False) * order.units
            cash = self.state["cash"][side]
            cash[:] = plus(float(cash[0]), float(cash[1]), money)


def known_fields(book: Book, max_age: Mapping[str, float], count: int) -> dict[str, Any]:
    """Return the numbers of a book with those that are too old blanked, for as many assets as orders name."""
    more = count - len(book.assets)
    fields: dict[str, Any] = {name: np.array(getattr(book, name)) for name in IN_PLACE}
    fields["nav"], fields["decision"], fields["factors"] = book.nav, book.decision, book.factors
    fields["cash"], fields["groups"], fields["scenarios"] = book.cash_pair, book.groups, book.scenarios
    if not book.nav_given and max_age and _stale_worth(book, max_age):
        fields["nav"] = NAN
    for name in max_age:
        stale = _stale(book, max_age, name)
        if name in BY_ASSET:
            fields[name] = np.where(stale, NAN, fields[name])
        elif name in BLANK and stale.any():
            fields[name] = BLANK[name]
    if more:
        for name, missing in {**BY_ASSET, "factor": 1.0}.items():
            fields[name] = np.append(fields[name], np.full(more, missing))
        fields["factors"] = {name: np.append(each, np.full(more, NAN)) for name, each in fields["factors"].items()}
        if fields["scenarios"] is not None:
            rows = len(fields["scenarios"])
            fields["scenarios"] = np.hstack([fields["scenarios"], np.full((rows, more), NAN)])
    return fields


def _stale_worth(book: Book, max_age: Mapping[str, float]) -> bool:
    """Return whether a net asset value that is cash and positions is made of a number that is too old."""
    each = {name: _stale(book, max_age, name) for name in ("cash", "units", "prices")}
    held = book.units != 0.0
    return any(
        stale is not None and bool(stale.any() if stale.size != held.size or name == "cash" else stale[held].any())
        for name, stale in each.items()
    )


def _stale(book: Book, max_age: Mapping[str, float], name: str) -> Any:
    """Return which numbers of an argument are too old, or whose age is not known; None where age does not matter."""
    if name not in max_age:
        return None
    age = book.ages.get(name, np.inf)
    each: FloatVector = np.array([age.get(asset, np.inf) for asset in book.assets] if isinstance(age, dict) else [age])
    return ~(each <= max_age[name])


def _scalar(threshold: Any, missing: float) -> float:
    return float(threshold) if isinstance(threshold, int | float) else missing
