"""Closed trades of a history: on which bar each closes, what is refused, and that the future changes nothing."""

from datetime import timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch import backtest_breakers, check_no_lookahead
from riskresearch.backtest import sweep_breakers
from riskresearch.backtest.breakers._bars import read_bars
from riskresearch.breakers import ClosedTradesBreaker, CustomBreaker
from riskresearch.core import ConventionWarning, InvalidInputError

DAYS = pd.bdate_range("2024-03-04", periods=20)
HOURS = pd.date_range("2024-03-04 09:00", periods=20, freq="h")
FLAT = np.resize([0.001, -0.001], 20)
RULE = ClosedTradesBreaker(2, window=5, cooldown=3)


def trades(times, profits=-0.01, **columns):
    return pd.DataFrame({"time": times, "profit": profits, **columns})


def closes_on(index, times):
    """Return the number of the bar on which each trade closes."""
    bars, _ = read_bars(pd.Series(FLAT, index=index), None, None, None, trades(times, np.arange(len(times)) - 99.0))
    column = bars.columns["closed_trades"]
    found = {trade.profit: row for row in range(len(index)) for trade in column.of_row(row)}
    return [found.get(place - 99.0) for place in range(len(times))]


# --- on which bar a trade closes


def test_within_a_day_it_is_the_first_bar_at_or_after_it():
    times = ["2024-03-04 09:00", "2024-03-04 09:00:01", "2024-03-04 10:00", "2024-03-05 03:59:59"]
    assert closes_on(HOURS, list(map(pd.Timestamp, times))) == [0, 1, 1, 19]


def test_bars_dated_by_day_hold_the_trades_of_their_day_and_of_the_days_off_before():
    # 4 March 2024 is a Monday, so 9 March is a Saturday, and the 11th is the sixth bar.
    times = ["2024-03-04", "2024-03-04 17:59", "2024-03-05 00:00:01", "2024-03-09 12:00", "2024-03-11 23:59"]
    assert closes_on(DAYS, list(map(pd.Timestamp, times))) == [0, 0, 1, 5, 5]


def test_a_day_is_that_of_the_clock_of_the_bars():
    # 02:00 UTC on the 6th is the evening of the 5th in New York. On 3 November, when clocks are set back, half past
    # eleven at night is 04:30 UTC of the 4th.
    index = DAYS.tz_localize("America/New_York")
    times = pd.to_datetime(["2024-03-06 02:00", "2024-03-06 12:00", "2024-03-05 05:00"], utc=True)
    assert closes_on(index, times) == [1, 2, 1]
    autumn = pd.date_range("2024-11-01", periods=20, tz="America/New_York")
    assert closes_on(autumn, pd.to_datetime(["2024-11-04 04:30", "2024-11-04 05:00"], utc=True)) == [2, 3]


def test_trades_of_one_bar_keep_their_order_whatever_that_of_the_table():
    table = trades(HOURS[[5, 2, 2]], [1.0, 2.0, 3.0], asset=["A", None, "C"], side=["Long", "short", None])
    bars, _ = read_bars(pd.Series(FLAT, index=HOURS), None, None, None, table)
    column = bars.columns["closed_trades"]
    assert [tuple(trade) for trade in column.of_row(2)] == [(2.0, "", "short"), (3.0, "C", "")]
    assert [tuple(trade) for trade in column.of_row(5)] == [(1.0, "A", "long")]
    assert column.of_row(0) == ()


def test_the_index_may_hold_the_times_and_undated_bars_are_counted():
    indexed = trades(DAYS[[3, 4]]).set_index("time")
    dated = backtest_breakers(pd.Series(FLAT, index=DAYS), RULE, trades=indexed, rng=1)
    counted = backtest_breakers(FLAT, RULE, trades=trades([3, 4]), rng=1)
    assert dated.path.exposure.tolist() == counted.path.exposure.tolist()
    assert np.flatnonzero(counted.path.exposure == 0.0).tolist() == [5, 6, 7]  # what closes at t acts from t + 1


def test_profits_by_time_and_tables_of_polars_are_read_alike():
    table = trades(DAYS[[3, 4, 9]], [-0.01, -0.02, 0.03], side=["long", None, "short"])
    returns = pd.Series(FLAT, index=DAYS)
    ways = [table, table.set_index("time")["profit"], pl.from_pandas(table), table.assign(time=table["time"].dt.date)]
    found = [backtest_breakers(returns, RULE, trades=way, draws=9).path.exposure.tolist() for way in ways]
    assert found == [found[0]] * 4
    assert 0.0 in found[0]


def test_no_trades_trip_nothing():
    assert not backtest_breakers(pd.Series(FLAT, index=DAYS), RULE, trades=trades([]), rng=1).events


def test_of_several_ticks_a_bar_they_close_on_the_last_and_windows_are_of_bars():
    bars = pd.DataFrame({name: np.full(20, 100.0) for name in ("open", "high", "low", "close")}, index=DAYS)
    rule = ClosedTradesBreaker(2, window=2, cooldown=3)
    for gap, halted in ((1, True), (2, False)):
        found = backtest_breakers(
            None, rule, prices=bars, intrabar="low_first", trades=trades(DAYS[[3, 3 + gap]]), rng=1
        )
        assert bool(found.events) == halted
        assert not halted or found.events[0].time == DAYS[4]


