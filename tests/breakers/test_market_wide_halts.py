"""The exchange's rules as dated data: the halts that happened come out, and no others."""

from datetime import date, time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from riskresearch import breakers
from riskresearch.core._errors import InvalidInputError
from riskresearch.datasets import load


def rule(day):
    (found,) = breakers.market_wide_halt_rules(day)
    return found


def bars(rows, start="2020-03-05"):
    return pd.DataFrame(rows, pd.bdate_range(start, periods=len(rows)), columns=["low", "close"])


def test_each_day_since_october_1988_has_one_rule_and_none_before():
    assert breakers.market_wide_halt_rules(date(1987, 10, 19)) == ()
    assert breakers.market_wide_halt_rules(date(1988, 10, 19)) == ()
    for day in pd.date_range("1988-10-20", "2026-01-01", freq="7D"):
        assert len(breakers.market_wide_halt_rules(day.date())) == 1
    every = breakers.market_wide_halt_rules()
    for before, after in pairwise(every):
        assert pd.Timestamp(after.first) - pd.Timestamp(before.last) == pd.Timedelta("1D")
    assert all(found.source for found in every)


def test_history_has_the_five_days_on_which_trading_stopped_and_no_others():
    """27 October 1997 (NYSE testimony, Senate Banking Committee, 29 January 1998) and four days of March 2020."""
    halts = breakers.market_wide_halts(load("index_sp500"))
    days = [str(day.date()) for day in halts.to_frame().index.unique("day")]
    assert days == ["1997-10-27", "2020-03-09", "2020-03-12", "2020-03-16", "2020-03-18"]
    assert [halt.level for halt in halts.halts] == [1, 2, 1, 1, 1, 1]
    assert halts.bars == "daily"
    assert all(halt.at is None for halt in halts.halts)
    assert "Daily bars do not say at what time" in halts.summary()
    assert halts.halts[0].basis.startswith("S&P 500 in Dow points")
    assert halts.halts[-1].basis == "S&P 500"


def test_todays_rule_would_have_stopped_eight_days_of_2008_and_did_not():
    """data/README.md, trap 2; the rule then in force asked for 1,100 points of the Dow in the fourth quarter."""
    index = load("index_sp500")
    of_2008 = index.loc["2007-12":"2008"]
    assert breakers.market_wide_halts(of_2008).halts == ()
    moved = of_2008.set_axis(of_2008.index + pd.Timedelta(days=3653))
    found = breakers.market_wide_halts(moved).to_frame().index.unique("day")
    assert len(found) == 8


def test_the_day_of_1997_by_the_clock_and_the_dow():
    """350 points at 14:36, half an hour; 550 at 15:30, which ended the day (the same testimony)."""
    times = pd.to_datetime(["1997-10-24 16:00", "1997-10-27 14:35", "1997-10-27 14:36", "1997-10-27 15:30"])
    dow = pd.DataFrame({"low": [7700.0, 7400.0, 7365.41, 7165.41], "close": [7715.41, 7400.0, 7366.0, 7161.15]}, times)
    halts = breakers.market_wide_halts(load("index_sp500").loc["1997-10"], dow=dow).halts
    assert [(halt.level, halt.threshold, halt.basis) for halt in halts] == [(1, 7365.41, "DJIA"), (2, 7165.41, "DJIA")]
    clock = breakers.market_wide_halts(dow.rename(columns=str), dow=dow)
    assert [(halt.at, halt.halt) for halt in clock.halts] == [
        (time(14, 36), "30 minutes"),
        (time(15, 30), "the rest of the day"),
    ]


# NYSE notices: fourth quarters of 2001, 2002 and 2008 (the last as in the press of October 2008).
TRIPLES = [(900.0, 1800.0, 2700.0), (800.0, 1650.0, 2450.0), (1100.0, 2200.0, 3350.0)]


