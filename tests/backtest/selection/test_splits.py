"""Splits of a history: by hand, against the three cases of overlap, and the paths that Lopez de Prado prints."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.backtest import combinatorial_purged_splits, purged_splits, walk_forward_splits
from riskresearch.core import InvalidInputError
from riskresearch.plots import blank_axes


def lists(splits):
    return [(train.tolist(), test.tolist()) for train, test in splits]


def overlap(one, other):
    """Say whether two closed spans share a row: one begins or ends in the other, or covers it (AFML, snippet 7.1)."""
    return one[0] <= other[1] and other[0] <= one[1]


# --- reference


def test_walk_forward_by_hand():
    assert lists(walk_forward_splits(11, train=4, test=3)) == [
        ([0, 1, 2, 3], [4, 5, 6]),
        ([3, 4, 5, 6], [7, 8, 9]),
        ([6, 7, 8, 9], [10]),
    ]
    assert lists(walk_forward_splits(9, train=3, test=2, horizon=2, expanding=True)) == [
        ([0, 1, 2], [5, 6]),
        ([0, 1, 2, 3, 4], [7, 8]),
    ]
    assert lists(walk_forward_splits(8, train=3, test=4, step=2)) == [
        ([0, 1, 2], [3, 4, 5, 6]),
        ([2, 3, 4], [5, 6, 7]),
    ]


def test_purged_folds_by_hand():
    """Labels look one row ahead: those of the middle fold end on row 6, the embargo covers row 7."""
    assert lists(purged_splits(9, folds=3, horizon=1, embargo=1))[1] == ([0, 1, 8], [3, 4, 5])


def test_paths_are_those_of_the_book():
    """AFML, section 12.4.1: 6 groups, 2 tested, 15 splits, 5 paths; group G1 is 0 and split S1 is 0 here."""
    splits = combinatorial_purged_splits(12, groups=6, test_groups=2)
    assert (len(splits), splits.paths) == (15, 5)
    numbers = splits.assemble([np.full(4, float(split)) for split in range(15)])
    assert numbers[::2, 0].tolist() == [0.0, 0.0, 1.0, 2.0, 3.0, 4.0]
    assert numbers[::2, 1].tolist() == [1.0, 5.0, 5.0, 6.0, 7.0, 8.0]


# --- properties


@given(
    st.integers(12, 60),
    st.integers(2, 6),
    st.integers(1, 3),
    st.integers(0, 7),
    st.lists(st.integers(0, 9), min_size=60, max_size=60),
)
def test_no_training_label_overlaps_a_tested_one_and_nothing_else_is_taken_out(rows, groups, tested, embargo, ahead):
    ends = np.minimum(np.arange(rows) + ahead[:rows], rows - 1)
    tested = min(tested, groups - 1)
    splits = combinatorial_purged_splits(rows, groups=groups, test_groups=tested, horizon=ends, embargo=embargo)
    for number, (train, test) in enumerate(splits):
        spans = [(tests[0], ends[tests].max()) for tests in map(list, splits.tests[number])]
        for row in set(range(rows)) - set(test.tolist()):
            embargoed = any(last < row <= last + embargo for _, last in spans)
            purged = any(overlap((row, ends[row]), span) for span in spans)
            assert (row in train) == (not embargoed and not purged)
        assert not set(train.tolist()) & set(test.tolist())


@given(st.integers(10, 80), st.integers(2, 5), st.integers(1, 4))
def test_each_path_tests_every_row_once(rows, groups, tested):
    tested = min(tested, groups - 1)
    splits = combinatorial_purged_splits(rows, groups=groups, test_groups=tested)
    truth = np.arange(rows, dtype=float)
    paths = splits.assemble([truth[test] for _, test in splits])
    assert np.array_equal(paths, np.tile(truth[:, None], splits.paths))


@given(st.integers(1, 20), st.integers(1, 9), st.integers(1, 9), st.integers(0, 5), st.booleans())
def test_walk_forward_never_trains_on_what_is_tested_or_later(train, test, step, horizon, expanding):
    splits = walk_forward_splits(40, train=train, test=test, step=step, horizon=horizon, expanding=expanding)
    seen = set()
    for number, (trained, tested) in enumerate(splits):
        assert trained.max() + horizon < tested.min()
        assert trained.size == train + (number * step if expanding else 0)
        seen |= set(tested.tolist())
    if step <= test:
        assert seen == set(range(train + horizon, 40))
    assembled = splits.assemble([np.asarray(tested, dtype=float) for _, tested in splits])
    for path in assembled.T:
        assert set(path[~np.isnan(path)].astype(int).tolist()) <= seen
    assert np.array_equal(np.unique(assembled[~np.isnan(assembled)]), sorted(seen))


def test_labels_are_dates_where_there_are_dates():
    dates = pd.bdate_range("2024-01-01", periods=9, name="date")
    frame = pd.DataFrame({"a": np.arange(9.0)}, index=dates)
    before = frame.copy()
    splits = purged_splits(frame, folds=3)
    for (train, test), (train_dates, test_dates) in zip(splits, splits.labelled(), strict=True):
        assert train_dates.equals(dates[train])
        assert test_dates.equals(dates[test])
        assert frame.loc[test_dates, "a"].tolist() == test.tolist()
    pd.testing.assert_frame_equal(frame, before)
    table = splits.to_frame()
    assert table.loc[1, "test_first"] == dates[3]
    assert table["test_rows"].tolist() == [3, 3, 3]
    arrays = purged_splits(frame.to_numpy(), folds=3)
    assert all(np.array_equal(rows, named) for rows, named in zip(arrays[1], list(arrays.labelled())[1], strict=True))


# --- edges


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: walk_forward_splits(10, train=9, test=1, horizon=1), r"train and horizon must leave rows to test"),
        (lambda: walk_forward_splits(10, train=0, test=1), r"train must be a whole number of at least 1, got 0"),
        (lambda: walk_forward_splits(10, train=3, test=1, step=0), r"step must be a whole number of at least 1"),
        (lambda: walk_forward_splits([], train=3, test=1), r"data must not be empty"),
        (lambda: purged_splits(1), r"data must be a whole number of at least 2, got 1"),
        (lambda: purged_splits(4, folds=5), r"folds must be at most the number of rows, 4, got 5"),
        (lambda: purged_splits(9, horizon=-1), r"horizon must be a whole number of at least 0, got -1"),
        (lambda: purged_splits(3, folds=2, horizon=[1, 0, 2]), r"got row 0 for row 1"),
        (lambda: purged_splits(3, folds=2, horizon=[1.5, 2.0, 2.0]), r"horizon must be a whole number or a row number"),
        (lambda: purged_splits(9, embargo=-1), r"embargo must be a whole number of at least 0"),
        (lambda: combinatorial_purged_splits(9, groups=3, test_groups=3), r"test_groups must be fewer than groups, 3"),
        (lambda: combinatorial_purged_splits(99, groups=40, test_groups=20), r"at most 1,000,000 combinations"),
        (lambda: purged_splits(9).assemble([[1.0]]), r"results must have one vector for each of 5 splits, got 1"),
        (lambda: purged_splits(9, folds=2).assemble([[1.0], [1.0]]), r"each of the 4 tested rows of split 0"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


def test_everything_can_be_purged_away():
    train, test = purged_splits(6, folds=2, horizon=6)[1]
    assert (train.tolist(), test.tolist()) == ([], [3, 4, 5])
    with pytest.raises(IndexError):
        purged_splits(6, folds=2)[2]


def test_the_result_speaks_the_common_language():
    splits = purged_splits(30, folds=3, horizon=2, embargo=1)
    assert len(splits) == len(list(splits)) == len(splits.to_frame()) == 3
    assert splits.to_frame()["purged_rows"].tolist() == [3, 5, 2]
    assert splits.summary().endswith("purged, 3 folds, embargo 1, 3 splits.")
    assert repr(splits) == "Splits(purged, 3 folds, embargo 1: 3 splits of 30 rows)"
    assert "3 splits" in splits._repr_html_()
    drawn = splits.plot(ax=blank_axes()).collections
    assert len(drawn) == 6
    assert combinatorial_purged_splits(30, groups=12, test_groups=3).summary().count("and 210 more") == 1
