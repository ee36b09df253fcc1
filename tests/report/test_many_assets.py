"""Pages of many assets and of many years: long tables are cut by a stated rule, and the tables keep every row."""

import html
import re

import numpy as np
import pandas as pd
import pytest

from riskresearch.report import build_report
from riskresearch.report._blocks import MOST_ROWS
from riskresearch.report.sections._monthly import MOST_YEARS
from tests.report.pages import section_of

pytestmark = pytest.mark.usefixtures("few_draws")


def panel(assets, rows=400):
    draws = np.random.default_rng(5).normal(0.0004, 0.01, (rows, assets)) * np.linspace(0.5, 2.0, assets)
    return pd.DataFrame(draws, pd.bdate_range("2020-01-01", periods=rows), [f"A{n:03d}" for n in range(assets)])


def cells(page, name, table=0):
    """The first cell and the others of each row of a table."""
    body = re.findall(r"<tbody>(.*?)</tbody>", section_of(page, name), re.S)[table]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]
    return {html.unescape(first): rest for first, *rest in rows}


@pytest.fixture(scope="module")
def sixty():
    return build_report(panel(60), sections=["assets", "contributions"])


def test_as_many_assets_as_fit_are_all_shown_in_their_order():
    report = build_report(panel(MOST_ROWS), sections=["assets", "contributions"])
    assert list(cells(report.html, "assets")) == list(report.tables.assets.index)
    assert list(cells(report.html, "contributions")) == list(report.tables.contributions.index)
    assert "others" not in report.html


def test_of_more_assets_those_of_most_risk_alone_are_shown_and_the_rule_is_stated(sixty):
    frame = sixty.tables.assets
    alone = (frame["weight"].abs() * frame["volatility"]).sort_values(ascending=False)
    assert list(cells(sixty.html, "assets")) == list(alone.index[:MOST_ROWS])
    assert "The 24 of 60 assets with the most risk alone, weight times volatility" in sixty.html
    assert len(frame) == 60


def test_contributions_that_are_not_shown_are_one_row_and_the_shares_still_sum_to_one(sixty):
    shown = cells(sixty.html, "contributions")
    assert len(shown) == MOST_ROWS + 1
    assert list(shown)[-1] == "36 others"
    for column in range(4):  # weight, and shares of volatility, VaR and CVaR
        total = sum(float(row[column].rstrip("%").replace("−", "-")) for row in shown.values())
        assert total == pytest.approx(100.0, abs=0.05 * len(shown) if column else 0.005 * len(shown))
    assert shown["36 others"][-1] == "–"  # what several add together is not the sum of what each does
    assert len(sixty.tables.contributions) == 60


def test_the_largest_hedge_is_among_the_contributions_that_are_shown():
    returns = panel(60)
    returns["A030"] = -returns.drop(columns="A030").mean(axis=1) * 3.0
    report = build_report(returns, sections=["contributions"])
    assert report.tables.contributions.index[-1] == "A030"
    assert "A030" in cells(report.html, "contributions")


def test_of_more_years_than_fit_the_last_are_in_the_table_and_all_in_the_figure():
    dates = pd.date_range("1900-01-31", "1999-12-31", freq="ME")
    fund = pd.Series(np.random.default_rng(6).normal(0.005, 0.03, len(dates)), index=dates, name="Fund")
    report = build_report(fund, sections=["monthly"])
    assert list(cells(report.html, "monthly")) == [str(year) for year in range(2000 - MOST_YEARS, 2000)]
    assert f"The last {MOST_YEARS} of 100 years" in report.html
    assert "Bars of 100 calendar years" in report.html
    assert len(report.tables.monthly) == 100
