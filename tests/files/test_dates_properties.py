"""Days written in any one form are read back exactly, or refused as ambiguous; they are never read wrong."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.files.dates._dates import could_be_dates, leading_dates, order_of, read_dates
from tests.examples import examples

ONE_READING = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y %m %d", "%Y%m%d", "%d %b %Y", "%d-%b-%Y", "%d%b%Y", "%B %d, %Y",
    "%b %d, %Y", "%b-%d-%Y", "%A, %d %B %Y", "%Y-%b-%d", "%d.%b.%Y", "%G-W%V-%u",
    "%a %b %d 00:00:00 %Y", "%Y-%m-%dT00:00:00Z", "%Y-%m-%d 00:00:00+01:00", "%Y年%m月%d日", "%Y%j",
]  # fmt: skip
SEVERAL_READINGS = [
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y", "%d %m %Y", "%d%m%Y", "%m%d%Y", "%y%m%d", "%d%m%y",
    "%m%d%y", "%d/%m/%Y 16:00", "%m/%d/%Y 4:00 PM", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d", "%d.%m.%y", "%y-%m-%d",
    "%d-%b-%y", "%a %d/%m/%Y", "%a %m/%d/%Y",
]  # fmt: skip
STAMPS = [
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%dT%H%M%S", "%d %b %Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p", "%Y%m%d-%H:%M:%S",
]  # fmt: skip
MONTHS = ["%Y-%m", "%Y/%m", "%m/%Y", "%Y%m", "%b %Y", "%B %Y", "%Y-%b", "%YM%m", "%b-%Y"]


def read(texts):
    cells = texts if isinstance(texts, np.ndarray) else np.array(texts, dtype=object)
    return read_dates(cells, what="column 'Date' of prices.csv", place=lambda row: f"line {row + 2}")


def read_or_reason(cells):
    """Return the dates and no reason, or None and the reason of the refusal."""
    try:
        return read(cells), ""
    except InvalidInputError as error:
        return None, str(error)


def days(first=date(1970, 1, 1), last=date(2067, 12, 31)):
    return st.lists(st.dates(first, last), min_size=1, max_size=40, unique=True)


@examples(80)
@given(st.sampled_from(ONE_READING), days(date(1800, 1, 1), date(2200, 12, 31)))
def test_days_of_a_form_with_one_reading_are_read_back(form, given_days):
    texts = [f"{day:{form}}" for day in given_days]
    found = read(texts)
    assert [stamp.date() for stamp in found.index] == given_days
    assert could_be_dates(np.array(sorted(texts) if form in ("%Y%m%d", "%Y%j") else texts, dtype=object))
    assert leading_dates(np.array(texts, dtype=object)) == len(texts)


@examples(160)
@given(st.sampled_from(SEVERAL_READINGS), days(), st.sampled_from(["sorted", "as given", "sorted as text"]))
def test_days_of_a_form_with_several_readings_are_read_back_or_refused(form, given_days, order):
    given_days = sorted(given_days) if order == "sorted" else given_days
    texts = [f"{day:{form}}" for day in given_days]
    if order == "sorted as text":
        given_days, texts = zip(*sorted(zip(given_days, texts, strict=True), key=lambda pair: pair[1]), strict=True)
    found, reason = read_or_reason(texts)
    if found is None:
        assert "one reading" in reason
    else:
        assert [stamp.date() for stamp in found.index] == list(given_days)


@pytest.mark.parametrize("form", SEVERAL_READINGS)
@pytest.mark.parametrize("last", ["2022-02-25", "2022-12-30", "2035-12-31"])
def test_business_days_of_two_months_have_one_reading(form, last):
    given_days = pd.bdate_range("2022-01-03", last)
    assert list(read(list(given_days.strftime(form))).index.normalize()) == list(given_days)


@pytest.mark.parametrize("form", SEVERAL_READINGS)
def test_the_proposed_format_reads_the_days(form):
    given_days = pd.bdate_range("2022-01-03", "2022-01-07")
    cells = np.array(list(given_days.strftime(form)), dtype=object)
    found, reason = read_or_reason(cells)
    if found is None:
        proposed = form.replace("16:00", "%H:%M").replace("4:00 PM", "%I:%M %p")
        assert f'(--date-format "{proposed}")' in reason
        found = read_dates(cells, what="dates", place=str, date_format=proposed)
    else:
        assert form in ("%d-%b-%y", "%a %d/%m/%Y", "%a %m/%d/%Y")
    assert list(found.index.normalize()) == list(given_days)


@examples(50)
@given(
    st.sampled_from(STAMPS),
    st.lists(st.datetimes(datetime(1980, 1, 1), datetime(2060, 1, 1)), min_size=1, max_size=30),
)
def test_times_are_read_back(form, stamps):
    stamps = [stamp.replace(microsecond=0) for stamp in stamps]
    assert list(read([f"{stamp:{form}}" for stamp in stamps]).index) == stamps


@examples(50)
@given(
    st.sampled_from([("s", 1), ("ms", 1000), ("us", 10**6), ("ns", 10**9)]),
    st.lists(st.datetimes(datetime(2001, 9, 10), datetime(2026, 1, 1)), min_size=1, max_size=30),
    st.sampled_from(["integers", "floats", "text"]),
)
def test_times_since_1970_are_read_back_or_refused(unit, stamps, kind):
    stamps = [stamp.replace(microsecond=0) for stamp in stamps]
    numbers = np.array([(stamp - datetime(1970, 1, 1)) // timedelta(seconds=1) for stamp in stamps]) * unit[1]
    cells = {"integers": numbers, "floats": numbers.astype(float), "text": numbers.astype(str).astype(object)}[kind]
    found, reason = read_or_reason(cells)
    if found is None:  # 1501031600 is 2015-01-03 16:00 as well, and three multiples of 100 seconds look rounded
        assert "one reading" in reason or "they were rounded" in reason
    elif found.zone == "UTC":
        assert list(found.index) == stamps
    else:
        raise AssertionError(found.reading)


@examples(50)
@given(st.sampled_from(MONTHS), st.integers(1800 * 12, 2190 * 12), st.integers(1, 60))
def test_consecutive_months_are_read_as_their_last_days_or_refused(form, first, count):
    months = [date(month // 12, month % 12 + 1, 1) for month in range(first, first + count)]
    found, reason = read_or_reason([f"{month:{form}}" for month in months])
    if found is None:
        assert form == "%Y%m"
        assert "one reading" in reason
        assert count <= 12
    else:
        assert list(found.index) == [stamp + pd.offsets.MonthEnd(0) for stamp in map(pd.Timestamp, months)]
        assert found.period == "month"


@examples(40)
@given(days(), st.booleans())
def test_the_order_of_days_is_found(given_days, newest_first):
    given_days = sorted(given_days, reverse=newest_first)
    order = order_of(np.array(given_days, dtype="datetime64[ns]"), what="dates", place=str)
    assert order == ("newest first" if newest_first and len(given_days) > 1 else "oldest first")


@examples(40)
@given(days(), st.randoms(use_true_random=False))
def test_days_in_no_order_or_twice_are_refused(given_days, random):
    shuffled = random.sample(given_days, len(given_days))
    instants = np.array(shuffled, dtype="datetime64[ns]")
    if shuffled not in (sorted(shuffled), sorted(shuffled, reverse=True)):
        with pytest.raises(InvalidInputError, match="must be in the order of its dates"):
            order_of(instants, what="dates", place=str)
    with pytest.raises(InvalidInputError, match="twice, on"):
        order_of(np.append(instants, instants[:1]), what="dates", place=str)


@examples(50)
@given(
    st.lists(st.text(st.sampled_from("0123456789/-.: TZ+JanMarQWé年\u00a0'[](),"), max_size=24), min_size=1, max_size=6)
)
def test_any_text_is_read_or_refused_by_our_error(texts):
    cells = np.array(texts, dtype=object)
    assert could_be_dates(cells) in (True, False)
    assert 0 <= leading_dates(cells) <= len(cells)
    try:
        found = read(texts)
    except InvalidInputError:
        return
    assert len(found.index) == len(texts)
    assert found.index.year.min() >= 1800
    assert found.index.year.max() <= 2201
    assert leading_dates(cells) == len(cells)


@examples(50)
@given(st.lists(st.floats() | st.integers(-(2**62), 2**62).map(float), min_size=1, max_size=5))
def test_any_number_is_read_or_refused_by_our_error(values):
    for cells in (np.array(values), np.array([str(value) for value in values], dtype=object)):
        assert could_be_dates(cells) in (True, False)
        assert leading_dates(cells) <= len(cells)
        try:
            found = read_dates(cells, what="dates", place=str)
        except InvalidInputError:
            continue
        assert found.index.year.min() >= 1800
