"""Systematic, specific and total risk, and the ratio to the systematic one."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.reference import published
from tests.samples import fat_tailed, returns_arrays

BACON, BENCHMARK = (np.array(published.BACON[name]) for name in ("portfolio", "benchmark"))
PA, FIELD = published.BACON_PA, published.FIELD
RISKS = ("systematic_risk", "specific_risk", "total_risk")


def split(values, market, **options):
    return [getattr(metrics, name)(values, market, **options) for name in RISKS]


# --- values


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("free", [0, 0.002])
def test_bacons_months_have_the_risks_that_r_computes(ddof, free):
    found = split(BACON, BENCHMARK, risk_free=free, ddof=ddof, periods_per_year=12)
    expected = [FIELD[f"{name.replace('_', ' ')}, rf {free:g}, divisor n - {ddof}"] for name in RISKS]
    assert found == pytest.approx(expected, rel=1e-12)


def test_performanceanalytics_divides_one_by_n_less_1_and_the_other_by_n():
    systematic = metrics.systematic_risk(BACON, BENCHMARK, periods_per_year=12)
    specific = metrics.specific_risk(BACON, BENCHMARK, ddof=0, periods_per_year=12)
    assert systematic == pytest.approx(PA["systematic_risk_annual"][1], abs=5e-7)
    assert specific == pytest.approx(PA["specific_risk_annual"][1], abs=5e-9)
    assert math.hypot(systematic, specific) == pytest.approx(PA["total_risk_annual"][1], abs=5e-7)


def test_the_modified_treynor_ratio_of_performanceanalytics_and_of_bacon():
    options = {"periods_per_year": 12}
    assert metrics.modified_treynor_ratio(BACON, BENCHMARK, **options) == pytest.approx(0.7806747, abs=5e-8)
    assert metrics.modified_treynor_ratio(BACON, BENCHMARK, ddof=0, **options) == pytest.approx(0.7975, abs=5e-5)


# --- properties


@given(returns_arrays(min_rows=3, max_rows=50), st.sampled_from([0, 1, 2]), st.floats(-0.001, 0.001))
@examples(80)
def test_the_squares_of_the_parts_sum_to_that_of_the_total(values, ddof, free):
    if len(values) <= ddof:
        return
    market = np.resize([0.01, -0.02, 0.005, 0.0, 0.013], len(values)) + 0.5 * values[::-1, 0]
    systematic, specific, total = split(values, market, ddof=ddof, risk_free=free, periods_per_year=12)
    known = np.isfinite(total)
    np.testing.assert_allclose((systematic**2 + specific**2)[known], (total**2)[known], rtol=1e-12)
    whole = metrics.volatility(values, ddof=ddof, periods_per_year=12)
    np.testing.assert_allclose(total[known], whole[known], rtol=1e-9, atol=1e-12)
    assert (systematic[known] >= 0.0).all()


@given(st.integers(0, 99), st.sampled_from([1, 2]))
@examples(40)
def test_they_are_those_of_scipys_regression(seed, ddof):
    own, market = fat_tailed(60, 2, seed).T
    own = own - 0.7 * market
    fit = stats.linregress(market, own)
    residuals = own - fit.intercept - fit.slope * market
    systematic, specific, _ = split(own, market, ddof=ddof, periods_per_year=1)
    assert systematic == pytest.approx(abs(fit.slope) * market.std(ddof=ddof), rel=1e-10)
    assert specific == pytest.approx(math.sqrt((residuals @ residuals) / (60 - ddof)), rel=1e-10)
    treynor = metrics.modified_treynor_ratio(own, market, ddof=ddof, compounding="arithmetic", periods_per_year=252)
    yearly = abs(fit.slope) * market.std(ddof=ddof) * 252**0.5
    assert treynor == pytest.approx(own.mean() * 252 / yearly, rel=1e-9)


def test_a_multiple_of_the_benchmark_has_no_specific_risk_whatever_its_sign():
    market = fat_tailed(50, 1)[:, 0]
    for slope in (2.0, -0.5):
        systematic, specific, total = split(slope * market, market, periods_per_year=1)
        assert specific == 0.0
        assert systematic == total == pytest.approx(abs(slope) * market.std(ddof=1), rel=1e-12)


def test_cash_has_neither_and_a_benchmark_that_stands_still_explains_nothing():
    market = fat_tailed(50, 1)[:, 0]
    assert split(np.full(50, 0.001), market) == [0.0, 0.0, 0.0]
    assert np.isnan(split(market, np.full(50, 0.001))).all()
    assert math.isnan(metrics.modified_treynor_ratio(np.full(50, 0.001), market))
    assert math.isnan(metrics.modified_treynor_ratio(market, np.full(50, 0.001)))


def test_the_appraisal_ratio_is_alpha_over_the_specific_risk():
    options = {"risk_free": 0.002, "periods_per_year": 12}
    ratio = metrics.alpha(BACON, BENCHMARK, **options) / metrics.specific_risk(BACON, BENCHMARK, ddof=2, **options)
    assert metrics.appraisal_ratio(BACON, BENCHMARK, **options) == pytest.approx(ratio, rel=1e-14)


@pytest.mark.parametrize("name", [*RISKS, "modified_treynor_ratio"])
def test_the_divisor_is_a_count_that_leaves_rows(name):
    measure = getattr(metrics, name)
    with pytest.raises(InvalidInputError, match=r"ddof must be"):
        measure(BACON, BENCHMARK, ddof=-1)
    with pytest.raises(InvalidInputError, match=r"returns needs at least 25 rows, got 24"):
        measure(BACON, BENCHMARK, ddof=24)
