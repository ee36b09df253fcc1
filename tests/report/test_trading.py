"""The section on trades: its numbers are those of a ledger made here, and it says why where there are none."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import datasets, metrics
from riskresearch.backtest import simulate
from riskresearch.report import build_report


@pytest.fixture(scope="module")
def stocks():
    return datasets.load("equities_adj_close").iloc[-700:, :4].pct_change().dropna()


@pytest.fixture(scope="module")
def page(stocks):
    return build_report(stocks, sections=["trading"])


def test_numbers_are_those_of_a_ledger(stocks, page):
    weights = pd.DataFrame(0.25, stocks.index, stocks.columns)
    done = simulate(weights, metrics.wealth_index(stocks), costs=0.0005, rebalance="month")
    found = page.tables.trading
    assert found.profit["profit"].sum() == pytest.approx(float(done.equity.iloc[-1]) - 1.0, rel=1e-9)
    assert -found.profit["costs"].sum() == pytest.approx(done.costs.to_numpy().sum(), rel=1e-9)
    trips = done.ledger(matching="fifo").round_trips(rule="per_lot")
    assert found.trades.loc["per_lot", "trips"] == len(trips.trips)
    assert found.trades.loc["per_lot", "win_rate"] == pytest.approx((trips.trips["net"] > 0.0).mean(), rel=1e-12)
    last = done.units.iloc[-1] * metrics.wealth_index(stocks).iloc[-1]
    sold = (done.fills["units"] * done.fills["price"]).groupby(done.fills["asset"], observed=False).sum()
    gross = found.profit["realised"] + found.profit["unrealised"]
    np.testing.assert_allclose(gross[last.index], last - sold[last.index], rtol=1e-9, atol=1e-12)


def test_the_sentence_says_what_the_table_says(page):
    found, text = page.tables.trading, page.html
    told = found.trades[found.trades["trips"] >= 20]["win_rate"]
    assert f"{told.min():.1%} to {told.max():.1%}" in text
    assert f"{found.profit['profit'].sum():.2%}" in text.replace("−", "-")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda stocks: stocks.iloc[:300], "over 500 returns or more"),
        (lambda stocks: stocks.iloc[:, 0], "one series only"),
        (lambda stocks: stocks.assign(ruined=np.where(np.arange(len(stocks)) == 9, -1.0, 0.001)), "lost everything"),
    ],
)
def test_it_says_why_there_is_nothing(stocks, change, reason):
    page = build_report(change(stocks), sections=["headline", "trading"])
    assert reason in page.html


def test_of_many_assets_those_with_the_largest_profits_are_shown():
    returns = datasets.load("equities_adj_close").iloc[-600:].pct_change().dropna()
    page = build_report(returns, sections=["trading"])
    profit = page.tables.trading.profit["profit"]
    shown = page.html[page.html.index('<section id="trading"') :]
    largest = profit.abs().nlargest(6).index
    assert f"{len(profit) - 6} others" in shown
    assert [name for name in profit.index if f">{name}<" in shown] == [each for each in profit.index if each in largest]


@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_few_trades_are_not_judged(stocks):
    hours = (stocks.iloc[:510] / 20.0).set_axis(pd.date_range("2024-01-01", periods=510, freq="h"))
    page = build_report(hours, sections=["trading"])
    assert (page.tables.trading.trades["trips"] < 20).all()
    assert "Closed trades are too few to say what they win." in page.html
