"""VaR and CVaR against hand-made, published and independently computed numbers; the properties that define them."""

import math
import warnings
from contextlib import nullcontext

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import riskresearch
from riskresearch import conditional_value_at_risk, value_at_risk
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.distributions._parametric_tail import cornish_fisher_quantile, edgeworth_lower_mean
from riskresearch.kernels.distributions._student_t import fit_student_t
from tests.reference import published
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

METHODS = ("historical", "normal", "student_t", "cornish_fisher")


@of_any_size
@pytest.mark.parametrize(
    ("losses", "level", "var", "cvar"), [case[1:] for case in published.TAIL_BY_HAND], ids=lambda case: str(case)[:12]
)
def test_historical_tail_equals_the_hand_calculations(losses, level, var, cvar):
    returns = -np.asarray(losses, dtype=float)
    assert value_at_risk(returns, level=level) == pytest.approx(var, rel=1e-12)
    assert conditional_value_at_risk(returns, level=level) == pytest.approx(cvar, rel=1e-12)


@of_any_size
@pytest.mark.parametrize(("level", "n", "rank", "_"), published.RANK_TRAPS)
def test_rank_is_counted_from_the_decimal_level_not_from_its_binary_neighbour(level, n, rank, _):
    assert value_at_risk(-np.arange(1.0, n + 1), level=level) == rank


@pytest.mark.parametrize(("column", "level"), published.EDHEC_HISTORICAL)
def test_historical_tail_equals_the_minimum_found_by_r(column, level):
    var, cvar = published.EDHEC_HISTORICAL[column, level]
    assert value_at_risk(published.EDHEC[column], level=level) == pytest.approx(var, rel=1e-12)
    assert conditional_value_at_risk(published.EDHEC[column], level=level) == pytest.approx(cvar, rel=1e-12)


@pytest.mark.parametrize(("sample", "level"), published.QUANTILES)
@pytest.mark.parametrize("definition", published.NUMPY_METHODS_BY_R_TYPE)
def test_every_quantile_definition_equals_r(sample, level, definition):
    kind = published.NUMPY_METHODS_BY_R_TYPE.index(definition)
    returns = -np.array(published.QUANTILE_LOSSES[sample])
    expected = published.QUANTILES[sample, level][kind]
    assert value_at_risk(returns, level=level, quantile=definition) == pytest.approx(expected, rel=1e-9)


def test_all_numpy_definitions_are_accepted_and_no_other():
    accepted = set(riskresearch.metrics._tail_risk.QUANTILES)
    assert accepted == {
        method.replace("'", "").strip()
        for method in (
            "inverted_cdf, averaged_inverted_cdf, closest_observation, interpolated_inverted_cdf, hazen, weibull, "
            "linear, median_unbiased, normal_unbiased, lower, higher, midpoint, nearest"
        ).split(",")
    }
    for method in accepted:
        assert np.isfinite(np.quantile([1.0, 2.0], 0.9, method=method))


@pytest.mark.parametrize(("column", "level"), published.EDHEC_PA)
def test_modified_tail_equals_performanceanalytics(column, level):
    *_, var, cvar = published.EDHEC_PA[column, level]
    returns = published.EDHEC[column]
    outside = column == "convertible_arbitrage"
    with pytest.warns(ConventionWarning, match="Cornish-Fisher") if outside else nullcontext():
        assert value_at_risk(returns, level=level, method="cornish_fisher") == pytest.approx(var, rel=1e-6)
        assert conditional_value_at_risk(returns, level=level, method="cornish_fisher") == pytest.approx(cvar, rel=1e-6)


@pytest.mark.parametrize(("skew", "kurtosis", "level", "var", "shortfall", "floored", "_"), published.CORNISH_FISHER)
def test_modified_shortfall_equals_the_numerical_integral(skew, kurtosis, level, var, shortfall, floored, _):
    skew, kurtosis = np.array([float(skew)]), np.array([float(kurtosis)])
    quantile = cornish_fisher_quantile(1.0 - level, skew, kurtosis)
    assert -quantile[0] == pytest.approx(var, rel=1e-9)
    mean = -edgeworth_lower_mean(quantile, skew, kurtosis)[0] / (1.0 - level)
    assert mean == pytest.approx(shortfall, rel=1e-8)
    assert max(mean, -quantile[0]) == pytest.approx(floored, rel=1e-8)


def test_normal_tail_equals_scipys_normal_with_the_sample_deviation():
    returns = np.array(published.EDHEC["cta_global"])
    law = stats.norm(-returns.mean(), returns.std(ddof=1))
    assert value_at_risk(returns, level=0.99, method="normal") == pytest.approx(law.ppf(0.99), rel=1e-12)
    expected = law.expect(lambda x: x, lb=law.ppf(0.99), conditional=True)
    assert conditional_value_at_risk(returns, level=0.99, method="normal") == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("column", published.STUDENT_T_FIT)
def test_student_t_fit_reaches_the_likelihood_that_r_found(column):
    location, scale, dof = fit_student_t(np.array(published.EDHEC[column]))
    reached = stats.t.logpdf(published.EDHEC[column], dof, location, scale).sum()
    expected = published.STUDENT_T_FIT[column]
    # The likelihood of cta_global rises with the degrees of freedom for ever; ours stop at 1e4.
    assert reached == pytest.approx(expected[3], abs=2e-3 if math.isinf(expected[2]) else 1e-6)


@pytest.mark.parametrize(("column", "level"), published.STUDENT_T_FIT_TAIL)
def test_student_t_tail_equals_r(column, level):
    var, cvar = published.STUDENT_T_FIT_TAIL[column, level]
    assert value_at_risk(published.EDHEC[column], level=level, method="student_t") == pytest.approx(var, rel=2e-4)
    ours = conditional_value_at_risk(published.EDHEC[column], level=level, method="student_t")
    assert ours == pytest.approx(cvar, rel=3e-4)


