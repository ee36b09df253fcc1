"""Two series on common rows: each kind of clock by hand, what is said of it, and the forms that come back."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch
from riskresearch.core import InvalidInputError

WEEK = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"])
MONTH_ENDS = pd.to_datetime(["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"])
LAST_BUSINESS_DAYS = pd.to_datetime(["2024-01-31", "2024-02-29", "2024-03-28", "2024-04-30"])
FUND = [0.01, -0.02, 0.03, 0.01]
INDEX = [0.02, -0.01, 0.02, 0.00]


def series(values, index, name=None):
    return pd.Series(values, index=index, name=name, dtype=float)


# --- each kind, by hand


@pytest.mark.parametrize(
    "stamps",
    [
        WEEK[:4] + pd.Timedelta(hours=16),
        (WEEK[:4] + pd.Timedelta(hours=16)).tz_localize("America/New_York"),
        WEEK[:4].tz_localize("America/New_York").tz_convert("UTC"),  # 05:00Z
        (WEEK[:4] + pd.Timedelta(hours=16)).tz_localize("America/New_York").tz_convert("UTC"),  # 21:00Z
        WEEK[:4].tz_localize("Asia/Tokyo"),
        WEEK[:4].to_period("D"),
    ],
    ids=["16:00", "16:00-05:00", "05:00Z", "21:00Z", "00:00+09:00", "periods"],
)
@pytest.mark.parametrize("turned", [False, True])
def test_stamps_of_the_same_days_are_the_same_rows(stamps, turned):
    sides = [series(FUND, stamps), series(INDEX, WEEK[:4])]
    pair = riskresearch.align(*(sides[::-1] if turned else sides))
    own, other = (INDEX, FUND) if turned else (FUND, INDEX)
    assert (pair.data.to_numpy() == own).all()
    assert (pair.benchmark.to_numpy() == other).all()
    pd.testing.assert_index_equal(pair.benchmark.index, WEEK[:4] if turned else stamps, exact="equiv")
    assert pair.how in ("exact", "day")


def test_month_ends_and_last_business_days_are_the_same_months():
    pair = riskresearch.align(series(FUND, MONTH_ENDS), series(INDEX, LAST_BUSINESS_DAYS))
    assert pair.how == "month"
    assert pair.benchmark.tolist() == INDEX
    assert pair.data.index.equals(MONTH_ENDS)
    assert (pair.benchmark_dates == LAST_BUSINESS_DAYS.to_numpy()).all()
    assert pair.notes == (
        "Matched by month, stamps up to 3 days apart: 2024-03-31 of data with 2024-03-28 of benchmark.",
    )


def dates(freq, start="2024-01-01", rows=6):
    return pd.date_range(start, periods=rows, freq=freq)


@pytest.mark.parametrize(
    ("own", "other", "how"),
    [
        (dates("W-FRI", "2024-01-05", 4), dates("W-SUN", "2024-01-07", 4), "week"),
        (dates("QE", "2021-01-01", 8), dates("BQE", "2021-01-01", 8), "quarter"),
        (dates("QS", "2021-01-01", 4), dates("QE", "2021-01-01", 4), "quarter"),
        (dates("YE", "2020-01-01", 4), dates("BYE", "2020-01-01", 4), "year"),
        (dates("MS", rows=4), LAST_BUSINESS_DAYS, "month"),
        (pd.period_range("2024-01", periods=4, freq="M"), LAST_BUSINESS_DAYS, "month"),
        (dates("BMS"), dates("MS"), "month"),
        (dates("ME", "2015-01-01", 90), dates("BME", "2015-01-01", 90), "month"),
    ],
)
def test_stamps_of_the_same_periods_are_the_same_rows(own, other, how):
    values, others = np.linspace(-0.02, 0.03, len(own)), np.linspace(0.01, -0.01, len(own))
    pair = riskresearch.align(series(values, own), series(others, other))
    assert pair.benchmark.tolist() == others.tolist()
    assert pair.data.tolist() == values.tolist()
    assert pair.how == how
    assert riskresearch.align(series(others, other), series(values, own)).data.tolist() == others.tolist()


def test_the_weekend_of_a_coin_is_compounded_into_monday():
    coin = series([0.01, 0.02, 0.10, -0.05, 0.03, 0.01], pd.date_range("2024-01-04", periods=6))
    index = series([0.001, 0.002, 0.003, 0.004], pd.bdate_range("2024-01-04", periods=4))
    pair = riskresearch.align(coin, index)
    monday = 1.10 * 0.95 * 1.03 - 1  # Saturday, Sunday, Monday
    assert pair.data.tolist() == pytest.approx([0.01, 0.02, monday, 0.01], rel=1e-14)
    assert pair.benchmark.tolist() == index.tolist()
    assert pair.how == "day"
    assert pair.notes == ("2 rows that only data has are compounded into their next common row.",)


def test_prices_are_those_of_common_days_so_that_returns_span_the_same_days():
    coin = series([100, 101, 111, 105, 108, 109], pd.date_range("2024-01-04", periods=6))
    index = series([50, 51, 52, 53], pd.bdate_range("2024-01-04", periods=4))
    pair = riskresearch.align(coin, index, holds="prices")
    assert pair.data.tolist() == [100, 101, 108, 109]
    assert pair.benchmark.tolist() == index.tolist()
    assert pair.notes == ("2 rows that only data has are left out, so that the returns of both span the same time.",)


def test_days_beside_months_are_compounded_into_months():
    days = pd.bdate_range("2023-12-01", "2024-04-30")
    index = series(np.where(days.day == 15, 0.02, 0.001), days)
    pair = riskresearch.align(series(FUND, MONTH_ENDS), index)
    assert pair.how == "month"
    assert pair.data.tolist() == FUND
    expected = [(1 + index.loc[month]).prod() - 1 for month in ("2024-01", "2024-02", "2024-03", "2024-04")]
    assert pair.benchmark.tolist() == pytest.approx(expected, rel=1e-13)
    assert "2024-03-31 of data with 2024-03-29 of benchmark" in pair.notes[0]
    assert "taken to begin at 2023-12-29, a row of benchmark" in pair.notes[2]


def test_prices_of_days_beside_months_are_those_of_the_last_day():
    days = pd.bdate_range("2024-01-10", "2024-05-03")
    index = series(np.arange(1, len(days) + 1), days)
    pair = riskresearch.align(series([100, 101, 99, 103], MONTH_ENDS), index, holds="prices")
    assert pair.benchmark.tolist() == [index[day] for day in ("2024-01-31", "2024-02-29", "2024-03-29", "2024-04-30")]


def test_the_first_return_of_months_needs_the_days_of_its_month():
    """Days that begin in January don't show the whole of January: both begin at its end."""
    days = pd.bdate_range("2024-01-10", "2024-04-30")
    index = series(np.full(len(days), 0.001), days)
    pair = riskresearch.align(series(FUND, MONTH_ENDS), index)
    assert pair.data.tolist() == FUND[1:]
    assert pair.benchmark.iloc[0] == pytest.approx(1.001**21 - 1, rel=1e-12)  # the weekdays of February 2024
    assert "Returns begin after the first common row, 2024-01-31" in " ".join(pair.notes)


