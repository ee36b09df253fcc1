"""Time zones: order and doubles are those of UTC, days are those of the clock that the file shows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.files.dates._dates import could_be_times, order_of, read_dates
from tests.examples import examples

WHAT = "column 'Date' of prices.csv"


def place(row):
    return f"line {row + 2}"


def read(cells, **more):
    if isinstance(cells, str):
        cells = np.array(cells.split(" | "), dtype=object)
    return read_dates(cells, what=WHAT, place=place, **more)


def utc(text):
    return np.array(text.split(" | "), dtype="datetime64[ns]")


@pytest.mark.parametrize(
    ("cells", "instants", "zone"),
    [
        ("2022-01-03 16:00", "2022-01-03 16:00", ""),
        ("2022-01-03 16:00Z", "2022-01-03 16:00", "UTC"),
        ("2022-01-03 16:00+00:00", "2022-01-03 16:00", "UTC"),
        ("2022-01-03 16:00+02:00", "2022-01-03 14:00", "+02:00"),
        ("2022-01-03 16:00-0530", "2022-01-03 21:30", "-05:30"),
        ("2022-01-03 16:00Z | 2022-01-04 16:00+02:00", "2022-01-03 16:00 | 2022-01-04 14:00", "UTC and +02:00"),
        ("2022-01-03 16:00 -0500 EST", "2022-01-03 21:00", "-05:00"),
        ("2022-01-03 16:00 us/eastern", "2022-01-03 21:00", "US/Eastern"),
        ("2022-01-03 16:00 GMT+1", "2022-01-03 15:00", "+01:00"),
        ("2022-01-03 16:00 EST", "2022-01-03 21:00", "EST"),
        ("2022-01-03 16:00 CEST", "2022-01-03 14:00", "CEST"),
        ("2022-01-03 16:00 CST", "2022-01-03 16:00", "CST"),
        ("2022-01-03 16:00 CST | 2022-07-04 16:00 CDT", "2022-01-03 22:00 | 2022-07-04 21:00", "CDT and CST"),
        ("2022-01-03 16:00 GMT | 2022-07-04 16:00 BST", "2022-01-03 16:00 | 2022-07-04 15:00", "BST and GMT"),
        ("2022-01-03 16:00 ET | 2022-07-05 16:00 ET", "2022-01-03 21:00 | 2022-07-05 20:00", "America/New_York"),
        ("2022-01-03 16:00 US/Eastern", "2022-01-03 21:00", "US/Eastern"),
        ("2022-01-03T16:00[Europe/Berlin]", "2022-01-03 15:00", "Europe/Berlin"),
        ("2022-07-03T16:00+02:00[Europe/Berlin]", "2022-07-03 14:00", "+02:00"),
        ("1641168000", "2022-01-03", "UTC"),
    ],
)
def test_instants_are_utc_where_the_zone_is_known(cells, instants, zone):
    found = read(cells)
    np.testing.assert_array_equal(found.instants, utc(instants))
    assert found.zone == zone
    assert found.index.tz is None


def test_the_night_on_which_the_clock_goes_back_is_no_double():
    found = read("2021-10-31 01:00+02:00 | 2021-10-31 02:00+02:00 | 2021-10-31 02:00+01:00 | 2021-10-31 03:00+01:00")
    assert order_of(found.instants, what=WHAT, place=place) == "oldest first"
    np.testing.assert_array_equal(
        found.instants, utc("2021-10-30 23:00 | 2021-10-31 00:00 | 2021-10-31 01:00 | 2021-10-31 02:00")
    )
    assert str(found.index.tz) == "Europe/Berlin"
    assert list(found.index.hour) == [1, 2, 2, 3]
    assert "shows an hour twice" in str(found.steps[1])


def test_a_zone_named_beside_the_offsets_is_the_one_kept():
    found = read("2021-10-31T02:00+02:00[Europe/Madrid] | 2021-10-31T02:00+01:00[Europe/Madrid]")
    assert str(found.index.tz) == "Europe/Madrid"


def test_offsets_of_no_known_clock_are_kept_as_utc():
    found = read("2021-10-31 02:00+05:00 | 2021-10-31 02:00-07:00")
    assert str(found.index.tz) == "UTC"
    assert "converted to UTC" in str(found.steps[1])


def test_a_change_of_the_clock_without_a_doubled_hour_drops_the_zone():
    found = read("2021-10-30 16:00+02:00 | 2021-11-01 16:00+01:00")
    assert found.index.tz is None
    assert list(found.index.hour) == [16, 16]
    assert found.zone == "+01:00 and +02:00"


def test_two_spellings_of_one_instant_are_a_double():
    found = read("2021-10-31 02:00+02:00 | 2021-10-31 01:00+01:00")
    with pytest.raises(InvalidInputError, match="has the date 2021-10-31 twice, on lines 2 and 3"):
        order_of(found.instants, what=WHAT, place=place)


def test_a_format_of_the_user_reads_offsets():
    found = read("04/01/2021 16:00 +0200 | 05/01/2021 17:00 +0100", date_format="%d/%m/%Y %H:%M %z")
    np.testing.assert_array_equal(found.instants, utc("2021-01-04 14:00 | 2021-01-05 16:00"))
    np.testing.assert_array_equal(found.index.to_numpy(), utc("2021-01-04 16:00 | 2021-01-05 17:00"))


@pytest.mark.parametrize(
    ("cells", "date_format", "days", "period"),
    [
        ("04/01/2021 | 05/01/2021", "%d/%m/%Y", "2021-01-04 | 2021-01-05", None),
        ("04/01/2021 | 05/01/2021", "%m/%d/%Y", "2021-04-01 | 2021-05-01", None),
        ("4/1/2021 | 13/1/2021", "%d/%m/%Y", "2021-01-04 | 2021-01-13", None),
        ("01/02/03", "%y/%m/%d", "2001-02-03", None),
        ("200103 | 200104", "%y%m%d", "2020-01-03 | 2020-01-04", None),
        ("Jan-03 | Jan-04", "%b-%y", "2003-01-31 | 2004-01-31", "month"),
        ("2021-02", "%Y-%m", "2021-02-28", "month"),
        ("2021", "%Y", "2021-12-31", "year"),
        ("2021-032", "%Y-%j", "2021-02-01", None),
        ("4|1|2021 at 16h05", "%d|%m|%Y at %Hh%M", "2021-01-04 16:05", None),
        (np.array([4012021, 13012021]), "%d%m%Y", "2021-01-04 | 2021-01-13", None),
        (np.array([4012021.0, 13012021.0]), "%d%m%Y", "2021-01-04 | 2021-01-13", None),
        (np.array([20103, 20104]), "%y%m%d", "2002-01-03 | 2002-01-04", None),
    ],
)
def test_a_format_of_the_user_is_applied_to_each_cell(cells, date_format, days, period):
    found = read(cells, date_format=date_format)
    np.testing.assert_array_equal(found.index.to_numpy(), utc(days))
    assert found.period == period
    assert repr(date_format) in str(found.steps[0])


@pytest.mark.parametrize(
    ("dates", "times"),
    [
        ("2022.01.03 | 2022.01.03", np.array(["09:30", "16:00"], dtype=object)),
        ("2022.01.03 | 2022.01.03", np.array(["09:30:00", "16:00:00"], dtype=object)),
        ("13/01/2022 | 13/01/2022", np.array(["9:30 AM", "4:00 PM"], dtype=object)),
        ("20220103 | 20220103", np.array(["093000", "160000"], dtype=object)),
        (np.array([20220103, 20220103]), np.array([930, 1600])),
        (np.array([20220103, 20220103]), np.array([93000.0, 160000.0])),
        (pd.DatetimeIndex(["2022-01-03", "2022-01-03"]), np.array(["09:30", "16:00"], dtype=object)),
        ("2022-01-03 | 2022-01-03", pd.DatetimeIndex(["1900-01-01 09:30", "1900-01-01 16:00"])),
        ("2022-01-03 | 2022-01-03", np.array([9.5 / 24, 16 / 24])),
        ("2022-01-03 00:00 | 2022-01-03 00:00", np.array(["9.30", "16.00"], dtype=object)),
    ],
)
def test_times_of_day_beside_the_dates_are_added(dates, times):
    found = read(dates, times=times)
    assert [f"{time:%H:%M}" for time in found.index] == ["09:30", "16:00"]
    assert found.index.normalize().nunique() == 1


@pytest.mark.parametrize(
    "times",
    [
        np.array(["16:00", "", "9:30 AM"], dtype=object),
        np.array([930, 1600]),
        np.array([93000.0, 160000.0, np.nan]),
        np.array(["093000", "160000"], dtype=object),
        np.array([0.5, 0.75]),
        np.array([0, 0]),
    ],
)
def test_times_of_day_are_told_apart(times):
    assert could_be_times(times)


@pytest.mark.parametrize(
    "times",
    [
        np.array(["2022-01-03", "2022-01-04"], dtype=object),
        np.array(["noon"], dtype=object),
        np.array([""], dtype=object),
        np.array([1641168000, 1641168060]),
        np.array([975, 1600]),
        np.array([-1.0, 5.5]),
        np.array([np.nan]),
        pd.DatetimeIndex(["2022-01-03"]),
    ],
)
def test_other_cells_are_no_times_of_day(times):
    assert not could_be_times(times)


def test_a_row_is_shown_by_the_clock_of_the_file():
    found = read("2021-10-31 02:00+02:00 | 2021-10-31 02:00+01:00 | 2021-11-01 00:00+01:00")
    assert [found.shown(row) for row in range(3)] == ["2021-10-31 02:00:00", "2021-10-31 02:00:00", "2021-11-01"]


def test_times_with_a_zone_give_instants():
    found = read("2022-01-03 | 2022-01-04", times=np.array(["16:00-05:00", "16:00-05:00"], dtype=object))
    np.testing.assert_array_equal(found.instants, utc("2022-01-03 21:00 | 2022-01-04 21:00"))


def test_typed_dates_with_a_zone_keep_its_clock():
    found = read(pd.date_range("2021-10-29", periods=5, tz="Europe/Berlin"))
    assert found.index.tz is None
    assert list(found.index.hour) == [0] * 5
    np.testing.assert_array_equal(found.instants[:1], utc("2021-10-28 22:00"))
    hourly = read(pd.date_range("2021-10-31", periods=5, freq="h", tz="Europe/Berlin"))
    assert str(hourly.index.tz) == "Europe/Berlin"


@examples(40)
@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "Asia/Jerusalem"]),
    st.datetimes(pd.Timestamp("2005-01-01"), pd.Timestamp("2030-01-01")),
    st.sampled_from(["15min", "h", "4h", "D"]),
    st.booleans(),
)
def test_any_clock_written_with_its_offsets_keeps_order_and_clock(zone, start, step, reverse):
    index = pd.date_range(pd.Timestamp(start).floor("h"), periods=6000 if step == "h" else 200, freq=step, tz="UTC")
    local = index.tz_convert(zone)[:: -1 if reverse else 1]
    found = read(np.array([str(stamp) for stamp in local], dtype=object))
    np.testing.assert_array_equal(found.instants, local.tz_convert(None).to_numpy().astype("datetime64[ns]"))
    assert order_of(found.instants, what=WHAT, place=place) == ("newest first" if reverse else "oldest first")
    assert found.index.is_unique
    shown = found.index if found.index.tz is None else found.index.tz_localize(None)
    np.testing.assert_array_equal(shown.to_numpy(), local.tz_localize(None).to_numpy().astype("datetime64[ns]"))
