"""Columns of dates that have no reading or more than one, and what is no date at all."""

import re

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.files.dates._dates import could_be_dates, leading_dates, order_of, read_dates

WHAT = "column 'Date' of prices.csv"


def place(row):
    return f"line {row + 2}"


def column(text):
    return np.array(text.split(" | "), dtype=object)


def read(cells, **more):
    return read_dates(cells, what=WHAT, place=place, **more)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (  # the issue's own example
            "04/01/2021 | 05/01/2021 | 06/01/2021",
            "must have dates with one reading, but each of them fits as day/month/year "
            "('04/01/2021' is 2021-01-04, and the dates are in order); and as month/day/year "
            "('04/01/2021' is 2021-04-01, and the dates are in order, one in each month): "
            'see line 2. Pass date_format="%d/%m/%Y" (--date-format "%d/%m/%Y") or date_format="%m/%d/%Y" '
            '(--date-format "%m/%d/%Y").',
        ),
        ("01/01/2021 | 12/01/2021 | 01/02/2021", "is 2021-12-01, and the dates are in no order): see line 3"),
        (
            "01/01/2021 | 02/01/2021 | 03/01/2021 | 04/01/2021",
            "as month/day/year ('02/01/2021' is 2021-02-01, and the dates are in order, one in each month): see line 3",
        ),
        ("04.01.2021 16:00 | 05.01.2021 16:00", 'date_format="%d.%m.%Y %H:%M"'),
        ("1/2/2021 1:30:00 PM", 'date_format="%m/%d/%Y %I:%M:%S %p"'),
        ("01/02/2021 16:00:00.5 +01:00", 'date_format="%d/%m/%Y %H:%M:%S.%f %z"'),
        ("01022021 | 03042021", 'date_format="%d%m%Y" (--date-format "%d%m%Y") or date_format="%m%d%Y"'),
        ("01/02/03", 'date_format="%d/%m/%y" (--date-format "%d/%m/%y") or date_format="%m/%d/%y" '),
        ("03/01/22 | 04/01/22 | 13/01/22", 'or date_format="%y/%m/%d"'),
        ("200102 | 200103 | 200106", "'200102' is 2020-01-02"),
        ("200101 | 200102 | 200103", 'date_format="%Y%m"'),
        ("1501031600", "'1501031600' is 2015-01-03 16:00"),
        ("130120221600", "'130120221600' is 2022-01-13 16:00:00"),
        ("122021 | 012022", 'date_format="%m%Y" (--date-format "%m%Y") or date_format="%m%d%y"'),
        ("2001 | 2003", "'2001' is 2020-01-31"),
        ("Jan-03 | Jan-04 | Jan-05", "'Jan-03' on line 2 is a month and a year or a month and a day"),
    ],
)
def test_more_than_one_reading_is_refused_with_all_of_them(text, says):
    with pytest.raises(InvalidInputError, match=re.escape(says)):
        read(column(text))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "2022-01-03 | Total",
            "must hold dates, got 'Total' on line 3 after dates such as '2022-01-03'. Delete the row",
        ),
        ("2022-01-03 16:00:00.\u0661", "must hold dates"),  # an Arabic digit
        ("2022-01-03 | n/a", "got 'n/a' on line 3"),
        ("2022-01-03 |  | 2022-01-05", "must have a date in each row, got an empty cell on line 3."),
        ("AAPL", "must hold dates, got 'AAPL' on line 2. Pass the format of the dates"),
        ("x" * 1000, "got '" + "x" * 40 + "...' on line 2"),
        ("3-Jan | 4-Jan", "must have dates with a year, got '3-Jan' on line 2. Add the year"),
        ("Jan 3 | Jan 4", "must have dates with a year"),
        ("03/01 | 04/01", "must have dates with a year"),
        ("2022-01-03 | 2022-02-30", "has no such date as '2022-02-30' on line 3; read as year-month-day, in which "),
        ("2023-02-29", "has no such date as '2023-02-29' on line 2"),
        ("1900-02-29", "has no such date"),
        ("30.02.2022", "has no such date as '30.02.2022' on line 2; read as day.month.year or month.day.year."),
        ("31/04/2022", "has no such date"),
        ("2022-13-01", "has no such date"),
        ("2022-00-10", "has no such date"),
        ("2022-01-00", "has no such date"),
        ("2022-01-03 25:00", "has no such date"),
        ("2022-01-03 24:01", "has no such date"),
        ("2022-01-03 10:60", "has no such date"),
        ("2022-01-03 13:00 AM", "has no such date"),
        ("2022-01-03 0:30 PM", "has no such date"),
        ("Tue 2022-01-03", "has no such date as 'Tue 2022-01-03' on line 2, which is a Monday"),
        ("2022-W53", "has no such date"),
        ("2022-W03-8", "has no such date"),
        ("5Q22", "has no such date"),
        ("2022-13", "has no such date"),
        ("13/01/2022 | 01/13/2022", "day/month/year does not fit '01/13/2022' on line 3; month/day/year does not fit "),
        (
            "2022-01-03 | 13/01/2022",
            "must have all dates written in one way, got '2022-01-03' on line 2 and '13/01/2022'",
        ),
        ("13-01-2022 | 01/02/2022", "must have all dates written in one way"),  # a spreadsheet swapped day and month
        ("2022-01-03 | 1641254400", "must have all dates written in one way"),
        ("9999-12-31", "must have dates in the years 1800 to 2200, got '9999-12-31' on line 2"),
        ("0022-01-03", "must have dates in the years 1800 to 2200"),
        ("2201-01-01 00:00", "must have dates in the years 1800 to 2200"),
        (
            "738000 | 738001",
            "got '738000' on line 2. Numbers such as this are days since the year 0 (MATLAB's datenum)",
        ),
        ("2459582.5", "Julian days"),
        ("2022.0833", "got '2022.0833' on line 2. Years with a fraction are not read: write the months as 2022-01."),
        (
            "1956787200",
            "As seconds since 1970 it is 2032-01-04, which is still to come, and as seconds since 1960 (SAS",
        ),
        ("637767648000000000", "ticks since the year 1 (.NET), which are not read"),
        ("662860800", "must hold dates, got '662860800' on line 2. Write the dates as 2022-01-03"),
        ("26001", "As a number of days it is 1971-03-09 in Excel"),
        ("2022-01-03/2022-01-10", "has no such date"),
        ("111/01/03", "must hold dates, got '111/01/03'"),
        ("03/01/2565", "must have dates in the years 1800 to 2200"),
        ("22648", "As a number of days it is 1962-01-02 in Excel, 2022-01-03 in SAS and Stata, and 2032-01-04 in R"),
        ("2022-01-03 16:00 XYZ", "must hold dates, got '2022-01-03 16:00 XYZ' on line 2"),
        ("2022-01-03 16:00Z | 2022-01-04 16:00", "must have a time zone in each row or in none, got one on line 2"),
        (
            "2022-01-03 16:00 CST | 2022-01-04 16:00 EST",
            "zones of one meaning where it has several, got 'CST' on line 2",
        ),
        ("2021-10-31 02:30 Europe/Berlin", "must have times that Europe/Berlin shows once, got 2021-10-31 02:30:00"),
        ("2022-03-27 02:30 Europe/Berlin", "must have times that Europe/Berlin shows once"),
    ],
)
def test_what_is_no_date_is_named_with_its_line(text, says):
    with pytest.raises(InvalidInputError, match=re.escape(says)):
        read(column(text))


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (np.array([1.5, 2.5]), "must hold dates, got 1.5 on line 2. Write the dates as 2022-01-03, or choose"),
        (np.array([20220103.0, np.nan]), "got an empty cell on line 3"),
        (np.array([20220103, 20220230]), "has no such date as 20220230 on line 3"),
        (np.array([202201, 202213]), "has no such date as 202213 on line 3"),
        (np.array([1, 2, 3]), "must hold dates, got 1 on line 2"),
        (np.array([1e300, 2e300]), "must hold dates, got 1e+300 on line 2"),
        (np.array([2022.1, 2021.1]), "must hold dates, got 2022.1"),
        (np.array([1.641168e9, 1.641254e9, 1.641341e9]), "such as 1641341000 on line 4: they were rounded"),
        (np.array([1641170000000, 1641250000000, 1641340000000]), "must have times since 1970 with all their digits"),
        (np.array([], dtype=object), "must have at least one date, got none"),
        (pd.DatetimeIndex([]), "must have at least one date, got none"),
        (pd.DatetimeIndex(["2022-01-03", None]), "got an empty cell on line 3"),
        (pd.DatetimeIndex(["1700-01-03"]), "must have dates in the years 1800 to 2200"),
    ],
)
def test_typed_cells_that_are_no_dates_are_named(cells, says):
    with pytest.raises(InvalidInputError, match=re.escape(says)):
        read(cells)


