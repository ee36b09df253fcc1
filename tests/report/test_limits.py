"""The section on the 5/10/40 rule: its numbers are those counted here, and it says why there are none."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import datasets, metrics
from riskresearch.backtest import simulate
from riskresearch.report import build_report


@pytest.fixture(scope="module")
def stocks():
    return datasets.load("equities_adj_close").iloc[-700:].pct_change().dropna()


@pytest.fixture(scope="module")
def page(stocks):
    return build_report(stocks, sections=["limits"])


def weights_of_the_account(stocks):
    """Return the weights after each row, from units, prices and equity."""
    prices = metrics.wealth_index(stocks)
    done = simulate(pd.DataFrame(1.0 / stocks.shape[1], stocks.index, stocks.columns), prices, costs=0.0005,
                    rebalance="month")  # fmt: skip
    return (done.units * prices).div(done.equity, axis=0)


def test_numbers_are_those_of_the_weights_of_the_account(stocks, page):
    weights = weights_of_the_account(stocks)
    large = weights.where(weights > 0.05 * (1.0 + 1e-12), 0.0).sum(axis=1)
    found = page.tables.limits
    assert found["bars"].tolist() == [len(stocks)] * 2
    assert found["over"].tolist() == [int((weights.max(axis=1) > 0.10).sum()), int((large > 0.40).sum())]
    assert found.loc["SUM_40", "worst"] == pytest.approx(large.max(), rel=1e-12)
    assert found.loc["SUM_40", "worst_on"] == large.idxmax()


def test_equal_weights_of_twenty_keep_the_rule_as_stated_and_drift_over_it(page):
    found = page.tables.limits
    assert found["stated"].tolist() == [0.05, 0.0]
    assert not found["broken"].any()
    assert found.loc["SUM_40", "over"] > 300
    assert "the weights of this page keep it" in page.html
    assert f"over it on {found.loc['SUM_40', 'over']:,} days of 699" in page.html


@pytest.mark.parametrize("weights", [(0.5, 0.3, 0.2), (1.2, -0.1, -0.1)])
def test_large_weights_break_it_long_or_short(stocks, weights):
    three = stocks.iloc[:, :3]
    page = build_report(three, weights=dict(zip(three.columns, weights, strict=True)), sections=["limits"])
    found = page.tables.limits
    assert found["stated"].tolist() == pytest.approx([max(np.abs(weights)), sum(np.abs(weights))], rel=1e-12)
    assert found.loc["ISSUER_10", "where"] == three.columns[0]
    assert "the weights of this page break it" in page.html


def test_short_histories_are_judged_as_stated_alone(stocks):
    page = build_report(stocks.iloc[:300], sections=["limits"])
    assert page.tables.limits["bars"].tolist() == [0, 0]
    assert "the weights of this page keep it. An account is simulated over 500 returns or more" in page.html


def test_one_series_has_no_weights(stocks):
    page = build_report(stocks.iloc[:, 0], sections=["headline", "limits"])
    assert page.tables.limits.empty
    assert "one series only" in page.html
