"""Timing regressions against R's lm() and Newey-West errors written out in R."""

import html
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.metrics import alpha, beta, henriksson_merton, treynor_mazuy
from riskresearch.plots import blank_axes
from tests.examples import examples
from tests.reference import published
from tests.samples import fat_tailed

BACON, BENCHMARK = published.BACON["portfolio"], published.BACON["benchmark"]
MORE, RISK_FREE = published.MORE, published.MORE_RISK_FREE
MODELS = (treynor_mazuy, henriksson_merton)
COEFFICIENTS = ("alpha", "beta", "timing")


def fitted(model, **options):
    return model(BACON, BENCHMARK, risk_free=RISK_FREE, periods_per_year=1, **options)


# --- reference values


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_coefficients_and_ordinary_errors_equal_rs_regression(model):
    result = fitted(model)
    for name in COEFFICIENTS:
        expected = MORE[f"{model.__name__} {name}"], MORE[f"{model.__name__} {name} error ols"]
        assert getattr(result, name)[0] == pytest.approx(expected[0], rel=1e-10)
        assert getattr(result, f"{name}_error")[0] == pytest.approx(expected[1], rel=1e-10)
    assert result.r_squared[0] == pytest.approx(MORE[f"{model.__name__} r squared"], rel=1e-12)
    assert (result.lags, result.observations) == ((0,), (24,))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_hac_errors_equal_newey_wests_sums(model):
    result = fitted(model, errors="hac", lags=2)
    for name in COEFFICIENTS:
        expected = MORE[f"{model.__name__} {name} error hac 2"]
        assert getattr(result, f"{name}_error")[0] == pytest.approx(expected, rel=1e-10)
        assert getattr(result, name) == getattr(fitted(model), name)


def test_lags_follow_newey_and_wests_rule():
    # 4 (24 / 100) ^ (2 / 9) = 2.91; 4 (1000 / 100) ^ (2 / 9) = 6.67
    assert fitted(treynor_mazuy, errors="hac").lags == (2,)
    returns = fat_tailed(1000, 2)
    assert treynor_mazuy(returns, returns[:, 0], errors="hac").lags == (6, 6)


# --- properties


@examples(30)
@example(0.0, 0.0, 1e-286, 1e-6)
@given(st.floats(-0.001, 0.001), st.floats(-2.0, 2.0), st.floats(-3.0, 3.0), st.sampled_from([1e-6, 1e-3, 1.0]))
def test_what_was_put_in_comes_out_whatever_the_scale(intercept, slope, timing, scale):
    market = fat_tailed(60, 1, seed=6)[:, 0] * scale
    third = {treynor_mazuy: market**2 / scale, henriksson_merton: np.maximum(-market, 0.0)}
    for model, regressor in third.items():
        result = model(intercept * scale + slope * market + timing * regressor, market, periods_per_year=1)
        unit = scale if model is treynor_mazuy else 1.0
        found = np.array([result.alpha[0] / scale, result.beta[0], result.timing[0] * unit])
        assert found == pytest.approx([intercept, slope, timing], rel=1e-6, abs=1e-9)


def test_the_put_coefficient_is_the_difference_of_the_betas_of_both_sides():
    market = fat_tailed(200, 1, seed=7)[:, 0]
    returns = np.where(market > 0.0, 1.4, 0.6) * market
    result = henriksson_merton(returns, market)
    assert result.beta[0] == pytest.approx(1.4)
    assert result.beta[0] - result.timing[0] == pytest.approx(0.6)


def test_without_timing_alpha_and_beta_are_those_of_the_plain_regression():
    market = np.array([0.01, -0.01, 0.02, -0.02] * 10)
    noise = np.array([1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0] * 5) * 1e-3
    result = treynor_mazuy(0.0002 + 0.8 * market + noise, market)
    assert result.timing[0] == pytest.approx(0.0, abs=1e-9)
    assert result.alpha[0] == pytest.approx(alpha(0.0002 + 0.8 * market + noise, market), rel=1e-9)
    assert result.beta[0] == pytest.approx(beta(0.0002 + 0.8 * market + noise, market), rel=1e-9)


# --- the result


def test_the_result_speaks_the_language_of_the_others():
    frame = pd.DataFrame({"a": BACON, "b": BENCHMARK}, index=pd.DatetimeIndex(published.BACON_DATES))
    result = treynor_mazuy(frame, frame["b"].rename("market"), errors="hac")
    assert repr(result) == "TimingRegression(treynor_mazuy, 2 assets, hac errors)"
    assert result.periods_per_year == 12.0
    assert result.to_frame().loc["timing", "a"] == result.timing[0]
    assert result.to_frame().columns.tolist() == ["a", "b"]
    text = "Excess return = alpha + beta m + timing m ^ 2, m the benchmark's excess return; 24 rows; alpha times 12; "
    assert result.summary().endswith(text + "standard errors: HAC (Bartlett weights, 2 lags).")
    assert text in html.unescape(result._repr_html_())
    bars = henriksson_merton(frame["a"], frame["b"]).plot(blank_axes()).patches
    expected = MORE["henriksson_merton timing"] / MORE["henriksson_merton timing error ols"]
    assert bars[0].get_width() == pytest.approx(expected, rel=0.05)  # there with a risk-free rate


# --- edges


def test_a_benchmark_without_enough_values_has_no_regression():
    returns = [0.01, -0.02, 0.03, 0.0, 0.01]
    for result in (
        treynor_mazuy(returns, [0.01] * 5),
        treynor_mazuy(returns, [0.01, 0.02, 0.01, 0.02, 0.01]),
        henriksson_merton(returns, [0.01, 0.02, 0.0, 0.03, 0.05]),
    ):
        assert all(math.isnan(getattr(result, name)[0]) for name in (*COEFFICIENTS, "timing_error", "r_squared"))


def test_lags_are_for_hac_errors_whole_and_below_the_rows():
    with pytest.raises(InvalidInputError, match=r'lags must be left out with errors="ols", got 2'):
        fitted(treynor_mazuy, lags=2)
    with pytest.raises(InvalidInputError, match=r"lags must be a whole number of at least 0, got -1"):
        fitted(treynor_mazuy, errors="hac", lags=-1)
    with pytest.raises(InvalidInputError, match=r"lags must be below the 24 rows of returns, got 24"):
        fitted(henriksson_merton, errors="hac", lags=24)
    with pytest.raises(InvalidInputError, match=r"errors must be one of 'ols', 'hac', got 'white'"):
        fitted(henriksson_merton, errors="white")
    with pytest.raises(InvalidInputError, match=r"returns needs at least 4 rows, got 3"):
        treynor_mazuy([0.1, 0.2, 0.3], [0.1, 0.3, 0.2])
