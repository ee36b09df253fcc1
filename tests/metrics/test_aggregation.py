"""Returns compounded to calendar periods."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.datasets import load
from tests.examples import examples
from tests.samples import fat_tailed, returns_arrays

PERIODS = ("day", "week", "month", "quarter", "year")
FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
DAYS = pd.bdate_range("2023-11-27", periods=300, name="date")
RETURNS = pd.DataFrame(fat_tailed(300, 3), index=DAYS, columns=["AAPL", "MSFT", "BTC"])

# empyrical 0.5.5, tests/test_stats.py: test_aggregate_returns. The weeks and months that it groups are the same.
BENCHMARK = pd.Series(np.array([0, 1, 0, 1, 0, 1, 0, 1, 0]) / 100, index=pd.date_range("2000-01-30", periods=9))
MIXED = np.array([0, 1, 10, -4, 2, 3, 2, 1, -10]) / 100
WEEKLY = pd.Series(MIXED, index=pd.date_range("2000-01-30", periods=9, freq="W"))
MONTHLY = pd.Series(MIXED, index=pd.date_range("2000-01-30", periods=9, freq="ME"))
EMPYRICAL = [
    (BENCHMARK, "week", [0.0, 0.040604010000000024, 0.0]),
    (BENCHMARK, "month", [0.01, 0.03030099999999991]),
    (BENCHMARK, "quarter", [0.04060401]),
    (BENCHMARK, "year", [0.040604010000000024]),
    (WEEKLY, "month", [0.0, 0.08789120000000006, -0.04500459999999995]),
    (WEEKLY, "year", [0.038931091700480147]),
    (MONTHLY, "year", [0.038931091700480147]),
    (MONTHLY, "quarter", [0.11100000000000021, 0.008575999999999917, -0.07281999999999999]),
]


def by_hand(series, to):
    """Return what pandas' own periods group, each multiplied out."""
    growth = (1.0 + series).groupby(series.index.to_period(FREQUENCIES[to])).prod() - 1.0
    dates = pd.Series(series.index, index=series.index).groupby(series.index.to_period(FREQUENCIES[to])).max()
    return pd.Series(growth.to_numpy(), index=pd.DatetimeIndex(dates), name=series.name)


# --- values


@pytest.mark.parametrize(("returns", "to", "expected"), EMPYRICAL)
def test_the_values_of_empyrical(returns, to, expected):
    assert metrics.aggregate_returns(returns, to=to).tolist() == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_a_month_by_hand_is_dated_on_its_last_row():
    days = pd.to_datetime(["2024-01-30", "2024-01-31", "2024-02-01", "2024-04-02"])
    months = metrics.aggregate_returns(pd.Series([0.1, 0.2, -0.5, 0.25], index=days, name="fund"), to="month")
    expected = pd.Series([1.1 * 1.2 - 1.0, -0.5, 0.25], index=days[1:], name="fund")
    pd.testing.assert_series_equal(months, expected, rtol=1e-15)


@pytest.mark.parametrize("to", PERIODS)
def test_periods_are_those_of_pandas(to):
    ours = metrics.aggregate_returns(RETURNS, to=to)
    for name in RETURNS:
        pd.testing.assert_series_equal(
            ours[name], by_hand(RETURNS[name], to), check_names=False, check_freq=False, rtol=1e-13
        )
    assert ours.index.name == "date"


@pytest.mark.parametrize(
    ("to", "date"),
    [("week", "2024-12-30"), ("month", "2024-03-01"), ("quarter", "2024-07-01"), ("year", "2025-01-01")],
)
def test_a_period_begins_where_the_calendar_says(to, date):
    two = pd.Series([0.1, 0.1], index=pd.to_datetime([date, date]) - pd.to_timedelta(["1s", "0s"]))
    assert metrics.aggregate_returns(two, to=to).tolist() == [0.1, 0.1]
    later = pd.Series([0.1, 0.1], index=pd.to_datetime([f"{date} 00:00", f"{date} 23:59"]))
    assert metrics.aggregate_returns(later, to=to).tolist() == pytest.approx([0.21])


