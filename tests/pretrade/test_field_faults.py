"""The faults of other engines, each as their users reported it in a public issue; here none of them happens."""

import pandas as pd
import pytest

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import Decision, InvalidInputError, TradingState
from riskresearch.pretrade import LimitCode, Outcome

HALT = Decision(reduce_only=True)


def check(limits, order, book, **options):
    return UnifiedLimitChecker(limits, **options).check(order, book)


def order(units, asset="A", **more):
    return {"asset": asset, "units": units, **more}


def test_a_routed_symbol_is_judged_like_any_other():
    """nautilus_trader 4946: 500,000 shares passed because the account was kept under another venue."""
    symbol = "AAPL=STK.SMART"
    book = pretrade.Book({}, {symbol: 307.0}, cash=1e6, account="IB-DU1")
    limits = [pretrade.OrderNotional({symbol: 10.0}), pretrade.BuyingPower()]
    assert check(limits, order(1, symbol, account="IB-DU1"), book).codes == ("ORDER_NOTIONAL",)
    assert check(limits, order(500_000, symbol, account="IB-DU1"), book).codes == ("ORDER_NOTIONAL", "BUYING_POWER")
    assert check(limits, order(1, symbol, account="SMART"), book).codes == ("ORDER_NOTIONAL", "UNKNOWN_ACCOUNT")
    assert check([], order(1, symbol, account="SMART"), book).codes == ("UNKNOWN_ACCOUNT",)


def test_an_account_that_is_not_known_fails_closed():
    """nautilus_trader 4011: checks returned True for a missing account, and for every margin account."""
    unknown = pretrade.Book({}, {"A": 10.0})
    limits = [pretrade.PositionWeight(1.0), pretrade.Leverage(9.0), pretrade.BuyingPower()]
    assert check(limits, order(1), unknown).codes == ("WEIGHT", "LEVERAGE", "BUYING_POWER")
    margin = pretrade.Book({}, {"A": 10.0}, cash=1000.0)
    rules = [pretrade.BuyingPower(0.25)]
    assert check(rules, order(400), margin).outcome == Outcome.PASS  # a quarter of 4,000
    assert check(rules, order(401), margin).codes == ("BUYING_POWER",)


def test_an_order_at_the_market_without_a_price_is_denied():
    """nautilus_trader, with bars only: a notional limit of 10,000 let 106,000 through, for want of a quote."""
    limits = [pretrade.OrderNotional(10_000)]
    blind = check(limits, order(1000), pretrade.Book({}, {}, cash=1e6).after([]))
    assert blind.codes == ("ORDER_NOTIONAL", "UNKNOWN_ASSET")
    verdict = check(limits, order(1000), pretrade.Book({"A": 0}, {}, cash=1e6))
    assert verdict.reasons == ("ORDER_NOTIONAL: value=unknown, limit=10,000 (needs prices)",)
    assert check(limits, order(1000), pretrade.Book({}, {"A": 106.0}, cash=1e6)).codes == ("ORDER_NOTIONAL",)


@pytest.mark.parametrize(("held", "units", "passes"), [
    (0, 50_000, False), (0, -50_000, False), (200_000, -1_000_000, False), (200_000, -200_000, True),
    (200_000, -1, True), (200_000, 1, False), (-200_000, 200_000, True), (-200_000, 200_001, False),
])  # fmt: skip
def test_a_halt_is_judged_by_the_position_and_not_by_the_side(held, units, passes):
    """nautilus_trader: reduce-only denied by side and sign only, so that a flat book opened 50,000 in a halt."""
    book = pretrade.Book({"A": held}, {"A": 1.0}, cash=1e6, decision=HALT)
    verdict = check([pretrade.TradingStateLimit()], order(units), book)
    assert (verdict.outcome == Outcome.PASS) is passes
    repaired = UnifiedLimitChecker([pretrade.TradingStateLimit()]).repair(order(units), book)
    assert repaired.units == (units if passes else -held if units * held < 0 else 0)


@pytest.mark.parametrize("units", [-10, -6, -4])
def test_an_exit_passes_a_halt_as_far_as_it_is_one(units):
    """nautilus_trader PR 4761: the closing order was denied in a halt; one of 10 for a position of 4 is no exit."""
    book = pretrade.Book({"A": 4}, {}, decision=TradingState.HALTED)
    limits = [pretrade.TradingStateLimit(), pretrade.OrderNotional(1.0), pretrade.PositionWeight(0.0)]
    verdict = check(limits, order(units), book, on_breach="clip")
    assert verdict.units == -4.0
    assert verdict.outcome == (Outcome.PASS if units == -4 else Outcome.CLIP)


