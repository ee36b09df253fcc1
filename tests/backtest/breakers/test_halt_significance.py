"""Halts against chance: exact in small, uniform without skill, and strict when many sets were tried."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from riskresearch.backtest import backtest_breakers, halt_significance
from riskresearch.backtest.breakers._significance import runs_of
from riskresearch.breakers import VolatilityBreaker
from riskresearch.core import InvalidInputError
from riskresearch.kernels.compiled import _breaker_chance
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
    assert "Better than chance at 95% in wealth and drawdown" in one.verdict()
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


@given(st.integers(0, 30), st.sampled_from([0.1, 0.05, 0.01, 0.005]), st.integers(1, 50), st.integers(0, 2**32 - 1))
@examples(40)
def test_a_verdict_follows_the_p_values_and_its_significance_and_never_few_halts(halts, significance, trials, seed):
    rng = np.random.default_rng(seed)
    exposure = np.ones(200)
    exposure[6 * np.arange(halts) + 3] = 0.0
    skill = rng.choice([0.0, 0.01, 0.05])
    found = halt_significance(rng.normal(0.0, 0.01, 200) + skill * (exposure - 1.0), exposure, trials=trials, rng=1)
    said, wealth, drawdown, timing = found.verdict(significance), *map(found.p_value, ("wealth", "drawdown", "timing"))
    # The best of `trials` sets in which each halt helps with a chance of one half, by hand.
    by_luck = 1.0 - (1.0 - 0.5**halts) ** trials
    if halts == 0:
        assert said.startswith("Nothing was halted")
    elif by_luck > significance:
        assert said.startswith(
            f"Too few halts to say: {halts}, and a verdict at {100 * (1.0 - significance):g}% takes "
        )
        assert halts < found.min_halts(significance)
    elif 1.0 - (1.0 - 1.0 / 200) ** trials > significance * (1.0 + 1e-9):  # one set: 1 / 200 is exactly 0.005
        assert said.startswith("Too few random halts to say: 199, ")
    else:
        skilled, shallow = max(wealth, timing) <= significance, drawdown <= significance
        assert said.startswith("Better than chance") == skilled
        assert ("and drawdown" in said) == (skilled and shallow)
        assert ("shallower in drawdown" in said) == (shallow and not skilled)
        assert f" at {100 * (1.0 - significance):g}%" in said


@pytest.mark.parametrize(("trials", "fewest"), [(1, 5), (20, 9), (100, 11)])
def test_the_min_halts_are_those_of_fair_coins(trials, fewest):
    """By hand: 0.5 ** 5 = 0.031 <= 0.05 < 0.5 ** 4; 1 - 0.95 ** (1 / trials) is 0.0026 of 20 sets, 0.0005 of 100."""
    found = halt_significance(np.full(20, 0.01), np.ones(20), trials=trials, rng=1)
    assert found.min_halts() == fewest
    assert 1.0 - (1.0 - 0.5**fewest) ** trials <= 0.05 < 1.0 - (1.0 - 0.5 ** (fewest - 1)) ** trials


@pytest.mark.parametrize("confidence", [0.95, 0.5, 0.0, -0.05, math.nan, "5%"])
def test_a_confidence_level_is_no_significance(confidence):
    found = halt_significance(fat_tailed(50, 1)[:, 0], halted(50, 10, 5), rng=1)
    with pytest.raises(InvalidInputError, match="significance must be"):
        found.verdict(confidence)


def test_noise_with_a_large_p_value_is_better_than_chance_at_no_significance():
    """`level=0.95` read as a significance once called halts with p = 0.77 better than chance: no number does now."""
    rng = np.random.default_rng(8)
    exposure = np.ones(200)
    exposure[rng.choice(200, 20, replace=False)] = 0.0
    found = next(
        found
        for seed in range(50)
        if (found := halt_significance(np.random.default_rng(seed).normal(0.0, 0.01, 200), exposure, rng=1)).p_value()
        > 0.7
    )
    for significance in (0.001, 0.05, 0.3, 0.499):
        assert not found.verdict(significance).startswith("Better than chance")


@given(st.integers(10, 40), st.integers(0, 8), st.integers(1, 6), st.sampled_from([0.0, 0.25]))
@examples(20)
def test_timing_is_the_gain_over_equal_time_out_in_its_own_noise(rows, first, length, fraction):
    returns = fat_tailed(rows, 1, seed=rows)[:, 0]
    exposure = halted(rows, min(first, rows - length), length, fraction)
    found = halt_significance(returns, exposure, rng=1)
    gain = (exposure * returns).sum() - exposure.mean() * returns.sum()
    noise = np.sqrt((((exposure - 1.0) * (returns - returns.mean())) ** 2).sum())
    assert found.timing == pytest.approx(gain / noise, rel=1e-9, abs=1e-9)
    assert found.p_value("timing", corrected=False) == (1 + (found.shift_timing >= found.timing).sum()) / rows


def garch(rows, rng):
    """Return normal returns without drift with a GARCH(1, 1) variance (0.09, 0.90), 1 % a row on average."""
    variance, returns = 1e-4, np.empty(rows)
    for row, shock in enumerate(rng.normal(size=rows)):
        returns[row] = math.sqrt(variance) * shock
        variance = 1e-6 + 0.09 * returns[row] ** 2 + 0.90 * variance
    return returns


def test_halts_that_follow_volatility_are_not_taken_for_skill():
    """Of 200 histories without drift the p-value of wealth is below 10 % far too often, that of timing is not.

    Of 2,152 such histories of 1,500 rows in all, with three volatility breakers, 3.8 to 5.6 % had a p-value of timing
    of 5 % or less, and 8.4 to 9.8 % of 10 % or less; of wealth 11 to 16 % and 19 to 26 %.
    """
    rng, wealth, timing = np.random.default_rng(17), [], []
    for number in range(200):
        returns = garch(800, rng)
        found = backtest_breakers(returns, VolatilityBreaker(0.20, cooldown=10), draws=200, rng=number).significance
        if found.halts >= 5:
            wealth.append(found.p_value(corrected=False) <= 0.1)
            timing.append(found.p_value("timing", corrected=False) <= 0.1)
    assert len(timing) > 100
    assert stats.binomtest(sum(wealth), len(wealth), 0.1, alternative="greater").pvalue < 1e-3
    assert stats.binomtest(sum(timing), len(timing), 0.1).pvalue > 0.05


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
    assert found.time_halted == 0.25


def test_the_seed_repeats_every_bit_and_is_told():
    returns, exposure = fat_tailed(3000, 1)[:, 0], halted(3000, 100, 60)
    fresh = halt_significance(returns, exposure, draws=50, rng=None)
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