def test_bars_become_days():
    bars = load("spy_1min")["close"].pct_change(fill_method=None).dropna()
    days = metrics.aggregate_returns(bars, to="day")
    expected = by_hand(bars, "day")
    np.testing.assert_allclose(days.to_numpy(), expected.to_numpy(), rtol=1e-12, atol=1e-15)
    assert days.index.tolist() == expected.index.tolist()


# --- properties


@given(data=st.data())
@examples(60)
def test_months_compound_to_years_and_years_to_the_whole(data):
    values = data.draw(returns_arrays(min_rows=2, max_rows=60))
    dates = pd.date_range("2019-11-20", periods=len(values), freq=data.draw(st.sampled_from(["7D", "19D", "1D"])))
    frame = pd.DataFrame(values, index=dates)
    years = metrics.aggregate_returns(frame, to="year")
    quarters = metrics.aggregate_returns(metrics.aggregate_returns(frame, to="month"), to="quarter")
    again = metrics.aggregate_returns(quarters, to="year")
    assert again.index.equals(years.index)
    np.testing.assert_allclose(1.0 + again, 1.0 + years, rtol=1e-12)
    np.testing.assert_allclose((1.0 + years).prod(), (1.0 + frame).prod(), rtol=1e-12)


@pytest.mark.parametrize("to", PERIODS)
def test_a_period_of_one_row_and_periods_of_periods_are_left_as_they_are(to):
    once = metrics.aggregate_returns(RETURNS, to=to)
    assert np.array_equal(metrics.aggregate_returns(once, to=to), once)


@pytest.mark.parametrize("to", PERIODS)
@pytest.mark.parametrize("rows", [1, 100, 101, 299])
def test_the_past_does_not_depend_on_what_came_after(to, rows):
    whole, cut = metrics.aggregate_returns(RETURNS, to=to), metrics.aggregate_returns(RETURNS[:rows], to=to)
    assert np.array_equal(cut.iloc[:-1], whole.iloc[: len(cut) - 1])
    assert cut.index[-1] == DAYS[rows - 1]


def test_a_column_alone_and_any_layout_have_the_same_bits():
    both = metrics.aggregate_returns(RETURNS, to="month")
    for name in RETURNS:
        assert np.array_equal(metrics.aggregate_returns(RETURNS[name], to="month"), both[name])
    turned = pd.DataFrame(np.asfortranarray(RETURNS.to_numpy()), index=DAYS)
    assert np.array_equal(metrics.aggregate_returns(turned, to="month"), both)
    assert np.array_equal(metrics.aggregate_returns(RETURNS.iloc[:, ::-1], to="month"), both.iloc[:, ::-1])


# --- kinds of data


def test_each_kind_of_data_comes_back_as_such():
    expected = metrics.aggregate_returns(RETURNS, to="month")
    frame = pl.from_pandas(RETURNS.reset_index())
    polars = metrics.aggregate_returns(frame, to="month")
    assert isinstance(polars, pl.DataFrame)
    assert polars["date"].to_list() == expected.index.to_pydatetime().tolist()
    assert np.array_equal(polars.drop("date").to_numpy(), expected)
    assert polars.schema == frame.schema
    table = pa.Table.from_pandas(RETURNS.reset_index(), preserve_index=False)
    assert np.array_equal(metrics.aggregate_returns(table, to="month"), expected)
    assert isinstance(metrics.aggregate_returns(RETURNS["AAPL"], to="month"), pd.Series)


def test_so_does_an_array_of_xarray_as_pandas():
    xarray = pytest.importorskip("xarray")
    array = xarray.DataArray(RETURNS["AAPL"].to_numpy(), coords={"date": DAYS}, dims="date")
    months = metrics.aggregate_returns(array, to="month")
    assert np.array_equal(months, metrics.aggregate_returns(RETURNS["AAPL"], to="month"))


def test_days_of_polars_may_be_dates_without_a_time():
    frame = pl.from_pandas(RETURNS.reset_index()).with_columns(pl.col("date").cast(pl.Date))
    assert metrics.aggregate_returns(frame, to="week").schema == frame.schema


def test_pandas_periods_keep_their_index():
    monthly = pd.Series(MIXED, index=pd.period_range("2000-01", periods=9, freq="M"))
    quarters = metrics.aggregate_returns(monthly, to="quarter")
    assert quarters.index.tolist() == [pd.Period(each, "M") for each in ("2000-03", "2000-06", "2000-09")]


