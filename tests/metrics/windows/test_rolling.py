"""Rolling values against the measure of each window, read off by brute force."""

import functools
import math
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, strategies as st

import riskresearch
from riskresearch import metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.datasets import load
from riskresearch.kernels import _rolling
from riskresearch.metrics._all_measures import MEASURES as DECLARED
from tests.examples import examples
from tests.reference import published
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

EDHEC = pd.DataFrame(published.EDHEC, index=pd.DatetimeIndex(published.EDHEC_DATES))
TAILS = ("value_at_risk", "conditional_value_at_risk")
PAIRED = ("alpha", "beta", "correlation")
MEASURES = tuple(name for name in _rolling.MEASURES if name != "tail_risk")
BATCH = {name: getattr(metrics, name) for name in MEASURES if name not in ("mean", "correlation")} | {
    "mean": lambda values: float(math.fsum(values) / len(values)),
    "correlation": lambda values, market: float(np.corrcoef(values, market)[0, 1]),
}
TWO_ROWS = ("volatility", "sharpe_ratio", "skewness", "excess_kurtosis", *PAIRED)


def market_of(returns):
    return np.resize([0.01, -0.02, 0.005, 0.0, 0.013], len(returns)) + 0.5 * returns[::-1, 0]


def brute(name, column, window, minimum, market=None, **options):
    """Return the batch measure of each window of one column, without its missing values."""
    result = np.full(len(column), np.nan)
    for row in range(len(column)):
        rows = slice(max(0, row - window + 1), row + 1)
        present = ~np.isnan(column[rows])
        if present.sum() >= minimum:
            others = () if market is None else (market[rows][present],)
            result[row] = BATCH[name](column[rows][present], *others, **options)
    return result


def assert_near(ours, theirs, scale, ulps):
    """Require the same gaps, and values within `ulps` units of the last place of themselves or of `scale`."""
    assert np.array_equal(np.isnan(ours), np.isnan(theirs))
    unit = np.spacing(np.maximum(np.abs(theirs), scale))
    assert np.nanmax(np.abs(ours - theirs) / unit, initial=0.0) <= ulps


@given(returns_arrays(min_rows=1, max_rows=40), st.integers(1, 15), st.integers(1, 15), LEVELS, st.data())
@examples(150)
def test_tails_have_the_bits_of_the_measure_of_each_window(returns, window, minimum, level, data):
    gaps = data.draw(st.lists(st.integers(0, returns.size - 1), max_size=8))
    values = returns.copy()
    values.flat[gaps] = np.nan
    assume(not np.isnan(values).all(axis=0).any())
    minimum = min(minimum, window, len(values))
    options = {"window": window, "min_periods": minimum, "level": level, "nan_policy": "omit"}
    both = metrics.rolling_tail_risk(values, **options)
    for name in TAILS:
        ours = riskresearch.rolling(values, name, **options)
        assert np.array_equal(ours, getattr(both, name), equal_nan=True)
        for column in range(values.shape[1]):
            expected = brute(name, values[:, column], window, minimum, level=level)
            assert np.array_equal(ours[:, column], expected, equal_nan=True)


@pytest.mark.parametrize(("level", "window"), [(0.99, 250), (0.95, 100), (0.55, 60), (0.999, 300), (0.51, 301)])
def test_so_have_tails_of_long_panels_that_run_short_of_values(level, window):
    values = np.round(fat_tailed(700, 3), 3)
    values[:, 2] = np.sort(values[:, 2])  # each row that goes is the worst: the hardest case
    ours = metrics.rolling_tail_risk(values, window=window, level=level)
    for column in range(3):
        for name in TAILS:
            expected = brute(name, values[:, column], window, window, level=level)
            assert np.array_equal(getattr(ours, name)[:, column], expected, equal_nan=True)


