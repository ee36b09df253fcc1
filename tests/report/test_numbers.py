"""Every number on the page is the library's own, and the figures draw the frames."""

import re

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import metrics, plots
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.core.output import _formats as formats
from riskresearch.report import build_report
from riskresearch.report._measures import MEASURES, words_of
from tests.report.pages import section_of

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

LEVEL = 0.975
OWN = {
    "Annual return": metrics.annual_return,
    "Volatility": metrics.volatility,
    "Sharpe ratio": metrics.sharpe_ratio,
    "Sortino ratio": metrics.sortino_ratio,
    "Calmar ratio": metrics.calmar_ratio,
    "Omega ratio": metrics.omega_ratio,
    "Burke ratio": metrics.burke_ratio,
    "VaR 97.5%": lambda returns: metrics.value_at_risk(returns, level=LEVEL),
    "CVaR 97.5%": lambda returns: metrics.conditional_value_at_risk(returns, level=LEVEL),
    "Max drawdown": metrics.max_drawdown,
    "Average drawdown": metrics.average_drawdown,
    "Ulcer index": metrics.ulcer_index,
    "Best return": lambda returns: returns.max(),
    "Worst return": lambda returns: returns.min(),
    "Positive returns": lambda returns: (returns > 0).mean(),
    "Skewness": metrics.skewness,
    "Excess kurtosis": metrics.excess_kurtosis,
    "Tail ratio 97.5%": lambda returns: metrics.tail_ratio(returns, level=LEVEL),
}
RELATIVE = {
    "Beta": metrics.beta,
    "Alpha": metrics.alpha,
    "Correlation": lambda returns, benchmark: returns.corr(benchmark),
    "Tracking error": metrics.tracking_error,
    "Information ratio": metrics.information_ratio,
    "Up capture": metrics.up_capture,
    "Down capture": metrics.down_capture,
}


@pytest.fixture(scope="module")
def portfolio(stocks) -> pd.Series:
    return stocks.mean(axis=1)


def test_every_measure_of_the_headline_is_checked_here(report):
    assert set(report.tables.headline.index) == set(OWN) | set(RELATIVE)


@pytest.mark.parametrize("label", OWN)
def test_headline_equals_the_measure_of_that_name(report, portfolio, index, label):
    own, beside = report.tables.headline.loc[label]
    assert own == pytest.approx(OWN[label](portfolio), rel=1e-9)
    assert beside == pytest.approx(OWN[label](index), rel=1e-9)


@pytest.mark.parametrize("label", RELATIVE)
def test_headline_against_the_benchmark_equals_the_measure_of_that_name(report, portfolio, index, label):
    own, beside = report.tables.headline.loc[label]
    assert own == pytest.approx(RELATIVE[label](portfolio, index), rel=1e-9)
    assert np.isnan(beside)


def test_the_page_writes_the_numbers_of_the_frame(report, portfolio):
    words = words_of(riskresearch.summary(portfolio.to_frame(), level=LEVEL))
    for measure in MEASURES:
        label = measure.label.format(**words)
        row = re.search(rf'<th scope="row">{re.escape(label)}</th>(.*?)</tr>', section_of(report.html, "headline"))[1]
        own, interval, beside = re.findall(r"<td>(.*?)</td>", row)
        assert [own, beside] == [measure.write(value) for value in report.tables.headline.loc[label]]
        lower, upper = report.tables.intervals.loc[label]
        assert interval == (f"{measure.write(lower)} to {measure.write(upper)}" if lower == lower else "–")


HOW = metrics.Bootstrap(0.95, draws=500, rng=0)


def test_each_interval_is_the_bootstrap_of_its_measure(report, portfolio, index):
    bounds = report.tables.intervals
    assert bounds[bounds["lower"].isna()].index.tolist() == ["Best return", "Worst return"]
    for label, found in {
        "Sharpe ratio": metrics.sharpe_ratio(portfolio, interval=HOW),
        "VaR 97.5%": metrics.value_at_risk(portfolio, level=LEVEL, interval=HOW),
        "CVaR 97.5%": metrics.conditional_value_at_risk(portfolio, level=LEVEL, interval=HOW),
        "Max drawdown": metrics.max_drawdown(portfolio, interval=HOW),
        "Information ratio": metrics.information_ratio(portfolio, index, interval=HOW),
        "Positive returns": metrics.bootstrap_interval(
            portfolio, measure=lambda returns: (returns > 0).mean(), interval=HOW
        ),
    }.items():
        assert bounds.loc[label].tolist() == pytest.approx([found.lower, found.upper], rel=1e-9)
        assert (bounds["lower"] <= report.tables.headline.iloc[:, 0])[label]
    assert (
        "95%; 500 draws from seed 0: filtered bootstrap for VaR" in report.tables.conventions.loc["Intervals", "Value"]
    )


