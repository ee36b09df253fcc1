"""The arrays of a simulation, bound to the kernel that goes over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._account_state import empty_state
from riskresearch.kernels._accounts import AccountBook

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.backtest._corporate_actions import Events
    from riskresearch.backtest._costs import Costs
    from riskresearch.backtest._inputs import Layout
    from riskresearch.core._types import FloatMatrix, FloatVector

MISSING_PRICES = ("raise", "settle", "hold")
MISSING_WEIGHTS = ("raise", "hold")
REBALANCE = ("every_bar", "on_change")
BAND = 2
HELD_WITHOUT_PRICE = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """What a simulation was asked for; a number as `rebalance` is a band."""

    lag: int
    rebalance: str | float
    costs: Costs
    capital: float
    lot: float
    min_trade: float
    borrowing: bool
    max_leverage: float | None
    missing_prices: str
    missing_weights: str


@dataclass(frozen=True, slots=True)
class Market:
    """What the accounts trade on, columns in the inner order; one row of zeros where a panel is not needed."""

    prices: FloatMatrix
    fill_prices: FloatMatrix
    average_volume: FloatMatrix
    volatility: FloatMatrix
    events: Events


@dataclass(frozen=True, slots=True)
class Record:
    """What came out of a simulation, columns in the inner order, rows of the prices.

    A flow that is known to be zero throughout has one row.
    """

    units: FloatMatrix
    """Held after each bar."""
    equity: FloatMatrix
    cash: FloatMatrix
    flows: dict[str, FloatMatrix]
    """Money of each bar by kind: see COST_KINDS and INCOME_KINDS."""
    closing: FloatVector
    """Units of each column that were closed in bankruptcy."""
    closing_price: FloatVector
    written_off: FloatVector
    """What each account still owed in its bankruptcy."""
    stopped: npt.NDArray[np.intp]
    """Row in which each account went bankrupt, or -1."""
    unfilled: npt.NDArray[np.intp]
    """Orders of each account that met no price."""


COST_KINDS = ("commission", "spread", "impact", "borrow")
INCOME_KINDS = ("interest", "dividends")


def new_record(terms: Terms, market: Market, layout: Layout) -> tuple[Record, dict[str, Any]]:
    """Return an empty record and the state of accounts that hold their capital in cash."""
    rows, columns = market.prices.shape
    accounts = len(layout.accounts)
    costs = terms.costs
    occurs = {
        "commission": bool(costs.commission or costs.commission_per_unit or costs.commission_minimum),
        "spread": bool(costs.half_spread),
        "impact": bool(costs.impact),
        "borrow": bool(costs.borrow_rate),
        "interest": bool(costs.cash_rate or costs.rate_on_debit),
        "dividends": bool(market.events.row.size),
    }
    state = empty_state(columns, accounts, terms.capital)
    record = Record(
        units=np.zeros((rows, columns)),
        equity=np.zeros((rows, accounts)),
        cash=np.zeros((rows, accounts)),
        flows={kind: np.zeros((rows if there else 1, accounts)) for kind, there in occurs.items()},
        closing=state["closing"],
        closing_price=state["closing_price"],
        written_off=state["written_off"],
        stopped=state["stopped"],
        unfilled=state["unfilled"],
    )
    return record, state


def bind(
    terms: Terms, market: Market, layout: Layout, targets: FloatMatrix, lag: int, record: Record, state: dict[str, Any]
) -> AccountBook:
    """Return the kernel over `targets`, whose row i is for bar i + lag; a single row is for every bar."""
    costs, events = terms.costs, market.events
    inputs = {
        "targets": targets,
        "prices": market.prices,
        "fills": market.fill_prices,
        "volume": market.average_volume,
        "volatility": market.volatility,
        "rates": np.array([[costs.cash_rate, costs.rate_on_debit]]),
        "starts": layout.starts,
        "account_of": layout.account_of,
        "events": np.column_stack([events.row, events.column, events.kind]),
        "event_value": events.value,
    }
    is_band = not isinstance(terms.rebalance, str)
    numbers = {
        "lag": lag,
        "rebalance": BAND if is_band else REBALANCE.index(str(terms.rebalance)),
        "band": float(terms.rebalance) if is_band else 0.0,
        "missing": MISSING_PRICES.index(terms.missing_prices),
        "borrowing": terms.borrowing,
        "accrues": bool(costs.cash_rate or costs.rate_on_debit or costs.borrow_rate),
        "lot": terms.lot,
        "min_trade": terms.min_trade,
        "fraction": costs.commission,
        "per_unit": costs.commission_per_unit,
        "minimum": costs.commission_minimum,
        "half_spread": costs.half_spread,
        "impact": costs.impact,
        "borrow_rate": costs.borrow_rate,
    }
    answers = {"units": record.units, "cash": record.cash, "equity": record.equity, **record.flows}
    return AccountBook(inputs, numbers, state, answers)  # type: ignore[no-untyped-call]


def check_fault(state: dict[str, Any], layout: Layout) -> None:
    """Raise if the kernel met a missing price that it was told not to pass over."""
    code, row, column = map(int, state["fault"])
    if code == 0:
        return
    what = "a position is held" if code == HELD_WITHOUT_PRICE else "an order is due"
    raise InvalidInputError(
        f"prices must not be missing where {what}, got nan at {layout.place(row, column)}. Pass "
        'missing_prices="settle" to sell at the last price, as in a delisting, or missing_prices="hold" to keep it at '
        "the last price until there is a new one."
    )
