"""Simulated falls of wealth: the counts of whole blocks, and counts that end early and never decide otherwise."""

import numpy as np
import pytest

from riskresearch.core._seeds import child_seeds
from riskresearch.kernels.optimise._wealth_paths import PATHS_PER_BLOCK, PERIODS_PER_BLOCK, falls_under_unknown_truths

ASSETS, FLOOR, SEED = 2, np.log(0.7), 5


def sample(rows):
    rng = np.random.default_rng(rows)
    return 0.0005 + 0.02 * rng.standard_t(4, rows), rng.uniform(0.0, 1e-4, rows)


def by_whole_blocks(excess, log_cash, periods, paths):
    rows, mean = excess.size, excess.mean()
    away, below = excess - mean, 0
    for number, child in enumerate(child_seeds(SEED, -(-paths // PATHS_PER_BLOCK))):
        rng, wanted = np.random.default_rng(child), min(PATHS_PER_BLOCK, paths - number * PATHS_PER_BLOCK)
        root = np.sqrt(rng.chisquare(rows - ASSETS, PATHS_PER_BLOCK))
        normal = rng.standard_normal(PATHS_PER_BLOCK)
        means = mean + np.sqrt((away * away).sum()) / root / np.sqrt(rows) * normal
        lengths = [PERIODS_PER_BLOCK] * (periods // PERIODS_PER_BLOCK) + [periods % PERIODS_PER_BLOCK]
        drawn = np.hstack([rng.integers(0, rows, (PATHS_PER_BLOCK, length)) for length in lengths if length])
        grown = np.maximum(1.0 + means[:, None] + (np.sqrt(rows) / root)[:, None] * away[drawn], 0.0)
        with np.errstate(divide="ignore"):
            path = (np.log(grown) + log_cash[drawn]).cumsum(axis=1)
        below += int((path[:wanted].min(axis=1) < FLOOR).sum())
    return below


@pytest.mark.parametrize(("rows", "periods", "paths"), [(60, 300, 1_017), (250, 1_100, 999), (40, 1, 1_000)])
def test_paths_a_few_at_a_time_are_those_of_whole_blocks(rows, periods, paths):
    excess, log_cash = sample(rows)
    found = falls_under_unknown_truths(excess, log_cash, ASSETS, periods, paths, FLOOR, SEED)
    assert found == by_whole_blocks(excess, log_cash, periods, paths)


def test_ruin_is_a_fall_and_no_warning():
    excess = np.where(np.arange(30) == 3, -1.5, 0.01)
    assert falls_under_unknown_truths(excess, np.zeros(30), 1, 200, 1_000, FLOOR, SEED) > 950


@pytest.mark.parametrize("tolerated", [0.01, 0.3, 0.6, 0.99])
def test_a_count_that_ends_early_is_on_the_same_side_of_what_is_tolerated(tolerated):
    excess, log_cash = sample(60)
    data, paths = (excess, log_cash, ASSETS, 300), 3_500
    whole = falls_under_unknown_truths(*data, paths, FLOOR, SEED)
    early = falls_under_unknown_truths(*data, paths, FLOOR, SEED, tolerated=tolerated)
    assert (early / paths > tolerated) == (whole / paths > tolerated)
    assert early == whole or early / paths > tolerated
    assert 0.01 < whole / paths < 0.99
