"""Entropy pooling against a solver of the primal problem, and what it must always hold."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from scipy import optimize

from riskresearch.core import InvalidInputError
from riskresearch.portfolio import entropy_pooling, risk_contributions
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size


@pytest.mark.filterwarnings("ignore:Values in x were outside bounds:RuntimeWarning")  # SciPy 1.13's solver
def test_the_dual_gives_what_a_solver_of_the_primal_gives():
    returns = fat_tailed(15, 2, seed=3)
    prior = np.random.default_rng(0).dirichlet(np.ones(15) * 5)
    found = optimize.minimize(
        lambda q: (q * np.log(q / prior)).sum(),
        prior,
        jac=lambda q: np.log(q / prior) + 1,
        bounds=[(1e-9, 1)] * 15,
        constraints=[
            {"type": "eq", "fun": lambda q: q.sum() - 1},
            {"type": "eq", "fun": lambda q: 100 * (q @ returns[:, 0] - 0.003)},
            {"type": "eq", "fun": lambda q: 1e4 * (q @ (returns[:, 1] - prior @ returns[:, 1]) ** 2 - 0.012**2)},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    ours = entropy_pooling(returns, means={"0": 0.003}, volatilities={"1": 0.012}, prior=prior)
    assert found.x @ returns[:, 0] == pytest.approx(0.003, abs=1e-8)
    assert found.x @ (returns[:, 1] - prior @ returns[:, 1]) ** 2 == pytest.approx(0.012**2, abs=1e-10)
    assert ours == pytest.approx(found.x, abs=1e-5)


def test_two_scenarios_by_hand():
    assert entropy_pooling([[-0.02], [0.02]], means={"0": 0.01}) == pytest.approx([0.25, 0.75], rel=1e-9)


@of_any_size
def test_a_view_on_a_normal_mean_tilts_as_the_normal_does():
    """Meucci (2008): a normal prior under a view on the mean is the normal with that mean; the variance stays."""
    sample = np.random.default_rng(0).standard_normal((200_000, 1))
    posterior = entropy_pooling(sample, means={"0": 0.5})
    assert posterior @ (sample[:, 0] - 0.5) ** 2 == pytest.approx(1.0, abs=0.02)


@given(st.integers(0, 500), st.floats(-0.002, 0.002))
@examples(20)
def test_views_hold_probabilities_sum_to_one_and_the_order_of_rows_is_irrelevant(seed, shift):
    returns = fat_tailed(80, 3, seed=seed)
    views = {"means": {"0": returns[:, 0].mean() + shift}, "volatilities": {"2": returns[:, 2].std() * 1.1}}
    found = entropy_pooling(returns, **views)
    assert found.sum() == pytest.approx(1.0, rel=1e-12)
    assert (found > 0.0).all()
    assert found @ returns[:, 0] == pytest.approx(views["means"]["0"], abs=1e-9)
    spread = np.sqrt(found @ (returns[:, 2] - returns[:, 2].mean()) ** 2)
    assert spread == pytest.approx(views["volatilities"]["2"], rel=1e-5)
    assert entropy_pooling(returns[::-1], **views)[::-1] == pytest.approx(found, rel=1e-6)


def test_labels_and_the_way_into_risk():
    frame = pd.DataFrame(fat_tailed(100, 2), index=pd.bdate_range("2024-01-01", periods=100), columns=["AAPL", "MSFT"])
    found = entropy_pooling(frame, means={"AAPL": -0.004})
    assert found.name == "probability"
    pd.testing.assert_index_equal(found.index, frame.index)
    assert isinstance(entropy_pooling(pl.from_pandas(frame), means={"AAPL": -0.004}), pl.Series)
    assert (entropy_pooling(frame) == 0.01).all()
    before, after = (
        risk_contributions(frame, weights=[0.5, 0.5], probabilities=given).total for given in (None, found.to_numpy())
    )
    assert after > before


def test_what_is_refused():
    returns = fat_tailed(30, 2)
    for options, text in (
        ({"means": {"0": 5.0}}, r"must be attainable together"),
        ({"means": {"GOLD": 0.0}}, r"means must name columns of returns, got 'GOLD'"),
        ({"volatilities": {"0": -1.0}}, r"volatilities\['0'\] must be positive, got -1"),
        ({"means": [0.1]}, r"means must be a mapping from column to number"),
        ({"prior": np.ones(30)}, r"prior must be zero or more and sum to 1"),
        ({"prior": [1.0]}, r"prior must be one number for each of the 30 rows"),
    ):
        with pytest.raises(InvalidInputError, match=text):
            entropy_pooling(returns, **options)


@pytest.mark.parametrize("seed", range(4))
def test_scenarios_of_no_prior_probability_keep_none(seed):
    """The others are as if those were not there, however far the views pull towards them."""
    rng = np.random.default_rng(seed)
    returns = fat_tailed(80, 2, seed=seed)
    prior = rng.dirichlet(np.ones(80))
    prior[[int(returns[:, 0].argmax()), int(returns[:, 1].argmax()), *rng.integers(0, 80, 20)]] = 0.0
    prior /= prior.sum()
    views = {"means": {"0": 0.004}, "volatilities": {"1": 0.013}}
    found = entropy_pooling(returns, prior=prior, **views)
    kept = prior > 0.0
    assert (found[~kept] == 0.0).all()
    assert found[kept] == pytest.approx(entropy_pooling(returns[kept], prior=prior[kept], **views), abs=1e-9)
    assert found @ returns[:, 0] == pytest.approx(0.004, abs=1e-10)


def test_views_that_only_impossible_scenarios_hold_are_refused():
    returns = np.array([[0.01], [-0.01], [0.05], [-0.02]])
    prior = np.array([0.5, 0.5, 0.0, 0.0])
    with pytest.raises(InvalidInputError, match="no probabilities of these scenarios satisfy them"):
        entropy_pooling(returns, prior=prior, means={"0": 0.03})
    with pytest.raises(InvalidInputError, match="no probabilities of these scenarios satisfy them"):
        entropy_pooling(returns, prior=[1.0, 0.0, 0.0, 0.0], means={"0": 0.0})
    assert entropy_pooling(returns, prior=[1.0, 0.0, 0.0, 0.0], means={"0": 0.01}).tolist() == [1.0, 0.0, 0.0, 0.0]
