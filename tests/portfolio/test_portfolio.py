"""The risk of a portfolio in one result: every number is that of the function that defines it."""

import dataclasses
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch import PortfolioRiskMetrics, datasets, metrics, portfolio, risk_contributions, simple_returns
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import Bootstrap
from riskresearch.plots import blank_axes
from tests.contract import DATES, NAMES, VALUES, same
from tests.examples import examples
from tests.samples import fat_tailed, returns_arrays

WEIGHTS = {"AAPL": 0.5, "MSFT": 0.375, "BTC": 0.125}
FRAME = pd.DataFrame(VALUES, index=DATES, columns=NAMES)
MARKET = pd.Series(np.linspace(-0.01, 0.012, len(DATES))[[3, 1, 7, 0, 9, 5, 2, 11, 8, 4, 10, 6]], index=DATES)
GROUPS = {"AAPL": "stocks", "MSFT": "stocks", "BTC": "crypto"}
FACTORS = pd.DataFrame({"market": MARKET, "coin": np.cos(np.arange(len(DATES))) * 0.01}, index=DATES)


def everything(**options):
    return PortfolioRiskMetrics(FRAME, WEIGHTS, benchmark=MARKET, factors=FACTORS, groups=GROUPS, **options)


# --- reference: the functions


@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
def test_the_headline_is_the_summary_of_the_portfolio_s_returns():
    risk = everything(level=0.8)
    series = metrics.portfolio_returns(FRAME, weights=WEIGHTS)
    plain = riskresearch.summary(series, MARKET, level=0.8)
    assert risk.headline == dataclasses.replace(plain, assets=("portfolio",))
    assert (risk.headline.start, risk.headline.end) == (DATES[0].to_datetime64(), DATES[-1].to_datetime64())


def test_splits_diversification_and_stress_are_those_of_their_functions():
    risk = everything(level=0.8)
    shared = {"weights": WEIGHTS, "factors": FACTORS, "groups": GROUPS}
    assert risk.volatility == portfolio.risk_contributions(FRAME, measure="volatility", **shared)
    assert risk.value_at_risk == portfolio.risk_contributions(FRAME, measure="value_at_risk", level=0.8, **shared)
    assert risk.conditional_value_at_risk == portfolio.risk_contributions(FRAME, level=0.8, **shared)
    assert risk.diversification_ratio == portfolio.diversification_ratio(FRAME, weights=WEIGHTS)
    assert risk.effective_number_of_bets == portfolio.effective_number_of_bets(FRAME, weights=WEIGHTS)
    assert risk.herfindahl_index == portfolio.herfindahl_index(WEIGHTS)
    assert same(risk.stress, portfolio.historical_stress(FRAME, weights=WEIGHTS, factors=FACTORS))
    assert risk.groups == ("stocks", "stocks", "crypto")


@pytest.mark.parametrize("interval", [0.9, Bootstrap(0.9, draws=100, rng=5)])
def test_each_headline_number_has_the_interval_of_its_function(interval):
    values, market = fat_tailed(300, 3), fat_tailed(300, 1, seed=4)[:, 0]
    risk = PortfolioRiskMetrics(values, [0.5, 0.3, 0.2], benchmark=market, interval=interval)
    series = metrics.portfolio_returns(values, weights=[0.5, 0.3, 0.2])
    assert [each.measure for each in risk.intervals] == [
        "annual_return", "volatility", "sharpe_ratio", "sortino_ratio", "calmar_ratio", "value_at_risk",
        "conditional_value_at_risk", "max_drawdown", "beta", "alpha", "tracking_error", "information_ratio",
    ]  # fmt: skip
    for each in risk.intervals:
        others = (market,) if each.measure in ("beta", "alpha", "tracking_error", "information_ratio") else ()
        own = interval if each.seed is None else Bootstrap(0.9, draws=100 if each.seed == 5 else 2000, rng=each.seed)
        assert each == getattr(metrics, each.measure)(series, *others, interval=own) or same(
            each, getattr(metrics, each.measure)(series, *others, interval=own)
        )
        assert each.lower <= each.estimate <= each.upper
        assert each.estimate == getattr(risk.headline, each.measure)[0]


