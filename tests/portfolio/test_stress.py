"""Stress tests: closing levels on record, hand calculations, regression and optimisers as second ways."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import optimize, stats

import riskresearch
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.plots import blank_axes
from riskresearch.portfolio import historical_stress, hypothetical_stress, reverse_stress, stress_episodes
from riskresearch.portfolio._stress_episodes import EPISODES
from tests.examples import examples
from tests.samples import fat_tailed

DATES = pd.bdate_range("2019-06-03", "2022-12-30")


def dated(columns, seed=0):
    return pd.DataFrame(fat_tailed(len(DATES), len(columns), seed=seed), index=DATES, columns=columns)


# --- episodes


@pytest.mark.parametrize(
    ("word", "year"),
    [("GFC", "2008"), ("Lehman", "2008"), ("financial crisis", "2008"), (2008, "2008"), ("covid", "2020"),
     ("COVID-19", "2020"), ("dotcom", "2000"), ("black monday", "1987"), ("LTCM", "1998"), ("flash crash", "2010"),
     ("SNB", "2015"), ("inflation", "2022")],
)  # fmt: skip
def test_an_episode_may_be_called_what_it_is_also_called(word, year):
    found = historical_stress(dated(["A"]), [1.0], episodes=word, factors=dated(["F"], seed=1))
    assert [name[:4] for name in found.scenarios] == [year]


def test_a_word_of_several_episodes_and_dates_are_answered():
    with pytest.raises(InvalidInputError, match=r"episodes must be one of .*, got 'crash'"):
        historical_stress(dated(["A"]), [1.0], episodes="crash")
    with pytest.raises(
        InvalidInputError, match=r"episodes must be names, got '2020-02-20'\. Dates of your own need no"
    ):
        historical_stress(dated(["A"]), [1.0], episodes=("2020-02-20", "2020-03-23"))
    with pytest.raises(InvalidInputError, match=r"all assets is shocks=dict\.fromkeys\(returns\.columns, -0\.2\)\."):
        hypothetical_stress(dated(["A"]), [1.0], shocks=-0.2)


def test_each_other_name_is_of_one_episode():
    words = [word for episode in EPISODES for word in episode.also]
    assert len(set(words)) == len(words)
    assert all(word == word.casefold() for word in words)


def test_episodes_are_dated_sourced_and_in_order():
    table = stress_episodes()
    for year in ("1987", "1994", "1997", "1998", "2000", "2008", "2010", "2011", "2015", "2020", "2022"):
        assert sum(name.startswith(year) for name in table.index) == 1
    assert (table["start"] <= table["end"]).all()
    assert table["start"].is_monotonic_increasing
    assert (table["start"].dt.day_of_week < 5).all()
    assert (table["end"].dt.day_of_week < 5).all()
    assert (table["source"].str.len() > 20).all()
    assert len({episode.name for episode in EPISODES}) == len(EPISODES) == 11


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [  # closes of the S&P 500 on the day before the first and on the last, as published by S&P Dow Jones Indices
        ("1987 crash", 314.52, 224.84),
        ("2000-02 dot-com bust", 1527.46, 776.76),
        ("2008 financial crisis", 1251.70, 676.53),
    ],
)
def test_the_index_lost_what_its_closing_levels_say(name, before, after):
    returns = riskresearch.simple_returns(riskresearch.datasets.load("index_sp500")[["close"]])
    result = historical_stress(returns, weights=[1.0], episodes=[name])
    assert result.portfolio_returns[0] == pytest.approx(after / before - 1.0, abs=2e-5)
    assert result.sources == (("returns",),)


# --- historical


def test_actual_returns_are_compounded_by_hand():
    returns = dated(["AAPL", "MSFT"])
    result = historical_stress(returns, weights=[0.6, 0.3], episodes=["2020 pandemic"])
    inside = returns.loc["2020-02-20":"2020-03-23"]
    moves = (1 + inside).prod() - 1
    assert result.asset_returns[0] == pytest.approx(moves.tolist(), rel=1e-12)
    assert result.portfolio_returns[0] == pytest.approx(0.6 * moves.iloc[0] + 0.3 * moves.iloc[1], rel=1e-12)


def test_betas_stand_in_where_an_asset_has_no_returns_and_it_is_said():
    factors = pd.DataFrame(
        fat_tailed(9600, 2), index=pd.bdate_range("1986-06-02", periods=9600), columns=["market", "rates"]
    )
    returns = dated(["AAPL", "NEW"], seed=3)
    returns[["AAPL", "NEW"]] += 0.5 * factors.loc[DATES].to_numpy()
    returns.loc[:"2021-06-30", "NEW"] = np.nan
    result = historical_stress(
        returns, weights=[0.5, 0.5], factors=factors, episodes=["1987 crash", "2020 pandemic", "2022 inflation"]
    )
    assert result.sources == (("betas", "betas"), ("returns", "betas"), ("returns", "returns"))
    known = returns["NEW"].dropna()
    design = np.column_stack([np.ones(len(known)), factors.loc[known.index]])
    betas = np.linalg.lstsq(design, known.to_numpy(), rcond=None)[0][1:]
    shock = (1 + factors.loc["2020-02-20":"2020-03-23"]).prod() - 1
    assert result.asset_returns[1][1] == pytest.approx(betas @ shock.to_numpy(), rel=1e-9)
    assert result.to_frame()["source"].tolist() == ["betas", "betas 1, returns 1", "returns"]


def test_an_unknown_asset_makes_the_portfolio_unknown_unless_it_is_not_held():
    returns = dated(["AAPL", "MSFT"])
    result = historical_stress(returns, weights=[0.5, 0.5], episodes=["1987 crash", "2022 inflation"])
    assert math.isnan(result.portfolio_returns[0])
    assert result.sources[0] == ("unknown", "unknown")
    assert math.isfinite(result.portfolio_returns[1])
    returns.loc["2022-03-01", "MSFT"] = np.nan
    one = historical_stress(returns, weights=[1.0, 0.0], episodes=["2022 inflation"])
    assert one.sources == (("returns", "unknown"),)
    assert math.isfinite(one.portfolio_returns[0])


def test_an_episode_that_the_data_cover_in_part_is_unknown():
    returns = dated(["AAPL"])
    cut = historical_stress(returns.loc["2020-03-02":], weights=[1.0], episodes=["2020 pandemic"])
    assert cut.sources == (("unknown",),)


def test_what_a_historical_stress_refuses():
    returns = dated(["AAPL"])
    with pytest.raises(InvalidInputError, match=r"episodes must be one of .* Did you mean '1987 crash'"):
        historical_stress(returns, weights=[1.0], episodes=["1987 crsh"])
    with pytest.raises(InvalidInputError, match=r"returns must have dates for historical episodes"):
        historical_stress(returns.to_numpy(), weights=[1.0])
    with pytest.raises(
        InvalidInputError, match=r"must be daily or finer for historical episodes, got one row in 31 days"
    ):
        historical_stress(returns.iloc[::23].set_axis(pd.date_range("2019", periods=41, freq="MS")), weights=[1.0])
    with pytest.raises(InvalidInputError, match=r"factors must have dates"):
        historical_stress(returns, weights=[1.0], factors=np.zeros((5, 1)))


# --- hypothetical


def test_conditional_expectation_is_the_regression_on_what_is_shocked():
    frame = pd.DataFrame(
        fat_tailed(300, 4, seed=2) @ np.random.default_rng(1).standard_normal((4, 4)), columns=[*"ABCD"]
    )
    result = hypothetical_stress(frame, weights=[0.25] * 4, shocks={"A": -0.2, "C": 0.1})
    design = np.column_stack([np.ones(300), frame[["A", "C"]]])
    slopes = np.linalg.lstsq(design, frame[["B", "D"]].to_numpy(), rcond=None)[0][1:]
    b, d = np.array([-0.2, 0.1]) @ slopes
    assert result.asset_returns[0] == pytest.approx((-0.2, b, 0.1, d), rel=1e-9)
    assert result.sources == (("given", "covariance", "given", "covariance"),)
    unmoved = hypothetical_stress(frame, weights=[0.25] * 4, shocks={"A": -0.2}, propagate="none")
    assert unmoved.asset_returns == ((-0.2, 0.0, 0.0, 0.0),)


def test_factor_shocks_by_betas_leave_the_other_factors_where_they_are():
    factors = pd.DataFrame(fat_tailed(200, 2), columns=["market", "rates"])
    factors["rates"] += 0.8 * factors["market"]
    assets = pd.DataFrame(factors.to_numpy() @ np.array([[1.2, 0.5], [-0.4, 0.3]]), columns=["AAPL", "MSFT"])
    run = {"weights": [0.5, 0.5], "factors": factors, "shocks": {"market": -0.3}}
    result = hypothetical_stress(assets, **run, propagate="betas")
    assert result.asset_returns[0] == pytest.approx((-0.36, -0.15), rel=1e-9)
    slope = np.cov(factors.T)[0, 1] / factors["market"].var()
    moved = hypothetical_stress(assets, **run)
    assert moved.asset_returns[0] == pytest.approx((-0.3 * (1.2 - 0.4 * slope), -0.3 * (0.5 + 0.3 * slope)), rel=1e-9)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"shocks": {}}, r"shocks must be a mapping from asset or factor to return, got \{\}"),
        (
            {"shocks": {"GOLD": -0.1}},
            r"shocks must name assets or factors, got 'GOLD', which is neither an asset nor a factor",
        ),
        ({"shocks": {"0": float("nan")}}, r"shocks\['0'\] must be a finite number"),
        ({"shocks": {"0": -0.1}, "propagate": "betas"}, r'factors must be given with propagate="betas"'),
        ({"shocks": {"0": -0.1, "1": 0.1}}, r"must name linearly independent columns"),
        ({"shocks": {"0": -0.1}, "propagate": "beta"}, r"propagate must be one of"),
        ({"shocks": {"0": -0.1}, "factors": fat_tailed(30, 1)}, r"got '0', which is both an asset and a factor"),
    ],
)
def test_what_a_hypothetical_stress_refuses(options, text):
    one = fat_tailed(30, 1)
    with pytest.raises(InvalidInputError, match=text):
        hypothetical_stress(np.column_stack([one, 2 * one]), weights=[0.5, 0.5], **options)


# --- reverse


@given(st.integers(0, 200), st.floats(0.02, 0.5))
@examples(15)
def test_reverse_stress_equals_an_optimiser(seed, loss):
    returns, weights = fat_tailed(100, 3, seed=seed), np.array([0.6, 0.6, -0.2])
    result = reverse_stress(returns, weights=weights, loss=loss)
    inverse, mean = np.linalg.inv(np.cov(returns.T)), returns.mean(axis=0)
    found = optimize.minimize(
        lambda x: (x / 100 - mean) @ inverse @ (x / 100 - mean),
        np.zeros(3),
        constraints={"type": "eq", "fun": lambda x: weights @ x + 100 * loss},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert np.array(result.scenario) == pytest.approx(found.x / 100, rel=1e-4, abs=1e-5)
    assert result.distance == pytest.approx(math.sqrt(found.fun), rel=1e-6)
    assert -weights @ result.scenario == pytest.approx(loss, rel=1e-12)


def test_the_probability_is_that_of_the_portfolio():
    returns, weights = fat_tailed(500, 2, seed=1), np.array([0.5, 0.5])
    series = returns @ weights
    normal = reverse_stress(returns, weights=weights, loss=0.03)
    assert normal.probability == pytest.approx(stats.norm.cdf(-0.03, series.mean(), series.std(ddof=1)), rel=1e-9)
    fat = reverse_stress(returns, weights=weights, loss=0.03, distribution="student_t")
    var = riskresearch.portfolio.risk_contributions(
        returns, weights=weights, measure="value_at_risk", method="student_t", level=1 - fat.probability
    )
    assert var.total == pytest.approx(0.03, rel=1e-6)
    assert fat.dof < 10


def test_a_singular_covariance_still_has_a_most_likely_scenario():
    one = fat_tailed(50, 1)
    result = reverse_stress(np.column_stack([one, one]), weights=[0.5, 0.5], loss=0.1)
    assert result.scenario == pytest.approx((-0.1, -0.1), rel=1e-9)


def test_what_a_reverse_stress_refuses():
    returns = fat_tailed(30, 2)
    with pytest.raises(InvalidInputError, match=r"loss must be above the expected .*, got -0\.1"):
        reverse_stress(returns, weights=[0.5, 0.5], loss=-0.1)
    with pytest.raises(InvalidInputError, match=r"a portfolio that moves, but its variance is zero"):
        reverse_stress(returns, weights=[0.0, 0.0], loss=0.1)
    with pytest.raises(InvalidInputError, match=r"distribution must be one of"):
        reverse_stress(returns, weights=[0.5, 0.5], loss=0.1, distribution="t")
    with pytest.raises(InvalidInputError, match=r"regular covariance for a Student-t"):
        reverse_stress(returns[:, [0, 0]], weights=[0.5, 0.5], loss=0.1, distribution="student_t")


def test_the_results_speak_the_common_language():
    frame = dated(["AAPL", "MSFT"])
    past = historical_stress(frame, weights=[0.5, 0.5])
    assert repr(past) == "StressTest(11 scenarios, 2 assets)"
    assert past.contributions().sum(axis=1, skipna=False).dropna().to_numpy() == pytest.approx(
        past.to_frame()["portfolio_return"].dropna().to_numpy()
    )
    assert len(past.plot(ax=blank_axes()).patches) == 2
    assert "The return is unknown, for a held asset has none then: " in past.summary()
    assert "2020 pandemic" in past._repr_html_()
    result = reverse_stress(frame, weights=[0.5, 0.5], loss=0.05)
    assert repr(result) == "ReverseStress(loss=0.05, 2 assets, normal)"
    assert result.to_frame()["loss"].sum() == pytest.approx(0.05, rel=1e-12)
    assert "probability" in result.summary()
    assert "AAPL" in result._repr_html_()
    assert len(result.plot(ax=blank_axes()).patches) == 2


@pytest.mark.parametrize("lost", [["1987-10-19"], ["1987-10-14"], ["1987-10-15", "1987-10-16"]])
def test_days_that_the_index_lacks_are_no_returns(lost):
    returns = riskresearch.simple_returns(riskresearch.datasets.load("index_sp500")["close"])
    with pytest.warns(ConventionWarning, match=rf"lacks {len(lost)} of the 4 days of '1987 crash'"):
        result = historical_stress(returns.drop(pd.to_datetime(lost)), weights=[1.0], episodes=["1987 crash"])
    assert result.sources == (("unknown",),)
    assert np.isnan(result.portfolio_returns[0])


def test_a_hole_of_weeks_makes_a_long_episode_unknown_and_holidays_do_not():
    returns = riskresearch.simple_returns(riskresearch.datasets.load("index_sp500")["close"])
    name = "2008 financial crisis"
    assert historical_stress(returns, weights=[1.0], episodes=[name]).sources == (("returns",),)
    with (
        pytest.warns(ConventionWarning, match=r"returns has gaps in its dates: .* 2008-10-27 \(15 sessions\)"),
        pytest.warns(ConventionWarning, match=r"returns lacks \d+ of the 126 days"),
    ):
        holed = historical_stress(
            returns.drop(returns.loc["2008-10-06":"2008-10-24"].index), weights=[1.0], episodes=[name]
        )
    assert holed.sources == (("unknown",),)
    # Tokyo's holidays from September 2008 to March 2009.
    closed = ["2008-09-15", "2008-09-23", "2008-10-13", "2008-11-03", "2008-11-24", "2008-12-23", "2008-12-31",
              "2009-01-01", "2009-01-02", "2009-01-12", "2009-02-11"]  # fmt: skip
    days = pd.bdate_range("2007-01-01", "2010-12-31").difference(pd.to_datetime(closed))
    tokyo = pd.Series(np.random.default_rng(0).normal(0.0, 0.01, len(days)), index=days)
    assert historical_stress(tokyo, weights=[1.0], episodes=[name]).sources == (("returns",),)


def test_factors_that_lack_the_days_imply_nothing():
    market = riskresearch.simple_returns(riskresearch.datasets.load("index_sp500")["close"])
    asset = market.loc["1988":"1995"] * 1.2
    whole = historical_stress(asset, weights=[1.0], factors=market, episodes=["1987 crash"])
    assert whole.sources == (("betas",),)
    with pytest.warns(ConventionWarning, match="factors lacks 1 of the 4 days"):
        lacking = historical_stress(
            asset, weights=[1.0], factors=market.drop(pd.Timestamp("1987-10-19")), episodes=["1987 crash"]
        )
    assert lacking.sources == (("unknown",),)
