"""Mistakes measured in other libraries, each with data on which the mistake shows and the right number."""

import math

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import conditional_value_at_risk, max_drawdown, metrics, sharpe_ratio, summary, value_at_risk
from riskresearch.core import ConventionWarning, InvalidInputError
from tests.samples import fat_tailed, of_any_size

ROWS = 500
DAYS = pd.date_range("2022-01-03", periods=ROWS, freq="B")
# Two assets of 1 % and 3 % scale, Student-t with 4 degrees of freedom.
PANEL = pd.DataFrame(fat_tailed(ROWS, 2) * [1.0, 3.0], index=DAYS, columns=["calm", "wild"])
RETURNS = PANEL["calm"]


def test_the_var_of_two_columns_is_two_numbers_and_not_that_of_all_values_pooled():
    """A frame of two columns is flattened, and the quantile of all its values is returned as one number."""
    pooled = value_at_risk(PANEL.to_numpy().ravel())
    result = value_at_risk(PANEL)
    assert result.tolist() == [value_at_risk(PANEL["calm"]), value_at_risk(PANEL["wild"])]
    assert result["calm"] < pooled < result["wild"]
    assert [len(measure(PANEL)) for measure in (conditional_value_at_risk, sharpe_ratio, max_drawdown)] == [2, 2, 2]


def test_a_missing_value_is_treated_alike_by_var_and_cvar():
    """VaR comes out nan while CVaR skips the missing value in silence."""
    holed = RETURNS.copy()
    holed.iloc[7] = np.nan
    for measure in (value_at_risk, conditional_value_at_risk):
        with pytest.raises(InvalidInputError, match=r"1 non-finite value, the first at 2022-01-12\. Pass nan_policy"):
            measure(holed)
        assert measure(holed, nan_policy="omit") == measure(holed.dropna())


def test_the_quantile_convention_is_a_choice_and_both_numbers_are_to_be_had():
    """Which of two VaRs comes out, the order statistic or the interpolated one, is decided by the library used."""
    losses = np.sort(-RETURNS.to_numpy())
    assert value_at_risk(RETURNS) == losses[475 - 1]  # rank ceil(0.95 * 500) = 475
    position = 0.95 * (ROWS - 1)
    below = math.floor(position)
    between = losses[below] + (position - below) * (losses[below + 1] - losses[below])
    assert value_at_risk(RETURNS, quantile="linear") == pytest.approx(between, rel=1e-12)
    assert value_at_risk(RETURNS, quantile="linear") != value_at_risk(RETURNS)
    assert "order statistic of rank ceil(level * n)" in summary(RETURNS).conventions()


def test_returns_that_are_positive_with_one_above_100_percent_are_not_taken_for_prices():
    """Positive values that reach above 1 are taken for prices, and their relative changes are measured instead."""
    returns = np.tile([0.01, 0.02, 0.03, 0.005], 10)
    returns[17] = 1.25
    assert metrics.volatility(returns, periods_per_year=1) == pytest.approx(np.std(returns, ddof=1), rel=1e-12)
    as_prices = np.std(returns[1:] / returns[:-1] - 1.0, ddof=1)
    assert as_prices > 20 * metrics.volatility(returns, periods_per_year=1)
    assert summary(returns).best == (1.25,)


def test_prices_and_their_returns_are_told_apart_by_the_user():
    """Prices are accepted where returns are meant; here only `simple_returns` takes prices."""
    prices = metrics.wealth_index(RETURNS, start=100.0)
    assert metrics.volatility(metrics.simple_returns(prices)) == pytest.approx(
        metrics.volatility(RETURNS.iloc[1:]), rel=1e-9
    )
    with pytest.raises(InvalidInputError, match=r"prices must be positive, got -.* If these are returns already"):
        metrics.simple_returns(RETURNS)


def test_a_loss_of_20_percent_on_the_first_day_counts_in_the_drawdown():
    """The first peak is the wealth after the first day, so that day's loss is lost."""
    returns = np.array([-0.20, -0.10, 0.05, -0.08, 0.30])
    from_one = 1.0 - 0.8 * 0.9 * 1.05 * 0.92
    from_first_day = 1.0 - 0.9 * 1.05 * 0.92
    assert max_drawdown(returns) == pytest.approx(from_one, rel=1e-12)
    assert from_one > from_first_day + 0.15
    assert metrics.drawdown(returns)[0] == pytest.approx(0.2, rel=1e-12)
    assert metrics.drawdown_table(returns).peak == (None,)


