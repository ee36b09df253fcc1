"""The difference of two Sharpe ratios against the paper's formula written out, its size and its power."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.kernels.compiled._resample import draw_rows
from riskresearch.kernels.inference._pieces import fixed_pieces
from riskresearch.kernels.inference._sharpe_difference import PieceSums, difference_test, drawn_differences
from riskresearch.metrics import Bootstrap
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size

CIRCULAR = Bootstrap(0.9, draws=200, resampling="circular", block_length=4, rng=1)


def by_the_paper(ours, theirs, block):
    """Ledoit & Wolf (2008), section 3.1 and eq. 7: the four moments, the gradient, and block sums of y*."""
    rows = len(ours)
    blocks = rows // block
    mean_i, mean_n, square_i, square_n = ours.mean(), theirs.mean(), (ours**2).mean(), (theirs**2).mean()
    spread_i, spread_n = square_i - mean_i**2, square_n - mean_n**2
    gradient = np.array(
        [square_i / spread_i**1.5, -square_n / spread_n**1.5, -mean_i / spread_i**1.5 / 2, mean_n / spread_n**1.5 / 2]
    )
    y = np.stack([ours - mean_i, theirs - mean_n, ours**2 - square_i, theirs**2 - square_n])
    psi = np.zeros((4, 4))
    for number in range(blocks):
        zeta = y[:, number * block : (number + 1) * block].sum(axis=1) / block**0.5
        psi += np.outer(zeta, zeta) / blocks
    difference = ours.mean() / ours.std(ddof=1) - theirs.mean() / theirs.std(ddof=1)
    return difference, (gradient @ psi @ gradient / rows) ** 0.5


@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
@examples(30)
def test_each_draw_equals_the_formula_of_the_paper(seed, block):
    ours, theirs = 0.005 + fat_tailed(60, 2, seed).T
    places = draw_rows(60, 3, seed, fixed_pieces(block))
    found = drawn_differences(PieceSums(ours, block), PieceSums(theirs, block), places)
    expected = [by_the_paper(ours[place], theirs[place], block) for place in places]
    assert np.array(found).T == pytest.approx(np.array(expected), rel=1e-9)


@of_any_size
def test_equal_ratios_are_rejected_as_often_as_they_should_be():
    """1,000 pairs of 200 correlated normal rows, 10 % test: 4 binomial errors and 1.5 points for the sample size."""
    shared, one, other = np.random.default_rng(7).standard_normal((3, 200, 1000))
    values, rivals = 0.1 + 0.6 * shared + 0.8 * one, 0.1 + 0.6 * shared + 0.8 * other
    p_values = [
        metrics.sharpe_ratio_difference(ours, theirs, interval=CIRCULAR, periods_per_year=1).p_value
        for ours, theirs in zip(values.T, rivals.T, strict=True)
    ]
    assert np.mean(np.array(p_values) <= 0.1) == pytest.approx(0.1, abs=4 * (0.09 / 1000) ** 0.5 + 0.015)


def test_the_error_of_the_sample_is_made_of_block_sums_as_that_of_each_draw():
    ours, theirs = 0.005 + fat_tailed(60, 2, 5).T
    found = metrics.sharpe_ratio_difference(ours, theirs, interval=CIRCULAR, periods_per_year=1)
    assert (found.estimate, found.standard_error) == pytest.approx(by_the_paper(ours, theirs, 4), rel=1e-9)


def autocorrelated(coefficient, rows, pairs, seed):
    """Return AR(1) paths of equal Sharpe ratio, shape (2, rows, pairs), begun 200 rows before the first."""
    noise = np.random.default_rng(seed).standard_normal((2, rows + 200, pairs))
    for row in range(1, rows + 200):
        noise[:, row] += coefficient * noise[:, row - 1]
    return noise[:, 200:] + 0.1


@pytest.mark.parametrize(("coefficient", "limit"), [(0.0, 0.09), (0.6, 0.095), (0.9, 0.15)])
def test_equal_ratios_of_autocorrelated_returns_are_seldom_rejected(coefficient, limit):
    """400 pairs of 500 rows, 5 % test: 6.5, 6.8, 10.8 %; with a Newey-West error of the sample 5.5, 10.0, 28.2 %."""
    p_values = [
        difference_test(ours, theirs, sharpe(ours) - sharpe(theirs), 0.95, 300, 0.0, seed)[-1]
        for seed, (ours, theirs) in enumerate(np.moveaxis(autocorrelated(coefficient, 500, 400, 1), 2, 0))
    ]
    assert np.mean(np.array(p_values) <= 0.05) <= limit


def sharpe(values):
    return values.mean() / values.std(ddof=1)


@of_any_size
def test_a_large_difference_is_found_and_its_sign_turns_with_the_sides():
    ours, theirs = np.random.default_rng(3).standard_normal((2, 400)) + np.array([[0.4], [0.0]])
    found = metrics.sharpe_ratio_difference(ours, theirs, interval=CIRCULAR)
    turned = metrics.sharpe_ratio_difference(theirs, ours, interval=CIRCULAR)
    assert found.p_value == pytest.approx(1 / 201)
    assert found.lower > 0.0
    assert (turned.estimate, turned.lower) == pytest.approx((-found.estimate, -found.upper), rel=1e-9)
    assert "Ledoit & Wolf" in found.summary()
    assert "p_value" in found.to_frame()


def test_scale_does_not_matter():
    ours, theirs = 0.001 + fat_tailed(100, 2).T
    one = metrics.sharpe_ratio_difference(ours, theirs, interval=CIRCULAR)
    two = metrics.sharpe_ratio_difference(3.0 * ours, 0.5 * theirs, interval=CIRCULAR)
    assert (one.lower, one.upper, one.p_value) == pytest.approx((two.lower, two.upper, two.p_value), rel=1e-9)


def test_a_series_against_itself_has_no_interval():
    found = metrics.sharpe_ratio_difference(fat_tailed(20, 1)[:, 0], fat_tailed(20, 1)[:, 0], interval=CIRCULAR)
    assert found.estimate == 0.0
    assert np.isnan(found.p_value)


def test_other_resamplings_are_refused():
    with pytest.raises(InvalidInputError, match=r"resampling must be 'circular' .*, got 'stationary'"):
        metrics.sharpe_ratio_difference(np.ones(10), np.ones(10), interval=Bootstrap(resampling="stationary"))
    with pytest.raises(InvalidInputError, match=r"returns needs at least 8 rows, got 3"):
        metrics.sharpe_ratio_difference([0.1, 0.2, 0.0], [0.1, 0.2, 0.0])
