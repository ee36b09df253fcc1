"""Risk contributions against published examples, closed forms and finite differences; Euler's rule as a property."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import integrate, optimize, stats

import riskresearch
from riskresearch.core import InvalidInputError
from riskresearch.kernels.distributions._multivariate_t import fit_multivariate_t
from riskresearch.metrics import portfolio_returns, volatility
from riskresearch.plots import blank_axes
from riskresearch.portfolio import risk_contributions
from tests.examples import examples
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

KINDS = [
    *itertools.product(["conditional_value_at_risk", "value_at_risk"], ["historical", "normal", "student_t"]),
    ("volatility", "historical"),
]
each_kind = pytest.mark.parametrize(("measure", "method"), KINDS)


def with_moments(covariance, mean=0.0, rows=40, seed=3):
    """Return returns whose sample covariance (n - 1) and mean are exactly these."""
    noise = np.random.default_rng(seed).standard_normal((rows, len(covariance)))
    noise -= noise.mean(axis=0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(np.cov(noise.T))).T
    return white @ np.linalg.cholesky(np.asarray(covariance)).T + mean


def risk_of(returns, weights, measure, method, level):
    """Return the risk of a portfolio by the measures of one series, an independent way."""
    series = returns @ weights
    if measure == "volatility":
        return volatility(series, periods_per_year=1)
    return getattr(riskresearch, measure)(series, level=level, method=method)


# --- reference values


def test_jorion_two_currencies():
    """P. Jorion, Value at Risk, 3rd ed., chapter 7: $2m CAD at 5 %, $1m EUR at 12 %, uncorrelated, 95 %.

    Portfolio 256.9, alone 164.5 and 197.4, incremental 59.55 and 92.45 thousand with z = 1.645 (the notes discussed at
    bionicturtle.com/forum/threads/jorion-chapter-7-portfolio-risk-analytical-methods.20327); the book's z = 1.65 gives
    components of 105.63 and 152.11 and a total of 257.74.
    """
    result = risk_contributions(
        with_moments(np.diag([0.05**2, 0.12**2])), weights=[2.0, 1.0], measure="value_at_risk", method="normal"
    )
    assert result.total == pytest.approx(0.2569, abs=5e-5)
    assert result.incremental == pytest.approx((0.05955, 0.09245), abs=5e-5)
    book = 1.65 / stats.norm.ppf(0.95)
    assert np.array(result.component) * book == pytest.approx([0.10563, 0.15211], abs=5e-6)
    assert np.array(result.marginal) * book == pytest.approx([0.0528, 0.1521], abs=5e-5)
    assert result.total * book == pytest.approx(0.257738, abs=5e-7)


def test_harper_marginal_of_a_swiss_franc_position():
    """D. Harper, FRM question 2.2 at forum.bionicturtle.com/threads/8120: 0.1057, volatilities 10 and 20 %, rho 0.3."""
    returns = with_moments([[0.01, 0.006], [0.006, 0.04]])
    result = risk_contributions(returns, weights=[0.5, 0.5], measure="value_at_risk", method="normal")
    assert result.marginal[0] == pytest.approx(0.1057, abs=5e-5)


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_normal_contributions_equal_the_closed_form(level):
    covariance, mean = np.array([[4e-4, 1e-4, 0], [1e-4, 9e-4, -2e-4], [0, -2e-4, 1e-4]]), np.array([0.01, 0.0, -0.002])
    weights = np.array([0.5, 0.3, -0.2])
    scale = covariance @ weights / np.sqrt(weights @ covariance @ weights)
    tail, _ = integrate.quad(lambda p: stats.norm.ppf(p), level, 1.0)
    for measure, multiple in (
        ("value_at_risk", stats.norm.ppf(level)),
        ("conditional_value_at_risk", tail / (1 - level)),
    ):
        result = risk_contributions(
            with_moments(covariance, mean), weights=weights, measure=measure, method="normal", level=level
        )
        assert result.marginal == pytest.approx(multiple * scale - mean, rel=1e-8)
    result = risk_contributions(with_moments(covariance, mean), weights=weights, measure="volatility")
    assert result.marginal == pytest.approx(scale, rel=1e-9)


def test_historical_tail_scenarios_by_hand():
    # Losses of the portfolio: 5, 4, 3, 2, 1 per cent and 5 gains; level 0.75 leaves 2.5 of 10 rows: the worst two and
    # half of the third.
    first = np.array([-8, -2, -4, -2, 0, 2, 4, 2, 2, 6]) / 100
    second = np.array([-2, -6, -2, -2, -2, 2, 0, 2, 4, 2]) / 100
    result = risk_contributions(np.column_stack([first, second]), weights=[0.5, 0.5], level=0.75)
    assert result.component == pytest.approx(((4 + 1 + 0.5 * 2) / 250, (1 + 3 + 0.5 * 1) / 250), rel=1e-12)
    var = risk_contributions(np.column_stack([first, second]), weights=[0.5, 0.5], level=0.75, measure="value_at_risk")
    assert var.component == pytest.approx((0.02, 0.01), rel=1e-12)
    assert var.total == pytest.approx(0.03, rel=1e-12)


def test_scenarios_that_tie_at_the_boundary_are_averaged():
    returns = [[-0.02, 0.0], [0.0, -0.02], [0.02, 0.02], [0.02, 0.02]]
    result = risk_contributions(returns, weights=[0.5, 0.5], level=0.75, measure="value_at_risk")
    assert result.component == pytest.approx((0.005, 0.005), rel=1e-12)
    assert risk_contributions(returns, weights=[0.5, 0.5], level=0.75).component == pytest.approx((0.005, 0.005))


def test_multivariate_t_is_the_optimum_of_its_likelihood():
    """One column: the univariate fit; two: SciPy's multivariate_t has no better neighbour, by Nelder and Mead."""
    sample = fat_tailed(400, 2, seed=8) @ np.array([[1.0, 0.4], [0.0, 0.8]])
    fit = fit_multivariate_t(sample)

    def cost(change):
        location = fit.location + change[:2] * 0.01
        root = np.linalg.cholesky(fit.scatter) @ np.array([[np.exp(change[2]), 0], [change[3], np.exp(change[4])]])
        return -stats.multivariate_t(location, root @ root.T, fit.dof * np.exp(change[5])).logpdf(sample).sum()

    found = optimize.minimize(cost, np.zeros(6), method="Nelder-Mead", options={"maxiter": 3000, "xatol": 1e-7})
    assert cost(np.zeros(6)) <= found.fun + 1e-6
    assert fit.row_weights @ sample / len(sample) == pytest.approx(fit.location, rel=1e-5)