def test_the_sharpe_ratio_is_annualised_by_the_days_that_the_dates_show():
    """One default for every calendar: 365 for stocks, or 252 for a market that never closes."""
    values = RETURNS.to_numpy()
    per_day = values.mean() / values.std(ddof=1)
    always_open = pd.Series(values, index=pd.date_range("2022-01-03", periods=ROWS, freq="D"))
    assert sharpe_ratio(RETURNS) == pytest.approx(per_day * 252**0.5, rel=1e-12)
    assert sharpe_ratio(always_open) == pytest.approx(per_day * 365**0.5, rel=1e-12)
    assert summary(RETURNS).periods_per_year == 252.0
    assert "365 periods a year" in summary(always_open).conventions()


@of_any_size
@pytest.mark.parametrize("value", [0.001, 1 / 3])
def test_constant_returns_have_no_ratio_instead_of_an_astronomic_one(value):
    """The rounding error of the mean passes for a deviation, and the Sharpe ratio is 2e16; or it is infinite."""
    returns = pd.Series(value, index=DAYS)
    assert np.std(returns.to_numpy(), ddof=1) > 0.0
    assert metrics.volatility(returns) == 0.0
    for measure in (sharpe_ratio, metrics.sortino_ratio, metrics.omega_ratio, metrics.calmar_ratio):
        assert math.isnan(measure(returns))
    assert not any(math.isinf(number) for number in summary(returns).to_frame().iloc[:, 0])


def test_one_infinite_return_is_refused_by_every_measure():
    """An infinity is dropped in silence by one measure, makes the next one nan, and a third one finite but wrong."""
    broken = RETURNS.copy()
    broken.iloc[100] = np.inf
    for measure in (value_at_risk, conditional_value_at_risk, sharpe_ratio, max_drawdown, summary):
        for policy in ("raise", "omit"):
            with pytest.raises(InvalidInputError, match=r"has 1 infinite value, the first at 2022-05-23"):
                measure(broken, nan_policy=policy)


def test_shuffled_dates_are_refused_instead_of_compounded_in_the_wrong_order():
    """Rows are compounded as they come: the drawdown of shuffled rows is another one, without a warning."""
    shuffled = RETURNS.sample(frac=1.0, random_state=1)
    in_that_order = max_drawdown(shuffled.to_numpy())
    assert abs(in_that_order - max_drawdown(RETURNS)) > 0.01
    with pytest.raises(InvalidInputError, match=r"must be in the order of its dates, .* Sort it with \.sort_index\(\)"):
        max_drawdown(shuffled)
    assert max_drawdown(shuffled.sort_index()) == max_drawdown(RETURNS)


@pytest.mark.parametrize("level", [0.05, 95, 0.01, 99.0])
def test_the_probability_of_the_other_tail_and_a_percentage_are_refused_as_a_level(level):
    """Asked for the wrong tail, the function returns a gain and calls it value at risk."""
    for measure in (value_at_risk, conditional_value_at_risk, metrics.tail_ratio, summary):
        with pytest.raises(
            InvalidInputError, match=r"level must be in \(0\.5, 1\).* 95% VaR is level=0\.95, not 0\.05"
        ):
            measure(RETURNS, level=level)


def test_a_benchmark_does_not_change_the_measures_that_do_not_use_it():
    """Passing a benchmark with fewer days shortens the returns, and every other measure changes with it."""
    benchmark = pd.Series(fat_tailed(ROWS, 1, seed=3)[:, 0], index=DAYS)
    alone, against = summary(RETURNS).to_frame(), summary(RETURNS, benchmark).to_frame()
    assert against.loc[alone.index].equals(alone)
    with pytest.raises(InvalidInputError, match=r"benchmark must have the dates of returns, but 2022-01-03 is in"):
        summary(RETURNS, benchmark.iloc[1:])


def test_missing_days_are_not_filled_with_returns_of_zero():
    """Missing days become days without change, which lowers every risk measure."""
    holed = RETURNS.copy()
    holed.iloc[::3] = np.nan
    with (
        pytest.warns(ConventionWarning, match=r"returns has gaps in its dates: 166 of 499 sessions .*\(1 session\)"),
        pytest.warns(ConventionWarning, match=r"33\.6% a year by the rows and 22\.2% by the dates"),
    ):
        omitted = summary(holed, nan_policy="omit")
    assert omitted.volatility[0] == metrics.volatility(holed.dropna(), periods_per_year=252)
    assert omitted.observations == (holed.count(),)
    assert omitted.volatility[0] > 1.1 * metrics.volatility(holed.fillna(0.0))


