"""Intervals of dependent rows: which way each measure and column takes, what is warned of, and what is covered."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import riskresearch
from riskresearch import metrics
from riskresearch.core import DependentRowsWarning, InvalidInputError
from riskresearch.kernels.inference import _dependence, _filtered
from riskresearch.metrics import AnalyticInterval, Bootstrap
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size

TAILS = (
    "value_at_risk", "conditional_value_at_risk", "entropic_value_at_risk", "expectile_value_at_risk", "volatility",
    "semideviation", "downside_deviation", "downside_potential", "upside_potential",
)  # fmt: skip
PATHS = (
    "max_drawdown", "average_drawdown", "conditional_drawdown_at_risk", "ulcer_index", "pain_index", "calmar_ratio",
    "burke_ratio", "sterling_ratio", "pain_ratio", "martin_ratio",
)  # fmt: skip
BLOCKS = Bootstrap(draws=200, resampling="stationary", rng=1)
QUICK = Bootstrap(draws=400, rng=1)
may_depend = pytest.mark.filterwarnings("ignore::riskresearch.core.DependentRowsWarning")


def garch(rows, columns, seed, reaction=0.09, memory=0.90):
    """Return GARCH(1,1) paths of deviation 0.01 in the long run, after 1,000 rows."""
    rng = np.random.default_rng(seed)
    variance, paths = np.ones(columns), np.empty((rows + 1000, columns))
    for row in paths:
        row[:] = np.sqrt(variance) * rng.standard_normal(columns)
        variance = 1.0 - reaction - memory + reaction * row**2 + memory * variance
    return 0.01 * paths[1000:]


def overlapping(rows, columns, seed, days=10):
    """Return sums over `days` rows of independent normal ones of deviation 0.01."""
    total = np.cumsum(np.random.default_rng(seed).standard_normal((rows + days, columns)), axis=0)
    return 0.01 * (total[days:] - total[:-days])


def covered(data, measure, true, settings):
    found = [measure(column, interval=settings) for column in data.T]
    return sum(one.lower <= true <= one.upper for one in found)


@may_depend
@of_any_size
@pytest.mark.parametrize(
    ("measure", "true"),
    [
        (riskresearch.conditional_value_at_risk, None),
        (metrics.volatility, 0.01 * 252**0.5),
    ],
    ids=["conditional_value_at_risk", "volatility"],
)
def test_clusters_of_volatility_are_covered_by_default_and_not_by_blocks(measure, true):
    """GARCH(0.09, 0.90), 500 rows, 60 histories: 80 % of them at 95 %; CVaR of four million rows of the same model."""
    if true is None:
        true = riskresearch.conditional_value_at_risk(garch(1000, 4000, 9).ravel())
    data = garch(500, 60, 5)
    blocks = covered(data, measure, true, BLOCKS)
    assert covered(data, measure, true, QUICK) >= 48 > blocks


@may_depend
@of_any_size
def test_overlapping_sums_are_covered_more_often_than_by_order_statistics():
    """10-day sums of independent normal rows, n = 500: three in four at least, where the formula has half of them."""
    data, true = overlapping(500, 60, 3), 0.01 * 10**0.5 * stats.norm.ppf(0.95)
    by_formula = covered(data, riskresearch.value_at_risk, true, AnalyticInterval())
    assert covered(data, riskresearch.value_at_risk, true, QUICK) >= 48 > by_formula + 6


@pytest.mark.parametrize("name", TAILS)
def test_every_measure_of_the_tail_takes_the_filtered_bootstrap_and_repeats_it(name):
    values = garch(300, 1, 2)[:, 0]
    found, again = (getattr(metrics, name)(values, interval=QUICK) for _ in range(2))
    assert "filtered bootstrap, 400 histories" in found.method
    assert found.lower < found.estimate < found.upper
    assert (found.lower, found.upper, found.standard_error) == (again.lower, again.upper, again.standard_error)
    assert "filtered" in metrics.tracking_error(values, values[::-1] * 0.5, interval=QUICK).method


@pytest.mark.parametrize("name", PATHS)
def test_a_measure_of_a_path_has_a_range_of_resampled_histories(name):
    values = fat_tailed(200, 1)[:, 0]
    found = getattr(metrics, name)(values, interval=QUICK)
    assert found.kind == "range"
    assert "0.95 of resampled histories in" in repr(found)
    assert "range of 0.95 of resampled histories: stationary" in found.summary()
    with pytest.raises(InvalidInputError, match=rf"resampling must be .* for {name}, got 'filtered': it is of a path"):
        getattr(metrics, name)(values, interval=Bootstrap(resampling="filtered"))


def test_blocks_and_formulas_that_are_asked_for_warn_of_clusters():
    values = garch(1000, 1, 2)[:, 0]
    for settings in (BLOCKS, Bootstrap(block_length=10, rng=1), Bootstrap(method="bca", rng=1)):
        with pytest.warns(DependentRowsWarning, match=r"volatility of .* clusters \(z = .*Pass Bootstrap\(resampling"):
            assert "bootstrap, " in riskresearch.value_at_risk(values, interval=settings).method
    with pytest.warns(DependentRowsWarning, match=r"clusters .* assumes independent rows") as caught:
        riskresearch.conditional_value_at_risk(values, interval=AnalyticInterval())
    assert caught[0].filename == __file__
    assert metrics.volatility(values, interval=0.9).kind == "interval"
    assert riskresearch.sharpe_ratio(values, interval=BLOCKS).seed == 1


def test_autocorrelated_rows_take_longer_blocks_with_a_warning():
    values = overlapping(500, 1, 1)[:, 0]
    for measure in (riskresearch.value_at_risk, metrics.volatility, riskresearch.sharpe_ratio):
        with pytest.warns(
            DependentRowsWarning, match=r"autocorrelated, .* \(0\.87 at lag one, z = .*takes longer blocks"
        ):
            assert "three times the automatic length" in measure(values, interval=QUICK).method
    for settings in (BLOCKS, AnalyticInterval(), Bootstrap(resampling="filtered")):
        with pytest.warns(DependentRowsWarning, match=r"are autocorrelated.* too short"):
            riskresearch.value_at_risk(values, interval=settings)
    for method in ("mertens", "iid"):
        with pytest.warns(DependentRowsWarning, match="assumes independent rows"):
            metrics.sharpe_ratio_interval(values, method=method)
    assert metrics.sharpe_ratio_interval(values, method="hac").seed is None


def test_each_column_takes_its_own_way_and_the_method_names_them():
    frame = pd.DataFrame({"daily": garch(400, 1, 1)[:, 0], "sums": overlapping(400, 1, 1)[:, 0]})
    with pytest.warns(DependentRowsWarning, match="column 'sums' are autocorrelated"):
        found = riskresearch.value_at_risk(frame, interval=QUICK)
    assert found.method.startswith("daily: filtered bootstrap, 400 histories")
    assert "; sums: circular bootstrap, 400 draws, blocks of three times" in found.method
    alone = riskresearch.value_at_risk(frame["daily"], interval=QUICK)
    assert (found.lower["daily"], found.upper["daily"]) == (alone.lower, alone.upper)


def test_too_few_rows_fall_back_and_say_so():
    few = fat_tailed(10, 1)[:, 0]
    with pytest.warns(DependentRowsWarning, match=r"^10 rows are too few .* which needs 20: .*exact order statistics"):
        assert riskresearch.value_at_risk(few, interval=0.9).upper == np.inf
    with pytest.warns(DependentRowsWarning, match=r"^10 rows are too few .*iid bootstrap, .*Student-t"):
        assert metrics.volatility(few, interval=0.9).lower > 0.0


def test_settings_without_blocks_refuse_a_length():
    for wrong in ({"block_length": 5.0}, {"method": "bca"}):
        with pytest.raises(
            InvalidInputError, match=r"must be left out with resampling='filtered', which has no blocks"
        ):
            Bootstrap(resampling="filtered", **wrong)
    with pytest.raises(InvalidInputError, match=r"for beta, got 'filtered': it is of more than one series"):
        riskresearch.metrics.beta(*fat_tailed(100, 2).T, interval=Bootstrap(resampling="filtered"))


@may_depend
@examples(25)
@given(st.integers(0, 2**32 - 1), st.floats(-8.0, 8.0), st.floats(-0.02, 0.02))
def test_the_filtered_interval_moves_and_scales_with_the_losses(seed, exponent, shift):
    values, scale = garch(120, 1, seed)[:, 0], 10.0**exponent
    settings = Bootstrap(draws=100, resampling="filtered", rng=3)
    plain = metrics.bootstrap_interval(values, measure=_worst, interval=settings)
    moved = metrics.bootstrap_interval(scale * (values + shift), measure=_worst, interval=settings)
    assert moved.lower == pytest.approx(scale * (plain.lower - shift), rel=1e-6, abs=1e-6 * scale)
    assert moved.upper == pytest.approx(scale * (plain.upper - shift), rel=1e-6, abs=1e-6 * scale)


def _worst(values):
    return -float(np.quantile(values, 0.1, method="nearest"))


@of_any_size
def test_independent_rows_are_seldom_called_dependent():
    """20,000 series of 250 rows of Student-t(4): at most 1 and 3 in a thousand and 4 Poisson deviations; the statistic
    of clusters is a sum of few terms and skewed, so that its tail is longer than the normal one."""
    data = np.random.default_rng(1).standard_t(4.0, (250, 20_000))
    limit = _dependence.critical(1)
    assert sum(_dependence.autocorrelation(each)[1] > limit for each in data.T) <= 20 + 4 * 20**0.5
    assert sum(_dependence.clustering(each) > limit for each in data.T) <= 60 + 4 * 60**0.5


def test_the_likelihood_is_that_of_the_recursion_written_out():
    """The cell of reaction 0.09 and persistence 0.99 with normal innovations, variance by variance."""
    values = garch(200, 1, 4)[:, 0]
    squares = (values / values.std()) ** 2
    cell = int(np.flatnonzero(np.isclose(_filtered.CELLS, [0.09, 0.90]).all(axis=1))[0])
    scale, expected = float(_filtered.SCALES[4]), 0.0
    variance = float(np.average(squares[:75], weights=0.94 ** np.arange(75)))
    for square in squares:
        expected += stats.norm.logpdf(square**0.5, scale=variance**0.5)
        variance = 0.01 * scale + 0.09 * square + 0.90 * variance
    assert _filtered._log_likelihood(squares)[cell, 4, 3] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("number", [0, 2])
def test_each_student_likelihood_is_that_of_the_recursion_written_out(number):
    values = garch(200, 1, 4)[:, 0]
    squares = (values / values.std()) ** 2
    cell = int(np.flatnonzero(np.isclose(_filtered.CELLS, [0.05, 0.92]).all(axis=1))[0])
    degrees, scale, expected = _filtered.DEGREES[number], float(_filtered.SCALES[6]), 0.0
    variance = float(np.average(squares[:75], weights=0.94 ** np.arange(75)))
    for square in squares:
        unit = (variance * (degrees - 2.0) / degrees) ** 0.5
        expected += stats.t.logpdf(square**0.5, degrees, scale=unit)
        variance = 0.03 * scale + 0.05 * square + 0.92 * variance
    assert _filtered._log_likelihood(squares)[cell, 6, number] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("still", [0, 1e-12])
def test_a_history_that_begins_without_a_move_has_likelihoods(still):
    """100 rows at the mean, and then one row that is all of the variance: nothing leaves the doubles."""
    squares = np.full(5000, float(still))
    squares[100] = 5000.0
    assert np.isfinite(_filtered._log_likelihood(squares)).all()
    moves = 0.01 * garch(300, 1, 4)[:, 0]
    found = metrics.volatility(
        np.concatenate([np.zeros(100), moves, -moves]), periods_per_year=252,
        interval=Bootstrap(draws=100, resampling="filtered"),
    )  # fmt: skip
    assert 0.0 < found.lower < found.estimate < found.upper < np.inf


def test_a_faint_autocorrelation_of_a_long_history_changes_nothing():
    """0.05 of 20,000 rows is seen without doubt and widens an interval by a twentieth."""
    noise = 0.01 * np.random.default_rng(2).standard_normal(20_001)
    values = noise[1:] + 0.05 * noise[:-1]
    first, z = _dependence.autocorrelation(values)
    assert z > 5.0
    assert first < _dependence.SMALL
    assert riskresearch.sharpe_ratio(values, interval=0.95).seed is None
    assert "filtered" in riskresearch.value_at_risk(values[:2000], interval=QUICK).method


@of_any_size
def test_a_history_of_many_rows_is_judged_by_shorter_ones():
    """40,000 rows have half the width of 10,000 of the same process; the draws move it by a quarter of that at most."""
    values = garch(40_000, 1, 6)[:, 0]
    long, short = (
        metrics.volatility(each, interval=Bootstrap(0.8, draws=200, rng=5)) for each in (values, values[:10_000])
    )
    ratio = np.log(long.upper / long.lower) / np.log(short.upper / short.lower)
    assert 0.3 < ratio < 0.75
    assert long.lower < 0.01 * 252**0.5 * 1.02
    assert long.upper > 0.01 * 252**0.5 * 0.98


def test_the_calculator_takes_the_formula_by_name():
    values = fat_tailed(300, 1)[:, 0]
    found = metrics.RiskMetricsCalculator(values).value_at_risk(interval=AnalyticInterval(0.9))
    plain = riskresearch.value_at_risk(values, interval=AnalyticInterval(0.9))
    assert (found.lower, found.upper, found.seed) == (plain.lower, plain.upper, None)
