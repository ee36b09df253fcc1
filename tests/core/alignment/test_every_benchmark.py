"""Every argument beside returns has the same rule: the same days are the same rows, the same months with a warning."""

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import metrics
from riskresearch.backtest import reality_check, superior_predictive_ability
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.sizing import kelly_weights
from tests.measures import MEASURES, function_of

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")
DAYS = pd.bdate_range("2023-01-02", periods=60)
MONTH_ENDS = pd.date_range("2015-01-01", periods=60, freq="ME")
LAST_BUSINESS_DAYS = pd.date_range("2015-01-01", periods=60, freq="BME")
OWN, OTHER = np.random.default_rng(5).normal(0.001, 0.01, (2, 60))
RATES = np.abs(OTHER) * 0.001


def measure_of(name):
    measure = MEASURES[name]

    def call(returns, benchmark):
        return repr(function_of(name)(returns, benchmark=benchmark, **measure.arguments(returns)))

    return call


FUNCTIONS = {name: measure_of(name) for name, measure in MEASURES.items() if measure.benchmark}
FUNCTIONS |= {
    "calculator": lambda r, b: metrics.RiskMetricsCalculator(r, b).beta(),
    "summary": lambda r, b: metrics.summary(r, b).beta,
    "rolling of beta": lambda r, b: metrics.rolling(r, "beta", window=9, benchmark=b).tolist()[9:],
    "portfolio": lambda r, b: riskresearch.PortfolioRiskMetrics(r.to_frame("a"), [1.0], benchmark=b).headline.beta,
    "reality check": lambda r, b: reality_check(r.to_frame("a"), benchmark=b, draws=100, rng=1).p_value,
    "superior ability": lambda r, b: (
        superior_predictive_ability(r.to_frame("a"), benchmark=b, draws=100, rng=1).p_value
    ),
    "risk_free": lambda r, b: metrics.sharpe_ratio(r, risk_free=b * 0.01),
    "risk_free of summary": lambda r, b: metrics.summary(r, risk_free=b * 0.01).sharpe_ratio,
    "factors": lambda r, b: (
        riskresearch.risk_contributions(
            r.to_frame("a"), weights=[1.0], measure="volatility", factors=b.to_frame("f")
        ).total
    ),
}
each = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)


def test_all_measures_with_a_benchmark_are_here():
    assert len(FUNCTIONS) > 25
    assert {"beta", "tracking_error", "treynor_mazuy", "up_capture", "m_squared"} <= set(FUNCTIONS)


@each
@pytest.mark.parametrize("stamps", [DAYS + pd.Timedelta(hours=16), DAYS.tz_localize("America/New_York")])
def test_stamps_of_the_same_days_give_the_same_number(function, stamps):
    plain = function(pd.Series(OWN, index=DAYS), pd.Series(OTHER, index=DAYS))
    assert function(pd.Series(OWN, index=DAYS), pd.Series(OTHER, index=stamps)) == plain


@each
def test_stamps_of_the_same_months_give_the_same_number_with_a_warning(function):
    own, other = pd.Series(OWN, index=MONTH_ENDS), pd.Series(OTHER, index=LAST_BUSINESS_DAYS)
    plain = function(own, other.set_axis(MONTH_ENDS))
    with pytest.warns(
        ConventionWarning, match=r"has other dates than returns\. Matched by month, stamps up to 2 days"
    ) as said:
        assert function(own, other) == plain
    assert said[0].filename == __file__


@each
def test_other_dates_are_refused_and_the_advice_works(function):
    own, other = pd.Series(OWN, index=DAYS), pd.Series(OTHER, index=DAYS + pd.Timedelta(hours=16)).drop(
        DAYS[30] + pd.Timedelta(hours=16))  # fmt: skip
    with pytest.raises(
        InvalidInputError, match=r"2023-02-13 is in returns only\. pair = riskresearch\.align\(returns, "
    ):
        function(own, other.set_axis(DAYS.delete(30)))
    with pytest.raises(InvalidInputError, match=r"pair = riskresearch\.align\(returns, "):
        function(own, other)
    pair = riskresearch.align(own, other)
    assert len(pair.data) == 59
    function(pair.data, pair.benchmark)


@each
def test_spans_that_do_not_meet_are_refused_without_advice(function):
    own, other = pd.Series(OWN[:30], index=DAYS[:30]), pd.Series(OTHER[30:], index=DAYS[30:])
    with pytest.raises(InvalidInputError, match="share no span of time") as refusal:
        function(own, other)
    assert "align(" not in str(refusal.value)
    assert "intersection" not in str(refusal.value)


def test_missing_values_are_part_of_the_advice():
    own, other = pd.Series(OWN.copy(), index=DAYS), pd.Series(OTHER, index=DAYS).drop(DAYS[30])
    own.iloc[3] = np.nan
    with pytest.raises(InvalidInputError, match=r'riskresearch\.align\(returns, benchmark, nan_policy="omit"\)'):
        metrics.beta(own, other, nan_policy="omit")
    pair = riskresearch.align(own, other, nan_policy="omit")
    assert np.isfinite(metrics.beta(pair.data, pair.benchmark, nan_policy="omit"))


def test_rates_of_kelly_bets_and_numbers_beside_prices():
    def weights_of(returns, risk_free):
        return repr(kelly_weights(returns.to_frame("a"), risk_free=risk_free))

    own, rates = pd.Series(OWN, index=DAYS), pd.Series(RATES, index=DAYS + pd.Timedelta(hours=16))
    assert weights_of(own, rates) == weights_of(own, rates.set_axis(DAYS))
    with pytest.raises(InvalidInputError, match="high must have the dates of close") as refusal:
        metrics.range_volatility(own + 1, high=rates + 2, low=rates + 0.5, estimator="parkinson")
    assert "intersection" not in str(refusal.value)  # which would be empty
