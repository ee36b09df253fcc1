"""A required return for each row: the same dates as the returns, and the same numbers as the differences."""

import functools
import inspect

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

from riskresearch import RiskMetricsCalculator, metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import Bootstrap
from riskresearch.metrics._all_measures import MEASURES
from tests.examples import examples
from tests.reference import published
from tests.samples import fat_tailed, returns_arrays

DATES = pd.bdate_range("2024-01-01", periods=60, name="date")
RETURNS = pd.DataFrame(fat_tailed(60, 3) + 0.001, index=DATES, columns=["AAPL", "MSFT", "BTC"])
MINIMUM = pd.Series(np.linspace(-0.004, 0.002, 60), index=DATES)
DEMANDING = tuple(each for each in MEASURES.values() if "required_return" in each.takes)
each_demanding = pytest.mark.parametrize("measure", DEMANDING, ids=lambda measure: measure.name)
OF_ITSELF = ("prospect_ratio",)
"""Measures of more than the returns less the required ones."""


def test_every_measure_of_a_required_return_is_here():
    taking = {
        name for name in metrics.__all__
        if inspect.isfunction(getattr(metrics, name))
        and "required_return" in inspect.signature(getattr(metrics, name)).parameters
    }  # fmt: skip
    assert taking - {"rolling"} == {measure.name for measure in DEMANDING}


# --- values


def test_three_rows_by_hand():
    returns, required = [0.04, -0.02, 0.01], [0.01, 0.01, 0.02]  # +0.03, -0.03, -0.01
    of_each = {name: getattr(metrics, name)(returns, required_return=required) for name in (
        "downside_potential", "upside_potential", "omega_ratio", "kappa_ratio"
    )}  # fmt: skip
    assert of_each["downside_potential"] == pytest.approx(0.04 / 3.0, rel=1e-14)
    assert of_each["upside_potential"] == pytest.approx(0.01, rel=1e-14)
    assert of_each["omega_ratio"] == pytest.approx(0.75, rel=1e-14)
    deviation = (0.001 / 3.0) ** 0.5
    options = {"required_return": required, "periods_per_year": 1}
    assert metrics.downside_deviation(returns, **options) == pytest.approx(deviation, rel=1e-14)
    assert metrics.sortino_ratio(returns, **options) == pytest.approx(-0.01 / 3.0 / deviation, rel=1e-14)


def test_bacons_benchmark_as_required_return():
    """PerformanceAnalytics takes a series as MAR too: R's sqrt(mean(pmin(p - b, 0)^2)) on Bacon's months."""
    own, market = (np.array(published.BACON[name]) for name in ("portfolio", "benchmark"))
    expected = float(np.sqrt(np.mean(np.minimum(own - market, 0.0) ** 2)))
    found = metrics.downside_deviation(own, required_return=market, periods_per_year=1)
    assert found == pytest.approx(expected, rel=1e-14)


@each_demanding
def test_one_number_for_every_row_is_that_number(measure):
    level = pd.Series(0.001, index=DATES)
    one, rows = (measure.function(RETURNS, required_return=each) for each in (0.001, level))
    assert np.array_equal(one, rows)


@pytest.mark.parametrize("measure", [m for m in DEMANDING if m.name not in OF_ITSELF], ids=lambda m: m.name)
@given(returns_arrays(min_rows=2, max_rows=40), st.integers(0, 99))
@examples(40)
def test_it_is_the_measure_of_the_differences(measure, values, seed):
    required = np.round(np.random.default_rng(seed).normal(0.0, 0.01, len(values)), 4)
    found = measure.function(values, required_return=required)
    plain = measure.function(values - required[:, None])
    both = np.isfinite(found) & np.isfinite(plain)
    np.testing.assert_allclose(np.asarray(found)[both], np.asarray(plain)[both], rtol=1e-12)


@each_demanding
def test_returns_that_are_what_is_required_fall_short_by_rounding_alone(measure):
    same = 1.0 + 0.3 * MINIMUM
    returns = (100.0 * same) / 100.0 - 1.0
    found = measure.function(returns, required_return=same - 1.0)
    assert np.isnan(found) if "ratio" in measure.name else found <= 1e-14


# --- alignment


@each_demanding
def test_labels_and_the_column_alone(measure):
    found = measure.function(RETURNS, required_return=MINIMUM)
    pd.testing.assert_index_equal(found.index, RETURNS.columns)
    assert measure.function(RETURNS["MSFT"], required_return=MINIMUM) == found["MSFT"]
    assert np.array_equal(measure.function(RETURNS.to_numpy(), required_return=MINIMUM.to_numpy()), found)
    frame = pl.from_pandas(RETURNS.reset_index())
    dated = pl.DataFrame({"date": frame["date"], "required": MINIMUM.to_numpy()})
    assert measure.function(frame, required_return=dated).row(0) == tuple(found)


@each_demanding
def test_other_dates_another_length_and_two_columns_are_refused(measure):
    with pytest.raises(
        InvalidInputError, match=r"required_return must have the dates of returns, but 2024-01-01 is in"
    ):
        measure.function(RETURNS, required_return=MINIMUM.iloc[1:])
    with pytest.raises(InvalidInputError, match=r"required_return must have as many rows as returns, got 59 and 60"):
        measure.function(RETURNS.to_numpy(), required_return=MINIMUM.to_numpy()[1:])
    with pytest.raises(InvalidInputError, match=r"required_return must be one series, got 3 columns"):
        measure.function(RETURNS, required_return=RETURNS)
    with pytest.raises(InvalidInputError, match=r"required_return must be a finite number, got None"):
        measure.function(RETURNS, required_return=None)
    with pytest.raises(InvalidInputError, match=r"required_return has 1 non-finite value"):
        measure.function(RETURNS, required_return=MINIMUM.where(MINIMUM.index != DATES[7]))


