"""What orders cost: implementation shortfall in its parts, and the distance from benchmarks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from riskresearch.core._arguments import check_confidence
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import AccountingError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._seeds import seed_of
from riskresearch.core._types import FloatVector
from riskresearch.files.tables._columns import check_rename
from riskresearch.files.tables._trades import Duplicates, shown_name
from riskresearch.kernels.trades._shortfall import ShortfallParts, shortfall_parts
from riskresearch.metrics.inference._bootstrap import FEWEST_DRAWS
from riskresearch.posttrade.costs._benchmarks import Compared, Given, check_benchmarks, compare
from riskresearch.posttrade.costs._cost_sentences import CostSettings
from riskresearch.posttrade.costs._fills import read_fills
from riskresearch.posttrade.costs._market import Stamped, read_market
from riskresearch.posttrade.costs._order_prices import OrderPrices, prices_of_orders
from riskresearch.posttrade.costs._orders import (
    Filled,
    Orders,
    gather,
    match_fills,
    name_oddities,
    read_orders,
    totals_given,
)
from riskresearch.posttrade.costs._transaction_costs_result import BASIS_POINTS, TransactionCosts

DelayBasis = Literal["ordered", "executed"]
TOLERANCE = 1e-9
"""Of the larger of the portfolios whose difference a shortfall is."""


@answers_other_names(second="market")
def transaction_costs(
    orders: Any,
    fills: Any = None,
    *,
    market: Any = None,
    benchmarks: Sequence[str] | None = None,
    delay_basis: DelayBasis = "ordered",
    stamped: Stamped = "start",
    strict: bool = False,
    max_age: float | None = None,
    multipliers: Mapping[str, float] | None = None,
    rename: Mapping[str, str] | None = None,
    duplicates: Duplicates = "raise",
    confidence: float = 0.95,
    draws: int = 2000,
    rng: int | np.random.Generator | None = 0,
) -> TransactionCosts:
    """Return the implementation shortfall of orders, its parts, and their distance from benchmarks.

    A cost is positive where it hurts, of buys and of sales. Shortfall is the paper portfolio, traded at once at the
    decision's price, less the real one; it is delay + trading + opportunity + fees, which is checked.

    Parameters
    ----------
    orders : DataFrame
        One row an order: `order` (its name), `units` (signed, or positive beside a column `side`) and, as far as they
        are known, `asset`, the times `decided`, `arrived` (at the market), `ended`, the prices `decision_price`,
        `arrival_price`, `final_price`, `limit`, and with several currencies `rate`, what one unit of the order's is
        worth in that of the totals. Further columns, such as `strategy`, are kept for grouping.
    fills : DataFrame, optional
        Several rows an order, or none: `order`, `units`, `price` and, as far as they are known, `time`, `asset` and
        money paid beside the price: `commission`, `fees`, `spread`, `impact`, which may be columns of orders instead.
        Left out where orders have the columns `filled` and `average_price`.
    market : DataFrame, optional
        Quotes (`time`, `asset`, `bid`, `ask`) or bars: a column of closes for each asset, or `time`, `asset`, `close`
        and perhaps `open`, `high`, `low`, `volume`, `vwap`; fields over an index of dates are one asset's.
    benchmarks : sequence of str, optional
        Any of "decision", "arrival", "vwap", "vwap_ex_own" (without the order's own fills), "twap", "open", "close",
        "previous_close", "mid", "limit". None takes arrival and vwap as far as their data are given.
    delay_basis : {"ordered", "executed"}
        Whether the delay counts on all units of the order (Wagner & Edwards) or on those that were filled. The
        opportunity cost of the rest then counts from the arrival or from the decision.
    stamped : {"start", "end"}
        Whether the time of a bar is its begin or its end, when its close is known.
    strict : bool
        Whether a quote or close at the time itself does not count, only an earlier one.
    max_age : float, optional
        Seconds after which a quote or close is too old to count.
    multipliers : mapping, optional
        Money per point and unit of an asset, such as a future's; 1 for those that are not in it.
    rename : mapping, optional
        The user's names of columns to those above, in all tables.
    duplicates : {"raise", "keep"}
        Whether fills that are equal in every column are an error.
    confidence : float
        Coverage probability of the intervals, in (0, 1).
    draws : int
        Draws of the bootstrap.
    rng : int, Generator or None
        Seed of the draws.

    Returns
    -------
    TransactionCosts

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.
    AccountingError
        If the parts do not sum to the shortfall.

    References
    ----------
    Perold, J. Portfolio Management 14(3), 1988; Wagner & Edwards, Financial Analysts J. 49(1), 1993.

    Examples
    --------
    >>> from riskresearch import posttrade
    >>> orders = {"order": [1], "units": [1000], "decision_price": [50.0], "arrival_price": [50.1]}
    >>> orders["final_price"] = [51.0]
    >>> fills = {"order": [1, 1], "units": [500, 300], "price": [50.2, 50.4], "commission": [5.0, 3.0]}
    >>> costs = posttrade.transaction_costs(orders, fills)
    >>> costs.to_frame()[["delay", "trading", "opportunity", "fees", "shortfall"]].round(6).iloc[0].tolist()
    [100.0, 140.0, 180.0, 8.0, 428.0]
    """
    check_choice(delay_basis, ("ordered", "executed"), name="delay_basis")
    wanted = check_benchmarks(benchmarks)
    check_confidence(confidence)
    check_count(draws, name="draws", minimum=FEWEST_DRAWS)
    check_rename(rename, orders=orders, fills=fills, market=market)
    known = read_orders(orders, rename=rename, multipliers=multipliers)
    number, there = np.empty(0, dtype=np.intp), np.empty(0, dtype=bool)
    traded = None if fills is None else read_fills(fills, rename=rename, duplicates=duplicates)
    if traded is None:
        filled = totals_given(known)
    else:
        number, there = match_fills(known, traded)
        filled = gather(known, traded, number, there)
    odd = name_oddities(known, traded, filled, number, there)
    if traded is not None and not there.all():
        odd["fills without an order"] = int((~there).sum())
    about = None if market is None else read_market(
        market, rename=rename, stamped=stamped, strict=strict, max_age=max_age
    )  # fmt: skip
    if about is not None and about.kind == "quotes":
        about.refuse_infinite()
        odd |= {"quotes with a bid above the ask": about.crossed} if about.crossed else {}
    prices = prices_of_orders(known, about)
    compared = compare(wanted, Given(known, filled, prices, about, traded, number, there))
    parts = _parts(known, filled, prices, delay_basis)
    settings = CostSettings(
        parts=_names(prices),
        benchmarks=tuple(compared.prices),
        delay_basis=delay_basis,
        skipped=compared.skipped,
        odd=odd,
        market="" if about is None else "days" if about.are_days else about.kind,
        stamped=stamped,
        strict=strict,
        modelled=() if traded is None else traded.modelled,
        typical="vwap" not in (about.fields if about is not None else {}),
        confidence=confidence,
        draws=draws,
        seed=seed_of(rng),
    )
    return TransactionCosts(_table(known, filled, prices, parts, compared), settings)


def _names(prices: OrderPrices) -> tuple[str, ...]:
    """Return the names of the parts: without both prices there is no delay to be told from trading."""
    if not prices.has_decision:
        return ("trading", "opportunity", "fees")
    return ("delay" if prices.has_arrival else "execution", *(("trading",) * prices.has_arrival), "opportunity", "fees")


def _parts(orders: Orders, filled: Filled, prices: OrderPrices, delay_basis: DelayBasis) -> ShortfallParts:
    parts = shortfall_parts(
        orders.side, orders.units, filled.units, prices.decision, prices.arrival, filled.price, prices.final,
        orders.multiplier, ordered=delay_basis == "ordered",
    )  # fmt: skip
    gap = np.abs(parts.delay + parts.trading + parts.opportunity - parts.direct)
    wrong = gap > TOLERANCE * parts.size
    if wrong.any():
        place = int(wrong.argmax())
        raise AccountingError(
            f"the parts of the shortfall of order {shown_name(orders.order[place])} differ from paper less "
            f"real portfolio by {gap[place]:g}."
        )
    return parts


def _table(
    orders: Orders, filled: Filled, prices: OrderPrices, parts: ShortfallParts, compared: Compared
) -> pd.DataFrame:
    """Return one row an order."""
    target = np.maximum(orders.units, filled.units)
    fees = orders.rate * (filled.commission + filled.fees)
    columns: dict[str, Any] = {} if orders.asset is None else {"asset": orders.asset}
    columns |= {name: orders.columns.frame[name].to_numpy() for name in orders.extra}
    columns |= {
        "side": np.where(orders.side > 0.0, "buy", "sell"),
        "units": orders.side * orders.units,
        "filled": orders.side * filled.units,
        "status": _status(orders, filled),
    }
    for times in ("decided", "arrived", "ended"):
        if times in orders.columns:
            columns[times] = pd.DatetimeIndex(getattr(orders, times).local)
    columns |= {"decision_price": prices.decision, "arrival_price": prices.arrival, "average_price": filled.price}
    if (orders.multiplier != 1.0).any():
        columns["multiplier"] = orders.multiplier
    columns |= {"final_price": prices.final, "paper_notional": orders.multiplier * target * prices.decision}
    if not prices.has_decision or not prices.has_arrival:
        del columns["arrival_price" if prices.has_decision else "decision_price"]
    found = {"delay": parts.delay, "execution": parts.trading, "trading": parts.trading}
    found |= {"opportunity": parts.opportunity, "fees": fees}
    columns |= {name: found[name] for name in _names(prices)}
    columns["shortfall"] = parts.direct + fees
    columns["shortfall_bps"] = BASIS_POINTS * columns["shortfall"] / columns["paper_notional"]
    for name, price in compared.prices.items():
        columns |= _against(name, price, orders, filled)
    if compared.participation is not None:
        columns["participation"] = compared.participation
    table = pd.DataFrame(columns, index=orders.order)
    table["missing"] = _missing(prices, target > filled.units, parts)
    return table


def _status(orders: Orders, filled: Filled) -> Any:
    return np.select([filled.units >= orders.units, filled.units > 0.0], ["filled", "part filled"], "unfilled")


def _against(name: str, price: FloatVector, orders: Orders, filled: Filled) -> dict[str, FloatVector]:
    """Return the price of a benchmark, what the filled units cost beyond it, and that in basis points of them at it."""
    notional = orders.multiplier * filled.units * price
    cost = np.where(filled.units > 0.0, orders.side * orders.multiplier * filled.units * (filled.price - price), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        points = BASIS_POINTS * cost / notional
    found = {f"{name}_price": price} if name not in ("decision", "arrival") else {}
    return found | {f"{name}_cost": cost, f"{name}_bps": points}


def _missing(prices: OrderPrices, unfilled: Any, parts: ShortfallParts) -> list[str]:
    """Return what each order lacks for its parts, in words; empty where it lacks nothing."""
    lacks = {
        "decision price": np.isnan(prices.decision) & prices.has_decision,
        "arrival price": np.isnan(prices.arrival) & prices.has_arrival,
        "final price": np.isnan(prices.final) & unfilled,
    }
    return [", ".join(what for what in lacks if lacks[what][row]) for row in range(len(prices.decision))]
