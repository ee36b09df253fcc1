"""Halts against chance: exact in small, uniform without skill, and strict when many sets were tried."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from riskresearch.backtest import halt_significance
from riskresearch.backtest._halt_significance import runs_of
from riskresearch.core import InvalidInputError
from riskresearch.kernels import _breaker_chance
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED
from tests.samples import fat_tailed, of_any_size


def by_hand(returns, exposure, cost):
    """Return final wealth and worst drawdown in NumPy, from the definition."""
    net = exposure * returns - cost * np.abs(np.diff(exposure, prepend=1.0))
    wealth = np.cumprod(1.0 + net)
    peak = np.maximum.accumulate(np.maximum(wealth, 1.0))
    return wealth[-1], ((peak - wealth) / peak).max()


def halted(rows, first, length, fraction=0.0):
    exposure = np.ones(rows)
    exposure[first : first + length] = fraction
    return exposure


@given(
    st.integers(10, 40),
    st.integers(0, 8),
    st.integers(1, 6),
    st.sampled_from([0.0, 0.25]),
    st.sampled_from([0.0, 0.002]),
)
@examples(30)
def test_all_shifts_are_those_of_numpy(rows, first, length, fraction, cost):
    returns = fat_tailed(rows, 1, seed=rows)[:, 0]
    exposure = halted(rows, min(first, rows - length), length, fraction)
    found = halt_significance(returns, exposure, costs=cost, draws=2000, rng=1)
    expected = [by_hand(returns, np.roll(exposure, -shift), cost) for shift in range(1, rows)]
    np.testing.assert_allclose(found.shift, expected, rtol=1e-12)
    np.testing.assert_allclose((found.wealth, found.drawdown), by_hand(returns, exposure, cost), rtol=1e-12)
    better = sum(wealth >= found.wealth for wealth, _ in found.shift)
    assert found.p_value(corrected=False) == (1 + better) / rows


def test_placements_reach_every_arrangement_equally_often():
    """Two halts of 1 and 2 of 10 bars: 9 choose 2 places times 2 orders are 72 arrangements, told apart by wealth."""
    returns = np.log1p(2.0 ** np.arange(10)) / 10.0
    exposure = np.ones(10)
    exposure[[1, 5, 6]] = 0.0
    found = halt_significance(returns, exposure, draws=20_000, rng=3)
    wealth, counts = np.unique(found.placement[:, 0].round(9), return_counts=True)
    free = 7
    slots = list(combinations(range(free + 2), 2))
    assert len(slots) == 36
    arrangements = set()
    for one, two in slots:
        for lengths in ((1, 2), (2, 1)):
            path = np.ones(10)
            path[one : one + lengths[0]] = 0.0
            start = two - 1 + lengths[0]
            path[start : start + lengths[1]] = 0.0
            arrangements.add(round(by_hand(returns, path, 0.0)[0], 9))
    assert set(wealth) == arrangements
    # Arrangements in which the halts touch are the same path twice, so compare by path: no count is far off its share.
    assert counts.min() > 20_000 / 72 * 0.7
    assert counts.max() < 20_000 / 72 * 2 * 1.3


def test_the_kernel_has_the_bits_of_plain_python():
    returns, source = fat_tailed(70, 1)[:, 0], np.r_[halted(70, 20, 10, 0.3), halted(70, 20, 10, 0.3)]
    offsets = np.arange(0, 70, dtype=np.int64)
    fast = _breaker_chance.outcomes(returns, source, offsets, 0.001)
    slow = UNCOMPILED["_breaker_chance"].outcomes(returns, source, offsets, 0.001)
    assert np.array_equal(fast.view(np.int64), slow.view(np.int64))


def test_halts_that_knew_the_future_are_significant_and_trials_take_it_back():
    returns = fat_tailed(600, 1, seed=2)[:, 0]
    exposure = np.where(returns < np.quantile(returns, 0.05), 0.0, 1.0)
    one = halt_significance(returns, exposure, draws=1000, rng=1)
    assert one.p_value() <= 0.002
    assert "Better than chance at 5% in wealth and drawdown" in one.verdict()
    many = halt_significance(returns, exposure, draws=1000, trials=1000, rng=1)
    assert many.p_value() > 0.5
    assert many.p_value(corrected=False) == one.p_value()
    assert many.p_value() == pytest.approx(1.0 - (1.0 - one.p_value()) ** 1000)


def test_without_skill_p_values_are_uniform():
    """Halts placed at random over independent returns: 300 p-values against the uniform law."""
    rng = np.random.default_rng(5)
    found = []
    for number in range(300):
        returns = rng.normal(0.0, 0.01, 120)
        exposure = halted(120, int(rng.integers(0, 110)), 10)
        found.append(halt_significance(returns, exposure, draws=119, rng=number).p_value(corrected=False))
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_the_mean_difference_has_its_interval():
    returns = fat_tailed(500, 1, seed=8)[:, 0]
    found = halt_significance(returns, halted(500, 100, 50), costs=0.001, rng=4)
    difference = -returns[100:150].sum() / 500 - 0.002 / 500
    assert found.difference.estimate == pytest.approx(difference, rel=1e-9)
    assert found.difference.lower < difference < found.difference.upper


def test_equal_time_out_is_a_constant_exposure():
    returns = fat_tailed(100, 1)[:, 0]
    found = halt_significance(returns, halted(100, 10, 25), rng=1)
    assert found.wealth_equal == pytest.approx(np.prod(1.0 + 0.75 * returns))
    assert found.time_out == 0.25


def test_the_seed_repeats_every_bit_and_is_told():
    returns, exposure = fat_tailed(3000, 1)[:, 0], halted(3000, 100, 60)
    fresh = halt_significance(returns, exposure, draws=50)
    again = halt_significance(returns, exposure, draws=50, rng=fresh.seed)
    assert np.array_equal(fresh.shift, again.shift)
    assert np.array_equal(fresh.placement, again.placement)
    assert fresh.difference.lower == again.difference.lower
    assert len(np.unique(fresh.shift[:, 0])) > 40


def test_nothing_halted_is_nothing_to_judge():
    found = halt_significance(fat_tailed(50, 1)[:, 0], np.ones(50), rng=1)
    assert math.isnan(found.p_value())
    assert found.summary() == "Nothing was halted: there is nothing to judge."
    assert found.difference is None


def test_results_speak():
    found = halt_significance(fat_tailed(200, 1)[:, 0], halted(200, 20, 30), trials=5, rng=1)
    assert found.summary().startswith(found.verdict())
    assert "corrected" in found.summary()
    assert found.to_frame().shape == (4, 6)
    assert "<table" in found._repr_html_()
    assert repr(found).startswith("HaltSignificance(wealth p=")
    assert found.plot().patches


def test_runs_are_first_and_last_bars():
    assert runs_of(np.array([0.0, 1.0, 0.5, 0.0, 1.0, 0.0])) == [(0, 1), (2, 4), (5, 6)]


@of_any_size
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"exposure": np.ones(9)}, "exposure must have the 20 rows|at least 10 rows"),
        ({"exposure": np.ones(19)}, "exposure must have the 20 rows of returns, got 19"),
        ({"costs": -1.0}, "costs must not be negative"),
        ({"draws": 0}, "draws must be a whole number"),
        ({"trials": 0}, "trials must be a whole number"),
        ({"rng": -1}, "rng must be a whole number"),
        ({"returns": np.ones((20, 2))}, "returns must be one series, got 2 columns"),
    ],
)
def test_mistakes_are_named(options, message):
    arguments = {"returns": np.full(20, 0.01), "exposure": np.ones(20), **options}
    with pytest.raises(InvalidInputError, match=message):
        halt_significance(arguments.pop("returns"), arguments.pop("exposure"), **arguments)


def test_unknown_measures_are_named():
    found = halt_significance(np.full(20, 0.01), np.ones(20), rng=1)
    with pytest.raises(InvalidInputError, match="measure must be wealth or drawdown"):
        found.p_value("return")
