"""`interval=` on every measure: same estimate, same labels, and intervals that are what they say they are."""

import functools
import inspect

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats
from statsmodels.regression.quantile_regression import hall_sheather

import riskresearch
from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.kernels.inference import _tail_errors
from riskresearch.metrics import AnalyticInterval, Bootstrap, Interval
from tests.contract import NAMES, frame_for, holed, polars_for, same
from tests.measures import NUMBERS
from tests.samples import LEVELS, fat_tailed, of_any_size

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

# Inferences about the Sharpe ratio are probabilities or lengths already.
INFERENCES = {"deflated_sharpe_ratio", "minimum_track_record_length", "probabilistic_sharpe_ratio", "tail_risk"}
MEASURED = tuple(measure for measure in NUMBERS if measure.name not in INFERENCES)
each_measured = pytest.mark.parametrize("measure", MEASURED, ids=lambda measure: measure.name)
SETTINGS = Bootstrap(0.9, draws=100, block_length=2, rng=1)
sorted_or_unlucky = pytest.mark.filterwarnings("ignore::riskresearch.core.DependentRowsWarning")
quiet = pytest.mark.filterwarnings("ignore:.*bootstrap draws have no value")

# R 4.2.2: qbinom((1 - c) / 2, n, p) and qbinom((1 + c) / 2, n, p) + 1 for (n, p, c).
R_RANKS = {
    (250, 0.95, 0.95): (230, 245), (250, 0.99, 0.9): (245, 251), (1000, 0.99, 0.95): (983, 997),
    (5000, 0.975, 0.99): (4846, 4904), (40, 0.9, 0.5): (35, 38),
}  # fmt: skip


@each_measured
def test_every_measure_takes_a_confidence_and_none_is_as_without(measure):
    parameter = inspect.signature(getattr(metrics, measure.name)).parameters["interval"]
    assert parameter.default is None
    assert same(measure(frame_for(measure), interval=None), measure(frame_for(measure)))


@quiet
@each_measured
def test_the_estimate_has_the_bits_and_labels_of_the_measure(measure):
    frame = frame_for(measure)
    found, plain = measure(frame, interval=SETTINGS), measure(frame)
    assert isinstance(found, Interval)
    assert found.measure == measure.name
    for name in ("estimate", "lower", "upper", "standard_error"):
        pd.testing.assert_index_equal(getattr(found, name).index, plain.index)
    assert same(found.estimate, plain)
    assert (found.lower <= found.upper).all()
    alone = measure(frame["MSFT"], interval=SETTINGS)
    assert (alone.lower, alone.upper) == (found.lower["MSFT"], found.upper["MSFT"])
    assert measure(polars_for(measure), interval=SETTINGS).upper.columns == NAMES


@quiet
@each_measured
def test_missing_rows_are_left_out_before_the_draws(measure):
    frame = holed(measure)
    found = measure(frame, interval=SETTINGS, nan_policy="omit")
    assert found.lower["AAPL"] == measure(frame["AAPL"], interval=SETTINGS).lower


@each_measured
def test_a_wrong_confidence_is_refused(measure):
    with pytest.raises(InvalidInputError, match=r"interval must be in \(0, 1\), got 95"):
        measure(frame_for(measure), interval=95)


def test_numbers_choose_what_covers_and_the_analytic_interval_has_a_name():
    values = fat_tailed(300, 1)[:, 0]
    assert metrics.sharpe_ratio(values, interval=0.9).seed is None
    for name in ("value_at_risk", "conditional_value_at_risk"):
        assert "filtered bootstrap" in getattr(metrics, name)(values, interval=0.9).method
    for name in ("sharpe_ratio", "value_at_risk", "conditional_value_at_risk"):
        assert getattr(metrics, name)(values, interval=AnalyticInterval(0.9)).seed is None
        assert getattr(metrics, name)(values, interval=Bootstrap(rng=2)).seed == 2
    with pytest.raises(
        InvalidInputError, match=r"volatility, which has no analytic interval here, got AnalyticInterval"
    ):
        metrics.volatility(values, interval=AnalyticInterval(0.9))
    assert metrics.volatility(values, interval=0.9).seed is not None
    assert metrics.value_at_risk(values, method="normal", interval=0.9).seed is not None
    mertens = metrics.sharpe_ratio_interval(values, confidence=0.9)
    assert (mertens.lower, mertens.upper) == (lambda i: (i.lower, i.upper))(metrics.sharpe_ratio(values, interval=0.9))


@pytest.mark.parametrize(
    ("name", "others"),
    [("sharpe_ratio", 0), ("volatility", 0), ("annual_return", 0), ("tracking_error", 1), ("information_ratio", 1)],
)
@pytest.mark.parametrize("kind", ["percentile", "bca"])
def test_measures_of_moments_equal_the_bootstrap_of_the_function_itself(name, others, kind):
    values, market = fat_tailed(200, 2).T + 0.001
    options = {"compounding": "arithmetic"} if name == "annual_return" else {}
    measure, settings = getattr(metrics, name), Bootstrap(0.8, draws=300, rng=4, method=kind, block_length=3)
    quick = measure(values, *[market] * others, interval=settings, **options)
    series = values - market if others else values
    slow = metrics.bootstrap_interval(
        series,
        measure=lambda column: measure(column, *[np.zeros(len(column))] * others, **options),
        interval=settings,
    )
    assert (quick.lower, quick.upper) == pytest.approx((slow.lower, slow.upper), rel=1e-10)
    assert quick.standard_error == pytest.approx(slow.standard_error, rel=1e-10)


