"""Amounts of money on the page: of which equity, on which date, and in which digits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.report import build_file_report, build_report
from riskresearch.report._money import Capital, capital_of
from tests.examples import examples
from tests.report.pages import section_of

pytestmark = [
    pytest.mark.usefixtures("few_draws"),
    pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year"),
]

DAYS = pd.bdate_range("2024-01-01", periods=20)
FUND = pd.Series([-0.04, *[0.01, -0.02] * 9, 0.03], index=DAYS, name="Fund")
LAST = DAYS[-1]


def test_losses_are_amounts_of_the_capital_that_was_given():
    report = build_report(FUND, capital=1_000_000, sections=["headline"])
    # Twenty returns: the loss of rank ceil(0.95 * 20) = 19 is 0.02, and the worst twentieth is the loss of 0.04.
    assert report.tables.amounts.loc["VaR 95%"].tolist() == [0.02, 20_000.0, 1_000_000.0]
    assert report.tables.amounts.loc["CVaR 95%", "amount"] == pytest.approx(40_000.0)
    cards = report.html.partition('<ul class="cards">')[2].partition("</ul>")[0]
    assert '<span class="money">20,000 of 1,000,000</span>' in cards
    assert cards.count('class="money"') == 3
    assert "Amounts are of 1,000,000, the equity on 2024-01-26" in report.html
    assert "of 1,000,000 held after the last return on 2024-01-26, as given" in section_of(report.html, "conventions")
    table = section_of(report.html, "headline")
    assert '<th scope="col">Of 1,000,000</th>' in table
    assert "<td>20,000</td>" in table


def test_without_capital_there_is_no_money():
    report = build_report(FUND, sections=["headline"])
    assert "amounts" not in report.tables
    assert 'class="money"' not in report.html
    assert "<dt>Amounts in money</dt>" not in report.html


def test_equity_by_date_counts_on_the_last_date_of_the_page():
    equity = pd.Series(np.arange(100.0, 125.0), index=pd.bdate_range("2024-01-01", periods=25))
    report = build_report(FUND, capital=equity, sections=["headline"])
    assert report.tables.amounts["equity"].unique().tolist() == [119.0]


def test_amounts_of_profit_and_loss_are_of_the_equity_that_came_of_it(tmp_path):
    money = pd.Series([1250.5, -830.25, 410.0, -95.75] * 10, index=pd.bdate_range("2024-01-01", periods=40), name="PnL")
    money.to_csv(tmp_path / "pnl.csv", index_label="date")
    report = build_file_report(tmp_path / "pnl.csv", capital=100_000, sections=["headline"])
    assert report.tables.amounts["equity"].tolist() == pytest.approx([100_000 + money.sum()] * 6)
    words = report.tables.conventions.loc["Amounts in money", "Value"]
    assert words.startswith("of 107,345, the equity after the last return on 2024-02-23: the capital of 100,000 at the")


def test_profit_and_loss_that_a_benchmark_cuts_short_has_the_equity_of_that_day(tmp_path):
    money = pd.Series([1000.0, -500.5] * 20, index=pd.bdate_range("2024-01-01", periods=40), name="PnL")
    money.to_csv(tmp_path / "pnl.csv", index_label="date")
    index = pd.Series(100.0 + np.sin(np.arange(30.0)), index=pd.bdate_range("2024-01-01", periods=30), name="Index")
    index.to_csv(tmp_path / "index.csv", index_label="date")
    report = build_file_report(
        tmp_path / "pnl.csv", capital=100_000, benchmark=tmp_path / "index.csv", benchmark_kind="prices",
        benchmark_how="exact", sections=["headline"],
    )  # fmt: skip
    last = report.tables.returns.index[-1]
    assert last < money.index[-1]
    assert report.tables.amounts["equity"].iloc[0] == pytest.approx(100_000 + money[:last].sum())


def test_capital_is_no_evidence_of_profit_and_loss_in_a_report(tmp_path):
    path = tmp_path / "prices.csv"
    (100.0 * (1.0 + FUND).cumprod()).to_csv(path, index_label="date")
    report = build_file_report(path, capital=5_000, sections=["headline"])
    assert report.files[0].kind == "prices"
    assert report.tables.amounts["equity"].iloc[0] == 5_000


def test_past_crises_are_amounts_as_well(stocks, index):
    report = build_report(stocks, benchmark=index, capital=1_000_000, sections=["stress"])
    table = section_of(report.html, "stress")
    assert '<th scope="col">Of 1,000,000</th>' in table
    known = report.tables.stress["portfolio"].dropna()
    for value in known:
        assert f"<td>{1e6 * value:,.0f}</td>".replace("-", "\N{MINUS SIGN}") in table
    assert len(known) > 0


@pytest.mark.parametrize("capital", [0, -1.0, float("nan"), float("inf")])
def test_capital_that_is_no_money_is_refused(capital):
    with pytest.raises(InvalidInputError, match=r"capital \(--capital\) must be"):
        build_report(FUND, capital=capital)


def test_equity_of_other_dates_is_refused():
    with pytest.raises(InvalidInputError, match="capital must have a value on or before the last return, 2024-01-26"):
        build_report(FUND, capital=pd.Series([1.0, 2.0], index=pd.bdate_range("2030-01-01", periods=2)))


@pytest.mark.parametrize(
    ("fraction", "equity", "text"),
    [
        (0.0158, 1_000_000.0, "15,800 of 1,000,000"),
        (0.0158, 1_234_567.891, "19,506 of 1,234,568"),
        (-0.0012, 1_000_000.0, "\N{MINUS SIGN}1,200 of 1,000,000"),
        (0.0158, 1_000.0, "15.8 of 1,000"),
        (0.0158, 100.0, "1.58 of 100"),
        (0.0158, 0.5, "0.0079 of 0.5"),
        (0.0, 1_000_000.0, "0 of 1,000,000"),
        (float("nan"), 1_000_000.0, ""),
        (float("inf"), 1_000_000.0, ""),
    ],
)
def test_amounts_have_the_digits_of_their_equity(fraction, equity, text):
    assert Capital(equity, "").share(fraction) == text


@given(st.floats(1e-3, 1e15), st.floats(-1.0, 1.0))
@examples(50)
def test_a_written_amount_is_that_fraction_of_the_equity(equity, fraction):
    money = capital_of(equity, LAST)
    amount, whole = (
        float(part.replace(",", "").replace("\N{MINUS SIGN}", "-")) for part in money.share(fraction).split(" of ")
    )
    assert amount == pytest.approx(fraction * equity, abs=1e-4 * equity)
    assert whole == pytest.approx(equity, rel=1e-4)
