"""The probability of backtest overfitting: by hand, against loops over the paper's steps, on noise and on skill."""

from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import rankdata

from riskresearch.backtest import probability_of_backtest_overfitting
from riskresearch.core import InvalidInputError
from riskresearch.kernels.inference._overfitting import block_edges, block_sums
from riskresearch.plots import blank_axes
from tests.examples import examples


def noise(rows, trials, seed=1):
    return np.random.default_rng(seed).normal(0.0, 0.01, (rows, trials))


def by_the_papers_steps(values, blocks, performance):
    """Bailey, Borwein, Lopez de Prado & Zhu (2017), section 2.3, one combination after the other."""
    edges = [len(values) * number // blocks for number in range(blocks + 1)]
    parts = [values[first:last] for first, last in pairwise(edges)]
    found = []
    for half in combinations(range(blocks), blocks // 2):
        inside = np.concatenate([parts[number] for number in half])
        outside = np.concatenate([parts[number] for number in range(blocks) if number not in half])
        chosen = int(np.argmax(performance(inside)))
        result = performance(outside)
        share = rankdata(result)[chosen] / (values.shape[1] + 1)
        found.append((chosen, performance(inside)[chosen], result[chosen], np.log(share / (1.0 - share))))
    return found


def sharpe(values):
    return values.mean(axis=0) / values.std(axis=0, ddof=1) * 252**0.5


# --- reference


def test_two_blocks_of_two_trials_by_hand():
    """Trial a is better in the first block, b in the second: each is last, rank 1 of 2, where it was not chosen."""
    values = np.array([[0.02, 0.00], [0.01, 0.01], [0.00, 0.02], [0.01, 0.01]])
    found = probability_of_backtest_overfitting(values, blocks=2, measure=lambda rows: rows.mean(axis=0))
    assert found.probability == 1.0
    assert found.chosen == (0, 1)
    assert found.logit == pytest.approx([np.log(1 / 3 / (2 / 3))] * 2, rel=1e-14)
    assert found.in_sample == pytest.approx([0.015, 0.015], rel=1e-14)
    assert found.out_of_sample == pytest.approx([0.005, 0.005], rel=1e-14)


@given(st.integers(2, 9), st.sampled_from([2, 4, 6, 8]), st.integers(40, 90), st.integers(0, 99))
@examples(25)
def test_every_combination_is_that_of_the_papers_steps(trials, blocks, rows, seed):
    values = noise(rows, trials, seed) + 0.003 * np.arange(trials) / trials
    found = probability_of_backtest_overfitting(values, blocks=blocks)
    chosen, inside, outside, logit = zip(*by_the_papers_steps(values, blocks, sharpe), strict=True)
    assert found.chosen == chosen
    assert found.in_sample == pytest.approx(inside, rel=1e-9)
    assert found.out_of_sample == pytest.approx(outside, rel=1e-9)
    assert found.logit == pytest.approx(logit, rel=1e-12, abs=1e-15)
    assert found.probability == np.mean(np.array(logit) <= 0.0)


def test_another_measure_is_asked_for_the_rows_of_each_half():
    values = noise(61, 5)
    found = probability_of_backtest_overfitting(values, blocks=6, measure=lambda rows: np.median(rows, axis=0))
    chosen, inside, _, logit = zip(*by_the_papers_steps(values, 6, lambda rows: np.median(rows, axis=0)), strict=True)
    assert (found.chosen, found.in_sample) == (chosen, inside)
    assert found.logit == pytest.approx(logit, rel=1e-12, abs=1e-15)


# --- properties


def test_it_is_about_one_half_on_noise_and_about_zero_on_an_edge():
    on_noise = [probability_of_backtest_overfitting(noise(200, 20, seed), blocks=8).probability for seed in range(60)]
    assert np.mean(on_noise) == pytest.approx(0.5, abs=3.0 * np.std(on_noise) / 60**0.5)
    assert np.std(on_noise) / 60**0.5 < 0.04
    edge = 0.004 * (np.arange(20) == 7)
    found = probability_of_backtest_overfitting(noise(1000, 20) + edge)
    assert found.probability < 0.01
    assert set(found.chosen) == {7}


def test_the_order_of_trials_is_irrelevant_and_scale_too():
    values = noise(100, 6)
    one = probability_of_backtest_overfitting(values, blocks=6)
    other = probability_of_backtest_overfitting(3.0 * values[:, ::-1], blocks=6)
    assert other.probability == one.probability
    assert other.logit == pytest.approx(one.logit, rel=1e-12, abs=1e-15)
    assert tuple(5 - number for number in other.chosen) == one.chosen


def test_portions_of_combinations_change_no_choice(monkeypatch):
    values = noise(120, 7)
    whole = probability_of_backtest_overfitting(values, blocks=10)
    monkeypatch.setattr("riskresearch.kernels.inference._overfitting.CELLS_AT_ONCE", 40)
    portions = probability_of_backtest_overfitting(values, blocks=10)
    assert (portions.chosen, portions.logit) == (whole.chosen, whole.logit)
    assert portions.out_of_sample == pytest.approx(whole.out_of_sample, rel=1e-9)


def test_sums_of_a_column_do_not_see_the_others():
    values = noise(101, 9)
    edges = block_edges(101, 16)
    together = block_sums(values, edges)
    assert np.diff(edges).min() == 6
    for number in range(9):
        alone = block_sums(np.ascontiguousarray(values[:, number : number + 1]), edges)
        assert np.array_equal(alone[:, :, 0], together[:, :, number])


# --- edges


def test_a_trial_that_never_moves_has_a_performance_of_zero():
    values = np.column_stack([noise(80, 1) - 0.02, np.zeros(80)])
    found = probability_of_backtest_overfitting(values, blocks=4)
    assert set(found.chosen) == {1}
    assert set(found.in_sample + found.out_of_sample) == {0.0}
    assert found.probability == 0.0
    assert np.isnan(found.degradation)


def test_rows_with_a_missing_trial_are_left_out_only_when_asked():
    frame = pd.DataFrame(noise(100, 3), columns=list("abc"), index=pd.bdate_range("2020-01-01", periods=100))
    frame.iloc[5, 1] = np.nan
    with pytest.raises(InvalidInputError, match=r"non-finite value, the first at 2020-01-08 in column 'b'"):
        probability_of_backtest_overfitting(frame, blocks=4)
    found = probability_of_backtest_overfitting(frame, blocks=4, nan_policy="omit")
    assert found == probability_of_backtest_overfitting(frame.dropna(), blocks=4, periods_per_year=252)
    assert found.trials == ("a", "b", "c")


@pytest.mark.parametrize(
    ("shape", "options", "text"),
    [
        ((100, 4), {"blocks": 5}, r"blocks must be even and at most 20, got 5"),
        ((100, 4), {"blocks": 22}, r"blocks must be even and at most 20, got 22"),
        ((100, 4), {"blocks": 0}, r"blocks must be a whole number of at least 2, got 0"),
        ((100, 1), {}, r"returns must hold at least 2 trials, one a column, got 1"),
        ((31, 4), {}, r"returns needs at least 32 rows, got 31"),
        ((100, 4), {"measure": lambda rows: rows.sum()}, r"measure must return one finite number for each of the 4"),
        ((100, 4), {"measure": lambda rows: rows[0] * np.nan}, r"measure must return one finite number for each"),
    ],
)
def test_what_is_refused(shape, options, text):
    with pytest.raises(InvalidInputError, match=text):
        probability_of_backtest_overfitting(noise(*shape), **options)


def test_the_result_speaks_the_common_language():
    found = probability_of_backtest_overfitting(noise(100, 5), blocks=6)
    assert found.summary().startswith("Probability of backtest overfitting")
    assert "CSCV of 5 trials over 100 rows in 6 blocks, 20 combinations" in found._repr_html_()
    frame = found.to_frame()
    assert len(frame) == 20
    assert found.probability_of_loss == (frame["out_of_sample"] < 0.0).mean()
    assert found.degradation == pytest.approx(np.polyfit(frame["in_sample"], frame["out_of_sample"], 1)[0], rel=1e-9)
    assert repr(found) == f"BacktestOverfitting(probability={found.probability:.4g}, 5 trials)"
    assert sum(bar.get_height() for bar in found.plot(ax=blank_axes()).patches) == 20