def test_bootstrap_interval_hands_measures_of_the_library_their_dates():
    monthly = pd.Series(0.01 + fat_tailed(60, 1)[:, 0], index=pd.date_range("2015-01-31", periods=60, freq="ME"))
    settings = Bootstrap(rng=1)
    found = metrics.bootstrap_interval(monthly, measure=riskresearch.sharpe_ratio, interval=settings)
    assert found.estimate == riskresearch.sharpe_ratio(monthly)
    deep = functools.partial(metrics.value_at_risk, level=0.9)
    assert metrics.bootstrap_interval(monthly, measure=deep, interval=settings).estimate == deep(monthly)


# --- VaR and CVaR


@pytest.mark.parametrize(("rows", "level", "confidence"), R_RANKS)
def test_ranks_equal_the_binomial_quantiles_of_r(rows, level, confidence):
    assert _tail_errors.binomial_ranks(rows, level, confidence) == R_RANKS[rows, level, confidence]


@given(st.integers(1, 3000), LEVELS, st.floats(0.05, 0.999))
def test_ranks_enclose_with_at_least_the_confidence_and_no_rank_less_would(rows, level, confidence):
    lower, upper = _tail_errors.binomial_ranks(rows, level, confidence)
    half = 0.5 - 0.5 * confidence
    assert stats.binom.cdf(lower - 1, rows, level) <= half + 1e-12
    assert stats.binom.sf(upper - 1, rows, level) <= half + 1e-12
    assert stats.binom.cdf(lower, rows, level) >= half - 1e-12
    assert stats.binom.sf(upper - 2, rows, level) >= half - 1e-12


@sorted_or_unlucky
@given(st.integers(0, 2**32 - 1), st.integers(1, 400), LEVELS)
def test_order_statistics_enclose_the_historical_var(seed, rows, level):
    values = fat_tailed(rows, 1, seed)[:, 0]
    found = metrics.value_at_risk(values, level=level, interval=AnalyticInterval(0.9))
    assert found.lower <= found.estimate <= found.upper


def test_a_sample_too_short_for_the_tail_has_no_upper_bound():
    found = metrics.value_at_risk(fat_tailed(100, 1)[:, 0], level=0.99, interval=AnalyticInterval(0.95))
    assert found.upper == np.inf
    assert np.isfinite(found.lower)


@of_any_size
def test_var_intervals_cover_as_often_as_the_binomial_says():
    """4,000 samples of 250 rows: exact coverage F(244) - F(229), within 4 binomial errors."""
    values = np.random.default_rng(1).standard_normal((250, 4000))
    found = metrics.value_at_risk(values, level=0.95, interval=AnalyticInterval(0.95))
    true = stats.norm.ppf(0.95)
    exact = stats.binom.cdf(244, 250, 0.95) - stats.binom.cdf(229, 250, 0.95)
    share = np.mean((found.lower <= true) & (true <= found.upper))
    assert share == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 4000) ** 0.5)
    theory = (0.95 * 0.05 / 250) ** 0.5 / stats.norm.pdf(true)
    assert np.median(found.standard_error) == pytest.approx(theory, rel=0.15)


def test_the_bandwidth_is_that_of_statsmodels():
    """With 100,000 rows the bandwidth of Hall & Sheather ends before the sample does."""
    values = np.random.default_rng(2).standard_normal((100_000, 1))
    band = hall_sheather(100_000, 0.9)
    low, high = np.quantile(-values[:, 0], [0.9 - band, 0.9 + band])
    error = (high - low) / (2 * band) * (0.9 * 0.1 / 100_000) ** 0.5
    assert _tail_errors.quantile_error(values, 0.9)[0] == pytest.approx(error, rel=1e-9)


@sorted_or_unlucky
@given(st.integers(0, 2**32 - 1), st.integers(20, 300))
def test_the_error_of_cvar_is_manistre_and_hancocks(seed, rows):
    """sqrt((variance in the tail + level (CVaR - VaR)^2) / (n (1 - level))) where level n is whole."""
    rows = rows // 20 * 20
    losses = np.sort(-fat_tailed(rows, 1, seed)[:, 0])
    tail = losses[-rows // 20 :]
    var = losses[-rows // 20 - 1]
    expected = ((tail.var() + 0.95 * (tail.mean() - var) ** 2) / (rows * 0.05)) ** 0.5
    found = metrics.conditional_value_at_risk(-losses, level=0.95, interval=AnalyticInterval(0.9))
    assert found.standard_error == pytest.approx(expected, rel=1e-9)


@of_any_size
def test_cvar_intervals_cover_a_little_less_than_they_say_in_small_samples():
    """2,000 normal samples of 2,000 rows: 90 % within 4 binomial errors and 3 points for the normal approximation."""
    values = np.random.default_rng(3).standard_normal((2000, 2000))
    found = metrics.conditional_value_at_risk(values, level=0.95, interval=AnalyticInterval(0.9))
    true = stats.norm.pdf(stats.norm.ppf(0.95)) / 0.05
    share = np.mean((found.lower <= true) & (true <= found.upper))
    assert share == pytest.approx(0.9, abs=4 * (0.09 / 2000) ** 0.5 + 0.03)


@of_any_size
@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_bootstrap_intervals_of_the_sharpe_ratio_cover_as_often_as_they_say(kind):
    """1,000 samples of 150 normal rows, iid draws: 4 binomial errors and 2 points for the sample size."""
    values = 0.1 + np.random.default_rng(4).standard_normal((150, 1000))
    settings = Bootstrap(0.9, draws=500, resampling="iid", method=kind, rng=9)
    found = metrics.sharpe_ratio(values, periods_per_year=1, interval=settings)
    share = np.mean((found.lower <= 0.1) & (0.1 <= found.upper))
    assert share == pytest.approx(0.9, abs=4 * (0.09 / 1000) ** 0.5 + 0.02)