@pytest.mark.parametrize(
    "cells",
    [
        np.array([100.0, 100.5, 99.75]),
        np.array([20200101.25, 20200102.5, 20200103.75]),
        np.arange(1, 200),
        np.arange(1001, 1013),
        np.arange(100101, 100130),
        column("1001 | 1002 | 1003"),
        np.arange(1900, 2000, 3),
        np.array([2000, 2001, 1999, 2000, 2002]),
        np.array([2021.17, 2021.03, 2019.95, 2022.4]),
        np.array([20123456, 20456789, 19345678, 20998877]),
        np.array([1641168000, 1541168000, 1741168000, 1641168060]),
        np.array([1641168001, 1641168002, 1641168003]),
        np.array([1641168000123, 1541168000123, 1741168000123, 1600000000000]),
        np.arange(43831, 43900),
        np.array([201003, 201512, 198077, 201111]),
        np.array([1.13213675e12, 1.11785136e12, 1.10452381e12]),
        np.array([1475309685813, 1469261678184, 1450695794354]),
        np.array([np.nan, np.nan]),
        column("100.5 | 101.25 | n/a"),
        column("AAPL | MSFT"),
        column("1,234.50 | 1,240.00"),
        column("1.1034 | 1.2022 | 1.1987"),
        column("10.1950 | 10.2010 | 10.1995 | 10.2001"),
        column("0.45% | 1.20%"),
        column("16:00 | 16:05"),
        column("037833100 | 037833101"),
        column("03/01 | 04/01"),
        column("May | June"),
        column(" | "),
        column("x" * 100_000),
        np.array([], dtype=object),
    ],
)
def test_prices_volumes_and_names_do_not_look_like_dates(cells):
    assert not could_be_dates(cells)


