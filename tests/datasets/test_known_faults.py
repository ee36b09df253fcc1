"""
The facts and faults that data/README.md states, each checked in the files.

Expected values are public record (dates and closes of 1987, 2008 and 2020, ratios of splits, dividends paid), or they
were counted in the raw files before the data were built; each test says which.
"""

import numpy as np
import pandas as pd
import pytest

from riskresearch import datasets


@pytest.fixture(scope="module")
def index():
    return datasets.load("index_sp500")


@pytest.fixture(scope="module")
def bars():
    return datasets.load("equities_ohlcv").set_index(["symbol", "date"])


@pytest.fixture(scope="module")
def account():
    return datasets.load("run_olmar_frictions_daily")


def test_black_monday(index):
    # Public record: the S&P 500 fell from 282.70 to 224.84 on 1987-10-19; 224.84 / 282.70 - 1 = -20.47 %.
    assert index.loc["1987-10-19", "close"] == 224.84
    assert index.loc["1987-10-16", "close"] == 282.70
    assert index["close"].pct_change(fill_method=None)["1987-10-19"] == pytest.approx(-0.2047, abs=5e-5)
    low = index.loc["1987-10-19", "low"] / 282.70 - 1
    assert low == pytest.approx(-0.205, abs=5e-4)


def test_the_open_of_black_monday_is_the_close_before(index):
    assert index.loc["1987-10-19", "open"] == 282.70
    assert index.loc["1987-10-19", "open_is_prev_close"]


def test_no_range_at_all_until_1961_and_on_single_days_to_1983(index):
    # Counted in the raw file: every day until 1961, none after 1983.
    assert index.loc[:"1961", "ohlc_is_close"].all()
    assert index.loc["1962":"1983", "ohlc_is_close"].mean() < 0.02
    assert not index.loc["1984":, "ohlc_is_close"].any()


@pytest.mark.parametrize(
    ("first", "last", "own_opens"),
    # Counted in the raw files, rounded to a percent.
    [(1962, 1981, 6), (1982, 1988, 45), (1989, 1999, 23), (2000, 2005, 4), (2006, 2007, 71), (2008, 2022, 95)],
)
def test_share_of_days_with_an_open_of_their_own(index, first, last, own_opens):
    period = index.loc[str(first) : str(last)].dropna(subset="open")
    assert round(100 * (1 - period["open_is_prev_close"].mean())) == own_opens


def test_flags_agree_with_the_prices(index):
    repeated = index["open"].eq(index["close"].shift())
    np.testing.assert_array_equal(index["open_is_prev_close"], repeated)
    flat = index["open"].eq(index["high"]) & index["high"].eq(index["low"]) & index["low"].eq(index["close"])
    np.testing.assert_array_equal(index["ohlc_is_close"], flat)


def test_bars_contain_their_open_and_close(index, bars):
    for frame in (index.dropna(subset="open"), bars, datasets.load("btc_usd"), datasets.load("spy_1min")):
        assert (frame["low"] <= frame[["open", "close"]].min(axis=1)).all()
        assert (frame["high"] >= frame[["open", "close"]].max(axis=1)).all()


def test_the_four_halts_of_march_2020_and_no_other_day(index):
    # Public record: market-wide halts on 9, 12, 16 and 18 March 2020. Falls: hand-checked from low and previous close.
    fall = (index["low"] / index["close"].shift() - 1)["2020"]
    hit = fall[fall <= -0.07]
    assert hit.index.strftime("%m-%d").tolist() == ["03-09", "03-12", "03-16", "03-18"]
    assert (100 * hit).round(1).tolist() == [-8.0, -9.6, -12.2, -9.8]


def test_the_same_rule_flags_eight_days_of_2008(index):
    # Counted in the raw file; nothing was halted on these days, for the rule then was another.
    fall = (index["low"] / index["close"].shift() - 1)["2008"]
    days = fall[fall <= -0.07].index.strftime("%m-%d").tolist()
    assert days == ["09-29", "10-06", "10-09", "10-10", "10-15", "10-22", "11-20", "12-01"]