def test_two_assets_by_hand():
    """Half and half: portfolio -0.015, 0.005, 0.015, -0.01; the worst of four scenarios is the 75 % tail."""
    scenarios = [[-0.04, 0.01], [0.02, -0.01], [0.01, 0.02], [0.0, -0.02]]
    risk = PortfolioRiskMetrics(scenarios, [0.5, 0.5], level=0.75)
    assert risk.headline.value_at_risk == pytest.approx((0.01,), rel=1e-12)
    assert risk.headline.conditional_value_at_risk == pytest.approx((0.015,), rel=1e-12)
    assert risk.conditional_value_at_risk.component == pytest.approx((0.02, -0.005), rel=1e-12)
    assert risk.value_at_risk.component == pytest.approx((0.0, 0.01), rel=1e-12)
    assert risk.herfindahl_index == 0.5
    assert risk.stress is None


# --- properties


@examples(30)
@given(values=returns_arrays(min_rows=6, max_rows=40), data=st.data())
def test_components_sum_to_the_portfolio_s_own_risk(values, data):
    columns = values.shape[1]
    weights = data.draw(st.lists(st.sampled_from([-0.25, 0.0, 0.1, 0.25, 0.5]), min_size=columns, max_size=columns))
    risk = PortfolioRiskMetrics(values, weights, level=0.9)
    scale = np.abs(values).max() * np.abs(weights).sum()
    for split, total in (
        (risk.value_at_risk, risk.headline.value_at_risk[0]),
        (risk.conditional_value_at_risk, risk.headline.conditional_value_at_risk[0]),
        (risk.volatility, risk.headline.volatility[0] / 252**0.5),
    ):
        assert split.total == math.fsum(split.component)
        assert split.total == pytest.approx(total, rel=1e-9, abs=1e-12 * max(scale, 1e-3))
    assert risk.headline.conditional_value_at_risk[0] >= risk.headline.value_at_risk[0]


def test_pandas_polars_and_arrays_agree_and_are_untouched():
    frame = pl.DataFrame({"date": DATES.to_numpy().astype("M8[us]"), **{n: VALUES[:, i] for i, n in enumerate(NAMES)}})
    ours, theirs, plain = (PortfolioRiskMetrics(d, w) for w, d in (
        (WEIGHTS, FRAME), (WEIGHTS, frame), (list(WEIGHTS.values()), VALUES),
    ))  # fmt: skip
    for other in (theirs, plain):
        assert same(ours.to_frame(), other.to_frame())
        assert same(ours.contributions(), other.contributions())
    assert (theirs.assets, plain.assets) == (tuple(NAMES), ("0", "1", "2"))
    pd.testing.assert_frame_equal(FRAME, pd.DataFrame(VALUES, index=DATES, columns=NAMES))


def test_the_order_of_assets_is_irrelevant():
    turned = PortfolioRiskMetrics(FRAME[NAMES[::-1]], WEIGHTS)
    ours = PortfolioRiskMetrics(FRAME, WEIGHTS)
    assert turned.contributions().loc[NAMES].to_numpy() == pytest.approx(ours.contributions().to_numpy(), rel=1e-12)


# --- tables


def test_a_bandwidth_smooths_the_shares_of_var_and_says_so():
    plain, smooth = everything(), everything(bandwidth=0.03)
    expected = risk_contributions(
        FRAME, weights=WEIGHTS, measure="value_at_risk", bandwidth=0.03, factors=FACTORS, groups=GROUPS
    )
    assert smooth.value_at_risk == expected != plain.value_at_risk
    assert smooth.conditional_value_at_risk == plain.conditional_value_at_risk
    assert smooth.headline == plain.headline
    assert "smoothed, kernel bandwidth 0.03 in probability, and sum to" in smooth.summary()
    assert "smoothed" not in plain.summary()
    with pytest.raises(InvalidInputError, match=r"bandwidth must be at most 1 - level = 0\.05, got 0\.2"):
        everything(bandwidth=0.2)


