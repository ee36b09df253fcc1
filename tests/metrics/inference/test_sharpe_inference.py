"""Errors and intervals of the Sharpe ratio against the papers' printed numbers, statsmodels, jsharpe and simulation."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS

from riskresearch import metrics, sharpe_ratio
from riskresearch.core import InvalidInputError
from riskresearch.kernels.inference import _sharpe_errors
from tests.samples import fat_tailed, of_any_size

# Lo, FAJ 58 (2002), table 1: standard errors of the per-period ratio of independent returns, to three decimals.
LO_TABLE_1 = {(0.5, 12): 0.306, (1.0, 12): 0.354, (1.5, 60): 0.188, (1.0, 125): 0.110, (3.0, 500): 0.105}
# Bailey & Lopez de Prado, J. Risk 15 (2012): a yearly ratio of 2 against 1 at 95 %, in years.
TRACK_RECORD_YEARS = {(252, 0.0, 0.0): 2.73, (52, 0.0, 0.0): 2.83, (12, 0.0, 0.0): 3.24, (12, -0.72, 2.78): 4.99}


# jsharpe 0.6.3: expected_maximum_sharpe_ratio(100, 0.5 / 250). Its PSR takes the error at the reference, not at the
# estimate as the 2012 paper does, so that one is no reference here.
JSHARPE_BEST_OF_100 = 0.11317200186513214


def vector(*numbers):
    return np.array(numbers, dtype=float)


def with_ratio(ratio, rows):
    """Return `rows` returns whose Sharpe ratio is `ratio`."""
    values = np.tile([-1.0, 1.0], rows // 2 + 1)[:rows]
    values = (values - values.mean()) / values.std(ddof=1)
    return (values + ratio)[:, None]


@pytest.mark.parametrize(("ratio", "rows"), LO_TABLE_1)
def test_iid_error_equals_lo_table_1(ratio, rows):
    error = _sharpe_errors.iid_error(with_ratio(ratio, rows))[0]
    assert error == pytest.approx(LO_TABLE_1[ratio, rows], abs=5.1e-4)


@pytest.mark.parametrize(("periods", "skew", "kurtosis"), TRACK_RECORD_YEARS)
def test_track_record_length_equals_the_published_years(periods, skew, kurtosis):
    root = periods**0.5
    rows = _sharpe_errors.track_record_rows(vector(2.0 / root), vector(skew), vector(kurtosis), 1.0 / root, 0.95)
    assert rows[0] / periods == pytest.approx(TRACK_RECORD_YEARS[periods, skew, kurtosis], abs=0.0051)


def test_probabilistic_ratio_equals_the_published_hedge_fund():
    """Bailey & Lopez de Prado (2012): 24 months, ratio 0.458, skewness -2.448, kurtosis 10.164: 0.913, not 0.982."""
    assert _sharpe_errors.probabilistic_sharpe(vector(0.458), vector(0), vector(0), 24, 0.0) == pytest.approx(
        0.982, abs=5.1e-4
    )
    fat = _sharpe_errors.probabilistic_sharpe(vector(0.458), vector(-2.448), vector(7.164), 24, 0.0)
    assert fat == pytest.approx(0.913, abs=5.1e-4)


@pytest.mark.parametrize(("trials", "expected"), [(100, 0.9004), (46, 0.9505)])
def test_deflated_ratio_equals_the_published_example(trials, expected):
    """Bailey & Lopez de Prado (2014): ratio 2.5, 1250 rows of 250 a year, variance 1/2, skewness -3, kurtosis 10."""
    best = _sharpe_errors.expected_best(trials, 0.5 / 250)
    deflated = _sharpe_errors.probabilistic_sharpe(vector(2.5 / 250**0.5), vector(-3), vector(7), 1250, best)
    assert deflated == pytest.approx(expected, abs=5.1e-5)
    if trials == 100:
        assert best == pytest.approx(0.1132, abs=5.1e-5)
        assert best == pytest.approx(JSHARPE_BEST_OF_100, rel=1e-12)


def test_hac_error_equals_the_regression_on_a_constant():
    """statsmodels: OLS of the influence of each row on a constant, cov_type="HAC"."""
    values = 0.01 + fat_tailed(400, 1)
    effects = _sharpe_errors.influence(values)
    lags = math.floor(4 * (400 / 100) ** (2 / 9))
    fit = OLS(effects[:, 0], np.ones(400)).fit(cov_type="HAC", cov_kwds={"maxlags": lags})
    assert _sharpe_errors.newey_west_lags(400) == lags
    assert _sharpe_errors.hac_error(values)[0] == pytest.approx(fit.bse[0], rel=1e-10)


def test_hac_error_without_lags_is_the_error_of_mertens(monkeypatch):
    """Both are the delta method on the first two moments; they differ by the divisor of the deviation alone."""
    monkeypatch.setattr(_sharpe_errors, "newey_west_lags", lambda rows: 0)
    values = 0.002 + fat_tailed(5000, 3)
    assert _sharpe_errors.hac_error(values) == pytest.approx(_sharpe_errors.mertens_error(values), rel=1e-3)


def test_influence_is_the_derivative_of_the_ratio():
    values = 0.01 + fat_tailed(50, 1)[:, 0]
    weights, step = np.full(50, 1 / 50), 1e-6

    def ratio(shares):
        mean = shares @ values
        return mean / np.sqrt(shares @ (values - mean) ** 2)

    effects = _sharpe_errors.influence(values[:, None])[:, 0]
    for row in range(0, 50, 7):
        toward = (1 - step) * weights + step * (np.arange(50) == row)
        away = (1 + step) * weights - step * (np.arange(50) == row)
        assert effects[row] == pytest.approx((ratio(toward) - ratio(away)) / (2 * step), rel=1e-6)


SKEWED = np.random.default_rng(5).gamma(2.0, 1.0, size=(2000, 250))  # true ratio sqrt(2), skewness sqrt(2)


def covered(confidence, method):
    found = metrics.sharpe_ratio_interval(SKEWED.T.copy(), confidence=confidence, method=method, periods_per_year=1)
    return np.mean((found.lower <= 2**0.5) & (2**0.5 <= found.upper))


@of_any_size
def test_mertens_interval_covers_as_often_as_it_says_and_lo_does_not():
    """2,000 samples of 250 gamma returns; 4 binomial errors, and 1 point for the normal approximation."""
    tolerance = 4 * math.sqrt(0.9 * 0.1 / 2000) + 0.01
    assert covered(0.9, "mertens") == pytest.approx(0.9, abs=tolerance)
    assert covered(0.9, "iid") > 0.9 + tolerance


@pytest.mark.filterwarnings("ignore:rows of .* are autocorrelated:riskresearch.core.DependentRowsWarning")
@of_any_size
def test_hac_interval_covers_autocorrelated_returns():
    """1,000 AR(1) paths (0.3) of 1,000 rows: HAC near 90 %, the errors for independent rows far below."""
    rng = np.random.default_rng(11)
    noise = rng.standard_normal((1100, 1000))
    path = np.zeros(noise.shape)
    for row in range(1, 1100):
        path[row] = 0.3 * path[row - 1] + noise[row]
    values = path[100:] + 0.1 / math.sqrt(1 - 0.3**2)
    rates = {}
    for method in ("hac", "mertens"):
        found = metrics.sharpe_ratio_interval(values, confidence=0.9, method=method, periods_per_year=1)
        rates[method] = np.mean((found.lower <= 0.1) & (0.1 <= found.upper))
    assert rates["hac"] == pytest.approx(0.9, abs=4 * math.sqrt(0.09 / 1000) + 0.02)
    assert rates["mertens"] < 0.82


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10.0), st.floats(0.5, 0.99))
def test_scaling_the_returns_changes_nothing_and_more_confidence_widens(seed, scale, confidence):
    values = np.random.default_rng(seed).standard_t(4, 60) * 0.01
    one = metrics.sharpe_ratio_interval(values, confidence=confidence)
    two = metrics.sharpe_ratio_interval(values * scale, confidence=confidence)
    assert (one.lower, one.upper) == pytest.approx((two.lower, two.upper), rel=1e-9, abs=1e-9)
    wider = metrics.sharpe_ratio_interval(values, confidence=0.995)
    assert wider.lower < one.lower <= one.estimate <= one.upper < wider.upper
    assert one.estimate == sharpe_ratio(values)


@given(st.integers(0, 2**32 - 1), st.floats(-1.0, 3.0), st.integers(1, 500), st.floats(0.0, 4.0))
def test_probabilities_are_in_order(seed, reference, trials, variance):
    values = 0.0005 + np.random.default_rng(seed).standard_t(4, 120) * 0.01
    plain = metrics.probabilistic_sharpe_ratio(values)
    deflated = metrics.deflated_sharpe_ratio(values, trials=trials, trial_variance=variance)
    assert 0.0 <= deflated <= plain <= 1.0
    assert metrics.deflated_sharpe_ratio(values, trials=1, trial_variance=variance) == plain
    harder = metrics.probabilistic_sharpe_ratio(values, reference_sharpe=reference + 0.5)
    assert harder <= metrics.probabilistic_sharpe_ratio(values, reference_sharpe=reference)


@given(st.integers(0, 2**32 - 1))
def test_the_track_record_length_is_where_the_probability_reaches_the_level(seed):
    values = 0.005 + np.random.default_rng(seed).standard_t(5, 80) * 0.01
    rows = metrics.minimum_track_record_length(values, level=0.9)
    if sharpe_ratio(values) <= 0.0:
        assert rows == math.inf
        return
    enough = metrics.probabilistic_sharpe_ratio(values) >= 0.9
    assert enough == (rows <= 80) or rows == pytest.approx(80, rel=1e-9)


@pytest.mark.parametrize("power", [0.5, 0.8])
def test_records_of_that_length_are_significant_with_that_power(power):
    """Of 2,000 normal records of the length that the moments of the law give, so many reach 95 %."""
    ratio, normal = 0.15, np.zeros(1)
    length = _sharpe_errors.track_record_rows(np.array([ratio]), normal, normal, 0.0, 0.95, power)[0]
    # By hand: ((1.6449 + 0.8416) / 0.15)^2 (1 + 0.15^2 / 2) + 1 is 278.9, and 122.6 without the 0.8416 of four in five.
    assert length == pytest.approx({0.5: 122.6, 0.8: 278.9}[power], abs=0.1)
    records = 0.01 * np.random.default_rng(3).normal(ratio, 1.0, (round(length), 2000))
    found = (metrics.probabilistic_sharpe_ratio(records) >= 0.95).mean()
    assert found == pytest.approx(power, abs=0.04)


def test_power_is_a_share_of_one_half_or_more():
    for power in (0.05, 0.4, 1.0, 80):
        with pytest.raises(InvalidInputError, match=r"power must be in \[0\.5, 1\)"):
            metrics.minimum_track_record_length([0.01, 0.02, -0.01], power=power)


def test_years_come_from_the_dates():
    monthly = pd.Series(0.01 + fat_tailed(60, 1)[:, 0], index=pd.date_range("2015-01-31", periods=60, freq="ME"))
    found = metrics.sharpe_ratio_interval(monthly)
    per_month = metrics.sharpe_ratio_interval(monthly, periods_per_year=1)
    assert found.standard_error == pytest.approx(per_month.standard_error * 12**0.5, rel=1e-12)
    assert metrics.probabilistic_sharpe_ratio(monthly, reference_sharpe=12**0.5) == pytest.approx(
        metrics.probabilistic_sharpe_ratio(monthly, reference_sharpe=1.0, periods_per_year=1), rel=1e-12
    )


def test_equal_returns_have_no_interval():
    found = metrics.sharpe_ratio_interval([0.01] * 5, method="hac")
    assert all(math.isnan(getattr(found, name)) for name in ("estimate", "lower", "upper", "standard_error"))


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95])
def test_a_confidence_is_a_probability(confidence):
    with pytest.raises(InvalidInputError, match=r"confidence must be in \(0, 1\), got .*A 95 % interval is 0\.95"):
        metrics.sharpe_ratio_interval([0.01, 0.02, 0.0], confidence=confidence)


def test_wrong_arguments_are_named():
    with pytest.raises(InvalidInputError, match=r"method must be one of 'mertens', 'iid', 'hac', got 'lo'"):
        metrics.sharpe_ratio_interval([0.01, 0.02, 0.0], method="lo")
    with pytest.raises(InvalidInputError, match=r"trials must be a whole number of at least 1, got 0"):
        metrics.deflated_sharpe_ratio([0.01, 0.02, 0.0], trials=0, trial_variance=0.1)
    with pytest.raises(InvalidInputError, match=r"trial_variance must be zero or more, got -0\.1"):
        metrics.deflated_sharpe_ratio([0.01, 0.02, 0.0], trials=3, trial_variance=-0.1)


@pytest.mark.parametrize("trials", [2, 10**6, 10**15, 10**16, 10**18, 10**100, 10**300])
def test_the_best_of_any_number_of_trials_is_that_of_the_normal_quantiles(trials):
    # SciPy's inverse survival function is an independent one that knows both tails.
    within, beyond = stats.norm.isf(1.0 / trials), stats.norm.isf(1.0 / (trials * math.e))
    expected = (1.0 - np.euler_gamma) * within + np.euler_gamma * beyond
    assert _sharpe_errors.expected_best(trials, 1.0) == pytest.approx(expected, rel=1e-12)
    assert 0.0 <= metrics.deflated_sharpe_ratio([0.01, 0.02, 0.0], trials=trials, trial_variance=0.1) <= 1.0


def test_more_trials_than_a_double_holds_are_refused():
    with pytest.raises(InvalidInputError, match=r"trials must be at most 1e\+300, got a number of 401 digits"):
        metrics.deflated_sharpe_ratio([0.01, 0.02, 0.0], trials=10**400, trial_variance=0.1)
