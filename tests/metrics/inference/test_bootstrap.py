"""The bootstrap against arch and SciPy on the same draws, its laws, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import riskresearch
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.kernels.inference import _bootstrap
from riskresearch.kernels.inference._block_length import automatic_length, politis_white
from riskresearch.metrics import Bootstrap, bootstrap_interval
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size, random_of

# arch 8.0.0, optimal_block_length of AR(1) paths (seed, rows, coefficient): stationary, circular.
ARCH_LENGTHS = {
    (1, 500, 0.0): (3.2093524521117756, 3.673791461305809),
    (2, 500, 0.5): (6.814061298622764, 7.800153018164931),
    (3, 2000, 0.9): (40.90513383789786, 46.82468929779191),
    (4, 150, -0.6): (14.283200981078883, 16.35018359229272),
    (5, 60, 0.3): (1.9537734891433474, 2.236512339745507),
}
# arch 8.0.0, IIDBootstrap(ar1(9, 40, 0.4), seed=default_rng(11)).conf_int(mean / deviation, 400, size=0.9).
ARCH_BOUNDS = {
    "percentile": (-0.23359888349982283, 0.29102444931550386),
    "basic": (-0.26957953537839674, 0.25504379743692995),
    "bca": (-0.24673534659607924, 0.26058062361534234),
}


def ar1(seed, rows, coefficient):
    noise = np.random.default_rng(seed).standard_normal(rows)
    path = np.zeros(rows)
    for row in range(1, rows):
        path[row] = coefficient * path[row - 1] + noise[row]
    return path


def ratio(values):
    return values.mean() / values.std(ddof=1)


def columns_ratio(values):
    return values.mean(axis=0) / values.std(axis=0, ddof=1)


@pytest.mark.parametrize(("seed", "rows", "coefficient"), ARCH_LENGTHS)
def test_block_lengths_equal_those_of_arch(seed, rows, coefficient):
    lengths = politis_white(ar1(seed, rows, coefficient))
    assert lengths == pytest.approx(ARCH_LENGTHS[seed, rows, coefficient], rel=1e-9)


@pytest.mark.parametrize("kind", ARCH_BOUNDS)
def test_bounds_equal_those_of_arch_on_the_same_draws(kind):
    values, rng = ar1(9, 40, 0.4), np.random.default_rng(11)
    draws = np.array([ratio(values[rng.integers(40, size=40)]) for _ in range(400)])
    found = _bootstrap.bounds(
        draws, ratio(values), 0.9, kind, lambda: _bootstrap.jackknife(columns_ratio, values[:, None], ())
    )
    assert found == pytest.approx(ARCH_BOUNDS[kind], rel=1e-9)


@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_bounds_equal_those_of_scipy_on_the_same_draws(kind):
    values = fat_tailed(60, 1)[:, 0] + 0.002
    theirs = stats.bootstrap(
        (values,), lambda x, axis: x.mean(axis=axis) / x.std(axis=axis, ddof=1), n_resamples=500,
        confidence_level=0.8, method=kind, **random_of(stats.bootstrap, 1),
    )  # fmt: skip
    found = _bootstrap.bounds(
        theirs.bootstrap_distribution, ratio(values), 0.8, kind,
        lambda: _bootstrap.jackknife(columns_ratio, values[:, None], ()),
    )  # fmt: skip
    assert found == pytest.approx(tuple(theirs.confidence_interval), rel=1e-9)


@pytest.mark.parametrize("resampling", ["stationary", "circular", "iid"])
def test_moments_without_copies_equal_the_replicates_of_copied_rows(resampling):
    values = fat_tailed(300, 1)[:, 0] + 0.3
    plan = _bootstrap.make_plan(300, 700, resampling, 5.5, 42)
    copied = _bootstrap.replicates(columns_ratio, values[:, None], (), plan)
    moments = _bootstrap.moment_replicates(lambda mean, deviation: mean / deviation, values, plan)
    assert moments == pytest.approx(copied, rel=1e-11)
    left_out = _bootstrap.jackknife(columns_ratio, values[:, None], ())
    assert left_out == pytest.approx([ratio(np.delete(values, row)) for row in range(300)], rel=1e-12)
    by_moments = _bootstrap.moment_jackknife(lambda mean, deviation: mean / deviation, values)
    assert by_moments == pytest.approx(left_out, rel=1e-11)


def test_the_error_of_the_mean_is_the_theoretical_one():
    """iid: deviation / sqrt(n); 20,000 draws, 4 errors of an estimated deviation."""
    values = fat_tailed(400, 1)[:, 0]
    found = bootstrap_interval(values, measure=np.mean, interval=Bootstrap(draws=20000, resampling="iid", rng=1))
    assert found.standard_error == pytest.approx(values.std() / 20, rel=4 / (2 * 20000) ** 0.5)


@pytest.mark.filterwarnings("ignore:rows of column 'returns' are autocorrelated")
@of_any_size
def test_the_error_of_the_mean_grows_with_autocorrelation():
    """AR(1) of 0.5: the long-run deviation is sqrt(3) times the plain one; single rows see none of it."""
    values = ar1(8, 4000, 0.5)
    block = bootstrap_interval(values, measure=np.mean, interval=Bootstrap(block_length=30, rng=1))
    single = bootstrap_interval(values, measure=np.mean, interval=Bootstrap(resampling="iid", rng=1))
    assert block.standard_error / single.standard_error == pytest.approx(3**0.5, rel=0.12)


def test_more_draws_begin_with_the_same_draws_and_threads_change_nothing():
    values = fat_tailed(5000, 1)[:, 0]
    few = _bootstrap.make_plan(5000, 300, "stationary", 8.0, 3)
    many = _bootstrap.make_plan(5000, 1100, "stationary", 8.0, 3)
    assert many.keys[: len(few.keys)] == few.keys

    def mean(means, deviations):
        return means

    whole = _bootstrap.moment_replicates(mean, values, many)
    assert np.array_equal(whole[:300], _bootstrap.moment_replicates(mean, values, few))
    before = riskresearch.options.threads
    try:
        riskresearch.options.threads = 3 if before != 3 else 2
        assert np.array_equal(whole, _bootstrap.moment_replicates(mean, values, many))
        riskresearch.options.threads = 1
        assert np.array_equal(whole, _bootstrap.moment_replicates(mean, values, many))
    finally:
        riskresearch.options.threads = before


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["stationary", "circular", "iid"]),
    st.sampled_from(["percentile", "basic"]),
)
@examples(20)
def test_more_confidence_widens_and_moving_the_returns_moves_the_interval(seed, resampling, kind):
    values = fat_tailed(40, 1, seed)[:, 0]
    narrow, wide, moved = (
        bootstrap_interval(
            values + shift, measure=np.mean,
            interval=Bootstrap(level, draws=200, resampling=resampling, method=kind, block_length=3, rng=seed),
        )
        for level, shift in ((0.5, 0.0), (0.99, 0.0), (0.5, 0.25))
    )  # fmt: skip
    assert wide.lower <= narrow.lower <= narrow.upper <= wide.upper
    assert (moved.lower, moved.upper) == pytest.approx((narrow.lower + 0.25, narrow.upper + 0.25), rel=1e-9)


def test_columns_share_the_draws_and_equal_their_series():
    frame = pd.DataFrame(fat_tailed(50, 3), columns=["a", "b", "c"])
    settings = Bootstrap(draws=200, rng=5)
    whole = bootstrap_interval(frame, measure=np.median, interval=settings)
    for name in frame:
        alone = bootstrap_interval(frame[name], measure=np.median, interval=settings)
        assert (alone.lower, alone.upper) == (whole.lower[name], whole.upper[name])
    twin = bootstrap_interval(frame.assign(d=frame["a"]), measure=np.median, interval=settings)
    assert twin.lower["d"] == whole.lower["a"]


def test_without_rng_each_call_is_the_same_and_with_none_it_differs_and_its_seed_repeats_it():
    values = fat_tailed(50, 1)[:, 0]
    plain, same = (bootstrap_interval(values, measure=np.mean, interval=0.9) for _ in range(2))
    assert (plain.lower, plain.upper, plain.seed) == (same.lower, same.upper, 0)
    one, two = (bootstrap_interval(values, measure=np.mean, interval=Bootstrap(0.9, rng=None)) for _ in range(2))
    assert one.seed != two.seed
    again = bootstrap_interval(values, measure=np.mean, interval=Bootstrap(0.9, rng=one.seed))
    assert (again.lower, again.upper, again.seed) == (one.lower, one.upper, one.seed)
    assert f"seed {one.seed}" in one.summary()


def test_a_generator_moves_on():
    values, rng = fat_tailed(50, 1)[:, 0], np.random.default_rng(3)
    one, two = (bootstrap_interval(values, measure=np.mean, interval=Bootstrap(rng=rng)) for _ in range(2))
    assert one.lower != two.lower
    first = bootstrap_interval(values, measure=np.mean, interval=Bootstrap(rng=np.random.default_rng(3)))
    assert first.lower == one.lower


def test_the_automatic_length_sees_the_clusters_of_volatility():
    calm = np.where(np.arange(2000) // 100 % 2, 0.01, 0.03)
    values = np.random.default_rng(2).standard_normal(2000) * calm
    assert automatic_length(values, "stationary") > 3 * politis_white(values)[0]
    assert politis_white(np.full(30, 0.01)) == (1.0, 1.0)
    assert politis_white(np.array([0.01])) == (1.0, 1.0)


def test_undefined_draws_are_counted_aloud():
    def first_loss(values):
        return values[values < 0.0].min() if (values < 0.0).any() else np.nan

    with pytest.warns(ConventionWarning, match=r"\d+ of 300 bootstrap draws have no value"):
        found = bootstrap_interval([0.01, 0.02, -0.01, 0.03], measure=first_loss, interval=Bootstrap(draws=300, rng=1))
    assert (found.lower, found.upper) == (-0.01, -0.01)


def test_bca_is_undefined_where_all_draws_are_on_one_side():
    assert np.isnan(_bootstrap.bounds(np.ones(100), 0.0, 0.9, "bca", lambda: np.ones(3))).all()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"confidence": 95}, r"confidence must be in \(0, 1\), got 95"),
        ({"draws": 10}, r"draws must be a whole number of at least 100, got 10"),
        (
            {"resampling": "moving"},
            r"resampling must be one of 'filtered', 'stationary', 'circular', 'iid', got 'moving'",
        ),
        ({"method": "BCa"}, r"method must be one of .*got 'BCa'"),
        ({"block_length": 0.5}, r"block_length must be at least 1 row, got 0\.5"),
        ({"rng": -1}, r"rng must be a whole number of at least 0, got -1"),
    ],
)
def test_wrong_settings_are_named(options, text):
    with pytest.raises(InvalidInputError, match=text):
        Bootstrap(**options)


def test_a_measure_must_be_callable():
    with pytest.raises(InvalidInputError, match=r"measure must be a function of an array of returns, got 'mean'"):
        bootstrap_interval([0.01, 0.02], measure="mean")
