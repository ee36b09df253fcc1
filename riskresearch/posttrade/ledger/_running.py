"""A ledger that is told one event after another, with the kernel and the bits of a whole history."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._corporate_actions import KINDS as ACTIONS
from riskresearch.core._checks import check_choice, check_number, check_positive, name_remedy, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Fill
from riskresearch.core._saved_state import saved
from riskresearch.kernels.compiled.trades._lots import LotBook
from riskresearch.posttrade.ledger._book import CLOSINGS, MATCHING, make_room, new_state
from riskresearch.posttrade.ledger._events import CashFlow, CorporateAction, ExchangeRates, LedgerBar, Prices
from riskresearch.posttrade.ledger._history import WORDS
from riskresearch.posttrade.ledger._inputs import EXTERNAL, KINDS, check_amount, read_multipliers
from riskresearch.posttrade.ledger._saved_book import compact, restored

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, State

OWN_ARRAYS = ("held", "largest", "basis", "worth", "cash")
"""Arrays of the kernel with one entry a position or a pool, which are saved as they are."""
OF_A_LOT = ("fill", "position", "units", "price", "costs", "rate")


def check_start(
    assets: Sequence[str],
    accounts: Sequence[str],
    currencies: Mapping[str, str] | None,
    multipliers: Mapping[str, float] | None,
) -> dict[str, Any]:
    """Return the arguments of a start as text, lists and mappings."""
    named = {}
    for name, given in (("assets", assets), ("accounts", accounts)):
        if isinstance(given, str) or not len(given) or not all(isinstance(each, str) for each in given):
            raise InvalidInputError(f"{name} must be a list of names, got {shown(given)}. One: {name}=['A'].")
        if len(set(given)) < len(given):
            raise InvalidInputError(f"{name} must be names that differ, got {shown(list(given))}.")
        named[name] = list(given)
    money = {} if currencies is None else {k: str(v) for k, v in text_keys(currencies, name="currencies").items()}
    for asset in money:
        if asset not in named["assets"]:
            remedy = name_remedy(asset, named["assets"], what="asset")
            raise InvalidInputError(f"currencies must name assets, got {asset!r}.{remedy}")
    own = read_multipliers(multipliers, tuple(named["assets"]), of="assets")
    factors = {asset: float(each) for asset, each in zip(named["assets"], own, strict=True) if each != 1.0}
    return {**named, "currencies": money, "multipliers": factors}


class RunningLedger:
    """A ledger that runs: `LedgerRules.start` makes it.

    Events are processed in the order in which they come; a history has, on each bar, corporate actions, fills, cash
    flows, prices. Exchange rates come before what they are for.
    """

    __slots__ = (
        "_accounts", "_assets", "_book", "_counts", "_currencies", "_definition", "_flows", "_ids", "_marks",
        "_multiplier", "_new_realised", "_next", "_place", "_pool", "_rate", "_rates", "_realised", "_specific",
        "_started", "_state",
    )  # fmt: skip

    def __init__(self, definition: Any, started: dict[str, Any]) -> None:
        self._definition, self._started = definition, started
        self._assets, self._accounts = tuple(started["assets"]), tuple(started["accounts"])
        base, money = definition.base_currency, started["currencies"]
        own = [money.get(asset, base) for asset in self._assets]
        self._currencies = tuple(dict.fromkeys([*own, base]))
        currency = np.array([self._currencies.index(each) for each in own], dtype=np.intp)
        count, pools = len(self._accounts), len(self._currencies)
        self._pool = (np.arange(count)[:, None] * pools + currency).reshape(-1)
        factor = np.array([started["multipliers"].get(asset, 1.0) for asset in self._assets])
        self._multiplier = np.tile(factor, count)
        pairs = [(account, asset) for account in self._accounts for asset in self._assets]
        self._place = {pair: number for number, pair in enumerate(pairs)}
        self._rates = {name: 1.0 if name == base else math.nan for name in self._currencies}
        self._rate = [self._rates[each] for _ in self._accounts for each in own]
        self._marks, self._flows = np.zeros(len(self._assets)), np.zeros(count * pools)
        self._new_realised, self._realised = [0.0] * len(pairs), np.zeros(len(pairs))
        self._specific, self._next = definition.matching == "specific", 0
        self._ids: dict[Any, int] = {}
        self._set_book(new_state(self._multiplier, self._pool, count * pools, lots=len(pairs)))

    def _set_book(self, state: State) -> None:
        self._state, self._counts = state, state["counts"]
        self._book = LotBook(MATCHING.index(self._definition.matching), state)  # type: ignore[no-untyped-call]

    def update(self, event: Any) -> Any:
        """Process one event; one that is refused changes nothing.

        Parameters
        ----------
        event : Fill, Prices, CorporateAction, CashFlow or ExchangeRates
            What happened.

        Returns
        -------
        float or LedgerBar
            The bar for prices; else money in the base currency: what a fill or a delisting realised before costs, what
            a dividend paid, what flowed, or 0.
        """
        kind = type(event)
        if kind is Fill:
            return self._fill(event)
        if kind is Prices:
            return self._mark(event)
        if kind is CashFlow:
            return self._flow(event)
        if kind is CorporateAction:
            return self._act(event)
        if kind is ExchangeRates:
            return self._exchange(event)
        raise InvalidInputError(
            f"event must be a Fill, Prices, CorporateAction, CashFlow or ExchangeRates, got {shown(event)}."
        )

    @property
    def positions(self) -> dict[tuple[str, str], float]:
        """Units of each position that is held, by account and asset."""
        held = self._state["held"]
        return {pair: float(held[place]) for pair, place in self._place.items() if held[place]}

    def _fill(self, fill: Fill) -> float:
        asset, account, _, _, units, price, commission, spread, impact, fees, own, lot = fill
        try:
            position = self._place[account, asset]
            costs = commission + spread + impact + fees
            if not (units * 0.0 == 0.0 and price * 0.0 == 0.0 and costs * 0.0 == 0.0 and units != 0.0):
                raise TypeError
            rate = self._rate[position]
            if type(units) is bool or type(price) is bool or rate != rate:
                raise TypeError
        except (KeyError, TypeError, ValueError) as error:
            self._refuse_fill(fill)
            raise InvalidInputError(f"fill must be a Fill of numbers, got {shown(fill)}.") from error
        wanted = -1
        if self._specific:
            if own in self._ids and own is not None:
                raise InvalidInputError(f"fill must have an id of its own, got {own!r} twice.")
            wanted = self._ids.get(lot, -1) if lot is not None else -1
        if not self._book.has_room() or (self._specific and self._next >= len(self._state["lot_of_fill"])):
            self._make_room()
            wanted = self._ids.get(lot, -1) if self._specific and lot is not None else -1
        fault = self._book.fill(self._next, position, units, price, costs, rate, wanted)
        if fault:
            raise InvalidInputError(f"fill {WORDS[fault]}, got {shown(fill)}.")
        if self._specific:
            if own is not None:
                self._ids[own] = self._next
            self._next += 1
        return self._close(position, rate) if self._counts[CLOSINGS] else 0.0

    def _close(self, position: int, rate: float) -> float:
        """Return the profit of the closings that the book wrote, and take them out of it."""
        state, factor, found = self._state, float(self._multiplier[position]), 0.0
        for place in range(int(self._counts[CLOSINGS])):
            out = state["close_price"].item(place) * rate
            out -= state["open_price"].item(place) * state["open_rate"].item(place)
            profit = state["close_units"].item(place) * factor * out
            self._new_realised[position] += profit
            found += profit
        self._counts[CLOSINGS] = 0
        return found

    def _refuse_fill(self, fill: Fill) -> None:
        """Raise with the first thing that is wrong with a fill."""
        self._check_name(fill.account, self._accounts, "account")
        self._check_name(fill.asset, self._assets, "asset")
        for name in ("units", "price", "commission", "spread", "impact", "fees"):
            check_number(getattr(fill, name), name=name)
        if fill.units == 0.0:
            raise InvalidInputError("units must not be zero, got 0.")
        currency = self._currencies[self._pool[self._place[fill.account, fill.asset]] % len(self._currencies)]
        raise InvalidInputError(f"ExchangeRates must come before a fill in {currency!r}, got none so far.")

    def _check_name(self, given: Any, names: tuple[str, ...], what: str) -> str:
        if not isinstance(given, str) or given not in names:
            remedy = name_remedy(given, names, what=what) if isinstance(given, str) else ""
            raise InvalidInputError(f"{what} must be one that the ledger was started with, got {shown(given)}.{remedy}")
        return given

    def _mark(self, event: Prices) -> LedgerBar:
        given: Any = event.prices
        if isinstance(given, Mapping):
            for name in given:
                self._check_name(name, self._assets, "asset")
            given = [given.get(asset, math.nan) for asset in self._assets]
        elif isinstance(given, str) or not hasattr(given, "__len__") or len(given) != len(self._assets):
            raise InvalidInputError(
                f"prices must be one for each of {len(self._assets)} assets, or a mapping, got {shown(given)}."
            )
        found = []
        for asset, price in zip(self._assets, given, strict=True):
            missing = isinstance(price, float | np.floating) and price != price
            found.append(math.nan if missing else check_positive(price, name=f"price of {asset!r}"))
        held = self._state["held"].reshape(len(self._accounts), -1)
        lacking = [name for name, rate in self._rates.items() if rate != rate]
        if lacking and (held != 0.0).any():
            raise InvalidInputError(f"ExchangeRates must come before prices in {lacking[0]!r}, got none so far.")
        new = np.array(found)
        self._marks = np.where(np.isnan(new), self._marks, new)
        self._realised += np.array(self._new_realised)
        self._new_realised = [0.0] * len(self._new_realised)
        bar = self._bar()
        self._flows = np.zeros(len(self._flows))
        return bar

    def _bar(self) -> LedgerBar:
        """Return the state at the last prices, by the operations of a whole history."""
        state, count, pools = self._state, len(self._accounts), len(self._currencies)
        rate = np.nan_to_num(np.array(list(self._rates.values())))
        pool_rate, own_rate = np.tile(rate, count), np.tile(rate, count)[self._pool]
        marks = np.tile(self._marks, count)
        value = state["held"] * marks * self._multiplier
        none_yet = (state["held"] != 0.0) & (marks == 0.0)
        value[none_yet] = (state["basis"] * self._multiplier)[none_yet]
        worth = np.zeros(count * pools)
        np.add.at(worth, self._pool, value)
        local = state["cash"] + worth
        unrealised = value * own_rate - state["worth"] * self._multiplier
        lots, by_pool = (count, len(self._assets)), (count, pools)
        return LedgerBar(
            _sums(local * pool_rate, by_pool), _sums(state["cash"] * pool_rate, by_pool),
            _sums(self._realised, lots), _sums(unrealised, lots), _sums(self._flows * pool_rate, by_pool),
        )  # fmt: skip

    def _flow(self, event: CashFlow) -> float:
        kind = check_choice(event.kind, KINDS, name="kind")
        amount = check_number(event.amount, name="amount")
        check_amount(amount, kind, "of the cash flow")
        account = self._check_name(event.account or self._accounts[0], self._accounts, "account")
        currency = self._check_name(event.currency or self._definition.base_currency, self._currencies, "currency")
        pool = self._accounts.index(account) * len(self._currencies) + self._currencies.index(currency)
        self._state["cash"][pool] += amount
        if kind in EXTERNAL:
            self._flows[pool] += amount
        return amount * self._rates[currency]

    def _exchange(self, event: ExchangeRates) -> float:
        if not isinstance(event.rates, Mapping):
            raise InvalidInputError(f"rates must be a mapping of currencies to numbers, got {shown(event.rates)}.")
        found = {}
        for name, rate in event.rates.items():
            self._check_name(name, self._currencies, "currency")
            found[name] = check_positive(rate, name=f"rate of {name!r}")
        self._rates |= found
        rates = list(self._rates.values())
        self._rate = [rates[pool % len(rates)] for pool in self._pool]
        return 0.0

    def _act(self, event: CorporateAction) -> float:
        kind = check_choice(event.kind, ACTIONS, name="kind")
        column = self._assets.index(self._check_name(event.symbol, self._assets, "asset"))
        value, share, to = 1.0, 1.0, -1
        if kind != "symbol_change":
            value = check_number(event.value, name="value")
            if value < 0.0 or (value == 0.0 and kind != "delisting"):
                raise InvalidInputError(f"value must be positive, got {value:g} of a {kind}.")
        if kind in ("spin_off", "symbol_change"):
            to = self._assets.index(self._check_name(event.new_symbol, self._assets, "new_symbol"))
            if to == column:
                raise InvalidInputError(f"new_symbol must be another asset, got {event.new_symbol!r}.")
        if kind == "spin_off":
            share = check_number(event.basis, name="basis")
            if not 0.0 <= share < 1.0:
                raise InvalidInputError(f"basis must be in [0, 1), got {share:g}.")
        if kind == "delisting" and self._specific:
            raise InvalidInputError('matching must not be "specific" for a delisting, which closes all lots.')
        count = len(self._assets)
        places = [account * count + column for account in range(len(self._accounts))]
        if to >= 0:
            held = self._state["held"]
            if any(held[place] * held[place - column + to] < 0.0 for place in places):
                raise InvalidInputError("new_symbol must not be held on the other side.")
        return sum(self._apply(kind, place, place - column + to, value, share) for place in places)

    def _apply(self, kind: str, position: int, to: int, value: float, share: float) -> float:
        """Apply a checked action to one position; return the money that it made, in the base currency."""
        held, rate = float(self._state["held"][position]), self._rate[position]
        if held == 0.0:
            return 0.0
        while not self._book.has_room():
            self._make_room()
        if kind == "split":
            self._book.split(position, value)
        elif kind == "cash_dividend":
            return float(self._book.pay(position, value)) * rate
        elif kind == "delisting":
            self._book.fill(self._next, position, -held, value, 0.0, rate, -1)
            return self._close(position, rate)
        else:
            self._book.spin_off(position, to, value, share)
        return 0.0

    def _make_room(self) -> None:
        """Leave closed lots out of the arrays, and make these longer if that does not help."""
        self._put(compact(self._state, self._ids))
        make_room(self._book, self._state, fills=self._next + 1)

    def _put(self, lots: dict[str, Any]) -> None:
        """Continue with a book of these lots alone."""
        old, count = self._state, len(lots["units"])
        state = new_state(self._multiplier, self._pool, len(old["cash"]), lots=4 * count + 64, fills=4 * count + 64)
        self._ids, self._next = restored(state, lots, old["held"], self._definition.matching)
        self._set_book(state)
        for lot in zip(*(lots[name] for name in OF_A_LOT), strict=True):
            self._book.put(*lot)
        for name in OWN_ARRAYS:
            state[name][:] = old[name]

    def to_dict(self) -> dict[str, Any]:
        """Return the definition by value, the state, a version and a checksum as strict JSON, with every bit."""
        carried: dict[str, Any] = {name: self._state[name] for name in OWN_ARRAYS}
        carried |= {"marks": self._marks, "flows": self._flows, "realised": self._realised, "rates": self._rates}
        carried |= {"new_realised": self._new_realised, "lots": compact(self._state, self._ids)}
        return saved(self._definition, self._started, carried)

    def restore(self, carried: Mapping[str, Any]) -> None:
        """Continue from what `to_dict` saved of a ledger with the same start."""
        if set(carried) != {*OWN_ARRAYS, "marks", "flows", "realised", "new_realised", "rates", "lots"}:
            raise InvalidInputError(f"state must be that of a ledger, got one of {', '.join(carried)}.")
        for name in OWN_ARRAYS:
            self._state[name][:] = carried[name]
        self._marks, self._flows = np.array(carried["marks"]), np.array(carried["flows"])
        self._realised, self._new_realised = np.array(carried["realised"]), list(carried["new_realised"])
        self._rates = {name: float(carried["rates"][name]) for name in self._currencies}
        rates = list(self._rates.values())
        self._rate = [rates[pool % len(rates)] for pool in self._pool]
        self._put(dict(carried["lots"]))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy or a pickle is made of: the definition and the saved state."""
        return _resumed, (self._definition, self.to_dict())


def _resumed(definition: Any, state: dict[str, Any]) -> RunningLedger:
    found: RunningLedger = definition.resume(state)
    return found


def _sums(values: FloatVector, shape: tuple[int, int]) -> tuple[float, ...]:
    return tuple(values.reshape(1, *shape).sum(axis=2)[0].tolist())
