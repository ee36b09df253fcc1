"""The words of headers: what a name says about its column, in the spellings of vendors."""

import pytest

from riskresearch.files._vocabulary import plain, role_of, roles_of, split_field

ROLES = {
    "adjusted": [
        "Adj Close",
        "adj_close",
        "Adj. Close",
        "Adjusted Close",
        "5. adjusted close",
        "adjClose",
        "Adj Close**",
    ],
    "close": [
        "Close",
        "CLOSE",
        "<CLOSE>",
        "Close*",
        "Close/Last",
        "4. close",
        "Last",
        "PX_LAST",
        "Price",
        "Schlusskurs",
        "Schluss",
        "Kurs",
        "Zamknięcie",
        "Zamkniecie",
        "Clôture",
        "Dernier",
        "Último",
        "Cierre",
        "Chiusura",
        "Stängning",
        "Settle",
        "Close Price",
        "Close (USD)",
    ],
    "open": ["Open", "<OPEN>", "1. open", "Eröffnung", "Ouverture", "Apertura", "Otwarcie"],
    "high": ["High", "2. high", "Hoch", "Najwyższy"],
    "low": ["Low", "3. low", "Tief", "Najniższy"],
    "volume": [
        "Volume",
        "Vol.",
        "<VOL>",
        "<TICKVOL>",
        "5. volume",
        "Volume USD",
        "Volumen",
        "Umsatz",
        "Wolumen",
        "market_cap",
        "total_volume",
        "Open Interest",
        "Number of Trades",
        "Turnover",
    ],
    "beside": [
        "Change %",
        "Chg %",
        "Change",
        "Dividends",
        "Stock Splits",
        "VWAP",
        "RSI",
        "SMA_20",
        "Drawdown",
        "Exposure",
    ],
    "equity": ["Equity", "NAV", "Portfolio Value", "net_liquidation", "Balance", "NAV (EUR)"],
    "return": ["Return", "returns", "Daily Return", "strategy_returns", "Return (%)", "PnL", "P&L", "log_ret"],
    "part of a date": ["Year", "Month", "weekday"],
    "": ["AAPL", "Fund", "SPY", "S&P 500", "Acme Growth", "MSFT US Equity", "Mkt-RF", "BTC-EUR", ""],
}


@pytest.mark.parametrize(("role", "name"), [(role, name) for role, names in ROLES.items() for name in names])
def test_a_name_says_what_its_column_holds(role, name):
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("AAPL_Close", ("AAPL", "Close")),
        ("Adj Close AAPL", ("AAPL", "Adj Close")),
        ("('Close', 'AAPL')", ("AAPL", "Close")),
        ("BRK.B.Open", ("BRK.B", "Open")),
        ("Close_BRK-B", ("BRK-B", "Close")),
        ("AAPL.Adjusted", ("AAPL", "Adjusted")),
        ("AAPL US Equity PX_LAST", ("AAPL US Equity", "PX_LAST")),
        ("AAPL|volume", ("AAPL", "volume")),
        ("SPY", None),
        ("Acme Fund", None),
        ("my strategy", None),
    ],
)
def test_a_name_of_an_instrument_and_a_field_is_split(name, found):
    assert split_field(name) == found


def test_single_letters_are_fields_only_together():
    assert roles_of(["o", "h", "l", "c", "v"]) == ("open", "high", "low", "close", "volume")
    assert roles_of(["C", "V", "O"]) == ("", "", "")  # Citigroup, Visa, Realty Income


def test_accents_case_and_punctuation_do_not_count():
    assert plain(" Zamknięcie ") == "zamkniecie"
    assert plain("Change %") == plain("change_pct") == "changepct"
    assert plain("1. Open") == "open"