def test_intervals_of_overlapping_returns_are_shown_with_what_they_do_not_cover(stocks):
    sums = stocks["AAA"].rolling(10).sum().dropna()
    page = build_report(sums, sections=["headline"])
    lower, upper = page.tables.intervals.loc["VaR 95%"]
    assert lower < page.tables.headline.loc["VaR 95%"].iloc[0] < upper
    doubt, *_ = re.findall(r"Rows of .* are autocorrelated, .*: these intervals may be too short: (.*)\.", page.html)
    assert {"VaR 95%", "CVaR 95%", "Volatility", "Sharpe ratio"} <= set(doubt.split(", "))
    assert "Max drawdown" not in doubt


def test_the_confidence_of_the_intervals_is_a_choice_and_short_series_have_none(stocks):
    wide, narrow = (
        build_report(stocks["AAA"], confidence=confidence, sections=["headline"]) for confidence in (0.99, 0.5)
    )
    widths = [np.ptp(each.tables.intervals.loc["Sharpe ratio"]) for each in (wide, narrow)]
    assert widths[0] > 2 * widths[1]
    assert "99% interval" in wide.html
    with pytest.raises(InvalidInputError, match=r"confidence must be in \(0, 1\), got 95"):
        build_report(stocks["AAA"], confidence=95)
    short = build_report(stocks["AAA"].iloc[:29], sections=["headline"])
    assert short.tables.intervals.isna().to_numpy().all()
    assert "interval" not in section_of(short.html, "headline")
    assert short.tables.conventions.loc["Intervals", "Value"] == "none: fewer than 30 returns"


def test_the_risk_is_split_as_the_library_splits_it(report, stocks, index):
    weights = dict.fromkeys(stocks.columns, 1 / 3)
    split = riskresearch.portfolio.risk_contributions(stocks, weights=weights, level=LEVEL, factors=index.to_frame())
    frame, whole = report.tables.contributions, report.tables.diversification
    own = split.to_frame().loc[frame.index]
    np.testing.assert_allclose(frame["conditional_value_at_risk"], own["component"], rtol=1e-12)
    np.testing.assert_allclose(frame["conditional_value_at_risk_share"], own["percentage"], rtol=1e-12)
    np.testing.assert_allclose(frame["incremental"], own["incremental"], rtol=1e-12)
    assert frame["conditional_value_at_risk_share"].is_monotonic_decreasing
    for column in ("volatility_share", "value_at_risk_share", "conditional_value_at_risk_share"):
        assert frame[column].sum() == pytest.approx(1.0, rel=1e-12)
    assert whole["total"] == pytest.approx(report.tables.headline.loc["CVaR 97.5%", "Portfolio"], rel=1e-9)
    assert whole["diversification_ratio"] == riskresearch.portfolio.diversification_ratio(stocks, weights=weights)
    assert whole["benchmark_share"] == pytest.approx(split.factor_component[0] / split.total, rel=1e-12)


@pytest.mark.usefixtures("few_draws")
def test_without_dates_common_to_all_assets_nothing_is_split(stocks):
    apart = stocks.copy()
    apart.iloc[:300, 0], apart.iloc[290:, 1] = np.nan, np.nan
    report = build_report(apart, nan_policy="omit", sections=["contributions", "headline"])
    assert report.tables.contributions.empty
    assert "Risk contributions" not in report.html


def test_past_crises_are_the_library_s(report, stocks, index):
    found = riskresearch.portfolio.historical_stress(stocks, weights=[1 / 3] * 3, factors=index.to_frame())
    stress = report.tables.stress
    own = (stress["returns"] > 0).to_numpy()
    np.testing.assert_array_equal(stress["portfolio"][own], np.array(found.portfolio_returns)[own])
    assert stress.index[own].tolist() == ["2020 pandemic"]
    during = slice("2020-02-20", "2020-03-23")
    assert stress.loc["2020 pandemic", "benchmark"] == pytest.approx((1 + index.loc[during]).prod() - 1, rel=1e-9)
    assert stress.loc["2020 pandemic", ["returns", "betas", "unknown"]].tolist() == [3, 0, 0]


