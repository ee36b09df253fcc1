"""Beta, alpha, tracking error, information ratio and capture against R's regression and arithmetic."""

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import riskresearch
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import alpha, beta, down_capture, information_ratio, tracking_error, up_capture
from tests.reference import published
from tests.samples import fat_tailed, of_any_size, returns_arrays

RETURNS, BENCHMARK = published.RELATIVE_RETURNS, published.RELATIVE_BENCHMARK
RATES, VALUES = published.RELATIVE_RISK_FREE, published.RELATIVE
BACON, BACON_BENCHMARK = published.BACON["portfolio"], published.BACON["benchmark"]
EXACT = published.BACON_EXACT
MEASURES = (alpha, beta, tracking_error, information_ratio, up_capture, down_capture)
YEARLY = (alpha, tracking_error, information_ratio)
CAPTURES = {up_capture: "up", down_capture: "down"}


def relative(expected):
    """Expect a value that R printed with 15 digits."""
    return pytest.approx(expected, rel=1e-12)


def pairs(min_rows=3):
    """Return a strategy for (returns, benchmark) over the same rows."""
    return returns_arrays(min_rows=min_rows, max_columns=4).map(lambda values: (values, np.roll(values[:, 0], 1)))


# --- reference values


def test_beta_and_alpha_equal_rs_regression():
    assert beta(RETURNS, BENCHMARK) == relative(VALUES["beta"])
    assert alpha(RETURNS, BENCHMARK, periods_per_year=1) == relative(VALUES["alpha_period"])
    assert alpha(RETURNS, BENCHMARK, periods_per_year=12) == relative(VALUES["alpha_annual_arithmetic"])


def test_beta_and_alpha_with_a_moving_rate_equal_rs_regression_of_excess_returns():
    assert beta(RETURNS, BENCHMARK, risk_free=RATES) == relative(VALUES["beta_rf"])
    assert alpha(RETURNS, BENCHMARK, risk_free=RATES, periods_per_year=1) == relative(VALUES["alpha_period_rf"])
    ours = alpha(RETURNS, BENCHMARK, risk_free=RATES, periods_per_year=12)
    assert ours == relative(VALUES["alpha_annual_arithmetic_rf"])


def test_bacons_months_equal_r():
    assert beta(BACON, BACON_BENCHMARK) == relative(EXACT["beta"])
    assert alpha(BACON, BACON_BENCHMARK, periods_per_year=1) == pytest.approx(EXACT["alpha_month"], rel=1e-11)
    ours = alpha(BACON, BACON_BENCHMARK, risk_free=0.002, periods_per_year=1)
    assert ours == pytest.approx(EXACT["alpha_month_rf_0.002"], rel=1e-11)
    assert tracking_error(BACON, BACON_BENCHMARK, periods_per_year=1) == relative(EXACT["tracking_error_month_sample"])
    assert tracking_error(BACON, BACON_BENCHMARK, periods_per_year=12) == relative(
        EXACT["tracking_error_annual_sample"]
    )
    assert information_ratio(BACON, BACON_BENCHMARK, periods_per_year=12) == relative(
        EXACT["information_ratio_annual_arithmetic"]
    )


def test_tracking_error_and_information_ratio_equal_r():
    assert tracking_error(RETURNS, BENCHMARK, periods_per_year=1) == relative(VALUES["tracking_error_period_sample"])
    assert tracking_error(RETURNS, BENCHMARK, periods_per_year=12) == relative(VALUES["tracking_error_annual_sample"])
    assert information_ratio(RETURNS, BENCHMARK, periods_per_year=1) == relative(VALUES["information_ratio_period"])
    assert information_ratio(RETURNS, BENCHMARK, periods_per_year=12) == relative(VALUES["information_ratio_annual"])


@pytest.mark.parametrize(
    ("compounding", "name"),
    [("arithmetic", "means"), ("geometric", "geometric_mean"), ("annualized", "annualised")],
)
@pytest.mark.parametrize("measure", CAPTURES, ids=CAPTURES.get)
def test_every_convention_of_capture_equals_r(measure, compounding, name):
    key = f"{CAPTURES[measure]}_capture_{name}"
    ours = measure(RETURNS, BENCHMARK, compounding=compounding, periods_per_year=12)
    assert ours == relative(VALUES[key])
    assert measure(BACON, BACON_BENCHMARK, compounding=compounding, periods_per_year=12) == relative(EXACT[key])


def test_a_month_without_change_counts_on_neither_side():
    """PerformanceAnalytics puts it on the down side: 0.727 instead of 0.914."""
    assert BENCHMARK.count(0.0) == 1
    without = [i for i, value in enumerate(BENCHMARK) if value != 0.0]
    ours, market = [RETURNS[i] for i in without], [BENCHMARK[i] for i in without]
    for measure in CAPTURES:
        assert measure(RETURNS, BENCHMARK) == measure(ours, market)
    assert down_capture(RETURNS, BENCHMARK) == relative(VALUES["down_capture_geometric_mean"])
    assert abs(down_capture(RETURNS, BENCHMARK) - VALUES["down_capture_geometric_mean_zero_is_down"]) > 0.18


