"""What limits judge: exits, scopes, several strategies, flows of orders, and what a breach does."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import ConventionWarning, Decision, InvalidInputError, TradingState
from riskresearch.pretrade import LimitCode, Outcome

T = datetime(2026, 1, 5, 12, tzinfo=UTC)
PRICES = {"A": 10, "B": 20}


def order(units, asset="A", **more):
    return {"asset": asset, "units": units, **more}


def check(limits, given, book, **options):
    return UnifiedLimitChecker(limits, **options).check(given, book)


def batch(limits, orders, book, mode="cumulative", **options):
    return UnifiedLimitChecker(limits, **options).check_batch(orders, book, mode=mode)


def outcomes(verdicts):
    return [Outcome(each).name for each in verdicts.outcome]


ENTRY_ERRORS = [
    (pretrade.PriceCollar(0.03), {"limit_price": 5.0}), (pretrade.TickSize(0.5), {"limit_price": 10.25}),
    (pretrade.LotSize(3), {}), (pretrade.Session("13:00", "14:00"), {}), (pretrade.DuplicateOrder(5), {}),
    (pretrade.OrderRate(1, window=5), {}), (pretrade.MessageRate(1, window=5), {}),
    (pretrade.SelfTrade(), {"limit_price": 9.0}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "more"), ENTRY_ERRORS, ids=lambda each: getattr(each, "code", None) and each.code.name
)
def test_an_error_of_entry_is_one_of_an_exit_too(limit, more):
    book = pretrade.Book(
        {"A": 10}, PRICES, cash=0.0, time=T, recent=[order(-10, time=T, **more)],
        working=[order(1, limit_price=9.5)],
    )  # fmt: skip
    assert check([limit], order(-10, **more), book).codes == (limit.code.name,)


def test_a_freeze_stops_exits_and_a_halt_does_not():
    for frozen in (False, True):
        book = pretrade.Book({"A": 10}, {}, decision=Decision(reduce_only=True, frozen=frozen))
        assert (check([pretrade.TradingStateLimit()], order(-10), book).outcome == Outcome.PASS) is not frozen


def test_each_asset_side_and_strategy_has_its_own_state():
    decision = Decision(units={
        "A": Decision(reduce_only=True), "short": Decision(frozen=True), "trend": Decision(reduce_only=True)
    })  # fmt: skip
    limits = [pretrade.TradingStateLimit()]
    book = pretrade.Book({"A": 5, "B": -5}, PRICES, decision=decision)
    assert check(limits, order(1), book).outcome == Outcome.DENY
    assert check(limits, order(-5), book).outcome == Outcome.PASS
    assert check(limits, order(-6), book).outcome == Outcome.DENY
    assert check(limits, order(1, "B"), book).outcome == Outcome.DENY  # leaves the frozen short side
    assert check(limits, order(1, "B", strategy="trend"), pretrade.Book({}, PRICES, decision=decision)).codes
    assert check(limits, order(1, "B"), pretrade.Book({}, PRICES, decision=decision)).outcome == Outcome.PASS
    assert check(limits, order(-1, "B"), pretrade.Book({}, PRICES, decision=decision)).codes == ("TRADING_STATE",)
    for state in TradingState:
        book = pretrade.Book({"A": 5}, PRICES, decision=state)
        assert (check(limits, order(1), book).outcome == Outcome.DENY) is (state == TradingState.HALTED)


def test_size_limits_judge_the_part_that_raises_and_with_limit_exits_all():
    book = pretrade.Book({"A": 100}, PRICES, cash=0.0, average_volume={"A": 100}, traded=5.0)
    for kind, unit in ((pretrade.OrderUnits, 1), (pretrade.OrderNotional, 10), (pretrade.Participation, 0.01)):
        assert check([kind(50 * unit)], order(-100), book).outcome == Outcome.PASS
        assert check([kind(50 * unit)], order(-150), book).outcome == Outcome.PASS
        assert check([kind(50 * unit)], order(-151), book).outcome == Outcome.DENY
        assert check([kind(50 * unit, limit_exits=True)], order(-51), book).outcome == Outcome.DENY
        assert check([kind(50 * unit, limit_exits=True)], order(-50), book).outcome == Outcome.PASS
    assert check([pretrade.Turnover(5.0)], order(-100), book).outcome == Outcome.PASS
    assert check([pretrade.Turnover(5.0, limit_exits=True)], order(-1), book).outcome == Outcome.DENY


def test_a_hedge_passes_although_the_exposure_is_still_over_its_limit():
    book = pretrade.Book({"A": 100}, PRICES, cash=0.0, betas={"A": 1, "B": 2}, factors={"f": {"A": 1, "B": 1}})
    limits = [
        pretrade.NetExposure(100), pretrade.BetaExposure(0.1), pretrade.FactorExposure(0.1, factor="f"),
        pretrade.StressLoss(0.01, shocks={"*": -0.5}),
    ]  # fmt: skip
    for limit in limits:
        assert check([limit], order(-1, "B"), book).outcome == Outcome.PASS
        assert check([limit], order(1, "B"), book).codes == (limit.code.name,)
    assert check(limits[:1], order(-101, "B"), book).codes == ("NET_EXPOSURE",)  # 1,000 - 2,020 changes the sign


def test_a_denied_order_changes_nothing():
    book = pretrade.Book({}, PRICES, cash=1000.0, time=T)
    limits = [
        pretrade.PositionUnits(50), pretrade.GrossExposure(600), pretrade.BuyingPower(), pretrade.Turnover(700),
        pretrade.OrderRate(3, window=9), pretrade.DuplicateOrder(9), pretrade.RepeatedExecution(3),
        pretrade.MessageRate(3, window=9), pretrade.InstrumentCount(2),
    ]  # fmt: skip
    flow = [order(10), order(30, "B")]
    bad = [order(999), order(999, "B"), order(-999), order(float("nan")), order(1, "Z"), order(0)]
    alone = batch(limits, flow, book)
    assert outcomes(alone) == ["PASS", "DENY"]
    mixed = batch(limits, [*bad, flow[0], *bad, flow[1], *bad], book)
    kept = [len(bad), 2 * len(bad) + 1]
    assert mixed.outcome[kept].tolist() == alone.outcome.tolist()
    for place, own in enumerate(kept):
        assert mixed[own].reasons == alone[place].reasons
        assert [each.value for each in mixed[own].measured] == [each.value for each in alone[place].measured]


@pytest.mark.parametrize(
    ("on_breach", "outcome", "units"), [("deny", "DENY", 0), ("clip", "CLIP", 40), ("record", "DENY", 50)]
)
def test_what_a_breach_does(on_breach, outcome, units):
    book = pretrade.Book({"A": 60}, PRICES, cash=0.0)
    verdict = check([pretrade.PositionUnits(100)], order(50), book, on_breach=on_breach)
    assert (verdict.outcome.name, verdict.units, verdict.codes) == (outcome, units, ("POSITION_UNITS",))
    after = batch([pretrade.PositionUnits(100)], [order(50), order(1)], book, on_breach=on_breach)
    held = {"deny": 61, "clip": 101, "record": 111}[on_breach]
    assert after[1].measured[0].value == held
    nothing = check([pretrade.RestrictedList(["A"])], order(5), book, on_breach=on_breach)
    assert (nothing.outcome, nothing.units) == (Outcome.DENY, 5.0 if on_breach == "record" else 0.0)


@pytest.mark.parametrize("on_breach", ["deny", "clip"])
def test_all_or_none_denies_all_where_one_is_denied_or_cut(on_breach):
    book = pretrade.Book({}, PRICES, cash=0.0)
    verdicts = batch(
        [pretrade.PositionUnits(100)], [order(60), order(60), order(5, "B")], book, "all_or_none", on_breach=on_breach
    )
    assert outcomes(verdicts) == ["DENY"] * 3
    assert [each.codes for each in verdicts] == [("BATCH",), ("POSITION_UNITS",), ("BATCH",)]
    assert not verdicts.units.any()
    assert "another order of the batch" in verdicts.explain(0)
    fine = batch([pretrade.PositionUnits(100)], [order(60), order(40)], book, "all_or_none")
    assert outcomes(fine) == ["PASS", "PASS"]


def test_independent_orders_do_not_see_one_another():
    orders = [order(60), order(60), order(-60), order(100), order(101)]
    book = pretrade.Book({}, PRICES, cash=0.0)
    turned = batch([pretrade.PositionUnits(100)], orders[::-1], book, "independent").outcome[::-1]
    assert batch([pretrade.PositionUnits(100)], orders, book, "independent").outcome.tolist() == turned.tolist()
    assert turned.tolist() == [0, 0, 0, 0, 3]


def test_strategies_have_positions_of_their_own():
    book = pretrade.Book(
        {"A": 10}, PRICES, nav=1000.0, strategy_units={"trend": {"A": 100}, "carry": {"A": -90}},
        working=[order(5, strategy="trend")],
    )  # fmt: skip
    limits = [pretrade.PositionUnits(110, scope="strategy"), pretrade.PositionWeight(1.1, scope="strategy")]
    for limit in limits:
        assert check([limit], order(5, strategy="trend"), book).outcome == Outcome.PASS
        assert check([limit], order(6, strategy="trend"), book).codes == (limit.code.name,)
        assert check([limit], order(-100, strategy="trend"), book).outcome == Outcome.PASS
        assert check([limit], order(-20, strategy="carry"), book).outcome == Outcome.PASS
        assert check([limit], order(-21, strategy="carry"), book).codes == (limit.code.name,)
        assert check([limit], order(111, strategy="new"), book).codes == (limit.code.name,)
        assert check([limit], order(110, strategy="new"), book).outcome == Outcome.PASS
    for limit in (pretrade.GrossExposure(900, scope="strategy"), pretrade.NetExposure(900, scope="strategy"),
                  pretrade.Leverage(0.9, scope="strategy")):  # fmt: skip
        assert check([limit], order(-1, strategy="carry"), book).codes == (limit.code.name,)
        assert check([limit], order(1, strategy="carry"), book).outcome == Outcome.PASS
    assert check([pretrade.InstrumentCount(1, scope="strategy")], order(1, "B", strategy="carry"), book).codes


def test_a_limit_by_strategy_needs_the_positions_of_strategies():
    book = pretrade.Book({"A": 10}, PRICES, nav=1000.0)
    limit = pretrade.PositionUnits(110, scope="strategy")
    assert check([limit], order(5, strategy="trend"), book).codes == ("POSITION_UNITS",)
    assert check([limit], order(-10, strategy="trend"), book).outcome == Outcome.PASS


def test_an_asset_that_only_a_strategy_holds_is_in_the_book():
    book = pretrade.Book({}, PRICES, nav=1000.0, strategy_units={"trend": {"Z": 100}})
    assert "Z" in book.assets
    assert check([pretrade.PositionUnits(50, scope="strategy")], order(1, "Z", strategy="trend"), book).codes


def test_orders_of_another_account_are_denied():
    book = pretrade.Book({"A": 10}, PRICES, cash=0.0, account="x")
    verdicts = batch([], [order(1), order(1, account="x"), order(1, account="y")], book)
    assert [each.codes for each in verdicts] == [(), (), ("UNKNOWN_ACCOUNT",)]
    assert "another account" in verdicts.explain(2)
    with pytest.raises(InvalidInputError, match=r"orders must be of one account .* account=name"):
        batch([], [order(1, account="x"), order(1, account="y")], pretrade.Book({}, PRICES))


def test_a_self_trade_is_an_order_that_meets_a_working_one():
    book = pretrade.Book({}, PRICES, working=[order(-5, limit_price=10.5), order(5, limit_price=9.5), order(3, "B")])
    denied = {
        (1, 10.49): False, (1, 10.5): True, (1, 11.0): True, (-1, 9.51): False, (-1, 9.5): True, (-1, 9.0): True,
        (1, float("nan")): True, (-1, float("nan")): True,
    }  # fmt: skip
    for (units, limit), wanted in denied.items():
        verdict = check([pretrade.SelfTrade()], order(units, limit_price=limit), book)
        assert (verdict.codes == ("SELF_TRADE",)) is wanted, (units, limit)
    assert check([pretrade.SelfTrade()], order(-1, "B", limit_price=1e9), book).codes  # one at the market meets any
    assert not check([pretrade.SelfTrade()], order(1, "B"), book).codes


def test_short_sales_are_located():
    book = pretrade.Book({"A": 30, "B": -100}, PRICES, locates={"A": 20, "B": 100})
    limits = [pretrade.ShortSale()]
    assert not check(limits, order(-50), book).codes
    assert check(limits, order(-51), book).reasons == ("SHORT_SALE: value=21, limit=20",)
    assert check(limits, order(-1, "B"), book).codes == ("SHORT_SALE",)
    assert not check(limits, order(50, "B"), book).codes
    nothing = pretrade.Book({"A": 30}, PRICES)
    assert check(limits, order(-31), nothing).codes == ("SHORT_SALE",)
    assert UnifiedLimitChecker(limits).repair(order(-31), nothing).units == -30
    assert not check(limits, order(1000, "B"), nothing).codes


def test_repeated_executions_wait_for_a_release():
    sent = [order(1 + k, strategy="trend", time=T + timedelta(hours=k)) for k in range(5)]
    limit = pretrade.RepeatedExecution(5)
    asked = order(9, strategy="trend", time=T + timedelta(days=9))
    assert check([limit], asked, pretrade.Book({}, PRICES, recent=sent)).codes == ("REPEATED_EXECUTION",)
    for released in ({"trend": T}, {"": T}, {"trend": T + timedelta(hours=9)}):  # that of T itself is no longer counted
        assert not check([limit], asked, pretrade.Book({}, PRICES, recent=sent, released=released)).codes
    for released in ({"trend": T - timedelta(1)}, {"carry": T + timedelta(9)}):
        assert check([limit], asked, pretrade.Book({}, PRICES, recent=sent, released=released)).codes
    book = pretrade.Book({"A": 7}, PRICES, recent=sent)
    assert not check([limit], order(9, strategy="carry"), book).codes
    assert check([pretrade.RepeatedExecution(5, scope="account")], order(9, strategy="carry"), book).codes
    assert not check([limit], order(-7, strategy="trend"), book).codes  # an exit
    undated = pretrade.Book({}, PRICES, recent=[order(1, strategy="trend")] * 5, released={"trend": T})
    assert check([limit], asked, undated).codes == ("REPEATED_EXECUTION",)  # they may have been sent after it


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("time", "within"), [
    ("2026-01-05T09:30-05:00", True), ("2026-01-05T09:29:59.999-05:00", False), ("2026-01-05T16:00-05:00", True),
    ("2026-01-05T16:00:00.001-05:00", False), ("2026-01-05T14:30+00:00", True), ("2026-01-03T12:00-05:00", False),
    ("2026-01-06T12:00-05:00", False),
    # the clock went forward on 8 March and back on 1 November: 13:30 UTC is 9:30 in summer and 8:30 in winter
    ("2026-03-06T13:30+00:00", False), ("2026-03-09T13:30+00:00", True), ("2026-10-30T13:30+00:00", True),
    ("2026-11-02T13:30+00:00", False), ("2026-11-02T21:00+00:00", True), ("2026-10-30T20:00:01+00:00", False),
])  # fmt: skip
def test_a_session_is_on_the_clock_of_its_zone(time, within):
    limit = pretrade.Session("09:30", "16:00", time_zone="America/New_York", holidays=["2026-01-06"])
    verdict = check([limit], order(1, time=at(time)), pretrade.Book({}, PRICES))
    assert (verdict.outcome == Outcome.PASS) is within
    frame = batch([limit], [order(1, time=at(time)), order(1, time=at(time))], pretrade.Book({}, PRICES))
    assert (frame.outcome[1] == Outcome.PASS) == within


@pytest.mark.parametrize(("time", "within"), [
    # Sunday evening belongs to the session of Sunday, whose day is not among the weekdays
    ("2026-01-04T20:00", False), ("2026-01-05T02:00", False), ("2026-01-05T18:00", True), ("2026-01-05T17:59", False),
    ("2026-01-06T05:00", True), ("2026-01-06T05:00:01", False), ("2026-01-09T20:00", True), ("2026-01-10T04:00", True),
    ("2026-01-10T20:00", False), ("2026-01-07T20:00", False), ("2026-01-08T04:00", False), ("2026-01-08T20:00", True),
])  # fmt: skip
def test_a_session_over_midnight_belongs_to_the_day_on_which_it_opened(time, within):
    limit = pretrade.Session("18:00", "05:00", holidays=["2026-01-07"])
    assert (check([limit], order(1, time=at(time)), pretrade.Book({}, PRICES)).outcome == Outcome.PASS) is within


def test_rates_count_orders_and_messages_also_cancellations():
    orders = [order(1 + k, time=T + timedelta(milliseconds=100 * k)) for k in range(6)]
    cancel = {**order(1), "kind": "cancel", "time": T + timedelta(milliseconds=50)}
    flow = [orders[0], cancel, *orders[1:]]
    book = pretrade.Book({}, PRICES)
    assert outcomes(batch([pretrade.OrderRate(3, window=1)], flow, book)) == ["PASS"] * 4 + ["DENY"] * 3
    assert outcomes(batch([pretrade.MessageRate(3, window=1)], flow, book)) == ["PASS"] * 3 + ["DENY"] * 4
    gone = [*flow, order(9, time=T + timedelta(milliseconds=1000))]
    assert outcomes(batch([pretrade.OrderRate(3, window=1)], gone, book))[-1] == "PASS"  # the first has left it
    many = [{**cancel, "units": k} for k in range(5)]
    assert (
        outcomes(batch([pretrade.MessageRate(3, window=1), pretrade.OrderUnits(0)], many, book))
        == ["PASS"] * 3 + ["DENY"] * 2
    )
    for scope, wanted in (
        ("account", ["PASS", "DENY", "DENY"]),
        ("asset", ["PASS", "PASS", "DENY"]),
        ("strategy", ["PASS", "DENY", "PASS"]),
    ):
        each = [order(1, time=T), order(2, "B", time=T), order(3, time=T, strategy="s")]
        assert outcomes(batch([pretrade.OrderRate(1, window=1, scope=scope)], each, book)) == wanted


def test_times_that_go_back_do_not_empty_a_window():
    times = [0, 100, 5000, 200, 300, 400]
    flow = [order(1 + k, time=T + timedelta(milliseconds=each)) for k, each in enumerate(times)]
    verdicts = batch([pretrade.OrderRate(2, window=1)], flow, pretrade.Book({}, PRICES))
    assert outcomes(verdicts) == ["PASS", "PASS", "PASS", "PASS", "DENY", "DENY"]  # all at 5 seconds
    twins = [order(7, time=T), order(7, time=T - timedelta(hours=1))]
    assert outcomes(batch([pretrade.DuplicateOrder(2)], twins, pretrade.Book({}, PRICES))) == ["PASS", "DENY"]


def test_orders_without_a_time_are_not_forgotten():
    limits = [pretrade.OrderRate(9, window=1), pretrade.DuplicateOrder(1)]
    book = pretrade.Book({}, PRICES, recent=[order(5)])
    verdict = check(limits, order(5, time=T), book)
    assert verdict.codes == ("DUPLICATE_ORDER", "ORDER_RATE")
    assert verdict.reasons[0] == "ORDER_RATE: value=unknown, limit=9 (needs time)"
    assert check(limits[:1], order(6, time=T), book).codes == ("ORDER_RATE",)
    assert not check(limits[1:], order(6, time=T), book).codes  # no twin


def test_what_is_too_old_is_not_known():
    book = pretrade.Book({"B": 1}, PRICES, cash=1000.0, ages={"prices": {"A": 1.0, "B": 99.0}, "cash": 1.0})
    for max_age in (5, {"prices": 5.0}):
        assert not check([pretrade.OrderNotional(1e6)], order(1), book, max_age=max_age).codes
        assert check([pretrade.OrderNotional(1e6)], order(1, "B"), book, max_age=max_age).codes == ("ORDER_NOTIONAL",)
        assert check([pretrade.GrossExposure(1e6)], order(1), book, max_age=max_age).codes == ("GROSS_EXPOSURE",)
        # the net asset value of cash and positions is as old as its prices
        assert check([pretrade.PositionWeight(1.0)], order(1), book, max_age=max_age).codes == ("WEIGHT",)
        assert not check([pretrade.OrderNotional(1.0)], order(-1, "B"), book, max_age=max_age).codes
    given = pretrade.Book({"B": 1}, PRICES, nav=1000.0, ages={"prices": {"A": 1.0}})
    assert not check([pretrade.PositionWeight(1.0)], order(1), given, max_age=5).codes
    assert check([pretrade.PositionWeight(1.0)], order(1), given, max_age={"nav": 5}).codes == ("WEIGHT",)
    assert check([pretrade.BuyingPower()], order(1), book, max_age={"cash": 0.5}).reasons == (
        "BUYING_POWER: value=10, limit=0",
    )
    assert not check([pretrade.OrderNotional(1e6)], order(1, "B"), book, max_age=99).codes  # exactly as old


def test_the_largest_part_is_whole_lots_of_every_lot():
    book = pretrade.Book({}, PRICES, cash=1e6)
    checker = UnifiedLimitChecker([pretrade.LotSize(4), pretrade.LotSize(6), pretrade.PositionUnits(30)])
    assert checker.repair(order(100), book).units == 24
    halves = UnifiedLimitChecker([pretrade.LotSize(0.5), pretrade.LotSize(0.2), pretrade.PositionUnits(3.7)])
    assert halves.repair(order(9.1), book).units == 3.0
    expired = UnifiedLimitChecker([pretrade.LotSize(100, valid_until="2025-12-31"), pretrade.PositionUnits(30)])
    assert expired.repair(order(77, time=T), book).units == 30
    assert expired.repair(order(77, time=T - timedelta(days=30)), book).units == 0


def test_a_split_between_order_and_check_is_seen_as_a_move_of_the_price():
    """A split of 1 to 10 after the order was written: its limit price is ten times the last one, and its collar denies.

    Without a collar only the position tells: orders and books are in the units of their own day.
    """
    before, after = pretrade.Book({"A": 10}, {"A": 100.0}, cash=1e4), pretrade.Book({"A": 100}, {"A": 10.0}, cash=1e4)
    stale = order(5, limit_price=100.0)
    assert not check([pretrade.PriceCollar(0.1)], stale, before).codes
    assert check([pretrade.PriceCollar(0.1)], stale, after).reasons == ("PRICE_COLLAR: value=9, limit=0.1",)
    assert not check([pretrade.ShortSale()], order(-10), after).codes


def test_a_checker_without_limits_denies_only_what_is_no_order():
    book = pretrade.Book({"A": 1}, PRICES, cash=0.0)
    verdicts = batch([], [order(1e300), order(np.nan), order(1, "Z"), order(1, limit_price=-1.0)], book)
    assert outcomes(verdicts) == ["PASS", "DENY", "DENY", "DENY"]
    assert [each.denied for each in verdicts] == [
        LimitCode(0), LimitCode.INVALID_ORDER, LimitCode.UNKNOWN_ASSET, LimitCode.INVALID_ORDER
    ]  # fmt: skip
    assert batch([], [], book).summary().startswith("0 orders: none judged")
    assert len(UnifiedLimitChecker([]).headroom(book).limits) == 0


def test_what_raises_the_position_of_a_strategy_is_denied_for_missing_numbers_though_the_account_reduces():
    book = pretrade.Book({"B": -60}, {"A": 1.0}, nav=100.0, strategy_units={"trend": {"B": -60}})
    order = {"asset": "B", "units": 20, "strategy": "carry"}
    checker = UnifiedLimitChecker([pretrade.PositionNotional(100, scope="strategy")])
    assert checker.check(order, book).outcome == pretrade.Outcome.DENY  # the price is not known
    for mode in ("cumulative", "independent"):
        assert checker.check_batch([order], book, mode=mode).outcome.tolist() == [pretrade.Outcome.DENY]
    # what lowers the position of its own strategy passes
    assert checker.check(order | {"strategy": "trend"}, book).outcome == pretrade.Outcome.PASS


def test_a_part_that_rounding_takes_off_is_no_part_that_passes():
    # 2e-13 of 1,000 units leave the position as it is: nothing of the order passes, and it is not cut to that.
    checker = UnifiedLimitChecker([pretrade.MinimumTrade(0.01)], on_breach="clip")
    book = pretrade.Book({"A": 1000.0}, {"A": 1.0}, nav=1000.0)
    verdict = checker.check({"asset": "A", "units": 3e-13}, book)
    assert (verdict.outcome, verdict.units) == (pretrade.Outcome.DENY, 0.0)
    assert verdict.reasons == ("MINIMUM_TRADE: value=3e-16, limit=at least 0.01",)


def test_a_price_that_is_not_read_is_said():
    with pytest.warns(ConventionWarning, match="column 'price', which is not read"):
        orders = pretrade.Orders.of([{"asset": "A", "units": 1, "price": 9.0}])
    assert orders.limit_price is None
    renamed = pretrade.Orders.of([{"asset": "A", "units": 1, "price": 9.0}], rename={"price": "limit_price"})
    assert renamed[0].limit_price == 9.0
