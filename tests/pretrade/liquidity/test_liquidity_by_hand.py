"""Liquidity of a book: numbers worked by hand, and published ones. Each test says where its numbers come from."""

import math
import re

import numpy as np
import pandas as pd
import pytest

from riskresearch.plots import blank_axes
from riskresearch.pretrade import Book, LiquidityChecker

UNITS = {"A": 3000.0, "B": -500.0, "C": 0.0}
PRICES = {"A": 20.0, "B": 10.0, "C": 7.0}
VOLUMES = {"A": 12_000.0, "B": 20_000.0, "C": 5.0}
VOLATILITIES = {"A": 0.02, "B": 0.04, "C": 0.01}


def book_of(**changes):
    given = {"average_volume": VOLUMES, "volatility": VOLATILITIES, **changes}
    return Book(given.pop("units", UNITS), given.pop("prices", PRICES), **given)


def returns_of(rows):
    return pd.DataFrame(rows, columns=["A", "B", "C"])


SCENARIOS = returns_of([(-0.05, 0.01, 0.0), (0.02, 0.06, 0.0), (-0.01, -0.02, 0.0), (0.03, 0.0, 0.0), (0.0, 0.01, 0.0)])


def test_days_participation_and_shares_of_each_position():
    # A: 10 % of 12,000 is 1,200 a day, 3,000 / 1,200 = 2.5 days. B: 2,000 a day, 500 / 2,000 = 0.25 days.
    found = LiquidityChecker(max_participation=0.1, horizons=[1, 2, 3]).check(book_of())
    assert found.assets == ("A", "B", "C")
    assert found.participation == (0.25, 0.025, 0.0)
    assert found.cap == (1200.0, 2000.0, 0.0)
    assert found.days == (2.5, 0.25, 0.0)
    assert found.whole_days == (3.0, 1.0, 0.0)
    frame = found.to_frame()
    assert frame["liquidated_1"].tolist() == [0.4, 1.0, 1.0]
    assert frame["liquidated_2"].tolist() == [0.8, 1.0, 1.0]
    assert frame["liquidated_3"].tolist() == [1.0, 1.0, 1.0]


def test_days_participation_and_shares_of_the_book():
    # Values 60,000 and 5,000; traded a day 12,000 * 20 + 20,000 * 10 = 440,000. After a day 0.4 * 60,000 + 5,000.
    book = LiquidityChecker(max_participation=0.1, horizons=[1, 2, 3]).check(book_of()).book
    assert (book.positions, book.value, book.days, book.whole_days) == (2, 65_000.0, 2.5, 3.0)
    assert book.participation == 65_000.0 / 440_000.0
    assert book.liquidated == (29_000.0 / 65_000.0, 53_000.0 / 65_000.0, 1.0)


def test_impact_of_each_position_and_of_the_book():
    # A: 0.02 * sqrt(0.25) * 60,000 = 600. B: 0.04 * sqrt(0.025) * 5,000 = 200 * 0.15811388300841897.
    found = LiquidityChecker(max_participation=0.1).check(book_of())
    assert found.impact[0] == 600.0
    assert found.impact[1] == pytest.approx(31.622776601683793, rel=1e-15)
    assert found.impact[2] == 0.0
    assert found.book.impact == pytest.approx(631.6227766016838, rel=1e-15)


def test_impact_of_what_is_sold_on_each_day():
    # A: two days of 1,200 units, 24,000 of money, 0.02 * sqrt(0.1) of it, and 600 units, 12,000, 0.02 * sqrt(0.05).
    found = LiquidityChecker(max_participation=0.1, impact_of="day").check(book_of())
    by_hand = 2.0 * 24_000.0 * 0.02 * math.sqrt(0.1) + 12_000.0 * 0.02 * math.sqrt(0.05)
    assert found.impact[0] == pytest.approx(by_hand, rel=1e-14)
    # B is sold within a day, so both conventions are one.
    assert found.impact[1] == LiquidityChecker(max_participation=0.1).check(book_of()).impact[1]


def test_the_interval_is_that_of_the_coefficient_and_common_to_all_positions():
    # The normal quantile of a 95 % interval is 1.959963984540054: 1 -+ 0.1 * 1.96 times the impact.
    found = LiquidityChecker(impact_error=0.1).check(book_of())
    reach = 0.1959963984540054
    assert found.impact_lower[0] == pytest.approx(600.0 * (1.0 - reach), rel=1e-14)
    assert found.impact_upper[0] == pytest.approx(600.0 * (1.0 + reach), rel=1e-14)
    assert found.book.impact_lower == pytest.approx(found.book.impact * (1.0 - reach), rel=1e-14)
    assert found.book.impact_upper == pytest.approx(found.book.impact * (1.0 + reach), rel=1e-14)


