"""Missing data fail closed and are named; what cannot be is refused with the rule, the value and the remedy."""

import copy
import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.plots import blank_axes
from riskresearch.pretrade import Book, LiquidityChecker
from tests.examples import examples

INF, NAN = math.inf, math.nan
GIVEN = {
    "prices": {"A": 20.0, "B": 10.0},
    "average_volume": {"A": 12_000.0, "B": 20_000.0},
    "volatility": {"A": 0.02, "B": 0.04},
}


def book_of(**changes):
    given = {**GIVEN, **changes}
    return Book(given.pop("units", {"A": 3000.0, "B": -500.0}), given.pop("prices"), **given)


@pytest.mark.parametrize("bad", [None, NAN, INF, 0.0, -5.0])
@pytest.mark.parametrize(
    ("name", "lacks"), [("prices", "price"), ("average_volume", "average_volume"), ("volatility", "volatility")]
)
def test_a_position_that_lacks_a_number_counts_as_not_liquidatable_and_is_named(name, lacks, bad):
    kept = {"B": GIVEN[name]["B"]}
    found = LiquidityChecker(half_spread=0.001, impact_error=0.1).check(
        book_of(**{name: kept if bad is None else {"A": bad, **kept}})
    )
    place = found.assets.index("A")
    assert found.missing[place] == (lacks,)
    for numbers in (
        found.participation,
        found.days,
        found.whole_days,
        found.impact,
        found.impact_upper,
        found.spread_cost,
    ):
        assert numbers[place] == INF
    assert found.to_frame().loc["A", ["liquidated_1", "liquidated_20", "missing"]].tolist() == [0.0, 0.0, lacks]
    assert f"No {lacks} of 'A'." in found.summary()
    assert "counts as not liquidatable" in found.summary()
    assert (found.schedule()["A"] == 0.0).all()
    assert found.schedule()["B"].sum() == -500.0
    for numbers in (found.book.participation, found.book.days, found.book.impact, found.book.impact_upper):
        assert numbers == INF
    assert found.liquidatable.days == 0.25
    assert found.liquidatable.positions == 1
    share = 0.0 if name == "prices" else 5000.0 / 65_000.0
    assert found.book.liquidated == (share, share, share)


def test_a_currency_without_a_rate_leaves_the_position_without_a_price():
    book = book_of(currencies={"A": "EUR", "B": "USD"}, rates={"USD": 1.0})
    found = LiquidityChecker().check(book)
    assert dict(zip(found.assets, found.missing, strict=True)) == {"A": ("price",), "B": ()}


def test_without_an_impact_no_volatility_is_needed():
    book = book_of(volatility=None)
    assert LiquidityChecker().check(book).book.days == INF
    assert "impact_coefficient=0 needs none." in LiquidityChecker().check(book).summary()
    found = LiquidityChecker(impact_coefficient=0.0).check(book)
    assert (found.days, found.impact, found.book.impact) == ((2.5, 0.25), (0.0, 0.0), 0.0)


def test_a_spread_or_a_cap_that_is_not_named_is_missing_too():
    found = LiquidityChecker({"A": 0.1}, half_spread={"B": 0.001}, half_spread_deviation={"A": 0.0}).check(book_of())
    assert found.missing == (("half_spread",), ("max_participation", "half_spread_deviation"))
    assert found.book.spread_cost == INF
    assert LiquidityChecker(half_spread={"A": NAN, "B": None}) == LiquidityChecker(half_spread={})
    assert LiquidityChecker(half_spread={"A": NAN, "B": 0.1}).check(book_of()).missing == (("half_spread",), ())
    rest = LiquidityChecker({"A": 0.1, "*": 0.2}, half_spread={"*": 0.001}).check(book_of())
    assert (rest.cap, rest.spread_cost) == ((1200.0, 4000.0), (60.0, 5.0))


def test_nothing_held_lacks_nothing():
    book = Book({"A": 0.0, "B": 5.0}, {"B": 1.0}, average_volume={"B": 100.0}, volatility={"B": 0.01})
    found = LiquidityChecker().check(book)
    assert found.missing == ((), ())
    assert found.book.days == 0.5