def test_a_zone_has_the_days_of_its_own_clock():
    times = pd.to_datetime(["2024-01-31 21:00", "2024-02-01 02:00", "2024-02-01 16:00"], utc=True)
    new_york = pd.Series([0.1, 0.1, 0.5], index=times.tz_convert("America/New_York"))
    months = metrics.aggregate_returns(new_york, to="month")
    assert months.tolist() == pytest.approx([0.21, 0.5])
    assert months.index.tolist() == new_york.index[1:].tolist()
    assert metrics.aggregate_returns(new_york.tz_convert("UTC"), to="month").tolist() == pytest.approx([0.1, 0.65])


# --- edges


def test_missing_values_are_left_out_of_their_period_and_a_period_of_none_is_nan():
    holed = RETURNS.copy()
    holed.loc["2024-02":"2024-02", "MSFT"] = np.nan
    holed.loc["2024-03-05", "MSFT"] = np.nan
    with pytest.raises(InvalidInputError, match=r"returns has 22 non-finite values"):
        metrics.aggregate_returns(holed, to="month")
    months = metrics.aggregate_returns(holed, to="month", nan_policy="omit")
    full = metrics.aggregate_returns(RETURNS, to="month")
    assert np.isnan(months.loc["2024-02-29", "MSFT"])
    march = RETURNS.loc["2024-03", "MSFT"].drop(pd.Timestamp("2024-03-05"))
    assert months.loc["2024-03-29", "MSFT"] == pytest.approx(float((1.0 + march).prod() - 1.0), rel=1e-12)
    assert np.array_equal(months[["AAPL", "BTC"]], full[["AAPL", "BTC"]])


def test_a_total_loss_stays_one():
    wiped = RETURNS["AAPL"].copy()
    wiped.iloc[40] = -1.0
    assert (metrics.aggregate_returns(wiped, to="year") == -1.0).iloc[1]
    wiped.iloc[40] = -1.2
    with pytest.raises(InvalidInputError, match=r"returns must be -1 or more to be compounded, got -1\.2"):
        metrics.aggregate_returns(wiped, to="year")


@pytest.mark.parametrize("data", [MIXED, MIXED.tolist(), pd.Series(MIXED), pl.Series("fund", MIXED)])
def test_rows_without_dates_are_refused(data):
    with pytest.raises(InvalidInputError, match=r"returns must have dates with to='month', got rows without"):
        metrics.aggregate_returns(data, to="month")


@pytest.mark.parametrize(
    ("to", "meant"), [("monthly", "month"), ("W-FRI", "week"), ("Quarter", "quarter"), ("YE", "year"), ("D", "day")]
)
def test_another_word_is_refused_with_the_one_that_is_meant(to, meant):
    with pytest.raises(
        InvalidInputError, match=rf"to must be one of 'day', 'week', .*, got '{to}'\. Did you mean '{meant}'"
    ):
        metrics.aggregate_returns(RETURNS, to=to)


@pytest.mark.parametrize("to", ["decade", "", 5, None, ["month"]])
def test_what_is_no_period_is_refused(to):
    with pytest.raises(InvalidInputError, match=r"to must be one of 'day', 'week', 'month', 'quarter', 'year', got"):
        metrics.aggregate_returns(RETURNS, to=to)


def test_the_input_is_left_as_it_is():
    before = RETURNS.copy()
    months = metrics.aggregate_returns(RETURNS, to="month")
    months.iloc[:] = 0.0
    pd.testing.assert_frame_equal(RETURNS, before)


@pytest.mark.parametrize("to", PERIODS)
def test_a_gap_in_one_column_leaves_the_bits_of_the_others(to):
    holed = RETURNS.copy()
    holed.iloc[::3, 1] = np.nan
    found, full = (metrics.aggregate_returns(each, to=to, nan_policy="omit") for each in (holed, RETURNS))
    assert np.array_equal(found[["AAPL", "BTC"]], full[["AAPL", "BTC"]])
    alone = metrics.aggregate_returns(holed["MSFT"].dropna(), to=to)
    assert np.array_equal(found["MSFT"].dropna(), alone)
