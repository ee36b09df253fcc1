"""Dates with more than one reading are refused with all of them, and each way out that a message names works."""

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch.core import InvalidInputError

BUSINESS_DAYS = pd.bdate_range("2023-01-02", "2023-12-29")
ALL_DAYS = pd.date_range("2023-01-01", "2023-12-31")


def returns(index, seed=1):
    return pd.Series(np.random.default_rng(seed).normal(0.0, 0.01, len(index)), index=index)


def dates(freq, start="2020-01-01", rows=24):
    return pd.date_range(start, periods=rows, freq=freq)


def midnights(zone):
    """Midnights of an exchange, written in UTC."""
    return BUSINESS_DAYS.tz_localize(zone).tz_convert("UTC")


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        (midnights("Asia/Tokyo"), r"but one earlier: .* the first at 2023-01-08 15:00:00.*\.tz_convert\(zone\)"),
        (midnights("Australia/Sydney"), "but one earlier"),
        (midnights("Europe/Berlin"), "but one earlier"),
        (midnights("Europe/London"), "but one earlier"),  # in summer only
        (BUSINESS_DAYS + pd.Timedelta(days=1), r"but one later: .*data\.index = data\.index - pd\.Timedelta\(days=1\)"),
        (BUSINESS_DAYS - pd.Timedelta(days=1), r"but one earlier: .*data\.index = data\.index \+ pd\.Timedelta"),
    ],
)
@pytest.mark.parametrize("holds", ["returns", "prices"])
def test_days_that_are_off_by_one_are_refused_and_no_shift_is_guessed(stamps, said, holds):
    own, other = returns(stamps), returns(BUSINESS_DAYS, 2)
    if holds == "prices":
        own, other = (1 + own).cumprod(), (1 + other).cumprod()
    with pytest.raises(InvalidInputError, match=said):
        riskresearch.align(own, other, holds=holds)
    with pytest.raises(InvalidInputError, match=r'how="day" matches the \d+ days that both have'):
        riskresearch.align(other, own, holds=holds)
    assert riskresearch.align(own, other, how="day", holds=holds).how == "day"


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Australia/Sydney", "Europe/Berlin", "Europe/London"])
def test_the_zone_of_the_exchange_makes_the_days_those_of_the_other(zone):
    own, other = returns(midnights(zone)), returns(BUSINESS_DAYS, 2)
    pair = riskresearch.align(own.tz_convert(zone), other)
    assert pair.benchmark.tolist() == other.tolist()


def test_a_market_of_other_weekdays_and_holidays_is_no_shift():
    """Sunday to Thursday beside Monday to Friday; the holidays are those of Tel Aviv and New York in 2023."""
    closed = pd.to_datetime(["2023-03-07", "2023-04-05", "2023-04-06", "2023-04-12", "2023-04-25", "2023-04-26",
                             "2023-05-25", "2023-07-27", "2023-09-17", "2023-09-24", "2023-09-25"])  # fmt: skip
    shut = pd.to_datetime(["2023-01-02", "2023-01-16", "2023-02-20", "2023-04-07", "2023-05-29", "2023-06-19",
                           "2023-07-04", "2023-09-04", "2023-11-23", "2023-12-25"])  # fmt: skip
    tel_aviv = ALL_DAYS[~ALL_DAYS.day_name().isin(["Friday", "Saturday"]) & ~ALL_DAYS.isin(closed)]
    own, other = returns(tel_aviv), returns(BUSINESS_DAYS[~BUSINESS_DAYS.isin(shut)], 2)
    pair = riskresearch.align(own, other)
    assert pair.how == "day"
    assert set(pair.data.index) == set(own.index) & set(other.index) - {pair.data.index[0] - pd.Timedelta(days=7)}


@pytest.mark.parametrize(
    ("own", "other", "said"),
    [
        (dates("MS") + pd.Timedelta(days=14), dates("ME"), r"one row a month, but up to 1\d weekdays apart"),
        (dates("BMS"), dates("BME"), r"one row a month, but up to 2\d weekdays apart \(2020-01-01 and 2020-01-31\)"),
        (dates("W-WED"), dates("W-FRI"), r"one row a week, but up to 2 weekdays apart"),
        (dates("W-MON"), dates("W-FRI"), r"one row a week, but up to 4 weekdays apart"),
    ],
)
def test_rows_of_a_period_that_end_it_on_other_days_are_refused_unless_asked_for(own, other, said):
    with pytest.raises(InvalidInputError, match=said) as refusal:
        riskresearch.align(returns(own), returns(other, 2))
    how = str(refusal.value).partition("how='")[2].partition("'")[0]
    assert len(riskresearch.align(returns(own), returns(other, 2), how=how).data) >= 22


