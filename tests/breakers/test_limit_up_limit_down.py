"""Bands and states of single stocks, by the tables of the Plan."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from riskresearch import breakers
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._luld import limit_step
from tests.kernels.uncompiled import UNCOMPILED

NOON = datetime(2021, 3, 1, 12, 0)


def bands(price, tier, closed, at):
    found = breakers.price_bands(price, tier=tier, previous_close=closed, at=at)
    return found.lower, found.upper


# Plan, Appendix A: 5, 10 and 20 %, the lesser of 15 cents and 75 %; doubled at the open until 23 February 2020, and in
# the last 25 minutes for Tier 1 and for prices up to 3 dollars (Tier 2 above 3 dollars only until that day).
TABLE = [
    (100.0, 1, 100.0, NOON, 95.0, 105.0),
    (100.0, 2, 100.0, NOON, 90.0, 110.0),
    (2.0, 1, 2.0, NOON, 1.6, 2.4),
    (2.0, 2, 3.0, NOON, 1.6, 2.4),
    (2.0, 2, 3.01, NOON, 1.8, 2.2),
    (0.5, 1, 0.5, NOON, 0.35, 0.65),
    (0.1, 2, 0.1, NOON, 0.03, 0.18),
    (100.0, 1, 100.0, datetime(2021, 3, 1, 9, 31), 95.0, 105.0),
    (100.0, 1, 100.0, datetime(2019, 3, 1, 9, 31), 90.0, 110.0),
    (100.0, 1, 100.0, datetime(2019, 3, 1, 9, 45), 95.0, 105.0),
    (100.0, 1, 100.0, datetime(2021, 3, 1, 15, 35), 90.0, 110.0),
    (100.0, 2, 100.0, datetime(2021, 3, 1, 15, 35), 90.0, 110.0),
    (100.0, 2, 100.0, datetime(2019, 3, 1, 15, 35), 80.0, 120.0),
    (2.0, 2, 2.0, datetime(2021, 3, 1, 15, 35), 1.2, 2.8),
    (33.33, 1, 33.0, NOON, 31.66, 35.0),
]


@pytest.mark.parametrize(("price", "tier", "closed", "at", "lower", "upper"), TABLE)
def test_bands_are_those_of_the_table(price, tier, closed, at, lower, upper):
    assert bands(price, tier, closed, at) == pytest.approx((lower, upper), abs=1e-9)


@given(st.floats(0.01, 5000.0), st.sampled_from([1, 2]), st.floats(0.01, 5000.0))
def test_bands_hold_the_reference_and_are_never_negative(price, tier, closed):
    lower, upper = bands(price, tier, closed, NOON)
    assert 0.0 <= lower <= price + 0.005
    assert upper >= price - 0.005


def stock(prices, **options):
    found = breakers.LimitUpLimitDown(tier=1, previous_close=100.0, **options)
    states = []
    for second, price in prices:
        found.update(NOON + timedelta(seconds=second), price)
        states.append(found.state)
    return found, states


def test_fifteen_seconds_at_the_band_pause_and_five_minutes_later_the_price_is_the_new_reference():
    prices = [(0, 100.0), (40, 94.9), (54, 94.0), (55, 94.0), (354, 92.0), (355, 92.0)]
    found, states = stock(prices)
    assert states == ["normal", "limit", "limit", "paused", "paused", "normal"]
    assert found.reference == 92.0
    assert found.bands.lower == 87.4


def test_a_limit_state_that_ends_in_time_pauses_nothing():
    many = [(0, 100.0)] * 20  # so that one trade at 95.5 does not move the mean
    found, states = stock([*many, (40, 94.9), (54, 95.5), (60, 94.9), (74, 94.9)])
    assert states[19:] == ["normal", "limit", "normal", "limit", "limit"]
    assert found.reference == 100.0


def test_the_reference_moves_only_by_one_per_cent_and_after_thirty_seconds():
    found, _ = stock([(0, 100.0), (10, 102.1), (20, 102.1), (29, 102.1)])
    assert found.reference == 100.0
    found.update(NOON + timedelta(seconds=31), 102.1)
    assert found.reference == pytest.approx((100.0 + 4 * 102.1) / 5)
    before = found.reference
    found.update(NOON + timedelta(seconds=62), 102.3)
    assert found.reference == before
    found.update(NOON + timedelta(seconds=332), 104.0)  # the trades of more than five minutes ago are forgotten
    assert found.reference == pytest.approx((102.3 + 104.0) / 2)


def test_quotes_outside_of_a_band_are_a_straddle():
    found = breakers.LimitUpLimitDown(tier=1, previous_close=100.0)
    found.update(NOON, 100.0, bid=94.0, offer=99.0)
    assert found.state == "straddle"
    found.update(NOON, 100.0, bid=94.0, offer=95.0)
    assert found.state == "limit"


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([93.0, 95.0, 99.5, 100.0, 105.0, 110.0])), max_size=40),
    st.integers(0, 40),
)
@settings(max_examples=80)
def test_stopped_anywhere_and_started_again_the_states_are_the_same(steps, cut):
    whole, halves = [], []
    one = breakers.LimitUpLimitDown(tier=1, previous_close=100.0)
    two = breakers.LimitUpLimitDown(tier=1, previous_close=100.0)
    second = 0
    for number, (pause, price) in enumerate(steps):
        if number == cut:
            two = breakers.LimitUpLimitDown.from_dict(json.loads(json.dumps(two.to_dict())))
        second += pause
        for found, states in ((one, whole), (two, halves)):
            found.update(NOON + timedelta(seconds=second), price)
            states.append((found.state, found.reference, found.bands))
    assert whole == halves


@given(
    st.sampled_from([0, 1, 2, 3]), st.floats(0, 400), st.floats(90, 110), st.floats(90, 110),
)  # fmt: skip
def test_the_compiled_step_is_the_uncompiled_one(state, later, bid, offer):
    arguments = (state, 0.0, later, bid, offer, 95.0, 105.0, 15.0, 300.0)
    assert limit_step(*arguments) == UNCOMPILED["_luld"].limit_step(*arguments)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"price": -1.0}, "reference must be positive"),
        ({"tier": 3}, "tier must be 1 or 2, got 3"),
        ({"at": datetime(2021, 3, 1, 9, 29)}, "regular hours, 9:30 to 16:00 Eastern, got 09:29"),
        ({"at": datetime(2012, 3, 1, 12, 0)}, "on or after 2013-04-08, the first day with bands, got 2012-03-01"),
        ({"closed": 0.0}, "previous_close must be positive"),
    ],
)
def test_bad_input_is_named(change, text):
    arguments = {"price": 100.0, "tier": 1, "closed": 100.0, "at": NOON} | change
    with pytest.raises(InvalidInputError, match=text):
        bands(**arguments)


def test_time_does_not_go_back_and_other_versions_are_refused():
    found, _ = stock([(0, 100.0)])
    with pytest.raises(InvalidInputError, match="at must not go back"):
        found.update(NOON - timedelta(seconds=1), 100.0)
    with pytest.raises(InvalidInputError, match="version must be 1, got 0"):
        breakers.LimitUpLimitDown.from_dict({"version": 0})
    with pytest.raises(InvalidInputError, match="tier must be 1 or 2"):
        breakers.LimitUpLimitDown(tier=0, previous_close=1.0)
