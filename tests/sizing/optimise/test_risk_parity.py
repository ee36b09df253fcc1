"""Risk parity against published portfolios, closed forms, a general solver and its own definition."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from scipy import optimize

from riskresearch import sizing
from riskresearch.core import InvalidInputError
from riskresearch.kernels.compiled._risk_budget_descent import risk_budget_descent
from riskresearch.kernels.optimise._risk_budget import _newton, budgeted_weights
from riskresearch.sizing import Constraints
from tests.examples import examples

VOLATILITIES = np.array([0.05, 0.05, 0.07, 0.1, 0.15, 0.15, 0.15, 0.18])
CORRELATION = np.array(
    [
        [100, 80, 60, -20, -10, -20, -20, -20],
        [80, 100, 40, -20, -20, -10, -20, -20],
        [60, 40, 100, 50, 30, 20, 20, 30],
        [-20, -20, 50, 100, 60, 60, 50, 60],
        [-10, -20, 30, 60, 100, 90, 70, 70],
        [-20, -10, 20, 60, 90, 100, 60, 70],
        [-20, -20, 20, 50, 70, 60, 100, 70],
        [-20, -20, 30, 60, 70, 70, 70, 100],
    ]
)
EIGHT = np.outer(VOLATILITIES, VOLATILITIES) * CORRELATION / 100
LAST_FOUR = dict(zip("01234567", "aaaabbbb", strict=True))


def shares(covariance, weights):
    parts = weights * (covariance @ weights)
    return parts / parts.sum()


def covariances(columns, seed, factors=2):
    rng = np.random.default_rng(seed)
    loadings = rng.normal(size=(columns, factors))
    scale = np.exp(rng.uniform(-3, 1, columns))
    return (loadings @ loadings.T + np.diag(rng.uniform(0.05, 2.0, columns))) * np.outer(scale, scale)


def risk_parity(covariance, **options):
    """Return the weights alone."""
    return np.array(sizing.risk_parity(covariance, **options).weights)


# --- published portfolios


def test_maillard_roncalli_and_teiletches_four_assets():
    """Maillard, Roncalli & Teiletche (2010), p. 65: volatilities 10 to 40 %, without and with correlations."""
    assert (100 * risk_parity(np.diag([0.01, 0.04, 0.09, 0.16]))).round() == pytest.approx([48, 24, 16, 12])
    correlated = [[0.01, 0.016, 0, 0], [0.016, 0.04, 0, 0], [0, 0, 0.09, -0.06], [0, 0, -0.06, 0.16]]
    assert (100 * risk_parity(correlated)).round(1) == pytest.approx([38.4, 19.2, 24.3, 18.2])


def test_bai_scheinberg_and_tutuncus_five_assets():
    """Bai, Scheinberg & Tutuncu (2016), the covariance and the weights to three digits."""
    covariance = [
        [94.868, 33.750, 12.325, -1.178, 8.778],
        [33.750, 445.642, 98.955, -7.901, 84.954],
        [12.325, 98.955, 117.265, 0.503, 45.184],
        [-1.178, -7.901, 0.503, 5.460, 1.057],
        [8.778, 84.954, 45.184, 1.057, 34.126],
    ]
    assert risk_parity(covariance) == pytest.approx([0.125, 0.047, 0.083, 0.613, 0.132], abs=6e-4)


def test_richard_and_roncallis_eight_assets_free_and_constrained():
    """Richard & Roncalli (2019), table 9, with the digits of the authors' notebook (jcrichard/pyrb)."""
    free = risk_parity(EIGHT)
    assert 100 * free == pytest.approx([26.8306, 28.6769, 11.4095, 9.7985, 5.6135, 5.9029, 6.656, 5.1121], abs=6e-5)
    limited = risk_parity(EIGHT, constraints=Constraints(groups=LAST_FOUR, group_limits={"b": (0.3, 1.0)}))
    theirs = [25.7859, 27.4087, 9.5153, 7.2904, 7.0579, 7.7127, 9.2265, 6.0027]
    assert 100 * limited == pytest.approx(theirs, abs=3e-4)
    assert 100 * shares(EIGHT, limited)[:4] == pytest.approx([8.6356] * 4, abs=2e-4)
    assert 100 * shares(EIGHT, limited)[4:] == pytest.approx([15.9089, 16.5836, 18.1435, 14.8215], abs=4e-4)


