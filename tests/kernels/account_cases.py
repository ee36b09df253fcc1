"""Accounts on prices and targets made of any matrix, under settings that together reach every branch of the kernel."""

from unittest import mock

import numpy as np

from riskresearch.accounts import Costs, _book
from riskresearch.accounts._corporate_actions import Events, no_events
from riskresearch.accounts._inputs import Layout
from riskresearch.core._labels import ArrayLabels

EVERYTHING = Costs(
    commission=0.001,
    commission_per_unit=0.002,
    commission_minimum=0.003,
    half_spread=0.0005,
    impact=0.7,
    borrow_rate=0.0001,
    cash_rate=0.0002,
    debit_rate=0.0004,
)
PLAIN = {
    "lag": 1, "rebalance": "every_bar", "costs": Costs(0.0005), "capital": 100.0, "lot_size": 0.0,
    "min_trade_notional": 0.0,
    "borrowing": True, "max_leverage": None, "missing_prices": "settle", "missing_weights": "hold",
}  # fmt: skip
CASES = (
    PLAIN,
    PLAIN | {"costs": EVERYTHING, "lag": 0},
    PLAIN | {"costs": EVERYTHING, "borrowing": False, "rebalance": "on_change", "min_trade_notional": 3.0},
    PLAIN | {"lot_size": 0.25, "borrowing": False, "missing_prices": "hold", "rebalance": 0.05},
    PLAIN | {"missing_prices": "raise"},
    PLAIN | {"rebalance": "month", "costs": EVERYTHING},
)


def booked(kernel, values, level):
    """Return the accounts after each bar, and all their state, under each of the settings."""
    prices = 50.0 + np.clip(values, -0.9, 3.0).cumsum(axis=0) * 5.0
    prices = np.where(prices > 1.0, prices, 1.0)
    rows, columns = prices.shape
    targets = np.clip(values[::-1] * 20.0, -2.0, 2.0)
    targets[2::5, 0] = np.nan
    fills = prices * 1.01
    fills[1::6, -1] = np.nan
    holed = prices.copy()
    holed[3::7, 0] = np.nan
    middle = (columns + 1) // 2
    starts = np.array([0, columns] if columns == 1 else [0, middle, columns], dtype=np.intp)
    names = tuple(map(str, range(len(starts) - 1)))
    layout = Layout(ArrayLabels(prices.shape), tuple(map(str, range(columns))), names, starts, None)
    place = np.array([rows // 3, rows // 2], dtype=np.intp)
    events = Events(
        place, np.array([0, columns - 1]), np.array([0, 1]), np.array([0.5, 0.7]), place - 1, np.full(2, np.nan)
    )
    results = []
    for number, case in enumerate(CASES):
        settings = _book.Settings(**case)
        panels = (prices, prices) if number == 0 else (holed, fills)
        schedule = (np.arange(rows * len(names)).reshape(rows, -1) % 3 == 0).astype(np.intp)
        market = _book.Market(*panels, 10.0 + prices, 0.01 * prices, events if number % 2 else no_events(), schedule)
        record, state = _book.new_record(settings, market, layout)
        state["reduce_only"][-1] = number == 3
        state["called"][-1] = number == 5
        with mock.patch.object(_book, "AccountBook", kernel):
            book = _book.bind(settings, market, layout, targets, settings.lag, record, state)
        book.run(0, rows // 2)
        book.run(rows // 2, rows)
        results += [record.units, record.equity, record.cash, *record.flows.values()]
        results += [np.asarray(array, dtype=float) for array in state.values()]
    return tuple(results)