def test_a_users_step_is_shown_the_trades():
    def losses(state, bar):
        return state + sum(trade.profit < 0.0 for trade in bar.closed_trades), state

    rule = CustomBreaker(2, step=losses, initial=0)
    found = backtest_breakers(pd.Series(FLAT, index=DAYS), rule, trades=trades(DAYS[[3, 4]]), rng=1)
    assert found.numbers[0, :7].tolist() == [0, 0, 0, 0, 1, 2, 2]


# --- the same in a sweep, and without the future


def test_a_sweep_has_the_accounts_of_its_sets():
    returns = pd.Series(
        np.random.default_rng(3).normal(0.0, 0.01, 300), index=pd.bdate_range("2020-01-01", periods=300)
    )
    table = trades(returns.index[::3], returns.to_numpy()[::3], side="long", asset="A")
    grid = {
        "limit": [1, 2],
        "window": [4, timedelta(days=9)],
        "cooldown": [1, 5],
        "measure": ["trades", "losing_trades"],
    }
    swept = sweep_breakers(returns, ClosedTradesBreaker, grid, trades=table, selection=False, rng=1)
    for row, point in swept.trials.iterrows():
        alone = backtest_breakers(
            returns, ClosedTradesBreaker(**{name: point[name] for name in grid}), trades=table, draws=1, rng=1
        )
        assert swept.trials["final_equity"][row] == alone.path.equity_path[-1]
        assert swept.trials["trips"][row] == alone.statistics()["trips"]


def test_a_trade_that_closes_later_changes_nothing_before():
    table = trades(DAYS, np.resize([-0.01, 0.02, -0.03], 20))

    def exposure(returns):
        kept = table[table["time"] <= returns.index[-1]]
        return backtest_breakers(returns, RULE, trades=kept, draws=1, rng=1).exposure

    assert check_no_lookahead(pd.Series(FLAT, index=DAYS), exposure, rng=1, raise_on_failure=True).bitwise


# --- refusals


def test_trades_outside_the_bars_are_left_out_and_told():
    table = trades(pd.to_datetime(["2023-01-01", "2024-03-05", "2030-01-01"]))
    with pytest.warns(ConventionWarning, match="trades has 2 of 3 rows that closed before the first bar or after"):
        backtest_breakers(pd.Series(FLAT, index=DAYS), RULE, trades=table, rng=1)


DATED = pd.Series(FLAT, index=DAYS)
ZONED = pd.Series(FLAT, index=DAYS.tz_localize("UTC"))


@pytest.mark.parametrize(
    ("returns", "given", "match"),
    [
        (DATED, None, "trades must be given for 'CLOSED_TRADES': a DataFrame with a row for each closed trade"),
        (DATED, [-0.01], "trades must be a DataFrame with a row for each closed trade, with 'profit' and 'time'"),
        (DATED, pd.DataFrame({"time": DAYS[:1], "pnl": 1.0}), r"got the columns \['time', 'pnl'\]. Name them with"),
        (DATED, trades(DAYS[:1], ["x"]), r"trades\['profit'\] must hold numbers"),
        (DATED, trades(DAYS[:2], [1.0, np.nan]), r"trades: closed_trades\[1\].profit must be finite"),
        (DATED, trades(DAYS[:1], side="buy"), r"trades: closed_trades\[0\].side must be 'long' or 'short'"),
        (DATED, trades(["soon"]), "trades must have dates as 'time', got 'soon' on the first row"),
        (DATED, trades([3]), "trades must have dates as 'time' beside bars with dates, got 3"),
        (DATED, trades([DAYS[0], pd.NaT]), "trades must have a time on each row, got none on row 1"),
        (DATED, trades(ZONED.index[:1]), "got times with a zone beside bars without one"),
        (ZONED, trades(DAYS[:1]), "got times without a zone beside bars with one"),
        (FLAT, trades(DAYS[:1]), "trades must have the number of the bar as 'time' beside bars without dates, 0 to 19"),
    ],
)
def test_what_cannot_be_is_refused(returns, given, match):
    with pytest.raises(InvalidInputError, match=match):
        backtest_breakers(returns, RULE, trades=given, draws=9)


def test_over_returns_neither_assets_nor_sides_are_known_and_with_weights_trades_are_the_accounts():
    for scope in ("asset", "side"):
        rule = ClosedTradesBreaker(2, scope=scope)
        with pytest.raises(InvalidInputError, match=f"breakers of scope '{scope}' .* need weights and prices"):
            backtest_breakers(DATED, rule, trades=trades(DAYS[:1]), draws=9)
    prices = pd.DataFrame({"A": np.full(20, 100.0)}, index=DAYS)
    with pytest.raises(InvalidInputError, match="with weights they are those of the account"):
        backtest_breakers(None, RULE, prices=prices, weights=prices * 0.0, trades=trades(DAYS[:1]), draws=9)