@pytest.mark.parametrize("name", [name for name in MEASURES if name not in TAILS])
@given(data=st.data())
@examples(60)
def test_the_others_are_the_measure_of_each_window_within_rounding(name, data):
    values = np.round(data.draw(returns_arrays(min_rows=3, max_rows=40, max_columns=2)), 6)
    values.flat[data.draw(st.lists(st.integers(0, values.size - 1), max_size=6))] = np.nan
    assume(not np.isnan(values).all(axis=0).any())  # an empty column is refused, which has its own test
    window = data.draw(st.integers(2, 15))
    minimum = min(data.draw(st.integers(2, window)), len(values))
    market = np.round(market_of(np.nan_to_num(values)), 6) if name in PAIRED else None
    extra = {} if market is None else {"benchmark": market}
    ours = riskresearch.rolling(values, name, window=window, min_periods=minimum, nan_policy="omit", **extra)
    for column in range(values.shape[1]):
        with np.errstate(invalid="ignore", divide="ignore"):
            expected = brute(name, values[:, column], window, minimum, market)
        both = ~np.isnan(ours[:, column]) & ~np.isnan(expected)
        np.testing.assert_allclose(ours[both, column], expected[both], rtol=1e-8, atol=1e-8)
        if name not in PAIRED:
            assert np.array_equal(np.isnan(ours[:, column]), np.isnan(expected))


@of_any_size
@pytest.mark.parametrize(
    ("name", "scale", "ulps"),
    [
        ("mean", 0.0, 2), ("volatility", 0.0, 16), ("sharpe_ratio", 0.0, 16), ("skewness", 1.0, 512),
        ("excess_kurtosis", 1.0, 512), ("max_drawdown", 1.0, 32),
    ],
)  # fmt: skip
@pytest.mark.parametrize("window", [20, 250])
def test_nothing_drifts_on_price_like_data(name, scale, ulps, window):
    values = load("equities_adj_close").iloc[:1500, :2].to_numpy()
    if name == "max_drawdown":
        values = values[1:] / values[:-1] - 1.0
    ours = riskresearch.rolling(values, name, window=window)
    for column in range(2):
        assert_near(ours[::7, column], brute(name, values[:, column], window, window)[::7], scale, ulps)


@of_any_size
def test_a_split_an_outlier_and_a_flat_stretch_leave_no_trace():
    calm = np.round(fat_tailed(400, 1)[:, 0], 5)
    values = calm.copy()
    values[100] = 1e6
    values[200:] += 100.0
    values[300:340] = 100.25
    volatility = metrics.rolling(values, "volatility", window=20, periods_per_year=1)
    expected = brute("volatility", values, 20, 20, periods_per_year=1)
    assert_near(volatility, expected, 0.0, 16)
    assert volatility[325] == 0.0
    assert np.isnan(metrics.rolling(values, "sharpe_ratio", window=20)[325])


@pytest.mark.parametrize("name", MEASURES)
def test_threads_blocks_and_layout_do_not_matter(name, monkeypatch):
    values = np.tile(fat_tailed(3200, 25), (1, 30))[:, :701]
    extra = {"benchmark": values[:, 3].copy()} if name in PAIRED else {}
    results = []
    for threads, layout in ((1, np.asarray), (2, np.asfortranarray), (2, lambda a: np.repeat(a, 2, axis=0)[::2])):
        monkeypatch.setattr(riskresearch.options, "threads", threads)
        results.append(riskresearch.rolling(layout(values), name, window=50, **extra))
    assert np.array_equal(results[0], results[1], equal_nan=True)
    assert np.array_equal(results[0], results[2], equal_nan=True)
    assert np.array_equal(results[0][:, :25], results[0][:, 25:50], equal_nan=True)


@pytest.mark.parametrize("kind", [np.asarray, np.asfortranarray, pd.DataFrame])
@pytest.mark.parametrize("name", [*MEASURES, "tail_risk"])
def test_at_most_a_fifth_more_memory_than_the_answers_is_needed(name, kind):
    values = np.tile(fat_tailed(2500, 20), (1, 20))
    data = kind(values)
    extra = {"benchmark": data[0] if kind is pd.DataFrame else values[:, 0].copy()} if name in PAIRED else {}
    if name == "tail_risk":
        run = functools.partial(metrics.rolling_tail_risk, data, window=250)
    else:
        run = functools.partial(metrics.rolling, data, name, window=250, **extra)
    run()  # what is imported at the first call is no part of it
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 1.2 * values.nbytes * (2 if name == "tail_risk" else 1)


