"""A whole history of fills through the book of lots: positions, events in order, and what stands on each bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._corporate_actions import KINDS as ACTIONS, Events
from riskresearch.core._checks import name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.compiled.trades._lots import LotBook
from riskresearch.kernels.inlined import _ledger_rules as rules
from riskresearch.posttrade.ledger._book import CLOSINGS, LOTS, MATCHING, OF_CLOSINGS, OF_LOTS, new_state, run

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector, State
    from riskresearch.posttrade.ledger._fills import FillTable
    from riskresearch.posttrade.ledger._inputs import CashFlows
    from riskresearch.posttrade.ledger._timeline import Bars

CODES = {
    "split": rules.SPLIT,
    "cash_dividend": rules.DIVIDEND,
    "spin_off": rules.SPIN_OFF,
    "delisting": rules.DELISTING,
    "symbol_change": rules.SPIN_OFF,
}
WORDS = {
    rules.NO_SUCH_LOT: "must name an open lot of its position in the column 'lot' to close it",
    rules.LOT_TOO_SMALL: "must not close more than the lot that it names; give one fill for each lot",
    rules.OPPOSITE_POSITION: "must not meet a position of the other side in the new symbol",
}


@dataclass(frozen=True, slots=True, eq=False)
class Positions:
    """Each asset in each account that a history touches, in the order of accounts, then of columns of prices."""

    account: IntVector
    asset: IntVector
    """Number of the column of prices."""
    currency: IntVector
    multiplier: FloatVector
    pool: IntVector
    """Number of the pool of cash: account times currencies plus currency."""
    number: dict[tuple[int, int], int]
    """The number of the position of an account and an asset."""

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What the book answered, and the arrays that it was asked with."""

    positions: Positions
    pools: int
    fill_position: IntVector
    fill_bar: IntVector
    fill_units: FloatVector
    fill_price: FloatVector
    fill_costs: FloatVector
    fill_rate: FloatVector
    delisted: IntVector
    """Number of fills, of those that a delisting made, which stand among the others."""
    held: FloatMatrix
    basis: FloatMatrix
    worth: FloatMatrix
    cash: FloatMatrix
    dividends: FloatMatrix
    """Money that dividends paid, shape (bars, positions)."""
    state: State


def read_positions(
    table: FillTable,
    columns: tuple[str, ...],
    events: Events,
    multiplier: FloatVector,
    accounts: list[str],
    currencies: list[str],
) -> Positions:
    """Return the positions of fills, and those that spin-offs and changes of symbol may lead to."""
    place = {name: number for number, name in enumerate(columns)}
    unknown = [name for name in table.assets if name not in place]
    if unknown:
        raise InvalidInputError(
            f"prices must have a column for each asset of fills, got none for {unknown[0]!r}"
            f"{f' and {len(unknown) - 1} more' if len(unknown) > 1 else ''}."
            f"{name_remedy(unknown[0], columns, what='asset')} Fills of assets without prices can't be valued: leave "
            "them out by name, or give a column of their last known prices."
        )
    column_of = np.array([place[name] for name in table.assets], dtype=np.intp)
    account_of = np.array([accounts.index(name) for name in table.accounts], dtype=np.intp)
    currency_of = np.array([currencies.index(name) for name in table.currencies], dtype=np.intp)
    own = np.full(len(columns), -1, dtype=np.intp)
    asset = column_of[table.asset] if len(table.asset) else np.empty(0, dtype=np.intp)
    money = currency_of[table.currency] if len(table.asset) else asset
    own[asset] = money
    differs = own[asset] != money
    if differs.any():
        raise InvalidInputError(
            f"fills['currency'] must be one for each asset, got two for {columns[asset[int(differs.argmax())]]!r}. "
            "Name the listings apart."
        )
    account = account_of[table.account] if len(table.asset) else asset
    touched = np.flatnonzero(np.bincount(account * len(columns) + asset, minlength=1))
    pairs = {divmod(each, len(columns)) for each in touched.tolist()}
    for event in np.flatnonzero(events.other >= 0):
        old, new = int(events.column[event]), int(events.other[event])
        if own[new] < 0:
            own[new] = own[old]
        pairs |= {(holder, new) for holder, column in tuple(pairs) if column == old}
    listed = sorted(pairs)
    accounts_of, assets_of = (np.array([pair[k] for pair in listed], dtype=np.intp) for k in (0, 1))
    currency = own[assets_of]
    return Positions(
        accounts_of, assets_of, currency, multiplier[assets_of], accounts_of * len(currencies) + currency,
        {pair: number for number, pair in enumerate(listed)},
    )  # fmt: skip