# --- closed forms


@given(st.floats(0.05, 0.95), st.floats(-0.95, 0.95), st.floats(0.05, 2.0), st.floats(0.05, 2.0))
def test_two_assets_equal_bruder_and_roncallis_formula(budget, correlation, first, second):
    """Bruder & Roncalli (2012), p. 6, for any budget and correlation."""
    covariance = np.array([[first**2, correlation * first * second], [correlation * first * second, second**2]])
    x = (budget - 0.5) * correlation + np.sqrt(budget * (1 - budget) + ((budget - 0.5) * correlation) ** 2)
    odds = x / (1 - budget) * second / first  # first weight over the second
    ours = risk_parity(covariance, budgets=[budget, 1 - budget])
    assert ours[0] / ours[1] == pytest.approx(odds, rel=1e-8)


@given(st.lists(st.floats(0.01, 3.0), min_size=1, max_size=8))
def test_without_correlation_or_with_one_for_all_it_is_inverse_volatility(deviations):
    spread = np.array(deviations)
    inverse = (1 / spread) / (1 / spread).sum()
    assert risk_parity(np.diag(spread**2)) == pytest.approx(inverse, rel=1e-9)
    alike = np.outer(spread, spread) * (0.4 + 0.6 * np.eye(spread.size))
    assert risk_parity(alike) == pytest.approx(inverse, rel=1e-9)


# --- definition and second methods


@given(st.integers(1, 40), st.integers(0, 10_000), st.booleans())
@examples(60)
def test_shares_of_risk_are_the_budgets(columns, seed, equal):
    covariance = covariances(columns, seed)
    budgets = np.full(columns, 1 / columns) if equal else np.random.default_rng(seed).dirichlet(np.ones(columns) * 2)
    budgets = (budgets + 1e-3) / (budgets + 1e-3).sum()
    weights = risk_parity(covariance, budgets=budgets)
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(1.0, rel=1e-12)
    assert shares(covariance, weights) == pytest.approx(budgets, abs=1e-10)


def test_a_hundred_assets_have_shares_within_1e_10():
    for seed in range(5):
        covariance = covariances(100, seed, factors=5)
        assert np.abs(shares(covariance, risk_parity(covariance)) - 0.01).max() < 1e-10


