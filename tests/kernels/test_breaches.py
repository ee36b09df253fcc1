"""Breaches as episodes: worked by hand, and equal to a walk from bar to bar."""

import numpy as np
from hypothesis import given, strategies as st

from riskresearch.kernels.limits._breaches import find_breaches
from tests.examples import examples

OVER, WITHIN, UNKNOWN = "x", ".", "?"


def episodes(*columns, values=None):
    """Return the episodes of columns written as text: over, within, or not to be judged."""
    cells = np.array([list(each) for each in columns]).T.reshape(-1, len(columns))
    value = np.where(cells == OVER, 1.0, 0.0) if values is None else np.array(values, dtype=float).T
    return [tuple(map(int, each)) for each in zip(*find_breaches(cells == OVER, cells == WITHIN, value), strict=True)]


def walked(column):
    """Return first and last bar, count, and whether nothing within followed, of each episode of one column."""
    found, current = [], None
    for row, cell in enumerate(column):
        if cell == OVER:
            current = [row, row, 1] if current is None else [current[0], row, current[2] + 1]
        elif cell == WITHIN and current is not None:
            found.append((*current, False))
            current = None
    return found if current is None else [*found, (*current, True)]


def test_episodes_by_hand():
    # column, first, last, bars, worst, lasting
    assert episodes(".xx..x") == [(0, 1, 2, 2, 1, 0), (0, 5, 5, 1, 5, 1)]
    assert episodes("x.", "xx") == [(0, 0, 0, 1, 0, 0), (1, 0, 1, 2, 0, 1)]


def test_bars_that_cannot_be_judged_end_no_episode():
    assert episodes("x?x.") == [(0, 0, 2, 2, 0, 0)]
    assert episodes("x?.x") == [(0, 0, 0, 1, 0, 0), (0, 3, 3, 1, 3, 1)]
    assert episodes("?x??") == [(0, 1, 1, 1, 1, 1)]


def test_the_worst_bar_is_the_first_of_the_largest_value():
    assert episodes("xxxx", values=[[2.0, 3.0, 3.0, 1.0]])[0][4] == 1
    assert episodes("xxx", values=[[np.nan, np.nan, np.nan]])[0][4] == 0
    assert episodes("xxx", values=[[np.nan, -1.0, np.nan]])[0][4] == 1


def test_nothing_has_no_episodes():
    for shape in ((0, 0), (0, 3), (4, 0)):
        found = find_breaches(np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool), np.zeros(shape))
        assert [len(each) for each in found] == [0] * 6
    assert episodes("....", "????") == []


@given(
    st.integers(0, 12).flatmap(
        lambda n: st.lists(st.text(OVER + WITHIN + UNKNOWN, min_size=n, max_size=n), min_size=1, max_size=4)
    )
)
@examples(80)
def test_episodes_are_those_of_a_walk(columns):
    expected = [(column, *each) for column, text in enumerate(columns) for each in walked(text)]
    assert [(each[0], each[1], each[2], each[3], bool(each[5])) for each in episodes(*columns)] == expected
