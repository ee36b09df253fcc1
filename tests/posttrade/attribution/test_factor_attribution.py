"""Factor attribution against stored regressions, sums by hand, and sums that must hold."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, strategies as st
from scipy import stats

from riskresearch import datasets, posttrade, simple_returns
from riskresearch.core import AccountingError, ConventionWarning, InvalidInputError
from riskresearch.plots import blank_axes
from tests.examples import examples
from tests.samples import fat_tailed

HERE = Path(__file__).parents[2] / "reference" / "posttrade"
STORED = json.loads((HERE / "factor_regression.json").read_text())["results"]
RETURNS = pd.read_csv(HERE / "factor_regression_returns.csv", index_col="date", parse_dates=True)
JNJ, THREE = RETURNS["JNJ"], RETURNS[["MTUM", "QUAL", "SIZE"]]
DATES = pd.bdate_range("2024-01-01", periods=4)
PLAIN = pd.DataFrame({"a": [0.01, -0.02, 0.03, 0.02], "b": [0.02, 0.01, -0.01, 0.0]}, DATES)
"""Factors of the cases by hand."""


def attribute(returns, factors, linking="none", **options):
    return posttrade.factor_attribution(returns, factors, linking=linking, **options)


def parts_of(result):
    return result.contributions.to_numpy().sum(axis=1)


# --- reference values


@pytest.mark.parametrize(
    ("name", "options"),
    [("ols", {"errors": "ols"}), ("hac5", {"lags": 5}), ("hac5_corrected", {"lags": 5, "corrected": True})],
)
def test_jnj_on_three_factors_equals_the_stored_regressions(name, options):
    result, stored = attribute(JNJ, THREE, periods_per_year=1, **options), STORED[name]
    frame = result.coefficients()
    assert frame["estimate"].to_numpy() == pytest.approx(stored["coefficients"], rel=1e-9)
    assert frame["standard_error"].to_numpy() == pytest.approx(stored["standard_errors"], rel=1e-9)
    assert result.r_squared == pytest.approx(stored["r_squared"], rel=1e-12)
    assert result.shapley == pytest.approx(STORED["shapley_r_squared"]["shares"], rel=1e-9)
    reach = stats.t.ppf(0.975, 996) * np.array(stored["standard_errors"])
    assert frame["lower"].to_numpy() == pytest.approx(np.array(stored["coefficients"]) - reach, rel=1e-8)
    assert frame["upper"].to_numpy() == pytest.approx(np.array(stored["coefficients"]) + reach, rel=1e-8)
    assert frame["t_value"].iloc[2] == pytest.approx(stored["coefficients"][2] / stored["standard_errors"][2])


def test_shapley_shares_and_sequential_ones_sum_to_r_squared():
    result = attribute(JNJ, THREE)
    for shares in (result.shapley, result.sequential):
        assert sum(shares) == pytest.approx(result.r_squared, rel=1e-12)
    other = attribute(JNJ, THREE[["SIZE", "QUAL", "MTUM"]])
    assert other.shapley[::-1] == pytest.approx(result.shapley, rel=1e-9)
    assert other.sequential[::-1] != pytest.approx(result.sequential, rel=0.5)
    inflation = [1.0 / (1.0 - sm.OLS(THREE[name], sm.add_constant(THREE.drop(columns=name))).fit().rsquared)
                 for name in THREE]  # fmt: skip
    assert result.inflation == pytest.approx(inflation, rel=1e-9)
    assert "Variance inflation above 10: QUAL (16.2), SIZE (13.1)." in result.conventions()


def test_tilt_and_timing_by_hand():
    exposures = pd.DataFrame({"a": [1.0, 0.0, 2.0, 1.0], "b": 0.5}, DATES)
    returns = pd.Series([0.03, 0.01, 0.05, 0.01], DATES)
    result = attribute(returns, PLAIN, loadings=exposures, risk_free=0.001, periods_per_year=1)
    # a: 0.01 + 0 + 0.06 + 0.02 = 0.09; mean exposure 1 times 0.04; the rest is 4 times the covariance 0.0125
    assert result.effect == pytest.approx([0.09, 0.01])
    assert result.tilt == pytest.approx([0.04, 0.01])
    assert result.timing == pytest.approx([0.05, 0.0])
    assert result.timing[1] == 0.0
    assert result.timing[0] == pytest.approx(4.0 * np.cov(exposures["a"], PLAIN["a"], ddof=0)[0, 1])
    assert (result.risk_free, result.total) == (pytest.approx(0.004), pytest.approx(0.10))
    assert result.specific == pytest.approx(0.10 - 0.004 - 0.10)
    assert result.contributions["specific"].tolist() == pytest.approx([0.009, 0.004, -0.006, -0.011])
    assert result.alpha == pytest.approx(-0.001)
    assert np.isnan(result.exposure_error).all()
    assert result.degrees_of_freedom == 3


def test_loadings_of_assets_give_the_loadings_of_the_portfolio():
    weights = pd.DataFrame({"x": [0.5, 1.0, 0.0, 0.25], "y": [0.5, 0.0, 1.0, 0.25]}, DATES)
    table = pd.DataFrame({"b": [0.0, 1.0], "a": [2.0, 1.0]}, index=["x", "y"])
    assets = pd.DataFrame({"y": [0.02, 0.0, 0.01, 0.03], "x": [0.01, -0.05, 0.02, 0.04]}, DATES)
    result = attribute(assets, PLAIN, loadings=table, weights=weights)
    assert result.exposures["a"].tolist() == [1.5, 2.0, 1.0, 0.75]
    assert result.exposures["b"].tolist() == [0.5, 0.0, 1.0, 0.25]
    assert parts_of(result) == pytest.approx([0.015, -0.05, 0.01, 0.0175])
    over_time = {name: pd.DataFrame(np.tile(table[name], (4, 1)), DATES, ["x", "y"]) for name in table}
    same = attribute(assets, PLAIN, loadings=over_time, weights=weights)
    pd.testing.assert_frame_equal(same.contributions, result.contributions)
    given_return = attribute((assets * weights).sum(axis=1), PLAIN, loadings=table, weights=weights)
    np.testing.assert_allclose(given_return.contributions, result.contributions, atol=1e-17)
    more = attribute(assets.assign(z=np.nan), PLAIN, loadings=table, weights=weights)
    pd.testing.assert_frame_equal(more.contributions, result.contributions)
    by_position = attribute(
        (assets * weights).sum(axis=1).to_numpy(), PLAIN.to_numpy(), weights=weights.to_numpy(),
        loadings=table[["a", "b"]].to_numpy(), periods_per_year=1,
    )  # fmt: skip
    np.testing.assert_allclose(by_position.contributions, result.contributions, atol=1e-17)
    # against a half of each: active exposures are 0, 0.5, -0.5 to a and 0, -0.5, 0.5 to b, then a book of a half
    active = attribute(assets, PLAIN, loadings=table, weights=weights, benchmark_weights={"x": 0.5, "y": 0.5})
    assert active.exposures["a"].tolist() == [0.0, 0.5, -0.5, -0.75]
    assert active.is_active
    assert active.total == pytest.approx(result.total - assets.mean(axis=1).sum())
    series = attribute(
        (assets * weights).sum(axis=1), PLAIN, loadings=table, weights=weights,
        benchmark=assets.mean(axis=1), benchmark_weights={"x": 0.5, "y": 0.5},
    )  # fmt: skip
    np.testing.assert_allclose(series.contributions, active.contributions, atol=1e-16)
    by_factor = attribute(
        (assets * weights).sum(axis=1), PLAIN, loadings=result.exposures,
        benchmark=assets.mean(axis=1), benchmark_loadings={"a": 1.5, "b": 0.5},
    )  # fmt: skip
    np.testing.assert_allclose(by_factor.contributions, active.contributions, atol=1e-16)


def test_active_betas_are_those_of_the_portfolio_less_those_of_the_benchmark():
    one, other = attribute(JNJ, THREE, risk_free=1e-4), attribute(RETURNS["USMV"], THREE, risk_free=1e-4)
    active = attribute(JNJ, THREE, benchmark=RETURNS["USMV"], risk_free=1e-4)
    assert active.exposure == pytest.approx(np.subtract(one.exposure, other.exposure), rel=1e-9)
    assert active.alpha == pytest.approx(one.alpha - other.alpha, rel=1e-9)
    assert active.risk_free == 0.0
    assert active.conventions().startswith("Effects on the active return over 1,000 rows, added up.")


def test_rolling_exposures_are_regressions_of_the_rows_before():
    result = attribute(JNJ, THREE, window=100)
    assert (result.observations, result.left_out) == (900, 100)
    for row in (100, 555, 999):
        before = attribute(JNJ.iloc[row - 100 : row], THREE.iloc[row - 100 : row])
        assert result.exposures.iloc[row].tolist() == pytest.approx(before.exposure, rel=1e-9)
    assert result.exposures.iloc[:100].isna().all(axis=None)


def test_linked_effects_sum_to_the_compounded_return():
    grown = (1.0 + JNJ).prod()
    result = posttrade.factor_attribution(JNJ, THREE, window=100, risk_free=1e-4)
    later = (1.0 + JNJ.iloc[100:]).prod()
    assert result.total == pytest.approx(later - 1.0, rel=1e-12)
    assert result.to_frame()["effect"].sum() == pytest.approx(result.total, rel=1e-12)
    np.testing.assert_allclose(np.add(result.tilt, result.timing), result.effect, rtol=1e-12)
    active = posttrade.factor_attribution(JNJ, THREE, benchmark=RETURNS["USMV"])
    assert active.total == pytest.approx(grown - (1.0 + RETURNS["USMV"]).prod(), rel=1e-12)
    # two rows by hand: k = log(1 + r) / r over log(1 + R) / R
    two = attribute([0.1, -0.05], [0.1, 0.0], loadings=[1.0], linking="carino", periods_per_year=1)
    whole = np.log(1.1 * 0.95) / (1.1 * 0.95 - 1.0)
    assert two.effect[0] == pytest.approx(np.log(1.1) / whole)
    assert two.specific == pytest.approx(np.log(0.95) / whole)
    with pytest.raises(InvalidInputError, match=r'returns must be above -1 to be compounded.*linking="none"'):
        attribute([0.1, -1.0], [0.1, 0.0], loadings=[1.0], linking="carino")


# --- properties


@examples(40)
@given(
    st.integers(0, 10**6),
    st.integers(1, 4),
    st.sampled_from(["given", "regression", "rolling"]),
    st.booleans(),
    st.sampled_from([0.0, 2e-4]),
)
def test_factors_and_specific_sum_to_the_return(seed, count, kind, active, rate):
    draws = np.random.default_rng(seed)
    values = draws.standard_t(4, (40, count + 2)) * 0.01
    returns, benchmark, factors = values[:, 0] + values[:, 2:].sum(axis=1), values[:, 1], values[:, 2:]
    options = {"risk_free": rate}
    if kind == "given":
        options["loadings"] = draws.normal(size=(40, count))
    if kind == "rolling":
        options["window"] = 12
    if active:
        options["benchmark"] = benchmark
        if kind == "given":
            options["benchmark_loadings"] = draws.normal(size=(40, count))
    result = attribute(returns, factors, **options)
    rows = result.contributions.notna().all(axis=1).to_numpy()
    wanted = returns - benchmark if active else returns
    np.testing.assert_allclose(parts_of(result)[rows], wanted[rows], rtol=0.0, atol=1e-15)
    frame = result.to_frame()
    assert frame["effect"].sum() == pytest.approx(result.total, abs=1e-14)
    np.testing.assert_allclose(np.add(result.tilt, result.timing), result.effect, rtol=0.0, atol=1e-15)
    assert result.total == pytest.approx(wanted[rows].sum(), abs=1e-14)
    if kind == "regression":
        assert result.timing == (0.0,) * count
        assert result.alpha * 40 / result.periods_per_year == pytest.approx(result.specific, abs=1e-12)


def test_the_past_does_not_depend_on_the_future():
    whole = attribute(JNJ, THREE, window=100)
    for rows in (102, 103, 700):
        part = attribute(JNJ.iloc[:rows], THREE.iloc[:rows], window=100)
        pd.testing.assert_frame_equal(part.contributions, whole.contributions.iloc[:rows], check_freq=False)
        pd.testing.assert_frame_equal(part.exposures, whole.exposures.iloc[:rows], check_freq=False)


def test_order_of_factors_and_the_form_of_the_data_change_nothing():
    result = attribute(JNJ, THREE)
    turned = attribute(JNJ, THREE.iloc[:, ::-1])
    assert turned.exposure[::-1] == pytest.approx(result.exposure, rel=1e-9)
    arrays = attribute(JNJ.to_numpy(), THREE.to_numpy(), periods_per_year=252)
    assert arrays.exposure == result.exposure
    assert arrays.factors == ("0", "1", "2")
    loadings = pd.DataFrame(dict(zip(THREE, result.exposure, strict=True)), index=JNJ.index)
    for form in (loadings, loadings.iloc[:, ::-1], loadings.iloc[0], dict(loadings.iloc[0]), loadings.to_numpy()):
        same = attribute(JNJ, THREE, loadings=form)
        np.testing.assert_array_equal(same.contributions, result.contributions)


def test_more_factors_than_subsets_can_be_computed_draw_orders():
    values = fat_tailed(300, 15, seed=4)
    factors, returns = values[:, 1:], values[:, 0] + values[:, 1:4].sum(axis=1)
    result = attribute(returns, factors)
    assert sum(result.shapley) == pytest.approx(result.r_squared, rel=1e-10)
    assert result.shapley == attribute(returns, factors, rng=0).shapley
    other = attribute(returns, factors, rng=7)
    assert other.shapley != result.shapley
    assert (np.abs(np.subtract(other.shapley, result.shapley)) < 6.0 * np.array(result.shapley_error)).all()
    assert "averages over drawn orders, seed 7, with standard errors of at most 0.00" in other.conventions()


# --- the result


def test_bundled_months_on_three_factors():
    factors = datasets.load("ff3_monthly").loc["1990-02":"2018-11"]
    prices = datasets.load("equities_adj_close")["KO"].dropna()
    returns = simple_returns(prices.resample("ME").last()).loc["1990-02":"2018-11"]
    result = attribute(returns, factors[["mkt_rf", "smb", "hml"]], risk_free=factors["rf"])
    assert result.periods_per_year == 12.0
    assert result.observations == 346
    peer = sm.OLS(returns.to_numpy() - factors["rf"].to_numpy(), sm.add_constant(factors.iloc[:, :3].to_numpy()))
    fit = peer.fit(cov_type="HAC", cov_kwds={"maxlags": 5})
    assert result.lags == 5
    assert result.coefficients()["estimate"].to_numpy() == pytest.approx(fit.params * [12, 1, 1, 1], rel=1e-8)
    assert result.coefficients()["standard_error"].to_numpy() == pytest.approx(fit.bse * [12, 1, 1, 1], rel=1e-8)
    assert result.to_frame().loc["risk free", "effect"] == pytest.approx(factors["rf"].sum())
    assert repr(result) == "FactorAttribution(3 factors, regression, hac errors)"
    bars = result.plot(blank_axes()).patches
    assert len(bars) == 5
    assert bars[0].get_width() == pytest.approx(100.0 * result.effect[0])


# --- edges


def test_dependent_factors_are_named():
    twice = THREE.assign(TWICE=THREE["MTUM"] + 2.0 * THREE["QUAL"])
    with pytest.raises(InvalidInputError, match=r"'TWICE' is a linear combination of a constant and 'MTUM', 'QUAL'"):
        attribute(JNJ, twice)
    with pytest.raises(InvalidInputError, match=r"'flat' is constant but for rounding over 1000 rows"):
        attribute(JNJ, THREE.assign(flat=0.001)[["flat", "MTUM"]])
    still = THREE.copy()
    still.iloc[200:400, 1] = 0.0
    with pytest.raises(InvalidInputError, match=r"'QUAL' is constant .* in the 50 rows before 2020-01-08"):
        attribute(JNJ, still, window=50)


def test_near_collinearity_warns_with_the_inflation():
    near = pd.DataFrame({"one": THREE["QUAL"], "two": THREE["QUAL"] + 0.01 * THREE["SIZE"]})
    with pytest.warns(
        ConventionWarning, match=r"factors are nearly collinear: the standard error of the beta of '(one|two)' is \d+"
    ):
        attribute(JNJ, near)


def test_too_few_rows_windows_and_lags_are_refused():
    with pytest.raises(InvalidInputError, match=r"returns needs at least 5 rows for 3 factors and an intercept, got 4"):
        attribute(JNJ.iloc[:4], THREE.iloc[:4])
    with pytest.raises(InvalidInputError, match=r"window must leave at least 2 of the 30 rows to attribute, got 29"):
        attribute(JNJ.iloc[:30], THREE.iloc[:30], window=29)
    with pytest.raises(InvalidInputError, match=r"window must be a whole number of at least 5, got 4"):
        attribute(JNJ, THREE, window=4)
    with pytest.raises(InvalidInputError, match=r"lags must be below the 1000 rows that are used, got 1000"):
        attribute(JNJ, THREE, lags=1000)
    with pytest.raises(InvalidInputError, match=r'lags must be left out with errors="ols", got 2'):
        attribute(JNJ, THREE, errors="ols", lags=2)
    with pytest.raises(InvalidInputError, match=r"errors must be one of 'hac', 'ols', got 'white'"):
        attribute(JNJ, THREE, errors="white")
    with pytest.raises(InvalidInputError, match=r"window must be left out with loadings"):
        attribute(JNJ, THREE, loadings=[1.0, 0.0, 0.0], window=50)


def test_missing_rows_are_refused_or_left_out():
    holes = THREE.copy()
    holes.iloc[3, 1] = np.nan
    with pytest.raises(InvalidInputError, match=r"factors has 1 non-finite value, the first at 2019-01-15 in column"):
        attribute(JNJ, holes)
    result = attribute(JNJ, holes, nan_policy="omit")
    keep = np.arange(1000) != 3
    assert (result.observations, result.left_out) == (999, 1)
    assert result.exposure == attribute(JNJ[keep], THREE[keep]).exposure
    assert result.contributions.iloc[3].isna().all()
    assert "over 999 rows, 1 row left out" in result.conventions()


def test_only_missing_returns_of_what_has_a_weight_matter():
    assets = RETURNS[["JNJ", "USMV", "VLUE"]].copy()
    assets.iloc[5, 2] = assets.iloc[9, 1] = np.nan
    assert attribute(assets, THREE, weights={"JNJ": 1.0}).exposure == attribute(JNJ, THREE).exposure
    with pytest.raises(InvalidInputError, match=r"returns must be known where weights are not 0, got none at 2019-01-"):
        attribute(assets, THREE, weights={"JNJ": 0.5, "USMV": 0.5})
    assert attribute(assets, THREE, weights={"JNJ": 0.5, "USMV": 0.5}, nan_policy="omit").left_out == 1


def test_other_dates_and_percent_are_found():
    with pytest.raises(InvalidInputError, match=r"factors must have the dates of returns, but 2019-01-10 is in ret"):
        attribute(JNJ, THREE.iloc[1:])
    with pytest.warns(ConventionWarning, match="factors"):
        attribute(JNJ, 100.0 * THREE)
    with pytest.warns(ConventionWarning, match="returns"):
        attribute(100.0 * JNJ, THREE)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loadings": {"MTUM": 1.0}}, r"loadings must name the factors of factors, but 'QUAL' is in factors only"),
        (
            {"loadings": THREE.rename(columns={"SIZE": "size"})},
            r"must have the columns of factors, but 'SIZE' is in fac",
        ),
        ({"loadings": THREE.iloc[:-1]}, r"loadings must have the dates of returns"),
        ({"benchmark": JNJ, "loadings": [1.0, 0.0, 0.0]}, r"benchmark_loadings must be given with loadings="),
        ({"benchmark_loadings": [1.0, 0.0, 0.0]}, r"benchmark_loadings must be given with loadings= and benchmark="),
        ({"benchmark_weights": [1.0]}, r"benchmark_weights must be given with weights"),
        ({"betas": [1.0, 0.0, 0.0]}, r"has no argument 'betas'.*Write loadings="),
        ({"maxlags": 5}, r"has no argument 'maxlags'.*Write lags=5"),
    ],
)
def test_what_does_not_go_together_is_refused(options, message):
    with pytest.raises(InvalidInputError, match=message):
        attribute(JNJ, THREE, **options)


@pytest.mark.filterwarnings("ignore::riskresearch.core.ConventionWarning")
def test_what_a_double_does_not_hold_is_an_error_of_accounting():
    with pytest.raises(
        AccountingError, match=r"factors and specific return sum to nan at row 1, but the return is 0.02"
    ):
        attribute([0.01, 0.02, 0.03], [1.0, 1e200, 2.0], loadings=[1e200])


def test_names_of_parts_and_several_series_are_refused():
    with pytest.raises(InvalidInputError, match=r"factors must have names of their own, got 'specific'"):
        attribute(JNJ, THREE.rename(columns={"SIZE": "specific"}))
    with pytest.raises(InvalidInputError, match=r"returns must be one series, got 6 columns\. .* pass weights="):
        attribute(RETURNS, THREE)


def test_equal_returns_have_no_shares():
    result = attribute(np.full(20, 0.001), fat_tailed(20, 2))
    assert np.isnan([result.r_squared, *result.shapley]).all()
    assert "R squared -." in result.conventions().replace("\u2013", "-")
