"""White's reality check and Hansen's SPA test: against arch, against loops, and over many samples without skill."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from riskresearch.backtest import reality_check, superior_predictive_ability
from riskresearch.backtest.selection._superiority import SCALES
from riskresearch.core import InvalidInputError
from riskresearch.kernels.compiled._resample import draw_rows
from riskresearch.kernels.inference._bootstrap import make_plan
from riskresearch.kernels.inference._superiority import (
    drawn_statistics,
    equal_volatility_effects,
    model_draws,
    plan_counts,
    stationary_variance,
)
from riskresearch.plots import blank_axes
from tests.examples import examples
from tests.reference.superiority import BLOCK, DRAWS, panel
from tests.samples import of_any_size

ARCH = json.loads((Path(__file__).parents[2] / "reference" / "superiority.out").read_text())
SHARES = ("p_lower", "p_value", "p_upper")


def models(rows=120, columns=5, seed=1):
    return np.random.default_rng(seed).normal(0.0, 0.01, (rows, columns))


def assert_within_monte_carlo_error(ours, theirs):
    """Both are shares of 20,000 draws of their own: four standard deviations of the difference."""
    for one, other in zip(ours, theirs, strict=True):
        assert abs(one - other) < 4.0 * np.sqrt(2.0 * other * (1.0 - other) / DRAWS) + 1.0 / DRAWS


# --- reference: arch 8.0 on the same models (tests/reference/superiority.out)


def test_deviations_and_who_is_significantly_worse_are_archs():
    counts = plan_counts(250, make_plan(250, 100, "stationary", BLOCK, 1))
    drawn = [model_draws(np.ascontiguousarray(column), counts, BLOCK) for column in panel().T]
    assert [model.deviation**2 for model in drawn] == pytest.approx(ARCH["variance"], rel=1e-12)
    # A model that is significantly worse keeps its mean in the consistent draws, so they differ from the upper ones.
    kept = [drawn_statistics(model, 250, studentized=True) for model in drawn]
    assert [bool(np.array_equal(row[1], row[2])) for row in kept] == ARCH["valid"]


def test_hansens_p_values_are_archs():
    plain = superior_predictive_ability(panel(), studentized=False, block_length=BLOCK, draws=DRAWS, rng=5)
    assert_within_monte_carlo_error([getattr(plain, name) for name in SHARES], ARCH["plain"].values())
    studentized = superior_predictive_ability(panel(), block_length=BLOCK, draws=DRAWS, rng=5)
    assert_within_monte_carlo_error([getattr(studentized, name) for name in SHARES], ARCH["studentized"].values())
    means = panel().mean(axis=0)
    assert plain.statistic == pytest.approx(250**0.5 * means.max(), rel=1e-12)
    ratios = means / np.sqrt(ARCH["variance"])
    assert studentized.statistic == pytest.approx(250**0.5 * ratios.max(), rel=1e-12)
    assert studentized.best == str(ratios.argmax())


def test_whites_p_value_is_the_upper_one_of_models_that_are_not_studentised():
    found = reality_check(panel(), block_length=BLOCK, draws=DRAWS, rng=5)
    assert_within_monte_carlo_error([found.p_value], [ARCH["plain"]["upper"]])
    assert found.p_lower == found.p_value == found.p_upper


# --- reference: the definitions, draw by draw


@pytest.mark.parametrize("studentized", [True, False])
def test_p_values_are_those_of_the_rows_that_are_drawn(studentized):
    values = models() + np.array([0.002, -0.001, 0.0, 0.001, -0.006])
    rows = values.shape[0]
    plan = make_plan(rows, 500, "stationary", 4.0, 9)
    places = np.concatenate(
        [draw_rows(rows, n, key, plan.pieces) for n, key in zip((256, 244), plan.keys, strict=True)]
    )
    means = values.mean(axis=0)
    scale = [stationary_variance(column - column.mean(), 4.0) ** 0.5 for column in values.T]
    limit = -np.array(scale) * np.sqrt(2.0 * np.log(np.log(rows)) / rows)
    divisor = np.array(scale) if studentized else 1.0
    best = np.max(np.sqrt(rows) * means / divisor)
    expected = []
    for centre in (np.maximum(means, 0.0), np.where(means >= limit, means, 0.0), means):
        drawn = (np.sqrt(rows) * (values[places].mean(axis=1) - centre) / divisor).max(axis=1)
        expected.append((1.0 + np.sum(np.maximum(drawn, 0.0) >= best)) / 501.0)
    found = superior_predictive_ability(values, studentized=studentized, block_length=4, draws=500, rng=9)
    assert [found.p_lower, found.p_value, found.p_upper] == pytest.approx(expected, rel=1e-12)


@given(st.integers(2, 40), st.floats(1.0, 30.0), st.integers(0, 99))
@examples(30)
def test_the_stationary_variance_is_that_of_many_draws(rows, length, seed):
    """The exact formula of Politis & Romano (1994) against weights of all pairs of rows, added one by one."""
    values = np.random.default_rng(seed).normal(size=rows)
    values -= values.mean()
    stay = 1.0 - 1.0 / length
    total = values @ values
    for lag in range(1, rows):
        total += 2.0 * (1.0 - lag / rows) * stay**lag * (values @ np.roll(values, lag))
    assert stationary_variance(values, length) == pytest.approx(total / rows, rel=1e-9, abs=1e-12)


# --- properties


def test_p_values_are_uniform_where_no_model_has_skill():
    """200 samples of 4 models: the share of p-values up to 0.1, 0.5 and 0.9, within 3.3 binomial deviations."""
    found = [
        [
            reality_check(values, block_length=1, draws=199, rng=1).p_value,
            superior_predictive_ability(values, block_length=1, draws=199, rng=1).p_upper,
        ]
        for values in (models(80, 4, seed) for seed in range(200))
    ]
    for p_values in np.array(found).T:
        for level in (0.1, 0.5, 0.9):
            assert abs(np.mean(p_values <= level) - level) < 3.3 * np.sqrt(level * (1.0 - level) / 200)


def test_a_true_edge_is_found_and_many_poor_models_weaken_only_white():
    edge = models(400, 1, 7) + 0.0025
    poor = 5.0 * models(400, 60, 8) - 0.02
    together = np.hstack([edge, poor])
    assert superior_predictive_ability(together, rng=1).p_value < 0.05
    assert reality_check(together, rng=1).p_value > 0.5


@of_any_size
@given(st.integers(0, 50), st.floats(0.01, 100.0))
@examples(20)
def test_bounds_hold_and_neither_order_nor_scale_of_the_models_matters(seed, factor):
    values = models(60, 6, seed)
    found = superior_predictive_ability(values, block_length=3, draws=100, rng=4)
    assert 0.0 < found.p_lower <= found.p_value <= found.p_upper <= 1.0
    turned = superior_predictive_ability(values[:, ::-1], block_length=3, draws=100, rng=4)
    assert [getattr(turned, name) for name in SHARES] == [getattr(found, name) for name in SHARES]
    scales = factor ** np.arange(6)
    scaled = superior_predictive_ability(values * scales, block_length=3, draws=100, rng=4)
    assert scaled.statistic == pytest.approx(found.statistic, rel=1e-9)


def numbers(found):
    """Return all of a result but the words for its benchmark."""
    return dataclasses.replace(found, benchmark="", scale="")


def test_the_benchmark_is_subtracted():
    frame = pd.DataFrame(models(), index=pd.bdate_range("2020-01-01", periods=120), columns=list("abcde"))
    market = frame["e"] * 0.5
    options = {"block_length": 5, "draws": 200, "rng": 3}
    as_they_are = reality_check(frame, benchmark=market, scale="none", **options)
    assert numbers(as_they_are) == numbers(reality_check(frame.sub(market, axis=0), **options))
    assert numbers(reality_check(frame, benchmark=0.001, **options)) == numbers(reality_check(frame - 0.001, **options))


# --- equal volatility


@of_any_size
@pytest.mark.parametrize("test", [reality_check, superior_predictive_ability])
@given(st.lists(st.floats(0.01, 50.0), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
@examples(15)
def test_a_larger_position_in_the_benchmark_is_no_skill(test, factors, seed):
    market = np.random.default_rng(seed).normal(0.002, 0.01, 200)
    levered = market[:, None] * np.array(factors)
    found = test(levered, benchmark=market, draws=100, rng=1)
    assert (found.p_value, found.statistic, found.best) == (1.0, 0.0, "")


def test_leverage_was_skill_where_returns_are_compared_as_they_are():
    market = pd.Series(np.random.default_rng(1).normal(0.002, 0.01, 1000), name="index")
    levered = pd.DataFrame({"2x": 2.0 * market, "3x": 3.0 * market})
    for test in (reality_check, superior_predictive_ability):
        assert test(levered, benchmark=market, scale="none", rng=1).p_value < 0.01
        found = test(levered, benchmark=market, rng=1)
        assert found.p_value == 1.0
        assert (found.benchmark, found.scale) == ("index", "volatility")
        assert "than index, at its volatility" in found.conventions()


@of_any_size
@given(st.integers(0, 2**32 - 1), st.lists(st.floats(0.1, 20.0), min_size=4, max_size=4))
@examples(15)
def test_at_equal_volatility_the_size_of_no_position_matters(seed, factors):
    rng = np.random.default_rng(seed)
    market, trials = rng.normal(0.0005, 0.01, 150), rng.normal(0.001, 0.01, (150, 4))
    options = {"benchmark": market, "block_length": 4, "draws": 100, "rng": 2}
    one = superior_predictive_ability(trials, **options)
    other = superior_predictive_ability(trials * np.array(factors), **options)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-9, abs=1e-9)
    assert abs(one.p_value - other.p_value) <= 1.0 / 101 + 1e-12


def test_the_error_of_the_volatilities_is_that_of_the_delta_method():
    """The scaled mean less the benchmark's over 4,000 samples with a Sharpe ratio of 1 per row has that deviation."""
    rng, means, variances = np.random.default_rng(4), [], []
    for _ in range(4000):
        market, own = rng.normal(1.0, 1.0, 200), rng.normal(3.0, 3.0, 200)
        effects = equal_volatility_effects(own, market)
        means.append(effects.mean())
        variances.append(effects.var() / 200)
        assert effects.mean() == pytest.approx(own.mean() * market.std() / own.std() - market.mean(), abs=1e-12)
    # Without the terms of the two volatilities it would be a third less: 2 instead of 2 + 2 * 1 / 2.
    assert np.var(means) == pytest.approx(np.mean(variances), rel=0.1)
    assert np.mean(variances) == pytest.approx(3.0 / 200, rel=0.05)


