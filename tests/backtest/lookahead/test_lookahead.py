"""Look-ahead is found where it is, and not where it is not."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch
from riskresearch import metrics
from riskresearch.backtest import LookaheadCheck, check_no_lookahead, simulate
from riskresearch.core import ConventionWarning, InvalidInputError, LookaheadError
from riskresearch.datasets import load
from riskresearch.plots import blank_axes
from tests.backtest.samples import market
from tests.measures import PATHS

WEIGHTS, PRICES = market(rows=60, columns=3)
RETURNS = PRICES.pct_change().fillna(0.0)

LEAKS = {
    "centred window": lambda x: x.rolling(5, center=True).mean(),
    "backward fill": lambda x: x[x.index.day % 2 == 0].reindex(x.index).bfill(),
    "full-sample z-score": lambda x: (x - x.mean()) / x.std(),
    "full-sample rank": lambda x: x.rank(pct=True),
    "tomorrow": lambda x: x.shift(-1),
    "backwards": lambda x: x[::-1].expanding().mean()[::-1],
    "scaled by the last": lambda x: x / x.iloc[-1],
    "smoothed both ways": lambda x: x.ewm(halflife=3).mean()[::-1].ewm(halflife=3).mean()[::-1],
    "a column chosen afterwards": lambda x: x[[x.iloc[-1].idxmax()]] if x.iloc[-1].idxmax() else None,
    "monthly sums at the start of the month": lambda x: x.resample("MS").sum(),
}
HONEST = {
    "trailing window": lambda x: x.rolling(5).sum(),
    "forward fill": lambda x: x[x.index.day % 2 == 0].reindex(x.index).ffill(),
    "expanding z-score": lambda x: (x - x.expanding().mean()) / x.expanding().std(),
    "yesterday": lambda x: x.shift(1),
    "array": lambda x: np.cumsum(x.to_numpy(), axis=0),
    "shorter result": lambda x: x.diff().iloc[1:],
    "shorter array": lambda x: np.diff(x.to_numpy(), axis=0),
    "tuple": lambda x: (x.cummax(), x.cummin().to_numpy()),
    "dict": lambda x: {"high": x.cummax(), "signal": x["S0"] > x["S0"].shift(1)},
    "words": lambda x: x.diff().gt(0.0).replace({True: "up", False: "down"}),
}


@pytest.mark.parametrize("name", LEAKS)
def test_leaks_are_found(name):
    check = check_no_lookahead(PRICES, LEAKS[name], rng=0)
    assert not check.passed
    assert check.first_changed.row < check.first_changed.cut
    assert check.summary().startswith("LOOK-AHEAD: ")
    with pytest.raises(LookaheadError, match=r"LOOK-AHEAD: .* when the data"):
        check_no_lookahead(PRICES, LEAKS[name], rng=0, raise_on_failure=True)


@pytest.mark.parametrize("name", HONEST)
def test_honest_functions_pass(name):
    check = check_no_lookahead(PRICES, HONEST[name], rng=0, raise_on_failure=True)
    assert check.passed
    assert check.first_changed is None
    assert check.summary().startswith("No look-ahead found. 60 rows, ")


def test_weights_that_are_not_lagged_are_found_by_their_delay():
    def unlagged(prices):
        return np.sign(prices.diff().fillna(0.0))

    def lagged(prices):
        return unlagged(prices).shift(1).fillna(0.0)

    assert check_no_lookahead(PRICES, unlagged, rng=0).passed
    check = check_no_lookahead(PRICES, unlagged, delay=1, cuts=[30], rng=0)
    assert not check.passed
    assert check.first_changed.row == 30
    assert check_no_lookahead(PRICES, lagged, delay=1, rng=0).passed
    assert not check_no_lookahead(PRICES, lagged, delay=2, rng=0).passed


def test_weights_from_beyond_their_fill_leak_into_the_account():
    def too_early(prices):
        return simulate(np.sign(prices.diff().shift(-2).fillna(0.0)), prices)

    assert not check_no_lookahead(PRICES, too_early, rng=0).passed
    assert check_no_lookahead(PRICES, lambda prices: simulate(np.sign(prices.diff().fillna(0.0)), prices), rng=0).passed


def test_same_close_fills_are_not_look_ahead_by_this_test_and_warn_instead():
    with pytest.warns(ConventionWarning, match="same-close look-ahead"):
        check = check_no_lookahead(PRICES, lambda prices: simulate(np.sign(prices.diff().fillna(0.0)), prices, lag=0))
    assert check.passed


def test_the_first_bar_that_changed_is_reported():
    check = check_no_lookahead(PRICES, lambda x: x.rolling(5, center=True).mean(), cuts=[30, 50], rng=0)
    first = check.first_changed
    # the windows of rows 28 and 29 reach into row 30
    assert (first.row, first.cut, first.column) == (28, 30, "S0")
    assert first.time == PRICES.index[28]
    assert first.cut_time == PRICES.index[30]
    assert first.how == "cut"
    assert np.isnan(first.other)
    assert f"{PRICES.index[28]:%Y-%m-%d} (row 28), column 'S0'" in check.summary()
    assert " becomes missing when" in check.summary()
    table = check.to_frame()
    usual = table["how"].isin(["cut", "smaller", "larger", "opposite"])
    assert table["row"][usual].tolist() == [28.0] * 4 + [48.0] * 4
    assert table["how"].tolist() == ["cut", "smaller", "larger", "opposite", "missing", "gap", "absent"] * 2


def test_arrays_say_the_row():
    check = check_no_lookahead(PRICES.to_numpy(), lambda x: x[1:] / x[-1], cuts=[10], rng=0)
    assert check.first_changed.row == 1
    assert check.first_changed.time is None
    assert "row 1, column '0'" in check.summary()


def test_cuts_may_be_labels():
    check = check_no_lookahead(PRICES, lambda x: x.cumsum(), cuts=[PRICES.index[7], "2023-02-01", 3])
    assert sorted({trial.cut for trial in check.trials}) == [3, 7, PRICES.index.get_loc("2023-02-01")]


def test_polars_and_several_tables():
    table = pl.from_pandas(PRICES.reset_index())
    assert check_no_lookahead(table, metrics.simple_returns).passed
    assert not check_no_lookahead(table, lambda x: x.with_columns(pl.col("S1").reverse()), rng=0).passed
    assert not check_no_lookahead(table["S1"], lambda x: x.sort(descending=True), rng=0).passed
    assert check_no_lookahead((WEIGHTS, PRICES), lambda w, p: simulate(w, p, costs=0.001)).passed
    assert not check_no_lookahead((WEIGHTS, PRICES), lambda w, p: w * p.max(), rng=0).passed


def test_as_many_tables_as_bars_are_tables():
    few = PRICES.iloc[:3]
    assert check_no_lookahead(few, lambda x: (x, x.cummax(), x["S1"])).passed
    assert not check_no_lookahead(few, lambda x: (x, x.cummax(), x["S1"] / x["S1"].max()), rng=0).passed
    assert check_no_lookahead(few, lambda x: x.to_numpy().tolist()).passed


def test_units_in_lots_that_add_up_to_zero_by_chance_are_not_accused():
    lots = np.random.default_rng(4).permutation(np.arange(-10, 11))
    levels = pd.Series(5.0 + 0.001 * lots, PRICES.index[:21])
    assert check_no_lookahead(levels, lambda x: ((x - 5.0) / 0.001).round() * 0.001, rng=1).passed
    assert not check_no_lookahead(PRICES.iloc[:21], lambda x: x - PRICES.iloc[:21].mean(), rng=1).passed


def test_a_tolerance_lets_rounding_pass():
    def rounded(x):
        return x.cumsum() * (1.0 + 1e-14 * len(x))

    assert not check_no_lookahead(PRICES, rounded).passed
    assert check_no_lookahead(PRICES, rounded, tolerance=1e-11).passed


def test_other_futures_stay_prices_or_returns():
    seen = []
    check_no_lookahead(PRICES, lambda x: seen.append(x) or x, rng=0)
    assert all((frame.isna() | (frame > 0.0)).all().all() for frame in seen)
    seen.clear()
    wild = (RETURNS * 30.0).clip(lower=-0.9)
    assert wild.min().min() == -0.9
    check_no_lookahead(wild, lambda x: seen.append(x) or x, rng=0)
    assert all((frame.isna() | (frame > -1.0)).all().all() for frame in seen)
    seen.clear()
    check_no_lookahead(pd.Series([3, 4, 5, 6], dtype="int64"), lambda x: seen.append(x) or x, rng=0)
    assert {frame.dtype for frame in seen} == {np.dtype("int64")}


def test_the_seed_repeats_the_futures():
    def last_seen(x):
        return x * 0.0 + float(x.iloc[-1].sum())

    one = check_no_lookahead(PRICES, last_seen)
    other = check_no_lookahead(PRICES, last_seen, rng=one.seed)
    assert one.to_frame().equals(other.to_frame())
    assert check_no_lookahead(PRICES, last_seen, rng=np.random.default_rng(3)).seed != one.seed


def test_refusals_of_a_short_past_are_noted_and_all_of_them_are_an_error():
    def needs_ten(x):
        if len(x) < 10:
            raise ValueError("at least 10 rows")
        return x.cumsum()

    check = check_no_lookahead(RETURNS, needs_ten, cuts=[1, 30], rng=0)
    assert check.passed
    outcomes = check.to_frame().set_index(["cut", "how"])["outcome"]
    assert outcomes[1, "cut"] == "refused"
    assert set(outcomes.drop((1, "cut"))) == {"same"}
    assert check.unchecked == ()
    assert check.to_frame()["note"].iloc[0] == "at least 10 rows"

    mine = PRICES.to_csv()

    def particular(x):
        if x.to_csv() != mine:
            raise ValueError("not my data")
        return x

    with pytest.raises(InvalidInputError, match=r"raised on all .*: not my data"):
        check_no_lookahead(PRICES, particular)


def test_what_is_not_over_time_is_refused():
    with pytest.raises(InvalidInputError, match="must return a row for each bar, got float"):
        check_no_lookahead(PRICES, lambda x: float(x.iloc[0, 0]))
    with pytest.raises(InvalidInputError, match="at least 2 rows"):
        check_no_lookahead(PRICES.iloc[:1], lambda x: x)
    with pytest.raises(InvalidInputError, match=r"each table as many, got \[60, 59\]"):
        check_no_lookahead((PRICES, PRICES.iloc[1:]), lambda x, y: x)
    with pytest.raises(InvalidInputError, match="cuts must leave a past and a future, so lie in 1 to 59, got 60"):
        check_no_lookahead(PRICES, lambda x: x, cuts=[60])
    with pytest.raises(InvalidInputError, match="cuts must not be empty"):
        check_no_lookahead(PRICES, lambda x: x, cuts=[])
    with pytest.raises(InvalidInputError, match="row numbers where data has no index"):
        check_no_lookahead(PRICES.to_numpy(), lambda x: x, cuts=["2023-02-01"])
    with pytest.raises(InvalidInputError, match="tolerance must not be negative"):
        check_no_lookahead(PRICES, lambda x: x, tolerance=-1.0)


@pytest.mark.parametrize(
    ("function", "got"),
    [
        (lambda x: None, "got NoneType of shape"),
        (lambda x: float(x.iloc[-1, 0]), "got float of shape"),
        (lambda x: [1.0, 2.0, 3.0], "where data is cut off it returned 3 rows without labels for 1 rows of data"),
        (lambda x: x.mean().to_numpy(), "where data is cut off it returned 3 rows without labels"),
        (lambda x: np.repeat(x.to_numpy(), 2, axis=0), "got 120 rows without labels for 60 rows of data"),
        (lambda x: x.mean(), "got labels such as ['S0'], which are none of the index of data"),
        (lambda x: x.groupby(x.index.month).mean(), "got labels such as [1], which are none of the index"),
        (lambda x: [], "got an empty list"),
        (lambda x: {}, "got an empty dict"),
        (lambda x: (), "got an empty tuple"),
        (lambda x: [[1.0], [2.0, 3.0], []], "where data is cut off it returned 1 rows without labels"),
        (lambda x: "up", "got str of shape"),
        (lambda x: {1.0, 2.0}, "got set of shape"),
    ],
)
def test_a_function_that_returns_no_row_for_each_bar_is_told_what_it_must_return(function, got):
    with pytest.raises(InvalidInputError, match="function must return a") as raised:
        check_no_lookahead(PRICES, function, rng=0)
    assert got in str(raised.value)


def test_a_function_that_fails_gets_a_verdict_or_our_error():
    def needs_ten(x):
        return x.cumsum() + 0.0 * x.iloc[9]

    check = check_no_lookahead(RETURNS, needs_ten, cuts=[1, 30], rng=0)
    assert check.passed
    note = check.to_frame().query("cut == 1 and how == 'cut'")["note"].iloc[0]
    assert note == "IndexError: single positional indexer is out-of-bounds"

    mine = PRICES.iloc[:20].to_csv()

    def from_row_twenty(x):
        if x.iloc[:20].to_csv() != mine:
            raise KeyError("not my data")
        return x

    some = check_no_lookahead(PRICES, from_row_twenty, cuts=[9, 30], rng=0)
    assert some.unchecked == (9,)
    assert "Could not be checked from row 9 on: KeyError: 'not my data'." in some.summary()
    with pytest.raises(InvalidInputError, match=r"function must accept data, but raised IndexError: .*out-of-bounds"):
        check_no_lookahead(PRICES, lambda x: x.iloc[100])


def test_a_function_that_is_random_is_told_to_seed():
    rng = np.random.default_rng(1)
    with pytest.raises(InvalidInputError, match=r"must return the same for the same data.* Seed what is random"):
        check_no_lookahead(PRICES, lambda x: x + rng.normal(size=x.shape))


def test_rounding_is_counted_apart_from_equal_bits():
    check = check_no_lookahead(RETURNS["S0"], lambda x: _by_fourier(x), rng=0)
    assert check.passed
    assert not check.bitwise
    assert "but for rounding" in check.summary()
    assert check_no_lookahead(RETURNS, lambda x: x.cumsum(), rng=0).bitwise


def _by_fourier(x):
    size = 2 * len(x)
    return np.fft.irfft(np.fft.rfft(x.to_numpy(), size) * np.fft.rfft(0.9 ** np.arange(len(x)), size), size)[: len(x)]


@pytest.mark.parametrize("share", [1e-3, 1e-6, 1e-9, 1e-11])
def test_a_leak_as_small_as_rounding_is_told_from_it(share):
    check = check_no_lookahead(RETURNS, lambda x: x.cumsum() + share * x.mean(), rng=0)
    assert not check.passed


def test_every_bar_is_tried_when_asked():
    prices = market(rows=300, columns=1)[1]["S0"]

    def on_one_row(x):
        found = x.copy()
        if len(found) > 138:
            found.iloc[137] = x.iloc[138]
        return found

    check = check_no_lookahead(prices, on_one_row, cuts=300, rng=0)
    assert (check.first_changed.row, check.first_changed.cut) == (137, 138)
    assert len({trial.cut for trial in check.trials}) == 299
    trials = check_no_lookahead(prices, on_one_row, rng=0).trials
    assert len({trial.cut for trial in trials if trial.how != "cut"}) == 40
    assert len({trial.cut for trial in trials}) == 160


def test_gaps_that_a_function_refuses_are_named():
    check = check_no_lookahead(RETURNS, metrics.drawdown, rng=0)
    assert check.passed
    assert check.summary().endswith("Missing rows could not be tried: the function refuses them.")


def test_the_rows_of_one_date_are_one_bar():
    table = PRICES.stack().rename("price")
    check = check_no_lookahead(table, lambda x: x - x.groupby(level=0).transform("mean"), rng=0)
    assert check.passed
    assert check.rows == 60
    newest_first = PRICES[::-1]
    assert check_no_lookahead(newest_first, lambda x: x.shift(-1), rng=0).passed
    assert not check_no_lookahead(newest_first, lambda x: x.shift(1), rng=0).passed


def test_the_data_is_not_changed():
    before = PRICES.copy()
    check_no_lookahead(PRICES, lambda x: x.cumsum())
    pd.testing.assert_frame_equal(PRICES, before)


@pytest.mark.parametrize("measure", PATHS, ids=lambda measure: measure.name)
def test_every_measure_over_time_passes_on_bundled_prices(measure):
    prices = load("factor_etfs").iloc[-400:, :3]
    data = prices if measure.of_prices else metrics.simple_returns(prices)
    # A measure without a compiled window is slow; test_prefix_invariance cuts all of them at many more rows.
    assert check_no_lookahead(data, measure, rng=0, cuts=10, raise_on_failure=True).bitwise


def test_the_result_speaks_the_common_language():
    check = check_no_lookahead(PRICES, LEAKS["full-sample z-score"], cuts=[20], rng=5)
    assert isinstance(check, LookaheadCheck)
    assert repr(check) == "LookaheadCheck(look-ahead at row 0, 7 trials)"
    assert "seed 5" in check._repr_html_()
    ax = check.plot(ax=blank_axes())
    assert [bar.get_width() for bar in ax.patches] == [20.0] * 7
    assert riskresearch.check_no_lookahead is check_no_lookahead


def test_a_function_before_its_data_is_refused_with_the_order():
    with pytest.raises(InvalidInputError, match=r"data must come first: check_no_lookahead\(data, function\), got a"):
        check_no_lookahead(lambda x: x.cumsum(), PRICES)
