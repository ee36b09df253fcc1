"""What the dates show: weekdays in use, months and their parts, and sessions of bars; irregular dates are refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core.dates._spacing import read_spacing
from tests.examples import examples

ISRAEL = "Sun Mon Tue Wed Thu"
TWO_YEARS = 500


def week(mask, count=TWO_YEARS, start="2022-01-03"):
    return pd.bdate_range(start, periods=count, freq="C", weekmask=mask)


def session(days, start, end, frequency):
    """Bars from `start` to `end` of each day, both included."""
    return pd.DatetimeIndex(
        np.concatenate([pd.date_range(f"{day:%F} {start}", f"{day:%F} {end}", freq=frequency) for day in days])
    )


def shown(index):
    found = read_spacing(index.to_numpy())
    return found.periods, found.seen


# Counted by hand: 252 for five days wherever the weekend lies, 252 * days / 5 for other weeks, 365 for seven.
@pytest.mark.parametrize(
    ("mask", "periods", "seen"),
    [
        ("Mon Tue Wed Thu Fri", 252, "Monday to Friday"),
        (ISRAEL, 252, "Sunday to Thursday"),
        ("Sat Sun Mon Tue Wed", 252, "Saturday to Wednesday"),
        ("Mon Tue Wed Thu Fri Sat", 302, "Monday to Saturday"),  # 302.4
        ("Sun Mon Tue Wed Thu Fri", 302, "Sunday to Friday"),
        ("Mon Tue Wed Thu Fri Sat Sun", 365, "every day"),
        ("Mon Tue Wed Thu", 202, "Monday to Thursday"),  # 201.6
        ("Mon Wed Fri", 151, "Monday, Wednesday, Friday"),  # 151.2
        ("Tue Thu", 101, "Tuesday, Thursday"),  # 100.8
        ("Wed", 52, "one row per week"),
    ],
)
@pytest.mark.parametrize("count", [60, 61, TWO_YEARS])
def test_the_weekdays_in_use_make_the_year(mask, periods, seen, count):
    assert shown(week(mask, count)) == (periods, seen)


@given(st.floats(0.0, 0.12), st.integers(0, 2**32 - 1), st.sampled_from(["Mon Tue Wed Thu Fri", ISRAEL]))
@examples(30)
def test_missing_sessions_do_not_change_the_week(share, seed, mask):
    dates = week(mask)
    assert shown(dates[np.random.default_rng(seed).random(len(dates)) >= share])[0] == 252


@pytest.mark.parametrize("start", ["2022-01-03", "2022-01-06", "2022-01-08", "2022-01-09"])
@pytest.mark.parametrize("count", [8, 9, 13, 20])
def test_two_weeks_are_enough(start, count):
    assert shown(week("Mon Tue Wed Thu Fri", count, start))[0] == 252
    assert shown(week(ISRAEL, count, start))[0] == 252
    assert shown(pd.date_range(start, periods=count))[0] == 365


@pytest.mark.parametrize(
    ("dates", "periods"),
    [
        (["2024-01-04", "2024-01-05", "2024-01-08"], 252),  # Thursday, Friday, Monday
        (["2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08"], 365),  # over a weekend
        (["2024-01-08", "2024-01-09", "2024-01-11", "2024-01-12"], 252),  # a holiday on Wednesday
        (["2024-01-04", "2024-01-07", "2024-01-08", "2024-01-09"], 252),  # Thursday, Sunday: Tel Aviv
    ],
)
def test_a_few_rows_are_read_by_the_weekend_that_passed(dates, periods):
    assert shown(pd.DatetimeIndex(dates))[0] == periods


def test_make_up_sessions_at_weekends_make_no_longer_week():
    dates = week("Mon Tue Wed Thu Fri", TWO_YEARS)
    saturdays = pd.date_range("2022-01-08", periods=12, freq="56D")  # seven in a year are the most that China had
    assert shown(dates.union(saturdays)) == (252, "Monday to Friday")


def test_a_change_of_the_week_leaves_five_days():
    saturdays = week("Sat Sun Mon Tue Wed", TWO_YEARS, "2012-01-07")  # Riyadh until June 2013
    both = saturdays.append(week(ISRAEL, TWO_YEARS, saturdays[-1] + pd.Timedelta("3D")))
    assert shown(both)[0] == 252


def test_a_year_without_rows_leaves_the_week():
    dates = week(ISRAEL)
    assert shown(dates[(dates < "2022-06-01") | (dates > "2023-06-01")]) == (252, "Sunday to Thursday")


@pytest.mark.parametrize(
    ("frequency", "periods", "seen"),
    [
        ("2W-FRI", 26, "one row per two weeks"),
        ("SME", 24, "one row per half month"),
        ("SMS", 24, "one row per half month"),
        ("28D", 13, "one row per four weeks"),
        ("2ME", 6, "one row per two months"),
        ("4ME", 3, "one row per four months"),
        ("2QE", 2, "one row per half year"),
    ],
)
@pytest.mark.parametrize("count", [6, 60])
def test_plain_parts_of_years_and_months_are_read(frequency, periods, seen, count):
    assert shown(pd.date_range("2019-01-02", periods=count, freq=frequency)) == (periods, seen)


@pytest.mark.parametrize("day", [1, 15, 28])
def test_a_day_of_the_month_or_the_business_day_after_it_is_monthly(day):
    dates = pd.DatetimeIndex([pd.Timestamp(2019, 1, day) + pd.DateOffset(months=number) for number in range(40)])
    assert shown(dates)[0] == 12
    assert shown(dates + pd.offsets.BDay(0))[0] == 12


@pytest.mark.parametrize(("frequency", "rows"), [("2D", "182.6"), ("3D", "121.8"), ("10D", "36.52"), ("60D", "6.088")])
def test_other_spacing_is_refused_with_the_number_that_the_span_makes(frequency, rows):
    # 365.25 over the days between rows
    with pytest.raises(InvalidInputError, match=rf"make {rows} rows a year: periods_per_year={rows}\.$"):
        read_spacing(pd.date_range("2023-01-02", periods=60, freq=frequency).to_numpy())


WEEKDAYS = week("Mon Tue Wed Thu Fri", 30)
WORLD = pd.date_range("2023-01-01 22:00", periods=24 * 28, freq="1h")
FOREIGN_EXCHANGE = WORLD[(WORLD.day_of_week < 5) & ~((WORLD.day_of_week == 4) & (WORLD.hour >= 22))].union(
    WORLD[(WORLD.day_of_week == 6) & (WORLD.hour >= 22)]
)


# Bars of a session by sessions of a year.
@pytest.mark.parametrize(
    ("dates", "product"),
    [
        (session(WEEKDAYS, "09:35", "16:00", "5min"), 252 * 78),
        (session(WEEKDAYS[:5], "09:31", "16:00", "1min"), 252 * 390),  # one week
        (session(WEEKDAYS, "09:30", "15:30", "1h"), 252 * 7),
        (session(week(ISRAEL, 30), "10:00", "17:25", "5min"), 252 * 90),
        (session(week(ISRAEL, 3, "2022-01-09"), "10:00", "17:25", "5min"), 252 * 90),  # Sunday to Tuesday
        (session(WEEKDAYS, "10:30", "15:00", "4h30min"), 252 * 2),  # two fixings a day
        (session(WEEKDAYS, "09:05", "11:30", "5min").union(session(WEEKDAYS, "12:35", "15:00", "5min")), 252 * 60),
        (pd.date_range("2023-01-02", periods=60, freq="6h"), 365 * 4),
        (pd.date_range("2023-01-02", periods=24 * 40, freq="1h"), 365 * 24),
        (FOREIGN_EXCHANGE, 252 * 24),
        (FOREIGN_EXCHANGE[FOREIGN_EXCHANGE.hour != 21], 252 * 23),  # a break of an hour, as of futures
    ],
)
def test_bars_are_counted_by_sessions(dates, product):
    assert shown(dates)[0] == product


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Pacific/Auckland", "UTC"])
def test_the_zone_of_the_clock_does_not_change_a_week_around_the_clock(zone):
    clock = FOREIGN_EXCHANGE.tz_localize("UTC").tz_convert(zone).tz_localize(None)
    assert shown(clock) == (252 * 24, "24 bars of 1 hour a session, Monday to Friday")


def test_half_days_and_missing_bars_leave_the_usual_session():
    bars = session(WEEKDAYS, "09:35", "16:00", "5min")
    half = bars[~((bars.normalize() == WEEKDAYS[7]) & (bars.hour >= 13))]
    assert shown(half) == (252 * 78, "78 bars of 5 minutes a session, Monday to Friday")
    holes = bars.delete([85, 86, 300, 1000])
    assert shown(holes)[0] == 252 * 78


@pytest.mark.parametrize(("start", "hours"), [("2021-10-30", 25), ("2022-03-26", 23)])
def test_the_night_of_a_clock_change_has_an_hour_more_or_less(start, hours):
    zone = pd.date_range(f"{start} 02:00", periods=72, freq="1h", tz="Europe/Paris")
    clock = zone.tz_localize(None)
    assert np.bincount(clock.day_of_year - clock.day_of_year[0])[1] == hours
    assert shown(clock)[0] == 8760


def test_one_day_with_two_rows_is_still_daily():
    dates = week(ISRAEL).union(pd.DatetimeIndex(["2022-02-03 18:00"]))
    assert shown(dates) == (252, "Sunday to Thursday")


@pytest.mark.parametrize(
    ("dates", "text"),
    [
        (session(WEEKDAYS[:2], "09:35", "16:00", "5min"), r"on 2 days only.*periods_per_year=252 \* 78 \(19,656\)"),
        (session(WEEKDAYS[:1], "09:31", "16:00", "1min"), r"on 1 day only.*periods_per_year=252 \* 390 \(98,280\)"),
        (
            pd.date_range("2023-01-02", periods=60, freq="1h"),
            r"24 bars of 1 hour a day are periods_per_year=252 \* 24 \(6,048\) on weekdays and .*365 \* 24 \(8,760\)",
        ),
        (
            pd.DatetimeIndex(np.sort(np.random.default_rng(1).integers(0, 864_000, 5000)).astype("M8[s]")),
            r"irregular times: 475 to 529 rows a day, usually 502\..*periods_per_year=252 \* 502 \(126,504\)",
        ),
    ],
)
def test_bars_that_cannot_be_read_are_refused_with_a_number(dates, text):
    with pytest.raises(InvalidInputError, match=r"^periods_per_year must be given for dates with several rows a day"):
        read_spacing(dates.to_numpy())
    with pytest.raises(InvalidInputError, match=text):
        read_spacing(dates.to_numpy())


def test_a_number_for_days_warns_for_bars():
    dates = session(WEEKDAYS, "09:35", "16:00", "5min").to_numpy()
    text = r"dates show 19656 periods a year: 78 bars of 5 minutes a session, Monday to Friday"
    with pytest.warns(ConventionWarning, match=text):
        assert resolve_periods_per_year(252, dates) == 252
    assert resolve_periods_per_year(19_500, dates) == 19_500


def test_a_week_from_sunday_has_its_252_rows_in_silence():
    assert resolve_periods_per_year(252, week(ISRAEL).to_numpy()) == 252