def test_the_rolling_sharpe_ratio_is_annualised_by_the_year_and_not_by_its_window():
    """The root of the window's length takes the place of the root of the periods per year."""
    window = 60
    rolling = metrics.rolling(RETURNS, "sharpe_ratio", window=window)
    # 16 ulp: the rolling sums are carried along; test_rolling.py holds them to that on every bar.
    assert rolling.iloc[-1] == pytest.approx(sharpe_ratio(RETURNS.iloc[-window:]), rel=16 * np.finfo(float).eps)
    last = RETURNS.iloc[-window:].to_numpy()
    per_day = last.mean() / last.std(ddof=1)
    assert rolling.iloc[-1] == pytest.approx(per_day * 252**0.5, rel=1e-12)


def test_the_rolling_sortino_ratio_knows_only_the_shortfalls_of_its_window():
    """The downside deviation of the whole sample is put under the mean of each window."""
    window, last = 60, RETURNS.iloc[-60:]
    rolling = metrics.rolling(RETURNS, "sortino_ratio", window=window).iloc[-1]
    assert rolling == pytest.approx(metrics.sortino_ratio(last), rel=1e-12)
    of_all = np.sqrt((np.minimum(RETURNS, 0.0) ** 2).mean())
    assert abs(rolling / (last.mean() / of_all * 252**0.5) - 1.0) > 0.02


def test_bars_within_the_day_are_not_annualised_like_days():
    """Bars of an hour are taken for days, or for bars of a market that never closes: the ratio is off by a factor."""
    hours = pd.DatetimeIndex([day + pd.Timedelta(hours=hour) for day in DAYS[:100] for hour in (10, 11, 12, 13, 14)])
    bars = pd.Series(RETURNS.to_numpy(), index=hours)
    minutes = hours + pd.to_timedelta(np.random.default_rng(0).integers(0, 60, len(hours)), unit="min")
    for measure in (sharpe_ratio, metrics.volatility, summary):
        with pytest.raises(InvalidInputError, match=r"must be given for dates with several rows a day"):
            measure(bars.set_axis(minutes))
    per_bar = bars.mean() / bars.std()
    assert sharpe_ratio(bars) == sharpe_ratio(bars, periods_per_year=252 * 5)
    assert sharpe_ratio(bars, periods_per_year=252 * 5) == pytest.approx(per_bar * 1260**0.5, rel=1e-12)


def test_a_calculator_makes_none_of_these_mistakes_either():
    """One panel asked many questions: no pooling, no shared wrong row, no price taken for a return."""
    calc = riskresearch.RiskMetricsCalculator(PANEL, level=0.99)
    assert calc["value_at_risk"].tolist() == [value_at_risk(PANEL[name], level=0.99) for name in PANEL]
    assert (calc["conditional_value_at_risk"] >= calc["value_at_risk"]).all()
    for broken, text in (
        (PANEL.sample(frac=1.0, random_state=1), "in the order of its dates"),
        (PANEL.replace(PANEL.iloc[100, 0], np.inf), "has 1 infinite value, the first at 2022-05-23"),
        (PANEL.replace(PANEL.iloc[7, 1], np.nan), "1 non-finite value, the first at 2022-01-12"),
    ):
        with pytest.raises(InvalidInputError, match=text):
            riskresearch.RiskMetricsCalculator(broken)
        with pytest.raises(InvalidInputError, match=text):
            riskresearch.PortfolioRiskMetrics(broken, {"calm": 0.5, "wild": 0.5})


def test_cvar_is_the_mean_beyond_var_and_not_var_itself():
    """CVaR equals VaR, because no return lies strictly beyond the quantile or the tail is cut to no rows at all."""
    small = riskresearch.simple_returns([100.0, 90.0, 99.0, 101.0, 97.0, 98.0])
    assert conditional_value_at_risk(small, level=0.75) > value_at_risk(small, level=0.75)
    assert conditional_value_at_risk(small, level=0.99) == value_at_risk(small, level=0.99) == -small.min()
