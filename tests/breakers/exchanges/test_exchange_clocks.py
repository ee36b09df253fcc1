"""The exchanges' rules read in New York, their half days, and the levels that were published."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from riskresearch.breakers import (
    LimitStateBreaker,
    MarketWideBreaker,
    halt_points,
    halt_rule,
    market_wide_halts,
    price_bands,
)
from riskresearch.breakers.exchanges._exchange_hours import close_minute
from riskresearch.core import Bar, ConventionWarning
from riskresearch.datasets import load

ZONES = ["UTC", "Asia/Tokyo", "Europe/London", "America/New_York"]


# Close before, and levels as published: peoplespunditdaily.com of 16 March 2020; cointeeth.com of 5 August 2024;
# nasdaqtrader.com, "Market Wide Circuit Breaker", of 22 November 2024.
@pytest.mark.parametrize(
    ("close", "published"),
    [
        (2711.02, (2521.24, 2358.58, 2168.81)), (5346.56, (4972.30, 4651.50, 4277.24)),
        (5948.71, (5532.30, 5175.37, 4758.96)), (100.0, (93.0, 87.0, 80.0)),
    ],
)  # fmt: skip
def test_levels_since_2013_are_those_that_were_published(close, published):
    points = halt_points(halt_rule(date(2020, 3, 16)), close=close)
    assert [close - size for size in points] == pytest.approx(published, abs=1e-9)
    for low, level in ((published[0], 1), (round(published[0] + 0.01, 2), 0)):
        days = pd.DataFrame(
            {"close": [close] * 2, "low": [close, low]}, index=pd.to_datetime(["2024-01-02", "2024-01-03"])
        )
        assert len(market_wide_halts(days)) == level


def minutes():
    index = pd.to_datetime(["2020-03-11 16:00", "2020-03-12 09:34", "2020-03-12 09:36", "2020-03-12 15:30"])
    return pd.DataFrame({"close": [2741.38, 2549.0, 2545.0, 2300.0]}, index=index)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", ["index", "objects"])
def test_the_same_bars_in_every_zone_give_the_same_halts(zone, kind):
    plain = minutes()
    bars = plain.tz_localize("America/New_York").tz_convert(zone)
    times = bars.index
    if kind == "objects":
        bars = bars.reset_index(names="date").assign(date=lambda frame: frame["date"].astype(object))
    found, expected = market_wide_halts(bars, daily=False), market_wide_halts(plain, daily=False)
    assert len(expected) == 1
    assert np.array_equal(found.to_numpy(), expected.to_numpy())
    assert found.index[0] == times[1]
    running = MarketWideBreaker(bars="intraday").start()
    frozen = [running.update(Bar(time=t, price=p)).frozen for t, p in zip(times, plain["close"], strict=True)]
    assert frozen[1]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", None])
def test_daily_bars_of_midnight_keep_their_date(zone):
    bars = load("index_sp500")
    found = market_wide_halts(bars.set_axis(pd.DatetimeIndex(bars.index).tz_localize(zone)))
    assert np.array_equal(found.to_numpy(), market_wide_halts(bars).to_numpy())


@pytest.mark.parametrize("zone", ZONES)
def test_bands_are_read_in_new_york_and_double_before_an_early_close(zone):
    def bands(text, **options):
        time = pd.Timestamp(text, tz="America/New_York")
        plain = price_bands(100.0, time=time.tz_localize(None).to_pydatetime(), **options)
        assert price_bands(100.0, time=time.tz_convert(zone), **options) == plain
        return plain

    assert bands("2019-11-29 12:50") == (90.0, 110.0)
    assert bands("2019-11-29 12:34") == (95.0, 105.0)
    assert bands("2019-11-29 12:50", tier=2) == (80.0, 120.0)
    assert bands("2020-11-27 12:50", tier=2) == (90.0, 110.0)
    assert bands("2019-11-29 13:30") == (0.0, float("inf"))
    assert bands("2019-11-27 12:50") == (95.0, 105.0)


@pytest.mark.parametrize("zone", ZONES)
def test_a_limit_state_is_seen_in_every_zone(zone):
    running = LimitStateBreaker().start()
    start = pd.Timestamp("2019-06-03 11:00", tz="America/New_York").tz_convert(zone)
    quotes = [(0, 99.9, 100.1), (1, 94.9, 95.0), (16, 94.9, 95.0)]
    bars = [Bar(time=start + pd.Timedelta(seconds=s), bid=b, ask=a, price=100.0) for s, b, a in quotes]
    assert [running.update(bar).frozen for bar in bars] == [False, False, True]


@pytest.mark.parametrize(("clock", "halts"), [("12:25", 1), ("12:26", 0)])
def test_half_days_halt_until_their_own_minute(clock, halts):
    index = pd.to_datetime(["2019-11-27 16:00", f"2019-11-29 {clock}"])
    assert len(market_wide_halts(pd.DataFrame({"close": [100.0, 92.0]}, index=index), daily=False)) == halts


# NYSE's calendars of holidays and early closings.
@pytest.mark.parametrize(
    ("day", "minute"),
    [
        (date(1992, 12, 24), 840), (date(1997, 12, 26), 780), (date(2002, 7, 5), 780), (date(2013, 7, 3), 780),
        (date(2013, 7, 5), 960), (date(2019, 11, 29), 780), (date(2020, 12, 24), 780), (date(2021, 12, 31), 960),
        (date(2024, 7, 3), 780), (date(2008, 12, 26), 960), (date(2026, 11, 27), 780), (datetime(2014, 7, 3, 10), 780),
    ],
)  # fmt: skip
def test_early_closes_are_those_of_the_calendar(day, minute):
    assert close_minute(day) == minute


def test_the_dow_stands_in_without_a_ratio_and_with_a_warning():
    days = pd.bdate_range("2013-01-02", "2014-12-31")
    calm = pd.DataFrame({"close": 16000.0 * (1 + 0.01 * (np.arange(len(days)) % 2))}, index=days)
    with pytest.warns(ConventionWarning, match="Pass bars of the S&P 500"):
        assert market_wide_halts(calm, index="DJIA").empty
    fallen = pd.DataFrame({"close": [16000.0, 14800.0]}, index=pd.to_datetime(["2015-01-05", "2015-01-06"]))
    with pytest.warns(ConventionWarning):
        found = market_wide_halts(fallen, index="DJIA")
    assert found["known"].tolist() == ["unless late, stand-in"]
