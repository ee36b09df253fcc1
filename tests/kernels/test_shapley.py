"""Shapley shares of R squared against stored ones, against all orders written out, and in cases known by hand."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels.inference._shapley import exact_shares, explained_parts, sampled_shares, sequential_shares
from tests.examples import examples
from tests.samples import fat_tailed

HERE = Path(__file__).parents[1] / "reference" / "posttrade"
STORED = json.loads((HERE / "factor_regression.json").read_text())["results"]["shapley_r_squared"]
RETURNS = pd.read_csv(HERE / "factor_regression_returns.csv", index_col="date")
JNJ, THREE = RETURNS["JNJ"].to_numpy(), RETURNS[STORED["factors"]].to_numpy()


def r_squared(target, factors):
    design = np.column_stack([np.ones(len(target)), factors])
    residuals = target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
    return 1.0 - residuals.var() / target.var()


def test_jnj_on_three_factors_equals_the_stored_shares():
    parts = explained_parts(THREE, JNJ)
    assert exact_shares(*parts) == pytest.approx(STORED["shares"], rel=1e-9)
    assert exact_shares(*parts).sum() == pytest.approx(STORED["sum"], rel=1e-12)


@examples(15)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_shares_are_the_mean_increments_over_all_orders(seed, count):
    values = np.random.default_rng(seed).normal(0.0, 0.01, (40, count + 1))
    factors = values[:, 1:] @ np.triu(np.ones((count, count)))
    target = values.sum(axis=1)
    wanted = np.zeros(count)
    orders = list(permutations(range(count)))
    for order in orders:
        known = 0.0
        for place, factor in enumerate(order):
            reached = r_squared(target, factors[:, order[: place + 1]])
            wanted[factor] += (reached - known) / len(orders)
            known = reached
    parts = explained_parts(factors, target)
    assert exact_shares(*parts) == pytest.approx(wanted, rel=1e-8, abs=1e-10)
    assert exact_shares(*parts).sum() == pytest.approx(r_squared(target, factors), rel=1e-9)
    assert sequential_shares(*parts).sum() == pytest.approx(r_squared(target, factors), rel=1e-9)
    assert sequential_shares(*parts)[0] == pytest.approx(r_squared(target, factors[:, :1]), rel=1e-7, abs=1e-10)


def test_twins_share_alike_and_strangers_keep_their_own():
    one, two, noise = (fat_tailed(200, 3) @ np.linalg.inv(np.linalg.cholesky(np.cov(fat_tailed(200, 3).T))).T).T
    twins = np.column_stack([one + noise, one - noise])  # uncorrelated, of equal covariance with the target
    assert exact_shares(*explained_parts(twins, one)) == pytest.approx([0.5, 0.5])
    strangers = explained_parts(np.column_stack([one, two]), 3.0 * one + 4.0 * two)
    assert exact_shares(*strangers) == pytest.approx([9.0 / 25.0, 16.0 / 25.0])
    assert sequential_shares(*strangers) == pytest.approx([9.0 / 25.0, 16.0 / 25.0])


def test_sampled_orders_are_within_their_error_and_sum_to_r_squared():
    parts = explained_parts(THREE, JNJ)
    shares, errors = sampled_shares(*parts, 2000, np.random.default_rng(0))
    assert shares.sum() == pytest.approx(STORED["sum"], rel=1e-12)
    assert (np.abs(shares - STORED["shares"]) < 4.0 * errors).all()
    assert (errors < 0.005).all()
