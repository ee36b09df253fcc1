"""The section on sizing: its numbers are those of a simulation made here, and it says why where there is none."""

import re
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import metrics, sizing
from riskresearch.accounts import Costs
from riskresearch.core.output import _formats as formats
from riskresearch.report import build_report

FIRST = 251
RATE = 0.0001
HOW = metrics.Bootstrap(0.95, draws=500, rng=0)
ROWS = ["Equal weights", "Volatility target", "VaR budget", "Inverse volatility", "Risk parity"]


@pytest.fixture(scope="module")
def found(stocks):
    return build_report(stocks, risk_free=RATE, level=0.975, sections=["sizing"])


@pytest.fixture(scope="module")
def accounts(stocks):
    """The same sizes by the library's own names, each row of weights spelled out."""
    portfolio = stocks.mean(axis=1)
    thirds = pd.DataFrame(1 / 3, stocks.index, stocks.columns)
    budget = 0.10 / np.sqrt(252) * NormalDist().inv_cdf(0.975)
    exposures = [
        riskresearch.VolatilityPositionSizer(target=0.10).weights(portfolio),
        riskresearch.VaRPositionSizer(budget=budget, level=0.975, window=252).weights(portfolio),
    ]
    targets = [
        thirds,
        *(thirds.mul(exposure, axis=0) for exposure in exposures),
        sizing.InverseVolatilitySizer().weights(stocks),
        sizing.RiskParitySizer().weights(stocks),
    ]
    prices = (1.0 + stocks).cumprod()
    costs = Costs(commission=0.0005, cash_rate=RATE)
    return {
        name: riskresearch.simulate(weights.iloc[FIRST:], prices.iloc[FIRST:], lag=1, costs=costs)
        for name, weights in zip(ROWS, targets, strict=True)
    }


@pytest.mark.parametrize("name", ROWS)
def test_each_row_is_measured_on_the_simulation_of_that_name(found, accounts, name):
    row, account = found.tables.sizing.measures.loc[name], accounts[name]
    returns = account.returns.iloc[1:]
    interval = metrics.sharpe_ratio(returns, risk_free=RATE, interval=HOW)
    assert row["annual_return"] == pytest.approx(metrics.annual_return(returns), rel=1e-9)
    assert row["volatility"] == pytest.approx(metrics.volatility(returns), rel=1e-9)
    assert row["sharpe_ratio"] == pytest.approx(metrics.sharpe_ratio(returns, risk_free=RATE), rel=1e-9)
    assert [row["sharpe_lower"], row["sharpe_upper"]] == pytest.approx([interval.lower, interval.upper], rel=1e-9)
    assert row["max_drawdown"] == pytest.approx(metrics.max_drawdown(returns), rel=1e-9)
    assert row["turnover"] == pytest.approx(252 * account.turnover.iloc[1:].mean(), rel=1e-9)
    assert row["cost"] == pytest.approx(0.0005 * row["turnover"], rel=1e-9)
    assert row["exposure"] == pytest.approx(account.gross_exposure.iloc[1:].mean(), rel=1e-9)
    growth = found.tables.sizing.growth[name]
    np.testing.assert_allclose(growth, account.equity, rtol=1e-12)
    assert growth.iloc[0] == 1.0
    assert len(growth) == 600 - FIRST


def test_the_p_value_is_the_smallest_times_the_tests(found, accounts):
    how = metrics.Bootstrap(0.95, draws=500, resampling="circular", rng=0)
    base = accounts["Equal weights"].returns.iloc[1:]
    p_values = [
        metrics.sharpe_ratio_difference(accounts[name].returns.iloc[1:], base, risk_free=RATE, interval=how).p_value
        for name in ROWS[1:]
    ]
    shown = found.tables.sizing
    assert shown.measures["p_value"].iloc[1:].tolist() == pytest.approx(p_values, rel=1e-9)
    assert np.isnan(shown.measures["p_value"].iloc[0])
    assert shown.tests == 4
    assert shown.p_value == pytest.approx(min(1.0, 4 * min(p_values)), rel=1e-9)


