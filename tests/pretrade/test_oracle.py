"""Verdicts against a second computation in exact fractions, which shares nothing with the kernel."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.pretrade import Outcome
from tests.examples import examples
from tests.pretrade.drawn import ASSETS, books, made, market_orders

# Thresholds are drawn of any size.
pytestmark = pytest.mark.filterwarnings("ignore:.* is a fraction:riskresearch.core.ConventionWarning")


class Oracle:
    """The book as it would be if all working orders of the side of an order were filled, and the order after them."""

    def __init__(self, book, order):
        self.book, self.asset, self.order = book, order["asset"], order["units"]
        side = [each for each in book["working"] if (each["units"] > 0) == (self.order > 0)]
        self.before = dict(book["units"])
        for each in side:
            self.before[each["asset"]] += each["units"]
        self.cash = Fraction(book["cash"]) - sum(each["units"] * book["prices"][each["asset"]] for each in side)
        self.after = {**self.before, self.asset: self.before[self.asset] + self.order}
        was, now = self.before[self.asset], self.after[self.asset]
        self.lowers = min(abs(self.order), abs(was)) if was * self.order < 0 else 0
        self.raises = abs(self.order) - self.lowers
        assert (self.raises == 0) == (abs(now) < abs(was) and now * was >= 0)
        self.price = book["prices"][self.asset]

    def gross(self, units):
        return sum(abs(units[asset]) * self.book["prices"][asset] for asset in ASSETS)

    def net(self, units):
        return sum(units[asset] * self.book["prices"][asset] for asset in ASSETS)

    def passes(self, name, k):
        book, price, now = self.book, self.price, abs(self.after[self.asset])
        if self.raises == 0:
            return True
        if name == "NetExposure":
            was, then = self.net(self.before), self.net(self.after)
            return abs(then) <= k or (abs(then) <= abs(was) and then * was >= 0)
        if name == "InstrumentCount":
            was, then = (sum(map(bool, each.values())) for each in (self.before, self.after))
            return then <= k or then <= was
        if name == "BuyingPower":
            # Money that no short position owes: its proceeds, and as much again.
            owed = sum(2 * each * book["prices"][asset] for asset, each in self.before.items() if each < 0)
            return self.raises * price <= self.cash + owed + self.lowers * price - k
        value = {
            "OrderUnits": self.raises, "OrderNotional": self.raises * price,
            "Participation": Fraction(self.raises, book["average_volume"][self.asset]), "PositionUnits": now,
            "PositionNotional": now * price, "PositionWeight": Fraction(now * price, book["nav"]),
            "GrossExposure": self.gross(self.after), "Leverage": Fraction(self.gross(self.after), book["nav"]),
            "Turnover": book["traded"] + abs(self.order) * price,
            "ShortSale": -self.after[self.asset] if self.order < 0 else 0,
        }[name]  # fmt: skip
        return value <= (book["locates"][self.asset] if name == "ShortSale" else k)


MADE = {
    "OrderUnits": pretrade.OrderUnits, "OrderNotional": pretrade.OrderNotional, "Participation": pretrade.Participation,
    "PositionUnits": pretrade.PositionUnits, "PositionNotional": pretrade.PositionNotional,
    "PositionWeight": pretrade.PositionWeight, "GrossExposure": pretrade.GrossExposure, "Leverage": pretrade.Leverage,
    "Turnover": pretrade.Turnover, "NetExposure": pretrade.NetExposure, "InstrumentCount": pretrade.InstrumentCount,
    "BuyingPower": lambda k: pretrade.BuyingPower(reserve=float(k)), "ShortSale": lambda k: pretrade.ShortSale(),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MADE))
@given(book=books(), order=market_orders, k=st.integers(0, 400))
@examples(20)
def test_a_verdict_is_that_of_exact_fractions(name, book, order, k):
    threshold = k // 100 if name == "InstrumentCount" else k
    oracle, checker = Oracle(book, order), UnifiedLimitChecker([MADE[name](threshold)])
    verdict = checker.check(order, made(book))
    assert (verdict.outcome == Outcome.PASS) is oracle.passes(name, threshold), verdict.explain()
    # What would pass is the largest of all sizes, one by one.
    sizes = range(1, abs(order["units"]) + 1)
    sign = 1 if order["units"] > 0 else -1
    fine = [size for size in sizes if Oracle(book, {**order, "units": sign * size}).passes(name, threshold)]
    repair = checker.repair(order, made(book))
    assert repair.units in ({sign * size for size in fine} or {0})
    assert sign * repair.units + 1 not in fine
    assert repair.units == sign * max(fine, default=0)
