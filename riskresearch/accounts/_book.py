"""Settings, market and record of a simulation, and the kernel that runs over their arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._corporate_actions import Events
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._account_state import BY_ACCOUNT, empty_state
from riskresearch.kernels._threads import over_columns
from riskresearch.kernels.compiled._accounts import AccountBook
from riskresearch.kernels.inlined._fill_rules import BAND, HELD_WITHOUT_PRICE, SCHEDULED

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.accounts._costs import Costs
    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import FloatMatrix, FloatVector

MISSING_PRICES = ("raise", "settle", "hold")
MISSING_WEIGHTS = ("raise", "hold")
REBALANCE = ("every_bar", "on_change")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a simulation; a number as `rebalance` is a band, a calendar period has a schedule."""

    lag: int
    rebalance: str | float
    costs: Costs
    capital: float
    lot_size: float
    min_trade_notional: float
    borrowing: bool
    max_leverage: float | None
    missing_prices: str
    missing_weights: str


@dataclass(frozen=True, slots=True)
class Market:
    """Prices and volumes that the accounts trade on, in account order; one row of zeros where a panel is not needed."""

    prices: FloatMatrix
    fill_prices: FloatMatrix
    average_volume: FloatMatrix
    volatility: FloatMatrix
    events: Events
    schedule: npt.NDArray[np.intp] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.intp))
    """Whether each account trades on each bar, where it trades by a calendar; else without rows."""


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a simulation, with the rows of the prices and columns in account order.

    A flow that is known to be zero throughout has one row.
    """

    units: FloatMatrix
    """Units held after each bar."""
    equity: FloatMatrix
    cash: FloatMatrix
    flows: dict[str, FloatMatrix]
    """Money of each bar by kind: see COST_KINDS and INCOME_KINDS."""
    closing: FloatVector
    """Units of each column that were closed in bankruptcy."""
    closing_price: FloatVector
    written_off: FloatVector
    """Money that each account still owed in its bankruptcy."""
    stopped: npt.NDArray[np.intp]
    """Row in which each account went bankrupt, or -1."""
    unfilled: npt.NDArray[np.intp]
    """Number of orders of each account that met no price."""


COST_KINDS = ("commission", "spread", "impact", "borrow")
INCOME_KINDS = ("interest", "dividends")


def new_record(settings: Settings, market: Market, layout: Layout) -> tuple[Record, dict[str, Any]]:
    """Return an empty record and the state of accounts that hold their capital in cash."""
    rows, columns = market.prices.shape
    accounts = len(layout.accounts)
    costs = settings.costs
    occurs = {
        "commission": bool(costs.commission or costs.commission_per_unit or costs.commission_minimum),
        "spread": bool(costs.half_spread),
        "impact": bool(costs.impact),
        "borrow": bool(costs.borrow_rate),
        "interest": bool(costs.cash_rate or costs.rate_on_debit),
        "dividends": bool(market.events.row.size),
    }
    state = empty_state(columns, accounts, settings.capital)
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
    settings: Settings,
    market: Market,
    layout: Layout,
    targets: FloatMatrix,
    lag: int,
    record: Record,
    state: dict[str, Any],
) -> AccountBook:
    """Return the kernel over `targets`, whose row i is for bar i + lag; a single row is for every bar."""
    costs, events = settings.costs, market.events
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
        "schedule": market.schedule,
    }
    is_band = not isinstance(settings.rebalance, str)
    numbers = {
        "lag": lag,
        "rebalance": _kind_of(settings.rebalance),
        "band": float(settings.rebalance) if is_band else 0.0,
        "missing": MISSING_PRICES.index(settings.missing_prices),
        "borrowing": settings.borrowing,
        "accrues": bool(costs.cash_rate or costs.rate_on_debit or costs.borrow_rate),
        "lot": settings.lot_size,
        "min_trade": settings.min_trade_notional,
        "fraction": costs.commission,
        "per_unit": costs.commission_per_unit,
        "minimum": costs.commission_minimum,
        "half_spread": costs.half_spread,
        "impact": costs.impact,
        "borrow_rate": costs.borrow_rate,
    }
    answers = {"units": record.units, "cash": record.cash, "equity": record.equity, **record.flows}
    return AccountBook(inputs, numbers, state, answers)  # type: ignore[no-untyped-call]


def _kind_of(rebalance: str | float) -> int:
    """Return the kernel's number of a way of rebalancing."""
    if not isinstance(rebalance, str):
        return BAND
    return REBALANCE.index(rebalance) if rebalance in REBALANCE else SCHEDULED