@given(st.integers(2, 15), st.integers(0, 10_000))
@examples(30)
def test_descent_and_newton_agree(columns, seed):
    covariance = covariances(columns, seed)
    deviations = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviations, deviations)
    budgets = np.full(columns, 1 / columns)
    descended, error = risk_budget_descent(correlation, budgets, np.sqrt(budgets), 100_000, 1e-14)
    stepped, _ = _newton(correlation, budgets, np.sqrt(budgets), 1.0)
    assert error < 1e-12
    assert descended == pytest.approx(stepped, rel=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_a_root_finder_on_the_definition_agrees(seed):
    covariance = covariances(5, seed)
    spread = np.sqrt(np.diag(covariance))
    found = optimize.root(
        lambda logs: np.append(shares(covariance, np.exp(logs))[:-1] - 0.2, logs.sum()),
        -np.log(spread) + np.log(spread).mean(),
        tol=1e-14,
    )
    weights = np.exp(found.x) / np.exp(found.x).sum()
    assert shares(covariance, weights) == pytest.approx(0.2, abs=1e-10)
    assert risk_parity(covariance) == pytest.approx(weights, rel=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_constrained_weights_minimise_the_lagrangian_of_a_general_solver(seed):
    """At the scale s that the shares of free assets show, the weights minimise w'Cw / 2 - s sum b log w in the box."""
    covariance = covariances(6, seed)
    free = risk_parity(covariance)
    cap = 0.8 * free.max()
    weights = risk_parity(covariance, constraints=Constraints(upper=cap))
    assert weights.sum() == pytest.approx(1.0, abs=1e-9)
    assert weights.max() <= cap
    inside = weights < cap * (1 - 1e-6)
    scales = (weights * (covariance @ weights))[inside] * 6
    assert scales == pytest.approx(scales[0], rel=1e-6)
    unit = scales[0]
    found = optimize.minimize(
        lambda w: (0.5 * w @ covariance @ w) / unit - np.log(w).sum() / 6, np.full(6, cap / 2),
        jac=lambda w: covariance @ w / unit - 1 / (6 * w), bounds=[(1e-9, cap)] * 6, method="L-BFGS-B",
        options={"ftol": 1e-16, "gtol": 1e-10, "maxiter": 5000},
    )  # fmt: skip
    assert weights == pytest.approx(found.x, abs=1e-5)


@given(st.integers(0, 10_000))
@examples(20)
def test_box_and_group_limits_are_kept(seed):
    covariance = covariances(6, seed)
    constraints = Constraints(
        lower=0.05, upper=0.35, groups=dict(zip("012345", "aabbcc", strict=True)), group_limits={"a": (0.2, 0.5)}
    )
    weights = risk_parity(covariance, constraints=constraints)
    assert (weights >= 0.05).all()
    assert (weights <= 0.35).all()
    assert 0.2 - 1e-8 <= weights[:2].sum() <= 0.5 + 1e-8
    assert weights.sum() == pytest.approx(1.0, abs=1e-8)


def test_where_the_sum_itself_must_bind_the_weights_still_solve_the_stated_problem():
    """A floor on a very volatile asset and its hedges: no scale of the logarithms alone lets the weights sum to 1."""
    covariance = covariances(6, 9999)
    box = Constraints(
        lower=0.05, upper=0.35, groups=dict(zip("012345", "aabbcc", strict=True)), group_limits={"a": (0.2, 0.5)}
    )
    weights = risk_parity(covariance, constraints=box)
    assert weights.sum() == pytest.approx(1.0, abs=1e-9)
    variance = weights @ covariance @ weights
    rules = [
        {"type": "eq", "fun": lambda w: w.sum() - 1},
        {"type": "ineq", "fun": lambda w: w[:2].sum() - 0.2},
        {"type": "ineq", "fun": lambda w: 0.5 - w[:2].sum()},
    ]
    found = optimize.minimize(
        lambda w: 0.5 * w @ covariance @ w / variance - np.log(w).sum() / 6, np.full(6, 1 / 6),
        jac=lambda w: covariance @ w / variance - 1 / (6 * w), bounds=[(0.05, 0.35)] * 6, constraints=rules,
        method="SLSQP", options={"ftol": 1e-15, "maxiter": 1000},
    )  # fmt: skip
    assert weights == pytest.approx(found.x, abs=1e-5)


@given(st.integers(2, 12), st.integers(0, 10_000), st.floats(1e-6, 1e6))
@examples(30)
def test_the_unit_and_the_order_of_assets_are_irrelevant(columns, seed, unit):
    covariance = covariances(columns, seed)
    weights = risk_parity(covariance)
    assert risk_parity(unit * covariance) == pytest.approx(weights, rel=1e-8)
    assert risk_parity(covariance[::-1, ::-1])[::-1] == pytest.approx(weights, rel=1e-8)


def test_limits_that_do_not_bind_change_nothing():
    free = risk_parity(EIGHT)
    loose = risk_parity(EIGHT, constraints=Constraints(lower=0.01, upper=0.5))
    assert np.array_equal(free, loose)


# --- singular covariance


def test_a_singular_covariance_is_accepted_while_every_long_position_has_risk():
    """Two copies of an asset share what it would have; fewer rows than columns may still be solved."""
    doubled = np.array([[0.04, 0.04, 0.01], [0.04, 0.04, 0.01], [0.01, 0.01, 0.09]])
    weights = risk_parity(doubled)
    single = risk_parity([[0.04, 0.01], [0.01, 0.09]], budgets=[2 / 3, 1 / 3])
    assert weights == pytest.approx([single[0] / 2, single[0] / 2, single[1]], rel=1e-9)
    few = np.cov(np.random.default_rng(0).normal(size=(60, 80)).T)
    assert np.linalg.matrix_rank(few) == 59
    found = budgeted_weights(few, np.full(80, 1 / 80))
    assert found.weights is not None
    assert np.abs(shares(few, found.weights) - 1 / 80).max() < 1e-10


@pytest.mark.parametrize("correlation", [-1.0, -1.0 + 1e-14])
def test_an_asset_and_its_hedge_are_refused(correlation):
    covariance = np.array([[0.04, correlation * 0.02], [correlation * 0.02, 0.01]])
    with pytest.raises(InvalidInputError, match="every combination of long positions some risk"):
        risk_parity(covariance)


def test_far_more_columns_than_rows_are_refused():
    few = np.cov(np.random.default_rng(0).normal(size=(30, 100)).T)
    with pytest.raises(InvalidInputError, match="singular, as that of more columns than rows"):
        risk_parity(few)


# --- labels and edges


def test_every_kind_of_input_gives_the_same_weights_and_stays_as_it_was():
    names = list("ABCDEFGH")
    frame = pd.DataFrame(EIGHT, index=names, columns=names)
    before = frame.copy()
    result = sizing.risk_parity(frame, budgets=pd.Series(np.full(8, 0.125), index=names[::-1]))
    assert result.assets == tuple(names)
    assert result.to_frame()["weight"].to_dict() == dict(zip(names, result.weights, strict=True))
    pd.testing.assert_frame_equal(frame, before)
    assert result.weights == tuple(risk_parity(EIGHT))
    assert risk_parity(pl.DataFrame(EIGHT, schema=names)) == pytest.approx(result.weights)
    assert risk_parity([[4]]) == pytest.approx([1.0])
    named = risk_parity(frame, constraints=Constraints(upper=dict.fromkeys(names, 0.2)))
    assert named.max() <= 0.2


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: risk_parity([[1.0, 0.0]]), r"covariance must be square, got shape \(1, 2\)"),
        (lambda: risk_parity([[1.0, 0.5], [0.4, 1.0]]), "covariance must be symmetric"),
        (lambda: risk_parity([[1.0, 2.0], [2.0, 1.0]]), "no negative eigenvalue"),
        (lambda: risk_parity([[1.0, 0.0], [0.0, 0.0]]), "positive variances, got none for '1'. Leave it out"),
        (lambda: risk_parity(np.eye(2), budgets=[1.0, 0.0]), "budgets must be positive and sum to 1"),
        (lambda: risk_parity(np.eye(2), budgets=[0.5, 0.6]), "sum of 1.1"),
        (lambda: risk_parity(np.eye(2), budgets=[1.0]), "one finite number for each of the 2 columns"),
        (
            lambda: risk_parity(pd.DataFrame(np.eye(2), index=["A", "B"], columns=["B", "A"])),
            "same names on rows and columns, in the same order",
        ),
        (lambda: risk_parity(np.eye(2), constraints=Constraints(upper=0.4)), "total must be within the sums"),
        (lambda: risk_parity(np.eye(2), constraints=Constraints(lower=-0.5)), "lower must be zero or more"),
        (lambda: risk_parity(np.eye(2), constraints=Constraints(total=2.0)), "total must be 1 for risk parity"),
        (
            lambda: risk_parity(
                np.eye(4),
                constraints=Constraints(
                    groups=dict(zip("0123", "aabb", strict=True)), group_limits={"a": (0.0, 0.3), "b": (0.0, 0.3)}
                ),
            ),
            "some positive weights with sum 1 meet them all, but none do",
        ),
        (lambda: risk_parity([[np.nan]]), "non-finite"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


def test_the_result_names_the_constraints_that_bind_and_prints():
    result = sizing.risk_parity(np.diag([0.01, 0.09]), constraints=Constraints(upper=0.6))
    assert result.binding == ("upper of 0",)
    assert result.summary() == "   weight\n0  60.00%\n1  40.00%\nbound by upper of 0\nequal risk contributions."
    assert result.cash == pytest.approx(0.0, abs=1e-12)
    assert repr(result) == "OptimalWeights(2 assets, equal risk contributions)"
    assert "60.00%" in result._repr_html_()
    assert sizing.risk_parity(np.eye(2), budgets=[0.4, 0.6]).objective == "risk contributions of the given budgets"
