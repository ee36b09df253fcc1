"""Limits of pre-trade checks run over the history of a ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from riskresearch.core._checks import check_sequence, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.posttrade.breaches._at_bars import HeldBooks
from riskresearch.posttrade.breaches._at_fills import judged_fills
from riskresearch.posttrade.breaches._compliance_result import Compliance
from riskresearch.posttrade.breaches._data import ComplianceData, read_data
from riskresearch.posttrade.breaches._held_rules import judges_holdings
from riskresearch.posttrade.breaches._holdings import Holdings, holdings_of
from riskresearch.posttrade.breaches._judged import Check, Episode, Judged, check_of, episodes_of
from riskresearch.posttrade.breaches._orders import sent_orders
from riskresearch.posttrade.breaches._tables import make_compliance
from riskresearch.posttrade.ledger._ledger import Ledger
from riskresearch.posttrade.wash._wash_sales import wash_sales as find_wash_sales
from riskresearch.posttrade.wash._wash_sales_result import WashSales
from riskresearch.pretrade.checker._checker import UnifiedLimitChecker
from riskresearch.pretrade.limits._limit import Limit

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data


@answers_other_names()
def compliance(
    ledger: Ledger,
    limits: Sequence[Limit] | Limit | UnifiedLimitChecker,
    *,
    pooled: bool = True,
    groups: Mapping[str, Any] | pd.DataFrame | None = None,
    average_volume: Data | Mapping[str, float] | None = None,
    volatility: Data | Mapping[str, float] | None = None,
    betas: Data | Mapping[str, float] | None = None,
    locates: Data | Mapping[str, float] | None = None,
    opening_prices: Data | Mapping[str, float] | None = None,
    scenarios: pd.DataFrame | None = None,
    factors: pd.DataFrame | Mapping[str, Mapping[str, float]] | None = None,
    wash_sales: bool | WashSales = False,
) -> Compliance:
    """Judge the history of a ledger by the limits of pre-trade checks, and return each breach with its cause.

    Limits of positions and of the book are judged on what is held after each bar, limits of orders on each fill, in
    its order and with its price for the limit price, on the book before the fills of its bar. A breach lasts from its
    first bar over the limit to the last one before a bar within it. It is active if the fills of its first bar made or
    worsened it, at the prices known at the fill: its own, and the last ones before the bar. Else it is passive: prices,
    flows or corporate actions did it. A UCITS must remedy a passive breach as a priority of its sales, with regard to
    the interests of its holders, and not at once.

    Parameters
    ----------
    ledger : Ledger
        The history.
    limits : sequence of Limit, Limit or UnifiedLimitChecker
        Limits of `riskresearch.pretrade`; a checker also brings the data that it was bound to.
    pooled : bool
        Whether all accounts are judged as one book, and not each by itself.
    groups : mapping of str to groups, or DataFrame, optional
        The group of each asset by kind: ``{"sector": {"A": "tech"}, "issuer": {...}}``. Without issuers each asset is
        one of its own.
    average_volume, volatility, betas, locates, opening_prices : mapping, Series or DataFrame, optional
        As `pretrade.Book` has them, by asset, or in a DataFrame by bar: of one with dates a bar reads the last row at
        or before it. Fills are judged on the rows of the bar before.
    scenarios : DataFrame, shape (scenarios, assets), optional
        Simple returns for VaR and CVaR; of dated ones a bar reads those at or before it.
    factors : mapping or DataFrame, optional
        Exposures to each factor, assets x factors.
    wash_sales : bool or WashSales
        Whether losses that a purchase defers are added, or those of `posttrade.wash_sales` with other conventions.

    Returns
    -------
    Compliance
        Breaches with first and last bar, worst value and cause; bars checked, in breach and not judged of each limit.

    Raises
    ------
    InvalidInputError
        If ledger, limits or their data are none.

    References
    ----------
    Directive 2009/65/EC, articles 52 (limits) and 57 (what exceeds them beyond the manager's control).

    Examples
    --------
    Bought at 9 % of the account, and carried over the limit by the price:

    >>> import pandas as pd
    >>> from riskresearch import posttrade, pretrade
    >>> days = pd.date_range("2024-01-01", periods=3)
    >>> fills = pd.DataFrame({"asset": ["A"], "time": days[:1], "units": [9.0], "price": [10.0]})
    >>> cash = pd.DataFrame({"time": days[:1], "amount": [1000.0], "kind": "deposit"})
    >>> prices = pd.DataFrame({"A": [10.0, 12.0, 11.0]}, index=days)
    >>> ledger = posttrade.Ledger.from_fills(fills, prices=prices, cash_flows=cash)
    >>> found = posttrade.compliance(ledger, [pretrade.PositionWeight(0.10)])
    >>> found.breaches[["subject", "first", "bars", "cause"]].to_string(index=False, header=False)
    'A 2024-01-02     1 passive'
    """
    if not isinstance(ledger, Ledger):
        raise InvalidInputError(
            f"ledger must be a Ledger, got {shown(ledger)}. Make one with posttrade.Ledger.from_fills(fills, "
            "prices=prices), or with the ledger() of a backtest."
        )
    own = _read_limits(limits)
    if not isinstance(pooled, bool):
        raise InvalidInputError(f"pooled must be True or False, got {shown(pooled)}.")
    washed = _read_wash_sales(ledger, wash_sales)
    given = {
        "groups": groups, "average_volume": average_volume, "volatility": volatility, "scenarios": scenarios,
        "betas": betas, "factors": factors, "locates": locates, "opening_prices": opening_prices,
    }  # fmt: skip
    bound = limits._data.given() if isinstance(limits, UnifiedLimitChecker) else {}
    given = {name: bound.get(name) if value is None else value for name, value in given.items()}
    data = read_data(ledger.books, own, given)
    names = ledger.books.accounts
    every = [("", range(len(names)))] if pooled else [(name, [place]) for place, name in enumerate(names)]
    return _result([(name, holdings_of(ledger.books, list(of))) for name, of in every], data, own, washed)


def _result(
    accounts: list[tuple[str, Holdings]], data: ComplianceData, limits: tuple[Limit, ...], washed: WashSales | None
) -> Compliance:
    """Judge each account, and return breaches with their causes."""
    checks: list[Check] = []
    breaches: list[tuple[int, Episode, bool]] = []
    for name, holdings in accounts:
        for judge, causes in _in_order(holdings, data, limits, name):
            judged = judge()
            found = episodes_of(judged)
            breaches += [(len(checks), *each) for each in zip(found, causes(found), strict=True)]
            checks.append(check_of(judged))
    bars = accounts[0][1].books.bars
    notes = (*data.notes, *_orders_note([holdings for _, holdings in accounts], checks))
    return make_compliance(checks, breaches, bars, washed=washed, notes=notes)


def _orders_note(every: list[Holdings], checks: list[Check]) -> tuple[str, ...]:
    """Return how many orders the fills are, where they name their orders and limits of orders were judged."""
    if not any(each.of_fills for each in checks):
        return ()
    fills, orders = sum(len(one.fills) for one in every), sum(len(sent_orders(one)) for one in every)
    if fills == orders:
        return ()
    return (
        f"Fills of a bar, an asset and a side with the same `order` are one order: {fills:,} fills, {orders:,} orders.",
    )


def _in_order(
    holdings: Holdings, data: ComplianceData, limits: tuple[Limit, ...], account: str
) -> list[tuple[Callable[[], Judged], Callable[[list[Episode]], list[bool]]]]:
    """Return what judges each limit, in the order of the limits, and what finds the causes of its breaches."""
    held = [place for place, limit in enumerate(limits) if judges_holdings(limit)]
    sent = [place for place, limit in enumerate(limits) if not judges_holdings(limit)]
    books = HeldBooks(holdings, data, [limits[place] for place in held], account)
    found: list[tuple[int, Callable[[], Judged], Callable[[list[Episode]], list[bool]]]] = [
        (held[place], each, partial(books.active, number)) for number, (place, each) in enumerate(books.judged())
    ]
    for place, each in judged_fills(holdings, data, [limits[place] for place in sent], account):
        found.append((sent[place], each, _all_active))
    return [(each, judge) for _, each, judge in sorted(found, key=lambda one: one[0])]


def _all_active(episodes: list[Episode]) -> list[bool]:
    """Return that fills that break a limit of orders are their holder's own."""
    return [True] * len(episodes)


def _read_limits(limits: Any) -> tuple[Limit, ...]:
    """Return limits, of a checker those that it has."""
    if isinstance(limits, UnifiedLimitChecker):
        return limits.limits
    given = (limits,) if isinstance(limits, Limit) else tuple(check_sequence(limits, name="limits"))
    return UnifiedLimitChecker(given).limits


def _read_wash_sales(ledger: Ledger, given: Any) -> WashSales | None:
    if isinstance(given, WashSales):
        return given
    if not isinstance(given, bool):
        raise InvalidInputError(
            f"wash_sales must be True or False, or the result of posttrade.wash_sales, got {shown(given)}."
        )
    return find_wash_sales(ledger) if given else None