def test_flash_crash_low(index):
    # Public record: the S&P 500 was down 8.6 % at the low of 2010-05-06.
    fall = index["low"] / index["close"].shift() - 1
    assert fall["2010-05-06"] == pytest.approx(-0.086, abs=5e-4)


def test_the_sources_of_the_index_follow_each_other(index):
    # The seams that data/README.md states.
    days = {name: index.index[index["source"] == name] for name in index["source"].unique()}
    assert [(name, f"{d[0]:%Y-%m-%d}", f"{d[-1]:%Y-%m-%d}") for name, d in days.items()] == [
        ("longest", "1950-01-03", "1999-12-31"),
        ("vega_sp500", "2000-01-03", "2020-04-17"),
        ("spx", "2020-04-20", "2022-03-10"),
        ("skfolio_index", "2022-03-11", "2022-12-28"),
    ]


def test_index_levels_are_hundredths(index):
    prices = index[["open", "high", "low", "close"]]
    pd.testing.assert_frame_equal(prices, prices.round(2))


def test_volume_changes_its_basis_on_2020_04_20(index):
    before = index.loc["2020-03-20":"2020-04-17", "volume"].median()
    after = index.loc["2020-04-20":"2020-05-20", "volume"].median()
    assert 0.3 < after / before < 0.6  # the raw files overlap in 2020: median ratio 0.56, and trading calmed down


def test_no_dell_bar_on_a_market_holiday(bars, index):
    dell = bars.loc["DELL"]
    assert pd.Timestamp("2011-11-24") not in dell.index  # Thanksgiving
    assert dell.index.isin(index.index).all()
    assert len(dell) == 2494 - 20  # counted in the raw file
    assert (bars["volume"] > 0).all()


def test_apple_volumes_are_shares_as_traded(bars):
    apple = bars.loc["AAPL", "volume"]
    # WIKI has 12,357,000 on 2005-01-03; the bundle's 172,998,000 is 14 times that: splits 2:1 (2005) and 7:1 (2014).
    assert apple["2005-01-03"] == 12_357_000
    # The bundle's 87,484,600 of 2014-06-06, one session before the 7:1 split, and its 75,415,000 of the split's day.
    assert apple["2014-06-06"] == 87_484_600 / 7
    assert apple["2014-06-09"] == 75_415_000
    # No step where WIKI ends and the bundle begins; it would be sevenfold.
    around = apple[:"2013-03-01"].tail(40).median(), apple["2013-03-04":].head(40).median()
    assert 0.5 < around[1] / around[0] < 2


def test_cerner_volume_is_scaled_by_its_three_later_splits(bars):
    # The bundle has 3,892,000 on 2004-01-02; three 2:1 splits follow.
    assert bars.loc[("CERN", "2004-01-02"), "volume"] * 8 == 3_892_000


def test_prices_are_whole_cents_except_where_dell_traded_in_fractions(bars):
    bundle = bars[bars["source"] == "bundle_ohlcv"]
    prices = bundle[["open", "high", "low", "close"]]
    fractions = (prices - prices.round(2)).abs().max(axis=1) > 1e-9
    assert set(fractions[fractions].index.get_level_values("symbol")) == {"DELL"}
    assert fractions.sum() < 320  # 308 rows counted in the raw file before the holidays were dropped


def test_suspicious_prints_are_left_in(bars):
    # Values of the raw files.
    assert bars.loc[("AMD", "2008-09-29"), ["open", "high", "low", "close"]].tolist() == [5.0, 6.0, 3.0, 4.29]
    assert bars.loc[("DELL", "2004-11-24"), "low"] == 34.31
    assert bars.loc[("MSFT", "2008-07-01"), "low"] == 23.19
    assert bars.loc[("MSFT", "2010-11-08"), "high"] == 27.05
    dell = bars.loc[("DELL", "2008-09-29")]
    assert (dell["close"], dell["high"], dell["low"]) == (16.94, 16.94, 15.41)
    other = datasets.load("run_olmar_frictionless_positions").set_index(["symbol", "session"])
    assert other.loc[("DELL", "2008-09-29"), "last_sale_price"] == dell["low"]


