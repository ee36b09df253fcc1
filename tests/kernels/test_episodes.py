"""Splitting a drawdown path into episodes, and runs of losses, against a walk row by row."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels._episodes import episode_depths, find_episodes, losing_run_depths
from riskresearch.kernels.compiled._drawdown import drawdown_path
from tests.reference import published
from tests.samples import returns_arrays

DEPTHS = st.lists(st.sampled_from([0.0, 0.0, 0.1, 0.25, 0.5]), min_size=1, max_size=30)


def walk(path):
    """Return (peak, trough, recovery, depth) of each stay above zero, found row by row."""
    found, first = [], None
    for row, depth in enumerate([*path, 0.0]):
        if depth > 0.0 and first is None:
            first = row
        elif depth == 0.0 and first is not None:
            trough = max(range(first, row), key=lambda i: (path[i], -i))
            found.append((first - 1, trough, row, path[trough]))
            first = None
    return found


def as_tuples(episodes):
    return list(zip(*(field.tolist() for field in episodes), strict=True))


def test_the_drawdowns_of_the_hand_made_series_are_found():
    found = find_episodes(np.array(published.DRAWDOWN_SERIES))
    in_time = sorted(published.DRAWDOWN_TABLE)
    assert found.peak.tolist() == [last for _, last, *_ in in_time]
    assert found.trough.tolist() == [trough for *_, trough, _, _ in in_time]
    assert found.recovery.tolist() == [12 if back is None else back for *_, back, _ in in_time]
    assert found.depth.tolist() == [depth for *_, depth in in_time]


@given(DEPTHS)
def test_episodes_equal_a_walk_row_by_row(path):
    assert as_tuples(find_episodes(np.array(path))) == walk(path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ([0.0, 0.0], []),
        ([0.2], [(-1, 0, 1, 0.2)]),
        ([0.2, 0.0], [(-1, 0, 1, 0.2)]),
        ([0.0, 0.3, 0.3, 0.1], [(0, 1, 4, 0.3)]),
        ([0.1, 0.0, 0.2], [(-1, 0, 1, 0.1), (1, 2, 3, 0.2)]),
    ],
    ids=["none", "only row", "first row", "the first of two equal troughs, still open", "start and end"],
)
def test_edges_of_a_path(path, expected):
    assert as_tuples(find_episodes(np.array(path))) == expected


@given(returns_arrays())
def test_depths_of_a_panel_are_those_of_each_path(returns):
    path = drawdown_path(returns)
    for column, depths in enumerate(episode_depths(path)):
        assert depths.tolist() == [depth for *_, depth in walk(path[:, column].tolist())]


def losing_runs(column):
    runs, left = [], None
    for value in [*column, 0.0]:
        if value < 0.0:
            left = (1.0 if left is None else left) * (1.0 + value)
        elif left is not None:
            runs.append(1.0 - left)
            left = None
    return runs


def test_losing_runs_of_bacons_months_are_the_seven_that_he_counts():
    depths = losing_run_depths(np.array(published.BACON["portfolio"])[:, None])[0]
    assert depths == pytest.approx(published.BACON_LOSING_RUNS, rel=1e-12)


@given(returns_arrays())
def test_losing_runs_equal_a_walk_row_by_row(returns):
    for column, depths in zip(returns.T, losing_run_depths(returns), strict=True):
        expected = losing_runs(column.tolist())
        assert depths.shape == (len(expected),)
        assert all(math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15) for a, b in zip(depths, expected, strict=True))


def test_a_zero_return_ends_a_losing_run():
    depths = losing_run_depths(np.array([[-0.1], [0.0], [-0.2], [-0.5]]))[0]
    assert depths == pytest.approx([0.1, 0.6], rel=1e-15)


def test_a_column_without_a_loss_has_no_run():
    assert losing_run_depths(np.array([[0.1, -0.5], [0.0, 0.1]]))[0].size == 0
