"""How weights, returns and groups are read: kinds of data, dates, cash, missing returns, and what is refused."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch as rr
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.posttrade import CurrencyLegs, brinson
from tests.posttrade.attribution.samples import DATES, NAMES, SECTORS, holdings

TWO = pd.DataFrame([[0.01, 0.03], [-0.02, 0.01], [0.02, -0.01]], DATES[:3], ["a", "b"])
HALF = {"a": 0.5, "b": 0.5}


def polars(frame):
    return pl.DataFrame({"date": frame.index.to_numpy(), **{name: frame[name].to_numpy() for name in frame}})


def test_pandas_polars_and_arrays_give_the_same_effects():
    book = holdings()
    wanted = brinson(*book, groups=SECTORS).totals()
    for kind in (polars, lambda frame: frame.to_numpy(), lambda frame: frame.to_numpy().tolist()):
        groups = dict(zip(NAMES if kind is polars else map(str, range(6)), SECTORS["sector"], strict=True))
        found = brinson(*map(kind, book), groups=groups).totals()
        pd.testing.assert_series_equal(found, wanted, rtol=1e-13)


def test_inputs_are_unchanged():
    book = holdings()
    before = [frame.copy() for frame in book]
    brinson(*book, groups=SECTORS, weights_at="end")
    for frame, kept in zip(book, before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)


@pytest.mark.parametrize("constant", [{"a": 0.7, "b": 0.3}, pd.Series({"b": 0.3, "a": 0.7}), [0.7, 0.3]], ids=type)
def test_constant_weights_are_those_of_every_row(constant):
    every = pd.DataFrame([[0.7, 0.3]] * 3, DATES[:3], ["a", "b"])
    one, two = (brinson(weights, HALF, TWO).totals() for weights in (constant, every))
    pd.testing.assert_series_equal(one, two)


def test_weights_at_the_end_of_a_row_earn_the_next_one_and_the_first_row_falls_away():
    weights = pd.DataFrame([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], DATES[:3], ["a", "b"])
    found = brinson(weights, HALF, TWO, weights_at="end")
    assert found.portfolio_returns.tolist() == [-0.02, -0.01]
    assert list(found.dates) == list(DATES[1:3])
    assert "The first row of returns falls away: no weights of weights stand before it" in found.conventions()
    assert "end of the row before" in found.conventions()
    bare = brinson(weights.to_numpy(), HALF_ARRAY, TWO.to_numpy(), weights_at="end")
    assert bare.portfolio_returns.tolist() == [-0.02, -0.01]


HALF_ARRAY = [0.5, 0.5]


def test_weights_after_each_bar_of_a_simulation_explain_its_returns():
    """`Backtest.weights` has a row more than the returns of its prices, so that no row falls away."""
    prices = (1.0 + holdings()[2]).cumprod() * 100.0
    result = rr.simulate(pd.DataFrame(1.0 / 6.0, prices.index, NAMES), prices)
    returns = rr.metrics.simple_returns(prices)
    found = brinson(result.weights, dict.fromkeys(NAMES, 1.0 / 6.0), returns, weights_at="end")
    np.testing.assert_allclose(found.portfolio_returns, rr.metrics.simple_returns(result.equity), rtol=1e-9)
    assert len(found.portfolio_returns) == len(prices) - 1


def test_rows_of_weights_without_returns_are_counted():
    weights, others, returns = holdings()
    assert (
        "1 row of weights on other dates than those of returns: not used"
        in brinson(weights, others[1:], returns[1:]).conventions()
    )


def test_what_weights_leave_is_cash_which_is_shown():
    found = brinson({"a": 0.5, "b": 0.3}, HALF, TWO, cash_returns=0.001)
    assert found.assets == ("a", "b", "cash")
    assert found.portfolio_returns[0] == pytest.approx(0.005 + 0.009 + 0.2 * 0.001)
    assert found.to_frame().loc["cash", "weight"] == pytest.approx(0.2)
    assert "weights leave up to 20.0000% to cash" in found.conventions()
    assert "Cash earns cash_returns" in found.conventions()
    nothing = brinson({"a": 0.5, "b": 0.3}, HALF, TWO)
    assert "Cash earns 0: pass cash_returns" in nothing.summary()
    levered = brinson({"a": 1.0, "b": 0.5}, HALF, TWO, cash_returns=pd.Series(0.01, DATES[:3]))
    assert levered.portfolio_returns[0] == pytest.approx(0.01 + 0.015 - 0.5 * 0.01)
    assert "not used" in brinson(HALF, HALF, TWO, cash_returns=0.01).conventions()
    own = brinson({"a": 0.5, "cash": 0.3}, {"a": 1.0}, TWO.rename(columns={"b": "cash"}))
    assert own.assets == ("a", "cash", "cash (rest to 1)")


def test_a_group_that_the_benchmark_does_not_hold_is_allocation_or_selection():
    returns, groups = {"a": 0.04, "b": 0.01, "c": 0.06}, {"a": "x", "b": "x", "c": "y"}
    weights, others = {"a": 0.5, "c": 0.5}, {"a": 0.5, "b": 0.5}
    total = 0.025
    allocation = brinson(weights, others, returns, groups=groups).to_frame()
    assert allocation.loc["y", "allocation"] == pytest.approx(0.5 * (0.06 - total))
    assert allocation.loc["y", ["selection", "interaction"]].abs().max() < 1e-17
    selection = brinson(weights, others, returns, groups=groups, off_benchmark="selection")
    assert selection.to_frame().loc["y", "selection"] == pytest.approx(0.5 * (0.06 - total))
    assert selection.to_frame().loc["y", ["allocation", "interaction"]].abs().max() < 1e-17
    assert "The benchmark has no return of 1 groups and rows that the portfolio holds" in selection.conventions()
    given = brinson(
        {"x": 0.5, "y": 0.5}, {"x": 1.0}, {"x": 0.04, "y": 0.06}, benchmark_returns={"x": 0.025, "y": 0.05}
    ).to_frame()  # a return of the group that the benchmark does not hold is used
    assert given.loc["y", "allocation"] == pytest.approx(0.5 * (0.05 - 0.025))
    assert given.loc["y", "interaction"] == pytest.approx(0.5 * (0.06 - 0.05))


def test_a_group_that_the_portfolio_does_not_hold_is_allocation_alone():
    found = brinson({"a": 1.0}, HALF, {"a": 0.04, "b": 0.01}, groups={"a": "x", "b": "y"}).to_frame()
    assert found.loc["y", "allocation"] == pytest.approx(-0.5 * (0.01 - 0.025))
    assert found.loc["y", ["selection", "interaction"]].abs().max() < 1e-17


def test_a_group_without_net_weight_has_selection_and_no_interaction():
    weights, others = {"a": 0.4, "b": -0.4, "c": 1.0}, {"a": 0.3, "b": 0.3, "c": 0.4}
    found = brinson(
        weights, others, {"a": 0.03, "b": 0.01, "c": 0.02}, groups={"a": "x", "b": "x", "c": "y"}
    ).to_frame()
    assert found.loc["x", "selection"] == pytest.approx(0.4 * 0.03 - 0.4 * 0.01)
    assert found.loc["x", "interaction"] == 0.0


def test_missing_returns_of_what_neither_side_holds_are_no_matter():
    returns = TWO.assign(c=[np.nan, 0.02, np.nan])
    weights = pd.DataFrame({"a": 0.5, "b": [0.5, 0.3, 0.5], "c": [0.0, 0.2, 0.0]}, DATES[:3])
    assert brinson(weights, HALF, returns).portfolio_returns[1] == pytest.approx(-0.01 + 0.003 + 0.004)
    with pytest.raises(
        InvalidInputError, match=r"returns must be known where weights are not 0, got none for 'c' at 2024"
    ):
        brinson({"a": 0.5, "c": 0.5}, HALF, returns)
    with pytest.raises(InvalidInputError, match=r"benchmark_returns must be known where benchmark_weights are not 0"):
        brinson(HALF, HALF, TWO, benchmark_returns=TWO.assign(b=np.nan))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": {"a": 0.5, "z": 0.5}}, r"'z' is in weights only.* Cash needs no weight"),
        ({"weights": {"a": np.nan, "b": 0.5}}, "one finite number for each of the 2 columns"),
        ({"weights": TWO.iloc[1:]}, r"weights must have a row for each date of returns, got none for 2024-01-01"),
        ({"weights": TWO.assign(a=np.nan)}, r"no missing values, got 3, the first at 2024-01-01.*fillna\(0\.0\)"),
        ({"weights": np.ones((2, 2))}, "must have as many rows as returns, got 2 and 3"),
        ({"weights": np.ones((3, 5))}, "one column for each of the 2 columns of returns, got 5"),
        ({"benchmark_returns": TWO["a"]}, "must have a column for each of the 2 columns of returns, got one series"),
        ({"benchmark_returns": TWO.rename(columns={"a": "q"})}, "'q' is in benchmark_returns only"),
        ({"groups": {"a": "x"}}, "groups must name the group of every asset, got none for 'b'"),
        ({"groups": pd.DataFrame({"asset": ["x", "y"]}, ["a", "b"])}, "must not call a level 'asset'"),
        ({"groups": pd.DataFrame({"symbol": ["a", "b"], "s": "x"})}, "must have the assets as its index, got 0 there"),
        (
            {"groups": pd.DataFrame({"low": ["p", "q"], "up": ["x", "x"]}, ["a", "b"])},
            r"the widest level first.*'up', 'l",
        ),
        ({"model": "brinson"}, "model must be one of 'fachler', 'hood_beebower'"),
        ({"linking": "carinho"}, "Did you mean 'carino'"),
        ({"interaction": "none"}, "interaction must be one of"),
        ({"weights_at": "start"}, "weights_at must be one of 'begin', 'end'"),
        ({"currency": "karnosky_singer"}, r"currency_legs must be CurrencyLegs\(returns, \.\.\.\)"),
        ({"currency_legs": CurrencyLegs({"USD": 0.0})}, "got currency=None"),
        ({"portfolio_returns": TWO}, "portfolio_returns must be one series, got 2 columns"),
        ({"returns": TWO.set_axis(["a", "a"], axis=1)}, "'a'"),
        ({"returns": {"a": "x", "b": 0.1}}, "returns"),
        ({"returns": {}}, "returns"),
    ],
)
def test_what_is_refused(change, message):
    given = {"weights": HALF, "benchmark_weights": HALF, "returns": TWO} | change
    data = [given.pop(name) for name in ("weights", "benchmark_weights", "returns")]
    with pytest.raises(InvalidInputError, match=message):
        brinson(*data, **given)


def test_only_one_row_at_the_end_has_nothing_to_earn():
    with pytest.raises(InvalidInputError, match='must have a row before the only one of returns with weights_at="end"'):
        brinson(TWO[:1], HALF, TWO[:1], weights_at="end")


def test_weights_in_percent_warn():
    with pytest.warns(ConventionWarning, match="divide by 100"):
        brinson({"a": 50.0, "b": 50.0}, HALF, TWO * 0.01)


@pytest.mark.parametrize("linking", ["carino", "menchero", "grap", "frongello", "davies_laker", "geometric"])
def test_more_than_a_total_loss_is_refused_with_its_date(linking):
    with pytest.raises(InvalidInputError, match=r"the portfolio returns -1\.2 at 2024-01-02\. What is left cannot"):
        brinson({"a": 2.0, "b": -1.0}, HALF, TWO.assign(a=[0.1, -0.6, 0.1], b=0.0), linking=linking)


@pytest.mark.parametrize("linking", ["menchero", "grap", "frongello", "davies_laker"])
def test_a_total_loss_ends_in_minus_one(linking):
    found = brinson({"a": 1.0}, HALF, TWO.assign(a=[0.1, -1.0, 0.2]), linking=linking)
    assert found.portfolio_return == -1.0
    assert found.totals()["total"] == pytest.approx(found.excess_return, abs=1e-12)


def test_logarithms_of_a_total_loss_do_not_exist():
    with pytest.raises(InvalidInputError, match=r'linking="carino" takes logarithms.*loses everything at 2024-01-02'):
        brinson({"a": 1.0}, HALF, TWO.assign(a=[0.1, -1.0, 0.2]))
    with pytest.raises(InvalidInputError, match=r"divides by the benchmark's growth.*at 2024-01-02"):
        brinson(HALF, {"a": 1.0}, TWO.assign(a=[0.1, -1.0, 0.2]), linking="geometric")
    with pytest.raises(InvalidInputError, match=r"divides by the growth of the notional fund .* got 0 at 2024-01-02"):
        brinson({"a": 1.0}, HALF, TWO.assign(a=[0.1, -1.0, 0.2]), linking="geometric")
