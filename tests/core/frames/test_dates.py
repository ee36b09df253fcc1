"""Dates that are no index of dates: refused with a line that, when it is executed, makes the right dates of them."""

import datetime
import re

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.core._panel import as_panel
from tests.examples import examples

DAYS = pd.DatetimeIndex(pd.bdate_range("2024-01-01", periods=13))
MONTHS = pd.date_range("2024-01-01", periods=12, freq="MS")
QUARTERS = pd.date_range("2023-01-01", periods=8, freq="QS")


def series(index):
    return pd.Series(np.resize([0.01, -0.02, 0.005], len(index)), index=pd.Index(index), name="fund")


def refused(data):
    with pytest.raises(InvalidInputError) as caught:
        as_panel(data)
    return str(caught.value)


def converted(data):
    """Return the dates after the line of the refusal was executed."""
    text = refused(data)
    line = re.search(r"(returns(?:\.index)? = .*?)(?:, or (?:number|with)|\.$|: the dates)", text)[1]
    names = {"pd": pd, "pl": pl, "returns": data.copy()}
    exec(line, names)
    return as_panel(names["returns"]).dates


# --- an index of numbers


@pytest.mark.parametrize(
    ("index", "days", "reading"),
    [
        ([202401 + month for month in range(12)], MONTHS, r"months \(YYYYMM\)"),
        ([202401.0 + month for month in range(12)], MONTHS, r"months \(YYYYMM\)"),
        ([int(f"{day:%Y%m%d}") for day in DAYS], DAYS, r"days \(YYYYMMDD\)"),
        ([int(f"{day:%Y%j}") for day in DAYS], DAYS, r"days of years \(YYYYDDD\)"),
        ([int(f"{day:%Y%m%d}0930") for day in DAYS], DAYS + pd.Timedelta("9h30min"), r"times \(YYYYMMDDHHMM\)"),
        ([int(f"{day:%Y%m%d}093015") for day in DAYS], DAYS + pd.Timedelta("9h30min15s"), r"times \(YYYYMMDDHHMMSS\)"),
        ([q.year * 10 + q.quarter for q in QUARTERS], QUARTERS, r"quarters \(YYYYQ\)"),
        (DAYS.astype("datetime64[s]").astype("int64"), DAYS, "times since 1970 in s"),
        (DAYS.astype("datetime64[ms]").astype("int64"), DAYS, "times since 1970 in ms"),
        (DAYS.astype("datetime64[us]").astype("int64"), DAYS, "times since 1970 in us"),
        (DAYS.astype("datetime64[ns]").astype("int64"), DAYS, "times since 1970 in ns"),
        (DAYS.astype("datetime64[s]").astype("int64") + 0.5, DAYS + pd.Timedelta("500ms"), "times since 1970 in s"),
        ((DAYS - pd.Timestamp("1899-12-30")).days, DAYS, "days as spreadsheets count them"),
        ((MONTHS - pd.Timestamp("1899-12-30")).days, MONTHS, "days as spreadsheets count them"),
        ((DAYS - pd.Timestamp("1970-01-01")).days, DAYS, "days since 1970"),
        ([day.toordinal() for day in DAYS], DAYS, "days since the year 1"),
        (
            (DAYS - pd.Timestamp("1899-12-30")).days + 0.75,
            DAYS + pd.Timedelta("18h"),
            "days and times as spreadsheets count them",
        ),
        ([2020 + month / 12 for month in range(12)], MONTHS - pd.DateOffset(years=4), "months as fractions of years"),
        ([2023 + quarter / 4 for quarter in range(8)], QUARTERS, "quarters as fractions of years"),
        ([2024 + month / 100 for month in range(1, 13)], MONTHS, r"months \(YYYY\.MM\)"),
    ],
)
def test_an_index_of_dates_as_numbers_is_refused_with_the_line_that_converts_it(index, days, reading):
    data = series(index)
    assert re.search(rf"which read as {reading}\. Convert it", refused(data))
    assert (converted(data) == days.to_numpy()).all()


@pytest.mark.parametrize("dtype", ["Int64", "int32", "int64[pyarrow]", "Float64"])
def test_numbers_of_any_type_are_seen_as_dates(dtype):
    assert "months (YYYYMM)" in refused(series(pd.Index([202401 + month for month in range(12)], dtype=dtype)))


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(45_292, 45_320),  # a slice of the rows of a long table
        pd.RangeIndex(1_990, 2_020),
        [5, 6, 7, 8, 9, 10],
        [0.5, 1.0, 1.5],
        [-3, -2, -1, 0],
        [3, 1, 2, 0],
        [0, 0, 1, 1],
        [930, 935, 940, 945],
        [100, 250, 17_003, 44_000, 44_100],
        [2_021, 2_022, 2_023],
        [43_831, 43_835, 43_836, 43_850, 43_900],  # what is left of rows
        np.arange(6, dtype="uint64") + np.uint64(2**63),
    ],
)
def test_an_index_of_row_numbers_is_read_without_a_word(index):
    assert as_panel(series(index)).dates is None