@pytest.mark.parametrize("measure", ["value_at_risk", "conditional_value_at_risk"])
def test_one_asset_has_the_student_t_risk_of_its_series(measure):
    returns = fat_tailed(500, 1, seed=5)
    result = risk_contributions(returns, weights=[1.0], measure=measure, method="student_t", level=0.99)
    assert result.total == pytest.approx(risk_of(returns, [1.0], measure, "student_t", 0.99), rel=1e-6)


@each_kind
def test_marginals_are_derivatives_by_finite_differences(measure, method):
    returns, weights, step = fat_tailed(301, 3, seed=1), np.array([0.5, 0.3, 0.2]), 1e-6
    options = {"measure": measure, "level": 0.95}
    if measure != "volatility":
        options["method"] = method
    result = risk_contributions(returns, weights=weights, **options)
    for asset, unit in enumerate(np.eye(3)):
        up, down = (risk_contributions(returns, weights=weights + sign * step * unit, **options) for sign in (1, -1))
        assert result.marginal[asset] == pytest.approx((up.total - down.total) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("bandwidth", [0.01, 0.04])
def test_a_smoothed_var_has_true_derivatives_too(bandwidth):
    returns, weights, step = fat_tailed(300, 3, seed=2), np.array([0.5, 0.3, 0.2]), 1e-7
    options = {"measure": "value_at_risk", "bandwidth": bandwidth}
    result = risk_contributions(returns, weights=weights, **options)
    for asset, unit in enumerate(np.eye(3)):
        up, down = (risk_contributions(returns, weights=weights + sign * step * unit, **options) for sign in (1, -1))
        assert result.marginal[asset] == pytest.approx((up.total - down.total) / (2 * step), rel=1e-5)


def test_smoothing_takes_the_noise_out_of_component_var():
    """Over 40 samples of a normal pair the smoothed components vary less around the closed form."""
    covariance, weights = np.array([[1.0, 0.3], [0.3, 2.0]]) * 1e-4, np.array([0.6, 0.4])
    truth = 0.6 * stats.norm.ppf(0.95) * (covariance @ weights)[0] / np.sqrt(weights @ covariance @ weights)
    errors = {None: [], 0.04: []}
    for seed in range(40):
        returns = np.random.default_rng(seed).multivariate_normal([0, 0], covariance, 1000)
        for bandwidth, found in errors.items():
            result = risk_contributions(returns, weights=weights, measure="value_at_risk", bandwidth=bandwidth)
            found.append(result.component[0] - truth)
    assert np.std(errors[0.04]) < 0.4 * np.std(errors[None])


def test_probabilities_equal_repeated_rows():
    returns = fat_tailed(40, 3, seed=4)
    counts = np.random.default_rng(0).integers(1, 5, 40)
    repeated = np.repeat(returns, counts, axis=0)
    for measure in ("value_at_risk", "conditional_value_at_risk"):
        one = risk_contributions(
            returns, weights=[0.5, 0.3, 0.2], measure=measure, level=0.9, probabilities=counts / counts.sum()
        )
        two = risk_contributions(repeated, weights=[0.5, 0.3, 0.2], measure=measure, level=0.9)
        assert one.component == pytest.approx(two.component, rel=1e-9)
        assert one.total == pytest.approx(two.total, rel=1e-9)


# --- properties


@given(returns_arrays(min_rows=2), LEVELS, st.data())
def test_components_sum_to_the_total_which_is_the_risk_of_the_portfolio(returns, level, data):
    weights = np.array(data.draw(st.lists(st.floats(-1, 2), min_size=returns.shape[1], max_size=returns.shape[1])))
    for measure in ("value_at_risk", "conditional_value_at_risk", "volatility"):
        result = risk_contributions(returns, weights=weights, measure=measure, level=level)
        assert math.fsum(result.component) == result.total
        assert result.total == pytest.approx(
            risk_of(returns, weights, measure, "historical", level), rel=1e-9, abs=1e-15
        )
        for asset in range(weights.size):
            without = np.where(np.arange(weights.size) == asset, 0.0, weights)
            rest = risk_of(returns, without, measure, "historical", level)
            assert result.incremental[asset] == pytest.approx(result.total - rest, rel=1e-9, abs=1e-12)


@each_kind
@given(seed=st.integers(0, 1000), factor=st.floats(0.1, 10))
@examples(10)
def test_twice_the_weights_is_twice_the_risk_and_the_same_shares(measure, method, seed, factor):
    returns, weights = fat_tailed(60, 3, seed=seed), np.array([0.5, 0.8, -0.4])
    options = {"measure": measure} if measure == "volatility" else {"measure": measure, "method": method}
    one, more = (risk_contributions(returns, weights=w, **options) for w in (weights, factor * weights))
    assert math.fsum(one.component) == one.total
    assert np.array(more.component) == pytest.approx(factor * np.array(one.component), rel=1e-7, abs=1e-12)
    assert more.marginal == pytest.approx(one.marginal, rel=1e-7, abs=1e-12)


@each_kind
def test_the_order_of_columns_and_rows_is_irrelevant(measure, method):
    returns, weights = fat_tailed(80, 4, seed=9), np.array([0.4, 0.3, 0.2, 0.1])
    options = {"measure": measure} if measure == "volatility" else {"measure": measure, "method": method}
    one = risk_contributions(returns, weights=weights, **options)
    turned = risk_contributions(returns[::-1, ::-1], weights=weights[::-1], **options)
    assert turned.component[::-1] == pytest.approx(one.component, rel=1e-9)
    assert turned.incremental[::-1] == pytest.approx(one.incremental, rel=1e-8, abs=1e-12)


# --- groups and factors


def test_groups_add_their_assets_up():
    frame = pd.DataFrame(fat_tailed(100, 4), columns=["AAPL", "MSFT", "XOM", "CVX"])
    result = risk_contributions(frame, weights=dict(zip(frame, [0.4, 0.3, 0.2, 0.1], strict=True)))
    sectors = {"AAPL": "tech", "MSFT": "tech", "XOM": "oil", "CVX": "oil"}
    table = result.by_group(sectors)
    assert table.index.tolist() == ["tech", "oil"]
    assert table["component"].tolist() == [sum(result.component[:2]), sum(result.component[2:])]
    assert table["percentage"].sum() == pytest.approx(1.0, rel=1e-12)
    pd.testing.assert_frame_equal(table, result.by_group(pd.Series(sectors)))
    with pytest.raises(InvalidInputError, match=r"groups must name the group of every asset, got none for 'CVX'"):
        result.by_group({"AAPL": "tech", "MSFT": "tech", "XOM": "oil"})
    with pytest.raises(InvalidInputError, match=r"to by_group or to risk_contributions: by_group\(\{'AAPL': 'sector'"):
        result.by_group()


@each_kind
def test_groups_of_the_call_are_in_table_text_and_page(measure, method):
    frame = pd.DataFrame(fat_tailed(100, 3), columns=["AAPL", "MSFT", "XOM"])
    options = {"measure": measure} if measure == "volatility" else {"measure": measure, "method": method}
    result = risk_contributions(frame, weights=[0.5, 0.3, 0.2], groups=["tech", "tech", "oil"], **options)
    assert result.to_frame()["group"].tolist() == ["tech", "tech", "oil"]
    sums = result.to_frame().groupby("group", sort=False)[["weight", "component", "percentage"]].sum()
    pd.testing.assert_frame_equal(result.by_group(), sums, rtol=1e-12)
    *_, tech, oil, _ = result.summary().splitlines()
    assert tech.split()[:2] == ["tech", "80.00%"]
    assert oil.split()[-1] == f"{result.by_group().loc['oil', 'percentage']:.2%}"
    assert "<th>oil</th>" in result._repr_html_()
    assert result.component == risk_contributions(frame, weights=[0.5, 0.3, 0.2], **options).component


@each_kind
def test_factors_and_the_specific_part_sum_to_the_total(measure, method):
    factors = fat_tailed(200, 2, seed=11)
    returns = factors @ np.array([[1.0, 0.5, 0.0], [0.2, -0.3, 1.0]]) + 0.3 * fat_tailed(200, 3, seed=12) + 0.001
    weights = np.array([0.5, 0.3, 0.2])
    options = {"measure": measure} if measure == "volatility" else {"measure": measure, "method": method}
    result = risk_contributions(returns, weights=weights, factors=factors, **options)
    betas, *_ = np.linalg.lstsq(np.column_stack([np.ones(200), factors]), returns @ weights, rcond=None)
    assert result.factor_betas == pytest.approx(betas[1:], rel=1e-9)
    assert math.fsum([*result.factor_component, result.specific]) == pytest.approx(result.total, rel=1e-15)
    specific = returns @ weights - factors @ betas[1:]
    if method != "student_t":  # the same split asked for as three assets: two factors and what is left
        parts = risk_contributions(np.column_stack([factors, specific]), weights=[*betas[1:], 1.0], **options)
        assert [*result.factor_component, result.specific] == pytest.approx(parts.component, rel=1e-8)
    assert result.by_factor().index.tolist() == ["0", "1", "specific"]


# --- edges


@of_any_size
def test_what_is_refused():
    returns, equal = fat_tailed(30, 2), [0.5, 0.5]
    for options, text in (
        ({"weights": [1.0]}, r"weights must be one finite number for each of the 2 columns, got \[1\.0\]"),
        ({"weights": equal, "level": 95}, r"level must be in \(0\.5, 1\), got 95"),
        ({"weights": equal, "measure": "var"}, r"measure must be one of .* got 'var'"),
        ({"weights": equal, "measure": "volatility", "method": "normal"}, r"method must be left out with measure="),
        ({"weights": equal, "bandwidth": 0.01}, r"bandwidth must be left out"),
        (
            {"weights": equal, "measure": "value_at_risk", "bandwidth": 0.2},
            r"bandwidth must be at most 1 - level = 0\.05",
        ),
        (
            {"weights": equal, "measure": "value_at_risk", "bandwidth": 1e-9, "level": 0.94},
            r"must cover at least one order statistic",
        ),
        ({"weights": equal, "probabilities": [0.5, 0.5]}, r"one number for each of the 30 rows, got shape \(2, 1\)"),
        ({"weights": equal, "probabilities": np.full(30, 0.1)}, r"probabilities must be zero or more and sum to 1"),
        (
            {"weights": equal, "method": "normal", "probabilities": np.full(30, 1 / 30)},
            r"probabilities must be left out",
        ),
        ({"weights": equal, "factors": fat_tailed(29, 1)}, r"factors must have as many rows as returns, got 29 and 30"),
        ({"weights": equal, "factors": np.ones((30, 1))}, r"factors must be linearly independent and not constant"),
    ):
        with pytest.raises(InvalidInputError, match=text):
            risk_contributions(returns, **options)


def test_a_singular_covariance_is_refused_where_it_matters():
    one = fat_tailed(50, 1)
    twice = np.column_stack([one, one])
    assert risk_contributions(twice, weights=[0.5, 0.5], method="normal").percentage == pytest.approx((0.5, 0.5))
    with pytest.raises(InvalidInputError, match=r"regular covariance for a Student-t"):
        risk_contributions(twice, weights=[0.5, 0.5], method="student_t")


def test_a_portfolio_of_cash_has_no_risk_and_no_shares():
    result = risk_contributions(fat_tailed(30, 2), weights=[0.0, 0.0], measure="volatility")
    assert (result.total, result.component, result.incremental) == (0.0, (0.0, 0.0), (0.0, 0.0))
    assert all(math.isnan(share) for share in result.percentage)


def test_the_result_speaks_the_common_language():
    frame = pd.DataFrame(fat_tailed(100, 2), columns=["AAPL", "MSFT"])
    result = risk_contributions(frame, weights={"MSFT": 0.4, "AAPL": 0.6})
    assert repr(result) == "RiskContributions(CVaR, 2 assets, level=0.95)"
    table = result.to_frame()
    assert table.columns.tolist() == ["weight", "marginal", "component", "percentage", "incremental"]
    assert table.loc["AAPL", "weight"] == 0.6
    assert "total" in result.summary()
    assert "historical method, level 0.95" in result._repr_html_()
    assert len(result.plot(ax=blank_axes()).patches) == 2
    assert result.total == pytest.approx(
        riskresearch.conditional_value_at_risk(portfolio_returns(frame, weights={"AAPL": 0.6, "MSFT": 0.4})), rel=1e-12
    )
    with pytest.raises(InvalidInputError, match="factors must be given"):
        result.by_factor()
