"""The rank of VaR is counted on the decimal level, not on its binary neighbour."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels._ranks import tail_rank
from tests.reference import published


@pytest.mark.parametrize(("level", "rows", "rank", "_"), published.RANK_TRAPS)
def test_traps_of_binary_rounding_are_avoided(level, rows, rank, _):
    assert tail_rank(level, rows)[0] == rows - rank + 1


@pytest.mark.parametrize(
    ("level", "rows", "count", "mass"),
    [(0.95, 20, 2, 1.0), (0.95, 100, 6, 5.0), (0.9, 25, 3, 2.5), (0.99, 50, 1, 0.5), (0.975, 250, 7, 6.25)],
)
def test_ranks_by_hand(level, rows, count, mass):
    assert tail_rank(level, rows) == (count, mass)


@given(st.integers(501, 999), st.integers(1, 5000))
def test_levels_in_thousandths_are_counted_as_on_paper(thousandths, rows):
    count, mass = tail_rank(thousandths / 1000, rows)
    assert count == rows - -(-thousandths * rows // 1000) + 1
    assert mass == (1000 - thousandths) * rows / 1000


@given(st.floats(0.5, 1.0, exclude_min=True, exclude_max=True), st.integers(1, 10**7))
def test_every_level_leaves_a_rank_and_a_mass_that_fit(level, rows):
    count, mass = tail_rank(level, rows)
    assert 1 <= count <= rows
    assert mass > 0.0
    assert count - 1 <= mass <= count
    exact = Fraction(Decimal(repr(level))) * rows
    assert count == rows - math.ceil(exact) + 1
    assert mass == float(rows - exact)