@of_any_size
@pytest.mark.parametrize("gaps", [False, True])
def test_a_column_has_the_same_bits_beside_flat_missing_and_wild_ones(gaps):
    wild = fat_tailed(300, 20)
    wild[:, 3], wild[120:200, 4], wild[:, 5] = 0.0, 0.25, 1e8 + np.round(wild[:, 5], 2)
    if gaps:
        wild[:150, 6] = wild[40:45, 7] = wild[::3, 8] = np.nan
    for name in ("mean", "volatility", "sharpe_ratio", "sortino_ratio"):
        both = riskresearch.rolling(wild, name, window=30, min_periods=20, nan_policy="omit")
        for column in range(20):
            alone = riskresearch.rolling(wild[:, column], name, window=30, min_periods=20, nan_policy="omit")
            assert np.array_equal(both[:, column], alone, equal_nan=True)
        for column in (0, 3, 4, 19):
            expected = brute(name, wild[:, column], 30, 20)
            scale = {"mean": 0.01, "volatility": 0.0}.get(name, 1.0)  # a mean is exact to a part of the deviation
            assert_near(both[:, column], expected, scale, 16)


def test_excess_returns_that_are_flat_have_no_deviation_whatever_the_rate():
    rates = np.where(np.arange(60) < 30, 0.001, 0.0015)
    returns = 0.004 + rates
    ours = metrics.rolling(returns, "sharpe_ratio", window=10, risk_free=rates)
    assert np.isnan(ours).all()
    returns[40] += 1e-9
    ours = metrics.rolling(returns, "sharpe_ratio", window=10, risk_free=rates)
    assert np.flatnonzero(~np.isnan(ours)).tolist() == list(range(40, 50))


@pytest.mark.parametrize("name", [name for name in MEASURES if name != "mean"])
def test_a_measure_is_named_or_handed_in(name):
    extra = {"benchmark": EDHEC.iloc[:, 1]} if name in PAIRED else {}
    named = riskresearch.rolling(EDHEC, name, window=12, **extra)
    pd.testing.assert_frame_equal(riskresearch.rolling(EDHEC, getattr(metrics, name), window=12, **extra), named)


LOOPS = [each for each in DECLARED.values() if each.answer == "number" and each.name not in MEASURES and not each.needs]


@pytest.mark.parametrize("measure", LOOPS, ids=lambda measure: measure.name)
def test_every_other_public_measure_has_its_bits_in_each_window(measure):
    values = fat_tailed(40, 2)
    values[[3, 17, 18], 1] = np.nan
    rates = np.linspace(0.0, 1e-4, 40)
    market = market_of(np.nan_to_num(values))
    shared = {"level": 0.9, "risk_free": rates, "required_return": 0.0002, "periods_per_year": 52}
    options = {name: value for name, value in shared.items() if name in measure.takes}
    others = {"benchmark": market} if measure.benchmark else {}
    ours = metrics.rolling(values, measure.function, window=12, min_periods=10, nan_policy="omit", **options, **others)
    for column in range(2):
        for row in range(9, 40):
            keep = np.flatnonzero(~np.isnan(values[: row + 1, column]))
            keep = keep[keep > row - 12]
            if len(keep) < 10:
                assert np.isnan(ours[row, column])
                continue
            given = options | ({"risk_free": rates[keep]} if "risk_free" in options else {})
            expected = measure.function(values[keep, column], *[market[keep]] * measure.benchmark, **given)
            assert np.array_equal(ours[row, column], expected, equal_nan=True), row


