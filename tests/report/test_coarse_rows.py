"""Returns of quarters and years: no page shows them as those of a month."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.report import build_report
from tests.report.pages import section_of

pytestmark = pytest.mark.usefixtures("few_draws")


def _fund(periods: int, freq: str) -> pd.Series:
    dates = pd.date_range("2010-01-31", periods=periods, freq=freq)
    return pd.Series(np.random.default_rng(3).normal(0.02, 0.05, periods), index=dates, name="Fund")


@pytest.mark.parametrize(
    ("freq", "names"),
    [
        ("ME", ["Month to date", "3 months", "6 months", "Year to date", "1 year", "3 years", "5 years"]),
        ("QE", ["3 months", "6 months", "Year to date", "1 year", "3 years", "5 years"]),
        ("2QE", ["6 months", "Year to date", "1 year", "3 years", "5 years"]),
        ("YE", ["Year to date", "1 year", "3 years", "5 years"]),
    ],
)
def test_a_period_shorter_than_one_return_is_left_out(freq, names):
    periods = {"ME": 84, "QE": 28, "2QE": 14, "YE": 7}[freq]
    frame = build_report(_fund(periods, freq), sections=["periods"]).tables.periods
    assert frame.index.tolist() == [*names, "Since start"]


def test_quarters_stand_in_columns_of_quarters():
    fund = _fund(30, "QE")
    report = build_report(fund, benchmark=(0.5 * fund).rename("Index"), sections=["monthly"])
    table = report.tables.monthly
    assert table.columns.tolist() == ["Q1", "Q2", "Q3", "Q4", "Total"]
    assert table.loc[2012, "Q3"] == pytest.approx(fund["2012-09-30"])
    assert table.loc[2012, "Total"] == pytest.approx((1.0 + fund.loc["2012"]).prod() - 1.0)
    assert ">Returns of Fund in %" in section_of(report.html, "monthly")


def test_years_stand_in_one_column():
    fund = _fund(12, "YE")
    report = build_report(fund, sections=["monthly"])
    assert report.tables.monthly.columns.tolist() == ["Total"]
    np.testing.assert_allclose(report.tables.monthly["Total"], fund)
    assert ">Jan<" not in report.html