def run_history(
    table: FillTable,
    positions: Positions,
    events: Events,
    flows: CashFlows,
    rates: FloatMatrix,
    bars: Bars,
    prices: FloatMatrix,
    *,
    matching: str,
    accounts: list[str],
    currencies: list[str],
    columns: tuple[str, ...],
) -> History:
    """Run the book over all fills and events."""
    position_of = _positions_of(table, positions, accounts, columns)
    fills, delisted = _with_delistings(table, positions, events, position_of, rates, matching)
    others, dividend_of = _between(fills["bar"], positions, events, flows, bars.rows, prices, delisted, len(currencies))
    count, pools = len(positions), len(accounts) * len(currencies)
    marks: dict[str, Any] = {name: np.empty((bars.rows, count)) for name in ("held", "basis", "worth")}
    marks["cash"] = np.empty((bars.rows, pools))
    state = new_state(
        positions.multiplier, positions.pool, pools, lots=len(fills["units"]) + count,
        fills=len(fills["units"]) if matching == "specific" else 0,
    )  # fmt: skip
    book = LotBook(MATCHING.index(matching), state)  # type: ignore[no-untyped-call]
    fault = run(book, state, fills, others, marks)
    if fault:
        _refuse(fault, state, table, fills, bars)
    dividends = np.zeros((bars.rows, count))
    for event, row, position in dividend_of:
        dividends[row, position] += others["paid"][event]
    return History(
        positions, pools, fills["position"], fills["bar"], fills["units"], fills["price"], fills["costs"],
        fills["rate"], delisted[:, 0].copy(), marks["held"], marks["basis"], marks["worth"], marks["cash"], dividends,
        state,
    )  # fmt: skip


def _positions_of(table: FillTable, positions: Positions, accounts: list[str], columns: tuple[str, ...]) -> IntVector:
    """Return the number of the position of each fill."""
    number = np.full((len(accounts), len(columns)), -1, dtype=np.intp)
    number[positions.account, positions.asset] = np.arange(len(positions))
    account_of = np.array([accounts.index(name) for name in table.accounts], dtype=np.intp)
    column_of = np.array([columns.index(name) for name in table.assets], dtype=np.intp)
    if not len(table.units):
        return np.empty(0, dtype=np.intp)
    return number[account_of[table.account], column_of[table.asset]]


def _with_delistings(
    table: FillTable, positions: Positions, events: Events, position_of: IntVector, rates: FloatMatrix, matching: str
) -> tuple[dict[str, Any], IntVector]:
    """Return the arrays of fills with one for each position that a delisting closes, before those of its bar.

    Beside them, for each such fill, its number, position and event.
    """
    chosen = np.flatnonzero(events.kind == ACTIONS.index("delisting"))
    closed = [
        (int(events.row[event]), number, int(event))
        for event in chosen
        for number in np.flatnonzero(positions.asset == events.column[event]).tolist()
    ]
    rate = rates[table.bar, positions.currency[position_of]] if len(position_of) else np.empty(0)
    fills: dict[str, Any] = {
        "bar": table.bar, "position": position_of, "units": table.units.copy(), "price": table.price,
        "costs": table.total_costs, "rate": rate, "lot": table.lot,
    }  # fmt: skip
    if not closed:
        return fills, np.empty((0, 3), dtype=np.intp)
    if matching == "specific":
        raise InvalidInputError(
            'matching must not be "specific" where a delisting closes positions: it closes all their lots. Give the '
            "closing fills of each lot instead of the event."
        )
    rows = np.array([row for row, _, _ in closed])
    at = np.searchsorted(table.bar, rows, side="left")
    added: dict[str, Any] = {
        "bar": rows, "position": [number for _, number, _ in closed], "units": 0.0,
        "price": [events.value[event] for _, _, event in closed], "costs": 0.0,
        "rate": [rates[row, positions.currency[number]] for row, number, _ in closed],
    }  # fmt: skip
    for name, values in added.items():
        fills[name] = np.insert(fills[name], at, values)
    numbers = at + np.arange(len(closed))
    return fills, np.array([(n, number, event) for n, (_, number, event) in zip(numbers, closed, strict=True)])