def test_a_whole_exit_is_not_too_small():
    """nautilus_trader 4695 and 4746: a close worth 43.42 was denied by a smallest notional of 50."""
    limits = [pretrade.MinimumTrade(50.0, denominator=None), pretrade.OrderUnits(1), pretrade.BuyingPower()]
    short = pretrade.Book({"A": -2}, {"A": 25.0}, cash=0.0)
    assert check(limits, order(2, limit_price=21.71), short).outcome == Outcome.PASS
    assert check(limits, order(1), short).outcome == Outcome.PASS
    assert check(limits, order(-1), short).codes == ("MINIMUM_TRADE", "BUYING_POWER")


def test_a_position_bought_with_all_cash_can_be_closed():
    """nautilus_trader 2986, 3256 and 1630: a sale of what is held was compared with the free balance."""
    full = pretrade.Book({"A": 100}, {"A": 100.0}, cash=0.0)
    limits = [pretrade.BuyingPower(), pretrade.ShortSale()]
    assert check(limits, order(-100), full).outcome == Outcome.PASS
    assert check(limits, order(-100, limit_price=90.0), full).outcome == Outcome.PASS
    assert check(limits, order(1), full).codes == ("BUYING_POWER",)
    part = pretrade.Book({"A": 0.17814}, {"A": 2000.0}, cash=0.0)
    assert check(limits, order(-0.2), part).codes == ("SHORT_SALE",)  # the sale pays for the rest
    assert UnifiedLimitChecker(limits).repair(order(-0.2), part).units == pytest.approx(-0.17814, rel=1e-11)


def test_prices_and_sizes_are_whole_increments_and_not_only_decimals():
    """bytex 21: 50,000.03 passed on a tick of 0.05."""
    book = pretrade.Book({}, {"BTC": 50_000.0}, cash=1e6)
    limits = [pretrade.TickSize(0.05), pretrade.LotSize(0.25)]
    assert check(limits, order(1, "BTC", limit_price=50_000.03), book).codes == ("TICK_SIZE",)
    assert check(limits, order(1, "BTC", limit_price=50_000.05), book).outcome == Outcome.PASS
    assert check(limits, order(1.1, "BTC", limit_price=50_000.05), book).codes == ("LOT_SIZE",)
    assert check(limits, order(1.1, "BTC", limit_price=50_000.03), book).codes == ("LOT_SIZE", "TICK_SIZE")


@pytest.mark.parametrize("cash", [None, float("nan"), 0.0])
@pytest.mark.parametrize("on_missing", ["deny", "warn", "pass"])
def test_a_missing_balance_is_none(cash, on_missing):
    """bytex 21: a currency without a balance was unlimited."""
    book = pretrade.Book({}, {"A": 10.0}, nav=1e6, cash=cash)
    limits = [pretrade.BuyingPower(on_missing=on_missing)]
    assert check(limits, order(1), book).reasons == ("BUYING_POWER: value=10, limit=0",)
    assert UnifiedLimitChecker(limits).headroom(book).units.loc["A", "buy"] == 0.0


@pytest.mark.parametrize("mode", ["cumulative", "all_or_none", "independent"])
def test_a_list_passes_the_gate_of_single_orders(mode):
    """bytex 21: a list of orders opened positions while the node was in reduce-only state."""
    book = pretrade.Book({"A": 5}, {"A": 10.0, "B": 10.0}, cash=1e6, decision=HALT)
    limits = [pretrade.TradingStateLimit(), pretrade.PositionUnits(4)]
    verdicts = UnifiedLimitChecker(limits).check_batch([order(5), order(1, "B"), order(9, "B")], book, mode=mode)
    assert (verdicts.outcome == Outcome.DENY).all()
    assert verdicts[2].codes == ("POSITION_UNITS", "TRADING_STATE")
    assert not verdicts.units.any()


def test_a_resting_exit_counts_before_a_second_one():
    """bytex 26: a resting exit of the whole position filled after a part of it was sold, and opened a short."""
    book = pretrade.Book({"A": 134}, {"A": 1.0}, cash=0.0, working=[order(-134, limit_price=2.0)], decision=HALT)
    for limit in (pretrade.TradingStateLimit(), pretrade.ShortSale(), pretrade.PositionUnits(0)):
        assert check([limit], order(-67), book).codes == (limit.code.name,)
        assert UnifiedLimitChecker([limit]).repair(order(-67), book).units == 0.0


