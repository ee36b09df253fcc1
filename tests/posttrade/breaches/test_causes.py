"""Breaches of weights worked by hand: what made them, when they began and ended."""

import numpy as np
import pytest

from riskresearch import posttrade, pretrade
from tests.posttrade.breaches.books import breaches, ledger_of
from tests.posttrade.ledger.cases import actions_of

TENTH = [pretrade.PositionWeight(0.10)]
WHAT = ("subject", "first", "last", "bars", "cause")


def found_of(trades, prices, limits=TENTH, **options):
    judged = {name: options.pop(name) for name in ("groups", "pooled", "scenarios") if name in options}
    return posttrade.compliance(ledger_of(trades, prices, **options), limits, **judged)


def test_a_fill_over_the_limit_is_active():
    found = found_of([(0, "A", 11.0, 10.0)], {"A": [10.0, 10.0, 10.0]})
    assert breaches(found, *WHAT, "worst", "threshold") == [("A", 0, 2, 3, "active", pytest.approx(0.11), 0.1)]
    assert found.breaches["lasting"].tolist() == [True]
    assert not found.compliant


def test_a_fill_at_the_limit_is_within_it():
    assert found_of([(0, "A", 10.0, 10.0)], {"A": [10.0, 10.0]}).compliant


def test_a_price_makes_a_breach_passive_and_a_sale_ends_it():
    # 10 of 1000; at 12 it is 120 of 1020; the sale of 3 at 12 leaves 84 of 1020
    found = found_of([(0, "A", 10.0, 10.0), (2, "A", -3.0, 12.0)], {"A": [10.0, 12.0, 12.0, 12.0]})
    assert breaches(found, *WHAT) == [("A", 1, 1, 1, "passive")]
    assert found.breaches["worst"].tolist() == [pytest.approx(120.0 / 1020.0)]
    assert found.breaches["lasting"].tolist() == [False]


def test_a_fill_within_the_limit_at_its_own_price_is_not_what_made_the_breach():
    found = found_of([(1, "A", 10.0, 10.0)], {"A": [10.0, 12.0]})
    assert breaches(found, *WHAT) == [("A", 1, 1, 1, "passive")]


def test_a_fill_over_the_limit_at_its_own_price_made_the_breach():
    found = found_of([(1, "A", 10.0, 12.0)], {"A": [10.0, 12.0]})  # 120 of 1000
    assert breaches(found, *WHAT) == [("A", 1, 1, 1, "active")]


def test_a_fill_that_worsens_what_prices_did_is_active_and_one_that_eases_it_is_not():
    prices = {"A": [10.0, 13.0]}
    worse = found_of([(0, "A", 10.0, 10.0), (1, "A", 1.0, 13.0)], prices)
    eased = found_of([(0, "A", 10.0, 10.0), (1, "A", -1.0, 13.0)], prices)  # 117 of 1030
    assert breaches(worse, *WHAT) == [("A", 1, 1, 1, "active")]
    assert breaches(eased, *WHAT) == [("A", 1, 1, 1, "passive")]


def test_the_fall_of_another_asset_is_passive_also_where_there_were_fills():
    prices = {"A": [10.0, 10.0], "B": [10.0, 5.0]}
    found = found_of(
        [(0, "B", 50.0, 10.0), (1, "A", 10.0, 10.0)], prices, [pretrade.PositionWeight({"A": 0.1, "*": 1})]
    )
    assert breaches(found, *WHAT) == [("A", 1, 1, 1, "passive")]  # 100 of 750; of 1000 at the prices known before


def test_a_withdrawal_is_passive_and_a_deposit_of_the_day_is_there_at_the_fill():
    left = found_of([(0, "A", 9.0, 10.0), (1, "A", 1.0, 10.0)], {"A": [10.0, 10.0]}, flows=[(1, -500.0)])
    assert breaches(left, *WHAT) == [("A", 1, 1, 1, "passive")]
    assert found_of([(1, "A", 15.0, 10.0)], {"A": [10.0, 10.0]}, flows=[(1, 500.0)]).compliant