def test_a_wide_error_has_a_negative_lower_bound_which_is_not_floored():
    found = LiquidityChecker(impact_error=1.0).check(book_of())
    assert found.book.impact_lower < 0.0 < found.book.impact_upper


def test_without_an_error_there_is_no_interval_and_the_summary_says_so():
    found = LiquidityChecker().check(book_of())
    assert found.impact_lower is None
    assert found.book.impact_upper is None
    assert found.to_frame()["impact_lower"].isna().all()
    assert "impact_error is not given, so it has no interval." in found.summary()


def test_the_spread_cost_is_half_of_the_spread_of_the_value_long_or_short():
    found = LiquidityChecker(half_spread={"A": 0.001, "B": 0.002, "C": 0.5}).check(book_of())
    assert found.spread_cost == (60.0, 10.0, 0.0)
    assert found.book.spread_cost == 70.0
    assert LiquidityChecker(half_spread=0.001).check(book_of()).spread_cost == (60.0, 5.0, 0.0)


def test_value_at_risk_with_both_terms():
    # P&L of the book: 60,000 a - 5,000 b by scenario: -3,050, 900, -500, 1,800, -50. At 70 % the loss of rank 4 of 5.
    # A alone: -3,000, 1,200, -600, 1,800, 0; B alone: -50, -300, 100, 0, -50.
    checker = LiquidityChecker(half_spread=0.001, half_spread_deviation=0.0005, spread_multiple=2.0, level=0.7)
    found = checker.check(book_of(scenarios=SCENARIOS))
    assert found.value_at_risk == pytest.approx((600.0, 50.0, 0.0), rel=1e-12)
    assert found.book.value_at_risk == pytest.approx(500.0, rel=1e-12)
    # (0.001 + 2 * 0.0005) of 60,000 and of 5,000.
    assert found.spread_term == (120.0, 10.0, 0.0)
    assert found.liquidity_adjusted_var[0] == pytest.approx(600.0 + 120.0 + 600.0, rel=1e-12)
    assert found.book.liquidity_adjusted_var == pytest.approx(500.0 + 130.0 + 631.6227766016838, rel=1e-12)


@pytest.mark.parametrize(
    ("adjustment", "added"), [("exogenous", 65.0), ("endogenous", 631.6227766016838), ("both", 696.6227766016838)]
)
def test_the_adjustment_chooses_what_is_added_to_value_at_risk(adjustment, added):
    checker = LiquidityChecker(half_spread=0.001, adjustment=adjustment, level=0.7)
    book = checker.check(book_of(scenarios=SCENARIOS)).book
    assert book.liquidity_adjusted_var == pytest.approx(500.0 + added, rel=1e-12)


def test_a_constant_spread_as_in_the_textbook():
    # Dowd's constant spread, as taught for the FRM: a price of 100, VaR of 1.65 deviations of 2 %, a spread of 1 %:
    # 3.30 + 0.5 * 100 * 1 % = 3.80. The scenarios are such that the worst but one loses 3.3 %.
    scenarios = pd.DataFrame({"ABC": [-0.04, -0.033, *([0.0] * 18)]})
    book = Book({"ABC": 1.0}, {"ABC": 100.0}, average_volume={"ABC": 1e6}, scenarios=scenarios)
    checker = LiquidityChecker(impact_coefficient=0.0, half_spread=0.005, adjustment="exogenous", level=0.95)
    assert checker.check(book).book.liquidity_adjusted_var == pytest.approx(3.8, rel=1e-12)


def test_a_stressed_spread_as_in_the_textbook():
    # Hull, Risk Management and Financial Institutions, liquidity risk: 100 shares bid 50, offer 60, and 200 bid 25,
    # offer 35; spreads have mean 10 and deviation 3. At 99 % (2.326 deviations) each share costs (10 + 2.326 * 3) / 2.
    mids, units = {"A": 55.0, "B": 30.0}, {"A": 100.0, "B": 200.0}
    book = Book(units, mids, average_volume=dict.fromkeys(units, 1e6))
    checker = LiquidityChecker(
        impact_coefficient=0.0,
        half_spread={asset: 5.0 / mid for asset, mid in mids.items()},
        half_spread_deviation={asset: 1.5 / mid for asset, mid in mids.items()},
        spread_multiple=2.326,
    )
    assert checker.check(book).book.spread_term == pytest.approx(300.0 * 8.489, rel=1e-12)
    assert checker.check(book).book.spread_cost == pytest.approx(300.0 * 5.0, rel=1e-12)