@pytest.mark.parametrize(
    ("index", "reading"),
    [
        (list(range(2010, 2022)), "years"),
        (list(range(45_292, 45_320)), "days as spreadsheets count them"),
        ([45_292, 45_293, 45_294, 45_295, 45_296, 45_299], "days as spreadsheets count them"),
        (pd.RangeIndex(202_401, 202_413), r"months \(YYYYMM\)"),
        (pd.RangeIndex(20_240_101, 20_240_120), r"days \(YYYYMMDD\)"),
    ],
)
def test_numbers_that_may_be_either_warn_with_the_line(index, reading):
    with pytest.warns(
        ConventionWarning, match=rf"has the row numbers .* as {reading}, convert them with returns\.index ="
    ):
        assert as_panel(series(index)).dates is None


def test_a_missing_row_number_is_refused_by_its_row():
    for wrong in (np.nan, np.inf):
        with pytest.raises(InvalidInputError, match=rf"a date or a number on each row, got {wrong} on row 2\."):
            as_panel(series([0.0, 1.0, wrong, 3.0]))


@given(st.lists(st.integers(0, 18_000), min_size=3, max_size=40))
@examples(60)
def test_rows_of_a_table_of_everyday_size_are_never_taken_for_dates(rows):
    """Rows below 18,000 are no day since 1970 that is recent, nor a month; years are five in a row."""
    steps = np.diff(rows)
    if not (steps == 1).all():
        weekdays = [row for row in rows if 7_305 <= row]
        if len(weekdays) < len(rows) or not (steps > 0).all():
            assert as_panel(series(rows)).dates is None


# --- an index of text and of other things


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (DAYS.strftime("%Y-%m-%d"), DAYS),
        (DAYS.strftime("%Y/%m/%d"), DAYS),
        (DAYS.strftime("%Y.%m.%d"), DAYS),
        (DAYS.strftime("%Y%m%d"), DAYS),
        (DAYS.strftime("%d.%m.%Y"), DAYS),
        (DAYS.strftime("%m/%d/%Y"), DAYS),
        (DAYS.strftime("%d/%m/%y"), DAYS),
        (DAYS.strftime("%Y-%m-%d 16:00"), DAYS + pd.Timedelta("16h")),
        (DAYS.strftime("%Y-%m-%dT16:00:00"), DAYS + pd.Timedelta("16h")),
        (DAYS.strftime("%Y-%m-%dT16:00:00+01:00"), DAYS + pd.Timedelta("15h")),
        (DAYS.strftime("%Y-%m-%d 16:00:00Z"), DAYS + pd.Timedelta("16h")),
        (DAYS.strftime("%d.%m.%Y 17:30"), DAYS + pd.Timedelta("17h30min")),
        (DAYS.strftime("%m/%d/%Y 4:05:06 PM"), DAYS + pd.Timedelta("16h5min6s")),
        (DAYS.strftime("%Y/%m/%d 09:30:00"), DAYS + pd.Timedelta("9h30min")),
        (DAYS.strftime("%G-W%V").unique(), DAYS[::5]),
        (DAYS.strftime("%d-%b-%Y"), DAYS),
        (DAYS.strftime("%b %d, %Y"), DAYS),
        (MONTHS.strftime("%Y%m"), MONTHS),
        (MONTHS.strftime("%Y-%m"), MONTHS),
        (MONTHS.strftime("%b %Y"), MONTHS),
        (MONTHS.strftime("%b-%y"), MONTHS),
        ([f"{q.year}Q{q.quarter}" for q in QUARTERS], QUARTERS),
        ([f"{q.year}-Q{q.quarter}" for q in QUARTERS], QUARTERS),
        ([str(2001 + year) for year in range(6)], pd.date_range("2001", periods=6, freq="YS")),
        (DAYS.astype("datetime64[ms]").astype("int64").astype(str), DAYS),
    ],
)
@pytest.mark.parametrize("kind", ["text", "category"])
def test_an_index_of_text_is_refused_with_the_line_that_converts_it(texts, days, kind):
    data = series(pd.CategoricalIndex(texts) if kind == "category" else list(texts))
    assert re.search(rf"starts with '{re.escape(texts[0])}'\. Convert it with returns\.index = pd\.", refused(data))
    if kind == "text" or "int64" not in refused(data):
        assert (converted(data) == days.to_numpy()).all()


