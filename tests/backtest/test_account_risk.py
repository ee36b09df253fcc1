"""The risk of simulated accounts, beside holding what they first bought and beside a benchmark."""

import re

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import metrics
from riskresearch.accounts import Costs
from riskresearch.backtest import _simulated, simulate
from riskresearch.core import ConventionWarning, InvalidInputError
from tests.backtest.samples import EVERY_COST, impact_panels, market

WEIGHTS, PRICES = market(rows=400, columns=3)
DONE = simulate(WEIGHTS, PRICES, capital=1000.0, costs=EVERY_COST, **impact_panels(PRICES))
ASSET = PRICES["S0"]
NUMBERS = "annual_return volatility sharpe_ratio max_drawdown value_at_risk conditional_value_at_risk".split()


def row(done, series, account="portfolio"):
    return done.to_frame().loc[(account, series)]


def held_returns(done):
    """Simple returns since the first fill, by the public tables of a result."""
    return done.returns.loc[done.first_fills["portfolio"] :]


@pytest.mark.parametrize(("done", "series"), [(DONE, "account"), (DONE.holding, "account"), (DONE, "holding")])
def test_the_numbers_are_those_of_the_measures_from_the_first_fill_on(done, series):
    source = done.holding if series == "holding" else done
    returns = held_returns(source)
    calculator = riskresearch.RiskMetricsCalculator(returns, risk_free=EVERY_COST.cash_rate)
    found = row(done, series)
    for name in NUMBERS:
        assert found[name] == getattr(calculator, name)(), name
    interval = metrics.sharpe_ratio_interval(returns, risk_free=EVERY_COST.cash_rate, method="hac")
    assert (found["sharpe_lower"], found["sharpe_upper"]) == (interval.lower, interval.upper)


def test_turnover_and_costs_are_of_a_year_and_over_the_equity_before():
    before = DONE.equity.shift(1).iloc[1:]
    found = row(DONE, "account")
    assert found["annual_turnover"] == pytest.approx(252.0 * DONE.turnover.iloc[1:].mean(), rel=1e-12)
    paid = DONE.costs.sum(axis=1).iloc[1:] / before
    assert found["annual_cost"] == pytest.approx(252.0 * paid.mean(), rel=1e-12)
    assert found["commission"] == pytest.approx(DONE.costs["commission"].sum(), rel=1e-12)


def test_holding_one_asset_is_its_price_over_that_of_the_first_fill_whatever_the_first_weight():
    for size in (0.3, 1.0, 1.7, -0.4):  # a scaled, whole, levered and short first target
        targets = (WEIGHTS["S0"] * 0.0).to_frame() + size
        done = simulate(targets, ASSET.to_frame())
        assert row(done, "holding")["total_return"] == pytest.approx(ASSET.iloc[-1] / ASSET.iloc[1] - 1.0, rel=1e-12)


def test_holding_begins_with_the_first_target_that_is_not_zero():
    targets = pd.Series(0.0, ASSET.index)
    targets.iloc[100:] = 0.5
    done = simulate(targets, ASSET)
    assert done.first_fills == {"portfolio": ASSET.index[101]}
    assert (done.holding.equity.iloc[:102] == 1.0).all()
    assert row(done, "holding")["total_return"] == pytest.approx(ASSET.iloc[-1] / ASSET.iloc[101] - 1.0, rel=1e-12)


def test_holding_several_assets_keeps_the_proportions_of_the_first_fill_with_the_whole_capital():
    # By hand: 0.1 and 0.3 are a quarter and three quarters of the capital, at 10 and 20, which become 12 and 15.
    prices = pd.DataFrame({"A": [9.0, 10.0, 11.0, 12.0], "B": [20.0, 20.0, 17.0, 15.0]})
    done = simulate(pd.DataFrame({"A": [0.1, 0.9, 0.0, 0.0], "B": [0.3, 0.0, 0.0, 0.0]}), prices, capital=100.0)
    assert done.holding.units.iloc[-1].tolist() == pytest.approx([2.5, 3.75])
    assert row(done, "holding")["final_equity"] == pytest.approx(2.5 * 12.0 + 3.75 * 15.0)


def test_holding_pays_the_costs_of_its_one_purchase_and_borrows_nothing():
    done = simulate(1.0 + 0.0 * ASSET, ASSET, costs=Costs(commission=0.01, cash_rate=0.0001))
    held = done.holding
    assert len(held.fills) == 1
    assert held.cash.min() >= 0.0
    assert held.equity.iloc[-1] == pytest.approx(ASSET.iloc[-1] / ASSET.iloc[1] / 1.01, rel=1e-3)