def test_an_inception_within_the_first_month_is_no_month():
    fund = series([0.005, *FUND], MONTH_ENDS.insert(0, pd.Timestamp("2024-01-15")))
    pair = riskresearch.align(fund, series(INDEX, LAST_BUSINESS_DAYS))
    assert pair.benchmark.tolist() == INDEX
    assert pair.data.index.equals(MONTH_ENDS)
    assert "Left out of data, outside the common rows: 1 before 2024-01-31." in pair.notes


def test_rows_before_and_after_the_shared_span_are_left_out_and_counted():
    pair = riskresearch.align(series(FUND, WEEK[1:]), series([0.3, *INDEX[:3]], WEEK[:4]))
    assert pair.data.index.equals(WEEK[1:4])
    assert pair.benchmark.tolist() == INDEX[:3]
    assert pair.left_out == (
        "Left out of data, outside the common rows: 1 after 2024-01-04.",
        "Left out of benchmark, outside the common rows: 1 before 2024-01-02.",
    )
    assert pair.matched == (
        "The first return of data, 2024-01-02, is taken to begin at 2024-01-01, a row of benchmark.",
    )


# --- what comes back


def test_the_same_dates_come_back_as_they_are():
    frame = pd.DataFrame({"a": FUND, "b": INDEX}, index=pd.date_range("2024-01-01", periods=4, freq="B"))
    pair = riskresearch.align(frame, frame["a"])
    pd.testing.assert_frame_equal(pair.data, frame, check_freq=True)
    pd.testing.assert_series_equal(pair.benchmark, frame["a"], check_freq=True)
    assert (pair.how, pair.notes) == ("exact", ())
    assert pair.summary() == "4 common rows of returns, how='exact'."


