"""What an attribution shows: tables, levels, trading, currencies, intervals and figures."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from riskresearch.core import AccountingError, InvalidInputError
from riskresearch.kernels.attribution import _carino
from riskresearch.kernels.attribution._zero_test import zero_test
from riskresearch.metrics import Bootstrap
from riskresearch.plots import blank_axes
from riskresearch.posttrade import CurrencyLegs, brinson
from tests.posttrade.attribution.samples import DATES, SECTORS, holdings, months

MARKETS, CURRENCIES = ("UK", "Japan", "US"), ("GBP", "JPY", "USD")


def by(names, *numbers):
    return dict(zip(names, numbers, strict=True))


def long_only(rows=60):
    _, others, returns = holdings(rows, scale=0.01)
    return others.iloc[::-1].set_axis(others.index), others, returns


@pytest.mark.parametrize("linking", ["carino", "geometric"])
def test_trading_is_what_transactions_earned_beyond_the_holdings(linking):
    weights, others, returns = holdings()
    actual = (weights * returns).sum(axis=1) + 0.001
    found = brinson(weights, others, returns, groups=SECTORS, portfolio_returns=actual, linking=linking)
    alone = found.to_frame(by="period", linked=False)["trading"]
    if linking == "carino":
        np.testing.assert_allclose(alone, 0.001, rtol=1e-12)
        assert found.to_frame().loc["trading", "total"] == pytest.approx(found.totals()["trading"])
    else:
        np.testing.assert_allclose(alone, 0.001 / (1.0 + actual - 0.001), rtol=1e-12)
        product = np.prod(1.0 + found.totals()[["allocation", "selection", "trading"]])
        assert product == pytest.approx(1.0 + found.excess_return, rel=1e-12)
    assert found.portfolio_return == pytest.approx(float(np.prod(1.0 + actual) - 1.0), rel=1e-12)
    assert "Trading is the return from transactions less that of the holdings" in found.conventions()


def test_each_level_adds_allocation_within_the_one_above():
    found = brinson(*holdings(), groups=SECTORS).to_frame(by="level")["effect"]
    sector, industry = (brinson(*holdings(), groups=SECTORS[[name]]).totals() for name in ("sector", "industry"))
    assert list(found.index) == [
        "allocation by sector", "allocation by industry within sector", "selection within industry", "interaction",
        "total",
    ]  # fmt: skip
    assert found["allocation by sector"] == pytest.approx(sector["allocation"])
    within = found["allocation by industry within sector"]
    assert within == pytest.approx(industry["allocation"] - sector["allocation"])
    assert sector["selection"] + sector["interaction"] == pytest.approx(within + found.iloc[2] + found.iloc[3])


def test_a_label_below_two_groups_is_shown_with_its_path():
    groups = pd.DataFrame({"country": ["UK", "US", "US"], "sector": ["Banks", "Banks", "Oil"]}, ["a", "b", "c"])
    thirds = by(groups.index, 0.3, 0.3, 0.4)
    found = brinson(thirds, by(groups.index, 0.4, 0.4, 0.2), by(groups.index, 0.1, 0.0, 0.2), groups=groups)
    assert list(found.to_frame("sector").index) == ["UK / Banks", "US / Banks", "Oil"]


@pytest.mark.parametrize("groups", [{"x": ["a"], "y": ["b"]}, ["x", "y"], pd.Series({"b": "y", "a": "x"}, name="s")])
def test_groups_in_any_form(groups):
    found = brinson({"a": 0.6, "b": 0.4}, {"a": 0.5, "b": 0.5}, {"a": 0.1, "b": 0.0}, groups=groups).to_frame()
    assert list(found.index) == ["x", "y"]
    assert found.index.name == ("s" if isinstance(groups, pd.Series) else "group")


def test_periods_are_of_each_row_alone_or_linked():
    found = brinson(*holdings(), groups=SECTORS)
    alone = found.to_frame(by="period", linked=False)
    np.testing.assert_allclose(alone["total"], alone["portfolio_return"] - alone["benchmark_return"], atol=1e-15)
    assert list(alone.index) == list(DATES)
    both = found.to_frame("asset", "period_and_group")
    assert both.index.names == ["date", "asset"]
    assert both.groupby("asset")["selection"].sum()["A3"] == pytest.approx(
        found.to_frame("asset").loc["A3", "selection"]
    )


def test_words_and_levels_that_do_not_exist():
    found = brinson(*holdings(), groups=SECTORS)
    with pytest.raises(InvalidInputError, match="level must be one of 'sector', 'industry', 'asset', got 'sectors'"):
        found.to_frame("sectors")
    with pytest.raises(InvalidInputError, match="by must be one of 'group', 'period'"):
        found.to_frame(by="date")
    with pytest.raises(InvalidInputError, match="effect must be one of 'allocation'"):
        found.intervals(level="sector", effect="alpha")


def test_the_summary_shows_the_sums_the_intervals_and_the_conventions():
    found = brinson(*long_only(), groups=SECTORS, linking="menchero")
    text = found.summary()
    assert re.search(r"^total +100\.00% +100\.00%", text, re.MULTILINE)
    assert "Brinson and Fachler" in text
    assert "Linked by Menchero's factors; 60 rows" in text
    assert re.search(r"Selection (does not differ|differs) from zero at 5% \(p = ", text)
    assert "stationary bootstrap" in text.lower()
    assert "interval" not in found.summary(confidence=None)
    assert re.search(r"^A0 ", found.summary(level="asset"), re.MULTILINE)


def test_few_rows_are_too_few_to_say():
    weights, others, returns, rivals = months()
    found = brinson(weights, others, returns, benchmark_returns=rivals)
    assert "too few to say, 6 rows of 20 needed" in found.summary()
    assert found.intervals()[["lower", "upper", "p_value"]].isna().all(axis=None)


def test_an_interval_is_of_the_linked_effect_with_a_stated_seed():
    found = brinson(*long_only(), groups=SECTORS)
    table = found.intervals(0.9)
    np.testing.assert_allclose(table["linked"], found.totals())
    assert (table["lower"] < table["linked"]).all()
    assert (table["upper"] > table["linked"]).all()
    assert (found.intervals(0.99)["upper"] > table["upper"]).all()
    pd.testing.assert_frame_equal(found.intervals(Bootstrap(0.9)), table)
    assert not found.intervals(Bootstrap(0.9, rng=5)).equals(table)
    groups = found.intervals(0.9, level="sector")
    np.testing.assert_allclose(groups["linked"], found.to_frame("sector")["selection"])
    with pytest.raises(InvalidInputError, match="resampling must be 'stationary', 'circular' or 'iid' for effects"):
        found.intervals(Bootstrap(resampling="filtered"))
    with pytest.raises(InvalidInputError, match="method must be left out for effects"):
        found.intervals(Bootstrap(method="bca"))


def test_independent_rows_have_the_interval_of_a_t_test():
    """scipy.stats.ttest_1samp is the second opinion, with rows drawn one by one."""
    rows = np.random.default_rng(4).normal(0.0005, 0.002, 200)
    test = zero_test(rows, 0.95, 20_000, "iid", None, 1)
    other = stats.ttest_1samp(rows, 0.0)
    assert test.p_value == pytest.approx(other.pvalue, rel=0.1)
    interval = other.confidence_interval(0.95)
    assert (test.lower / 200, test.upper / 200) == pytest.approx((interval.low, interval.high), rel=0.05)


def test_an_effect_that_is_the_same_on_each_row_is_not_tested():
    returns = pd.DataFrame(0.01 * (-1.0) ** np.arange(30)[:, None], pd.bdate_range("2024-01-01", periods=30), ["a"])
    returns["b"] = returns["a"]
    found = brinson({"a": 0.7, "b": 0.3}, {"a": 0.5, "b": 0.5}, returns)
    assert found.intervals().loc["selection"].isna()["p_value"]
    assert "Selection is the same on each row: there is nothing to test" in found.summary()


def test_rounding_is_not_tested():
    """A sector of one stock selects nothing, but for rounding."""
    found = brinson(*long_only(), groups=dict(zip(SECTORS.index, "xxxyyz", strict=True)))
    table = found.intervals(level="group")
    assert table.loc["z"].isna()["p_value"]
    assert table.loc["x"].notna().all()


def test_ankrim_and_hensel_sum_to_the_return_with_forwards():
    """Bacon 2008, table 6.2, is in the reference check; here the totals by hand, and a currency with two markets."""
    legs = CurrencyLegs(
        by(CURRENCIES, 0.0, 0.10, 0.20),
        weights=by(CURRENCIES, 0.60, 0.15, 0.25),
        benchmark_weights=by(CURRENCIES, 0.70, 0.10, 0.20),
        currencies=by(MARKETS, *CURRENCIES),
        forward_premia=by(CURRENCIES, 0.0, 0.01, 0.02),
    )
    book = (by(MARKETS, 0.4, 0.3, 0.3), by(MARKETS, 0.4, 0.2, 0.4), by(MARKETS, 0.2, 0.045, 0.272))
    found = brinson(
        *book, benchmark_returns=by(MARKETS, 0.1, 0.056, 0.296), currency="ankrim_hensel", currency_legs=legs
    )
    forward = np.array([0.0, 0.09 / 1.01, 0.18 / 1.02])
    portfolio = 0.08 + 0.0135 + 0.0816 + np.array([0.20, -0.15, -0.05]) @ forward
    assert found.portfolio_return == pytest.approx(portfolio, rel=1e-14)
    assert found.to_frame().loc["GBP (currency)", "currency"] == pytest.approx(0.009)
    two = CurrencyLegs(
        {"EUR": 0.02, "USD": 0.0}, currencies={"Germany": "EUR", "France": "EUR", "US": "USD"},
        forward_premia={"EUR": 0.001, "USD": 0.0},
    )  # fmt: skip
    names = ("Germany", "France", "US")
    found = brinson(
        by(names, 0.3, 0.3, 0.2), by(names, 0.2, 0.2, 0.6), by(names, 0.05, 0.03, 0.01),
        currency="ankrim_hensel", currency_legs=two, cash_returns=0.001,
    )  # fmt: skip
    assert found.portfolio_return == pytest.approx(0.015 + 0.009 + 0.002 + 0.2 * 0.001)
    assert list(found.to_frame().index)[-3:] == ["EUR (currency)", "USD (currency)", "base currency"]


def test_karnosky_and_singer_add_over_rows_and_take_the_weights_of_markets_without_forwards():
    rng = np.random.default_rng(2)
    returns, spot = (pd.DataFrame(rng.normal(0.0, 0.02, (4, 2)), DATES[:4], ["EUR", "USD"]) for _ in range(2))
    legs = CurrencyLegs(spot, local_cash_returns={"EUR": 0.001, "USD": 0.002})
    found = brinson({"EUR": 0.6, "USD": 0.3}, {"EUR": 0.5, "USD": 0.5}, returns, currency="karnosky_singer",
                    currency_legs=legs, cash_returns=0.002)  # fmt: skip
    local = np.log1p(returns) - np.log1p([0.001, 0.002]) + np.log1p(spot)
    portfolio = (local * [0.6, 0.3]).sum(axis=1) + 0.1 * np.log1p(0.002)
    assert found.portfolio_return == pytest.approx(float(portfolio.sum()), rel=1e-12)
    assert found.linking == "none"
    assert "effects of logarithms add over rows" in found.conventions()


@pytest.mark.parametrize(
    ("legs", "options", "message"),
    [
        ({}, {"currency": "karnosky_singer"}, "must have local_cash_returns"),
        ({}, {"currency": "ankrim_hensel"}, "must have forward_premia"),
        ({"forward_premia": {"EUR": 0.0, "USD": 0.0}, "currencies": {"EUR": "GBP", "USD": "USD"}},
         {"currency": "ankrim_hensel"}, "none of 'GBP'"),
        ({"local_cash_returns": {"EUR": 0.0}}, {"currency": "karnosky_singer"}, "must have a number for 'USD'"),
        ({"local_cash_returns": {"EUR": 0.0, "USD": 0.0}, "weights": {"EUR": 0.2, "USD": 0.2}},
         {"currency": "karnosky_singer"}, r"must sum to 1 net of forwards, got 0\.4"),
        ({"forward_premia": {"EUR": 0.0, "USD": 0.0}}, {"currency": "ankrim_hensel", "linking": "geometric"},
         "its notional funds hold no currencies"),
        ({"local_cash_returns": {"EUR": 0.0, "USD": 0.0}}, {"currency": "karnosky_singer", "portfolio_returns": [0.0]},
         "portfolio_returns must be left out"),
    ],
)  # fmt: skip
def test_currencies_that_do_not_fit(legs, options, message):
    given = CurrencyLegs({"EUR": 0.01, "USD": 0.0}, **legs)
    half = {"EUR": 0.5, "USD": 0.5}
    with pytest.raises(InvalidInputError, match=message):
        brinson(half, half, {"EUR": 0.01, "USD": 0.02}, currency_legs=given, **options)


def test_a_residual_is_an_error_that_names_the_first_date(monkeypatch):
    monkeypatch.setattr(_carino, "log_ratios", lambda returns, benchmark: 1.001 * (returns - benchmark))
    with pytest.raises(AccountingError, match=r"linked effects of level 'sector' must sum .* from 2024-01-01 on"):
        brinson(*holdings(), groups=SECTORS)
    monkeypatch.undo()
    monkeypatch.setattr(
        "riskresearch.posttrade.attribution._levels.node_effects", lambda nodes, total, fachler: np.ones((3, 8, 2))
    )
    with pytest.raises(AccountingError, match=r"effects of level 'sector' .* off at 2024-01-01, the first of 8 rows"):
        brinson(*holdings(), groups=SECTORS)


def test_figures_show_groups_and_sums_over_time():
    found = brinson(*holdings(), groups=SECTORS)
    bars = found.plot(ax=blank_axes())
    widths = [bar.get_width() / 100.0 for bar in bars.patches]
    np.testing.assert_allclose(widths, found.to_frame()["total"])
    lines = found.plot("period", ax=blank_axes())
    assert lines.get_lines()[0].get_ydata()[-1] / 100.0 == pytest.approx(found.excess_return)
    with pytest.raises(InvalidInputError, match="by must be one of 'group', 'period'"):
        found.plot("level")
    assert repr(found).startswith("Attribution(fachler, carino, 8 rows, 6 assets, excess_return=")


def test_other_names_are_answered():
    with pytest.raises(InvalidInputError, match="benchmark_weights"):
        brinson({"a": 1.0}, {"a": 1.0}, {"a": 0.0}, wb=1)


def test_an_interval_is_refused_by_the_name_of_its_argument():
    found = brinson(*long_only())
    for ask in (found.intervals, lambda confidence: found.summary(confidence=confidence)):
        with pytest.raises(InvalidInputError, match=r"confidence must be in \(0, 1\), got 95"):
            ask(95)