def test_a_return_that_is_missing_makes_value_at_risk_infinite_and_is_named():
    scenarios = pd.DataFrame({"A": [0.01, NAN, -0.02], "B": [0.01, 0.0, -0.01]})
    for returns in (scenarios, scenarios[["B"]]):
        found = LiquidityChecker().check(book_of(scenarios=returns))
        assert found.value_at_risk == (INF, 50.0 * 1.0)
        assert found.book.value_at_risk == found.book.liquidity_adjusted_var == INF
        assert found.missing == ((), ())
        assert "No return of 'A' in some scenario: their VaR is infinite." in found.summary()
    sold = LiquidityChecker().check(book_of(units={"A": 0.0, "B": -500.0}, scenarios=scenarios))
    assert sold.book.value_at_risk == 50.0


def test_without_scenarios_there_is_no_value_at_risk_and_the_summary_says_so():
    found = LiquidityChecker().check(book_of())
    assert (found.value_at_risk, found.book.liquidity_adjusted_var) == (None, None)
    assert found.to_frame()["liquidity_adjusted_var"].isna().all()
    assert "The book has no scenarios, so there is no VaR." in found.summary()


def test_a_volume_so_small_that_days_cannot_be_counted_is_missing():
    found = LiquidityChecker().check(book_of(average_volume={"A": 1e-308, "B": 20_000.0}))
    assert found.missing[0] == ("average_volume",)
    assert found.book.days == INF