def _between(
    fill_bar: IntVector,
    positions: Positions,
    events: Events,
    flows: CashFlows,
    rows: int,
    prices: FloatMatrix,
    delisted: IntVector,
    currencies: int,
) -> tuple[dict[str, Any], list[tuple[int, int, int]]]:
    """Return the events between fills in their order: actions of a bar, its fills, its cash flows, its mark.

    Beside them the number, bar and position of each dividend.
    """
    before, after = (np.searchsorted(fill_bar, np.arange(rows), side=side) for side in ("left", "right"))
    acted = [
        (row, int(before[row]), *rest)
        for row, rest in _actions(positions, events, prices)
    ] + [
        (int(events.row[event]), number, rules.DELISTING, position, 0, 0.0, 0.0)
        for number, position, event in delisted.tolist()
    ]  # fmt: skip
    own = list(zip(*acted, strict=True)) if acted else [()] * 7
    bars, none = np.arange(rows), np.zeros(rows + len(flows.amount))
    pool = flows.account * currencies + flows.currency
    row = np.concatenate([np.array(own[0], dtype=np.intp), flows.bar, bars])
    order = np.lexsort((np.repeat([0, 1, 2], [len(acted), len(flows.bar), rows]), row))
    code = np.repeat([rules.FLOW, rules.MARK], [len(flows.bar), rows])
    whole = {
        "before": (own[1], after[flows.bar], after), "code": (own[2], code), "first": (own[3], pool, bars),
        "second": (own[4], none),
    }  # fmt: skip
    others: dict[str, Any] = {
        name: np.concatenate([np.asarray(each, dtype=np.intp) for each in parts])[order]
        for name, parts in whole.items()
    }
    others["value"] = np.concatenate([np.array(own[5], dtype=np.float64), flows.amount, np.zeros(rows)])[order]
    others["share"] = np.concatenate([np.array(own[6], dtype=np.float64), none])[order]
    others["paid"] = np.zeros(len(order))
    paying = np.flatnonzero(others["code"] == rules.DIVIDEND)
    return others, [(int(n), int(row[order[n]]), int(others["first"][n])) for n in paying]


def _actions(
    positions: Positions, events: Events, prices: FloatMatrix
) -> list[tuple[int, tuple[int, int, int, float, float]]]:
    """Return for each corporate action but delistings, and each position, its bar, and code, place and numbers."""
    found = []
    for event in range(len(events.row)):
        row, kind = int(events.row[event]), ACTIONS[events.kind[event]]
        if kind == "delisting":
            continue
        value, share = float(events.value[event]), float(events.basis[event])
        if kind == "symbol_change":
            value, share = 1.0, 1.0
        elif kind == "spin_off" and share != share:
            share = share_of_value(events, event, prices)
        for position in np.flatnonzero(positions.asset == events.column[event]).tolist():
            other = positions.number.get((int(positions.account[position]), int(events.other[event])), 0)
            found.append((row, (CODES[kind], position, other, value, share)))
    return found


def share_of_value(events: Events, event: int, prices: FloatMatrix) -> float:
    """Return the share of the value that left with a spin-off, by the first prices of both from its bar on."""
    row, old, new = int(events.row[event]), int(events.column[event]), int(events.other[event])
    both = ~np.isnan(prices[row:, old]) & ~np.isnan(prices[row:, new])
    if not both.any():
        raise InvalidInputError(
            "corporate_actions must have a basis, the share of the cost that moves, for a spin-off after which prices "
            "has none for both."
        )
    first = row + int(both.argmax())
    moved = float(events.value[event]) * float(prices[first, new])
    return moved / (moved + float(prices[first, old]))


def _refuse(fault: int, state: State, table: FillTable, fills: dict[str, Any], bars: Bars) -> None:
    number = int(state["counts"][4])
    if fault == rules.OPPOSITE_POSITION:
        raise InvalidInputError(f"corporate_actions {WORDS[fault]}.")
    row = table.frame.iloc[number]
    raise InvalidInputError(
        f"fills {WORDS[fault]}, got {row['units']:g} of {row['asset']} at {bars.label(int(fills['bar'][number]))} on "
        f"row {number} in the order of time."
    )


def used(state: State) -> tuple[State, State]:
    """Return the arrays of lots and of closings without the room behind them."""
    lots, closings = int(state["counts"][LOTS]), int(state["counts"][CLOSINGS])
    return {name: state[name][:lots] for name in OF_LOTS}, {name: state[name][:closings] for name in OF_CLOSINGS}
