"""What became of one limit on each bar, and its breaches as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.kernels.limits._breaches import find_breaches

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix

NOTHING, WITHIN, WARNED, OVER, UNKNOWN = range(5)
"""What becomes of a subject on a bar: nothing is to be judged, or its value is in one of four states."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One limit over all bars; each subject, an asset, a group or the whole book, has a column."""

    code: str
    name: str
    """Its name, else its code."""
    account: str
    of_fills: bool
    """Whether fills were judged, and not what was held."""
    subjects: tuple[str, ...]
    """Empty names are the whole book."""
    state: npt.NDArray[np.int8]
    """Shape (bars, subjects)."""
    value: FloatMatrix
    bound: FloatMatrix
    """Deny threshold of each bar and subject."""
    checked: npt.NDArray[np.bool_]
    """Whether there was anything to be judged on each bar."""
    unknown: npt.NDArray[np.bool_]
    """Whether part of it could not be."""
    reason: str
    """Why not, on the first such bar."""


class Episode(NamedTuple):
    """A breach of one limit by one subject."""

    column: int
    """Number of the subject."""
    first: int
    last: int
    bars: int
    worst: int
    lasting: bool
    """Whether no bar within the limit followed."""
    subject: str
    value: float
    """The worst one."""
    bound: float


class Check(NamedTuple):
    """What became of one limit, in numbers."""

    code: str
    name: str
    account: str
    of_fills: bool
    threshold: float
    """nan where it differs."""
    checked: int
    in_breach: int
    warned: int
    not_judged: int
    first_not_judged: int
    """-1 where every bar could be judged."""
    reason: str


def episodes_of(judged: Judged) -> list[Episode]:
    """Return the breaches of a limit, in the order of subjects, then of time."""
    far = np.abs(judged.value - judged.bound)
    found = find_breaches(judged.state == OVER, judged.state <= WARNED, far)
    cell = found.worst, found.column
    names = [judged.subjects[column] for column in found.column]
    rows = zip(
        *(each.tolist() for each in found), names, judged.value[cell].tolist(), judged.bound[cell].tolist(), strict=True
    )
    return [Episode(*row) for row in rows]


def check_of(judged: Judged) -> Check:
    """Return on how many bars a limit was judged, broken, and warned of, and how often it could not be judged."""
    broken, warned = ((judged.state == each).any(axis=1) for each in (OVER, WARNED))
    checked, over, near, blind = (int(each.sum()) for each in (judged.checked, broken, warned, judged.unknown))
    bounds = judged.bound[~np.isnan(judged.bound)]
    common = float(bounds[0]) if bounds.size and bool((bounds == bounds[0]).all()) else np.nan
    first = int(judged.unknown.argmax()) if judged.unknown.any() else -1
    return Check(
        judged.code, judged.name, judged.account, judged.of_fills, common, checked, over, near, blind, first,
        judged.reason,
    )  # fmt: skip
