"""Liquidity of a book against an independent implementation: a loop that sells day by day, in fractions."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.metrics import value_at_risk
from riskresearch.pretrade import Book, LiquidityChecker
from tests.examples import examples

PARTICIPATION = st.integers(1, 64).map(lambda part: part / 64.0)
"""Fractions of which products with whole numbers are exact."""
POSITION = st.tuples(
    st.integers(-5_000, 5_000), st.integers(1, 100_000), st.integers(1, 500), st.integers(1, 100), st.integers(0, 40)
)
"""Units, volume, price in quarters, volatility and half of the spread in tenths of a percent."""
POSITIONS = st.lists(POSITION, min_size=1, max_size=6)


def read(positions):
    names = [f"S{place}" for place in range(len(positions))]
    units, volumes, quarters, volatilities, spreads = (
        dict(zip(names, column, strict=True)) for column in zip(*positions, strict=True)
    )
    prices = {name: each / 4.0 for name, each in quarters.items()}
    rows = np.random.default_rng(len(positions)).normal(0.0, 0.02, (40, len(names)))
    return {
        "names": names, "units": units, "prices": prices, "average_volume": volumes,
        "volatility": {name: each / 1000.0 for name, each in volatilities.items()},
        "spreads": {name: each / 1000.0 for name, each in spreads.items()},
        "scenarios": pd.DataFrame(rows, columns=names),
    }  # fmt: skip


def book_of(data, **changes):
    given = {name: data[name] for name in ("average_volume", "volatility", "scenarios")}
    return Book(data["units"], data["prices"], **{**given, **changes})


def sold_by_day(units, volume, participation):
    """Return what a desk sells on each day that never trades more than the cap, with fractions."""
    left, cap, days = Fraction(abs(units)), Fraction(participation) * volume, []
    while left > 0:
        days.append(min(left, cap))
        left -= days[-1]
    return days


def worst(losses, level):
    """Return the loss of rank ceil(level n) by sorting."""
    return sorted(losses)[math.ceil(Fraction(str(level)) * len(losses)) - 1]


@given(POSITIONS, PARTICIPATION)
@examples(60)
def test_the_schedule_is_what_a_desk_sells_day_by_day(positions, participation):
    data = read(positions)
    found = LiquidityChecker(participation).check(book_of(data))
    schedule = found.schedule(days=400)
    for name in data["names"]:
        units = data["units"][name]
        sold = sold_by_day(units, data["average_volume"][name], participation)
        sign = 1.0 if units > 0 else -1.0
        shown = [sign * float(each) for each in sold][:400]
        assert schedule[name].tolist() == shown + [0.0] * (400 - len(shown))
        place = found.assets.index(name)
        assert found.whole_days[place] == len(sold)
        assert found.days[place] == abs(units) / (participation * data["average_volume"][name])


@given(POSITIONS, PARTICIPATION)
@examples(40)
def test_costs_are_those_of_the_loop(positions, participation):
    data = read(positions)
    checker = LiquidityChecker(participation, impact_coefficient=0.7, half_spread=data["spreads"], level=0.9)
    whole = checker.check(book_of(data))
    daily = LiquidityChecker(participation, impact_coefficient=0.7, impact_of="day").check(book_of(data))
    losses, added = np.zeros(40), 0.0
    for place, name in enumerate(data["names"]):
        units, price, volume = data["units"][name], data["prices"][name], data["average_volume"][name]
        volatility, size = data["volatility"][name], abs(data["units"][name])
        impact = 0.7 * volatility * math.sqrt(size / volume) * size * price
        slices = map(float, sold_by_day(units, volume, participation))
        by_day = math.fsum(0.7 * volatility * math.sqrt(each / volume) * each * price for each in slices)
        assert whole.impact[place] == pytest.approx(impact, rel=1e-12)
        assert daily.impact[place] == pytest.approx(by_day, rel=1e-9)
        own = (-units * price * data["scenarios"][name]).tolist()
        assert whole.value_at_risk[place] == pytest.approx(worst(own, 0.9), rel=1e-12, abs=1e-12)
        losses += own
        added += impact + data["spreads"][name] * size * price
    assert whole.book.value_at_risk == pytest.approx(worst(losses.tolist(), 0.9), rel=1e-9, abs=1e-9)
    assert whole.book.liquidity_adjusted_var == pytest.approx(worst(losses.tolist(), 0.9) + added, rel=1e-9, abs=1e-9)


@given(POSITIONS, PARTICIPATION)
@examples(40)
def test_units_of_the_schedule_sum_to_the_positions_and_no_day_exceeds_the_cap(positions, participation):
    data = read(positions)
    found = LiquidityChecker(participation * 0.3).check(book_of(data))
    if found.book.whole_days > 1e5:
        return
    schedule = found.schedule()
    assert len(schedule) == found.book.whole_days
    sums = [math.fsum(schedule[name]) for name in found.assets]
    assert sums == pytest.approx([float(data["units"][name]) for name in found.assets], rel=1e-15)
    assert (schedule.abs().to_numpy() <= np.array(found.cap)).all()
    assert (np.sign(schedule) * np.sign(np.array(found.units)) >= 0.0).all(axis=None)


@given(POSITIONS, PARTICIPATION)
@examples(30)
def test_a_smaller_cap_never_liquidates_sooner_nor_more(positions, participation):
    data = read(positions)
    wide = LiquidityChecker(participation).check(book_of(data))
    tight = LiquidityChecker(participation / 2.0).check(book_of(data))
    assert (np.array(tight.days) >= np.array(wide.days)).all()
    assert (np.array(tight.book.liquidated) <= np.array(wide.book.liquidated)).all()
    assert tight.impact == wide.impact  # the whole position is one order, however long it takes


@given(POSITIONS, st.sampled_from(["both", "exogenous", "endogenous"]))
@examples(30)
def test_liquidity_never_lowers_value_at_risk(positions, adjustment):
    data = read(positions)
    checker = LiquidityChecker(half_spread=data["spreads"], half_spread_deviation=0.001, adjustment=adjustment)
    found = checker.check(book_of(data))
    assert (np.array(found.liquidity_adjusted_var) >= np.array(found.value_at_risk)).all()
    assert found.book.liquidity_adjusted_var >= found.book.value_at_risk
    assert found.liquidatable == found.book  # nothing is missing


@given(POSITIONS)
@examples(30)
def test_a_short_book_costs_what_the_same_long_book_costs(positions):
    data = read(positions)
    mirrored = {**data, "units": {name: -each for name, each in data["units"].items()}}
    checker = LiquidityChecker(half_spread=0.001, impact_error=0.2)
    one, other = checker.check(book_of(data)), checker.check(book_of(mirrored))
    for name in ("participation", "days", "whole_days", "impact", "impact_upper", "spread_cost"):
        assert getattr(one, name) == getattr(other, name)
    assert one.book.impact == other.book.impact


@given(POSITIONS)
@examples(30)
def test_the_order_of_assets_and_the_money_do_not_matter(positions):
    data = read(positions)
    turned = {**data, "units": dict(reversed(data["units"].items()))}
    rich = {**data, "prices": {name: 8.0 * each for name, each in data["prices"].items()}}
    checker = LiquidityChecker(half_spread=0.001)
    one = checker.check(book_of(data))
    pd.testing.assert_frame_equal(checker.check(book_of(turned)).to_frame().loc[list(one.assets)], one.to_frame())
    in_other_money = checker.check(book_of(rich))
    assert in_other_money.days == one.days
    assert in_other_money.impact == tuple(8.0 * each for each in one.impact)
    assert in_other_money.book.value_at_risk == pytest.approx(8.0 * one.book.value_at_risk, rel=1e-12, abs=1e-12)


@given(POSITIONS)
@examples(20)
def test_value_at_risk_has_the_bits_of_the_function_of_metrics(positions):
    data = read(positions)
    found = LiquidityChecker().check(book_of(data))
    profits = data["scenarios"] * {name: data["units"][name] * data["prices"][name] for name in data["names"]}
    for place, name in enumerate(found.assets):
        assert found.value_at_risk[place] == value_at_risk(profits[name].to_numpy() / 2.0**40) * 2.0**40
    assert (np.array(found.value_at_risk).sum() >= found.book.value_at_risk) or len(positions) > 1


@pytest.mark.parametrize("participation", [0.1, 0.3, 0.07, 1 / 3])
def test_units_of_whole_days_take_these_days_whatever_the_rounding(participation):
    for volume in (1.0, 3.0, 7.0, 12_345.0, 1e-3, 1e9 + 1.0):
        for days in (1, 2, 3, 7, 10, 99, 1000):
            found = LiquidityChecker(participation).check(
                Book(
                    {"A": days * volume * participation},
                    {"A": 1.0},
                    average_volume={"A": volume},
                    volatility={"A": 0.01},
                )
            )
            assert found.whole_days == (float(days),)
            assert found.schedule()["A"].sum() == pytest.approx(days * volume * participation, rel=1e-13)


def test_the_inputs_are_not_changed_and_checkers_are_compared_by_value():
    data = read([(100, 1000, 4, 20, 1), (-50, 10, 8, 10, 2)])
    before = {name: each.copy() for name, each in data.items()}
    spreads = {"S0": 0.001, "S1": 0.002}
    checker = LiquidityChecker(half_spread=spreads)
    checker.check(book_of(data))
    assert all(str(data[name]) == str(before[name]) for name in data)
    assert checker == LiquidityChecker(half_spread={"S1": 0.002, "S0": 0.001})
    assert hash(checker) == hash(LiquidityChecker(half_spread={"S1": 0.002, "S0": 0.001}))
    assert checker != LiquidityChecker(half_spread=0.001)
    spreads["S0"] = 0.5
    assert checker.half_spread["S0"] == 0.001
    assert LiquidityChecker(horizons=[1, 2]) == LiquidityChecker(horizons=(1, 2))
