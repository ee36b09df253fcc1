"""Breaches of a limit as episodes: from the first bar over it to the last one before a bar within it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix

Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


class Breaches(NamedTuple):
    """Episodes in the order of columns, then of time; one entry each."""

    column: Places
    first: Places
    """First bar over the limit."""
    last: Places
    """Last bar over the limit."""
    bars: Places
    """How many bars were over it; those between that could not be judged are not counted."""
    worst: Places
    """First bar of the largest value."""
    lasting: Flags
    """Whether no bar within the limit followed."""


def find_breaches(over: Flags, within: Flags, value: FloatMatrix) -> Breaches:
    """Split the bars that are over a limit into episodes, column by column.

    A bar that is neither over the limit nor within it, since it could not be judged, neither ends an episode nor
    prolongs it.

    Parameters
    ----------
    over, within : shape (bars, columns)
        Whether the value is over the limit, and whether it is known to be within or nothing is to be judged.
    value : shape (bars, columns)
        What is judged, the larger the worse; nan where it has no size.
    """
    rows = len(over)
    known = np.flatnonzero((over | within).T)
    flagged = over.T.ravel()[known]
    column = known // max(rows, 1)
    edge = np.concatenate(([True], column[1:] != column[:-1])) if len(known) else np.zeros(0, dtype=bool)
    before = np.concatenate(([False], flagged[:-1]))[: len(known)] & ~edge
    begins, breached = flagged & ~before, known[flagged]
    start = np.flatnonzero(begins[flagged])
    bars = np.diff(np.concatenate((start, [len(breached)])))
    after = np.concatenate((flagged[1:], [False]))[: len(known)]
    final = np.concatenate((edge[1:], [True]))[: len(known)]
    ends = flagged & (final | ~after)
    return Breaches(
        column[begins], breached[start] % max(rows, 1), known[ends] % max(rows, 1), bars,
        _first_largest(value.T.ravel()[breached], start, bars, breached) % max(rows, 1), final[ends],
    )  # fmt: skip


def _first_largest(value: npt.NDArray[np.float64], start: Places, bars: Places, cell: Places) -> Places:
    """Return the first cell of the largest value of each run; of one without values its first cell."""
    if not len(start):
        return cell
    sized = np.where(np.isnan(value), -np.inf, value)
    largest = np.repeat(np.maximum.reduceat(sized, start), bars)
    place = np.where(sized == largest, np.arange(len(cell)), len(cell))
    return cell[np.minimum.reduceat(place, start)]
