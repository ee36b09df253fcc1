"""The book after a bar of a simulation has what its tables say, at the last known prices."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import UnifiedLimitChecker, pretrade, simulate
from riskresearch.accounts import Costs
from riskresearch.core import InvalidInputError

DATES = pd.bdate_range("2024-01-02", periods=6)
PRICES = pd.DataFrame(
    {"A": [10.0, 11.0, 12.0, 12.5, 12.0, 13.0], "B": [5.0, 5.5, np.nan, 6.0, 5.0, 5.0], "C": [3.0] * 6}, DATES
)
WEIGHTS = pd.DataFrame({"A": [0.5, 0.6, 0.4, 0.4, 0.2, 0.2], "B": [-0.2] * 6, "C": [0.1] * 6}, DATES)
RESULT = simulate(
    WEIGHTS, PRICES, accounts={"A": "one", "B": "one", "C": "two"}, capital=1000.0, missing_prices="hold", costs=0.001
)


@pytest.mark.parametrize("row", range(6))
def test_a_book_has_the_units_the_money_and_the_last_prices_of_its_bar(row):
    book = pretrade.Book.of(RESULT, row, account="one")
    assert book.assets == ("A", "B")
    np.testing.assert_array_equal(book.units, RESULT.units[["A", "B"]].iloc[row])
    np.testing.assert_array_equal(book.prices, PRICES[["A", "B"]].ffill().iloc[row])
    assert book.nav == RESULT.equity["one"].iloc[row]
    assert book.cash == RESULT.cash["one"].iloc[row]
    assert book.account == "one"
    assert book.time == DATES[row].as_unit("ns").value
    assert book.nav == pytest.approx(book.cash + (book.units * book.value).sum(), rel=1e-12)


def test_a_bar_is_given_by_number_from_either_end_or_by_its_date():
    last = pretrade.Book.of(RESULT, account="two")
    for row in (-1, 5, np.int64(5), "2024-01-09", DATES[5], DATES[5].to_pydatetime(), DATES.to_numpy()[5]):
        book = pretrade.Book.of(RESULT, row, account="two")
        np.testing.assert_array_equal(book.units, last.units)
        assert (book.nav, book.time) == (last.nav, last.time)


@pytest.mark.parametrize("row", [6, -7, True, 1.5, None, "2024-01-06", DATES[0].tz_localize("Asia/Tokyo")])
def test_a_bar_that_is_not_there_is_refused(row):
    with pytest.raises(InvalidInputError, match=r"row must be the number of a bar, from 0 to 5 .* or its date, got"):
        pretrade.Book.of(RESULT, row, account="one")


def test_the_account_is_named_where_there_are_several():
    with pytest.raises(InvalidInputError, match=r"one of the 2 accounts, got none\. Pass account='one'"):
        pretrade.Book.of(RESULT, 1)
    with pytest.raises(InvalidInputError, match="account must be one of 'one', 'two', got 'three'"):
        pretrade.Book.of(RESULT, 1, account="three")
    with pytest.raises(InvalidInputError, match="result must be what simulate returned"):
        pretrade.Book.of(PRICES, 1)


def test_volumes_of_the_simulation_and_further_arguments_are_in_the_book():
    volume = PRICES.notna() * 1e5
    result = simulate(
        WEIGHTS, PRICES, accounts=None, capital=1000.0, missing_prices="hold", costs=Costs(impact=0.1),
        average_volume=volume, volatility=volume * 0.0 + 0.02,
    )  # fmt: skip
    book = pretrade.Book.of(result, 3, groups={"sector": {"A": "x", "B": "x", "C": "y"}})
    np.testing.assert_array_equal(book.average_volume, [1e5] * 3)
    np.testing.assert_array_equal(book.volatility, [0.02] * 3)
    verdict = UnifiedLimitChecker([pretrade.GroupWeight(0.5), pretrade.Participation(0.01)]).check(
        {"asset": "A", "units": 1001.0}, book
    )
    assert verdict.codes == ("GROUP", "PARTICIPATION")
