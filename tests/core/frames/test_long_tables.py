"""A row for each date and asset: refused with the call of `pivot` that, executed, makes columns of assets."""

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.core._panel import as_panel

DAYS = pd.bdate_range("2024-01-01", periods=5, name="date")
WIDE = pd.DataFrame(
    {"AAPL": [0.01, -0.02, 0.005, 0.0, 0.02], "MSFT": [0.02, 0.01, -0.01, 0.003, -0.01]}, index=DAYS
).rename_axis(columns="ticker")
LONG = WIDE.stack().rename("close").reset_index()


def executed(data):
    with pytest.raises(InvalidInputError) as caught:
        as_panel(data)
    line = re.search(r"Convert it with (?:returns = )?(returns.*)\.$", str(caught.value))[1]
    return eval(line, {"returns": data, "pd": pd, "pl": pl})


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("name", ["date", "trade date", 0])
def test_dates_and_assets_in_columns_become_index_and_columns(as_text, name):
    given = LONG.assign(date=LONG["date"].astype(str)) if as_text else LONG
    made = executed(given.rename(columns={"date": name}))
    if name == 0 and as_text:  # two steps: the index first, then the assets
        made = executed(made)
    assert (as_panel(made).values == WIDE.to_numpy()).all()
    assert (as_panel(made).dates == DAYS.to_numpy()).all()


def test_assets_in_a_column_beside_dates_as_the_index_become_columns():
    assert (as_panel(executed(LONG.set_index("date"))).values == WIDE.to_numpy()).all()


def test_the_close_is_taken_of_bars_of_many_assets():
    bars = LONG.assign(open=1.0, high=2.0, volume=1e6)[["date", "ticker", "open", "high", "close", "volume"]]
    assert (as_panel(executed(bars)).values == WIDE.to_numpy()).all()


def test_a_long_table_of_polars_becomes_columns():
    given = pl.DataFrame(
        {"date": LONG["date"].to_numpy(), "ticker": LONG["ticker"].tolist(), "close": LONG["close"].to_numpy()}
    )
    assert (as_panel(executed(given)).values == WIDE.to_numpy()).all()


def test_a_few_dates_that_are_twice_are_no_long_table():
    days = DAYS.append(pd.bdate_range("2024-02-01", periods=10)).insert(3, DAYS[2])
    data = pd.DataFrame({"note": "x", "A": np.resize([0.01, -0.02], 16)}, index=days)
    with pytest.raises(InvalidInputError, match=r"one row for each date, got 2024-01-03 twice"):
        as_panel(data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (
            pd.DataFrame({"Datum;Fonds": ["03.01.2022;1", "04.01.2022;2"]}),
            r"riskresearch\.read\(path\) finds the separator",
        ),
        (
            pd.DataFrame({"Price": ["Ticker", "Date", "2024-01-01"], "Close": ["AAPL", None, "1.5"]}),
            r"riskresearch\.read",
        ),
        (
            pd.DataFrame({"Close": [1.0] * 12}, index=["Ticker", "Date", *DAYS.astype(str), *DAYS.astype(str)]),
            r"'Ticker' on row 0 is no date: leave the row out\. riskresearch\.read\(path\)",
        ),
    ],
)
def test_a_file_that_was_not_read_right_is_sent_to_the_reader(data, text):
    with pytest.raises(InvalidInputError, match=text):
        as_panel(data)
