"""Volatility, shape and reward-to-risk ratios against R's numbers, SciPy's, and their definitions."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from riskresearch import metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import (
    annual_return,
    burke_ratio,
    calmar_ratio,
    excess_kurtosis,
    max_drawdown,
    omega_ratio,
    sharpe_ratio,
    skewness,
    sortino_ratio,
    tail_ratio,
    value_at_risk,
    volatility,
)  # fmt: skip
from tests.reference import published
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

BACON = published.BACON["portfolio"]
EXACT = published.BACON_EXACT
MAR = published.BACON_MAR
SCALES = st.sampled_from([0.25, 0.5, 2.0, 8.0])
MONTHS = pd.DatetimeIndex(published.BACON_DATES)


def relative(expected):
    """Expect a value that R printed with 15 digits."""
    return pytest.approx(expected, rel=1e-12)


def varied(returns):
    """Say which columns have a deviation well above their rounding error."""
    return np.ptp(returns, axis=0) > 1e-6


# --- reference values


def test_volatility_equals_r():
    assert volatility(BACON, periods_per_year=1) == relative(EXACT["sd_sample"])
    assert volatility(BACON, periods_per_year=1, ddof=0) == relative(EXACT["sd_population"])
    assert volatility(BACON, periods_per_year=12) == relative(EXACT["volatility_annual_sample"])
    assert volatility(BACON, periods_per_year=12, ddof=0) == relative(EXACT["volatility_annual_population"])


@pytest.mark.parametrize("column", published.EDHEC)
def test_edhec_moments_equal_performanceanalytics_and_scipy(column):
    returns = published.EDHEC[column]
    assert volatility(returns, periods_per_year=1) == pytest.approx(published.EDHEC_SD_SAMPLE[column], rel=1e-6)
    assert skewness(returns) == relative(published.EDHEC_SKEWNESS_POPULATION[column])
    assert excess_kurtosis(returns) == relative(published.EDHEC_EXCESS_KURTOSIS_POPULATION[column])
    assert skewness(returns) == relative(stats.skew(returns))
    assert excess_kurtosis(returns) == relative(stats.kurtosis(returns))


def test_bacons_moments_equal_r():
    assert skewness(BACON) == relative(EXACT["skewness_population"])
    assert excess_kurtosis(BACON) == relative(EXACT["excess_kurtosis_population"])


def test_sharpe_ratio_equals_r():
    assert sharpe_ratio(BACON, periods_per_year=1) == relative(EXACT["sharpe_month_sample"])
    assert sharpe_ratio(BACON, periods_per_year=12) == relative(EXACT["sharpe_annual_sample"])
    ours = sharpe_ratio(BACON, risk_free=0.002, periods_per_year=12)
    assert ours == relative(EXACT["sharpe_annual_sample_rf_0.002"])


def test_sharpe_ratio_with_a_moving_risk_free_rate_equals_r():
    returns, rates = published.RELATIVE_RETURNS, published.RELATIVE_RISK_FREE
    assert sharpe_ratio(returns, risk_free=rates, periods_per_year=1) == relative(
        published.RELATIVE["sharpe_period_rf"]
    )
    assert sharpe_ratio(returns, risk_free=rates, periods_per_year=12) == relative(
        published.RELATIVE["sharpe_annual_rf"]
    )
    assert sharpe_ratio(returns, periods_per_year=12) == relative(published.RELATIVE["sharpe_annual"])


def test_sortino_ratio_equals_r_with_the_divisor_n():
    assert sortino_ratio(BACON, periods_per_year=1) == relative(EXACT["sortino_month_0"])
    assert sortino_ratio(BACON, periods_per_year=12) == relative(EXACT["sortino_annual_0"])
    assert sortino_ratio(BACON, required_return=MAR, periods_per_year=1) == relative(EXACT["sortino_month_mar"])
    assert sortino_ratio(BACON, required_return=MAR, periods_per_year=12) == relative(EXACT["sortino_annual_mar"])


def test_omega_ratio_equals_r():
    assert omega_ratio(BACON) == relative(EXACT["omega_0"])
    assert omega_ratio(BACON, required_return=MAR) == relative(EXACT["omega_mar"])
    assert omega_ratio(BACON) == pytest.approx(published.BACON_PA["omega_0"][1], rel=1e-6)


def test_calmar_ratio_equals_r():
    assert calmar_ratio(BACON, periods_per_year=12) == relative(EXACT["calmar"])


@pytest.mark.parametrize(
    ("drawdowns", "modified", "name"),
    [
        ("from_peak", False, "drawdowns_from_peak"),
        ("from_peak", True, "drawdowns_from_peak_modified"),
        ("losing_runs", False, "losing_runs_compounded"),
        ("losing_runs", True, "losing_runs_compounded_modified"),
    ],
)
def test_burke_ratio_equals_r_on_both_readings(drawdowns, modified, name):
    ours = burke_ratio(BACON, drawdowns=drawdowns, modified=modified, periods_per_year=12)
    assert ours == relative(published.BACON_BURKE[name])


def test_dates_give_the_same_ratios_as_twelve_periods():
    months = pd.Series(BACON, index=MONTHS)
    for measure in (volatility, sharpe_ratio, sortino_ratio, calmar_ratio, burke_ratio):
        assert measure(months) == measure(BACON, periods_per_year=12)


def test_tail_ratio_by_hand_is_one_order_statistic_over_the_other():
    returns = [-0.10, -0.04, -0.01, 0.0, 0.01, 0.02, 0.03, 0.05, 0.06, 0.08]
    # Rank ceil(0.9 * 10) = 9 of the gains is 0.06, of the losses 0.04.
    assert tail_ratio(returns, level=0.9) == relative(1.5)
    assert tail_ratio(returns, level=0.95) == relative(0.8)


# --- constants


@pytest.mark.parametrize("value", [0.1, 0.01, -0.003, 1e-9, 1 / 3, 0.0])
@pytest.mark.parametrize("rows", [2, 3, 7, 252, 1001])
def test_equal_returns_have_zero_volatility_exactly_and_no_ratio(value, rows):
    returns = np.full(rows, value)
    assert volatility(returns) == 0.0
    for measure in (sharpe_ratio, skewness, excess_kurtosis):
        assert math.isnan(measure(returns))
    assert math.isnan(sharpe_ratio(returns, risk_free=value / 2, periods_per_year=1))
    if value >= 0.0:
        for measure in (sortino_ratio, omega_ratio, calmar_ratio, burke_ratio):
            assert math.isnan(measure(returns))
    else:
        assert sortino_ratio(returns, periods_per_year=1) == relative(-1.0)
        assert omega_ratio(returns) == 0.0


def test_one_constant_column_does_not_touch_the_others():
    frame = pd.DataFrame({"cash": 0.0001, "stock": BACON}, index=MONTHS)
    assert sharpe_ratio(frame)["stock"] == sharpe_ratio(frame["stock"])
    assert math.isnan(sharpe_ratio(frame)["cash"])
    assert skewness(frame)["stock"] == skewness(frame["stock"])


def test_returns_without_a_loss_have_no_downside_ratio():
    returns = [0.01, 0.02, 0.0, 0.03]
    for measure in (sortino_ratio, omega_ratio, calmar_ratio, burke_ratio):
        assert math.isnan(measure(returns))


def test_a_tail_ratio_is_one_of_sizes_even_where_the_loss_quantile_is_a_gain():
    # empyrical: abs(percentile 95) / abs(percentile 5)
    assert tail_ratio([0.01, 0.02, 0.03, 0.04], level=0.9) == relative(4.0)
    assert tail_ratio([-0.01, -0.02, -0.03, -0.04], level=0.9) == relative(0.25)


def test_a_loss_quantile_of_zero_has_no_tail_ratio():
    assert math.isnan(tail_ratio([0.0, 0.0, 0.01], level=0.6))


@of_any_size
@pytest.mark.parametrize("exponent", [-1000, -700, -520, 520, 700, 1015])
def test_numbers_too_small_or_large_to_square_have_the_moments_of_ordinary_ones(exponent):
    unit = np.array([[1.0, -1.0], [2.0, 0.5], [-4.0, -2.0], [3.0, 7.0]])
    returns = np.ldexp(unit, exponent)  # powers of two scale without rounding
    assert volatility(returns, periods_per_year=1) == relative(np.ldexp(volatility(unit, periods_per_year=1), exponent))
    assert volatility(returns[:, 0]) == volatility(returns)[0]
    for measure in (sharpe_ratio, sortino_ratio, skewness, excess_kurtosis, omega_ratio):
        assert measure(returns) == relative(measure(unit))


# --- properties


@of_any_size
@given(returns_arrays(), SCALES)
def test_volatility_scales_and_ignores_a_shift(returns, scale):
    ours = volatility(returns)
    assert (volatility(returns * scale) == scale * ours).all()
    assert volatility(returns + 0.5) == pytest.approx(ours, rel=1e-9, abs=1e-14)


@of_any_size
@given(returns_arrays(), SCALES)
def test_shape_and_ratios_are_unit_free(returns, scale):
    # Powers of two scale without rounding: equality to the last bit.
    for measure in (skewness, excess_kurtosis, sharpe_ratio, sortino_ratio, omega_ratio, tail_ratio):
        assert np.array_equal(measure(returns * scale), measure(returns), equal_nan=True)


@given(returns_arrays())
def test_turning_returns_around_turns_skewness_and_keeps_kurtosis(returns):
    assert np.array_equal(skewness(-returns), -skewness(returns), equal_nan=True)
    assert np.array_equal(excess_kurtosis(-returns), excess_kurtosis(returns), equal_nan=True)


@given(returns_arrays(min_rows=3))
def test_moments_equal_scipys(returns):
    kept = returns[:, varied(returns)]
    if kept.shape[1]:
        assert skewness(kept) == pytest.approx(stats.skew(kept, axis=0), rel=1e-7, abs=1e-9)
        assert excess_kurtosis(kept) == pytest.approx(stats.kurtosis(kept, axis=0), rel=1e-7, abs=1e-9)
        expected = np.std(kept, axis=0, ddof=1) * 252**0.5
        assert volatility(kept) == pytest.approx(expected, rel=1e-9)


@given(returns_arrays(min_rows=3))
def test_kurtosis_is_above_what_skewness_allows(returns):
    """Pearson's inequality: kurtosis is at least 1 + skewness squared."""
    kept = returns[:, varied(returns)]
    if kept.shape[1]:
        assert (excess_kurtosis(kept) + 3.0 >= 1.0 + skewness(kept) ** 2 - 1e-9).all()


