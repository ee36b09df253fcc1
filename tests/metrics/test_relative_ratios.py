"""Treynor, appraisal, M squared and batting average against R's regression and their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import (
    alpha,
    annual_return,
    appraisal_ratio,
    batting_average,
    beta,
    m_squared,
    sharpe_ratio,
    treynor_ratio,
    volatility,
)  # fmt: skip
from tests.reference import published
from tests.samples import of_any_size, returns_arrays

BACON, BENCHMARK = published.BACON["portfolio"], published.BACON["benchmark"]
MORE, PA, RISK_FREE = published.MORE, published.BACON_PA, published.MORE_RISK_FREE
MONTHS = {"periods_per_year": 12}


def relative(expected):
    """Expect a value that R printed with 15 digits."""
    return pytest.approx(expected, rel=1e-12)


def pairs():
    """Return a strategy for (returns, benchmark) over the same rows."""
    return returns_arrays(min_rows=4).map(lambda values: (values, np.roll(values[:, 0], 1)))


# --- reference values


def test_treynor_equals_r():
    assert treynor_ratio(BACON, BENCHMARK, **MONTHS) == relative(MORE["treynor geometric"])
    rate = {**MONTHS, "risk_free": RISK_FREE}
    assert treynor_ratio(BACON, BENCHMARK, **rate) == relative(MORE["treynor geometric rf 0.002"])
    ours = treynor_ratio(BACON, BENCHMARK, **rate, compounding="arithmetic")
    assert ours == relative(MORE["treynor arithmetic rf 0.002"])


def test_m_squared_equals_r():
    assert m_squared(BACON, BENCHMARK, **MONTHS) == relative(MORE["m squared geometric"])
    rate = {**MONTHS, "risk_free": RISK_FREE}
    assert m_squared(BACON, BENCHMARK, **rate) == relative(MORE["m squared geometric rf 0.002"])
    ours = m_squared(BACON, BENCHMARK, **rate, compounding="arithmetic")
    assert ours == relative(MORE["m squared arithmetic rf 0.002"])


def test_appraisal_equals_rs_regression_and_on_bacons_reading_performanceanalytics():
    ours = appraisal_ratio(BACON, BENCHMARK, **MONTHS, risk_free=RISK_FREE)
    assert ours == pytest.approx(MORE["appraisal rf 0.002, regression"], rel=1e-11)
    ours = appraisal_ratio(BACON, BENCHMARK, **MONTHS, alpha_from="annual_returns", ddof=0)
    assert ours == relative(MORE["appraisal rf 0, annual returns, divisor n"])
    assert ours == pytest.approx(PA["appraisal_ratio"][1], abs=5e-8)


def test_batting_average_equals_r():
    assert batting_average(BACON, BENCHMARK) == relative(MORE["batting average"])


# --- properties


@given(pairs(), st.sampled_from(["geometric", "arithmetic"]), st.floats(-0.001, 0.001))
def test_the_benchmark_has_its_own_return_as_m_squared_and_its_excess_return_as_treynor(pair, compounding, rate):
    market = pair[1]
    if np.ptp(market) > 1e-6:
        options = {"compounding": compounding, "risk_free": rate}
        yearly = annual_return(market, compounding=compounding)
        free = (1.0 + rate) ** 252 - 1.0 if compounding == "geometric" else rate * 252
        assert m_squared(market, market, **options) == pytest.approx(yearly, rel=1e-9, abs=1e-12)
        assert treynor_ratio(market, market, **options) == pytest.approx(yearly - free, rel=1e-9, abs=1e-12)


@given(pairs())
def test_m_squared_is_sharpe_at_the_benchmarks_volatility(pair):
    returns, market = pair
    kept = np.ptp(returns, axis=0) > 1e-6
    expected = sharpe_ratio(returns)[kept] * volatility(market)
    ours = m_squared(returns, market, compounding="arithmetic")
    assert ours[kept] == pytest.approx(expected, rel=1e-9, abs=1e-15)


@given(pairs())
def test_treynor_times_beta_is_the_excess_return(pair):
    returns, market = pair
    ours, slope = treynor_ratio(returns, market), beta(returns, market)
    kept = ~np.isnan(ours) & (np.abs(slope) > 1e-9)
    assert ours[kept] * slope[kept] == pytest.approx(annual_return(returns)[kept], rel=1e-12)


@given(pairs())
def test_appraisal_has_the_sign_of_alpha_and_does_not_depend_on_beta(pair):
    returns, market = pair
    ours = appraisal_ratio(returns, market)
    kept = ~np.isnan(ours)
    assert (np.sign(ours[kept]) == np.sign(alpha(returns, market)[kept])).all()
    noisy = returns + np.sin(np.arange(len(returns)) ** 2)[:, None] * 0.01
    if np.ptp(market) > 1e-3:
        plain, hedged = appraisal_ratio(noisy, market), appraisal_ratio(noisy - 2.0 * market[:, None], market)
        assert hedged == pytest.approx(plain, rel=1e-5, abs=1e-6, nan_ok=True)


@given(pairs())
def test_batting_averages_of_both_sides_and_the_ties_make_one(pair):
    returns, market = pair
    ours = batting_average(returns, market)
    ties = (returns == market[:, None]).mean(axis=0)
    assert ours + ties + batting_average(-returns, -market) == pytest.approx(1.0)
    assert batting_average(market, market) == 0.0


# --- edges


def test_returns_without_market_risk_have_no_treynor_and_without_risk_no_m_squared():
    assert math.isnan(treynor_ratio([0.01, 0.01, 0.01], [0.01, -0.01, 0.02]))
    assert math.isnan(m_squared([0.01, 0.01, 0.01], [0.01, -0.01, 0.02]))
    assert math.isnan(treynor_ratio([0.01, 0.02, 0.03], [0.01, 0.01, 0.01]))
    assert math.isnan(appraisal_ratio([0.01, -0.01, 0.02], [0.01, -0.01, 0.02]))


@of_any_size
def test_only_compounded_readings_refuse_a_loss_of_more_than_everything():
    returns, market = [-1.5, 0.1, 0.2], [0.1, 0.3, 0.2]
    for measure in (treynor_ratio, m_squared):
        with pytest.raises(InvalidInputError, match=r"returns must be -1 or more to be compounded, got -1\.5"):
            measure(returns, market)
        with pytest.raises(InvalidInputError, match=r"benchmark must be -1 or more to be compounded, got -1\.5"):
            measure(market, returns)
        assert math.isfinite(measure(returns, market, compounding="arithmetic"))
    assert math.isfinite(appraisal_ratio(returns, market))
    with pytest.raises(InvalidInputError, match=r"returns must be -1 or more to be compounded"):
        appraisal_ratio(returns, market, alpha_from="annual_returns")


def test_unknown_readings_are_refused():
    for measure in (treynor_ratio, m_squared):
        with pytest.raises(InvalidInputError, match=r"compounding must be one of 'geometric', 'arithmetic', got 'log'"):
            measure(BACON, BENCHMARK, compounding="log")
    with pytest.raises(InvalidInputError, match=r"alpha_from must be one of 'regression', 'annual_returns', got 'ols'"):
        appraisal_ratio(BACON, BENCHMARK, alpha_from="ols")
    with pytest.raises(InvalidInputError, match=r"ddof must be a whole number of at least 0, got -1"):
        appraisal_ratio(BACON, BENCHMARK, ddof=-1)
    with pytest.raises(InvalidInputError, match=r"returns needs at least 3 rows, got 2"):
        appraisal_ratio([0.1, 0.2], [0.1, 0.3])


def test_a_yearly_looking_rate_warns_at_the_caller():
    for measure in (treynor_ratio, m_squared, appraisal_ratio):
        with pytest.warns(ConventionWarning, match=r"0\.03 at 252 periods a year is 756% a year") as caught:
            measure([0.01, -0.02, 0.03], [0.01, -0.01, 0.02], risk_free=0.03)
        assert [warning.filename for warning in caught] == [__file__]