def test_groups_and_factors_sum_to_the_whole():
    risk = everything()
    for name in ("volatility", "value_at_risk", "conditional_value_at_risk"):
        total = getattr(risk, name).total
        for table in (risk.contributions(), risk.by_group(), risk.by_factor()):
            assert table[name].sum() == pytest.approx(total, rel=1e-12)
            assert table[f"{name}_share"].sum() == pytest.approx(1.0, rel=1e-12)
    assert risk.by_group().index.tolist() == ["stocks", "crypto"]
    assert risk.by_group()["weight"].tolist() == [0.875, 0.125]
    assert risk.by_factor().index.tolist() == ["market", "coin", "specific"]
    assert risk.contributions().columns.tolist() == [
        "weight", "volatility", "volatility_share", "value_at_risk", "value_at_risk_share",
        "conditional_value_at_risk", "conditional_value_at_risk_share",
    ]  # fmt: skip


@pytest.mark.filterwarnings("ignore:12 rows are too few:riskresearch.core.DependentRowsWarning")
def test_text_and_tables_name_what_they_show():
    risk = everything(interval=Bootstrap(0.9, draws=100, rng=1))
    text = risk.summary()
    for words in (
        "VaR, historical (0.95)", "90 % intervals, stationary bootstrap, 100 draws",
        "90 % of resampled histories, stationary bootstrap, 100 draws", "Diversification ratio",
        "effective number of bets", "AAPL", "crypto", "specific", "2008 financial crisis", "Weights held constant",
    ):  # fmt: skip
        assert words in text
    assert risk.to_frame().columns.tolist() == ["estimate", "lower", "upper", "standard_error", "method"]
    plain = PortfolioRiskMetrics(FRAME, WEIGHTS)
    assert plain.to_frame().columns.tolist() == ["estimate"]
    assert plain.to_frame().index.tolist()[-1] == "max_drawdown"
    assert repr(plain) == "PortfolioRiskMetrics(3 assets, 12 rows, level=0.95)"
    assert plain._repr_html_().count("<table") == 2  # no stress scenario reaches these dates
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain.weights = ()


def test_it_draws_the_contributions_to_cvar():
    ax = PortfolioRiskMetrics(FRAME, WEIGHTS).plot(blank_axes())
    assert len(ax.patches) == 3


# --- edges


def test_missing_rows_are_left_out_of_everything_but_stress():
    holed, market = FRAME.copy(), MARKET.copy()
    holed.iloc[3, 1], market.iloc[8] = np.nan, np.nan
    risk = PortfolioRiskMetrics(
        holed, WEIGHTS, benchmark=market, factors=FACTORS, risk_free=MARKET.abs() / 50, nan_policy="omit"
    )
    keep = [row for row in range(12) if row not in (3, 8)]
    cut = PortfolioRiskMetrics(
        FRAME.iloc[keep], WEIGHTS, benchmark=MARKET.iloc[keep], factors=FACTORS.iloc[keep],
        risk_free=MARKET.abs().iloc[keep] / 50, periods_per_year=252,
    )  # fmt: skip
    assert risk.headline == dataclasses.replace(cut.headline, nan_policy="omit")
    assert risk.conditional_value_at_risk == cut.conditional_value_at_risk
    with pytest.raises(InvalidInputError, match=r"returns has 1 non-finite value, the first at 2024-01-04"):
        PortfolioRiskMetrics(holed, WEIGHTS)
    with pytest.raises(
        InvalidInputError, match=r"returns needs at least 2 rows on which every column has a value, got 1"
    ):
        PortfolioRiskMetrics(holed.iloc[2:4], WEIGHTS, nan_policy="omit")


