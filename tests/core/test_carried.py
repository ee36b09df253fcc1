"""Values that were carried forward, over weekends, holidays or months, are zeros that no investment has."""

import warnings

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch.core import ConventionWarning

RNG = np.random.default_rng(0)
WEEKDAYS = pd.bdate_range("2018-01-01", "2021-12-31")
MOVES = pd.Series(RNG.normal(0.0, 0.01, len(WEEKDAYS)), index=WEEKDAYS)


def prices_on(dates, columns=1):
    frame = pd.DataFrame(100.0 * (1.0 + RNG.normal(0.0, 0.01, (len(dates), columns))).cumprod(axis=0), index=dates)
    return frame[0] if columns == 1 else frame.rename(columns=str)


def says(returns, text):
    with pytest.warns(ConventionWarning, match=text) as caught:
        riskresearch.value_at_risk(returns)
    assert [warning.filename for warning in caught] == [__file__]
    with pytest.warns(ConventionWarning, match=text):
        riskresearch.max_drawdown(returns)
    return str(caught[0].message)


def remedied(message, returns):
    """Return what the last sentence of the message makes of the returns."""
    code = message.rpartition(" = ")[2].removesuffix(".")
    return eval(code, {"returns": returns, "pd": pd})


@pytest.mark.parametrize(
    ("mask", "words", "days"),
    [("Mon Tue Wed Thu Fri", "Saturday and Sunday", "5, 6"), ("Sun Mon Tue Wed Thu", "Friday and Saturday", "4, 5")],
)
@pytest.mark.parametrize("columns", [1, 3])
def test_weekends_that_are_all_zero_are_told_with_both_years(mask, words, days, columns):
    sessions = pd.bdate_range("2022-01-02", periods=100, freq="C", weekmask=mask)
    returns = riskresearch.simple_returns(prices_on(sessions, columns).asfreq("D").ffill())
    text = says(
        returns,
        rf"^returns has prices carried over weekends: all weekend returns are zero \({words}, \d+ of \d+ rows\)\. With "
        r"them a year has 365 periods, without them 252, and the 95 % VaR is that of 93% of the other days\. Leave "
        rf"them out: returns = returns\[~returns\.index\.day_of_week\.isin\(\[{days}\]\)\]\.$",
    )
    left = remedied(text, returns)
    assert (left.index == sessions[1:]).all()
    riskresearch.value_at_risk(left)


@pytest.mark.parametrize(
    ("frequency", "unit", "periods"), [("BME", "month", 12), ("W-FRI", "week", 52), ("BQE", "quarter", 4)]
)
@pytest.mark.parametrize("days", ["B", "D"])
def test_stairs_of_weeks_and_months_are_told(frequency, unit, periods, days):
    slow = prices_on(pd.date_range("2018-01-05", periods=40, freq=frequency))
    returns = riskresearch.simple_returns(slow.asfreq(days).ffill())
    text = says(
        returns, rf"values of one row per {unit} carried over days: .* without them a year has {periods} periods"
    )
    assert remedied(text, returns).index.equals(slow.index[1:])


def closed_on(prices, *days):
    closed = pd.DatetimeIndex([f"{year}-{day}" for year in range(2018, 2022) for day in days])
    return prices.drop(prices.index.intersection(closed)).asfreq("B").ffill()


HOLIDAYS = ("12-25", "01-01", "07-04", "05-28", "09-03", "11-26")  # on 19 weekdays but the first row


def test_holidays_on_which_all_columns_are_zero_are_told():
    returns = riskresearch.simple_returns(closed_on(prices_on(WEEKDAYS, 4), *HOLIDAYS[2:], "03-06", "04-10"))
    count = int((returns == 0.0).all(axis=1).sum())
    text = says(returns, rf"holidays carried forward: all columns are exactly zero on {count} of 1,044 dates\. They")
    assert len(remedied(text, returns)) == 1044 - count


def test_holidays_of_one_series_are_told_by_christmas_and_new_year():
    returns = riskresearch.simple_returns(closed_on(prices_on(WEEKDAYS), *HOLIDAYS))
    text = says(
        returns, r"holidays carried forward: returns are exactly zero on \d+ of .* 25 December and 1 January among"
    )
    assert (remedied(text, returns) != 0.0).all()


COINS = pd.Series(RNG.normal(0.0, 0.03, 400), index=pd.date_range("2020-01-01", periods=400))


@pytest.mark.parametrize(
    "returns",
    [
        MOVES.where(RNG.random(len(MOVES)) > 0.08, 0.0),  # a share that does not trade each day
        MOVES.where(RNG.random(len(MOVES)) > 0.5, 0.0),
        MOVES.where((np.arange(len(MOVES)) // 100) % 2 == 0, 0.0),  # in and out of the market
        MOVES.where(RNG.random(len(MOVES)) < 0.05, 0.0),  # rare trades
        MOVES * 0.0,
        pd.DataFrame({"cash": MOVES * 0.0, "fund": MOVES}),
        pd.DataFrame(RNG.choice([0.0, 0.01, -0.01], (len(MOVES), 2)), index=WEEKDAYS),  # a grid of cents
        COINS.where(RNG.random(400) > 0.2, 0.0),
        COINS.where(COINS.index.day_of_week != 6, 0.0),  # Sundays only
        COINS[:15].where(COINS[:15].index.day_of_week < 5, 0.0),  # too few
        MOVES.reset_index(drop=True).where(np.arange(len(MOVES)) % 21 == 0, 0.0),  # without dates
    ],
)
def test_zeros_of_other_kinds_are_silent(returns):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        riskresearch.value_at_risk(returns)
        riskresearch.sharpe_ratio(returns)
    assert [str(warning.message) for warning in caught] == []