def test_days_and_months_that_have_both_readings_are_refused_with_both():
    data = series([f"0{day}/0{day + 1}/2024" for day in range(1, 6)])
    assert "format='%d/%m/%Y'), or with format='%m/%d/%Y' where the month comes first: the dates have both" in refused(
        data
    )


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (
            pd.Index(list(DAYS.date), dtype=object),
            r"starts with datetime\.date\(2024, 1, 1\)\. Convert it with .*to_datetime",
        ),
        (pd.Index(list(DAYS.tz_localize("UTC")), dtype=object), r"pd\.to_datetime\(returns\.index, utc=True\)"),
        (pd.CategoricalIndex(DAYS), r"index of category .* Convert it with returns\.index = pd\.to_datetime"),
        (
            DAYS - DAYS[0],
            r"lengths of time, not dates: returns\.index = pd\.Timestamp\('2024-01-01'\) \+ returns\.index",
        ),
        (pd.interval_range(DAYS[0], periods=13), r"returns\.index = returns\.index\.right"),
        (pd.MultiIndex.from_product([DAYS, ["AAPL"]]), r"returns\.droplevel\(1\)"),
        (pd.MultiIndex.from_product([DAYS[:6], ["AAPL", "MSFT"]]), r"one row for each date: returns\.unstack\(\)"),
        ([True, False] * 6, r"index of bool .* Number the rows with returns\.reset_index\(drop=True\)"),
        ([None] * 6, r"starts with None\. Number the rows"),
        ([1, "a"] * 3, r"starts with 1\. Number the rows"),
        ([datetime.time(hour) for hour in range(6)], r"starts with datetime\.time\(0, 0\)\. Number the rows"),
        (list("abcdef"), r"starts with 'a'\. Convert dates with .*to_datetime\(returns\.index\), or number the rows"),
    ],
)
def test_an_index_of_something_else_is_refused_with_what_helps(index, text):
    data = pd.Series(np.resize([0.01, -0.02, 0.005], len(index)), index=index)
    assert re.search(text, refused(data))


def test_a_table_with_its_dates_on_top_is_to_be_turned():
    wide = pd.DataFrame(np.resize([0.01, -0.02], (2, 13)), index=["AAPL", "MSFT"], columns=DAYS)
    assert refused(wide).endswith("The dates are in the columns: pass returns.T.")
    assert refused(wide.set_axis(DAYS.strftime("%Y-%m-%d"), axis=1)).endswith("pass returns.T.")


@pytest.mark.parametrize("days", [DAYS, DAYS.strftime("%Y-%m-%d"), DAYS.strftime("%d.%m.%Y"), DAYS.to_period("D")])
def test_dates_on_top_of_rows_without_names_warn_with_both_readings(days):
    wide = pd.DataFrame(np.resize([0.01, -0.02, 0.005], (4, 13)), columns=days)
    with pytest.warns(ConventionWarning, match=r"each date is an asset over 4 rows.*as dates, pass returns\.T\."):
        as_panel(wide)
    with pytest.raises(InvalidInputError, match=r"a column for each.*returns\.set_index\('ticker'\)\.T\."):
        as_panel(wide.assign(ticker=list("ABCD")))


def test_codes_of_assets_on_top_are_no_dates():
    codes = pd.DataFrame(np.resize([0.01, -0.02, 0.005], (4, 3)), columns=["2001", "2010", "2020"])
    assert as_panel(codes).labels.columns == ("2001", "2010", "2020")


# --- an index of dates: order in UTC, Arrow, missing


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_the_night_of_a_clock_change_is_no_double(zone):
    hours = pd.date_range("2024-03-01", periods=48 * 300, freq="30min", tz="UTC").tz_convert(zone)
    assert not hours.tz_localize(None).is_unique
    assert as_panel(series(hours), holds="numbers").values.shape[0] == len(hours)


def test_newest_first_is_refused_with_sort_index():
    for data in (series(DAYS[::-1]), series(pd.PeriodIndex(DAYS[::-1], freq="D"))):
        with pytest.raises(
            InvalidInputError, match=r"got 2024-01-16 after 2024-01-17 on row 1\. Sort it with \.sort_index"
        ):
            as_panel(data)


@pytest.mark.parametrize(
    "dtype",
    [
        pa.timestamp("ns"),
        pa.timestamp("us"),
        pa.timestamp("s", tz="Asia/Tokyo"),
        pa.date32(),
        pa.date64(),
    ],
    ids=str,
)
def test_an_index_of_arrow_dates_is_an_index_of_dates_and_kept(dtype):
    values = (
        DAYS.tz_localize("Asia/Tokyo") if "Tokyo" in str(dtype) else list(DAYS.date) if "date" in str(dtype) else DAYS
    )
    index = pd.Index(pd.array(values, dtype=pd.ArrowDtype(dtype)))
    panel = as_panel(series(index))
    assert (panel.dates.astype("M8[D]") == DAYS.to_numpy().astype("M8[D]")).all()
    pd.testing.assert_index_equal(panel.labels.over_time(panel.values).index, index)
    with pytest.raises(InvalidInputError, match=r"Sort it with \.sort_index"):
        as_panel(series(index[::-1]))


