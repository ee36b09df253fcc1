"""A thinned line shows what the whole line shows."""

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.plots._thinning import visible_rows
from tests.examples import examples


def test_short_series_keep_every_row():
    assert visible_rows(np.zeros(500), steps=100).tolist() == list(range(500))


@given(seed=st.integers(0, 10_000), n_rows=st.integers(51, 3_000), steps=st.integers(2, 10))
@examples(60)
def test_every_step_keeps_its_extremes_its_ends_and_its_gaps(seed, n_rows, steps):
    rng = np.random.default_rng(seed)
    panel = rng.normal(size=(n_rows, 2)).round(1)
    panel[rng.random((n_rows, 2)) < 0.05] = np.nan
    kept = visible_rows(panel, steps=steps)
    assert len(kept) <= 2 * steps + 6 * steps
    assert (np.diff(kept) > 0).all()
    edges = np.linspace(0, n_rows, steps + 1).astype(int)
    for first, end in itertools.pairwise(edges):
        rows = kept[(kept >= first) & (kept < end)]
        assert {first, end - 1} <= set(rows.tolist())
        for column in range(2):
            whole, seen = panel[first:end, column], panel[rows, column]
            assert np.isnan(whole).any() == np.isnan(seen).any()
            if not np.isnan(whole).all():
                assert (np.nanmin(seen), np.nanmax(seen)) == (np.nanmin(whole), np.nanmax(whole))


def test_one_spike_among_eighteen_thousand_points_survives():
    values = np.zeros(18_000)
    values[12_345] = 9.0
    kept = visible_rows(values)
    assert 12_345 in kept
    assert len(kept) < 3_500


@pytest.mark.parametrize("fill", [np.nan, 0.0])
def test_a_flat_or_empty_series_keeps_only_the_ends_of_each_step(fill):
    assert len(visible_rows(np.full(1_000, fill), steps=10)) == 20