def test_a_table_has_the_columns_of_both():
    own = pd.DataFrame({"a": FUND, "b": INDEX}, index=MONTH_ENDS)
    pair = riskresearch.align(own, series(INDEX, LAST_BUSINESS_DAYS, "a"))
    frame = pair.to_frame()
    assert list(frame.columns) == ["a", "b", "a (benchmark)"]
    assert frame.index.equals(MONTH_ENDS)
    assert list(riskresearch.align(own["a"].rename(None), own["b"].rename(None)).to_frame()) == ["data", "benchmark"]


def test_it_is_shown_in_one_line_and_its_notes_as_text():
    pair = riskresearch.align(series(FUND, MONTH_ENDS, "<b>"), series(INDEX, LAST_BUSINESS_DAYS))
    assert repr(pair) == "AlignedPair(4 rows of returns, how='month')"
    assert pair.summary().splitlines() == ["4 common rows of returns, how='month'.", *pair.notes]
    assert pair._repr_html_().count("<br>") == len(pair.notes)
    with pytest.raises(AttributeError):
        pair.how = "day"


def test_frames_of_polars_come_back_as_such():
    own = pl.DataFrame({"when": MONTH_ENDS.to_numpy().astype("M8[us]"), "a": FUND, "b": INDEX})
    other = pl.DataFrame({"date": LAST_BUSINESS_DAYS.to_numpy().astype("M8[D]"), "i": INDEX})
    pair = riskresearch.align(own, other)
    assert pair.data.equals(own)
    assert pair.benchmark.columns == ["date", "i"]
    assert pair.benchmark["date"].to_list() == own["when"].to_list()
    assert pair.benchmark["i"].to_list() == INDEX
    assert list(pair.to_frame().columns) == ["a", "b", "i"]
    assert riskresearch.metrics.beta(pair.data, pair.benchmark)["b"][0] == pytest.approx(1.0, rel=1e-12)


def test_pandas_beside_polars_is_refused_with_the_conversion():
    own = series(FUND, MONTH_ENDS)
    other = pl.DataFrame({"date": LAST_BUSINESS_DAYS.to_numpy().astype("M8[D]"), "i": INDEX})
    with pytest.raises(InvalidInputError, match=r"both be of pandas or both of polars\. Convert benchmark with bench"):
        riskresearch.align(own, other)


# --- missing values


def test_a_missing_return_stays_a_row_and_its_move_unknown():
    coin = series([0.01, 0.02, np.nan, -0.05, 0.03, 0.01], pd.date_range("2024-01-04", periods=6))
    index = series([0.001, np.nan, 0.003, 0.004], pd.bdate_range("2024-01-04", periods=4))
    with pytest.raises(InvalidInputError, match=r'data has 1 non-finite value.*Pass nan_policy="omit"'):
        riskresearch.align(coin, index)
    pair = riskresearch.align(coin, index, nan_policy="omit")
    assert np.isnan(pair.data.iloc[2])  # a Saturday whose return is not known
    assert pair.data.notna().sum() == 3
    assert np.isnan(pair.benchmark.iloc[1])


def test_a_day_without_a_price_is_no_common_day():
    own = series([100, 101, np.nan, 99, 98], WEEK)
    other = series([50, 51, 52, 53, 54], WEEK)
    pair = riskresearch.align(own, other, holds="prices", nan_policy="omit")
    assert pair.data.tolist() == [100, 101, 99, 98]
    assert pair.benchmark.tolist() == [50, 51, 53, 54]
    frame = pd.DataFrame({"a": own, "b": 10.0})
    both = riskresearch.align(frame, other, holds="prices", nan_policy="omit")
    assert len(both.data) == 5  # b has a price on that day
    with pytest.raises(InvalidInputError, match="benchmark must have a price on some row, got none"):
        riskresearch.align(own, other * np.nan, holds="prices", nan_policy="omit")
