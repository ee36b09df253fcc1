"""Entropic value at risk and expectiles against R, second methods, and the axioms of coherence."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import optimize, stats

from riskresearch.metrics import (
    conditional_value_at_risk,
    entropic_value_at_risk,
    expectile_value_at_risk,
    value_at_risk,
)  # fmt: skip
from tests.reference import published
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

BACON, MORE = published.BACON["portfolio"], published.MORE
MEASURES = (entropic_value_at_risk, expectile_value_at_risk)
SCALES = st.sampled_from([0.25, 0.5, 2.0, 8.0])


def relative(expected):
    """Expect a value that R printed with 15 digits."""
    return pytest.approx(expected, rel=1e-12)


def above(values):
    """Return what is not below `values`, but for rounding."""
    return values - 1e-12 * (np.abs(values) + 1e-3)


# --- reference values


@pytest.mark.parametrize("level", [0.6, 0.75, 0.9, 0.95])
def test_entropic_value_at_risk_equals_rs_minimum(level):
    assert entropic_value_at_risk(BACON, level=level) == relative(MORE[f"entropic value at risk {level}"])


@pytest.mark.parametrize("level", [0.6, 0.75, 0.9, 0.95, 0.99])
def test_expectile_equals_rs_root(level):
    assert expectile_value_at_risk(BACON, level=level) == relative(MORE[f"expectile {level}"])


@pytest.mark.parametrize("level", [0.6, 0.95, 0.99])
def test_entropic_value_at_risk_is_the_dual_maximum(level):
    """Its dual: the largest mean loss under weights whose relative entropy to 1 / n is at most -log(1 - level)."""
    returns = fat_tailed(300, 1, seed=3)[:, 0]
    budget = -np.log(1.0 - level)

    def tilted(logarithm):
        weights = np.exp(np.exp(logarithm) * (returns.min() - returns))
        weights /= weights.sum()
        entropy = np.sum(weights * np.log(np.maximum(weights * weights.size, 1e-300)))
        return float(weights @ -returns), float(entropy)

    best = optimize.brentq(lambda x: tilted(x)[1] - budget, -5.0, 12.0, xtol=1e-14)
    assert entropic_value_at_risk(returns, level=level) == pytest.approx(tilted(best)[0], rel=1e-9)


def test_entropic_value_at_risk_of_normal_scenarios_is_the_closed_form():
    """Mean + deviation * sqrt(-2 log(1 - level)) for the normal distribution (Ahmadi-Javid 2012, example)."""
    scenarios = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000, 0.0005, 0.01)
    ours = entropic_value_at_risk(scenarios, level=0.9)
    assert ours == pytest.approx(-0.0005 + 0.01 * np.sqrt(-2.0 * np.log(0.1)), rel=1e-3)


def test_expectile_equals_scipys():
    returns = fat_tailed(500, 1, seed=4)[:, 0]
    for level in (0.6, 0.95, 0.999):
        assert expectile_value_at_risk(returns, level=level) == relative(stats.expectile(-returns, level))


@of_any_size
def test_expectile_by_hand():
    # Losses -1 and 3: 0.75 (3 - e) = 0.25 (e + 1) at e = 2.
    assert expectile_value_at_risk([1.0, -3.0], level=0.75) == 2.0


# --- properties


@given(returns_arrays(), LEVELS)
def test_entropic_value_at_risk_bounds_cvar_which_bounds_var(returns, level):
    entropic = entropic_value_at_risk(returns, level=level)
    conditional = conditional_value_at_risk(returns, level=level)
    assert (entropic >= above(conditional)).all()
    assert (conditional >= value_at_risk(returns, level=level)).all()
    assert (entropic <= -returns.min(axis=0)).all()


@given(returns_arrays(), LEVELS)
def test_expectile_lies_between_the_mean_and_the_worst_loss_and_meets_its_condition(returns, level):
    ours, losses = expectile_value_at_risk(returns, level=level), -returns
    assert (ours >= above(losses.mean(axis=0))).all()
    assert (ours <= losses.max(axis=0)).all()
    gained = (1.0 - level) * np.maximum(ours - losses, 0.0).sum(axis=0)
    lost = level * np.maximum(losses - ours, 0.0).sum(axis=0)
    assert lost == pytest.approx(gained, rel=1e-9, abs=1e-13)


@given(returns_arrays())
def test_both_rise_with_the_level(returns):
    for measure in MEASURES:
        one, two, three = (measure(returns, level=level) for level in (0.6, 0.9, 0.99))
        assert (two >= above(one)).all()
        assert (three >= above(two)).all()


@of_any_size
@given(returns_arrays(), LEVELS, SCALES)
def test_both_are_homogeneous_and_follow_a_translation(returns, level, scale):
    for measure in MEASURES:
        ours = measure(returns, level=level)
        assert measure(returns * scale, level=level) == pytest.approx(ours * scale, rel=1e-12, abs=1e-16)
        assert measure(returns + 0.25, level=level) == pytest.approx(ours - 0.25, rel=1e-9, abs=1e-12)


@given(returns_arrays(), LEVELS)
def test_both_are_subadditive_and_monotone(returns, level):
    other = np.roll(returns, 1, axis=0)[:, ::-1]
    for measure in MEASURES:
        ours = measure(returns, level=level)
        together = measure(returns + other, level=level)
        assert (ours + measure(other, level=level) >= above(together)).all()
        assert (ours >= above(measure(returns + np.abs(other), level=level))).all()


@given(returns_arrays(), LEVELS, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(returns, level, random):
    rows = list(range(len(returns)))
    random.shuffle(rows)
    for measure in MEASURES:
        assert measure(returns[rows], level=level) == pytest.approx(measure(returns, level=level), rel=1e-12, abs=1e-15)


# --- edges


def test_a_worst_loss_of_the_tails_probability_is_the_entropic_value_at_risk():
    returns = [-0.2] * 2 + [0.01] * 18
    assert entropic_value_at_risk(returns, level=0.9) == 0.2
    assert entropic_value_at_risk(returns, level=0.89) < 0.2
    assert entropic_value_at_risk(returns, level=0.99) == 0.2


def test_equal_losses_and_a_single_one_are_their_own_measure():
    for measure in MEASURES:
        assert measure([0.1] * 7) == -0.1
        assert measure([-0.1]) == 0.1
        assert str(measure([0.0, 0.0])) == "0.0"


@of_any_size
@pytest.mark.parametrize("gap", [1e-300, 1e-17, 1e-9])
def test_losses_that_nearly_tie_with_the_worst_still_have_a_solution(gap):
    returns = np.array([0.0, gap, 1.0, 1.0] + [0.5] * 96)
    ours = entropic_value_at_risk(returns, level=0.981)
    assert conditional_value_at_risk(returns, level=0.981) - 1e-15 <= ours <= 0.0
    assert expectile_value_at_risk(returns, level=0.99) == relative(stats.expectile(-returns, 0.99))


def test_panel_and_column_agree_to_the_last_bit():
    returns = fat_tailed(500, 4)
    for measure in MEASURES:
        assert measure(returns).tolist() == [measure(returns[:, i]) for i in range(4)]
        assert measure(np.asfortranarray(returns)).tolist() == measure(returns).tolist()