def test_first_days_that_fit_the_month_before_better_are_refused_with_both():
    ends, firsts = dates("ME"), dates("ME") + pd.Timedelta(days=1)
    with pytest.raises(InvalidInputError, match=r"the first matches 23 rows of benchmark, the second 24\. For"):
        riskresearch.align(returns(firsts), returns(ends, 2))
    assert len(riskresearch.align(returns(firsts), returns(ends, 2), how="month").data) == 23
    moved = returns(firsts).set_axis(firsts - pd.Timedelta(days=1))
    assert len(riskresearch.align(moved, returns(ends, 2)).data) == 24


@pytest.mark.parametrize(
    ("slow", "fast", "hows"),
    [
        (dates("MS", "2023-01-01", 12), ALL_DAYS, ("month", "day")),  # a coin has a price on every first
        (dates("W-MON", "2023-01-02", 50), BUSINESS_DAYS, ("week", "day")),
    ],
)
def test_first_days_beside_daily_rows_of_these_days_are_refused_with_both(slow, fast, hows):
    with pytest.raises(InvalidInputError, match="may stand for its") as refusal:
        riskresearch.align(returns(slow), returns(fast, 2))
    for how in hows:
        assert re_quoted(how) in str(refusal.value).replace("'", '"')
        assert len(riskresearch.align(returns(slow), returns(fast, 2), how=how).data) >= 11


def re_quoted(how):
    return f'how="{how}"'


def test_months_beside_days_that_lack_some_firsts_stand_for_their_month():
    months, days = returns(dates("MS", "2023-01-01", 12)), returns(BUSINESS_DAYS, 2)
    pair = riskresearch.align(months, days)
    assert pair.how == "month"
    assert pair.benchmark.iloc[-1] == pytest.approx((1 + days["2023-12"]).prod() - 1, rel=1e-12)


def test_weeks_do_not_end_with_months():
    with pytest.raises(InvalidInputError, match=r"weekly rows and data monthly ones, and weeks do not end with months"):
        riskresearch.align(returns(dates("ME")), returns(dates("W-FRI", rows=100), 2))


@pytest.mark.parametrize("holds", ["returns", "prices"])
def test_several_rows_a_day_beside_one_are_refused_and_the_remedy_works(holds):
    hours = returns(pd.date_range("2023-01-03", periods=240, freq="h"))
    days = returns(ALL_DAYS, 2)
    if holds == "prices":
        hours, days = (1 + hours).cumprod(), (1 + days).cumprod()
    for how in ("auto", "day", "month"):
        with pytest.raises(InvalidInputError, match=r"aggregate_returns\(data, to=\"day\"\) for returns"):
            riskresearch.align(hours, days, how=how, holds=holds)
    grouped = hours.groupby(hours.index.normalize())
    data = grouped.last() if holds == "prices" else riskresearch.metrics.aggregate_returns(hours, to="day")
    assert len(riskresearch.align(data, days, holds=holds).data) == 10


def test_two_rows_on_one_day_of_daily_data_are_refused():
    own = returns(BUSINESS_DAYS + pd.Timedelta(hours=16))
    twice = pd.concat([own, pd.Series([0.01], index=[own.index[100] + pd.Timedelta(hours=1)])]).sort_index()
    with pytest.raises(
        InvalidInputError, match="must have one row a day to be matched by day, got 2023-05-22 16:00:00"
    ):
        riskresearch.align(twice, returns(BUSINESS_DAYS, 2))


