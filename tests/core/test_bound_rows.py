"""Numbers that are bound to a definition and read at the date of a bar."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch.core import Bar, InvalidInputError
from riskresearch.core.dates._bound_rows import bind_rows

DATES = pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-01-04"])
FRAME = pd.DataFrame({"A": [1.0, 2.0, np.nan], "B": [10.0, 20.0, 30.0]}, index=DATES)


def bound(data=FRAME):
    return bind_rows(data, name="average_volume")


def test_the_row_of_the_bars_date_is_read_whatever_comes_later():
    rows = bound().of(["B", "A"])
    assert rows.at(Bar(time=datetime(2024, 1, 3))).tolist() == [20.0, 2.0]
    assert bound(FRAME.iloc[:2]).of(["B", "A"]).at(Bar(time=datetime(2024, 1, 3), row=1)).tolist() == [20.0, 2.0]
    np.testing.assert_array_equal(rows.at(Bar(time=datetime(2024, 1, 4))), [30.0, np.nan])


@pytest.mark.parametrize(
    "time", [datetime(2024, 1, 3), date(2024, 1, 3), np.datetime64("2024-01-03"), pd.Timestamp("2024-01-03")]
)
def test_a_time_of_any_kind_is_found(time):
    assert bound().at(Bar(time=time)).tolist() == [2.0, 20.0]


def test_a_zone_is_an_instant():
    zoned = bound(FRAME.tz_localize("America/New_York"))
    assert zoned.at(Bar(time=datetime(2024, 1, 3, 5, tzinfo=UTC))).tolist() == [2.0, 20.0]
    with pytest.raises(InvalidInputError, match="average_volume must have a zone on its dates where bars have one"):
        zoned.at(Bar(time=datetime(2024, 1, 3)))


@pytest.mark.parametrize("data", [FRAME.to_numpy(), FRAME.reset_index(drop=True)])
def test_without_dates_the_number_of_the_bar_counts(data):
    rows = bound(data).of(["A", "B"])
    assert rows.at(Bar(row=1)).tolist() == [2.0, 20.0]
    assert rows.at(Bar(row=1, time=datetime(2024, 1, 9))).tolist() == [2.0, 20.0]
    with pytest.raises(InvalidInputError, match="must have a row for each bar, got 3 and bar number 3"):
        rows.at(Bar(row=3))
    with pytest.raises(InvalidInputError, match="must have dates where bars have no number, got none at 2024-01-09"):
        rows.at(Bar(time=datetime(2024, 1, 9)))


@pytest.mark.parametrize("data", [FRAME, FRAME.to_numpy()])
def test_before_the_first_bar_nothing_is_known(data):
    assert np.isnan(bound(data).at(Bar())).all()


def test_polars_and_one_series_are_read():
    frame = pl.from_pandas(FRAME.reset_index(names="date"))
    assert bound(frame).of(["B"]).at(Bar(time=datetime(2024, 1, 2))).tolist() == [10.0]
    assert bound(FRAME["B"]).of(["B"]).at(Bar(time=datetime(2024, 1, 2))).tolist() == [10.0]


def test_a_date_that_has_no_row_is_no_guess():
    with pytest.raises(
        InvalidInputError,
        match=r"average_volume must have a row for the date of each bar, got none at 2024-01-05\. Rows with nan where "
        r"nothing is known are average_volume\.reindex\(prices\.index\)",
    ):
        bound().at(Bar(time=datetime(2024, 1, 5)))
    with pytest.raises(InvalidInputError, match="must have no dates where bars have none, got the bar number 2"):
        bound().at(Bar(row=2))


def test_columns_go_by_name_or_an_array_has_all_of_them():
    with pytest.raises(InvalidInputError, match="average_volume must have the columns of the account, but 'C' has"):
        bound().of(["A", "C"])
    with pytest.raises(InvalidInputError, match="average_volume must have the columns of the account, but 'A' has"):
        bound(FRAME.to_numpy()).of(["A"])
    assert bound(FRAME.to_numpy()).of(["1"]).at(Bar(row=0)).tolist() == [10.0]


def test_infinities_and_dates_in_disorder_are_refused():
    with pytest.raises(InvalidInputError, match="average_volume"):
        bound(FRAME.replace(30.0, np.inf))
    with pytest.raises(InvalidInputError, match="average_volume must be in the order of its dates"):
        bound(FRAME.iloc[::-1])
