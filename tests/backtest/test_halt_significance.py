"""Halts at other times: against loops written out, against chance, and against the survey's own run."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from riskresearch import backtest, datasets, metrics
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._halts import exposure_outcomes
from riskresearch.kernels._placements import draw_shifts, find_halts, place_halts, shifted_outcomes
from tests.kernels.uncompiled import UNCOMPILED
from tests.samples import fat_tailed

PATHS = st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.0]), min_size=3, max_size=40).filter(
    lambda path: min(path) < 1.0 and max(path) == 1.0
)


def by_hand(returns, exposure, cost):
    wealth = peak = 1.0
    worst, held = 0.0, exposure[0]
    for move, now in zip(returns, exposure, strict=True):
        wealth *= 1.0 + now * move - cost * abs(now - held)
        peak = max(peak, wealth)
        worst = max(worst, (peak - wealth) / peak)
        held = now
    return wealth, worst


@given(PATHS, st.integers(0, 5), st.sampled_from([0.0, 0.001]))
@settings(max_examples=60)
def test_every_shift_is_the_loop_written_out_with_the_rolled_path(path, seed, cost):
    exposure, returns = np.array(path), fat_tailed(len(path), 1, seed)[:, 0]
    shifts = np.arange(1, len(path))
    ends, falls = shifted_outcomes(returns, exposure, shifts, cost)
    for number, shift in enumerate(shifts):
        assert (ends[number], falls[number]) == by_hand(returns, np.roll(exposure, shift), cost)


@given(PATHS, st.integers(0, 5))
@settings(max_examples=40)
def test_compiled_and_uncompiled_outcomes_have_the_same_bits(path, seed):
    exposure, returns = np.array(path), fat_tailed(len(path), 1, seed)[:, 0]
    twice, starts = np.concatenate([exposure, exposure]), np.arange(len(path), dtype=np.longlong)
    plain = UNCOMPILED["_halts"].exposure_outcomes(returns, twice, starts, 0.001)
    for ours, theirs in zip(exposure_outcomes(returns, twice, starts, 0.001), plain, strict=True):
        assert np.array_equal(ours, theirs)


def test_held_throughout_is_growth_and_the_drawdown_of_the_metrics():
    returns = fat_tailed(500, 1)[:, 0]
    ends, falls = exposure_outcomes(returns, np.ones(500), np.zeros(1, dtype=np.longlong), 0.0)
    assert falls[0] == metrics.max_drawdown(returns)
    assert ends[0] == metrics.wealth_index(returns)[-1]


@given(PATHS, st.integers(0, 1000))
@settings(max_examples=100)
def test_placed_halts_keep_number_lengths_and_depths(path, seed):
    exposure = np.array(path)
    halts = find_halts(exposure)
    placed = place_halts(exposure, halts, np.random.default_rng(seed))
    again = find_halts(placed)

    def contents(values, found):
        return sorted(
            tuple(values[first : first + length]) for first, length in zip(found.first, found.lengths, strict=True)
        )

    assert contents(placed, again) == contents(exposure, halts)


def test_every_place_is_as_likely():
    """One halt of 2 rows in 6 has five places; two single rows in 5 that do not touch have six."""
    for path, ways in (([0, 0, 1, 1, 1, 1], 5), ([0, 1, 0, 1, 1], 6)):
        exposure = np.array(path, dtype=float)
        rng = np.random.default_rng(3)
        placed = [tuple(place_halts(exposure, find_halts(exposure), rng)) for _ in range(6000)]
        _, counts = np.unique(placed, axis=0, return_counts=True)
        assert len(counts) == ways
        # chi-squared, 99.9 % quantile for 4 and 5 degrees of freedom: 18.5 and 20.5 (any table)
        expected = 6000 / ways
        assert ((counts - expected) ** 2 / expected).sum() < 18.0


def test_all_shifts_are_taken_where_they_are_few_and_none_twice():
    rng = np.random.default_rng(0)
    assert draw_shifts(6, 99, rng).tolist() == [1, 2, 3, 4, 5]
    some = draw_shifts(1000, 99, rng)
    assert len(set(some.tolist())) == 99
    assert some.min() >= 1
    assert some.max() <= 999


def drawdown_halts(returns, limit, cooldown):
    """Leave after a fall of `limit` from the peak, stay away `cooldown` bars, begin with a new peak."""
    wealth = peak = 1.0
    left, trips, exposure = 0, 0, np.ones(len(returns))
    for row, move in enumerate(returns):
        if left:
            exposure[row] = 0.0
            left -= 1
            if left == 0:
                peak = wealth
            continue
        wealth *= 1.0 + move
        peak = max(peak, wealth)
        if (peak - wealth) / peak >= limit:
            left, trips = cooldown, trips + 1
    return exposure, trips


# Field survey of November 2026 (sizing, limits, breakers, section 3): S&P 500 closes 1990-2022, 2,000 circular shifts.
SURVEY = [
    (0.10, 20, 34, 9.94, 0.28, 0.545, 0.31),
    (0.10, 60, 26, 6.34, 0.56, 0.476, 0.12),
    (0.20, 60, 8, 6.51, 0.97, 0.518, 0.10),
    (0.05, 10, 121, 3.31, 0.995, 0.529, 0.36),
]


@pytest.mark.parametrize(("limit", "cooldown", "trips", "growth", "p_growth", "drawdown", "p_drawdown"), SURVEY)
def test_the_survey_of_the_field_is_reproduced(limit, cooldown, trips, growth, p_growth, drawdown, p_drawdown):
    closes = datasets.load("index_sp500").loc["1990":"2022", "close"]
    returns = metrics.simple_returns(closes)
    exposure, found = drawdown_halts(returns.to_numpy(), limit, cooldown)
    result = backtest.halt_significance(returns, pd.Series(exposure, returns.index), rng=1)
    assert found == trips
    assert result.growth == pytest.approx(growth, abs=0.006)
    # The survey cut at a tenth of a per cent: -54.5 % where we have 54.59 %.
    assert result.drawdown == pytest.approx(drawdown, abs=0.001)
    # Another sample of 2,000 shifts of 8,312: three standard errors are at most 0.034.
    assert result.p_growth[0] == pytest.approx(p_growth, abs=0.035)
    assert result.p_drawdown[0] == pytest.approx(p_drawdown, abs=0.035)
    assert result.growth_held == pytest.approx(10.52, abs=0.1)
    assert result.drawdown_held == pytest.approx(0.568, abs=0.0006)


def test_p_values_of_halts_drawn_by_chance_are_uniform():
    """Halts placed by lot: the p-value is at most u in a share u of cases, within sampling error of 200 cases."""
    rng = np.random.default_rng(11)
    shares = []
    for seed in range(200):
        returns = fat_tailed(120, 1, seed)[:, 0]
        exposure = np.ones(120)
        start = rng.integers(0, 100)
        exposure[start : start + 20] = 0.0
        shares.append(backtest.halt_significance(returns, exposure, draws=99, rng=seed).p_growth)
    for kind in range(2):
        found = np.sort([pair[kind] for pair in shares])
        distance = np.abs(found - (np.arange(200) + 0.5) / 200).max()
        assert distance < 1.63 / np.sqrt(200)  # Kolmogorov, 1 %


def test_halts_that_know_the_future_are_found_out_and_trials_cost():
    returns = fat_tailed(400, 1)[:, 0]
    exposure = np.where(returns < np.quantile(returns, 0.1), 0.0, 1.0)
    result = backtest.halt_significance(returns, exposure, rng=1, trials=20)
    assert max(result.p_growth) < 0.01
    assert result.gain_lower > 0.0
    assert result.p_growth_corrected[0] == pytest.approx(1.0 - (1.0 - result.p_growth[0]) ** 20)
    assert result.p_growth_corrected[0] > 5 * result.p_growth[0]


def test_best_of_many_sets_is_no_surprise():
    returns = fat_tailed(600, 1)[:, 0]
    rng = np.random.default_rng(5)
    sets = np.ones((600, 50))
    for column in range(50):
        start = rng.integers(0, 560)
        sets[start : start + 40, column] = 0.0
    growth = [backtest.halt_significance(returns, sets[:, c], draws=99, rng=1).growth for c in range(50)]
    alone = backtest.halt_significance(returns, sets[:, int(np.argmax(growth))], rng=1).p_growth[0]
    assert alone < 0.06
    assert backtest.best_set_p_value(returns, sets) > max(0.2, 3.0 * alone)
    one = backtest.best_set_p_value(returns, sets[:, :1], draws=599)
    assert one == pytest.approx(backtest.halt_significance(returns, sets[:, 0], draws=599, rng=1).p_growth[0])


def test_the_draws_repeat_with_the_seed_and_costs_hurt():
    returns = pd.Series(fat_tailed(300, 1)[:, 0], pd.bdate_range("2020-01-01", periods=300))
    exposure = np.ones(300)
    exposure[50:60] = exposure[100:130] = 0.0
    free = backtest.halt_significance(returns, exposure)
    assert backtest.halt_significance(returns, exposure, rng=free.seed) == free
    dear = backtest.halt_significance(returns, exposure, cost=0.01, rng=free.seed)
    assert dear.growth == pytest.approx(free.growth * 0.99**4, rel=1e-3)
    assert dear.p_growth == pytest.approx(free.p_growth, abs=0.1)
    assert free.summary().index("Share of random halts") < free.summary().index("Growth of 1")
    assert repr(free).startswith("HaltSignificance(2 halts")
    assert list(free.p_values().columns) == ["growth", "growth_corrected", "drawdown", "drawdown_corrected"]
    assert free.to_frame().loc["held", "growth"] == free.growth_held
    widths = [bar.get_width() for bar in free.plot().patches]
    assert sorted(widths) == pytest.approx(sorted(100.0 * p for p in free.p_growth + free.p_drawdown))


@pytest.mark.parametrize(
    ("exposure", "options", "text"),
    [
        ([1, 1, 1], {}, "there is no halt to move elsewhere"),
        ([0, 0, 0], {}, "there is no halt to move elsewhere"),
        ([1, 0], {}, "exposure must have the rows of returns, got 2 for 3"),
        ([1, 2, 0], {}, r"exposure must be in \[0, 1\], got 0 to 2"),
        ([1, 0, 1], {"cost": -0.1}, "cost must not be negative, got -0.1"),
        ([1, 0, 1], {"draws": 5}, "draws must be a whole number of at least 99, got 5"),
        ([1, 0, 1], {"trials": 0}, "trials must be"),
    ],
)
def test_bad_input_is_named(exposure, options, text):
    with pytest.raises(InvalidInputError, match=text):
        backtest.halt_significance([0.01, -0.02, 0.01], exposure, **options)


def test_two_portfolios_are_not_pooled():
    with pytest.raises(InvalidInputError, match="returns must be of one portfolio, got 2 columns"):
        backtest.halt_significance(np.zeros((3, 2)), [1, 0, 1])