def test_a_schedule_too_long_to_be_shown_is_refused_and_its_first_days_are_not():
    found = LiquidityChecker().check(book_of(average_volume={"A": 1e-6, "B": 20_000.0}))
    with pytest.raises(InvalidInputError, match=r"days must be given for a schedule of 30,000,000,000 days and 2 as"):
        found.schedule()
    with pytest.raises(InvalidInputError, match=r"days must be given for a schedule of 10,000,000 days"):
        found.schedule(10_000_000)
    with pytest.raises(InvalidInputError, match=r"days must be a whole number of at least 1, got 0"):
        found.schedule(0)
    assert found.schedule(5)["B"].tolist() == [-500.0, 0.0, 0.0, 0.0, 0.0]
    assert found.schedule(5)["A"].tolist() == pytest.approx([1e-7] * 5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_participation": 10}, r"max_participation must be in \(0, 1\], got 10\. It is a fraction: 2\.5 %"),
        ({"max_participation": 0.0}, r"max_participation must be in \(0, 1\], got 0\.0"),
        ({"max_participation": -0.1}, r"max_participation must be in \(0, 1\], got -0\.1"),
        ({"max_participation": NAN}, r"max_participation must be a finite number, got nan"),
        ({"max_participation": None}, r"max_participation must be a finite number, got None"),
        ({"max_participation": True}, r"max_participation must be a finite number, got True"),
        ({"max_participation": "10%"}, r"max_participation must be a finite number, got '10%'"),
        ({"max_participation": {"A": 5}}, r"max_participation of 'A' must be in \(0, 1\], got 5"),
        ({"impact_coefficient": -1.0}, r"impact_coefficient must not be negative, got -1\.0"),
        ({"impact_coefficient": None}, r"impact_coefficient must be a finite number, got None"),
        ({"impact_error": -0.1}, r"impact_error must not be negative, got -0\.1"),
        ({"impact_error": INF}, r"impact_error must be a finite number, got inf"),
        ({"impact_of": "order"}, r"impact_of must be one of 'position', 'day', got 'order'"),
        ({"half_spread": 5.0}, r"half_spread must be a fraction of the price from 0 to below 1, got 5\.0\. Five basis"),
        ({"half_spread": {"A": -0.1}}, r"half_spread of 'A' must be a fraction of the price from 0 to below 1, got"),
        ({"half_spread": {"0": 0.1, 0: 0.2}}, r"half_spread must have keys that differ as text"),
        ({"half_spread": [0.1]}, r"half_spread must be a finite number, got \[0\.1\]"),
        ({"half_spread_deviation": 0.1}, r"half_spread must be given with half_spread_deviation, got None"),
        ({"adjustment": "exogenous"}, r'half_spread must be given with adjustment="exogenous", got None'),
        ({"adjustment": "none"}, r"adjustment must be one of 'both', 'exogenous', 'endogenous', got 'none'"),
        ({"spread_multiple": -1.0}, r"spread_multiple must not be negative, got -1\.0"),
        ({"level": 95}, r"level must be in \(0\.5, 1\), got 95"),
        ({"confidence": 95}, r"confidence must be in \(0, 1\), got 95"),
        ({"horizons": []}, r"horizons must be a list of one or more numbers of days, got \[\]"),
        ({"horizons": 5}, r"horizons must be a list of one or more numbers of days, got 5"),
        ({"horizons": [5, 1]}, r"horizons must rise from one to the next, got \[5, 1\]"),
        ({"horizons": [0.5]}, r"horizons must be a whole number of at least 1, got 0\.5"),
        ({"max_age": {"price": 1.0}}, r"max_age must be one of .*, got 'price'\. Did you mean 'prices'"),
        ({"max_age": -1.0}, r"max_age\['prices'\] must be positive, got -1\.0"),
        ({"participation": 0.1}, r"LiquidityChecker has no argument 'participation'.*max_participation"),
        ({"spread": 0.1}, r"half_spread=spread / 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(InvalidInputError, match=message):
        LiquidityChecker(**options)


@pytest.mark.parametrize("given", [None, {"A": 1.0}, pd.Series({"A": 1.0}), 5, "book"])
def test_only_a_book_is_checked(given):
    with pytest.raises(
        InvalidInputError, match=r"book must be a pretrade\.Book, got .* Book\(units, prices\) makes one"
    ):
        LiquidityChecker().check(given)


def test_units_that_were_probably_meant_otherwise_warn_with_both_readings():
    with pytest.warns(ConventionWarning, match=r"volatility of the median position is 0\.4, and should be that of"):
        LiquidityChecker().check(book_of(volatility={"A": 0.4, "B": 0.4}))
    with pytest.warns(ConventionWarning, match=r"impact_coefficient is a coefficient near 1: at 50"):
        LiquidityChecker(impact_coefficient=50)


def test_a_series_of_spreads_and_pickling():
    checker = LiquidityChecker(half_spread=pd.Series({"A": 0.001, "B": 0.002}), horizons=[2])
    found = checker.check(book_of())
    assert found.spread_cost == (60.0, 10.0)
    assert pickle.loads(pickle.dumps(checker)) == copy.deepcopy(checker) == checker
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert repr(found) == "BookLiquidity(2 positions, days=2.5, impact=631.623)"
    assert hash(found) == hash(again)


NUMBERS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -0.0, 1e308, 1e-308, 5e-324, 1.0, NAN, INF, 2**53 + 1.0]),
)


@pytest.mark.filterwarnings("ignore:volatility of the median position")
@given(*(st.lists(NUMBERS, min_size=3, max_size=3) for _ in range(4)), st.floats(1e-300, 1.0))
@examples(80)
def test_no_number_makes_it_crash_or_pass_in_silence(units, prices, volumes, volatilities, participation):
    names = ["A", "B", "C"]
    scenarios = pd.DataFrame(np.random.default_rng(0).normal(0.0, 0.02, (30, 3)), columns=names)
    given = (dict(zip(names, numbers, strict=True)) for numbers in (units, prices, volumes, volatilities))
    held, quoted, traded, moves = given
    book = Book(held, quoted, average_volume=traded, volatility=moves, scenarios=scenarios)
    checker = LiquidityChecker(participation, half_spread=0.001, impact_error=0.1)
    found = checker.check(book)
    for asset, size, days, impact, cost, missing in zip(
        found.assets, found.units, found.days, found.impact, found.spread_cost, found.missing, strict=True
    ):
        numbers = (abs(held[asset]), quoted[asset], traded[asset], moves[asset])
        known = all(each > 0.0 and math.isfinite(each) for each in numbers)
        if size == 0.0:
            assert (days, impact, cost, missing) == (0.0, 0.0, 0.0, ())
        elif not known:
            assert (days, impact, cost) == (INF, INF, INF)
            assert missing
        assert days >= 0.0
        assert impact >= 0.0
    totals = (found.book, found.liquidatable)
    assert not any(
        math.isnan(number) for each in totals for number in (each.days, each.impact, each.liquidity_adjusted_var)
    )
    assert all(0.0 <= share <= 1.0 for each in totals for share in each.liquidated)
    assert "nan" not in found.summary()
    assert found.schedule(3).shape == (3, 3)