def test_a_split_changes_units_and_is_passive():
    split = actions_of((2, "A", "split", 0.5, None, np.nan))
    found = found_of(
        [(0, "A", 10.0, 10.0)], {"A": [10.0, 10.0, 5.0]}, [pretrade.PositionUnits(15)], corporate_actions=split
    )
    assert breaches(found, *WHAT, "worst") == [("A", 2, 2, 1, "passive", 20.0)]
    assert found_of([(0, "A", 10.0, 10.0)], {"A": [10.0, 10.0, 5.0]}, corporate_actions=split).compliant


def test_a_fill_beside_a_split_is_judged_at_prices_after_it():
    split = actions_of((1, "A", "split", 0.5, None, np.nan))
    trades = [(0, "A", 10.0, 10.0), (1, "B", 10.0, 10.0)]
    found = found_of(trades, {"A": [10.0, 7.0], "B": [10.0, 10.0]}, corporate_actions=split)
    assert breaches(found, *WHAT) == [("A", 1, 1, 1, "passive")]  # 100 of 1000 before the bar; the fill was of B


def test_a_short_position_counts_with_its_absolute_weight():
    assert breaches(found_of([(0, "A", -11.0, 10.0)], {"A": [10.0]}), *WHAT) == [("A", 0, 0, 1, "active")]


def test_breaches_of_several_limits_are_in_the_order_of_time():
    limits = [pretrade.Leverage(0.5), *TENTH, pretrade.InstrumentCount(1)]
    found = found_of([(0, "A", 20.0, 10.0), (1, "B", 40.0, 10.0)], {"A": [10.0] * 3, "B": [10.0] * 3}, limits)
    assert breaches(found, "code", "subject", "first") == [
        ("WEIGHT", "A", 0), ("LEVERAGE", "", 1), ("WEIGHT", "B", 1), ("INSTRUMENT_COUNT", "", 1),
    ]  # fmt: skip
    assert found.checks["code"].tolist() == ["LEVERAGE", "WEIGHT", "INSTRUMENT_COUNT"]
    assert found.checks["in_breach"].tolist() == [2, 3, 2]


def test_the_bar_of_the_worst_value_is_named():
    found = found_of([(0, "A", 10.0, 10.0)], {"A": [10.0, 12.0, 15.0, 13.0]})
    assert breaches(found, "first", "last", "worst_on", "worst") == [(1, 3, 2, pytest.approx(150.0 / 1050.0))]


def test_the_sign_of_a_net_exposure_does_not_matter():
    found = found_of([(0, "A", -30.0, 10.0)], {"A": [10.0, 10.0]}, [pretrade.NetExposure(200)])
    assert breaches(found, "code", "worst", "cause") == [("NET_EXPOSURE", 300.0, "active")]


def test_warnings_are_counted_and_are_no_breaches():
    found = found_of([(0, "A", 9.0, 10.0)], {"A": [10.0, 10.0]}, [pretrade.PositionWeight(0.1, warn=0.08)])
    assert found.compliant
    assert found.checks["warned"].tolist() == [2]


def test_inclusive_limits_are_broken_at_the_limit():
    found = found_of([(0, "A", 10.0, 10.0)], {"A": [10.0]}, [pretrade.PositionWeight(0.1, inclusive=True)])
    assert breaches(found, "subject", "cause") == [("A", "active")]


def test_a_limit_is_judged_while_it_holds_alone():
    limit = pretrade.PositionWeight(0.1, valid_from="2024-01-02", valid_until="2024-01-03")
    found = found_of([(0, "A", 11.0, 10.0)], {"A": [10.0] * 5}, [limit])
    assert breaches(found, *WHAT) == [("A", 1, 2, 2, "passive")]  # no fill on the first day on which it held
    assert found.checks["checked"].tolist() == [2]