# --- properties


@given(returns_arrays(min_rows=3, max_columns=1))
def test_the_benchmark_has_beta_one_and_alpha_zero_to_itself(returns):
    column = returns[:, 0]
    if np.ptp(column) > 1e-6:
        assert beta(column, column) == 1.0
        assert alpha(column, column) == 0.0
    assert tracking_error(column, column) == 0.0
    assert math.isnan(information_ratio(column, column))
    for measure, side in ((up_capture, 1), (down_capture, -1)):
        if (column * side > 1e-6).any():
            for compounding in ("geometric", "arithmetic", "annualized"):
                assert measure(column, column, compounding=compounding) == 1.0


@of_any_size
@given(pairs(), st.sampled_from([-2.0, 0.5, 4.0]))
def test_beta_is_linear_in_returns(pair, scale):
    returns, benchmark = pair
    if np.ptp(benchmark) > 1e-6:
        assert (beta(returns * scale, benchmark) == scale * beta(returns, benchmark)).all()
        assert beta(returns + benchmark[:, None], benchmark) == pytest.approx(
            beta(returns, benchmark) + 1.0, rel=1e-9, abs=1e-9
        )


@given(pairs())
def test_beta_and_alpha_equal_scipys_regression(pair):
    returns, benchmark = pair
    if np.ptp(benchmark) < 1e-3:
        return
    for column, slope, intercept in zip(
        returns.T, beta(returns, benchmark), alpha(returns, benchmark, periods_per_year=1), strict=True
    ):
        fit = stats.linregress(benchmark, column)
        assert slope == pytest.approx(fit.slope, rel=1e-8, abs=1e-8)
        assert intercept == pytest.approx(fit.intercept, rel=1e-8, abs=1e-9)


@given(pairs(), st.floats(-0.01, 0.001))
def test_a_scalar_rate_equals_the_constant_series_of_it(pair, rate):
    returns, benchmark = pair
    for measure in (alpha, beta):
        series = np.full(len(returns), rate)
        one, other = measure(returns, benchmark, risk_free=rate), measure(returns, benchmark, risk_free=series)
        assert np.array_equal(one, other, equal_nan=True)


@given(pairs())
def test_the_information_ratio_is_the_sharpe_ratio_of_the_difference(pair):
    returns, benchmark = pair
    active = returns - benchmark[:, None]
    assert np.array_equal(information_ratio(returns, benchmark), riskresearch.sharpe_ratio(active), equal_nan=True)
    assert np.array_equal(tracking_error(returns, benchmark), riskresearch.metrics.volatility(active))


@given(pairs(), st.sampled_from(["geometric", "arithmetic", "annualized"]))
def test_capture_looks_only_at_its_side(pair, compounding):
    returns, benchmark = pair
    for measure, side in ((up_capture, 1), (down_capture, -1)):
        elsewhere = np.where((benchmark * side > 0.0)[:, None], returns, 0.123)
        ours = measure(returns, benchmark, compounding=compounding)
        assert np.array_equal(ours, measure(elsewhere, benchmark, compounding=compounding), equal_nan=True)
        assert np.isnan(ours).all() or (benchmark * side > 0.0).any()


@given(pairs(), st.data())
def test_a_row_missing_on_either_side_is_left_out(pair, data):
    returns, benchmark = pair
    rows = len(returns)
    holes, market_holes = (
        np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size))) for size in (returns.size, rows)
    )
    holes = holes.reshape(returns.shape)
    holes[:2], market_holes[:2] = False, False
    holed, market = np.where(holes, np.nan, returns), np.where(market_holes, np.nan, benchmark)
    for measure in MEASURES:
        ours = measure(holed, market, nan_policy="omit")
        for column in range(returns.shape[1]):
            both = ~holes[:, column] & ~market_holes
            expected = measure(returns[both, column], benchmark[both])
            assert ours[column] == expected or (math.isnan(ours[column]) and math.isnan(expected))


@pytest.mark.parametrize("measure", MEASURES)
def test_panel_and_column_agree_to_the_last_bit(measure):
    returns, benchmark = fat_tailed(400, 5), fat_tailed(400, 1, seed=7)[:, 0]
    panel = measure(returns, benchmark)
    assert panel.tolist() == [measure(returns[:, i], benchmark) for i in range(5)]
    assert measure(np.asfortranarray(returns), benchmark).tolist() == panel.tolist()


# --- edges


def dated(values, start="2024-01-01"):
    return pd.Series(values, index=pd.date_range(start, periods=len(values), freq="B"))


@pytest.mark.parametrize("measure", MEASURES)
def test_other_dates_are_refused_with_the_first_that_differs(measure):
    returns = dated(RETURNS)
    text = r"benchmark must have the dates of returns, but 2024-01-01 is in returns only\..*research\.align\(returns, b"
    with pytest.raises(InvalidInputError, match=text):
        measure(returns, dated(BENCHMARK, start="2024-01-02"))
    with pytest.raises(InvalidInputError, match=r"but 2024-01-15 is in benchmark only"):
        measure(returns, dated([*BENCHMARK, 0.01]))
    with pytest.raises(InvalidInputError, match=r"but 2024-01-04 is in returns only"):
        measure(returns, dated(BENCHMARK).drop(pd.Timestamp("2024-01-04")))


