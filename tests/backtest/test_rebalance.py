"""Trading once in each calendar period: by hand, by pandas, without look-ahead, and the same in sizers and streams."""

import dataclasses
import datetime as dt
import functools

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.backtest import check_no_lookahead, simulate
from riskresearch.core import Decision, InvalidInputError
from riskresearch.datasets import load
from riskresearch.sizing import (
    ATRSizer,
    FixedFractionSizer,
    InverseVolatilitySizer,
    KellyPositionSizer,
    MinimumCVaRSizer,
    RiskParitySizer,
    VaRPositionSizer,
    VolatilityPositionSizer,
)
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size
from tests.sizing.cases import signals_like

pytestmark = pytest.mark.filterwarnings("ignore:.* has gaps in its dates")  # the dates here have holes on purpose

FREQUENCIES = {"week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
each_period = pytest.mark.parametrize("period", FREQUENCIES)


def market(rows=120, columns=2, seed=0, start="2023-11-20", freq="B"):
    """Return target weights and prices over dates, with some dates left out."""
    dates = pd.date_range(start, periods=rows + rows // 8, freq=freq)
    keep = np.sort(np.random.default_rng(seed).choice(len(dates), rows, replace=False))
    names = [f"S{number}" for number in range(columns)]
    prices = pd.DataFrame(50.0 * np.cumprod(1.0 + fat_tailed(rows, columns, seed), axis=0), dates[keep], names)
    weights = pd.DataFrame(signals_like(prices.to_numpy(), seed) / columns, dates[keep], names)
    weights.iloc[0] = 0.4
    return weights, prices


def by_pandas(weights, prices, period, lag=1):
    """Return the equity of an account by pandas: periods by `to_period`, trades at closes, no costs."""
    number = weights.index.to_period(FREQUENCIES[period])
    last = weights.groupby(number).tail(1)
    last = last.iloc[:-1] if last.index[-1] == weights.index[-1] else last  # nobody knows that it is the last
    decided = pd.concat([weights.iloc[[0]], last])
    decided = decided[~decided.index.duplicated()]
    places = {weights.index.get_loc(when) + lag: row for when, row in decided.iterrows()}
    cash, units, equity = 1.0, pd.Series(0.0, prices.columns), []
    for place, (_, row) in enumerate(prices.iterrows()):
        worth = cash + float(units @ row)
        if place in places:
            units = places[place] * worth / row
            cash = worth - float(units @ row)
        equity.append(cash + float(units @ row))
    return pd.Series(equity, prices.index)


# --- the account


def test_a_month_by_hand():
    """The first bar decides 50 %, bought at 10 on the second; the last of January decides 100 %, bought at 20.

    0.05 units and 0.5 in cash are worth 1.5 at 20, so 0.075 units are held from 1 February, worth 2.25 at 30.
    """
    dates = pd.to_datetime(["2024-01-29", "2024-01-30", "2024-01-31", "2024-02-01", "2024-02-02"])
    weights = pd.Series([0.5, 0.0, 1.0, 0.0, 0.0], dates)
    prices = pd.Series([10.0, 10.0, 15.0, 20.0, 30.0], dates)
    account = simulate(weights, prices, rebalance="month")
    assert account.units["portfolio" if "portfolio" in account.units else account.units.columns[0]].tolist() == [
        0.0, 0.05, 0.05, 0.075, 0.075,
    ]  # fmt: skip
    assert account.equity.tolist() == pytest.approx([1.0, 1.0, 1.25, 1.5, 2.25])
    assert (account.turnover > 0.0).tolist() == [False, True, False, True, False]


@each_period
@pytest.mark.parametrize("lag", [1, 2, 3])
@pytest.mark.parametrize("name", ["equities_adj_close", "btc_usd"])
def test_real_accounts_are_those_of_pandas(period, lag, name):
    prices = load(name)
    prices = prices.iloc[-900:, :5] if name == "equities_adj_close" else prices[["close"]].iloc[-900:]
    weights = riskresearch.simple_returns(prices).rolling(5).mean().fillna(0.0).reindex(prices.index).fillna(0.0) * 20.0
    weights.iloc[0] = 0.1
    account = simulate(weights, prices, rebalance=period, lag=lag)
    pd.testing.assert_series_equal(
        account.equity, by_pandas(weights, prices, period, lag), check_names=False, check_freq=False, rtol=1e-10
    )


@given(st.integers(0, 1000), st.sampled_from(sorted(FREQUENCIES)), st.sampled_from([1, 2]))
@examples(25)
def test_accounts_on_any_dates_are_those_of_pandas(seed, period, lag):
    weights, prices = market(seed=seed)
    account = simulate(weights, prices, rebalance=period, lag=lag)
    expected = by_pandas(weights, prices, period, lag)
    np.testing.assert_allclose(account.equity, expected, rtol=1e-10)


@each_period
@pytest.mark.parametrize("lag", [1, 2])
def test_it_knows_no_future(period, lag):
    weights, prices = market(rows=150)
    whole = simulate(weights, prices, rebalance=period, lag=lag)
    for rows in range(3, 150, 7):
        part = simulate(weights.iloc[:rows], prices.iloc[:rows], rebalance=period, lag=lag)
        assert part.equity.tolist() == whole.equity.iloc[:rows].tolist()


def test_other_prices_to_come_change_nothing_before():
    weights, prices = market(rows=150)

    def account(given_prices):
        return simulate(weights.loc[given_prices.index], given_prices, rebalance="month", lag=2)

    assert check_no_lookahead(prices, account, rng=1).passed


def test_it_trades_on_the_first_bar_of_each_new_month_and_at_first_only():
    weights, prices = market(rows=300)
    weights.iloc[:] = 0.3
    trades = simulate(weights, prices, rebalance="month").turnover
    number = prices.index.to_period("M")
    new = np.concatenate([[False], number[1:] != number[:-1]])
    new[1] = True
    assert ((trades > 0.0).to_numpy() == new).all()


def test_it_begins_with_the_first_target_that_is_not_zero():
    weights, prices = market(rows=60, start="2023-01-02")
    weights.iloc[:12] = 0.0
    weights.iloc[12:] = 0.5
    account = simulate(weights, prices, rebalance="year")
    assert (account.gross_exposure > 0.0).to_numpy().argmax() == 13
    other = weights.copy()
    other.iloc[13:] = 0.1
    assert simulate(other, prices, rebalance="year").equity.tolist() == account.equity.tolist()


def test_each_account_has_its_own_beginning():
    weights, prices = market(rows=60)
    weights.iloc[:, 0], weights.iloc[:, 1] = 0.5, 0.4
    weights.iloc[:10, 1] = 0.0
    both = simulate(weights, prices, rebalance="year", accounts="columns")
    for column in weights:
        alone = simulate(weights[[column]], prices[[column]], rebalance="year")
        assert both.equity[column].tolist() == alone.equity.tolist()


def test_weights_that_begin_later_than_prices_keep_the_calendar():
    weights, prices = market(rows=80)
    later = simulate(weights.iloc[7:], prices, rebalance="month")
    assert later.equity.iloc[7:].tolist() == pytest.approx(
        simulate(weights.iloc[7:], prices.iloc[7:], rebalance="month").equity.tolist(), rel=1e-12
    )


@pytest.mark.filterwarnings("ignore:lag=0 fills weights")
def test_without_a_lag_the_first_bar_of_a_period_trades_to_its_own_target():
    weights, prices = market(rows=80)
    shifted = weights.shift(1).fillna(0.0)
    ours = simulate(shifted, prices, rebalance="month", lag=0).equity
    assert ours.tolist() == pytest.approx(simulate(weights, prices, rebalance="month").equity.tolist(), rel=1e-12)


def test_weeks_begin_on_monday_and_days_are_those_of_the_datas_own_clock():
    """23:00 in New York on Sunday is Monday in UTC; the week of New York begins an hour later."""
    times = pd.date_range("2024-01-07 21:00", periods=6, freq="h", tz="America/New_York")
    prices, weights = pd.Series([10.0, 10, 10, 10, 20, 20], times), pd.Series([0.1, 0.1, 0.9, 0.2, 0.2, 0.2], times)
    traded = simulate(weights, prices, rebalance="week").turnover
    assert (traded > 0.0).tolist() == [False, True, False, True, False, False]
    in_utc = simulate(weights.tz_convert("UTC"), prices.tz_convert("UTC"), rebalance="week").turnover
    assert (in_utc > 0.0).tolist() == [False, True, False, False, False, False]


def test_polars_periods_and_gaps_of_months():
    weights, prices = market(rows=40, freq="20D")
    expected = simulate(weights, prices, rebalance="month").equity.to_numpy()
    frames = [pl.from_pandas(each.reset_index(names="date")) for each in (weights, prices)]
    assert np.asarray(simulate(*frames, rebalance="month").equity).ravel()[-1] == expected[-1]
    months = [each.set_axis(pd.period_range("2001-01", periods=40, freq="M")) for each in (weights, prices)]
    each_bar = simulate(*months)
    assert simulate(*months, rebalance="month").equity.tolist() == each_bar.equity.tolist()


def test_a_gate_does_not_wait_for_the_end_of_the_month():
    class Halt:
        def start(self, columns, *, capital):
            return self

        def update(self, bar):
            return Decision(multiplier=0.0 if 20 <= bar.row < 25 else 1.0)

    weights, prices = market(rows=60, start="2024-01-01")
    weights.iloc[:] = 0.3
    held = simulate(weights, prices, rebalance="year", gates=[Halt()]).gross_exposure
    assert (held.iloc[2:21] > 0.0).all()
    assert (held.iloc[21:26] == 0.0).all()
    assert (held.iloc[26:] > 0.5).all()
    free = simulate(weights, prices, rebalance="month").equity
    idle = type("Idle", (), {"start": lambda self, _, capital: self, "update": lambda self, _: Decision()})()
    assert simulate(weights, prices, rebalance="month", gates=[idle]).equity.tolist() == free.tolist()


def test_a_sweep_of_calendar_rebalancing_is_what_it_is_alone():
    _, prices = market(rows=300)
    found = riskresearch.sweep(
        prices, VolatilityPositionSizer, {"target": [0.05, 0.1]}, simulation={"rebalance": "month"}, draws=100,
        blocks=4, rng=1,
    )  # fmt: skip
    returns = riskresearch.simple_returns(prices)
    weights = VolatilityPositionSizer(**found.best).weights(returns).reindex(prices.index, fill_value=0.0)
    account = simulate(weights, prices, rebalance="month")
    np.testing.assert_array_equal(account.returns.iloc[1:], found.best_returns)


@of_any_size
@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: simulate([1.0, 1.0], [10.0, 11.0], rebalance="month"),
            "prices must have dates with rebalance='month', got rows without",
        ),
        (lambda: simulate([1.0], [10.0], rebalance="monthly"), "rebalance must be one of .*Did you mean 'month'"),
        (lambda: VolatilityPositionSizer(rebalance="day"), "rebalance must be one of 'week', 'month'"),
        (lambda: VolatilityPositionSizer(rebalance="month").weights([0.1]), "returns must have dates with rebalance"),
        (lambda: KellyPositionSizer(rebalance="month").weights(np.ones((9, 2))), "returns must have dates"),
        (lambda: KellyPositionSizer(rebalance="month", rebalance_every=5), "rebalance and rebalance_every must not"),
        (lambda: FixedFractionSizer(rebalance="week").start(1).update([0.1]), "time must be given with rebalance"),
        (
            lambda: FixedFractionSizer(rebalance="week").start(1).update({"returns": [0.1], "time": "x"}),
            "time must be a datetime",
        ),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


# --- sizers

SIZERS = (
    VolatilityPositionSizer(halflife=6.0),
    VaRPositionSizer(window=15),
    InverseVolatilitySizer(halflife=6.0),
    FixedFractionSizer(fraction=0.2),
)
WINDOWED = (
    KellyPositionSizer(window=30, rebalance_every=1, uncertainty="ignore"),
    RiskParitySizer(window=30, rebalance_every=1),
    MinimumCVaRSizer(window=30, rebalance_every=1),
)


def held_by_pandas(decided, period):
    """Return the decision of the last row of the period before, and at first that of the first row with one."""
    number = decided.index.to_period(FREQUENCIES[period])
    before = decided.groupby(number).last().shift(1).reindex(number).set_axis(decided.index)
    first = int((decided != 0.0).any(axis=1).to_numpy().argmax())
    before.iloc[:first] = 0.0
    own = number == number[first]
    before.loc[own & (np.arange(len(number)) >= first)] = decided.iloc[first].to_numpy()
    return before


@functools.cache
def decided_each_day(sizer):
    """Return some returns and what the sizer decides on each of their days."""
    returns = riskresearch.simple_returns(market(rows=160)[1])
    return returns, sizer.weights(returns)


@each_period
@pytest.mark.parametrize("sizer", [*SIZERS, *WINDOWED], ids=lambda each: type(each).__name__)
def test_sizers_hold_the_decision_of_the_last_row_of_each_period(sizer, period):
    returns, decided = decided_each_day(sizer)
    change = {"rebalance": period} | ({"rebalance_every": None} if sizer in WINDOWED else {})
    periodic = dataclasses.replace(sizer, **change)
    weights = periodic.weights(returns)
    expected = held_by_pandas(decided, period)
    pd.testing.assert_frame_equal(weights, expected, check_exact=True, check_freq=False, check_index_type=False)
    stream = periodic.start(list(returns.columns))
    for row, when in enumerate(returns.index):
        assert np.array_equal(stream.update({"returns": returns.iloc[row], "time": when}), weights.iloc[row])


@pytest.mark.parametrize("sizer", [*SIZERS, *WINDOWED], ids=lambda each: type(each).__name__)
def test_sizers_by_the_calendar_know_no_future(sizer):
    returns, _ = decided_each_day(sizer)
    change = {"rebalance": "month"} | ({"rebalance_every": None} if sizer in WINDOWED else {})
    # Solvers are slow, and the calendar is the same code for all sizers: fewer cuts show what theirs is.
    cuts = {"cuts": 6} if sizer in WINDOWED else {}
    assert check_no_lookahead(returns, dataclasses.replace(sizer, **change).weights, rng=1, **cuts).passed


def test_sizers_of_prices_do_so_too():
    _, prices = market(rows=120)
    bars = {"high": prices * 1.01, "low": prices * 0.99}
    weights = ATRSizer(window=5, rebalance="month").weights(prices, **bars)
    pd.testing.assert_frame_equal(
        weights, held_by_pandas(ATRSizer(window=5).weights(prices, **bars), "month"), check_exact=True
    )


def test_times_of_a_stream_are_compared_as_instants():
    """01:30 comes twice in New York on 3 November 2024; 10:01 there is later than 14:00 UTC."""
    new_york, utc = "America/New_York", dt.UTC
    stream = FixedFractionSizer(rebalance="week").start(1)
    stream.update({"returns": [0.0], "time": pd.Timestamp("2024-11-03 01:30-04:00").tz_convert(new_york)})
    stream.update({"returns": [0.0], "time": pd.Timestamp("2024-11-03 01:30-05:00").tz_convert(new_york)})
    stream.update({"returns": [0.0], "time": dt.datetime(2024, 11, 3, 14, tzinfo=utc)})
    stream.update({"returns": [0.0], "time": pd.Timestamp("2024-11-03 10:01", tz=new_york)})
    with pytest.raises(InvalidInputError, match="time must be later than that of the row before"):
        stream.update({"returns": [0.0], "time": pd.Timestamp("2024-11-03 15:00", tz="UTC")})
    with pytest.raises(InvalidInputError, match="time must have a time zone on all rows or on none"):
        stream.update({"returns": [0.0], "time": dt.datetime(2025, 1, 1)})
    assert repr(stream).endswith("rows=4)")


def test_the_account_says_when_it_trades():
    weights, prices = market(rows=30)
    assert "rebalanced after the last bar of each week" in simulate(weights, prices, rebalance="week").summary()