@of_any_size
def test_student_t_without_a_mean_is_refused_for_cvar():
    returns = stats.t.ppf(np.linspace(0.001, 0.999, 301), 0.7)
    with pytest.raises(InvalidInputError, match=r"1 degree of freedom or less.*historical"):
        conditional_value_at_risk(returns, method="student_t")


def test_equal_returns_have_that_tail_under_every_method():
    for method in METHODS:
        assert value_at_risk([0.01] * 9, method=method) == pytest.approx(-0.01, rel=1e-12)
        assert conditional_value_at_risk([0.01] * 9, method=method) == pytest.approx(-0.01, rel=1e-12)


@given(returns_arrays(), LEVELS)
def test_cvar_is_at_least_var(returns, level):
    assert (conditional_value_at_risk(returns, level=level) >= value_at_risk(returns, level=level)).all()


@given(returns_arrays(min_rows=4), LEVELS)
def test_fitted_cvar_is_at_least_var(returns, level):
    for method in ("normal", "cornish_fisher"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConventionWarning)
            var = value_at_risk(returns, level=level, method=method)
            cvar = conditional_value_at_risk(returns, level=level, method=method)
        assert (cvar >= var - 1e-9).all()


@of_any_size
@given(returns_arrays(), LEVELS, st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_tail_is_positively_homogeneous(returns, level, scale):
    assert (value_at_risk(returns * scale, level=level) == scale * value_at_risk(returns, level=level)).all()
    ours = conditional_value_at_risk(returns * scale, level=level)
    assert ours == pytest.approx(scale * conditional_value_at_risk(returns, level=level), rel=1e-12)


@given(returns_arrays(), LEVELS, st.floats(-0.1, 0.1))
def test_a_sure_gain_lowers_the_tail_by_itself(returns, level, gain):
    for measure in (value_at_risk, conditional_value_at_risk):
        assert measure(returns + gain, level=level) == pytest.approx(measure(returns, level=level) - gain, abs=1e-12)


@given(returns_arrays(max_columns=1), returns_arrays(max_columns=1), LEVELS)
def test_historical_cvar_is_subadditive(first, second, level):
    rows = min(len(first), len(second))
    one, two = first[:rows, 0], second[:rows, 0]
    whole = conditional_value_at_risk(one + two, level=level)
    parts = conditional_value_at_risk(one, level=level) + conditional_value_at_risk(two, level=level)
    assert whole <= parts + 1e-12


@given(returns_arrays(), LEVELS, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_is_irrelevant_to_the_last_bit(returns, level, random):
    rows = random.sample(range(len(returns)), len(returns))
    columns = random.sample(range(returns.shape[1]), returns.shape[1])
    for measure in (value_at_risk, conditional_value_at_risk):
        assert (measure(returns[rows][:, columns], level=level) == measure(returns, level=level)[columns]).all()


@given(returns_arrays(), LEVELS)
def test_historical_cvar_minimises_rockafellar_and_uryasevs_function(returns, level):
    losses = -returns[:, 0]
    objective = [c + np.maximum(losses - c, 0.0).mean() / (1.0 - level) for c in losses]
    assert conditional_value_at_risk(returns[:, 0], level=level) == pytest.approx(min(objective), abs=1e-9)


@given(returns_arrays(), LEVELS)
def test_selection_equals_sorting(returns, level):
    count, mass = tail_rank(level, len(returns))
    ordered = np.sort(returns, axis=0)
    assert (value_at_risk(returns, level=level) == -ordered[count - 1]).all()
    boundary_weight = mass - (count - 1)
    expected = -(ordered[: count - 1].sum(axis=0) + boundary_weight * ordered[count - 1]) / mass
    assert conditional_value_at_risk(returns, level=level) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_cornish_fisher_outside_its_domain_warns_with_the_column():
    frame = pd.DataFrame({"calm": np.linspace(-0.01, 0.01, 60) ** 3, "wild": np.r_[np.zeros(58), -0.5, 0.1]})
    with pytest.warns(ConventionWarning, match=r"column 'wild'.*student_t"):
        value_at_risk(frame, method="cornish_fisher")


def test_quantile_definition_is_refused_with_a_fitted_method():
    with pytest.raises(InvalidInputError, match="quantile must be left out with method='normal'"):
        value_at_risk([0.01, 0.02], method="normal", quantile="linear")


@pytest.mark.parametrize("method", METHODS)
def test_panel_and_column_agree_to_the_last_bit(method):
    returns = fat_tailed(400, 5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)
        panel = conditional_value_at_risk(returns, method=method)
        assert list(panel) == [conditional_value_at_risk(returns[:, i], method=method) for i in range(5)]


@pytest.mark.parametrize("method", METHODS)
def test_the_pair_equals_both_functions_to_the_last_bit(method):
    returns = pd.DataFrame(fat_tailed(300, 3), columns=list("ABC"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)
        pair = riskresearch.metrics.tail_risk(returns, level=0.99, method=method)
        assert pair.value_at_risk.equals(value_at_risk(returns, level=0.99, method=method))
        assert pair.conditional_value_at_risk.equals(conditional_value_at_risk(returns, level=0.99, method=method))
    assert pair.to_frame().index.tolist() == ["A", "B", "C"]
    assert repr(pair) == f"TailRisk(3 assets, level=0.99, method={method!r})"
    assert "level 0.99" in pair.summary()


def test_a_loss_of_nothing_is_plus_zero():
    for definition in ("inverted_cdf", "linear"):
        assert math.copysign(1.0, value_at_risk([0.0] * 5, quantile=definition)) == 1.0
