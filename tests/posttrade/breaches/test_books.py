"""Limits of the book over a history: issuers, groups, risk, accounts, strategies, and what cannot be judged."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch import metrics, posttrade, pretrade
from tests.posttrade.breaches.books import DAYS, breaches, ledger_of
from tests.posttrade.ledger.cases import actions_of

TABLE = json.loads((Path(__file__).parents[2] / "reference" / "pretrade" / "truth_table.json").read_text("utf-8"))


@pytest.mark.parametrize("case", TABLE["ucits_5_10_40"], ids=lambda case: case["case"])
def test_the_5_10_40_rule_by_the_truth_table(case):
    weights = case["issuer_weights_percent"]
    trades = [(0, issuer, float(weight), 1.0) for issuer, weight in weights.items()]
    found = posttrade.compliance(
        ledger_of(trades, {issuer: [1.0] for issuer in weights}, cash=100.0), pretrade.UcitsConcentration()
    )
    assert sorted({each.split("(")[-1].rstrip(")") for each in found.breaches["limit"]}) == case["breaches"]
    assert found.compliant == (not case["breaches"])
    assert "Each asset counts as an issuer of its own" in found.summary()


def test_issuers_are_summed_over_their_assets():
    trades = [(0, "A", 6.0, 10.0), (0, "B", 3.0, 20.0)]
    limits, prices = [pretrade.UcitsConcentration()], {"A": [10.0], "B": [20.0]}
    assert posttrade.compliance(ledger_of(trades, prices), limits).compliant
    found = posttrade.compliance(ledger_of(trades, prices), limits, groups={"issuer": {"A": "one", "B": "one"}})
    assert breaches(found, "limit", "subject", "worst") == [("UCITS_CONCENTRATION (ISSUER_10)", "one", 0.12)]
    assert "of its own" not in found.summary()


def test_an_asset_without_a_group_is_not_judged():
    trades = [(0, "A", 6.0, 10.0), (1, "B", 3.0, 20.0)]
    ledger = ledger_of(trades, {"A": [10.0] * 3, "B": [20.0] * 3})
    found = posttrade.compliance(ledger, [pretrade.GroupWeight(0.5)], groups={"sector": {"A": "x"}})
    assert found.checks["not_judged"].tolist() == [2]
    assert found.checks["reason"].tolist() == ["no sector of B"]
    assert found.checks["checked"].tolist() == [3]
    nothing = posttrade.compliance(ledger, [pretrade.GroupWeight(0.5)])
    assert nothing.checks["reason"].tolist() == ["no sector of A"]


def test_groups_have_limits_of_their_own():
    trades = [(0, "A", 20.0, 10.0), (0, "B", 10.0, 20.0)]
    ledger = ledger_of(trades, {"A": [10.0], "B": [20.0]})
    limit = pretrade.GroupWeight({"x": 0.1, "*": 0.3})
    found = posttrade.compliance(ledger, [limit], groups={"sector": {"A": "x", "B": "y"}})
    assert breaches(found, "subject", "worst", "threshold") == [("x", 0.2, 0.1)]


def test_a_missing_price_is_named_and_ends_no_breach():
    # A, at 110 of 1000, is over the limit on bars 0 and 2; on bar 1 B is held, which has no price yet.
    trades = [(0, "A", 11.0, 10.0), (1, "B", 1.0, 20.0)]
    ledger = ledger_of(trades, {"A": [10.0] * 4, "B": [np.nan, np.nan, 20.0, 20.0]})
    found = posttrade.compliance(ledger, [pretrade.PositionWeight(0.1), pretrade.PositionUnits(20)])
    assert breaches(found, "subject", "first", "last", "bars") == [("A", 0, 3, 3)]
    assert found.checks["not_judged"].tolist() == [1, 0]
    assert found.checks["reason"].tolist()[0] == "no price of B"
    assert found.checks["first_not_judged"].tolist()[0] == DAYS[1]
    assert "not judged for missing numbers: WEIGHT on 1 bar from 2024-01-02 (no price of B)" in found.summary()
    assert "1 bar not judged" in repr(found)


def test_without_net_assets_weights_are_not_judged():
    ledger = ledger_of([(0, "A", 200.0, 10.0)], {"A": [10.0, 4.0]})
    found = posttrade.compliance(ledger, [pretrade.Leverage(3.0), pretrade.GrossExposure(1e6)])
    assert found.checks["not_judged"].tolist() == [1, 0]
    assert found.checks["reason"].tolist() == [
        "the net asset value is not positive: capital is a deposit in cash_flows", "",
    ]  # fmt: skip


def test_thresholds_by_asset_that_name_not_all_leave_the_others_unjudged():
    ledger = ledger_of([(0, "B", 1.0, 20.0)], {"A": [10.0], "B": [20.0]})
    found = posttrade.compliance(ledger, [pretrade.PositionUnits({"A": 5})])
    assert found.checks["reason"].tolist() == ["no threshold of what is held"]


def test_accounts_are_judged_as_one_or_each_by_itself():
    trades = [(0, "A", 6.0, 10.0), (1, "A", -6.0, 10.0), (2, "A", 15.0, 10.0)]
    columns = {"account": ["x", "y", "x"]}
    ledger = ledger_of(trades, {"A": [10.0] * 3}, columns=columns)
    pooled = posttrade.compliance(ledger, [pretrade.PositionUnits(14)])
    assert breaches(pooled, "account", "first", "worst") == [("", 2, 15.0)]
    each = posttrade.compliance(ledger, [pretrade.PositionUnits(14)], pooled=False)
    assert breaches(each, "account", "first", "worst") == [("x", 2, 21.0)]
    assert each.checks["account"].tolist() == ["x", "y"]
    assert "account" in each.summary()


def test_strategies_are_judged_by_what_they_hold():
    split = actions_of((2, "A", "split", 0.5, None, np.nan))
    trades = [(0, "A", 6.0, 10.0), (1, "A", 5.0, 10.0), (3, "A", -12.0, 5.0)]
    ledger = ledger_of(
        trades, {"A": [10.0, 10.0, 5.0, 5.0]}, columns={"strategy": ["one", "two", "one"]}, corporate_actions=split
    )
    found = posttrade.compliance(ledger, [pretrade.PositionUnits(10, scope="strategy")])
    assert breaches(found, "subject", "first", "last", "worst", "cause") == [("A of one", 2, 2, 12.0, "passive")]
    worth = posttrade.compliance(ledger, [pretrade.GrossExposure(55, scope="strategy")])
    assert breaches(worth, "subject", "first", "last", "cause") == [("one", 0, 2, "active")]


def test_strategies_after_a_change_of_symbol_are_not_judged():
    renamed = actions_of((1, "A", "symbol_change", np.nan, "B", np.nan))
    ledger = ledger_of(
        [(0, "A", 6.0, 10.0)], {"A": [10.0] * 2, "B": [np.nan, 10.0]}, columns={"strategy": ["one"]},
        corporate_actions=renamed,
    )  # fmt: skip
    found = posttrade.compliance(ledger, [pretrade.PositionUnits(10, scope="strategy")])
    assert found.checks["reason"].tolist() == ["corporate actions leave open which strategy holds what"]


def test_var_reads_scenarios_up_to_the_bar():
    returns = np.array([-0.01, 0.01, -0.05, 0.02, 0.0, 0.01])
    dated = pd.DataFrame({"A": returns}, index=DAYS)
    ledger = ledger_of([(0, "A", 100.0, 10.0)], {"A": [10.0] * 6})
    limit = pretrade.ValueAtRisk(0.02, level=0.9)
    found = posttrade.compliance(ledger, [limit], scenarios=dated)
    assert breaches(found, "first", "last", "worst", "cause") == [(2, 5, pytest.approx(0.05), "passive")]
    periods = posttrade.compliance(ledger, [limit], scenarios=dated.set_axis(DAYS.to_period("D")))
    assert breaches(periods, "first", "last") == [(3, 5)]  # a day is over on the next one
    fixed = posttrade.compliance(ledger, [limit], scenarios=dated.reset_index(drop=True))
    assert breaches(fixed, "first", "worst", "cause") == [(0, pytest.approx(0.05), "active")]
    tail = [pretrade.ConditionalValueAtRisk(0.01, level=0.6)]
    worst = posttrade.compliance(ledger, tail, scenarios=pd.DataFrame({"A": returns})).breaches["worst"]
    assert worst.tolist() == [pytest.approx(metrics.conditional_value_at_risk(returns, level=0.6))]
    blind = posttrade.compliance(ledger, [limit])
    assert blind.checks["reason"].tolist() == ["no scenarios"]


def test_exposure_to_beta_factors_and_shocks():
    ledger = ledger_of([(0, "A", 50.0, 10.0), (0, "B", -10.0, 20.0)], {"A": [10.0], "B": [20.0]})
    limits = [
        pretrade.BetaExposure(0.5), pretrade.FactorExposure(0.5, factor="value"),
        pretrade.StressLoss(0.05, shocks={"A": -0.2, "B": 0.1}),
    ]  # fmt: skip
    found = posttrade.compliance(
        ledger, limits, betas={"A": 1.5, "B": 0.5}, factors={"value": {"A": 1.0, "B": 1.0}}
    )  # 750 - 100 of 1000; 500 - 200; losses of 100 and 20
    assert breaches(found, "code", "worst") == [
        ("BETA_EXPOSURE", pytest.approx(0.65)), ("STRESS_LOSS", pytest.approx(0.12)),
    ]  # fmt: skip
    blind = posttrade.compliance(ledger, limits[:2], betas={"A": 1.0}, factors={"value": {"A": 1.0}})
    assert blind.checks["reason"].tolist() == ["no beta of B", "no value of B"]


def test_betas_may_differ_by_bar():
    ledger = ledger_of([(0, "A", 50.0, 10.0)], {"A": [10.0] * 4})
    betas = pd.DataFrame({"A": [0.5, 1.5, np.nan, 0.5]}, index=DAYS[:4])
    found = posttrade.compliance(ledger, [pretrade.BetaExposure(0.5)], betas=betas)
    assert breaches(found, "first", "last", "worst", "cause") == [(1, 1, pytest.approx(0.75), "passive")]
    assert found.checks[["not_judged", "reason"]].to_numpy().tolist() == [[1, "no beta of A"]]


def test_money_is_that_of_the_base_currency_and_of_contracts():
    fills = pd.DataFrame({"asset": "A", "time": DAYS[:1], "units": [2.0], "price": [10.0], "currency": "USD"})
    ledger = posttrade.Ledger.from_fills(
        fills, prices=pd.DataFrame({"A": [10.0, 10.0]}, index=DAYS[:2]), multipliers={"A": 50.0}, base_currency="EUR",
        rates=pd.DataFrame({"USD": [0.5, 0.8]}, index=DAYS[:2]),
    )  # fmt: skip
    found = posttrade.compliance(ledger, [pretrade.GrossExposure(600.0), pretrade.OrderNotional(400.0)])
    assert breaches(found, "code", "first", "worst", "cause") == [
        ("ORDER_NOTIONAL", 0, 500.0, "active"), ("GROSS_EXPOSURE", 1, 800.0, "passive"),
    ]  # fmt: skip


def test_bars_without_dates_are_numbers():
    fills = pd.DataFrame({"asset": "A", "time": [0, 2], "units": [11.0, -11.0], "price": [10.0, 10.0]})
    cash = pd.DataFrame({"time": [0], "amount": [1000.0], "kind": "deposit"})
    ledger = posttrade.Ledger.from_fills(fills, prices=pd.DataFrame({"A": [10.0] * 3}), cash_flows=cash)
    found = posttrade.compliance(ledger, [pretrade.PositionWeight(0.1, valid_from="2030-01-01")])
    assert found.breaches[["first", "last"]].to_numpy().tolist() == [[0, 1]]  # it holds where the time is not known


def test_wash_sales_are_added_on_request():
    days = pd.to_datetime(["2024-01-02", "2024-03-01", "2024-03-15"])
    ledger = ledger_of(
        [(0, "A", 10.0, 10.0), (1, "A", -10.0, 7.5), (2, "A", 10.0, 8.0)], {"A": [10.0, 7.5, 8.0]}, days=days
    )
    assert posttrade.compliance(ledger, [pretrade.PositionWeight(0.2)]).wash_sales is None
    found = posttrade.compliance(ledger, [pretrade.PositionWeight(0.2)], wash_sales=True)
    assert found.wash_sales.deferred == 25.0
    assert "Publication 550" in found.summary()
    narrow = posttrade.compliance(ledger, [], wash_sales=posttrade.wash_sales(ledger, window_days=3))
    assert narrow.wash_sales.deferred == 0.0
    assert narrow.compliant  # deferred losses are no breach of a limit
