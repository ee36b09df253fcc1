"""Prices to returns and back, portfolios of constant weights, growth per year."""

import math
import warnings
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

import riskresearch
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.datasets import load
from riskresearch.metrics import annual_return, portfolio_returns, simple_returns, volatility, wealth_index
from tests.reference import published
from tests.samples import fat_tailed, of_any_size, returns_arrays

PRICES = hnp.arrays(np.float64, st.tuples(st.integers(2, 40), st.integers(1, 4)), elements=st.floats(0.01, 1e6))
DATES = pd.date_range("2024-01-01", periods=4, freq="B")
FRAME = pd.DataFrame({"a": [0.02, 0.0, -0.01, 0.04], "b": [0.0, -0.04, 0.03, 0.02]}, index=DATES)


# --- prices to returns and back


def test_returns_by_hand():
    assert simple_returns([100.0, 110.0, 99.0, 99.0]) == pytest.approx([0.1, -0.1, 0.0], rel=1e-12)
    assert simple_returns([1, 2, 1]).tolist() == [1.0, -0.5]


def test_returns_of_the_index_equal_pandas_own():
    prices = load("index_sp500")["close"]
    pd.testing.assert_series_equal(simple_returns(prices), prices.pct_change().iloc[1:], rtol=1e-12, check_freq=False)


@of_any_size
@given(PRICES)
def test_prices_to_returns_to_wealth_gives_the_prices_back(prices):
    returns = simple_returns(prices)
    for column in range(prices.shape[1]):
        back = wealth_index(returns[:, column], start=float(prices[0, column]))
        # A step rounds the ratio q, q - 1 (by an ulp of 1, which is 1 / q in units of q), 1 + r and the product.
        ratios = prices[1:, column] / prices[:-1, column]
        bound = 2.0**-53 * np.cumsum(5.0 + 2.0 / ratios)
        assert (np.abs(back / prices[1:, column] - 1.0) <= bound).all()


@given(returns_arrays())
def test_wealth_equals_the_exact_product(returns):
    wealth = wealth_index(returns, start=250.0)
    for column in range(returns.shape[1]):
        exact = Fraction(250)
        for row in range(len(returns)):
            exact *= 1 + Fraction(float(returns[row, column]))
            assert wealth[row, column] == pytest.approx(float(exact), rel=4e-16 * (row + 3))


@given(PRICES, st.sampled_from([0.25, 2.0, 1024.0]))
def test_the_unit_of_prices_is_irrelevant(prices, unit):
    assert (simple_returns(prices * unit) == simple_returns(prices)).all()


@pytest.mark.parametrize(("price", "shown"), [(0.0, "0"), (-5.0, "-5")])
def test_prices_of_zero_and_less_are_refused_by_their_place(price, shown):
    frame = pd.DataFrame({"AAPL": [100.0, 101.0], "MSFT": [50.0, price]}, index=DATES[:2])
    with pytest.raises(
        InvalidInputError, match=rf"prices must be positive, got {shown} at 2024-01-02 in column 'MSFT'"
    ):
        simple_returns(frame)


def test_returns_taken_for_prices_are_refused_with_the_remedy():
    with pytest.raises(InvalidInputError, match=r"If these are returns already, use them as they are"):
        simple_returns([0.01, -0.02])


def test_the_move_over_a_gap_is_that_of_its_end():
    with pytest.warns(ConventionWarning, match=r"1 return spans missing prices, the first at row 2"):
        result = simple_returns([100.0, np.nan, 121.0, 110.0], nan_policy="omit")
    assert np.isnan(result).tolist() == [True, False, False]
    assert result[1:].tolist() == [121.0 / 100.0 - 1.0, 110.0 / 121.0 - 1.0]


def test_wealth_compounds_over_a_gap():
    result = wealth_index([0.1, np.nan, 0.1], start=100.0, nan_policy="omit")
    assert result == pytest.approx([110.0, math.nan, 121.0], rel=1e-15, nan_ok=True)


@pytest.mark.parametrize("start", [0, -1.0])
def test_wealth_starts_above_zero(start):
    with pytest.raises(InvalidInputError, match=r"start must be positive, got "):
        wealth_index([0.1], start=start)


def test_everything_lost_stays_lost():
    assert wealth_index([0.5, -1.0, 3.0]).tolist() == [1.5, 0.0, 0.0]


# --- portfolios


@pytest.mark.parametrize(
    "weights",
    [{"b": 0.75, "a": 0.25}, pd.Series({"b": 0.75, "a": 0.25}), [0.25, 0.75], np.array([0.25, 0.75]), (0.25, 0.75)],
    ids=["mapping", "Series", "list", "array", "tuple"],
)
def test_weights_of_every_kind_give_the_hand_made_returns(weights):
    result = portfolio_returns(FRAME, weights=weights)
    assert result.name == "portfolio"
    pd.testing.assert_index_equal(result.index, DATES)
    assert result.to_numpy() == pytest.approx([0.005, -0.03, 0.02, 0.025], rel=1e-15)