def test_further_options_are_bound_by_partial_and_functions_of_the_user_are_taken():
    values = fat_tailed(30, 2)
    normal = functools.partial(metrics.value_at_risk, method="normal", level=0.9)
    ours = metrics.rolling(values, normal, window=20)
    assert np.array_equal(ours[-1], metrics.value_at_risk(values[-20:], method="normal", level=0.9))
    deflated = functools.partial(metrics.deflated_sharpe_ratio, trials=5, trial_variance=0.1)
    assert metrics.rolling(values, deflated, window=20)[-1, 1] == deflated(values[-20:, 1])
    gaps = pd.DataFrame(values, columns=["a", "b"])
    gaps.iloc[25, 0] = np.nan
    own = metrics.rolling(gaps, lambda column: column.max() * len(column), window=5, min_periods=4, nan_policy="omit")
    assert own["a"].iloc[-1] == 4 * gaps["a"].iloc[-5:].max()
    assert own["b"].iloc[-1] == 5 * gaps["b"].iloc[-5:].max()
    assert own.isna().sum().tolist() == [3, 3]
    everything = metrics.rolling(values, np.max, window=None)
    assert np.array_equal(everything, np.maximum.accumulate(values, axis=0))


def test_edhec_equals_pandas():
    rolling = EDHEC.rolling(12)
    pd.testing.assert_frame_equal(metrics.rolling(EDHEC, "volatility", window=12), rolling.std() * 12**0.5, rtol=1e-9)
    pd.testing.assert_frame_equal(metrics.rolling(EDHEC, "mean", window=12), rolling.mean(), rtol=1e-9)


def test_without_a_window_all_rows_so_far_count():
    values = fat_tailed(60, 2)
    for name in ("volatility", "value_at_risk", "max_drawdown", "skewness"):
        ours = riskresearch.rolling(values, name, window=None)
        expected = brute(name, values[:, 1], 60, 2 if name in TWO_ROWS else 1)
        np.testing.assert_allclose(ours[:, 1], expected, rtol=1e-10, atol=1e-12)


def test_a_moving_rate_moves_with_the_window():
    returns, rates = np.array(published.RELATIVE_RETURNS), np.array(published.RELATIVE_RISK_FREE)
    result = metrics.rolling(returns, "sharpe_ratio", window=4, risk_free=rates, periods_per_year=12)
    for row in range(3, 10):
        rows = slice(row - 3, row + 1)
        expected = metrics.sharpe_ratio(returns[rows], risk_free=rates[rows], periods_per_year=12)
        assert result[row] == pytest.approx(expected, rel=1e-13)


def test_a_rolling_alpha_is_that_of_each_window_with_a_moving_rate():
    returns, rates = np.array(published.RELATIVE_RETURNS), np.array(published.RELATIVE_RISK_FREE)
    market = np.array(published.RELATIVE_BENCHMARK)
    options = {"benchmark": market, "risk_free": rates, "periods_per_year": 12}
    result = metrics.rolling(returns, "alpha", window=6, **options)
    so_far = metrics.rolling(returns, "alpha", window=None, **options)
    for row in range(5, len(returns)):
        for found, rows in ((result[row], slice(row - 5, row + 1)), (so_far[row], slice(0, row + 1))):
            expected = metrics.alpha(returns[rows], market[rows], risk_free=rates[rows], periods_per_year=12)
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-14)


@of_any_size
@pytest.mark.parametrize("window", [20, 250])
def test_a_rolling_alpha_stays_within_some_units_of_the_means_that_it_is_made_of(window):
    values = load("equities_adj_close").iloc[:1500, :3].pct_change(fill_method=None).iloc[1:].to_numpy()
    own, market = values[:, :2], values[:, 2]
    ours = riskresearch.rolling(own, "alpha", benchmark=market, window=window, periods_per_year=252)
    means = np.abs(own).max() * 252
    for column in range(2):
        expected = brute("alpha", own[:, column], window, window, market, periods_per_year=252)
        assert_near(ours[::7, column], expected[::7], means, 16)