def test_working_orders_of_two_sides_do_not_net():
    """trading-engine 8: working buys and sells netted, so that one side alone could break the limit."""
    book = pretrade.Book({}, {"A": 1.0}, cash=1e6, working=[order(90), order(-90)])
    limits = [pretrade.PositionUnits(100), pretrade.GrossExposure(100)]
    for side in (1, -1):
        assert check(limits, order(side * 10), book).outcome == Outcome.PASS
        assert check(limits, order(side * 11), book).codes == ("POSITION_UNITS", "GROSS_EXPOSURE")


def test_all_reasons_of_the_closed_list_are_given_at_once():
    """OrderBook-rs 54 and oscmcompany fund 1023: typed reasons, and not the first one only."""
    book = pretrade.Book({}, {"A": 100.0}, cash=1000.0, nav=1000.0)
    limits = [
        pretrade.OrderUnits(5), pretrade.OrderNotional(500), pretrade.PriceCollar(0.03), pretrade.PositionWeight(0.5),
        pretrade.GrossExposure(900), pretrade.BuyingPower(), pretrade.RestrictedList(["A"]),
    ]  # fmt: skip
    verdict = check(limits, order(11, limit_price=104.0), book)
    assert verdict.denied == (
        LimitCode.ORDER_UNITS | LimitCode.ORDER_NOTIONAL | LimitCode.PRICE_COLLAR | LimitCode.WEIGHT
        | LimitCode.GROSS_EXPOSURE | LimitCode.BUYING_POWER | LimitCode.RESTRICTED_LIST
    )  # fmt: skip
    assert verdict.reasons[:3] == (
        "ORDER_UNITS: value=11, limit=5", "ORDER_NOTIONAL: value=1,144, limit=500",
        "PRICE_COLLAR: value=0.04, limit=0.03"
    )  # fmt: skip
    assert len(verdict.reasons) == 7


def test_a_denied_order_is_never_silent():
    """backtesting.py 1334, 1360 and 1216: orders were cancelled for margin without a word."""
    book = pretrade.Book({}, {"A": 50_000.0}, cash=100_000.0)
    verdicts = UnifiedLimitChecker([pretrade.BuyingPower()]).check_batch([order(4), order(2)], book)
    assert verdicts.explain(0) == "DENY +4 A\n  BUYING_POWER: value=200,000, limit=100,000"
    assert "BUYING_POWER" in verdicts.summary()
    assert verdicts.counts().loc["BUYING_POWER", "denied"] == 1
    assert verdicts.to_frame()["denied"].tolist() == ["BUYING_POWER", ""]


def test_what_would_pass_stands_beside_the_refusal():
    """Finance-Guru 102 and EarnForex 125: cut the order to the limit instead of a bare refusal."""
    book = pretrade.Book({"A": 3}, {"A": 10.0}, cash=970.0)
    checker = UnifiedLimitChecker([pretrade.PositionWeight(0.10)])
    repair = checker.repair(order(20), book)
    assert (repair.units, repair.binding) == (7.0, "WEIGHT")
    clipped = check([pretrade.PositionWeight(0.10)], order(20), book, on_breach="clip")
    assert (clipped.outcome, clipped.units) == (Outcome.CLIP, 7.0)


def test_borrowing_does_not_raise_the_denominator():
    """enzymefinance 821: concentration over gross assets fell when the fund borrowed."""
    lean = pretrade.Book({}, {"A": 1.0, "USD": 1.0}, cash=100.0)
    borrowed = pretrade.Book({"USD": 100}, {"A": 1.0, "USD": 1.0}, cash=0.0)  # and 100 more may be borrowed
    for book in (lean, borrowed):
        assert check([pretrade.PositionWeight(0.5)], order(50), book).outcome == Outcome.PASS
        verdict = check([pretrade.PositionWeight(0.5)], order(51), book)
        assert verdict.reasons == ("WEIGHT: value=0.51, limit=0.5",)
    assert check([pretrade.PositionWeight(0.5, denominator="gross")], order(51), borrowed).outcome == Outcome.PASS