def test_one_bad_cell_leaves_a_column_one_of_dates():
    days = list(pd.date_range("2022-01-03", periods=20).strftime("%Y-%m-%d"))
    assert could_be_dates(np.array([*days, "Total"], dtype=object))
    assert could_be_dates(np.array([days[0], "2022-02-30", *days[1:]], dtype=object))


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (column("2022-01-03 | 2022-01-04 | Total"), 2),
        (column("2022-01-03 | 2022-01-04 |  | "), 2),
        (column("2022-01-03 | Source: vendor | 2022-01-05"), 1),
        (column("2022-01-03 | 2022-02-30"), 1),
        (column("13/01/2022 | 14/01/2022 | 2022"), 2),
        (column("201601 | 201602 | 2016"), 2),
        (column("Total"), 0),
        (np.array([201601, 201602, 2016]), 2),
        (np.array([20220103.0, 20220104.0, np.nan]), 2),
        (np.array([np.nan]), 0),
        (np.array([1.5]), 0),
        (np.array([], dtype=object), 0),
        (pd.DatetimeIndex(["2022-01-03", None]), 1),
    ],
)
def test_leading_dates_end_at_a_footer(cells, rows):
    assert leading_dates(cells) == rows


@pytest.mark.parametrize(
    ("date_format", "says"),
    [
        ("dayfirst", "must be a format of strptime with a year, such as '%d/%m/%Y', got 'dayfirst'"),
        ("%d/%m", "must be a format of strptime with a year"),
        ("", "must be a format of strptime with a year"),
        (7, "must be a format of strptime with a year"),
        ("%Q/%Y", "date_format (--date-format) must be a format of strptime, got '%Q/%Y'"),
        ("%Q/%Y %z", "must be a format of strptime, got '%Q/%Y %z'"),
        ("%Y-%m-%d", "must have dates of the format date_format='%Y-%m-%d' (--date-format)"),
        ("%d/%m/%Y %z", "got '04/01/2021' on line 2"),
        ("%d/%m/%y", "got '04/01/2021' on line 2"),
    ],
)
def test_a_format_that_does_not_fit_is_refused(date_format, says):
    with pytest.raises(InvalidInputError, match=re.escape(says)):
        read(column("04/01/2021 | 05/01/2021"), date_format=date_format)


