"""One case for each limit: a book and an order of size n, such that the value reaches the limit exactly at `at`.

Prices, net asset value and sizes are whole numbers; each value was worked by hand, and the arithmetic stands beside.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from riskresearch import pretrade
from riskresearch.core import Decision

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""A Monday."""
PRICES = {"A": 10, "B": 20, "C": 50}
NAV = 1_000_000
RETURNS = pd.DataFrame({"A": [-k / 100 for k in range(1, 21)], "B": 0.0, "C": 0.0})
"""Losses of 1 % to 20 %: the 95 % VaR is the 19th, 19 %, and the CVaR the mean of the worst, 20 %."""


def book(**changes: Any) -> pretrade.Book:
    given = {
        "units": {}, "prices": PRICES, "nav": NAV, "cash": NAV, "time": NOON, "average_volume": {"A": 1000},
        "volatility": {"A": 0.02},
        "groups": {"sector": {"A": "tech", "B": "tech", "C": "oil"}, "issuer": {"A": "X", "B": "X", "C": "Y"}},
        "scenarios": RETURNS, "betas": {"A": 2, "B": 1, "C": 1}, "factors": {"value": {"A": 0.5, "B": 0, "C": 0}},
        "locates": {"A": 100}, "decision": Decision(),
    }  # fmt: skip
    given.update(changes)
    return pretrade.Book(given.pop("units"), given.pop("prices"), **given)


def buy(n: float, **more: Any) -> dict[str, Any]:
    return {"asset": "A", "units": n, "time": NOON, **more}


def sent(count: int, **more: Any) -> list[dict[str, Any]]:
    """Return orders of the last second, each of its own size."""
    return [{"asset": "A", "units": 7 + k, "time": NOON - timedelta(milliseconds=500), **more} for k in range(count)]


@dataclass(frozen=True)
class Case:
    """A limit, and how its value grows with n."""

    name: str
    make: Callable[..., pretrade.Limit]
    at: int
    """Size at which the value is at the limit."""
    warn: Any = None
    warn_at: int = 0
    """Size at which the value is at `warn`."""
    order: Callable[[int], dict[str, Any]] = buy
    held: dict[str, Any] = field(default_factory=dict)
    """What the book has besides."""
    book_of: Callable[[int], dict[str, Any]] = lambda n: {}
    """The same, where it depends on n."""
    blank: dict[str, Any] = field(default_factory=dict)
    """Arguments of the book that blank a number that the limit needs."""
    side: int = 1
    """-1 where smaller sizes break the limit."""
    inclusive: bool = True
    """Whether the limit has a threshold that may be inclusive."""

    def book(self, n: int, **more: Any) -> pretrade.Book:
        return book(**{**self.held, **self.book_of(n), **more})


NO_PRICE = {"prices": {"B": 20, "C": 50}}
NO_NAV = {"nav": float("nan")}
NO_TIME = {"time": None}