def test_splits_halve_the_price_and_are_all_there(bars):
    # Public record of the splits of Apple, Cerner and Microsoft in the years covered.
    actions = datasets.load("corporate_actions")
    splits = actions[actions["kind"] == "split"]
    assert [f"{s} {d:%Y-%m-%d}" for s, d in zip(splits["symbol"], splits["date"], strict=True)] == [
        "AAPL 2000-06-21",
        "AAPL 2005-02-28",
        "AAPL 2014-06-09",
        "CERN 2006-01-10",
        "CERN 2011-06-27",
        "CERN 2013-07-01",
        "MSFT 2003-02-18",
    ]
    for split in splits.itertuples():
        close = bars.loc[split.symbol, "close"]
        step = close.pct_change(fill_method=None)[split.date] + 1
        assert step == pytest.approx(split.value, rel=0.15)


def test_apple_dividends_are_those_paid():
    # Public record: 2.65 a share in August 2012, 3.29 in May 2014, 0.47 after the 7:1 split.
    actions = datasets.load("corporate_actions")
    paid = actions[(actions["symbol"] == "AAPL") & (actions["kind"] == "cash_dividend")].set_index("date")["value"]
    assert paid[["2012-08-09", "2014-05-08", "2014-08-07"]].tolist() == [2.65, 3.29, 0.47]


def test_selection_bias_of_the_twenty_stocks(index):
    # Means computed from the raw files with NumPy: daily, equal weights, times 252.
    returns = datasets.load("equities_adj_close").pct_change(fill_method=None)
    stocks = returns.mean(axis=1)
    market = index["close"].pct_change(fill_method=None)["1990-01-03":"2022-12-28"]
    assert 252 * stocks.mean() == pytest.approx(0.184, abs=5e-4)
    assert 252 * returns.drop(columns="RRC").mean(axis=1).mean() == pytest.approx(0.182, abs=5e-4)
    assert 252 * market.mean() == pytest.approx(0.088, abs=5e-4)


def test_rrc_begins_in_2001_and_nothing_else_is_missing():
    prices = datasets.load("equities_adj_close")
    missing = prices.isna()
    assert prices["RRC"].first_valid_index() == pd.Timestamp("2001-01-02")
    assert not prices.loc["2001":].isna().any(axis=None)
    assert not missing.drop(columns="RRC").any(axis=None)


def test_olmar_breaks_down_on_the_stated_days(account):
    # Dates and amounts read off the raw account.
    leverage, equity = account["gross_leverage"], account["portfolio_value"]
    assert leverage.index[leverage > 2][0] == pd.Timestamp("2005-06-15")
    assert equity.index[equity < 0][0] == pd.Timestamp("2005-09-07")
    assert equity["2004-01-02"] == 10_000_000
    assert equity["2005-06-15"] == pytest.approx(12.8e6, rel=0.005)
    assert equity.max() == equity["2006-02-16"] == pytest.approx(205e6, rel=0.005)
    assert equity.iloc[-1] == pytest.approx(-5.37e9, rel=0.005)


@pytest.mark.parametrize("run", ["frictions", "frictionless"])
def test_accounts_orders_fills_and_positions_agree(run):
    # Bookkeeping identities; they hold in the raw files to a millionth of a dollar.
    orders, fills, positions, daily = (
        datasets.load(f"run_olmar_{run}_{part}") for part in ("orders", "fills", "positions", "daily")
    )
    filled = fills.groupby("order_id")["amount"].sum().reindex(orders["order_id"], fill_value=0)
    np.testing.assert_array_equal(filled, orders["filled"])
    marked = (positions["amount"] * positions["last_sale_price"]).groupby(positions["session"]).sum()
    np.testing.assert_allclose(marked.reindex(daily.index, fill_value=0), daily["ending_value"], atol=0.01)
    cash = daily["starting_cash"] + daily["capital_used"]
    np.testing.assert_allclose(cash, daily["ending_cash"], rtol=0, atol=0.01)
    held = fills.pivot_table(index="session", columns="symbol", values="amount", aggfunc="sum", fill_value=0).cumsum()
    book = positions.pivot_table(index="session", columns="symbol", values="amount", aggfunc="sum", fill_value=0)
    pd.testing.assert_frame_equal(held.reindex(book.index, method="ffill"), book, check_dtype=False)