def test_holding_keeps_what_has_no_price_at_its_last_one():
    prices = PRICES[["S0"]].copy()
    prices.iloc[50:60] = np.nan
    targets = 1.0 + 0.0 * PRICES[["S0"]]
    targets.iloc[30:] = 0.0  # sold before the price is missing
    done = simulate(targets, prices)
    assert row(done, "holding")["total_return"] == pytest.approx(ASSET.iloc[-1] / ASSET.iloc[1] - 1.0, rel=1e-12)


def test_each_account_is_compared_with_its_own_first_purchase():
    targets = 0.0 * PRICES
    targets.iloc[:, 0], targets.iloc[40:, 1] = 0.5, 1.0
    done = simulate(targets, PRICES, accounts="columns")
    assert list(done.first_fills) == ["S0", "S1"]
    assert row(done, "holding", "S1")["total_return"] == pytest.approx(
        PRICES["S1"].iloc[-1] / PRICES["S1"].iloc[41] - 1.0, rel=1e-12
    )
    alone = simulate(targets["S1"], PRICES["S1"])
    for series in ("account", "holding"):
        together, single = row(done, series, "S1"), row(alone, series)
        np.testing.assert_allclose(together[NUMBERS].astype(float), single[NUMBERS].astype(float), rtol=1e-12)
    assert row(done, "account", "S2")[NUMBERS].isna().all()
    text = done.summary()
    assert "359 to 399 bars from the first fill (2023-01-03 to 2023-02-28) on" in text
    assert [line.split()[0] for line in text.splitlines()[:8]] == [
        "account",
        "S0",
        "S1",
        "S2",
        "holding",
        "S0",
        "S1",
        "S2",
    ]


RETURNS = ASSET.pct_change()
AT_FOUR = pd.Series(RETURNS.to_numpy(), RETURNS.index + pd.Timedelta(hours=16), name="index")
LONGER = pd.concat([pd.Series([0.01, 0.02], pd.to_datetime(["2022-12-29", "2022-12-30"])), RETURNS.iloc[1:]])


@pytest.mark.parametrize("given", [RETURNS, RETURNS.dropna(), AT_FOUR, AT_FOUR.dropna(), RETURNS.fillna(0.0), LONGER])
def test_a_benchmark_is_bought_at_the_close_of_the_first_fill(given):
    done = simulate(1.0 + 0.0 * ASSET, ASSET, benchmark=given)
    account, other = row(done, "account"), row(done, "benchmark")
    np.testing.assert_allclose(other[NUMBERS].astype(float), account[NUMBERS].astype(float), rtol=1e-9)
    assert other["total_return"] == pytest.approx(account["total_return"], rel=1e-12)
    assert "bought at the close of that bar" in done.conventions()


def test_rows_of_a_benchmark_between_bars_are_compounded_into_the_next():
    days = pd.date_range(ASSET.index[0], ASSET.index[-1])
    every_day = pd.Series(0.001, days)
    done = simulate(1.0 + 0.0 * ASSET, ASSET, benchmark=every_day)
    assert row(done, "benchmark")["total_return"] == pytest.approx(1.001 ** (len(days) - 2) - 1.0, rel=1e-12)
    assert "returns of the benchmark between bars are compounded into the next." in done.summary()


def test_undated_benchmarks_are_paired_by_position():
    prices = ASSET.to_numpy()
    done = simulate(np.ones(400), prices, benchmark=RETURNS.to_numpy())
    assert row(done, "benchmark")["total_return"] == pytest.approx(row(done, "account")["total_return"], rel=1e-12)
    with pytest.raises(InvalidInputError, match=r"each of the 400 bars of prices, got 399.*np\.insert"):
        simulate(np.ones(400), prices, benchmark=RETURNS.to_numpy()[1:])


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (RETURNS.iloc[:300], r"on every bar after the first fill, got none at 2024-02-26 and on 99 other bars"),
        (RETURNS.iloc[50:], r"on every bar after the first fill, got none at 2023-01-04"),
        (RETURNS.drop(RETURNS.index[70]), r"a row for each bar of prices, but 2023-04-10.* is in prices only"),
        (RETURNS.where(RETURNS.index != RETURNS.index[70]), r"no gap after its first return, got nan at 2023-04-10"),
        (PRICES.pct_change(), r"benchmark must be one series, got 3 columns"),
        (RETURNS.tz_localize("UTC").shift(-2, freq="D"), r"2023-01-05 is in prices only, as are 157 later bars"),
        (0.0 * RETURNS + np.nan, r"a return on some bar, got none"),
        (RETURNS.dropna() - 1.5, r"benchmark must be -1 or more"),
    ],
)
def test_a_benchmark_that_does_not_fit_is_refused(given, match):
    with pytest.raises(InvalidInputError, match=match):
        simulate(1.0 + 0.0 * ASSET, ASSET, benchmark=given)


