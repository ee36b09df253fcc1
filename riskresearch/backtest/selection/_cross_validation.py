"""Splits of a history whose tested rows were not trained on: walk-forward, purged and combinatorial."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.selection._splits import Splits
from riskresearch.core._checks import check_count, is_single
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import read_numbers
from riskresearch.core.frames._native import native, read_other
from riskresearch.kernels.inference._overfitting import block_edges

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data

    IntVector = npt.NDArray[np.int64]

MOST_SPLITS = 1_000_000


@answers_other_names()
def walk_forward_splits(
    data: Data | int,
    *,
    train: int,
    test: int,
    step: int | None = None,
    horizon: int | npt.ArrayLike = 0,
    expanding: bool = False,
) -> Splits:
    """Split a history into training windows, each followed by the rows that it is tested on.

    Parameters
    ----------
    data : Series, DataFrame, array or int
        Data to split, or its number of rows.
    train, test : int
        Number of rows to train on and of rows after them to test. The last split tests what is left.
    step : int, optional
        Rows from one split to the next; None is `test`, so that each row is tested once.
    horizon : int or array
        Rows that the label of a row looks ahead, or the number of the last row that each label looks at. Rows whose
        labels reach into the tested ones do not train; windows still hold `train` rows where `horizon` is a number.
    expanding : bool
        Train on all rows so far instead of the last `train`.

    Returns
    -------
    Splits
        Iterable of pairs of index arrays (train, test).

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there is no row to test.

    References
    ----------
    Pardo, The Evaluation and Optimization of Trading Strategies, 2008; Lopez de Prado, 2018, chapter 7.

    Examples
    --------
    >>> import riskresearch
    >>> splits = riskresearch.backtest.walk_forward_splits(10, train=4, test=3)
    >>> [(train.tolist(), test.tolist()) for train, test in splits]
    [([0, 1, 2, 3], [4, 5, 6]), ([3, 4, 5, 6], [7, 8, 9])]
    """
    rows, names = _rows_of(data)
    window, tested = check_count(train, name="train", minimum=1), check_count(test, name="test", minimum=1)
    forward = tested if step is None else check_count(step, name="step", minimum=1)
    ends = _label_ends(horizon, rows)
    ahead = int(horizon) if isinstance(horizon, int | np.integer) else 0
    first_tested = window + ahead
    if first_tested >= rows:
        raise InvalidInputError(
            f"train and horizon must leave rows to test, got {window} and {ahead} of {rows} rows in all."
        )
    starts = _starts(rows, first_tested, tested, forward)
    return Splits(
        tests=tuple((range(start, min(start + tested, rows)),) for start in starts),
        candidates=tuple(range(0 if expanding else start - first_tested, start) for start in starts),
        label_ends=ends,
        embargo=0,
        path_of=tuple((number % -(-tested // forward),) for number in range(len(starts))),
        row_names=names,
        method=f"walk-forward, {'expanding from' if expanding else 'train'} {window}, test {tested}, step {forward}",
    )


@answers_other_names()
def purged_splits(data: Data | int, *, folds: int = 5, horizon: int | npt.ArrayLike = 0, embargo: int = 0) -> Splits:
    """Split a history into consecutive folds, each tested once, without training on what overlaps it.

    Parameters
    ----------
    data : Series, DataFrame, array or int
        Data to split, or its number of rows.
    folds : int
        Number of folds, at least 2.
    horizon : int or array
        Rows that the label of a row looks ahead, or the number of the last row that each label looks at. A row does
        not train if its label overlaps those of the tested rows.
    embargo : int
        Further rows after the end of the tested labels that do not train, against correlation over time.

    Returns
    -------
    Splits
        Iterable of pairs of index arrays (train, test).

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Lopez de Prado, Advances in Financial Machine Learning, 2018, chapter 7.

    Examples
    --------
    >>> import riskresearch
    >>> splits = riskresearch.backtest.purged_splits(9, folds=3, horizon=1, embargo=1)
    >>> [(train.tolist(), test.tolist()) for train, test in splits]
    [([5, 6, 7, 8], [0, 1, 2]), ([0, 1, 8], [3, 4, 5]), ([0, 1, 2, 3, 4], [6, 7, 8])]
    """
    return _by_groups(data, folds, 1, horizon, embargo, name="folds")


@answers_other_names()
def combinatorial_purged_splits(
    data: Data | int,
    *,
    groups: int = 10,
    test_groups: int = 2,
    horizon: int | npt.ArrayLike = 0,
    embargo: int = 0,
) -> Splits:
    """Split a history into groups and test every combination of some of them, purged of what overlaps.

    Parameters
    ----------
    data : Series, DataFrame, array or int
        Data to split, or its number of rows.
    groups, test_groups : int
        Number of consecutive groups, and how many of them a split tests.
    horizon : int or array
        Rows that the label of a row looks ahead, or the number of the last row that each label looks at.
    embargo : int
        Further rows after the end of the tested labels that do not train.

    Returns
    -------
    Splits
        Iterable of pairs of index arrays (train, test); `assemble` puts the results together to
        (groups - 1 choose test_groups - 1) paths, each of which tests the whole history.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are more than a million combinations.

    References
    ----------
    Lopez de Prado, Advances in Financial Machine Learning, 2018, chapter 12.

    Examples
    --------
    >>> import riskresearch
    >>> splits = riskresearch.backtest.combinatorial_purged_splits(600, groups=6, test_groups=2)
    >>> len(splits), splits.paths
    (15, 5)
    """
    return _by_groups(data, groups, test_groups, horizon, embargo, name="groups")


def _by_groups(
    data: Data | int, groups: int, test_groups: int, horizon: int | npt.ArrayLike, embargo: int, *, name: str
) -> Splits:
    rows, names = _rows_of(data)
    count = check_count(groups, name=name, minimum=2)
    tested = check_count(test_groups, name="test_groups", minimum=1)
    ban = check_count(embargo, name="embargo", minimum=0)
    if count > rows:
        raise InvalidInputError(f"{name} must be at most the number of rows, {rows}, got {count}.")
    if tested >= count:
        raise InvalidInputError(f"test_groups must be fewer than groups, {count}, got {tested}.")
    if comb(count, tested) > MOST_SPLITS:
        raise InvalidInputError(
            f"groups and test_groups must make at most {MOST_SPLITS:,} combinations, got {comb(count, tested):,}."
        )
    edges = block_edges(rows, count).tolist()
    chosen = list(combinations(range(count), tested))
    seen = [0] * count
    paths = []
    for split in chosen:
        paths.append(tuple(seen[group] for group in split))
        for group in split:
            seen[group] += 1
    what = f"{count} {name}" if tested == 1 else f"{tested} of {count} {name} tested"
    return Splits(
        tests=tuple(tuple(range(edges[group], edges[group + 1]) for group in split) for split in chosen),
        candidates=(range(rows),) * len(chosen),
        label_ends=_label_ends(horizon, rows),
        embargo=ban,
        path_of=tuple(paths),
        row_names=names,
        method=f"purged, {what}, embargo {ban}",
    )


def _rows_of(data: Any) -> tuple[int, Any]:
    """Return the number of rows of `data` and their labels."""
    if isinstance(data, int | np.integer):
        rows = check_count(data, name="data", minimum=2)
        return rows, range(rows)
    values, labels = read_numbers(data, name="data", min_rows=2)
    return values.shape[0], labels.row_names


def _label_ends(horizon: Any, rows: int) -> IntVector:
    """Return the last row that the label of each row depends on."""
    own = np.arange(rows)
    if is_single(horizon):
        return np.minimum(own + check_count(horizon, name="horizon", minimum=0), rows - 1)
    ends: npt.NDArray[np.int64] = read_other(native(horizon, name="horizon"), name="horizon")
    if ends.shape != (rows,) or ends.dtype.kind not in "iu":
        raise InvalidInputError(
            f"horizon must be a whole number or a row number for each of the {rows} rows, "
            f"got {ends.dtype} of shape {ends.shape}."
        )
    early = np.flatnonzero(ends < own)
    if early.size:
        raise InvalidInputError(
            f"horizon must end no label before its row, got row {int(ends[early[0]])} for row {int(early[0])}."
        )
    return np.minimum(ends.astype(np.int64), rows - 1)


def _starts(rows: int, first: int, tested: int, step: int) -> Sequence[int]:
    """Return the first tested row of each split; none begins after the end of the history was tested."""
    starts = [first]
    while starts[-1] + tested < rows and starts[-1] + step < rows:
        starts.append(starts[-1] + step)
    return starts
