"""Limits of orders judged on the fills of a ledger, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import posttrade, pretrade
from tests.posttrade.breaches.books import DAYS, breaches, ledger_of
from tests.posttrade.ledger.cases import actions_of

FLAT = {"A": [10.0] * 6, "B": [20.0] * 6}
WHAT = ("code", "subject", "first", "last", "bars", "worst")


def judged(trades, limits, prices=FLAT, *, data=None, **options):
    found = posttrade.compliance(ledger_of(trades, prices, **options), limits, **(data or {}))
    assert set(found.breaches["cause"]) <= {"active"}
    return found


def at(day, clock):
    return pd.Timestamp(f"2024-01-0{day + 1} {clock}")


def test_sizes_of_fills():
    trades = [(0, "A", 5.0, 10.0), (1, "A", 6.0, 10.0), (2, "A", -11.0, 10.0), (3, "B", 4.0, 20.0)]
    found = judged(trades, [pretrade.OrderUnits(5), pretrade.OrderNotional(70.0)])
    assert breaches(found, *WHAT) == [("ORDER_UNITS", "A", 1, 1, 1, 6.0), ("ORDER_NOTIONAL", "B", 3, 3, 1, 80.0)]
    assert found.checks["judged"].tolist() == ["fills", "fills"]
    assert found.checks["checked"].tolist() == [4, 4]


def test_exits_pass_limits_of_size_unless_they_are_limited_too():
    trades = [(0, "A", 5.0, 10.0), (1, "A", 5.0, 10.0), (2, "A", -10.0, 10.0)]
    assert judged(trades, [pretrade.OrderUnits(5)]).compliant
    assert breaches(judged(trades, [pretrade.OrderUnits(5, limit_exits=True)]), "first", "worst") == [(2, 10.0)]


def test_the_raising_part_of_a_fill_that_crosses_zero_is_judged():
    found = judged([(0, "A", 4.0, 10.0), (1, "A", -10.0, 10.0)], [pretrade.OrderUnits(5)])
    assert breaches(found, *WHAT) == [("ORDER_UNITS", "A", 1, 1, 1, 6.0)]


def test_restricted_assets_may_be_sold_and_not_bought():
    trades = [(0, "A", 5.0, 10.0), (1, "B", 1.0, 20.0), (2, "B", 1.0, 20.0), (4, "B", -2.0, 20.0)]
    found = judged(trades, [pretrade.RestrictedList(["B"])])
    assert breaches(found, "subject", "first", "last", "bars") == [("B", 1, 2, 2)]
    assert judged([(0, "A", 5.0, 10.0)], [pretrade.AllowedList(["A"])]).compliant


def test_allowed_assets_go_by_strategy():
    found = judged(
        [(0, "A", 1.0, 10.0), (1, "A", 1.0, 10.0)], [pretrade.AllowedList({"trend": ["A"]})],
        columns={"strategy": ["trend", "value"]},
    )  # fmt: skip
    assert breaches(found, "subject", "first") == [("A", 1)]


def test_short_sales_need_locates():
    trades = [(0, "A", 5.0, 10.0), (1, "A", -8.0, 10.0), (2, "A", -1.0, 10.0)]
    assert breaches(judged(trades, [pretrade.ShortSale()]), *WHAT) == [("SHORT_SALE", "A", 1, 2, 2, 4.0)]
    found = judged(trades, [pretrade.ShortSale()], data={"locates": {"A": 3.0}})
    assert breaches(found, *WHAT) == [("SHORT_SALE", "A", 2, 2, 1, 4.0)]


def test_turnover_of_a_day():
    trades = [(0, "A", 5.0, 10.0), (0, "B", 2.0, 20.0), (1, "A", 5.0, 10.0), (1, "B", 3.0, 20.0)]
    assert breaches(judged(trades, [pretrade.Turnover(100.0)]), *WHAT) == [("TURNOVER", "", 1, 1, 1, 110.0)]
    found = judged(trades, [pretrade.Turnover(0.1, denominator="nav", scope="asset")])
    assert found.compliant


def test_turnover_of_bars_within_a_day_adds_up():
    hours = pd.to_datetime(["2024-01-01 10:00", "2024-01-01 11:00", "2024-01-02 10:00"])
    trades = [(0, "A", 4.0, 10.0), (1, "A", 4.0, 10.0), (2, "A", 4.0, 10.0)]
    found = judged(trades, [pretrade.Turnover(70.0)], {"A": [10.0] * 3}, days=hours)
    assert found.breaches["first"].tolist() == [hours[1]]
    assert found.breaches["worst"].tolist() == [80.0]


def test_rates_are_counted_over_the_ends_of_bars():
    limits = [pretrade.OrderRate(2, window=3600.0), pretrade.RepeatedExecution(3, scope="account")]
    times = [at(0, "23:30"), at(0, "23:45"), at(1, "00:15"), at(1, "12:00")]
    found = judged([(time, "A", 1.0, 10.0) for time in times], limits)
    assert breaches(found, "code", "subject", "first", "worst") == [
        ("ORDER_RATE", "", 1, 3.0), ("REPEATED_EXECUTION", "", 1, 4.0),
    ]  # fmt: skip


def test_a_rate_needs_the_time_of_day():
    found = judged([(0, "A", 1.0, 10.0), (1, "A", 1.0, 10.0)], [pretrade.OrderRate(5, window=1.0)])
    assert not found.compliant
    assert found.checks["not_judged"].tolist() == [2]
    assert found.checks["reason"].tolist() == ["the time of day of a fill is not known"]
    assert "ORDER_RATE on 2 bars from 2024-01-01" in found.summary()


def test_duplicates_and_sessions_by_time():
    limits = [pretrade.DuplicateOrder(60.0), pretrade.Session("09:30", "16:00", time_zone="UTC")]
    times = [at(0, "10:00"), at(0, "10:00:59"), at(0, "10:01:59"), at(1, "16:00:01")]
    found = judged([(time, "A", 1.0, 10.0) for time in times], limits)
    assert breaches(found, "code", "first") == [("DUPLICATE_ORDER", 0), ("SESSION", 1)]


def test_sessions_of_dates_with_a_zone():
    days = DAYS.tz_localize("America/New_York")
    times = [
        pd.Timestamp("2024-01-02 10:30", tz="America/New_York"),
        pd.Timestamp("2024-01-03 09:00", tz="America/New_York"),
    ]
    limit = pretrade.Session("09:30", "16:00", time_zone="America/New_York")
    found = judged([(time, "A", 1.0, 10.0) for time in times], [limit], days=days)
    assert found.breaches["first"].tolist() == [days[2]]


def test_a_collar_goes_by_the_price_before_the_bar():
    found = judged([(1, "A", 1.0, 10.6), (2, "A", -1.0, 10.6)], [pretrade.PriceCollar(0.05)])
    assert breaches(found, "subject", "first", "worst") == [("A", 1, pytest.approx(0.06))]


def test_increments_of_units_and_prices():
    found = judged([(0, "A", 7.0, 10.0), (1, "A", 10.0, 10.03)], [pretrade.LotSize(10), pretrade.TickSize(0.05)])
    assert breaches(found, "code", "first") == [("LOT_SIZE", 0), ("TICK_SIZE", 1)]


def test_participation_reads_the_volume_known_before_the_bar():
    volume = pd.DataFrame({"A": [100.0, 1000.0, 1000.0]}, index=DAYS[:3])
    limits, trades = [pretrade.Participation(0.1)], [(1, "A", 20.0, 10.0), (2, "A", 20.0, 10.0)]
    found = judged(trades, limits, data={"average_volume": volume})
    assert breaches(found, "subject", "first", "worst") == [("A", 1, pytest.approx(0.2))]
    assert judged(trades, limits, data={"average_volume": {"A": 1000.0}}).compliant
    blind = judged(trades, limits)
    assert blind.checks["not_judged"].tolist() == [2]
    assert blind.checks["reason"].tolist() == ["average volume of A not known"]


def test_what_is_missing_is_told_from_what_passes_also_where_a_limit_lets_it_pass():
    blind = judged([(0, "A", 20.0, 10.0)], [pretrade.Participation(0.1, on_missing="pass")])
    assert blind.checks["not_judged"].tolist() == [1]
    assert not len(blind.breaches)


def test_working_orders_are_not_in_a_ledger():
    found = judged([(0, "A", 20.0, 10.0)], [pretrade.SelfTrade()])
    assert found.checks["reason"].tolist() == ["a ledger has no working orders"]
    assert not found.compliant


def test_buying_power_on_the_money_before_the_fill():
    found = judged([(0, "A", 60.0, 10.0), (1, "B", 30.0, 20.0)], [pretrade.BuyingPower()])
    assert breaches(found, "subject", "first", "worst", "threshold") == [("", 1, 600.0, 400.0)]


def test_a_function_of_a_user_judges_fills():
    limit = pretrade.CustomLimit(lambda order, book: abs(order.units), deny=10, name="ten")
    assert breaches(judged([(0, "A", 11.0, 10.0)], [limit]), "code", "limit", "worst") == [
        ("CUSTOM", "CUSTOM (ten)", 11.0)
    ]


def test_fills_of_one_order_count_together():
    trades = [(0, "A", 4.0, 10.0), (0, "A", 4.0, 10.2), (1, "A", 4.0, 10.0)]
    found = judged(trades, [pretrade.OrderUnits(5)], columns={"order": ["x", "x", None], "id": [1, 2, 3]})
    assert breaches(found, "first", "worst") == [(0, 8.0)]
    assert "3 fills, 2 orders" in found.conventions()
    assert judged(trades, [pretrade.OrderUnits(5)]).compliant


def test_a_split_makes_no_exit_an_entry():
    split = actions_of((1, "A", "split", 0.5, None, np.nan))
    trades = [(0, "A", 10.0, 10.0), (2, "A", -20.0, 5.0)]
    limits = [pretrade.OrderUnits(15), pretrade.RepeatedExecution(1)]
    assert judged(trades, limits, {"A": [10.0, 5.0, 5.0]}, corporate_actions=split).compliant


def test_what_ends_without_an_order_is_not_judged():
    delisted = actions_of((2, "A", "delisting", 3.0, None, np.nan))
    found = judged(
        [(0, "A", 10.0, 10.0)], [pretrade.OrderUnits(15), pretrade.RestrictedList(["A"], limit_exits=True)],
        {"A": [10.0, 5.0, 5.0]}, corporate_actions=delisted,
    )  # fmt: skip
    assert breaches(found, "code", "first") == [("RESTRICTED_LIST", 0)]


def test_a_limit_of_orders_holds_in_its_time_alone():
    found = judged(
        [(0, "A", 9.0, 10.0), (1, "A", 9.0, 10.0)], [pretrade.OrderUnits(5, valid_from="2024-01-02", name="new")]
    )
    assert breaches(found, "limit", "first") == [("ORDER_UNITS (new)", 1)]
    assert found.checks["checked"].tolist() == [1]


def test_no_fills_are_nothing_to_be_judged():
    limits = [pretrade.OrderUnits(5), pretrade.OrderRate(5, window=1.0), pretrade.PositionWeight(0.1)]
    found = judged([], limits)
    assert found.compliant
    assert found.checks["checked"].tolist() == [0, 0, 6]


def test_numbers_by_bar_are_those_known_before_the_fill():
    table = pd.DataFrame({"A": [0.0, 0.0, 5.0, 5.0]}, index=DAYS[:4])
    trades = [(1, "A", -4.0, 10.0), (3, "A", -1.0, 10.0)]
    found = judged(trades, [pretrade.ShortSale()], data={"locates": table})
    assert breaches(found, "first", "worst", "threshold") == [(1, 4.0, 0.0)]
    opening = pd.DataFrame({"A": [10.0, 8.0, 8.0]}, index=DAYS[:3])
    collar = [pretrade.PriceCollar(0.1, reference="opening")]
    trades = [(1, "A", 1.0, 10.0), (2, "A", 1.0, 10.0)]
    found = judged(trades, collar, data={"opening_prices": opening})
    assert breaches(found, "first", "worst") == [(2, pytest.approx(0.25))]
    assert judged(trades, collar).checks["not_judged"].tolist() == [2]


def test_a_checker_brings_its_data_and_arguments_go_before_them():
    ledger = ledger_of([(1, "A", 20.0, 10.0)], FLAT)
    checker = pretrade.UnifiedLimitChecker([pretrade.Participation(0.1)]).with_data(average_volume={"A": 100.0})
    assert breaches(posttrade.compliance(ledger, checker), "worst") == [(pytest.approx(0.2),)]
    assert posttrade.compliance(ledger, checker, average_volume={"A": 1000.0}).compliant
