"""What is missing or mistaken is named as a user would look for it."""

import pandas as pd
import pytest

from riskresearch import UnifiedLimitChecker, pretrade, simulate
from riskresearch.core import ConventionWarning, InvalidInputError

PRICES = {"A": 100.0, "B": 50.0}


def explained(limit, order, **book):
    return UnifiedLimitChecker([limit]).check(order, pretrade.Book({"A": 60}, PRICES, **book)).explain()


def test_a_reason_names_each_missing_argument_once():
    limit = pretrade.PriceCollar(2, unit="volatility")
    text = explained(limit, {"asset": "A", "units": 1, "limit_price": 101.0}, nav=1e5)
    assert text.endswith("(needs prices, volatility)")


def test_a_limit_of_strategies_needs_their_units():
    limit = pretrade.PositionUnits(100, scope="strategy")
    assert explained(limit, {"asset": "A", "units": 1, "strategy": "s"}).endswith("(needs strategy_units)")


def test_a_misspelt_group_has_no_limit_and_the_reason_says_so():
    groups = {"sector": {"A": "tech", "B": "oil"}}
    text = explained(pretrade.GroupWeight({"teck": 0.1}), {"asset": "A", "units": 1}, nav=1e5, groups=groups)
    assert text.endswith('value=0.061, limit=unknown (needs a limit for it, or "*" for all that are not named)')


def test_headroom_tells_what_is_not_known_from_what_is_not_measured():
    checker = UnifiedLimitChecker([pretrade.Leverage(2), pretrade.OrderNotional(100)])
    book = pretrade.Book({"A": 60}, PRICES)
    assert checker.headroom(book).summary().splitlines()[1].split() == ["LEVERAGE", "unknown", "2", "-"]
    assert checker.headroom(book).summary().splitlines()[2].split() == ["ORDER_NOTIONAL", "-", "100", "-"]


def test_what_if_counts_what_is_not_known_as_broken_for_each_limit_of_the_book():
    limits = [pretrade.PositionWeight(0.1), pretrade.Leverage(2), pretrade.OrderNotional(100)]
    found = UnifiedLimitChecker(limits).what_if([{"asset": "A", "units": 5}], pretrade.Book({"A": 60}, PRICES))
    assert found.to_frame()["broken"].tolist() == [True, True, False]
    assert found.summary().splitlines()[3].split() == ["ORDER_NOTIONAL", "-", "-", "100"]


def test_a_book_prints_its_value_in_full():
    assert repr(pretrade.Book({"A": 60}, {"A": 100.0}, cash=1_713_000)) == "Book(1 asset, nav 1,719,000)"
    assert repr(pretrade.Book({"A": 60}, {"A": 100.0})) == "Book(1 asset, nav unknown)"


def test_a_frame_of_holdings_is_refused_with_any_number_of_rows():
    with pytest.raises(InvalidInputError, match="units must be a mapping or a Series by asset"):
        pretrade.Book(pd.DataFrame({"units": [1]}, index=["A"]), PRICES)


def test_weekdays_that_are_no_sequence_are_refused():
    with pytest.raises(InvalidInputError, match=r"weekdays must be a sequence of numbers .* got 5"):
        pretrade.Session("09:30", "16:00", weekdays=5)


def test_simulate_says_where_a_limit_of_orders_goes():
    prices = pd.DataFrame({"A": [1.0, 1.0]})
    with pytest.raises(InvalidInputError, match=r"limits=\[UnifiedLimitChecker\(\[\.\.\.\]\)\]"):
        simulate(prices, prices, limits=[pretrade.PositionWeight(0.1)])


def test_a_limit_prints_as_it_is_written():
    assert repr(pretrade.PositionWeight(0.1, warn=0.08)) == "PositionWeight(0.1, warn=0.08)"
    assert repr(pretrade.OrderRate(2, window=1, scope="strategy")) == "OrderRate(2, scope='strategy', window=1.0)"
    assert repr(pretrade.TradingStateLimit()) == "TradingStateLimit()"
    limit = pretrade.PositionUnits({"A": 5, "*": 3}, inclusive=True, name="desk")
    assert eval(repr(limit), vars(pretrade) | {"PositionUnits": pretrade.PositionUnits}) == limit


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: pretrade.PositionWeight(10), "deny of PositionWeight is 10, which is 1,000 %"),
        (lambda: pretrade.GroupWeight({"tech": 30, "*": 0.2}), r"30 % is 0\.3\."),
        (lambda: pretrade.Participation(2.5), r"2\.5 % is 0\.025"),
        (lambda: pretrade.PriceCollar(3), r"3 % is 0\.03"),
        (lambda: pretrade.ValueAtRisk(2), r"2 % is 0\.02"),
        (lambda: pretrade.MinimumTrade(50), "minimum of MinimumTrade is 50"),
        (lambda: pretrade.Leverage(100), r"100 % is 1\."),
    ],
)
def test_percent_in_the_place_of_a_fraction_warns_with_both_readings(make, text):
    with pytest.warns(ConventionWarning, match=text):
        make()


def test_sums_of_money_volatilities_and_limits_that_never_bind_are_no_percent():
    made = [
        pretrade.ValueAtRisk(50, denominator=None), pretrade.PriceCollar(3, unit="volatility"),
        pretrade.PositionWeight(1e9), pretrade.PositionWeight(4),
    ]  # fmt: skip
    assert [limit.deny for limit in made] == [50, 3, 1e9, 4]  # and no warning, which would be an error here
    assert pretrade.MinimumTrade(50, denominator=None).minimum == 50


def test_a_shock_below_a_loss_of_everything_is_refused():
    with pytest.raises(InvalidInputError, match=r"shocks\['\*'\] must be -1 or more, .* -20 % is -0\.2"):
        pretrade.StressLoss(0.1, shocks={"*": -20})


def test_a_misspelt_column_is_refused_and_another_one_is_left_alone():
    frame = pd.DataFrame({"asset": ["A"], "units": [5], "limit_prize": [900.0]})
    with pytest.raises(InvalidInputError, match=r"got 'limit_prize'\. Did you mean 'limit_price'\?"):
        pretrade.Orders.of(frame)
    assert pretrade.Orders.of(frame, rename={"limit_prize": "limit_price"}).limit_price[0] == 900.0
    assert pretrade.Orders.of(frame.rename(columns={"limit_prize": "strategy_id"})).limit_price is None


def test_the_remedy_for_a_missing_column_names_the_one_that_is_likely_meant():
    with pytest.raises(InvalidInputError, match=r"must have a column 'units'; .*, pass rename=\{'unit': 'units'\}"):
        pretrade.Orders.of({"asset": ["A"], "unit": [5]})