def test_money_is_in_the_currency_of_the_book():
    # 100 units at 50 euros, 1.2 dollars each, and 10 contracts at 40 with 25 dollars a point.
    book = Book(
        {"E": 100.0, "F": -10.0},
        {"E": 50.0, "F": 40.0},
        average_volume={"E": 2500.0, "F": 40.0},
        volatility={"E": 0.02, "F": 0.02},
        currencies={"E": "EUR", "F": "USD"},
        rates={"EUR": 1.2, "USD": 1.0},
        multipliers={"F": 25.0},
    )
    found = LiquidityChecker(half_spread=0.01).check(book)
    assert found.value == (6000.0, -10_000.0)
    assert found.spread_cost == (60.0, 100.0)
    assert found.impact == pytest.approx((6000.0 * 0.02 * 0.2, 10_000.0 * 0.02 * 0.5), rel=1e-14)
    assert found.days == (0.4, 2.5)


def test_the_cap_may_differ_by_asset():
    found = LiquidityChecker({"A": 0.25, "B": 0.1, "C": 0.1}).check(book_of())
    assert found.days == (1.0, 0.25, 0.0)
    assert "at most the stated part of an asset's average volume" in found.summary()


def test_a_book_of_nothing_and_a_book_of_zero_positions_are_liquidated_at_once():
    for book in (Book({}, {}), Book({"A": 0.0}, {"A": 1.0}), Book({"A": 0.0}, {})):
        found = LiquidityChecker(half_spread=0.01, impact_error=0.1).check(book)
        assert (found.book.positions, found.book.value, found.book.participation) == (0, 0.0, 0.0)
        assert (found.book.days, found.book.whole_days, found.book.liquidated) == (0.0, 0.0, (1.0, 1.0, 1.0))
        assert (found.book.impact, found.book.impact_upper, found.book.spread_cost) == (0.0, 0.0, 0.0)
        assert found.book.value_at_risk is None
        assert found.schedule().shape == (0, len(found.assets))
        assert found.summary()
        assert not found.missing or found.missing == ((),)
    held = book_of(units={"A": 0.0}, scenarios=SCENARIOS)
    assert LiquidityChecker().check(held).book.value_at_risk == 0.0


def test_the_figure_ends_with_everything_liquidated_and_stays_below_where_something_cannot_be():
    for units, last in ((UNITS, 100.0), ({**UNITS, "D": 1000.0}, 100.0 * 65_000.0 / 66_000.0)):
        found = LiquidityChecker(horizons=[1]).check(book_of(units=units, prices={**PRICES, "D": 1.0}))
        axes = found.plot(ax=blank_axes())
        line = axes.get_lines()[0]
        assert np.asarray(line.get_ydata())[[0, -1]] == pytest.approx([0.0, last])
        assert axes.get_xlabel() == "Trading days"


def test_the_summary_names_its_conventions():
    checker = LiquidityChecker(
        0.2, impact_coefficient=0.8, impact_error=0.05, half_spread=0.001, half_spread_deviation=1e-4
    )
    text = checker.check(book_of(scenarios=SCENARIOS)).summary()
    for words in (
        "at most 20% of an asset's average volume",
        "coefficient 0.8 +- 0.05 x daily volatility",
        "each position is one order",
        "half of the mean spread and 3 deviations of it (exogenous; Bangia and others, 1999)",
        "historical VaR at 95% over 5 scenarios of one period",
    ):
        assert words in text
    other = LiquidityChecker(impact_of="day", half_spread=0.001, adjustment="endogenous")
    text = other.check(book_of(scenarios=SCENARIOS)).summary()
    assert "each day's units are one order" in text
    assert "exogenous" not in text


def test_the_twenty_least_liquid_positions_are_shown_and_the_others_counted():
    names = [f"S{number:02}" for number in range(30)]
    book = Book(
        {name: 100.0 * (place + 1) for place, name in enumerate(names)},
        dict.fromkeys(names, 5.0),
        average_volume=dict.fromkeys(names, 1000.0),
        volatility=dict.fromkeys(names, 0.01),
    )
    text = LiquidityChecker().check(book).summary()
    assert "S29" in text
    assert "S09" not in text
    assert "10 more liquid positions in to_frame()." in text


def test_the_adjusted_value_at_risk_is_shown_as_a_part_of_net_asset_value_where_that_is_known():
    checker = LiquidityChecker(half_spread=0.001, adjustment="exogenous", level=0.7)
    text = checker.check(book_of(scenarios=SCENARIOS, cash=1500.0)).summary()
    # 565 of a net asset value of 60,000 - 5,000 + 1,500 is 1 %.
    assert re.search(r"\.\.\. of net asset value +1\.0%\n", text)
    assert "net asset value" not in checker.check(book_of(scenarios=SCENARIOS)).summary()
