"""Inference on Sharpe ratios from moments: the papers' examples, and the same numbers as from returns."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.samples import fat_tailed

NORMAL = {"skewness": 0.0, "excess_kurtosis": 0.0}
MONTHS = {"skewness": -0.72, "excess_kurtosis": 2.78, "periods_per_year": 12}
FUND = {"rows": 24, "skewness": -2.448, "excess_kurtosis": 7.164, "periods_per_year": 1}
probability, length, deflated = (
    metrics.probabilistic_sharpe_ratio_from_moments,
    metrics.minimum_track_record_length_from_moments,
    metrics.deflated_sharpe_ratio_from_moments,
)


# --- published values


@pytest.mark.parametrize(
    ("moments", "years"),
    [
        ({**NORMAL, "periods_per_year": 252}, 2.73), ({**NORMAL, "periods_per_year": 52}, 2.83),
        ({**NORMAL, "periods_per_year": 12}, 3.24), (MONTHS, 4.99),
    ],
)  # fmt: skip
def test_the_years_of_bailey_and_lopez_de_prado(moments, years):
    rows = length(2.0, reference_sharpe=1.0, **moments)
    assert rows / moments["periods_per_year"] == pytest.approx(years, abs=0.0051)


def test_the_hedge_fund_of_bailey_and_lopez_de_prado():
    assert probability(0.458, **FUND) == pytest.approx(0.913, abs=5.1e-4)
    assert probability(0.458, **{**FUND, **NORMAL}) == pytest.approx(0.982, abs=5.1e-4)


def test_performanceanalytics_min_track_record_which_ignores_the_kurtosis_by_default():
    """MinTrackRecord(refSR = 1/12^0.5, p = 0.95, sr = 2/12^0.5, sk = -0.72, kr = 5.78, n = 59): 52.37369."""
    assert length(2.0, reference_sharpe=1.0, **{**MONTHS, "excess_kurtosis": 0.0}) == pytest.approx(52.37369, abs=5e-6)


@pytest.mark.parametrize(("trials", "published"), [(100, 0.9004), (46, 0.9505)])
def test_the_deflated_example_of_bailey_and_lopez_de_prado(trials, published):
    days = {"rows": 1250, "skewness": -3.0, "excess_kurtosis": 7.0, "periods_per_year": 250}
    assert deflated(2.5, trials=trials, trial_variance=0.5, **days) == pytest.approx(published, abs=5.1e-5)


# --- the same as from returns


@given(st.integers(0, 200), st.sampled_from([1, 12, 252]), st.floats(-0.5, 0.5))
@examples(40)
def test_moments_of_returns_give_the_numbers_of_the_returns(seed, periods, reference):
    values = fat_tailed(60, 1, seed)[:, 0] + 0.004
    options = {"periods_per_year": periods}
    sharpe = metrics.sharpe_ratio(values, **options)
    shape = {"skewness": metrics.skewness(values), "excess_kurtosis": metrics.excess_kurtosis(values), **options}
    of_returns = {**options, "reference_sharpe": reference}
    ours = probability(sharpe, rows=60, reference_sharpe=reference, **shape)
    assert ours == pytest.approx(metrics.probabilistic_sharpe_ratio(values, **of_returns), rel=1e-12)
    ours = length(sharpe, reference_sharpe=reference, power=0.8, level=0.9, **shape)
    assert ours == pytest.approx(
        metrics.minimum_track_record_length(values, power=0.8, level=0.9, **of_returns), rel=1e-11
    )
    trials = {"trials": 7, "trial_variance": 0.2}
    ours = deflated(sharpe, rows=60, **trials, **shape)
    assert ours == pytest.approx(metrics.deflated_sharpe_ratio(values, **trials, **options), rel=1e-12)


@given(st.floats(0.1, 3.0), st.floats(-3.0, 3.0), st.floats(0.0, 20.0), st.sampled_from([1, 12, 252]))
@examples(40)
def test_the_length_is_where_the_probability_reaches_the_level(sharpe, skewness, above, periods):
    shape = {"skewness": skewness, "excess_kurtosis": skewness**2 - 1.9 + above, "periods_per_year": periods}
    rows = length(sharpe, **shape)
    before, after = math.floor(rows), math.ceil(rows)
    if before >= 2:
        assert probability(sharpe, rows=before, **shape) <= 0.95 + 1e-12
        assert probability(sharpe, rows=after, **shape) >= 0.95 - 1e-12


def test_a_ratio_is_yearly_and_one_period_a_year_takes_it_per_period():
    yearly = probability(1.2, rows=36, reference_sharpe=0.5, **MONTHS)
    monthly = {**MONTHS, "periods_per_year": 1}
    root = 12**0.5
    assert yearly == pytest.approx(probability(1.2 / root, rows=36, reference_sharpe=0.5 / root, **monthly), rel=1e-13)


def test_one_trial_is_no_selection_and_a_ratio_at_the_reference_is_never_significant():
    assert deflated(0.458, trials=1, trial_variance=0.3, **FUND) == probability(0.458, **FUND)
    assert probability(1.0, rows=36, reference_sharpe=1.0, **MONTHS) == 0.5
    assert length(1.0, reference_sharpe=1.0, **MONTHS) == math.inf
    assert type(probability(np.float64(1.0), rows=np.int64(36), **MONTHS)) is float


# --- refusals


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rows": 1}, r"rows must be .* at least 2, got 1|rows must be at least 2"),
        ({"rows": 24.5}, r"rows must be"),
        ({"skewness": math.nan}, r"skewness must be a finite number, got nan"),
        ({"excess_kurtosis": "normal"}, r"excess_kurtosis must be a .*number, got 'normal'"),
        ({"excess_kurtosis": 3.0}, r"excess_kurtosis must be at least skewness \*\* 2 - 2 = 3\.99.*, got 3\.0"),
        ({"periods_per_year": 0}, r"periods_per_year must be"),
        ({"periods_per_year": None}, r"periods_per_year must be a finite number, got None"),
        ({"reference_sharpe": math.inf}, r"reference_sharpe must be a finite number, got inf"),
    ],
)
def test_arguments_that_break_their_rule_are_refused(changed, message):
    with pytest.raises(InvalidInputError, match=message):
        probability(0.458, **{**FUND, **changed})


def test_rounded_moments_of_two_outcomes_pass():
    two = np.array([0.01] * 7 + [-0.02] * 3)
    shape = {"skewness": round(metrics.skewness(two), 2), "excess_kurtosis": round(metrics.excess_kurtosis(two), 2)}
    assert 0.0 < probability(0.1, rows=10, periods_per_year=1, **shape) < 1.0


def test_power_level_and_trials_are_checked_as_from_returns():
    with pytest.raises(InvalidInputError, match=r"power must be in \[0\.5, 1\), got 0\.2"):
        length(1.0, power=0.2, **MONTHS)
    with pytest.raises(InvalidInputError, match=r"level must be in \(0\.5, 1\), got 0\.05"):
        length(1.0, level=0.05, **MONTHS)
    with pytest.raises(InvalidInputError, match=r"trials must be"):
        deflated(1.0, trials=0, trial_variance=0.1, **FUND)
    with pytest.raises(InvalidInputError, match=r"trial_variance must be zero or more, got -1"):
        deflated(1.0, trials=2, trial_variance=-1, **FUND)