@given(returns_arrays())
def test_sharpe_ratio_is_mean_over_deviation_times_the_root_of_periods(returns):
    ours, kept = sharpe_ratio(returns), varied(returns)
    expected = annual_return(returns, compounding="arithmetic")[kept] / volatility(returns)[kept]
    assert ours[kept] == pytest.approx(expected, rel=1e-12)
    four = sharpe_ratio(returns, periods_per_year=4)
    assert np.array_equal(four, 2.0 * sharpe_ratio(returns, periods_per_year=1), equal_nan=True)


@given(returns_arrays(), st.floats(-0.01, 0.001))
def test_a_scalar_rate_equals_the_constant_series_of_it(returns, rate):
    series = np.full(len(returns), rate)
    for measure in (sharpe_ratio, burke_ratio):
        one, other = measure(returns, risk_free=rate), measure(returns, risk_free=series)
        assert np.array_equal(one, other, equal_nan=True)


@of_any_size
@given(returns_arrays(), st.floats(-0.01, 0.01))
def test_a_required_return_is_a_shift(returns, required):
    for measure in (sortino_ratio, omega_ratio):
        assert np.array_equal(measure(returns, required_return=required), measure(returns - required), equal_nan=True)


@given(returns_arrays())
def test_omega_is_one_plus_mean_over_mean_shortfall(returns):
    shortfall = np.maximum(-returns, 0.0).mean(axis=0)
    kept = shortfall > 1e-6
    expected = 1.0 + returns.mean(axis=0)[kept] / shortfall[kept]
    assert omega_ratio(returns)[kept] == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert np.isnan(omega_ratio(returns)[shortfall == 0.0]).all()