def test_limits_of_a_book_show_how_much_of_them_is_used():
    """tradista 166: not more than a million of bonds, not more than half in one country, and the use at any time."""
    limits = [pretrade.GrossExposure(1e6, name="bonds"), pretrade.GroupWeight(0.5, by="country")]
    book = pretrade.Book(
        {"A": 400, "B": 300}, {"A": 1000.0, "B": 1000.0}, cash=300_000.0,
        groups={"country": {"A": "CN", "B": "DE"}},
    )  # fmt: skip
    used = UnifiedLimitChecker(limits).headroom(book).limits.set_index("code")["used"]
    assert used.to_dict() == {"GROSS_EXPOSURE": 0.7, "GROUP": 0.8}
    assert check(limits, order(101), book).reasons == ("GROUP: value=0.501, limit=0.5",)
    assert check(limits, order(301), book).codes == ("GROUP", "GROSS_EXPOSURE")


def test_recording_says_that_a_limit_is_broken():
    """zipline with on_error="log": 50,000 shares went through, and the run went on as if nothing had happened."""
    book = pretrade.Book({}, {"A": 300.0}, cash=1e6)
    verdicts = UnifiedLimitChecker([pretrade.Leverage(1.0)], on_breach="record").check_batch([order(50_000)], book)
    assert (verdicts.outcome[0], verdicts.units[0]) == (Outcome.DENY, 50_000.0)
    assert "over a limit and passed" in verdicts.summary()
    assert verdicts.explain(0).startswith("DENY +50,000 A\n  LEVERAGE: value=15, limit=1")


def test_risk_without_its_data_is_not_zero():
    """ml4t-backtest: without returns VaR was fine, and an unknown beta counted as 1."""
    book = pretrade.Book({}, {"A": 1.0}, cash=100.0)
    limits = [pretrade.ValueAtRisk(0.9), pretrade.ConditionalValueAtRisk(0.9), pretrade.BetaExposure(9.0)]
    assert check(limits, order(1), book).codes == ("VALUE_AT_RISK", "CONDITIONAL_VALUE_AT_RISK", "BETA_EXPOSURE")


@pytest.mark.parametrize("give", ["check", "batch", "clip", "repair", "headroom"])
def test_an_error_in_a_function_of_a_user_lets_nothing_pass(give):
    """Hummingbot's kill switch: an exception in the computation was logged, and trading went on."""
    book = pretrade.Book({}, {"A": 1.0}, cash=100.0)
    limit = pretrade.CustomLimit(lambda order, book: 1 / 0, deny=1, name="margin of venue")
    checker = UnifiedLimitChecker([limit], on_breach="clip" if give == "clip" else "deny")
    asked = {
        "check": lambda: checker.check(order(1), book), "batch": lambda: checker.check_batch([order(1)], book),
        "clip": lambda: checker.check_batch([order(1)], book), "repair": lambda: checker.repair(order(1), book),
        "headroom": lambda: checker.headroom(book),
    }[give]  # fmt: skip
    wanted = r"function of CUSTOM \(margin of venue\) must return a number, but it raised ZeroDivisionError"
    for _ in range(2):
        with pytest.raises(InvalidInputError, match=wanted):
            asked()


def test_a_limit_by_group_is_not_one_by_asset():
    """A strategy lists its names; another strategy may not trade them, and its exits pass."""
    limit = pretrade.AllowedList({"trend": ["A"]})
    book = pretrade.Book({"B": 5}, {"A": 1.0, "B": 1.0}, cash=100.0)
    assert check([limit], order(1, strategy="trend"), book).outcome == Outcome.PASS
    for other in ("carry", ""):
        assert check([limit], order(1, strategy=other), book).codes == ("ALLOWED_LIST",)
    assert check([limit], order(1, "B", strategy="trend"), book).codes == ("ALLOWED_LIST",)
    assert check([limit], order(-5, "B", strategy="carry"), book).outcome == Outcome.PASS


def test_a_frame_of_orders_is_not_aggregated():
    """vectorbt 426 and 655: a second entry of the same column was dropped without a word."""
    frame = pd.DataFrame({"asset": ["A", "A", "A"], "units": [60.0, 60.0, 30.0], "order_id": ["1", "1", "1"]})
    book = pretrade.Book({}, {"A": 1.0}, cash=1e6)
    verdicts = UnifiedLimitChecker([pretrade.PositionUnits(100)]).check_batch(frame, book)
    assert verdicts.outcome.tolist() == [Outcome.PASS, Outcome.DENY, Outcome.PASS]
    assert verdicts.to_frame()["order_id"].tolist() == ["1", "1", "1"]
