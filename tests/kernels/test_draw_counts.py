"""Sums over draws by counts: those of the rows that are drawn, the same bits compiled and uncompiled."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels.compiled import _resample
from riskresearch.kernels.compiled._resample import draw_rows
from riskresearch.kernels.inference._bootstrap import make_plan
from riskresearch.kernels.inference._superiority import plan_counts
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED


@given(st.integers(1, 60), st.integers(1, 300), st.floats(1.0, 40.0), st.integers(0, 99))
@examples(20)
def test_sums_are_those_of_the_rows_that_are_drawn(rows, draws, length, seed):
    plan = make_plan(rows, draws, "stationary", length, seed)
    counts = plan_counts(rows, plan)
    values = np.random.default_rng(seed).normal(size=rows)
    sizes = [min(256, draws - first) for first in range(0, draws, 256)]
    places = np.concatenate(
        [draw_rows(rows, size, key, plan.pieces) for size, key in zip(sizes, plan.keys, strict=True)]
    )
    assert counts.sum(axis=0).tolist() == [rows] * draws
    sums = _resample.sums_of_draws(counts, values)
    assert sums == pytest.approx(values[places].sum(axis=1), rel=1e-12, abs=1e-12)
    uncompiled = UNCOMPILED["_resample"].sums_of_draws(counts, values)
    assert sums.tobytes() == uncompiled.tobytes()


def test_counts_by_hand():
    counts = _resample.counts_of_places(np.array([[0, 0, 2], [1, 2, 0]]))
    assert counts.tolist() == [[2, 1], [0, 1], [1, 1]]
    assert _resample.sums_of_draws(counts, np.array([1.0, 10.0, 100.0])).tolist() == [102.0, 111.0]
