"""Periods per year are read off the dates; a number that contradicts them warns with both."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core.dates._spacing import periods_from_dates
from riskresearch.datasets import load


def days(frequency, count=60, start="2023-01-02", **options):
    return pd.date_range(start, periods=count, freq=frequency, **options)


# What each spacing shows: definitions of the word `periods_per_year` in docs, counted by hand.
SHOWN = {
    "B": 252.0,
    "D": 365.0,
    "W-FRI": 52.0,
    "7D": 52.0,
    "ME": 12.0,
    "MS": 12.0,
    "BME": 12.0,
    "QE": 4.0,
    "BQS": 4.0,
    "YE": 1.0,
}


@pytest.mark.parametrize("frequency", SHOWN)
def test_each_usual_spacing_is_recognised(frequency):
    assert periods_from_dates(days(frequency).to_numpy()) == SHOWN[frequency]


@pytest.mark.parametrize("frequency", SHOWN)
@pytest.mark.parametrize("unit", ["D", "s", "ms", "us", "ns"])
def test_the_unit_of_the_dates_is_irrelevant(frequency, unit):
    assert periods_from_dates(days(frequency).to_numpy().astype(f"M8[{unit}]")) == SHOWN[frequency]


def test_a_calendar_with_holidays_and_gaps_is_still_daily():
    dates = days("B", 500)
    kept = dates[np.random.default_rng(0).random(500) > 0.05]
    assert periods_from_dates(kept.to_numpy()) == 252.0


@pytest.mark.parametrize(("name", "periods"), [("index_sp500", 252.0), ("btc_usd", 365.0), ("ff3_monthly", 12.0)])
def test_bundled_series_show_their_calendar(name, periods):
    assert periods_from_dates(load(name).index.to_numpy()) == periods


def test_dates_before_1970_have_the_right_weekdays():
    assert periods_from_dates(days("B", start="1928-01-02").to_numpy()) == 252.0
    assert periods_from_dates(days("D", start="1928-01-02").to_numpy()) == 365.0


def test_closing_times_do_not_hide_the_days():
    assert periods_from_dates((days("B") + pd.Timedelta("16:00:00")).to_numpy()) == 252.0


@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_weekdays_in_tokyo_are_weekdays(library):
    dates = days("B", tz="Asia/Tokyo")
    data = pd.Series(np.linspace(-0.01, 0.02, 60), index=dates)
    if library == "polars":
        instants = pl.Series(dates.tz_convert(None).to_numpy().astype("M8[us]")).dt.replace_time_zone("UTC")
        data = pl.DataFrame({"date": instants.dt.convert_time_zone("Asia/Tokyo"), "a": data.to_numpy()})
    assert riskresearch.summary(data).periods_per_year == 252.0


@pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
@pytest.mark.parametrize(("frequency", "periods"), [("M", 12.0), ("Q", 4.0), ("W", 52.0), ("B", 252.0), ("Y", 1.0)])
@pytest.mark.filterwarnings("ignore:Period with BDay freq is deprecated")
@pytest.mark.filterwarnings("ignore:PeriodDtype.B. is deprecated")
def test_period_indexes_are_read(frequency, periods):
    index = pd.period_range("2020-01-01", periods=40, freq=frequency)
    assert riskresearch.summary(pd.Series(np.linspace(-0.01, 0.02, 40), index=index)).periods_per_year == periods


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_dates_show_nothing(count):
    assert periods_from_dates(days("ME", count).to_numpy()) is None
    assert resolve_periods_per_year(None, days("ME", count).to_numpy()) == 252.0


@pytest.mark.parametrize("frequency", ["1min", "1h"])
def test_several_rows_a_day_on_a_few_days_must_be_told_apart_by_the_user(frequency):
    with pytest.raises(InvalidInputError, match=r"periods_per_year must be given for dates with several rows a day"):
        resolve_periods_per_year(None, days(frequency).to_numpy())


@pytest.mark.parametrize(("frequency", "spacing"), [("2D", "2"), ("15D", "15"), ("60D", "60"), ("180D", "180")])
def test_unusual_spacing_is_refused_with_the_spacing(frequency, spacing):
    with pytest.raises(InvalidInputError, match=rf"dates with {spacing} days between rows \(median\): only daily"):
        resolve_periods_per_year(None, days(frequency).to_numpy())


def test_bars_within_the_day_take_the_given_number():
    assert resolve_periods_per_year(252 * 390, days("1min").to_numpy()) == 98280.0


@pytest.mark.parametrize("given", [251, 252, 260, 300, 210])
def test_a_number_near_what_the_dates_show_is_taken_in_silence(given):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert resolve_periods_per_year(given, days("B").to_numpy()) == given


@pytest.mark.parametrize(("frequency", "given"), [("B", 365), ("B", 12), ("ME", 252), ("D", 252), ("W-FRI", 12)])
def test_a_number_far_from_the_dates_warns_with_both(frequency, given):
    text = rf"periods_per_year={given} was given, but the dates show {SHOWN[frequency]:g} periods a year"
    with pytest.warns(ConventionWarning, match=text):
        assert resolve_periods_per_year(given, days(frequency).to_numpy()) == given


def test_the_warning_points_at_the_line_of_the_user():
    returns = pd.Series(np.linspace(-0.01, 0.02, 60), index=days("B"))
    calls = (riskresearch.sharpe_ratio, riskresearch.summary, riskresearch.metrics.calmar_ratio)
    for call in calls:
        with pytest.warns(ConventionWarning, match=r"dates show 252") as caught:
            call(returns, periods_per_year=12)
        assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize("given", [0, -252, float("nan"), float("inf"), "252", True])
def test_a_number_that_is_not_positive_is_refused(given):
    with pytest.raises(InvalidInputError, match=r"periods_per_year must be (positive|a finite number), got "):
        resolve_periods_per_year(given, None)


def test_undated_data_have_252_periods_or_what_the_option_says():
    assert resolve_periods_per_year(None, None) == 252.0
    with riskresearch.options.context(periods_per_year=365):
        assert resolve_periods_per_year(None, None) == 365.0
        assert riskresearch.summary([0.01, -0.02]).periods_per_year == 365.0
        assert resolve_periods_per_year(12, None) == 12.0
        assert resolve_periods_per_year(None, days("ME").to_numpy()) == 12.0
    assert resolve_periods_per_year(None, None) == 252.0
