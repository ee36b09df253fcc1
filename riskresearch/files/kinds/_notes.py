"""What a reader should know of prices before trusting their returns: splits, bad quotes, stale and missing prices."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from riskresearch.files.kinds._evidence import Evidence

SPLITS = (2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 50, 100)
"""New shares for one old share, or old ones for one new share, as companies split and consolidate them."""
LEAST_MULTIPLE_OF_MOVE = 8.0
"""A split or a bad quote moves by many typical moves."""
MOST_MULTIPLE_BESIDE_SPLIT = 3.0
"""The market's own move on the day of a split, in typical moves."""
FACTOR_OF_BAD_QUOTES = 3.0
"""A price that is left and comes back by as much is a slip of the decimal mark or of the instrument."""
LEAST_MOVE = 0.9 * math.log(SPLITS[0])
"""Of a split, as a logarithm: the smallest one less a tenth of it for the market's own move."""
LEAST_RATIO = 0.999 * math.exp(LEAST_MOVE)
"""A column whose neighbours are all closer has neither splits nor bad quotes; rounding included."""
ROWS_OF_A_STALE_PRICE = 20
MOST_PLACES = 3

DateInWords = Callable[[int], str]
"""Words for the date of a row."""


def notes_of_prices(evidence: Evidence, date: DateInWords) -> list[str]:
    """Return sentences on the prices of one column."""
    found = [*_stale(evidence, date)]
    if _has_a_large_move(evidence):
        moves = np.diff(np.log(evidence.values))
        bad = _bad_quotes(moves)
        found += _of_bad_quotes(evidence, bad, date)
        found += _of_splits(evidence, moves, bad, date)
    return found


def notes_of_splits(evidence: Evidence, date: DateInWords) -> list[str]:
    """Return sentences on the splits for which the prices of one column are not adjusted."""
    if not _has_a_large_move(evidence):
        return []
    moves = np.diff(np.log(evidence.values))
    return _of_splits(evidence, moves, _bad_quotes(moves), date)


def bad_quotes(evidence: Evidence) -> npt.NDArray[np.int64]:
    """Return which prices leave their neighbours by a factor of 3 or more and come back at once."""
    if not _has_a_large_move(evidence):
        return np.empty(0, dtype=np.int64)
    return _bad_quotes(np.diff(np.log(evidence.values)))


def _has_a_large_move(evidence: Evidence) -> bool:
    return evidence.count > 2 and evidence.jump > LEAST_RATIO


def _typical(moves: npt.NDArray[np.float64]) -> float:
    return float(np.median(np.abs(moves)))


def _bad_quotes(moves: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    bound = max(math.log(FACTOR_OF_BAD_QUOTES), LEAST_MULTIPLE_OF_MOVE * _typical(moves))
    out, back = moves[:-1], moves[1:]
    is_bad = (np.abs(out) > bound) & (np.abs(out + back) < 0.5 * np.abs(out)) & (out * back < 0.0)
    return np.flatnonzero(is_bad) + 1


def _of_bad_quotes(evidence: Evidence, bad: npt.NDArray[np.int64], date: DateInWords) -> list[str]:
    if not bad.size:
        return []
    first = int(bad[0])
    ratio = float(evidence.values[first] / evidence.values[first - 1])
    times = f"{ratio:.4g} times" if ratio > 1.0 else f"1/{1.0 / ratio:.4g} of"
    more = f", and {bad.size - 1} more like it" if bad.size > 1 else ""
    return [
        f"column {str(evidence.column)!r} holds {evidence.values[first]:.6g} on "
        f"{date(int(evidence.rows[first]))}, {times} "
        f"the price before, and returns at once: a bad quote?{more} Leave such cells empty."
    ]


def _of_splits(
    evidence: Evidence, moves: npt.NDArray[np.float64], bad: npt.NDArray[np.int64], date: DateInWords
) -> list[str]:
    size = _typical(moves)
    sizes = np.abs(moves)
    # A typical move of zero is that of a stale price; then the ratio has to be exact.
    large = np.flatnonzero(sizes > max(LEAST_MOVE, LEAST_MULTIPLE_OF_MOVE * size))
    found = []
    for step in map(int, large):
        if step + 1 in bad or step in bad:
            continue
        ratio = min(SPLITS, key=lambda ratio: abs(sizes[step] - math.log(ratio)))
        if abs(sizes[step] - math.log(ratio)) > MOST_MULTIPLE_BESIDE_SPLIT * size + 1e-3:
            continue
        share = math.expm1(moves[step])
        how = f"fell by {-share:.0%}" if share < 0.0 else f"rose by {share:.0%}"
        split = f"{ratio} for 1" if share < 0.0 else f"1 for {ratio}"
        found.append(
            f"column {str(evidence.column)!r} {how} on {date(int(evidence.rows[step + 1]))}: a real move, or "
            f"a split of {split} for which the prices are not adjusted?"
        )
    return found[:MOST_PLACES] + (
        [f"and {len(found) - MOST_PLACES} more such moves"] if len(found) > MOST_PLACES else []
    )


def _stale(evidence: Evidence, date: DateInWords) -> list[str]:
    column = str(evidence.column)
    if evidence.count < 2:
        return []
    if evidence.highest == evidence.lowest:
        return [f"column {column!r} is {evidence.lowest:g} on all its {evidence.count:,} rows: a stale price?"]
    apart = ROWS_OF_A_STALE_PRICE // 2  # each run of that length holds two of every tenth row
    if not (evidence.values[apart::apart] == evidence.values[:-apart:apart]).any():
        return []
    starts = np.flatnonzero(np.concatenate(([True], np.diff(evidence.values) != 0.0)))
    lengths = np.diff(np.concatenate((starts, [evidence.count])))
    longest = int(np.argmax(lengths))
    if lengths[longest] < ROWS_OF_A_STALE_PRICE:
        return []
    first, last = int(starts[longest]), int(starts[longest] + lengths[longest] - 1)
    return [
        f"column {column!r} does not move for {lengths[longest]:,} rows, from {date(int(evidence.rows[first]))} to "
        f"{date(int(evidence.rows[last]))}: a stale price?"
    ]