def test_bars_of_other_lengths_are_refused_unless_they_are_stamped_at_their_ends():
    hours = returns(pd.date_range("2023-01-02 10:00", periods=5, freq="h"))
    five = returns(pd.date_range("2023-01-02 09:05", periods=66, freq="5min"), 2)
    with pytest.raises(InvalidInputError, match=r'bars of 60 and 5 minutes.*how="exact" matches them'):
        riskresearch.align(hours, five)
    pair = riskresearch.align(hours, five, how="exact")
    assert pair.benchmark.iloc[-1] == pytest.approx((1 + five["2023-01-02 13:05":"2023-01-02 14:00"]).prod() - 1)
    assert pair.data.index[0] == hours.index[1]  # whether the first hour has twelve bars is not known


def test_bars_of_one_length_are_matched_by_their_instants():
    own = returns(pd.date_range("2023-01-02", periods=48, freq="h", tz="UTC"))
    other = returns(own.index.tz_convert("Asia/Tokyo"), 2).drop(own.index[7])
    pair = riskresearch.align(own, other)
    assert pair.how == "exact"
    assert len(pair.data) == 47
    assert (1 + pair.data).prod() == pytest.approx((1 + own).prod(), rel=1e-12)
    with pytest.raises(InvalidInputError, match="must have a zone on its dates where"):
        riskresearch.align(own, other.tz_localize(None))


@pytest.mark.parametrize("how", ["auto", "exact", "day", "week", "month", "year"])
@pytest.mark.parametrize("turned", [False, True])
def test_spans_that_do_not_meet_are_refused_with_both(how, turned):
    sides = [returns(BUSINESS_DAYS[:100]), returns(BUSINESS_DAYS[150:], 2)]
    with pytest.raises(InvalidInputError, match="share no span of time") as refusal:
        riskresearch.align(*(sides[::-1] if turned else sides), how=how)
    for day in ("2023-01-02", "2023-05-19", "2023-07-31", "2023-12-29"):
        assert day in str(refusal.value)
    assert "how=" not in str(refusal.value)


def test_too_few_rows_to_show_their_distance_are_refused_without_useless_advice():
    own, other = returns(dates("ME", rows=3)), returns(dates("BME", rows=3), 2)
    other = other.set_axis(other.index - pd.Timedelta(days=1))
    with pytest.raises(InvalidInputError, match="at least 4 rows") as refusal:
        riskresearch.align(own, other)
    assert "how=" not in str(refusal.value)  # no two days are the same
    days = returns(BUSINESS_DAYS[:4])
    with pytest.raises(InvalidInputError, match='how="day" matches the 3 days that both have'):
        riskresearch.align(days.drop(days.index[1]), days)
    assert len(riskresearch.align(days.drop(days.index[1]), days, how="day").data) == 3


def test_months_that_turn_into_days_are_refused():
    own = returns(dates("ME", "2021-01-01", 24).append(BUSINESS_DAYS))
    with pytest.raises(InvalidInputError, match="must have one row a month throughout, as at its beginning"):
        riskresearch.align(own, returns(dates("BME", "2021-01-01", 36), 2))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([0.01, 0.02], "data must have dates to be aligned, got rows without"),
        (pd.Series([0.01, 0.02]), "data must have dates to be aligned"),
        (returns(BUSINESS_DAYS[::-1]), "data must be in the order of its dates"),
        (returns(BUSINESS_DAYS[[0, 0, 1]]), "data must have one row for each date"),
    ],
)
def test_rows_without_dates_or_order_are_refused(data, said):
    with pytest.raises(InvalidInputError, match=said):
        riskresearch.align(data, returns(BUSINESS_DAYS, 2))


def test_wrong_words_and_numbers_are_refused():
    own, other = returns(BUSINESS_DAYS), returns(BUSINESS_DAYS[1:], 2)
    with pytest.raises(
        InvalidInputError, match=r"how must be one of 'auto', 'exact', .*, got 'months'\. Did you mean 'month'"
    ):
        riskresearch.align(own, other, how="months")
    with pytest.raises(InvalidInputError, match="holds must be one of 'returns', 'prices', got 'levels'"):
        riskresearch.align(own, other, holds="levels")
    with pytest.raises(InvalidInputError, match=r"data must hold positive prices, got .*Returns are holds=\"returns\""):
        riskresearch.align(own, other, holds="prices")
    with pytest.raises(InvalidInputError, match="needs one row a month in data or benchmark, but both have more"):
        riskresearch.align(own, other, how="month")