@pytest.mark.usefixtures("few_draws")
def test_a_benchmark_that_reaches_further_back_tells_what_older_crises_would_have_done(stocks, index):
    days = pd.bdate_range("2018-01-01", stocks.index[0], inclusive="left")
    later = stocks.loc["2020-04-01":]
    longer = pd.concat([pd.Series(0.001, index=days), index])
    report = build_report(later, benchmark=longer.rename("Index"), sections=["stress"])
    row = report.tables.stress.loc["2020 pandemic"]
    assert row[["returns", "betas", "unknown"]].tolist() == [0, 3, 0]
    beta = metrics.beta(later.mean(axis=1), longer.loc[later.index])
    assert row["portfolio"] == pytest.approx(beta * row["benchmark"], rel=1e-9)
    assert row["factor"] == "Index"
    assert "beta of 3 of 3 to Index" in report.html


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize("to", ["day", "month"])
def test_a_crisis_that_no_date_reaches_is_shown_through_the_bundled_index(to):
    index = metrics.simple_returns(riskresearch.datasets.load("index_sp500")["close"])
    fund = metrics.aggregate_returns((0.4 * index).loc["2014":].rename("Fund"), to=to)
    market = metrics.aggregate_returns(index.loc["2014":], to=to)
    stress = build_report(fund, sections=["stress"]).tables.stress
    past = stress.loc["1987 crash"]
    crash = (1.0 + index.loc["1987-10-14":"1987-10-19"]).prod() - 1.0
    assert past["portfolio"] == pytest.approx(metrics.beta(fund, market) * crash, rel=1e-9)
    assert past["factor"] == "the bundled S&P 500"
    assert stress["portfolio"].notna().all()


@pytest.mark.usefixtures("few_draws")
def test_where_no_crisis_can_be_told_the_section_says_why(stocks):
    future = stocks["AAA"].set_axis(pd.bdate_range("2031-01-01", periods=len(stocks)))
    said = section_of(build_report(future, sections=["stress"]).html, "stress")
    assert "No past crisis of the list lies within 2031-01-01 to 2033-04-19" in said
    assert "<table" not in said
    assert "nan" not in said


def test_series_over_time_are_the_library_s(report, portfolio, index):
    both = pd.concat([portfolio.rename("Portfolio"), index], axis=1)
    tables = report.tables
    pd.testing.assert_frame_equal(tables.returns, both)
    pd.testing.assert_frame_equal(tables.growth, metrics.wealth_index(both))
    pd.testing.assert_frame_equal(tables.drawdown, metrics.drawdown(both))
    pd.testing.assert_frame_equal(tables.rolling_volatility, metrics.rolling(both, "volatility", window=252))
    pd.testing.assert_frame_equal(tables.rolling_sharpe_ratio, metrics.rolling(both, "sharpe_ratio", window=252))


def test_figures_draw_the_frames(report, stocks, index, monkeypatch):
    drawn = {}

    def record(figure, *, name, description):
        drawn[name] = figure.axes[0]
        return "<svg></svg>"

    monkeypatch.setattr(plots, "figure_to_svg", record)
    build_report(stocks, benchmark=index, level=LEVEL)
    for name, frame in {
        "growth": report.tables.growth,
        "underwater": -100.0 * report.tables.drawdown,
        "rolling-volatility": 100.0 * report.tables.rolling_volatility,
        "rolling-sharpe": report.tables.rolling_sharpe_ratio,
        "sizing": report.tables.sizing.growth,
        "breaker": report.tables.breaker.growth,
    }.items():
        for line, column in zip(drawn[name].lines, frame, strict=False):
            np.testing.assert_array_equal(line.get_ydata(), frame[column].to_numpy())
    assert sum(bar.get_height() for bar in drawn["distribution"].patches) == 600