CASES = [
    Case("OrderUnits", lambda **k: pretrade.OrderUnits(500, **k), 500, 400, 400, blank={}),
    # 500 x 10
    Case("OrderNotional", lambda **k: pretrade.OrderNotional(5000, **k), 500, 4000, 400, blank=NO_PRICE),
    # 250 of 1,000 a day
    Case("Participation", lambda **k: pretrade.Participation(0.25, **k), 250, 0.2, 200, blank={"average_volume": {}}),
    # 10.50 is 5 % above 10
    Case("PriceCollar", lambda **k: pretrade.PriceCollar(0.05, **k), 1050, 0.04, 1040,
         lambda n: buy(1, limit_price=n / 100), blank=NO_PRICE),
    # a volatility is 2 % of 10, 0.20; 10.50 is 2.5 of them away
    Case("PriceCollar", lambda **k: pretrade.PriceCollar(2.5, unit="volatility", **k), 1050, 2.0, 1040,
         lambda n: buy(1, limit_price=n / 100), blank={"volatility": {"A": 0.0}}),
    # a sale at 9.50 is 5 % below the opening price of 10
    Case("PriceCollar", lambda **k: pretrade.PriceCollar(0.05, reference="opening", **k), 950, 0.04, 960,
         lambda n: buy(-1, limit_price=n / 100), {"opening_prices": {"A": 10}}, blank={"opening_prices": {}}, side=-1),
    # the good side counts too: a buy at 9.50
    Case("PriceCollar", lambda **k: pretrade.PriceCollar(0.05, two_sided=True, **k), 950, 0.04, 960,
         lambda n: buy(1, limit_price=n / 100), blank=NO_PRICE, side=-1),
    # 400 + 500
    Case("PositionUnits", lambda **k: pretrade.PositionUnits(900, **k), 500, 800, 400, held={"units": {"A": 400}}),
    Case("PositionUnits", lambda **k: pretrade.PositionUnits({"A": 900, "*": 1}, **k), -500, {"A": 800}, -400,
         held={"units": {"A": -400}}, side=-1),
    # (400 + 500) x 10
    Case("PositionNotional", lambda **k: pretrade.PositionNotional(9000, **k), 500, 8000, 400,
         held={"units": {"A": 400}}, blank=NO_PRICE),
    # 9,000 of 1,000,000
    Case("PositionWeight", lambda **k: pretrade.PositionWeight(0.009, **k), 500, 0.008, 400,
         held={"units": {"A": 400}}, blank=NO_NAV),
    # 9,000 of 9,000 + 600 x 20 + 0: 9/21; at 8/20 it warns
    Case("PositionWeight", lambda **k: pretrade.PositionWeight(9 / 21, denominator="gross", **k), 500, 8 / 20, 400,
         held={"units": {"A": 400, "B": -600}}, blank={"prices": {"A": 10}}),
    # 9,000 of 90,000
    Case("PositionWeight", lambda **k: pretrade.PositionWeight(0.1, denominator=90_000, **k), 500, 8 / 90, 400,
         held={"units": {"A": 400}}, blank=NO_PRICE),
    # 2,000 x 20 + 2,000 x 10
    Case("GrossExposure", lambda **k: pretrade.GrossExposure(60_000, **k), 2000, 50_000, 1000,
         held={"units": {"B": -2000}}, blank={"prices": {"A": 10}}),
    # 2,500 x 10 - 500 x 20
    Case("NetExposure", lambda **k: pretrade.NetExposure(15_000, **k), 2500, 10_000, 2000,
         held={"units": {"B": -500}}, blank=NO_PRICE),
    Case("Leverage", lambda **k: pretrade.Leverage(0.06, **k), 2000, 0.05, 1000,
         held={"units": {"B": -2000}}, blank=NO_NAV),
    # A and B are of one sector, C is of another
    Case("GroupWeight", lambda **k: pretrade.GroupWeight(0.06, **k), 2000, 0.05, 1000,
         held={"units": {"B": 2000, "C": 9}}, blank={"groups": None}),
    Case("GroupWeight", lambda **k: pretrade.GroupWeight({"tech": 0.06, "*": 1.0}, **k), 2000, {"*": 0.05}, 1000,
         held={"units": {"B": 2000, "C": 9}}, blank={"groups": {"sector": {"B": "tech"}}}),
    # A and B are of one issuer: 2,000 x 20 + 6,000 x 10 are 10 %
    Case("UcitsConcentration", lambda **k: pretrade.UcitsConcentration(**k), 6000, held={"units": {"B": 2000}},
         blank={"groups": {"issuer": {"B": "X"}}}),
    Case("InstrumentCount", lambda **k: pretrade.InstrumentCount(2, **k), 2, 1, 1, lambda n: buy(1),
         book_of=lambda n: {"units": dict.fromkeys(("B", "C", "D")[: n - 1], 1.0)}),
    # 30,000 + 2,000 x 10
    Case("Turnover", lambda **k: pretrade.Turnover(50_000, **k), 2000, 40_000, 1000,
         held={"traded": 30_000}, blank=NO_PRICE),
    Case("Turnover", lambda **k: pretrade.Turnover(0.05, denominator="nav", **k), 2000, 0.04, 1000,
         held={"traded": 30_000}, blank=NO_NAV),
    # 2,000 x 10
    Case("BuyingPower", lambda **k: pretrade.BuyingPower(**k), 2000, held={"cash": 20_000}, blank=NO_PRICE),
    # half of 4,000 x 10, less a reserve
    Case("BuyingPower", lambda **k: pretrade.BuyingPower(0.5, reserve=5000.0, **k), 4000,
         held={"cash": 25_000}, blank=NO_PRICE),
    # 19 % of 1,000 x 10 over 1,000,000
    Case("ValueAtRisk", lambda **k: pretrade.ValueAtRisk(0.0019, **k), 1000, 0.00171, 900, blank={"scenarios": None}),
    # 500 are held, 1,000 more add 19 % of 10,000
    Case("ValueAtRisk", lambda **k: pretrade.ValueAtRisk(1900, denominator=None, increase=True, **k), 1000, 1710, 900,
         held={"units": {"A": 500}}, blank=NO_PRICE),
    # 20 %
    Case("ConditionalValueAtRisk", lambda **k: pretrade.ConditionalValueAtRisk(0.002, **k), 1000, 0.0018, 900,
         blank=NO_NAV),
    # 2 x 1,000 x 10
    Case("BetaExposure", lambda **k: pretrade.BetaExposure(0.02, **k), 1000, 0.018, 900, blank={"betas": {"A": None}}),
    Case("FactorExposure", lambda **k: pretrade.FactorExposure(5000, factor="value", denominator=None, **k), 1000, 4500,
         900, blank={"factors": None}),
    # 20 % of 1,000 x 10
    Case("StressLoss", lambda **k: pretrade.StressLoss(0.002, shocks={"A": -0.2, "*": 0.0}, **k), 1000, 0.0018, 900,
         blank=NO_PRICE),
    # 10 x 100 is the smallest
    Case("MinimumTrade", lambda **k: pretrade.MinimumTrade(0.001, **k), 100, blank=NO_NAV, side=-1),
    Case("OrderRate", lambda **k: pretrade.OrderRate(5, window=1, **k), 5, 4, 4, lambda n: buy(1),
         book_of=lambda n: {"recent": sent(n - 1)}, blank=NO_TIME),
    Case("MessageRate", lambda **k: pretrade.MessageRate(5, window=1, **k), 5, 4, 4, lambda n: buy(1),
         book_of=lambda n: {"recent": sent(n - 1, kind="cancel")}, blank=NO_TIME),
    Case("RepeatedExecution", lambda **k: pretrade.RepeatedExecution(5, **k), 5, 4, 4, lambda n: buy(1),
         book_of=lambda n: {"recent": sent(n - 1)}),
    # its twin was sent n milliseconds before
    Case("DuplicateOrder", lambda **k: pretrade.DuplicateOrder(2, **k), 2000, None, 0, lambda n: buy(1),
         book_of=lambda n: {"recent": [buy(1) | {"time": NOON - timedelta(milliseconds=n)}]}, blank=NO_TIME, side=-1,
         inclusive=False),
    # a lot more or less is whole; half a lot is not
    Case("LotSize", lambda **k: pretrade.LotSize({"A": 100}, **k), 300, inclusive=False, side=0),
    Case("TickSize", lambda **k: pretrade.TickSize(0.05, **k), 1005, order=lambda n: buy(1, limit_price=n / 100),
         inclusive=False, side=0),
    # the working sale asks for 10.50
    Case("SelfTrade", lambda **k: pretrade.SelfTrade(**k), 1049, order=lambda n: buy(1, limit_price=n / 100),
         held={"working": [{"asset": "A", "units": -5, "limit_price": 10.5}]}, inclusive=False),
    Case("RestrictedList", lambda **k: pretrade.RestrictedList(["B"], **k), 1,
         order=lambda n: buy(1) | {"asset": "A" if n <= 1 else "B"}, inclusive=False),
    Case("AllowedList", lambda **k: pretrade.AllowedList({"trend": ["A"], "carry": ["A", "B"]}, **k), 1,
         order=lambda n: buy(1, strategy="trend") | {"asset": "A" if n <= 1 else "B"}, inclusive=False),
    # minutes after midnight; it closes at 16:00
    Case("Session", lambda **k: pretrade.Session("09:30", "16:00", **k), 960,
         order=lambda n: buy(1) | {"time": NOON.replace(hour=0) + timedelta(minutes=n)}, blank=NO_TIME,
         inclusive=False),
    Case("Session", lambda **k: pretrade.Session("09:30", "16:00", **k), 570,
         order=lambda n: buy(1) | {"time": NOON.replace(hour=0) + timedelta(minutes=n)}, blank=NO_TIME, side=-1,
         inclusive=False),
    Case("ShortSale", lambda **k: pretrade.ShortSale(**k), -100, blank={"locates": {"A": None}}, side=-1),
    Case("TradingStateLimit", lambda **k: pretrade.TradingStateLimit(**k), 1, order=lambda n: buy(1),
         book_of=lambda n: {"decision": [Decision(), Decision(multiplier=0.5), Decision(reduce_only=True)][n]},
         blank={"decision": None}, inclusive=False),
    Case("CustomLimit", lambda **k: pretrade.CustomLimit(lambda order, book: order.units + book.units.sum(), 50, **k),
         50, 40, 40, blank={"units": {"A": None}}),
]  # fmt: skip


def name_of(case: Case) -> str:
    """Return the name of a test, with what tells the limit from others of its class."""
    given = [f"{name}={value}" for name, value in parameters_of(case.make()).items()]
    return f"{case.name}({', '.join(given)})"[:70]


def parameters_of(limit: pretrade.Limit) -> dict[str, Any]:
    """Return what is not as it is by default."""
    skipped = {"function", "scope", "name", "warn", "inclusive", "on_missing", "valid_from", "valid_until"}
    names = [each.name for each in fields(limit) if each.name not in skipped]
    return {name: getattr(limit, name) for name in names if getattr(limit, name)}