def test_trials_and_benchmarks_that_never_move_are_compared_as_they_are():
    market, trials = models(200, 1, 3)[:, 0], np.column_stack([np.zeros(200), np.full(200, 1e-4), models(200, 1, 4)])
    options = {"block_length": 3, "draws": 100, "rng": 1}
    for test in (reality_check, superior_predictive_ability):
        assert np.isfinite(test(trials, benchmark=market, **options).p_value)
        bill = pd.Series(np.linspace(1e-4, 1.2e-4, 200), name="bill")
        found = test(trials, benchmark=bill, **options)
        assert numbers(found) == numbers(test(trials, benchmark=bill, scale="none", **options))
        assert found.conventions() == test(trials, benchmark=bill, scale="none", **options).conventions()
        assert "than bill, returns as they are" in found.conventions()
        assert "than a return of 0 per row, returns as they are" in test(trials, **options).conventions()


def test_at_equal_volatility_equal_sharpe_ratios_are_rejected_as_often_as_said():
    """120 samples of 4 trials with the benchmark's Sharpe ratio and 0.5 to 4 times its volatility, at 10 %."""
    rng, found = np.random.default_rng(8), []
    for number in range(120):
        market = rng.normal(0.0005, 0.005, 250)
        trials = np.array([0.5, 1.0, 2.0, 4.0]) * rng.normal(0.0005, 0.005, (250, 4))
        options = {"benchmark": market, "block_length": 1, "draws": 199, "rng": number}
        found.append([superior_predictive_ability(trials, scale=how, **options).p_upper for how in SCALES])
    scaled, plain = (np.array(found) <= 0.1).sum(axis=0)
    assert stats.binomtest(int(scaled), 120, 0.1).pvalue > 0.05
    assert plain > 2 * scaled