@pytest.mark.parametrize("index", [DAYS.insert(3, pd.NaT), pd.PeriodIndex(DAYS.insert(3, pd.NaT), freq="D")])
def test_a_missing_date_is_refused_by_its_row(index):
    with pytest.raises(InvalidInputError, match=r"must have a date on each row, got none on row 3"):
        as_panel(series(index))


# --- dates in a column


def frame(column, name="Date"):
    return pd.DataFrame({name: column, "A": np.resize([0.01, -0.02], len(column)), "B": 0.01})


@pytest.mark.parametrize("name", ["Date", "Unnamed: 0", "trade date", 0])
@pytest.mark.parametrize(
    ("column", "days"),
    [
        (DAYS, DAYS),
        (DAYS.strftime("%Y-%m-%d"), DAYS),
        (pd.array(DAYS.strftime("%Y-%m-%d"), dtype=object), DAYS),
        (pd.array(DAYS, dtype=pd.ArrowDtype(pa.timestamp("us"))), DAYS),
        (list(DAYS.date), DAYS),
        (DAYS.strftime("%d/%m/%Y"), DAYS),
        (pd.PeriodIndex(MONTHS, freq="M"), MONTHS),
        ([202401 + month for month in range(12)], MONTHS),
        ([int(f"{day:%Y%m%d}") for day in DAYS], DAYS),
    ],
)
def test_a_column_of_dates_is_to_be_the_index(column, days, name):
    text = refused(frame(column, name))
    assert text.startswith(f"returns must have its dates as the index, got them in column {name!r}")
    assert (converted(frame(column, name)) == days.to_numpy()).all()


def test_times_since_1970_in_a_column_are_dates_where_its_name_says_so():
    milliseconds = DAYS.astype("datetime64[ms]").astype("int64")
    assert (converted(frame(milliseconds, "timestamp")) == DAYS.to_numpy()).all()
    worth = pd.DataFrame({"fund": np.arange(1_700_000_000, 1_700_000_020), "cash": 1.0})  # a fund of 1.7 billion
    assert as_panel(worth, name="prices", holds="numbers").dates is None


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (DAYS.strftime("%Y-%m-%d"), r"pl\.col\('Date'\)\.str\.to_date\('%Y-%m-%d'\)"),
        (DAYS.strftime("%d.%m.%Y"), r"pl\.col\('Date'\)\.str\.to_date\('%d\.%m\.%Y'\)"),
        (DAYS.strftime("%Y-%m-%d 16:00"), r"pl\.col\('Date'\)\.str\.to_datetime\('%Y-%m-%d %H:%M'\)"),
        ([202401 + month for month in range(12)], r"pl\.col\('Date'\)\.cast\(pl\.String\)\.str\.to_date\('%Y%m'\)"),
        ([int(f"{day:%Y%m%d}") for day in DAYS], r"\.str\.to_date\('%Y%m%d'\)"),
        (DAYS.astype("datetime64[s]").astype("int64"), r"pl\.from_epoch\('Date', time_unit='s'\)"),
    ],
)
def test_a_polars_column_of_dates_that_is_none_is_refused_with_the_line(column, code):
    data = pl.DataFrame({"Date": list(column), "A": np.resize([0.01, -0.02], len(column))})
    text = refused(data)
    line = re.search(rf"Convert it with (returns\.with_columns\(.*{code}\))\.$", text)[1]
    dates = as_panel(eval(line, {"pl": pl, "returns": data})).dates
    assert dates[0].astype("M8[D]") == np.datetime64("2024-01-01")
    assert dates[-1] > dates[0]
    assert datetime.date(2024, 1, 1) in dates.astype("M8[D]").tolist()


def test_digits_in_a_column_that_is_not_called_a_date_are_prices():
    for data in (
        pd.DataFrame({"gold": ["1999", "2003", "2010"], "cash": [1.0, 1.0, 1.0]}),
        pl.DataFrame({"gold": ["1999", "2003", "2010"], "cash": [1.0, 1.0, 1.0]}),
    ):
        with pytest.raises(InvalidInputError, match=r"must hold numbers.*'1999'.*Convert it with .*(float|cast)"):
            as_panel(data)
    assert as_panel(pd.DataFrame({"gold": [1999, 2003, 2010], "silver": [202401, 202402, 202403]}), holds="numbers")
