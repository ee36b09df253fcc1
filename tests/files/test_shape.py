"""What a table is: which columns are assets, and the refusals where names leave it open."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.files._columns import describe_columns, find_dates
from riskresearch.files._grid import Grid
from riskresearch.files._shape import decide_shape

DAYS = pd.bdate_range("2024-01-01", periods=8)
NUMBERS = np.linspace(100.0, 107.0, 8)


def grid_of(*headers: str, texts: dict[str, list[str]] | None = None, dates: pd.DatetimeIndex = DAYS) -> Grid:
    """Return a grid whose first column is dates; others hold numbers, or the given text."""
    rows = [header.split(",") for header in headers]
    names = rows[0]
    columns = [dates, *(np.array((texts or {}).get(name, NUMBERS[: len(dates)]), dtype=object if name in (texts or {})
               else float) for name in names[1:])]  # fmt: skip
    return Grid("table.csv", tuple(map(tuple, rows)), tuple(columns), np.arange(2, 2 + len(dates)))


def shape_of(*headers: str, texts=None, dates=DAYS, **options):
    grid = grid_of(*headers, texts=texts, dates=dates)
    columns = describe_columns(grid)
    found, _ = find_dates(columns, grid)
    beside = [column for column in columns if column is not found]
    return decide_shape(grid, beside, dates=dates.asi8, **options)


ASSETS = {
    "date,AAPL,MSFT,SPY": ("wide", ["AAPL", "MSFT", "SPY"]),
    "date,FUND": ("wide", ["FUND"]),
    "date,LOW,OPEN,SPY": ("wide", ["LOW", "OPEN", "SPY"]),
    "date,AAPL,MSFT,CASH": ("wide", ["AAPL", "MSFT", "CASH"]),
    "date,C,V,O": ("wide", ["C", "V", "O"]),
    "Date,Open,High,Low,Close,Volume": ("bars", ["Close"]),
    "Date,o,h,l,c,v": ("bars", ["c"]),
    "Date,Open,High,Low,Close,Adj Close,Volume": ("bars", ["Adj Close"]),
    "Date,Close/Last,Volume,Open,High,Low": ("bars", ["Close/Last"]),
    "Date,Price,Open,High,Low,Vol.,Change %": ("bars", ["Price"]),
    "Date,Open,High,Low,Close,SMA_20,my signal": ("bars", ["Close"]),
    "snapped_at,price,market_cap,total_volume": ("bars", ["price"]),
    "date,AAPL,volume": ("bars", ["AAPL"]),
    "date,close,volume,dividends,stock splits": ("bars", ["close"]),
    "Date,Schluss,Hoch,Tief": ("bars", ["Schluss"]),
    "Date,Equity,DrawdownPct,DrawdownDuration": ("equity", ["Equity"]),
    "date,nav,returns,drawdown": ("equity", ["nav"]),
    "date,return,drawdown": ("equity", ["return"]),
    "date,Fund,drawdown": ("equity", ["Fund"]),
    "date,equity,benchmark": ("wide", ["equity", "benchmark"]),
    "date,strategy,benchmark": ("wide", ["strategy", "benchmark"]),
    "date,AAPL_Close,AAPL_Volume,MSFT_Close,MSFT_Volume": ("bars", ["AAPL_Close", "MSFT_Close"]),
    "date,AAPL.Open,AAPL.Close,AAPL.Adjusted,AAPL.Volume": ("bars", ["AAPL.Adjusted"]),
    "date,AAPL Adj Close,MSFT Adj Close": ("wide", ["AAPL Adj Close", "MSFT Adj Close"]),
    "date,year,month,AAPL,MSFT": ("wide", ["AAPL", "MSFT"]),
}


@pytest.mark.parametrize("header", ASSETS)
def test_the_assets_of_a_table_show_in_its_header(header):
    found = shape_of(header)
    assert (found.shape, [column.name for column in found.values]) == ASSETS[header]


@pytest.mark.parametrize(
    "headers",
    [
        ("Price,Close,Close,Volume,Volume", "Ticker,AAA,BBB,AAA,BBB"),
        ("Ticker,AAA,AAA,BBB,BBB", "Price,Close,Volume,Close,Volume"),
        ("Ticker,AAA,,BBB,", "Price,Close,Volume,Close,Volume"),
        ("Price,Adj Close,Adj Close,Close,Close", "Ticker,AAA,BBB,AAA,BBB"),
    ],
    ids=["fields first", "tickers first", "merged cells", "adjusted"],
)
def test_two_header_rows_name_tickers_and_fields(headers):
    found = shape_of(*headers)
    assert found.names == ("AAA", "BBB")
    assert {column.role for column in found.values} <= {"close", "adjusted"}
    assert len({column.role for column in found.values}) == 1


def test_volume_is_never_an_asset():
    for header in ASSETS:
        assert not any(column.role == "volume" for column in shape_of(header).values)
    with pytest.raises(InvalidInputError, match="no column of prices or returns: 'volume' is a volume"):
        shape_of("date,volume")


@pytest.mark.parametrize(
    "header",
    [
        "date,close,SPY",
        "date,Open,High,Low",
        "date,equity,SPY",
        "date,bid,ask",
        "date,AAPL,MSFT,volume",
        "date,AAPL,MSFT,drawdown",
        "date,return,log_return,drawdown",
        "date,balance,nav,drawdown",
    ],
)
def test_names_that_leave_it_open_are_refused_with_the_option_that_chooses(header):
    with pytest.raises(InvalidInputError, match=r"more than one way: .*Choose .*\(--columns .*\(--drop NAME\)"):
        shape_of(header)
    name = header.split(",")[1]
    assert [column.name for column in shape_of(header, wanted=[name]).values] == [name]


def test_stated_columns_are_the_assets_whatever_their_names_say():
    assert shape_of("Date,Open,High,Low,Close,Volume", wanted=["Open"]).names == ("Open",)
    assert shape_of("Date,Open,Close", shape="wide").names == ("Open", "Close")
    with pytest.raises(InvalidInputError, match=r"must name columns of table\.csv, got 'clse'\. Did you mean 'close'"):
        shape_of("date,close,open", wanted=["clse"])
    with pytest.raises(InvalidInputError, match=r"was given as equity, but .* read as bars"):
        shape_of("Date,Open,High,Low,Close", shape="equity")


TWICE = DAYS[[0, 0, 1, 1, 2, 2, 3, 3]]
TICKERS = ["AAA", "BBB"] * 4


def test_rows_by_date_and_ticker_are_a_long_table():
    found = shape_of("date,ticker,close", texts={"ticker": TICKERS}, dates=TWICE)
    assert (found.shape, found.key.name, found.values[0].name) == ("long", "ticker", "close")
    found = shape_of("date,anything,value,volume", texts={"anything": TICKERS}, dates=TWICE)
    assert (found.key.name, found.values[0].name) == ("anything", "value")
    found = shape_of("date,ticker,open,high,low,close,volume", texts={"ticker": TICKERS}, dates=TWICE)
    assert found.values[0].name == "close"
    sectors = ["tech", "tech"] * 4
    found = shape_of("date,sector,ticker,ret", texts={"ticker": TICKERS, "sector": sectors}, dates=TWICE)
    assert found.key.name == "ticker"


def test_a_long_table_of_several_values_is_refused_unless_one_is_chosen():
    texts = {"ticker": TICKERS}
    with pytest.raises(InvalidInputError, match=r"several columns of values: one, two. Choose one with columns='one'"):
        shape_of("date,ticker,one,two", texts=texts, dates=TWICE)
    assert shape_of("date,ticker,one,two", texts=texts, dates=TWICE, wanted=["two"]).values[0].name == "two"


def test_a_long_table_of_fields_has_two_keys():
    quarters = DAYS[[0, 0, 0, 0, 1, 1, 1, 1]]
    texts = {"ticker": TICKERS, "field": ["Open", "Open", "Close", "Close"] * 2}
    found = shape_of("date,ticker,field,value", texts=texts, dates=quarters)
    assert (found.key.name, found.field_key.name) == ("ticker", "field")


@pytest.mark.parametrize(
    ("header", "shape"),
    [
        ("time,symbol,side,quantity,price,commission", "fills"),
        ("Date/Time,Symbol,Quantity,T. Price,Proceeds,Comm/Fee", "fills"),
        ("date,ticker,action,shares,price", "fills"),
        ("date,symbol,quantity,market value", "positions"),
        ("date,ticker,shares,cost basis", "positions"),
    ],
)
def test_ledgers_are_recognised_for_post_trade_analysis(header, shape):
    texts = {name: ["BUY", "SELL"] * 4 if name in ("side", "action") else TICKERS for name in
             ("side", "action", "symbol", "Symbol", "ticker")}  # fmt: skip
    assert shape_of(header, texts=texts).shape == shape


def test_text_beside_numbers_is_left_out_and_named():
    found = shape_of("date,AAA,remark", texts={"remark": ["", "", "half day", "", "", "", "", ""]})
    assert found.left_out == (("remark", "text"),)
    found = shape_of("date,symbol,close", texts={"symbol": ["AAA"] * 8})
    assert found.names == ("AAA",)
    with pytest.raises(InvalidInputError, match="no column of numbers beside its dates, but text in remark"):
        shape_of("date,remark", texts={"remark": ["so"] * 8})


def test_the_column_of_dates_is_found_by_name_before_place():
    grid = Grid(
        "t.csv", (("symbol", "close_time", "date"),),
        (np.array(["A"] * 8, dtype=object), DAYS, DAYS), np.arange(2, 10),
    )  # fmt: skip
    found, _ = find_dates(describe_columns(grid), grid)
    assert found.name == "date"