def test_a_format_names_the_line_that_does_not_have_it():
    with pytest.raises(InvalidInputError, match="got '13/13/2021' on line 3"):
        read(column("04/01/2021 | 13/13/2021"), date_format="%d/%m/%Y")


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ("2022-01-03 2022-01-03", "column 'Date' of prices.csv has the date 2022-01-03 twice, on lines 2 and 3."),
        ("2022-01-03 2022-01-04 2022-01-03", "has the date 2022-01-03 twice, on lines 2 and 4."),
        ("2022-01-04 2022-01-03 2022-01-03", "has the date 2022-01-03 twice, on lines 3 and 4."),
        (
            "2022-01-03 2022-01-05 2022-01-04 2022-01-06",
            "must be in the order of its dates, oldest or newest first, but 2022-01-04 on line 4 comes after "
            "2022-01-05 on line 3, where most dates increase. Sort the rows by date, or correct this one.",
        ),
        (
            "2022-01-06 2022-01-04 2022-01-05 2022-01-03",
            "but 2022-01-05 on line 4 comes after 2022-01-04 on line 3",
        ),
    ],
)
def test_dates_that_are_doubled_or_in_no_order_are_named_with_their_lines(days, says):
    with pytest.raises(InvalidInputError, match=re.escape(says)):
        order_of(np.array(days.split(), dtype="datetime64[ns]"), what=WHAT, place=place)


def test_a_double_is_shown_as_the_file_writes_it():
    cells = column("13/01/2022 | 13/01/2022")
    with pytest.raises(InvalidInputError, match="has the date 13/01/2022 twice, on row 1 of a and row 1 of b"):
        order_of(
            read(cells).instants, what=WHAT, place=lambda row: "row 1 of " + "ab"[row], show=lambda row: cells[row]
        )


@pytest.mark.parametrize(
    ("times", "says"),
    [
        (column("16:00 | "), "the times of day of column 'Date' of prices.csv must be there in each row, got an empty"),
        (column("16:00 | noon"), "must be times such as 16:00, got 'noon' on line 3"),
        (column("16:00 | 25:00"), "got '25:00' on line 3"),
        (np.array([930, 2475]), "must be times such as 16:00, got '2475' on line 3"),
        (np.array([930.0, np.nan]), "got an empty cell on line 3"),
    ],
)
def test_times_of_day_beside_the_dates_are_checked(times, says):
    with pytest.raises(InvalidInputError, match=re.escape(says)):
        read(column("2022.01.03 | 2022.01.04"), times=times)


def test_times_beside_dates_that_have_times_are_refused():
    with pytest.raises(InvalidInputError, match="must hold days alone beside a column of times"):
        read(column("2022-01-03 16:00"), times=column("16:00"))