def test_the_seed_is_told_and_repeats_every_bit():
    fresh = superior_predictive_ability(models(), draws=100, rng=None)
    assert superior_predictive_ability(models(), draws=100, rng=fresh.seed) == fresh


# --- edges


def test_models_that_are_the_benchmark_are_never_better():
    found = superior_predictive_ability(np.zeros((50, 2)), draws=100, rng=1)
    assert (found.p_value, found.statistic, found.best) == (1.0, 0.0, "")
    mixed = superior_predictive_ability(np.column_stack([np.zeros(50), models(50, 1)]), draws=100, rng=1)
    alone = superior_predictive_ability(models(50, 1), draws=100, rng=1)
    assert mixed.p_value == alone.p_value


def test_where_nothing_beats_the_benchmark_p_is_one():
    for test in (reality_check, superior_predictive_ability):
        assert test(models() - 0.1, draws=100, rng=1).p_value == 1.0


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"draws": 10}, r"draws must be a whole number of at least 100, got 10"),
        ({"block_length": 0.5}, r"block_length must be at least 1 row, got 0\.5"),
        ({"benchmark": "SPY"}, r"benchmark must"),
        ({"benchmark": np.nan}, r"benchmark must be a finite number, got nan"),
        ({"benchmark": [0.0, 0.1]}, r"benchmark must have as many rows as returns, got 2 and 120"),
        ({"rng": -1}, r"rng must be a whole number of at least 0"),
        ({"scale": "sharpe"}, r"scale must be one of 'volatility', 'none', got 'sharpe'"),
    ],
)
@pytest.mark.parametrize("test", [reality_check, superior_predictive_ability])
def test_what_is_refused(test, options, text):
    with pytest.raises(InvalidInputError, match=text):
        test(models(), **options)


def test_missing_values_and_short_samples_are_refused():
    holed = models()
    holed[3, 1] = np.nan
    with pytest.raises(InvalidInputError, match=r"returns has 1 non-finite value, the first at row 3, column 1"):
        reality_check(holed)
    with pytest.raises(InvalidInputError, match=r"returns needs at least 8 rows, got 7"):
        superior_predictive_ability(models(7))


def test_the_result_speaks_the_common_language():
    found = superior_predictive_ability(models() + 0.001, draws=100, rng=1)
    assert found.summary().startswith(f"p-value  {found.p_value:.4f}  (between")
    assert "none of 5 trials" in found._repr_html_()
    assert found.to_frame().loc[found.best, "p_value"] == found.p_value
    assert repr(found) == f"SuperiorityTest(p_value={found.p_value:.4g}, statistic={found.statistic:.4g}, 5 trials)"
    assert len(found.plot(ax=blank_axes()).patches) == 3
