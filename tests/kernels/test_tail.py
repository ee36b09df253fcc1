"""The selection of the worst returns equals sorting, whatever stands where the sample looks."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.compiled import _tail
from riskresearch.kernels.compiled._tail import SAMPLE_STRIDE, tail_risk
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED
from tests.samples import LEVELS, fat_tailed

ROWS = 1600


def by_sorting(values, count, mass):
    """Return VaR and CVaR of each column from the whole sorted column, added as documented: from the worst on."""
    ordered = np.sort(values, axis=0)
    beyond = np.zeros(values.shape[1])
    for row in range(count - 1):
        beyond += ordered[count - 1] - ordered[row]
    return -ordered[count - 1], beyond / mass - ordered[count - 1]


def columns_that_mislead_the_sample():
    """Return columns whose every 16th value says nothing of the others."""
    noise = fat_tailed(ROWS, 1)[:, 0]
    on_sample = np.arange(ROWS) % SAMPLE_STRIDE == 0
    return {
        "the sample holds the worst only": np.where(on_sample, noise - 1.0, noise),
        "the sample holds the best only": np.where(on_sample, noise + 1.0, noise),
        "the sample is constant, low": np.where(on_sample, -1.0, noise),
        "the sample is constant, high": np.where(on_sample, 1.0, noise),
        "ascending": np.sort(noise),
        "descending": np.sort(noise)[::-1],
        "constant": np.full(ROWS, 0.01),
        "two values": np.where(noise > 0.0, 0.01, -0.01),
        "one crash": np.where(np.arange(ROWS) == 777, -0.9, 0.0),
        "noise": noise,
    }


@pytest.mark.parametrize("name", columns_that_mislead_the_sample())
@pytest.mark.parametrize("level", [0.51, 0.75, 0.9, 0.95, 0.975, 0.99, 0.999])
def test_selection_equals_sorting_where_the_sample_misleads(name, level):
    values = columns_that_mislead_the_sample()[name][:, None]
    count, mass = tail_rank(level, ROWS)
    var, cvar = tail_risk(values, count, mass)
    expected_var, expected_cvar = by_sorting(values, count, mass)
    assert var.tolist() == expected_var.tolist()
    assert cvar.tolist() == expected_cvar.tolist()


@pytest.mark.parametrize("name", columns_that_mislead_the_sample())
def test_compiled_equals_uncompiled_where_the_sample_is_used(name):
    values = columns_that_mislead_the_sample()[name][:, None]
    for level in (0.9, 0.99):
        ours, theirs = (module.tail_risk(values, *tail_rank(level, ROWS)) for module in (_tail, UNCOMPILED["_tail"]))
        assert np.array_equal(np.array(ours).view(np.int64), np.array(theirs).view(np.int64))


@given(st.integers(300, 3000), st.integers(0, 10**6), LEVELS, st.integers(1, 3))
@examples(40)
def test_selection_equals_sorting_around_the_length_where_the_sample_begins(rows, seed, level, digits):
    values = np.round(fat_tailed(rows, 2, seed=seed), digits)  # rounded: many ties
    count, mass = tail_rank(level, rows)
    for ours, expected in zip(tail_risk(values, count, mass), by_sorting(values, count, mass), strict=True):
        assert ours.tolist() == expected.tolist()


@pytest.mark.parametrize("columns", [1, 7, 8, 9, 16, 17])
def test_blocks_of_columns_do_not_mix(columns):
    values = fat_tailed(500, columns)
    count, mass = tail_rank(0.95, 500)
    var, cvar = tail_risk(values, count, mass)
    alone = [tail_risk(values[:, [i]], count, mass) for i in range(columns)]
    assert var.tolist() == [one[0][0] for one in alone]
    assert cvar.tolist() == [one[1][0] for one in alone]