@given(returns_arrays())
def test_calmar_is_growth_over_the_worst_drawdown(returns):
    worst = max_drawdown(returns)
    kept = worst > 0.0
    assert (calmar_ratio(returns)[kept] == annual_return(returns)[kept] / worst[kept]).all()
    assert np.isnan(calmar_ratio(returns)[~kept]).all()


@given(returns_arrays())
def test_burke_with_one_drawdown_is_calmar_and_never_larger_in_size(returns):
    ours, calmar = burke_ratio(returns), calmar_ratio(returns)
    assert np.array_equal(np.isnan(ours), np.isnan(calmar))
    kept = ~np.isnan(ours)
    assert (np.abs(ours[kept]) <= np.abs(calmar[kept]) * (1.0 + 1e-12)).all()
    modified = burke_ratio(returns, modified=True)
    assert modified[kept] == pytest.approx(ours[kept] * len(returns) ** 0.5, rel=1e-15)


@given(returns_arrays(), LEVELS)
def test_tail_ratio_is_the_quantile_of_gains_over_that_of_losses(returns, level):
    gains, losses = value_at_risk(-returns, level=level), value_at_risk(returns, level=level)
    kept = losses != 0.0
    assert (tail_ratio(returns, level=level)[kept] == np.abs(gains[kept]) / np.abs(losses[kept])).all()
    assert np.isnan(tail_ratio(returns, level=level)[~kept]).all()