def test_weights_of_a_polars_frame_may_be_named_or_in_order():
    frame = pl.DataFrame({"date": DATES.to_numpy().astype("M8[D]"), **{name: FRAME[name].to_numpy() for name in FRAME}})
    by_name = portfolio_returns(frame, weights={"b": 0.75, "a": 0.25})
    assert isinstance(by_name, pl.Series)
    assert by_name.to_list() == portfolio_returns(FRAME, weights=[0.25, 0.75]).tolist()
    assert by_name.equals(portfolio_returns(frame, weights=pl.Series([0.25, 0.75])))


def test_columns_that_are_numbers_are_named_by_them():
    frame = pd.DataFrame([[0.02, 0.04]], columns=[2023, 2024])
    assert portfolio_returns(frame, weights={2024: 0.75, 2023: 0.25}).tolist() == [pytest.approx(0.035, rel=1e-15)]


@given(returns_arrays(), st.data())
def test_a_portfolio_is_the_exactly_rounded_weighted_sum(returns, data):
    raw = data.draw(st.lists(st.integers(-3, 9), min_size=returns.shape[1], max_size=returns.shape[1]))
    weights = np.array(raw) / sum(raw) if sum(raw) > 0 else np.full(len(raw), 1.0 / len(raw))
    result = portfolio_returns(returns, weights=weights)
    for row, earned in zip(returns, result, strict=True):
        assert earned == pytest.approx(math.fsum(row * weights), rel=1e-15, abs=1e-300)


@given(returns_arrays(max_columns=4), st.integers(0, 10), st.integers(1, 30))
def test_neither_layout_nor_the_number_of_rows_changes_a_bit(returns, first, count):
    weights = np.arange(1.0, returns.shape[1] + 1.0) / sum(range(1, returns.shape[1] + 1))
    whole = portfolio_returns(returns, weights=weights)
    assert portfolio_returns(np.asfortranarray(returns), weights=weights).tolist() == whole.tolist()
    part = returns[first : first + count]
    if len(part):
        assert portfolio_returns(part, weights=weights).tolist() == whole[first : first + count].tolist()


def test_missing_assets_share_their_weight_in_proportion():
    returns = [[0.02, 0.04, np.nan], [np.nan, np.nan, 0.06], [0.01, 0.01, 0.01]]
    result = portfolio_returns(returns, weights=[0.5, 0.3, 0.2], nan_policy="omit")
    assert result == pytest.approx([(0.5 * 0.02 + 0.3 * 0.04) / 0.8, 0.06, 0.01], rel=1e-14)


def test_a_row_without_any_held_asset_is_named():
    frame = FRAME.copy()
    frame.loc["2024-01-02", "a"] = np.nan
    with pytest.raises(InvalidInputError, match=r"no asset of positive weight at 2024-01-02"):
        portfolio_returns(frame, weights={"a": 1.0, "b": 0.0}, nan_policy="omit")


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        (
            {"a": 0.5, "c": 0.5},
            r"name the columns of returns, but 'c' is in weights only\. The columns are 'a' and 'b'\.",
        ),
        ({"a": 0.5, "b": 0.5, "c": 0.0}, r"name the columns of returns, but 'c' is in weights only"),
        ({"A": 0.5, "b": 0.5}, r"'A' is in weights only\. Names are compared as they are written.*: write 'a'\."),
        ({"a": 0.5, " b ": 0.5}, r"' b ' is in weights only\. Names are compared as they are written.*: write 'b'\."),
        ({}, r"weights must name at least one column of returns, got none"),
        (pd.Series([0.5, 0.5]), r"'0' is in weights only\. A Series goes by its index: pass weights\.to_numpy\(\)"),
        ({"a": 0.9, "Cash": 0.1}, r"'Cash' is in weights only\..*Cash needs a column of its own: returns of 0"),
        (pd.Series([0.5, 0.5, 0.5], index=["a", "a", "b"]), r"name each column of returns once, got 'a' twice"),
        ([0.5, 0.25, 0.25], r"one finite number for each of the 2 columns, got \[0\.5, 0\.25, 0\.25\]"),
        ([[0.5, 0.5]], r"one finite number for each of the 2 columns"),
        ([0.5, math.nan], r"one finite number for each of the 2 columns"),
        ({"a": None, "b": 1.0}, r"one finite number for each of the 2 columns"),
        (["half", "half"], r"one finite number for each of the 2 columns, got \['half', 'half'\]"),
        (0.5, r"one finite number for each of the 2 columns, got 0\.5"),
        ([0.5, 0.4], r"weights must sum to 1, got 0\.9\. Give the rest to a cash column"),
        ([50, 50], r"weights must sum to 1, got 100"),
    ],
    ids=str,
)
def test_weights_that_do_not_fit_are_refused(weights, text):
    with pytest.raises(InvalidInputError, match=text):
        portfolio_returns(FRAME, weights=weights)


# --- growth per year


