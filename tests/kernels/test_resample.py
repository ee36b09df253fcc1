"""The draws of the block bootstraps: the generator's published numbers, the laws of the blocks, and equal sums."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels.compiled._resample import STEP, draw_rows, draw_sums, running_sums
from riskresearch.kernels.inference._pieces import CELLS, SIDES, fixed_pieces, geometric_pieces
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
    places = draw_rows(5, 1, 1234567, fixed_pieces(1))[0]
    assert places.tolist() == [((bits >> 32) * 5) >> 32 for bits in SPLITMIX64]


@given(st.integers(1, 50), st.integers(1, 4), st.integers(0, 2**64 - 1), st.integers(1, 60))
def test_fixed_blocks_go_on_row_by_row_around_the_end(rows, draws, key, block):
    places = draw_rows(rows, draws, key, fixed_pieces(block))
    assert places.shape == (draws, rows)
    assert ((0 <= places) & (places < rows)).all()
    inside = np.arange(1, rows) % block != 0
    assert (places[:, 1:][:, inside] == (places[:, :-1][:, inside] + 1) % rows).all()


@given(st.integers(1, 50), st.integers(0, 2**64 - 1), st.floats(1.0, 500.0))
def test_sums_are_those_over_the_drawn_rows(rows, key, mean):
    values = fat_tailed(rows, 1, seed=rows)[:, 0]
    for pieces in (geometric_pieces(mean), fixed_pieces(int(mean))):
        sums, squares = draw_sums(running_sums(values), 3, key, pieces).T
        drawn = values[draw_rows(rows, 3, key, pieces)]
        assert sums == pytest.approx(drawn.sum(axis=1), rel=1e-11, abs=1e-14)
        assert squares == pytest.approx((drawn**2).sum(axis=1), rel=1e-11)


@given(st.floats(1.0, 1000.0))
def test_the_table_holds_the_geometric_law(mean):
    """Each piece's probability, added over the table, is p (1 - p)^(length - 1), to the 2^-26 of a cell."""
    pieces, stay = geometric_pieces(mean), 1.0 - 1.0 / mean
    first = pieces.threshold / SIDES / CELLS
    weight = np.stack([first, 1.0 / CELLS - first], axis=1).ravel()
    ends = [weight[(pieces.length == length) & (pieces.goes_on == 0)].sum() for length in range(1, CELLS)]
    assert ends == pytest.approx([(1.0 - stay) * stay ** (length - 1) for length in range(1, CELLS)], abs=1e-7)
    assert weight[pieces.goes_on == 1].sum() == pytest.approx(stay ** (CELLS - 1), abs=1e-7)
    assert (pieces.length[pieces.goes_on == 1] == CELLS - 1).all()


@pytest.mark.parametrize("mean", [1.5, 4.0, 90.0])
def test_blocks_of_the_stationary_bootstrap_are_geometric(mean):
    """2,000,000 rows: 4 errors of the share of rows and of pairs that go on, which it is on average mean in a row."""
    rows = 2000
    places = draw_rows(rows, 1000, 99, geometric_pieces(mean))
    goes_on = places[:, 1:] == (places[:, :-1] + 1) % rows
    stay = 1.0 - 1.0 / mean
    expected = stay + (1.0 - stay) / rows
    assert goes_on.mean() == pytest.approx(expected, abs=4 * (stay * (1 - stay) / goes_on.size) ** 0.5)
    pairs = (goes_on[:, 1:] & goes_on[:, :-1]).mean()
    spread = expected**2 * (1 - expected**2)
    assert pairs == pytest.approx(expected**2, abs=4 * (3 * spread / goes_on.size) ** 0.5)


def test_every_row_is_equally_likely():
    """Chi-square of 1,000,000 places in 100 cells: within 5 of its standard deviations of its mean 99."""
    counts = np.bincount(draw_rows(100, 10000, 5, fixed_pieces(1)).ravel(), minlength=100)
    assert ((counts - 10000.0) ** 2 / 10000.0).sum() == pytest.approx(99.0, abs=5 * (2 * 99) ** 0.5)
