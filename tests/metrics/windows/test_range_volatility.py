"""Volatility by ranges, against TTR of R and against the formulas in NumPy."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.datasets import load
from riskresearch.metrics import range_volatility, rolling_range_volatility, volatility
from tests.examples import examples
from tests.samples import fat_tailed

BARS = load("equities_ohlcv").query("symbol == 'IBM' and '2005' <= date < '2006'").set_index("date")
SIDES = {name: BARS[name] for name in ("high", "low", "open")}
ESTIMATORS = ("parkinson", "garman_klass", "rogers_satchell", "yang_zhang")
each_estimator = pytest.mark.parametrize("estimator", ESTIMATORS)
# TTR 0.24.3 of R, volatility(OHLC, n = 21, calc, N = 252) of IBM's bars of 2005, rows 22, 100 and 252.
TTR = {
    "parkinson": (0.12995901683988026, 0.17241187967346458, 0.13177055115725744),
    "garman_klass": (0.13437868660338728, 0.16035470102374733, 0.14119759994565209),
    "rogers_satchell": (0.1387674633097791, 0.15243748131792789, 0.14757081921544496),
    "yang_zhang": (0.14718568043072935, 0.1816994372082906, 0.16456848615660535),
}


def bars_of(returns, spread=0.3):
    """Return closes and the other prices of made-up bars whose opens lie between."""
    close = 100.0 * np.cumprod(1.0 + returns, axis=0)
    before = np.concatenate([np.full((1, returns.shape[1]), 100.0), close[:-1]])
    opened = before * (1.0 + spread * returns[::-1])
    return close, {
        "open": opened,
        "high": np.maximum(opened, close) * (1.0 + np.abs(returns)),
        "low": np.minimum(opened, close) * (1.0 - 0.5 * np.abs(returns)),
    }


@each_estimator
def test_the_rolling_form_is_that_of_ttr(estimator):
    rolled = rolling_range_volatility(BARS["close"], **SIDES, window=21, estimator=estimator)
    assert len(rolled) == 252
    assert rolled.iloc[[21, 99, 251]].tolist() == pytest.approx(TTR[estimator], rel=1e-12)
    assert rolled.isna().sum() == (21 if estimator == "yang_zhang" else 20)


@each_estimator
def test_the_whole_sample_by_numpy(estimator):
    close, sides = bars_of(fat_tailed(60, 2))
    opened, high, low = sides["open"], sides["high"], sides["low"]
    u, d, e = (np.log(x / opened) for x in (high, low, close))
    variances = {
        "parkinson": ((u - d) ** 2 / (4 * np.log(2))).mean(axis=0),
        "garman_klass": (0.5 * (u - d) ** 2 - (2 * np.log(2) - 1) * e**2).mean(axis=0),
        "rogers_satchell": (u * (u - e) + d * (d - e)).mean(axis=0),
    }
    night = np.log(opened[1:] / close[:-1])
    k = 0.34 / (1.34 + 60 / 58)
    inside = (u * (u - e) + d * (d - e))[1:].mean(axis=0)
    variances["yang_zhang"] = night.var(axis=0, ddof=1) + k * e[1:].var(axis=0, ddof=1) + (1 - k) * inside
    found = range_volatility(close, **sides, estimator=estimator, periods_per_year=252)
    np.testing.assert_allclose(found, np.sqrt(252 * variances[estimator]), rtol=1e-11)


@each_estimator
@given(st.integers(0, 10_000), st.floats(0.01, 100.0))
@examples(25)
def test_the_unit_of_money_does_not_matter(estimator, seed, unit):
    close, sides = bars_of(fat_tailed(20, 2, seed))
    scaled = {name: side * unit for name, side in sides.items()}
    ours = rolling_range_volatility(close, **sides, window=8, estimator=estimator)
    np.testing.assert_allclose(
        rolling_range_volatility(close * unit, **scaled, window=8, estimator=estimator), ours, rtol=1e-7
    )


@each_estimator
@pytest.mark.parametrize("rows", [9, 16, 31])
def test_the_future_does_not_change_the_past(estimator, rows):
    close, sides = bars_of(fat_tailed(40, 3))
    whole = rolling_range_volatility(close, **sides, window=6, estimator=estimator)
    past = {name: side[:rows] for name, side in sides.items()}
    cut = rolling_range_volatility(close[:rows], **past, window=6, estimator=estimator)
    assert np.array_equal(whole[:rows], cut, equal_nan=True)


@each_estimator
def test_bars_that_do_not_move_have_no_volatility(estimator):
    flat = np.full(10, 50.0)
    with pytest.warns(ConventionWarning, match="open equals the close of the row before on 100% of all rows"):
        assert range_volatility(flat, high=flat, low=flat, open=flat, estimator=estimator) == 0.0


def test_a_walk_of_many_steps_a_bar_has_the_volatility_of_its_closes():
    """A driftless walk of 1,000 steps a bar without nights: both find it, a little low for the range between steps."""
    steps = np.random.default_rng(5).normal(0.0, 0.01 / 1000**0.5, (2000, 1000))
    paths = np.exp(np.cumsum(steps.ravel())).reshape(2000, 1000)
    opened = np.concatenate([[1.0], paths[:-1, -1]])
    sides = {"high": np.maximum(paths.max(axis=1), opened), "low": np.minimum(paths.min(axis=1), opened)}
    for estimator in ESTIMATORS[1:3]:
        with pytest.warns(ConventionWarning, match="these are hardly traded opens"):
            found = range_volatility(paths[:, -1], **sides, open=opened, estimator=estimator, periods_per_year=1)
        assert 0.0093 < found < 0.0101


def test_the_index_shows_what_copied_opens_do():
    index = load("index_sp500").loc["1990":"1995"]
    with pytest.warns(ConventionWarning, match="estimator='parkinson' needs no opens"):
        range_volatility(index["close"], high=index["high"], low=index["low"], open=index["open"])
    ranged = range_volatility(index["close"], high=index["high"], low=index["low"], estimator="parkinson")
    assert 0.5 < ranged / volatility(index["close"].pct_change().dropna()) < 1.1


def test_a_bar_that_misses_a_price_is_left_out():
    sides = {name: side.copy() for name, side in SIDES.items()}
    sides["high"].iloc[50] = np.nan
    close = BARS["close"]
    keep = np.delete(np.arange(252), 50)
    for estimator in ESTIMATORS[:3]:
        found = range_volatility(close, **sides, estimator=estimator, nan_policy="omit")
        rest = {name: side.iloc[keep] for name, side in SIDES.items()}
        assert found == range_volatility(close.iloc[keep], **rest, estimator=estimator)
    rolled = rolling_range_volatility(close, **sides, window=21, min_periods=20, nan_policy="omit")
    assert rolled.iloc[60:].notna().all()
    with pytest.raises(InvalidInputError, match="high has 1 non-finite value"):
        range_volatility(close, **sides)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"open": None}, "open must be given with 'yang_zhang', got None. Only 'parkinson' does without"),
        ({"estimator": "yang-zhang"}, "estimator must be one of .* Did you mean 'yang_zhang'"),
        (
            {"high": BARS["high"] * 0.9},
            "high and low must be positive and enclose open and close, got open .* at 2005-01-03",
        ),
        ({"low": BARS["low"] - 1000.0}, "high and low must be positive"),
        ({"high": BARS["high"].iloc[1:]}, "high must have the dates of close, but 2005-01-03 is in close only"),
        ({"window": 1}, "window must be a whole number of at least 2"),
        ({"window": 5, "min_periods": 6}, "min_periods must be at most window=5, got 6"),
    ],
)
def test_what_cannot_be(change, message):
    function = rolling_range_volatility if "window" in change else range_volatility
    with pytest.raises(InvalidInputError, match=message):
        function(BARS["close"], **{**SIDES, **change})


def test_columns_must_be_the_same_and_enough():
    close = pd.DataFrame({"A": [1.0, 1.1], "B": [1.0, 1.2]})
    with pytest.raises(InvalidInputError, match="high must have the columns of close in the same order"):
        range_volatility(close, high=close[["B", "A"]], low=close, estimator="parkinson")
    with pytest.raises(InvalidInputError, match=r"high must have the shape of close, got \(2, 1\)"):
        range_volatility(close, high=close[["A"]], low=close, estimator="parkinson")
    with pytest.raises(InvalidInputError, match="close needs at least 3 bars in each column, got 1 usable ones"):
        range_volatility([1.0, 1.1], high=[1.2, 1.2], low=[0.9, 0.9], open=[1.0, 1.05])


@pytest.mark.parametrize("lost", [slice(5, 6), slice(9, 14)])
def test_the_night_after_missing_bars_begins_at_the_last_known_close(lost):
    """So the result is that of the bars that are there, and a fall of a quarter meanwhile is in it."""
    close, sides = bars_of(fat_tailed(30, 1))
    after = np.where(np.arange(30) >= lost.stop, 0.75, 1.0)[:, None]
    bars = {"close": close * after, **{name: side * after for name, side in sides.items()}}
    present = np.delete(np.arange(30), np.r_[lost])
    options = {"estimator": "yang_zhang", "periods_per_year": 252, "nan_policy": "omit"}
    there = {name: side[present] for name, side in bars.items()}
    expected = range_volatility(there.pop("close"), **there, **options)
    for side in bars.values():
        side[lost] = np.nan
    with pytest.warns(ConventionWarning, match="1 return spans missing prices"):
        found = range_volatility(bars.pop("close"), **bars, **options)
    assert found == pytest.approx(expected, rel=1e-12)
    assert found > 0.5