def run_history(
    settings: Settings,
    market: Market,
    layout: Layout,
    targets: FloatMatrix,
    lag: int,
    record: Record,
    state: dict[str, Any],
) -> None:
    """Run the whole history, with the accounts distributed over threads where that pays."""
    rows, columns = market.prices.shape
    accounts = len(layout.accounts)
    faults: list[tuple[int, int, int]] = []

    def task(first: int, last: int) -> None:
        part = _SomeAccounts(layout, first, last)
        own = part.of_state(state)
        book = bind(settings, part.of_market(market), part.layout, targets[:, part.columns], lag, part.of(record), own)
        book.run(0, rows)
        if own["fault"][0]:
            faults.append((int(own["fault"][1]), int(own["fault"][2]) + part.columns.start, int(own["fault"][0])))

    over_columns(task, (rows * columns // accounts, accounts), heavy=True)
    if faults:
        row, column, code = min(faults)
        state["fault"][:] = code, row, column


@dataclass(frozen=True, slots=True)
class _SomeAccounts:
    """Some adjacent accounts, as views of the arrays of all."""

    whole: Layout
    first: int
    last: int

    @property
    def columns(self) -> slice:
        return slice(int(self.whole.starts[self.first]), int(self.whole.starts[self.last]))

    @property
    def layout(self) -> Layout:
        starts = self.whole.starts[self.first : self.last + 1] - self.columns.start
        return replace(self.whole, accounts=self.whole.accounts[self.first : self.last], starts=starts, order=None)

    def of_market(self, market: Market) -> Market:
        prices = market.prices[:, self.columns]
        same = market.fill_prices is market.prices
        events, begin = market.events, self.columns.start
        keep = (events.column >= begin) & (events.column < self.columns.stop)
        own = replace(events.chosen(keep), column=events.column[keep] - begin)
        fills = prices if same else market.fill_prices[:, self.columns]
        volume, spread = market.average_volume[:, self.columns], market.volatility[:, self.columns]
        return Market(prices, fills, volume, spread, own, market.schedule[:, self.first : self.last])

    def of(self, record: Record) -> Record:
        mine = slice(self.first, self.last)
        return replace(
            record,
            units=record.units[:, self.columns],
            equity=record.equity[:, mine],
            cash=record.cash[:, mine],
            flows={kind: flow[:, mine] for kind, flow in record.flows.items()},
        )

    def of_state(self, state: dict[str, Any]) -> dict[str, Any]:
        mine = slice(self.first, self.last)
        own = {name: array[mine if name in BY_ACCOUNT else self.columns] for name, array in state.items()}
        return own | {"fault": np.zeros(3, dtype=np.intp)}


def check_fault(state: dict[str, Any], layout: Layout) -> None:
    """Raise if the kernel met a missing price that the settings do not allow."""
    code, row, column = map(int, state["fault"])
    if code == 0:
        return
    what = "a position is held" if code == HELD_WITHOUT_PRICE else "an order is due"
    raise InvalidInputError(
        f"prices must not be missing where {what}, got nan at {layout.place(row, column)}. Pass "
        'missing_prices="settle" to sell at the last price, as in a delisting, or missing_prices="hold" to keep it at '
        "the last price until there is a new one."
    )