def test_what_the_weights_leave_to_one_is_cash():
    half = PortfolioRiskMetrics(FRAME, {name: weight / 2 for name, weight in WEIGHTS.items()})
    whole = PortfolioRiskMetrics(FRAME, WEIGHTS)
    assert half.headline.value_at_risk == pytest.approx(tuple(v / 2 for v in whole.headline.value_at_risk), rel=1e-12)
    assert half.herfindahl_index == whole.herfindahl_index


def test_factors_that_reach_further_back_stand_in_for_assets_in_old_episodes():
    index = simple_returns(datasets.load("index_sp500")["close"]).rename("S&P 500")
    stocks = simple_returns(datasets.load("equities_adj_close")[["JPM", "XOM"]])
    risk = PortfolioRiskMetrics(stocks, {"JPM": 0.5, "XOM": 0.5}, factors=index.to_frame())
    by_name = dict(zip(risk.stress.scenarios, risk.stress.sources, strict=True))
    assert by_name["1987 crash"] == ("betas", "betas")
    assert by_name["2008 financial crisis"] == ("returns", "returns")
    moves = dict(zip(risk.stress.scenarios, risk.stress.portfolio_returns, strict=True))
    fall = index.loc["1987-10-14":"1987-10-19"]
    assert moves["1987 crash"] == pytest.approx(
        risk.by_factor().loc["S&P 500", "beta"] * ((1 + fall).prod() - 1), rel=1e-9
    )
    with pytest.raises(
        InvalidInputError, match=r"factors must have every date of returns, but 1990-01-03 is in returns"
    ):
        PortfolioRiskMetrics(stocks, {"JPM": 0.5, "XOM": 0.5}, factors=index.loc["1990-01-04":].to_frame())


def test_undated_and_monthly_returns_have_no_episodes():
    assert PortfolioRiskMetrics(VALUES[:, :1], [1.0]).stress is None
    monthly = FRAME.set_axis(pd.date_range("2008-01-31", periods=12, freq="ME"), axis=0)
    assert PortfolioRiskMetrics(monthly, WEIGHTS).stress is None


def test_where_bets_are_undefined_their_number_is_nan_and_the_rest_is_there():
    twice = FRAME.assign(BTC=FRAME["AAPL"])
    risk = PortfolioRiskMetrics(twice, WEIGHTS)
    assert math.isnan(risk.effective_number_of_bets)
    assert risk.diversification_ratio > 1.0
    still = PortfolioRiskMetrics(VALUES, [0.0, 0.0, 0.0])
    assert math.isnan(still.effective_number_of_bets)
    assert math.isnan(still.herfindahl_index)
    assert "of positions nan among 3" in still.summary()


def test_it_refuses_what_does_not_fit():
    with pytest.raises(InvalidInputError, match=r"weights must name the columns of returns, but 'ETH' is in weights"):
        PortfolioRiskMetrics(FRAME, {"AAPL": 0.5, "ETH": 0.5})
    with pytest.raises(InvalidInputError, match=r"groups must name the group of every asset, got none for 'BTC'"):
        PortfolioRiskMetrics(FRAME, WEIGHTS, groups={"AAPL": "a", "MSFT": "a"})
    with pytest.raises(InvalidInputError, match=r"groups must be given to PortfolioRiskMetrics"):
        PortfolioRiskMetrics(FRAME, WEIGHTS).by_group()
    with pytest.raises(InvalidInputError, match=r"factors must be given to risk_contributions"):
        PortfolioRiskMetrics(FRAME, WEIGHTS).by_factor()
    with pytest.raises(InvalidInputError, match=r"level must be in \(0\.5, 1\), got 95"):
        PortfolioRiskMetrics(FRAME, WEIGHTS, level=95)
    with pytest.raises(InvalidInputError, match=r"but the portfolio returns -1\.0\d+ at 2024-01-02"):
        PortfolioRiskMetrics(FRAME, {"AAPL": 50.0, "MSFT": 0.0, "BTC": 0.0})
    with pytest.warns(ConventionWarning, match=r"risk_free is a rate per period") as caught:
        PortfolioRiskMetrics(FRAME, WEIGHTS, risk_free=0.01)
    assert len(caught) == 1