@each_demanding
def test_a_row_without_a_required_return_is_left_out(measure):
    holed = MINIMUM.where(MINIMUM.index != DATES[7])
    found = measure.function(RETURNS, required_return=holed, nan_policy="omit")
    kept = DATES.delete(7)
    expected = measure.function(RETURNS.loc[kept], required_return=MINIMUM.loc[kept])
    assert np.array_equal(found, expected)
    with pytest.raises(InvalidInputError, match="required_return must have a value on some row, got none"):
        measure.function(RETURNS, required_return=MINIMUM * np.nan, nan_policy="omit")


@each_demanding
def test_the_returns_of_a_benchmark_in_a_strong_quarter_are_no_yearly_rate(measure):
    strong = RETURNS["BTC"] + 0.004  # 100 % a year
    assert np.isfinite(measure.function(RETURNS, required_return=strong)).all()
    with pytest.warns(ConventionWarning, match=r"required_return looks like percent"):
        measure.function(RETURNS, required_return=100.0 * RETURNS["BTC"])


@each_demanding
def test_yearly_rates_warn_once(measure):
    with pytest.warns(ConventionWarning, match=r"required_return is a rate per period; 0\.05 at 252 periods") as caught:
        measure.function(RETURNS, required_return=pd.Series(0.05, index=DATES))
    assert len(caught) == 1


# --- intervals, windows and the calculator


@each_demanding
@pytest.mark.filterwarnings("ignore::riskresearch.core.DependentRowsWarning")
def test_an_interval_has_the_estimate_and_is_that_of_the_differences(measure):
    settings = Bootstrap(0.9, draws=200, block_length=3, rng=1)
    found = measure.function(RETURNS["AAPL"], required_return=MINIMUM, interval=settings)
    assert found.estimate == measure.function(RETURNS["AAPL"], required_return=MINIMUM)
    assert found.lower <= found.estimate <= found.upper
    if measure.name not in OF_ITSELF:
        plain = measure.function(RETURNS["AAPL"] - MINIMUM, interval=settings)
        assert (found.lower, found.upper) == pytest.approx((plain.lower, plain.upper), rel=1e-12)


@pytest.mark.parametrize("name", ["downside_deviation", "downside_potential", "upside_potential"])
def test_the_filtered_interval_of_a_deviation_is_that_of_the_differences(name):
    values, required = fat_tailed(300, 1)[:, 0], np.linspace(-0.002, 0.003, 300)
    measure, settings = getattr(metrics, name), Bootstrap(0.9, draws=200, resampling="filtered", rng=3)
    found = measure(values, required_return=required, interval=settings)
    plain = measure(values - required, interval=settings)
    assert (found.lower, found.upper) == pytest.approx((plain.lower, plain.upper), rel=1e-10)
    assert measure(values, required_return=required, interval=0.9).method == measure(values, interval=0.9).method


@each_demanding
def test_a_window_has_the_required_returns_of_its_rows(measure):
    rolled = metrics.rolling(RETURNS, measure.function, window=20, required_return=MINIMUM)
    for row in (19, 33, 59):
        rows = slice(row - 19, row + 1)
        expected = measure.function(RETURNS.iloc[rows], required_return=MINIMUM.iloc[rows], **yearly(measure))
        np.testing.assert_allclose(rolled.iloc[row], expected, rtol=1e-11)
    longer = metrics.rolling(RETURNS.iloc[:40], measure.name, window=20, required_return=MINIMUM.iloc[:40])
    assert np.array_equal(longer, rolled.iloc[:40], equal_nan=True)


def yearly(measure):
    return {"periods_per_year": 252} if "periods_per_year" in measure.takes else {}


def test_a_window_leaves_out_rows_without_a_required_return():
    holed = MINIMUM.where(MINIMUM.index != DATES[30])
    kept = DATES[25:40].drop(DATES[30])
    for name in ("sortino_ratio", "omega_ratio"):
        rolled = metrics.rolling(RETURNS, name, window=15, min_periods=10, required_return=holed, nan_policy="omit")
        expected = getattr(metrics, name)(RETURNS.loc[kept], required_return=MINIMUM.loc[kept])
        np.testing.assert_allclose(rolled.iloc[39], expected, rtol=1e-11)


def test_a_bound_number_comes_before_the_shared_option():
    bound = functools.partial(metrics.omega_ratio, required_return=0.001)
    rolled = metrics.rolling(RETURNS, bound, window=20)
    assert np.array_equal(rolled.iloc[-1], metrics.omega_ratio(RETURNS.iloc[-20:], required_return=0.001))


@each_demanding
def test_the_calculator_has_the_bits_of_the_function(measure):
    calculator = RiskMetricsCalculator(RETURNS)
    for _ in range(2):
        found = getattr(calculator, measure.name)(required_return=MINIMUM)
        assert np.array_equal(found, measure.function(RETURNS, required_return=MINIMUM))
    rolled = calculator.rolling(measure.name, window=20, required_return=MINIMUM)
    assert np.array_equal(
        rolled, metrics.rolling(RETURNS, measure.name, window=20, required_return=MINIMUM), equal_nan=True
    )