def test_money_beyond_a_double_is_infinite_and_not_a_crash():
    scenarios = pd.DataFrame({"A": [3.0, -0.5, 0.1], "B": [3.0, -0.5, 0.1]})
    book = book_of(units={"A": 1e154, "B": -1e154}, prices={"A": 1.7e154, "B": 1.7e154}, scenarios=scenarios)
    found = LiquidityChecker(half_spread=0.001).check(book)
    assert found.value_at_risk == (INF, INF)
    assert (found.book.value, found.book.value_at_risk, found.book.impact) == (INF, INF, INF)
    assert found.book.liquidated == (0.0, 0.0, 0.0)
    assert found.summary()


@pytest.mark.parametrize("rate", [-1.2, 0.0, NAN, INF])
def test_a_rate_of_a_currency_that_is_not_positive_is_missing(rate):
    book = book_of(currencies={"A": "EUR"}, rates={"EUR": rate})
    found = LiquidityChecker().check(book)
    assert found.missing[0] == ("price",)
    assert found.book.impact == INF


def test_numbers_that_are_too_old_or_of_unknown_age_are_missing():
    checker = LiquidityChecker(max_age={"average_volume": 60.0, "prices": 5.0})
    ages = {"average_volume": {"A": 61.0, "B": 60.0}, "prices": 5.0}
    found = checker.check(book_of(ages=ages))
    assert found.missing == (("average_volume",), ())
    assert "too old counts as missing: average_volume after 60 seconds, prices after 5 seconds" in found.summary()
    assert checker.check(book_of(ages={"average_volume": 1.0})).missing == (("price",), ("price",))
    assert LiquidityChecker(max_age=5).check(book_of(ages={"prices": 5.0})).missing == ((), ())
    assert checker == LiquidityChecker(max_age={"prices": 5.0, "average_volume": 60.0})
    aged = LiquidityChecker(max_age={"units": 1.0}).check(book_of())
    assert aged.missing == (("units",), ("units",))
    assert (aged.book.days, aged.book.liquidated) == (INF, (0.0, 0.0, 0.0))
    assert aged.summary()
    assert aged.schedule(2).to_numpy().tolist() == [[0.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("name", ["scenarios", "nav"])
def test_scenarios_and_net_asset_value_that_are_too_old_are_not_known(name):
    scenarios = pd.DataFrame({"A": [0.01, -0.02], "B": [0.0, 0.01]})
    found = LiquidityChecker(max_age={name: 1.0}).check(book_of(scenarios=scenarios, nav=1e6, ages={name: 2.0}))
    assert (found.value_at_risk is None) == (name == "scenarios")
    assert (found.nav is None) == (name == "nav")
    assert found.missing == ((), ())


def test_a_book_of_nothing_and_one_of_which_nothing_can_be_sold_are_drawn():
    empty = LiquidityChecker().check(Book({}, {})).plot(ax=blank_axes()).get_lines()[0]
    assert set(empty.get_ydata()) == {100.0}
    stuck = LiquidityChecker().check(book_of(average_volume=None)).plot(ax=blank_axes()).get_lines()[0]
    assert set(stuck.get_ydata()) == {0.0}
    unpriced = LiquidityChecker().check(book_of(prices={"A": 20.0})).plot(ax=blank_axes()).get_lines()[0]
    assert set(unpriced.get_ydata()) == {0.0}