def test_correlations_stand_below_the_diagonal_in_hundredths(report):
    matrix = report.tables.correlation
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", section_of(report.html, "correlation"))
    assert len(rows) == len(matrix)
    for place, row in enumerate(rows):
        cells = [cell for cell in re.findall(r"<td[^>]*>(.*?)</td>", row) if cell]
        assert cells == [formats.number(100.0 * value, decimals=0) for value in matrix.iloc[place, : place + 1]]


def test_months_compound_to_years_and_years_to_the_whole(report):
    monthly = report.tables.monthly
    months = monthly.drop(columns="Total")
    np.testing.assert_allclose((1.0 + months).prod(axis=1), 1.0 + monthly["Total"], rtol=1e-12)
    np.testing.assert_allclose((1.0 + monthly["Total"]).prod(), report.tables.growth["Portfolio"].iloc[-1], rtol=1e-12)
    assert monthly.loc[2021, "May":"Dec"].isna().all()


def test_now_stands_beside_the_worst(report):
    now, drawdown = report.tables.now, report.tables.drawdown["Portfolio"]
    assert now.loc["Drawdown"].tolist() == [
        drawdown.iloc[-1], drawdown.index[-1], drawdown.max(), drawdown.idxmax(), drawdown.median(),
    ]  # fmt: skip
    sharpe = report.tables.rolling_sharpe_ratio["Portfolio"]
    assert now.loc["Sharpe ratio, last 252 days", "worst"] == sharpe.min()


def test_drawdowns_are_the_library_s_deepest_first(report, portfolio):
    own = metrics.drawdown_table(portfolio, top=10).to_frame()
    np.testing.assert_allclose(report.tables.drawdowns["depth"], own["depth"], rtol=1e-12)
    assert report.tables.drawdowns["trough"].tolist() == own["trough"].tolist()
    assert report.tables.drawdowns["depth"].is_monotonic_decreasing
    assert report.tables.drawdowns["depth"].iloc[0] == pytest.approx(metrics.max_drawdown(portfolio))


def test_assets_and_correlation_are_the_library_s(report, stocks):
    assets = report.tables.assets
    assert assets["weight"].tolist() == [1 / 3] * 3
    np.testing.assert_allclose(assets["max_drawdown"], metrics.max_drawdown(stocks))
    np.testing.assert_allclose(assets["value_at_risk"], metrics.value_at_risk(stocks, level=LEVEL))
    np.testing.assert_allclose(report.tables.correlation.loc["AAA", "BBB"], stocks["AAA"].corr(stocks["BBB"]))
    assert list(report.tables.correlation.columns) == [*stocks.columns, "Portfolio", "Index"]


def test_the_result_speaks_the_common_language(report):
    assert report.to_frame() is report.tables.headline
    assert repr(report).startswith("Report('Fund ")
    assert "252, read off the dates" in report.summary()
    assert len(report._repr_html_()) < 6_000
    assert "<script" not in report._repr_html_()


@pytest.mark.parametrize(
    ("value", "shown"), [(0.12345, "12.35%"), (-0.5, "−50.00%"), (-0.00001, "0.00%"), (float("nan"), "–")]
)
def test_percent_is_written_for_readers(value, shown):
    assert formats.percent(value) == shown


def test_infinity_and_dates_are_written_for_readers():
    assert formats.ratio(float("-inf")) == "−∞"
    assert formats.date(pd.NaT) == "–"
    assert formats.date(pd.Timestamp("2020-03-16 09:30")) == "2020-03-16 09:30"


@pytest.mark.usefixtures("few_draws")
def test_the_page_names_the_columns_that_left_the_portfolio(stocks):
    some = {"BBB": 0.75, "AAA": 0.25}
    with pytest.warns(ConventionWarning, match="weights name 2 of the 3 columns of returns"):
        report = build_report(stocks, weights=some, sections=["headline"])
    assert "has no weight and left the portfolio. A weight of 0 keeps a column." in report.html
    said = report.tables.conventions.loc["Portfolio", "Value"]
    assert said.startswith("given weights in 2 assets")
    assert said.endswith("1 column without a weight is not in it")
    alone = build_report(stocks[["AAA", "BBB"]], weights=some, sections=["headline"])
    pd.testing.assert_frame_equal(report.tables.headline, alone.tables.headline)
    assert (
        report.tables.conventions.loc["SHA-256 of returns", "Value"]
        == alone.tables.conventions.loc["SHA-256 of returns", "Value"]
    )