@pytest.mark.parametrize("name", ["up_capture", "down_capture"])
def test_a_rolling_capture_has_the_bits_of_each_window_and_is_nan_where_the_benchmark_did_not_move_so(name):
    values = fat_tailed(60, 3)
    values[20:30, 2] = 0.01  # it only rises here
    ours = riskresearch.rolling(values[:, :2], name, benchmark=values[:, 2], window=8)
    running = metrics.Online(name, window=8).start(2)
    streamed = [running.update({"returns": own, "benchmark": market}) for *own, market in values.tolist()]
    assert np.array_equal(ours, streamed, equal_nan=True)
    for row in range(7, 60):
        rows = slice(row - 7, row + 1)
        expected = getattr(metrics, name)(values[rows, :2], values[rows, 2])
        assert np.array_equal(ours[row], expected, equal_nan=True)
    assert np.isnan(ours[27:30]).all() == (name == "down_capture")


def test_tail_risk_is_a_record():
    result = metrics.rolling_tail_risk(EDHEC, window=24, level=0.9)
    assert repr(result) == "RollingTailRisk(window=24, level=0.9, rows=152)"
    assert result.to_frame().shape == (152, 2 * EDHEC.shape[1])
    assert "mean" in result.summary()
    assert "worst" in result.summary()
    assert "\nlast 24 rows, level 0.9; losses\n" in result.summary()
    assert "last 24 rows, level 0.9; losses" in result._repr_html_()
    assert result.plot().get_lines()
    both = result.to_frame()
    assert (both["conditional_value_at_risk"] >= both["value_at_risk"])[23:].all(axis=None)


@pytest.mark.parametrize(
    ("measure", "options", "text"),
    [
        ("sharp_ratio", {"window": 3}, r"measure must be one of 'mean', .*, got 'sharp_ratio'"),
        ([0.1], {"window": 3}, r"measure must be a name or a function, got list\. The returns come first"),
        ("drawdown", {"window": 3}, r"measure must be one of 'mean', .*, got 'drawdown'"),
        (metrics.tail_risk, {"window": 3}, r"measure must give one number per column, but tail_risk does not"),
        (np.diff, {"window": 3}, r"ends with row 2: measure must return a number of each window, got array"),
        ("deflated_sharpe_ratio", {"window": 3}, r"needs trials and trial_variance: pass functools\.partial\("),
        (
            functools.partial(metrics.volatility, interval=0.9),
            {"window": 3},
            r"interval must be left out in a moving window, got 0\.9",
        ),
        (functools.partial(metrics.kappa_ratio, order=0), {"window": 3}, r"In the window that ends with row 2: order"),
        ("mean", {"window": 0}, r"window must be a whole number of at least 1, got 0"),
        ("beta", {"window": 1, "benchmark": [0.1] * 4}, r"window must be a whole number of at least 2, got 1"),
        ("mean", {"window": 9}, r"window must be at most the 4 rows of returns, got 9"),
        ("mean", {"window": 3, "min_periods": 4}, r"min_periods must be at most window=3, got 4"),
        ("beta", {"window": 3}, r"benchmark must be given with 'beta', got None"),
        ("mean", {"window": 3, "level": 0.9}, r"level must be left out with 'mean': it is for .*value_at_risk"),
        ("value_at_risk", {"window": 3, "risk_free": 0.1}, r"risk_free must be left out with 'value_at_risk'"),
        ("value_at_risk", {"window": 3, "level": 95}, r"level must be in \(0\.5, 1\), got 95"),
        ("max_drawdown", {"window": 3, "benchmark": [0.1]}, r"benchmark must be left out with 'max_drawdown'"),
    ],
)
def test_what_does_not_fit_is_refused(measure, options, text):
    with pytest.raises(InvalidInputError, match=text):
        riskresearch.rolling([0.01, -0.02, 0.03, 0.0], measure, **options)


def test_a_yearly_rate_warns():
    with pytest.warns(ConventionWarning, match=r"risk_free is a rate per period"):
        metrics.rolling(fat_tailed(9, 1)[:, 0], "sharpe_ratio", window=3, risk_free=0.05)