def test_bacons_months_have_the_yearly_returns_that_r_computed():
    portfolio, exact = published.BACON["portfolio"], published.BACON_EXACT
    for name, expected in (
        ("geometric", exact["annual_return_geometric"]),
        ("arithmetic", exact["annual_return_arithmetic"]),
    ):
        assert annual_return(portfolio, compounding=name, periods_per_year=12) == pytest.approx(expected, rel=1e-12)
    benchmark = annual_return(published.BACON["benchmark"], periods_per_year=12)
    assert benchmark == pytest.approx(exact["benchmark_annual_return_geometric"], rel=1e-12)


def test_dates_give_the_same_year():
    returns = pd.Series(published.BACON["portfolio"], index=pd.DatetimeIndex(published.BACON_DATES))
    assert annual_return(returns) == annual_return(published.BACON["portfolio"], periods_per_year=12)


@given(returns_arrays())
def test_a_year_of_all_rows_is_the_total_return(returns):
    total = wealth_index(returns)[-1] - 1.0
    assert annual_return(returns, periods_per_year=len(returns)) == pytest.approx(total, rel=1e-12, abs=1e-14)


@given(returns_arrays())
def test_the_geometric_mean_is_not_above_the_arithmetic(returns):
    geometric = annual_return(returns, periods_per_year=1)
    assert (geometric <= annual_return(returns, periods_per_year=1, compounding="arithmetic") + 1e-15).all()


def test_losing_everything_is_minus_one_a_year():
    assert annual_return([0.1, -1.0, 0.5]) == -1.0


@of_any_size
def test_what_is_not_compounded_may_lose_more_than_everything():
    assert annual_return([-1.5, 0.5], compounding="arithmetic", periods_per_year=2) == -1.0
    with pytest.raises(InvalidInputError, match=r"returns must be -1 or more to be compounded, got -1\.5 at row 0"):
        annual_return([-1.5, 0.5], periods_per_year=2)


def test_an_unknown_compounding_is_refused():
    with pytest.raises(InvalidInputError, match=r"compounding must be one of 'geometric', 'arithmetic', got 'log'"):
        annual_return([0.1], compounding="log")


def test_panel_and_column_agree_to_the_last_bit():
    returns = fat_tailed(400, 5)
    for compounding in ("geometric", "arithmetic"):
        panel = annual_return(returns, compounding=compounding)
        assert panel.tolist() == [annual_return(returns[:, i], compounding=compounding) for i in range(5)]


def test_the_results_feed_each_other_as_they_are():
    prices = load("factor_etfs").dropna()
    returns = simple_returns(prices)
    portfolio = portfolio_returns(returns, weights=pd.Series(1.0 / returns.shape[1], index=returns.columns))
    summary = riskresearch.summary(portfolio)
    assert summary.assets == ("portfolio",)
    assert summary.volatility[0] < volatility(returns).mean()


# --- weights that sum to 1 but for the rounding of a printed page


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([0.3333, 0.3333, 0.3333], r"weights sum to 0\.9999, .* 3 percentages with two decimals \(0\.015%\).*0\.0100%"),
        ([0.3334, 0.3334, 0.3333], r"sum to 1\.0001, .*No weight is changed: 0\.0100% is borrowed, at no interest"),
    ],
)
def test_printed_percentages_sum_to_one_within_their_rounding_and_no_weight_is_changed(weights, said):
    returns = np.array([[0.03, -0.06, 0.09], [0.01, 0.02, 0.04]])
    with pytest.warns(ConventionWarning, match=said):
        found = portfolio_returns(returns, weights=weights)
    assert found == pytest.approx(returns @ weights, rel=1e-15)


def test_the_rest_of_rounded_weights_stays_in_cash_where_a_value_is_missing():
    # By hand: 0.9999 of wealth is shared between the first two by 1 : 1, the rest earns nothing.
    returns = np.array([[0.02, 0.04, np.nan], [0.02, 0.04, 0.06]])
    with pytest.warns(ConventionWarning, match=r"0\.0100% stays in cash"):
        found = portfolio_returns(returns, weights=[0.3333, 0.3333, 0.3333], nan_policy="omit")
    assert found == pytest.approx([0.9999 * 0.03, 0.3333 * 0.12], rel=1e-14)


@pytest.mark.parametrize(
    ("count", "total"),
    [(2, 0.9998), (2, 1.0002), (3, 0.9998), (20, 0.9985), (500, 0.9970), (10_000, 1.003), (1, 0.9999)],
)
def test_rounding_explains_no_more_than_half_of_a_hundredth_of_a_percent_each_and_a_quarter_in_all(count, total):
    weights = np.full(count, total / count)
    with pytest.raises(InvalidInputError, match=rf"sum to 1, got {total:.6g}\..*Rounding explains at most 0\.\d+% for"):
        portfolio_returns(np.zeros((2, count)), weights=weights)


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=40))
def test_percentages_printed_with_two_decimals_are_never_refused(parts):
    shares = np.array(parts) / sum(parts)
    printed = [float(f"{100.0 * share:.2f}") / 100.0 for share in shares]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)
        found = portfolio_returns(np.full((1, len(parts)), 0.01), weights=printed)
    assert found[0] == pytest.approx(0.01 * sum(printed), rel=1e-12)