@pytest.mark.parametrize(("run", "longest"), [("frictions", 571), ("frictionless", 1)])
def test_fills_come_after_the_decision(run, longest):
    # Longest delays counted in the raw files.
    orders = datasets.load(f"run_olmar_{run}_orders").set_index("order_id")
    fills = datasets.load(f"run_olmar_{run}_fills")
    sessions = datasets.load(f"run_olmar_{run}_daily").index
    decided = orders["created"].dt.tz_localize(None).dt.normalize()
    delay = sessions.get_indexer(fills["session"]) - sessions.get_indexer(decided[fills["order_id"]])
    assert delay.min() == 1
    assert delay.max() == longest
    assert set(fills["dt"].dt.hour) == {17, 18, 20, 21}


def test_a_quarter_of_the_marks_is_a_tenth_of_a_cent_low(bars):
    marks = datasets.load("run_olmar_frictions_positions").set_index(["symbol", "session"])["last_sale_price"]
    gap = (marks - bars["close"].reindex(marks.index)).round(4)
    # Counted in the raw files: 1539 of 6180.
    assert gap.value_counts().to_dict() == {0.0: 4641, -0.001: 1539}


def test_cross_rate_and_broken_pegs():
    fx = datasets.load("fx_ecb")
    move = fx.pct_change(fill_method=None)
    # Public record: on 2015-01-15 the Swiss National Bank gave up 1.20 francs for a euro.
    assert move["CHF"].idxmin() == pd.Timestamp("2015-01-15")
    assert fx["RUB"].last_valid_index() == pd.Timestamp("2022-03-01")
    # Public record: one dollar was about 110 yen at the end of 2018.
    assert fx.loc["2018-12-31", "JPY"] / fx.loc["2018-12-31", "USD"] == pytest.approx(110, rel=0.005)


def test_units_are_fractions():
    # Kenneth French's table has 2.96 and 0.22 for July 1926; the Treasury's 10-year yield of 1990-01-02 was 7.94 %.
    factors = datasets.load("ff3_monthly")
    assert factors.loc["1926-07-31", ["mkt_rf", "rf"]].tolist() == [0.0296, 0.0022]
    assert (factors.index == factors.index + pd.offsets.MonthEnd(0)).all()
    assert datasets.load("treasury_curve").loc["1990-01-02", "10year"] == 0.0794


def test_bitcoin_trades_every_day_and_its_dates_look_early():
    bitcoin = datasets.load("btc_usd")
    assert (bitcoin.index == pd.date_range(bitcoin.index[0], bitcoin.index[-1], name="date")).all()
    # Public record: bitcoin lost over a third on 2020-03-12.
    assert bitcoin["close"].pct_change(fill_method=None).idxmin() == pd.Timestamp("2020-03-11")


def test_minutes_are_four_full_sessions():
    minutes = datasets.load("spy_1min")
    per_day = minutes.groupby(minutes.index.normalize()).size()
    assert per_day.tolist() == [391] * 4  # 09:30 to 16:00, both included
    assert set(minutes.index[[0, 390]].strftime("%H:%M")) == {"09:30", "16:00"}


def test_every_stock_has_a_sector():
    known = set(datasets.load("sectors")["symbol"])
    assert set(datasets.load("equities_adj_close").columns) <= known
    assert set(datasets.load("equities_ohlcv")["symbol"]) <= known
    assert set(datasets.load("run_olmar_frictions_fills")["symbol"]) <= known
