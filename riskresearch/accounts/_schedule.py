"""The bars on which accounts trade once in each calendar period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._calendar_periods import PERIODS, period_numbers
from riskresearch.core._checks import check_choice

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import FloatMatrix


def scheduled(
    targets: FloatMatrix, layout: Layout, period: str, *, first: int, lag: int
) -> tuple[FloatMatrix, npt.NDArray[np.intp]]:
    """Return the targets in force after each row, and for each bar and account whether it trades then.

    Row t of `targets` belongs to bar `first` + t and is filled `lag` bars later. The target of the last row of a period
    is in force through the next period. That it was the last is known on the bar after it, the earliest one that may
    fill it. An account begins with the first row on which it has a target other than 0, and with `lag` 0 a
    period's first bar stands for the last one of the period before, whose date nobody knew to be the last.
    """
    dates = layout.labels.dates
    numbers = period_numbers(dates, check_choice(period, PERIODS, name="rebalance"), name="rebalance", data="prices")  # type: ignore[arg-type]
    rows, bars, begins = targets.shape[0], numbers.size, np.diff(numbers) > 0
    place = first + np.arange(rows) - (lag == 0)
    decides = np.zeros(rows, dtype=bool)
    known = (place >= 0) & (place < bars - 1)
    decides[known] = begins[place[known]]
    in_force = np.array(targets)
    trades = np.zeros((bars, len(layout.accounts)), dtype=np.intp)
    for account in range(len(layout.accounts)):
        columns = slice(int(layout.starts[account]), int(layout.starts[account + 1]))
        wanted = (np.nan_to_num(targets[:, columns]) != 0.0).any(axis=1)
        if not wanted.any():
            continue
        entry = int(wanted.argmax())
        own = decides & (np.arange(rows) > entry)
        own[entry] = True
        since = np.maximum.accumulate(np.where(own, np.arange(rows), 0))
        in_force[entry:, columns] = targets[since[entry:], columns]
        filled = first + lag + np.flatnonzero(own)
        trades[filled[filled < bars], account] = 1
    return in_force, trades