@pytest.mark.parametrize("triple", TRIPLES)
def test_points_of_a_quarter_round_to_fifty_as_the_notices_have_them(triple):
    """Some mean close gives all three by rounding to the nearest fifty, and 50 points more or less of it do not."""
    in_force = rule(date(2005, 1, 3))
    means = np.arange(5000.0, 14000.0, 1.0)

    def points(mean):
        return tuple(in_force.points(level, mean) for level in in_force.levels)

    nearest = [mean for mean in means if points(mean) == triple]
    assert nearest
    assert nearest[-1] - nearest[0] < 500.0
    assert points(nearest[0] - 1.0) != triple != points(nearest[-1] + 1.0)


@pytest.mark.parametrize(
    ("day", "level", "at", "minutes"),
    [
        (date(2000, 1, 3), 1, time(13, 59), 60),
        (date(2000, 1, 3), 1, time(14, 0), 30),
        (date(2000, 1, 3), 1, time(14, 30), 0),
        (date(2000, 1, 3), 2, time(12, 59), 120),
        (date(2000, 1, 3), 2, time(13, 0), 60),
        (date(2000, 1, 3), 2, time(14, 0), -1),
        (date(2000, 1, 3), 3, time(10, 0), -1),
        (date(2020, 3, 9), 1, time(15, 25), 15),
        (date(2020, 3, 9), 2, time(15, 25, 1), 0),
        (date(2020, 3, 9), 3, time(15, 59), -1),
        (date(1990, 1, 3), 1, time(14, 59), 60),
        (date(1990, 1, 3), 2, time(14, 0), -1),
        (date(1996, 8, 1), 2, time(14, 0), 60),
    ],
)
def test_how_long_trading_stops_by_the_time_of_day(day, level, at, minutes):
    assert rule(day).levels[level - 1].minutes_at(at) == minutes


def test_the_threshold_itself_counts_and_a_cent_above_does_not():
    for low, count in ((2700.0 * 0.93, 1), (2700.0 * 0.93 + 0.01, 0), (2700.0 * 0.87, 2), (2700.0 * 0.80, 3)):
        found = breakers.market_wide_halts(bars([[2690.0, 2700.0], [low, 2700.0]]))
        assert len(found.halts) == count


def test_the_first_day_has_nothing_to_fall_from():
    assert breakers.market_wide_halts(bars([[1.0, 2700.0], [2699.0, 2700.0]])).halts == ()


def test_the_future_changes_no_halt():
    index = load("index_sp500").loc["1996":"2020-06"]
    whole = breakers.market_wide_halts(index).halts
    for cut in ("1997-10-27", "1999-03-01", "2020-03-12"):
        past = breakers.market_wide_halts(index.loc[:cut]).halts
        assert past == tuple(halt for halt in whole if str(halt.day) <= cut)


def test_results_are_drawn_and_described():
    halts = breakers.market_wide_halts(load("index_sp500").loc["2020"])
    assert repr(halts) == "MarketWideHalts(4 levels reached, daily bars, 253 days)"
    assert [bar.get_width() for bar in halts.plot().patches] == pytest.approx([8.0, 9.6, 12.2, 9.8], abs=0.06)
    with pytest.raises(InvalidInputError, match="plot needs at least one level"):
        breakers.market_wide_halts(load("index_sp500").loc["2017"]).plot()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (bars([[1.0, 2.0]]).rename(columns={"low": "Low"}), "columns 'low' and 'close'"),
        (bars([[1.0, 2.0], [0.0, 2.0]]), "positive prices"),
        (bars([[1.0, 2.0], [1.0, np.nan]]), "positive prices"),
        (bars([[1.0, 2.0], [1.0, 2.0]]).iloc[::-1], "increasing dates"),
        (bars([[1.0, 2.0]]).reset_index(drop=True), "increasing dates"),
        ([1.0], "must be a DataFrame"),
    ],
)
def test_bad_bars_are_named(data, text):
    with pytest.raises(InvalidInputError, match=text):
        breakers.market_wide_halts(data)