def test_panel_and_column_agree_to_the_last_bit():
    returns = fat_tailed(500, 5)
    for measure in (
        volatility, skewness, excess_kurtosis, sharpe_ratio, sortino_ratio, omega_ratio, tail_ratio, calmar_ratio,
        burke_ratio,
    ):  # fmt: skip
        assert measure(returns).tolist() == [measure(returns[:, i]) for i in range(5)]
        assert measure(np.asfortranarray(returns)).tolist() == measure(returns).tolist()


# --- edges


def test_a_yearly_looking_rate_warns_with_the_rate_a_year():
    text = r"risk_free is a rate per period; 0\.03 at 252 periods a year is 756% a year.*\(1 / 252\) - 1 per period"
    for measure in (sharpe_ratio, burke_ratio):
        with pytest.warns(ConventionWarning, match=text) as caught:
            measure([0.01, -0.02, 0.03], risk_free=0.03)
        assert [warning.filename for warning in caught] == [__file__]


def test_a_yearly_rate_of_yearly_returns_is_fine():
    assert math.isfinite(sharpe_ratio([0.1, -0.2, 0.3], risk_free=0.03, periods_per_year=1))


def test_a_rate_with_other_dates_is_refused():
    months = pd.Series(BACON, index=MONTHS)
    rates = pd.Series(0.001, index=MONTHS.shift(1, "D"))
    with pytest.raises(
        InvalidInputError, match=r"risk_free must have the dates of returns, but 2000-01-31 is in returns"
    ):
        sharpe_ratio(months, risk_free=rates)
    with pytest.raises(InvalidInputError, match=r"risk_free must have as many rows as returns, got 3 and 24"):
        sharpe_ratio(months, risk_free=[0.001] * 3)


@pytest.mark.parametrize("rate", [math.nan, math.inf, "3%", None, True])
def test_a_rate_that_is_no_number_is_refused(rate):
    with pytest.raises(InvalidInputError, match=r"risk_free must be a finite number, got "):
        sharpe_ratio(BACON, risk_free=rate)


def test_a_missing_rate_is_named():
    rates = pd.Series(0.001, index=MONTHS)
    rates.iloc[2] = np.nan
    with pytest.raises(InvalidInputError, match=r"risk_free has 1 non-finite value, the first at 2000-03-31"):
        sharpe_ratio(pd.Series(BACON, index=MONTHS), risk_free=rates)


def test_a_required_return_is_a_finite_number():
    for measure in (sortino_ratio, omega_ratio):
        with pytest.raises(InvalidInputError, match=r"required_return must be a finite number, got nan"):
            measure(BACON, required_return=math.nan)


@pytest.mark.parametrize("ddof", [-1, 0.5, True])
def test_ddof_is_a_whole_number(ddof):
    with pytest.raises(InvalidInputError, match=r"ddof must be a whole number of at least 0, got "):
        volatility(BACON, ddof=ddof)


def test_a_deviation_needs_more_rows_than_ddof():
    with pytest.raises(InvalidInputError, match=r"returns needs at least 2 rows, got 1"):
        volatility([0.01])
    assert volatility([0.01], ddof=0) == 0.0
    with pytest.raises(InvalidInputError, match=r"at least 3 observations in each column, got 2 in column 'a'"):
        volatility(pd.DataFrame({"a": [0.1, np.nan, 0.2], "b": 0.1}), ddof=2, nan_policy="omit")


def test_an_unknown_reading_of_burke_is_refused():
    with pytest.raises(InvalidInputError, match=r"drawdowns must be one of 'from_peak', 'losing_runs', got 'losing'"):
        burke_ratio(BACON, drawdowns="losing")


def test_a_constant_spread_over_a_moving_rate_is_constant_up_to_rounding():
    # index=None: plain arrays. The excess returns differ in the last bits only, so the ratio is undefined, not 1e15.
    rates = np.random.default_rng(3).uniform(0.0, 2e-4, 500)
    assert math.isnan(metrics.sharpe_ratio(rates + 0.0001, risk_free=rates))
    market = np.random.default_rng(4).normal(0.0, 0.01, 500)
    assert math.isnan(metrics.information_ratio(market - 0.0001, market))
    assert metrics.tracking_error(market - 0.0001, market) == 0.0