@pytest.mark.parametrize("measure", MEASURES)
def test_another_length_is_refused_with_both(measure):
    with pytest.raises(InvalidInputError, match=r"benchmark must have as many rows as returns, got 9 and 10"):
        measure(RETURNS, BENCHMARK[:9])


@pytest.mark.parametrize("measure", MEASURES)
def test_a_benchmark_of_two_columns_is_refused(measure):
    with pytest.raises(InvalidInputError, match=r"benchmark must be one series, got 2 columns"):
        measure(RETURNS, np.array([BENCHMARK, BENCHMARK]).T)
    with pytest.raises(InvalidInputError, match=r"benchmark must be one series, got 2 columns"):
        measure(dated(RETURNS), pd.DataFrame({"a": dated(BENCHMARK), "b": dated(BENCHMARK)}))


@pytest.mark.parametrize("measure", MEASURES)
def test_a_missing_benchmark_value_is_named(measure):
    benchmark = dated(BENCHMARK)
    benchmark.iloc[3] = np.nan
    with pytest.raises(InvalidInputError, match=r"benchmark has 1 non-finite value, the first at 2024-01-04"):
        measure(dated(RETURNS), benchmark)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_benchmark_comes_in_every_kind(measure):
    expected = measure(RETURNS, BENCHMARK)
    dates = dated(RETURNS).index
    one_column = pd.DataFrame({"index": dated(BENCHMARK)})
    polars = pl.DataFrame({"date": dates.to_numpy().astype("M8[D]"), "index": list(BENCHMARK)})
    for benchmark in (dated(BENCHMARK), one_column, np.array(BENCHMARK), list(BENCHMARK), polars, polars["index"]):
        assert measure(dated(RETURNS), benchmark) == expected


@pytest.mark.parametrize("measure", [beta, alpha])
def test_a_benchmark_that_does_not_vary_has_no_beta(measure):
    for value in (0.0, 0.01, 0.1, 1 / 3):
        assert math.isnan(measure(RETURNS, [value] * len(RETURNS)))


def test_equal_differences_have_zero_tracking_error_and_no_information_ratio():
    benchmark = np.array([0.25, -0.5, 0.125])
    assert tracking_error(benchmark + 0.0625, benchmark) == 0.0
    assert math.isnan(information_ratio(benchmark + 0.0625, benchmark))


@pytest.mark.parametrize("compounding", ["geometric", "arithmetic", "annualized"])
def test_a_side_without_rows_has_no_capture(compounding):
    assert math.isnan(down_capture([0.01, 0.02], [0.01, 0.0], compounding=compounding))
    assert math.isnan(up_capture([0.01, 0.02], [-0.01, 0.0], compounding=compounding))


def test_a_benchmark_below_minus_one_cannot_be_compounded():
    text = r"benchmark must be -1 or more to be compounded, got -1\.5 at row 0"
    for measure in CAPTURES:
        with pytest.raises(InvalidInputError, match=text):
            measure([0.1, 0.1, 0.1], [-1.5, -0.2, -0.3])
    with pytest.raises(InvalidInputError, match=text):
        riskresearch.summary([0.1, 0.1, 0.1], [-1.5, -0.2, -0.3])


@of_any_size
def test_arithmetic_capture_compounds_nothing():
    assert down_capture([-3.0, 0.5], [-1.5, 0.1], compounding="arithmetic") == 2.0
    with pytest.raises(InvalidInputError, match=r"returns must be -1 or more to be compounded, got -3 at row 0"):
        down_capture([-3.0, 0.5], [-0.5, 0.1])


def test_an_unknown_compounding_is_refused():
    with pytest.raises(InvalidInputError, match=r"compounding must be one of .*, got 'annualised'\. Did you mean"):
        up_capture(RETURNS, BENCHMARK, compounding="annualised")


def test_dates_are_read_for_the_year():
    months = pd.DatetimeIndex(published.BACON_DATES)
    ours, market = (pd.Series(values, index=months) for values in (BACON, BACON_BENCHMARK))
    for measure in YEARLY:
        assert measure(ours, market) == measure(BACON, BACON_BENCHMARK, periods_per_year=12)
        with pytest.warns(ConventionWarning, match=r"periods_per_year=252 was given, but the dates show 12"):
            measure(ours, market, periods_per_year=252)


@pytest.mark.parametrize("measure", [alpha, beta, tracking_error, information_ratio])
def test_one_row_is_too_few(measure):
    with pytest.raises(InvalidInputError, match=r"returns needs at least 2 rows, got 1"):
        measure([0.01], [0.01])


def test_numbered_rows_are_not_paired_by_position():
    returns = pd.Series([0.01, -0.02, 0.03], index=[5, 6, 7])
    with pytest.raises(
        InvalidInputError, match=r"benchmark must have the index of returns, got one of 3 rows from 0 on"
    ):
        beta(returns, pd.Series([0.01, -0.01, 0.02]))
