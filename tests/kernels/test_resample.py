"""The draws of the block bootstraps: the generator's published numbers, the laws of the blocks, and equal sums."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels._resample import ALWAYS, STEP, draw_rows, draw_sums
from tests.kernels.uncompiled import UNCOMPILED
from tests.samples import fat_tailed

# SplitMix64 from the state 1234567: the sequence printed at rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64.
SPLITMIX64 = (
    6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
)  # fmt: skip


def test_the_generator_gives_the_published_sequence():
    kernel = UNCOMPILED["_resample"]
    states = [(1234567 + STEP * count) & kernel.MASK for count in range(1, 6)]
    assert tuple(kernel._mix(state, kernel.FIRST, kernel.SECOND, kernel.MASK) for state in states) == SPLITMIX64


def test_places_come_from_the_upper_half_of_the_published_sequence():
    places = draw_rows(5, 1, 1234567, ALWAYS, 5)[0]
    assert places.tolist() == [((bits >> 32) * 5) >> 32 for bits in SPLITMIX64]


@given(st.integers(1, 50), st.integers(1, 4), st.integers(0, 2**64 - 1), st.integers(0, ALWAYS), st.integers(1, 60))
def test_blocks_go_on_row_by_row_around_the_end_and_no_longer_than_they_may(rows, draws, key, threshold, block):
    places = draw_rows(rows, draws, key, threshold, block)
    assert places.shape == (draws, rows)
    assert ((0 <= places) & (places < rows)).all()
    if threshold == 0:
        inside = np.arange(1, rows) % block != 0
        assert (places[:, 1:][:, inside] == (places[:, :-1][:, inside] + 1) % rows).all()


@given(st.integers(1, 50), st.integers(0, 2**64 - 1), st.integers(0, ALWAYS), st.integers(1, 60))
def test_sums_are_those_over_the_drawn_rows(rows, key, threshold, block):
    values = fat_tailed(rows, 1, seed=rows)[:, 0]
    sums, squares = draw_sums(values, 3, key, threshold, block)
    drawn = values[draw_rows(rows, 3, key, threshold, block)]
    assert sums == pytest.approx(drawn.sum(axis=1), rel=1e-12, abs=1e-15)
    assert squares == pytest.approx((drawn**2).sum(axis=1), rel=1e-12)


def test_blocks_of_the_stationary_bootstrap_are_geometric():
    """1,000,000 rows, mean block 4: 4 errors of the share of rows and of pairs that go on."""
    rows = 1000
    places = draw_rows(rows, 1000, 99, ALWAYS // 4, rows)
    goes_on = places[:, 1:] == (places[:, :-1] + 1) % rows
    expected = 0.75 + 0.25 / rows
    assert goes_on.mean() == pytest.approx(expected, abs=4 * (0.25 * 0.75 / goes_on.size) ** 0.5)
    pairs = (goes_on[:, 1:] & goes_on[:, :-1]).mean()
    assert pairs == pytest.approx(expected**2, abs=4 * (0.56 * 0.44 * 3 / goes_on.size) ** 0.5)


def test_every_row_is_equally_likely():
    """Chi-square of 1,000,000 places in 100 cells: within 5 of its standard deviations of its mean 99."""
    counts = np.bincount(draw_rows(100, 10000, 5, ALWAYS, 100).ravel(), minlength=100)
    assert ((counts - 10000.0) ** 2 / 10000.0).sum() == pytest.approx(99.0, abs=5 * (2 * 99) ** 0.5)