def test_the_page_writes_the_frame_and_the_p_value_before_it(found):
    html, shown = found.html, found.tables.sizing
    for name, row in shown.measures.iterrows():
        cells = re.findall(r"<td>(.*?)</td>", re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', html)[1])
        interval = f"{formats.ratio(row['sharpe_lower'])} to {formats.ratio(row['sharpe_upper'])}"
        numbers = [formats.percent(row[field]) for field in ("annual_return", "volatility")]
        ends = [formats.percent_1(row[field]) for field in ("max_drawdown", "exposure", "turnover")]
        assert cells[:2] + cells[2:5] == [
            *numbers, formats.ratio(row["sharpe_ratio"]), interval, formats.p_value(row["p_value"]),
        ]  # fmt: skip
        assert cells[5:] == [*ends, formats.percent(row["cost"])]
    verdict = html.index("rarely significant")
    assert f"is {formats.p_value(shown.p_value)}:" in html[verdict : html.index("Annual return", verdict)]
    for words in (
        "5 basis points",
        "lag 1",
        "10% a year",
        "half-life 33 days",
        "last 252 days",
        "every 21",
        "survived",
    ):
        assert words in html[verdict:]


@pytest.mark.usefixtures("few_draws")
def test_a_difference_that_is_there_is_called_one(stocks):
    loser = stocks.copy()
    loser["BBB"] = np.random.default_rng(3).normal(-0.02, 0.05, len(stocks))
    page = build_report(loser, sections=["sizing"])
    assert page.tables.sizing.p_value < 0.05
    assert "below 5%, but of one history" in page.html
    assert "do not tell" not in page.html


@pytest.mark.usefixtures("few_draws")
def test_given_weights_are_kept_by_the_targets_and_short_ones_leave_long_rules_out(stocks):
    weights = dict(zip(stocks.columns, (0.9, 0.4, -0.3), strict=True))
    page = build_report(stocks, weights=weights, sections=["sizing"])
    assert page.tables.sizing.measures.index.tolist() == ["Given weights", "Volatility target", "VaR budget"]
    assert page.tables.sizing.tests == 2
    assert "Inverse volatility and risk parity are left out: the weights hold short positions." in page.html


@pytest.mark.usefixtures("few_draws")
def test_a_covariance_without_solution_leaves_risk_parity_out(stocks):
    still = stocks.assign(CCC=0.0)
    page = build_report(still, sections=["sizing"])
    assert page.tables.sizing.measures.index.tolist() == ROWS[:-1]
    assert "Risk parity is left out: " in page.html


@pytest.mark.usefixtures("few_draws")
def test_assets_that_start_later_or_end_earlier_leave_the_rows_they_share(stocks):
    ragged = stocks.copy()
    ragged.iloc[:40, 0], ragged.iloc[-20:, 1] = np.nan, np.nan
    shown = build_report(ragged, nan_policy="omit", sections=["sizing"]).tables.sizing
    whole = build_report(stocks.iloc[40:-20], sections=["sizing"]).tables.sizing
    pd.testing.assert_frame_equal(shown.measures, whole.measures)
    assert (shown.growth.index[0], shown.growth.index[-1]) == (stocks.index[40 + FIRST], stocks.index[-21])


def _holey(stocks):
    holey = stocks.copy()
    holey.iloc[300, 1] = np.nan
    return holey


def _apart(stocks):
    apart = stocks.copy()
    apart.iloc[:300, 0], apart.iloc[290:, 1] = np.nan, np.nan
    return apart


def _ruined(stocks):
    ruined = stocks.copy()
    ruined.iloc[300, 1] = -1.0
    return ruined


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda r: r["AAA"], "Not shown: there is one series only."),
        (lambda r: r[["AAA"]], "Not shown: there is one series only."),
        (lambda r: r.iloc[:499], "over 500 returns or more that all assets share; there are 499."),
        (_apart, "there are 0."),
        (_holey, "BBB has returns missing between others"),
        (_ruined, "BBB lost everything"),
    ],
    ids=["series", "column", "short", "apart", "gap", "ruin"],
)
def test_where_nothing_can_be_compared_the_section_says_why(stocks, spoil, reason):
    page = build_report(spoil(stocks), nan_policy="omit", sections=["sizing"])
    section = page.html[page.html.index('<section id="sizing"') :]
    assert reason in section
    assert "<table" not in section
    assert page.tables.sizing.measures.empty


@pytest.mark.usefixtures("few_draws")
def test_the_fewest_rows_are_enough_and_rows_after_the_last_change_nothing_before(stocks):
    fewest = build_report(stocks.iloc[:500], sections=["sizing"]).tables.sizing
    more = build_report(stocks, sections=["sizing"]).tables.sizing
    assert len(fewest.growth) == 500 - FIRST
    pd.testing.assert_frame_equal(fewest.growth, more.growth.iloc[: len(fewest.growth)])


@pytest.mark.usefixtures("few_draws")
def test_without_its_section_nothing_is_simulated(stocks):
    assert "sizing" not in build_report(stocks, sections=["headline"]).tables