def test_prices_as_a_benchmark_are_doubted_and_refused_where_they_outgrow_a_double():
    with (
        pytest.warns(ConventionWarning, match="benchmark looks like prices"),
        pytest.raises(InvalidInputError, match=r"beyond 1e308.*pass riskresearch\.simple_returns\(benchmark\)"),
    ):
        simulate(1.0 + 0.0 * ASSET, ASSET, benchmark=ASSET)


def test_the_same_sharpe_ratio_has_no_p_value_and_the_draws_are_seeded():
    half = simulate(0.5 + 0.0 * ASSET, ASSET, benchmark=PRICES["S1"].pct_change())
    assert half.summary() == half.summary()
    assert 0.0 < row(half, "benchmark")["p_value"] <= 1.0
    p_value = metrics.sharpe_ratio_difference(
        held_returns(DONE),
        held_returns(DONE.holding),
        interval=metrics.Bootstrap(0.95, draws=499, resampling="circular", rng=0),
        risk_free=EVERY_COST.cash_rate,
    ).p_value
    assert row(DONE, "holding")["p_value"] == p_value
    assert "499 draws, seed 0" in DONE.summary()
    whole = simulate(1.0 + 0.0 * ASSET, ASSET)
    assert np.isnan(row(whole, "holding")["p_value"])


def test_several_accounts_show_a_common_benchmark_once_and_their_p_values_beside_them():
    several = simulate(*market(rows=60, columns=3), accounts="columns", benchmark=RETURNS.iloc[:60])
    lines = several.summary().splitlines()
    assert lines[0].split()[-4:] == ["p,", "holding", "p,", "benchmark"]
    assert [line.split()[0] for line in lines[:10]] == [
        "account",
        "S0",
        "S1",
        "S2",
        "holding",
        "S0",
        "S1",
        "S2",
        "benchmark",
        "all",
    ]
    p_value = several.to_frame().loc[("S1", "benchmark"), "p_value"]
    assert lines[2].split()[-1] == f"{p_value:.3f}"
    targets = 0.0 * PRICES
    targets.iloc[:, 0], targets.iloc[40:, 1:] = 0.5, 1.0
    apart = simulate(targets, PRICES, benchmark=RETURNS, accounts="columns")
    assert "all accounts" not in apart.summary()


def test_more_than_ten_accounts_are_not_tested():
    many = simulate(*market(rows=60, columns=11), accounts="columns")
    assert many.to_frame()["p_value"].isna().all()
    assert "studentised" not in many.summary()


def test_the_periods_of_a_year_are_said():
    assert "399 bars from the first fill (2023-01-03) on, 252 a year by the dates" in DONE.conventions()
    assert (
        "399 bars from the first fill (1) on, 252 a year without dates"
        in simulate(np.ones(400), ASSET.to_numpy()).conventions()
    )
    months = pd.Series(ASSET.to_numpy()[:40], pd.date_range("2020-01-31", periods=40, freq="ME"))
    assert "12 a year by the dates" in simulate(0.0 * months + 1.0, months).conventions()
    short = simulate(np.ones(50), ASSET.to_numpy()[:50])
    assert "a return a year is extrapolated from 0.19 years" in short.summary()
    odd = pd.Series(ASSET.to_numpy()[:40], pd.date_range("2020-01-31", periods=40, freq="45D"))
    assert (
        "8.11667 a year from first to last date, whose spacing shows no other number"
        in simulate(0.0 * odd + 1.0, odd).summary()
    )


def test_nothing_bought_or_hardly_anything_measured_is_a_dash():
    never = simulate(np.zeros(5), np.ones(5)).summary()
    assert "Nothing was ever bought" in never
    last = simulate([0.0, 1.0, 1.0], [1.0, 1.0, 1.1]).summary()
    for text in (never, last):
        assert "nan" not in text.lower()
        assert "Volatility a year" in text
    broken = simulate([-3.0] * 4, [10.0, 10.0, 20.0, 20.0])
    assert "BANKRUPT: portfolio on 2" in broken.summary()
    assert row(broken, "account")["max_drawdown"] == 1.0


def test_a_simulation_measures_nothing_until_asked(monkeypatch):
    monkeypatch.setattr(_simulated, "hold", None)
    done = simulate(WEIGHTS, PRICES)
    assert repr(done) == "Backtest(400 bars, 3 columns, 1 account)"


def test_polars_prices_are_measured_alike():
    polars = pytest.importorskip("polars")
    frames = [polars.from_pandas(each.reset_index()) for each in (WEIGHTS, PRICES)]
    assert simulate(*frames).summary() == simulate(WEIGHTS, PRICES).summary()


def test_one_bar_of_risk_has_no_turnover_a_year():
    done = simulate([1.0, 1.0], [10.0, 10.1], costs=0.0005)
    assert done.to_frame()[["annual_turnover", "annual_cost"]].isna().all(axis=None)
    assert re.search(r"Turnover a year +- +-\n", done.summary())
    assert simulate([1.0], [10.0]).conventions().startswith("1 bar, capital 1 each")
