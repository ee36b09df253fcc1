"""Least squares and Newey-West errors against statsmodels, stored values of it, and sums written out."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, strategies as st
from statsmodels.regression.rolling import RollingOLS

from riskresearch.kernels.inference._regression import (
    bartlett_sum,
    coefficient_errors,
    decompose,
    newey_west_lags,
    regress,
    rolling_coefficients,
)
from tests.examples import examples
from tests.samples import fat_tailed

HERE = Path(__file__).parents[1] / "reference" / "posttrade"
STORED = json.loads((HERE / "factor_regression.json").read_text())["results"]
RETURNS = pd.read_csv(HERE / "factor_regression_returns.csv", index_col="date")
JNJ = RETURNS["JNJ"].to_numpy()
THREE = sm.add_constant(RETURNS[["MTUM", "QUAL", "SIZE"]].to_numpy())


def fitted(target, design):
    return regress(np.ascontiguousarray(target), decompose(design))


# --- reference values


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ols", {"errors": "ols"}),
        ("hc1", {"errors": "hac", "lags": 0, "corrected": True}),
        ("hac5", {"errors": "hac", "lags": 5}),
        ("hac5_corrected", {"errors": "hac", "lags": 5, "corrected": True}),
    ],
)
def test_jnj_on_three_factors_equals_the_stored_regressions(name, options):
    found = fitted(JNJ, THREE)
    assert found.coefficients == pytest.approx(STORED[name]["coefficients"], rel=1e-10)
    assert coefficient_errors(found, **options) == pytest.approx(STORED[name]["standard_errors"], rel=1e-10)


def test_longley_equals_the_certified_values_of_nist():
    """NIST, Statistical Reference Datasets: certified estimates and deviations; data of statsmodels."""
    data = sm.datasets.longley.load_pandas()
    design = sm.add_constant(data.exog.to_numpy())  # deflator, GNP, unemployed, armed forces, population, year
    found = regress(data.endog.to_numpy(), decompose(design, unknown=0.0))
    estimates = [
        -3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683, -1.03322686717359,
        -0.511041056535807e-01, 1829.15146461355,
    ]  # fmt: skip
    deviations = [
        890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699, 0.214274163161675,
        0.226073200069370, 455.478499142212,
    ]  # fmt: skip
    assert found.coefficients == pytest.approx(estimates, rel=1e-8)
    assert coefficient_errors(found, errors="ols") == pytest.approx(deviations, rel=1e-8)


def test_two_lags_of_three_scores_by_hand():
    # 1 + 4 + 9 = 14; one row apart 2 + 6 = 8, twice, by 2/3; two rows apart 3, twice, by 1/3
    assert bartlett_sum(np.array([[1.0], [2.0], [3.0]]), 2)[0, 0] == pytest.approx(14.0 + 32.0 / 3.0 + 2.0)
    assert [newey_west_lags(rows) for rows in (2, 24, 1000)] == [1, 2, 6]


@examples(40)
@given(st.integers(0, 10**6), st.integers(5, 60), st.integers(1, 4), st.integers(0, 4), st.sampled_from([1.0, 1e-6]))
def test_random_regressions_equal_statsmodels(seed, rows, factors, lags, size):
    draws = np.random.default_rng(seed).standard_t(4, (rows + 1, factors + 1))
    values = (draws[1:] + 0.5 * draws[:-1]) * size * np.arange(1, factors + 2)
    target, design = values[:, 0] + values.sum(axis=1), sm.add_constant(values[:, 1:], has_constant="add")
    found, peer = fitted(target, design), sm.OLS(target, design / size)
    lags = min(lags, rows - 1)
    scale = np.full(factors + 1, 1.0 / size)
    assert found.coefficients == pytest.approx(peer.fit().params * scale, rel=1e-7, abs=1e-9 * size)
    assert coefficient_errors(found, errors="ols") == pytest.approx(peer.fit().bse * scale, rel=1e-7)
    for corrected in (False, True):
        robust = peer.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": corrected})
        ours = coefficient_errors(found, errors="hac", lags=lags, corrected=corrected)
        assert ours == pytest.approx(robust.bse * scale, rel=1e-6)


def test_rolling_coefficients_equal_statsmodels_and_each_window_alone():
    ours = rolling_coefficients(JNJ, THREE, 60)
    assert ours == pytest.approx(RollingOLS(JNJ, THREE, window=60).fit().params[59:], rel=1e-7, abs=1e-10)
    assert ours[100] == pytest.approx(fitted(JNJ[100:160], THREE[100:160]).coefficients, rel=1e-10)


# --- properties


def test_rolling_coefficients_of_the_past_do_not_depend_on_the_future():
    whole = rolling_coefficients(JNJ, THREE, 60)
    for rows in (60, 61, 777):
        np.testing.assert_array_equal(rolling_coefficients(JNJ[:rows], THREE[:rows], 60), whole[: rows - 59])


@examples(30)
@given(st.lists(st.floats(1e-12, 1e12), min_size=3, max_size=3))
def test_the_units_of_regressors_change_no_t_value(units):
    units = np.array([1.0, *units])
    plain, other = fitted(JNJ, THREE), regress(JNJ, decompose(THREE * units, unknown=0.0))
    for options in ({"errors": "ols"}, {"errors": "hac", "lags": 5}):
        wanted = plain.coefficients / coefficient_errors(plain, **options)
        assert other.coefficients / coefficient_errors(other, **options) == pytest.approx(wanted, rel=1e-9)


# --- edges


def test_dependence_is_found_but_for_rounding():
    one, two = fat_tailed(100, 2).T
    constant = np.ones(100)
    for design in (
        np.column_stack([constant, one, two, one + two]),
        np.column_stack([constant, one, 1.1 * one]),
        np.column_stack([constant, np.full(100, 0.001)]),
        np.column_stack([constant, np.zeros(100)]),
        np.column_stack([constant, one, (1.0 + one) * 3.7 / 3.7 - 1.0]),  # the same prices in another currency
        np.column_stack([constant, one, two])[:2],
    ):
        assert decompose(design) is None
    assert decompose(np.column_stack([constant, one, one + 1e-6 * two])) is not None
    assert np.isnan(rolling_coefficients(two, np.column_stack([constant, np.full(100, 0.001)]), 20)).all()


def test_without_rows_beyond_the_coefficients_there_are_no_errors():
    exact = fitted(JNJ[:4], THREE[:4])
    assert exact.residuals == pytest.approx(np.zeros(4), abs=1e-12)
    for options in ({"errors": "ols"}, {"errors": "hac", "lags": 1}):
        assert np.isnan(coefficient_errors(exact, **options)).all()
