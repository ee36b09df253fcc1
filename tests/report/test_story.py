"""The sections that tell the story: periods, calendar, tails, exceedances, rolling measures, drawdowns, owners."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import metrics, portfolio
from riskresearch.core.output import _formats as formats
from riskresearch.report import build_report
from riskresearch.report.sections._contributions import var_bandwidth
from riskresearch.report.sections._exceedances import window_of
from tests.report.pages import section_of

pytestmark = [
    pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year"),  # a few rows will do here
    pytest.mark.usefixtures("few_draws"),
]


def test_periods_are_calendar_years_back_from_the_last_date():
    days = pd.date_range("2019-06-01", "2022-03-15", name="date")
    fund = pd.Series(0.001, index=days, name="Fund")
    frame = build_report(fund, sections=["periods"]).tables.periods
    assert frame.index.tolist() == ["Month to date", "3 months", "6 months", "Year to date", "1 year", "Since start"]
    assert frame["observations"].tolist() == [15, 90, 181, 31 + 28 + 15, 365, len(days)]
    np.testing.assert_allclose(frame["portfolio"], 1.001 ** frame["observations"].astype(float) - 1.0, rtol=1e-12)
    assert frame.loc["1 year", "portfolio_per_year"] == pytest.approx(1.001**365 - 1.0)
    assert np.isnan(frame.loc["Year to date", "portfolio_per_year"])


def test_a_history_of_exactly_one_year_of_months_has_a_row_of_one_year():
    fund = pd.Series(0.01, index=pd.date_range("2020-01-31", periods=12, freq="ME"), name="Fund")
    frame = build_report(fund, sections=["periods"]).tables.periods
    assert frame.loc["1 year", "observations"] == 12
    assert frame.loc["Year to date", "observations"] == 12


def test_since_start_is_what_the_cards_show(report):
    row = report.tables.periods.loc["Since start"]
    own, beside = report.tables.headline.loc["Annual return"]
    assert (row["portfolio_per_year"], row["benchmark_per_year"]) == (own, beside)
    np.testing.assert_allclose(
        [1.0 + row["portfolio"], 1.0 + row["benchmark"]], report.tables.growth.iloc[-1], rtol=1e-12
    )


def test_months_stand_above_those_of_the_benchmark(report, index):
    beside = report.tables.monthly_benchmark
    assert beside.loc[2020, "Mar"] == pytest.approx((1.0 + index.loc["2020-03"]).prod() - 1.0, rel=1e-12)
    own = report.tables.monthly.loc[2020, "Mar"]
    cell = f"{formats.bare_percent_1(own)}\n{formats.bare_percent_1(beside.loc[2020, 'Mar'])}</td>"
    assert cell in section_of(report.html, "monthly")


def test_tails_are_those_at_95_and_99_and_at_the_level_asked_for(report, index):
    tails = report.tables.tails
    assert tails.index.tolist() == [0.95, 0.975, 0.99]
    own, beside = report.tables.returns.iloc[:, 0], index
    for level, row in tails.iterrows():
        expected = [metrics.value_at_risk(own, level=level), metrics.conditional_value_at_risk(own, level=level)]
        expected += [metrics.value_at_risk(beside, level=level), metrics.conditional_value_at_risk(beside, level=level)]
        np.testing.assert_allclose(row, expected, rtol=1e-12)


def test_an_exceedance_is_a_loss_larger_than_the_var_of_the_window_before(report):
    returns, window = report.tables.returns.iloc[:, 0].to_numpy(), 252
    for level, row in report.tables.exceedances.iterrows():
        count = 0
        for day in range(window, len(returns)):
            losses = np.sort(-returns[day - window : day])
            known = losses[int(np.ceil(level * window - 1e-9)) - 1]
            count += -returns[day] > known
        assert row["count"] == count
        assert row["observations"] == len(returns) - window
        assert row["expected"] == pytest.approx((1.0 - level) * (len(returns) - window))
    assert f"Marked: {report.tables.exceedances.loc[0.975, 'count']:.0f} returns worse" in report.html


def test_a_window_is_long_enough_for_its_level():
    months = pd.Series(
        np.random.default_rng(3).normal(0.01, 0.04, 276), index=pd.date_range("2000-01-31", periods=276, freq="ME")
    )
    frame = build_report(months.rename("Fund"), sections=["exceedances"]).tables.exceedances
    assert frame["window"].to_dict() == {0.95: 40, 0.99: 200}
    assert frame["observations"].to_dict() == {0.95: 236, 0.99: 76}
    assert window_of(252, 0.99) == 252


def test_too_few_returns_for_exceedances_are_said(stocks):
    page = build_report(stocks["AAA"].iloc[:50], sections=["exceedances"])
    assert "Not shown: fewer than 30 returns follow the first window of 40 days." in page.html
    left_out = build_report(stocks["AAA"].iloc[:50]).tables.conventions.loc["Sections left out", "Value"]
    assert "Rolling VaR: fewer than 30 returns" in left_out


def test_rolling_beta_is_the_library_s_and_only_beside_a_benchmark(report, stocks, index):
    own = report.tables.returns.iloc[:, 0]
    expected = metrics.rolling(own, "beta", window=252, benchmark=index)
    pd.testing.assert_series_equal(report.tables.rolling_beta.iloc[:, 0], expected, check_names=False)
    assert build_report(stocks, sections=["rolling"]).tables.rolling_beta.empty


def test_the_worst_drawdowns_are_shaded_in_the_order_of_the_table(report):
    said = section_of(report.html, "drawdowns")
    assert "Growth of 1; shaded: the 5 deepest drawdowns" in said
    first = report.tables.drawdowns.iloc[0]
    days = (first["recovery"] if pd.notna(first["recovery"]) else report.tables.returns.index[-1]) - first["peak"]
    assert f"<td>{days.days}</td>" in said


def test_shares_of_var_are_smoothed_and_the_page_says_over_what(report, stocks):
    smooth = portfolio.risk_contributions(
        stocks, weights=[1 / 3] * 3, measure="value_at_risk", level=0.975, bandwidth=var_bandwidth(600, 0.975)
    )
    shares = dict(zip(smooth.assets, smooth.percentage, strict=True))
    found = report.tables.contributions["value_at_risk_share"]
    np.testing.assert_allclose(found, [shares[name] for name in found.index], rtol=1e-12)
    assert "Shares of VaR are smoothed over 0.8% of the scenarios on each side" in report.html


@pytest.mark.parametrize(("rows", "level", "width"), [(1000, 0.95, 0.01), (250, 0.95, 0.02), (100, 0.95, 0.025)])
def test_var_is_smoothed_over_a_fifth_to_a_half_of_the_tail(rows, level, width):
    assert var_bandwidth(rows, level) == pytest.approx(width)


def test_var_of_so_few_rows_that_nothing_is_left_to_smooth_is_not():
    assert var_bandwidth(39, 0.95) is None


def test_the_page_counts_no_uncorrelated_bets(report):
    assert "torsion" not in report.html
    assert "bets" not in report.tables.diversification.index


def test_the_range_of_resampled_drawdowns_is_called_that(report):
    cards = report.html[: report.html.index("<nav")]
    lower, upper = report.tables.intervals.loc["Max drawdown"]
    assert f">range {100 * lower:.0f}% to {100 * upper:.0f}%</span>" in cards
    assert "of drawdowns and their ratios the range of resampled histories" in report.html
