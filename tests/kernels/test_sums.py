"""Column sums against exactly rounded ones, and the same bits wherever the column stands."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from riskresearch.kernels.compiled._sums import column_sums
from tests.samples import fat_tailed

ORDINARY = st.floats(-1e6, 1e6, allow_subnormal=False)
MIXED = st.floats(-1e150, 1e150, allow_subnormal=False).map(lambda x: x if abs(x) > 1e-150 else 0.0)
UNIT_ROUNDOFF = 2.0**-53


@pytest.mark.parametrize(
    ("column", "total"),
    [
        ([1e16, 1.0, -1e16], 1.0),
        ([1.0, 1e100, 1.0, -1e100], 2.0),  # Neumaier's example, where Kahan's sum gives 0
        ([0.1] * 10, 1.0),
        ([0.1, 0.2, 0.3], 0.6),
        ([-0.0], 0.0),
        ([5e-324, 5e-324], 1e-323),
        ([1e308, 7e307, -1e308], 7e307),
    ],
)
def test_sums_by_hand_are_rounded_once(column, total):
    assert column_sums(np.array(column)[:, None])[0] == total


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 60), st.integers(1, 5)), elements=ORDINARY))
def test_ordinary_sums_are_within_an_ulp_of_the_exactly_rounded(values):
    for ours, column in zip(column_sums(values), values.T, strict=True):
        exact = math.fsum(column)
        bound = len(column) ** 2 * UNIT_ROUNDOFF**2 * math.fsum(np.abs(column))
        assert abs(ours - exact) <= math.ulp(exact) + bound


@given(hnp.arrays(np.float64, st.integers(1, 40), elements=MIXED))
def test_the_error_keeps_the_bound_of_ogita_rump_and_oishi(column):
    """Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26, 2005, corollary 4.5 of Sum2: u |s| + gamma(n-1)^2 sum |x|."""
    ours = Fraction(float(column_sums(column[:, None])[0]))
    exact = sum(map(Fraction, column.tolist()), Fraction(0))
    magnitude = sum((abs(Fraction(x)) for x in column.tolist()), Fraction(0))
    steps = len(column) - 1
    gamma = Fraction(steps * UNIT_ROUNDOFF) / (1 - Fraction(steps * UNIT_ROUNDOFF))
    assert abs(ours - exact) <= Fraction(UNIT_ROUNDOFF) * abs(exact) + gamma**2 * magnitude


def test_a_long_ill_conditioned_sum_is_right_where_plain_addition_is_not():
    small = np.random.default_rng(3).standard_normal(10_000) * 1e-3
    large = np.random.default_rng(4).standard_normal(10_000) * 1e6
    column = np.concatenate([large, small, -large[::-1]])
    exact = math.fsum(column)
    assert abs(column_sums(column[:, None])[0] - exact) <= 2 * math.ulp(exact)
    assert abs(np.cumsum(column)[-1] - exact) > 1000 * math.ulp(exact)


@pytest.mark.parametrize(
    "layout",
    [
        np.asfortranarray,
        lambda values: np.repeat(values, 2, axis=1)[:, ::2],
        lambda values: np.repeat(values, 2, axis=0)[::2],
        lambda values: values[::-1].copy()[::-1],
        lambda values: np.broadcast_to(values, values.shape),
    ],
    ids=["fortran", "columns apart", "rows apart", "reversed", "read-only"],
)
def test_the_memory_layout_is_irrelevant_to_the_last_bit(layout):
    values = fat_tailed(500, 7)
    assert np.array_equal(column_sums(layout(values)).view(np.int64), column_sums(values).view(np.int64))


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 6)), elements=ORDINARY))
def test_a_column_sums_to_the_same_bits_alone_and_among_others(values):
    alone = [column_sums(values[:, [column]])[0] for column in range(values.shape[1])]
    assert column_sums(values).tolist() == alone


def test_missing_values_stay_in_their_column():
    values = fat_tailed(20, 3)
    values[4, 1] = np.nan
    sums = column_sums(values)
    assert np.isnan(sums).tolist() == [False, True, False]
