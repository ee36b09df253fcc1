"""A book and orders as strict JSON and back, with every bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from riskresearch.core._records import Decision, TradingState
from riskresearch.core._saved_state import plain, revived
from riskresearch.pretrade.book._book import Book
from riskresearch.pretrade.orders._orders import Orders

INSTANTS = ("time",)
PLACES = ("column", "account_of", "strategy_of")
ORDERS = ("working", "recent")


def saved_orders(orders: Orders) -> dict[str, Any]:
    """Return orders as strict JSON."""
    return {
        name: None if (value := getattr(orders, name)) is None
        else plain(value if isinstance(value, tuple) else value.tolist(), name=name)
        for name in Orders.__slots__
    }  # fmt: skip


def orders_of(saved: Mapping[str, Any]) -> Orders:
    """Return the orders that `saved_orders` saved."""
    given: dict[str, Any] = {}
    for name, value in revived(saved).items():
        if value is None or name in ("assets", "accounts", "strategies", "order_ids"):
            given[name] = None if value is None else tuple(value)
        else:
            kind: Any = (
                np.int64 if name in INSTANTS else np.intp if name in PLACES else bool if name == "cancels" else float
            )
            given[name] = np.array(value, dtype=kind)
    return Orders(**given)


def saved_book(book: Book) -> dict[str, Any]:
    """Return a book as strict JSON."""
    found: dict[str, Any] = {}
    for name in Book.__slots__:
        value = getattr(book, name)
        if name in ORDERS:
            found[name] = saved_orders(value)
        elif name == "decision":
            found[name] = _saved_decision(value)
        elif name == "traded_pairs":
            found[name] = [[*key, *pair] for key, pair in value.items()]
        else:
            found[name] = plain(_lists(value), name=name)
    return found


def book_from(saved: Mapping[str, Any]) -> Book:
    """Return the book that `saved_book` saved."""
    book: Book = object.__new__(Book)
    for name, value in saved.items():
        if name in ORDERS:
            found: Any = orders_of(value)
        elif name == "decision":
            found = _decision_of(value)
        elif name == "traded_pairs":
            found = {(kind, key): (high, low) for kind, key, high, low in revived(value)}
        else:
            found = _arrays(name, revived(value))
        object.__setattr__(book, name, found)
    return book


def _lists(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return {key: _lists(each) for key, each in value.items()} if isinstance(value, Mapping) else value


def _arrays(name: str, value: Any) -> Any:
    if name in ("assets", "cash_pair"):
        return tuple(value)
    if name == "groups":
        return {kind: tuple(each) for kind, each in value.items()}
    if name in ("factors", "strategy_units"):
        return None if value is None else {key: np.array(each, dtype=float) for key, each in value.items()}
    if name == "scenarios" and value is not None:
        return np.asfortranarray(np.array(value, dtype=float))
    return np.array(value, dtype=float) if isinstance(value, list) else value


def _saved_decision(decision: Any) -> Any:
    if decision is None or isinstance(decision, TradingState):
        return None if decision is None else str(decision)
    return {
        "multiplier": plain(_lists(decision.multiplier), name="multiplier"),
        "reduce_only": plain(_lists(decision.reduce_only), name="reduce_only"),
        "frozen": plain(_lists(decision.frozen), name="frozen"),
        "units": {name: _saved_decision(each) for name, each in decision.units.items()},
    }


def _decision_of(saved: Any) -> Any:
    if saved is None or isinstance(saved, str):
        return None if saved is None else TradingState(saved)
    given: dict[str, Any] = {name: revived(saved[name]) for name in ("multiplier", "reduce_only", "frozen")}
    arrays: dict[str, Any] = {
        name: np.array(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return Decision(**arrays, units={name: _decision_of(each) for name, each in saved["units"].items()})
